"""Claims about rights that are enforced: with exactly the rights of its role, each room can do its work.

The embedded AWS enforces IAM for this stack alone. It cannot judge a few statements, and no TLS is spoken here: these
are widened, each with its reason. That they are narrow is claimed by the template's own tests.
"""

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.options import Ports
from infra.local.ports import pick_free
from infra.local.supervisor import SYNTHESISED, running_stack
from infra.synth import synth
from infra.target import Target
from tests.infra.template import as_list
from tests.local_slack.doors import use
from tests.signing_in import signed_in

pytestmark = pytest.mark.stack
ROOT = Path(__file__).parents[2]
REGISTRY = ROOT / "infra/local/sample/registry.yaml"
SLUG = "hubspot-salesforce"
PATIENCE_S = 90.0
# Of these requests MiniStack does not tell whose parameter or alarm they are about, or in which group a schedule is.
WITHOUT_RESOURCE = {
    "ssm:GetParameters",
    "cloudwatch:ListTagsForResource",
    "cloudwatch:SetAlarmState",
    "scheduler:CreateSchedule",
}
# MiniStack knows no condition on the namespace of metrics.
WITHOUT_CONDITION = "cloudwatch:PutMetricData"
REFUSALS = ("AccessDenied", "not authorized", "UnauthorizedOperation")
Run = Callable[..., str]


def enforceable(template: dict[str, Any]) -> dict[str, Any]:
    """The template with the statements that the embedded AWS cannot judge widened or taken out."""
    for name, resource in list(template["Resources"].items()):
        policy = resource.get("Properties", {}).get("PolicyDocument")
        if not policy:
            continue
        # Plain http on this machine: what refuses it would refuse everybody.
        policy["Statement"] = [one for one in policy["Statement"] if one["Effect"] != "Deny"]
        for statement in policy["Statement"]:
            if WITHOUT_RESOURCE & set(as_list(statement["Action"])):
                statement["Resource"] = "*"
            if "sqs:SendMessage" in as_list(statement["Action"]):
                # AWS asks for the same right for a batch, MiniStack for one of its own.
                statement["Action"] = [*as_list(statement["Action"]), "sqs:SendMessageBatch"]
            if WITHOUT_CONDITION in as_list(statement["Action"]):
                del statement["Condition"]
        if not policy["Statement"]:
            del template["Resources"][name]
    return template


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Target, Run]]:
    """A stack that enforces IAM, and the command on it."""
    folder = tmp_path_factory.mktemp("strict")
    assembly = folder / "assembly"
    shutil.copytree(synth("local", SYNTHESISED), assembly)
    (file,) = assembly.glob("*.template.json")
    file.write_text(json.dumps(enforceable(json.loads(file.read_text("utf-8")))), encoding="utf-8")
    state = folder / "state"

    def run(*arguments: str | Path) -> str:
        command = [sys.executable, "-m", "infra.cli.main", "--state-dir", str(state), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTH", "true")
        with running_stack(state, Ports(*pick_free(3)), cloud_assembly=assembly) as target:
            yield target, run


def soon(look: Callable[[], Any]) -> Any:
    """What a look finds, once it finds something."""
    until = time.monotonic() + PATIENCE_S
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.3)
    return found


