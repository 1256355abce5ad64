// A list that grows by a page at a time.

import { h, show } from "./dom.js";
import { problemView } from "./problem.js";
import { read } from "./session.js";

// first: the page that was read; nextAddress(cursor): where the next is; view(item): its element.
export function growing(first, nextAddress, view) {
  const list = h("ul", { class: "records" }, first.items.map(view));
  const trouble = h("div");
  let cursor = first.nextCursor;
  const more = h("button", { type: "button", hidden: cursor === null }, "Show more");
  more.addEventListener("click", async () => {
    show(trouble);
    try {
      const page = await read(nextAddress(cursor));
      const added = page.items.map(view);
      list.append(...added);
      cursor = page.nextCursor;
      more.hidden = cursor === null;
      added[0]?.querySelector("summary")?.focus();
    } catch (error) {
      show(trouble, problemView(error, "More could not be read."));
    }
  });
  return [first.items.length === 0 ? h("p", { class: "soft" }, "Nothing fits.") : list, trouble, h("p", {}, more)];
}
