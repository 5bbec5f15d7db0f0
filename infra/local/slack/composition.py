"""The small parts that Block Kit is composed of, and the documented limit of each.

Knows text objects, options and confirm dialogs. Speaks in Slack's own findings (`must be less
than 3001 characters [json-pointer:/blocks/0/text/text]`), as its answers were seen in public issue threads. Refuses to
know on which surface a block may stand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

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


def option(value: object, at: str, found: Findings, *, plain: bool = True, url: bool = False) -> None:
    """Check one option of a menu or a group of boxes; only boxes take mrkdwn, only an overflow menu a url."""
    if not isinstance(value, dict):
        found.add("must be an object", at)
        return
    found.keys(value, at, ("text", "value"), ("description", "url") if url else ("description",))
    if "text" in value:
        text_object(value["text"], f"{at}/text", found, 75, plain=plain)
    if value.get("value") is not None:
        found.length(value["value"], f"{at}/value", 150, 1)
    if value.get("description") is not None:
        text_object(value["description"], f"{at}/description", found, 75, plain=plain)
    if value.get("url") is not None:
        found.length(value["url"], f"{at}/url", 3000, 1)


def options(most: int, *, plain: bool = True, url: bool = False) -> Check:
    """Return a check of 1 to *most* options, of which no two say the same, and of what is chosen at first."""

    def check(value: dict[str, Any], at: str, found: Findings) -> None:
        if "options" not in value:
            return
        items = found.items(value["options"], f"{at}/options", most)
        for index, item in enumerate(items):
            option(item, f"{at}/options/{index}", found, plain=plain, url=url)
        initial_options(value, items, at, found)

    return check


def option_groups(value: dict[str, Any], at: str, found: Findings) -> None:
    """Check the groups of a menu: at most 100, each with a label and at most 100 options."""
    if "option_groups" not in value:
        return
    every: list[Any] = []
    for index, group in enumerate(found.items(value["option_groups"], f"{at}/option_groups", 100)):
        here = f"{at}/option_groups/{index}"
        if not isinstance(group, dict):
            found.add("must be an object", here)
            continue
        found.keys(group, here, ("label", "options"), ())
        if "label" in group:
            text_object(group["label"], f"{here}/label", found, 75, plain=True)
        options(100)(group, here, found)
        every += group.get("options") or []
    initial_options(value, every, at, found)


def initial_options(value: dict[str, Any], every: list[Any], at: str, found: Findings) -> None:
    """Note a first choice that is none of the options, exactly: Slack then shows nothing at all."""
    single = [value["initial_option"]] if value.get("initial_option") else []
    for one in value.get("initial_options") or single:
        if one not in every:
            found.add("must match one of the options", f"{at}/initial_option")


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
