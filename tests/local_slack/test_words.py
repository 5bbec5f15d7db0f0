"""How typed words reach the app, how requests are signed, and how mrkdwn is read."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from deadair.adapters.slack.vocabulary import VERBS
from infra.local.slack import signing
from infra.local.slack.escaping import escape
from infra.local.slack.installed import USAGE_HINT
from infra.local.slack.people import UnfitPerson, names_of, person_from

STATIC = Path(signing.__file__).parent / "static"
ANA = person_from({"slack_id": "U0ANA", "name": "Ana Lima", "email": "ana.lima@example.com"})
ANABEL = person_from({"id": "U0ANABEL", "name": "Anabel Cruz", "email": "anabel@example.com"})
TYPED = [
    ("assign 42 @ana.lima please", "assign 42 <@U0ANA|ana.lima> please"),
    ("assign 42 @Ana Lima", "assign 42 <@U0ANA|ana.lima>"),
    ("to @ana, now", "to <@U0ANA|ana.lima>, now"),
    ("@anabel not @ana", "<@U0ANABEL|anabel> not <@U0ANA|ana.lima>"),
    ("@nobody", "@nobody"),
    ("mail ana@ana.lima", "mail ana@ana.lima"),
    ("in #incidents", "in <#C0INCIDENTS|incidents>"),
    ("#42 and #incidents-old", "#42 and #incidents-old"),
    ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
    ("<@U0BEN> <!channel>", "&lt;@U0BEN&gt; &lt;!channel&gt;"),
    ("see https://e.x/a?b=1&c=2.", "see <https://e.x/a?b=1&amp;c=2>."),
    ("東京で失敗 🔥", "東京で失敗 🔥"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "sent"), TYPED)
def test_typed_words_are_escaped_as_should_escape_says(typed: str, sent: str) -> None:
    """Names and channels become ids, the three signs become entities, nothing else changes."""
    assert escape(typed, names_of([ANA, ANABEL]), {"incidents": "C0INCIDENTS"}) == sent


def test_a_name_that_two_people_share_means_nobody() -> None:
    """A mention must never reach the wrong person."""
    other = person_from({"id": "U0ANA2", "name": "Ana Souza", "email": "ana.souza@example.com"})
    assert escape("@ana", names_of([ANA, other]), {}) == "@ana"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"id": "ana", "name": "Ana"}, "id"),
        ({"id": "U0ANA", "name": " "}, "name"),
        ({"id": "U0ANA", "name": "A", "tz": "Mars"}, "tz"),
    ],
)
def test_an_unfit_person_is_refused_with_the_field(row: dict[str, str], field: str) -> None:
    """The error names what to mend."""
    with pytest.raises(UnfitPerson, match=f"^{field}:"):
        person_from(row)


def test_slack_sdk_accepts_our_signature_and_nothing_else() -> None:
    """The verifier of Slack's own library is the judge."""
    body, now = "text=rotação&x=1".encode(), datetime.now(UTC)
    headers = signing.signed_headers("s3cret", body, "application/x-www-form-urlencoded", now)
    assert SignatureVerifier("s3cret").is_valid_request(body, headers)
    assert not SignatureVerifier("other").is_valid_request(body, headers)
    assert not SignatureVerifier("s3cret").is_valid_request(body + b"&", headers)


def read_by_the_page(*texts: str) -> list[list[dict[str, Any]]]:
    """Return what the page's own parser makes of *texts*."""
    script = f"""
      import {{ parse }} from {json.dumps((STATIC / "mrkdwn.js").as_uri())};
      process.stdout.write(JSON.stringify({json.dumps(texts)}.map(parse)));
    """
    node = Path(sys.executable).with_name("node")
    done = subprocess.run(
        [node, "--no-warnings", "--input-type=module", "-e", script], capture_output=True, check=True, timeout=20
    )
    trees: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return trees


def test_the_page_reads_mrkdwn_as_slack_does() -> None:
    """Marks, code, quotes, links, mentions, dates and entities each become one kind of node."""
    trees = read_by_the_page(
        "*b* _i_ ~s~ `c`",
        "2*3*4 a_b_c * x *",
        "<https://e.x/?a=1&amp;b|go>",
        "<@U0ANA> <#C0INCIDENTS|incidents> <!here>",
        "<!date^1392734382^{date_num} {time}|Feb 18>",
        "&lt;b&gt; &amp;lt;",
        "&gt; one\n> two\nthree",
        "x\n```\na <b> <https://e.x|l>\n```\ny",
        ":warning: :no_such:",
    )
    kinds = [[node["kind"] for node in tree] for tree in trees]
    assert kinds[0] == ["bold", "text", "italic", "text", "strike", "text", "code"]
    assert trees[1] == [{"kind": "text", "text": "2*3*4 a_b_c * x *"}]
    assert trees[2] == [{"kind": "link", "href": "https://e.x/?a=1&b", "text": "go"}]
    assert kinds[3] == ["user", "text", "channel", "text", "call"]
    assert trees[4] == [
        {"kind": "date", "unix": 1392734382, "format": "{date_num} {time}", "href": None, "fallback": "Feb 18"}
    ]
    assert trees[5] == [{"kind": "text", "text": "<b> &lt;"}]
    assert kinds[6] == ["quote", "text"]
    assert trees[7] == [
        {"kind": "text", "text": "x"},
        {"kind": "pre", "text": "a <b> l"},
        {"kind": "text", "text": "y"},
    ]
    assert kinds[8] == ["emoji", "text"]


def test_hostile_text_stays_text() -> None:
    """No tag, no script address and no constructor name ever becomes more than text."""
    hostile = (
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<javascript:alert(1)|click>",
        "<data:text/html,x|click>",
        ":constructor: :__proto__:",
    )
    for text, tree in zip(hostile, read_by_the_page(*hostile), strict=True):
        assert {node["kind"] for node in tree} == {"text"}
        assert "".join(node["text"] for node in tree) == text


def test_the_page_holds_no_inline_script_style_or_foreign_address() -> None:
    """The policy forbids them, so none may be written."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert "style=" not in page
    assert "<style" not in page
    assert " on" not in page.replace(" one", "").split("<body>")[0]
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "innerHTML" not in text, file.name
        assert "https://" not in text, file.name


def test_the_usage_hint_names_verbs_in_one_line() -> None:
    """As the app knows them, beginning with the one that tells all the others."""
    hinted = USAGE_HINT.split(" | ")

    assert set(hinted) <= set(VERBS)
    assert hinted[0] == "help"
    assert len(USAGE_HINT) <= 60
