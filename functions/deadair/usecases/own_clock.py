"""Whose clock somebody reads: what they set themselves, else what Slack shows of them, else UTC.

Knows both in one call. Refuses to hold anybody up: while the table does not answer, what this process has seen counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.people import reach_from
from deadair.adapters.slack.members import Member
from deadair.domain.errors import DeadairError
from deadair.domain.ownership import Person
from deadair.domain.reachability import Reach
from deadair.usecases.know_member import is_fresh


@dataclass(frozen=True, slots=True)
class Clock:
    """A zone, its name, and who says that it is theirs: `own`, `slack`, or nobody."""

    zone: tzinfo = UTC
    name: str = "UTC"
    said_by: str = ""


def own_clock(members: MemberStore, person: Person, now: datetime, ask: Callable[[], Member | None]) -> Clock:
    """The clock of a person. `ask` is what Slack says now; it is asked when what is kept is old."""
    reach, member = _what_is_kept(members, person, now)
    own = reach.timezone if reach and (reach.hours or reach.timezone != "UTC") else ""
    if not own and not is_fresh(member, now):
        member = ask() or member
    shown = member.timezone if member else ""
    return clock_named(own, "own") or clock_named(shown, "slack") or Clock()


def clock_named(name: str, said_by: str = "") -> Clock | None:
    """The clock of a zone's name; None for a name that is none."""
    try:
        return Clock(ZoneInfo(name), name, said_by) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _what_is_kept(members: MemberStore, person: Person, now: datetime) -> tuple[Reach | None, Member | None]:
    """What somebody set, and what Slack said of them, in one call."""
    who = person.slack_id or person.email
    seen = members.remembered(who)
    wanted = [keys.person(person.email)] if person.email else []
    wanted += [] if is_fresh(seen, now) or not who else [keys.member(who.casefold() if "@" in who else who)]
    try:
        items = read_many(members.client, members.table, wanted) if wanted else []
    except (BotoCoreError, ClientError, DeadairError):
        return None, seen
    reach = next((reach_from(item) for item in items if item["pk"]["S"].startswith("PERSON#")), None)
    kept = next((members.learn(who, item) for item in items if item["pk"]["S"].startswith("MEMBER#")), seen)
    return reach, kept
