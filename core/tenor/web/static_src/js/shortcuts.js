// Ctrl+K (⌘K) goes to the search, Ctrl+Enter saves the form one is in.
import { composing } from "./ready.js";

function toSearch() {
  const field = document.querySelector("[data-t-search] input");
  field?.focus();
  field?.select();
  return Boolean(field);
}

document.addEventListener("keydown", (event) => {
  if (composing(event) || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  if (event.key.toLowerCase() === "k" && !event.shiftKey && toSearch()) event.preventDefault();
  if (event.key === "Enter") event.target.closest?.("form[data-once]")?.requestSubmit();
});
