"""The documents of the knowledge base: versions written once, and a pointer to the current one.

Knows keys and the order of writes. Refuses to know how a document is rendered and that there is an index.

    postmortems/<id>/v<N>.json             all of it; written first, so it decides what version N is
    postmortems/<id>/v<N>.md  .html        its Markdown and HTML, for people who take files
    postmortems/<id>/v<N>.md.metadata.json the sidecar that Bedrock knowledge bases read
    postmortems/<id>/current.json          which N is current, and the list of all; alone it is ever written over

A crash between any two writes leaves readers with the version before; the same write again goes on from there.

What a version of ours holds besides its `Document`; imported ones have less, and every reader takes what is there:

    questions [{key, question, answer}], answers and extras {key: Markdown}, impact {records, people, minutes, consent}
    signal, kind, status, affected, pattern, milestones [{name, at, took_s}], durations_s {name: seconds}
    timeline [{occurred_at, recorded_at, author, source, fact, text}], links [{url, label}]
    actions [{id, text, kind, owner, due_on, status, link}], changes_near [{at, kind, text}]
    chart {label, unit, period_s, points [[at, number or null]], threshold, marks [{name, at}]}, or null
    why: published, amended or facts; published_at, published_by, reviewed_by
    facts [[label, text]], summary, head, markdown, html, template {name, digest}, facts_digest
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from deadair.adapters.s3.objects import NOTHING, Conflict, Objects, Stored
from deadair.domain.document import Document
from deadair.domain.errors import NotFound, Unavailable

Extension = Literal["md", "json", "html"]
PREFIX = "postmortems/"
TYPES = {"md": "text/markdown; charset=utf-8", "json": "application/json", "html": "text/html; charset=utf-8"}
NAME_AT_MOST = 200
TRIES = 20
FACETS = ("title", "company", "integration", "integration_name", "owner", "severity", "failure_class")
# Facts that documents of before do not have.
LATER = ("vendor", "detected_by", "consent")


def folder(doc_id: str) -> str:
    """The folder of a document. Any id is safe: what is no letter, digit, `-` or `_` is percent-encoded."""
    name = quote(doc_id, safe="", errors="surrogatepass").replace(".", "%2E").replace("~", "%7E")
    if len(name) > NAME_AT_MOST:
        name = f"{name[:150]}-{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    return f"{PREFIX}{name}/"


class DocumentStore:
    """Reads and writes documents. `s3_client` is a low-level S3 client."""

    def __init__(self, s3_client: Any, bucket: str) -> None:
        self.objects = Objects(s3_client, bucket)

    def pointer(self, doc_id: str) -> dict[str, Any] | None:
        """What `current.json` says: id, version, digest. None when there is no such document."""
        return _told(self.seen(doc_id))

    def current(self, doc_id: str) -> dict[str, Any]:
        """The current version as a mapping. Raises NotFound, Unavailable."""
        return dict(json.loads(self.raw(doc_id, "json")))

    def raw(self, doc_id: str, ext: Extension) -> str:
        """The current version as text. Raises NotFound, Unavailable."""
        pointer = self.pointer(doc_id)
        if pointer is None:
            raise NotFound(f"There is no postmortem `{doc_id}`.", field="id", remedy="Search for it.")
        return self.objects.get(f"{folder(doc_id)}v{pointer['version']}.{ext}").body.decode()

    def version(self, doc_id: str, number: int) -> dict[str, Any]:
        """One version as a mapping, current or not. Raises NotFound, Unavailable."""
        return dict(json.loads(self.objects.get(f"{folder(doc_id)}v{number}.json").body))

    def versions(self, doc_id: str) -> list[dict[str, Any]]:
        """Every version, the first one first: version, why, published_at, published_by, reviewed_by.

        One read; a version that the pointer does not list, as before there was a list, is read itself. Raises NotFound,
        Unavailable.
        """
        pointer = self.pointer(doc_id)
        if pointer is None:
            raise NotFound(f"There is no postmortem `{doc_id}`.", field="id", remedy="Search for it.")
        listed = {told["version"]: told for told in pointer.get("versions", [])}
        for number in range(1, pointer["version"] + 1):
            if number not in listed and (told := self._line(doc_id, number)):
                listed[number] = told
        return [listed[number] for number in sorted(listed)]

    def seen(self, doc_id: str) -> Stored:
        """The pointer as an object, to be handed to `write`: that saves a read for each of many documents."""
        return self.objects.changed(folder(doc_id) + "current.json", "") or NOTHING

    def write(self, told: dict[str, Any], seen: Stored | None = None) -> dict[str, Any]:
        """Write a version and make it current, unless a later one is. Returns the version as it is stored.

        `told` has at least id, version, title, date, markdown and html. When version N exists already with other
        words, those stay: the first writer decides. Raises Unavailable.
        """
        stored = self._decided(told)
        place = f"{folder(stored['id'])}v{stored['version']}"
        self.objects.create(f"{place}.md", stored["markdown"].encode(), TYPES["md"])
        self.objects.create(f"{place}.html", stored["html"].encode(), TYPES["html"])
        self.objects.create(f"{place}.md.metadata.json", _sidecar(stored), TYPES["json"])
        self._point(stored, seen)
        return stored

    def ids(self) -> Iterator[str]:
        """The id of every document that has a current version; for rebuilding the index."""
        for place in self.objects.folders(PREFIX):
            pointer = _told(self.objects.changed(place + "current.json", "") or NOTHING)
            if pointer:
                yield str(pointer["id"])

    def folders(self) -> set[str]:
        """The folder of every document that has one: one call for a thousand."""
        return set(self.objects.folders(PREFIX))

    def _decided(self, told: dict[str, Any]) -> dict[str, Any]:
        key = f"{folder(told['id'])}v{told['version']}.json"
        if self.objects.create(key, _json(told), TYPES["json"]):
            return told
        return dict(json.loads(self.objects.get(key).body))

    def _line(self, doc_id: str, number: int) -> dict[str, Any] | None:
        try:
            return _listed(self.version(doc_id, number))
        except NotFound:
            return None

    def _point(self, stored: dict[str, Any], seen: Stored | None) -> None:
        key = folder(stored["id"]) + "current.json"
        for _ in range(TRIES):
            seen = seen or self.seen(stored["id"])
            known = _told(seen)
            pointer = _pointer(stored, known)
            if pointer == known:
                return
            try:
                self.objects.replace(key, _json(pointer), TYPES["json"], seen.etag)
            except Conflict:
                seen = None
                continue
            return
        raise Unavailable(f"lost {TRIES} races for {key}")


def _pointer(stored: dict[str, Any], known: dict[str, Any] | None) -> dict[str, Any]:
    """The pointer with one more version in its list. A later version stays the current one."""
    listed = {told["version"]: told for told in (known or {}).get("versions", [])}
    listed.setdefault(stored["version"], _listed(stored))
    is_later = known is not None and known["version"] >= stored["version"]
    current = known if is_later and known else {"digest": stored.get("digest", "")}
    version = known["version"] if is_later and known else stored["version"]
    told = {"id": stored["id"], "version": version, "digest": current["digest"]}
    return told | {"versions": [listed[number] for number in sorted(listed)]}


def _listed(stored: dict[str, Any]) -> dict[str, Any]:
    """A version as the list of versions names it."""
    return {
        "version": stored["version"],
        "why": stored.get("why") or "published",
        "published_at": stored.get("published_at") or stored.get("date"),
        "published_by": stored.get("published_by") or "",
        "reviewed_by": stored.get("reviewed_by") or "",
    }


def as_stored(document: Document) -> dict[str, Any]:
    """A document's own fields in JSON types."""
    return asdict(document) | {"date": document.date.astimezone(UTC).isoformat(), "tags": list(document.tags)}


def as_document(stored: dict[str, Any]) -> Document:
    """What the index needs of a stored version."""
    names = ("id", "version", "imported", "fix", "body", *FACETS)
    return Document(
        **{name: stored[name] for name in names},
        **{name: stored[name] for name in LATER if name in stored},
        date=datetime.fromisoformat(stored["date"]),
        tags=tuple(stored["tags"]),
    )


def _told(pointer: Stored) -> dict[str, Any] | None:
    return dict(json.loads(pointer.body)) if pointer.etag else None


def _sidecar(stored: dict[str, Any]) -> bytes:
    """Bedrock takes strings, numbers, booleans and lists of strings, and refuses empty ones."""
    names = ("id", "date", "version", "imported", "tags", *FACETS, *LATER)
    attributes = {name: stored[name] for name in names if stored.get(name) not in ("", [], None)}
    return _json({"metadataAttributes": attributes})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=1).encode()
