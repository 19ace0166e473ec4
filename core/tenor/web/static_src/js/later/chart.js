// A chart, drawn from the table behind it. ECharts is loaded when a chart first comes into sight; where it can't be had,
// the table stays. Colours are the page's own, read anew when the theme changes; nothing moves.
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
function colours(chart) {
  const probe = chart.querySelector(".t-chart-drawn").appendChild(document.createElement("i"));
  const read = (name) => ((probe.style.color = `var(--${name})`), getComputedStyle(probe).color);
  const names = ["ink", "ink2", "ink3", "line", "line2", "sheet", "chart-1", "chart-2"];
  const found = Object.fromEntries(names.map((name) => [name, read(name)]));
  probe.remove();
  return found;
}

function data(chart) {
  const rows = [...chart.querySelectorAll(".t-chart-table tbody tr")];
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    values: rows.map((row) => Number(row.cells[1].dataset.v)),
    texts: rows.map((row) => row.cells[1].textContent.trim()),
    hrefs: rows.map((row) => row.querySelector("a")?.href),
  };
}

function option(chart, ground) {
  const { labels, values, texts } = data(chart);
  const c = colours(chart);
  const line = chart.dataset.tChart === "line";
  const font = getComputedStyle(document.body).fontFamily;
  const text = { fontFamily: font, fontSize: 12, color: c.ink2 };
  const money = chart.dataset.whole !== "true";
  const few = values.length <= (money ? 12 : 16);
  const told = ({ dataIndex: n }) => (values[n] && (!line || n === values.length - 1) ? texts[n] : "");
  return {
    animation: false,
    backgroundColor: ground ? c.sheet : "transparent",
    textStyle: text,
    grid: { left: 12, right: money ? 44 : 20, top: 28, bottom: 10, containLabel: true },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: c.sheet,
      borderColor: c.line2,
      borderWidth: 1,
      textStyle: text,
      axisPointer: { type: line ? "line" : "shadow", animation: false },
      formatter: ([point]) => `${labels[point.dataIndex]}  ${texts[point.dataIndex]}`,
    },
    xAxis: {
      type: "category",
      data: labels,
      axisLine: { lineStyle: { color: c.line2 } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, width: 96, overflow: "truncate" },
    },
    yAxis: {
      type: "value",
      min: line ? undefined : (v) => Math.min(0, v.min),
      boundaryGap: [0, "8%"], // the figure above the highest one has room, and no label of the axis beside it
      minInterval: money ? 0 : 1,
      axisLabel: { ...text, color: c.ink3 },
      splitLine: { lineStyle: { color: c.line } },
    },
    series: [
      {
        type: line ? "line" : "bar",
        // the first figure begins at its bar: to the left of it stands the axis
        data: values.map((value, n) => (line || n ? value : { value, label: { align: "left" } })),
        barMaxWidth: 44,
        symbol: "circle",
        symbolSize: 5,
        itemStyle: { color: c["chart-1"] },
        lineStyle: { color: c["chart-1"], width: 2 },
        label: { ...text, show: few, position: "top", color: c.ink2, formatter: told },
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}

function png(chart) {
  const holder = document.createElement("div");
  const made = echarts.init(holder, null, { width: 1200, height: 480, devicePixelRatio: 2 });
  made.setOption(option(chart, true));
  const link = document.createElement("a");
  link.href = made.getDataURL({ type: "png" });
  link.download = `${chart.querySelector("h2").textContent.trim()}.png`;
  link.click();
  made.dispose();
}

async function draw(chart) {
  const place = chart.querySelector(".t-chart-drawn");
  try {
    await load(chart.dataset.library);
  } catch {
    return chart.classList.add("is-data");
  }
  const drawn = echarts.init(place, null, { renderer: "canvas" });
  const again = () => place.isConnected && drawn.setOption(option(chart), true);
  again();
  chart.dataset.drawn = "1";
  drawn.on("click", ({ dataIndex }) => {
    const href = data(chart).hrefs[dataIndex];
    if (href) location.assign(href);
  });
  new ResizeObserver(() => place.clientWidth && drawn.resize()).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

export function dress(chart) {
  if (chart.dataset.dressed) return;
  chart.dataset.dressed = "1";
  const button = chart.querySelector("[data-t-chart-data]");
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(chart.classList.toggle("is-data")));
  });
  chart.querySelector("[data-t-chart-png]").addEventListener("click", () => globalThis.echarts && png(chart));
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    draw(chart);
  });
  seen.observe(chart);
}
