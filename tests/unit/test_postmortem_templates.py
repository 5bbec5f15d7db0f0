"""Claims about templates of postmortems: which one an incident gets, what one may say, and how long it may take."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.jinja.markdown import headings, markdown
from deadair.adapters.jinja.postmortem import Templates
from deadair.adapters.jinja.postmortem_check import BYTES_AT_MOST, KINDS, candidates, check, is_name, names
from deadair.adapters.jinja.postmortem_sandbox import SECONDS_AT_MOST, linked, number
from deadair.adapters.jinja.postmortem_templates import shipped_names, shipped_text
from deadair.adapters.jinja.postmortem_variables import document_values, lacking, sample, shaped, variables
from deadair.adapters.jinja.sections import without_front_matter
from deadair.domain.postmortem import QUESTIONS
from deadair.usecases.render_postmortem import render
from deadair.usecases.suggest import suggestions
from tests.unit.test_postmortem_document import entry, published, resolved

FIVE = '{% include "parts/questions.md" %}\n'
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "![beacon](https://t.example/p.png)",
    "{{ 7*7 }} {% for x in y %} {# #}",
    "---\nevil: true\n---",
    "# What was the fix?\n\n| a | b |",
    "[click](javascript:alert(1))",
    "\u202eevil\u200b\x00\x1b[31m",
    "=cmd|' /C calc'!A0",
    "]] `` ** __ ~~ \\",
)


def told_of(**more: Any) -> dict[str, Any]:
    """A document's facts, as the renderer gives them."""
    values = sample("document", full=True)
    facts = [(fact["label"], fact["text"]) for fact in values["facts"]]
    return {**values, "facts": facts, "kind": "", "consent": False, **more}


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_template_passes_its_own_check(name: str) -> None:
    assert check(shipped_text(name), name) == []


@pytest.mark.parametrize(
    ("kind", "severity", "consent", "expected"),
    [
        ("", "SEV3", False, "document"),
        ("", "SEV1", False, "sev1"),
        ("batch", "SEV3", False, "batch"),
        ("batch", "SEV1", False, "batch-sev1"),
        ("event", "SEV1", False, "sev1"),
        ("batch", "SEV1", True, "consent"),
        ("", "SEV2", True, "consent"),
        ("../../etc/passwd", "SEV9", False, "document"),
    ],
)
def test_the_most_precise_template_there_is_makes_the_document(
    kind: str, severity: str, expected: str, *, consent: bool
) -> None:
    assert Templates().document(told_of(kind=kind, severity=severity, consent=consent)).name == expected


def test_a_kind_with_a_severity_goes_before_the_kind_and_that_before_the_severity() -> None:
    assert candidates("batch", "SEV1", consent=False) == ["batch-sev1", "batch", "sev1", "document"]
    assert candidates("batch", "SEV2", consent=True)[:3] == ["consent-sev2", "consent", "batch-sev2"]
    assert all(is_name(name) for kind in KINDS for name in candidates(kind, "SEV2", consent=True))


def test_the_document_keeps_the_order_of_its_parts() -> None:
    said = without_front_matter(Templates().document(told_of()).markdown)

    order = ["Impact", *QUESTIONS.values(), "Contributing factors", "What surprised us", "Action items"]
    order += ["Changes near the start", "Timeline", "Links"]
    assert [words for _, words in headings(said)][1:] == order


def test_a_sev1_says_how_long_nobody_knew_and_who_was_told() -> None:
    said = Templates().document(told_of(severity="SEV1")).markdown

    assert "## Detection gap\n\nFor 45 min nobody knew, of 2 h 30 min in all." in said
    assert "## Who was told, and who took it" in said


def test_what_the_renderer_gives_is_what_is_declared() -> None:
    told = render(resolved(), published(), [entry()])
    values = document_values(told)

    assert lacking("document", values) == []
    # What is stored besides is for programs and the index; a new field is declared, or named here.
    undeclared = set(told) - {variable.path.partition(".")[0].removesuffix("[]") for variable in variables()}
    assert undeclared <= BESIDE


