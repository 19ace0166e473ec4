// Who is linked to whom, drawn from the table of the links: in levels, each link leading downwards, as long as the names
// of a level stand beside each other; else wherever the links pull their ends.
import { colours, cut, dress as dressed, tooltip, words } from "./shared/drawn.js";

// the room of a name, and the room from which on it can be read
const BOX = 148;
const LEAST = 88;
const STYLES = ["solid", "dashed", "dotted"];

function data(chart) {
  const nodes = new Map();
  const node = (cell) => {
    const id = cell.dataset.node;
    if (!nodes.has(id)) nodes.set(id, { id, name: cell.textContent.trim(), href: cell.querySelector("a")?.href });
    return id;
  };
  const links = [...chart.querySelectorAll(".t-chart-table tbody tr")].map(({ cells }) => ({
    source: node(cells[0]),
    target: node(cells[1]),
    kind: cells[2].textContent.trim(),
    share: cells[3]?.dataset.v ?? "",
    href: cells[2].querySelector("a")?.href,
  }));
  return { nodes, links };
}

// On which level a node stands: below all from which links lead to it, links that lead round in a circle apart.
function levels(nodes, links) {
  const from = new Map([...nodes.keys()].map((id) => [id, []]));
  for (const { source, target } of links) if (source !== target) from.get(target).push(source);
  const found = new Map();
  const level = (id, way) => {
    if (!found.has(id)) {
      const above = from.get(id).filter((other) => !way.has(other));
      found.set(id, Math.max(-1, ...above.map((other) => level(other, new Set(way).add(id)))) + 1);
    }
    return found.get(id);
  };
  for (const id of nodes.keys()) level(id, new Set([id]));
  const rows = [];
  for (const [id, at] of found) (rows[at] ??= []).push(id);
  return rows.filter(Boolean);
}

// Each level in the order of what it is linked to, so that few links cross.
function ordered(rows, links) {
  const beside = new Map();
  const add = (one, other) => beside.set(one, [...(beside.get(one) ?? []), other]);
  for (const { source, target } of links) add(source, target), add(target, source);
  for (let sweep = 0; sweep < 6; sweep += 1) {
    const at = new Map(rows.flatMap((row) => row.map((id, n) => [id, (n + 1) / (row.length + 1)])));
    const middle = (id) => beside.get(id).reduce((sum, other) => sum + at.get(other), 0) / beside.get(id).length;
    for (const row of rows) row.sort((one, other) => middle(one) - middle(other));
  }
  return rows;
}

// Links of the same two ends are bent apart; one that leads past a level goes round what stands there.
function bent(links, level) {
  const seen = new Map();
  return links.map(({ source, target }) => {
    const pair = [source, target].sort().join();
    const before = seen.get(pair) ?? 0;
    seen.set(pair, before + 1);
    const far = level && Math.abs(level.get(target) - level.get(source)) !== 1 ? 0.25 : 0;
    return far + before * 0.2;
  });
}

// Where names stand that don't fit beside each other: linked ones near, all others apart, from their levels on.
function pulled(rows, links, width, height) {
  const wide = width / height;
  const start = (n, m, row) => [((m + 0.5) / row.length) * wide, (n + 0.5) / rows.length];
  const at = new Map(rows.flatMap((row, n) => row.map((id, m) => [id, start(n, m, row)])));
  const every = [...at.values()];
  const near = 0.9 * Math.sqrt(wide / every.length);
  for (let heat = 0.2; heat > 0.001; heat *= 0.97) {
    const moves = new Map(every.map((one) => [one, [(wide / 2 - one[0]) * near * 0.2, (0.5 - one[1]) * near]]));
    const apart = (far) => (far < 2 * near ? (near * near) / far : 0);
    const push = (one, other, force) => {
      const [x, y] = [one[0] - other[0], one[1] - other[1]];
      const far = Math.hypot(x, y) || 0.001;
      moves.get(one)[0] += (x / far) * force(far);
      moves.get(one)[1] += (y / far) * force(far);
    };
    for (const one of every) for (const other of every) if (one !== other) push(one, other, apart);
    for (const { source, target } of links) {
      const [one, other] = [at.get(source), at.get(target)];
      push(one, other, (far) => (-far * far) / near);
      push(other, one, (far) => (-far * far) / near);
    }
    for (const [one, [x, y]] of moves) {
      const far = Math.hypot(x, y) || 1;
      one[0] += (x / far) * Math.min(far, heat);
      one[1] += (y / far) * Math.min(far, heat);
    }
  }
  const fitted = (n, from, to) => {
    const [least, most] = [Math.min(...every.map((one) => one[n])), Math.max(...every.map((one) => one[n]))];
    return (one) => (most > least ? from + ((one[n] - least) * (to - from)) / (most - least) : (from + to) / 2);
  };
  const [x, y] = [fitted(0, 64, width - 64), fitted(1, 20, height - 32)];
  return new Map([...at].map(([id, one]) => [id, { x: x(one), y: y(one) }]));
}

