"""Claims about a postmortem's life: who may review it, what lapses an approval, what it lacks to be published."""

from datetime import datetime

import pytest

from deadair.domain.errors import IllegalTransition, Invalid, NotAllowed
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus, may_review, missing
from deadair.domain.published import Published, Why
from deadair.domain.said import Impact
from deadair.domain.severity import Severity
from tests.builders import ANA, BEN, at

CLEO = Person("Cleo Marsh", "cleo@example.com", "U0CLEO")
SEV2, SEV3 = Severity.SEV2, Severity.SEV3


def written(by: Person = ANA, **answers: str) -> Postmortem:
    said = dict.fromkeys(QUESTIONS, "The token expired.") | answers
    return Postmortem(incident="INC-42").say(by, said, {})


def approved() -> Postmortem:
    return written().ask(ANA, BEN, at(1)).approve(BEN, "Well told.", at(2))


def test_everything_that_is_missing_is_said_at_once_and_who_may_give_it() -> None:
    draft = written(what_fixed="", what_earlier="")

    with pytest.raises(Invalid) as refused:
        draft.publish("Ana Lima", SEV2, at(3))

    assert missing(draft, SEV2) == ("what_fixed", "what_earlier", "review")
    told = str(refused.value)
    assert "2 of 5 questions have no answer: What was the fix? · What would have caught it earlier?" in told
    assert "approved by somebody other than Ana Lima" in told


def test_whoever_was_asked_is_named_until_they_answer() -> None:
    asked = written().ask(ANA, BEN, at(1))

    with pytest.raises(Invalid, match="Ben Okafor was asked"):
        asked.publish("Ana Lima", SEV2, at(3))

    assert (asked.status, asked.waits_for) == (PostmortemStatus.IN_REVIEW, BEN)
    assert approved().waits_for is None


@pytest.mark.parametrize("severity", [SEV3, Severity.SEV4])
def test_what_was_not_so_bad_is_published_unread(severity: Severity) -> None:
    assert written().publish("Ana Lima", severity, at(3)).version == 1


def test_no_author_reviews_however_they_are_named() -> None:
    both = written().say(BEN, {"what_fixed": "A new token."}, {})
    elsewhere = Person("A. Lima", "ANA.LIMA@example.com")

    assert [may_review(both, person) for person in (ANA, BEN, CLEO, elsewhere)] == [False, False, True, False]
    with pytest.raises(NotAllowed):
        both.approve(elsewhere, "", at(2))
    with pytest.raises(NotAllowed):
        both.send_back(BEN, "Too short.", at(2))
    with pytest.raises(Invalid):
        both.ask(ANA, BEN, at(2))


def test_a_changed_word_or_number_lets_an_approval_lapse_and_nothing_else_does() -> None:
    read = approved()
    assert read.publish("Ana Lima", SEV2, at(3)).version == 1

    for changed in (read.say(CLEO, {"what_fixed": "x"}, {}), read.say(ANA, {}, {}, Impact(people=3))):
        assert not changed.approved
        with pytest.raises(Invalid, match="what was approved was changed since"):
            changed.publish("Ana Lima", SEV2, at(3))
    assert read.say(ANA, {"what_fixed": "The token expired. "}, {}) == read


def test_whoever_approved_and_then_wrote_has_approved_nothing() -> None:
    assert not approved().say(BEN, {}, {"summary": "Short."}).approved


def test_what_is_sent_back_is_a_draft_again_and_says_why() -> None:
    back = written().ask(ANA, BEN, at(1)).send_back(BEN, "Who noticed?", at(2))

    assert back.status is PostmortemStatus.DRAFT
    assert back.review is not None
    assert (back.review.said, back.review.returned_by, back.waits_for) == ("Who noticed?", BEN, None)
    with pytest.raises(Invalid):
        written().send_back(BEN, "", at(2))


def test_nobody_reads_what_is_not_written_or_was_read_already() -> None:
    with pytest.raises(Invalid, match="1 of 5 questions"):
        written(what_fixed="").ask(ANA, BEN, at(1))
    published = approved().publish("Ana Lima", SEV2, at(3))
    with pytest.raises(IllegalTransition):
        published.approve(CLEO, "", at(4))


def test_an_amendment_leaves_the_published_words_until_it_is_published_itself() -> None:
    published = approved().publish("Ana Lima", SEV2, at(3))

    amending = published.say(CLEO, {"what_fixed": "A longer token."}, {})

    assert (amending.status, amending.amending, amending.version) == (PostmortemStatus.PUBLISHED, True, 1)
    assert missing(amending, SEV2) == ("review",)
    again = amending.approve(BEN, "", at(5)).publish("Cleo Marsh", SEV2, at(6))
    assert (again.version, again.amending) == (2, False)


def test_a_version_keeps_its_words_and_facts_make_another_of_the_same() -> None:
    published = approved().publish("Ana Lima", SEV2, at(3))
    kept = Published.of(published, at(3))

    later = published.say(CLEO, {"what_fixed": "A longer token."}, {}, Impact(records=7))

    assert kept.again(at(9)).as_postmortem(later).answers["what_fixed"] == "The token expired."
    assert (kept.reviewed_by, kept.why, kept.again(at(9)).why) == ("Ben Okafor", Why.PUBLISHED, Why.FACTS)
    assert _made(kept.again(at(9))) == (2, at(9), "Ana Lima")


def _made(published: Published) -> tuple[int, datetime, str]:
    return published.version, published.at, published.by


@pytest.mark.parametrize("number", [-1, 10**12 + 1])
def test_an_impact_counts_something(number: int) -> None:
    with pytest.raises(Invalid):
        written().say(ANA, {}, {}, Impact(records=number))


def test_an_unknown_part_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Invalid, match="no part `mood`") as refused:
        written().say(ANA, {}, {"mood": "fine"})
    assert "summary" in refused.value.remedy
