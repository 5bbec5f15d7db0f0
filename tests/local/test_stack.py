"""The local stack as a whole, on a small template: it runs the line, keeps what it got, and recovers from kills."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.errors import NoStack
from infra.local.options import Ports
from infra.local.ports import pick_free
from infra.local.supervisor import running_stack
from infra.target import Target, find_stack, read_card
from tests.local.small_stack import write_assembly
from tests.stack import kill_workers

pytestmark = pytest.mark.stack
PATIENCE_S = 20.0


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds; fail when it does not become true."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.05)


def bodies(target: Target, kind: str = "worker") -> dict[str, str]:
    """What the small stack's `worker` (or `reader`) has written, by key."""
    pages = (
        target.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=target.outputs["IncidentsTable"],
            KeyConditionExpression="pk = :kind",
            ExpressionAttributeValues={":kind": {"S": kind}},
        )
    )
    return {item["sk"]["S"]: item.get("body", {}).get("S", "") for page in pages for item in page["Items"]}


def send(target: Target, *messages: str) -> None:
    for message in messages:
        target.client("sqs").send_message(QueueUrl=target.outputs["IntakeQueueUrl"], MessageBody=message)


def schedule_message(target: Target, body: str, in_s: float = 2) -> None:
    """A message that the Scheduler sends once, so many seconds from now."""
    queue = target.outputs["IntakeQueueUrl"]
    found = target.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    at = datetime.now(UTC) + timedelta(seconds=in_s)
    target.client("scheduler").create_schedule(
        Name="once",
        ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={"Arn": found["Attributes"]["QueueArn"], "RoleArn": "arn:aws:iam::000000000000:role/t", "Input": body},
    )


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_assembly(tmp_path_factory.mktemp("assembly"))


