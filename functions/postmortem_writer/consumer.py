"""One message: the incident that it names is read afresh, drafted if it is resolved, documented if it is published.

A published one whose facts are others by now gets a further version. Knows that all of it converges, so that it need
not ask which fact came. Refuses to know Lambda.
"""

import logging
from dataclasses import asdict
from datetime import datetime
from functools import partial

from deadair.adapters.bus.facts import incident_of
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.s3.documents import DocumentStore
from deadair.adapters.search import IndexPublisher
from deadair.adapters.search.manifest import OldFormat
from deadair.usecases.beside import NOWHERE, Around
from deadair.usecases.draft_postmortem import draft_postmortem
from deadair.usecases.publish_documents import publish_documents
from deadair.usecases.reconcile_documents import Reconciler
from deadair.usecases.refresh_postmortem import refresh_postmortem
from deadair.usecases.reindex_documents import reindex_documents
from postmortem_writer.events import asks_to_reconcile

log = logging.getLogger(f"deadair.{__name__}")


class Writer:
    """Wired once per process."""

    def __init__(
        self, store: IncidentStore, documents: DocumentStore, index: IndexPublisher, around: Around = NOWHERE
    ) -> None:
        self.store = store
        self.documents = documents
        self.index = index
        self.around = around

    def take(self, body: str, now: datetime) -> None:
        """Converge on the state of the incident in a message's body.

        Raises Poison for a body that names no incident; NotFound, Stale and Unavailable mean: deliver it again.
        """
        if asks_to_reconcile(body):
            self._reconcile(now)
            return
        number = incident_of(body)
        # What happens while this looks has a message of its own.
        around = self.around.once()
        drafted = draft_postmortem(self.store, number, now=now, around=around)
        version = self._publish(number, around, now=now)
        if version and refresh_postmortem(self.store, self.documents, number, now=now, around=around):
            version = self._publish(number, around, now=now)
        facts = {"incident": f"INC-{number}", "drafted": drafted is not None, "version": version}
        log.info("the postmortem is up to date", extra=facts)

    def _publish(self, number: int, around: Around, *, now: datetime) -> int:
        publish = partial(publish_documents, self.store, self.documents, self.index, number, now=now, around=around)
        try:
            return publish()
        except OldFormat:
            # The first publication after an update need not wait for the daily reconcile.
            reindex_documents(self.documents, self.index, now=now)
            return publish()

    def _reconcile(self, now: datetime) -> None:
        """What is half done is finished; what cannot be is in the log, and is tried again tomorrow."""
        done = Reconciler(
            self.store, self.documents, self.index, partial(self._publish, around=self.around, now=now)
        ).run(now=now)
        log.log(logging.ERROR if done.failed else logging.INFO, "the knowledge base was reconciled", extra=asdict(done))
