"""Texts in a drawing, which cannot wrap: how wide one is, and a shorter one that fits.

Pure. Knows widths as DejaVu Sans has them, the widest of the fonts that systems come with: what fits there fits
everywhere. Refuses to know drawings.
"""

import unicodedata

NARROW, WIDE = "iljftrI.,:;'|!()[]·- ", "mwMW@%&→"
DOTS = "…"


BOLD = 1.1


def width(text: str, size: float) -> float:
    """The width of a text in pixels, in letters of `size` pixels. For bold ones take `size * BOLD`."""
    return size * sum(_share(char) for char in text)


def shortened(text: str, room: float, size: float) -> str:
    """The text, or as much of it as fits with dots behind it."""
    if width(text, size) <= room:
        return text
    left, kept = room / size - _share(DOTS), []
    for char in text:
        left -= _share(char)
        if left < 0:
            break
        kept.append(char)
    return "".join(kept).rstrip() + DOTS


def _share(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in NARROW:
        return 0.4
    return 1.0 if char in WIDE else 0.75 if char.isupper() else 0.63
