"""The states of a step's incidents as if the step had not been taken, with all that others did since.

Knows what alarms and Deadair itself change: that stays as they made it. Refuses where a person changed the same since.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.changes import TAKEN_BACK
from deadair.adapters.dynamodb.incident_items import incident_from
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import Item
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.places import Place, value_at, with_value
from deadair.adapters.dynamodb.steps import Changed, Step
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.errors import NotFound
from deadair.domain.incident import Incident
from deadair.domain.taking_back import over_by_mistake, with_all, with_news

# What alarms, diagnosis and escalation change.
NOT_PEOPLES = frozenset(
    {"alarms", "started_at", "detected_at", "finding", "signal", "likely", "looked"}
    | {"escalation", "pending_since", "maintenance", "inactive_since", "tier", "systems", "number", "past", TAKEN_BACK}
)
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Restored:
    """The incidents by number, now and as they will be; the other items, now and as they will be.

    `met` are the places that somebody changed since: then nothing is to be written.
    """

    incidents: dict[int, tuple[Incident, Incident]] = field(default_factory=dict)
    items: list[tuple[Item, Item]] = field(default_factory=list)
    met: list[tuple[Name, Place]] = field(default_factory=list)


def restored(store: IncidentStore, step: Step, by: str, now: datetime) -> Restored:
    """Read everything and put it back. Raises NotFound, and IllegalTransition where a state does not allow it."""
    wanted = [*(one.key for one in step.changed), *(keys.incident(number) for number in step.entries)]
    items = {_name(item): item for item in read_many(store.client, store.table, wanted)}
    found = Restored()
    heads = [one for one in step.changed if one.name[1] == keys.HEAD and one.name[0].startswith(keys.INCIDENT)]
    for one in step.changed:
        if one not in heads and one.name in items:
            item = items[one.name]
            after, met = _without(item, one) if one.new else _put_back(item, one)
            found.items.append((item, after))
            found.met.extend((one.name, place) for place in met)
    now_are = {number: _incident(items, number) for number in step.entries}
    places = {int(one.name[0].removeprefix(keys.INCIDENT)): one for one in heads}
    for number, incident in now_are.items():
        one = places.get(number, Changed(keys.incident(number)))
        after, met = _put_back(items[one.name], one)
        found.met.extend((one.name, place) for place in met)
        was = over_by_mistake(incident, now_are[step.number], by, now) if one.new else incident_from(after)
        found.incidents[number] = (incident, was)
    _bring_news(found.incidents, places)
    for number, (incident, was) in found.incidents.items():
        found.incidents[number] = (incident, _stepped(incident, was, now))
    return found


def _stepped(before: Incident, after: Incident, now: datetime) -> Incident:
    if after.is_open and not before.is_open:
        after = replace(after, alarms={key: alarm.not_over() for key, alarm in after.alarms.items()})
    return replace(after, version=before.version + 1, touched_at=now)


def _put_back(item: Item, one: Changed) -> tuple[Item, list[Place]]:
    """The item with every value put back that still holds; and the places where a person's does not."""
    after, met = item, []
    for place in one.places:
        there = value_at(item, place.path)
        if there == place.after or (place.before is None and _is_an_alarm(place.path)):
            after = with_value(after, place.path, place.before)
        elif place.path[0] not in NOT_PEOPLES:
            met.append(place)
    return after, met


def _without(item: Item, one: Changed) -> tuple[Item, list[Place]]:
    """The item that the step made, taken back; an action item that went on since is somebody's work."""
    went_on = one.name[1].startswith(keys.ACTION) and item["version"]["N"] != "1"
    met = [Place(("version",), None, item["version"])] if went_on else []
    return {**item, TAKEN_BACK: {"S": "yes"}}, met


def _is_an_alarm(path: tuple[str, ...]) -> bool:
    """Whether it is one alarm as a whole: what came with the step goes with it, whatever it said since."""
    return len(path) == 2 and path[0] == "alarms"  # noqa: PLR2004 - the map and the alarm's key


def _bring_news(incidents: dict[int, tuple[Incident, Incident]], places: dict[int, Changed]) -> None:
    """Alarms that leave an incident take along, to where they are then, what they said while they were on it."""
    for number, one in places.items():
        current = incidents[number][0]
        heard = _leaving(current, one)
        for other, (before, after) in incidents.items():
            if other == number:
                continue
            told = with_all(after, current) if one.new else with_news(after, current, heard)
            incidents[other] = (before, told)


def _leaving(current: Incident, one: Changed) -> dict[str, AlarmOnIncident]:
    gone = [place.path[1] for place in one.places if _is_an_alarm(place.path) and place.before is None]
    return {key: current.alarms[key] for key in gone if key in current.alarms}


def _incident(items: dict[Name, Item], number: int) -> Incident:
    item = items.get((keys.incident_pk(number), keys.HEAD))
    if item is None:
        raise NotFound(f"There is no INC-{number}.", field="incident", remedy="list")
    return incident_from(item)


def _name(item: Item) -> Name:
    return item["pk"]["S"], item["sk"]["S"]
