"""Claims about what belongs together, on a real table: reopening, merging, splitting, and where later news go."""

import pytest

from deadair.adapters.dynamodb.items import instant, to_item
from deadair.adapters.dynamodb.keys import maintenance
from deadair.domain.errors import IllegalTransition, Invalid, Refusal, Stale
from deadair.domain.incident import Incident
from deadair.domain.stages import Ending, Status
from deadair.domain.timeline import Fact
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.draft_postmortem import draft_postmortem
from deadair.usecases.false_alarm import false_alarm
from deadair.usecases.merge import merge
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.split import split
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import an_actor, at, the_owner
from tests.rooms.intake_room import Intake
from tests.stack import Register

pytestmark = pytest.mark.stack


def the(intake: Intake, name: str = "") -> Incident:
    (incident,) = intake.incidents(name)
    return incident


def opened(intake: Intake, suffix: str = "", minutes: float = 0) -> Incident:
    """An incident of an alarm that no row claims."""
    intake.take(intake.event(minutes=minutes, name=intake.name + suffix))
    return the(intake, intake.name + suffix)


def facts(intake: Intake, number: int) -> list[Fact]:
    return [entry.fact for entry in intake.store.timeline(number)]


def balances(stack: Target, table: str) -> bool:
    return verify_ledger(stack.client("dynamodb"), table, Queues(stack.client("sqs"))).balances


def test_an_alarm_within_the_window_reopens_the_same_incident_and_waits_for_somebody(intake: Intake) -> None:
    number = opened(intake).number
    acknowledge(intake.store, number, an_actor(), now=at(1))
    resolve(intake.store, number, an_actor(), "Rotated.", now=at(10))

    intake.take(intake.event("OK", 11), intake.event("ALARM", 39))

    again = the(intake)
    assert (again.number, again.status, again.reopened, again.ending) == (number, Status.OPEN, 1, None)
    assert (again.acknowledged_at, again.pending_since, again.resolved_at) == (None, at(60), None)
    assert facts(intake, number) == [Fact.OPENED, Fact.ACKNOWLEDGED, Fact.RESOLVED, Fact.RECOVERED, Fact.REOPENED]


def test_an_alarm_after_the_window_opens_another(intake: Intake) -> None:
    number = opened(intake).number
    resolve(intake.store, number, an_actor(), now=at(10))

    intake.take(intake.event("ALARM", 41))

    assert the(intake).number != number
    assert not intake.store.get(number).is_open


def test_the_row_says_how_long_the_window_is(intake: Intake, register: Register) -> None:
    slug = register(handling={"reopen_min": 0})
    intake.name = f"{slug}-silence"
    intake.take(intake.event())
    (first,) = intake.store.of_integration(slug)
    resolve(intake.store, first.number, the_owner(first), now=at(10))

    intake.take(intake.event("ALARM", 11))

    assert len(intake.store.of_integration(slug)) == 2


def test_a_row_that_was_changed_a_moment_ago_says_whether_an_ended_incident_goes_on(
    intake: Intake, register: Register
) -> None:
    slug = register()
    intake.name = f"{slug}-silence"
    intake.take(intake.event())
    (first,) = intake.store.of_integration(slug)
    resolve(intake.store, first.number, the_owner(first), now=at(10))
    register(slug=slug, name=first.integration_name, alarm_patterns=[f"{slug}-*"], handling={"reopen_min": 0})

    intake.take(intake.event("ALARM", 11))

    assert len(intake.store.of_integration(slug)) == 2
    assert not intake.store.get(first.number).is_open


def test_an_alarm_that_rings_again_takes_a_false_alarm_back(intake: Intake) -> None:
    number = opened(intake).number
    ended = false_alarm(intake.store, number, an_actor(), "A test of the vendor.", now=at(5))
    assert (ended.ending, draft_postmortem(intake.store, number, now=at(6))) == (Ending.FALSE_ALARM, None)

    intake.take(intake.event("ALARM", 20))

    assert (the(intake).number, the(intake).ending) == (number, None)


