"""What the local Slack finds wrong with blocks, in Slack's words."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.slack.blocks import check_blocks, text_in, with_ids
from infra.local.slack.view_limits import check_view


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def said(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def a_button(**change: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Acknowledge"), "action_id": "ack", "value": "INC-42", **change}


def a_section(**change: Any) -> dict[str, Any]:
    return {"type": "section", "text": said("hello"), **change}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def buttons(count: int) -> list[dict[str, Any]]:
    return [a_button(action_id=f"a{number}") for number in range(count)]


FITS = [
    a_section(text=said("x" * 3000)),
    a_section(text=None, fields=[said("x" * 2000)] * 10),
    {"type": "header", "text": plain("x" * 150)},
    actions(*buttons(25)),
    actions(a_button(text=plain("x" * 75), value="x" * 2000, url="https://e.x/" + "x" * 2988, action_id="x" * 255)),
    {"type": "context", "elements": [said("x")] * 10},
    {"type": "divider", "block_id": "x" * 255},
    {"type": "markdown", "text": "x" * 12_000},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100},
]

BREAKS = [
    (a_section(text=said("x" * 3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (a_section(text=said("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
    (a_section(fields=[said("x")] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    (a_section(fields=[said("x" * 2001)]), "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    ({"type": "header", "text": said("x")}, "must be one of: plain_text [json-pointer:/blocks/0/text/type]"),
    (actions(*buttons(26)), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (
        actions(a_button(text=plain("x" * 76))),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        actions(a_button(value="x" * 2001)),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (actions(a_button(url="x" * 3001)), "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]"),
    (
        actions(a_button(action_id="x" * 256)),
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        actions(a_button(), a_button()),
        "`action_id`: ack already exists for another element in this block [json-pointer:/blocks/0/elements/1]",
    ),
    (actions(a_button(colour="red")), "invalid additional property: colour [json-pointer:/blocks/0/elements/0]"),
    (
        {"type": "context", "elements": [said("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ({"type": "divider", "block_id": "x" * 256}, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    ("text", "must be an object [json-pointer:/blocks/0]"),
    ({"type": "alert"}, "unsupported type: alert [json-pointer:/blocks/0/type]"),
]


@pytest.mark.parametrize("block", FITS)
def test_a_block_at_its_limit_is_taken(block: dict[str, Any]) -> None:
    """Every documented limit itself is still allowed."""
    block = {key: value for key, value in block.items() if value is not None}
    assert check_blocks([block], "message") == []


@pytest.mark.parametrize(("block", "finding"), BREAKS)
def test_a_block_beyond_its_limit_is_refused_in_slacks_words(block: Any, finding: str) -> None:
    """One step beyond a limit is refused, with the place."""
    assert check_blocks([block], "message") == [finding]


def test_a_message_holds_fifty_blocks_and_a_modal_a_hundred() -> None:
    """The number of blocks depends on the surface."""
    assert check_blocks([{"type": "divider"}] * 50, "message") == []
    assert check_blocks([{"type": "divider"}] * 51, "message") == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert check_blocks([{"type": "divider"}] * 100, "modal") == []


def test_two_blocks_may_not_share_an_id() -> None:
    """A block id is unique within its message."""
    twins = [{"type": "divider", "block_id": "d"}] * 2
    assert check_blocks(twins, "message") == [
        "`block_id`: d already exists for another block [json-pointer:/blocks/1/block_id]"
    ]


def test_every_block_and_element_gets_an_id_and_given_ids_stay() -> None:
    """As Slack does, so that a click can name what was pressed."""
    kept = with_ids([a_section(accessory=a_button(action_id=None)), actions(a_button())])
    assert kept[0]["block_id"] != kept[1]["block_id"]
    assert kept[0]["accessory"]["action_id"]
    assert kept[1]["elements"][0]["action_id"] == "ack"


def test_a_modal_with_a_field_needs_a_way_to_send_it() -> None:
    """Input blocks require a submit button; a title has 24 characters."""
    field = {"type": "input", "label": plain("What"), "element": {"type": "plain_text_input", "action_id": "a"}}
    view = {"type": "modal", "title": plain("x" * 25), "blocks": [field]}
    assert check_view(view) == [
        "failed to match all allowed schemas [json-pointer:/view]",
        "must be less than 25 characters [json-pointer:/view/title/text]",
        "missing required field: submit (a modal with input blocks needs it) [json-pointer:/view]",
    ]
    assert check_view({**view, "title": plain("Note"), "submit": plain("Add")}) == []


def test_the_text_of_all_blocks_is_counted_once() -> None:
    """Nested text objects count their characters, not their keys."""
    assert text_in([a_section(fields=[said("abc")]), actions(a_button())]) == len("hello" + "abc" + "Acknowledge")
