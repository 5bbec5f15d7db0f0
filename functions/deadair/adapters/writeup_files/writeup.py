"""A write-up that can be taken in, or the reason why one cannot. Shapes only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Writeup:
    """`date` is aware and UTC; `body` is Markdown without the head, empty where the words stand at `url` only.

    `line` is that of a row in a list, 0 else. What is unknown is empty.
    """

    file: str
    id: str
    title: str
    date: datetime
    company: str = ""
    tags: tuple[str, ...] = ()
    body: str = ""
    line: int = 0
    integration: str = ""
    integration_name: str = ""
    owner: str = ""
    severity: str = ""
    failure_class: str = ""
    vendor: str = ""
    detected_by: str = ""
    consent: bool = False
    url: str = ""

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Refused:
    """One file, or one row, that cannot: which field is at fault, why, and what to do."""

    file: str
    field: str
    reason: str
    remedy: str
    line: int = 0

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Fault(Exception):
    """What makes it a refused one: the field, the reason and the remedy."""

    def __init__(self, field: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.told = (field, reason, remedy)
