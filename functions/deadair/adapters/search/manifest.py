"""Which files are the current index. Knows the manifest's JSON; refuses to know what the files hold."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from deadair.adapters.search.snapshot import FORMAT
from deadair.domain.errors import Unavailable

KEY = "index/manifest.json"
# Superseded files stay for readers that are just loading them.
KEEP = 4


class OldFormat(Unavailable):
    """The index was written by another make of this code; it is to be made anew from the documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One immutable file: its key, its length in bytes, and how many documents it holds."""

    key: str
    size: int
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`base` is the current snapshot, `delta` what was published since (None: nothing). `documents` counts both.

    `recent` and `recent_deltas` are the keys that they superseded, newest first. `generation` counts publications.
    `written_at` is when this one was made (aware, UTC).
    """

    base: File
    documents: int
    written_at: datetime
    delta: File | None = None
    generation: int = 1
    recent: tuple[str, ...] = field(default=())
    recent_deltas: tuple[str, ...] = field(default=())

    def names(self, key: str) -> bool:
        """Whether a file is a current one or among those that these were built on."""
        current = {self.base.key, self.delta.key if self.delta else ""}
        return key in current or key in self.recent or key in self.recent_deltas

    def next(self, *, base: File, delta: File | None, documents: int, now: datetime) -> tuple[Self, tuple[str, ...]]:
        """The manifest after this one, and the keys that nobody needs any more."""
        recent = self.recent if base.key == self.base.key else (self.base.key, *self.recent)
        gone = self.delta is not None and (delta is None or delta.key != self.delta.key)
        deltas = (self.delta.key, *self.recent_deltas) if gone and self.delta else self.recent_deltas
        made = replace(
            self,
            base=base,
            delta=delta,
            documents=documents,
            generation=self.generation + 1,
            written_at=now,
            recent=recent[:KEEP],
            recent_deltas=deltas[:KEEP],
        )
        return made, (*recent[KEEP:], *deltas[KEEP:])

    def to_json(self) -> bytes:
        """As it is stored."""
        told = {
            "format": FORMAT,
            "base": _told(self.base),
            "deltas": [_told(self.delta)] if self.delta else [],
            "documents": self.documents,
            "recent": list(self.recent),
            "recent_deltas": list(self.recent_deltas),
            "generation": self.generation,
            "written_at": self.written_at.isoformat(),
        }
        return json.dumps(told, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read it. Raises OldFormat for a format that this code does not know."""
        told = json.loads(text)
        if told.get("format") != FORMAT:
            raise OldFormat(f"the index has format {told.get('format')}, this code reads {FORMAT}")
        (delta,) = told["deltas"] or [None]
        return cls(
            base=_file(told["base"]),
            delta=_file(delta) if delta else None,
            documents=told["documents"],
            generation=told["generation"],
            written_at=datetime.fromisoformat(told["written_at"]),
            recent=tuple(told["recent"]),
            recent_deltas=tuple(told["recent_deltas"]),
        )


def _told(file: File) -> dict[str, Any]:
    return {"key": file.key, "bytes": file.size, "documents": file.documents}


def _file(told: dict[str, Any]) -> File:
    return File(key=told["key"], size=told["bytes"], documents=told["documents"])
