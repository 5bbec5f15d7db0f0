"""What changed near an integration: web, incident bus and the account's own events → change queue → change_intake.

Knows which events of AWS can be a change, and drops the others before they cost anything: a rule costs nothing, a
message and its share of an invocation some 0.0000006 USD. Refuses to choose among resources: the rows do.
"""

from typing import Any

from aws_cdk import Duration
from aws_cdk.aws_events import EventPattern, Match, Rule
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from change_intake.settings import (
    CALLS,
    DEPLOYMENTS,
    PARAMETERS,
    PIPELINES,
    SERVICE,
    STACKS,
    VERSIONED,
    ChangeSettings,
)
from infra import rights
from infra.bus import facts_starting, queue_target
from infra.queues import WorkQueue
from infra.surroundings import Surroundings

NAME = "change_intake"
TIMEOUT = Duration.seconds(30)
BATCH = 50
# An account deploys in bursts; a card can wait this long for one invocation instead of fifty.
GATHERED = Duration.seconds(5)
# One event for each deployment: when it begins, and once more when it goes back.
STACK_STATES = [
    "CREATE_COMPLETE",
    "DELETE_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
]
DEPLOYMENT_STATES = ["START", "FAILURE", "STOP"]
ACTION_STATES = ["STARTED", "FAILED"]
# Calls that change what runs, how it is reached, or with which secret.
CALLED: dict[str, list[Any]] = {
    "aws.lambda": [{"prefix": name} for name in VERSIONED],
    "aws.apigateway": [
        "CreateDeployment",
        "UpdateApi",
        "UpdateAuthorizer",
        "UpdateIntegration",
        "UpdateRestApi",
        "UpdateRoute",
        "UpdateStage",
    ],
    "aws.secretsmanager": ["DeleteSecret", "PutSecretValue", "RotateSecret", "UpdateSecret"],
    "aws.events": [
        "DeleteRule",
        "DisableRule",
        "EnableRule",
        "PutRule",
        "PutTargets",
        "RemoveTargets",
        "UpdateApiDestination",
        "UpdateConnection",
    ],
}
ROTATIONS = ["RotationFailed", "RotationSucceeded"]


class ChangeIntake(Construct):
    """The change queue, the rules and the room behind them. `diagnosis` is told of open incidents."""

    def __init__(self, scope: Construct, around: Surroundings, *, diagnosis: WorkQueue) -> None:
        super().__init__(scope, "ChangeIntake")
        self.around = around
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        queues = {"DIAGNOSIS_QUEUE_URL": diagnosis.queue.queue_url}
        self.room = around.room(self, NAME, ChangeSettings, timeout=TIMEOUT, memory=512, queues=queues)
        self.room.function.add_event_source(
            SqsEventSource(
                self.work.queue, batch_size=BATCH, max_batching_window=GATHERED, report_batch_item_failures=True
            )
        )
        self._hear_the_account()
        self._hear_the_bus()
        rights.read_registry(self.room, around.data)
        rights.keep_changes(self.room, around.data)
        rights.send_to(self.room, diagnosis)

    def _hear_the_account(self) -> None:
        self._rule("Stacks", ["aws.cloudformation"], STACKS, {"status-details": {"status": STACK_STATES}})
        self._rule("Deployments", ["aws.codedeploy"], DEPLOYMENTS, {"state": DEPLOYMENT_STATES})
        self._rule(
            "Pipelines", ["aws.codepipeline"], PIPELINES, {"state": ACTION_STATES, "type": {"category": ["Deploy"]}}
        )
        self._rule("Parameters", ["aws.ssm"], PARAMETERS, {"operation": ["Create", "Delete", "Update"]})
        # CloudTrail says what was refused, too: then nothing changed.
        done = {"errorCode": Match.does_not_exist()}
        names = [name for listed in CALLED.values() for name in listed]
        self._rule("Calls", [*CALLED], CALLS, {"eventName": names, **done})
        self._rule("Rotations", ["aws.secretsmanager"], SERVICE, {"eventName": ROTATIONS})

    def _rule(self, name: str, sources: list[str], detail_type: str, detail: dict[str, Any]) -> None:
        pattern = EventPattern(source=self.around.stage.said_by(*sources), detail_type=[detail_type], detail=detail)
        Rule(
            self,
            name,
            description="Changes in this account, for the integrations whose rows name the resource.",
            event_pattern=pattern,
            targets=[queue_target(self.work)],
        )

    def _hear_the_bus(self) -> None:
        """Whoever may put events on the incident bus may tell of a change."""
        Rule(
            self,
            "Told",
            description="Changes that others tell.",
            event_bus=self.around.bus.bus,
            event_pattern=EventPattern(detail_type=facts_starting("change.")),
            targets=[queue_target(self.work)],
        )
