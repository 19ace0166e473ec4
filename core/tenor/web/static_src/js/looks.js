// A board and a chart get their scripts when one is first on the page.
import { onReady } from "./ready.js";

onReady((root) => {
  const board = root.querySelectorAll("[data-t-board]");
  if (board.length) import("./later/board.js").then((part) => board.forEach(part.dress), () => {});
});
