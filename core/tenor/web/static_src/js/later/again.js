// Fields that come and go, are asked for or stay as they are with what stands in others: the server is shown what is
// typed and says which. What stays isn't touched, so that whoever types on loses neither a letter nor their place.
let latest;
const aside = new WeakMap();

const key = (one) => one.dataset?.part ?? (one.matches("section[id]") ? one.id : "");
const control = (field) => field.querySelector(`#${CSS.escape(`f-${field.dataset.part}`)}`);

function putAside(form, field) {
  if (control(field)) aside.get(form).set(field.dataset.part, field);
  return field;
}

// As it was when it went, with what was typed in it.
function back(form, field) {
  const kept = control(field) && aside.get(form).get(field.dataset.part);
  return kept ? mend(form, kept, field) : field;
}

function mend(form, there, fresh) {
  if (!control(there) !== !control(fresh)) {
    putAside(form, there).replaceWith((fresh = back(form, fresh)));
    return fresh;
  }
  if (!control(there)) there.replaceChildren(...fresh.childNodes);
  else {
    control(there).required = control(fresh).required;
    const [label, said] = [there, fresh].map((one) => one.querySelector(".t-label"));
    if (label.innerHTML !== said.innerHTML) label.innerHTML = said.innerHTML;
  }
  return there;
}

function settle(parent, fresh, mended, come, go) {
  const known = new Map([...parent.children].filter(key).map((one) => [key(one), one]));
  const wanted = [...fresh.children].filter(key);
  const names = new Set(wanted.map(key));
  for (const [name, one] of known) if (!names.has(name)) (go(one), one.remove());
  let last;
  for (const next of wanted) {
    const there = known.get(key(next));
    const one = there ? mended(there, next) : come(next);
    if (!there && last) last.after(one);
    else if (!there) parent.insertBefore(one, parent.querySelector(":scope > section, :scope > .t-field, :scope > .t-form-foot"));
    if (one !== there) document.dispatchEvent(new CustomEvent("tenor:added", { detail: one }));
    last = one;
  }
}

function settleForm(form, fresh) {
  const fields = (section) => [...section.querySelectorAll("[data-part]")];
  const grid = (section) => section.querySelector(".t-form-grid");
  const inSection = (there, next) => {
    if (grid(there) && grid(next))
      settle(grid(there), grid(next), (one, other) => mend(form, one, other), (one) => back(form, one), (one) => putAside(form, one));
    return there;
  };
  const come = (section) => {
    for (const one of fields(section)) one.replaceWith(back(form, one));
    return section;
  };
  settle(form, fresh, inSection, come, (section) => fields(section).forEach((one) => putAside(form, one)));
}

async function answered(form, button, signal) {
  const body = new FormData(form, button);
  for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, signal });
  const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
  return page.querySelector("form.t-form [data-part]")?.closest("form");
}

export async function again(button) {
  const { form } = button;
  const asked = new AbortController();
  latest?.abort();
  latest = asked;
  const fresh = await answered(form, button, asked.signal).catch(() => null);
  if (asked !== latest || form.dataset.busy || !form.isConnected) return;
  if (!fresh) return form.requestSubmit(button);
  if (!aside.has(form)) aside.set(form, new Map());
  const held = document.activeElement;
  settleForm(form, fresh);
  if (held && !held.isConnected) control(button.closest("[data-part]"))?.focus();
}