@pytest.fixture(scope="module")
def small(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with running_stack(tmp_path_factory.mktemp("small"), Ports(*pick_free(3)), cloud_assembly=assembly) as target:
        yield target


def test_an_event_reaches_the_last_consumer_of_the_line(small: Target) -> None:
    event = {"Source": "deadair.local", "DetailType": "hello", "Detail": '{"who": "event"}'}
    small.client("events").put_events(Entries=[event])
    small.client("sns").publish(TopicArn=small.outputs["AlarmTopicArn"], Message="hello from a topic")

    eventually(lambda: len(bodies(small, "reader")) >= 2)
    assert any("hello from a topic" in body for body in bodies(small).values())


def test_a_message_that_fails_is_dead_lettered_and_its_neighbour_is_not(small: Target) -> None:
    send(small, "poison", "neighbour")

    def dead_letters() -> int:
        answer = small.client("sqs").get_queue_attributes(
            QueueUrl=small.outputs["IntakeDeadLetterUrl"], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    eventually(lambda: dead_letters() == 1)
    assert "neighbour" in bodies(small).values()


def test_the_api_gets_the_host_the_raw_path_and_the_cookies_as_on_aws(small: Target) -> None:
    request = urllib.request.Request(f"{small.web}/a/b?x=1", data=b"a=1", headers={"Cookie": "s=1; t=2"})
    with urllib.request.urlopen(request) as answer:
        event = json.loads(answer.read())
        cookies = answer.headers.get_all("Set-Cookie")

    assert event["headers"]["host"] == small.web.removeprefix("http://")
    assert (event["rawPath"], event["rawQueryString"]) == ("/a/b", "x=1")
    assert event["cookies"] == ["s=1", "t=2"]
    assert event["isBase64Encoded"] is True
    assert cookies == ["a=1; Path=/", "b=2; Path=/"]


def test_bytes_come_back_from_the_api_as_they_are(small: Target) -> None:
    with urllib.request.urlopen(f"{small.web}/binary") as answer:
        assert answer.read() == bytes(range(256))


def test_what_the_template_could_not_make_is_made_by_api(small: Target) -> None:
    (archive,) = small.client("events").list_archives()["Archives"]

    assert archive["State"] == "ENABLED"
    assert archive["EventSourceArn"].endswith("event-bus/facts")


def test_a_silent_metric_alarms_and_its_event_arrives(small: Target) -> None:
    small.client("cloudwatch").put_metric_alarm(
        AlarmName="silence",
        Namespace="Integrations",
        MetricName="Runs",
        Statistic="Sum",
        Period=10,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        TreatMissingData="breaching",
        AlarmActions=[small.outputs["AlarmTopicArn"]],
    )

    def told() -> list[str]:
        return [body for body in bodies(small).values() if "silence" in body]

    eventually(lambda: len(told()) >= 2)
    event = next(json.loads(body) for body in told() if "detail-type" in json.loads(body))
    notification = next(json.loads(json.loads(body)["Message"]) for body in told() if "Message" in json.loads(body))
    assert event["detail"]["state"]["value"] == "ALARM"
    assert event["resources"] == [notification["AlarmArn"]]
    assert event["detail"]["state"]["timestamp"] == notification["StateChangeTime"]


def test_what_is_set_by_hand_is_told_before_what_the_data_say(small: Target) -> None:
    cloudwatch = small.client("cloudwatch")
    alarm = {"Namespace": "Integrations", "MetricName": "Lag", "Statistic": "Sum", "Period": 60}
    alarm |= {"EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"}
    cloudwatch.put_metric_alarm(AlarmName="by-hand", **alarm)
    time.sleep(2)
    cloudwatch.set_alarm_state(AlarmName="by-hand", StateValue="ALARM", StateReason="by hand")

    def told() -> dict[str, str]:
        events = [json.loads(body)["detail"] for body in bodies(small).values() if '"by-hand"' in body]
        return {event["state"]["timestamp"]: event["state"]["value"] for event in events}

    eventually(lambda: set(told().values()) == {"ALARM", "INSUFFICIENT_DATA"})
    assert [value for _, value in sorted(told().items())][-2:] == ["ALARM", "INSUFFICIENT_DATA"]


def test_killing_the_workers_loses_nothing_that_was_accepted(small: Target) -> None:
    wanted = {f"work {number}" for number in range(40)}
    send(small, *sorted(wanted))
    kill_workers(small)

    eventually(lambda: wanted <= set(bodies(small).values()))


def test_a_stop_and_a_start_keep_everything_and_new_code_arrives(tmp_path: Path) -> None:
    state, ports = tmp_path / "state", Ports(*pick_free(3))
    with running_stack(state, ports, cloud_assembly=write_assembly(tmp_path / "one")) as first:
        send(first, *(f"before {number}" for number in range(30)))
        first.client("s3").put_object(Bucket=first.outputs["KnowledgeBucket"], Key="a/b", Body=b"kept")
        schedule_message(first, "meanwhile")
    moved = Ports(*pick_free(3))
    assert not (state / "tmp").exists()
    with running_stack(state, moved, cloud_assembly=write_assembly(tmp_path / "two", version="2")) as second:
        send(second, "after")

        # One of them was scheduled before, for an instant at which nothing ran.
        eventually(lambda: len(bodies(second)) == 32)
        eventually(lambda: len(bodies(second, "reader")) == 32)
        code = second.client("lambda").list_functions()["Functions"][0]["CodeSha256"]
        kept = second.client("s3").get_object(Bucket=second.outputs["KnowledgeBucket"], Key="a/b")["Body"].read()

    assert kept == b"kept"
    assert second.outputs["IncidentsTable"] == first.outputs["IncidentsTable"]
    assert code
    with pytest.raises(NoStack):
        find_stack(state)


class Run:
    """`python -m infra.local` as a process."""

    def __init__(self, state: Path, assembly: Path, ports: Ports) -> None:
        flags = {"state-dir": state, "cloud-assembly": assembly, "save-every-s": 0.3}
        flags |= {"aws-port": ports.aws, "web-port": ports.web, "slack-port": ports.slack}
        arguments = [f"--{name}={value}" for name, value in flags.items()]
        environment = os.environ | {"COLUMNS": "300"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infra.local", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        self._card = state / "stack.json"

    def target(self) -> Target:
        eventually(lambda: self._card.exists() and read_card(self._card).pid == self.process.pid)
        return read_card(self._card)

    def end(self, number: int = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=30)
        return str(output)


@contextlib.contextmanager
def a_run(state: Path, assembly: Path, ports: Ports) -> Iterator[Run]:
    run = Run(state, assembly, ports)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.end()


def embedded_pid(state: Path) -> int:
    return int(json.loads((state / "run.json").read_text())["embedded"]["pid"])


def test_killing_the_supervisor_loses_nothing(tmp_path: Path, assembly: Path) -> None:
    ports = Ports(*pick_free(3))
    with a_run(tmp_path, assembly, ports) as run:
        send(run.target(), "accepted")
        run.end(signal.SIGKILL)
    with pytest.raises(NoStack):
        find_stack(tmp_path)
    with a_run(tmp_path, assembly, ports) as again:
        eventually(lambda: "accepted" in bodies(again.target()).values())
        words = again.end()

    assert again.process.returncode == 0
    assert "did not stop by itself" in words
    assert "everything is saved" in words
    assert not (tmp_path / "stack.json").exists()


def test_killing_the_embedded_aws_goes_back_to_its_last_save_and_says_so(tmp_path: Path, assembly: Path) -> None:
    ports = Ports(*pick_free(3))
    with a_run(tmp_path, assembly, ports) as run:
        target = run.target()
        send(target, "saved")
        eventually(lambda: "saved" in bodies(target).values())
        time.sleep(1.0)
        os.kill(embedded_pid(tmp_path), signal.SIGKILL)
        output, _ = run.process.communicate(timeout=30)
        assert run.process.returncode == 1
        assert "ended by itself" in output
    with a_run(tmp_path, assembly, ports) as again:
        assert "saved" in bodies(again.target()).values()
        words = again.end()

    assert "its state is from its last save" in words


def test_a_taken_port_is_refused_with_exit_status_2(tmp_path: Path, assembly: Path, small: Target) -> None:
    taken = int(small.web.rpartition(":")[2])
    free = pick_free(2)
    with a_run(tmp_path, assembly, Ports(free[0], taken, free[1])) as run:
        output, _ = run.process.communicate(timeout=30)

    assert run.process.returncode == 2
    assert f"Port {taken} is in use" in output
    assert "--web-port PORT" in output
