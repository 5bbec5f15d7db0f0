"""Claims about colours: every pair that carries words meets WCAG AA in both themes, lines and focus reach 3 to 1."""

import gzip
import re

import pytest

from deadair.adapters.jinja import templates_folder

STATIC = templates_folder() / "web" / "static"
SHEETS = [path.name for path in sorted(STATIC.glob("*.css")) if path.name != "tokens.css"]
GROUNDS = ("paper", "sheet", "sunk")
WORDS = ("ink", "ink-soft", "link", "sev1", "sev2", "sev3", "sev4", "good", "warn", "calm")
PAIRS = [(word, ground) for word in WORDS for ground in GROUNDS]
PAIRS += [
    ("act-ink", "act"),
    ("ink", "mark"),
    ("ink", "sev1-bg"),
    ("ink", "good-bg"),
    ("good", "good-bg"),
    ("ink", "sev2-bg"),
]
PAIRS += [("ink-soft", "sev2-bg")]
SHAPES = [(line, ground) for line in ("rule-strong", "focus", "dead", "wave") for ground in GROUNDS[:2]]


def themes() -> dict[str, dict[str, str]]:
    light, _, dark = (STATIC / "tokens.css").read_text("utf-8").partition("prefers-color-scheme: dark")
    first = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return {"light": first, "dark": {**first, **dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))}}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), PAIRS)
def test_words_can_be_read(theme: str, word: str, ground: str) -> None:
    colours = themes()[theme]

    assert contrast(colours[word], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_of_controls_and_focus_can_be_seen(theme: str, shape: str, ground: str) -> None:
    colours = themes()[theme]

    assert contrast(colours[shape], colours[ground]) >= 3


@pytest.mark.parametrize("sheet", SHEETS)
def test_colours_are_decided_in_one_file(sheet: str) -> None:
    assert not re.search(r"#[0-9a-fA-F]{6}\b", (STATIC / sheet).read_text("utf-8"))


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_token_that_is_used_is_there(sheet: str) -> None:
    text = (STATIC / sheet).read_text("utf-8")
    known = set(re.findall(r"--([\w-]+):", (STATIC / "tokens.css").read_text("utf-8")))

    assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= known


def test_what_all_pages_load_together_is_small() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in STATIC.iterdir()) < 36_000
