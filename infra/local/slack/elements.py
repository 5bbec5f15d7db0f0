"""The interactive elements, and the documented limit of each.

Knows which properties each has and where it may stand in a block. Refuses to know surfaces.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from infra.local.slack.composition import (
    Check,
    Findings,
    confirm_dialog,
    option_groups,
    options,
    text_object,
)

MOST_TYPED = 3000  # characters in one field of a modal
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _select(value: dict[str, Any], at: str, found: Findings) -> None:
    if ("options" in value) == ("option_groups" in value):
        found.add("must provide exactly one of: options, option_groups", at)
    options(100)(value, at, found)
    option_groups(value, at, found)
    _most_selected(value, at, found)


def _most_selected(value: dict[str, Any], at: str, found: Findings) -> None:
    most = value.get("max_selected_items")
    if most is not None and (not isinstance(most, int) or most < 1):
        found.add("must be more than 0", f"{at}/max_selected_items")


def _external(value: dict[str, Any], at: str, found: Findings) -> None:
    least = value.get("min_query_length")
    if least is not None and (not isinstance(least, int) or least < 0):
        found.add("must be a number of characters", f"{at}/min_query_length")
    chosen = value.get("initial_options") or ([value["initial_option"]] if value.get("initial_option") else [])
    options(100)({"options": chosen} if chosen else {}, at, found)
    _most_selected(value, at, found)


def _button(value: dict[str, Any], at: str, found: Findings) -> None:
    if "text" in value:
        text_object(value["text"], f"{at}/text", found, 75, plain=True)
    if value.get("style") not in (None, "primary", "danger"):
        found.add("must be one of: primary, danger", f"{at}/style")
    for key, most in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        if value.get(key) is not None:
            found.length(value[key], f"{at}/{key}", most)


def _image(value: dict[str, Any], at: str, found: Findings) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        found.add("must provide exactly one of: image_url, slack_file", at)
    for key, most in (("image_url", 3000), ("alt_text", 2000)):
        if value.get(key) is not None:
            found.length(value[key], f"{at}/{key}", most, 1)


def _text_input(value: dict[str, Any], at: str, found: Findings) -> None:
    for key in ("min_length", "max_length"):
        number = value.get(key)
        if number is not None and (not isinstance(number, int) or not 0 <= number <= MOST_TYPED):
            found.add(f"must be between 0 and {MOST_TYPED}", f"{at}/{key}")
    if value.get("initial_value") is not None:
        most = value.get("max_length")
        found.length(value["initial_value"], f"{at}/initial_value", most if isinstance(most, int) else MOST_TYPED)


def _date(value: dict[str, Any], at: str, found: Findings) -> None:
    _shape(value, "initial_date", _DATE, "must be a date, YYYY-MM-DD", at, found)


def _time(value: dict[str, Any], at: str, found: Findings) -> None:
    _shape(value, "initial_time", _TIME, "must be a time, HH:mm", at, found)


def _shape(value: dict[str, Any], key: str, shape: re.Pattern[str], problem: str, *where: Any) -> None:
    at, found = where
    if value.get(key) is not None and not shape.fullmatch(str(value[key])):
        found.add(problem, f"{at}/{key}")


def _moment(value: dict[str, Any], at: str, found: Findings) -> None:
    moment = value.get("initial_date_time")
    if moment is not None and (not isinstance(moment, int) or len(str(moment)) != 10):  # noqa: PLR2004 - documented
        found.add("must be 10 digits, as 1628633820", f"{at}/initial_date_time")


def _nothing(value: dict[str, Any], at: str, found: Findings) -> None:
    """Nothing further to check."""


_BOXES = options(10, plain=False)
_SHARED = ("action_id", "confirm", "focus_on_load", "placeholder")
_CHOICES = ("action_id", "confirm", "focus_on_load", "options")
_MENU = (*_SHARED, "options", "option_groups", "initial_option")
_BUTTON = ("action_id", "confirm", "value", "url", "style", "accessibility_label")
_INPUT = ("action_id", "focus_on_load", "placeholder", "initial_value", "dispatch_action_config")
_MULTI = (*_SHARED, "max_selected_items")

# type -> required properties, optional properties, further check
ELEMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Check]] = {
    "button": (("text",), _BUTTON, _button),
    "checkboxes": (("options",), (*_CHOICES, "initial_options"), _BOXES),
    "channels_select": ((), (*_SHARED, "initial_channel", "response_url_enabled"), _nothing),
    "conversations_select": (
        (),
        (*_SHARED, "initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"),
        _nothing,
    ),
    "datepicker": ((), (*_SHARED, "initial_date"), _date),
    "datetimepicker": ((), ("action_id", "confirm", "focus_on_load", "initial_date_time"), _moment),
    "email_text_input": ((), _INPUT, _nothing),
    "external_select": ((), (*_SHARED, "initial_option", "min_query_length"), _external),
    "image": (("alt_text",), ("image_url", "slack_file"), _image),
    "multi_external_select": ((), (*_MULTI, "initial_options", "min_query_length"), _external),
    "multi_static_select": ((), (*_MULTI, "options", "option_groups", "initial_options"), _select),
    "multi_users_select": ((), (*_MULTI, "initial_users"), _most_selected),
    "number_input": (("is_decimal_allowed",), (*_INPUT, "min_value", "max_value"), _nothing),
    "overflow": (("options",), ("action_id", "confirm"), options(5, url=True)),
    "plain_text_input": ((), (*_INPUT, "multiline", "min_length", "max_length"), _text_input),
    "radio_buttons": (("options",), (*_CHOICES, "initial_option"), _BOXES),
    "static_select": ((), _MENU, _select),
    "timepicker": ((), (*_SHARED, "initial_time", "timezone"), _time),
    "url_text_input": ((), _INPUT, _nothing),
    "users_select": ((), (*_SHARED, "initial_user"), _nothing),
}
# What Slack has and nobody here sends: taken unread, and shown as such.
UNREAD_ELEMENTS = frozenset(
    {
        "feedback_buttons",
        "file_input",
        "icon_button",
        "multi_channels_select",
        "multi_conversations_select",
        "rich_text_input",
        "workflow_button",
    }
)

_ONLY_INPUTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
INPUTS = frozenset(ELEMENTS) - {"button", "image", "overflow"}
ACTIONS = frozenset(ELEMENTS) - {"image", *_ONLY_INPUTS}
ACCESSORIES = ACTIONS | {"image"}


def element(value: object, at: str, found: Findings, allowed: Collection[str]) -> None:
    """Check one element of a block; *allowed* are the types that may stand there."""
    if not isinstance(value, dict):
        found.add("must be an object", at)
        return
    kind = value.get("type")
    if kind in UNREAD_ELEMENTS:
        return
    if kind not in allowed or kind not in ELEMENTS:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    required, optional, check = ELEMENTS[kind]
    found.keys(value, at, required, optional)
    if value.get("placeholder") is not None:
        text_object(value["placeholder"], f"{at}/placeholder", found, 150, plain=True)
    if value.get("confirm") is not None:
        confirm_dialog(value["confirm"], f"{at}/confirm", found)
    check(value, at, found)
