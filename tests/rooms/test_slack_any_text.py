"""Claims about any text of any script: it is answered, nothing raises, and Slack takes every answer."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.adapters.slack.vocabulary import FLAGS, NAMES
from deadair.domain.ownership import Person
from infra.local.slack.workspace import Draft, check_draft
from tests.rooms.slack_rooms import Neighbours, SlackRoom

pytestmark = pytest.mark.stack
OWNER = Person("Ann Y. Text", "", "U0TEXT")
ODD = ("<!channel>", "<@U0BEN|ben>", "&lt;b&gt;", "“", "—at", "{0}", "{id}", "%s", "`", "*", "\u202e", "\0", "🔥", "--")
WORDS = (
    "me",
    "2",
    "42",
    "last",
    "30m",
    "until 14:00",
    "10:42",
    "10m ago",
    "into 7",
    "started",
    "auth",
    "publish",
    "all",
)
SCRIPTS = st.text(st.characters(codec="utf-8"), max_size=60)
PARTS = st.lists(SCRIPTS | st.sampled_from([*ODD, *WORDS, "https://a.example/x?y=z"]), max_size=4)
VERBS = st.sampled_from([*NAMES, ""]) | SCRIPTS
REFS = st.sampled_from(["{mine}", "INC-{mine}", "", "999999999", "#0"])
FLAGGED = st.lists(st.builds("--{} {}".format, st.sampled_from([*FLAGS, "nothing"]), SCRIPTS), max_size=2)


@st.composite
def typed(draw: st.DrawFn) -> str:
    """What somebody types: mostly a verb, an incident, words and flags, each of which may be anything."""
    longer = draw(st.sampled_from([1, 1, 1, 60]))
    return " ".join([draw(VERBS), draw(REFS), *draw(PARTS) * longer, *draw(FLAGGED)])[:3000]


@given(text=typed())
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered_within_slacks_limits(room: SlackRoom, mine: int, text: str) -> None:
    response = room.command(text.replace("{mine}", str(mine)), OWNER)

    assert response["statusCode"] == 200
    body = json.loads(response["body"])
    assert body["text"].strip()
    check_draft(Draft(body["text"], body.get("blocks"), None, None), 4000)


@pytest.fixture(scope="module")
def mine(neighbours: Neighbours) -> int:
    """The number of the only incident of whoever types."""
    return neighbours.add(owner=OWNER, integration="any-text").number
