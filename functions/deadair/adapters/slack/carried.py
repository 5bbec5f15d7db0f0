"""What a modal carries until it is sent: the state that it was drawn from, and where its answer goes.

Knows how it is written into `private_metadata` and read again. Refuses to carry words of people, and to trust what
comes back: whatever is not ours reads as None.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from deadair.adapters.slack.actions import Drawn
from deadair.domain.stages import Status

LONGEST = 2000
MOST_NUMBER = 999_999_999
ID = re.compile(r"[A-Z][A-Z0-9]{1,40}")
TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
HOME = "home"


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that a line of the timeline is made of: where it is and who wrote it."""

    channel: str
    ts: str
    author: str
    permalink: str = ""

    @property
    def key(self) -> str:
        """What tells this message from every other."""
        return f"{self.channel}:{self.ts}"


@dataclass(frozen=True, slots=True)
class Carried:
    """`answer_to` is a response address, `home`, or empty: then the modal itself says it. `edit` is a postmortem's."""

    drawn: Drawn | None = None
    answer_to: str = ""
    edit: int | None = None
    origin: Origin | None = None
    # The marks of the texts that the modal was filled with.
    seen: str = ""

    def text(self) -> str:
        """As `private_metadata`."""
        state = (self.drawn.number, self.drawn.version, self.drawn.status.value) if self.drawn else None
        told = self.origin and (self.origin.channel, self.origin.ts, self.origin.author, self.origin.permalink)
        said = {"state": state, "to": self.answer_to[:LONGEST], "edit": self.edit, "message": told, "seen": self.seen}
        return json.dumps({name: value for name, value in said.items() if value not in (None, "")})


def carried_from(text: str) -> Carried | None:
    """Read `private_metadata`; None when it is not ours."""
    try:
        said = json.loads(text[: 2 * LONGEST] or "null")
        return _carried(said) if isinstance(said, dict) else None
    except (LookupError, RecursionError, TypeError, ValueError):
        return None


def _carried(said: dict[str, Any]) -> Carried:
    state, told, edit = said.get("state"), said.get("message"), said.get("edit")
    return Carried(
        drawn=Drawn(_number(state[0]), _number(state[1]), Status(state[2])) if state else None,
        answer_to=_address(said.get("to", "")),
        edit=None if edit is None else _number(edit),
        origin=_origin(*told) if told else None,
        seen=str(said.get("seen", "")),
    )


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST_NUMBER:
        raise ValueError(value)
    return value


def _address(value: Any) -> str:
    if not isinstance(value, str) or not (value in {"", HOME} or value.startswith(("https://", "http://"))):
        raise ValueError(value)
    return value


def _origin(channel: str, ts: str, author: str, permalink: str) -> Origin:
    if not (ID.fullmatch(channel) and TS.fullmatch(ts) and isinstance(author, str)):
        raise ValueError(channel)
    return Origin(channel, ts, author, _address(permalink))
