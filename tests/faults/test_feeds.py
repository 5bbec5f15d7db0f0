"""Claims about feeds: who may read one and for how long, that nothing else opens with it, and that it is valid."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest

from deadair.adapters.s3.documents import DocumentStore, as_stored
from deadair.adapters.search import IndexPublisher
from deadair.domain.document import Document
from deadair.domain.ownership import Person
from infra.target import Target
from tests.rooms.web_room import FORM, READS, SIGNER, ask, cookie, read, web
from tests.rooms.web_site import NOW
from web.sessions import new_session
from web.surroundings import Surroundings

__all__ = ["web"]
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/postmortems.atom", "/integrations/hubspot-salesforce.atom")
EWA = Person("Ewa Everywhere", "ewa.feed@example.com", "U0EWAFEED")
NASTY = "</title><script>alert(1)</script>]]> & \x00\x0b\ufffe \ud800"


def address_of(web: Surroundings, page: str = "/postmortems", who: Person | None = None) -> str:
    """The feed's address, as its page shows it."""
    jar = cookie(who, "f1") if who else cookie()
    found = re.search(r'type="application/atom\+xml"[^>]*href="([^"]+)"', ask(web, page, **jar)["body"])
    assert found is not None
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize(("page", "feed"), [("/postmortems", FEEDS[0]), ("/integrations/hubspot-salesforce", FEEDS[1])])
def test_a_feed_is_read_without_a_session_by_whoever_has_its_address(web: Surroundings, page: str, feed: str) -> None:
    address = address_of(web, page)
    answer = ask(web, address)

    assert address.startswith(f"{feed}?key=")
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "cookies" not in answer
    assert any("INC-39" in (entry.findtext(f"{ATOM}id") or "") for entry in entries(answer))


@pytest.mark.parametrize("feed", FEEDS)
def test_fault_39_without_its_key_nobody_reads_a_feed_but_who_is_signed_in(web: Surroundings, feed: str) -> None:
    answer = ask(web, feed)

    assert answer["statusCode"] == 401
    assert "INC-39" not in answer["body"]
    assert read(web, feed)["statusCode"] == 200


def forged() -> Iterator[str]:
    told = ["U0ANA", "ana.lima@example.com", int(NOW.timestamp() * 1000)]
    yield ""
    yield "x"
    yield "x.y"
    yield SIGNER.seal(new_session("s1", NOW, EWA))
    yield SIGNER.sealed("session", told)
    yield SIGNER.sealed("feed", [])
    yield SIGNER.sealed("feed", ["U0ANA", "a@example.com", "soon"])
    yield SIGNER.sealed("feed", ["U0ANA", "a@example.com", 10**30])
    body = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    yield f"{body}.{SIGNER.sealed('feed', ['U0ELSE', 'e@example.com', told[2]]).partition('.')[2]}"
    yield "a" * 5000


@pytest.mark.parametrize("key", list(forged()))
def test_fault_39_a_key_that_is_not_exactly_ours_opens_nothing(web: Surroundings, key: str) -> None:
    answer = ask(web, f"/postmortems.atom?{urlencode({'key': key})}")

    assert answer["statusCode"] == 401
    assert "INC-" not in answer["body"]


def test_fault_39_a_key_that_does_not_count_is_not_helped_by_a_session(web: Surroundings) -> None:
    assert read(web, "/postmortems.atom?key=x.y")["statusCode"] == 401


@pytest.mark.parametrize("page", [*READS, "/v1/postmortems", "/postmortems/INC-39.md", "/v1/signals", "/numbers"])
def test_fault_39_nothing_else_opens_with_the_key_of_a_feed(web: Surroundings, page: str) -> None:
    key = parse_qs(urlsplit(address_of(web)).query)["key"][0]
    joined = f"{page}{'&' if '?' in page else '?'}{urlencode({'key': key})}"

    for answer in (ask(web, joined), ask(web, page, cookies=[f"deadair-session={key}"])):
        assert answer["statusCode"] in {303, 401, 405}
        assert "INC-39" not in answer["body"]


def test_fault_39_no_form_can_be_sent_with_the_key_of_a_feed(web: Surroundings) -> None:
    key = parse_qs(urlsplit(address_of(web)).query)["key"][0]
    body = urlencode({"token": key, "fix": "x"})
    answer = ask(web, f"/incidents/INC-42/resolve?key={key}", "POST", headers={"content-type": FORM}, body=body)

    assert answer["statusCode"] == 403
    assert ask(web, f"/postmortems.atom?key={key}", "POST", body=body)["statusCode"] == 403


def test_fault_39_signing_out_everywhere_ends_a_feed_address_for_ever(web: Surroundings) -> None:
    address = address_of(web, who=EWA)
    assert ask(web, address)["statusCode"] == 200
    body = urlencode({"token": SIGNER.token(new_session("f1", NOW, EWA))})
    ask(web, "/sign-out-everywhere", "POST", headers={"content-type": FORM}, body=body, **cookie(EWA, "f1"))

    for days in (0, 1, 400):
        site = replace(web, now=lambda days=days: NOW + timedelta(days=days, seconds=5))  # type: ignore[misc]
        assert ask(site, address)["statusCode"] == 401
    item = web.incidents.client.get_item(
        TableName=web.incidents.table, Key={"pk": {"S": f"SESSIONS#{EWA.slack_id}"}, "sk": {"S": "HEAD"}}
    )["Item"]
    assert "expires_at" not in item


