"""Claims about `deadair incidents <step>`: the same steps as in Slack, under the name of whoever takes them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.timeline import Source
from infra.cli.main import main
from infra.target import Target
from tests.builders import an_event_body
from tests.stack import Deadair, Register

pytestmark = pytest.mark.stack


@pytest.fixture
def opened(deadair: Deadair, register: Register, tmp_path: Path) -> Callable[[], int]:
    """Opens an incident of an integration of its own; returns its number."""

    def open_one() -> int:
        file = tmp_path / "alarm.json"
        file.write_text(an_event_body(f"{register()}-errors"))
        return int(json.loads(deadair("replay", file)[1])["incident"].removeprefix("INC-"))

    return open_one


@pytest.fixture
def number(opened: Callable[[], int]) -> int:
    return opened()


@pytest.fixture
def store(stack: Target) -> IncidentStore:
    return IncidentStore(stack.client("dynamodb"), stack.outputs["IncidentsTable"])


@pytest.fixture
def step(state_dir: Path, capsys: pytest.CaptureFixture[str]) -> Deadair:
    """The command in this process: a dozen processes would cost more than they prove."""

    def run(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--state-dir", str(state_dir), "incidents", *map(str, words)])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_every_step_is_taken_under_the_name_of_whoever_takes_it(
    step: Deadair, store: IncidentStore, number: int
) -> None:
    steps: tuple[tuple[object, ...], ...] = (
        ("ack", number, "--as", "zoe.okonkwo@example.com"),
        ("note", f"INC-{number}", "rotated", "the key", "--at", "10m ago"),
        ("sev", number, 1, "all leads are lost"),
        ("cause", number, "rate_limit", "their import"),
        ("check", number, 1),
        ("snooze", number, "30m", "vendor is on it"),
        ("unsnooze", number),
        ("milestone", number, "started", "2026-01-01T10:00Z", "the first failed run"),
        ("mitigate", number, "paused the import"),
        ("resolve", number, "a key of our own"),
        ("reopen", number, "it is back"),
        ("assign", number, "ana.lima@example.com"),
        ("false-alarm", number, "a drill of the vendor"),
    )
    for words in steps:
        status, out, err = step(*words)
        assert (status, err) == (0, ""), words
        assert out.startswith(f"INC-{number}"), words

    now, told = store.get(number), store.timeline(number)
    assert (now.acknowledged_by, now.owner.name) == ("Zoë Okonkwo", "Ana Lima")
    assert (now.severity, now.cause) == (Severity.SEV1, FailureClass.RATE_LIMIT)
    assert now.when("started").isoformat() == "2026-01-01T10:00:00+00:00"  # type: ignore[arg-type, union-attr]
    mine = {entry.author for entry in told if entry.source is Source.CLI}
    assert {"Zoë Okonkwo"} < mine
    assert all(author.startswith("cli") for author in mine - {"Zoë Okonkwo"})


def test_a_refusal_says_why_and_what_to_type_and_changes_nothing(
    step: Deadair, store: IncidentStore, number: int
) -> None:
    before = store.get(number)
    refused: tuple[tuple[tuple[object, ...], str], ...] = (
        (("snooze", number, "soon", "x"), "`soon` is no length of time."),
        (("check", number, 9), "There is no check 9."),
        (("milestone", number, "resolved", "10:00", "x"), "there is no time of resolved to correct"),
        (("merge", number, number), "cannot be merged into itself"),
        (("split", number, "nothing"), "has no alarm `nothing`"),
        (("ack", number, "--as", "eve@attacker.example"), "nor Slack knows anybody with the address"),
        (("ack", "zebra"), "`zebra` is not an incident."),
        (("ack", 999_999), "There is no INC-999999."),
    )
    for words, said in refused:
        status, out, err = step(*words)
        assert (status, out) == (1, ""), words
        assert said in err, words

    assert store.get(number) == before
    assert f"Next: deadair incidents check {number}" in step("check", number, 9)[2]


def test_the_checks_and_the_state_are_told_to_machines(step: Deadair, number: int) -> None:
    checks = json.loads(step("check", number, "--json")[1])
    ticked = json.loads(step("check", number, 1, "--json")[1])

    assert [check["made_by"] for check in checks] == [None] * len(checks)
    assert (ticked["id"], list(ticked["checks"])) == (f"INC-{number}", [checks[0]["id"]])
    assert "✓" in step("check", number)[1]
    assert json.loads(step("check", number, 1, "--undo", "--json")[1]).get("checks") in (None, {})


def test_one_incident_goes_on_in_another_by_command(
    step: Deadair, store: IncidentStore, opened: Callable[[], int]
) -> None:
    number, other = opened(), opened()

    assert step("merge", number, other)[0] == 0
    name = next(iter(store.get(number).alarms.values())).name
    status, out, _ = step("split", other, name, "--json")

    assert store.get(number).merged_into == other
    assert f"Next: deadair incidents show {other}" in step("snooze", number, "1h", "x")[2]
    assert f"Next: deadair incidents sev {other} 2 why" in step("sev", number, 2, "x")[2]
    assert status == 0
    assert [alarm["name"] for alarm in json.loads(out)["alarms"].values()] == [name]
