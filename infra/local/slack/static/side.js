// The column beside the messages, the head above them: where one is, what is unread, who one is.

import { byId, el, face } from "./nodes.js";

const many = (count) => (count > 99 ? "99+" : String(count));
const TOPICS = { C0INCIDENTS: "One card per incident; each card is edited in place", C0GENERAL: "Deadair is not in this channel" };

export function drawSide(view, world, open) {
  const person = world.people.get(world.me);
  const focus = document.activeElement?.dataset?.go;
  const row = (id, sign, name) => {
    const news = id === world.here ? 0 : (view.unread[id] ?? 0);
    return el("li", {}, el("button", { type: "button", class: news ? "news" : "", "aria-current": id === world.here ? "page" : null, data: { go: id }, on: { click: () => open(id) } }, el("span", { class: "sign", "aria-hidden": "true" }, sign), el("span", { class: "name" }, name), news > 0 && el("span", { class: "badge", "aria-label": `${news} unread` }, many(news))));
  };
  byId("nav").replaceChildren(
    el("h2", {}, "Channels"),
    el("ul", {}, [...world.channels.values()].map((channel) => row(channel.id, "#", channel.name))),
    el("h2", {}, "Direct messages"),
    el("ul", {}, row(view.dm, face(world.people.get("U0DEADAIR"), "small"), "Deadair")),
  );
  if (focus) [...byId("nav").querySelectorAll("button")].find((node) => node.dataset.go === focus)?.focus();
  const others = Object.entries(view.waiting).filter(([id, count]) => id !== world.me && count > 0).length;
  const note = person?.deleted ? "Deactivated" : others ? `${others} ${others === 1 ? "other has" : "others have"} unread messages` : "Switch person";
  byId("me").replaceChildren(face(person), el("span", { class: "who" }, el("strong", { dir: "auto" }, person?.name ?? "Nobody"), el("small", {}, note)), el("span", { "aria-hidden": "true" }, "⇅"));
  drawHead(view, world, person);
}

function drawHead(view, world, person) {
  const elsewhere = Object.entries(view.unread).reduce((sum, [id, count]) => sum + (id === world.here ? 0 : count), 0);
  byId("menu-badge").hidden = !elsewhere;
  byId("menu-badge").textContent = many(elsewhere);
  const channel = world.channels.get(world.here);
  const dm = world.here.startsWith("D");
  byId("title").textContent = dm ? "Deadair" : "# " + (channel?.name ?? "");
  byId("topic").textContent = dm ? `Direct messages to ${person?.name ?? "you"}` : (TOPICS[world.here] ?? "");
  byId("tabs").hidden = !dm;
  for (const tab of ["messages", "home"]) byId("tab-" + tab).setAttribute("aria-pressed", String(world.tab === tab));
  document.title = `${elsewhere ? `(${many(elsewhere)}) ` : ""}${dm ? "Deadair" : "#" + (channel?.name ?? "")} · ${person?.name ?? ""} · Local Slack`;
}
