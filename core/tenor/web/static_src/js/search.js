// Below the search: what is found so far. Arrows walk, Enter opens, Escape closes; while an input method composes, nothing
// is searched.
import { composing, onReady } from "./ready.js";

const PAUSE = 180;

function option(line, place) {
  const link = document.createElement("a");
  const what = document.createElement("small");
  link.id = `t-found-${place}`;
  link.className = "t-menu-item";
  link.role = "option";
  link.tabIndex = -1;
  link.href = line.href;
  link.textContent = line.title;
  what.textContent = line.what;
  link.append(what);
  return link;
}

function dress(form) {
  const field = form.querySelector("input");
  const list = document.createElement("div");
  let timer;
  let asked = 0;
  let at = -1;

  list.id = "t-found";
  list.className = "t-found";
  list.role = "listbox";
  list.ariaLabel = field.ariaLabel;
  list.hidden = true;
  field.after(list);
  field.role = "combobox";
  field.setAttribute("aria-controls", list.id);
  field.ariaExpanded = "false";
  field.ariaAutoComplete = "list";

  function mark(place) {
    const links = [...list.children];
    at = place;
    links.forEach((link, n) => (link.ariaSelected = String(n === at)));
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", links[at].id);
  }

  function show(lines) {
    list.replaceChildren(...lines.map(option));
    list.hidden = !lines.length;
    field.ariaExpanded = String(!list.hidden);
    mark(-1);
  }

  async function ask() {
    const mine = ++asked;
    const typed = field.value.trim();
    if (!typed) return show([]);
    const url = new URL(`${form.action}/suggest`, location.href);
    url.searchParams.set("q", typed);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      const lines = answer.ok ? await answer.json() : [];
      if (mine === asked && document.activeElement === field) show(lines);
    } catch {
      show([]);
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  field.addEventListener("input", (event) => composing(event) || soon());
  field.addEventListener("compositionend", soon);
  field.addEventListener("blur", () => {
    asked += 1;
    clearTimeout(timer);
    show([]);
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  field.addEventListener("keydown", (event) => {
    if (composing(event) || list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") mark(at < last ? at + 1 : 0);
    else if (event.key === "ArrowUp") mark(at > 0 ? at - 1 : last);
    else if (event.key === "Escape") show([]);
    else if (event.key === "Enter" && at >= 0) list.children[at].click();
    else return;
    event.preventDefault();
  });
}

onReady((root) => root.querySelectorAll("[data-t-search]:not(:has(.t-found))").forEach(dress));
