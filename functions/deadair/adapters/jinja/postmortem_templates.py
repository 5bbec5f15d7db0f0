"""Which template an incident gets: ours, or one that operators put into the bucket in its place.

Knows that a broken one of the bucket never stops anything: ours is used, and the fault stands until it is mended.
Refuses to know what a template says.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from jinja2 import Template

from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.jinja.environment import templates_folder
from deadair.adapters.jinja.postmortem_check import (
    ODD,
    SUGGESTED,
    Fault,
    candidates,
    check,
    fault_of,
    is_name,
    lacks,
    names,
)
from deadair.adapters.jinja.postmortem_sandbox import compiled, run
from deadair.adapters.jinja.postmortem_variables import document_values, shaped
from deadair.adapters.s3.templates import TemplateBucket
from deadair.domain.errors import NotFound, Unavailable
from deadair.domain.standing_error import Kind

LOOKED_AT_EVERY = timedelta(minutes=1)
logger = logging.getLogger(f"deadair.{__name__}")


class Rendered(NamedTuple):
    """A document as Markdown, and the template that made it: its name, and a digest of its words."""

    markdown: str
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """A template as it is known: `template` is None where `fault` says why it is not used. `tag` is its ETag."""

    name: str
    tag: str
    digest: str
    template: Template | None
    fault: Fault | None = None
    size: int = 0


class Templates:
    """What ours says, unless the bucket has a better one. Without a bucket only ours are known.

    `errors` is where a broken one stands; without it, it is only passed over. `now` gives aware UTC.
    """

    def __init__(
        self,
        bucket: TemplateBucket | None = None,
        errors: StandingErrors | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.bucket = bucket
        self.errors = errors
        self.now = now
        self._stored: dict[str, Source] = {}
        self._looked_at: datetime | None = None

    def document(self, told: Mapping[str, Any]) -> Rendered:
        """The document of what is told of an incident and its postmortem, as it is stored."""
        values = document_values(told)
        wanted = candidates(values["kind"], values["severity"], consent=bool(values["consent"]))
        return self._first(wanted, values)

    def suggestion(self, key: str, values: Mapping[str, Any]) -> str:
        """What the data know about one of the five questions, as Markdown; empty when nothing."""
        return self._first([f"{SUGGESTED}{key}"], shaped("suggested", values)).markdown.strip()

    def stored(self) -> dict[str, Source]:
        """The templates of the bucket by name, good and broken ones, as of at most a minute ago."""
        self._look()
        return dict(self._stored)

    def _first(self, wanted: list[str], values: Mapping[str, Any]) -> Rendered:
        self._look()
        for name in wanted:
            kept, ours = self._stored.get(name), shipped(name)
            said = self._tried(kept, values) if kept else None
            if kept and said is not None:
                return Rendered(said, name, kept.digest)
            if ours and ours.template:
                return Rendered(run(ours.template, values, trusted=True), name, ours.digest)
        raise LookupError(f"none of {wanted} is shipped")

    def _tried(self, kept: Source, values: Mapping[str, Any]) -> str | None:
        """What a template of the bucket says; None when it cannot be used for this incident, and that stands."""
        if kept.template is None:
            return None
        try:
            said = run(kept.template, values, trusted=False)
            fault = None if kept.name.startswith(SUGGESTED) else lacks(said)
        except ODD as odd:
            said, fault = "", fault_of(odd, kept.name)
        if fault:
            where = f" (with {values['id']})" if "id" in values else ""
            self._say(kept, f"{fault}{where}")
        return None if fault else said

    def _look(self) -> None:
        """Read what changed in the bucket, at most once a minute. A bucket that does not answer changes nothing."""
        now = self.now()
        if self.bucket is None or (self._looked_at and timedelta(0) <= now - self._looked_at < LOOKED_AT_EVERY):
            return
        first, self._looked_at = self._looked_at is None, now
        try:
            tags = self.bucket.tags()
            known = {name: self._taken(self.bucket, name, tag) for name, tag in tags.items() if is_name(name)}
        except (Unavailable, NotFound):
            logger.warning("the templates of the bucket cannot be read", exc_info=True)
            return
        if first or known != self._stored:
            self._stored = known
            self._tell(known)

    def _taken(self, bucket: TemplateBucket, name: str, tag: str) -> Source:
        before = self._stored.get(name)
        return before if before and before.tag == tag else taken(name, bucket.read(name), tag)

    def _tell(self, known: Mapping[str, Source]) -> None:
        """Let the standing errors say what is broken now. One that was found with an incident stays as long as it."""
        for source in known.values():
            if source.fault:
                self._say(source, str(source.fault))
        if self.errors is None:
            return
        try:
            for error in self.errors.all():
                now_there = known.get(error.name)
                is_mended = now_there is None or _version(now_there) not in error.text
                if error.kind is Kind.TEMPLATE and is_mended:
                    self.errors.clear(Kind.TEMPLATE, error.name)
        except (BotoCoreError, ClientError):
            logger.warning("what stands wrong with templates cannot be cleared", exc_info=True)

    def _say(self, source: Source, what: str) -> None:
        logger.warning("a template is not used", extra={"template": source.name, "why": what})
        text = f"The template {source.name} of the bucket is not used. It is wrong at {what} ({_version(source)})."
        try:
            if self.errors is not None:
                self.errors.put(Kind.TEMPLATE, source.name, text, self.now())
        except (BotoCoreError, ClientError):
            logger.warning("a template's fault cannot be said", exc_info=True)


def taken(name: str, body: bytes, tag: str = "") -> Source:
    """A template of the bucket, checked."""
    digest = _digest(body)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return Source(name, tag, digest, None, Fault(0, "it is not UTF-8", "Save it as UTF-8."), len(body))
    faults = check(text, name)
    return Source(name, tag, digest, None if faults else compiled(text, name), next(iter(faults), None), len(body))


@cache
def shipped(name: str) -> Source | None:
    """Our own template of that name; None when there is none."""
    file = templates_folder() / "postmortem" / f"{name}.md"
    if not is_name(name) or not file.is_file():
        return None
    body = file.read_bytes()
    return Source(name, "", _digest(body), compiled(body.decode(), file.name), None, len(body))


def shipped_text(name: str) -> str:
    """The words of our own template, to begin one's own with. KeyError when there is none."""
    if shipped(name) is None:
        raise KeyError(name)
    return (templates_folder() / "postmortem" / f"{name}.md").read_text("utf-8")


def shipped_names() -> tuple[str, ...]:
    """The names of our own."""
    return tuple(name for name in names() if shipped(name))


@cache
def _ours() -> str:
    """A digest of all that a template can include: with another of these, the same template says other words."""
    files = sorted((templates_folder() / "postmortem").rglob("*.md"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _digest(body: bytes) -> str:
    return hashlib.sha256(_ours().encode() + body).hexdigest()[:16]


def _version(source: Source) -> str:
    """The beginning of an ETag, which tells one version of a template from the next."""
    return f"version {source.tag.strip(chr(34))[:8]}"
