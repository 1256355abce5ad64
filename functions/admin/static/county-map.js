// California's counties, coloured by a figure, with the same figures as a table beside.

import { h, svg, table } from "./dom.js";

let shapes = null;

// The outlines are read once.
export async function loadShapes() {
  shapes ??= fetch(new URL("./counties.json", import.meta.url)).then((response) => {
    if (!response.ok) throw new Error("the outlines of the counties could not be loaded");
    return response.json();
  });
  try {
    return await shapes;
  } catch (error) {
    shapes = null;
    throw error;
  }
}

// "ALAMEDA", "alameda county" and "Alameda" are one county.
export function plain(name) {
  return (name ?? "").toLowerCase().replace(/\s+county$/, "").trim();
}

// Where the colours change: fifths of what the counties have, without those that have nothing.
export function steps(values) {
  const sorted = values.filter((value) => value > 0).sort((one, other) => one - other);
  const fifths = [0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  return sorted.length === 0 ? [] : [...new Set(fifths)].filter((value) => value > sorted[0]);
}

// 0 for nothing, then one more for each step that is reached.
export function level(value, breaks) {
  if (!(value > 0)) return 0;
  const reached = 1 + breaks.filter((each) => value >= each).length;
  // Few steps still use the whole range of colours.
  return breaks.length === 0 ? 3 : 1 + Math.round(((reached - 1) / breaks.length) * 4);
}

function legend(values, breaks, text) {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return null;
  const starts = [Math.min(...positive), ...breaks];
  const most = Math.max(...positive);
  const entries = starts.map((start, index) => {
    const within = positive.filter((value) => value >= start && (index + 1 === starts.length || value < starts[index + 1]));
    const [low, high] = [Math.min(...within), index + 1 === starts.length ? most : Math.max(...within)];
    return h("li", {}, h("span", { class: `key l${level(start, breaks)}` }), low === high ? text(low) : `${text(low)} to ${text(high)}`);
  });
  return h("ul", { class: "legend", "aria-label": "Colours" }, h("li", {}, h("span", { class: "key l0" }), "none"), entries);
}

function choose(root, key) {
  for (const each of root.querySelectorAll(".chosen")) each.classList.remove("chosen");
  for (const each of root.querySelectorAll(`[data-county="${CSS.escape(key)}"]`)) {
    each.classList.add("chosen");
    // Drawn last, its outline lies above its neighbours'.
    if (each instanceof SVGElement) each.parentNode.append(each);
    else each.scrollIntoView({ block: "nearest" });
  }
}

// rows: what the API says by county; value(row) is drawn, text(value) says it, columns stand in the table beside.
export function countyMap(outlines, { label, rows, value, text, columns }) {
  const byName = new Map(rows.map((row) => [plain(row.county), row]));
  const drawn = Object.keys(outlines.counties).map((name) => value(byName.get(plain(name))) ?? 0);
  const breaks = steps(drawn);
  const root = h("div", { class: "map" });
  const paths = Object.entries(outlines.counties).map(([name, d]) => {
    const key = plain(name);
    const own = value(byName.get(key)) ?? 0;
    const path = svg("path", { d, class: `l${level(own, breaks)}`, "data-county": key }, svg("title", {}, `${name}: ${own > 0 ? text(own) : "none"}`));
    path.addEventListener("click", () => choose(root, key));
    return path;
  });
  const places = new Set(Object.keys(outlines.counties).map(plain));
  const elsewhere = rows.filter((row) => !places.has(plain(row.county)));
  const missed = elsewhere.reduce((sum, row) => sum + (value(row) ?? 0), 0);
  const sorted = [...rows].sort((one, other) => (value(other) ?? 0) - (value(one) ?? 0));
  const list = table(label, [
    { title: "County", head: true, cell: (row) => h("button", { type: "button", class: "plain tight", "data-key": `county-${plain(row.county)}`, on: { click: () => choose(root, plain(row.county)) } }, row.county ?? "not known") },
    ...columns,
  ], sorted, "There are no licences here.");
  for (const [index, each] of [...list.querySelectorAll("tbody tr")].entries()) {
    if (sorted[index]) each.dataset.county = plain(sorted[index].county);
  }
  root.append(
    h("div", {}, svg("svg", { viewBox: `-4 -4 ${outlines.width + 8} ${outlines.height + 8}`, role: "img", "aria-label": `Map of California's counties: ${label}. The table beside has the same figures.` }, svg("g", {}, paths)),
      legend(drawn, breaks, text),
      missed > 0 ? h("p", { class: "small soft" }, `${text(missed)} more in no county of this map.`) : null,
      h("p", { class: "small soft" }, "Outlines: U.S. Census Bureau.")),
    list);
  return root;
}
