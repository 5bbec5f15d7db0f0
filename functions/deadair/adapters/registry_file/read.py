"""From the bytes of a registry file to validated rows, or every problem of the file at once.

Knows encodings, the file's outline and the rules between rows. Refuses to know tables.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from deadair.adapters.registry_file.located import Located, NotReadable, Place, locate
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.problems import Location, Problem, RegistryFileError, complaints

ROWS = "integrations"
# 5,000 full rows are some 12 MB.
SIZE_LIMIT = 50_000_000
OUTLINE = "begin with `integrations:` and write one `- slug: …` per integration below it"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row, and the line where it begins. `stated` are the fields that the file speaks of; None: of all of them."""

    row: Row
    line: int
    stated: frozenset[str] | None = None


def read_rows(data: bytes, name: str) -> list[ReadRow]:
    """All rows of a YAML file. `name` is how problems call it. Raises RegistryFileError with every problem."""
    try:
        found = locate(decoded(data))
    except NotReadable as unread:
        raise RegistryFileError([Problem(name, *unread.place, "", unread.message, unread.remedy)]) from None
    problems = [_repeated(name, *repeat) for repeat in found.repeated]
    found.value = {ROWS: _outline(found, name, problems)}
    return judged(found, name, problems)


def judged(
    found: Located, name: str, problems: list[Problem], *, said: Callable[[Problem], Problem] = lambda problem: problem
) -> list[ReadRow]:
    """The rows under `integrations`, held against the model and each other; `said` puts a problem into other words.

    Raises RegistryFileError with these problems and those that were found before.
    """
    raw = found.value[ROWS]
    rows: list[ReadRow] = []
    for i, fields in enumerate(raw):
        try:
            rows.append(ReadRow(Row.model_validate(fields), found.place((ROWS, i))[0]))
        except ValidationError as error:
            problems += map(said, _located(error, found, i, name))
    problems += map(said, _slug_twice(raw, found, name))
    if problems:
        raise RegistryFileError(problems)
    return rows


def decoded(data: bytes, *, utf_16: bool = False) -> str:
    """The text of a file, without its byte order mark. Raises NotReadable for any other encoding.

    `utf_16`: what Excel calls Unicode text is read too.
    """
    if len(data) > SIZE_LIMIT:
        raise NotReadable((0, 0), f"the file has {len(data)} bytes", f"keep it under {SIZE_LIMIT}, or split it")
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        if utf_16 and marked:
            return data.decode("utf-16")
        if marked or b"\x00" in data[:200]:
            raise NotReadable((1, 1), "the file is UTF-16 or binary", "save it as UTF-8")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8", "replace")
        place = (good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1)
        raise NotReadable(place, f"the byte 0x{data[error.start]:02X} is not UTF-8", "save the file as UTF-8") from None


def _outline(found: Located, name: str, problems: list[Problem]) -> list[object]:
    """The list under `integrations:`; anything else at the top is a problem."""
    top = found.value
    if not isinstance(top, dict):
        problems.append(Problem(name, *found.place(()), "", "the file is not a registry", OUTLINE))
        return []
    problems += [
        Problem(name, *found.place((key,), of_key=True), key, "there is no such field at the top", OUTLINE)
        for key in top
        if key != ROWS
    ]
    rows = top.get(ROWS)
    if not isinstance(rows, list) or not rows:
        what = "is missing" if (ROWS,) not in found.keys else "has no rows" if not rows else "is not a list"
        problems.append(Problem(name, *found.place((ROWS,)), ROWS, what, OUTLINE))
        return []
    return rows


def _located(error: ValidationError, found: Located, index: int, name: str) -> Iterable[Problem]:
    for said in complaints(error, Row):
        at: Location = (ROWS, index, *said.at)
        yield Problem(name, *found.place(at, of_key=said.at_key), _path(said.at), said.message, said.remedy)


def _path(at: Location) -> str:
    """`rate_limits[0].calls`; a row as a whole has no path."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at).lstrip(".")


def _repeated(name: str, at: Location, second: Place, first: Place) -> Problem:
    return Problem(name, *second, _path(at[2:]) or str(at[-1]), f"is there twice, first on line {first[0]}", "keep one")


def _slug_twice(raw: list[object], found: Located, name: str) -> Iterable[Problem]:
    seen: dict[str, Place] = {}
    for i, fields in enumerate(raw):
        slug = fields.get("slug") if isinstance(fields, dict) else None
        if not isinstance(slug, str):
            continue
        place = found.place((ROWS, i, "slug"))
        if slug.strip() in seen:
            first = seen[slug.strip()][0]
            yield Problem(
                name, *place, "slug", f"`{slug}` is on line {first} too", "give each integration its own slug"
            )
        seen.setdefault(slug.strip(), place)
