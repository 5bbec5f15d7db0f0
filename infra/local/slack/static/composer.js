// The line at the foot: sends, suggests commands and people, remembers what was typed.

import { dropdown } from "./menus.js";
import { byId, el, face } from "./nodes.js";

const line = byId("line");
const list = byId("suggestions");
const typed = [];
let back = 0;
let chosen = 0;
let offers = [];
let world = null;

export function startComposer(theWorld, commands, send, useShortcut) {
  world = theWorld;
  const plus = byId("plus");
  const everywhere = world.shortcuts.filter((one) => one.type === "global").map((one) => ({ words: one.name, note: "Deadair", choose: () => useShortcut(one) }));
  const typed = commands.map((one) => ({ words: one.command, note: one.description, choose: () => begin(one) }));
  const place = plus.parentElement;
  place.prepend(dropdown(plus, [...everywhere, ...typed], "plus"));
  line.addEventListener("input", () => {
    grow();
    suggest(commands);
  });
  line.addEventListener("keydown", (event) => pressed(event, commands, send));
  line.addEventListener("blur", () => setTimeout(() => document.activeElement === line || hide(), 150));
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    go(send);
  });
  grow();
}

function begin(one) {
  line.value = `${one.command} `;
  line.focus();
  grow();
}

function pressed(event, commands, send) {
  if (event.isComposing) return;
  const open = !list.hidden;
  if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
  } else if (open && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !offers[chosen].whole))) {
    event.preventDefault();
    offers[chosen].take();
    suggest(commands);
  } else if (event.key === "Escape") {
    hide();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    go(send);
  } else if (event.key === "ArrowUp" && (line.value === "" || back > 0) && back < typed.length) {
    event.preventDefault();
    recall(back + 1);
  } else if (event.key === "ArrowDown" && back > 0) {
    event.preventDefault();
    recall(back - 1);
  }
}

function recall(to) {
  back = to;
  line.value = back ? typed[typed.length - back] : "";
  grow();
}

async function go(send) {
  const text = line.value.trim();
  if (!text) return;
  typed.push(text);
  back = 0;
  line.value = "";
  grow();
  hide();
  if (!(await send(text)) && !line.value) line.value = text;
  grow();
}

function grow() {
  line.rows = Math.min(6, Math.max(1, line.value.split("\n").length));
  byId("send").disabled = !line.value.trim();
}

function suggest(commands) {
  const before = line.value.slice(0, line.selectionStart);
  const command = /^\/\S*$/.test(before) && commands.filter((one) => one.command.startsWith(before.toLowerCase()));
  const using = commands.find((one) => line.value.startsWith(one.command + " "));
  const name = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(before);
  if (command?.length) offers = command.map((one) => commandOffer(one, before));
  else if (name) offers = peopleOffers(name[1], before);
  else if (using && line.value.trim() === using.command) offers = [{ ...commandOffer(using, before), whole: true }];
  else offers = [];
  draw();
}

function commandOffer(one, before) {
  const take = () => put(before, one.command + " ");
  return { take, whole: before === one.command, shown: [el("strong", {}, one.command), el("span", { class: "about" }, one.description), el("span", { class: "use" }, one.usage_hint)] };
}

function peopleOffers(start, before) {
  const wanted = start.toLowerCase();
  const fits = [...world.people.values()].filter((person) => !person.deleted && person.id !== "USLACKBOT" && (person.name.toLowerCase().includes(wanted) || person.handle.startsWith(wanted)));
  return fits.slice(0, 6).map((person) => ({
    take: () => put(before, before.slice(0, before.length - start.length - 1) + `@${person.handle} `),
    shown: [face(person, "small"), el("strong", {}, person.name), el("span", { class: "use" }, "@" + person.handle)],
  }));
}

function put(before, words) {
  const after = line.value.slice(before.length);
  line.value = words + after;
  line.setSelectionRange(words.length, words.length);
  grow();
}

function draw() {
  list.hidden = offers.length === 0;
  list.replaceChildren(...offers.map((offer, index) => el("li", { role: "option", id: `offer-${index}`, on: { mousedown: (event) => taken(event, offer) } }, offer.shown)));
  if (offers.length) choose(0);
  else line.removeAttribute("aria-activedescendant");
}

function taken(event, offer) {
  event.preventDefault();
  offer.take();
  hide();
  line.focus();
}

function choose(index) {
  chosen = (index + offers.length) % offers.length;
  [...list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === chosen)));
  line.setAttribute("aria-activedescendant", `offer-${chosen}`);
}

function hide() {
  list.hidden = true;
  line.removeAttribute("aria-activedescendant");
}
