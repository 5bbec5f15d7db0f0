"""The blocks, and the documented limits that Slack enforces.

Knows which block may stand on which surface (`message`, `modal`, `home`) and how much it may hold. Refuses to judge
the looks. Blocks that Slack has and Deadair does not send are let through unread: they are named in UNREAD.
"""

from __future__ import annotations

import secrets
from typing import Any

from infra.local.slack.composition import Check, Findings, text_object
from infra.local.slack.elements import ACCESSORIES, ACTIONS, INPUTS, element

Block = dict[str, Any]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
# Slack's own people name 12,000 characters of text over all blocks (bolt-js issue 2509); beyond: msg_blocks_too_long.
MOST_TEXT_IN_BLOCKS = 12_000
MOST_MARKDOWN = 12_000
MOST_IN_A_TABLE = 10_000
UNREAD = frozenset(
    {"alert", "call", "card", "carousel", "container", "context_actions", "file", "plan", "task_card", "video"}
)
# Blocks that stand on one surface only.
ONLY_ON = {"alert": "modal", "markdown": "message", "table": "message"}


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
        found.length(block["text"], f"{at}/text", MOST_MARKDOWN, 1)


def _rich_text(block: Block, at: str, found: Findings) -> None:
    parts = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for index, item in enumerate(found.items(block.get("elements", []), f"{at}/elements", 1000)):
        if not isinstance(item, dict) or item.get("type") not in parts:
            found.add(f"must be one of: {', '.join(sorted(parts))}", f"{at}/elements/{index}/type")


def _table(block: Block, at: str, found: Findings) -> None:
    for index, row in enumerate(found.items(block.get("rows", []), f"{at}/rows", 100)):
        found.items(row, f"{at}/rows/{index}", 20)
    if text_in(block.get("rows")) > MOST_IN_A_TABLE:
        found.add(f"must be less than {MOST_IN_A_TABLE + 1} characters in all cells", f"{at}/rows")


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
    _once(blocks, at, found)
    _markdown_in_all(blocks, at, found)
    return found.messages


def _once(blocks: object, at: str, found: Findings) -> None:
    """Note what may be there once: a table in a message, the field that has the keyboard at first."""
    known = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    if sum(block.get("type") == "table" for block in known) > 1:
        found.add("only_one_table_allowed", at)
    parts = [block[key] for block in known for key in ("element", "accessory") if isinstance(block.get(key), dict)]
    if sum(part.get("focus_on_load") is True for part in parts) > 1:
        found.add("only one element can have focus_on_load", at)


def _markdown_in_all(blocks: object, at: str, found: Findings) -> None:
    """Note markdown blocks that are too long together."""
    known = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    if sum(len(str(block.get("text") or "")) for block in known if block.get("type") == "markdown") > MOST_MARKDOWN:
        found.add(f"must be less than {MOST_MARKDOWN + 1} characters over all markdown blocks", at)


def _check_block(block: object, at: str, surface: str, found: Findings) -> None:
    if not isinstance(block, dict):
        found.add("must be an object", at)
        return
    kind = str(block.get("type"))
    fits = ONLY_ON.get(kind, surface) == surface
    if kind in UNREAD and fits:
        return
    if kind not in BLOCKS or not fits:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    required, optional, check = BLOCKS[kind]
    found.keys(block, at, required, (*optional, "block_id"))
    check(block, at, found)


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
