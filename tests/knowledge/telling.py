"""A cause becomes a write-up: in a voice, with numbers, a wrong track or two and a table, the same for the same seed.

Knows how people write such things: in five questions, as a story, as a log, in a hurry, at length, in British spelling.
Refuses to know queries. What is said beside the cause (wrong tracks, lessons) speaks of other causes on purpose: in
real write-ups too every word stands in many documents.
"""

import random
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template

from deadair.domain.document import Document
from tests.knowledge.causes import WAYS, Cause, Place

SAYINGS = tomllib.loads(Path(__file__).with_name("sayings.toml").read_text("utf-8"))
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
IZE = re.compile(r"(?<=[a-z]{3})iz(?=(?:e|ed|es|ing|ation|ations)\b)")


class Told:
    """One telling: the words of a card at a place, with everything filled in."""

    def __init__(self, cause: Cause, way: int, place: Place, rng: random.Random, *, mixed: bool = False) -> None:
        self.cause, self.way, self.place, self.rng, self.mixed = cause, way, place, rng, mixed
        source, target = place.ends
        self.owner, self.company = (
            rng.choice(SAYINGS["people"]),
            rng.choice(SAYINGS["first"]) + rng.choice(SAYINGS["second"]),
        )
        self.at = datetime(2023, 1, 9, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 1380))
        self.filled = {
            "src": source, "dst": target, "co": self.company, "p": self.owner, "day": rng.choice(DAYS),
            "n": f"{rng.choice((rng.randrange(14, 990), rng.randrange(1000, 48000))):,}",
            "n2": str(rng.randrange(3, 90)), "y": str(rng.randrange(2016, 2023)),
            "k": str(rng.randrange(2, 60)), "h": str(rng.randrange(2, 71)), "m": str(rng.randrange(11, 59)),
            "v": f"{rng.randrange(3, 90) * 100:,}", "pct": str(rng.randrange(9, 93)),
            "id": f"{rng.getrandbits(40):010x}", "date": self.at.date().isoformat(),
        }  # fmt: skip

    def say(self, text: str) -> str:
        """The text with its blanks filled in."""
        return Template(text).safe_substitute(self.filled)

    def of(self, part: str) -> str:
        """A part of the card, told in this way (or in any, where tellings are mixed)."""
        ways = getattr(self.cause, part)
        return self.say(ways[self.rng.randrange(WAYS) if self.mixed else self.way])

    def one(self, pool: str, count: int = 1) -> str:
        """Some sentences of a pool of sayings."""
        return " ".join(self.say(text) for text in self.rng.sample(SAYINGS[pool], count))

    def actions(self, count: int) -> list[str]:
        """Things to be done."""
        return [self.say(text) for text in self.rng.sample(SAYINGS["done"], count)]

    def code(self) -> str:
        """The error as it was seen, as a block; empty where nothing was seen."""
        code = self.of("code")
        return f"```\n{code}\n```" if code else ""

    def timeline(self) -> list[tuple[str, str]]:
        """Hours and what happened then."""
        at, told = self.at, []
        for step in SAYINGS["steps"]:
            if self.rng.random() < 0.8:
                told.append((f"{at:%H:%M}", step))
            at += timedelta(minutes=self.rng.randrange(4, 240))
        return told


def questions(told: Told) -> str:
    """The five questions, with a table."""
    rows = "\n".join(f"| {at} | {what} |" for at, what in told.timeline())
    return _text(
        told.one("work"),
        f"## What broke?\n\n{told.of('broke')} {told.of('saw')}",
        told.code(),
        f"## When did it start?\n\n| UTC | what |\n|---|---|\n{rows}",
        f"## How was it detected?\n\n{_found(told)} {told.one('tracks')}",
        f"## What was the fix?\n\n{told.of('fix')} {told.one('harm')}",
        f"## What would have caught it earlier?\n\n{told.of('catch')} {told.one('well')}",
    )


def story(told: Told) -> str:
    """A story in British spelling, at length."""
    text = _text(
        f"{told.one('work', 2)} {told.of('saw')}",
        f"{told.one('tracks', 2)} What it really was: {told.of('broke')}",
        told.code() and f"The line that gave it away:\n\n{told.code()}",
        f"{told.of('fix')} {told.one('harm', 2)}",
        f"{told.one('well', 2)} Looking back, one thing would have helped: {told.of('catch')}",
        "### Follow-ups\n\n" + "\n".join(f"- {one}" for one in told.actions(3)),
    )
    for american, british in SAYINGS["british"].items():
        text = text.replace(american, british)
    return IZE.sub("is", text)


