// A board, a chart and a graph get their scripts when one is first on the page.
import { onReady } from "./ready.js";

onReady((root) => {
  const boards = root.querySelectorAll("[data-t-board]");
  const charts = root.querySelectorAll("[data-t-chart]");
  if (boards.length) import("./later/board.js").then((part) => boards.forEach(part.dress), () => {});
  const graphs = root.querySelectorAll("[data-t-graph]");
  if (charts.length) import("./later/chart.js").then((part) => charts.forEach(part.dress), () => {});
  if (graphs.length) import("./later/graph.js").then((part) => graphs.forEach(part.dress), () => {});
});

// Its data can be asked for before a chart's script has come.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-t-chart-data]");
  const shown = button?.closest(".t-chart").classList.toggle("is-data");
  button?.setAttribute("aria-pressed", String(shown));
});
