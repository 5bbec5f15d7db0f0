"""Claims about the operator's document: its rights are the template's, its prices the code's, what it names exists."""

import re
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

from deadair.domain.handling import USUAL
from deadair.domain.ownership import Integration, Person
from deadair.domain.patience import Patience, patience
from deadair.domain.severity import Severity
from deadair.domain.watch import METRIC_USD, watches
from infra.config import aws_stage
from infra.local.template import LEFT_OUT
from infra.slack_app.check import SECRETS
from infra.slack_app.scopes import BOT, USER
from infra.slack_app.surroundings import parameter_of
from tests.infra.rooms import ROOMS
from tests.infra.template import ROOT, Template, as_list, construct, target

TEXT = (ROOT / ".github/OPERATIONS.md").read_text("utf-8")


def table(title: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def code(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def rooms_behind(template: Template, kind: str) -> set[str]:
    """The rooms whose event source is of a kind, as its type's name says."""
    resources = template.body["Resources"]
    found = set()
    for mapping in template.properties("AWS::Lambda::EventSourceMapping"):
        if resources[target(mapping["EventSourceArn"])]["Type"].startswith(kind):
            function = target(mapping["FunctionName"])
            found |= {room for room in ROOMS if function.startswith(construct(room))}
    return found


def test_the_rights_in_the_document_are_those_of_the_template(prod: Template) -> None:
    groups = {
        "every room": set(ROOMS),
        "behind a queue": rooms_behind(prod, "AWS::SQS"),
        "behind a stream": rooms_behind(prod, "AWS::DynamoDB"),
    }
    written: dict[str, set[str]] = defaultdict(set)
    for who, actions, *_ in table("What it may do"):
        for room in groups.get(who, code(who)):
            written[room] |= set(code(actions))

    granted = {room: {action for action, _ in prod.allowed(room)} for room in ROOMS}

    assert written == granted


def test_every_right_has_its_reason() -> None:
    assert all(all(cells) for cells in table("What it may do"))


def test_a_key_in_the_document_is_one_that_bounds_a_right(prod: Template) -> None:
    bounds = {
        key
        for room in ROOMS
        for statement in prod.statements(room)
        for key in as_list(
            statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
        )
    }
    named = {key for cells in table("What it may do") for key in code(cells[2]) if re.fullmatch(r"[A-Z]+(#\*)?", key)}

    assert named <= bounds


def test_the_alarms_and_prices_of_the_document_are_those_that_a_full_row_raises() -> None:
    thresholds = {"silence_min": 60, "freshness_min": 60, "error_rate_pct": 2, "latency_p95_ms": 9}
    limits = [{"calls": 9, "per": per} for per in ("second", "minute", "hour", "day", "month")]
    row = Integration("x", "X", Person("Ana"), row={"thresholds": thresholds, "rate_limits": limits})
    raised = watches(row, prefix="deadair", namespace="Deadair", now=datetime(2026, 11, 21, tzinfo=UTC))

    written = {cells[1].strip("`"): cells[4].removesuffix(" each") for cells in table("Alarms from the registry")}

    assert written.pop("none") == "0"
    kinds = {re.sub("^deadair-x-", "", watch.name): watch.metrics * METRIC_USD for watch in raised}
    quotas = {kinds.pop(f"quota-{per}") for per in ("second", "minute", "hour", "day")}
    assert {name: Decimal(price) for name, price in written.items()} == kinds | {"quota-<stretch>": quotas.pop()}
    assert not quotas


def test_the_scopes_of_the_document_are_those_of_the_manifest_with_what_needs_them() -> None:
    written = {code(scope)[0]: (code(needed), because) for scope, needed, because in table("What it may do in Slack")}

    assert list(written) == [scope.name for scope in (*BOT, *USER)]
    for scope in (*BOT, *USER):
        needed, because = written[scope.name]
        assert because == scope.why
        assert [*scope.methods, *scope.events] == [one for one in needed if "." in one or "_" in one]


def test_every_secret_of_the_document_lies_where_the_command_puts_it() -> None:
    written = {code(name)[0]: code(where)[0] for name, where, *_ in table("Secrets, and their change")}

    assert written == {name: parameter_of(aws_stage("x"), name).removeprefix("/deadair/x/") for name in SECRETS}


def test_the_minutes_of_the_document_are_those_after_which_people_are_told() -> None:
    section = TEXT.partition("| severity | the next person after")[2].partition("\n\n")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines()[2:]]

    written = {severity: Patience(int(ack), int(update), "working" in whose) for severity, ack, update, whose in lines}

    assert written == {severity: patience(severity, USUAL, consent=False) for severity in Severity}
    assert patience(Severity.SEV2, USUAL, consent=True).ack_min == (15 + 1) // 2


def test_the_alarms_that_watch_the_stack_are_counted_and_cost_what_the_document_says(prod: Template) -> None:
    alarms = prod.properties("AWS::CloudWatch::Alarm")
    told = [alarm for alarm in alarms if alarm.get("AlarmActions")]
    written = re.search(r"These are (\d+) alarms; with the drill's own they cost US\$ ([\d.]+) a month", TEXT)
    assert written is not None

    assert int(written[1]) == len(told) == len(alarms) - 1
    assert Decimal(written[2]) == len(alarms) * METRIC_USD


def test_what_one_machine_leaves_out_is_listed() -> None:
    assert [name for cells in table("What one machine leaves out") for name in code(cells[0])] == list(LEFT_OUT)


def test_an_output_of_the_document_is_one(prod: Template) -> None:
    named = re.findall(r"output `(\w+)`", TEXT)

    assert named
    assert set(named) <= set(prod.body["Outputs"])


def test_every_place_of_dead_letters_is_in_the_document_with_what_to_do(prod: Template) -> None:
    places = " ".join(where for _, where, _ in table("When something is stuck"))

    assert {name for name in prod.body["Outputs"] if name.endswith("DeadLetterUrl")} <= set(code(places))
    assert all(all(cells) for cells in table("When something is stuck"))
