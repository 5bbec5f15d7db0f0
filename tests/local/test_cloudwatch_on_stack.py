"""Claims about CloudWatch as the small stack plays it: alarms stay as they were put, and are judged by their data."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.options import Ports
from infra.local.ports import pick_free
from infra.local.supervisor import running_stack
from infra.target import Target
from tests.local.small_stack import write_assembly

pytestmark = pytest.mark.stack
PATIENCE_S = 20.0
Json = dict[str, Any]


@pytest.fixture(scope="module")
def cloudwatch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("cloudwatch")
    assembly = write_assembly(tmp_path_factory.mktemp("assembly"))
    with running_stack(folder, Ports(*pick_free(3)), cloud_assembly=assembly, patience_s=0.0) as target:
        yield made(target)


def made(target: Target) -> Any:
    return target.client("cloudwatch")


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.1)


def metric(name: str, of: str) -> Json:
    return {"Namespace": "Deadair", "MetricName": name, "Dimensions": [{"Name": "Integration", "Value": of}]}


def query(name: str, of: str, *, period: int = 300) -> Json:
    stat = {"Metric": metric(name, of), "Period": period, "Stat": "Sum"}
    return {"Id": name.lower(), "MetricStat": stat, "ReturnData": False}


def a_share(of: str) -> Json:
    """Errors in percent, as the registry's alarms ask for them: the expression stands first."""
    watched = {"Id": "e", "Expression": "100*errors/(records+errors)", "Label": "percent", "ReturnData": True}
    return {
        "AlarmName": f"{of}-share",
        "AlarmDescription": "Too much fails. [mark 1]",
        "ActionsEnabled": True,
        "Metrics": [watched, query("Errors", of), query("Records", of)],
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 2.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }


def a_latency(of: str) -> Json:
    return {
        "AlarmName": f"{of}-latency",
        "ActionsEnabled": True,
        **metric("LatencyMs", of),
        "ExtendedStatistic": "p95",
        "Period": 300,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 1000.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }


def described(cloudwatch: Any, name: str) -> Json:
    found: list[Json] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return found[0] if found else {}


def last_period() -> datetime:
    """Within the newest complete period of five minutes."""
    return datetime.fromtimestamp(time.time() // 300 * 300 - 150, UTC)


@pytest.mark.parametrize("definition", [a_share("kept"), a_latency("kept")])
def test_an_alarm_is_described_as_it_was_put(cloudwatch: Any, definition: Json) -> None:
    cloudwatch.put_metric_alarm(**definition)

    found = described(cloudwatch, definition["AlarmName"])

    assert {name: found.get(name) for name in definition} == definition
    assert not {"Statistic", "Unit"} & found.keys()
    assert bool(found.keys() & {"Period", "MetricName"}) is ("Metrics" not in definition)


def test_tags_are_taken_at_the_making_and_changed_by_tagging_only(cloudwatch: Any) -> None:
    definition = a_share("tagged") | {"Tags": [{"Key": "Integration", "Value": "tagged"}]}
    cloudwatch.put_metric_alarm(**definition)
    cloudwatch.put_metric_alarm(**definition | {"Tags": [{"Key": "Integration", "Value": "another"}]})
    arn = described(cloudwatch, "tagged-share")["AlarmArn"]

    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == definition["Tags"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "Integration", "Value": "third"}])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "Integration", "Value": "third"}]


def test_metric_math_with_its_expression_first_is_judged_and_recovers(cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(**a_share("math"))
    eventually(lambda: described(cloudwatch, "math-share")["StateValue"] == "OK")

    at = last_period()
    data = [
        metric("Records", "math") | {"Value": 90, "Timestamp": at},
        metric("Errors", "math") | {"Value": 10, "Timestamp": at},
    ]
    cloudwatch.put_metric_data(Namespace="Deadair", MetricData=_bare(data))
    eventually(lambda: described(cloudwatch, "math-share")["StateValue"] == "ALARM")

    cloudwatch.put_metric_data(Namespace="Deadair", MetricData=_bare([data[0] | {"Value": 9000}]))
    eventually(lambda: described(cloudwatch, "math-share")["StateValue"] == "OK")


def _bare(data: list[Json]) -> list[Json]:
    return [{name: value for name, value in one.items() if name != "Namespace"} for one in data]


def test_a_percentile_counts_each_value_as_often_as_it_came(cloudwatch: Any) -> None:
    """94 quick ones and 6 slow ones: the slow ones are p95."""
    cloudwatch.put_metric_alarm(**a_latency("often"))
    quick = metric("LatencyMs", "often") | {"Values": [10.0, 5000.0], "Unit": "Milliseconds"}

    cloudwatch.put_metric_data(
        Namespace="Deadair", MetricData=_bare([quick | {"Counts": [94.0, 6.0], "Timestamp": last_period()}])
    )
    eventually(lambda: described(cloudwatch, "often-latency")["StateValue"] == "ALARM")

    cloudwatch.put_metric_data(
        Namespace="Deadair", MetricData=_bare([quick | {"Counts": [906.0, 1.0], "Timestamp": last_period()}])
    )
    eventually(lambda: described(cloudwatch, "often-latency")["StateValue"] == "OK")


def test_a_state_that_the_data_contradict_does_not_last(cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(**a_share("contradicted"))
    eventually(lambda: described(cloudwatch, "contradicted-share")["StateValue"] == "OK")

    cloudwatch.set_alarm_state(AlarmName="contradicted-share", StateValue="ALARM", StateReason="by hand")
    assert described(cloudwatch, "contradicted-share")["StateValue"] == "ALARM"

    eventually(lambda: described(cloudwatch, "contradicted-share")["StateValue"] == "OK")


def test_alarms_are_listed_by_prefix_in_pages_and_deleted_a_hundred_at_once(cloudwatch: Any) -> None:
    names = [f"many-{number:03d}" for number in range(120)]
    for name in names:
        cloudwatch.put_metric_alarm(**a_latency("many") | {"AlarmName": name})
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix="many-", MaxRecords=50)

    assert [alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"]] == names
    assert len(cloudwatch.describe_alarms(AlarmNames=names[:100], MaxRecords=100)["MetricAlarms"]) == 100
    for some in (names[:100], names[100:]):
        cloudwatch.delete_alarms(AlarmNames=some)
    assert cloudwatch.describe_alarms(AlarmNamePrefix="many-")["MetricAlarms"] == []


def test_points_of_two_weeks_ago_are_taken_and_read_with_an_expression(cloudwatch: Any) -> None:
    at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=13)
    cloudwatch.put_metric_data(
        Namespace="Deadair", MetricData=_bare([metric("Records", "old") | {"Value": 7, "Timestamp": at}])
    )
    queries = [{"Id": "e", "Expression": "records*2"}, query("Records", "old", period=60)]

    answer = cloudwatch.get_metric_data(
        MetricDataQueries=queries, StartTime=at, EndTime=at + timedelta(minutes=5), ScanBy="TimestampAscending"
    )

    assert [(one["Id"], one["Values"]) for one in answer["MetricDataResults"]] == [("e", [14.0])]


def test_an_alarm_that_is_none_is_told_apart(cloudwatch: Any) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        cloudwatch.set_alarm_state(AlarmName="nobody", StateValue="OK", StateReason="by hand")
