"""Which addresses are ours, and in which form routes match them.

Knows paths only. Refuses to know hosts: every redirect stays on this site.
"""

import re
from urllib.parse import unquote, urlencode

from deadair.domain.addresses import POSTMORTEMS, doc_id, incident, integration, postmortem, segment
from deadair.domain.ownership import Person
from deadair.domain.person_key import person_key

__all__ = [
    "canonical_path",
    "changes",
    "doc_id",
    "incident",
    "integration",
    "local_path",
    "person",
    "postmortem",
    "segment",
    "version",
    "with_query",
]

SHELF = f"{POSTMORTEMS}/"
# What has a place under a document: a version, and what changed between two.
BENEATH = re.compile(r"([^/]+)/(v/[0-9]{1,6}|changes)")
# Two slashes, a backslash or a control character make another host of a path in some reader.
NO_PATH = re.compile(r"//|\\|[\x00-\x20\x7f-\xa0]")
CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
DOOR = frozenset({"/sign-in", "/sign-in/start", "/auth/callback", "/sign-out", "/sign-out-everywhere", "/login"})
LONGEST = 2000


def canonical_path(path: str) -> str:
    """A decoded path in the form that routes match: an id with slashes or other signs becomes one segment."""
    if path.startswith(SHELF) and len(path) > len(SHELF):
        rest = path[len(SHELF) :].rstrip("/") or "/"
        beneath = BENEATH.fullmatch(rest)
        return f"{SHELF}{_segment(beneath[1])}/{beneath[2]}" if beneath else SHELF + _segment(rest)
    return path.rstrip("/") or "/"


def _segment(part: str) -> str:
    return part if part.startswith("~") else segment(part)


def version(doc_id: str, number: int) -> str:
    """One version of a postmortem, current or not."""
    return f"{postmortem(doc_id)}/v/{number}"


def changes(doc_id: str, before: int, after: int) -> str:
    """What differs between two versions of a postmortem."""
    return with_query(f"{postmortem(doc_id)}/changes", **{"from": str(before), "to": str(after)})


def person(who: Person) -> str:
    """The page of a person; empty of nobody."""
    key = person_key(who)
    return f"/people/{key}" if key else ""


def with_query(path: str, **fields: str) -> str:
    """A path with the fields that have a value, in the order given."""
    given = {name: value for name, value in fields.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def local_path(candidate: str) -> str:
    r"""Where to go next: the candidate if it is a path of this site, else `/`.

    Refused: other schemes and hosts (`https:`, `//host`), what browsers or proxies may read as such (`/\host`,
    also percent-encoded), control characters, and the pages of the door itself.
    """
    path = candidate.partition("?")[0]
    if not path.startswith("/") or path in DOOR or len(candidate) > LONGEST:
        return "/"
    odd = any(NO_PATH.search(text) for text in (path, unquote(path), unquote(unquote(path))))
    return "/" if odd or CONTROL.search(candidate) else candidate
