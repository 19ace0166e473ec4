/* What is wrong with the page as it stands, each fault in words; and the texts that it says. */
() => {
  const faults = [];
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const told = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const said = (element, name) => (element.getAttribute(name) ?? "").trim();
  const named = (element) =>
    said(element, "aria-label") ||
    said(element, "title") ||
    said(element, "aria-labelledby").split(" ").some((id) => id && document.getElementById(id)) ||
    [...(element.labels ?? [])].some((label) => label.textContent.trim());

  if (!document.documentElement.lang) faults.push("the page says no language");
  if (!document.title.trim()) faults.push("the page has no title");
  const heads = [...document.querySelectorAll("h1")].filter(seen);
  if (heads.length !== 1) faults.push(`${heads.length} headings of the first rank`);
  for (const control of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (seen(control) && !named(control)) faults.push(`no label: ${told(control)}`);
  for (const button of document.querySelectorAll("button, a[href], summary"))
    if (seen(button) && !named(button) && !button.textContent.trim()) faults.push(`no name: ${told(button)}`);
  for (const image of document.querySelectorAll("img:not([alt])")) faults.push(`no alternative: ${told(image)}`);
  const ids = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (ids.has(id)) faults.push(`twice: #${id}`);
    ids.add(id);
  }

  const root = document.documentElement;
  const body = document.getElementById("t-body") ?? root;
  const excess = Math.max(root.scrollWidth - innerWidth, body.scrollWidth - body.clientWidth);
  if (excess > 0) faults.push(`${excess} px too wide at ${innerWidth}`);
  if (getComputedStyle(body).overflowY === "auto" && root.scrollHeight > innerHeight)
    faults.push(`the frame can be scrolled away at ${innerWidth}`);

  const texts = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement, data } = walk.currentNode;
    if (!parentElement.closest("script, style, code, kbd, [lang]:not(html)")) texts.add(data.trim());
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    for (const element of document.querySelectorAll(`[${name}]`)) texts.add(said(element, name));
  return { faults, texts: [...texts] };
};
