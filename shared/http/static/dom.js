// Makes elements. Text only ever becomes text: nothing here reads markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "value") {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

// h("p", { class: "soft", on: { click } }, "text", node, [more], null)
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

export function show(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

// Prose with `code` in it and blank lines between its paragraphs.
export function prose(text, attributes = {}) {
  return text.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => h("p", attributes, words(part)));
}

export function words(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? h("code", {}, part) : part));
}

// columns: [{ title, cell(row), right, head }]. The roles are said, since a narrow window lays cells one below the other; data-label is
// their column's title there.
export function table(caption, columns, rows, nothing = "Nothing to show.") {
  const side = (column) => (column.right ? "right" : undefined);
  const head = columns.map((column) => h("th", { scope: "col", role: "columnheader", class: side(column) }, column.title));
  const cell = (column, row) => (column.head
    ? h("th", { scope: "row", role: "rowheader", class: side(column) }, column.cell(row))
    : h("td", { role: "cell", class: side(column), "data-label": column.title }, h("div", {}, column.cell(row))));
  const body = rows.map((row) => h("tr", { role: "row" }, columns.map((column) => cell(column, row))));
  const empty = h("tr", { role: "row" }, h("td", { role: "cell", colspan: columns.length, class: "soft" }, nothing));
  // What may be scrolled sideways must be reached by keys.
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    h("table", { role: "table" }, h("caption", {}, caption),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, head)),
      h("tbody", { role: "rowgroup" }, body.length > 0 ? body : empty)));
}

// A button that copies a text and says that it has.
export function copyButton(text, label = "Copy") {
  const button = h("button", { type: "button", class: "tight" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Cannot copy here";
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  });
  return button;
}
