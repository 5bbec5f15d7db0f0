"""The parts of modals as small pure functions that keep Slack's limits whatever they are given.

Knows inputs, selects and the frame around them (source: Slack's reference of views and block elements). Refuses to
know incidents. A block's id is the name of its field, so that a refusal finds its place.
"""

from collections.abc import Iterable, Sequence

from deadair.adapters.slack.blocks import Block
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.mrkdwn import cut
from deadair.adapters.slack.phrases import plain
from deadair.domain.visible import visible

View = dict[str, object]

TITLE = 24
LABEL = 150
HINT = 500
PLACEHOLDER = 150
OPTION = 75
OPTION_VALUE = 150
OPTIONS = 100
# What Slack lets people type into one field.
TYPED = 3000
# The element of each block: a block holds one, and is itself named after the field.
FIELD = "field"


def modal(name: str, title: str, submit: str, blocks: Iterable[Block], carried: Carried) -> View:
    """A modal that can be sent."""
    return {
        "type": "modal",
        "callback_id": name,
        "title": text(title, TITLE),
        "submit": text(submit, TITLE),
        "close": text(plain("modals.cancel"), TITLE),
        "private_metadata": carried.text(),
        "blocks": list(blocks),
    }


def told(title: str, blocks: Iterable[Block]) -> View:
    """A modal that only says something."""
    close = text(plain("modals.close"), TITLE)
    return {"type": "modal", "title": text(title, TITLE), "close": close, "blocks": list(blocks)}


def typed(
    field: str,
    label: str,
    *,
    hint: str = "",
    first: str = "",
    example: str = "",
    longest: int = TYPED,
    lines: bool = False,
    optional: bool = False,
) -> Block:
    """A field to type into; `first` stands in it already."""
    element: Block = {"type": "plain_text_input", "action_id": FIELD, "multiline": lines, "max_length": longest}
    if first:
        element["initial_value"] = cut(visible(first), longest)
    if example:
        element["placeholder"] = text(example, PLACEHOLDER)
    return _input(field, label, element, hint=hint, optional=optional)


def chosen(
    field: str,
    label: str,
    choices: Sequence[tuple[str, str]],
    *,
    hint: str = "",
    first: str = "",
    example: str = "",
    optional: bool = False,
) -> Block:
    """A choice of (value, words); `first` is the value that is chosen already."""
    options = [option(value, words) for value, words in choices[:OPTIONS]]
    element: Block = {"type": "static_select", "action_id": FIELD, "options": options}
    start = next((one for one in options if one["value"] == first), None)
    return _input(
        field, label, _prompted(element, example) | _first("initial_option", start), hint=hint, optional=optional
    )


def searched(field: str, label: str, *, hint: str = "", example: str = "") -> Block:
    """A choice among what the room finds for the letters that were typed."""
    element: Block = {"type": "external_select", "action_id": field, "min_query_length": 0}
    return _input(field, label, _prompted(element, example), hint=hint)


def somebody(field: str, label: str, *, hint: str = "", example: str = "") -> Block:
    """A choice among the members of the workspace."""
    return _input(field, label, _prompted({"type": "users_select", "action_id": FIELD}, example), hint=hint)


def optional(block: Block) -> Block:
    """An input that may be left out."""
    return block | {"optional": True}


def ticked(field: str, label: str, value: str, words: str, *, first: bool = False) -> Block:
    """A box to tick, which need not be; `first` ticks it already."""
    options = [option(value, words)]
    element: Block = {"type": "checkboxes", "action_id": FIELD, "options": options}
    return _input(field, label, element | ({"initial_options": options} if first else {}), optional=True)


def option(value: str, words: str) -> Block:
    """One thing to choose."""
    return {"text": text(words, OPTION), "value": value[:OPTION_VALUE]}


def text(words: str, longest: int) -> Block:
    """Plain text: nothing in it is markup."""
    return {"type": "plain_text", "text": cut(" ".join(visible(words).split()) or "…", longest), "emoji": False}


def _input(field: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    made: Block = {"type": "input", "block_id": field, "label": text(label, LABEL), "element": element}
    return made | _first("hint", text(hint, HINT) if hint else None) | ({"optional": True} if optional else {})


def _prompted(element: Block, example: str) -> Block:
    return element | _first("placeholder", text(example, PLACEHOLDER) if example else None)


def _first(name: str, value: Block | None) -> Block:
    return {} if value is None else {name: value}
