"""Claims about what a reader is shown of two versions."""

import time

from web.views.difference import Kind, difference

FIVE = "\n\n".join(f"Paragraph {n} says what it says." for n in range(5))


def test_the_same_text_has_no_difference() -> None:
    assert difference(FIVE, FIVE) == []


def test_a_changed_word_is_shown_inside_its_paragraph() -> None:
    found = difference("The token was old.\n\nx", "The token was new.\n\nx")

    assert found[0].paragraphs[0].runs == (
        (Kind.SAME, "The token was "),
        (Kind.REMOVED, "old"),
        (Kind.ADDED, "new"),
        (Kind.SAME, "."),
    )


def test_what_did_not_change_is_folded_away_but_for_its_neighbour() -> None:
    found = difference(FIVE, FIVE.replace("Paragraph 4", "Paragraph four"))

    assert [(stretch.folded, len(stretch.paragraphs)) for stretch in found] == [(True, 3), (False, 2)]


def test_what_was_written_anew_is_taken_out_and_put_in_as_a_whole() -> None:
    found = difference("All of this went.", "Something else came instead, with other words!")

    assert [run[0] for one in found[0].paragraphs for run in one.runs] == [Kind.ADDED, Kind.REMOVED]


def test_a_new_line_of_a_timeline_is_one_addition() -> None:
    before = "## Timeline\n\n- 10:00 · Ana: a\n- 10:05 · Ana: b"
    found = difference(before, f"{before}\n- 10:09 · Deadair: resolved at last")

    changed = [one for stretch in found for one in stretch.paragraphs if not one.is_same]
    assert [one.runs for one in changed] == [((Kind.ADDED, "- 10:09 · Deadair: resolved at last"),)]


def test_nothing_of_either_text_is_lost() -> None:
    before, after = "a b c\n\nd e f\n\ng", "a x c\n\nnew one\n\nd e f g\n\nh"
    runs = [run for stretch in difference(before, after) for one in stretch.paragraphs for run in one.runs]

    for text, other in ((before, Kind.ADDED), (after, Kind.REMOVED)):
        said = "".join(words for kind, words in runs if kind is not other)
        assert said.split()
        assert "".join(said.split()) == "".join(text.split())


def test_two_long_texts_are_compared_in_a_moment() -> None:
    began = time.process_time()
    difference("word " * 20_000, "other " * 20_000)
    difference("\n\n".join("a b c" * 5 for _ in range(300)), "\n\n".join("d e f" * 5 for _ in range(300)))

    assert time.process_time() - began < 2
