/* What a page makes of texts that are longer, larger or turned otherwise than anybody thought; each fault in words. */
() => {
  const faults = new Set();
  const main = document.getElementById("t-main");
  const told = (element) => `<${element.localName} class="${element.getAttribute("class") ?? ""}">`;
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const lines = (element) => element.offsetHeight / parseFloat(getComputedStyle(element).lineHeight);

  if (window.ran) faults.add("a script of somebody's text ran");
  const root = document.documentElement;
  const body = document.getElementById("t-body") ?? root;
  const excess = Math.max(root.scrollWidth - innerWidth, body.scrollWidth - body.clientWidth);
  if (excess > 0) faults.add(`${excess} px too wide at ${innerWidth}`);

  // a row, a heading, a filter is no longer than a few lines
  const most = { h1: 3.2, ".t-facet-option": 2.6, ".t-card-name": 3.4, ".t-facts > div": 3.4 };
  for (const [what, number] of Object.entries(most))
    for (const element of main.querySelectorAll(what))
      if (seen(element) && lines(element) > number) faults.add(`${Math.round(lines(element))} lines: ${told(element)}`);
  if (innerWidth > 1000)
    for (const row of main.querySelectorAll(".t-list tbody tr"))
      if (row.offsetHeight > 150) faults.add(`a row of ${row.offsetHeight} px`);

  // who cuts an element, short of what can be scrolled
  const cutter = (element) => {
    for (let around = element; around && around !== main; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (/auto|scroll/.test(style.overflowX)) return;
      if (/hidden|clip/.test(style.overflowX) && around.getBoundingClientRect().right < right(element) - 1) return around;
    }
  };
  const right = (element) => Math.max(...[...element.getClientRects()].map((rect) => rect.right));
  for (const amount of main.querySelectorAll(".t-num, td.is-end > a, .t-figure > a")) {
    if (!seen(amount) || !/\d{3}\.\d\d/.test(amount.textContent)) continue;
    if (new Set([...amount.getClientRects()].map((rect) => Math.round(rect.top))).size > 1) faults.add(`an amount in two lines: ${amount.textContent.trim()}`);
    else if (cutter(amount)) faults.add(`an amount is cut: ${amount.textContent.trim()} in ${told(cutter(amount))}`);
  }

  // what is cut says all of it in a title
  for (const element of main.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const dots = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    if (!dots || element.matches("input") || !seen(element)) continue;
    const cut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 4;
    if (cut && !element.closest("[title]") && !element.querySelector("[title]"))
      faults.add(`cut, and nowhere whole: ${told(element)} ${element.textContent.trim().slice(0, 40)}`);
  }

  // figures and numbers of records read from left to right, whatever stands beside them
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const left = (node, at) => {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!seen(node.parentElement)) continue;
    for (const { 0: found, index } of node.data.matchAll(/[A-Z]{2,3}-\d{4}-\d+|\d[\d,]+\.\d\d/g)) {
      const [first, last] = [left(node, index), left(node, index + found.length - 1)];
      if (first.top === last.top && last.left < first.left) faults.add(`turned: ${found}`);
    }
  }
  return [...faults];
};