def test_a_false_alarm_needs_a_reason(intake: Intake) -> None:
    with pytest.raises(Invalid) as refused:
        false_alarm(intake.store, opened(intake).number, an_actor(), " ", now=at(5))
    assert refused.value.field == "reason"


def test_a_flapping_alarm_leaves_one_incident_that_knows_it_and_every_change(intake: Intake) -> None:
    intake.take(*[intake.event("OK" if minute % 2 else "ALARM", minute) for minute in range(20)])

    assert the(intake).flapping
    assert len(intake.store.timeline(the(intake).number)) == 20


def test_whoever_resolves_while_an_alarm_rings_leaves_word_of_it(intake: Intake) -> None:
    number = opened(intake).number
    resolve(intake.store, number, an_actor(), "Rotated the token.", now=at(5))

    said = intake.store.timeline(number)[-1].text
    assert said == f"Resolved: Rotated the token. (Still in ALARM: {intake.name}.)"


def test_a_window_of_maintenance_is_on_an_incident_from_its_opening(intake: Intake, register: Register) -> None:
    slug = register()
    window = {"id": "MW-1", "begins_at": instant(at(30)), "ends_at": instant(at(90)), "why": "Move", "by": "Ana Lima"}
    item = maintenance(slug) | to_item({"slug": slug, "windows": [window], "version": 1})
    intake.dynamodb.put_item(TableName=intake.table, Item=item)
    intake.name = f"{slug}-silence"

    intake.take(intake.event())

    (held,) = intake.store.of_integration(slug)
    assert held.is_open
    assert held.maintenance
    assert (held.maintenance.why, held.maintenance.until) == ("Move", at(90))


def test_what_is_merged_goes_on_as_the_other_with_all_later_news(intake: Intake, stack: Target, table: str) -> None:
    one, other = opened(intake), opened(intake, "-b", 5)

    ended = merge(intake.store, other.number, one.number, an_actor(), now=at(10))
    intake.take(intake.event("OK", 11, name=intake.name + "-b"), intake.event("OK", 12))

    together = intake.store.get(one.number)
    assert (ended.ending, ended.merged_into, ended.is_open) == (Ending.MERGED, one.number, False)
    assert together.recovered_at == at(12)
    assert len(together.alarms) == 2
    assert facts(intake, other.number) == [Fact.OPENED, Fact.MERGED]
    assert facts(intake, one.number).count(Fact.MERGED) == 1
    assert draft_postmortem(intake.store, other.number, now=at(13)) is None
    assert balances(stack, table)


def test_what_was_merged_twice_is_followed_to_its_end(intake: Intake) -> None:
    numbers = [opened(intake, f"-{letter}").number for letter in "abc"]
    merge(intake.store, numbers[2], numbers[1], an_actor(), now=at(10))
    merge(intake.store, numbers[1], numbers[0], an_actor(), now=at(11))

    intake.take(intake.event("OK", 12, name=intake.name + "-c"))

    assert [alarm.name[-1] for alarm in intake.store.get(numbers[0]).alarms.values() if alarm.state == "OK"] == ["c"]


def test_an_alarm_of_what_was_merged_reopens_where_it_went(intake: Intake) -> None:
    one, other = opened(intake), opened(intake, "-b")
    merge(intake.store, other.number, one.number, an_actor(), now=at(10))
    resolve(intake.store, one.number, an_actor(), now=at(20))

    intake.take(intake.event("ALARM", 25, name=intake.name + "-b"))

    assert intake.store.get(one.number).status is Status.OPEN


def test_a_merge_that_makes_no_sense_is_refused_with_a_way_out(intake: Intake) -> None:
    one, other = opened(intake).number, opened(intake, "-b").number
    resolved = opened(intake, "-c").number
    resolve(intake.store, resolved, an_actor(), now=at(10))

    def refusal(number: int, into: int) -> str:
        with pytest.raises(Refusal) as refused:
            merge(intake.store, number, into, an_actor(), now=at(11))
        return f"{refused.value.field}: {refused.value.remedy}"

    assert refusal(one, one) == f"into: merge {one} into an open incident"
    assert refusal(one, resolved).startswith("into: reopen")
    assert refusal(resolved, one) == f"status: reopen {resolved}"
    merge(intake.store, other, one, an_actor(), now=at(12))
    assert refusal(other, one) == f"status: show {one}"
    assert refusal(one, other) == f"into: show {one}"
    assert refusal(resolved, other) == f"into: merge {resolved} into {one}"


