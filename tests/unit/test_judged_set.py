"""Claims about the judged set itself: what it holds, what its grades name, and that it is always the same."""

from deadair.domain.severity import FailureClass
from tests.knowledge.causes import causes
from tests.knowledge.judged import HELD_OUT, SEARCHES, documents, grades, many
from tests.knowledge.telling import VOICES


def test_it_holds_many_causes_of_every_class_in_every_voice() -> None:
    told = documents()

    assert len(told) >= 150
    assert len(causes()) >= 60
    assert len(VOICES) >= 6
    assert {one.failure_class for one in told} == {one.value for one in FailureClass}
    assert len({one.id for one in told}) == len({one.title for one in told}) == len(told)


def test_its_write_ups_are_as_long_as_people_write_them() -> None:
    lengths = [len(one.body.split()) for one in documents()]

    assert min(lengths) >= 120
    assert max(lengths) <= 600


def test_every_grade_names_a_write_up_and_says_why() -> None:
    assert len(SEARCHES) >= 30
    for search in (*SEARCHES, *HELD_OUT):
        graded = grades(search)
        assert set(graded.values()) <= {1, 2}
        assert 2 in graded.values()
        assert search.why


def test_no_blank_of_a_card_is_left_open() -> None:
    assert [one.id for one in documents() if "$" in one.body.replace("$$", "")] == []


def test_it_is_the_same_every_time_and_as_large_as_one_likes() -> None:
    assert many(20) == many(20)
    assert many(20) != many(20, seed=1)
    assert len({one.body for one in many(500)}) == 500
