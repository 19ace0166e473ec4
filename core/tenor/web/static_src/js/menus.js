// The menus of an app that don't fit into the bar go under "More"; without script the bar is scrolled instead.
const bar = document.querySelector(".t-bar-menus");
const more = document.querySelector("[data-more-menus]");

function fit() {
  const entries = [...bar.children];
  const below = [...more.querySelectorAll(".t-menu-item")];
  for (const each of entries) each.hidden = false;
  more.hidden = true;
  if (bar.scrollWidth > bar.clientWidth) {
    more.hidden = false;
    // the one that is open stays in sight, whatever its place
    const yielding = entries.filter((each) => !each.querySelector("[aria-current]")).reverse();
    for (const each of yielding) {
      if (bar.scrollWidth <= bar.clientWidth) break;
      each.hidden = true;
    }
  }
  entries.forEach((each, number) => {
    below[number].hidden = !each.hidden;
  });
}

if (bar && more) {
  fit();
  // words get wider once their font is there, and the bar with its window
  document.fonts.ready.then(fit);
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    fit();
  });
}
