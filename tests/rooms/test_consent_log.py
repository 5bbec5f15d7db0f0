"""Claims about the log of consent: everything is in it, in the same write, and nobody tampers with it unseen."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.consent_log import list_consent
from deadair.adapters.dynamodb.items import from_item
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.severity import Severity
from deadair.domain.timeline import Fact
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.draft_postmortem import draft_postmortem
from deadair.usecases.merge import merge
from deadair.usecases.note import note
from deadair.usecases.resolve import resolve
from deadair.usecases.set_severity import set_severity
from deadair.usecases.split import split
from deadair.usecases.verify_consent import End, Verdict, verify_consent
from infra.cli.main import main
from infra.local.layout import Layout
from infra.target import Target
from tests.builders import at, the_owner
from tests.rooms.intake_room import Intake
from tests.stack import Register, a_table_like

pytestmark = pytest.mark.stack


@pytest.fixture
def intake(stack: Target) -> Intake:
    return Intake(stack, a_table_like(stack, "IncidentsTable"))


@pytest.fixture
def incident(intake: Intake, register: Register) -> Incident:
    """An incident about consent with three alarm lines and three of people."""
    slug = register(data_classes=["consent"], severity="SEV1", source="Preferences", destination="Braze")
    intake.name = f"{slug}-silence"
    intake.take(intake.event(), intake.event("OK", 5), intake.event(name=f"{slug}-errors", minutes=6))
    (opened,) = intake.store.of_integration(slug)
    acknowledge(intake.store, opened.number, the_owner(opened), now=at(61))
    note(intake.store, opened.number, the_owner(opened), "Paused every sender.", now=at(62))
    resolve(intake.store, opened.number, the_owner(opened), "Token rotated.", now=at(63))
    return intake.store.get(opened.number)


def verified(intake: Intake, kept: tuple[End, ...] = ()) -> Verdict:
    return verify_consent(intake.dynamodb, intake.table, kept)


def test_every_line_of_an_incident_about_consent_is_in_its_log(intake: Intake, incident: Incident) -> None:
    draft_postmortem(intake.store, incident.number, now=at(64))

    logged = list_consent(intake.dynamodb, intake.table, 50, incident.number)
    timeline = intake.store.timeline(incident.number)
    assert {entry.entry for entry in logged} == {entry.id for entry in timeline}
    assert len(logged) == 7
    assert {entry.systems for entry in logged} == {("Preferences", "Braze")}
    assert list_consent(intake.dynamodb, intake.table, 3) == logged[:3]
    assert verified(intake) == Verdict(7, (End(incident.id, 7, logged[0].hash),))


def test_an_incident_without_consent_has_none(intake: Intake) -> None:
    intake.take(intake.event())

    assert verified(intake) == Verdict()
    assert list_consent(intake.dynamodb, intake.table, 50) == []


def changed(intake: Intake, key: keys.Key, **fields: Any) -> None:
    for name, value in fields.items():
        intake.dynamodb.update_item(
            TableName=intake.table,
            Key=key,
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )


def test_a_changed_word_is_seen(intake: Intake, incident: Incident) -> None:
    changed(intake, keys.consent(incident.number, 2), text={"S": "Nothing happened."})

    assert f"{incident.id}: entry 2 was changed" in verified(intake).problems


def test_a_removed_entry_is_seen(intake: Intake, incident: Incident) -> None:
    intake.dynamodb.delete_item(TableName=intake.table, Key=keys.consent(incident.number, 3))

    assert f"{incident.id}: entry 3 is missing" in verified(intake).problems


def test_entries_that_changed_places_are_seen(intake: Intake, incident: Incident) -> None:
    places = [keys.consent(incident.number, place) for place in (2, 3)]
    items = [intake.dynamodb.get_item(TableName=intake.table, Key=place)["Item"] for place in places]
    for place, item in zip(places, reversed(items), strict=True):
        intake.dynamodb.put_item(TableName=intake.table, Item=item | place)

    assert len(verified(intake).problems) >= 2


def test_an_end_that_was_cut_off_is_seen(intake: Intake, incident: Incident) -> None:
    intake.dynamodb.delete_item(TableName=intake.table, Key=keys.consent(incident.number, 6))

    assert f"{incident.id}: the log ends at 5, the incident knows of 6 entries" in verified(intake).problems


def test_a_timeline_that_says_something_else_is_seen(intake: Intake, incident: Incident) -> None:
    line = intake.store.timeline(incident.number)[-1]
    changed(intake, keys.entry(incident.number, line.id), text={"S": "Resolved: nothing."})

    assert verified(intake).problems == [
        f"{incident.id}: the timeline says of entry 6 (incident.resolved.v1) something else"
    ]


def test_a_log_that_was_taken_away_whole_is_seen(intake: Intake, incident: Incident) -> None:
    for place in range(1, 7):
        intake.dynamodb.delete_item(TableName=intake.table, Key=keys.consent(incident.number, place))

    assert not verified(intake).whole


def test_what_was_kept_elsewhere_sees_even_an_incident_that_is_gone_with_everything(
    intake: Intake, incident: Incident
) -> None:
    kept = verified(intake).ends
    for item in intake.items():
        if item["pk"].endswith(f"#{incident.number}"):
            intake.dynamodb.delete_item(TableName=intake.table, Key=keys.key(item["pk"], item["sk"]))

    assert verified(intake).whole
    assert f"{incident.id}: what an earlier look saw as entry 6 is no longer there" in verified(intake, kept).problems


def test_consent_goes_under_sev2_only_if_somebody_insists_and_that_is_marked(
    intake: Intake, incident: Incident
) -> None:
    with pytest.raises(Invalid) as refused:
        set_severity(intake.store, incident.number, the_owner(incident), Severity.SEV3, "Few people.", now=at(70))
    assert (refused.value.field, refused.value.remedy) == (
        "severity",
        f"sev {incident.number} 3 why --override",
    )

    after = set_severity(
        intake.store,
        incident.number,
        the_owner(incident, insists="They agreed"),
        Severity.SEV3,
        "Few people.",
        override=True,
        now=at(70),
    )

    assert after.severity is Severity.SEV3
    (marked,) = [entry for entry in list_consent(intake.dynamodb, intake.table, 50) if entry.override]
    assert marked.text == "Severity SEV1 → SEV3 although it is about consent: Few people."
    assert verified(intake).whole


def test_a_severity_needs_a_reason_and_its_history_is_told(intake: Intake) -> None:
    intake.take(intake.event())
    (opened,) = intake.incidents()
    with pytest.raises(Invalid, match="Say why"):
        set_severity(intake.store, opened.number, the_owner(opened), Severity.SEV1, " ", now=at(61))
    set_severity(intake.store, opened.number, the_owner(opened), Severity.SEV1, "A launch.", now=at(61))
    set_severity(intake.store, opened.number, the_owner(opened), Severity.SEV4, "It was moved.", now=at(62))

    told = [e.text for e in intake.store.timeline(opened.number) if e.fact is Fact.SEVERITY_SET]
    assert told == ["Severity SEV3 → SEV1: A launch.", "Severity SEV1 → SEV4: It was moved."]


def test_the_log_goes_on_through_split_and_merge(intake: Intake, incident: Incident) -> None:
    slug = incident.integration
    intake.take(intake.event(minutes=65))
    part = split(intake.store, incident.number, [f"{slug}-errors"], the_owner(incident), now=at(70))
    intake.take(intake.event("OK", 71, name=f"{slug}-errors"))
    merge(intake.store, part.number, incident.number, the_owner(incident), now=at(72))

    verdict = verified(intake)
    assert verdict.problems == []
    assert {end.incident: end.number for end in verdict.ends} == {incident.id: 9, part.id: 3}


@pytest.fixture
def run(intake: Intake, state_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """The command on the session's stack, with that table in place of the stack's."""
    card = json.loads(Layout(state_dir).stack_file.read_text("utf-8"))
    card["outputs"]["IncidentsTable"] = intake.table
    file = Layout(tmp_path).stack_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(card), "utf-8")

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--state-dir", str(tmp_path), "consent", *arguments])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return command


def test_the_command_lists_and_verifies_with_what_was_kept(
    run: Callable[..., tuple[int, str, str]], intake: Intake, incident: Incident, tmp_path: Path
) -> None:
    status, out, _ = run("list", incident.id)
    assert status == 0
    assert "Paused every sender." in out
    assert "Preferences → Braze" in out
    assert len(json.loads(run("list", "--json")[1])["entries"]) == 6

    kept = tmp_path / "kept.json"
    kept.write_text(run("verify", "--json")[1], "utf-8")
    status, out, _ = run("verify", "--kept", str(kept))
    assert (status, "whole: 6 entries of 1 incident, and what was kept is in it" in out) == (0, True)

    changed(intake, keys.consent(incident.number, 2), by={"S": "Nobody"})
    status, _, err = run("verify")
    assert status == 1
    assert "entry 2 was changed" in err


def test_the_log_is_no_fact_that_the_relay_would_publish_twice(intake: Intake, incident: Incident) -> None:
    item = intake.dynamodb.get_item(TableName=intake.table, Key=keys.consent(incident.number, 1))["Item"]

    assert "fact" not in from_item(item)
