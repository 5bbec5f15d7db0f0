"""The small types that rows are made of: lines, texts, slugs, addresses, lists.

Knows what a value may look like. Refuses to know which row it belongs to.
"""

import re
import zoneinfo
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from deadair.adapters.registry_file import patterns
from deadair.adapters.registry_file.people import refusal

LINE_LIMIT = 200
TEXT_LIMIT = 4000
URL_LIMIT = 2000
GROUP_LIMIT = 512
LIST_LIMIT = 100
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Nothing that hides in a terminal or a page: C0 and C1 controls, direction marks and line separators, zero widths and
# word joiners, surrogates, the byte order mark, specials.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\uffff]"
)
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,62})[a-z0-9]")
# What CloudWatch takes as the name of a log group.
LOG_GROUP = re.compile(patterns.LOG_GROUP, re.ASCII)
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(?:([01]\d|2[0-3]):[0-5]\d|24:00)")


def visible(text: str) -> str:
    """The text, if every character of it can be seen. Windows line ends become plain ones."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := HIDDEN.search(plain):
        raise refusal(f"has an invisible character, U+{ord(found[0]):04X}", "delete it (retype the text)")
    return plain


def one_line(text: str) -> str:
    """The text, if it is one line without hidden characters."""
    if "\n" in text or "\r" in text or "\t" in text:
        raise refusal("has a line break or a tab", "write it on one line")
    return visible(text)


def slug(text: str) -> str:
    """A slug: the name that commands, alarms and addresses use."""
    if SLUG.fullmatch(text):
        return text
    made = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64].strip("-")
    hint = f"such as `{made}`" if SLUG.fullmatch(made) else "such as `hubspot-salesforce`"
    raise refusal(f"`{text}` is not a slug", f"use 3 to 64 of a-z, 0-9 and inner hyphens, {hint}")


def https_url(text: str) -> str:
    """A web address that a page may link to: https, a host, nobody's password in it."""
    try:
        parts = urlsplit(text)
        host, user = parts.hostname, parts.username
    except ValueError:
        host, user, parts = None, None, urlsplit("")
    if parts.scheme != "https" or not host or "\\" in text or " " in text:
        raise refusal(f"`{text}` is not an https address", "write one such as https://wiki.example.com/runbooks/sync")
    if user is not None:
        raise refusal("the address carries a user name or password", "leave out the part before the @")
    return text


def alarm_pattern(text: str) -> str:
    """A pattern for whole alarm names. Only `*` and `?` mean something."""
    if "[" in text or "]" in text:
        raise refusal(f"`{text}` has brackets, which patterns do not have", "use `?` for any character")
    return text


def log_group(text: str) -> str:
    """The name of a CloudWatch log group."""
    if LOG_GROUP.fullmatch(text):
        return text
    raise refusal(
        f"`{text}` is not the name of a log group", "write its name without an ARN, such as /aws/lambda/form-relay"
    )


def time_zone(text: str) -> str:
    """A time zone of the IANA database."""
    known = _time_zones()
    # A machine without the database cannot say; then the shape has to do.
    if text in known or (not known and re.fullmatch(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*", text)):
        return text
    raise refusal(f"`{text}` is not a time zone", "write one of the IANA database, such as Europe/Lisbon or UTC")


@cache
def _time_zones() -> set[str]:
    """Reading the database takes 10 ms; once is enough."""
    return zoneinfo.available_timezones()


def hours(text: str) -> str:
    """Hours of a day such as `07:00-20:00`; over midnight (`22:00-06:00`) is fine."""
    if HOURS.fullmatch(text) and text[:5] != text[6:]:
        return text
    raise refusal(f"`{text}` are not hours", "write from-to, such as 07:00-20:00")


def weekdays(value: Any) -> Any:
    """`mon-fri` and `daily` in their long form; everything else as it is."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    if text == "daily":
        return list(WEEKDAYS)
    first, dash, last = text.partition("-")
    if dash and first in WEEKDAYS and last in WEEKDAYS and WEEKDAYS.index(first) <= WEEKDAYS.index(last):
        return list(WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1])
    return [text]


def as_list(value: Any) -> Any:
    """One text as a list of one; an empty value as an empty list."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def no_repeats(values: list[str]) -> list[str]:
    """The list, if no value is in it twice."""
    twice = next((value for i, value in enumerate(values) if value in values[:i]), None)
    if twice is not None:
        raise refusal(f"`{twice}` is in the list twice", "keep it once")
    return values


def _as_schema(**keywords: Any) -> Any:
    """What JSON Schema can say of the same rule, for editors."""
    return Field(json_schema_extra=keywords)


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LINE_LIMIT),
    AfterValidator(one_line),
    _as_schema(pattern=f"^{patterns.IN_LINE}*$"),
]
FullLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_LIMIT),
    AfterValidator(one_line),
    _as_schema(pattern=patterns.FULL_LINE),
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=TEXT_LIMIT),
    AfterValidator(visible),
    _as_schema(pattern=f"^{patterns.IN_TEXT}*$"),
]
Slug = Annotated[FullLine, AfterValidator(slug), _as_schema(pattern=f"^{SLUG.pattern}$")]
Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=URL_LIMIT),
    AfterValidator(one_line),
    AfterValidator(https_url),
    _as_schema(pattern=patterns.HTTPS_URL),
]
Pattern = Annotated[FullLine, AfterValidator(alarm_pattern), _as_schema(pattern=patterns.ALARM_PATTERN)]
LogGroup = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=GROUP_LIMIT),
    AfterValidator(log_group),
    _as_schema(pattern=patterns.LOG_GROUP),
]
TimeZone = Annotated[Line, AfterValidator(time_zone), _as_schema(pattern=patterns.TIME_ZONE)]
Hours = Annotated[Line, AfterValidator(hours), _as_schema(pattern=patterns.hours(HOURS.pattern))]
