// Tables: a row opens by a click anywhere in it, arrows move between rows, chosen rows are counted.
import { composing, onReady } from "./ready.js";

const ACTIVE = "a, button, input, select, textarea, label, summary, [popover]";

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-href]");
  if (!row || event.target.closest(ACTIVE) || getSelection().toString()) return;
  if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
});

function move(row, step) {
  let next = row;
  do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
  while (next && !next.querySelector("th a"));
  next?.querySelector("th a").focus();
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-t-rows] tbody tr");
  if (!row || composing(event) || event.target.matches("input:not(.t-check), select, textarea")) return;
  const box = row.querySelector(".t-check");
  const done =
    (event.key === "ArrowDown" && move(row, 1)) ||
    (event.key === "ArrowUp" && move(row, -1)) ||
    (event.key === " " && box && event.target !== box && (box.click(), true));
  if (done) event.preventDefault();
});

// ---- choosing ----
const boxes = (bulk) => [...document.querySelectorAll(`.t-check[form="${bulk.id}"]`)];

function count(bulk) {
  const all = boxes(bulk);
  const chosen = all.filter((box) => box.checked).length;
  bulk.classList.toggle("is-on", chosen > 0);
  const said = bulk.querySelector("[data-t-chosen]");
  said.textContent = bulk.dataset.words.replace("{n}", chosen);
  said.hidden = Boolean(bulk.elements._all?.checked); // which says how many there are in all
  const head = bulk.parentElement.querySelector("[data-t-all]");
  if (!head) return;
  head.checked = chosen > 0 && chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
}

document.addEventListener("change", (event) => {
  const box = event.target;
  const bulk = box.matches("[data-t-all]")
    ? box.closest(".t-choosable").querySelector("[data-t-bulk]")
    : box.form?.matches("[data-t-bulk]") && box.form;
  if (!bulk) return;
  if (box.matches("[data-t-all]")) boxes(bulk).forEach((each) => (each.checked = box.checked));
  count(bulk);
});

document.addEventListener("reset", (event) => {
  if (event.target.matches("[data-t-bulk]")) setTimeout(() => count(event.target));
});

onReady((root) => root.querySelectorAll("[data-t-bulk]").forEach(count));
