"""Claims about `deadair alarms scan` on a stack: every page is read, a tag is asked for once, the file imports."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from infra.target import Target
from tests.builders import made_by_hand
from tests.stack import Deadair

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def names(stack: Target) -> Iterator[dict[str, str]]:
    """Alarms that somebody made by hand, more than a page of them, by what is to be said of them."""
    cloudwatch, mark = stack.client("cloudwatch"), uuid4().hex[:8]
    alarms = {"named": f"prod-web-form-marketo-5xx-{mark}", "tagged": f"nightly-{mark}", "stranger": f"disk-{mark}"}
    crowd = [f"crowd-{mark}-{n}" for n in range(120)]
    for name in (*alarms.values(), *crowd):
        tags = [{"Key": "Integration", "Value": "marketo-salesforce"}] if name == alarms["tagged"] else []
        cloudwatch.put_metric_alarm(**made_by_hand(name, Tags=tags))
    yield alarms
    cloudwatch.delete_alarms(AlarmNames=[*alarms.values(), *crowd])


def test_every_alarm_is_told_with_its_integration_and_the_reason(deadair: Deadair, names: dict[str, str]) -> None:
    status, out, err = deadair("alarms", "scan", "--json")
    assert status == 0, err

    told = json.loads(out)
    found = {each["alarm"]: each for each in told["proposals"]}
    named, tagged = found[names["named"]], found[names["tagged"]]
    assert (named["integration"], named["way"], named["sure"]) == ("web-form-marketo", "name", True)
    assert (tagged["integration"], tagged["way"], tagged["sure"]) == ("marketo-salesforce", "tag", True)
    unclaimed = [each["alarm"] for each in told["unclaimed"]]
    assert names["stranger"] in unclaimed
    assert sum(name.startswith("crowd-") for name in unclaimed) == 120


def test_the_second_scan_remembers_the_tags(deadair: Deadair, names: dict[str, str], state_dir: Path) -> None:
    assert deadair("alarms", "scan", "--json")[0] == 0

    kept = json.loads((state_dir / "alarm-tags.json").read_text("utf-8"))
    by_name = {arn.rpartition(":")[2]: slug for arn, (slug, _) in kept.items()}
    assert (by_name[names["tagged"]], by_name[names["stranger"]]) == ("marketo-salesforce", "")


def test_without_tags_nobody_is_asked(deadair: Deadair, names: dict[str, str]) -> None:
    told = json.loads(deadair("alarms", "scan", "--json", "--no-tags")[1])

    assert names["tagged"] not in {each["alarm"] for each in told["proposals"] if each["sure"]}


def test_the_file_that_it_writes_is_taken_by_the_import(
    deadair: Deadair, names: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "scan.yaml"
    status, out, err = deadair("alarms", "scan", "--output", file)
    assert (status, err) == (0, "")
    assert f"Next: deadair registry import {file}" in out

    status, out, err = deadair("registry", "import", "--dry-run", "--json", file)
    assert status == 0, err
    assert names["named"] in out
    assert names["stranger"] in file.read_text("utf-8")
