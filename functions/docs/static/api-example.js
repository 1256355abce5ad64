// An example of what a schema describes: the one that is given, else one that is made.

import { flatten } from "./api-schema.js";

const BY_FORMAT = {
  uuid: "0198d2a4-7f1e-7c3a-9b52-4e6d1f0a8c37", email: "ana@example.org", "date-time": "2030-05-01T17:00:00Z", date: "2030-05-01",
  uri: "https://example.org/", "uri-reference": "/v1/problems/invalid-values", password: "maple-harbor-quiet-lantern",
};

// Deeper than this nobody reads.
const DEEPEST = 7;

export function exampleOf(document, schema, { wholly = true, depth = 0 } = {}) {
  const view = flatten(document, schema);
  if (view.example !== undefined) return view.example;
  for (const given of [view.const, view.examples?.[0], view.default, view.enum?.[0]]) {
    if (given !== undefined && given !== null) return given;
  }
  if (depth > DEEPEST) return null;
  const inside = { wholly, depth: depth + 1 };
  if (view.choices) return exampleOf(document, view.choices[0], inside);
  switch (view.types[0]) {
    case "object": return objectOf(document, view, inside);
    case "array": return arrayOf(document, view, inside);
    case "integer": case "number": return Math.max(view.minimum ?? 1, Math.min(1, view.maximum ?? 1));
    case "boolean": return false;
    case "string": return textOf(view);
    default: return view.nullable ? null : {};
  }
}

function objectOf(document, view, inside) {
  const required = new Set(view.required ?? []);
  const entries = Object.entries(view.properties ?? {}).filter(([name]) => inside.wholly || required.has(name));
  return Object.fromEntries(entries.map(([name, schema]) => [name, exampleOf(document, schema, inside)]));
}

function arrayOf(document, view, inside) {
  const wanted = Math.max(view.minItems ?? 0, inside.wholly ? 1 : 0);
  return Array.from({ length: wanted }, () => exampleOf(document, view.items ?? {}, inside));
}

function textOf(view) {
  return BY_FORMAT[view.format] ?? "a".repeat(Math.max(view.minLength ?? 0, 0)) ?? "";
}

// The example of a media type, as text for people.
export function exampleText(document, type, media, options) {
  const value = media.example ?? Object.values(media.examples ?? {})[0]?.value;
  if (!/json/.test(type)) return typeof value === "string" ? value : null;
  return JSON.stringify(value ?? exampleOf(document, media.schema ?? {}, options), null, 2);
}
