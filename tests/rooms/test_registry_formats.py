"""Claims about the registry in and out by the command: what goes out comes back, and Slack says who is gone."""

import json
from pathlib import Path

import pytest

from infra.target import Target
from tests.local_slack import doors
from tests.stack import REGISTRY, Deadair

pytestmark = pytest.mark.stack
CATALOG = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: braze-push
  title: App events → Braze
  annotations: {deadair.io/alarm-pattern: braze-by-hand-*}
spec: {owner: 'group:default/growth', dependencyOf: ['component:lead-alerts']}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: From_The_Catalog}
spec: {owner: growth, dependsOn: ['component:gone']}
"""


@pytest.mark.parametrize("kind", ["yaml", "csv", "json"])
def test_an_export_that_is_imported_changes_nothing_and_is_exported_as_the_same_bytes(
    deadair: Deadair, tmp_path: Path, kind: str
) -> None:
    first, second = tmp_path / f"first.{kind}", tmp_path / f"second.{kind}"

    assert deadair("registry", "export", "--format", kind, "-o", first)[0] == 0
    status, out, err = deadair("registry", "import", first, "--json")
    deadair("registry", "export", "--format", kind, "-o", second)

    assert status == 0, err
    told = json.loads(out)
    assert (told["added"], told["changed"], told["retired"]) == ([], [], [])
    assert first.read_bytes() == second.read_bytes()


def test_a_file_without_an_ending_is_known_by_how_it_begins(deadair: Deadair, tmp_path: Path) -> None:
    for kind in ("yaml", "csv", "json"):
        file = tmp_path / kind
        deadair("registry", "export", "--format", kind, "-o", file)

        assert deadair("registry", "import", file, "--dry-run")[0] == 0


def test_a_dry_run_of_a_catalog_shows_what_it_adds_and_keeps_the_named_owner(deadair: Deadair, tmp_path: Path) -> None:
    file = tmp_path / "catalog-info.yaml"
    file.write_text(CATALOG)
    before = deadair("registry", "import", REGISTRY, "--dry-run", "--json")[1]

    status, out, err = deadair("registry", "import", file, "--dry-run")

    assert status == 0, err
    assert "~ braze-push               App events → Braze, Zoë Okonkwo" in out
    assert "    name: App events → Braze messages → App events → Braze\n" in out
    assert "    alarm_patterns:\n      + braze-by-hand-*\n" in out
    assert "    dependents:\n      + lead-alerts\n" in out
    assert "owner" not in out.replace("needs an owner", "")
    assert "+ from-the-catalog         From_The_Catalog, needs an owner" in out
    assert f"{file}:12:35 spec.dependsOn: `component:gone` is not in the file" in err
    assert deadair("registry", "import", REGISTRY, "--dry-run", "--json")[1] == before


def test_a_dry_run_shows_lists_item_by_item(deadair: Deadair, tmp_path: Path) -> None:
    file = tmp_path / "registry.yaml"
    text = REGISTRY.read_text()
    for old, new in (
        ("{calls: 190, per: second, note: private app}", "{calls: 200, per: second, note: private app}"),
        ("{weekdays: mon-fri, per_hour: 60}", "{weekdays: mon-fri, per_hour: 70}"),
        ("    Pause every sender first, then find out why.", "    Pause every sender first."),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    file.write_text(text)

    _, out, _ = deadair("registry", "import", file, "--dry-run")

    assert "    rate_limits:\n      - 190 per second (private app)\n      + 200 per second (private app)\n" in out
    assert "    expected.profile:\n      - 60/h mon-fri\n      + 70/h mon-fri\n" in out
    assert "    if_it_breaks:\n      - Pause every sender first, then find out why.\n" in out
    assert "Dry run: 2 changed, 10 unchanged." in out


def test_a_check_asks_slack_and_finds_who_is_gone(deadair: Deadair, stack: Target) -> None:
    assert "Slack was asked about 9 people." in deadair("registry", "check")[2]
    who = {"id": "U0KOFI", "name": "Kofi Asante", "email": "kofi.asante@example.com"}
    doors.use(stack.slack, "people", who | {"deleted": True})
    try:
        status, out, _ = deadair("registry", "check", "--json")
        told = json.loads(out)

        assert status == 1
        assert told["slack"] == {"people": 9, "asked": 9, "refused": ""}
        assert {(f["slug"], f["code"]) for f in told["findings"] if "deactivated" in f["code"]} == {
            ("ad-audiences-google", "owner_deactivated"),
            ("ad-conversions-meta", "owner_deactivated"),
            ("salesforce-warehouse", "deputy_deactivated"),
        }
        assert "deactivated" not in deadair("registry", "check", "--json", "--no-slack")[1]
    finally:
        doors.use(stack.slack, "people", who | {"deleted": False})


def test_the_check_says_that_slack_is_down_and_finds_nothing_in_it(deadair: Deadair, stack: Target) -> None:
    doors.use(stack.slack, "fail", {"mode": "ok_false", "error": "missing_scope", "methods": ["users.info"]})
    try:
        _, out, err = deadair("registry", "check")

        assert "Slack was asked about nobody of 9 people: Slack's users.info failed: missing_scope." in err
        assert "Give the bot the scopes users:read and users:read.email" in err
        assert "deactivated" not in out
    finally:
        doors.use(stack.slack, "fail", {"mode": "none"})
