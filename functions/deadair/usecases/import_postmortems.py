"""Old postmortems come into the knowledge base: a folder of Markdown, documents, one update of the index.

Operators' code only: it reads YAML, which is not in the bundle of the rooms, so no room imports this. Knows that the
same content again changes nothing. Refuses to remove: a file that is gone leaves its document.
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
from deadair.adapters.s3.documents import DocumentStore, as_document, as_stored
from deadair.adapters.s3.documents import folder as folder_of
from deadair.adapters.s3.objects import NOTHING
from deadair.adapters.search import IndexPublisher
from deadair.adapters.writeup_files import Refused, Writeup, read_folder
from deadair.domain.document import Document
from deadair.domain.redaction import redact

# The rendering's own version: another one makes new versions of all imported documents.
RENDERING = 1
AT_ONCE = 8
ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"


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
    folder: Path,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Take in every file of a folder; neighbours of a refused one go through.

    `progress(done, total)` is called after each document. Raises Unavailable when the bucket does not answer; a
    second run goes on from there.
    """
    read = list(read_folder(folder))
    writeups = [one for one in read if isinstance(one, Writeup)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told: list[tuple[str, Document]] = []
        known = documents.folders() if writeups else set()
        for done in pool.map(lambda writeup: _take(documents, writeup, known), writeups):
            told.append(done)
            if progress:
                progress(len(told), len(writeups))
    # Unchanged ones too: an earlier run may have ended between its documents and the index.
    index.publish([document for _, document in told], now=now)
    kinds = [kind for kind, _ in told]
    refused = tuple(one for one in read if isinstance(one, Refused))
    return Imported(kinds.count(ADDED), kinds.count(CHANGED), kinds.count(UNCHANGED), refused)


def _take(documents: DocumentStore, writeup: Writeup, known: set[str]) -> tuple[str, Document]:
    seen = documents.seen(writeup.id) if folder_of(writeup.id) in known else NOTHING
    pointer = json.loads(seen.body) if seen.etag else None
    digest = _digest(writeup)
    version = pointer["version"] if pointer else 0
    if pointer and pointer["digest"] == digest:
        return UNCHANGED, _document(writeup, version)
    stored = documents.write(_stored(_document(writeup, version + 1), digest), seen)
    if stored["digest"] != digest:
        # An earlier run wrote other words as this version and ended before it made them current.
        stored = documents.write(_stored(_document(writeup, version + 2), digest))
    return (CHANGED if pointer else ADDED), as_document(stored)


def _document(writeup: Writeup, version: int) -> Document:
    return Document(
        id=writeup.id,
        title=redact(writeup.title),
        date=writeup.date,
        body=redact(writeup.body),
        company=writeup.company,
        tags=writeup.tags,
        imported=True,
        version=version,
    )


def _stored(document: Document, digest: str) -> dict[str, Any]:
    told = as_stored(document) | {"digest": digest, "answers": {}, "milestones": [], "timeline": []}
    head = {name: told[name] for name in ("id", "title", "date", "company", "tags", "version") if told[name]}
    variables = told | {"head": head}
    return told | {"markdown": imported_markdown(variables), "html": imported_html(variables)}


def _digest(writeup: Writeup) -> str:
    told = [RENDERING, writeup.title, writeup.date.isoformat(), writeup.company, *writeup.tags, writeup.body]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
