"""Everything that a page may ask: stores, the knowledge base, the clock, the key of the sessions.

Knows how the parts are put together from the settings, each on its first use. Refuses to read anything by itself.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters import aws
from deadair.adapters.cloudwatch.series import MetricReader
from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.dossiers import Dossier, read_dossier
from deadair.adapters.dynamodb.health import HealthStore
from deadair.adapters.dynamodb.incidents import ODD, IncidentStore
from deadair.adapters.dynamodb.letters import LetterStore
from deadair.adapters.dynamodb.maintenance import MaintenanceStore
from deadair.adapters.dynamodb.people import read_around
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.domain.chain import People, chain_of
from deadair.domain.due import World
from deadair.domain.errors import Unavailable
from deadair.domain.handling import handling_of
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.rights import Rights
from deadair.domain.standing_in import addresses_in, rights_of
from deadair.usecases.own_clock import Clock, own_clock
from web.members import Members
from web.settings import WebSettings
from web.signing_in.entry import Entry
from web.standing import Standing

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.actions import ActionStore
    from deadair.adapters.dynamodb.outlines import OutlineStore
    from deadair.adapters.dynamodb.registry_writer import RegistryWriter
    from deadair.adapters.dynamodb.stories import Story
    from deadair.adapters.jinja.postmortem import Templates
    from deadair.adapters.s3.documents import DocumentStore
    from deadair.adapters.search import KnowledgeIndex
    from deadair.adapters.sqs.changes import ChangeQueue
    from deadair.adapters.sqs.redriving import IntakeQueue
    from deadair.usecases.accept_signals import SignalDesk
    from deadair.usecases.over_time import OverTime
    from web.reading_room import ReadingRoom

# A form names the clock that its page showed, so one that was just changed is read rightly all the same.
CLOCK_KEPT, CLOCKS = timedelta(minutes=1), 500


def page_client(service: str) -> Any:
    """A client for a page. CloudWatch adds to pages and carries none: it must not make anybody wait."""
    return aws.hasty_client(service) if service == "cloudwatch" else aws.client(service)


@dataclass
class Surroundings:
    """Wired once per process. `client` gives a client of an AWS service; `now` and `fresh_id` are new each time."""

    settings: WebSettings
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    fresh_id: Callable[[], str] = field(default=lambda: secrets.token_urlsafe(18))
    client: Callable[[str], Any] = field(default=page_client)
    clocks: dict[str, tuple[Clock, datetime]] = field(default_factory=dict)

    @cached_property
    def incidents(self) -> IncidentStore:
        """Incidents, timelines and postmortem drafts."""
        return IncidentStore(self.client("dynamodb"), self.settings.incidents_table)

    def dossier(self, number: int) -> Dossier:
        """An incident and what was found about it, in one read. Raises NotFound; Unavailable for a later version's."""
        try:
            return read_dossier(self.client("dynamodb"), self.settings.incidents_table, number)
        except ODD as odd:
            raise Unavailable(f"INC-{number} cannot be read by this version of Deadair.") from odd

    def story(self, number: int) -> "Story":
        """The timeline and the action items of an incident, in one read."""
        from deadair.adapters.dynamodb.stories import read_story

        return read_story(self.client("dynamodb"), self.settings.incidents_table, number)

    def world(self, incident: Incident) -> World:
        """What the next step of an incident depends on, in one read."""
        row = self.registry.get(incident.integration)
        chain = chain_of(incident, row, self.fallback)
        emails = [person.email for _, person in chain]
        around = read_around(self.client("dynamodb"), self.settings.incidents_table, emails, incident.integration)
        return World(People(chain, around.reach), handling_of(row.row if row else None), around.windows)

    @cached_property
    def fallback(self) -> Person:
        """Who is told when nobody else is left."""
        told = self.settings.fallback_owner
        return Person(**json.loads(told)) if told else Person("")

    def rights_of(self, person: Person, override: str = "") -> Rights:
        """What somebody may do. A registry that does not answer leaves them what is their own."""
        return rights_of(person, self._rows(), addresses_in(self.settings.admins), override)

    def _rows(self) -> list[Integration]:
        try:
            return self.registry.rows()
        except (BotoCoreError, ClientError):
            return []

    def clock_of(self, person: Person, now: datetime) -> Clock:
        """A person's clock, by what is kept: a page does not wait for Slack, who was asked when they came in."""
        who = person.email or person.slack_id
        known, until = self.clocks.get(who, (None, now))
        if known is None or now >= until:
            known = own_clock(self.members.kept, person, now, lambda: None)
            if len(self.clocks) >= CLOCKS:
                self.clocks.clear()
            self.clocks[who] = known, now + CLOCK_KEPT
        return known

    @cached_property
    def outlines(self) -> "OutlineStore":
        """Incidents in outline, many at once."""
        from deadair.adapters.dynamodb.outlines import OutlineStore

        return OutlineStore(self.client("dynamodb"), self.settings.incidents_table)

    @cached_property
    def actions(self) -> "ActionStore":
        """Action items."""
        from deadair.adapters.dynamodb.actions import ActionStore

        return ActionStore(self.client("dynamodb"), self.settings.incidents_table)

    @cached_property
    def over_time(self) -> "OverTime":
        """What happened over the last months, kept for a while."""
        from deadair.usecases.over_time import OverTime

        return OverTime(self.outlines)

    @cached_property
    def maintenance(self) -> MaintenanceStore:
        """Planned maintenance."""
        return MaintenanceStore(self.client("dynamodb"), self.settings.incidents_table)

    @cached_property
    def changes(self) -> ChangeStore:
        """What changed near integrations."""
        return ChangeStore(self.client("dynamodb"), self.settings.incidents_table)

    @cached_property
    def standing(self) -> Standing:
        """What stands wrong with Deadair's own work."""
        return Standing(StandingErrors(self.client("dynamodb"), self.settings.incidents_table).all)

    @cached_property
    def registry(self) -> RegistryStore:
        """The ownership registry, kept for half a minute."""
        return RegistryStore(self.client("dynamodb"), self.settings.registry_table)

    @cached_property
    def registry_writer(self) -> "RegistryWriter":
        """The registry for the one form that changes a row."""
        from deadair.adapters.dynamodb.registry_writer import RegistryWriter

        return RegistryWriter(self.client("dynamodb"), self.settings.registry_table)

    @cached_property
    def audit(self) -> AuditLog:
        """Who changed which row."""
        return AuditLog(self.client("dynamodb"), self.settings.registry_table)

    @cached_property
    def health(self) -> HealthStore:
        """How integrations are by their last signals."""
        return HealthStore(self.client("dynamodb"), self.settings.incidents_table)

    @cached_property
    def metrics(self) -> MetricReader:
        """What CloudWatch knows of integrations."""
        return MetricReader(self.client("cloudwatch"), self.settings.metric_namespace)

    @cached_property
    def knowledge(self) -> "KnowledgeIndex":
        """The search index. SQLite is imported with it, so pages that do not search do not pay."""
        from deadair.adapters.search import KnowledgeIndex

        return KnowledgeIndex(self.client("s3"), self.settings.knowledge_bucket)

    @cached_property
    def documents(self) -> "DocumentStore":
        """Published postmortems."""
        from deadair.adapters.s3.documents import DocumentStore

        return DocumentStore(self.client("s3"), self.settings.knowledge_bucket)

    @cached_property
    def reading_room(self) -> "ReadingRoom":
        """The documents as pages read them."""
        from web.reading_room import ReadingRoom

        return ReadingRoom(self.documents)

    @cached_property
    def templates(self) -> "Templates":
        """The templates of postmortems, ours and the bucket's."""
        from deadair.adapters.jinja.postmortem import Templates
        from deadair.adapters.s3.templates import TemplateBucket

        bucket = TemplateBucket(self.client("s3"), self.settings.knowledge_bucket)
        return Templates(bucket, now=self.now)

    @cached_property
    def signal_desk(self) -> "SignalDesk":
        """Where machines bring their signals. Pages do not pay for it."""
        from deadair.adapters.sqs.signals import SignalQueue
        from deadair.adapters.ssm.signal_keys import SignalKeys, SignalKeyStore
        from deadair.usecases.accept_signals import SignalDesk

        keys = SignalKeys(SignalKeyStore(self.client("ssm"), self.settings.signal_secrets))
        queue = SignalQueue(self.client("sqs"), self.settings.signal_queue_url, self.fresh_id)
        return SignalDesk(self.registry, keys, queue)

    @cached_property
    def letters(self) -> LetterStore:
        """Dead letters of the intake."""
        return LetterStore(self.client("dynamodb"), self.settings.incidents_table)

    @cached_property
    def intake_queue(self) -> "IntakeQueue":
        """The front of the line, for letters that go once more."""
        from deadair.adapters.sqs.redriving import IntakeQueue

        return IntakeQueue(self.client("sqs"), self.settings.intake_queue_url)

    @cached_property
    def change_queue(self) -> "ChangeQueue":
        """Where changes are brought, by whom the signal desk believes."""
        from deadair.adapters.sqs.changes import ChangeQueue

        return ChangeQueue(self.client("sqs"), self.settings.change_queue_url)

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over https, by the address that the room was told: never by a header."""
        return self.settings.web_url.lower().startswith("https://")

    @cached_property
    def entry(self) -> Entry:
        """How people come in, and whether they still may."""
        return Entry(self.settings, self.client, self.members.why_out)

    @cached_property
    def members(self) -> Members:
        """The people of the Slack workspace."""
        return Members(self.settings, self.client, self._rows)
