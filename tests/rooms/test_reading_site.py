"""Claims about the pages on which postmortems are read: versions, what changed, drafts, what is merged."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import incident_item
from deadair.adapters.s3.documents import DocumentStore, as_stored
from deadair.domain.alarm import Signal
from deadair.domain.document import Document
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS
from deadair.usecases.actions.add_action import add_action
from infra.target import Target
from tests.builders import an_actor
from tests.rooms import web_site
from tests.rooms.web_room import read, web
from tests.rooms.web_site import NOW, believable
from web import addresses
from web.reading_room import LOOK_AGAIN_S, ReadingRoom
from web.surroundings import Surroundings

__all__ = ["web"]
TEXT = """# Amended

It was late.

## What broke?

The token was {word}.

## Timeline

- 2026-11-20 10:42 UTC · Ana Lima: {line}
"""


@pytest.fixture(scope="module")
def doc_id(stack: Target, web: Surroundings) -> str:
    """A document of three versions, the last of which only brings facts up to date."""
    shelf = DocumentStore(stack.client("s3"), web.settings.knowledge_bucket)
    for number, (why, word, line) in enumerate(
        [("published", "old", "Rotated it."), ("amended", "expired", "Rotated it."), ("facts", "expired", "Rotated.")],
        1,
    ):
        markdown = TEXT.format(word=word, line=line)
        made = Document(id="INC-7", title="Amended", date=NOW - timedelta(days=9), version=number, body=markdown)
        told = {"markdown": markdown, "html": "", "why": why, "published_by": "Ana Lima", "reviewed_by": "Jürgen Weiß"}
        shelf.write(as_stored(made) | told | {"published_at": (NOW - timedelta(days=9 - number)).isoformat()})
    return "INC-7"


def test_the_five_questions_have_lasting_anchors_and_every_heading_a_link(web: Surroundings) -> None:
    body = read(web, "/postmortems/INC-39")["body"]

    for key in QUESTIONS:
        assert f'<h2 id="{key}"' in body
        assert f'href="#{key}"' in body
    assert 'rel="alternate" type="text/markdown" href="/postmortems/INC-39.md"' in body


def test_a_page_is_made_from_the_very_text_that_its_markdown_has(web: Surroundings, doc_id: str) -> None:
    page, text = (read(web, f"/postmortems/{doc_id}{ending}")["body"] for ending in ("", ".md"))

    assert "The token was expired." in page
    assert text == TEXT.format(word="expired", line="Rotated.")
    assert json.loads(read(web, f"/postmortems/{doc_id}.json")["body"])["version"] == 3


def test_every_version_can_be_read_for_ever(web: Surroundings, doc_id: str) -> None:
    old = read(web, f"/postmortems/{doc_id}/v/1")["body"]

    assert "The token was old." in old
    assert f'There is a later one: <a href="/postmortems/{doc_id}">version 3</a>' in old
    assert "was old" in read(web, f"/postmortems/{doc_id}/v/1.md")["body"]
    assert json.loads(read(web, f"/postmortems/{doc_id}/v/2.json")["body"])["why"] == "amended"


@pytest.mark.parametrize(
    "beneath", ["v/0", "v/4", "v/x", "v/1/2", "v/", "changes?from=0", "changes?to=9", "changes?to=٣"]
)
def test_a_version_that_never_was_is_a_calm_404(web: Surroundings, doc_id: str, beneath: str) -> None:
    assert read(web, f"/postmortems/{doc_id}/{beneath}")["statusCode"] == 404


def test_what_changed_is_shown_word_by_word_and_said_to_who_cannot_see_it(web: Surroundings, doc_id: str) -> None:
    body = read(web, f"/postmortems/{doc_id}/changes?from=1&to=2")["body"]

    assert '<del><span class="hidden">removed: </span>old<span class="hidden"> :end of removal</span></del>' in body
    assert '<ins><span class="hidden">added: </span>expired' in body
    assert "Made by Deadair" not in body


def test_a_refresh_of_facts_says_that_a_machine_made_it(web: Surroundings, doc_id: str) -> None:
    body = read(web, f"/postmortems/{doc_id}/changes")["body"]

    assert "Nobody's words were touched." in body
    assert body.count("facts only") == 1


def test_a_document_with_one_version_says_what_will_stand_there(web: Surroundings) -> None:
    assert "There is one version so far" in read(web, "/postmortems/INC-39/changes")["body"]


def test_an_old_id_of_any_text_has_versions_too(web: Surroundings) -> None:
    address = addresses.postmortem("2023/04 marketo: limits?")

    assert "80,000 leads" in read(web, f"{address}/v/1")["body"]
    assert read(web, f"{address}/changes")["statusCode"] == 200


def test_a_draft_can_be_read_and_says_what_is_missing_and_where_to_go_on(web: Surroundings) -> None:
    answer = read(web, "/postmortems/INC-41")

    assert answer["statusCode"] == 200
    assert "Nobody finds it by search until it is published." in answer["body"]
    assert "A SEV2 is published once somebody who did not write it has approved it" in answer["body"]
    assert answer["body"].count("Not answered yet.") == 3
    assert "3 questions have no answer" in answer["body"]
    assert 'href="/incidents/INC-41/postmortem"' in answer["body"]
    assert read(web, "/postmortems/INC-41.md")["body"].startswith("---")
    assert json.loads(read(web, "/postmortems/INC-41.json")["body"])["status"] == "draft"


@pytest.fixture
def merged(web: Surroundings) -> Iterator[Incident]:
    made = replace(believable(8, "web-form-marketo", "Web forms → Marketo", NOW, Signal.SILENCE), merged_into=39)
    web.incidents.client.put_item(TableName=web.incidents.table, Item=incident_item(made))
    yield made
    web_site.fill_incidents(web.incidents)


def test_the_postmortem_of_a_merged_incident_is_where_it_goes_on(web: Surroundings, merged: Incident) -> None:
    answer = read(web, f"/postmortems/{merged.id}")

    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "/postmortems/INC-39")


def test_an_incident_without_a_postmortem_is_a_404(web: Surroundings) -> None:
    assert read(web, "/postmortems/INC-43")["statusCode"] == 404


def test_a_postmortem_leads_to_the_next_newer_and_the_next_older_one(web: Surroundings) -> None:
    first = read(web, "/postmortems/INC-39")["body"]
    older = addresses.postmortem("2023/04 marketo: limits?")

    assert 'rel="prev"' not in first
    assert f'rel="next" href="{older}"' in first
    assert 'rel="prev" href="/postmortems/INC-39"' in read(web, older)["body"]


def test_action_items_are_shown_as_they_are_now_and_in_an_old_version_as_they_were(
    web: Surroundings, doc_id: str
) -> None:
    at = NOW - timedelta(days=40)
    add_action(web.incidents, 39, an_actor(), "Watch the <i>seat</i>", due_on=at.date(), now=at)
    body = read(web, "/postmortems/INC-39")["body"]

    assert "Watch the &lt;i&gt;seat&lt;/i&gt;" in body
    assert '<span class="overdue">overdue</span>' in body
    assert "Watch the" not in read(web, f"/postmortems/{doc_id}")["body"]


def test_home_says_what_is_to_be_done_and_what_happened_lately(web: Surroundings) -> None:
    body = read(replace(web), "/")["body"]

    assert "is overdue" in body
    assert 'href="/incidents/INC-39#actions"' in body
    assert "INC-41" in body.partition('id="happened"')[2]


class Counted:
    """Documents that count how often they are asked, and can fall silent."""

    def __init__(self, documents: DocumentStore) -> None:
        self.documents, self.silent = documents, False
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def ask(*given: Any) -> Any:
            self.asked.append(name)
            if self.silent:
                from deadair.domain.errors import Unavailable

                raise Unavailable("S3 is silent")
            return getattr(self.documents, name)(*given)

        return ask


def test_a_version_is_fetched_once_and_only_its_pointer_is_looked_at_again(web: Surroundings, doc_id: str) -> None:
    documents, now = Counted(web.documents), [0.0]
    room = ReadingRoom(documents, lambda: now[0])  # type: ignore[arg-type]
    first = room.current(doc_id)
    now[0] += LOOK_AGAIN_S

    assert room.current(doc_id) is first
    assert documents.asked == ["pointer", "version", "pointer"]


def test_a_document_that_was_read_before_is_read_again_while_the_bucket_is_silent(
    web: Surroundings, doc_id: str
) -> None:
    documents, now = Counted(web.documents), [0.0]
    room = ReadingRoom(documents, lambda: now[0])  # type: ignore[arg-type]
    room.current(doc_id)
    documents.silent, now[0] = True, 100.0

    assert room.current(doc_id).version == 3


def test_dates_narrow_a_search_by_its_address_and_stay_in_its_form(web: Surroundings) -> None:
    body = read(web, "/postmortems?since=2026-01-01&until=2026-12-31")["body"]

    assert '<input type="date" name="since" value="2026-01-01">' in body
    assert '<span class="chip-name">Until</span> 2026-12-31' in body
    assert "INC-39" in body


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-99-99", "consent=perhaps"])
def test_a_filter_that_cannot_be_is_said_and_takes_no_other_away(web: Surroundings, query: str) -> None:
    answer = read(web, f"/postmortems?q=token&severity=SEV2&{query}")

    assert answer["statusCode"] == 422
    assert 'role="alert"' in answer["body"]
    assert 'value="token"' in answer["body"]
    assert "SEV2" in answer["body"]