def terse(told: Told) -> str:
    """Bullets, no more than is needed."""
    points = {
        "Broke": told.of("broke"),
        "Seen": told.of("saw"),
        "Not": told.one("tracks", 2),
        "Fix": told.of("fix"),
        "Cost": told.one("harm"),
        "Next time": told.of("catch"),
    }
    bullets = "\n".join(f"- {point}: {words}" for point, words in points.items())
    heading = f"**{told.place.name}**, {told.filled['day']}, {told.filled['h']} h. {told.one('work')}"
    return _text(heading, bullets, told.code(), "Open:\n" + "\n".join(f"- {one}" for one in told.actions(2)))


def sloppy(told: Told) -> str:
    """Written at two in the morning."""
    parts = (
        told.one("work"),
        told.one("tracks"),
        told.of("broke"),
        told.of("saw"),
        told.of("fix"),
        told.one("harm"),
        told.one("well"),
    )
    text = " ".join(parts).lower().replace("n't", "nt")
    for right, wrong in SAYINGS["slips"].items():
        text = text.replace(right, wrong)
    late = f"quick writeup, will clean up later ({told.owner.split()[0]})"
    todo = f"todo: {told.of('catch').lower()} {' '.join(told.actions(2)).lower()}"
    return _text(late, text, told.code(), todo)


def log(told: Told) -> str:
    """What was said in the channel, copied together."""
    names = told.rng.sample([name.split()[0].lower() for name in SAYINGS["people"]], 3)
    lines = (
        told.of("saw"),
        told.one("tracks"),
        told.of("broke"),
        told.one("tracks"),
        told.of("fix"),
        told.one("well"),
        told.of("catch"),
    )
    at, said = told.at, []
    for line in lines:
        said.append(f"> **{at:%H:%M} {told.rng.choice(names)}** {line}")
        at += timedelta(minutes=told.rng.randrange(2, 90))
    return _text(
        "Copied from the incident channel, cut a little.",
        "\n>\n".join(said),
        told.code(),
        told.one("work"),
        told.one("harm"),
    )


def formal(told: Told) -> str:
    """For the committee, at length."""
    rows = "\n".join(f"{at} UTC — {what}.  " for at, what in told.timeline())
    facts = {
        "Severity": told.cause.severity[told.way],
        "Company": told.company,
        "Reported by": told.owner,
        "Reference": told.filled["id"],
    }
    table = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    return _text(
        f"# Summary\n\n| | |\n|---|---|\n{table}\n\n{told.of('broke')}",
        f"# Background\n\n{told.one('work', 3)}",
        f"# Detection\n\n{_found(told)} {told.of('saw')}",
        told.code(),
        f"# Analysis\n\n{told.one('tracks', 3)} None of these applied.",
        f"# Resolution\n\n{told.of('fix')}\n\n{rows}",
        f"# Impact\n\n{told.one('harm', 3)}",
        f"# Lessons\n\n{told.one('well', 3)} {told.of('catch')}",
        "# Actions\n\n" + "\n".join(f"{at}. {one}" for at, one in enumerate(told.actions(4), 1)),
    )


VOICES: tuple[Callable[[Told], str], ...] = (questions, terse, story, log, formal, sloppy)


def document(name: str, told: Told, voice: Callable[[Told], str]) -> Document:
    """The write-up as a document with its facets."""
    cause, way = told.cause, told.way
    return Document(
        id=name,
        title=told.of("titles"),
        date=told.at,
        body=voice(told),
        company=told.company,
        integration=told.place.slug,
        integration_name=told.place.name,
        owner=told.owner,
        severity=cause.severity[way],
        failure_class=cause.failure_class,
        vendor=told.place.vendor,
        detected_by=cause.found[way],
        consent=cause.consent[way],
        fix=told.of("fix"),
        tags=cause.tags,
    )


def _found(told: Told) -> str:
    found = told.cause.found[told.way]
    return (
        "A person noticed, no alarm did."
        if found == "person"
        else f"The {found.replace('_', ' ')} alarm, after {told.filled['m']} minutes."
    )


def _text(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
