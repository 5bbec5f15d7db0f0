"""The knowledge base's documents as pages read them: fetched once, rendered once, kept for the life of the process.

Knows that a version never changes, so that only the pointer to the current one is looked at again; and that an old
document is better than none while the bucket is silent. Refuses to know pages.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from deadair.domain.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from deadair.adapters.jinja.metric_chart import Picture
    from deadair.adapters.jinja.sections import Section
    from deadair.adapters.s3.documents import DocumentStore

K = TypeVar("K")
V = TypeVar("V")
LOOK_AGAIN_S = 2.0
# A document of ordinary length takes some 50 kB here with its HTML.
KEPT = 300


@dataclass(frozen=True)
class Reading:
    """One version of a document: what is stored, and what a page shows of its text."""

    told: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id, which may be any text."""
        return str(self.told["id"])

    @property
    def version(self) -> int:
        """Which version it is, from 1."""
        return int(self.told["version"])

    @property
    def markdown(self) -> str:
        """The text that all readers see; of a document from before there was one, its body."""
        return str(self.told.get("markdown") or self.told.get("body") or "")

    @cached_property
    def sections(self) -> "tuple[Section, ...]":
        """The text as sections of a page."""
        from deadair.adapters.jinja.sections import sections

        return sections(self.markdown, str(self.told.get("title") or ""), own=not self.told.get("imported"))

    @cached_property
    def picture(self) -> "Picture | None":
        """The chart of its metric; None where there is none."""
        from deadair.adapters.jinja.metric_chart import picture

        return picture(self.told.get("chart"))


class ReadingRoom:
    """`documents` are the stored ones; `ticks` counts seconds."""

    def __init__(self, documents: "DocumentStore", ticks: Callable[[], float] = time.monotonic) -> None:
        self._documents, self._ticks = documents, ticks
        self._kept: OrderedDict[tuple[str, int], Reading] = OrderedDict()
        self._pointers: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def current(self, doc_id: str) -> Reading:
        """The current version. Raises NotFound; Unavailable when it is not kept from before either."""
        return self.version(doc_id, self.newest(doc_id))

    def newest(self, doc_id: str) -> int:
        """The number of the current version. Raises NotFound, Unavailable."""
        known, looked_at = self._pointers.get(doc_id, (0, float("-inf")))
        if self._ticks() - looked_at < LOOK_AGAIN_S:
            return known
        try:
            pointer = self._documents.pointer(doc_id)
        except Unavailable:
            if not known:
                raise
            return known
        if pointer is None:
            raise NotFound("There is no such postmortem.", field="postmortem", remedy="/postmortems")
        _keep(self._pointers, doc_id, (int(pointer["version"]), self._ticks()))
        return int(pointer["version"])

    def version(self, doc_id: str, number: int) -> Reading:
        """One version. Raises NotFound, Unavailable."""
        known = self._kept.get((doc_id, number))
        if known is None:
            known = Reading(self._documents.version(doc_id, number))
        _keep(self._kept, (doc_id, number), known)
        return known


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > KEPT:
        kept.popitem(last=False)
