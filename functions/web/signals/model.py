"""A signal as others write it, checked field by field.

Knows what each field may say; a number is a number and no text, true is no 1, null is as good as absent. Refuses to
guess: a field that we do not know is an error with the nearest name. Imported with the first signal: pydantic is slow.
"""

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from web.signals.refused import Wrong

MOST = 1_000_000_000
LATENCY_MS = 86_400_000
LAG_S = 14 * 86_400
CODES = 20
BACK, AHEAD = timedelta(days=14), timedelta(minutes=5)
NAME_SHOWN = 40

WHOLE = f"Send a whole number from 0 to {MOST}, without quotes."
# What to send, for each field.
REMEDIES = {
    "id": "Send a text of 1 to 200 characters that no other signal of the integration has, or leave it out.",
    "integration": "Send the slug of the integration's row, the same in every signal of a request.",
    "ok": "Send true or false, without quotes.",
    "records": WHOLE,
    "errors": WHOLE,
    "latency_ms": f"Send milliseconds as a number from 0 to {LATENCY_MS}, without quotes.",
    "lag_s": f"Send seconds as a number from 0 to {LAG_S}, without quotes.",
    "status_codes": f'Send how often each HTTP status came, such as {{"429": 3}}: 100 to 599, at most {CODES} of them.',
    "occurred_at": "Send a time with its zone, such as 2026-11-21T08:00:00Z, at most 14 days back and 5 minutes ahead.",
}
# What is wrong, by pydantic's kind of error; of any other the type is wrong.
KINDS = {
    "missing": "is missing",
    "greater_than_equal": "is below 0",
    "less_than_equal": "is too big",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "is no HTTP status",
    "too_long": "has too many entries",
    "timezone_aware": "says no time zone",
    "instant": "is no time",
}


def _whole(value: Any) -> Any:
    """5.0 is 5: some languages have no other way to write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _instant(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("instant", "is no time")
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at
    except (ValueError, OverflowError):
        raise PydanticCustomError("instant", "is no time") from None


Count = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=MOST)]
Status = Annotated[str, Field(pattern="^[1-5][0-9][0-9]$")]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]


class SignalIn(BaseModel):
    """One signal of a request."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    integration: str
    ok: bool
    records: Count | None = None
    errors: Count | None = None
    latency_ms: Annotated[float, Field(ge=0, le=LATENCY_MS)] | None = None
    lag_s: Annotated[float, Field(ge=0, le=LAG_S)] | None = None
    status_codes: Annotated[dict[Status, Count], Field(max_length=CODES)] | None = None
    occurred_at: Instant | None = None


def read_signal(told: Any, place: str, slug: str, now: datetime) -> SignalIn | list[Wrong]:
    """The signal at a place of the request, or everything that is wrong with it."""
    if not isinstance(told, dict):
        return [
            Wrong(place, f"{_kind(told)} is no signal.", 'Send an object, such as {"integration": ..., "ok": true}.')
        ]
    try:
        signal = SignalIn.model_validate(told)
    except ValidationError as error:
        return [_wrong(details, place) for details in error.errors(include_url=False, include_context=False)]
    if signal.integration != slug:
        return [_said(place, "integration", "is another integration than that of the first signal")]
    if signal.occurred_at and not now - BACK <= signal.occurred_at <= now + AHEAD:
        return [_said(place, "occurred_at", "is too far from now")]
    return signal


def _wrong(details: ErrorDetails, place: str) -> Wrong:
    name, *rest = (str(part) for part in details["loc"])
    if details["type"] == "extra_forbidden":
        near = get_close_matches(name, REMEDIES, n=1)
        known = f"Did you mean `{near[0]}`?" if near else f"A signal has: {', '.join(REMEDIES)}."
        return Wrong(_at(place, name[:NAME_SHOWN]), f"`{name[:NAME_SHOWN]}` is no field of a signal.", known)
    inside = [part[:NAME_SHOWN] for part in rest if part != "[key]"]
    return _said(place, name, _what(details), *inside)


def _said(place: str, name: str, what: str, *inside: str) -> Wrong:
    return Wrong(_at(place, ".".join((name, *inside))), f"`{'.'.join((name, *inside))}` {what}.", REMEDIES[name])


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _what(details: ErrorDetails) -> str:
    kind, given = details["type"], details["input"]
    if kind == "int_type" and isinstance(given, float):
        return "is no whole number"
    if kind == "float_type" and isinstance(given, int) and not isinstance(given, bool):
        return "is too big"  # for a float, before any limit of ours
    return KINDS.get(kind) or f"cannot be {_kind(given)}"


def _kind(value: Any) -> str:
    """What a value is, without the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names: tuple[tuple[type, str], ...] = ((str, "text"), (int, "a number"), (float, "a number"), (list, "a list"))
    return next((name for kind, name in names if isinstance(value, kind)), "an object")
