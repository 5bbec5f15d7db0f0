"""The addresses of pages, to which Slack and the command point too: how an id of any text becomes one path segment.

Knows paths only. Refuses to know hosts: whoever links from elsewhere puts theirs in front.
"""

import base64
import binascii
import re
from urllib.parse import quote

# What reads well in an address and means the same before and after any decoding.
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}")
ENDINGS = (".md", ".json")
INCIDENTS = "/incidents"
INTEGRATIONS = "/integrations"
POSTMORTEMS = "/postmortems"
ACTIONS = "/actions"


def incident(number: int | str) -> str:
    """The page of an incident, by its number or its id."""
    return f"{INCIDENTS}/{number if isinstance(number, str) else f'INC-{number}'}"


def postmortem(doc_id: str) -> str:
    """The page of a published or imported postmortem. Its id can be any text."""
    return f"{POSTMORTEMS}/{segment(doc_id)}"


def integration(slug: str) -> str:
    """The page of an integration."""
    return f"{INTEGRATIONS}/{quote(slug, safe='')}"


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
