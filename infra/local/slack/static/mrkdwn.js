// Reads Slack's mrkdwn into a tree. Pure: no DOM, no HTML, no network; what it does not know stays text.

import { EMOJI } from "./emoji.js";

const MARKS = { "*": "bold", _: "italic", "~": "strike" };
const FENCE = /```\n?([\s\S]*?)\n?```/g;
const DEEPEST = 8; // marks within marks; beyond that a hostile text stays text

export function unescape(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

export function parse(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(FENCE)) {
    nodes.push(...lines(text.slice(at, found.index).replace(/\n$/, "")));
    nodes.push({ kind: "pre", text: plainAngles(found[1]) });
    at = found.index + found[0].length;
    if (text[at] === "\n") at += 1; // a block stands on lines of its own
  }
  nodes.push(...lines(text.slice(at)));
  return nodes;
}

function lines(text) {
  const nodes = [];
  let quoted = null;
  let before = false;
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>) ?/.exec(line);
    if (quote) {
      if (quoted) quoted.children.push({ kind: "break" });
      else nodes.push((quoted = { kind: "quote", children: [] }));
      quoted.children.push(...inline(line.slice(quote[0].length)));
      before = false;
      continue;
    }
    if (before) nodes.push({ kind: "break" });
    nodes.push(...inline(line));
    before = true;
    quoted = null;
  }
  return nodes;
}

export function inline(text, depth = 0) {
  const nodes = [];
  let words = "";
  const flush = () => {
    if (words) nodes.push({ kind: "text", text: unescape(words) });
    words = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = special(text, at, depth);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.next;
    } else {
      words += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function special(text, at, depth) {
  const sign = text[at];
  if (sign === "`") return code(text, at);
  if (sign === "<") return angle(text, at);
  if (sign === ":") return emoji(text, at);
  if (sign in MARKS && depth < DEEPEST) return mark(text, at, depth);
  return null;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: { kind: "code", text: plainAngles(text.slice(at + 1, end)) }, next: end + 1 };
}

function emoji(text, at) {
  const found = /^:([a-z0-9_+-]{1,50}):/.exec(text.slice(at, at + 52));
  if (!found || !Object.hasOwn(EMOJI, found[1])) return null;
  return { node: { kind: "emoji", name: found[1], text: EMOJI[found[1]] }, next: at + found[0].length };
}

const wordBefore = (text, at) => at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]);
const wordAfter = (text, at) => at + 1 < text.length && /[\p{L}\p{N}]/u.test(text[at + 1]);

function mark(text, at, depth) {
  const sign = text[at];
  if (wordBefore(text, at) || text[at - 1] === sign || !text[at + 1] || /[\s]/.test(text[at + 1]) || text[at + 1] === sign) return null;
  for (let end = text.indexOf(sign, at + 2); end > 0; end = text.indexOf(sign, end + 1)) {
    if (!/\s/.test(text[end - 1]) && !wordAfter(text, end)) {
      return { node: { kind: MARKS[sign], children: inline(text.slice(at + 1, end), depth + 1) }, next: end + 1 };
    }
  }
  return null;
}

function angle(text, at) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const [target, ...rest] = text.slice(at + 1, end).split("|");
  const label = rest.length ? unescape(rest.join("|")) : null;
  const node = meaning(unescape(target), label);
  return node && { node, next: end + 1 };
}

function meaning(target, label) {
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { kind: "user", id: target.slice(1), label };
  if (/^#[CDG][A-Z0-9]+$/.test(target)) return { kind: "channel", id: target.slice(1), label };
  if (target.startsWith("!date^")) return date(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return { kind: "call", text: "@" + target.slice(1) };
  if (target.startsWith("!subteam^")) return { kind: "call", text: label ?? "@group" };
  if (/^(https?:\/\/|mailto:)/i.test(target)) return { kind: "link", href: target, text: label ?? target.replace(/^mailto:/i, "") };
  return null;
}

function date(target, label) {
  const [, unix, format, link] = target.split("^");
  if (!/^-?\d{1,12}$/.test(unix ?? "") || !format) return { kind: "text", text: label ?? target };
  return { kind: "date", unix: Number(unix), format, href: link ?? null, fallback: label ?? "" };
}

// Inside code Slack shows a link or a mention as it would be read, without its brackets.
function plainAngles(text) {
  return unescape(text.replace(/<((?:https?:|mailto:|[@#!])[^<>|]*)(?:\|([^<>]*))?>/gi, (_, target, label) => label ?? target));
}
