"""Claims about writing a postmortem on its page: who writes at once, what saves itself, previews, and the review."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus
from deadair.domain.timeline import Actor, Fact, Source
from deadair.usecases.edit_postmortem import edit_postmortem
from deadair.usecases.undo import undo
from tests.builders import ANA, BEN
from tests.rooms import web_site
from tests.rooms.web_room import read, send, store, web
from tests.rooms.web_site import JURGEN, NOW
from web.surroundings import Surroundings

__all__ = ["store", "web"]
pytestmark = pytest.mark.stack
ADDRESS = "/incidents/INC-41/postmortem"
ANSWERS = {key: f"About {key}" for key in QUESTIONS}
MINUTE = timedelta(minutes=1)
Page = dict[str, Any]


def hidden(page: Page, name: str) -> str:
    """What a form carries."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page["body"])
    assert found is not None
    return unescape(found[1])


def filled(page: Page, **texts: str) -> dict[str, str]:
    """What a browser without script sends of a form: every box as it was shown, but for some."""
    boxes = re.findall(r'<textarea id="q-[a-z_]+" name="([a-z_]+)"[^>]*>\n(.*?)</textarea>', page["body"], re.DOTALL)
    boxes += re.findall(r'<input id="q-[a-z_]+" name="([a-z_]+)" value="([^"]*)"', page["body"])
    carried = {name: hidden(page, name) for name in ("seen_edit", "seen", "offered")}
    return carried | {name: unescape(text) for name, text in boxes} | texts


def opened(web: Surroundings) -> Page:
    return read(web, ADDRESS)


def kept(store: IncidentStore) -> Postmortem:
    found = store.postmortem(41)
    assert found is not None
    return found


def alert(page: Page) -> str:
    """What the page says loudly."""
    return str(page["body"].split('role="alert"')[1].split("</div>")[0])


def answered_lines(store: IncidentStore) -> list[str]:
    return [line.text for line in store.timeline(41) if line.fact is Fact.POSTMORTEM_ANSWERED]


def test_who_only_opens_the_form_and_saves_it_has_said_nothing(web: Surroundings, store: IncidentStore) -> None:
    before, page = kept(store), opened(web)

    saved = send(web, ADDRESS, filled(page), action="save")

    assert saved["headers"]["Location"] == f"{ADDRESS}?done=saved"
    assert kept(store) == before


def test_a_suggestion_is_no_answer_until_it_is_kept(web: Surroundings, store: IncidentStore) -> None:
    page = opened(web)
    assert "Suggestion" in page["body"]

    refused = send(web, ADDRESS, filled(page, what_earlier="A contract test."), action="publish")

    assert refused["statusCode"] == 422
    assert "a suggestion that nobody kept" in alert(refused)
    assert "What was the fix?" in alert(refused)
    assert "what_fixed" not in kept(store).answers
    send(web, ADDRESS, filled(refused) | {"keep-what_fixed": "1"}, action="save")
    assert kept(store).answers["what_fixed"] == "Reconnected the HubSpot app and replayed 412 contacts."
    assert "how_detected" not in kept(store).answers


def test_a_suggestion_that_was_changed_is_an_answer(web: Surroundings, store: IncidentStore) -> None:
    send(web, ADDRESS, filled(opened(web), what_fixed="Reconnected the app."), action="save")

    assert kept(store).answers["what_fixed"] == "Reconnected the app."


def test_two_people_who_change_different_fields_both_keep_theirs(web: Surroundings, store: IncidentStore) -> None:
    mine, theirs = opened(web), opened(web)
    send(web, ADDRESS, filled(theirs, what_broke="Theirs.", records="412"), action="save", who=BEN)

    late = send(web, ADDRESS, filled(mine, summary="Mine.", people="3"), action="save")

    assert late["headers"]["Location"] == f"{ADDRESS}?done=merged"
    assert "together with what somebody else wrote" in read(web, f"{ADDRESS}?done=merged")["body"]
    after = kept(store)
    assert (after.answers["what_broke"], after.extras) == ("Theirs.", {"summary": "Mine."})
    assert (after.impact.records, after.impact.people) == (412, 3)


def test_fault_32_what_two_people_changed_is_shown_to_the_second_and_written_over_by_nobody(
    web: Surroundings, store: IncidentStore
) -> None:
    mine, theirs = opened(web), opened(web)
    send(web, ADDRESS, filled(theirs, what_broke="Theirs <i>"), action="save", who=BEN)

    late = send(web, ADDRESS, filled(mine, what_broke="Mine.", summary="Also mine."), action="publish")

    assert late["statusCode"] == 409
    assert "Mine.</textarea>" in late["body"]
    assert "Theirs &lt;i&gt;</pre>" in late["body"]
    assert f"{BEN.name} changed this" in late["body"]
    assert "Everything else is saved" in alert(late)
    assert (kept(store).answers["what_broke"], kept(store).extras["summary"]) == ("Theirs <i>", "Also mine.")
    again = send(web, ADDRESS, filled(late, what_broke="Both."), action="save")
    assert again["headers"]["Location"] == f"{ADDRESS}?done=saved"
    assert kept(store).answers["what_broke"] == "Both."


