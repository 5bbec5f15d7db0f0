"""Claims about old postmortems that a wiki exported as HTML: what is understood, and what is left out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.adapters.jinja.markdown import markdown
from deadair.adapters.writeup_files import Refused, Writeup, read_path

CONFLUENCE = """<!DOCTYPE html><html><head><title>RevOps : Leads lost on Monday</title>
<meta charset="utf-8"><link rel="stylesheet" href="styles/site.css"></head>
<body class="theme-default aui-theme-default"><div id="page"><div id="main">
<div id="main-header"><h1 id="title-heading" class="pagetitle"><span id="title-text"> RevOps : Leads lost on Monday
</span></h1></div>
<div id="content" class="view"><div class="page-metadata"> Created by <span class='author'> Ana Lima</span>, last
modified on Feb 03, 2024 </div>
<div id="main-content" class="wiki-content group"><h2 id="x">What broke?</h2><p>The <strong>token</strong> ran out, see
<a href="https://status.example/7">the notice</a> and <a href="Other-Page_123.html">our other page</a>.</p>
<div class="plugin-tabmeta-details"><table class="wrapped"><tbody><tr><th>Severity</th><td>SEV2</td></tr>
<tr><th>Owner</th><td>Bo Chen</td></tr></tbody></table></div>
<pre class="syntaxhighlighter-pre">401 INVALID_SESSION_ID</pre>
<table><tbody><tr><th>UTC</th><th>what</th></tr><tr><td>10:42</td><td>alarm</td></tr></tbody></table>
</div></div></div></div></body></html>"""

NOTION = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"/><title>No orders</title>
<style>.page{color:red}</style></head><body><article id="1"><header><h1 class="page-title">No orders</h1>
<table class="properties"><tbody><tr class="property-row property-row-date"><th>Incident date</th>
<td><time>@January 5, 2024 10:32 AM</time></td></tr><tr><th>Tags</th><td><span>webhook</span><span>shop</span></td></tr>
<tr><th>Failure class</th><td>Webhook</td></tr></tbody></table></header>
<div class="page-body"><p>Deliveries were <em>switched off</em>.</p><ul><li>one</li><li>two</li></ul></div></article>
</body></html>"""


def told(folder: Path, page: str | bytes, name: str = "a-page.html") -> Writeup | Refused:
    file = folder / name
    file.write_bytes(page if isinstance(page, bytes) else page.encode())
    (read,) = read_path(file)
    return read


def accepted(folder: Path, page: str | bytes) -> Writeup:
    read = told(folder, page)
    assert isinstance(read, Writeup), read
    return read


def a_page(body: str, head: str = "") -> str:
    return f"<html><head><title>T</title><meta name='date' content='2024-02-03'>{head}</head><body>{body}</body></html>"


def test_a_page_of_confluence_is_read(tmp_path: Path) -> None:
    read = accepted(tmp_path, CONFLUENCE)

    assert (read.id, read.title, read.date) == ("a-page", "Leads lost on Monday", datetime(2024, 2, 3, tzinfo=UTC))
    assert (read.severity, read.owner) == ("SEV2", "Bo Chen")
    assert read.body.startswith("## What broke?\n\nThe **token** ran out")
    assert "[the notice](https://status.example/7) and our other page." in read.body
    assert "```\n401 INVALID_SESSION_ID\n```" in read.body
    assert "| 10:42 | alarm |" in read.body
    assert "Created by" not in read.body


def test_a_page_of_notion_is_read(tmp_path: Path) -> None:
    read = accepted(tmp_path, NOTION)

    assert (read.title, read.date, read.tags) == ("No orders", datetime(2024, 1, 5, tzinfo=UTC), ("webhook", "shop"))
    assert read.failure_class == "webhook"
    assert read.body == "Deliveries were *switched off*.\n\n- one\n- two"


def test_any_other_page_says_its_fields_in_its_head(tmp_path: Path) -> None:
    head = "<meta name='integration' content='web-leads'><meta name='consent' content='yes'>"
    read = accepted(tmp_path, a_page("<h1>Forms gone</h1><p>All of them.</p>", head))

    assert (read.title, read.integration, read.consent, read.body) == ("Forms gone", "web-leads", True, "All of them.")


