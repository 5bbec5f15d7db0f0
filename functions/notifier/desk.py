"""What Slack should show for an incident, and bringing it there: the card, the owner's message, the prompt.

Knows which notices there are and for whom. Refuses to apply facts: every notice follows from the current state.
A notice that fails does not hold up the others.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.dossiers import Dossier, read_dossier
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.notices import Progress
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.slack.card import SEEN_BEFORE, Earlier, Message, incident_card
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.notices import owner_notice, postmortem_prompt
from deadair.domain.errors import Unavailable
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration
from deadair.domain.postmortem import Postmortem
from deadair.domain.timeline import Fact
from notifier.drawing import Marks, Pen

CARD, OWNER, PROMPT = "card", "owner", "postmortem"
# As it opened: nobody can have handed it on yet.
FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawing of one notice: its name, the version that it shows, and what is sent."""

    name: str
    version: int
    message: Message


@dataclass(frozen=True, slots=True)
class Desk:
    """The room's neighbours, and the channel of the cards."""

    store: IncidentStore
    pen: Pen
    registry: RegistryStore
    knowledge: KnowledgeIndex
    slack: SlackClient
    links: Links
    channel: str

    def converge(self, number: int) -> None:
        """Bring every notice about an incident up to its state. Raises the first failure after trying all."""
        seen = self._read(number)
        steps = [self._card, self._owner, *([self._prompt] if seen.postmortem is not None else [])]
        failures = [failure for step in steps if (failure := _failure(step, seen)) is not None]
        if failures:
            raise failures[0]

    def _read(self, number: int) -> Dossier:
        return read_dossier(self.store.client, self.store.table, number)

    def _current(self, seen: Dossier, version: int, before: Progress) -> Dossier:
        """What to draw: what was seen, unless somebody drew as much since, or wants more: then what is there now."""
        return seen if before.drawn < version else self._read(seen.incident.number)

    def _card(self, seen: Dossier) -> None:
        """One card in the channel, edited in place."""
        version = _version(seen)

        def make(before: Progress) -> tuple[int, Marks]:
            current = self._current(seen, version, before)
            now, pm = current.incident, current.postmortem
            card = incident_card(now, self.links, row=self._row(now), earlier=self._earlier(now, before), postmortem=pm)
            sheet = Sheet(CARD, _version(current), card)
            return sheet.version, self._show(self.channel, now, sheet, before)

        self.pen.draw(seen.incident.number, CARD, version, seen.progress(CARD), make)

    def _owner(self, seen: Dossier) -> None:
        """One direct message to whoever owns the incident now; none to somebody who took it themselves."""
        version, told = seen.incident.version, seen.progress(OWNER)

        def make(before: Progress) -> tuple[int, Marks]:
            now = self._current(seen, version, before).incident
            if before.marks.get("person", "") == now.owner.slack_id:
                return now.version, before.marks
            given_by = self._given_by(now)
            if given_by == now.owner.name or not now.owner.slack_id:
                return now.version, {"person": now.owner.slack_id}
            sheet = Sheet(OWNER, now.version, owner_notice(now, self.links, handed_by=given_by))
            return sheet.version, self._tell(now, sheet, before)

        if told.marks.get("person") != seen.incident.owner.slack_id:
            self.pen.draw(seen.incident.number, OWNER, version, told, make)

    def _prompt(self, seen: Dossier) -> None:
        """The five questions, to the owner, edited as they are answered."""
        version = _edits(seen.postmortem)

        def make(before: Progress) -> tuple[int, Marks]:
            current = self._current(seen, version, before)
            now, pm = current.incident, current.postmortem
            if pm is None or not now.owner.slack_id:
                return _edits(pm), {"person": ""}
            sheet = Sheet(PROMPT, _edits(pm), postmortem_prompt(now, pm, self.links))
            return sheet.version, self._tell(now, sheet, before)

        self.pen.draw(seen.incident.number, PROMPT, version, seen.progress(PROMPT), make)

    def _tell(self, incident: Incident, sheet: Sheet, before: Progress) -> Marks:
        """Show a message to the owner: in place where they have it already, else as a new one."""
        person = incident.owner.slack_id
        known = before.marks if before.marks.get("person") == person else {}
        channel = known.get("channel") or self.slack.direct_channel(person)
        seen = Progress(known, before.drawn, before.unfinished)
        return {"person": person} | self._show(channel, incident, sheet, seen)

    def _show(self, channel: str, incident: Incident, sheet: Sheet, before: Progress) -> Marks:
        """Edit the message that is there, find one whose maker died, or post. An unchanged one costs no call."""
        look, ts = _look(sheet.message), before.marks.get("ts", "")
        if ts and before.marks.get("look") == look:
            return before.marks
        wanted = {"incident": incident.id, "notice": sheet.name}
        if not ts and before.unfinished:
            ts = self.slack.find(channel, wanted, before.drawn, incident.opened_at)
        if not ts or not self.slack.update(channel, ts, sheet.message):
            ts = self.slack.post(channel, sheet.message, wanted | {"version": str(sheet.version)})
        return {"channel": channel, "ts": ts, "look": look}

    def _given_by(self, incident: Incident) -> str:
        """Who handed the incident to its owner; empty when it opened as theirs."""
        if incident.version == FIRST_VERSION:
            return ""
        handed = [entry for entry in self.store.timeline(incident.number) if entry.fact is Fact.ASSIGNED]
        return handed[-1].author if handed else ""

    def _row(self, incident: Incident) -> Integration | None:
        """The registry's row; without it the card only lacks who comes next."""
        try:
            return self.registry.get(incident.integration)
        except (BotoCoreError, ClientError):
            return None

    def _earlier(self, incident: Incident, before: Progress) -> tuple[Earlier, ...]:
        """Past postmortems of the same kind; none when the search cannot be had.

        A first card must know what was learned a second ago; later ones may be a moment behind.
        """
        try:
            hits = self.knowledge.related(
                integration=incident.integration,
                failure_class=incident.failure_class.value,
                exclude=incident.id,
                limit=SEEN_BEFORE,
                afresh="ts" not in before.marks,
            )
        except Unavailable:
            return ()
        return tuple(Earlier(hit.title, self.links.document(hit.id), hit.fix) for hit in hits)


def _version(seen: Dossier) -> int:
    """Grows with every change of either: both counters only ever grow."""
    return seen.incident.version + _edits(seen.postmortem)


def _edits(postmortem: Postmortem | None) -> int:
    """How often the postmortem was written; 0 before it is there."""
    return postmortem.edit + 1 if postmortem else 0


def _look(message: Message) -> str:
    """A digest of what is seen. A button's value is not: a version that grew is no reason to edit."""
    seen = [
        {**block, "elements": [{**e, "value": ""} for e in block["elements"]]} if block["type"] == "actions" else block
        for block in message.blocks
    ]
    whole = json.dumps([message.text, seen], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _failure(step: Callable[[Dossier], None], seen: Dossier) -> Exception | None:
    try:
        step(seen)
    except Exception as failure:  # noqa: BLE001 - raised again by the caller, after the other notices had their turn
        return failure
    return None
