"""What arrives in the intake queue, read strictly where identity is at stake and tolerantly elsewhere.

Knows the shapes in which CloudWatch's news travel: the EventBridge event, the SNS notification (in its envelope or
bare), the alarm action for Lambda. Refuses to know incidents and tables. Whatever is none of these is Poison.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alarm_intake.arns import alarm_named, arn_part, partition_of
from alarm_intake.context import Context, context_of_detail, context_of_notification, dig
from alarm_intake.quiet import quiet_of, words
from alarm_intake.times import not_after, read_instant
from deadair.domain.alarm import AlarmIdentity, AlarmState, Reconfiguration, Signal, Transition
from deadair.domain.diagnosis import LOW, RESTING, low_since, read_signal, rests, silent_since
from deadair.domain.errors import Poison

STATE_CHANGE = "CloudWatch Alarm State Change"
CONFIGURATION_CHANGE = "CloudWatch Alarm Configuration Change"
CONTRIBUTOR_CHANGE = "CloudWatch Alarm Contributor State Change"
OPERATIONS = tuple(what.value for what in Reconfiguration)
# `deadair.local` is how the local stage stands in for `aws.cloudwatch`; the rule on AWS does not let it through.
STATES = tuple(state.value for state in AlarmState)
SOURCES = ("aws.cloudwatch", "aws.monitoring", "deadair.local")
# The floor that the registry's own alarms are held against, where a carrier does not tell it.
FLOOR = 1.0

ACCOUNT_DIGITS = 12
REGION_CODE = re.compile(r"[a-z]{2,3}(-[a-z]+)+-[0-9]+")
PARTITION = re.compile(r"aws(-[a-z]+)*")
# SNS notifications write the region as the console does. An unknown name is kept as it is.
REGIONS = {
    "US East (N. Virginia)": "us-east-1",
    "US East (Ohio)": "us-east-2",
    "US West (N. California)": "us-west-1",
    "US West (Oregon)": "us-west-2",
    "US West - Oregon": "us-west-2",
    "Canada (Central)": "ca-central-1",
    "EU (Ireland)": "eu-west-1",
    "Europe (Ireland)": "eu-west-1",
    "EU (Frankfurt)": "eu-central-1",
    "Europe (Frankfurt)": "eu-central-1",
    "EU (London)": "eu-west-2",
    "Europe (London)": "eu-west-2",
    "EU (Paris)": "eu-west-3",
    "Europe (Paris)": "eu-west-3",
    "EU (Stockholm)": "eu-north-1",
    "Europe (Stockholm)": "eu-north-1",
    "Asia Pacific (Tokyo)": "ap-northeast-1",
    "Asia Pacific (Seoul)": "ap-northeast-2",
    "Asia Pacific (Mumbai)": "ap-south-1",
    "Asia Pacific (Singapore)": "ap-southeast-1",
    "Asia Pacific (Sydney)": "ap-southeast-2",
    "South America (Sao Paulo)": "sa-east-1",
}

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A well-formed message that is not an alarm's change of state. `reason` is one word for counting."""

    reason: str


class Identity(BaseModel):
    """The four fields without which nothing can be said about an alarm. Strict: no coercion."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=1024)]
    state: AlarmState
    # Twelve digits on AWS; samples and emulators have nine or thirteen, which harms nobody.
    account: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    region: Annotated[str, Field(min_length=1, max_length=100)]


def from_event(event: dict[str, Any], received_at: datetime, detail: dict[str, Any]) -> Transition | Ignored:
    """The EventBridge event. Raises Poison with the field that is wrong."""
    kind = event.get("detail-type")
    if kind not in (STATE_CHANGE, CONFIGURATION_CHANGE):
        # What one series of a query does is in the alarm's own state as well: the alarm speaks for them all.
        return Ignored("contributor_of_an_alarm" if kind == CONTRIBUTOR_CHANGE else "not_an_alarm_state_change")
    if event.get("source") not in SOURCES:
        return Ignored("not_from_cloudwatch")
    if kind == CONFIGURATION_CHANGE:
        return _reconfigured(event, received_at, detail)
    identity = identity_from(
        {
            "name": detail.get("alarmName"),
            "state": dig(detail, "state", "value"),
            "account": event.get("account"),
            "region": event.get("region"),
        }
    )
    arns = [arn for arn in _listed(event.get("resources")) if ":alarm:" in arn]
    _same_account(identity, arns)
    return _transition(identity, arns, context_of_detail(detail), event.get("time"), received_at)


def _reconfigured(event: dict[str, Any], received_at: datetime, detail: dict[str, Any]) -> Transition | Ignored:
    """What was done to the alarm itself. Its configuration says when; that of a deleted alarm says when it was made."""
    operation = detail.get("operation")
    if operation not in OPERATIONS:
        return Ignored("not_an_alarm_state_change")
    told = {"name": detail.get("alarmName"), "account": event.get("account"), "region": event.get("region")}
    identity = identity_from(told | {"state": AlarmState.INSUFFICIENT_DATA.value})
    arns = [arn for arn in _listed(event.get("resources")) if ":alarm:" in arn]
    _same_account(identity, arns)
    what, context = Reconfiguration(operation), context_of_detail(detail)
    own = None if what is Reconfiguration.DELETED else dig(detail, "configuration", "timestamp")
    stamp = read_instant(own) or read_instant(event.get("time")) or received_at
    return Transition(
        alarm=_alarm(identity, arns),
        state=identity.state,
        at=not_after(stamp, received_at),
        stamp=stamp,
        metric=context.metric,
        namespace=context.namespace,
        dimensions=context.dimensions,
        tags=context.tags,
        reconfigured=what,
    )


def from_lambda_action(action: dict[str, Any], received_at: datetime) -> Transition:
    """What CloudWatch hands to a Lambda function as an alarm action. Raises Poison."""
    detail = action.get("alarmData")
    if not isinstance(detail, dict):
        raise Poison("wrong_field", "alarmData: must be an object.")
    identity = identity_from(
        {
            "name": detail.get("alarmName"),
            "state": dig(detail, "state", "value"),
            "account": action.get("accountId"),
            "region": action.get("region"),
        }
    )
    arns = _listed([action.get("alarmArn")])
    _same_account(identity, arns)
    return _transition(identity, arns, context_of_detail(detail), action.get("time"), received_at)


def from_notification(notice: dict[str, Any], received_at: datetime, sent: Any = None) -> Transition:
    """The alarm notification that SNS carries; `sent` is the envelope's own time. Raises Poison."""
    arns = _listed([notice.get("AlarmArn")])
    arn_region = next((part for arn in arns if REGION_CODE.fullmatch(part := arn_part(arn, 3))), "")
    told = notice.get("Region")
    identity = identity_from(
        {
            "name": notice.get("AlarmName"),
            "state": notice.get("NewStateValue"),
            "account": notice.get("AWSAccountId"),
            "region": arn_region or (REGIONS.get(told, told) if isinstance(told, str) else told),
        }
    )
    _same_account(identity, arns)
    return _transition(identity, arns, context_of_notification(notice), sent, received_at)


