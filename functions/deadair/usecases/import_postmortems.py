"""Old postmortems come into the knowledge base: from files to documents, then one update of the index.

Operators' code only: what reads YAML and HTML is not in the bundle of the rooms, so no room imports this. Knows that
the same content again changes nothing. Refuses to remove: a file that is gone leaves its document.
"""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from deadair.adapters.jinja.postmortem import imported_html, imported_markdown
from deadair.adapters.jinja.postmortem_sandbox import linked
from deadair.adapters.s3.documents import DocumentStore, as_document, as_stored
from deadair.adapters.s3.documents import folder as folder_of
from deadair.adapters.s3.objects import NOTHING, Stored
from deadair.adapters.search import IndexPublisher
from deadair.adapters.writeup_files import Refused, Writeup, read_path
from deadair.domain.document import Document
from deadair.domain.redaction import redact

# The rendering's own version: another one makes new versions of all imported documents.
RENDERING = 1
AT_ONCE = 8
ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
# Fields that a write-up and its document have in common, beside its words.
FACETS = ("integration", "integration_name", "owner", "severity", "failure_class", "vendor", "detected_by", "consent")
ALIKE = ("id", "date", "company", "tags", *FACETS)
HEAD = ("id", "title", "date", "company", "tags", *FACETS, "version")
LATER = (*FACETS, "url")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the files."""

    added: int
    changed: int
    unchanged: int
    refused: tuple[Refused, ...]


def import_postmortems(
    documents: DocumentStore,
    index: IndexPublisher,
    path: Path,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Take in a file, or every file of a folder; neighbours of a refused one go through. `dry_run` writes nothing.

    `progress(done, total)` is called after each document. Raises Unavailable when the bucket does not answer; a
    second run goes on from there.
    """
    read = list(read_path(path))
    writeups = [one for one in read if isinstance(one, Writeup)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told: list[tuple[str, Document]] = []
        known = documents.folders() if writeups else set()
        take = _look if dry_run else _take
        for done in pool.map(lambda writeup: take(documents, writeup, known), writeups):
            told.append(done)
            if progress:
                progress(len(told), len(writeups))
    if not dry_run:
        # Unchanged ones too: an earlier run may have ended between its documents and the index.
        index.publish([document for _, document in told], now=now)
    kinds = [kind for kind, _ in told]
    refused = tuple(one for one in read if isinstance(one, Refused))
    return Imported(kinds.count(ADDED), kinds.count(CHANGED), kinds.count(UNCHANGED), refused)


def _take(documents: DocumentStore, writeup: Writeup, known: set[str]) -> tuple[str, Document]:
    seen, pointer = _seen(documents, writeup, known)
    kind, document = _would(writeup, pointer)
    if kind == UNCHANGED:
        return kind, document
    digest = _digest(writeup)
    stored = documents.write(_stored(document, writeup.url, digest), seen)
    if stored["digest"] != digest:
        # An earlier run wrote other words as this version and ended before it made them current.
        stored = documents.write(_stored(_document(writeup, document.version + 1), writeup.url, digest))
    return kind, as_document(stored)


def _look(documents: DocumentStore, writeup: Writeup, known: set[str]) -> tuple[str, Document]:
    return _would(writeup, _seen(documents, writeup, known)[1])


def _seen(documents: DocumentStore, writeup: Writeup, known: set[str]) -> tuple[Stored, dict[str, Any] | None]:
    seen = documents.seen(writeup.id) if folder_of(writeup.id) in known else NOTHING
    return seen, json.loads(seen.body) if seen.etag else None


def _would(writeup: Writeup, pointer: dict[str, Any] | None) -> tuple[str, Document]:
    """What becomes of it, and the document that it is then."""
    version = pointer["version"] if pointer else 0
    if pointer and pointer["digest"] == _digest(writeup):
        return UNCHANGED, _document(writeup, version)
    return (CHANGED if pointer else ADDED), _document(writeup, version + 1)


def _document(writeup: Writeup, version: int) -> Document:
    return Document(
        **{name: getattr(writeup, name) for name in ALIKE},
        title=redact(writeup.title),
        body=redact(writeup.body),
        imported=True,
        version=version,
    )


def _stored(document: Document, url: str, digest: str) -> dict[str, Any]:
    links = [{"url": url, "label": ""}] if url else []
    told = as_stored(document) | {"digest": digest, "answers": {}, "milestones": [], "timeline": [], "links": links}
    head = {name: told[name] for name in HEAD if told[name]} | ({"url": url} if url else {})
    variables = told | {"head": head, "original": linked(url, url) if url else ""}
    return told | {"markdown": imported_markdown(variables), "html": imported_html(variables)}


def _digest(writeup: Writeup) -> str:
    told: list[Any] = [RENDERING, writeup.title, writeup.date.isoformat(), writeup.company, *writeup.tags, writeup.body]
    # What files of before did not hold is left out where it is empty: those stay as they are.
    more = {name: value for name in LATER if (value := getattr(writeup, name))}
    return hashlib.sha256(json.dumps([*told, more] if more else told).encode()).hexdigest()