BESIDE = {
    "body",
    "markdown",
    "html",
    "digest",
    "facts_digest",
    "template",
    "imported",
    "company",
    "tags",
    "chart",
    "status",
}


def test_what_suggestions_are_made_of_is_what_is_declared() -> None:
    assert suggestions(resolved())["what_fixed"] == "Reauthorised the connecting user"
    assert set(shaped("suggested", {})) == {path for path in _paths() if "." not in path and "[" not in path}


def _paths() -> list[str]:
    return [variable.path for variable in variables("suggested")]


def test_a_field_that_nobody_declared_is_out_of_reach() -> None:
    assert "secret" not in document_values(told_of(secret="x"))
    assert [fault.what for fault in check(FIVE + "{{ secret }}", "document")] == ["there is no variable `secret`"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{{ nobody_knows }}", "no variable `nobody_knows`"),
        ("{% if false %}{{ impact.recrods }}{% endif %}", "no variable `impact.recrods`"),
        ("{% for line in timeline %}{{ line.txt }}{% endfor %}", "no variable `timeline.txt`"),
        ("{% if title %}", "Unexpected end of template"),
        ("{{ title", "unexpected end"),
        ("{{ title.upper() }}", "calls something"),
        ("{{ title.__class__ }}", "`__class__` is private"),
        ("{{ title['__class__'] }}", "no variable|no attribute|has no element|object has no"),
        ("{{ ''.__class__.__mro__ }}", "is private"),
        ("{{ self }}", "no variable `self`"),
        ("{{ self._TemplateReference__context }}", "is private"),
        ("{{ range(9) }}", "calls something"),
        ("{{ cycler }}", "no variable `cycler`"),
        ("{{ title|upper }}", "no filter `upper`"),
        ("{{ title|attr('x') }}", "no filter `attr`"),
        ("{{ title|safe }}", "no filter `safe`"),
        ("{{ title|each }}", "no filter `each`"),
        ("{% macro f() %}{% endmacro %}", "defines a macro"),
        ("{% import 'document.md' as x %}", "imports"),
        ("{% include title %}", "named by a plain text"),
        ("{% include '../web/base.html' %}", "there is no `../web/base.html`"),
        ("{% include '/etc/passwd' %}", "there is no `/etc/passwd`"),
        ("{{ 7 * 7 }}", "calculates"),
        ("{{ title ~ title }}", "puts texts together"),
        ("{% set a = [[1], [2]] %}", "plain texts and numbers"),
        ("{% set a = [title, title] %}", "plain texts and numbers"),
        ("{% for x in timeline recursive %}{% endfor %}", "begin itself again"),
        ("{% filter people %}x{% endfilter %}", "filters a block"),
        ("{{ timeline }}", "a list is not printed"),
        ("{{ timeline.append }}", "timeline.append"),
        ("{{ title.format }}", "has no attribute|no variable|no element"),
        ("{% for x in title %}{% endfor %}", "a loop goes over a list"),
        ("{{ title|join(title) }}", "only a list is joined"),
        ("{{ title|duration }}", "str"),
        ("{{ published_at|utc|utc }}", "isoformat"),
        ("{{ " + "(" * 9000 + ")" * 9000 + " }}", "nested too deeply"),
    ],
)
def test_what_a_template_may_not_say_is_refused_at_its_line(line: str, what: str) -> None:
    (fault,) = check(f"{FIVE}\n{line}\n", "document")

    assert any(part in fault.what for part in what.split("|")), fault.what
    assert fault.remedy
    assert fault.line in {3, 4, 5} or "nested" in fault.what


def test_jinja_that_nothing_reaches_is_refused_all_the_same() -> None:
    assert check("{% if title == 'never' %}{{ title.x.y }}{% endif %}" + FIVE, "document") == []
    assert "no variable `foo`" in str(check("{% if title == 'never' %}{{ foo }}{% endif %}" + FIVE, "document")[0])


