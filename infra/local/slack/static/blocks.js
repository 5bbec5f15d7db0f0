// Shows blocks. A block that it does not know is shown as such, with its JSON: nothing that was sent is dropped.

import { el } from "./nodes.js";
import { control } from "./controls.js";
import { inputBlock } from "./fields.js";
import { link, mrkdwn, plain, textObject } from "./text.js";

// world: people, channels, me, act(block, element, value, control) and, in a modal, state.
export function renderBlocks(blocks, world) {
  const bare = blocks.every((block) => ["section", "rich_text", "markdown"].includes(block.type) && !block.accessory && !block.fields);
  return el("div", { class: bare ? "blocks plain" : "blocks" }, blocks.map((block) => render(block, world)));
}

function render(block, world) {
  try {
    return (BLOCKS[block.type] ?? unknown)(block, world);
  } catch (problem) {
    return unknown(block, world, problem);
  }
}

const BLOCKS = {
  header: (block) => el("h3", { class: "block header", dir: "auto" }, plain(block.text.text)),
  divider: () => el("hr", { class: "block divider" }),
  section: (block, world) => section(block, world),
  context: (block, world) => el("div", { class: "block context" }, block.elements.map((part) => (part.type === "image" ? picture(part, true) : textObject(part, world)))),
  actions: (block, world) => el("div", { class: "block actions" }, block.elements.map((element) => control(block, element, world))),
  image: (block, world) => el("figure", { class: "block image" }, picture(block), block.title && el("figcaption", {}, textObject(block.title, world))),
  input: (block, world) => inputBlock(block, world),
  markdown: (block, world) => el("div", { class: "block" }, mrkdwn(block.text.replace(/\*\*(.+?)\*\*/g, "*$1*").replace(/^#{1,6} (.+)$/gm, "*$1*"), world)),
  rich_text: (block, world) => el("div", { class: "block text" }, block.elements.map((part) => richPart(part, world))),
  table: (block, world) => table(block, world),
};

function section(block, world) {
  const main = el("div", { class: "main" }, block.text && textObject(block.text, world));
  if (block.fields) main.append(el("div", { class: "fields" }, block.fields.map((field) => textObject(field, world))));
  const beside = block.accessory && (block.accessory.type === "image" ? picture(block.accessory, true) : control(block, block.accessory, world));
  return el("div", { class: "block section" }, main, beside);
}

// Remote images are never loaded: this page talks to this machine only.
function picture(image, tiny = false) {
  const name = image.alt_text || "Picture";
  const from = image.image_url ?? "a file in Slack";
  return el("span", { class: tiny ? "picture tiny" : "picture", role: "img", "aria-label": name, title: `Not loaded: ${from}` }, el("span", { "aria-hidden": "true" }, "▧"), tiny ? name : `${name} (picture, not loaded)`);
}

const RICH = {
  rich_text_section: (part, world) => el("div", {}, part.elements.map((piece) => richPiece(piece, world))),
  rich_text_preformatted: (part, world) => el("pre", {}, part.elements.map((piece) => richPiece(piece, world))),
  rich_text_quote: (part, world) => el("blockquote", {}, part.elements.map((piece) => richPiece(piece, world))),
  rich_text_list: (part, world) => el(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((item) => el("li", {}, richPart(item, world)))),
};

function richPart(part, world) {
  return (RICH[part.type] ?? unknown)(part, world);
}

function richPiece(piece, world) {
  const pieces = {
    text: () => styled(piece.text, piece.style),
    link: () => link(piece.url, piece.text ?? piece.url),
    user: () => mrkdwn(`<@${piece.user_id}>`, world).firstChild,
    channel: () => mrkdwn(`<#${piece.channel_id}>`, world).firstChild,
    emoji: () => document.createTextNode(plain(`:${piece.name}:`)),
    date: () => mrkdwn(`<!date^${piece.timestamp}^${piece.format}|${piece.fallback ?? ""}>`, world).firstChild,
    broadcast: () => el("span", { class: "mention" }, "@" + piece.range),
  };
  return pieces[piece.type]?.() ?? el("code", {}, JSON.stringify(piece));
}

function styled(text, style = {}) {
  let node = document.createTextNode(text);
  for (const [name, tag] of [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"]]) if (style?.[name]) node = el(tag, {}, node);
  return node;
}

function table(block, world) {
  const cell = (part, tag) => el(tag, {}, part?.type === "rich_text" ? part.elements.map((piece) => richPart(piece, world)) : String(part?.text ?? ""));
  const rows = block.rows.map((row, index) => el("tr", {}, row.map((part) => cell(part, index ? "td" : "th"))));
  return el("div", { class: "block wide", tabindex: "0", role: "group", "aria-label": "Table" }, el("table", {}, rows));
}

function unknown(block, _world, problem) {
  const why = problem ? "cannot be shown" : "is not drawn here";
  return el("details", { class: "block unknown" }, el("summary", {}, `A block of the type “${block?.type}” ${why}`), el("pre", {}, JSON.stringify(block, null, 2)));
}
