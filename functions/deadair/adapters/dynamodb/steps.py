"""Steps of people, kept beside the incident for a day so that they can be taken back: what they are, and reading them.

Knows how long they are kept. Refuses to decide which may be taken back, and what becomes of values that changed since.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, when
from deadair.adapters.dynamodb.places import Place
from deadair.domain.ownership import Person
from deadair.domain.timeline import Fact

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Changed:
    """An item that a step changed, and where. `new`: the step made it."""

    key: keys.Key
    places: tuple[Place, ...] = ()
    new: bool = False

    @property
    def name(self) -> tuple[str, str]:
        """Both parts of its key."""
        return self.key["pk"]["S"], self.key["sk"]["S"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `entries` are its timeline entries by the number of their incident, its own first.

    `said` is what it says. Of one that takes another back, or does it again, `base` are the entries of the step that
    was there first, `said` is what that one says, and `turns` counts how often. `taken_back` is the entry that took it
    back. `large`: it changed more than can be kept. `carried_on_at`: what a form saves by itself goes on for a while.
    """

    number: int
    fact: Fact
    said: str
    by: Person
    at: datetime
    entries: dict[int, str]
    changed: tuple[Changed, ...] = ()
    base: dict[int, str] = field(default_factory=dict)
    turns: int = 0
    taken_back: str = ""
    large: bool = False
    carried_on_at: datetime | None = None

    @property
    def last_at(self) -> datetime:
        """When it last changed something."""
        return self.carried_on_at or self.at

    @property
    def entry(self) -> str:
        """The id of its entry on the incident that it is of."""
        return self.entries[self.number]


@dataclass(frozen=True, slots=True)
class Turn:
    """That a step takes another one back, or does it again."""

    base: dict[int, str]
    said: str
    turns: int

    @property
    def again(self) -> bool:
        """The step stands: it was taken back as often as it was done again."""
        return self.turns % 2 == 0


def read_steps(client: Any, table: str, number: int, now: datetime) -> list[Step]:
    """The steps of an incident that are still kept, the newest first."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :step)",
        ExpressionAttributeValues={":pk": {"S": keys.incident_pk(number)}, ":step": {"S": keys.STEP}},
        ScanIndexForward=False,
        ConsistentRead=True,
    )
    found = [step_from(number, item) for page in pages for item in page["Items"]]
    return [step for step in found if now < step.at + KEPT]


def read_step(client: Any, table: str, number: int, entry: str) -> Step | None:
    """One step with all that it changed; None where it is not kept (any more)."""
    item = client.get_item(TableName=table, Key=keys.step(number, entry), ConsistentRead=True).get("Item")
    if item is None:
        return None
    first = int(item["first"]["S"]) if "first" in item else number
    step = step_from(number, item)
    return step if first == number else read_step(client, table, first, step.entries[first])


def step_from(number: int, item: Item) -> Step:
    """A step from its item."""
    values = item.get("changed", {"L": []})["L"]
    f = from_item({name: value for name, value in item.items() if name != "changed"})
    return Step(
        number=number,
        fact=Fact(f["step"]),
        said=f["said"],
        by=Person(**f["by"]),
        at=datetime.fromisoformat(f["at"]).astimezone(UTC),
        entries=_numbered(f["entries"]),
        base=_numbered(f.get("base", {})),
        changed=tuple(_changed_from(value["M"]) for value in values),
        turns=f.get("turns", 0),
        taken_back=f.get("taken_back", ""),
        large=f.get("large", False),
        carried_on_at=when(f.get("carried_on_at")),
    )


def _numbered(entries: dict[str, str]) -> dict[int, str]:
    return {int(number): entry for number, entry in entries.items()}


def _changed_from(value: Item) -> Changed:
    told = tuple(_place_from(place["M"]) for place in value["places"]["L"])
    return Changed(value["key"]["M"], told, value["new"]["BOOL"])


def _place_from(value: Item) -> Place:
    return Place(tuple(name["S"] for name in value["path"]["L"]), value.get("before"), value.get("after"))
