// Light, dark, or as the system has it; the choice is kept on this device.

import { h } from "./dom.js";

const KEY = "portal-theme";
const THEMES = [["system", "Theme: system"], ["light", "Theme: light"], ["dark", "Theme: dark"]];

function kept() {
  try {
    return localStorage.getItem(KEY) ?? "system";
  } catch {
    return "system";
  }
}

function apply(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function keep(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Not kept where the browser keeps nothing.
  }
}

export function themeSwitch() {
  const theme = kept();
  const options = THEMES.map(([value, label]) => h("option", { value, selected: value === theme }, label));
  const select = h("select", { class: "tight", "aria-label": "Theme" }, options);
  select.addEventListener("change", () => {
    keep(select.value);
    apply(select.value);
  });
  return select;
}

apply(kept());
