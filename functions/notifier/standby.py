"""When Slack does not take a notice: the person hears on another way, the pages say so, and it is tried again.

Knows that a letter goes once per incident and person, and that one message per incident, which this room sends
itself, brings the notice back after a while: nothing waits in the dead letters. Refuses to know what Slack shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.adapters.dynamodb.dossiers import Dossier
from deadair.adapters.dynamodb.notices import NoticeStore, Undelivered
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.email.letters import Letters
from deadair.adapters.email.words import letter, review_letter, standing_text, token_letter
from deadair.adapters.slack.calling import TOKEN_OVER
from deadair.adapters.slack.links import Links
from deadair.domain.alarm import digest
from deadair.domain.errors import Unavailable
from deadair.domain.ownership import Person
from deadair.domain.standing_error import TOKENS, Kind
from notifier.failing import Failed
from notifier.telling import BESIDE, OWNER, key_of

LETTER, AGAIN = "letter-", "again"
# Notices of a review: to whoever is asked to read a postmortem, and to whoever wrote it.
ASKED, ANSWERED = "review-", "reviewed-"
# How long until a notice is tried again, the first time and after that. SQS delays a message by a quarter of an hour.
WAITS_S = (120, 300, 300, 600, 900)
# What is over for a day need not reach anybody loudly any more.
KEPT_TRYING = timedelta(days=1)
CHANNEL_WORDS = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
OVER = "token"
SLACK, SLACKS_TOKEN = "Slack", "Slack token"
PERSON_WORDS = frozenset({"user_disabled", "user_not_found"})


@dataclass(frozen=True, slots=True)
class Standby:
    """`again(number, seconds)` has the incident looked at again after that time. `clock` gives aware UTC instants."""

    notices: NoticeStore
    errors: StandingErrors
    letters: Letters
    links: Links
    again: Callable[[int, int], None]
    clock: Callable[[], datetime]

    def take_over(self, seen: Dossier, failures: list[Failed]) -> None:
        """See to it that nothing is lost by failures for which Slack is no help now. Raises when this fails too."""
        now, incident = self.clock(), seen.incident
        for failed in failures:
            if failed.is_only_waiting or (not failed.is_news and not failed.is_hopeless):
                continue
            way = self.tell(seen, failed.name, failed.person) if failed.person and failed.is_news else ""
            earlier = seen.progress(failed.name).undelivered
            since = earlier.since if earlier else now
            mark = Undelivered(failed.word, since, failed.person.name if failed.person else "", way)
            self.notices.fail(incident.number, failed.name, mark)
            kind, name = standing_of(mark)
            text = standing_text(kind, error=failed.word, name=name, way=way or "operators")
            self._stand(kind, name, text, now)
        if incident.is_open or now - (incident.resolved_at or now) < KEPT_TRYING:
            self._wake(seen, now)

    def tell(self, seen: Dossier, notice: str, person: Person) -> str:
        """Tell a person on another way than Slack, once per incident. Returns the way. Raises Unavailable.

        Of a review they are told by itself, once.
        """
        kind = next((kind for kind in (ASKED, ANSWERED) if notice.startswith(kind)), "")
        name = LETTER + digest(key_of(person), *filter(None, [kind]))[:12]
        sent = seen.progress(name).marks
        if sent:
            return sent["way"]
        if kind:
            told = review_letter(seen.incident, person, "asked" if kind == ASKED else "answered", self.links)
        else:
            told = letter(seen.incident, person, _why(notice), self.links)
        way = self.letters.send(person, told)
        self.notices.note(seen.incident.number, name, {"way": way, "at": self.clock().isoformat()})
        return way

    def delivered(self, failed: Undelivered) -> None:
        """What did not work does again."""
        for name in dict.fromkeys((standing_of(failed)[1], SLACK, SLACKS_TOKEN)):
            self.errors.clear(Kind.UNDELIVERED, name)
        # Whatever takes a message takes the token.
        self.errors.clear(Kind.SLACK, TOKENS)

    def _stand(self, kind: str, name: str, text: str, now: datetime) -> None:
        """Say it on the pages; the operators hear once of what only they can mend. Raises Unavailable."""
        is_new = self.errors.put(Kind.UNDELIVERED, name, text, now)
        if kind == OVER and is_new:
            try:
                self.letters.tell_operators(token_letter(text))
            except Unavailable:
                # Nobody has heard: the next attempt says it again.
                self.errors.clear(Kind.UNDELIVERED, name)
                raise

    def _wake(self, seen: Dossier, now: datetime) -> None:
        """One message brings it back, however many facts failed; sent before it is noted, so that it is never lost."""
        marks = seen.progress(AGAIN).marks
        if marks and datetime.fromisoformat(marks["at"]) > now:
            return
        tries = int(marks.get("tries", "0"))
        wait_s = WAITS_S[min(tries, len(WAITS_S) - 1)]
        self.again(seen.incident.number, wait_s)
        at = now + timedelta(seconds=wait_s)
        self.notices.note(seen.incident.number, AGAIN, {"at": at.isoformat(), "tries": str(tries + 1)})


def standing_of(failed: Undelivered) -> tuple[str, str]:
    """Under which kind and name the pages say it: the person's, the channel's, the token's, or Slack's own."""
    if failed.error in TOKEN_OVER:
        return OVER, SLACKS_TOKEN
    if failed.error in PERSON_WORDS and failed.person:
        return "person", failed.person
    return ("channel", "channel") if failed.error in CHANNEL_WORDS and not failed.person else ("slack", SLACK)


def _why(notice: str) -> str:
    if notice == OWNER:
        return "owner"
    return "told" if notice.startswith(BESIDE) else "question"
