// A toast goes by itself after eight seconds, unless it is looked at; one with a way back stays longer.
import { onReady } from "./ready.js";

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-t-close]")?.closest("[data-t-toast]").remove();
});

function fade(toast) {
  if (toast.matches(":hover, :focus-within")) setTimeout(fade, 4_000, toast);
  else toast.remove();
}

onReady((root) => {
  root.querySelectorAll("[data-t-toast]:not([data-timed])").forEach((toast) => {
    toast.dataset.timed = "1";
    setTimeout(fade, toast.querySelector("form") ? 20_000 : 8_000, toast);
  });
});