def test_a_time_element_is_the_date_where_the_head_says_none(tmp_path: Path) -> None:
    read = accepted(tmp_path, "<title>T</title><p>On <time datetime='2023-05-06T10:00:00+02:00'>6 May</time>.</p>")

    assert read.date == datetime(2023, 5, 6, 8, tzinfo=UTC)


def test_a_page_without_a_date_is_refused_and_says_where_to_write_it(tmp_path: Path) -> None:
    read = told(tmp_path, "<title>T</title><p>x</p>")

    assert isinstance(read, Refused)
    assert (read.field, '<meta name="date"' in read.remedy) == ("date", True)


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>press</a>",
        "<a href=' java\tscript:alert(1)'>press</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>press</a>",
        "<a href='//evil.example/x'>press</a>",
        "<iframe src='https://evil.example'>alert(1)</iframe>",
        "<object data='x'>alert(1)</object><svg onload=alert(1)><text>alert(1)</text></svg>",
        "<style>@import 'https://evil.example'</style><form action='https://evil.example'><input name=alert></form>",
        "<p onclick='alert(1)' style='background:url(https://evil.example)'>press</p>",
        "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<template><script>alert(1)</script></template><noscript><img src=https://evil.example/></noscript>",
    ],
)
def test_fault_36_nothing_of_a_page_is_obeyed(tmp_path: Path, nasty: str) -> None:
    read = accepted(tmp_path, a_page(f"<p>before</p>{nasty}<p>after</p>"))

    assert "before" in read.body
    assert "after" in read.body
    for word in ("alert(1)", "evil.example", "onerror", "javascript", "<"):
        assert word not in read.body


def test_fault_36_words_of_a_page_that_look_like_markup_stay_words(tmp_path: Path) -> None:
    page = a_page("<p>&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1)) {{ 7*7 }} # no heading *s*</p>")
    html = markdown(accepted(tmp_path, page).body)

    assert "<script>" not in html
    assert "<a " not in html
    assert "<em>" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "{{ 7*7 }}" in html


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("<title>Café</title><meta name=date content=2024-01-01>".encode("utf-16"), "Café"),
        ("<title>Café</title><meta name=date content=2024-01-01>".encode("latin-1"), "Café"),
        (
            "<meta charset=iso-8859-2><title>Łódź</title><meta name=date content=2024-01-01>".encode("iso-8859-2"),
            "Łódź",
        ),
        ('<meta charset="rot13"><title>é</title><meta name=date content=2024-01-01>'.encode("latin-1"), "é"),
        (b"\xef\xbb\xbf<title>T</title>\r\n<meta name=date content=2024-01-01>\r\n", "T"),
    ],
    ids=["UTF-16", "Latin-1", "declared", "declared nonsense", "byte order mark"],
)
def test_any_encoding_that_a_page_declares_is_understood(tmp_path: Path, raw: bytes, title: str) -> None:
    assert accepted(tmp_path, raw).title == title


@pytest.mark.parametrize(
    "page",
    [
        a_page("<div>" * 20_000 + "x"),
        a_page("x" * 1_000_001),
        "x" * 5_000_001,
        b"%PDF-1.7 \x00\x01",
        b"PK\x03\x04 a document of another kind",
    ],
    ids=["nested without end", "too many words", "too large", "a PDF", "an archive"],
)
def test_what_is_no_page_is_refused_as_a_file(tmp_path: Path, page: str | bytes) -> None:
    read = told(tmp_path, page)

    assert isinstance(read, Refused)
    assert read.field == "file"
    assert read.remedy


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300) | st.text("<>/ab='\" ", max_size=300))
def test_any_text_is_a_write_up_or_a_reason(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    read = told(tmp_path_factory.getbasetemp(), a_page(text).encode("utf-8", "ignore"))

    if isinstance(read, Writeup):
        assert "<script" not in markdown(read.body)
