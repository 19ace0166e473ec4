// Forms: one submission only, no unsaved change lost by accident, amounts in groups of three.
import { onReady } from "./ready.js";

// ---- a second press while the first is on its way does nothing ----
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.busy) return event.preventDefault();
  form.dataset.busy = "1";
  delete form.dataset.dirty;
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back by the browser's own button finds the form usable again.
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-busy]").forEach((form) => delete form.dataset.busy);
  document.querySelectorAll("form [aria-busy]").forEach((b) => b.removeAttribute("aria-busy"));
});

// ---- unsaved changes ----
const dirty = () => document.querySelector("form[data-guard][data-dirty]");

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.guard) form.dataset.dirty = "1";
});

addEventListener("beforeunload", (event) => {
  if (dirty()) event.preventDefault();
});

// A swap inside the page isn't an unload: ask in our own words.
document.addEventListener("htmx:before:request", (event) => {
  const form = dirty();
  const target = event.detail?.ctx?.target;
  if (!form || !target?.contains?.(form)) return;
  if (confirm(form.dataset.guard)) delete form.dataset.dirty;
  else event.preventDefault();
});

// Cancelling is deliberate: no question.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-t-leave-form]");
  if (link) delete link.closest("form").dataset.dirty;
});

// ---- what other fields go by shows them at once ----
document.addEventListener("change", (event) => {
  const button = event.target.closest(".t-field, [data-part]")?.querySelector("[data-t-again]");
  if (button) import("./later/again.js").then((part) => part.again(button), () => button.form.requestSubmit(button));
});

onReady((root) => root.querySelector("[data-t-again]") && import("./later/again.js").catch(() => 0));

// ---- amounts: 80000000 becomes 80,000,000 when the field is left ----
function grouped(text) {
  const plain = text.replace(/[,，\s]/g, "");
  if (!/^[-−]?\d+(\.\d*)?$/.test(plain)) return text;
  const [whole, cents] = plain.split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return cents === undefined ? groups : `${groups}.${cents}`;
}

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-t-amount]")) event.target.value = grouped(event.target.value);
});

// ---- a refused form is read from its summary ----
onReady((root) => root.querySelector("[data-t-errors]")?.focus());

// ---- a password can be looked at ----
document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-t-eye]");
  if (!eye) return;
  const input = eye.parentElement.querySelector("input");
  const show = input.type === "password";
  input.type = show ? "text" : "password";
  eye.setAttribute("aria-pressed", String(show));
});