def test_a_template_lacks_no_question_turns_none_around_and_prints_every_answer() -> None:
    words = list(QUESTIONS.values())
    said = [f"## {{{{ questions[{n}].question }}}}\n\n{{{{ questions[{n}].answer|people }}}}\n" for n in range(5)]

    assert check("\n".join(said), "document") == []
    assert words[2] in check("\n".join([*said[:2], *said[3:]]), "document")[0].what
    assert "in its order" in check("\n".join([said[1], said[0], *said[2:]]), "document")[0].what
    assert "not printed" in check("\n".join([*said[:4], f"## {words[4]}\n"]), "document")[0].what


def test_a_template_that_only_a_full_incident_fits_is_refused() -> None:
    fault = check("{{ durations_s.to_detect|number }}{% if impact.records > 5 %}x{% endif %}" + FIVE, "document")[0]

    assert "hardly anything is known" in fault.what


def test_a_template_is_no_larger_than_a_person_writes() -> None:
    assert str(BYTES_AT_MOST) in check("x" * (BYTES_AT_MOST + 1), "document")[0].remedy


@pytest.mark.parametrize(
    "bomb",
    [
        "{% for a in timeline %}" * 12 + "x" + "{% endfor %}" * 12,
        "{% set l = [" + "1," * 300 + "] %}" + "{% for a in l %}" * 3 + "x" + "{% endfor %}" * 3,
        "{% set l = ["
        + "1," * 200
        + "] %}{% for a in l %}{% for b in l %}"
        + "y" * 60_000
        + "{% endfor %}{% endfor %}",
        '{% set l = ["a","a","a","a"' + ',"a"' * 8000 + "] %}{{ l|join('" + "b" * 30_000 + "') }}",
        "{% for x in questions %}" * 14 + "{% if x.answer|people %}{% endif %}" + "{% endfor %}" * 14,
    ],
)
def test_a_template_that_goes_on_for_ever_ends_at_its_limit(bomb: str) -> None:
    begun = time.thread_time()
    (fault,) = check(FIVE + bomb, "document")

    assert "more than" in fault.what or "longer than" in fault.what
    assert time.thread_time() - begun < SECONDS_AT_MOST + 3


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["title", "fix", "integration_name", "owner", "vendor", "affected", "pattern"])
def test_no_text_of_others_is_markup_or_a_template_in_a_document(place: str, text: str) -> None:
    said = Templates().document(told_of(**{place: text}, facts=[(text, text)], links=[{"url": text, "label": text}]))
    body = without_front_matter(said.markdown)
    html = markdown(body, first_heading=1)

    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "{{" not in text or "49" not in html
    assert [words for _, words in headings(body)][2:7] == list(QUESTIONS.values())


@pytest.mark.parametrize("text", HOSTILE)
def test_an_answer_neither_runs_nor_outranks_the_document(text: str) -> None:
    answers = [
        {"key": key, "question": question, "answer": f"{text}\n\n## Timeline\n\nEnd\n==="}
        for key, question in QUESTIONS.items()
    ]
    said = without_front_matter(Templates().document(told_of(questions=answers)).markdown)
    html = markdown(said, first_heading=1)

    assert html.count("<h2") == 12
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "7*7" in html or "7*7" not in text


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_link_of_anybodys_words_stays_one_link_or_none(words: str, url: str) -> None:
    said = linked(words, f"https://t.example/{url}")

    assert markdown(f"| a | b |\n|---|---|\n| {said} | end |\n").count("<a ") <= 1
    assert "<td>end</td>" in markdown(f"| a | b |\n|---|---|\n| {said} | end |\n")


def test_a_number_that_nobody_knows_is_a_dash_and_no_zero() -> None:
    assert (number(None), number(0), number(1204)) == ("—", "0", "1,204")


def test_every_variable_has_a_meaning_and_an_example() -> None:
    for variable in (*variables("document"), *variables("suggested")):
        assert variable.meaning.endswith((".", "?", "…", ".)")), variable.path
        assert variable.examples, variable.path


def test_names_of_templates_are_few_and_plain() -> None:
    assert len(names()) < 50
    assert not is_name("parts/facts")
    assert not is_name("../document")
