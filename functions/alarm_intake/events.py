"""What arrives in the intake queue, read strictly where identity is at stake and tolerantly elsewhere.

Knows the shapes in which CloudWatch's news travel: the EventBridge event, the SNS notification (in its envelope or
bare), the alarm action for Lambda. Refuses to know incidents and tables. Whatever is none of these is Poison.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alarm_intake.arns import alarm_named
from alarm_intake.context import Context, context_of_detail, context_of_notification, dig
from alarm_intake.identity import Identity, alarm_of, identity_from, region_of, same_account
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
SOURCES = ("aws.cloudwatch", "aws.monitoring", "deadair.local")
# The floor that the registry's own alarms are held against, where a carrier does not tell it.
FLOOR = 1.0


@dataclass(frozen=True, slots=True)
class Ignored:
    """A well-formed message that is not an alarm's change of state. `reason` is one word for counting."""

    reason: str


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
    same_account(identity, arns)
    return _transition(identity, arns, context_of_detail(detail), event.get("time"), received_at)


def _reconfigured(event: dict[str, Any], received_at: datetime, detail: dict[str, Any]) -> Transition | Ignored:
    """What was done to the alarm itself. Its configuration says when; that of a deleted alarm says when it was made."""
    operation = detail.get("operation")
    if operation not in OPERATIONS:
        return Ignored("not_an_alarm_state_change")
    told = {"name": detail.get("alarmName"), "account": event.get("account"), "region": event.get("region")}
    identity = identity_from(told | {"state": AlarmState.INSUFFICIENT_DATA.value})
    arns = [arn for arn in _listed(event.get("resources")) if ":alarm:" in arn]
    same_account(identity, arns)
    what, context = Reconfiguration(operation), context_of_detail(detail)
    own = None if what is Reconfiguration.DELETED else dig(detail, "configuration", "timestamp")
    stamp = read_instant(own) or read_instant(event.get("time")) or received_at
    return Transition(
        alarm=alarm_of(identity, arns),
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
    same_account(identity, arns)
    return _transition(identity, arns, context_of_detail(detail), action.get("time"), received_at)


def from_notification(notice: dict[str, Any], received_at: datetime, sent: Any = None) -> Transition:
    """The alarm notification that SNS carries; `sent` is the envelope's own time. Raises Poison."""
    arns = _listed([notice.get("AlarmArn")])
    identity = identity_from(
        {
            "name": notice.get("AlarmName"),
            "state": notice.get("NewStateValue"),
            "account": notice.get("AWSAccountId"),
            "region": region_of(notice.get("Region"), arns),
        }
    )
    same_account(identity, arns)
    return _transition(identity, arns, context_of_notification(notice), sent, received_at)


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
    alarm, quiet = alarm_of(identity, arns), quiet_of(context.detail, at)
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
