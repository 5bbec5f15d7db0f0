"""Who somebody in Slack is: what is kept of them, else what Slack says.

Knows how long an answer holds, and that a Slack or a table which does not answer costs nobody their command: then what
was known before counts. Refuses to know the registry.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.slack.members import Member
from deadair.domain.errors import Unavailable

if TYPE_CHECKING:
    from deadair.adapters.slack.client import SlackClient

logger = logging.getLogger(__name__)

# Whoever was deactivated is found so within this time of their next step.
FRESH = timedelta(minutes=10)
# A Slack that did not answer is not asked again by this process for so long.
QUIET = timedelta(seconds=30)

# Slack's client, made when it is needed: importing it takes longer than most commands.
Slack = Callable[[], "SlackClient"]


def know_member(store: MemberStore, slack: Slack, slack_id: str, now: datetime) -> Member | None:
    """The member with that id, `unknown` where Slack knows none; None: nobody could say."""
    kept = _kept(store, slack_id, now)
    if is_fresh(kept, now) or not slack_id:
        return kept
    return _asked(store, slack_id, now, lambda: slack().member(slack_id)) or kept


def know_member_by_email(store: MemberStore, slack: Slack, email: str, now: datetime) -> Member | None:
    """The member with that address, `unknown` where Slack knows no active one; None: nobody could say.

    Whose id is known is asked for by it: Slack's look-up by address does not find whoever was deactivated.
    """
    kept = _kept(store, email, now)
    if is_fresh(kept, now) or not email:
        return kept
    known = kept.slack_id if kept else ""
    return _asked(store, email, now, lambda: _by_id_or_email(slack(), known, email)) or kept


def is_fresh(member: Member | None, now: datetime) -> bool:
    """Whether what Slack said still holds."""
    return member is not None and member.asked_at is not None and now - member.asked_at < FRESH


def _kept(store: MemberStore, who: str, now: datetime) -> Member | None:
    seen = store.remembered(who)
    if is_fresh(seen, now) or not who:
        return seen
    try:
        return store.get(who) or seen
    except (BotoCoreError, ClientError):
        logger.warning("what is kept of a member cannot be read", exc_info=True)
        return seen


def _by_id_or_email(slack: "SlackClient", slack_id: str, email: str) -> Member | None:
    found = slack.member(slack_id) if slack_id else None
    return found or slack.member_by_email(email)


def _asked(store: MemberStore, who: str, now: datetime, ask: Callable[[], Member | None]) -> Member | None:
    """What Slack says now; None when it does not answer."""
    if store.quiet_until is not None and now < store.quiet_until:
        return None
    try:
        found = ask() or _nobody(who)
    except Unavailable as failed:
        store.quiet_until = now + QUIET
        logger.warning("Slack does not say who somebody is", extra={"why": str(failed)})
        return None
    member = replace(found, asked_at=now)
    try:
        store.put(member, now, who)
    except (BotoCoreError, ClientError):
        logger.warning("what Slack said of a member cannot be kept", exc_info=True)
    return member


def _nobody(who: str) -> Member:
    by_email = "@" in who
    slack_id, email = ("", who) if by_email else (who, "")
    return Member(slack_id, "", email, deactivated=True, unknown=True)
