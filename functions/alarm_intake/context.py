"""What else an alarm tells, read tolerantly: every field may be absent, null or of another shape than usual.

Knows the differences between the event's `detail` and the notification's fields. Refuses to fail.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from alarm_intake.composite import in_rule, set_off
from alarm_intake.datapoints import Points, points_of_data, points_of_text


@dataclass(frozen=True, slots=True)
class Context:
    """Everything about a transition but its identity. Texts are empty where the alarm says nothing usable.

    `set_off` and `rule` name the children of a composite alarm. `detail` is all of it, where a reader of its own looks.
    """

    reason: str = ""
    previous: str = ""
    description: str = ""
    changed_at: Any = None
    started_at: Any = None
    period_s: Any = None
    points: Points = field(default_factory=Points)
    metric: str = ""
    namespace: str = ""
    dimensions: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    set_off: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)


def context_of_detail(detail: dict[str, Any]) -> Context:
    """From the `detail` of an EventBridge event, or the `alarmData` of an alarm action."""
    metrics = [m for m in _list(dig(detail, "configuration", "metrics")) if isinstance(m, dict)]
    stats = [metric for m in metrics if isinstance(metric := dig(m, "metricStat", "metric"), dict)]
    expression = next((text for m in metrics if (text := _text(m.get("expression")))), "")
    data, reason = _json(dig(detail, "state", "reasonData")), _text(dig(detail, "state", "reason"))
    return Context(
        reason=reason,
        previous=_text(dig(detail, "previousState", "value")),
        description=_text(dig(detail, "configuration", "description")),
        changed_at=dig(detail, "state", "timestamp"),
        started_at=dig(data, "startDate"),
        period_s=next((period for m in metrics if (period := dig(m, "metricStat", "period"))), None),
        points=points_of_data(data) or points_of_text(reason),
        metric=next((name for s in stats if (name := _text(s.get("name") or s.get("metricName")))), expression),
        namespace=next((name for s in stats if (name := _text(s.get("namespace")))), ""),
        dimensions=_merged([pairs(s.get("dimensions")) for s in stats]),
        tags=pairs(detail.get("alarmTags")),
        notes=_notes(detail),
        set_off=set_off(data),
        rule=in_rule(dig(detail, "configuration", "alarmRule")),
        detail=detail,
    )


def context_of_notification(notice: dict[str, Any]) -> Context:
    """From the fields of an alarm notification, as SNS carries it."""
    trigger = notice.get("Trigger") if isinstance(notice.get("Trigger"), dict) else {}
    metrics = [m for m in _list(dig(trigger, "Metrics")) if isinstance(m, dict)]
    stats = [s for m in metrics if isinstance(s := dig(m, "MetricStat", "Metric"), dict)]
    named = [trigger, *stats] if isinstance(trigger, dict) else stats
    reason = _text(notice.get("NewStateReason"))
    return Context(
        reason=reason,
        previous=_text(notice.get("OldStateValue")),
        description=_text(notice.get("AlarmDescription")),
        changed_at=notice.get("StateChangeTime"),
        period_s=dig(trigger, "Period") or next((p for m in metrics if (p := dig(m, "MetricStat", "Period"))), None),
        points=points_of_text(reason),
        metric=next((name for s in named if (name := _text(s.get("MetricName")))), ""),
        namespace=next((name for s in named if (name := _text(s.get("Namespace")))), ""),
        dimensions=_merged([pairs(s.get("Dimensions")) for s in named]),
        set_off=set_off(None, notice.get("TriggeringChildren")),
        rule=in_rule(notice.get("AlarmRule")),
    )


def dig(value: Any, *path: str) -> Any:
    """The value at a path of keys; None as soon as something on the way is not an object."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def pairs(value: Any) -> dict[str, str]:
    """Names and values from an object, or from a list of objects with `name` and `value` in any case."""
    if isinstance(value, dict):
        return {name: text for name, text in value.items() if isinstance(text, str)}
    found = {}
    for item in _list(value):
        lowered = {key.lower(): text for key, text in item.items()} if isinstance(item, dict) else {}
        name, text = lowered.get("name", lowered.get("key")), lowered.get("value")
        if isinstance(name, str) and isinstance(text, str):
            found[name] = text
    return found


def _notes(detail: dict[str, Any]) -> tuple[str, ...]:
    return ("evaluated on partial data",) if dig(detail, "state", "evaluationState") == "PARTIAL_DATA" else ()


def _merged(found: list[dict[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for one in found:
        merged = one | merged
    return merged


def _json(value: Any) -> Any:
    """JSON text or an object as it is; None for anything that cannot be read."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
