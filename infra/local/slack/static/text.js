// Shows text objects: the tree of mrkdwn.js as nodes, names looked up, dates in the reader's zone.

import { fill, utc } from "./dates.js";
import { el, safeAddress } from "./nodes.js";
import { EMOJI } from "./emoji.js";
import { parse } from "./mrkdwn.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", quote: "blockquote" };

export function mrkdwn(text, world) {
  return el("div", { class: "text", dir: "auto" }, parse(String(text ?? "")).map((node) => show(node, world)));
}

export function plain(text) {
  return String(text ?? "").replace(/:([a-z0-9_+-]{1,50}):/g, (whole, name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : whole));
}

export function textObject(object, world) {
  if (object?.type === "mrkdwn") return mrkdwn(object.text, world);
  return el("div", { class: "text", dir: "auto" }, plain(object?.text));
}

export function show(node, world) {
  if (node.kind in TAGS) return el(TAGS[node.kind], {}, node.children.map((child) => show(child, world)));
  return (SHOWN[node.kind] ?? ((other) => document.createTextNode(other.text ?? "")))(node, world);
}

const SHOWN = {
  text: (node) => document.createTextNode(node.text),
  emoji: (node) => el("span", { title: `:${node.name}:` }, node.text),
  break: () => el("br"),
  code: (node) => el("code", {}, node.text),
  pre: (node) => el("pre", {}, node.text),
  link: (node) => link(node.href, node.text),
  call: (node) => el("span", { class: "mention" }, node.text),
  user: (node, world) => mention(node, world),
  channel: (node, world) => el("span", { class: "mention" }, "#" + (world.channels.get(node.id)?.name ?? node.label ?? node.id)),
  date: (node) => dateToken(node),
};

function mention(node, world) {
  const person = world.people.get(node.id);
  const mine = node.id === world.me ? " mine" : "";
  return el("span", { class: "mention" + mine, title: person?.email }, "@" + (person?.name ?? node.label ?? node.id));
}

export function link(href, text) {
  const address = safeAddress(href);
  if (!address) return document.createTextNode(text === href ? text : `${text} (${href})`);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

function dateToken(node) {
  const date = new Date(node.unix * 1000);
  if (Number.isNaN(date.getTime())) return document.createTextNode(node.fallback);
  const time = el("time", { datetime: date.toISOString(), title: utc(date) }, fill(node.format, date));
  const address = node.href && safeAddress(node.href);
  return address ? el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, time) : time;
}
