"""The thread under a card: what the timeline has and the thread lacks, in one message, each line once.

Knows how a message is found whose maker died or whose answer was lost: by its place in the thread, with the lines that
it took along. Refuses to be loud: nothing of it goes to the channel, and it mentions nobody.
"""

from dataclasses import dataclass

from deadair.adapters.dynamodb.dossiers import Dossier
from deadair.adapters.dynamodb.notices import Progress
from deadair.adapters.slack.client import SlackFailed
from deadair.adapters.slack.thread import News, thread_message
from deadair.domain.errors import Unavailable
from notifier.bringing import FIRST_VERSION, Bringer, version_of
from notifier.drawing import Marks
from notifier.news import Told, speaks, state_of, turn_of, untold

CARD, THREAD = "card", "thread"
# Slack's words for: there is nothing to stand under.
NO_CARD = frozenset({"thread_not_found", "message_not_found", "cannot_reply_to_message"})


@dataclass(frozen=True, slots=True)
class Thread:
    """Brings the thread of an incident's card in `channel`."""

    bringer: Bringer
    channel: str

    def bring(self, seen: Dossier) -> None:
        """Say what is new since the last line. Without a card there is nothing to stand under."""
        told = seen.progress(THREAD)
        # Of one that an alarm has just opened, the card says all.
        begun = version_of(seen) > FIRST_VERSION or seen.incident.by_hand is not None
        new = begun and state_of(seen) != told.marks.get("state")
        if not (new or told.unfinished or told.undelivered) or not self._card(seen):
            return
        self.bringer.pen.draw(seen.incident.number, THREAD, version_of(seen), told, lambda b: self._made(seen, b))

    def _card(self, seen: Dossier) -> str:
        """Its ts. A card of this very delivery is younger than what was read before."""
        known = seen.progress(CARD).marks.get("ts", "")
        return known or self.bringer.pen.notices.progress(seen.incident.number, CARD).marks.get("ts", "")

    def _made(self, seen: Dossier, before: Progress) -> tuple[int, Marks]:
        now = self.bringer.read(seen.incident.number)
        card = now.progress(CARD).marks.get("ts", "")
        if not card:
            raise Unavailable(f"{now.incident.id} has no card.")
        entries = self.bringer.store.entries(now.incident.number)
        marks = _under(card, before.marks)
        if before.unfinished:
            marks = self._with_lost(now, marks)
        while True:
            news, after = untold(entries, Told.from_marks(marks))
            if not speaks(news, now.incident, turned=marks.get("turn", "") != turn_of(now.incident)):
                break
            marks = self._told(now, news, after, marks)
        if before.undelivered is not None:
            self.bringer.standby.delivered(before.undelivered)
        return version_of(now), marks | {"state": state_of(now)}

    def _told(self, now: Dossier, news: News, after: Told, marks: Marks) -> Marks:
        told = {"version": str(version_of(now)), "turn": turn_of(now.incident)}
        payload = _wanted(now, marks) | told | after.marks
        message = thread_message(now.incident, news, self.bringer.links)
        try:
            ts = self.bringer.slack.post(self.channel, message, payload, thread=marks["card"])
        except SlackFailed as failed:
            if failed.error in NO_CARD:
                # The next delivery puts up another card.
                self.bringer.pen.notices.note(now.incident.number, CARD, {})
            raise
        return _taken(marks, payload, ts)

    def _with_lost(self, now: Dossier, marks: Marks) -> Marks:
        """With the messages that are there and that nobody wrote down."""
        while True:
            wanted = _wanted(now, marks)
            ts, payload = self.bringer.slack.find_reply(self.channel, marks["card"], wanted, marks["last"])
            if not ts:
                return marks
            marks = _taken(marks, payload, ts)


def _wanted(now: Dossier, marks: Marks) -> dict[str, str]:
    """By what the next message of the thread is found."""
    place = str(int(marks["place"]) + 1)
    return {"incident": now.incident.id, "notice": THREAD, "card": marks["card"], "place": place}


def _under(card: str, marks: Marks) -> Marks:
    """The marks under this card: what was said under another one is not said again."""
    return marks if marks.get("card") == card else marks | {"card": card, "last": card, "place": "0"}


def _taken(marks: Marks, payload: dict[str, str], ts: str) -> Marks:
    """The marks with a message that stands there."""
    told = Told.from_marks(marks).with_(Told.from_marks(payload))
    return marks | told.marks | {"last": ts, "place": payload["place"], "turn": payload["turn"]}
