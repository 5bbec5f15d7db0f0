"""Claims about `/incident search` on a real index: what is found, what narrows it, and what to try when nothing is."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from deadair.adapters.slack.grammar import parse
from deadair.adapters.slack.links import Links
from deadair.domain.document import Document
from deadair.domain.errors import Invalid
from infra.target import Target
from slack_commands.context import Context, Reply
from slack_commands.verbs import search
from tests.builders import NOON, an_actor
from tests.rooms.knowledge import Shelf

pytestmark = pytest.mark.stack
NOBODY: Any = None
Say = Callable[[str], Reply]


@pytest.fixture(scope="module")
def say(stack: Target, tmp_path_factory: pytest.TempPathFactory) -> Say:
    """The verb, with eight postmortems to search."""
    shelf = Shelf(stack)
    shelf.publisher().publish([a_document(n) for n in range(1, 9)], now=NOON)
    index = shelf.index(tmp_path_factory.mktemp("index"))
    context = Context(
        store=NOBODY,
        registry=NOBODY,
        directory=NOBODY,
        knowledge=lambda: index,
        links=Links("https://deadair.example"),
        actor=an_actor(),
        command=parse("search"),
        now=NOON,
        zone_of=lambda: UTC,
    )
    return lambda text: search.run(replace(context, command=parse(f"search {text}")))


def a_document(number: int) -> Document:
    told: dict[str, Any] = {"failure_class": "auth", "owner": "Ana Lima"} if number > 2 else {"failure_class": "schema"}
    return Document(
        id=f"INC-{number}",
        title=f"HubSpot <!here> token {number}",
        date=NOON - timedelta(days=number),
        body="The refresh token was revoked & nobody saw it.",
        fix="Rotated the *token*",
        integration="hubspot-salesforce",
        severity="SEV2",
        **told,
    )


def shown(reply: Reply) -> str:
    return json.dumps([reply.text, reply.blocks], ensure_ascii=False)


def presses(reply: Reply) -> list[str]:
    return [one["value"] for block in reply.blocks if block["type"] == "actions" for one in block["elements"]]


def test_the_best_five_come_with_fix_snippet_and_a_button_for_the_rest(say: Say) -> None:
    found = say("refresh token")

    assert "*8 postmortems for “refresh token”*" in found.text
    assert found.text.count("*Fix:* Rotated the *token*") == 5
    assert "*refresh* *token* was revoked &amp; nobody" in found.text
    assert presses(found) == ["search refresh token page:2"]


def test_the_button_leads_to_the_rest_and_there_is_none_after_it(say: Say) -> None:
    rest = say("refresh token page:2")

    assert (rest.text.count("*Fix:*"), presses(rest)) == (3, [])


def test_a_corrected_word_is_said(say: Say) -> None:
    assert "searched for “refresh token”" in say("refresh tokne").text


def test_filters_narrow_it_and_a_name_need_not_be_whole(say: Say) -> None:
    found = say("token class:auth owner:ana")

    assert "*6 postmortems for “token”*" in found.text
    assert "Only failure_class auth, owner Ana Lima" in found.text
    assert "q=token&failure_class=auth&owner=Ana+Lima" in shown(found)


def test_filters_alone_show_the_newest(say: Say) -> None:
    assert "*2 postmortems for “everything”*" in say("class:schema").text


def test_when_nothing_is_found_it_says_what_to_try(say: Say) -> None:
    found = say("token owner:zoe").text

    assert "No postmortem found" in found
    assert "owner may be: Ana Lima" in found
    assert "`/incident search token`" in found


def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(say: Say) -> None:
    with pytest.raises(Invalid, match="is no day"):
        say("token since:yesterday")


def test_text_of_documents_calls_nobody(say: Say) -> None:
    assert "<!here>" not in shown(say("token"))
