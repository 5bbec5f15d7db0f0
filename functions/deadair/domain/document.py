"""What the knowledge base holds of a postmortem, ours or imported.

Knows what is searched and filtered by. Refuses to know how it is rendered, stored and found.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the knowledge base knows of one postmortem besides its words, ours or imported.

    `id` is INC-42 for ours and the front matter's id for imported ones. `date` orders lists (aware, UTC). Facets
    are plain strings; an empty one is unknown. `vendor` is whose side failed or may fail, `detected_by` the signal of
    the alarm that found it (silence, error_rate, …) or `person`.
    """

    id: str
    title: str
    date: datetime
    company: str = ""
    integration: str = ""
    integration_name: str = ""
    owner: str = ""
    severity: str = ""
    failure_class: str = ""
    vendor: str = ""
    detected_by: str = ""
    consent: bool = False
    fix: str = ""
    tags: tuple[str, ...] = ()
    imported: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Described):
    """What the knowledge base holds of one postmortem. `body` is Markdown."""

    body: str