def test_every_room_does_its_work_with_the_rights_of_its_role(strict: tuple[Target, Run]) -> None:
    stack, deadair = strict
    assert json.load(urllib.request.urlopen(f"{stack.endpoint}/_ministack/health"))["auth"] == "enabled"

    deadair("registry", "import", REGISTRY)
    assert soon(lambda: alarms(stack, SLUG)), "alarm_provisioner"
    deadair("signals", "key", SLUG)
    deadair("signals", "send", SLUG, "--records", "5")
    assert soon(lambda: metrics(stack)), "web, signal_intake"
    deadair("replay", "tests/events/alarm.json")
    assert soon(lambda: "open" in deadair("incidents", "list")), "alarm_intake"
    assert soon(lambda: item(stack, "NOTICE#card")), "fact_relay, notifier"
    assert soon(lambda: item(stack, "HEAD#DIAGNOSIS")), "diagnosis"
    assert soon(lambda: stack.client("scheduler").list_schedules()["Schedules"]), "escalation"
    ana = signed_in(stack)
    assert "Ana Lima" in ana.page("/incidents"), "web"
    ana.post("/sign-out", {}, form="/incidents")
    use(stack.slack, "command", {"user": "U0ANA", "channel": "C0INCIDENTS", "text": "resolve INC-1 It was a token."})
    assert soon(lambda: item(stack, "POSTMORTEM")), "slack_commands, postmortem_writer"
    tell(stack, "Provisioner", {"reconcile": {"after": ""}}, {"look": True})
    tell(stack, "Escalation", {"sweep": True})
    tell_change(stack)
    assert soon(lambda: json.loads(deadair("changes", "list", SLUG, "--json"))), "change_intake"
    assert "The line works" in deadair("doctor", "--now"), "watchdog"

    soon(lambda: not waiting(stack))
    assert (refusals(stack), waiting(stack)) == ([], [])


def test_a_retired_row_takes_its_alarms_along(strict: tuple[Target, Run], tmp_path: Path) -> None:
    stack, deadair = strict
    without = tmp_path / "registry.yaml"
    rows = REGISTRY.read_text("utf-8").split("\n- slug: ")
    without.write_text("\n- slug: ".join(row for row in rows if not row.startswith("lead-alerts\n")), encoding="utf-8")
    assert soon(lambda: alarms(stack, "lead-alerts"))

    deadair("registry", "import", without, "--prune")

    assert soon(lambda: not alarms(stack, "lead-alerts"))
    assert alarms(stack, SLUG)
    assert refusals(stack) == []


def alarms(stack: Target, slug: str) -> list[str]:
    """The alarms of an integration."""
    prefix = f"{stack.outputs['AlarmPrefix']}-{slug}-"
    found = stack.client("cloudwatch").describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]
    return [alarm["AlarmName"] for alarm in found]


def metrics(stack: Target) -> list[str]:
    """The metrics of our namespace."""
    found = stack.client("cloudwatch").list_metrics(Namespace=stack.outputs["MetricNamespace"])["Metrics"]
    return [metric["MetricName"] for metric in found]


def item(stack: Target, sk: str) -> bool:
    """Whether the first incident has such an item: a notice, a postmortem."""
    key = {"pk": {"S": "INC#1"}, "sk": {"S": sk}}
    return "Item" in stack.client("dynamodb").get_item(TableName=stack.outputs["IncidentsTable"], Key=key)


def tell(stack: Target, room: str, *messages: dict[str, Any]) -> None:
    """What the schedules put on its queue."""
    for message in messages:
        stack.client("sqs").send_message(QueueUrl=stack.outputs[f"{room}QueueUrl"], MessageBody=json.dumps(message))


def tell_change(stack: Target) -> None:
    """What a pipeline says that may put events on the incident bus."""
    detail = json.dumps({"integration": SLUG, "text": "form-relay 1.4.2"})
    bus = stack.outputs["IncidentBus"]
    entry = {"EventBusName": bus, "Source": "ci", "DetailType": "change.deploy.v1", "Detail": detail}
    stack.client("events").put_events(Entries=[entry])


def waiting(stack: Target) -> list[str]:
    """The queues with messages, dead letters included."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    sqs, found = stack.client("sqs"), []
    for url in sqs.list_queues()["QueueUrls"]:
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        found += [url.rpartition("/")[2]] if any(map(int, counts.values())) else []
    return found


def refusals(stack: Target) -> list[str]:
    """Log lines of the rooms in which AWS refuses something."""
    logs = stack.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    lines = [event["message"] for group in groups for event in logs.filter_log_events(logGroupName=group)["events"]]
    return [line[-600:] for line in lines if any(refusal in line for refusal in REFUSALS)]
