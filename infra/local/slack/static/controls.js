// Shows what can be used in a block: buttons, menus, boxes and the fields of a modal.

import { el, safeAddress } from "./nodes.js";
import { plain, textObject } from "./text.js";

export function control(block, element, world) {
  const make = CONTROLS[element.type];
  return make ? make(block, element, world) : el("span", { class: "block unknown" }, `Not drawn here: ${element.type}`);
}

const key = (block, element) => ({ key: `${block.block_id}/${element.action_id}` });

const CONTROLS = {
  button,
  overflow,
  static_select: (block, element, world) => menu(block, element, world, groups(element), element.initial_option?.value),
  users_select: (block, element, world) => menu(block, element, world, [[null, somebody(world)]], element.initial_user),
  radio_buttons: (block, element, world) => boxes(block, element, world, "radio"),
  checkboxes: (block, element, world) => boxes(block, element, world, "checkbox"),
  datepicker: (block, element, world) => dateField(block, element, world, "date", element.initial_date),
  timepicker: (block, element, world) => dateField(block, element, world, "time", element.initial_time),
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
  const box = el("details", { class: "more" }, el("summary", { class: "button", "aria-label": "More actions", data: key(block, element) }, "⋯"));
  const choose = (option) => () => {
    box.open = false;
    const address = option.url && safeAddress(option.url);
    if (address) window.open(address, "_blank", "noopener,noreferrer");
    world.act(block, element, option.value, box);
  };
  box.append(el("div", { class: "choices" }, element.options.map((option) => el("button", { type: "button", on: { click: choose(option) } }, plain(option.text.text)))));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") box.open = false;
  });
  return box;
}

const options = (list) => list.map((option) => [option.value, plain(option.text.text)]);
const groups = (element) => (element.option_groups ? element.option_groups.map((group) => [plain(group.label.text), options(group.options)]) : [[null, options(element.options)]]);
const somebody = (world) => [...world.people.values()].filter((person) => !person.is_bot && !person.deleted).map((person) => [person.id, person.name]);

function menu(block, element, world, grouped, chosen) {
  const prompt = plain(element.placeholder?.text ?? "Choose…");
  const choice = ([value, words]) => {
    const node = el("option", { value }, words);
    node.selected = value === chosen;
    return node;
  };
  const node = el("select", { class: "pick", "aria-label": prompt, data: key(block, element) }, el("option", { value: "" }, prompt));
  for (const [label, list] of grouped) node.append(...(label ? [el("optgroup", { label }, list.map(choice))] : list.map(choice)));
  node.addEventListener("change", () => node.value && world.act(block, element, node.value, node));
  return node;
}

function boxes(block, element, world, type) {
  const first = new Set((element.initial_options ?? [element.initial_option]).filter(Boolean).map((option) => option.value));
  const group = el("fieldset", { class: "group", data: key(block, element) });
  for (const option of element.options) {
    const box = el("input", { type, name: `${block.block_id}/${element.action_id}`, value: option.value });
    box.checked = first.has(option.value);
    group.append(el("label", {}, box, el("span", {}, textObject(option.text, world))));
  }
  group.addEventListener("change", () => {
    const chosen = [...group.querySelectorAll("input:checked")].map((box) => box.value);
    world.act(block, element, type === "radio" ? chosen[0] : JSON.stringify(chosen), group);
  });
  return group;
}

function dateField(block, element, world, type, initial) {
  const node = el("input", { class: "pick", type, value: initial, "aria-label": plain(element.placeholder?.text ?? type), data: key(block, element) });
  node.addEventListener("change", () => world.act(block, element, node.value, node));
  return node;
}

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "number" };

export function inputBlock(block, world) {
  const element = block.element;
  const id = `in-${block.block_id}-${element.action_id}`.replace(/[^\w-]/g, "_");
  const quiet = block.dispatch_action ? world : { ...world, act: () => {} };
  const field = element.type.endsWith("_input") ? textField(element, id) : control(block, element, quiet);
  if (!field.id) field.id = id;
  field.dataset.block = block.block_id;
  field.dataset.action = element.action_id;
  field.dataset.type = element.type;
  field.setAttribute("aria-describedby", `${id}-help`);
  const label = el("label", { for: id }, plain(block.label.text), block.optional ? el("span", { class: "optional" }, " (optional)") : null);
  return el("div", { class: "block input" }, label, field, el("p", { class: "help", id: `${id}-help` }, plain(block.hint?.text ?? "")), el("p", { class: "trouble", role: "alert", data: { trouble: block.block_id } }));
}

function textField(element, id) {
  const shared = { id, class: "field", placeholder: plain(element.placeholder?.text ?? ""), minlength: element.min_length, maxlength: element.max_length ?? 3000, dir: "auto" };
  if (element.multiline) return el("textarea", { ...shared, rows: 4 }, element.initial_value ?? "");
  return el("input", { ...shared, type: TYPES[element.type] ?? "text", step: element.is_decimal_allowed ? "any" : null, min: element.min_value, max: element.max_value, value: element.initial_value });
}

const option = (element, value) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)].find((one) => one.value === value) ?? null;

// What the fields below *root* hold, as view.state.values has it.
export function valuesOf(root, blocks) {
  const values = {};
  for (const block of blocks.filter((one) => one.type === "input")) {
    const element = block.element;
    const field = [...root.querySelectorAll("[data-block]")].find((node) => node.dataset.block === block.block_id);
    if (field) values[block.block_id] = { [element.action_id]: { type: element.type, ...held(element, field) } };
  }
  return values;
}

function held(element, field) {
  if (element.type === "checkboxes") return { selected_options: [...field.querySelectorAll("input:checked")].map((box) => option(element, box.value)) };
  if (element.type === "radio_buttons") return { selected_option: option(element, field.querySelector("input:checked")?.value) };
  if (element.type === "static_select") return { selected_option: option(element, field.value) };
  if (element.type === "users_select") return { selected_user: field.value || null };
  if (element.type === "datepicker") return { selected_date: field.value || null };
  if (element.type === "timepicker") return { selected_time: field.value || null };
  return { value: field.value === "" ? null : field.value };
}
