"""Every error of ours, in one tree. Each says in one sentence what it means.

DeadairError
├── Refusal               the person asked for something that cannot be; nothing changed
│   ├── NotFound          there is no such incident, integration or document
│   ├── IllegalTransition the incident's state does not allow the step
│   ├── Stale             somebody changed the incident since it was read
│   ├── Invalid           a field's value cannot be accepted
│   ├── NotAllowed        it belongs to somebody else
│   └── NotGenuine        nothing proves who asks
├── OddRow                a row that no import wrote says what cannot be understood
├── Poison                a message can never be processed; it is kept and dead-lettered with this reason
├── AlreadyDone           this very request has taken effect before; nothing changed again
├── MissingSetting        the room was deployed without a variable that it needs
└── Unavailable           a neighbour did not answer; the queue retries
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deadair.domain.incident import Incident


class DeadairError(Exception):
    """The root of the tree."""


class Refusal(DeadairError):
    """What was asked cannot be done; nothing changed. `remedy` is the next thing to try, in words."""

    def __init__(self, message: str, *, field: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remedy = remedy


class NotFound(Refusal):
    """There is no such incident, integration or document."""


class IllegalTransition(Refusal):
    """The incident's state does not allow the step."""


class Stale(Refusal):
    """Somebody changed the incident since it was read; the current state is to be shown."""


class Invalid(Refusal):
    """A field's value cannot be accepted."""


class NotAllowed(Refusal):
    """It belongs to somebody else; the remedy says what this person may do.

    `incident` is what they wanted to work on, so that a door can say the same in its own way; None where it is no
    incident.
    """

    def __init__(self, message: str, *, field: str = "", remedy: str = "", incident: "Incident | None" = None) -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.incident = incident


class NotGenuine(Refusal):
    """Nothing proves who asks: a signature does not hold, or there is none."""


class OddRow(DeadairError):
    """A row that no import wrote says what cannot be understood; the rest of it, and other rows, may hold."""


class Poison(DeadairError):
    """A message can never be processed. `reason` is one word for counting, the message says more."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class AlreadyDone(DeadairError):
    """This very request has taken effect before, and nobody heard so; nothing changed again."""


class MissingSetting(DeadairError):
    """The room was deployed without a variable that it needs."""

    def __init__(self, *names: str) -> None:
        super().__init__(f"missing environment variables: {', '.join(names)}")
        self.names = names


class Unavailable(DeadairError):
    """A neighbour did not answer in a way that can be trusted; the queue retries."""
