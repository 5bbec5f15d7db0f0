"""The blocks, the views made of them, and the documented limits that Slack enforces.

Knows which block may stand on which surface (`message`, `modal`, `home`) and how much it may hold. Refuses to judge
the looks. Blocks that Slack has and Deadair does not send are let through unread: they are named in UNREAD.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from infra.local.slack.composition import ACCESSORIES, ACTIONS, INPUTS, Check, Findings, element, text_object

Block = dict[str, Any]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
# Slack's own people name 12,000 characters of text over all blocks (bolt-js issue 2509); beyond: msg_blocks_too_long.
MOST_TEXT_IN_BLOCKS = 12_000
UNREAD = frozenset(
    {"alert", "call", "card", "carousel", "container", "context_actions", "file", "plan", "task_card", "video"}
)
MODAL_ONLY = frozenset({"alert"})


def _section(block: Block, at: str, found: Findings) -> None:
    if block.get("text") is None and block.get("fields") is None:
        found.add("missing required field: text", at)
    if block.get("text") is not None:
        text_object(block["text"], f"{at}/text", found, 3000)
    if block.get("fields") is not None:
        for index, item in enumerate(found.items(block["fields"], f"{at}/fields", 10)):
            text_object(item, f"{at}/fields/{index}", found, 2000)
    if block.get("accessory") is not None:
        element(block["accessory"], f"{at}/accessory", found, ACCESSORIES)


def _header(block: Block, at: str, found: Findings) -> None:
    if "text" in block:
        text_object(block["text"], f"{at}/text", found, 150, plain=True)


def _context(block: Block, at: str, found: Findings) -> None:
    for index, item in enumerate(found.items(block.get("elements", []), f"{at}/elements", 10)):
        here = f"{at}/elements/{index}"
        if isinstance(item, dict) and item.get("type") == "image":
            element(item, here, found, {"image"})
        else:
            text_object(item, here, found, 2000)


def _actions(block: Block, at: str, found: Findings) -> None:
    seen: set[str] = set()
    for index, item in enumerate(found.items(block.get("elements", []), f"{at}/elements", 25)):
        here = f"{at}/elements/{index}"
        element(item, here, found, ACTIONS)
        action_id = item.get("action_id") if isinstance(item, dict) else None
        if action_id is not None and action_id in seen:
            found.add(f"`action_id`: {action_id} already exists for another element in this block", here)
        seen.add(str(action_id))


def _input(block: Block, at: str, found: Findings) -> None:
    for key in ("label", "hint"):
        if block.get(key) is not None:
            text_object(block[key], f"{at}/{key}", found, 2000, plain=True)
    if "element" in block:
        element(block["element"], f"{at}/element", found, INPUTS)


def _image(block: Block, at: str, found: Findings) -> None:
    if ("image_url" in block) == ("slack_file" in block):
        found.add("must provide exactly one of: image_url, slack_file", at)
    for key, most in (("image_url", 3000), ("alt_text", 2000)):
        if block.get(key) is not None:
            found.length(block[key], f"{at}/{key}", most, 1)
    if block.get("title") is not None:
        text_object(block["title"], f"{at}/title", found, 2000, plain=True)


def _markdown(block: Block, at: str, found: Findings) -> None:
    if block.get("text") is not None:
        found.length(block["text"], f"{at}/text", 12_000, 1)


def _rich_text(block: Block, at: str, found: Findings) -> None:
    parts = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for index, item in enumerate(found.items(block.get("elements", []), f"{at}/elements", 1000)):
        if not isinstance(item, dict) or item.get("type") not in parts:
            found.add(f"must be one of: {', '.join(sorted(parts))}", f"{at}/elements/{index}/type")


def _table(block: Block, at: str, found: Findings) -> None:
    for index, row in enumerate(found.items(block.get("rows", []), f"{at}/rows", 100)):
        found.items(row, f"{at}/rows/{index}", 20)


def _divider(block: Block, at: str, found: Findings) -> None:
    """A divider holds nothing."""


# type -> required properties, optional properties, further check
BLOCKS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Check]] = {
    "actions": (("elements",), (), _actions),
    "context": (("elements",), (), _context),
    "divider": ((), (), _divider),
    "header": (("text",), (), _header),
    "image": (("alt_text",), ("image_url", "slack_file", "title"), _image),
    "input": (("label", "element"), ("hint", "optional", "dispatch_action"), _input),
    "markdown": (("text",), (), _markdown),
    "rich_text": (("elements",), (), _rich_text),
    "section": ((), ("text", "fields", "accessory", "expand"), _section),
    "table": (("rows",), ("column_settings",), _table),
}


def check_blocks(blocks: object, surface: str, at: str = "/blocks") -> list[str]:
    """Return what Slack would find wrong with *blocks* on *surface*; an empty list means that it takes them."""
    found = Findings()
    ids: set[str] = set()
    for index, block in enumerate(found.items(blocks, at, MOST_BLOCKS[surface], 0)):
        _check_block(block, f"{at}/{index}", surface, found)
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if block_id and block_id in ids:
            found.add(f"`block_id`: {block_id} already exists for another block", f"{at}/{index}/block_id")
        ids.add(str(block_id))
    return found.messages


def _check_block(block: object, at: str, surface: str, found: Findings) -> None:
    if not isinstance(block, dict):
        found.add("must be an object", at)
        return
    kind = str(block.get("type"))
    if kind in UNREAD and (kind not in MODAL_ONLY or surface == "modal"):
        return
    if kind not in BLOCKS:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    required, optional, check = BLOCKS[kind]
    found.keys(block, at, required, (*optional, "block_id"))
    check(block, at, found)


def check_view(view: object) -> list[str]:
    """Return what Slack would find wrong with a modal or a Home; an empty list means that it takes it."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return ["must be one of: modal, home [json-pointer:/view/type]"]
    modal = view["type"] == "modal"
    found = Findings()
    required: Collection[str] = ("title", "blocks") if modal else ("blocks",)
    optional = (
        "private_metadata",
        "callback_id",
        "external_id",
        "submit",
        "close",
        "clear_on_close",
        "notify_on_close",
    )
    found.keys(view, "/view", required, (*optional, "title"))
    for key, most in (("title", 24), ("submit", 24), ("close", 24)):
        if modal and view.get(key) is not None:
            text_object(view[key], f"/view/{key}", found, most, plain=True)
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if view.get(key) is not None:
            found.length(view[key], f"/view/{key}", most)
    blocks = view.get("blocks") or []
    if modal and not view.get("submit") and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks):
        found.add("missing required field: submit (a modal with input blocks needs it)", "/view")
    return found.messages + check_blocks(blocks, view["type"], "/view/blocks")


def text_in(value: object) -> int:
    """Return how many characters of text *value* (a block, or any part of one) shows."""
    if isinstance(value, list):
        return sum(map(text_in, value))
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    shown = len(own) if isinstance(own, str) else 0
    return shown + sum(text_in(part) for key, part in value.items() if key != "text" or not isinstance(part, str))


def with_ids(blocks: list[Block]) -> list[Block]:
    """Return *blocks* as Slack keeps them: every block and every element has an id of its own."""
    return [_with_ids(block) for block in blocks]


def _with_ids(block: Block) -> Block:
    kept = {**block, "block_id": block.get("block_id") or secrets.token_hex(3)}
    for key in ("accessory", "element"):
        if isinstance(kept.get(key), dict):
            kept[key] = _named(kept[key])
    if kept.get("type") == "actions":
        kept["elements"] = [_named(item) for item in kept["elements"]]
    return kept


def _named(part: Block) -> Block:
    if part.get("type") == "image":
        return part
    return {**part, "action_id": part.get("action_id") or secrets.token_hex(3)}
