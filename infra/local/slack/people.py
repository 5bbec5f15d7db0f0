"""The people of the workspace, and the names by which somebody may be called in a line of text.

Knows ids, names, e-mail addresses and time zones. Refuses to know who owns what: that is the registry's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TEAM_ID = "T0DEADAIR"
TEAM_DOMAIN = "deadair-local"
TEAM_NAME = "Deadair, this machine"
APP_ID = "A0DEADAIR"
BOT_ID = "B0DEADAIR"
BOT_USER_ID = "U0DEADAIR"
SLACKBOT_ID = "USLACKBOT"

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")


class UnfitPerson(ValueError):
    """A person that the workspace cannot take; the text names the field and the remedy."""


@dataclass(frozen=True)
class Person:
    """One member of the workspace. *tz* is an IANA zone name; *deleted* means deactivated, at *updated*.

    A *guest* is let in from outside; *team* is another one's for whoever is here by a shared channel.
    """

    id: str
    name: str
    email: str = ""
    handle: str = ""
    tz: str = "UTC"
    is_bot: bool = False
    deleted: bool = False
    updated: int = 0
    guest: bool = False
    team: str = TEAM_ID

    def called(self) -> set[str]:
        """Return every name, in lower case, that means this person after an `@`."""
        first = self.name.split(" ")[0]
        return {word.casefold() for word in (self.handle, self.name, first, self.email.partition("@")[0]) if word}


BOT = Person(BOT_USER_ID, "Deadair", handle="deadair", is_bot=True)
SLACKBOT = Person(SLACKBOT_ID, "Local Slack", handle="slackbot", is_bot=True)


def person_from(row: Mapping[str, Any]) -> Person:
    """Return the person that *row* describes (`id` or `slack_id`, `name`, `email`, `tz`); raise UnfitPerson."""
    user_id = str(row.get("id") or row.get("slack_id") or "")
    if not _USER_ID.fullmatch(user_id):
        raise UnfitPerson(
            f"id: {user_id!r} is no Slack user id; use U followed by capital letters and digits, as U0ANA"
        )
    name = str(row.get("name") or "").strip()
    if not name:
        raise UnfitPerson(f"name: {user_id} has none; give the name that people know")
    email = str(row.get("email") or "").strip()
    handle = str(row.get("handle") or email.partition("@")[0] or name.casefold().replace(" ", "."))
    return Person(
        user_id,
        name,
        email,
        handle,
        _zone(str(row.get("tz") or "UTC")),
        deleted=bool(row.get("deleted")),
        updated=int(row.get("updated") or 0),
        guest=bool(row.get("guest")),
        team=str(row.get("team") or TEAM_ID),
    )


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise UnfitPerson(f"tz: {name!r} is no time zone; use an IANA name, as Europe/Lisbon") from problem


def names_of(people: Iterable[Person]) -> dict[str, Person]:
    """Return who is meant by each name after an `@`; a name that two people share means nobody."""
    meant: dict[str, Person] = {}
    shared: set[str] = set()
    for person in people:
        for word in person.called():
            if word in meant:
                shared.add(word)
            meant[word] = person
    return {word: person for word, person in meant.items() if word not in shared}


def user_object(person: Person, now: datetime) -> dict[str, Any]:
    """Return *person* as `users.info` shows a member, with the zone's offset at *now*."""
    there = now.astimezone(ZoneInfo(person.tz))
    offset = there.utcoffset()
    profile = {"real_name": person.name, "display_name": person.handle, "email": person.email, "team": person.team}
    return {
        "id": person.id,
        "team_id": person.team,
        "name": person.handle,
        "real_name": person.name,
        "deleted": person.deleted,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_restricted": person.guest,
        "updated": person.updated,
        "tz": person.tz,
        "tz_label": there.tzname() or person.tz,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": {key: value for key, value in profile.items() if value},
    }
