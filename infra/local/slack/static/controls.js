// Shows what can be used in a block: buttons, menus, boxes, dates. One that it does not know is shown as such.

import { combobox } from "./combobox.js";
import { toLocal, toUnix } from "./dates.js";
import { dropdown } from "./menus.js";
import { el, safeAddress } from "./nodes.js";
import { plain, textObject } from "./text.js";

export function control(block, element, world) {
  const make = CONTROLS[element.type] ?? unknown;
  const node = make(block, element, world);
  node.dataset.block = block.block_id ?? "";
  node.dataset.action = element.action_id ?? "";
  node.dataset.type = element.type ?? "";
  return node;
}

function unknown(_block, element) {
  return el("details", { class: "block unknown" }, el("summary", {}, `An element of the type “${element?.type}” is not drawn here`), el("pre", {}, JSON.stringify(element, null, 2)));
}

const key = (block, element) => ({ key: `${block.block_id}/${element.action_id}` });

const CONTROLS = {
  button,
  overflow,
  static_select: (block, element, world) => menu(block, element, world, groups(element), element.initial_option?.value),
  users_select: (block, element, world) => menu(block, element, world, [[null, somebody(world)]], element.initial_user),
  channels_select: (block, element, world) => menu(block, element, world, [[null, channels(world)]], element.initial_channel),
  conversations_select: (block, element, world) => menu(block, element, world, [[null, channels(world)]], element.initial_conversation ?? (element.default_to_current_conversation ? world.here : null)),
  external_select: (block, element, world) => combobox(element, element.placeholder?.text ?? "Choose", (typed) => world.ask(block, element, typed), (value, node) => world.act(block, element, value, node)),
  multi_static_select: (block, element, world) => several(block, element, world, groups(element), (element.initial_options ?? []).map((option) => option.value)),
  multi_users_select: (block, element, world) => several(block, element, world, [[null, somebody(world)]], element.initial_users ?? []),
  radio_buttons: (block, element, world) => boxes(block, element, world, "radio"),
  checkboxes: (block, element, world) => boxes(block, element, world, "checkbox"),
  datepicker: (block, element, world) => dateField(block, element, world, "date", element.initial_date),
  timepicker: (block, element, world) => dateField(block, element, world, "time", element.initial_time),
  datetimepicker: (block, element, world) => dateField(block, element, world, "datetime-local", element.initial_date_time && toLocal(new Date(element.initial_date_time * 1000))),
};

function button(block, element, world) {
  const use = () => world.act(block, element, element.value ?? null, node);
  const address = element.url && safeAddress(element.url);
  const look = { class: `button ${element.style ?? ""}`, data: key(block, element), "aria-label": element.accessibility_label, dir: "auto", on: { click: use } };
  const words = plain(element.text.text);
  const node = address
    ? el("a", { ...look, href: address, target: "_blank", rel: "noopener noreferrer" }, words, el("span", { class: "out", "aria-hidden": "true" }, "↗"))
    : el("button", { ...look, type: "button" }, words);
  return node;
}

function overflow(block, element, world) {
  const opener = el("button", { type: "button", class: "button", "aria-label": "More actions", data: key(block, element) }, "⋯");
  const choose = (option) => () => {
    const address = option.url && safeAddress(option.url);
    if (address) window.open(address, "_blank", "noopener,noreferrer");
    world.act(block, element, option.value, box);
  };
  const box = dropdown(opener, element.options.map((option) => ({ words: plain(option.text.text), note: plain(option.description?.text ?? ""), choose: choose(option) })));
  return box;
}

const options = (list) => list.map((option) => [option.value, plain(option.text.text)]);
const groups = (element) => (element.option_groups ? element.option_groups.map((group) => [plain(group.label.text), options(group.options)]) : [[null, options(element.options)]]);
const somebody = (world) => [...world.people.values()].filter((person) => !person.is_bot && !person.deleted).map((person) => [person.id, person.name]);
const channels = (world) => [...world.channels.values()].map((channel) => [channel.id, `#${channel.name}`]);

function choices(grouped, isChosen) {
  const choice = ([value, words]) => {
    const node = el("option", { value }, words);
    node.selected = isChosen(value);
    return node;
  };
  return grouped.flatMap(([label, list]) => (label ? [el("optgroup", { label }, list.map(choice))] : list.map(choice)));
}

function menu(block, element, world, grouped, chosen) {
  const prompt = plain(element.placeholder?.text ?? "Choose…");
  const node = el("select", { class: "pick", "aria-label": prompt, data: key(block, element) }, el("option", { value: "" }, prompt), choices(grouped, (value) => value === chosen));
  node.addEventListener("change", () => node.value && world.act(block, element, node.value, node));
  return node;
}

function several(block, element, world, grouped, chosen) {
  const name = plain(element.placeholder?.text ?? "Choose");
  const node = el("select", { class: "pick", multiple: true, size: 4, "aria-label": name, data: key(block, element) }, choices(grouped, (value) => chosen.includes(value)));
  node.addEventListener("change", () => world.act(block, element, JSON.stringify([...node.selectedOptions].map((option) => option.value)), node));
  return node;
}

function boxes(block, element, world, type) {
  const first = new Set((element.initial_options ?? [element.initial_option]).filter(Boolean).map((option) => option.value));
  const group = el("fieldset", { class: "group", data: key(block, element) });
  for (const option of element.options) {
    const box = el("input", { type, name: `${block.block_id}/${element.action_id}`, value: option.value });
    box.checked = first.has(option.value);
    group.append(el("label", {}, box, el("span", {}, textObject(option.text, world), option.description && el("small", {}, textObject(option.description, world)))));
  }
  group.addEventListener("change", () => {
    const chosen = [...group.querySelectorAll("input:checked")].map((box) => box.value);
    world.act(block, element, type === "radio" ? chosen[0] : JSON.stringify(chosen), group);
  });
  return group;
}

function dateField(block, element, world, type, initial) {
  const node = el("input", { class: "pick", type, value: initial, "aria-label": plain(element.placeholder?.text ?? { date: "Date", time: "Time" }[type] ?? "Date and time"), data: key(block, element) });
  const told = () => (type === "datetime-local" ? (node.value && String(toUnix(node.value))) : node.value);
  node.addEventListener("change", () => world.act(block, element, told(), node));
  return node;
}