// Each level a row of names with room for all.
function tiers(rows, width, height) {
  const y = (n) => (rows.length > 1 ? 26 + (n * (height - 52)) / (rows.length - 1) : height / 2);
  const x = (m, row) => ((m + 0.5) * width) / row.length;
  return new Map(rows.flatMap((row, n) => row.map((id, m) => [id, { x: x(m, row), y: y(n) }])));
}

// What only holds an end of a link, or a corner of what the drawing is fitted into.
const dot = (id, x, y) => ({ id, name: "", x, y, symbolSize: 0.1, silent: true, label: { show: false } });

function option(chart, { width, height, ground }) {
  const { nodes, links } = data(chart);
  const c = colours(chart);
  const text = words(c);
  const rows = ordered(levels(nodes, links), links);
  const room = Math.min(BOX, (width - 16) / Math.max(...rows.map((row) => row.length)) - 12);
  const tiered = room >= LEAST && rows.length * 60 <= height + 30;
  const places = tiered ? tiers(rows, width, height) : pulled(rows, links, width, height);
  const level = tiered ? new Map(rows.flatMap((row, n) => row.map((id) => [id, n]))) : null;
  const bends = bent(links, level);
  const count = Map.groupBy(links, (link) => link.kind);
  const kinds = [...count.keys()].sort((one, other) => count.get(other).length - count.get(one).length);
  const told = ({ kind, share }) => [kind, share].filter(Boolean).join(width < 600 ? "\n" : " ");
  const center = { itemStyle: { color: c["acc-fill"] }, label: { color: tiered ? c["on-acc"] : c.acc, fontWeight: 600 } };
  const drawn = [...nodes.values()].map((node) => ({
    id: node.id,
    name: node.name,
    cursor: node.href ? "pointer" : "default",
    ...places.get(node.id),
    ...(node.id === chart.dataset.tGraph ? center : {}),
  }));
  // a link goes from below a name to above one, wherever on it the other end lies
  const ends = [...places].flatMap(([id, { x, y }]) => [dot(`${id}/to`, x, y - 14), dot(`${id}/from`, x, y + 14)]);
  const corners = [dot("corner/first", 0, 0), dot("corner/last", width, height)];
  return {
    animation: false,
    backgroundColor: ground ? c.sheet : "transparent",
    textStyle: text,
    tooltip: tooltip(c, ({ dataType, dataIndex, name }) => {
      if (dataType !== "edge") return name;
      const link = links[dataIndex];
      return `${nodes.get(link.source).name} → ${nodes.get(link.target).name}\n${told(link)}`;
    }),
    series: [
      {
        type: "graph",
        layout: "none",
        left: 0,
        top: 0,
        width,
        height,
        symbol: tiered ? "rect" : "circle",
        symbolSize: tiered ? [room, 28] : 10,
        itemStyle: { color: tiered ? c.line : c["chart-1"], opacity: 1 },
        label: {
          ...text,
          show: true,
          color: c.ink,
          position: tiered ? "inside" : "bottom",
          distance: 4,
          formatter: ({ name }) => cut(name, tiered ? room - 12 : 112, text),
        },
        labelLayout: { hideOverlap: !tiered },
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 7,
        lineStyle: { color: c.ink3, width: 1, opacity: 1 },
        edgeLabel: {
          ...text,
          show: tiered && links.length <= 24,
          formatter: ({ dataIndex }) => told(links[dataIndex]),
          backgroundColor: c.sheet,
          padding: [1, 3],
          rotate: 0,
          align: "center",
          verticalAlign: "middle",
          distance: 0,
        },
        emphasis: { disabled: true },
        data: [...drawn, ...(tiered ? ends : []), ...corners],
        links: links.map((link, n) => ({
          source: tiered ? `${link.source}/from` : link.source,
          target: tiered ? `${link.target}/to` : link.target,
          cursor: link.href ? "pointer" : "default",
          lineStyle: { type: STYLES[Math.min(kinds.indexOf(link.kind), 2)], curveness: bends[n] },
        })),
      },
    ],
  };
}

function href(chart, { dataType, dataIndex, data: part }) {
  const { nodes, links } = data(chart);
  return dataType === "edge" ? links[dataIndex]?.href : nodes.get(part.id)?.href;
}

export const dress = (chart) => dressed(chart, { option, href, width: 1200, height: 640 });
