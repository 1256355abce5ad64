// A line over time, drawn as SVG as wide as there is room, with its figures as a table below.

import { h, show, svg, table } from "./dom.js";
import { exactly, inUnit, marks } from "./format.js";

const HEIGHT = 176;
const MARGIN = { top: 12, right: 12, bottom: 22, left: 56 };
const MOST_LINES = 5;
// Two points further apart than so many steps are not joined: nothing was measured between them.
const GAP = 2.5;

const ms = (text) => new Date(text).getTime();

// What is drawn: the lines with the highest values, and the range of both axes.
export function plan({ series, from, to, threshold }) {
  const shown = [...series].sort((one, other) => peak(other) - peak(one)).slice(0, MOST_LINES);
  const points = shown.flatMap((each) => each.points);
  const values = points.flatMap((point) => [point.min, point.max]);
  const near = threshold !== null && threshold !== undefined && values.length > 0 && isNear(values, threshold);
  const all = [...values, ...(near ? [threshold] : [])];
  const low = Math.min(...all);
  const high = Math.max(...all);
  // From nought, unless that would flatten what moves far above it.
  const ticks = all.length === 0 ? [0, 1] : marks(low > 0 && low > high * 0.8 && high > low ? low : Math.min(0, low), high);
  return { shown, hidden: series.length - shown.length, ticks, threshold: near ? threshold : null, start: ms(from), end: ms(to) };
}

function peak(each) {
  return Math.max(...each.points.map((point) => point.max), -Infinity);
}

// A limit far away would press the line flat: it is named in words instead.
function isNear(values, threshold) {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = high - low;
  return span === 0 || (threshold <= high + span * 3 && threshold >= low - span * 3);
}

// Runs of points without a gap between them.
export function runs(points, stepSeconds) {
  const found = [];
  for (const point of points) {
    const last = found.at(-1)?.at(-1);
    if (last && ms(point.at) - ms(last.at) <= stepSeconds * 1000 * GAP) found.at(-1).push(point);
    else found.push([point]);
  }
  return found;
}

function timeLabel(at, span) {
  const options = span > 2 * 86400_000 ? { month: "short", day: "numeric" } : { hour: "numeric", minute: "2-digit" };
  return new Date(at).toLocaleString("en-US", options);
}

function line(run, place, field) {
  return run.map((point, index) => `${index === 0 ? "M" : "L"}${place.x(ms(point.at))} ${place.y(point[field])}`).join("");
}

function band(run, place) {
  const back = [...run].reverse().map((point) => `L${place.x(ms(point.at))} ${place.y(point.min)}`).join("");
  return `${line(run, place, "max")}${back}Z`;
}

function axes(drawn, place, width, unit) {
  const rows = drawn.ticks.map((tick) => [
    svg("line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: place.y(tick), y2: place.y(tick) }),
    svg("text", { x: MARGIN.left - 8, y: place.y(tick) + 4, "text-anchor": "end" }, inUnit(tick, unit)),
  ]);
  const count = Math.max(2, Math.min(6, Math.floor(width / 120)));
  const columns = Array.from({ length: count }, (_, index) => {
    const at = drawn.start + ((drawn.end - drawn.start) * index) / (count - 1);
    const anchor = index === 0 ? "start" : index === count - 1 ? "end" : "middle";
    return svg("text", { x: place.x(at), y: HEIGHT - 4, "text-anchor": anchor }, timeLabel(at, drawn.end - drawn.start));
  });
  return [rows, columns];
}

function limit(drawn, place, width, unit) {
  if (drawn.threshold === null) return null;
  const y = place.y(drawn.threshold);
  return [
    svg("line", { class: "limit", x1: MARGIN.left, x2: width - MARGIN.right, y1: y, y2: y }),
    svg("text", { class: "limit-label", x: width - MARGIN.right, y: y < 26 ? y + 14 : y - 5, "text-anchor": "end" }, `limit ${inUnit(drawn.threshold, unit)}`),
  ];
}

function draw(picture, data, drawn, width) {
  const [low, high] = [drawn.ticks[0], drawn.ticks.at(-1)];
  const round = (value) => Math.round(value * 10) / 10;
  const place = {
    x: (at) => round(MARGIN.left + ((at - drawn.start) / (drawn.end - drawn.start || 1)) * (width - MARGIN.left - MARGIN.right)),
    y: (value) => round(HEIGHT - MARGIN.bottom - ((value - low) / (high - low || 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom)),
  };
  picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const lines = drawn.shown.flatMap((each, index) => runs(each.points, data.stepSeconds).flatMap((run) => [
    drawn.shown.length === 1 ? svg("path", { class: `band s${index}`, d: band(run, place) }) : null,
    run.length > 1
      ? svg("path", { class: `line s${index}`, d: line(run, place, "avg") })
      : svg("circle", { class: `dot s${index}`, cx: place.x(ms(run[0].at)), cy: place.y(run[0].avg), r: 2.5 }),
  ]));
  show(picture, axes(drawn, place, width, data.unit), lines, limit(drawn, place, width, data.unit));
}

function words(data, drawn) {
  if (drawn.shown.length === 0) return "Nothing was measured in this time.";
  const each = drawn.shown.map(({ subject, points }) => {
    const low = Math.min(...points.map((point) => point.min));
    const high = Math.max(...points.map((point) => point.max));
    return `${subject ? `${subject}: ` : ""}now ${inUnit(points.at(-1).avg, data.unit)}, between ${inUnit(low, data.unit)} and ${inUnit(high, data.unit)}`;
  });
  return each.join("; ");
}

function figures(data, label, key) {
  const rows = data.series.flatMap(({ subject, points }) => points.map((point) => ({ subject, ...point })));
  const details = h("details", { "data-key": `table-${key}` }, h("summary", {}, "Figures as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    const columns = [
      { title: "Time", cell: (row) => exactly(row.at), head: true },
      data.series.some((each) => each.subject) ? { title: "Of", cell: (row) => row.subject } : null,
      ...["min", "avg", "max"].map((name) => ({ title: { min: "Least", avg: "Mean", max: "Most" }[name], right: true, cell: (row) => inUnit(row[name], data.unit) })),
    ].filter(Boolean);
    details.append(table(label, columns, rows.reverse().slice(0, 500)));
  });
  return details;
}

// data: { unit, from, to, stepSeconds, series: [{ subject, points: [{ at, min, avg, max }] }] }
export function chart({ label, key, data, threshold = null }) {
  const drawn = plan({ ...data, series: data.series.filter((each) => each.points.length > 0), threshold });
  const summary = words(data, drawn);
  const picture = svg("svg", { role: "img", "aria-label": `${label}. ${summary}` });
  const widths = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width > 0) draw(picture, data, drawn, width);
  });
  widths.observe(picture);
  const legend = drawn.shown.length > 1
    ? h("ul", { class: "legend" }, drawn.shown.map((each, index) => h("li", {}, h("span", { class: `key s${index}` }), each.subject || "all")),
      drawn.hidden > 0 ? h("li", {}, `and ${drawn.hidden} more in the table`) : null)
    : null;
  return h("figure", { class: "plot", "data-plot": key },
    h("figcaption", {}, label, h("span", { class: "soft small" }, drawn.shown.length === 1 ? summary : null)),
    drawn.shown.length > 0 ? [picture, legend, figures(data, label, key)] : h("p", { class: "soft" }, summary));
}
