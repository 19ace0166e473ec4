// The session ended while a form is open: what is typed in it goes to be kept for the person, and the form says so.
function tell(form, to) {
  const notice = document.createElement("div");
  notice.className = "t-notice is-warning";
  notice.role = "alert";
  notice.dataset.tEnded = "";
  const link = document.createElement("a");
  link.href = to;
  link.textContent = form.dataset.again;
  notice.append(form.dataset.ended, " ", link);
  form.querySelector("[data-t-ended]")?.remove();
  form.prepend(notice);
}

async function bring(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
  const answer = await fetch("/drafts", { method: "POST", body, headers: { Accept: "application/json" } });
  const { kept, again } = answer.ok ? await answer.json() : {};
  if (!kept) return;
  delete form.dataset.dirty;
  tell(form, again);
}

const typed = (form) =>
  form.dataset.dirty !== undefined ||
  [...form.elements].some((each) => each.matches("input:not([type=hidden]), textarea") && each.value !== each.defaultValue);

export function keep() {
  return Promise.all([...document.querySelectorAll("form[data-ended]")].filter(typed).map(bring));
}
