// The session ended while a form is open: what is typed in it goes to be kept for the person, and the form says so.
function tell(form) {
  const notice = document.createElement("div");
  notice.className = "t-notice is-warning";
  notice.role = "alert";
  notice.dataset.tEnded = "";
  const link = document.createElement("a");
  const path = new URL(form.action).pathname;
  link.href = `/sign-in?${new URLSearchParams({ next: path, kept: "1" })}`;
  link.textContent = form.dataset.again;
  notice.append(form.dataset.ended, " ", link);
  form.querySelector("[data-t-ended]")?.remove();
  form.prepend(notice);
}

async function bring(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
  const answer = await fetch("/drafts", { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok || !(await answer.json()).kept) return;
  delete form.dataset.dirty;
  tell(form);
}

export function keep() {
  return Promise.all([...document.querySelectorAll("form[data-ended][data-dirty]")].map(bring));
}
