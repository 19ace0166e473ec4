// The palette. Arrows walk, Enter opens, with Ctrl in a new tab, Escape closes; while an input method composes, nothing
// is searched and no key counts. First come the buttons of the page itself.
import { composing } from "../ready.js";
import { buttons, everywhere, press as pressed, takesOut, told } from "./shared/buttons.js";
import { recent } from "../recent.js";

const PAUSE = 120;
let dialog;
let field;
let timer;
let asked = 0;
let at = 0;
let waiting; // what is looked for isn't there yet: Enter pressed meanwhile waits for it
let walked; // where the line leads to which arrows came since the last letter
let before;
let here = []; // the buttons of the page

async function fetched(typed, part) {
  const url = new URL("/palette", location.href);
  if (typed) url.searchParams.set("q", typed);
  else for (const path of recent()) url.searchParams.append("recent", path);
  if (part) url.searchParams.set("part", part);
  url.searchParams.set("on", location.pathname);
  for (const each of here) {
    if (!typed && everywhere(each)) continue;
    url.searchParams.append("button", told(each));
    url.searchParams.append("about", each.title.slice(0, 60));
  }
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  for (const line of holder.content.querySelectorAll("[data-t-place]:not([href])")) {
    const own = here[line.dataset.tPlace];
    const sign = own.querySelector("svg");
    if (sign) line.querySelector("svg").replaceWith(sign.cloneNode(true));
    if (own.matches("a")) line.href = own.href;
  }
  return holder.content;
}

const results = () => dialog.querySelector("[data-t-results]");
const lines = () => [...dialog.querySelectorAll("[role=option]")];
const leads = (line) => `${line.dataset.tPlace} ${line.getAttribute("href")}`;

function mark(place) {
  const all = lines();
  at = all.length ? (place + all.length) % all.length : -1;
  all.forEach((line, n) => (line.ariaSelected = String(n === at)));
  if (at < 0) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

// Enter pressed in haste takes no file out and prints nothing, nor looks for what is meant by another line already.
function begin() {
  const hasty = (line) => line.matches("[href^='/search?']") || (here[line.dataset.tPlace] && takesOut(here[line.dataset.tPlace]));
  mark(Math.max(0, lines().findIndex((line) => !hasty(line))));
}

function go(newTab) {
  const line = lines()[at];
  if (!line) return;
  if (newTab && line.href) return open_(line.href);
  const own = here[line.dataset.tPlace];
  if (!line.href) before = own;
  dialog.close();
  if (line.href) location.assign(line.href);
  else pressed(own);
}

const open_ = (href) => window.open(href, "_blank", "noopener");

function wait() {
  waiting ??= {};
  results().ariaBusy = "true";
  clearTimeout(timer);
  return ++asked;
}

function waitNoMore() {
  waiting = undefined;
  results().removeAttribute("aria-busy");
}

async function ask() {
  const mine = wait();
  const found = await fetched(field.value.trim(), "results").catch(() => "");
  if (mine !== asked) return;
  results().replaceChildren(found);
  const { then } = waiting;
  waitNoMore();
  const still = lines().findIndex((line) => leads(line) === walked);
  if (still < 0) begin();
  else mark(still);
  if (then && (still >= 0 || !walked)) go(then === "tab"); // what isn't there any more leads to nothing else
}

function soon() {
  walked = undefined;
  wait();
  timer = setTimeout(ask, PAUSE);
}

function walk(step) {
  mark(at + step);
  walked = lines()[at] && leads(lines()[at]);
}

function press(event) {
  if (composing(event)) return;
  if (event.key === "ArrowDown") walk(1);
  else if (event.key === "ArrowUp") walk(-1);
  else if (event.key !== "Enter") return;
  else if (waiting) waiting.then = event.ctrlKey || event.metaKey ? "tab" : "here";
  else go(event.ctrlKey || event.metaKey);
  event.preventDefault();
  event.stopPropagation();
}

async function dress() {
  const made = (await fetched("")).querySelector("dialog");
  if (dialog) return;
  dialog = made;
  document.body.append(dialog);
  field = dialog.querySelector("input");
  let composes = false;
  field.addEventListener("compositionstart", () => (composes = true));
  field.addEventListener("compositionend", () => ((composes = false), soon()));
  field.addEventListener("input", (event) => composing(event) || soon());
  field.addEventListener("keydown", press);
  dialog.addEventListener("cancel", (event) => composes && event.preventDefault());
  dialog.addEventListener("click", (event) => {
    const line = event.target.closest("[role=option]:not([href])");
    if (line) mark(lines().indexOf(line));
    if (line) go();
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    asked += 1;
    walked = undefined;
    waitNoMore();
    if (before?.isConnected) before.focus();
  });
  begin();
}

// `search` is the field on top of the page: it has the focus, and perhaps somebody's first letters.
export async function open(search, from) {
  if (dialog?.open) return field.select();
  const first = !dialog;
  here = buttons();
  if (first) await dress();
  if (dialog.open || document.querySelector("dialog[open]")) return;
  before = from;
  const typed = search.value === search.defaultValue ? "" : search.value;
  search.value = search.defaultValue;
  field.value = typed;
  dialog.showModal();
  if (typed || !first) await ask();
}
