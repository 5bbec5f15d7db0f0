"""What differs between one stage and another, as one frozen value.

Knows the stages and their numbers. Refuses to know any construct.
"""

import re
from dataclasses import dataclass, field

LOCAL, PROD = "local", "prod"
# What CloudFormation takes in a stack's name; a stage's name is also part of SSM paths.
STAGE_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One deployment of the stack. `defaults` are the defaults of its CloudFormation parameters, by setting name."""

    name: str
    keep_data: bool
    log_days: int
    archive_days: int
    bundles_dependencies: bool
    bootstrapped: bool
    alarm_writes_per_second: int
    stand_ins: tuple[str, ...] = ()
    defaults: dict[str, str] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether this stage is the one-machine stack."""
        return self.name == LOCAL

    @property
    def stack_name(self) -> str:
        """The CloudFormation stack's name."""
        return f"Deadair-{self.name}"

    def said_by(self, *sources: str) -> list[str]:
        """The sources of events that these services of AWS say, and whoever says them in their place."""
        return [*sources, *self.stand_ins]

    @property
    def slack_secrets(self) -> str:
        """The SSM path under which `bot-token` and `signing-secret` lie."""
        return f"/deadair/{self.name}/slack"

    @property
    def web_secrets(self) -> str:
        """The SSM path under which `session-key`, `session-key-before` and `client-secret` lie."""
        return f"/deadair/{self.name}/web"

    @property
    def action_secrets(self) -> str:
        """The SSM path under which `webhook-secret` lies, which signs what the tracker is told."""
        return f"/deadair/{self.name}/actions"

    @property
    def signal_secrets(self) -> str:
        """The SSM path under which each integration's keys for sending signals lie, one parameter for each."""
        return f"/deadair/{self.name}/signals"

    @property
    def alarm_prefix(self) -> str:
        """How the names of the alarms begin that the registry raises."""
        return "deadair" if self._is_plain else f"deadair-{self.name}"

    @property
    def metric_namespace(self) -> str:
        """The CloudWatch namespace that signals become metrics in, and that the registry's alarms look at."""
        return "Deadair" if self._is_plain else f"Deadair/{self.name}"

    @property
    def _is_plain(self) -> bool:
        """One account seldom holds more than `prod`; its alarms and metrics have the short names."""
        return self.name in (LOCAL, PROD)


def common_variables(room: str) -> dict[str, str]:
    """What every room is told beside its own settings."""
    return {"POWERTOOLS_SERVICE_NAME": room, "POWERTOOLS_METRICS_NAMESPACE": "Deadair"}


def parameter_name(setting: str) -> str:
    """`FALLBACK_OWNER` is the CloudFormation parameter `FallbackOwner`."""
    return "".join(word.capitalize() for word in setting.split("_"))


def stage_named(name: str) -> Stage:
    """The stage of that name: `local` is one machine, any other name is a deployment in an AWS account."""
    if not STAGE_NAME.fullmatch(name):
        raise ValueError(f"stage {name!r}: use lower-case letters, digits and hyphens, such as `prod`")
    return local_stage() if name == LOCAL else aws_stage(name)


def aws_stage(name: str) -> Stage:
    """A stage in an AWS account: data outlives the stack, nothing is public."""
    return Stage(
        name=name,
        keep_data=True,
        log_days=90,
        archive_days=365,
        bundles_dependencies=True,
        bootstrapped=True,
        # A steady three are accepted in every region, and leave some for whoever else makes alarms.
        alarm_writes_per_second=3,
    )


def local_stage() -> Stage:
    """The one-machine stage. The local AWS runs rooms on its own interpreter, which has the dependencies."""
    return Stage(
        name=LOCAL,
        keep_data=False,
        log_days=7,
        archive_days=7,
        bundles_dependencies=False,
        bootstrapped=False,
        alarm_writes_per_second=200,
        # The local AWS refuses put_events from `aws.*`, so what AWS would say carries this source.
        stand_ins=("deadair.local",),
        defaults={
            "WEB_URL": "http://localhost:8080",
            "SLACK_API_URL": "http://localhost:8081/api/",
            "SLACK_HOOKS": "localhost:8081",
            "SLACK_CHANNEL": "C0INCIDENTS",
            "SLACK_TEAM": "T0DEADAIR",
            "ADMINS": "maren.holt@example.com",
            "EMAIL_SENDER": "deadair@example.com",
            "FALLBACK_OWNER": '{"name":"Fallback Owner","email":"fallback@example.com","slack_id":"U0FALLBACK"}',
        },
    )
