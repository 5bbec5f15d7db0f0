"""Whole saves of the embedded AWS: each in a folder of its own, and one pointer that names the newest complete one.

MiniStack writes one JSON file per service, so a kill between two files would leave a queue that has already
forgotten a message beside a table that has not yet got its incident. Here a save becomes visible only when all
its files are written and flushed, by replacing the pointer, and it is used only when each file still has the digest
that it was written with. Knows folders and pointers, not what is in the files.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from infra.local.errors import DamagedSaves

_POINTER = "current"
_ABOUT = "save.json"
_KEPT = 2


@dataclass(frozen=True)
class SaveNote:
    """When a save was made, and whether it was the last act of a clean stop."""

    saved_at: datetime
    clean: bool

    def dump(self, files: dict[str, str]) -> str:
        """The note as JSON, with the digest of each file."""
        return json.dumps(asdict(self) | {"saved_at": self.saved_at.isoformat(), "files": files})


def current(saves: Path) -> Path | None:
    """The folder of the newest complete save, or None before the first."""
    pointer = saves / _POINTER
    if not pointer.exists():
        return None
    folder = saves / pointer.read_text(encoding="utf-8").strip()
    return folder if (folder / _ABOUT).exists() else None


def go_back_to_a_whole_one(saves: Path) -> Path | None:
    """Point to the newest save of which no byte has changed. Returns it when it is not the newest of all.

    Raises DamagedSaves when there are saves and none is whole; then nothing is touched.
    """
    newest = current(saves)
    if newest is None or is_whole(newest):
        return None
    for folder in sorted((entry for entry in saves.iterdir() if (entry / _ABOUT).exists()), reverse=True):
        if folder.name < newest.name and is_whole(folder):
            _point_to(saves, folder)
            return folder
    raise DamagedSaves(str(saves))


def is_whole(folder: Path) -> bool:
    """Whether every file is as it was written. Saves of earlier versions tell no digests: there it must be JSON."""
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8")).get("files")
        if told is None:
            return all(json.loads(file.read_bytes()) is not None for file in folder.glob("*.json"))
        return all(_digest(folder / name) == digest for name, digest in told.items())
    except (OSError, ValueError, AttributeError):
        return False


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").hexdigest()


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
        files = {file.name: _digest(file) for file in folder.iterdir()}
        (folder / _ABOUT).write_text(SaveNote(saved_at=moment, clean=clean).dump(files), encoding="utf-8")
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