def test_a_merged_incident_cannot_be_reopened(intake: Intake) -> None:
    one, other = opened(intake).number, opened(intake, "-b").number
    merge(intake.store, other, one, an_actor(), now=at(10))

    with pytest.raises(IllegalTransition, match=f"merged into INC-{one}"):
        reopen(intake.store, other, an_actor(), now=at(11))


def test_consent_is_not_merged_into_an_incident_without(intake: Intake, register: Register) -> None:
    slug = register(data_classes=["consent"])
    name = f"{slug}-silence"
    intake.take(intake.event(name=name))
    (consent,) = intake.store.of_integration(slug)
    plain = opened(intake)

    with pytest.raises(Invalid) as refused:
        merge(intake.store, consent.number, plain.number, an_actor(), now=at(10))
    assert refused.value.remedy == f"merge {plain.number} into {consent.number}"


def test_alarms_that_are_split_off_take_their_later_news_along(intake: Intake, register: Register) -> None:
    slug = register()
    names = [f"{slug}-{what}" for what in ("errors", "silence")]
    intake.take(*[intake.event(name=name, minutes=minute) for minute, name in enumerate(names)])
    (whole,) = intake.store.of_integration(slug)

    new = split(intake.store, whole.number, [names[1]], the_owner(whole), now=at(10))
    intake.take(intake.event("OK", 11, name=names[1]), intake.event("ALARM", 12, name=names[0]))

    rest, part = intake.store.get(whole.number), intake.store.get(new.number)
    assert (next(iter(rest.alarms.values())).name, rest.recovered_at) == (names[0], None)
    assert (next(iter(part.alarms.values())).name, part.recovered_at) == (names[1], at(11))
    assert (part.owner, part.integration, part.split_from) == (whole.owner, slug, whole.number)
    assert (part.started_at, rest.started_at) == (at(1), whole.started_at)
    assert facts(intake, part.number) == [Fact.SPLIT, Fact.RECOVERED]

    resolve(intake.store, part.number, the_owner(part), now=at(20))
    intake.take(intake.event("ALARM", 25, name=names[1]))
    assert intake.store.get(part.number).reopened == 1
    assert len(intake.store.get(whole.number).alarms) == 1


def test_a_split_names_alarms_that_there_are_and_leaves_some(intake: Intake) -> None:
    number = opened(intake).number

    for alarms, said in ([], "Which"), (["other"], "no alarm `other`"), ([intake.name], "all alarms"):
        with pytest.raises(Invalid, match=said):
            split(intake.store, number, alarms, an_actor(), now=at(10))


def test_while_another_incident_of_the_integration_is_open_an_old_one_is_not_reopened(intake: Intake) -> None:
    old = opened(intake).number
    resolve(intake.store, old, an_actor(), now=at(1))
    new = opened(intake, minutes=50).number

    with pytest.raises(IllegalTransition) as refused:
        reopen(intake.store, old, an_actor(), now=at(60))
    assert refused.value.remedy.startswith(f"note {new}")

    resolve(intake.store, new, an_actor(), now=at(61))
    reopen(intake.store, old, an_actor(), now=at(62))
    intake.take(intake.event("ALARM", 63))
    assert the(intake).number == old


def test_a_merge_that_loses_a_race_changes_nothing(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = opened(intake), opened(intake, "-b")
    real = intake.store.commit

    def late(writes: list[dict[str, object]], what: str) -> None:
        monkeypatch.undo()
        acknowledge(intake.store, one.number, an_actor(), now=at(9))
        real(writes, what)

    monkeypatch.setattr(intake.store, "commit", late)
    with pytest.raises(Stale):
        merge(intake.store, other.number, one.number, an_actor(), now=at(10))
    assert intake.store.get(other.number) == other
