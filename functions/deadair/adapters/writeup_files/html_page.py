"""A page that a wiki or an editor exported as HTML: its fields, and its words as Markdown. Nothing in it is obeyed.

Knows how Confluence, Notion and Google Docs say title and date, and `<meta name="date">` for all others. Refuses
scripts, styles, frames, forms, images and every address that is not http, https or mailto: they are left out.
"""

import re
from typing import Any

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import markdownify

from deadair.adapters.writeup_files.fields import FIELDS, named
from deadair.adapters.writeup_files.writeup import Fault

# Where each kind of export keeps its words, the best first.
BODIES = ("#main-content", ".wiki-content", ".page-body", "article", "main", "body")
TITLES = ("#title-text", ".page-title", "h1", "title")
# Names under which pages keep the date of what they tell, the best first.
DATES = ("date", "incident_date", "article_published_time", "dcterms_date", "dc_date", "dcterms_created", "created")
AT_MOST = 5_000_000
BODY_AT_MOST = 1_000_000
WORDED = {"a", "b", "blockquote", "br", "code", "del", "em", "hr", "i", "li", "ol", "p", "pre", "s", "strong", "ul"} | {
    *("table", "thead", "tbody", "tr", "th", "td", "div", "span"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
# Whose inside is no words of the page.
UNWORDED = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "select", "textarea"}
WEB = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
WRITTEN_ON = re.compile(r"\bon\s+([A-Z][a-z]{2,8} \d{1,2}, \d{4})")
BLANK_LINES = re.compile(r"\n{3,}")


def read(text: str) -> tuple[dict[str, Any], str]:
    """The page's fields by name, and its words as Markdown. Raises Fault."""
    try:
        soup = BeautifulSoup(text, "html.parser")
        told = _fields(soup)
        return told, _markdown(soup, str(told.get("title", "")))
    except RecursionError as error:
        raise Fault("file", "its elements are nested too deeply", "Export it again, or save it as Markdown.") from error


def _fields(soup: BeautifulSoup) -> dict[str, Any]:
    told = {**_properties(soup), **_metas(soup)}
    found = {name: told[name] for name in told if name in FIELDS}
    date = next((told[name] for name in DATES if told.get(name)), "") or _time(soup) or _written_on(soup)
    return found | {"title": found.get("title") or _title(soup), "date": date}


def _metas(soup: BeautifulSoup) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        name, content = meta.get("name") or meta.get("property"), meta.get("content")
        if isinstance(name, str) and isinstance(content, str) and content.strip():
            pairs.setdefault(name, content)
    return _by_name(pairs)


def _properties(soup: BeautifulSoup) -> dict[str, str]:
    """The table of properties above a page of Notion, or above one of Confluence with page properties."""
    rows = soup.select("table.properties tr, .plugin-tabmeta-details tr")
    pairs: dict[str, str] = {}
    for row in rows:
        head, value = row.find("th"), row.find("td")
        if isinstance(head, Tag) and isinstance(value, Tag):
            pairs.setdefault(_text(head), ", ".join(value.stripped_strings))
    return _by_name(pairs)


def _by_name(pairs: dict[str, str]) -> dict[str, str]:
    plain = {"_".join(re.findall(r"\w+", name.lower())): value for name, value in pairs.items()}
    return {name: plain[name] for name in DATES if name in plain} | named(pairs)


def _title(soup: BeautifulSoup) -> str:
    for place in TITLES:
        found = soup.select_one(place)
        text = _text(found) if found else ""
        if text:
            # Confluence puts the space's name in front.
            return text.partition(" : ")[2] or text if place in {"#title-text", "title"} else text
    return ""


def _time(soup: BeautifulSoup) -> str:
    found = soup.find("time")
    if not isinstance(found, Tag):
        return ""
    at = found.get("datetime")
    return at if isinstance(at, str) and at.strip() else _text(found)


def _written_on(soup: BeautifulSoup) -> str:
    place = soup.select_one(".page-metadata")
    found = WRITTEN_ON.search(_text(place)) if place else None
    return found[1] if found else ""


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _markdown(soup: BeautifulSoup, title: str) -> str:
    body = next((found for place in BODIES if (found := soup.select_one(place))), soup)
    for image in body.find_all("img"):
        image.replace_with(str(image.get("alt") or ""))
    for link in body.find_all("a"):
        if not WEB.match(str(link.get("href") or "")):
            link.unwrap()
    first = body.find("h1")
    if isinstance(first, Tag) and _text(first) == title:
        first.decompose()
    clean = nh3.clean(
        str(body),
        tags=WORDED,
        attributes={"a": {"href"}},
        clean_content_tags=UNWORDED,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    text = markdownify(clean, heading_style="ATX", bullets="-", escape_misc=True, autolinks=False)
    told = BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()
    if len(told) > BODY_AT_MOST:
        raise Fault("file", f"its words have {len(told):,} characters", f"Keep them under {BODY_AT_MOST:,}.")
    return told
