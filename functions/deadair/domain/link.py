"""An address that belongs to an incident: a ticket, a dashboard, a thread."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """An http(s) address; `label` is what people read, the address itself when empty."""

    url: str
    label: str = ""
