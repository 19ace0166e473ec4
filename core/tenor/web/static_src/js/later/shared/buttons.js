// The buttons of the open page, for the palette: whatever the templates put where a page is acted on.
// What is done with chosen rows comes first: whoever chose them is about to.
const WHERE = ["[data-t-bulk] button", "[data-t-acts]:not([data-t-bulk]) :is(a[href], button)", "[data-t-act]"];
const MOST = 30;
const LONGEST = 60;

// What a button says: without the key beside it.
export function told(button) {
  const words = button.cloneNode(true);
  for (const beside of words.querySelectorAll("[aria-hidden=true]")) beside.remove();
  return (button.ariaLabel || words.textContent).replace(/\s+/g, " ").trim().slice(0, LONGEST);
}

// What every page has in a menu of the shell: it is found, and not offered unasked.
export const everywhere = (button) => button.matches("[data-t-act]");

// What takes records out as a file, or on paper.
export const takesOut = (button) => button.matches("[download], [formaction*='/export/'], [href*='/print']");

const shown = (button) =>
  everywhere(button) || (button.checkVisibility({ visibilityProperty: true }) && !button.closest("[popover], [inert]"));

export function buttons() {
  const found = WHERE.flatMap((where) => [...document.querySelectorAll(where)]).filter(
    (each) => shown(each) && !each.disabled && !each.matches(".is-refused, [aria-disabled=true], [aria-current]") && told(each),
  );
  return found.slice(0, MOST);
}

// One that would do something at once, with nothing filled in before, isn't pressed from afar: it gets the focus, and
// the person presses it with the page before their eyes.
const atOnce = (button) =>
  button.form && button.type === "submit" && ![...button.form.elements].some((each) => each.matches("input:not([type=hidden]), select, textarea"));

export function press(button) {
  button.scrollIntoView({ block: "nearest" });
  if (atOnce(button)) button.focus();
  else button.click();
}
