// Draws the tiles of projects and contractors, and lists what is in view for those who cannot point at a map.

const { maplibre, worker, outline } = document.body.dataset;
const gl = await import(maplibre);
gl.setWorkerUrl(new URL(worker, location.href).href);

const LAYERS = ["projects", "contractors"];
// More rows than this help nobody: whoever wants them zooms in.
const MOST_LISTED = 60;
const HOME = { center: [-121.9, 37.9], zoom: 6.2 };

const element = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let token = "";
// What went wrong since the map was last moved or asked for something else.
let trouble = "";

function tiles(layer) {
  const wanted = element("class").value.trim();
  const query = wanted ? `?class=${encodeURIComponent(wanted)}` : "";
  return [`${location.origin}/v1/geo/tiles/${layer}/{z}/{x}/{y}${query}`];
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function circles(layer) {
  const fill = color(layer.slice(0, -1));
  const visibility = element(`show-${layer}`).checked ? "visible" : "none";
  const one = ["!", ["has", "point_count"]];
  return [
    {
      id: `${layer}-clusters`, type: "circle", source: layer, "source-layer": layer, layout: { visibility },
      filter: ["has", "point_count"],
      paint: {
        "circle-color": fill, "circle-opacity": 0.55, "circle-stroke-color": fill, "circle-stroke-width": 1,
        "circle-radius": ["interpolate", ["linear"], ["ln", ["get", "point_count"]], 0, 4, 10, 26],
      },
    },
    {
      id: `${layer}-singles`, type: "circle", source: layer, "source-layer": layer, layout: { visibility }, filter: one,
      paint: {
        "circle-color": fill, "circle-radius": 6, "circle-stroke-color": color("page"), "circle-stroke-width": 1.5,
      },
    },
  ];
}

function ask() {
  trouble = "";
  map.setStyle(style(), { diff: false });
}

function style() {
  const source = (layer) => ({ type: "vector", tiles: tiles(layer), minzoom: 0, maxzoom: 16 });
  const land = dark.matches ? ["#10141a", "#1d2530", "#4a5668"] : ["#dbe7f0", "#f6f4ee", "#9aa5b4"];
  return {
    version: 8,
    sources: {
      outline: { type: "geojson", data: new URL(outline, location.href).href },
      projects: source("projects"),
      contractors: source("contractors"),
    },
    layers: [
      { id: "background", type: "background", paint: { "background-color": land[0] } },
      { id: "land", type: "fill", source: "outline", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": land[1] } },
      { id: "borders", type: "line", source: "outline", paint: { "line-color": land[2], "line-width": 1 } },
      ...circles("contractors"),
      ...circles("projects"),
    ],
  };
}

const map = new gl.Map({
  container: "map", style: style(), ...HOME, maxZoom: 18, hash: true, attributionControl: false,
  // Labels and turning add nothing here, and a flat map is easier to steer by keys.
  pitchWithRotate: false, dragRotate: false,
  transformRequest: (url) =>
    token && url.startsWith(`${location.origin}/v1/geo/`) ? { url, headers: { Authorization: `Bearer ${token}` } } : { url },
});
map.touchZoomRotate.disableRotation();
map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
map.addControl(new gl.ScaleControl({ unit: "imperial" }), "bottom-left");

function move(to) {
  if (still.matches) map.jumpTo(to);
  else map.easeTo(to);
}

function drawn(area) {
  const layers = LAYERS.flatMap((layer) => [`${layer}-clusters`, `${layer}-singles`]).filter((id) => map.getLayer(id));
  const seen = new Set();
  return map.queryRenderedFeatures(area, { layers }).filter((feature) => {
    const key = `${feature.sourceLayer} ${feature.properties.id ?? feature.geometry.coordinates}`;
    return !seen.has(key) && seen.add(key);
  });
}

function row(feature) {
  const { id, title, name, status, category, classes, point_count: count } = feature.properties;
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  const small = document.createElement("small");
  const center = feature.geometry.coordinates;
  if (count === undefined) {
    button.textContent = title ?? name;
    small.textContent = [status, category ?? classes].filter(Boolean).join(" · ");
    const link = document.createElement("a");
    link.href = `/v1/${feature.sourceLayer}/${encodeURIComponent(id)}`;
    link.textContent = "Details";
    link.setAttribute("aria-label", `Details of ${title ?? name}`);
    button.addEventListener("click", () => move({ center, zoom: Math.max(map.getZoom(), 14) }));
    button.append(small);
    item.append(button, link);
  } else {
    button.textContent = `${count.toLocaleString()} ${feature.sourceLayer}`;
    small.textContent = `around ${center[1].toFixed(2)}, ${center[0].toFixed(2)}: zoom in`;
    button.addEventListener("click", () => move({ center, zoom: map.getZoom() + 2 }));
    button.append(small);
    item.append(button);
  }
  return item;
}

function describe(features, where) {
  const total = (layer) =>
    features.filter((feature) => feature.sourceLayer === layer)
      .reduce((sum, feature) => sum + (feature.properties.point_count ?? 1), 0);
  const counts = LAYERS.map((layer) => `${total(layer).toLocaleString()} ${layer}`);
  element("summary").textContent = trouble || `${counts.join(" and ")} ${where}.`;
  const size = (feature) => feature.properties.point_count ?? 0;
  const listed = [...features].sort((one, other) => size(other) - size(one)).slice(0, MOST_LISTED);
  const rows = listed.map(row);
  if (listed.length < features.length) {
    const more = document.createElement("li");
    more.textContent = `and ${features.length - listed.length} more: zoom in to see them.`;
    rows.push(more);
  }
  element("places").replaceChildren(...rows);
}

map.on("idle", () => describe(drawn(), "in view"));
map.on("click", (event) => {
  const { x, y } = event.point;
  const hit = drawn([[x - 6, y - 6], [x + 6, y + 6]]);
  const cluster = hit.find((feature) => feature.properties.point_count !== undefined);
  if (cluster) move({ center: cluster.geometry.coordinates, zoom: map.getZoom() + 2 });
  else if (hit.length > 0) describe(hit, "here");
});
map.on("error", (event) => {
  const status = event.error?.status;
  const reasons = {
    401: "The access token is not accepted: sign in again for a new one, or use the page without.",
    422: "This is no licence class: write it like C-10 or B.",
  };
  trouble = reasons[status] ?? "A part of the map could not be loaded. Move the map to try again.";
  element("summary").textContent = trouble;
});
map.on("movestart", () => { trouble = ""; });

for (const layer of LAYERS) {
  element(`show-${layer}`).addEventListener("change", () => map.setStyle(style()));
}
element("class").addEventListener("change", ask);
element("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  token = element("token").value.trim();
  ask();
});
dark.addEventListener("change", () => map.setStyle(style()));
