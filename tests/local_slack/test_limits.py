"""Claims about limits: each is taken, one beyond is refused; what slack_sdk's validators refuse is refused here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    MarkdownBlock,
    MarkdownTextObject,
    Option,
    OptionGroup,
    OverflowMenuElement,
    PlainTextInputElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from infra.local.slack.blocks import check_blocks
from infra.local.slack.view_limits import check_view

Json = dict[str, Any]


def words(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def said(text: str) -> Json:
    """A mrkdwn text object."""
    return {"type": "mrkdwn", "text": text}


def an_option(value: str = "a", text: str = "A", **more: Any) -> Json:
    """An option."""
    return {"text": words(text), "value": value, **more}


def actions(*elements: Json) -> list[Json]:
    """An actions block."""
    return [{"type": "actions", "elements": list(elements)}]


def a_menu(kind: str, **more: Any) -> list[Json]:
    """An actions block with one element."""
    return actions({"type": kind, "action_id": "a", **more})


def an_input(kind: str, **more: Any) -> list[Json]:
    """An input block."""
    return [{"type": "input", "label": words("x"), "element": {"type": kind, "action_id": "a", **more}}]


def options(count: int) -> list[Json]:
    """So many options."""
    return [an_option(str(number)) for number in range(count)]


# what, how it is made for a length, how long it may be
LENGTHS: list[tuple[str, Callable[[int], list[Json]], int]] = [
    ("section", lambda n: [{"type": "section", "text": said("x" * n)}], 3000),
    ("field", lambda n: [{"type": "section", "fields": [said("x" * n)]}], 2000),
    ("fields", lambda n: [{"type": "section", "fields": [said("x")] * n}], 10),
    ("header", lambda n: [{"type": "header", "text": words("x" * n)}], 150),
    ("context", lambda n: [{"type": "context", "elements": [said("x")] * n}], 10),
    (
        "actions",
        lambda n: actions(*({"type": "button", "text": words("x"), "action_id": str(i)} for i in range(n))),
        25,
    ),
    ("markdown", lambda n: [{"type": "markdown", "text": "x" * n}], 12_000),
    (
        "two markdowns",
        lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
        12_000,
    ),
    ("blocks", lambda n: [{"type": "divider"}] * n, 50),
    ("block_id", lambda n: [{"type": "divider", "block_id": "x" * n}], 255),
    ("action_id", lambda n: actions({"type": "button", "text": words("x"), "action_id": "x" * n}), 255),
    ("button", lambda n: a_menu("button", text=words("x" * n)), 75),
    ("button value", lambda n: a_menu("button", text=words("x"), value="x" * n), 2000),
    ("overflow", lambda n: a_menu("overflow", options=options(n)), 5),
    ("menu", lambda n: a_menu("static_select", options=options(n)), 100),
    ("radio", lambda n: a_menu("radio_buttons", options=options(n)), 10),
    ("boxes", lambda n: a_menu("checkboxes", options=options(n)), 10),
    ("option text", lambda n: a_menu("static_select", options=[an_option(text="x" * n)]), 75),
    ("option value", lambda n: a_menu("static_select", options=[an_option("x" * n)]), 150),
    ("option note", lambda n: a_menu("static_select", options=[an_option(description=words("x" * n))]), 75),
    (
        "group label",
        lambda n: a_menu("static_select", option_groups=[{"label": words("x" * n), "options": options(1)}]),
        75,
    ),
    ("placeholder", lambda n: a_menu("users_select", placeholder=words("x" * n)), 150),
    ("label", lambda n: [{**an_input("plain_text_input")[0], "label": words("x" * n)}], 2000),
    ("hint", lambda n: [{**an_input("plain_text_input")[0], "hint": words("x" * n)}], 2000),
    ("first words", lambda n: an_input("plain_text_input", initial_value="x" * n), 3000),
    ("first words of a short field", lambda n: an_input("plain_text_input", max_length=10, initial_value="x" * n), 10),
    ("rows", lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n}], 100),
    ("columns", lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]}], 20),
    ("cells", lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x" * n}]]}], 10_000),
]


@pytest.mark.parametrize(
    ("make", "most"), [(make, most) for _, make, most in LENGTHS], ids=[name for name, *_ in LENGTHS]
)
def test_a_limit_is_taken_exactly_and_one_beyond_is_refused(make: Callable[[int], list[Json]], most: int) -> None:
    assert check_blocks(make(most), "message") == []
    problem, *_ = check_blocks(make(most + 1), "message")
    assert "[json-pointer:/blocks" in problem


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        (a_menu("overflow", options=[]), "no fewer than 1 items allowed"),
        (a_menu("overflow", options=[{"text": said("x"), "value": "x"}]), "must be one of: plain_text"),
        (a_menu("static_select", options=[an_option(url="https://x.example")]), "invalid additional property: url"),
        (a_menu("static_select", options=options(1), option_groups=[]), "must provide exactly one of"),
        (a_menu("static_select", options=options(2), initial_option=an_option("9")), "must match one of the options"),
        (a_menu("checkboxes", options=options(2), initial_options=[an_option("9")]), "must match one of the options"),
        (a_menu("radio_buttons", options=options(1), placeholder=words("x")), "invalid additional property"),
        (a_menu("datepicker", initial_date="30.11.2026"), "must be a date, YYYY-MM-DD"),
        (a_menu("timepicker", initial_time="24:00"), "must be a time, HH:mm"),
        (a_menu("datetimepicker", initial_date_time=1), "must be 10 digits"),
        (a_menu("multi_users_select", max_selected_items=0), "must be more than 0"),
        (a_menu("plain_text_input"), "unsupported type: plain_text_input"),
        (a_menu("sparkle"), "unsupported type: sparkle"),
        (actions(*[{"type": "users_select", "action_id": "a"}] * 2), "already exists"),
        ([{"type": "divider", "block_id": "b"}] * 2, "already exists"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2, "only_one_table_allowed"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(blocks: list[Json], problem: str) -> None:
    assert any(problem in found for found in check_blocks(blocks, "message"))


@pytest.mark.parametrize("kind", ["markdown", "table"])
def test_some_blocks_stand_in_messages_only(kind: str) -> None:
    holds: Json = {"markdown": {"text": "x"}, "table": {"rows": [[{"type": "raw_text", "text": "x"}]]}}
    block = {**holds[kind], "type": kind}

    assert check_blocks([block], "message") == []
    assert f"unsupported type: {kind}" in check_blocks([block], "modal")[0]


VIEW: Json = {"type": "modal", "title": words("x"), "submit": words("x"), "blocks": [{"type": "divider"}]}


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda n: VIEW | {"title": words("x" * n)}, 24),
        (lambda n: VIEW | {"submit": words("x" * n)}, 24),
        (lambda n: VIEW | {"close": words("x" * n)}, 24),
        (lambda n: VIEW | {"private_metadata": "x" * n}, 3000),
        (lambda n: VIEW | {"callback_id": "x" * n}, 255),
        (lambda n: VIEW | {"external_id": "x" * n}, 255),
        (lambda n: VIEW | {"blocks": [{"type": "divider"}] * n}, 100),
        (lambda n: {"type": "home", "blocks": [{"type": "divider"}] * n}, 100),
    ],
)
def test_a_view_has_its_limits_too(make: Callable[[int], Json], most: int) -> None:
    assert check_view(make(most)) == []
    summary, problem = check_view(make(most + 1))
    assert summary == "failed to match all allowed schemas [json-pointer:/view]"
    assert "[json-pointer:/view/" in problem


LONG: list[Callable[[], Any]] = [
    lambda: SectionBlock(text="x" * 3001),
    lambda: SectionBlock(fields=[MarkdownTextObject(text="x")] * 11),
    lambda: HeaderBlock(text="x" * 151),
    lambda: ContextBlock(elements=[MarkdownTextObject(text="x")] * 11),
    lambda: ActionsBlock(elements=[ButtonElement(text="x", action_id=str(i)) for i in range(26)]),
    lambda: ImageBlock(image_url="https://x.example/" + "x" * 3000, alt_text="x"),
    lambda: MarkdownBlock(text="x" * 12_001),
    lambda: InputBlock(label="x" * 2001, element=PlainTextInputElement(action_id="a")),
    lambda: ActionsBlock(elements=[ButtonElement(text="x" * 76, action_id="a")]),
    lambda: ActionsBlock(elements=[ButtonElement(text="x", action_id="a", value="x" * 2001)]),
    lambda: ActionsBlock(elements=[ButtonElement(text="x", action_id="x" * 256)]),
    lambda: ActionsBlock(
        elements=[OverflowMenuElement(action_id="a", options=[Option(value=str(i), label="x") for i in range(6)])]
    ),
    lambda: ActionsBlock(
        elements=[StaticSelectElement(action_id="a", options=[Option(value=str(i), label="x") for i in range(101)])]
    ),
    lambda: ActionsBlock(elements=[StaticSelectElement(action_id="a", options=[Option(value="x" * 151, label="x")])]),
    lambda: ActionsBlock(elements=[StaticSelectElement(action_id="a", options=[Option(value="x", label="x" * 76)])]),
    lambda: ActionsBlock(
        elements=[
            StaticSelectElement(
                action_id="a", option_groups=[OptionGroup(label="x" * 76, options=[Option(value="x", label="x")])]
            )
        ]
    ),
    lambda: ActionsBlock(
        elements=[
            ButtonElement(
                text="x", action_id="a", confirm=ConfirmObject(title="x" * 101, text="x", confirm="x", deny="x")
            )
        ]
    ),
]


@pytest.mark.parametrize("make", LONG)
def test_what_slack_sdk_refuses_is_refused_here(make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SlackObjectFormationError):
        make().to_dict()

    monkeypatch.setattr(JsonObject, "validate_json", lambda self: None)
    assert check_blocks([make().to_dict()], "message") != []


def test_slack_sdk_takes_what_is_taken_here() -> None:
    boxes = CheckboxesElement(action_id="a", options=[Option(value="x" * 150, label="x" * 75)] * 1)
    view = View(type="modal", title="x" * 24, submit="x" * 24, private_metadata="x" * 3000, callback_id="x" * 255)
    view.blocks = [InputBlock(block_id="b", label="x", element=boxes)]

    assert check_view(view.to_dict()) == []
