"""Who answers for an integration.

Knows that an owner is one person. Refuses to know files, tables and Slack.
"""

import fnmatch
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from deadair.domain.alarm import DEADAIR, Transition, digest
from deadair.domain.errors import OddRow
from deadair.domain.severity import Severity

# The metrics of every stage are in this CloudWatch namespace, or below it.
STAGES = "Deadair"
# More than a registry of a few thousand rows needs; a compiled pattern takes some 2 KB.
PATTERNS_KEPT = 8192
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,62}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Person:
    """One human being. `slack_id` may be empty (then there is no direct message to send)."""

    name: str
    email: str = ""
    slack_id: str = ""


def same_person(one: Person, other: Person) -> bool:
    """Whether two entries name the same human being: the same Slack id or the same address.

    Either is enough: ids are left behind in old rows, and addresses change. A name decides only where one of the two
    is nothing but a name, because anybody can give themselves another's.
    """
    if one.slack_id and one.slack_id == other.slack_id:
        return True
    if one.email and other.email and one.email.strip().casefold() == other.email.strip().casefold():
        return True
    bare = not (one.slack_id or one.email) or not (other.slack_id or other.email)
    return bare and bool(one.name.strip()) and _said(one.name) == _said(other.name)


def _said(name: str) -> str:
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Integration:
    """A row of the ownership registry, as the rest of the code reads it.

    `row` is the whole validated row (JSON types) for pages and exports; the named fields are those that
    decide something.
    """

    slug: str
    name: str
    owner: Person
    deputy: Person | None = None
    severity: Severity = Severity.SEV3
    consent: bool = False
    source: str = ""
    destination: str = ""
    runbook: str = ""
    alarm_patterns: tuple[str, ...] = ()
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that its data go through."""
        return tuple(filter(None, (self.source, self.destination)))


@contextmanager
def understanding(part: str) -> Iterator[None]:
    """Read a part of a row. Whatever comes of fields that no import has checked leaves as OddRow."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as odd:
        raise OddRow(f"What a row says of its {part} cannot be understood.") from odd


def find_integration(transition: Transition, rows: list[Integration]) -> Integration | None:
    """The integration that an alarm belongs to: its dimension `Integration`, else the best alarm pattern.

    A longer pattern is the more precise one and wins; at equal length the slug that sorts first wins, so
    that two matches always end the same. None when no row matches.
    """
    found = claims(named_by(transition), transition.alarm.name, rows)
    return found[0] if found else None


def named_by(transition: Transition) -> str:
    """The slug that an alarm itself names, whether there is such a row or not; empty for none."""
    said = transition.dimensions.get("Integration") or transition.tags.get("Integration") or ""
    return said if SLUG.fullmatch(said) else ""


def claims(named: str, alarm: str, rows: list[Integration]) -> list[Integration]:
    """The row that the alarm names, else those that claim it equally well by a pattern, by slug."""
    if named and (row := next((row for row in rows if row.slug == named), None)):
        return [row]
    lengths: dict[str, int] = {}
    for row in rows:
        fitting = [len(pattern) for pattern in row.alarm_patterns if matches_pattern(alarm, pattern)]
        if fitting:
            lengths[row.slug] = max(fitting)
    best = max(lengths.values(), default=0)
    return sorted((row for row in rows if lengths.get(row.slug) == best), key=lambda row: row.slug) if lengths else []


def matches_pattern(name: str, pattern: str) -> bool:
    """Whether a whole alarm name fits a pattern of `*` and `?`, case-sensitively. Never a regular expression."""
    return _compiled(pattern).fullmatch(name) is not None


@lru_cache(maxsize=PATTERNS_KEPT)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Every alarm is held against every pattern: compiled anew each time, a thousand rows cost 0.3 s per alarm."""
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which alarms are ours. An empty tuple admits every value.

    `namespace` is where this stage's own metrics are: an alarm that looks at them is ours whatever its name, one that
    looks at those of another stage in the same account is that stage's.
    """

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    namespace: str = ""

    def refuses(self, transition: Transition) -> str:
        """Why an alarm is outside, as one word for counting; empty when it is inside."""
        alarm = transition.alarm
        if transition.author == DEADAIR:
            return ""
        if self.accounts and alarm.account not in self.accounts:
            return "account_out_of_scope"
        if self.regions and alarm.region not in self.regions:
            return "region_out_of_scope"
        if self._of_a_stage(transition):
            return "" if transition.namespace == self.namespace else "another_stage"
        if self.prefixes and not alarm.name.startswith(self.prefixes):
            return "name_out_of_scope"
        return ""

    def _of_a_stage(self, transition: Transition) -> bool:
        return bool(self.namespace) and transition.namespace.partition("/")[0] == STAGES


def unmatched_slug(transition: Transition) -> str:
    """The stand-in slug of an alarm that no row claims: one per alarm, so that strangers do not share an incident."""
    return own_line(transition.alarm.key)


def own_line(alarm_key: str) -> str:
    """The line of one alarm alone, before that of its integration."""
    return f"unmatched-{digest(alarm_key)[:12]}"
