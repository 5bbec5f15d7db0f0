"""What is wrong with a registry file, where, and what to do: one line per problem.

Knows pydantic's kinds of errors and says each in our words. Refuses to know YAML.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from deadair.domain.errors import Invalid

SHOWN = 60
Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct. `line` and `column` count from 1; 0 means that the whole file is meant."""

    file: str
    line: int
    column: int
    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        named = f"{self.field}: " if self.field else ""
        return f"{where} {named}{self.message} — {self.remedy}"


class RegistryFileError(Invalid):
    """The file cannot be accepted; nothing was changed. `problems` are all that were found, in the file's order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        first = self.problems[0]
        super().__init__("\n".join(map(str, self.problems)), field=first.field, remedy=first.remedy)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A problem that does not know its place in a file yet. `at` is the field's path inside the row."""

    at: Location
    message: str
    remedy: str
    at_key: bool = False


def complaints(error: ValidationError, model: type[BaseModel]) -> list[Complaint]:
    """Every error of a row, in our words."""
    return [_complaint(details, model) for details in error.errors(include_url=False)]


def _complaint(details: ErrorDetails, model: type[BaseModel]) -> Complaint:
    kind, at, context = details["type"], details["loc"], details.get("ctx", {})
    if kind == "refused":
        return Complaint((*at, *context.get("field", ())), context["message"], context["remedy"])
    if kind == "extra_forbidden":
        return Complaint(at, "there is no such field", _remedy_for_unknown(details, model), at_key=True)
    if kind == "missing":
        return Complaint(at, "is missing", f"add `{at[-1]}: …`{_example(at)}")
    if kind in {"literal_error", "enum"}:
        return _not_one_of(at, details["input"], str(context["expected"]))
    context = {name: int(x) if isinstance(x, float) and x.is_integer() else x for name, x in context.items()}
    message, remedy = WORDS.get(kind, (details["msg"].lower(), "correct the value"))
    return Complaint(at, message.format(given=_shown(details["input"]), **context), remedy.format(**context))


# pydantic's kind of error → what is wrong, what to do
WORDS: Mapping[str, tuple[str, str]] = {
    "string_type": ("{given} is not a text", "write one text"),
    "string_too_short": ("is empty", "write a value"),
    "string_too_long": ("has more than {max_length} characters", "shorten it"),
    "int_parsing": ("{given} is not a whole number", "write digits only, such as 100000"),
    "int_from_float": ("{given} is not a whole number", "write digits only, such as 100000"),
    "int_type": ("{given} is not a whole number", "write digits only, such as 100000"),
    "float_parsing": ("{given} is not a number", "write a number, such as 2.5"),
    "float_type": ("{given} is not a number", "write a number, such as 2.5"),
    "finite_number": ("{given} is not a number", "write a number, such as 2.5"),
    "greater_than": ("{given} is not above {gt}", "write a number above {gt}"),
    "greater_than_equal": ("{given} is below {ge}", "write {ge} or more"),
    "less_than_equal": ("{given} is above {le}", "write {le} or less"),
    "bool_parsing": ("{given} is neither true nor false", "write true or false"),
    "bool_type": ("{given} is neither true nor false", "write true or false"),
    "date_from_datetime_parsing": ("{given} is not a date", "write year-month-day, such as 2027-03-31"),
    "date_from_datetime_inexact": ("{given} is not a date", "write year-month-day, such as 2027-03-31"),
    "date_parsing": ("{given} is not a date", "write year-month-day, such as 2027-03-31"),
    "date_type": ("{given} is not a date", "write year-month-day, such as 2027-03-31"),
    "list_type": ("{given} is not a list", "write one `- ` line per value"),
    "too_long": ("has {actual_length} values, more than {max_length}", "keep {max_length} at most"),
    "model_type": ("{given} is not a group of fields", "write its fields below it, indented"),
    "model_attributes_type": ("{given} is not a group of fields", "write its fields below it, indented"),
}


def _not_one_of(at: Location, given: object, expected: str) -> Complaint:
    choices = expected.replace("'", "").replace(" or ", ", ").split(", ")
    close = difflib.get_close_matches(str(given).lower(), [c.lower() for c in choices], n=1)
    meant = next((c for c in choices if close and c.lower() == close[0]), "")
    listed = f"use one of {', '.join(choices)}"
    return Complaint(at, f"{_shown(given)} is not known", f"did you mean `{meant}`? {listed}" if meant else listed)


def _remedy_for_unknown(details: ErrorDetails, model: type[BaseModel]) -> str:
    at = details["loc"]
    # `{where: Zapier, tasks}` reads as a field `tasks` without a value.
    quotes = (
        "" if details["input"] is not None else ", or, if it is part of a value with a comma, put the value in quotes"
    )
    return _did_you_mean(str(at[-1]), _fields_at(model, at[:-1])) + quotes


def _did_you_mean(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), known, n=1, cutoff=0.5)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"use {', '.join(known)}" if known else "take it out"


def _fields_at(model: type[BaseModel], at: Location) -> list[str]:
    """The names of the fields that a path inside a row may have."""
    for part in at:
        if isinstance(part, int):
            continue
        inner = _model_in(model.model_fields[part].annotation) if part in model.model_fields else None
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)


_EXAMPLES = {
    "slug": "hubspot-salesforce",
    "name": "Ana Lima",
    "email": "ana.lima@example.com",
}


def _example(at: Location) -> str:
    known = "HubSpot → Salesforce" if at == ("name",) else _EXAMPLES.get(str(at[-1]))
    return f", such as `{at[-1]}: {known}`" if known else ""


def _shown(value: object) -> str:
    """What was given, short; a group of fields or a list by its kind."""
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"`{text[:SHOWN]}…`" if len(text) > SHOWN else f"`{text}`"
