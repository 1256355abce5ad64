// People: who waits for approval, and what staff did lately.

import { h, table } from "./dom.js";
import { ago, title } from "./format.js";
import { growing } from "./list.js";
import { card, instant, panel, reasonForm } from "./panel.js";
import { change, may, read } from "./session.js";

const EVERY = 60_000;

function name(user) {
  return [user.firstName, user.lastName].filter(Boolean).join(" ") || user.email;
}

function approval(user, refresh) {
  if (!user.isVerified) return h("span", { class: "soft small" }, "once the address is confirmed");
  if (!may("users.manage")) return h("span", { class: "soft small" }, "takes users.manage");
  return reasonForm(`approve-${user.id}`, "Approve", async (reason) => {
    await change("POST", `/v1/admin/users/${encodeURIComponent(user.id)}/approve`, { reason });
    refresh();
  });
}

export function people() {
  const part = panel({
    id: "waiting", title: "Waiting for approval", level: "h1", permission: "users.read",
    load: () => read("/v1/admin/users?status=pending&sort=newest&limit=50&count=exact"),
    render: ({ items, total }, refresh) => card(null, table(items.length < (total ?? 0) ? `The first ${items.length} of ${total}` : "Accounts that staff have not approved yet", [
      { title: "Name", head: true, cell: (user) => [name(user), user.company ? h("div", { class: "small soft" }, user.company) : null] },
      { title: "E-mail address", cell: (user) => user.email },
      { title: "Confirmed", cell: (user) => (user.isVerified ? h("span", { class: "pill good" }, "yes") : h("span", { class: "pill warn" }, "not yet")) },
      { title: "Waiting", cell: (user) => instant(user.createdAt, ago(user.createdAt)) },
      { title: "Approve", cell: (user) => approval(user, refresh) },
    ], items, "Nobody is waiting.")),
    again: () => EVERY,
    announce: ({ items, total }) => `${total ?? items.length} people wait for approval`,
  });
  return [part.element];
}

// Names of accounts, each looked up once. The record has ids alone, since it outlives names.
const names = new Map();

function named(id) {
  const place = h("span", {}, id);
  if (!may("users.read")) return place;
  if (!names.has(id)) {
    names.set(id, read(`/v1/admin/users/${encodeURIComponent(id)}`).then(name, () => null));
  }
  names.get(id).then((found) => { if (found) place.textContent = found; });
  return place;
}

function details(entry) {
  if (!entry.details || Object.keys(entry.details).length === 0) return null;
  return h("details", { class: "more", "data-key": `action-${entry.id}` }, h("summary", {}, "Details"), h("pre", { tabindex: 0, role: "group", "aria-label": "Details" }, h("code", {}, JSON.stringify(entry.details, null, 2))));
}

function target(entry) {
  if (entry.targetUserId) return ["To ", named(entry.targetUserId)];
  return entry.targetTable ? [title(entry.targetTable), " ", h("code", {}, entry.targetId ?? "")] : "";
}

function action(entry) {
  return h("li", { class: "card record", "data-action": entry.id },
    h("div", { class: "top" }, h("code", {}, entry.action), h("span", {}, "by ", named(entry.actorId)),
      h("span", { class: "soft small" }, instant(entry.createdAt))),
    h("p", {}, entry.reason),
    h("p", { class: "small soft" }, target(entry), entry.requestId ? [", request ", h("code", {}, entry.requestId)] : ""),
    details(entry));
}

const actionsAddress = (cursor) => `/v1/admin/actions?${new URLSearchParams({ limit: 25, ...(cursor ? { cursor } : {}) })}`;

export function actions() {
  const part = panel({
    id: "actions", title: "What staff did", level: "h1", permission: "audit.read",
    load: () => read(actionsAddress(null)),
    render: (page) => growing(page, actionsAddress, action),
  });
  return [part.element];
}
