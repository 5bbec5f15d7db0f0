"""Claims about `deadair incidents open`, and about what else is said of an incident by command and taken back."""

import json

import pytest

from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Status
from infra.target import Target
from tests.rooms.test_incident_commands import step, store
from tests.stack import Deadair, Register

__all__ = ["step", "store"]
pytestmark = pytest.mark.stack
ZOE = ("--as", "zoe.okonkwo@example.com")


def test_an_incident_is_opened_by_command_and_only_once(
    step: Deadair, store: IncidentStore, register: Register
) -> None:
    slug = register(severity="SEV3")
    status, out, err = step("open", slug, "no leads", "since noon", "--sev", 2, "--class", "auth", "--json", *ZOE)
    number = int(json.loads(out)["id"].removeprefix("INC-"))
    again = step("open", slug, "Still none.")

    incident = store.get(number)
    assert (status, err) == (0, "")
    assert (incident.severity, incident.cause, incident.title) == (
        Severity.SEV2,
        FailureClass.AUTH,
        f"Feed {slug}: no leads since noon",
    )
    assert "It was open already" in again[1]
    assert f"INC-{number}" in again[1]
    assert "Zoë Okonkwo, by hand" in step("show", number)[1]
    assert "The registry has no `nobody-knows`" in step("open", "nobody-knows")[2]


def test_what_belongs_to_no_integration_is_opened_by_command_for_whoever_the_stack_names(
    step: Deadair, store: IncidentStore
) -> None:
    status, out, err = step("open", "none", "The wiki is gone.", "--json")

    assert (status, err) == (0, "")
    incident = store.get(int(json.loads(out)["id"].removeprefix("INC-")))
    assert (incident.owner.name, incident.integration_name) == ("Fallback Owner", "No integration")
    step("false-alarm", incident.number, "A test.")


def test_what_is_said_by_command_is_kept_and_taken_back(
    step: Deadair, store: IncidentStore, register: Register, stack: Target
) -> None:
    slug = register()
    number = int(json.loads(step("open", slug, "It is down.", "--json", *ZOE)[1])["id"].removeprefix("INC-"))
    for words in (
        ("affected", number, "1200", "contacts"),
        ("link", number, "https://t.example/7", "the", "ticket"),
        ("change", number, "deployed 4.2", "--at", "10m ago"),
        ("ack", number),
    ):
        status, out, err = step(*words, *ZOE)
        assert (status, err) == (0, ""), words
        assert out.startswith(f"INC-{number}"), words

    changes = ChangeStore(store.client, store.table)
    assert [one.text for one in changes.latest(slug, 5)] == ["deployed 4.2"]
    assert "Taken back: Acknowledged." in step("undo", number, *ZOE)[1]
    assert store.get(number).status is Status.OPEN
    assert "Done again: Acknowledged." in step("undo", number, *ZOE)[1]
    changed = next(entry for entry in store.timeline(number) if entry.text.startswith("Changed:"))
    assert "Taken back: Changed: deployed 4.2" in step("undo", number, changed.id, *ZOE)[1]
    assert changes.latest(slug, 5) == []
    assert "You took no step" in step("undo", number, "--as", "ana.lima@example.com")[2]
    assert (store.get(number).affected, len(store.get(number).links)) == ("1200 contacts", 1)


def test_one_that_is_over_is_recorded_by_command_with_its_own_dates(
    step: Deadair, store: IncidentStore, register: Register
) -> None:
    slug = register(severity="SEV3")
    times = ("--started", "2024-03-08T09:00+01:00", "--detected", "2024-03-08T10:00 Europe/Berlin")
    told = ("open", slug, "no", "leads", *times, "--resolved", "2024-03-09T08:00Z", "--fix", "New key.", *ZOE)
    status, out, err = step(*told, "--json")
    incident = store.get(int(json.loads(out)["id"].removeprefix("INC-")))

    assert (status, err, incident.status, incident.fix) == (0, "", Status.RESOLVED, "New key.")
    assert (incident.started_at.isoformat(), incident.recorded_afterwards) == ("2024-03-08T08:00:00+00:00", True)
    assert "It was recorded already" in step(*told)[1]
    assert "Recorded afterwards: no leads" in step("show", incident.number)[1]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--started", "2024-03-08T09:00Z", "--resolved", "2024-03-09T09:00Z"), "detection is missing"),
        (("--started", "yesterday"), "is no time"),
        (("--fix", "New key."), "Only what is over has a fix"),
        (("--started", "2024-03-08T09:00"), "time zone"),
    ],
)
def test_what_cannot_be_recorded_says_which_time(step: Deadair, options: tuple[str, ...], told: str) -> None:
    status, _, err = step("open", "none", "It was down.", *options)

    assert (status, told in err) == (1, True), err
