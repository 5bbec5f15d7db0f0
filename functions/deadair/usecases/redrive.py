"""A dead letter goes through the line once more, after whatever it failed at was mended.

Knows the order that loses nothing: claim, send, say so. Whoever dies in between leaves a letter that may be sent again
after a while; what was sent twice takes effect once, by the transition's own key. Every
member may, under their name: it only repeats what came in. Refuses to know why it failed.
"""

from datetime import datetime

from deadair.adapters.dynamodb.letters import LetterStore
from deadair.adapters.sqs.redriving import IntakeQueue
from deadair.domain.errors import Stale
from deadair.domain.letter import Letter

# As many as one request can send in good time; who has more presses again.
AT_ONCE = 200
# So far back letters of a reason are looked for: somebody waits for the answer.
PAGE, PAGES_READ = 100, 50


def redrive(letters: LetterStore, queue: IntakeQueue, message_id: str, by: str, *, now: datetime) -> Letter:
    """Send one letter, unless it is on its way already. Returns it as it is then. Raises NotFound or Unavailable."""
    letter = letters.get(message_id)
    if not letter.may_go(now):
        return letter
    try:
        claimed = letters.claim(letter, by, now)
    except Stale:
        return letters.get(message_id)
    return letters.sent(claimed, queue.send(claimed))


def redrive_all(
    letters: LetterStore, queue: IntakeQueue, by: str, *, reason: str, now: datetime, at_once: int = AT_ONCE
) -> list[Letter]:
    """Send the waiting letters of one reason (an empty one: of all), at most `at_once`. Returns those that went.

    What fails again meanwhile waits for the next time.
    """
    gone: list[Letter] = []
    for letter in _waiting(letters, reason, now):
        if len(gone) >= at_once:
            break
        after = redrive(letters, queue, letter.message_id, by, now=now)
        if after.redriven_at == now and after.redriven_by == by:
            gone.append(after)
    return gone


def _waiting(letters: LetterStore, reason: str, now: datetime) -> list[Letter]:
    """What may be sent now, read before the first goes: a letter that fails again must not be met twice."""
    found: list[Letter] = []
    cursor = ""
    for _ in range(PAGES_READ):
        page = letters.waiting(PAGE, cursor)
        found += [one for one in page.items if reason in {"", one.reason} and one.may_go(now)]
        cursor = page.next
        if not cursor or len(found) >= AT_ONCE:
            break
    return found
