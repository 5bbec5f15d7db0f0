"""Claims about the pages of dead letters and of numbers: what they show, and that a press sends a letter once."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from deadair.adapters.dynamodb.incidents import incident_item
from infra.target import Target
from tests.builders import ANA, an_incident, at
from tests.rooms.letter_line import LetterLine
from tests.rooms.web_site import KEY, NOW, shelves
from web.cookies import SESSION as SESSION_COOKIE
from web.front import respond
from web.sessions import Signer, new_session
from web.surroundings import Surroundings

pytestmark = pytest.mark.stack
SIGNER = Signer(KEY.encode())
SESSION = new_session("figures", NOW, ANA)


class Site:
    """The web room over a line of its own."""

    def __init__(self, stack: Target) -> None:
        self.line = LetterLine(stack)
        settings = shelves(stack)
        object.__setattr__(settings, "incidents_table", self.line.table)
        object.__setattr__(settings, "knowledge_bucket", self.line.bucket)
        object.__setattr__(settings, "intake_queue_url", self.line.work)
        self.web = Surroundings(settings, now=lambda: NOW, client=stack.client)

    def ask(self, path: str, method: str = "GET", fields: dict[str, str] | None = None) -> dict[str, Any]:
        path, _, query = path.partition("?")
        body = urlencode({"token": SIGNER.token(SESSION), **fields}) if fields is not None else ""
        return respond(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": query,
                "headers": {"host": "localhost:8761", "content-type": "application/x-www-form-urlencoded"},
                "cookies": [f"{SESSION_COOKIE}={SIGNER.seal(SESSION)}"],
                "requestContext": {"http": {"method": method, "path": path}},
                "body": body,
                "isBase64Encoded": False,
            },
            None,
            self.web,
        )


@pytest.fixture
def site(stack: Target) -> Site:
    return Site(stack)


def test_a_letter_is_shown_with_its_reason_and_its_text_as_data_and_without_secrets(site: Site) -> None:
    site.line.send('{"<script>alert(1)</script>": "password=hunter2hunter2" {{7*7}}')
    site.line.deliver()

    page = site.ask("/dead-letters")["body"]
    (letter,) = site.line.letters.waiting().items
    whole = site.ask(f"/dead-letters/{letter.message_id}")["body"]

    for html in (page, whole):
        assert "not_json" in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "<script>alert" not in html
        assert "hunter2" not in html
        assert "{{7*7}}" in html


def test_fault_20_two_presses_of_the_button_send_a_letter_once_and_the_page_says_what_it_became(site: Site) -> None:
    body, key = site.line.by_reference(b"no event yet")
    site.line.send(body)
    site.line.deliver()
    (letter,) = site.line.letters.waiting().items
    site.line.put(key, site.line.event().encode())

    first = site.ask("/dead-letters", "POST", {"letter": letter.message_id})
    again = site.ask("/dead-letters", "POST", {"letter": letter.message_id})

    assert (first["statusCode"], again["statusCode"]) == (303, 303)
    assert first["headers"]["Location"] == "/dead-letters?sent=1"
    assert len(site.line.deliver()) == 1
    page = site.ask("/dead-letters?sent=1")["body"]
    assert "Every message was understood." in page
    assert "opened an incident" in page
    assert f'href="/incidents/{site.line.incidents()[0].id}"' in page


def test_all_letters_of_a_reason_go_with_one_press_and_nothing_goes_without_a_choice(site: Site) -> None:
    site.line.send("no", "json", '"another shape"')
    site.line.deliver()

    assert site.ask("/dead-letters", "POST", {})["statusCode"] == 422
    assert site.ask("/dead-letters", "POST", {"letter": "../../x"})["statusCode"] == 404
    sent = site.ask("/dead-letters", "POST", {"reason": "not_json"})

    assert sent["headers"]["Location"] == "/dead-letters?sent=2"
    assert [letter.reason for letter in site.line.letters.waiting().items] == ["unknown_shape"]


def test_a_letter_too_big_for_an_item_is_shown_from_the_bucket(site: Site) -> None:
    site.line.send("x" * 100_000)
    site.line.deliver()
    (letter,) = site.line.letters.waiting().items

    assert letter.raw_ref
    assert "x" * 1000 in site.ask(f"/dead-letters/{letter.message_id}")["body"]
    told = json.loads(site.ask(f"/dead-letters/{letter.message_id}.json")["body"])
    assert (told["bytes"], told["cut"]) == (100_000, True)


def test_a_letter_that_is_not_there_is_not_found(site: Site) -> None:
    assert site.ask("/dead-letters/nobody")["statusCode"] == 404


@pytest.mark.parametrize("by", ["integration", "owner", "class", "nonsense"])
def test_numbers_are_shown_by_each_way_and_say_how_they_are_taken(site: Site, by: str) -> None:
    resolved = an_incident(7).acknowledge("Ana", at(5)).resolve("Ana", "done", at(65))
    site.line.dynamodb.put_item(TableName=site.line.table, Item=incident_item(resolved))

    page = site.ask(f"/numbers?days=365&by={by}")["body"]
    told = json.loads(site.ask(f"/numbers.json?days=365&by={by}")["body"])

    assert "nearest rank" in page
    assert re.search(r"<b>5 min</b>", page)
    assert told["overall"]["to_acknowledge_s"] == {"count": 1, "median": 300.0, "p90": 300.0}


def test_a_time_without_incidents_says_so(site: Site) -> None:
    assert "No incidents in this time." in site.ask("/numbers")["body"]
