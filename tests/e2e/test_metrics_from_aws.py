"""Claims about what runs on AWS itself: the example of SIGNALS.md writes what the registry's alarms look at."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.watch import watches
from infra.target import LOCAL_KEY, LOCAL_SECRET, Target
from tests.stack import Deadair

pytestmark = pytest.mark.stack
DOCUMENT = (Path(__file__).parents[2] / ".github/SIGNALS.md").read_text("utf-8")
SLUG = "hubspot-salesforce"
Named = tuple[str, str, tuple[tuple[str, str], ...]]


def named(metric: dict[str, Any]) -> Named:
    """A metric by all of its names."""
    dimensions = tuple((one["Name"], one["Value"]) for one in metric["Dimensions"])
    return metric["Namespace"], metric["MetricName"], dimensions


def looked_at(definition: dict[str, Any]) -> set[Named]:
    """The metrics that an alarm looks at."""
    stats = [query["MetricStat"]["Metric"] for query in definition.get("Metrics", ()) if "MetricStat" in query]
    return {named(metric) for metric in stats or [definition]}


def test_the_example_writes_the_metrics_that_the_alarms_of_a_row_look_at(stack: Target, deadair: Deadair) -> None:
    (example,) = (code for code in re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL) if "boto3" in code)
    around = {"AWS_ENDPOINT_URL": stack.endpoint or "", "AWS_DEFAULT_REGION": stack.region}
    known = {"AWS_ACCESS_KEY_ID": LOCAL_KEY, "AWS_SECRET_ACCESS_KEY": LOCAL_SECRET}

    subprocess.run([sys.executable, "-c", example], env={**os.environ, **around, **known}, check=True)

    found = stack.client("cloudwatch").list_metrics(Namespace=stack.outputs["MetricNamespace"])["Metrics"]
    row = RegistryStore(stack.client("dynamodb"), stack.outputs["RegistryTable"]).get(SLUG)
    assert row is not None
    raised = watches(
        row,
        prefix=stack.outputs["AlarmPrefix"],
        namespace=stack.outputs["MetricNamespace"],
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )
    wanted = {metric for watch in raised for metric in looked_at(watch.definition) if metric[1] != "Calls"}
    assert {metric[1] for metric in wanted} == {"Records", "Errors", "Successes", "LatencyMs"}
    assert wanted <= set(map(named, found))


def test_every_metric_that_an_alarm_looks_at_is_in_the_document() -> None:
    section = DOCUMENT.partition("## Metrics from AWS itself")[2]
    listed = set(re.findall(r"`([A-Z]\w+)`", "\n".join(line for line in section.splitlines() if line.startswith("|"))))

    assert listed == {"Records", "Errors", "Successes", "EmptySuccesses", "LatencyMs", "Calls", "Throttles"}
