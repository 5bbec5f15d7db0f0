"""Whether a template of postmortems can be used: what is wrong with it, at which line, and what to do.

Knows that it is tried with two incidents, one of which everything is known and one of which hardly anything is. The
same check is made when a template is stored and when a room takes it up. Refuses to know where it lies.
"""

import re
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

from deadair.adapters.jinja.markdown import headings
from deadair.adapters.jinja.postmortem_rules import unknown
from deadair.adapters.jinja.postmortem_sandbox import compiled, run, sandbox
from deadair.adapters.jinja.postmortem_variables import Of, declared, sample
from deadair.adapters.jinja.sections import without_front_matter
from deadair.domain.postmortem import QUESTIONS, SUGGESTIBLE

BYTES_AT_MOST = 65_536
# `consent`, kinds and severities, alone or together; and the suggestions, one for each question.
KINDS, SEVERITIES = ("consent", "event", "batch", "on_demand"), ("sev1", "sev2", "sev3", "sev4")
DOCUMENT = "document"
SUGGESTED = "suggested/"
# What the values of a template can make its filters raise, besides Jinja's own.
ODD = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong. `line` is 0 where it is the whole template; `remedy` is what to do."""

    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        """The fault in one sentence."""
        return f"line {self.line}: {self.what}" if self.line else self.what


def names() -> tuple[str, ...]:
    """Every name that a template may have, those that are looked for first at the beginning."""
    both = [f"{kind}-{severity}" for kind in KINDS for severity in SEVERITIES]
    return (*both, *KINDS, *SEVERITIES, DOCUMENT, *(f"{SUGGESTED}{key}" for key in SUGGESTIBLE))


def is_name(name: str) -> bool:
    """Whether a template of that name would ever be looked for."""
    return name in names()


def candidates(kind: str, severity: str, *, consent: bool) -> list[str]:
    """The names under which the template of an incident is looked for, the most precise first; consent before all."""
    severe, kinds = severity.lower(), ["consent"] * consent + [kind] * bool(kind)
    return [*(name for one in kinds for name in (f"{one}-{severe}", one)), severe, DOCUMENT]


def check(text: str, name: str) -> list[Fault]:
    """What is wrong with a template; empty when it can be used."""
    of: Of = "suggested" if name.startswith(SUGGESTED) else "document"
    size = len(text.encode("utf-8", "replace"))
    if size > BYTES_AT_MOST:
        return [Fault(0, f"it has {size} bytes", f"Use at most {BYTES_AT_MOST}.")]
    try:
        template = compiled(text, name)
        strangers = unknown(sandbox().parse(text), declared(of))
    except ODD as odd:
        return [fault_of(odd, name)]
    if strangers:
        return [Fault(line, f"there is no variable `{path}`", _near(path, of)) for line, path in strangers]
    return [*_tried(template, name, of, full=True), *_tried(template, name, of, full=False)][:1]


def fault_of(error: BaseException, name: str) -> Fault:
    """A fault out of what Jinja, or a filter, raised."""
    if isinstance(error, TemplateSyntaxError):
        return Fault(error.lineno, error.message or "it cannot be read", "Correct that line.")
    if isinstance(error, RecursionError):
        return Fault(0, "it is nested too deeply", "Take some of its brackets and blocks apart.")
    if isinstance(error, TemplateNotFound):
        return Fault(_line(error, name), f"there is no `{error.name}`", "Include what is shipped: parts/….md.")
    remedy = "Ask with {% if … %} first: not every incident has it." if isinstance(error, UndefinedError) else ""
    return Fault(_line(error, name), str(error), remedy or "Correct that line.")


def lacks(markdown: str) -> Fault | None:
    """The five questions are to stand in the document as headings, in their order."""
    words = [words for _, words in headings(without_front_matter(markdown))]
    wanted = iter(words)
    for question in QUESTIONS.values():
        if question not in wanted:
            where = "in its order " if question in words else ""
            remedy = 'Print all five: {% include "parts/questions.md" %}'
            return Fault(0, f"the heading “{question}” is not {where}there", remedy)
    return None


def _tried(template: Template, name: str, of: Of, *, full: bool) -> Iterator[Fault]:
    values = sample(of, full=full)
    try:
        said = run(template, values, trusted=False)
    except ODD as odd:
        fault = fault_of(odd, name)
        known = "everything" if full else "hardly anything"
        yield Fault(fault.line, f"{fault.what} (with an incident of which {known} is known)", fault.remedy)
        return
    if of == "document":
        yield from _missing(said, values)


def _missing(said: str, values: dict[str, Any]) -> Iterator[Fault]:
    lacking = lacks(said)
    if lacking:
        yield lacking
    for key, answer in values["answers"].items():
        if answer not in said:
            yield Fault(0, f"the answer to “{QUESTIONS[key]}” is not printed", f"Print {{{{ answers.{key}|people }}}}.")


def _line(error: BaseException, name: str) -> int:
    """The line of the template at which it happened: Jinja puts it into the traceback."""
    frames: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == name), 0)


def _near(path: str, of: Of) -> str:
    """What may have been meant, out of what there is where the path leads."""
    place, name = declared(of), path
    while "." in name:
        above, _, name = name.partition(".")
        place = place[above].parts
    wanted = re.sub(r"[^a-z]", "", name.lower())
    near = [there for there in place if wanted[:4] and wanted[:4] in there.replace("_", "")] or list(place)
    return f"There is {', '.join(near[:8])}. All of them: deadair templates variables"
