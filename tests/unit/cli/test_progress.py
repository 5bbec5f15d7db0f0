"""Claims about the bar: it is there for people who wait, and in nobody's way."""

import time
from io import StringIO

import pytest
from rich.console import Console

from infra.cli import progress, terminal
from infra.cli.progress import Bar

PATIENCE_S = 10.0


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What a person at a terminal sees."""
    text = StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=text, force_terminal=True, width=80))
    monkeypatch.setattr(progress, "PATIENCE_S", 0.05)
    return text


def seen(screen: StringIO, *words: str) -> bool:
    """Whether these words come to stand on the screen while the work goes on."""
    until = time.monotonic() + PATIENCE_S
    while not (there := all(word in screen.getvalue() for word in words)) and time.monotonic() < until:
        time.sleep(0.02)
    return there


def test_who_waits_sees_how_far_it_is(screen: StringIO) -> None:
    with Bar("Rows written", 100) as told:
        told(49)
        assert seen(screen, "Rows written", "49/100")


def test_without_a_total_it_counts(screen: StringIO) -> None:
    with Bar("Entries read") as told:
        told(7)
        assert seen(screen, "Entries read", "7")


def test_what_is_quick_or_quiet_shows_nothing(screen: StringIO) -> None:
    with Bar("Rows written", 100) as told:
        told(100)
    with Bar("Rows written", 100, quiet=True) as told:
        time.sleep(0.2)

    assert "Rows" not in screen.getvalue()


def test_in_a_file_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    text = StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=text))
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    with Bar("Rows written", 100):
        time.sleep(0.2)

    assert text.getvalue() == ""
