"""Everything that a room may be told or allowed, gathered once and handed to each room's construct.

Knows the value behind every setting's name. Refuses to know which room reads which: each settings class says that.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields

from aws_cdk import CfnCondition, CfnParameter, Duration, Fn, Stack
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from alarm_intake.settings import IntakeSettings
from deadair.settings import Settings
from infra.api import Api
from infra.bus import IncidentBus
from infra.config import Stage, parameter_name
from infra.data import Data
from infra.room import Room, RoomCode
from notifier.settings import NotifierSettings
from slack_commands.settings import SlackSettings

# What the operator says at deploy time: the setting, and what it means.
PARAMETERS = {
    "FALLBACK_OWNER": "Who owns an incident that no registry row claims, as JSON: name, email, slack_id.",
    "ALARM_SCOPE": "Which alarms are ours, as JSON: accounts, regions, prefixes; an empty list admits all.",
    "ADMINS": "The addresses of the administrators, who may act on any incident with a reason; with commas.",
    "SLACK_CHANNEL": "The id of the Slack channel that shows incident cards.",
    "SLACK_TEAM": "The id of the only Slack workspace that is answered; empty answers the one that signs.",
    "SLACK_API_URL": "The Slack Web API.",
    "SLACK_HOOKS": "The host that Slack's response_url must have.",
    "SLACK_EMOJI": "The reaction that adds a message to an incident's timeline; empty adds none.",
    "EMAIL_SENDER": "The address that SES sends from when Slack fails; empty tells the operators' topic instead.",
    "ACTIONS_WEBHOOK": "The https address that is told of every action item, by a signed POST; empty tells nobody.",
    "PING_URL": "An https address outside that notices when it is not called every five minutes; empty calls none.",
    "OIDC_ISSUER": "Who says who somebody is at the web pages, by OpenID Connect; empty takes Slack.",
    "OIDC_CLIENT_ID": "What that issuer calls Deadair; empty keeps the web pages closed.",
    "OIDC_SCOPES": "What it is asked for; empty asks for openid, profile and email.",
    "OIDC_TEAMS": "The Slack workspaces (or Entra tenants) whose people may come in; empty takes SlackTeam.",
    "OIDC_DOMAINS": "The domains of e-mail addresses whose people may come in, with commas.",
    "WEB_URL": "The address of the web pages; empty takes the HTTP API's own.",
}
MAY_BE_EMPTY = {"ACTIONS_WEBHOOK", "ADMINS", "EMAIL_SENDER", "PING_URL", "SLACK_EMOJI", "SLACK_TEAM", "WEB_URL"}
MAY_BE_EMPTY |= {name for name in PARAMETERS if name.startswith("OIDC_")}


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The shared parts of the stack, as the rooms see them."""

    stage: Stage
    data: Data
    bus: IncidentBus
    api: Api
    operators: ITopic
    code: RoomCode
    values: dict[str, str]

    def room(
        self,
        scope: Construct,
        name: str,
        settings: type[Settings],
        *,
        timeout: Duration,
        memory: int,
        queues: Mapping[str, str] | None = None,
    ) -> Room:
        """The function of the room `name`, told exactly the variables that its settings class reads.

        `queues` are the addresses of queues that the room sends to, by variable. A setting without a value is a
        KeyError at synth.
        """
        values = {**self.values, **(queues or {})}
        environment = {variable: values[variable] for variable in settings.names()}
        return Room(
            scope,
            name,
            stage=self.stage,
            code=self.code,
            environment=environment,
            timeout=timeout,
            memory=memory,
        )


def setting_values(stack: Stack, stage: Stage, data: Data, bus: IncidentBus, api: Api) -> dict[str, str]:
    """The value of every setting of every room, by variable name."""
    parameters = {name: _parameter(stack, stage, name, text) for name, text in PARAMETERS.items()}
    no_address = CfnCondition(
        stack, "NoWebUrl", expression=Fn.condition_equals(parameters["WEB_URL"].value_as_string, "")
    )
    return {name: parameter.value_as_string for name, parameter in parameters.items()} | {
        "INCIDENTS_TABLE": data.incidents.table_name,
        "REGISTRY_TABLE": data.registry.table_name,
        "KNOWLEDGE_BUCKET": data.knowledge.bucket_name,
        "INCIDENT_BUS": bus.bus.event_bus_name,
        "SLACK_SECRETS": stage.slack_secrets,
        "WEB_SECRETS": stage.web_secrets,
        "SIGNAL_SECRETS": stage.signal_secrets,
        "ACTION_SECRETS": stage.action_secrets,
        "STACK_NAME": stage.stack_name,
        "ALARM_PREFIX": stage.alarm_prefix,
        "METRIC_NAMESPACE": stage.metric_namespace,
        "ALARM_WRITES_PER_SECOND": str(stage.alarm_writes_per_second),
        "WEB_URL": Fn.condition_if(no_address.logical_id, api.url, parameters["WEB_URL"].value_as_string).to_string(),
    }


def _parameter(stack: Stack, stage: Stage, setting: str, text: str) -> CfnParameter:
    default = stage.defaults.get(setting, _code_default(setting))
    may_be_empty = setting in MAY_BE_EMPTY
    if may_be_empty and default is None:
        default = ""
    return CfnParameter(
        stack,
        parameter_name(setting),
        description=text,
        default=default,
        min_length=None if may_be_empty else 1,
    )


def _code_default(setting: str) -> str | None:
    """The default that the settings classes themselves give, so that it is not typed twice. An empty one is none."""
    for settings in (IntakeSettings, NotifierSettings, SlackSettings):
        for field in fields(settings):
            if field.name.upper() == setting and field.default not in {MISSING, ""}:
                return str(field.default)
    return None
