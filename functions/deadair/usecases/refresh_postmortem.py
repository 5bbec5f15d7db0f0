"""The facts of a published postmortem changed: a further version of the same words tells them as they are now.

Knows that people's words are those of the last version and never an unfinished amendment, and that one look takes in
everything that changed before it. Refuses to make a version while the incident goes on.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.versions import read_version, save_version
from deadair.adapters.s3.documents import DocumentStore
from deadair.domain.incident import Incident
from deadair.domain.postmortem import Postmortem
from deadair.domain.published import Published
from deadair.domain.timeline import Entry, Fact
from deadair.usecases.answer_postmortem import edit_id
from deadair.usecases.beside import NOWHERE, Around
from deadair.usecases.draft_postmortem import WRITER
from deadair.usecases.render_postmortem import digest_of
from deadair.usecases.step import entry_of


def refresh_postmortem(
    store: IncidentStore, documents: DocumentStore, number: int, *, now: datetime, around: Around = NOWHERE
) -> Postmortem | None:
    """Make a version when the facts are not those of the stored one. Returns the state then; None: nothing to do.

    The stored document must be the latest one: see `publish_documents`, which writes the new one, too. Raises Stale
    when somebody saved meanwhile, and Unavailable: try again.
    """
    known = store.postmortem(number)
    incident = store.get(number)
    if known is None or not known.is_published or incident.is_open:
        return None
    pointer = documents.pointer(known.incident)
    if pointer is None or pointer["version"] != known.version:
        return None
    told = documents.version(known.incident, known.version).get("facts_digest", "")
    if told == digest_of(incident, store.timeline(number), around.beside(store, incident, now)):
        return None
    last = _last(store, number, known)
    if last is None:
        return None
    after = replace(known, version=known.version + 1, edit=known.edit + 1)
    save_version(store, number, known, after, last.again(now), _entry(incident, after, now))
    return after


def _last(store: IncidentStore, number: int, known: Postmortem) -> Published | None:
    """What was published last; of one from before words were kept, only while nobody changed them."""
    kept = read_version(store, number, known.version)
    at = known.published_at or known.drafted_at
    return kept or (None if known.amending or at is None else Published.of(known, at))


def _entry(incident: Incident, after: Postmortem, now: datetime) -> Entry:
    text = f"The facts of the postmortem are brought up to date, version {after.version}."
    entry = entry_of(incident, WRITER, Fact.POSTMORTEM_REFRESHED, text, now=now)
    return replace(entry, id=edit_id(incident, after.edit, now))
