"""What others wrote, checked field by field against a model, and everything that is wrong with it in words.

Knows kinds of errors and how a field's place is named. Refuses to guess: a field that the model does not know is an
error with the nearest name. Imported with the first body that is genuine: pydantic is slow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from web.signals.refused import Wrong

Model = TypeVar("Model", bound=BaseModel)
NAME_SHOWN = 40
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
    "address": "is no https address",
    "enum": "is no kind that we know",
}


@dataclass(frozen=True, slots=True)
class Form(Generic[Model]):
    """A model with its words: what one is called, one that is right, and what to send for each field."""

    model: type[Model]
    noun: str
    example: str
    remedies: Mapping[str, str]


def _instant(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("instant", "is no time")
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at
    except (ValueError, OverflowError):
        raise PydanticCustomError("instant", "is no time") from None


Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]


def read_part(told: Any, place: str, form: Form[Model]) -> Model | list[Wrong]:
    """What is at a place of the request, or everything that is wrong with it."""
    if not isinstance(told, dict):
        return [Wrong(place, f"{_kind(told)} is no {form.noun}.", f"Send an object, such as {form.example}.")]
    try:
        return form.model.model_validate(told)
    except ValidationError as error:
        return [_wrong(details, place, form) for details in error.errors(include_url=False, include_context=False)]


def another_integration(place: str, form: Form[Any]) -> Wrong:
    """One request is of one integration, for it is signed with that one's key."""
    return said(place, "integration", f"is another integration than that of the first {form.noun}", form)


def said(place: str, name: str, what: str, form: Form[Any], *inside: str) -> Wrong:
    """What is wrong with a field."""
    field = ".".join((name, *inside))
    return Wrong(_at(place, field), f"`{field}` {what}.", form.remedies[name])


def _wrong(details: ErrorDetails, place: str, form: Form[Any]) -> Wrong:
    name, *rest = (str(part) for part in details["loc"])
    if details["type"] == "extra_forbidden":
        near = get_close_matches(name, form.remedies, n=1)
        known = f"Did you mean `{near[0]}`?" if near else f"A {form.noun} has: {', '.join(form.remedies)}."
        return Wrong(_at(place, name[:NAME_SHOWN]), f"`{name[:NAME_SHOWN]}` is no field of a {form.noun}.", known)
    inside = [part[:NAME_SHOWN] for part in rest if part != "[key]"]
    return said(place, name, _what(details), form, *inside)


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
