"""A signal as others write it, checked field by field.

Knows what each field may say; a number is a number and no text, true is no 1, null is as good as absent. Refuses to
know how an error is said. Imported with the first signal: pydantic is slow.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from web.signals.checking import Form, Instant, another_integration, read_part, said
from web.signals.refused import Wrong

MOST = 1_000_000_000
LATENCY_MS = 86_400_000
LAG_S = 14 * 86_400
CODES = 20
BACK, AHEAD = timedelta(days=14), timedelta(minutes=5)

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


def _whole(value: Any) -> Any:
    """5.0 is 5: some languages have no other way to write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=MOST)]
Status = Annotated[str, Field(pattern="^[1-5][0-9][0-9]$")]


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


FORM = Form(SignalIn, "signal", '{"integration": ..., "ok": true}', REMEDIES)


def read_signal(told: Any, place: str, slug: str, now: datetime) -> SignalIn | list[Wrong]:
    """The signal at a place of the request, or everything that is wrong with it."""
    signal = read_part(told, place, FORM)
    if not isinstance(signal, SignalIn):
        return signal
    if signal.integration != slug:
        return [another_integration(place, FORM)]
    if signal.occurred_at and not now - BACK <= signal.occurred_at <= now + AHEAD:
        return [said(place, "occurred_at", "is too far from now", FORM)]
    return signal
