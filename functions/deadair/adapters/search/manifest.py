"""Which snapshot is current. Knows the manifest's JSON; refuses to know what a snapshot holds."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from deadair.domain.errors import Unavailable

KEY = "index/manifest.json"
FORMAT = 2
# Superseded snapshots stay for readers that are just loading them.
KEEP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`base` is the current snapshot's key, `recent` are those that it superseded, newest first.

    `generation` counts publications. `written_at` is when this one was made (aware, UTC).
    """

    base: str
    size: int
    documents: int
    generation: int
    written_at: datetime
    recent: tuple[str, ...] = field(default=())

    def names(self, key: str) -> bool:
        """Whether a snapshot is the current one or among those that it was built on."""
        return key == self.base or key in self.recent

    def next(self, *, base: str, size: int, documents: int, now: datetime) -> tuple[Self, tuple[str, ...]]:
        """The manifest after this one, and the snapshots that nobody needs any more."""
        recent = (self.base, *self.recent)
        made = replace(
            self,
            base=base,
            size=size,
            documents=documents,
            generation=self.generation + 1,
            written_at=now,
            recent=recent[:KEEP],
        )
        return made, recent[KEEP:]

    def to_json(self) -> bytes:
        """As it is stored. `deltas` is for a later format; this one has none."""
        told = {
            "format": FORMAT,
            "base": {"key": self.base, "bytes": self.size, "documents": self.documents},
            "deltas": [],
            "recent": list(self.recent),
            "generation": self.generation,
            "written_at": self.written_at.isoformat(),
        }
        return json.dumps(told, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read it. Raises Unavailable for a format that this code does not know."""
        told = json.loads(text)
        if told.get("format") != FORMAT or told.get("deltas"):
            raise Unavailable(f"the index has format {told.get('format')}, this code reads {FORMAT}")
        base = told["base"]
        return cls(
            base=base["key"],
            size=base["bytes"],
            documents=base["documents"],
            generation=told["generation"],
            written_at=datetime.fromisoformat(told["written_at"]),
            recent=tuple(told["recent"]),
        )
