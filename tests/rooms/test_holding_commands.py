"""Claims about `deadair maintenance` and `deadair people`, as an operator runs them."""

import json

import pytest

from tests.stack import Deadair, Register

pytestmark = pytest.mark.stack
ZOE = "zoe.okonkwo@example.com"


def test_maintenance_is_planned_listed_and_ended(deadair: Deadair, register: Register) -> None:
    one, two = register(), register()

    status, said, err = deadair(
        "maintenance", "add", one, two, "--from", "2099-11-24T20:00 Europe/Berlin", "--for", "2h", "--reason", "=move"
    )
    listed = json.loads(deadair("maintenance", "list", "--json")[1])
    (window,) = [each for each in listed if one in each["integrations"]]
    ended = deadair("maintenance", "end", window["id"], "--json")
    left = json.loads(deadair("maintenance", "list", "--json")[1])

    assert (status, err) == (0, "")
    assert "2099-11-24 19:00 UTC (2099-11-24 20:00 Europe/Berlin)" in said
    assert "2099-11-24 21:00 UTC (2099-11-24 22:00 Europe/Berlin)" in said
    assert (window["from"], window["until"]) == ("2099-11-24T19:00:00.000+00:00", "2099-11-24T21:00:00.000+00:00")
    assert sorted(window["integrations"]) == sorted([one, two])
    assert json.loads(ended[1])["id"] == window["id"]
    assert not [each for each in left if each["id"] == window["id"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("stranger", "--for", "2h"), "The registry has no stranger."),
        (("stranger", "--for", "2h", "--until", "2099-11-24T20:00Z"), "Give either --until or --for."),
        (("stranger", "--until", "2099-11-24T20:00"), "2026-11-24T20:00+01:00"),
    ],
)
def test_odd_maintenance_is_refused_with_a_remedy(deadair: Deadair, arguments: tuple[str, ...], said: str) -> None:
    status, _, err = deadair("maintenance", "add", *arguments, "--reason", "x")

    assert status == 1
    assert said in err


def test_a_person_of_the_registry_is_away_and_back_and_has_hours(deadair: Deadair, register: Register) -> None:
    register()

    away = deadair("people", "away", ZOE.upper(), "--from", "2099-01-01", "--until", "2099-01-09", "--why", "holiday")
    hours = deadair("people", "hours", ZOE, "--timezone", "Africa/Lagos", "--hours", "09:00-17:00", "--json")
    table = deadair("people", "list")[1]
    listed = {one["email"].lower(): one for one in json.loads(deadair("people", "list", "--json")[1])}
    back = json.loads(deadair("people", "away", ZOE, "--back", "--json")[1])

    assert "2099-01-01 to 2099-01-09 (holiday)" in away[1]
    assert "at any time" in table
    assert json.loads(hours[1])["hours"] == ["09:00-17:00"]
    # The stack was deployed with Maren, whom the registry may name or not.
    assert "maren.holt@example.com" in table
    assert "dministrator" in table
    assert listed[ZOE]["administrator"] is False
    assert listed[ZOE]["timezone"] == "Africa/Lagos"
    assert listed[ZOE]["away"] == [{"from": "2099-01-01", "until": "2099-01-09", "why": "holiday"}]
    assert (back["away"], back["timezone"]) == ([], "Africa/Lagos")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("away", "nobody@example.com", "--until", "2099-01-01"), "See `deadair people list`."),
        (("away", ZOE), "Give either --until or --back."),
        (("away", ZOE, "--until", "2001-01-01", "--from", "2000-12-01"), "Those days are over."),
        (("hours", ZOE, "--hours", "09:00-13:00", "--hours", "12:00-17:00"), "The hours overlap."),
    ],
)
def test_what_cannot_be_said_of_a_person_is_refused_with_a_remedy(
    deadair: Deadair, register: Register, arguments: tuple[str, ...], said: str
) -> None:
    register()

    status, _, err = deadair("people", *arguments)

    assert status == 1
    assert said in err
