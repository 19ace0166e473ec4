// A chart, drawn from the table behind it.
import { colours, dress as dressed, tooltip, words } from "./shared/drawn.js";

function data(chart) {
  const rows = [...chart.querySelectorAll(".t-chart-table tbody tr")];
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    values: rows.map((row) => Number(row.cells[1].dataset.v)),
    texts: rows.map((row) => row.cells[1].textContent.trim()),
    hrefs: rows.map((row) => row.querySelector("a")?.href),
  };
}

function option(chart, { ground }) {
  const { labels, values, texts } = data(chart);
  const c = colours(chart);
  const line = chart.dataset.tChart === "line";
  const text = words(c);
  const money = chart.dataset.whole !== "true";
  const few = values.length <= (money ? 12 : 16);
  const told = ({ dataIndex: n }) => (values[n] && (!line || n === values.length - 1) ? texts[n] : "");
  return {
    animation: false,
    backgroundColor: ground ? c.sheet : "transparent",
    textStyle: text,
    grid: { left: 12, right: money ? 44 : 20, top: 28, bottom: 10, containLabel: true },
    tooltip: {
      ...tooltip(c, ([point]) => `${labels[point.dataIndex]}  ${texts[point.dataIndex]}`),
      trigger: "axis",
      axisPointer: { type: line ? "line" : "shadow", animation: false },
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

const href = (chart, { dataIndex }) => data(chart).hrefs[dataIndex];

export const dress = (chart) => dressed(chart, { option, href, width: 1200, height: 480 });
