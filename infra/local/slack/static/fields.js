// The fields of a modal or a message: their labels and hints, what is missing or too short, and what they hold.

import { control } from "./controls.js";
import { toUnix } from "./dates.js";
import { el } from "./nodes.js";
import { plain } from "./text.js";

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "number" };
const MOST_TYPED = 3000;

export function inputBlock(block, world) {
  const element = block.element;
  const id = `in-${block.block_id}-${element.action_id}`.replace(/[^\w-]/g, "_");
  const quiet = block.dispatch_action ? world : { ...world, act: () => {} };
  const typed = element.type.endsWith("_input") && element.type !== "file_input" && element.type !== "rich_text_input";
  const field = typed ? textField(block, element, id) : control(block, element, quiet);
  const named = field.matches("fieldset, .combo") ? (field.querySelector("input[role=combobox]") ?? field) : field;
  named.id = id;
  named.removeAttribute("aria-label");
  named.setAttribute("aria-describedby", `${id}-help ${id}-trouble`);
  const words = [plain(block.label.text), block.optional ? el("span", { class: "optional" }, " (optional)") : null];
  const label = named.matches("fieldset") ? el("legend", {}, words) : el("label", { for: id, dir: "auto" }, words);
  const help = el("p", { class: "help", id: `${id}-help`, dir: "auto" }, plain(block.hint?.text ?? ""));
  const trouble = el("p", { class: "trouble", id: `${id}-trouble`, role: "alert", data: { trouble: block.block_id } });
  if (named.matches("fieldset")) {
    named.prepend(label);
    return el("div", { class: "block input" }, field, help, trouble);
  }
  return el("div", { class: "block input" }, label, field, help, trouble);
}

function textField(block, element, id) {
  const look = { id, class: "field", placeholder: plain(element.placeholder?.text ?? ""), maxlength: element.max_length ?? MOST_TYPED, dir: "auto", data: { block: block.block_id, action: element.action_id, type: element.type } };
  if (element.multiline) return el("textarea", { ...look, rows: 4 }, element.initial_value ?? "");
  return el("input", { ...look, type: TYPES[element.type] ?? "text", step: element.is_decimal_allowed ? "any" : null, min: element.min_value, max: element.max_value, value: element.initial_value });
}

const every = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
const option = (element, value) => every(element).find((one) => one.value === value) ?? null;
const parts = (block) => [block.element, block.accessory, ...(block.type === "actions" ? (block.elements ?? []) : [])].filter((part) => part?.action_id);

// What everything below *root* holds, as view.state.values has it: buttons and menus of links hold nothing.
export function valuesOf(root, blocks) {
  const nodes = [...root.querySelectorAll("[data-block]")];
  const values = {};
  for (const block of blocks) {
    for (const element of parts(block)) {
      const node = nodes.find((one) => one.dataset.block === block.block_id && one.dataset.action === element.action_id);
      const hold = HELD[element.type] ?? (element.type.endsWith("_input") ? HELD.plain_text_input : null);
      if (node && hold) values[block.block_id] = { ...values[block.block_id], [element.action_id]: { type: element.type, ...hold(element, node) } };
    }
  }
  return values;
}

const checked = (node) => [...node.querySelectorAll("input:checked")].map((box) => box.value);
const chosen = (node) => [...node.selectedOptions].map((one) => one.value);

const HELD = {
  plain_text_input: (element, node) => ({ value: node.value === "" ? null : node.value }),
  checkboxes: (element, node) => ({ selected_options: checked(node).map((value) => option(element, value)) }),
  radio_buttons: (element, node) => ({ selected_option: option(element, checked(node)[0]) }),
  static_select: (element, node) => ({ selected_option: option(element, node.value) }),
  external_select: (element, node) => ({ selected_option: node.held }),
  multi_static_select: (element, node) => ({ selected_options: chosen(node).map((value) => option(element, value)) }),
  multi_users_select: (element, node) => ({ selected_users: chosen(node) }),
  users_select: (element, node) => ({ selected_user: node.value || null }),
  channels_select: (element, node) => ({ selected_channel: node.value || null }),
  conversations_select: (element, node) => ({ selected_conversation: node.value || null }),
  datepicker: (element, node) => ({ selected_date: node.value || null }),
  timepicker: (element, node) => ({ selected_time: node.value || null }),
  datetimepicker: (element, node) => ({ selected_date_time: node.value ? toUnix(node.value) : null }),
};

// What keeps the fields from being sent, by block; Slack looks at this before it asks the app.
export function missingIn(root, blocks) {
  const values = valuesOf(root, blocks);
  const wrong = {};
  for (const block of blocks.filter((one) => one.type === "input")) {
    const words = problem(block, Object.values(values[block.block_id] ?? {})[0] ?? {});
    if (words) wrong[block.block_id] = words;
  }
  return wrong;
}

function problem(block, held) {
  const full = Object.entries(held).some(([key, value]) => key !== "type" && value !== null && value !== undefined && value.length !== 0);
  if (!full) return block.optional ? "" : "Please complete this required field.";
  const least = block.element.min_length ?? 0;
  return [...(held.value ?? "")].length < least ? `Please write at least ${least} characters.` : "";
}