def test_a_form_from_before_there_were_marks_overwrites_nothing(web: Surroundings, store: IncidentStore) -> None:
    send(web, ADDRESS, action="save", seen_edit="3", what_broke="Theirs.")

    late = send(web, ADDRESS, action="save", seen_edit="3", what_broke="Mine.")

    assert late["statusCode"] == 409
    assert kept(store).answers["what_broke"] == "Theirs."


def autosaved(web: Surroundings, form: dict[str, str], who: Person = ANA) -> dict[str, Any]:
    answer = send(web, ADDRESS, form, action="autosave", headers={"accept": "application/json"}, who=who)
    assert answer["statusCode"] == 200
    found: dict[str, Any] = json.loads(answer["body"])
    return found


def test_what_saves_itself_answers_with_the_marks_for_the_next_time(web: Surroundings, store: IncidentStore) -> None:
    form = filled(opened(web), what_earlier="A test.")

    told = autosaved(web, form)

    assert told["edit"] == kept(store).edit
    form |= {
        "seen": " ".join(f"{key}:{mark}" for key, mark in told["seen"].items()),
        "what_earlier": "A contract test.",
    }
    assert autosaved(web, form)["met"] == {}
    assert kept(store).answers["what_earlier"] == "A contract test."
    assert "what_fixed" not in kept(store).answers


def test_what_saves_itself_decides_nothing_and_says_who_was_there(web: Surroundings, store: IncidentStore) -> None:
    mine = filled(opened(web), what_broke="Mine.", surprised="That it was quiet.")
    autosaved(web, filled(opened(web), what_broke="Theirs.", factors="A release."), who=BEN)

    told = autosaved(web, mine)

    assert told["met"]["what_broke"]["text"] == "Theirs."
    assert (told["met"]["what_broke"]["by"], told["met"]["what_broke"]["at"]) == (BEN.name, "2026-11-20T21:00:00.000Z")
    assert told["theirs"]["factors"]["text"] == "A release."
    assert kept(store).answers["what_broke"] == "Theirs."
    assert kept(store).extras == {"factors": "A release.", "surprised": "That it was quiet."}


def test_a_refusal_of_what_saves_itself_is_json(web: Surroundings, store: IncidentStore) -> None:
    form = filled(opened(web), minutes="many")

    answer = send(web, ADDRESS, form, action="autosave", headers={"accept": "application/json"})

    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["error"]["field"] == "minutes"
    assert "Nothing is saved yet" in send(web, ADDRESS, form, action="save")["body"]
    assert kept(store).edit == 3


Typing = Callable[..., Postmortem]


@pytest.fixture
def typing(store: IncidentStore) -> Typing:
    """Somebody's form saves by itself, at so many minutes."""

    def save(minute: float, who: Person = ANA, **texts: str) -> Postmortem:
        from deadair.domain.merging import fields_of, marks

        actor, seen = Actor(who, Source.WEB), marks(fields_of(kept(store)))
        now = NOW + minute * MINUTE
        return edit_postmortem(store, 41, actor, texts, seen, now=now, by_itself=True).postmortem

    return save


def test_one_sitting_is_one_line_of_the_timeline(store: IncidentStore, typing: Typing) -> None:
    typing(0, what_earlier="A")
    typing(1, what_earlier="A con")
    typing(2, what_earlier="A contract test.")
    assert answered_lines(store) == [f"Postmortem answered: {QUESTIONS['what_earlier']}"]

    typing(3, summary="Short.")
    typing(4, summary="Shorter.")

    assert len(answered_lines(store)) == 1
    assert answered_lines(store)[0].startswith("Postmortem answered: ")
    assert "Summary" in answered_lines(store)[0]
    assert kept(store).edit == 8


def test_who_pauses_or_is_interrupted_begins_a_new_line(store: IncidentStore, typing: Typing) -> None:
    typing(0, what_earlier="A")
    typing(11, what_earlier="A test.")
    typing(12, BEN, what_earlier="A contract test.")
    typing(13, what_earlier="A contract test of the form.")

    assert len(answered_lines(store)) == 4


def test_taking_a_sitting_back_takes_all_of_it_back_and_nothing_else(store: IncidentStore, typing: Typing) -> None:
    before = kept(store)
    typing(0, what_earlier="A")
    typing(1, what_earlier="A test.", records="4")
    typing(2, summary="Short.")

    undo(store, 41, Actor(ANA, Source.WEB), now=NOW + 3 * MINUTE)

    after = kept(store)
    assert (after.answers, after.extras, after.impact) == (before.answers, before.extras, before.impact)
    assert answered_lines(store) == []
    undo(store, 41, Actor(ANA, Source.WEB), now=NOW + 4 * MINUTE)
    assert (kept(store).answers["what_earlier"], kept(store).extras["summary"]) == ("A test.", "Short.")


