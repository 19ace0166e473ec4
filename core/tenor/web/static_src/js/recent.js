// The records looked at lately, by their addresses alone: what they are called, the palette asks anew.
import { onReady } from "./ready.js";

const RECORD = /^\/[\w-]+\/[\w-]+\/\d+$/;
const MOST = 6;
const key = () => `t-recent-${document.querySelector("[data-t-search]")?.dataset.tSearch}`;

export function recent() {
  try {
    return JSON.parse(localStorage.getItem(key()) ?? "[]").filter((path) => path !== location.pathname);
  } catch {
    return [];
  }
}

onReady(() => {
  const here = location.pathname;
  if (!RECORD.test(here)) return;
  try {
    localStorage.setItem(key(), JSON.stringify([here, ...recent()].slice(0, MOST + 1)));
  } catch {
    // nothing is remembered here
  }
});
