"""What the fields of an old postmortem may hold, whichever file they come from, and what to do where they do not.

Knows fields, dates in words and addresses. Refuses to know files: `how` is how that kind of file says a field.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from unicodedata import normalize
from urllib.parse import urlsplit

from deadair.adapters.writeup_files.writeup import Fault, Writeup
from deadair.domain.alarm import Signal
from deadair.domain.incident import parse_number
from deadair.domain.severity import FailureClass

FIELDS = (
    *("id", "title", "date", "company", "tags", "integration", "owner", "severity", "failure_class"),
    *("vendor", "detected_by", "consent", "url"),
)
# Other words for the same field.
ALIASES = {"class": "failure_class", "link": "url", "address": "url", "name": "title", "detection": "detected_by"}
TITLE_AT_MOST, NAME_AT_MOST, TAGS_AT_MOST, URL_AT_MOST = 500, 200, 50, 2000
NOTHING = {"", "~", "null"}
WRITTEN_DATES = (
    *("%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%Y-%m"),
    *("%B %d, %Y %I:%M %p", "%b %d, %Y %I:%M %p", "%d %B %Y %H:%M", "%d %b %Y %H:%M"),
)
SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d\Z|Z\Z)|\s+UTC\Z", re.IGNORECASE)
SEVERITY = re.compile(r"(?:SEV)?[ -]?([1-4])", re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 1970, 2199
FOUND_BY = (*(signal.value for signal in Signal if signal is not Signal.UNKNOWN), "person")
YES_NO = {"yes": True, "true": True, "no": False, "false": False}
# What would end an address, or begin markup, where it is written out.
IN_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
Fields = Mapping[str, Any]
How = Callable[[str], str]


def named(told: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by their own names, however they are written; what is no field is left out."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        bare = "_".join(re.findall(r"\w+", str(name).lower()))
        field = ALIASES.get(bare, bare)
        if field in FIELDS and (bare == field or field not in found):
            found[field] = value
    return found


def writeup(told: Fields, how: How, *, file: str, stem: str, body: str, line: int = 0) -> Writeup:
    """A write-up out of its fields. `stem` is its id where none is named. Raises Fault."""
    integration, integration_name = _integration(told)
    return Writeup(
        file=file,
        line=line,
        id=_id(one_line(told, "id") or stem),
        title=_title(told, how),
        date=_date(told, how),
        company=one_line(told, "company"),
        tags=_tags(told.get("tags", "")),
        body=body.strip(),
        integration=integration,
        integration_name=integration_name,
        owner=one_line(told, "owner"),
        severity=_severity(told),
        failure_class=_one_of(told, "failure_class", [one.value for one in FailureClass]),
        vendor=one_line(told, "vendor"),
        detected_by=_one_of(told, "detected_by", FOUND_BY),
        consent=_consent(told),
        url=url(told, how),
    )


def one_line(told: Fields, field: str, at_most: int = NAME_AT_MOST) -> str:
    """A field as one line of text; empty where it is not there. Raises Fault."""
    value = told.get(field, "")
    if not isinstance(value, str):
        raise Fault(field, "it is a list or a mapping", f"Write `{field}: …` on one line.")
    text = " ".join(value.split())
    if len(text) > at_most:
        raise Fault(field, f"it has {len(text)} characters", f"Use at most {at_most}.")
    return "" if text.lower() in NOTHING else text


def url(told: Fields, how: How) -> str:
    """An http(s) address, as it was written; empty where there is none. Raises Fault."""
    text = one_line(told, "url", URL_AT_MOST)
    if not text:
        return ""
    remedy = how("url: https://wiki.example/page")
    try:
        parts = urlsplit(text)
        secret = bool(parts.username or parts.password)
        good = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and not IN_NO_ADDRESS.search(text)
    except ValueError:
        good, secret = False, False
    if not good:
        raise Fault("url", f"`{text[:60]}` is no address of the web", remedy)
    if secret:
        raise Fault("url", "there is a password or a user in the address", "Leave it out.")
    return text


def _id(text: str) -> str:
    if parse_number(text) is not None and text.upper().startswith("INC-"):
        raise Fault("id", f"`{text}` is a name of this system's own incidents", f"Use another, such as `old-{text}`.")
    if not text.isprintable():
        raise Fault("id", "it holds control characters", "Use letters, digits and dashes.")
    return text


def _title(told: Fields, how: How) -> str:
    title = one_line(told, "title", TITLE_AT_MOST)
    if not title:
        raise Fault("title", "there is no title and no heading", how("title: …"))
    return title


def _date(told: Fields, how: How) -> datetime:
    text = one_line(told, "date").lstrip("@")
    if not text:
        raise Fault("date", "there is no date", how("date: 2026-01-31"))
    at = _iso(SPACED_OFFSET.sub(lambda m: "Z" if m[0].strip() else "", text)) or _written(text)
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Fault("date", f"`{text[:60]}` is no date that can be read one way only", "Write it as `2026-01-31`.")
    return at


def _iso(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _written(text: str) -> datetime | None:
    """Dates in words, and those with the year first; 03/04/2023 is two dates and so none."""
    for form in WRITTEN_DATES:
        try:
            on: date = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return datetime(on.year, on.month, on.day, tzinfo=UTC)
    return None


def _tags(value: Any) -> tuple[str, ...]:
    told = re.split("[,;]", value) if isinstance(value, str) else value
    if not isinstance(told, list) or not all(isinstance(tag, str) for tag in told):
        raise Fault("tags", "it is neither a list of words nor words with commas", "Write `tags: [crm, webhook]`.")
    tags = tuple(dict.fromkeys(" ".join(tag.split()) for tag in told if tag.strip().lower() not in NOTHING))
    if len(tags) > TAGS_AT_MOST or any(len(tag) > NAME_AT_MOST for tag in tags):
        raise Fault("tags", "there are too many, or one is too long", f"Use at most {TAGS_AT_MOST} short ones.")
    return tags


def _integration(told: Fields) -> tuple[str, str]:
    """Its slug and its name: a slug stands for itself, of a name the letters make one."""
    text = one_line(told, "integration")
    ascii_only = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_only))
    return slug, "" if slug == text else text


def _severity(told: Fields) -> str:
    text = one_line(told, "severity")
    found = SEVERITY.fullmatch(text)
    if text and not found:
        raise Fault("severity", f"`{text[:60]}` is none", "Write SEV1, SEV2, SEV3 or SEV4, or leave it out.")
    return f"SEV{found[1]}" if found else ""


def _one_of(told: Fields, field: str, words: list[str] | tuple[str, ...]) -> str:
    text = one_line(told, field)
    word = re.sub(r"[ -]+", "_", text.lower())
    if word and word not in words:
        raise Fault(field, f"`{text[:60]}` is none", f"Use one of {', '.join(words)}, or leave it out.")
    return word


def _consent(told: Fields) -> bool:
    text = one_line(told, "consent").lower()
    if text and text not in YES_NO:
        raise Fault("consent", f"`{text[:60]}` is neither yes nor no", "Write yes or no.")
    return YES_NO.get(text, False)
