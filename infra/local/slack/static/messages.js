// The list of messages: one node per message, replaced only when its message changed, so that the keyboard keeps its place.

import { renderBlocks } from "./blocks.js";
import { clock, dayName, ofTs, utc } from "./dates.js";
import { valuesOf } from "./fields.js";
import { dropdown } from "./menus.js";
import { byId, el, face } from "./nodes.js";
import { reactionsOf, reactMenu } from "./reactions.js";
import { mrkdwn } from "./text.js";

const FOLLOWS_SECONDS = 300;
let kept = new Map();

export function drawMessages(view, world, tools) {
  const list = byId("messages");
  const tops = view.messages.filter((message) => !message.thread_ts || message.thread_ts === message.ts);
  const replies = Map.groupBy ? Map.groupBy(view.messages.filter(isReply), (m) => m.thread_ts) : grouped(view.messages.filter(isReply));
  const next = new Map();
  const focus = document.activeElement?.closest?.(".message [data-key]")?.dataset.key;
  let day = null;
  let last = null;
  let marked = false;
  const nodes = [];
  for (const message of tops) {
    const today = dayName(ofTs(message.ts));
    if (view.newFrom && message.ts > view.newFrom && !marked && message.user !== world.me) {
      marked = true;
      if (last) nodes.push(keep(next, "new", "new", () => el("li", { class: "day new" }, "New")));
    }
    if (today !== day) nodes.push(keep(next, "day " + today, today, () => el("li", { class: "day" }, today)));
    const follows = today === day && last && goesWith(last, message, replies);
    const thread = replies.get(message.ts) ?? [];
    const mark = JSON.stringify([message, thread, follows, world.me, world.people.size, today]);
    nodes.push(keep(next, message.ts, mark, () => draw(message, thread, follows, world, tools)));
    day = today;
    last = message;
  }
  if (!tops.length) nodes.push(keep(next, "empty", world.me + world.here, () => empty(world)));
  kept = next;
  place(list, nodes);
  if (focus && document.activeElement === document.body) [...list.querySelectorAll("[data-key]")].find((node) => node.dataset.key === focus)?.focus();
}

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

function grouped(messages) {
  const map = new Map();
  for (const message of messages) map.set(message.thread_ts, [...(map.get(message.thread_ts) ?? []), message]);
  return map;
}

function keep(next, name, mark, make) {
  const old = kept.get(name);
  const entry = old?.mark === mark ? old : { mark, node: make() };
  next.set(name, entry);
  return entry.node;
}

function place(list, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

function goesWith(last, message, replies) {
  const plainOnes = !last.blocks && !message.blocks && !last.ephemeral && !message.ephemeral && !replies.has(last.ts);
  return plainOnes && last.user === message.user && Number(message.ts) - Number(last.ts) < FOLLOWS_SECONDS;
}

function draw(message, thread, follows, world, tools) {
  const person = world.people.get(message.user);
  const body = el("div", { class: "body" });
  if (message.ephemeral) body.append(onlyYou(message, tools));
  const act = (block, element, value, node) => tools.act(message, block, element, value, node, () => valuesOf(body, message.blocks ?? []));
  const ask = (block, element, typed) => tools.ask(message, block, element, typed);
  body.append(said(message, person), content(message, { ...world, act, ask }));
  const reactions = reactionsOf(message, world, tools);
  if (reactions) body.append(reactions);
  if (thread.length) body.append(threadOf(message, thread, world, tools));
  const look = ["message", follows && "follows", message.ephemeral && "only-you"].filter(Boolean).join(" ");
  const node = el("li", { class: look, id: "m" + message.ts.replace(".", ""), data: { ts: message.ts } }, face(person), body);
  if (!message.ephemeral) node.append(toolsOf(message, world, tools));
  return node;
}

function toolsOf(message, world, tools) {
  const about = [...world.shortcuts.filter((one) => one.type === "message")].map((one) => ({ words: one.name, note: "Deadair", choose: () => tools.shortcut(message, one) }));
  const answer = isReply(message) ? [] : [{ words: "Reply in thread", choose: () => tools.reply(message) }];
  const more = el("button", { type: "button", "aria-label": "More actions for this message", title: "More actions" }, "⋮");
  return el(
    "div",
    { class: "tools", role: "group", "aria-label": "Message" },
    reactMenu(message, tools),
    !isReply(message) && el("button", { type: "button", on: { click: () => tools.reply(message) } }, "Reply in thread"),
    dropdown(more, [...about, ...answer, { words: "Copy link", choose: () => tools.copyLink(message) }], "right"),
  );
}

function said(message, person) {
  const date = ofTs(message.ts);
  return el(
    "div",
    { class: "said" },
    el("b", { dir: "auto" }, person?.name ?? message.user),
    person?.is_bot && el("span", { class: "tag" }, person.id === "USLACKBOT" ? "This machine" : "App"),
    el("time", { datetime: date.toISOString(), title: utc(date) }, clock(date)),
    message.edited && el("span", { class: "edited", title: `Last changed ${utc(ofTs(message.edited.ts))}` }, "(edited)"),
  );
}

function onlyYou(message, tools) {
  return el("p", { class: "only" }, el("span", { "aria-hidden": "true" }, "◐"), "Only visible to you", el("button", { type: "button", on: { click: () => tools.dismiss(message) } }, "Dismiss"));
}

function content(message, world) {
  return message.blocks?.length ? renderBlocks(message.blocks, world) : mrkdwn(message.text, world);
}

function threadOf(message, thread, world, tools) {
  const words = thread.length === 1 ? "1 reply" : `${thread.length} replies`;
  const items = thread.map((reply) => draw(reply, [], false, world, tools));
  return el("details", { class: "thread", open: true }, el("summary", {}, words), el("ol", { class: "messages-in" }, items));
}

function empty(world) {
  const dm = world.here.startsWith("D");
  const words = dm ? "When an incident becomes yours, Deadair tells you here." : world.here === "C0INCIDENTS" ? "Incidents appear here, one card each, as soon as an alarm speaks." : "Deadair was not invited to this channel: it cannot post here.";
  return el("li", { class: "empty" }, el("strong", {}, dm ? "Just you and Deadair" : "Quiet so far"), words, el("br"), "Type ", el("code", {}, "/incident help"), " to see what you can do.");
}
