// Dates are written as they are read, 2026-06-30: other ways to write one are put right, and the
// browser's own calendar can be opened beside the field.
function written(text) {
  const [, year, month, day, rest = ""] =
    text.trim().match(/^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?((?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?)$/) ?? [];
  if (!year) return text;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}${rest.replace("T", " ")}`;
}

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-t-date]")) event.target.value = written(event.target.value);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-t-calendar]");
  if (!button) return;
  const field = button.parentElement.querySelector("[data-t-date]");
  const calendar = document.createElement("input");
  calendar.type = button.dataset.tCalendar;
  calendar.className = "t-calendar";
  calendar.tabIndex = -1;
  calendar.value = field.value.replace(" ", "T");
  calendar.addEventListener("change", () => {
    field.value = calendar.value.replace("T", " ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  calendar.addEventListener("blur", () => calendar.remove());
  button.before(calendar);
  calendar.focus();
  calendar.showPicker?.();
});
