"""Somebody corrects when something happened: when it started, was detected, acknowledged, mitigated, resolved.

Knows that the correction is told on the timeline, the old time beside the new one. What was recorded stays.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import instant
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.milestones import with_milestone
from deadair.domain.stages import Milestone
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import allowed, entry_of, with_data, within

LIMIT = 1000


def set_milestone(  # noqa: PLR0917 - what is said of whom, in the order in which it is said
    store: IncidentStore,
    number: int,
    actor: Actor,
    milestone: Milestone,
    at: datetime,
    reason: str,
    *,
    now: datetime,
) -> Incident:
    """Set one of the five milestones to `at` (aware). Setting what is so already changes nothing.

    Returns the new state; raises NotFound, Invalid, IllegalTransition or Stale, and then nothing changed.
    """
    why = within(reason, LIMIT, what="reason", field="reason")
    if not why:
        raise Invalid("A correction needs its reason.", field="reason", remedy="Say in a few words how you know.")
    before = store.get(number)
    changed, was = with_milestone(before, milestone, at, now=now), before.when(milestone)
    actor = allowed(before, actor)
    if was == at:
        return before
    after = replace(changed, version=before.version + 1, touched_at=now)
    entry = entry_of(after, actor, Fact.MILESTONE_SET, _text(milestone, was, at, why), now=now)
    told = {"milestone": milestone.value, "was": instant(was) or "", "at": instant(at) or ""}
    return store.save(before, after, with_data(entry, **{name: text for name, text in told.items() if text}))


def _text(milestone: Milestone, was: datetime | None, at: datetime, why: str) -> str:
    old = f"{was:%Y-%m-%d %H:%M:%S}" if was else "no time"
    return f"{milestone.value.capitalize()}: {old} → {at:%Y-%m-%d %H:%M:%S} UTC. {why}"
