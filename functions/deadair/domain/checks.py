"""The first checks of each failure class, in the order in which they find most causes soonest.

Knows the words that people read beside a box to tick; they are said here and nowhere else. Refuses to know who ticked.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from deadair.domain.errors import Invalid
from deadair.domain.severity import FailureClass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `id` never changes once published: ticks are kept under it."""

    id: str
    text: str


CHECKS: dict[FailureClass, tuple[Check, ...]] = {
    FailureClass.AUTH: (
        Check("auth.credential", "Try the credential by hand: is it still valid?"),
        Check("auth.user", "Look at the connecting user: active, same seat, same permissions?"),
        Check("auth.refresh", "When was the token last refreshed?"),
        Check("auth.period", "Is the period after which it must be authorised again over?"),
    ),
    FailureClass.RATE_LIMIT: (
        Check("rate_limit.usage", "Open the vendor's usage page: which limit is used up?"),
        Check("rate_limit.new", "What is new: a bulk import, an automation that loops, a sync of everything?"),
        Check("rate_limit.critical", "Do opt-outs and triggers still get through? If not, pause the bulk work."),
    ),
    FailureClass.VENDOR_ERROR: (
        Check("vendor_error.status", "Open the vendor's status page. Green proves nothing."),
        Check("vendor_error.where", "One region, one endpoint, or all of it?"),
        Check("vendor_error.since", "Since when? Compare with the first error in the logs."),
    ),
    FailureClass.EMPTY_SUCCESS: (
        Check("empty_success.counts", "Compare the counts of both sides: sent, and received."),
        Check("empty_success.endpoint", "Is an old endpoint still answering?"),
        Check("empty_success.discarded", "Is the payload taken and then thrown away?"),
    ),
    FailureClass.VERSION: (
        Check("version.changelog", "Read the vendor's changelog from the day it began."),
        Check("version.pinned", "Which version do we ask for, and which one answers?"),
        Check("version.end", "Was an end date announced, and has it come?"),
    ),
    FailureClass.SCHEMA: (
        Check("schema.record", "Take one test record: what was sent, what arrived?"),
        Check("schema.mapping", "Look at the field mapping: what changed on either side since it last worked?"),
        Check("schema.rejects", "Read one rejected record: which field, which format?"),
    ),
    FailureClass.WEBHOOK: (
        Check("webhook.subscription", "Is the subscription still active at the sender?"),
        Check("webhook.secret", "Was the signing secret changed on one side only?"),
        Check("webhook.reachable", "Can the sender reach the address, and does it answer in time?"),
        Check("webhook.order", "Are duplicates and late events taken without harm?"),
    ),
    FailureClass.SILENCE: (
        Check("silence.which", "Is the sender quiet, or the receiver deaf? Count on both sides."),
        Check("silence.schedule", "Did the schedule or the trigger run at all?"),
        Check("silence.hours", "Is it a holiday, a quiet hour, a campaign that ended?"),
    ),
    FailureClass.LATENCY: (
        Check("latency.backlog", "How long is the backlog, and does it grow?"),
        Check("latency.limits", "Is a rate limit slowing it down?"),
        Check("latency.vendor", "Is the vendor slow? Time one call by hand."),
    ),
    FailureClass.UNKNOWN: (
        Check("unknown.codes", "What do the status codes in the logs say?"),
        Check("unknown.credentials", "Are the credentials good?"),
        Check("unknown.limit", "Is a limit hit?"),
        Check("unknown.version", "Then: did a version or a field change?"),
    ),
}
KNOWN = {check.id: check for checks in CHECKS.values() for check in checks}


def checks_of(*classes: FailureClass | None) -> tuple[Check, ...]:
    """The checks of these classes, one class after the other, none twice; nothing known: the fastest questions."""
    found = {each for each in classes if each} - {FailureClass.UNKNOWN}
    return tuple(dict.fromkeys(_each(each for each in classes if each in found))) or CHECKS[FailureClass.UNKNOWN]


def the_check(id_: str) -> Check:
    """A check by its id. Raises Invalid."""
    if id_ not in KNOWN:
        raise Invalid("There is no such check.", field="check", remedy="Choose one of the list.")
    return KNOWN[id_]


def _each(classes: Iterable[FailureClass]) -> Iterable[Check]:
    for each in classes:
        yield from CHECKS[each]
