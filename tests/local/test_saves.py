"""A save is seen whole or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local import saves

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def write(text: str) -> Callable[[Path], None]:
    def write_into(folder: Path) -> None:
        (folder / "sqs.json").write_text(text)

    return write_into


def test_before_the_first_save_there_is_none(tmp_path: Path) -> None:
    assert saves.current(tmp_path) is None
    assert saves.last_note(tmp_path) is None


def test_the_newest_complete_save_is_current_and_says_when_and_how(tmp_path: Path) -> None:
    saves.make(tmp_path, clean=False, write_into=write("old"), now=NOON)
    newest = saves.make(tmp_path, clean=True, write_into=write("new"), now=NOON + timedelta(seconds=1))

    assert saves.current(tmp_path) == newest
    assert saves.last_note(tmp_path) == saves.SaveNote(NOON + timedelta(seconds=1), clean=True)


def test_a_save_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    first = saves.make(tmp_path, clean=False, write_into=write("old"), now=NOON)

    def fail(folder: Path) -> None:
        (folder / "sqs.json").write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        saves.make(tmp_path, clean=False, write_into=fail, now=NOON + timedelta(seconds=1))

    assert saves.current(tmp_path) == first
    assert [entry for entry in tmp_path.iterdir() if entry.is_dir()] == [first]


def test_what_a_killed_writer_left_is_swept_and_two_saves_are_kept(tmp_path: Path) -> None:
    (tmp_path / "20200101T000000000000-1").mkdir()

    made = [
        saves.make(tmp_path, clean=False, write_into=write("x"), now=NOON + timedelta(seconds=second))
        for second in range(3)
    ]

    assert sorted(entry for entry in tmp_path.iterdir() if entry.is_dir()) == made[1:]
