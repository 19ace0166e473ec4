// People are offered while a name is typed after @: arrows walk, Enter and Tab take, Escape closes; while an input method
// composes nothing is asked and no key counts. The field stays a text field: whoever isn't offered is named by typing.
import { composing } from "../ready.js";

const PAUSE = 120;
// Not within a word, as in an address; a name may hold blanks, but begins with none.
const NAMING = /(?:^|[^\p{Script=Latin}\p{N}_])[@＠]((?:[^\s@＠][^\n@＠]{0,40})?)$/u;

let field; // whose list is open, or may be
let list;
let at = 0;
let start = -1; // of what is typed after the sign
let done = -1; // where a name was taken, or the list closed
let nobody; // what was typed when there was nobody: nothing that begins so is asked for
let asked = 0;
let timer;
let walked; // the line to which arrows led since the last letter
let pressed; // Enter or Tab, before people came for what is typed: the answer to it is taken, not what stands there yet

const open_ = () => Boolean(list?.childElementCount);
const lines = () => [...list.children];

function mark(place) {
  const all = lines();
  at = (place + all.length) % all.length;
  all.forEach((line, n) => (line.ariaSelected = String(n === at)));
  field.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function close() {
  clearTimeout(timer);
  asked += 1;
  walked = undefined;
  list?.replaceChildren();
  list?.removeAttribute("aria-busy");
  field?.removeAttribute("aria-activedescendant");
  enter();
}

// An Enter that waited in vain is a line, where it was pressed.
function enter() {
  const place = pressed?.place;
  pressed = undefined;
  if (place !== undefined) field.setRangeText("\n", place, place, field.selectionStart === place ? "end" : "preserve");
}

function typed() {
  if (field.selectionStart !== field.selectionEnd) return undefined;
  const found = NAMING.exec(field.value.slice(0, field.selectionStart));
  return found ? found[1] : undefined;
}

const able = (line) => line.ariaDisabled !== "true";

function take(line) {
  if (!able(line)) return;
  pressed = undefined;
  field.setRangeText(`${line.dataset.writes} `, start, field.selectionStart, "end");
  done = start;
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function line(person, n) {
  const made = document.createElement("li");
  made.id = `${list.id}-${n}`;
  made.role = "option";
  made.dataset.writes = person.writes;
  const name = made.appendChild(document.createElement("bdi"));
  name.textContent = person.name;
  if (person.login) made.append(" ", Object.assign(document.createElement("small"), { textContent: person.login }));
  if (person.note) {
    made.ariaDisabled = "true";
    made.append(" ", Object.assign(document.createElement("small"), { textContent: person.note }));
  }
  return made;
}

async function ask(text) {
  const mine = ++asked;
  const url = new URL(field.dataset.tNaming, location.href);
  url.searchParams.set("q", text);
  let found = [];
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) found = await answer.json();
  } catch {
    // nobody is offered
  }
  if (mine !== asked || document.activeElement !== field) return;
  nobody = found.length || !text ? undefined : text;
  list.replaceChildren(...found.map(line));
  list.removeAttribute("aria-busy");
  const still = lines().findIndex((each) => each.dataset.writes === walked);
  if (open_()) mark(still < 0 ? Math.max(0, lines().findIndex(able)) : still);
  if (!open_() || (pressed && !able(lines()[at]))) close();
  else if (pressed && (still >= 0 || walked === undefined)) take(lines()[at]);
  pressed = undefined;
}

function walk(step) {
  mark(at + step);
  walked = lines()[at].dataset.writes;
}

function press(event) {
  if (!open_() || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown") walk(1);
  else if (event.key === "ArrowUp") walk(-1);
  else if (event.key === "Escape") {
    done = start;
    pressed = undefined;
    close();
  } else if (!["Enter", "Tab"].includes(event.key)) return;
  else if (list.ariaBusy && !event.shiftKey) pressed = event.key === "Enter" ? { place: field.selectionStart } : {};
  else if (!able(lines()[at])) return close();
  else if (event.shiftKey) return;
  else take(lines()[at]);
  event.preventDefault();
  event.stopPropagation();
}

function dress(one) {
  close();
  field = one;
  [start, done, nobody] = [-1, -1, undefined];
  list = one.parentElement.querySelector("[role=listbox]");
  if (list) return;
  list = document.createElement("ul");
  list.id = `t-naming-${document.querySelectorAll(".t-naming [role=listbox]").length}`;
  list.role = "listbox";
  list.className = "t-naming-list";
  list.ariaLabel = one.dataset.label;
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays
  list.addEventListener("click", ({ target }) => target.closest("li") && take(target.closest("li")));
  one.after(list);
  one.setAttribute("aria-controls", list.id);
  one.setAttribute("aria-haspopup", "listbox");
  one.setAttribute("aria-autocomplete", "list");
  one.addEventListener("keydown", press);
  one.addEventListener("compositionstart", close);
  one.addEventListener("blur", close);
  one.addEventListener("click", () => typed() === undefined && close());
}

export function look(one) {
  if (one !== field) dress(one);
  enter();
  const text = typed();
  if (text === undefined) {
    done = -1;
    return close();
  }
  start = field.selectionStart - text.length;
  if (start === done || (nobody !== undefined && text.startsWith(nobody))) return close();
  nobody = walked = undefined;
  list.ariaBusy = "true";
  clearTimeout(timer);
  asked += 1;
  timer = setTimeout(ask, PAUSE, text);
}
