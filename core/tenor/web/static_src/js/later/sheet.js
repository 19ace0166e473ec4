// The sheet of shortcuts: those that the page has, and the way to switch letters off.
let coming; // asked for again before it came, it comes once

export const open = (href) => (coming ??= show(href).finally(() => (coming = undefined)));

async function show(href) {
  document.getElementById("t-shortcuts")?.remove();
  const before = document.activeElement;
  const url = new URL(href);
  url.searchParams.set("part", "dialog");
  url.searchParams.set("of", document.getElementById("t-main").dataset.keys);
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const dialog = holder.content.querySelector("dialog");
  for (const row of dialog.querySelectorAll("[data-place]"))
    if (!document.querySelector(row.dataset.place)) row.remove();
  for (const group of dialog.querySelectorAll("section:not(:has(dt))")) group.remove();
  dialog.querySelector("[data-t-here]").value = location.pathname + location.search;
  document.body.append(dialog);
  document.querySelector("[popover]:popover-open")?.hidePopover();
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => (dialog.remove(), before?.isConnected && before.focus()));
  dialog.showModal();
}
