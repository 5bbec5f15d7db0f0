"""A folder of old postmortems, or one file: each a write-up or the reason why not.

Operators' code only. Tells the kinds of files apart. Refuses to let one file stop its neighbours.
"""

from collections.abc import Iterator
from pathlib import Path

from deadair.adapters.writeup_files import html_page, links_csv
from deadair.adapters.writeup_files.encoding import is_binary, text_of
from deadair.adapters.writeup_files.fields import TITLE_AT_MOST, named, writeup
from deadair.adapters.writeup_files.front_matter import Unreadable, split
from deadair.adapters.writeup_files.headings import first_heading
from deadair.adapters.writeup_files.writeup import Fault, Refused, Writeup

MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
HTML = frozenset({".html", ".htm", ".xhtml"})
CSV = frozenset({".csv", ".tsv"})
# Files that live beside write-ups; with fields of their own they count as one all the same.
BESIDE = {"readme", "index", "contributing", "license", "changelog", "code_of_conduct"}
AT_MOST = {**dict.fromkeys(MARKDOWN, 1_000_000), **dict.fromkeys(HTML | CSV, html_page.AT_MOST)}
Read = Writeup | Refused


def read_path(path: Path) -> Iterator[Read]:
    """One file, or every Markdown and HTML file and every list of links under a folder, by name.

    Hidden ones are left out, and in a folder READMEs without a head and CSV files that hold no addresses.
    """
    taken: dict[str, str] = {}
    for read in _read_all(path):
        if isinstance(read, Writeup) and read.id in taken:
            reason = f"`{read.id}` is the id of {taken[read.id]} as well"
            yield Refused(read.file, "id", reason, "Give each its own id.", read.line)
            continue
        if isinstance(read, Writeup):
            taken[read.id] = read.place
        yield read


def _read_all(path: Path) -> Iterator[Read]:
    if path.is_file():
        yield from read_files(path, path.name)
        return
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in AT_MOST and file.is_file())
    for file in files:
        name = file.relative_to(path).as_posix()
        if not any(part.startswith(".") for part in Path(name).parts) and not _is_beside(file):
            yield from read_files(file, name)


def read_files(file: Path, name: str) -> Iterator[Read]:
    """What stands in one file: one write-up, or as many as a list has rows. `name` is how the person is told of it."""
    try:
        text = _text(file)
        if file.suffix.lower() in CSV:
            yield from links_csv.read(text, name)
        else:
            yield _page(text, name, file.stem) if file.suffix.lower() in HTML else _markdown(text, name, file.stem)
    except Fault as fault:
        yield Refused(name, *fault.told)
    except Unreadable as fault:
        yield Refused(name, "front matter", fault.reason, fault.remedy)
    except OSError as fault:
        yield Refused(name, "file", f"it cannot be read: {fault.strerror}", "Look at its permissions.")


def _text(file: Path) -> str:
    at_most = AT_MOST.get(file.suffix.lower())
    if at_most is None:
        raise Fault("file", "it is neither Markdown, HTML nor CSV", "Name a .md, .html or .csv file, or a folder.")
    size = file.stat().st_size
    if size > at_most:
        raise Fault("file", f"it has {size:,} bytes", f"Keep it under {at_most:,} bytes; attach logs elsewhere.")
    raw = file.read_bytes()
    if is_binary(raw):
        raise Fault("file", "it is no text", "Export it as Markdown or HTML.")
    return text_of(raw)


def _markdown(text: str, name: str, stem: str) -> Writeup:
    head, body = split(text)
    told = named(head)
    if not told.get("title"):
        told["title"] = first_heading(body)[:TITLE_AT_MOST]
    return writeup(told, lambda field: f"Add `{field}` to the front matter.", file=name, stem=stem, body=body)


def _page(text: str, name: str, stem: str) -> Writeup:
    told, body = html_page.read(text)

    def how(field: str) -> str:
        wanted, _, value = field.partition(": ")
        return f'Add `<meta name="{wanted}" content="{value}">` to the head of the page.'

    told["title"] = str(told["title"])[:TITLE_AT_MOST]
    return writeup(told, how, file=name, stem=stem, body=body)


def _is_beside(file: Path) -> bool:
    """Whether a file of a folder only accompanies the write-ups: a README, an index of pages, an attached table."""
    ending, lonely = file.suffix.lower(), file.stem.lower() in BESIDE
    if ending in CSV:
        return "url" not in _columns(file)
    if ending in HTML:
        return lonely
    return lonely and not _has_head(file)


def _columns(file: Path) -> list[str]:
    try:
        return links_csv.columns(_text(file))
    except (Fault, OSError):
        return []


def _has_head(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(8).lstrip(b"\xef\xbb\xbf").startswith(b"---")
    except OSError:
        return False
