// What people reacted with, and the small choice of emoji for one more.

import { EMOJI } from "./emoji.js";
import { dropdown } from "./menus.js";
import { el } from "./nodes.js";
import { plain } from "./text.js";

const FIRST = ["stopwatch", "eyes", "white_check_mark", "+1", "raised_hands", "tada", "heart", "thinking_face", "memo", "pushpin", "warning", "x"];

export function reactionsOf(message, world, tools) {
  if (!message.reactions?.length) return null;
  const chip = (one) => {
    const mine = one.users.includes(world.me);
    const names = one.users.map((id) => world.people.get(id)?.name ?? id).join(", ");
    return el("button", { type: "button", class: "reaction", "aria-pressed": String(mine), title: `${names} reacted with :${one.name}:`, "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}, by ${names}`, data: { key: `react ${message.ts} ${one.name}` }, on: { click: () => tools.react(message, one.name, mine) } }, el("span", { "aria-hidden": "true" }, plain(`:${one.name}:`)), el("span", { "aria-hidden": "true" }, String(one.count)));
  };
  return el("div", { class: "reactions" }, message.reactions.map(chip));
}

export function reactMenu(message, tools) {
  const opener = el("button", { type: "button", "aria-label": "Add reaction", title: "Add reaction" }, "☺");
  const items = FIRST.map((name) => ({ words: EMOJI[name], label: name.replaceAll("_", " "), choose: () => tools.react(message, name, false) }));
  return dropdown(opener, items, "emoji right");
}
