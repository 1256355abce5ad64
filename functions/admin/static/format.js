// Figures and times as people read them.

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const finer = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const moment = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });
const precise = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium" });
const NONE = "–";

const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

export function number(value) {
  if (!known(value)) return NONE;
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? whole.format(value) : finer.format(value);
}

export function percent(value) {
  return known(value) ? `${Math.abs(value) >= 99 && value < 100 ? (Math.floor(value * 100) / 100).toFixed(2) : finer.format(value)} %` : NONE;
}

export function bytes(value) {
  if (!known(value)) return NONE;
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let left = value;
  let unit = 0;
  while (Math.abs(left) >= 1000 && unit < units.length - 1) {
    left /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? whole.format(left) : finer.format(left)} ${units[unit]}`;
}

export function duration(seconds) {
  if (!known(seconds)) return NONE;
  if (Math.abs(seconds) < 1) return seconds === 0 ? "0 s" : `${finer.format(seconds * 1000)} ms`;
  const rounded = Math.round(seconds);
  for (const [size, name, smaller, small] of [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]]) {
    if (rounded >= size) {
      const rest = Math.floor((rounded % size) / smaller);
      return `${whole.format(Math.floor(rounded / size))} ${name}${rest > 0 ? ` ${rest} ${small}` : ""}`;
    }
  }
  return `${finer.format(seconds)} s`;
}

export function milliseconds(value) {
  if (!known(value)) return NONE;
  return value >= 10_000 ? duration(value / 1000) : `${finer.format(value)} ms`;
}

export function inUnit(value, unit) {
  const ways = { PERCENT: percent, BYTES: bytes, SECONDS: duration, MILLISECONDS: milliseconds };
  return (ways[unit] ?? number)(value);
}

export function when(text) {
  return text ? moment.format(new Date(text)) : NONE;
}

export function exactly(text) {
  return text ? precise.format(new Date(text)) : NONE;
}

export function ago(text, now = Date.now()) {
  if (!text) return NONE;
  const seconds = (now - new Date(text).getTime()) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  return seconds > 0 ? `${coarse(seconds)} ago` : `in ${coarse(-seconds)}`;
}

// To the largest unit alone, for ages that are read at a glance.
export function coarse(seconds) {
  for (const [size, name] of [[86400, "day"], [3600, "hour"], [60, "minute"]]) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${whole.format(count)} ${name}${count === 1 ? "" : "s"}`;
  }
  const count = Math.round(seconds);
  return `${count} second${count === 1 ? "" : "s"}`;
}

// "pool-use" as a title.
export function title(name) {
  const text = name.replaceAll(/[-_.]/g, " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Marks of an axis from nought or below the lowest value to above the highest, at round steps.
export function marks(low, high, wanted = 4) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: Math.max(last - first, 1) + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
