"""Claims about the form of a postmortem: what stands in its boxes, and what it says when it is sent."""

from deadair.domain.merging import fields_of, mark, marks, marks_text
from deadair.domain.postmortem import Postmortem
from web.views.postmortem_form import Field, Met, Typed, form_fields, offered, typed_in

KNOWN = Postmortem(
    incident="INC-1", answers={"what_broke": "All"}, suggested={"what_fixed": "Token", "what_broke": "x"}
)


def by_key(*given: object, **named: object) -> dict[str, Field]:
    return {field.key: field for group in form_fields(*given, **named).values() for field in group}  # type: ignore[arg-type]


def sent(**fields: str) -> Typed:
    carried = {"seen": marks_text(marks(fields_of(KNOWN))), "offered": marks_text(offered(KNOWN))}
    return typed_in(carried | fields, KNOWN)


def test_a_suggestion_is_shown_as_one_until_somebody_answers() -> None:
    found = by_key(KNOWN)

    assert (found["what_fixed"].text, found["what_fixed"].suggested) == ("Token", True)
    assert (found["what_broke"].text, found["what_broke"].suggested) == ("All", False)


def test_a_suggestion_that_was_sent_as_it_was_shown_says_nothing() -> None:
    assert sent(what_fixed="Token ").texts == {"what_fixed": ""}
    assert sent(what_fixed="Token.").texts == {"what_fixed": "Token."}
    assert sent(what_fixed="Token", **{"keep-what_fixed": "1"}).texts == {"what_fixed": "Token"}


def test_a_suggestion_that_was_kept_stays_ticked_while_it_is_not_saved() -> None:
    found = by_key(KNOWN, sent(what_fixed="Token", **{"keep-what_fixed": "1"}))

    assert (found["what_fixed"].suggested, found["what_fixed"].kept) == (True, True)


def test_typed_words_stay_and_the_words_of_the_other_are_beside_them() -> None:
    field = by_key(KNOWN, Typed({"what_broke": "Mine"}, {}), {"what_broke": Met(text="Theirs", by="Ben")})["what_broke"]

    assert (field.text, field.met) == ("Mine", Met(text="Theirs", by="Ben"))


def test_a_form_brings_its_fields_only() -> None:
    assert sent(what_broke="x", token="t", action="save", summary="s").texts == {"what_broke": "x", "summary": "s"}


def test_marks_of_anything_else_are_not_read() -> None:
    typed = typed_in({"seen": f"what_broke:{mark('All')} token:aa what_fixed:!! :: x"}, KNOWN)

    assert typed.seen == {"what_broke": mark("All")}


def test_a_form_that_saw_this_very_edit_saw_what_is_stored() -> None:
    assert typed_in({"seen_edit": "0"}, KNOWN).seen == marks(fields_of(KNOWN))
    assert typed_in({}, KNOWN).seen == marks(fields_of(KNOWN))
    assert typed_in({"seen_edit": "7"}, KNOWN).seen == {}
