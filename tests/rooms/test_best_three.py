"""Claims about what is shown of the past at an opening: the nearest with a fix, and never a card that waits for it."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.slack.links import Links
from deadair.domain.diagnosed import Confidence, Diagnosed
from deadair.domain.document import Document
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass
from deadair.usecases.best_three import best_three
from infra.target import Target
from notifier.remembering import Remembering
from tests.builders import NOON, an_incident
from tests.rooms.knowledge import CutOff, Shelf

pytestmark = pytest.mark.stack
LINKS = Links("https://deadair.example")


def written(doc: str, days_ago: float, **more: Any) -> Document:
    told = {"title": doc, "integration": "hubspot-salesforce", "failure_class": "auth", "fix": f"fix of {doc}"} | more
    return Document(id=doc, date=NOON - timedelta(days=days_ago), body=told.pop("body", "words"), **told)


def broke(failure_class: FailureClass = FailureClass.AUTH) -> Incident:
    return an_incident(cause=failure_class)


@pytest.fixture
def shelf(stack: Target) -> Shelf:
    return Shelf(stack)


def best(shelf: Shelf, cache: Path, *documents: Document, incident: Incident | None = None, **more: Any) -> list[str]:
    shelf.publisher().publish(documents, now=NOON)
    return [hit.id for hit in best_three(shelf.index(cache), incident or broke(), **more)]


def test_the_same_integration_and_class_comes_first_and_the_newest_of_it(shelf: Shelf, tmp_path: Path) -> None:
    found = best(
        shelf,
        tmp_path,
        written("INC-1", 300),
        written("INC-2", 20),
        written("INC-3", 1, integration="web-form-marketo"),
        written("INC-4", 2, failure_class="schema"),
        written("INC-5", 100),
    )

    assert found == ["INC-2", "INC-5", "INC-1"]


def test_then_the_same_class_elsewhere_that_is_most_like_it_then_the_integration(shelf: Shelf, tmp_path: Path) -> None:
    elsewhere = {"integration": "zoom-marketo"}
    found = best(
        shelf,
        tmp_path,
        written("INC-1", 300),
        written("INC-2", 2, **elsewhere, body="The certificate of the proxy was replaced."),
        written("INC-3", 90, **elsewhere, body="invalid_grant: the refresh token was revoked by an admin"),
        written("INC-4", 1, failure_class="schema"),
        diagnosed=Diagnosed(
            failure_class=FailureClass.AUTH,
            confidence=Confidence.HIGH,
            evidence=("the logs say invalid_grant: refresh token revoked",),
        ),
    )

    assert found == ["INC-1", "INC-3", "INC-2"]


def test_only_those_with_a_fix_and_never_itself(shelf: Shelf, tmp_path: Path) -> None:
    assert best(shelf, tmp_path, written("INC-42", 0), written("INC-7", 9, fix=" "), written("INC-8", 90)) == ["INC-8"]


def test_before_anybody_knows_what_broke_the_integrations_own_are_shown(shelf: Shelf, tmp_path: Path) -> None:
    documents = [written("INC-1", 9, failure_class="schema"), written("INC-2", 1, integration="zoom-marketo")]

    assert best(shelf, tmp_path, *documents, incident=broke(FailureClass.UNKNOWN)) == ["INC-1"]


class Slow(KnowledgeIndex):
    """An index whose bucket takes its time."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.answers, self.asked = Event(), 0

    def related(self, **asked: Any) -> Any:
        self.asked += 1
        self.answers.wait(20)
        return super().related(**asked)


@pytest.fixture
def slow(shelf: Shelf, tmp_path: Path) -> Iterator[Slow]:
    shelf.publisher().publish([written("INC-7", 21)], now=NOON)
    index = Slow(shelf.s3, shelf.bucket, str(tmp_path))
    yield index
    index.answers.set()


def test_a_card_waits_for_no_bucket_and_asks_once_while_it_is_slow(slow: Slow) -> None:
    past, began = Remembering(slow, LINKS, patience_s=0.05), time.monotonic()

    assert [past.of(broke(), None, afresh=True) for _ in range(3)] == [(), (), ()]
    assert (slow.asked, time.monotonic() - began < 2) == (1, True)


def test_the_next_drawing_has_what_the_first_did_not_wait_for(slow: Slow) -> None:
    past = Remembering(slow, LINKS, patience_s=0.05)
    past.of(broke(), None, afresh=True)

    slow.answers.set()
    (found,) = _soon(past)

    assert (found.id, found.fix, found.where) == ("INC-7", "fix of INC-7", "")
    assert found.url == "https://deadair.example/postmortems/INC-7"


def _soon(past: Remembering) -> Any:
    for _ in range(100):
        if found := past.of(broke(), None, afresh=False):
            return found
        time.sleep(0.1)
    return ()


def test_a_bucket_that_is_gone_leaves_what_was_shown_before(shelf: Shelf, tmp_path: Path) -> None:
    shelf.publisher().publish([written("INC-7", 21, integration="zoom-marketo", integration_name="Zoom")], now=NOON)
    client = CutOff(shelf.s3)
    past = Remembering(shelf.index(tmp_path, client), LINKS, patience_s=20)

    shown = past.of(broke(), None, afresh=True)
    client.gone = True
    gone = Remembering(shelf.index(tmp_path / "cold", client), LINKS, patience_s=20)

    assert [one.where for one in shown] == ["Zoom"]
    assert past.of(broke(), None, afresh=True) == shown
    assert gone.of(replace(broke(), number=43), None, afresh=True) == ()
