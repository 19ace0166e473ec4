// What is drawn from the table behind it. ECharts is loaded when the first drawing comes into sight; where it can't be
// had, the table stays. Colours are the page's own, read anew when the theme changes; nothing moves.
let library;

function load(href) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = href;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

// The value of a custom property in the theme that is on: of light-dark() the browser computes which.
export function colours(chart) {
  const probe = chart.querySelector(".t-chart-drawn").appendChild(document.createElement("i"));
  const read = (name) => ((probe.style.color = `var(--${name})`), getComputedStyle(probe).color);
  const names = ["ink", "ink2", "ink3", "line", "line2", "sheet", "acc", "acc-fill", "on-acc", "chart-1"];
  const found = Object.fromEntries(names.map((name) => [name, read(name)]));
  probe.remove();
  return found;
}

export const words = (c) => ({
  fontFamily: getComputedStyle(document.body).fontFamily,
  fontSize: 12,
  color: c.ink2,
});

export const tooltip = (c, formatter) => ({
  renderMode: "richText",
  backgroundColor: c.sheet,
  borderColor: c.line2,
  borderWidth: 1,
  textStyle: words(c),
  formatter,
});

function png(chart, option, width, height) {
  const holder = document.createElement("div");
  const made = echarts.init(holder, null, { width, height, devicePixelRatio: 2 });
  made.setOption(option(chart, { width, height, ground: true }));
  const link = document.createElement("a");
  link.href = made.getDataURL({ type: "png" });
  link.download = `${chart.querySelector("h2").textContent.trim()}.png`;
  link.click();
  made.dispose();
}

// Paper is white, whatever the theme.
const printed = [];
let theme;

function paper(on) {
  const { dataset } = document.documentElement;
  if (on) theme = dataset.theme;
  if (on) dataset.theme = "light";
  else if (theme === undefined) delete dataset.theme;
  else dataset.theme = theme;
  for (const again of printed) again();
}

addEventListener("beforeprint", () => paper(true));
addEventListener("afterprint", () => paper(false));

async function draw(chart, { option, href }) {
  const place = chart.querySelector(".t-chart-drawn");
  try {
    await load(chart.dataset.library);
  } catch {
    return chart.classList.add("is-data");
  }
  const drawn = echarts.init(place, null, { renderer: "canvas" });
  const size = () => ({ width: place.clientWidth, height: place.clientHeight });
  const again = () => place.isConnected && place.clientWidth && drawn.setOption(option(chart, size()), true);
  again();
  chart.dataset.drawn = "1";
  printed.push(() => {
    again();
    drawn.getZr().flush();
  });
  drawn.on("click", (event) => {
    const to = href(chart, event);
    if (to) location.assign(to);
  });
  new ResizeObserver(() => {
    if (!place.clientWidth || place.clientWidth === drawn.getWidth()) return;
    drawn.resize();
    again();
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

// `how`: `option` makes what ECharts draws, `href` says where a click on a part of it leads; `width` and `height` of PNG.
export function dress(chart, how) {
  const button = chart.querySelector("[data-t-chart-png]");
  if (chart.dataset.dressed || !button) return;
  chart.dataset.dressed = "1";
  const picture = () => globalThis.echarts && png(chart, how.option, how.width, how.height);
  button.addEventListener("click", picture);
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    draw(chart, how);
  });
  seen.observe(chart);
}

const pen = document.createElement("canvas").getContext("2d");

// A name that has no room is cut within, more of its end left than of its beginning: those of one group begin alike.
export function cut(name, room, { fontFamily, fontSize }) {
  pen.font = `600 ${fontSize}px ${fontFamily}`;
  const fits = (text) => pen.measureText(text).width <= room;
  const signs = [...name];
  let [text, left] = [name, signs.length];
  while (!fits(text) && left > 2) {
    left -= 1;
    const first = Math.ceil(left / 3);
    text = [...signs.slice(0, first), "…", ...signs.slice(first - left)].join("");
  }
  return text;
}
