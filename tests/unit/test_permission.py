"""Who may do what: every kind of person, every way in which an incident can be somebody's, every act."""

from dataclasses import replace
from itertools import product

import pytest

from deadair.domain.errors import NotAllowed
from deadair.domain.escalation import Escalation, Rung, Told
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.permission import Act, check, check_row, may, may_change, signed
from deadair.domain.rights import Rights
from deadair.domain.stages import Status
from deadair.domain.standing_in import addresses_in, everybody, is_admin, known_as, rights_of
from deadair.domain.timeline import Actor, Source
from tests.builders import ANA, BEN, FALLBACK, an_incident, an_integration, at

LEE = Person("Lee Park", "lee.park@example.com", "U0LEE")
ZOE = Person("Zoë Okonkwo", "zoe.okonkwo@example.com", "U0ZOE")
SLUG = "hubspot-salesforce"
ADMINS = addresses_in("zoe.okonkwo@example.com, Admin@Example.com")
ROW = an_integration(deputy=BEN, row={"escalation": {"name": LEE.name, "email": LEE.email}})

PEOPLE = {
    "owner": Actor(ANA, Source.SLACK, rights_of(ANA, [ROW], ADMINS)),
    "deputy": Actor(BEN, Source.SLACK, rights_of(BEN, [ROW], ADMINS)),
    "contact": Actor(LEE, Source.WEB, rights_of(LEE, [ROW], ADMINS)),
    "holder": Actor(Person("Hal Holder", "hal@example.com", "U0HAL"), Source.SLACK),
    "told": Actor(FALLBACK, Source.SLACK),
    "stranger": Actor(Person("Sam Stranger", "sam@example.com", "U0SAM"), Source.SLACK),
    "namesake": Actor(Person(ANA.name, "other.ana@example.com", "U0OTHER"), Source.SLACK),
    "admin": Actor(ZOE, Source.WEB, rights_of(ZOE, [ROW], ADMINS)),
    "insisting admin": Actor(ZOE, Source.WEB, rights_of(ZOE, [ROW], ADMINS, "Ana is on a plane")),
    "insisting stranger": Actor(Person("Sam Stranger"), Source.SLACK, Rights(override="I want to")),
    "operator": Actor(Person("cli:root"), Source.CLI),
    "Deadair": Actor(Person("Deadair"), Source.SYSTEM),
    "guest": Actor(
        Person("Gus Guest", "gus@elsewhere.example", "U0GUS"), Source.SLACK, Rights(barred="You are a guest.")
    ),
}
TOLD = Escalation(told=(Told(FALLBACK, Rung.FALLBACK, at(20)),))
HAL = PEOPLE["holder"].person
INCIDENTS: dict[str, Incident] = {
    "owned": an_incident(),
    "had": an_incident(status=Status.ACKNOWLEDGED, acknowledged_at=at(3), acknowledged_by=HAL.name, held_by=HAL),
    "had before that was kept": an_incident(acknowledged_at=at(3), acknowledged_by=HAL.name),
    "escalated": an_incident(escalation=TOLD),
    "handed to a stranger": an_incident(owner=PEOPLE["stranger"].person),
    "nobody reachable": an_incident(escalation=replace(TOLD, unreachable=at(40))),
    "no row": an_incident(integration="unmatched-1", owner=FALLBACK, owner_note="No row of the registry claims this."),
    "registry silent": an_incident(integration="unmatched-1", owner=FALLBACK, owner_pending=True),
    "owner gone": an_incident(owner=BEN, inactive_since=at(-1000), owner_note="Its owner is not there any more."),
}
STANDING_IN = {"owner", "deputy", "contact"}
ALWAYS = {"insisting admin", "operator", "Deadair"}
EVERYBODY = set(PEOPLE) - {"guest"}
WORKERS = {
    "owned": STANDING_IN | ALWAYS,
    "had": STANDING_IN | ALWAYS | {"holder"},
    "had before that was kept": STANDING_IN | ALWAYS | {"holder"},
    "escalated": STANDING_IN | ALWAYS | {"told"},
    "handed to a stranger": STANDING_IN | ALWAYS | {"stranger", "insisting stranger"},
    "nobody reachable": EVERYBODY,
    "no row": EVERYBODY,
    "registry silent": EVERYBODY,
    "owner gone": STANDING_IN | ALWAYS,
}


@pytest.mark.parametrize(("state", "who", "act"), list(product(INCIDENTS, PEOPLE, Act)))
def test_owner_deputy_contact_holder_and_told_work_everybody_says_and_takes_guests_do_nothing(
    state: str, who: str, act: Act
) -> None:
    may = WORKERS[state] if act is Act.WORK else EVERYBODY
    if who in may:
        check(INCIDENTS[state], PEOPLE[who], act)
        return
    with pytest.raises(NotAllowed):
        check(INCIDENTS[state], PEOPLE[who], act)


