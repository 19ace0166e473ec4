// A link to a record: a picker where it can be had, the plain select where it can't.
import { onReady } from "./ready.js";

function dressAll(root) {
  const plain = [...root.querySelectorAll("select[data-t-picker]:not(.tomselected)")];
  if (plain.length && document.body.dataset.picker) import("./later/picker.js").then((part) => part.dressAll(plain), () => {});
}

onReady(dressAll);
document.addEventListener("tenor:added", (event) => dressAll(event.detail));
