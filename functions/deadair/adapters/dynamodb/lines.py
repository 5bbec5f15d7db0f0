"""Lines as items: what alarms know of an integration between messages, with the news that came too early.

Knows how little of an early arrival has to be kept. Refuses to know when it is taken in.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.transact import Write, put_new, put_over
from deadair.domain.alarm import CLOUDWATCH, AlarmIdentity, AlarmState, Reconfiguration, Signal, Transition, shown
from deadair.domain.alarm_entry import WORD_LIMIT, said
from deadair.domain.diagnosis import RESTING
from deadair.domain.early import Arrival
from deadair.domain.line import Line, Past


def line_fields(line: Line) -> dict[str, Any]:
    """A line as an item's fields."""
    early = [_arrival_text(arrival) for arrival in line.early]
    past = [{"number": one.number, "ended_at": instant(one.ended_at)} for one in line.past]
    told = {"slug": line.slug, "number": line.number, "early": early, "version": line.version}
    return told | ({"past": past} if past else {})


def line_from(item: dict[str, Any]) -> Line:
    """The inverse of `line_fields`."""
    early = tuple(_arrival_from(text) for text in item.get("early", ()))
    past = tuple(Past(f["number"], datetime.fromisoformat(f["ended_at"])) for f in item.get("past", ()))
    return Line(item["slug"], item.get("number"), early, past, item["version"])


def read_lines(client: Any, table: str, names: Iterable[str]) -> dict[str, Line]:
    """The lines of these names; one that is not there yet is empty. `client` is a low-level DynamoDB client."""
    wanted = list(dict.fromkeys(names))
    items = read_many(client, table, [keys.line(name) for name in wanted])
    found = {line.slug: line for line in (line_from(from_item(item)) for item in items)}
    return {name: found.get(name, Line(name)) for name in wanted}


def line_write(table: str, line: Line, was: Line) -> Write:
    """The line's new state, unless somebody wrote it since it was `was`."""
    item = line_item(line)
    return put_over(table, item, was.version) if was.version else put_new(table, item)


def line_item(line: Line) -> Item:
    """A line with its keys."""
    return keys.line(line.slug) | to_item(line_fields(line))


def _arrival_text(arrival: Arrival) -> str:
    """What an early arrival's entry will need, and no more: all that wait have to fit into one item of 400 KB.

    The texts are kept as the entry shows them, so that it reads the same as if it had come in its turn.
    """
    transition = arrival.transition
    fields = {
        "alarm": asdict(transition.alarm),
        "state": transition.state.value,
        "at": instant(transition.at),
        "stamp": instant(transition.stamp),
        "started_at": instant(transition.started_at),
        "reason": said(transition),
        "previous": shown(transition.previous, limit=WORD_LIMIT),
        "signal": transition.signal.value,
        "notes": [shown(note, limit=WORD_LIMIT) for note in transition.notes],
        "author": transition.author,
        "rests": transition.rests,
        "reconfigured": transition.reconfigured,
    }
    return json.dumps({"message_id": arrival.message_id, "transition": fields}, ensure_ascii=False)


def _arrival_from(text: str) -> Arrival:
    read = json.loads(text)
    f = read["transition"]
    started = f["started_at"]
    restored = f | {
        "alarm": AlarmIdentity(**f["alarm"]),
        "state": AlarmState(f["state"]),
        "at": datetime.fromisoformat(f["at"]),
        "stamp": datetime.fromisoformat(f["stamp"]),
        "started_at": datetime.fromisoformat(started) if started else None,
        "signal": Signal(f["signal"]),
        "notes": tuple(f["notes"]),
        # Lines that were written before Deadair spoke for itself name nobody.
        "author": f.get("author", CLOUDWATCH),
        "rests": f.get("rests", RESTING in f["notes"]),
        "reconfigured": Reconfiguration(f["reconfigured"]) if f.get("reconfigured") else None,
    }
    return Arrival(Transition(**restored), read["message_id"])
