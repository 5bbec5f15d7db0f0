"""What is wrong with a request to the signal door, as the answer that its sender gets.

Knows statuses and the shape of the answer: `{"error": {"code", "message", "field", "remedy"}}`, with `fields` where
several are wrong. Refuses to repeat what was sent: only names of fields, cut short.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response

from web import responses

FIELDS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that cannot be accepted."""

    field: str
    message: str
    remedy: str


class Refused(Exception):
    """The request cannot be accepted; nothing of it was."""

    def __init__(
        self, status: int, code: str, message: str, *, field: str = "", remedy: str = "", **headers: str
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.field, self.remedy = status, code, message, field, remedy
        self.headers = headers

    def told(self) -> dict[str, Any]:
        """What the sender is told."""
        return {"code": self.code, "message": self.message, "field": self.field, "remedy": self.remedy}


class WrongFields(Refused):
    """Fields cannot be accepted: the first is told in full, and up to 20 are listed."""

    def __init__(self, wrong: Iterable[Wrong], *, count: int) -> None:
        self.listed = list(wrong)[:FIELDS_SHOWN]
        first = self.listed[0]
        super().__init__(422, "wrong_fields", first.message, field=first.field, remedy=first.remedy)
        self.count = count

    def told(self) -> dict[str, Any]:
        """What the sender is told: all of it, so that one correction is enough."""
        listed = [{"field": one.field, "message": one.message, "remedy": one.remedy} for one in self.listed]
        return {**super().told(), "wrong": self.count, "fields": listed}


def answer_to(refused: Refused) -> Response[Any]:
    """The answer."""
    return responses.data({"error": refused.told()}, refused.status, **refused.headers)