def test_the_refusal_says_whose_it_is_and_how_to_take_it() -> None:
    incident = an_incident(integration_name="HubSpot sync")
    with pytest.raises(NotAllowed) as refused:
        check(incident, PEOPLE["stranger"], Act.WORK)
    assert refused.value.message == "INC-42 belongs to Ana Lima (HubSpot sync)."
    assert refused.value.remedy == "assign 42 me why you take it"
    assert refused.value.incident is incident


def test_the_refusal_says_that_the_owner_is_not_there_any_more_and_who_has_it() -> None:
    gone = an_incident(integration_name="HubSpot sync", owner=LEE, inactive_since=at(60 * 24))
    with pytest.raises(NotAllowed) as refused:
        check(gone, PEOPLE["stranger"], Act.WORK)
    assert refused.value.message == "HubSpot sync has no active owner since 3 Nov. Escalated to Lee Park."
    assert refused.value.remedy == f"who {SLUG}"


def test_an_administrator_is_known_by_the_address_alone() -> None:
    assert is_admin(Person("", " Admin@example.com "), ADMINS)
    assert not is_admin(Person("admin@example.com", "", "U0ADMIN"), ADMINS)
    assert not is_admin(Person("Nobody"), addresses_in(" , "))


def test_rows_that_name_a_person_by_address_or_by_an_old_id_are_theirs() -> None:
    by_address = an_integration("one", owner=Person("A. Lima", "ANA.LIMA@example.com"))
    by_old_id = an_integration("two", owner=Person("Ana Lima", ANA.email, "U0ANABEFORE"))
    of_another = an_integration("three", owner=Person("Ana Lima", "other.ana@example.com", "U0OTHER"))
    assert rights_of(ANA, [by_address, by_old_id, of_another], frozenset()).stands_in_for == {"one", "two"}
    assert known_as(Person("ana", ANA.email, "U0ANA"), [by_old_id]) == ANA


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"guest"}))
def test_whatever_a_home_shows_as_somebodys_own_they_may_work_on(name: str) -> None:
    actor = PEOPLE[name]
    for incident in INCIDENTS.values():
        if any(one and same_person(one, actor.person) for one in (incident.owner, incident.holder)):
            assert may(incident, actor, Act.WORK)


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_a_row_is_changed_by_whom_it_names_by_administrators_and_by_whoever_holds_the_keys(name: str) -> None:
    named = {"owner", "deputy", "contact"}
    assert may_change(ROW, PEOPLE[name]) == (name in named | {"admin", "insisting admin", "operator", "Deadair"})


def test_a_row_without_an_owner_is_changed_by_whoever_it_still_names_and_by_administrators() -> None:
    ownerless = replace(ROW, owner=Person(""))

    assert [name for name in PEOPLE if may_change(ownerless, PEOPLE[name])] == [
        name for name in PEOPLE if name in {"deputy", "contact", "admin", "insisting admin", "operator", "Deadair"}
    ]
    with pytest.raises(NotAllowed, match="HubSpot → Salesforce belongs to Ben Okafor, Lee Park"):
        check_row(ownerless, PEOPLE["stranger"])
    with pytest.raises(NotAllowed, match="belongs to nobody yet"):
        check_row(an_integration(owner=Person("")), PEOPLE["stranger"])
    with pytest.raises(NotAllowed, match="guest"):
        check_row(ROW, PEOPLE["guest"])


def test_only_an_administrators_change_of_what_is_anothers_is_signed_as_such() -> None:
    assert signed("zoe", [ROW], PEOPLE["admin"]) == "zoe (administrator)"
    assert signed("zoe", [an_integration(deputy=ZOE), ROW], PEOPLE["admin"]) == "zoe (administrator)"
    assert signed("zoe", [an_integration(deputy=ZOE)], PEOPLE["admin"]) == "zoe"
    assert signed("ana", [ROW], PEOPLE["owner"]) == "ana"
    assert signed("root", [ROW], PEOPLE["operator"]) == "root"


def test_everybody_whom_the_registry_names_is_named_once_by_name_and_with_the_slack_id() -> None:
    rows = [
        an_integration(slug="a", owner=Person("Zoe", ""), deputy=Person(ANA.name, ANA.email)),
        an_integration(slug="b", owner=Person(ANA.name, ANA.email.upper(), ANA.slack_id)),
        an_integration(slug="c", owner=Person("")),
    ]

    found = everybody(rows)

    assert [(person.name, person.slack_id) for person in found] == [("Ana Lima", ANA.slack_id), ("Zoe", "")]
