"""The addresses of pages: how ids of any text become one path segment, and which addresses are ours.

Knows paths only. Refuses to know hosts: every link and every redirect stays on this site.
"""

import base64
import binascii
import re
from urllib.parse import quote, unquote, urlencode

# What reads well in an address and means the same before and after any decoding.
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}")
ENDINGS = (".md", ".json")
POSTMORTEMS = "/postmortems/"
# Two slashes, a backslash or a control character make another host of a path in some reader.
NO_PATH = re.compile(r"//|\\|[\x00-\x20\x7f-\xa0]")
CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
DOOR = frozenset({"/sign-in", "/sign-out", "/login"})
LONGEST = 2000


def incident(number: int | str) -> str:
    """The page of an incident, by its number or its id."""
    return f"/incidents/{number if isinstance(number, str) else f'INC-{number}'}"


def postmortem(doc_id: str) -> str:
    """The page of a published or imported postmortem. Its id can be any text."""
    return POSTMORTEMS + segment(doc_id)


def integration(slug: str) -> str:
    """The page of an integration."""
    return f"/integrations/{quote(slug, safe='')}"


def segment(doc_id: str) -> str:
    """An id as one path segment: itself when it is plain, else `~` and its base64url."""
    if PLAIN.fullmatch(doc_id) and not doc_id.endswith(ENDINGS):
        return doc_id
    return "~" + base64.urlsafe_b64encode(doc_id.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def doc_id(part: str) -> str:
    """The id that a path segment stands for. What cannot be decoded stands for itself."""
    if not part.startswith("~"):
        return part
    try:
        return base64.urlsafe_b64decode(part[1:] + "=" * (-len(part[1:]) % 4)).decode("utf-8", "surrogatepass")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return part


def canonical_path(path: str) -> str:
    """A decoded path in the form that routes match: an id with slashes or other signs becomes one segment."""
    if path.startswith(POSTMORTEMS) and len(path) > len(POSTMORTEMS):
        rest = path[len(POSTMORTEMS) :].rstrip("/") or "/"
        return POSTMORTEMS + (rest if rest.startswith("~") else segment(rest))
    return path.rstrip("/") or "/"


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
