// Lines of a form: add one without a round trip; a line to be removed is struck out till saved.

function add(button) {
  const section = button.closest("section");
  const box = section.querySelector("[data-t-lines]");
  const template = box?.querySelector("template");
  if (!template) return false;
  const count = box.querySelector("[data-t-count]");
  const body = box.querySelector("tbody");
  const index = count ? Number(count.value) : body.rows.length;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__i__", String(index));
  body.append(holder.content);
  if (count) count.value = String(index + 1);
  const row = body.rows[body.rows.length - 1];
  row.querySelector(".t-index").firstChild.nodeValue = String(body.rows.length);
  document.dispatchEvent(new CustomEvent("tenor:added", { detail: row }));
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  button.form?.setAttribute("data-dirty", "1");
  return true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-t-add]");
  if (button && add(button)) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-t-leave]")) return;
  event.target.closest("tr").classList.toggle("is-leaving", event.target.checked);
});

