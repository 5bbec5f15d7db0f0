"""What a person sends with a modal, read without trust, and how a modal says that it cannot be taken.

Knows the shape of `view_submission`. Refuses to raise on any shape: a field that is missing or of another
type is empty.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deadair.adapters.slack.carried import Carried, carried_from
from deadair.adapters.slack.inputs import View
from slack_commands.payloads import object_in, team_of, text_in, user_name_of

# More than any field of ours takes; what is longer was not typed into one of them.
LONGEST = 12_000
MOST_FIELDS = 100


class Wrong(Exception):
    """Fields that cannot be taken, each with why. The modal stays open, and what was typed stays in it."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class Again(Exception):
    """The modal as it has to be seen before it is sent once more; what was typed stands in it."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view


@dataclass(frozen=True, slots=True)
class Sent:
    """A modal as it was sent. `values` are by field; `fields` are those that can show an error, in their order."""

    name: str
    view_id: str
    team: str
    user: str
    user_name: str
    carried: Carried | None
    values: dict[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The incident that it is about; 0 for none, which no incident has."""
        return self.carried.drawn.number if self.carried and self.carried.drawn else 0

    def text(self, name: str) -> str:
        """What a field holds."""
        return self.values.get(name, "").strip()


def sent_from(payload: Mapping[str, Any]) -> Sent:
    """Read a `view_submission`."""
    view, user = object_in(payload, "view"), object_in(payload, "user")
    blocks = view.get("blocks")
    inputs = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    return Sent(
        name=text_in(view.get("callback_id")),
        view_id=text_in(view.get("id")),
        team=team_of(payload),
        user=text_in(user.get("id")),
        user_name=user_name_of(user),
        carried=carried_from(text_in(view.get("private_metadata"))),
        values=_values(object_in(object_in(view, "state"), "values")),
        fields=tuple(text_in(block.get("block_id")) for block in inputs if block.get("type") == "input"),
    )


def _values(told: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, elements in list(told.items())[:MOST_FIELDS]:
        held = next(iter(elements.values()), None) if isinstance(elements, dict) else None
        if isinstance(held, dict):
            found[str(name)] = tidy(_held(held))
    return found


def _held(element: Mapping[str, Any]) -> str:
    """What one element holds, whatever its kind: the first box that is ticked stands for all."""
    ticked = element.get("selected_options")
    first = ticked[0] if isinstance(ticked, list) and ticked else None
    option = element.get("selected_option") or first
    if isinstance(option, dict):
        return text_in(option.get("value"))
    return text_in(element.get("value")) or text_in(element.get("selected_user"))


def tidy(text: str) -> str:
    """Typed text without what no keyboard types: controls and halves of characters."""
    whole = unicodedata.normalize("NFC", text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(ch for ch in whole if ch == "\n" or unicodedata.category(ch) not in {"Cc", "Cs"})
