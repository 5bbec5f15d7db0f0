"""How far each document of the bucket has come, from one listing: its newest version, and whether it has a pointer.

Knows keys. Refuses to read a document: a listing tells of a thousand objects in one call.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from deadair.adapters.s3.documents import PREFIX
from deadair.adapters.s3.objects import Objects

VERSION = re.compile(r"v([1-9][0-9]{0,8})\.json")


@dataclass(slots=True)
class Standing:
    """A folder of `postmortems/`: the newest version that is written, 0 for none, and whether one was made current."""

    newest: int = 0
    pointed: bool = False


def standing(objects: Objects) -> dict[str, Standing]:
    """Every document's standing, by its folder. Raises Unavailable."""
    found: dict[str, Standing] = {}
    for listed in objects.listed(PREFIX):
        place, _, name = listed.key.rpartition("/")
        version = VERSION.fullmatch(name)
        if version or name == "current.json":
            told = found.setdefault(f"{place}/", Standing())
            told.newest = max(told.newest, int(version[1]) if version else 0)
            told.pointed = told.pointed or not version
    return found


def newest(objects: Objects, place: str, at: Standing) -> tuple[dict[str, Any], bool]:
    """The newest version of a document in a folder, and whether it is the current one. Raises NotFound, Unavailable."""
    seen = objects.changed(f"{place}current.json", "")
    pointer = json.loads(seen.body) if seen and seen.etag else {"version": 0}
    version = max(at.newest, pointer["version"])
    told: dict[str, Any] = json.loads(objects.get(f"{place}v{version}.json").body)
    return told, bool(pointer["version"] == version)
