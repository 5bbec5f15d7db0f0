"""What lives only a while: response addresses, triggers; and what never runs backwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.slack.people import BOT_USER_ID, person_from
from infra.local.slack.refusals import Refusal
from infra.local.slack.store import Store
from infra.local.slack.views import Views
from infra.local.slack.workspace import Draft, Workspace

VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Note"}, "blocks": []}


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time that it shows."""
        return self.now


@pytest.fixture
def hands() -> Hands:
    """Give a clock."""
    return Hands()


@pytest.fixture
def workspace(tmp_path: Path, hands: Hands) -> Iterator[Workspace]:
    """Give a workspace with Ana in it."""
    # From 3.13 on, Python warns of a database that nobody closes.
    with closing(Store(tmp_path / "slack.sqlite")) as store:
        made = Workspace(store, hands)
        made.add_person(person_from({"id": "U0ANA", "name": "Ana Lima", "email": "ana.lima@example.com"}))
        yield made


def test_a_response_address_takes_five_answers(workspace: Workspace) -> None:
    """The sixth is refused."""
    hook = workspace.hook("U0ANA", workspace.channel("incidents"))
    for _ in range(5):
        workspace.spend_hook(hook.id)
    with pytest.raises(Refusal, match="used_url"):
        workspace.spend_hook(hook.id)


def test_a_response_address_lives_thirty_minutes(workspace: Workspace, hands: Hands) -> None:
    """A minute later it is dead."""
    hook = workspace.hook("U0ANA", workspace.channel("incidents"))
    hands.now += timedelta(minutes=30)
    workspace.spend_hook(hook.id)
    hands.now += timedelta(minutes=1)
    with pytest.raises(Refusal, match="expired_url"):
        workspace.spend_hook(hook.id)


def test_a_trigger_opens_one_modal_within_three_seconds(workspace: Workspace, hands: Hands) -> None:
    """Used twice, too late or made up: each has its own error."""
    views = Views(workspace)
    trigger, late = views.trigger("U0ANA"), views.trigger("U0ANA")
    views.open(trigger, VIEW)
    with pytest.raises(Refusal, match="exchanged_trigger_id"):
        views.open(trigger, VIEW)
    hands.now += timedelta(seconds=4)
    with pytest.raises(Refusal, match="expired_trigger_id"):
        views.open(late, VIEW)
    with pytest.raises(Refusal, match="invalid_trigger_id"):
        views.open("1.2.x", VIEW)


def test_no_two_messages_share_a_ts_even_when_the_clock_goes_back(workspace: Workspace, hands: Hands) -> None:
    """A ts is the identity of a message in its channel."""
    first = workspace.post(workspace.channel("incidents"), BOT_USER_ID, Draft("one"))
    hands.now -= timedelta(hours=1)
    second = workspace.post(workspace.channel("incidents"), BOT_USER_ID, Draft("two"))
    assert second.ts > first.ts


def test_an_ephemeral_message_is_seen_by_one_person(workspace: Workspace) -> None:
    """Nobody else finds it, and it can only be dismissed or replaced by its response address."""
    channel = workspace.channel("incidents")
    message = workspace.post(channel, BOT_USER_ID, Draft("psst"), ephemeral_to="U0ANA")
    assert workspace.store.messages(channel.id, seen_by="U0ANA", limit=9) == [message]
    assert workspace.store.messages(channel.id, seen_by="U0BEN", limit=9) == []
    with pytest.raises(Refusal, match="message_not_found"):
        workspace.app_message(channel, message.ts)
