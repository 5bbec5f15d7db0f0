"""What every room has in common: one function, one role with exact actions, one log group.

Knows the runtime, the tracing and the logging of a room. Refuses to know what triggers it or what it may touch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_lambda import Architecture, CfnFunction, Code, Function, LayerVersion, Runtime, Tracing
from aws_cdk.aws_logs import LogGroup, RetentionDays
from constructs import Construct

from infra.config import Stage, common_variables
from infra.findings import accept

# The runtime that the wheels and the bytecode of the bundle are made for.
RUNTIME = Runtime.PYTHON_3_13


@dataclass(frozen=True, kw_only=True)
class RoomCode:
    """The one asset of all rooms and the layer of their dependencies, where the stage needs one."""

    asset: Code
    layers: Sequence[LayerVersion] = ()


class Room(Construct):
    """One Lambda function with its own role. Subclasses add the trigger and the permissions."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: Stage,
        code: RoomCode,
        environment: Mapping[str, str],
        timeout: Duration,
        memory: int,
    ) -> None:
        super().__init__(scope, "Room")
        self.log_group = LogGroup(
            self, "Logs", retention=retention(stage.log_days), removal_policy=RemovalPolicy.DESTROY
        )
        self.role = Role(self, "Role", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
        self.function = Function(
            self,
            "Function",
            code=code.asset,
            handler=f"{name}.handler.handler",
            layers=list(code.layers),
            runtime=RUNTIME,
            architecture=Architecture.ARM_64,
            role=self.role,
            log_group=self.log_group,
            tracing=Tracing.ACTIVE,
            timeout=timeout,
            memory_size=memory,
            environment={**environment, **common_variables(name)},
            description=f"Deadair {name}",
        )
        self.allow(["logs:CreateLogStream", "logs:PutLogEvents"], [self.log_group.log_group_arn])
        self._explain()

    def allow(
        self, actions: Sequence[str], resources: Sequence[str], conditions: Mapping[str, Any] | None = None
    ) -> None:
        """Grant exact actions on exact resources, where a condition of IAM's says so under that condition only."""
        granted = PolicyStatement(actions=list(actions), resources=list(resources), conditions=conditions)
        self.role.add_to_policy(granted)

    def _explain(self) -> None:
        raw = cast(CfnFunction, self.function.node.default_child)
        # cfn-lint W3005: the CDK writes DependsOn beside the GetAtt that says the same; it does no harm.
        raw.add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3005"]}})
        accept(
            self.role,
            "AwsSolutions-IAM5[Resource::*]",
            "AWS knows no resources for X-Ray's two actions, ListStreams, GetMetricData and PutMetricData (bound to "
            "our namespace), nor for DescribeAlarms on composite alarms. A test lists what each room may do on `*`.",
        )
        accept(
            self.function,
            "AwsSolutions-L1",
            "The wheels and the bytecode of the bundle are made for this Python; both move together.",
        )


def retention(days: int) -> RetentionDays:
    """The log retention of that many days."""
    return {7: RetentionDays.ONE_WEEK, 90: RetentionDays.THREE_MONTHS, 365: RetentionDays.ONE_YEAR}[days]
