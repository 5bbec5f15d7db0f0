"""A sandbox for templates of postmortems that somebody else wrote: they read plain data, and cannot run for ever.

Knows the limits: each turn of a loop is counted, the output is counted while it grows, and the clock is looked at on
both. With the few constructs of `postmortem_rules` nothing else grows. Refuses to know where a template comes from.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateRuntimeError, Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from deadair.adapters.jinja.answers import as_markdown
from deadair.adapters.jinja.environment import templates_folder
from deadair.adapters.jinja.filters import duration, utc_text
from deadair.adapters.jinja.front_matter import front_matter
from deadair.adapters.jinja.markdown import SCHEMES, Trusted, escape_markdown
from deadair.adapters.jinja.postmortem_rules import LOOP, TESTS, hold

# Our own have to do with every incident there is; somebody else's may be clumsy, and then ours is used.
TURNS_AT_MOST = 50_000
CHARACTERS_AT_MOST = 2_000_000
SECONDS_AT_MOST = 2.0
# Of an address stays what can neither end its brackets nor a cell of a table.
IN_ADDRESSES = ":/?#@!$&'+,;=%~-."


class TooMuch(TemplateRuntimeError):
    """A template goes on for too long, or says too much."""


@dataclass(slots=True)
class _Budget:
    turns: int
    ends_at: float

    def turn(self) -> None:
        self.turns -= 1
        if self.turns < 0:
            raise TooMuch(f"its loops turn more than {TURNS_AT_MOST} times")
        self.look()

    def look(self) -> None:
        if time.monotonic() > self.ends_at:
            raise TooMuch(f"it takes longer than {SECONDS_AT_MOST:.0f} s")


_LEFT: ContextVar[_Budget | None] = ContextVar("left", default=None)


class PlainData(ImmutableSandboxedEnvironment):
    """Jinja without its doors: names lead into mappings and lists alone, every value is escaped for Markdown."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a mapping, or what a loop knows of itself; never an attribute."""
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A field of a mapping, or an item of a list."""
        if isinstance(obj, Undefined):
            return getattr(obj, str(argument))  # it raises, and says its name
        try:
            if isinstance(obj, Mapping) or (isinstance(obj, list | tuple) and isinstance(argument, int)):
                return obj[argument]
        except LookupError:
            pass
        return self.undefined(obj=obj, name=argument)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        hold(tree)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "each", [], [], None, None, lineno=loop.lineno)
        return tree


@cache
def sandbox() -> PlainData:
    """The one environment. What it includes and extends lies in the shipped folder, and nowhere else."""
    made = PlainData(
        loader=FileSystemLoader(templates_folder() / "postmortem"),
        autoescape=False,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        optimized=False,  # nothing of a template runs before its budget is there
    )
    made.globals.clear()
    ours = {"duration": duration, "front_matter": _front_matter, "join": _join, "length": len, "linked": linked}
    made.filters = {**ours, "number": number, "people": as_markdown, "utc": utc_text, "each": _each}
    made.tests = {name: made.tests[name] for name in TESTS}
    return made


def compiled(text: str, name: str) -> Template:
    """A template out of a text. Raises TemplateSyntaxError with the line, RecursionError for one nested without end."""
    made = sandbox()
    return Template.from_code(made, made.compile(text, name, name), {})


def run(template: Template, values: Mapping[str, Any], *, trusted: bool) -> str:
    """What a template says. Raises TemplateError; TooMuch for one that is not trusted and goes too far."""
    with _budget(None if trusted else _Budget(TURNS_AT_MOST, time.monotonic() + SECONDS_AT_MOST)) as left:
        said: list[str] = []
        length = 0
        for piece in template.generate(values):
            length += len(piece)
            if left and length > CHARACTERS_AT_MOST:
                raise TooMuch(f"it says more than {CHARACTERS_AT_MOST} characters")
            said.append(piece)
        return "".join(said)


@contextmanager
def _budget(budget: _Budget | None) -> Iterator[_Budget | None]:
    token = _LEFT.set(budget)
    try:
        yield budget
    finally:
        _LEFT.reset(token)


def _each(value: object) -> Iterator[object]:
    if not isinstance(value, list | tuple | Mapping):
        raise TemplateRuntimeError("a loop goes over a list")
    left = _LEFT.get()
    for item in value:
        if left:
            left.turn()
        yield item


def _shown(value: object) -> str:
    left = _LEFT.get()
    if left:
        left.look()
    if isinstance(value, Trusted):
        return value
    if isinstance(value, Undefined):
        return str(value)  # it raises
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise TemplateRuntimeError("a list is not printed, its items are: loop over it")
    return escape_markdown(str(value))


def number(value: float | None, missing: str = "—") -> str:
    """`1,204`; a dash for what nobody knows."""
    return missing if value is None else f"{value:,}"


def linked(text: str, url: str) -> Trusted:
    """Words as a link in Markdown; alone where the address is empty or nothing that a browser should open."""
    words = escape_markdown(text or url)
    try:
        safe = urlsplit(url).scheme.lower() in SCHEMES
    except ValueError:
        safe = False
    return Trusted(f"[{words}]({quote(url.strip(), safe=IN_ADDRESSES)})") if safe else words


def _join(values: list[str], between: str = ", ") -> str:
    if not isinstance(values, list | tuple):
        raise TemplateRuntimeError("only a list is joined")
    if sum(len(str(value)) + len(between) for value in values) > CHARACTERS_AT_MOST:
        raise TooMuch(f"it says more than {CHARACTERS_AT_MOST} characters")
    return between.join(str(value) for value in values)


def _front_matter(fields: Mapping[str, str | int | bool | tuple[str, ...]]) -> Trusted:
    return Trusted(front_matter(fields))
