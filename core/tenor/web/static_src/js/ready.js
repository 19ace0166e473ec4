// `onReady(fn)` runs fn over the page, and over each part that htmx swaps in later.
const tasks = [];

export function onReady(task) {
  tasks.push(task);
  if (document.readyState === "complete") task(document);
}

document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => tasks.forEach((task) => task(document)));
document.addEventListener("htmx:after:settle", (event) => {
  const root = event.target instanceof Element ? event.target : document;
  tasks.forEach((task) => task(root.isConnected ? root : document));
});

// True while an input method composes: then no shortcut fires and no Enter counts.
export const composing = (event) => event.isComposing || event.keyCode === 229;
