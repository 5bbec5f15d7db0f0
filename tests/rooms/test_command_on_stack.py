"""Claims about the operator's command on a running stack: what it says is what happened."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.cli.kb_around import around
from infra.target import Target
from tests.builders import EVENTS
from tests.stack import REGISTRY, Deadair, Register

pytestmark = pytest.mark.stack


def replayed(deadair: Deadair, *arguments: str | Path) -> list[dict[str, Any]]:
    status, out, err = deadair("replay", *arguments)
    assert status == 0, err
    return [json.loads(line) for line in out.splitlines()]


def an_alarm_file(folder: Path, name: str, *states: tuple[str, str]) -> Path:
    """An array of the recorded alarm with another name and these (state, minute) in turn."""
    events = []
    for state, minute in states:
        event = json.loads((EVENTS / "alarm.json").read_text())
        event["resources"] = []
        event["detail"]["alarmName"] = name
        event["detail"]["configuration"] = {}
        event["detail"]["state"] = {"value": state, "timestamp": f"2026-11-02T12:{minute}:00.000+0000", "reason": "x"}
        events.append(event)
    file = folder / "alarms.json"
    file.write_text(json.dumps(events))
    return file


def test_importing_the_sample_again_changes_nothing_and_exporting_it_is_importable(
    deadair: Deadair, tmp_path: Path
) -> None:
    deadair("registry", "import", REGISTRY)
    assert "Nothing to change" in deadair("registry", "import", REGISTRY)[1]

    deadair("registry", "export", "-o", tmp_path / "export.yaml")
    status, out, _ = deadair("registry", "import", tmp_path / "export.yaml", "--json")

    told, sample = json.loads(out), set(re.findall(r"^- slug: (\S+)", REGISTRY.read_text("utf-8"), re.MULTILINE))
    assert status == 0
    assert (told["added"], told["changed"], told["retired"]) == ([], [], [])
    assert len(sample & set(told["unchanged"])) == 12


def test_one_wrong_row_changes_nothing(deadair: Deadair, tmp_path: Path) -> None:
    before = deadair("registry", "export")[1]
    file = tmp_path / "registry.yaml"
    file.write_text(
        REGISTRY.read_text().replace("ana.lima@example.com", "team@example.com").replace("App events", "Apps")
    )

    status, _, err = deadair("registry", "import", file)

    assert status == 1
    assert f"{file}:8:34 owner.email: `team@example.com` is a group alias" in err
    assert deadair("registry", "export")[1] == before


def test_an_alarm_its_twin_and_its_recovery_are_told_one_by_one(
    deadair: Deadair, register: Register, tmp_path: Path
) -> None:
    file = an_alarm_file(tmp_path, f"{register()}-errors", ("ALARM", "00"), ("ALARM", "00"), ("OK", "10"))

    told = replayed(deadair, "--in-order", file)

    assert [line["outcome"] for line in told] == ["opened", "duplicate", "recovered"]
    assert len({line["incident"] for line in told}) == 1
    shown = json.loads(deadair("incidents", "show", told[0]["incident"], "--json")[1])
    assert shown["owner"]["name"] == "Zoë Okonkwo"
    assert [line["data"]["state"] for line in shown["timeline"] if line["source"] == "alarm"] == ["ALARM", "OK"]
    listed = json.loads(deadair("incidents", "list", "--json")[1])
    assert told[0]["incident"] in [incident["id"] for incident in listed]


def test_bytes_that_no_queue_carries_end_with_the_dead_letters(deadair: Deadair, tmp_path: Path) -> None:
    odd = {
        "1-empty": (b"", "not_json"),
        "2-no-text": (b"\xff\xfe\x00", "invalid_utf8"),
        "3-forbidden-character": (b'{"a":"\x01"}', "not_json"),
        "4-too-large": (b"x" * 1_200_000, "not_json"),
        "5-too-large-when-wrapped": (b"\xff" * 900_000, "invalid_utf8"),
    }
    for name, (data, _) in odd.items():
        (tmp_path / name).write_bytes(data)

    assert replayed(deadair, tmp_path) == [
        {"file": str(tmp_path / name), "outcome": "dead_lettered", "incident": None, "reason": reason}
        for name, (_, reason) in odd.items()
    ]


def test_every_recorded_event_has_an_outcome_and_the_ledger_balances(deadair: Deadair) -> None:
    told = replayed(deadair, EVENTS)

    assert {line["outcome"] for line in told if "/bad-" in line["file"]} == {"dead_lettered"}
    assert {line["outcome"] for line in told if "/ignored-" in line["file"]} == {"ignored"}
    status, out, _ = deadair("verify", "--json")
    balance = json.loads(out)
    assert status == 0, balance
    assert balance["received"] == sum(balance["outcomes"].values())


def test_what_a_reconcile_by_hand_finishes_is_told_with_all_that_the_room_knows(stack: Target) -> None:
    told = around(stack)

    assert told.registry is not None
    assert told.registry.table == stack.outputs["RegistryTable"]
    assert told.series is not None
    assert told.templates is not None
    assert told.audit is not None


def test_an_import_says_beforehand_what_it_would_do_and_which_row_is_wrong(deadair: Deadair, tmp_path: Path) -> None:
    links = tmp_path / "links.csv"
    links.write_text(
        "title,url,date\nBanner,https://wiki.example/1,2024-03-01\nPress me,javascript:alert(1),2024-03-01\n"
    )

    status, out, err = deadair("kb", "import", links, "--dry-run")
    told = json.loads(deadair("kb", "import", links, "--json")[1])

    assert (status, "It would be: 1 added" in out) == (1, True)
    assert "links.csv:3 url:" in err
    assert (told["added"], told["refused"][0]["line"], told["dry_run"]) == (1, 3, False)
    assert deadair("kb", "import", tmp_path / "nowhere")[0] == 2


def test_old_postmortems_are_found_after_their_import(deadair: Deadair, tmp_path: Path) -> None:
    head = "---\nid: old-1\ntitle: Token expired at night\ndate: 2024-03-01\ncompany: Lumen\ntags: [auth]\n---\n"
    (tmp_path / "old.md").write_text(head + "The OAuth token expired and nobody noticed.\n")

    first = json.loads(deadair("kb", "import", tmp_path, "--json")[1])
    again = json.loads(deadair("kb", "import", tmp_path, "--json")[1])
    found = json.loads(deadair("kb", "search", "expried", "tokens", "--json")[1])

    assert (first["added"], again["unchanged"]) == (1, 1)
    assert found["hits"][0]["id"] == "old-1"
    held = json.loads(deadair("kb", "search", "", "--json")[1])["total"]
    assert json.loads(deadair("kb", "reindex", "--json")[1]) == {"documents": held}
    status, out, _ = deadair("kb", "reconcile", "--json")
    assert (status, json.loads(out)["failed"]) == (0, {})
    narrowed = ("kb", "search", "--company", "Lumen", "--since", "2024-03-01", "--until", "2024-03-01", "--json")
    assert [hit["id"] for hit in json.loads(deadair(*narrowed)[1])["hits"]] == ["old-1"]
    status, _, err = deadair("kb", "search", "--since", "yesterday")
    assert (status, "2026-01-31" in err) == (1, True)
