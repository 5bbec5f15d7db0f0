"""What Deadair tells itself: a credential that expires, a version that ends, records that flow again.

Knows one shape, and takes nothing that differs from it. Refuses to know when such news is due: the provisioner does.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from alarm_intake.arns import partition_of
from alarm_intake.identity import checked, identity_from
from alarm_intake.times import not_after, read_instant
from deadair.domain.alarm import DEADAIR, AlarmIdentity, Signal, Transition
from deadair.domain.errors import Poison

# What the alarm provisioner puts into the intake queue; no rule of EventBridge lets this source in. Written here again
# because its own module would cost this room's cold start six milliseconds; a test compares the two.
OWN_SOURCE = "deadair.signals"


class OwnSignal(BaseModel):
    """What Deadair says beside an identity. Strict: it is our own, so what is odd is a fault, not a dialect."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    integration: Annotated[str, Field(min_length=1, max_length=200)]
    signal: Annotated[Signal, Field(strict=False)]
    state: Literal["ALARM", "OK"]
    at: str
    reason: str = ""


def from_own_signal(event: dict[str, Any], received_at: datetime, detail: dict[str, Any]) -> Transition:
    """A signal that needs no alarm of CloudWatch. Raises Poison with the field that is wrong."""
    told = checked(OwnSignal, detail)
    identity = identity_from(
        {
            "name": detail.get("alarm"),
            "state": told.state,
            "account": event.get("account"),
            "region": event.get("region"),
        }
    )
    stamp = read_instant(told.at)
    if stamp is None:
        raise Poison("wrong_field", "at: must be an instant of ISO 8601.")
    return Transition(
        alarm=AlarmIdentity(partition_of(identity.region), identity.account, identity.region, identity.name),
        state=identity.state,
        at=not_after(stamp, received_at),
        stamp=stamp,
        reason=told.reason,
        signal=told.signal,
        dimensions={"Integration": told.integration},
        author=DEADAIR,
    )
