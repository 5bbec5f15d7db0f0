"""The name of a person in an address: their name, for readers, and a digest of who they are, which decides.

Knows that names change, that two people may share one, and that an e-mail address belongs into no web address. Refuses
to know pages.
"""

import re
import unicodedata
from collections.abc import Iterable

from deadair.domain.alarm import digest
from deadair.domain.ownership import Person

DIGITS = 10
KEY = re.compile(rf"(?:[a-z0-9-]{{0,60}}-)?([0-9a-f]{{{DIGITS}}})", re.ASCII)
GAP = re.compile(r"[^a-z0-9]+")
NAME = 40


def person_key(person: Person) -> str:
    """`ana-lima-0f3c9a71be`; of a name in another script only the digits. Empty of nobody."""
    who = _who(person)
    if not who:
        return ""
    told = unicodedata.normalize("NFKD", person.name.casefold())
    name = GAP.sub("-", "".join(c for c in told if not unicodedata.combining(c)))[:NAME].strip("-")
    return f"{name}-{_digits(who)}" if name else _digits(who)


def find_person(key: str, people: Iterable[Person]) -> Person | None:
    """Who a key names, whatever they were called when it was written; None when it is nobody of these."""
    found = KEY.fullmatch(key)
    if found is None:
        return None
    return next((person for person in people if (who := _who(person)) and _digits(who) == found[1]), None)


def _who(person: Person) -> str:
    """The address, which stays; else the id; else the name alone."""
    return person.email.strip().casefold() or person.slack_id or " ".join(person.name.split()).casefold()


def _digits(who: str) -> str:
    return digest("person", who)[:DIGITS]
