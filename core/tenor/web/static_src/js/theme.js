// Colours and density change at once; the post that keeps them needs no new page.
const KEPT = { theme: "theme", density: "density" };

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const name = KEPT[button?.name];
  if (!name || event.defaultPrevented) return;
  event.preventDefault();
  if (button.value) document.documentElement.dataset[name] = button.value;
  else delete document.documentElement.dataset[name];
  for (const each of event.target.querySelectorAll("button")) each.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  const body = new FormData(event.target, button);
  fetch(event.target.action, { method: "POST", keepalive: true, body: new URLSearchParams(body) }).catch(() => {});
});