def test_an_address_outlives_its_session_and_a_plain_sign_out(web: Surroundings) -> None:
    person = Person("Pia Plain", "pia.feed@example.com", "U0PIAFEED")
    address = address_of(web, who=person)
    body = urlencode({"token": SIGNER.token(new_session("f1", NOW, person))})
    ask(web, "/sign-out", "POST", headers={"content-type": FORM}, body=body, **cookie(person, "f1"))

    later = replace(web, now=lambda: NOW + timedelta(days=30))
    assert ask(later, address)["statusCode"] == 200


def test_fault_39_whoever_is_no_member_any_more_reads_no_feed(web: Surroundings) -> None:
    person = Person("Gus Gone", "gus.feed@example.com", "U0GUSFEED")
    address = address_of(web, who=person)
    gone = replace(web)
    gone.entry._why_out = lambda one, _now: "gone" if one.email == person.email else ""

    assert ask(gone, address)["statusCode"] == 401
    assert ask(gone, address_of(web))["statusCode"] == 200


def test_a_feed_that_did_not_change_is_not_sent_again(web: Surroundings) -> None:
    address = address_of(web)
    first = ask(web, address)
    tag = first["headers"]["Etag"]

    for asked in (tag, f"W/{tag}", f'"other", {tag}'):
        again = ask(web, address, headers={"if-none-match": asked})
        assert (again["statusCode"], again["body"], again["headers"]["Etag"]) == (304, "", tag)
    assert ask(web, address, headers={"if-none-match": '"other"'})["statusCode"] == 200
    assert first["headers"]["Cache-Control"] == "private, no-cache"
    assert "frame-ancestors 'none'" in first["headers"]["Content-Security-Policy"]
    assert ask(web, address, "HEAD")["body"] == ""


def test_a_new_version_changes_the_feed_and_the_time_of_its_entry(stack: Target, web: Surroundings) -> None:
    address = address_of(web)
    before, id_ = ask(web, address), "http://localhost:8761/postmortems/INC-77"
    publish(stack, web, version=1, at=NOW)
    first = ask(fresh(web), address)
    publish(stack, web, version=2, at=NOW + timedelta(days=1))
    second = ask(fresh(web), address)

    tags = {answer["headers"]["Etag"] for answer in (before, first, second)}
    assert len(tags) == 3
    times = [entry.findtext(f"{ATOM}updated") for a in (first, second) for entry in entries(a) if ident(entry) == id_]
    assert times == ["2026-11-20T21:00:00Z", "2026-11-21T21:00:00Z"]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_is_valid_by_rfc_4287(web: Surroundings, feed: str) -> None:
    root = ET.fromstring(read(web, feed)["body"])

    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.findall(f"{ATOM}entry")):
        assert (
            len(one.findall(f"{ATOM}id")) == len(one.findall(f"{ATOM}title")) == len(one.findall(f"{ATOM}updated")) == 1
        )
        assert urlsplit(ident(one)).scheme == "http"
        datetime.strptime(one.findtext(f"{ATOM}updated") or "", "%Y-%m-%dT%H:%M:%S%z")
        links = [(link.get("rel"), link.get("type")) for link in one.findall(f"{ATOM}link")]
        assert links.count(("alternate", "text/html")) == 1
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    idents = [ident(entry) for entry in root.findall(f"{ATOM}entry")]
    assert idents
    assert len(idents) == len(set(idents))


def test_fault_39_words_of_a_postmortem_are_text_in_a_feed(stack: Target, web: Surroundings) -> None:
    publish(stack, web, version=3, at=NOW, title=NASTY, fix=NASTY)
    answer = read(fresh(web), "/postmortems.atom")
    found = next(entry for entry in entries(answer) if ident(entry).endswith("/INC-77"))

    assert (found.findtext(f"{ATOM}title") or "").startswith("</title><script>alert(1)</script>]]> & ")
    assert len(list(found)) == 6
    assert "<script" not in answer["body"]


def test_the_feed_of_what_is_not_there_is_a_404(web: Surroundings) -> None:
    assert read(web, "/integrations/nothing.atom")["statusCode"] == 404


def fresh(web: Surroundings) -> Surroundings:
    """The site in a process that just began: it looks at the index at once."""
    return replace(web)


def publish(stack: Target, web: Surroundings, *, version: int, at: datetime, **given: str) -> None:
    told: dict[str, Any] = {"title": "A feed's own", "fix": "Nothing", **given}
    made = Document(id="INC-77", date=NOW, version=version, body="x", integration="hubspot-salesforce", **told)
    stored = as_stored(made) | {"markdown": "x", "html": "", "published_at": at.isoformat()}
    DocumentStore(stack.client("s3"), web.settings.knowledge_bucket).write(stored)
    IndexPublisher(stack.client("s3"), web.settings.knowledge_bucket).publish([made], now=at)


def entries(answer: dict[str, Any]) -> list[ET.Element]:
    return ET.fromstring(answer["body"]).findall(f"{ATOM}entry")


def ident(element: ET.Element) -> str:
    return element.findtext(f"{ATOM}id") or ""
