"""Whole saves of the embedded AWS: each in a folder of its own, and one pointer that names the newest complete one.

MiniStack writes one JSON file per service, so a kill between two files would leave a queue that has already
forgotten a message beside a table that has not yet got its incident. Here a save becomes visible only when all
its files are written and flushed, by replacing the pointer. Knows folders and pointers, not what is in the files.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

_POINTER = "current"
_ABOUT = "save.json"
_KEPT = 2


@dataclass(frozen=True)
class SaveNote:
    """When a save was made, and whether it was the last act of a clean stop."""

    saved_at: datetime
    clean: bool

    def dump(self) -> str:
        """The note as JSON."""
        return json.dumps(asdict(self) | {"saved_at": self.saved_at.isoformat()})


def current(saves: Path) -> Path | None:
    """The folder of the newest complete save, or None before the first."""
    pointer = saves / _POINTER
    if not pointer.exists():
        return None
    folder = saves / pointer.read_text(encoding="utf-8").strip()
    return folder if (folder / _ABOUT).exists() else None


def note_of(folder: Path) -> SaveNote:
    """When and how this save was made."""
    raw = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    return SaveNote(saved_at=datetime.fromisoformat(raw["saved_at"]), clean=bool(raw["clean"]))


def last_note(saves: Path) -> SaveNote | None:
    """The note of the newest complete save, or None before the first."""
    folder = current(saves)
    return note_of(folder) if folder else None


def make(saves: Path, *, clean: bool, write_into: Callable[[Path], None], now: datetime | None = None) -> Path:
    """Write one save and point to it. `write_into` puts the files into the new, empty folder.

    Whatever goes wrong in `write_into` is raised, and the pointer stays on the save before.
    """
    moment = now or datetime.now(UTC)
    folder = saves / f"{moment:%Y%m%dT%H%M%S%f}-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        write_into(folder)
        (folder / _ABOUT).write_text(SaveNote(saved_at=moment, clean=clean).dump(), encoding="utf-8")
        _flush(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _point_to(saves, folder)
    _forget_old(saves, folder)
    return folder


def _flush(folder: Path) -> None:
    for file in folder.iterdir():
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _point_to(saves: Path, folder: Path) -> None:
    draft = saves / f"{_POINTER}.{os.getpid()}"
    draft.write_text(folder.name, encoding="utf-8")
    draft.replace(saves / _POINTER)


def _forget_old(saves: Path, newest: Path) -> None:
    """Keep the newest and the one before it; also sweeps what a killed writer left."""
    folders = sorted((entry for entry in saves.iterdir() if entry.is_dir()), reverse=True)
    for folder in [entry for entry in folders if entry.name <= newest.name][_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
