// Fields that come and go, are asked for or stay as they are with what stands in others: the server is shown what is
// typed and says which. What stays isn't touched, so that whoever types on loses neither a letter nor their place.
let latest;
const aside = new WeakMap();

// Where the last key that was pressed was Tab, the control which it left: who has done no more since goes on from there.
let left;
addEventListener("keydown", (event) => (left = event.key === "Tab" && !event.shiftKey ? event.target : null), true);
addEventListener("pointerdown", () => (left = null), true);

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
    if (label && label.innerHTML !== said.innerHTML) label.innerHTML = said.innerHTML;
    there.classList.toggle("is-needed", fresh.classList.contains("is-needed"));
  }
  return there;
}

function mended(form, there, fresh) {
  const one = there && mend(form, there, fresh);
  if (one !== there) document.dispatchEvent(new CustomEvent("tenor:added", { detail: one }));
}

function settle(parent, fresh, mending, come, go) {
  const known = new Map([...parent.children].filter(key).map((one) => [key(one), one]));
  const wanted = [...fresh.children].filter(key);
  const names = new Set(wanted.map(key));
  for (const [name, one] of known) if (!names.has(name)) (go(one), one.remove());
  let last;
  for (const next of wanted) {
    const there = known.get(key(next));
    const one = there ? mending(there, next) : come(next);
    if (!there && last) last.after(one);
    else if (!there) parent.insertBefore(one, parent.querySelector(":scope > section, :scope > .t-field, :scope > .t-form-foot"));
    if (one !== there) document.dispatchEvent(new CustomEvent("tenor:added", { detail: one }));
    last = one;
  }
}

function settleForm(form, fresh) {
  const fields = (section) => [...section.querySelectorAll("[data-part]")];
  const grid = (section) => section.querySelector(".t-form-grid");
  const cells = (section) => [...section.querySelectorAll("tr > [data-part]")];
  const inSection = (there, next) => {
    const known = new Map(cells(there).map((one) => [one.dataset.part, one]));
    for (const cell of cells(next)) mended(form, known.get(cell.dataset.part), cell);
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

// How many lines each table has.
const rows = (form) => [...form.querySelectorAll("[data-t-lines] tbody")].map((body) => body.rows.length).join();

async function answered(form, button, signal) {
  const body = new FormData(form, button);
  for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, signal });
  const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
  return page.querySelector("form.t-form [data-part]")?.closest("form");
}

// What a form shows, by name: its words, and where they stand.
function shown(form) {
  const parts = [...form.querySelectorAll("[data-part]")].filter((one) => one.childElementCount);
  return new Map(parts.map((one) => [one.dataset.part, { part: one, control: control(one), said: named(one) }]));
}

function named(part) {
  if (!part.matches("td")) return (part.querySelector(".t-label[for], legend, .t-choice") ?? part.firstElementChild).textContent.replace("*", "").trim();
  return `#${part.closest("tr").querySelector(".t-index").textContent.trim()} ${part.dataset.label}`;
}

const unlike = (these, those) => [...these].filter(([name]) => !those.has(name)).map(([, one]) => one);

// Said to whoever doesn't see it, what is new before what is gone.
function tell(form, came, went) {
  const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
  const place = form.querySelector("[data-t-moved]");
  const says = (words, which) => (which.length ? `${words} ${list.format(which.map((one) => one.said))}` : "");
  if (place) place.textContent = [says(place.dataset.came, came), says(place.dataset.went, went)].filter(Boolean).join(" ");
}

// Tab was pressed before it was known what comes: it leads to the first that came, as it would have by then.
function goOn(form, asker, held, came) {
  const gone = held && !held.isConnected;
  if (!asker.contains(left)) return gone && control(asker)?.focus();
  const follows = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  const behind = (gone ? [...shown(form).values()] : came).filter((one) => one.part !== asker && one.control && follows(asker, one.control));
  const next = behind.find((one) => gone || (!asker.contains(held) && follows(one.control, held)));
  if (next || gone) (next?.control ?? control(asker))?.focus();
}

export async function again(button) {
  const { form } = button;
  const asked = new AbortController();
  latest?.abort();
  latest = asked;
  const had = rows(form);
  const fresh = await answered(form, button, asked.signal).catch(() => null);
  if (asked !== latest || form.dataset.busy || !form.isConnected) return;
  if (rows(form) !== had) return again(button); // lines were added meanwhile
  if (!fresh || rows(fresh) !== rows(form)) return form.requestSubmit(button);
  if (!aside.has(form)) aside.set(form, new Map());
  const held = document.activeElement;
  const before = shown(form);
  settleForm(form, fresh);
  const now = shown(form);
  tell(form, unlike(now, before), unlike(before, now));
  goOn(form, button.closest("[data-part]"), held, unlike(now, before));
}
