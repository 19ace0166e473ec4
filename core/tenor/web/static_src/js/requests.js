// Requests by htmx: the CSRF token goes along, waiting shows after 300 ms, a refusal is a page.
let waiting = 0;
let timer;

function wait(change) {
  waiting = Math.max(0, waiting + change);
  clearTimeout(timer);
  if (waiting) timer = setTimeout(() => document.documentElement.classList.add("t-waiting"), 300);
  else document.documentElement.classList.remove("t-waiting");
}

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && !/^(GET|HEAD)$/i.test(request.method)) request.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:before:request", () => wait(1));
document.addEventListener("htmx:finally:request", () => wait(-1));

// The answer wasn't swapped in. Where the person asked for it, open the address itself, so that the
// error page is read; a part that came by itself says so in its place.
document.addEventListener("htmx:response:error", (event) => {
  const { request, target } = event.detail.ctx;
  if (target?.id === "t-main" && /^GET$/i.test(request.method)) location.assign(request.action);
  const failed = target?.querySelector?.("[data-t-failed]");
  if (failed) failed.hidden = false;
  if (failed) failed.previousElementSibling.remove();
});
