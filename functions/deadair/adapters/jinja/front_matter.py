"""YAML front matter, written so that no value can leave its line.

Knows that a JSON string is a YAML double-quoted scalar, if control and separator characters are escaped.
Refuses to read YAML: rooms never parse it.
"""

import json
import re
from collections.abc import Mapping, Sequence

# YAML 1.1 breaks lines at U+0085, U+2028 and U+2029 too, and lets no control, surrogate or BOM stand bare.
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
KEY = re.compile(r"[a-z][a-z0-9_]*\Z")


def front_matter(fields: Mapping[str, str | float | Sequence[str]]) -> str:
    """The block between two `---` lines, one field per line. Raises ValueError for a key that is no plain word."""
    lines = []
    for key, value in fields.items():
        if not KEY.match(key):
            raise ValueError(f"not a front matter key: {key!r}")
        lines.append(f"{key}: {_scalar(value)}")
    return "\n".join(["---", *lines, "---"])


def _scalar(value: str | float | Sequence[str]) -> str:
    plain = value if isinstance(value, str | float | int) else list(value)
    return UNPRINTABLE.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(plain, ensure_ascii=False))
