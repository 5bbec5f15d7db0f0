"""A folder of old postmortems, file by file: a write-up or the reason why not.

Operators' code only. Knows encodings, fields and their remedies. Refuses to let one file stop its neighbours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from deadair.adapters.writeup_files.front_matter import Unreadable, split
from deadair.domain.incident import parse_number

ENDINGS = {".md", ".markdown", ".mdown"}
# Files that live beside write-ups; with front matter they count as one all the same.
BESIDE = {"readme", "index", "contributing", "license", "changelog", "code_of_conduct"}
FILE_AT_MOST = 1_000_000
TITLE_AT_MOST, NAME_AT_MOST, TAGS_AT_MOST = 500, 200, 50
NOTHING = {"", "~", "null"}
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$|^(\S.*)\n=+[ \t]*$", re.MULTILINE)
WRITTEN_DATES = ("%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%Y-%m")
SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d\Z|Z\Z)|\s+UTC\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Writeup:
    """One file that can be taken in. `date` is aware and UTC; `body` is Markdown without the head."""

    file: str
    id: str
    title: str
    date: datetime
    company: str
    tags: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One file that cannot: which field is at fault, why, and what to do."""

    file: str
    field: str
    reason: str
    remedy: str


class _Fault(Exception):
    def __init__(self, field: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.told = (field, reason, remedy)


def read_folder(folder: Path) -> Iterator[Writeup | Refused]:
    """Every Markdown file under a folder, by name; hidden ones and READMEs without a head left out."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file())
    taken: dict[str, str] = {}
    for file in files:
        name = file.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in Path(name).parts):
            continue
        read = read_file(file, name)
        if isinstance(read, Refused) and file.stem.lower() in BESIDE and not _has_head(file):
            continue
        if isinstance(read, Writeup) and read.id in taken:
            read = Refused(
                name, "id", f"`{read.id}` is the id of {taken[read.id]} as well", "Give each file its own id."
            )
        if isinstance(read, Writeup):
            taken[read.id] = name
        yield read


def read_file(file: Path, name: str) -> Writeup | Refused:
    """One file. `name` is how the person is told of it."""
    try:
        return _writeup(file, name)
    except _Fault as fault:
        return Refused(name, *fault.told)
    except Unreadable as fault:
        return Refused(name, "front matter", fault.reason, fault.remedy)
    except OSError as fault:
        return Refused(name, "file", f"it cannot be read: {fault.strerror}", "Look at its permissions.")


def _writeup(file: Path, name: str) -> Writeup:
    if file.stat().st_size > FILE_AT_MOST:
        size = f"it has {file.stat().st_size:,} bytes"
        raise _Fault("file", size, f"Keep it under {FILE_AT_MOST:,} bytes; attach logs elsewhere.")
    head, body = split(_text(file.read_bytes()))
    return Writeup(
        file=name,
        id=_id(_line(head, "id", NAME_AT_MOST) or file.stem),
        title=_title(head, body),
        date=_date(head),
        company=_line(head, "company", NAME_AT_MOST),
        tags=_tags(head.get("tags", "")),
        body=body.strip(),
    )


def _text(raw: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows-1252, in which old wikis export."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(head: dict[str, Any], field: str, at_most: int) -> str:
    value = head.get(field, "")
    if not isinstance(value, str):
        raise _Fault(field, "it is a list or a mapping", f"Write `{field}: …` on one line.")
    text = " ".join(value.split())
    if len(text) > at_most:
        raise _Fault(field, f"it has {len(text)} characters", f"Use at most {at_most}.")
    return "" if text.lower() in NOTHING else text


def _id(text: str) -> str:
    if parse_number(text) is not None and text.upper().startswith("INC-"):
        raise _Fault("id", f"`{text}` is a name of this system's own incidents", f"Use another, such as `old-{text}`.")
    if not text.isprintable():
        raise _Fault("id", "it holds control characters", "Use letters, digits and dashes.")
    return text


def _title(head: dict[str, Any], body: str) -> str:
    heading = HEADING.search(body)
    title = _line(head, "title", TITLE_AT_MOST) or (heading and (heading[1] or heading[2] or "").strip())
    if not title:
        raise _Fault("title", "there is no title and no heading", "Add `title: …` to the front matter.")
    return title[:TITLE_AT_MOST]


def _date(head: dict[str, Any]) -> datetime:
    text = _line(head, "date", NAME_AT_MOST)
    if not text:
        raise _Fault("date", "there is no date", "Add `date: 2026-01-31` to the front matter.")
    at = _iso(SPACED_OFFSET.sub(lambda m: "Z" if m[0].strip() else "", text)) or _written(text)
    if at is None or not 1970 <= at.year <= 2199:  # noqa: PLR2004 - years in which a write-up may be
        raise _Fault("date", f"`{text[:60]}` is no date that can be read one way only", "Write it as `2026-01-31`.")
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
    told = value.split(",") if isinstance(value, str) else value
    if not isinstance(told, list) or not all(isinstance(tag, str) for tag in told):
        raise _Fault("tags", "it is neither a list of words nor words with commas", "Write `tags: [crm, webhook]`.")
    tags = tuple(dict.fromkeys(" ".join(tag.split()) for tag in told if tag.strip().lower() not in NOTHING))
    if len(tags) > TAGS_AT_MOST or any(len(tag) > NAME_AT_MOST for tag in tags):
        raise _Fault("tags", "there are too many, or one is too long", f"Use at most {TAGS_AT_MOST} short ones.")
    return tags


def _has_head(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(8).lstrip(b"\xef\xbb\xbf").startswith(b"---")
