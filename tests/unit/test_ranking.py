"""Claims about the comparison of the best documents: pure, by where the words of a query stand."""

from deadair.adapters.search.entry import COLUMNS
from deadair.adapters.search.ranking import Occurrences, Places, score, worth

AVERAGE = [2.0, 8.0, 8.0, 16.0, 300.0, 20.0]
WORTH = worth(100, [10, 10])


def at(**columns: list[int]) -> Places:
    return [columns.get(column, []) for column in COLUMNS]


def scored(*terms: Places, sizes: list[int] | None = None) -> float:
    return score(Occurrences(terms, sizes or [2, 8, 8, 16, 300, 20]), WORTH, AVERAGE)


def test_the_title_says_more_than_the_text_and_the_text_more_than_what_else_it_might_be_called() -> None:
    title, body, aliases = (scored(at(**{column: [3]}), at()) for column in ("title", "body", "aliases"))

    assert title > body > aliases > 0


def test_two_words_of_the_query_say_more_than_one_of_them_often() -> None:
    assert scored(at(body=[10]), at(body=[200])) > scored(at(body=[10, 60, 110, 160, 200]), at())


def test_a_word_in_a_long_text_says_less() -> None:
    assert scored(at(body=[10]), at(), sizes=[2, 8, 8, 16, 2500, 20]) < scored(at(body=[10]), at())


def test_neighbours_of_the_query_that_are_neighbours_in_the_text_say_more() -> None:
    near, far = scored(at(body=[10]), at(body=[11])), scored(at(body=[10]), at(body=[100]))

    assert near > scored(at(body=[11]), at(body=[10])) > far
    assert far == scored(at(body=[10]), at(body=[30]))


def test_a_rare_word_says_more_and_one_that_is_everywhere_still_something() -> None:
    rare, common, everywhere = worth(100, [1, 40, 100])

    assert rare > common > everywhere > 0
