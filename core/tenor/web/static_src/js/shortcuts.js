// Ctrl+K (⌘K) opens the palette, as a click into the search does; Ctrl+Enter saves the form one is in; a letter presses
// what says so in its `aria-keyshortcuts`, where nothing is typed and the person has them on.
import { composing } from "./ready.js";

const TYPED = "input, select, textarea, [contenteditable], dialog *, .ts-wrapper *";

// What is typed before the palette is there goes into the search, and from there into the palette.
function palette(before) {
  const field = document.querySelector("[data-t-search] input");
  if (!field) return false;
  if (!document.querySelector("dialog[open]")) field.focus();
  field.select();
  import("./later/palette.js").then((part) => part.open(field, before)).catch(() => {});
  return true;
}

function letter(event) {
  if (document.body.dataset.letters === "off" || event.key.length !== 1 || event.key === " ") return;
  if (event.target.closest?.(TYPED) || document.querySelector("dialog[open], :popover-open")) return;
  const place = document.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
  if (!place) return;
  event.preventDefault();
  if (place.matches("input")) place.focus();
  else place.click();
}

document.addEventListener("keydown", (event) => {
  if (composing(event) || event.altKey) return;
  if (!event.ctrlKey && !event.metaKey) return letter(event);
  if (event.key.toLowerCase() === "k" && !event.shiftKey && palette(document.activeElement)) event.preventDefault();
  if (event.key === "Enter") event.target.closest?.("form[data-once]")?.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.matches?.("[data-t-search] input")) palette(event.target);
  const sheet = event.target.closest?.("[data-t-sheet]");
  if (!sheet || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  import("./later/sheet.js").then((part) => part.open(sheet.href)).catch(() => location.assign(sheet.href));
});
