"""Claims about where two states of an item differ: putting every place back gives the other state."""

from typing import Any

from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.dynamodb.items import Item
from deadair.adapters.dynamodb.places import places, value_at, with_value
from deadair.adapters.dynamodb.step_writes import MOST_BYTES, step_writes
from deadair.adapters.dynamodb.steps import Changed, step_from
from deadair.domain.timeline import Entry, Fact, Source
from tests.builders import an_actor, at

NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.one_of(st.integers(0, 2), st.text("xy", max_size=2), st.lists(st.integers(0, 1), max_size=2), st.booleans())
FLAT = st.dictionaries(NAMES, VALUES, min_size=1, max_size=3)
STATES = st.fixed_dictionaries(
    {},
    optional={
        "status": VALUES,
        "owner": FLAT,
        "alarms": st.dictionaries(NAMES, FLAT, min_size=1, max_size=3),
        "milestones": FLAT,
        "escalation": FLAT,
    },
)
serialize = TypeSerializer().serialize


def item(fields: dict[str, Any]) -> Item:
    return {name: serialize(value) for name, value in fields.items()}


@given(STATES, STATES)
def test_every_place_put_back_gives_the_state_before_and_put_again_the_one_after(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    before, after = item(one), item(other)
    found = places(before, after, frozenset())
    back, again = after, before
    for place in found:
        assert (value_at(before, place.path), value_at(after, place.path)) == (place.before, place.after)
        back, again = with_value(back, place.path, place.before), with_value(again, place.path, place.after)

    assert places(before, back, frozenset()) == []
    assert places(after, again, frozenset()) == []


@given(STATES)
def test_the_same_state_differs_nowhere(one: dict[str, Any]) -> None:
    assert places(item(one), item(one), frozenset()) == []


def test_who_changes_one_attribute_of_an_alarm_does_not_meet_who_changes_another() -> None:
    before = item({"alarms": {"k": {"state": "ALARM", "rang_at_end": False}}})
    ended = item({"alarms": {"k": {"state": "ALARM", "rang_at_end": True}}})
    (place,) = places(before, ended, frozenset())
    spoken = with_value(ended, ("alarms", "k", "state"), {"S": "OK"})

    assert place.path == ("alarms", "k", "rang_at_end")
    assert with_value(spoken, place.path, place.before) == item(
        {"alarms": {"k": {"state": "OK", "rang_at_end": False}}}
    )


@given(STATES, STATES)
def test_a_step_is_read_as_it_was_written(one: dict[str, Any], other: dict[str, Any]) -> None:
    key = {"pk": {"S": "INC#42"}, "sk": {"S": "HEAD"}}
    changed = Changed(key, tuple(places(item(one), item(other), frozenset())))
    (write,) = step_writes("table", [(42, _entry())], [changed])

    assert step_from(42, write["Put"]["Item"]).changed == (changed,)


def test_a_step_that_changed_more_than_an_item_holds_says_so() -> None:
    key = {"pk": {"S": "INC#42"}, "sk": {"S": "HEAD"}}
    long = places({}, item({"fix": "x" * MOST_BYTES}), frozenset())
    (write,) = step_writes("table", [(42, _entry())], [Changed(key, tuple(long))])
    step = step_from(42, write["Put"]["Item"])

    assert (step.large, step.changed) == (True, ())


def _entry() -> Entry:
    actor, now = an_actor(), at(0)
    return Entry("INC-42", "e1", Fact.NOTED, now, now, "Ana Lima", Source.SLACK, "I look.", actor=actor)
