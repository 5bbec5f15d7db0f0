"""A bucket with many documents, fast: the index in one publication, and of each document the two objects that count.

For measuring only: Markdown, HTML and sidecar are left out, which nobody reads who reads JSON.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from deadair.adapters.s3.documents import as_stored, folder
from deadair.adapters.search import IndexPublisher
from deadair.domain.document import Document

AT_ONCE = 8


def fill(s3: Any, bucket: str, documents: Sequence[Document], *, now: datetime, written: int | None = None) -> None:
    """Index all documents, and write the first `written` of them (None: all) so that they can be read."""
    IndexPublisher(s3, bucket).publish(documents, now=now)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda document: _write(s3, bucket, document), documents[:written]))


def _write(s3: Any, bucket: str, document: Document) -> None:
    told = as_stored(document) | {"markdown": document.body, "html": "", "digest": ""}
    told |= {"answers": {}, "milestones": [], "timeline": []}
    pointer = {"id": document.id, "version": document.version, "digest": ""}
    place = folder(document.id)
    for name, body in ((f"v{document.version}.json", told), ("current.json", pointer)):
        s3.put_object(Bucket=bucket, Key=place + name, Body=json.dumps(body).encode(), ContentType="application/json")
