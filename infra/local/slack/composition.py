"""The small parts that Block Kit is composed of, and the documented limit of each.

Knows text objects, options, confirm dialogs and the interactive elements. Speaks in Slack's own findings (`must be less
than 3001 characters [json-pointer:/blocks/0/text/text]`), as its answers were seen in public issue threads. Refuses to
know on which surface a block may stand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

MOST_TYPED = 3000  # characters in one field of a modal

Check = Callable[[dict[str, Any], str, "Findings"], None]


@dataclass
class Findings:
    """What is wrong, each with the JSON pointer of the place."""

    messages: list[str] = field(default_factory=list)

    def add(self, problem: str, at: str) -> None:
        """Note one problem."""
        self.messages.append(f"{problem} [json-pointer:{at}]")

    def length(self, value: object, at: str, most: int, least: int = 0) -> None:
        """Note a value that is no text or has too many or too few characters."""
        if not isinstance(value, str):
            self.add("must be a string", at)
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", at)

    def items(self, value: object, at: str, most: int, least: int = 1) -> list[Any]:
        """Note a list with too many or too few items; return it, or an empty list when it is none."""
        if not isinstance(value, list):
            self.add("must be an array", at)
            return []
        if len(value) > most:
            self.add(f"no more than {most} items allowed", at)
        if len(value) < least:
            self.add(f"no fewer than {least} items allowed", at)
        return value

    def keys(self, value: dict[str, Any], at: str, required: Collection[str], optional: Collection[str]) -> None:
        """Note missing and unknown properties, and texts that are too long in the ones that every part shares."""
        for key in required:
            if value.get(key) is None:
                self.add(f"missing required field: {key}", at)
        for key in value:
            if key != "type" and key not in required and key not in optional:
                self.add(f"invalid additional property: {key}", at)
        for key in ("action_id", "block_id"):
            if value.get(key) is not None and key in optional:
                self.length(value[key], f"{at}/{key}", 255)


def text_object(value: object, at: str, found: Findings, most: int, *, plain: bool = False) -> None:
    """Check a text object of 1 to *most* characters; *plain* allows only `plain_text`."""
    if not isinstance(value, dict):
        found.add("must be an object", at)
        return
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if value.get("type") not in kinds:
        found.add(f"must be one of: {', '.join(kinds)}", f"{at}/type")
    found.keys(value, at, ("text",), ("emoji",) if value.get("type") == "plain_text" else ("verbatim",))
    if value.get("text") is not None:
        found.length(value["text"], f"{at}/text", most, 1)


def confirm_dialog(value: object, at: str, found: Findings) -> None:
    """Check the dialog that asks before an action is sent."""
    if not isinstance(value, dict):
        found.add("must be an object", at)
        return
    found.keys(value, at, ("title", "text", "confirm", "deny"), ("style",))
    for key, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if key in value:
            text_object(value[key], f"{at}/{key}", found, most, plain=key != "text")


def option(value: object, at: str, found: Findings) -> None:
    """Check one option of a menu or a group of boxes."""
    if not isinstance(value, dict):
        found.add("must be an object", at)
        return
    found.keys(value, at, ("text", "value"), ("description", "url"))
    if "text" in value:
        text_object(value["text"], f"{at}/text", found, 75)
    if value.get("value") is not None:
        found.length(value["value"], f"{at}/value", 150, 1)
    if value.get("description") is not None:
        text_object(value["description"], f"{at}/description", found, 75)


def options(most: int) -> Check:
    """Return a check of 1 to *most* options."""

    def check(value: dict[str, Any], at: str, found: Findings) -> None:
        if "options" in value:
            for index, item in enumerate(found.items(value["options"], f"{at}/options", most)):
                option(item, f"{at}/options/{index}", found)

    return check


def check_offered(said: object, found: Findings) -> list[Any]:
    """Check what an app offers when it is asked for options; return them, without their groups."""
    if not isinstance(said, dict) or ("options" in said) == ("option_groups" in said):
        found.add("must provide exactly one of: options, option_groups", "")
        return []
    holders = [said] if "options" in said else found.items(said["option_groups"], "/option_groups", 100, 0)
    offered: list[Any] = []
    for holder in holders:
        items = found.items(holder.get("options"), "/options", 100, 0) if isinstance(holder, dict) else []
        for index, item in enumerate(items):
            option(item, f"/options/{index}", found)
        offered += items
    return offered


def _select(value: dict[str, Any], at: str, found: Findings) -> None:
    if ("options" in value) == ("option_groups" in value):
        found.add("must provide exactly one of: options, option_groups", at)
    options(100)(value, at, found)
    for index, group in enumerate(value.get("option_groups") or []):
        found.keys(group, f"{at}/option_groups/{index}", ("label", "options"), ())
        options(100)(group, f"{at}/option_groups/{index}", found)


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


def _nothing(value: dict[str, Any], at: str, found: Findings) -> None:
    """Nothing further to check."""


_SHARED = ("action_id", "confirm", "focus_on_load", "placeholder")
_MENU = (*_SHARED, "options", "option_groups", "initial_option")
_BUTTON = ("action_id", "confirm", "value", "url", "style", "accessibility_label")
_INPUT = (*_SHARED, "initial_value", "dispatch_action_config")
_MULTI = (*_SHARED, "max_selected_items")

# type -> required properties, optional properties, further check
ELEMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Check]] = {
    "button": (("text",), _BUTTON, _button),
    "checkboxes": (("options",), (*_SHARED, "initial_options"), options(10)),
    "channels_select": ((), (*_SHARED, "initial_channel", "response_url_enabled"), _nothing),
    "conversations_select": (
        (),
        (*_SHARED, "initial_conversation", "default_to_current_conversation", "filter"),
        _nothing,
    ),
    "datepicker": ((), (*_SHARED, "initial_date"), _nothing),
    "datetimepicker": ((), (*_SHARED, "initial_date_time"), _nothing),
    "email_text_input": ((), _INPUT, _nothing),
    "external_select": ((), (*_SHARED, "initial_option", "min_query_length"), _nothing),
    "image": (("alt_text",), ("image_url", "slack_file"), _image),
    "multi_static_select": ((), (*_MULTI, "options", "option_groups", "initial_options"), _select),
    "multi_users_select": ((), (*_MULTI, "initial_users"), _nothing),
    "number_input": (("is_decimal_allowed",), (*_INPUT, "min_value", "max_value"), _nothing),
    "overflow": (("options",), ("action_id", "confirm"), options(5)),
    "plain_text_input": ((), (*_INPUT, "multiline", "min_length", "max_length"), _text_input),
    "radio_buttons": (("options",), (*_SHARED, "initial_option"), options(10)),
    "static_select": ((), _MENU, _select),
    "timepicker": ((), (*_SHARED, "initial_time", "timezone"), _nothing),
    "url_text_input": ((), _INPUT, _nothing),
    "users_select": ((), (*_SHARED, "initial_user"), _nothing),
}

INPUTS = frozenset(ELEMENTS) - {"button", "image", "overflow"}
ACTIONS = frozenset(ELEMENTS) - {"image", "plain_text_input", "email_text_input", "url_text_input", "number_input"}
ACCESSORIES = ACTIONS | {"image"}


def element(value: object, at: str, found: Findings, allowed: Collection[str]) -> None:
    """Check one element of a block; *allowed* are the types that may stand there."""
    if not isinstance(value, dict):
        found.add("must be an object", at)
        return
    kind = value.get("type")
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