def test_a_sitting_that_was_taken_back_is_not_gone_on_with(store: IncidentStore, typing: Typing) -> None:
    typing(0, what_earlier="A")
    undo(store, 41, Actor(ANA, Source.WEB), now=NOW + MINUTE)

    typing(2, what_earlier="B")

    assert kept(store).answers["what_earlier"] == "B"
    assert len(answered_lines(store)) == 1


def test_a_preview_saves_nothing_and_carries_every_word_on(web: Surroundings, store: IncidentStore) -> None:
    before = kept(store)
    form = filled(opened(web), what_broke="It **broke** <b>.", records="1,200") | {"keep-what_fixed": "1"}

    page = send(web, f"{ADDRESS}/preview", form)

    assert page["statusCode"] == 200
    assert "It <strong>broke</strong> &lt;b&gt;." in page["body"]
    assert "Reconnected the HubSpot app" in page["body"].split('id="preview"')[1].split("</article>")[0]
    assert kept(store) == before
    carried = dict(re.findall(r'<input type="hidden" name="([a-z_-]+)" value="([^"]*)"', page["body"]))
    back = send(web, ADDRESS, {name: unescape(text) for name, text in carried.items()}, action="edit")
    assert "It **broke** &lt;b&gt;.</textarea>" in back["body"]
    assert 'name="keep-what_fixed" value="1" checked' in back["body"]
    assert kept(store) == before


def test_what_cannot_be_rendered_goes_back_to_the_form(web: Surroundings, store: IncidentStore) -> None:
    page = send(web, f"{ADDRESS}/preview", filled(opened(web), records="some", what_broke="Mine."))

    assert page["statusCode"] == 422
    assert "Mine.</textarea>" in page["body"]
    assert kept(store).edit == 3


def written(web: Surroundings) -> Page:
    """All five are answered, by Ana."""
    send(web, ADDRESS, filled(opened(web), **ANSWERS), action="save")
    return opened(web)


def test_a_sev2_is_published_once_somebody_else_approved_exactly_its_words(
    web: Surroundings, store: IncidentStore
) -> None:
    page = written(web)
    refused = send(web, ADDRESS, filled(page), action="publish")
    assert refused["statusCode"] == 422
    assert "anybody but Ana Lima" in alert(refused)

    asked = send(web, ADDRESS, filled(page), action="ask", reviewer=JURGEN.email)
    assert asked["headers"]["Location"] == f"{ADDRESS}?done=asked"
    assert "Jürgen Weiß was asked to read it by Ana Lima" in opened(web)["body"]
    assert "You were asked to read it" not in opened(web)["body"]

    edit = str(kept(store).edit)
    approved = send(web, ADDRESS, action="approve", seen_edit=edit, who=JURGEN)
    assert approved["headers"]["Location"] == f"{ADDRESS}?done=approved"
    done = send(web, ADDRESS, filled(opened(web)), action="publish")
    assert done["headers"]["Location"] == "/incidents/INC-41?done=publish"
    assert kept(store).status is PostmortemStatus.PUBLISHED


def test_who_approves_words_that_were_changed_meanwhile_is_asked_to_read_again(
    web: Surroundings, store: IncidentStore
) -> None:
    page = written(web)
    edit = str(kept(store).edit)
    send(web, ADDRESS, filled(page, what_broke="Other."), action="save")

    late = send(web, ADDRESS, action="approve", seen_edit=edit, who=JURGEN)

    assert late["statusCode"] == 409
    assert not kept(store).approved


def test_a_review_may_end_with_what_is_to_be_changed(web: Surroundings, store: IncidentStore) -> None:
    send(web, ADDRESS, filled(written(web)), action="ask", reviewer=JURGEN.email)

    silent = send(web, ADDRESS, action="return", said=" ", who=JURGEN)
    assert silent["statusCode"] == 422
    send(web, ADDRESS, action="return", said="Name the vendor <b>.", who=JURGEN)

    page = opened(web)["body"]
    assert "Jürgen Weiß asked for changes" in page
    assert "Name the vendor &lt;b&gt;." in page


def test_nobody_is_asked_to_read_what_they_wrote(web: Surroundings, store: IncidentStore) -> None:
    page = written(web)

    readers = page["body"].split('<select id="reviewer"')[1].split("</select>")[0]
    assert "Jürgen Weiß" in readers
    assert "Ana Lima" not in readers
    assert send(web, ADDRESS, filled(page), action="ask", reviewer=ANA.email)["statusCode"] == 422
    assert send(web, ADDRESS, filled(page), action="ask", reviewer="")["statusCode"] == 422
    assert send(web, ADDRESS, action="approve", who=ANA)["statusCode"] == 403
    assert not kept(store).approved


def test_the_json_of_a_draft_says_what_is_missing(web: Surroundings, store: IncidentStore) -> None:
    told = json.loads(read(web, f"{ADDRESS}.json")["body"])

    assert told["missing"] == ["how_detected", "what_fixed", "what_earlier", "review"]
    assert told["impact"] == {"records": None, "people": None, "minutes": None, "consent": None}
    assert web_site.ANSWERS["what_broke"] == told["answers"]["what_broke"]