def identity_from(fields: dict[str, Any]) -> Identity:
    """Who the alarm is and what became of it. Raises Poison with the field that is wrong."""
    state = fields["state"] if isinstance(fields["state"], str) else ""
    if state not in STATES:
        raise Poison("wrong_field", f"state: must be one of {', '.join(STATES)}.")
    return checked(Identity, fields | {"state": AlarmState(state)})


def checked(model: type[M], fields: dict[str, Any]) -> M:
    """The fields as the model has them. Raises Poison with the first field that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Poison("wrong_field", f"{first['loc'][0]}: {first['msg']}.") from error


def _same_account(identity: Identity, arns: list[str]) -> None:
    """An event must not speak for another account. Accounts that are no AWS account cannot be compared."""
    named = {account for arn in arns if (account := arn_part(arn, 4).strip()).isdigit()}
    if named - {identity.account} and len(identity.account) == ACCOUNT_DIGITS:
        raise Poison("account_mismatch", "resources: the alarm's ARN names another account than the event.")


def _transition(identity: Identity, arns: list[str], context: Context, sent: Any, received_at: datetime) -> Transition:
    stamp = read_instant(context.changed_at)
    notes = list(context.notes)
    if stamp is None:
        stamp = read_instant(sent) or received_at
        notes.append("the alarm gave no usable time")
    at = not_after(stamp, received_at)
    if at != stamp:
        notes.append("the alarm's clock is ahead")
    signal = read_signal(name=identity.name, metric=context.metric, reason=context.reason)
    resting = identity.state is AlarmState.OK and rests(signal, context.points.told, _floor(context))
    alarm, quiet = _alarm(identity, arns), quiet_of(context.detail, at)
    notes += [words(quiet)] if quiet else []
    return Transition(
        alarm=alarm,
        # An OK for want of anything to expect must neither recover an incident nor hide that it goes on.
        state=AlarmState.INSUFFICIENT_DATA if resting else identity.state,
        at=at,
        stamp=stamp,
        reason=context.reason,
        previous=context.previous,
        description=context.description,
        started_at=_started(context, signal, at),
        signal=signal,
        metric=context.metric,
        namespace=context.namespace,
        dimensions=context.dimensions,
        tags=context.tags,
        notes=(*notes, RESTING) if resting else tuple(notes),
        quiet=quiet,
        children=_children((*context.set_off, *context.rule), alarm),
        set_off_by=len(_children(context.set_off, alarm)) if identity.state is AlarmState.ALARM else 0,
        rests=resting,
    )


def _alarm(identity: Identity, arns: list[str]) -> AlarmIdentity:
    named = (part for arn in arns if PARTITION.fullmatch(part := arn_part(arn, 1)))
    partition = next(named, "") or partition_of(identity.region)
    return AlarmIdentity(partition, identity.account, identity.region, identity.name)


def _children(texts: Iterable[str], alarm: AlarmIdentity) -> tuple[AlarmIdentity, ...]:
    found = (alarm_named(text, alarm) for text in texts)
    return tuple(dict.fromkeys(child for child in found if child and child != alarm))


def _started(context: Context, signal: Signal, at: datetime) -> datetime | None:
    """Where the failing data begin: where nothing came any more, or as the alarm says."""
    low = low_since(context.points.told, _floor(context)) if signal in LOW else None
    told = _before(low, at) or _before(read_instant(context.started_at), at)
    return told or silent_since(reason=context.reason, period_s=context.period_s, at=at)


def _floor(context: Context) -> float:
    return FLOOR if context.points.threshold is None else context.points.threshold


def _before(started: datetime | None, at: datetime) -> datetime | None:
    return started if started and started <= at else None


def _listed(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
