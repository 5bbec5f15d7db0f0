"""What the channel is told on the first working day of a month: one postmortem to read again, what comes back, counts.

Knows how the postmortem is chosen. Refuses to wait for the knowledge base: without it the rest is told.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.reminders import Month, month_message
from deadair.domain.document import Described
from deadair.domain.errors import Refusal, Unavailable
from deadair.domain.reminding import a_year_before, is_first_working_day
from deadair.usecases.over_time import Lately, OverTime
from reminders.sending import Occasion, Sender

log = logging.getLogger(f"deadair.{__name__}")

AROUND = timedelta(days=15)
FOUND = 50
CHANNEL, MONTH = "channel", "month"


@dataclass(frozen=True, slots=True)
class Monthly:
    """`channel` is where incident cards stand."""

    actions: ActionStore
    over_time: OverTime
    knowledge: KnowledgeIndex
    sender: Sender
    links: Links
    channel: str

    def tell(self, now: datetime) -> str:
        """Tell the channel, once a month. Returns the way; empty: not today, or told already. Raises Unavailable."""
        if not is_first_working_day(now):
            return ""
        occasion = Occasion(CHANNEL, f"{now.astimezone(UTC):%Y-%m}", MONTH)
        return self.sender.to_channel(occasion, self.channel, lambda: month_message(self._month(now), self.links), now)

    def _month(self, now: datetime) -> Month:
        today = now.astimezone(UTC).date()
        lately, items = self.over_time.lately(now), self.actions.open_actions()
        return Month(
            day=today,
            again=self._again(now, lately),
            patterns=lately.patterns,
            unheld=[(one.number, one.integration_name or one.integration) for one in lately.unheld],
            open=len(items),
            overdue=sum(item.is_overdue(today) for item in items),
        )

    def _again(self, now: datetime, lately: Lately) -> Described | None:
        """The one nearest to this day a year ago; else one from before this quarter that is like what came back."""
        today = now.astimezone(UTC).date()
        year_ago = a_year_before(today)
        try:
            days = {"since": (year_ago - AROUND).isoformat(), "until": (year_ago + AROUND).isoformat()}
            near = self.knowledge.search("", filters=days, limit=FOUND).hits
            if near:
                return min(near, key=lambda hit: (abs((hit.date.date() - year_ago).days), hit.id))
            return self._alike(now, lately)
        except (Unavailable, Refusal):
            log.warning("the knowledge base does not answer", exc_info=True)
            return None

    def _alike(self, now: datetime, lately: Lately) -> Described | None:
        before = now - timedelta(days=90)
        for one in lately.patterns:
            found = self.knowledge.related(
                integration=one.integration, failure_class=one.failure_class.value, limit=FOUND
            )
            old = [hit for hit in found if hit.date < before]
            if old:
                return old[0]
        return None
