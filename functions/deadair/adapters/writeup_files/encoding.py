"""Bytes of a file as text, whoever saved it. Knows marks, what a page says of itself, and what old wikis export in."""

import codecs
import re

DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
# Where a page says how it is encoded.
HEAD = 4096
# Zip, PDF, images and the like: no text, whatever their name ends in.
BINARY = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b")


def text_of(raw: bytes) -> str:
    """UTF-8, UTF-16 with a mark, what the page declares, else Windows-1252. Lines end as on Unix."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode(_declared(raw), "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_binary(raw: bytes) -> bool:
    """Whether it is no text at all."""
    return raw.startswith(BINARY)


def _declared(raw: bytes) -> str:
    """A character set that Python knows and that is no UTF: those did not fit."""
    found = DECLARED.search(raw[:HEAD])
    name = found[1].decode("ascii") if found else ""
    try:
        known = codecs.lookup(name).name if name else ""
        "".encode(known or "cp1252")
    except LookupError:
        return "cp1252"
    return "cp1252" if not known or known.startswith("utf") else known
