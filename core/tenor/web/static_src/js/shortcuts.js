// Ctrl+K (⌘K) opens the palette, as a click into the search does; Ctrl+Enter saves the form one is in.
import { composing } from "./ready.js";

// What is typed before the palette is there goes into the search, and from there into the palette.
function palette(before) {
  const field = document.querySelector("[data-t-search] input");
  if (!field) return false;
  if (!document.querySelector("dialog[open]")) field.focus();
  field.select();
  import("./later/palette.js").then((part) => part.open(field, before)).catch(() => {});
  return true;
}

document.addEventListener("keydown", (event) => {
  if (composing(event) || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  if (event.key.toLowerCase() === "k" && !event.shiftKey && palette(document.activeElement)) event.preventDefault();
  if (event.key === "Enter") event.target.closest?.("form[data-once]")?.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.matches?.("[data-t-search] input")) palette(event.target);
});
