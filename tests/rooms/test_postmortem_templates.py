"""Claims about templates of one's own: stored by command, looked for by name, and never in the way of publishing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.jinja.postmortem import Templates
from deadair.adapters.jinja.postmortem_templates import shipped_text
from deadair.adapters.jinja.postmortem_variables import sample
from deadair.adapters.s3.templates import TemplateBucket
from deadair.domain.standing_error import Kind, StandingError
from infra.target import Target
from tests.rooms.knowledge import Shelf
from tests.rooms.web_room import read, web
from tests.stack import Deadair, a_table_like
from web.surroundings import Surroundings

__all__ = ["web"]
pytestmark = pytest.mark.stack
NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
MINE = shipped_text("document").replace("# {{ title }}", "# Ours: {{ title }}")
# It passes the check: only an incident of nobody breaks it.
FRAGILE = MINE + '{% if owner == "Nobody" %}{{ owner|duration }}{% endif %}\n'


def told_of(**more: Any) -> dict[str, Any]:
    facts = [("Owner", "Ana Lima")]
    return {**sample("document", full=True), "facts": facts, "kind": "", "consent": False, **more}


class Room:
    """A bucket, a table of standing errors and a clock of one's own."""

    def __init__(self, stack: Target) -> None:
        self.bucket = TemplateBucket(stack.client("s3"), Shelf(stack).bucket)
        self.errors = StandingErrors(stack.client("dynamodb"), a_table_like(stack, "IncidentsTable"))
        self.now = NOW
        self.templates = self.another()

    def another(self) -> Templates:
        return Templates(self.bucket, self.errors, now=lambda: self.now)

    def after(self, **time: int) -> Templates:
        self.now += timedelta(**time)
        return self.templates

    def wrong(self) -> list[StandingError]:
        return self.errors.all()


@pytest.fixture
def room(stack: Target) -> Room:
    return Room(stack)


def test_a_template_of_the_bucket_takes_the_place_of_ours_within_a_minute_and_goes_again(room: Room) -> None:
    ours = room.templates.document(told_of())
    room.bucket.store("document", MINE)

    assert room.after(seconds=59).document(told_of()) == ours
    mine = room.after(seconds=2).document(told_of())
    assert "# Ours: HubSpot" in mine.markdown
    assert (mine.name, mine.digest == ours.digest) == ("document", False)

    room.bucket.remove("document")
    assert room.after(minutes=1).document(told_of()) == ours


def test_the_more_precise_one_of_ours_goes_before_a_general_one_of_the_bucket(room: Room) -> None:
    room.bucket.store("document", MINE)

    assert room.templates.document(told_of(severity="SEV1")).name == "sev1"


def test_a_broken_template_stops_nothing_stands_as_an_error_with_its_line_and_is_gone_when_mended(room: Room) -> None:
    room.bucket.store("document", MINE.replace("{% block links %}", "{{ txt }}{% block links %}"))
    room.bucket.store("sev1", "{% if %}")
    room.bucket.store("attic", "{% if %}")

    assert "# HubSpot" in room.templates.document(told_of()).markdown
    assert "## Detection gap" in room.templates.document(told_of(severity="SEV1")).markdown
    said = {error.name: error.text for error in room.wrong() if error.kind is Kind.TEMPLATE}
    assert set(said) == {"document", "sev1"}
    assert "line 13: there is no variable `txt`" in said["document"]
    assert "line 1:" in said["sev1"]

    room.bucket.store("document", MINE)
    room.bucket.remove("sev1")
    assert "# Ours" in room.after(minutes=1).document(told_of()).markdown
    assert room.wrong() == []


def test_one_that_breaks_with_an_incident_stands_until_it_is_changed_whoever_looks(room: Room) -> None:
    room.bucket.store("document", FRAGILE)

    assert "# HubSpot" in room.templates.document(told_of(owner="Nobody")).markdown
    assert "# Ours" in room.another().document(told_of()).markdown
    (error,) = room.wrong()
    assert "(with INC-42)" in error.text

    room.bucket.store("document", MINE)
    assert "# Ours" in room.after(minutes=1).document(told_of(owner="Nobody")).markdown
    assert room.wrong() == []


def test_a_bucket_that_does_not_answer_leaves_what_was_known(room: Room, stack: Target) -> None:
    room.bucket.store("document", MINE)
    room.templates.document(told_of())
    room.bucket.objects.bucket = "deadair-nowhere"

    assert "# Ours" in room.after(minutes=5).document(told_of()).markdown
    assert "# HubSpot" in room.another().document(told_of()).markdown


def test_what_is_no_text_is_a_fault_like_any_other(room: Room) -> None:
    room.bucket.objects.put("templates/postmortem/document.md", b"\xff\xfe# x", "text/markdown")

    assert "# HubSpot" in room.templates.document(told_of()).markdown
    assert "not UTF-8" in room.wrong()[0].text


def test_a_suggestion_of_ones_own_may_say_what_is_declared(room: Room) -> None:
    room.bucket.store("suggested/what_fixed", "{% if fix %}We did: {{ fix }}{% endif %}\n")

    assert room.templates.suggestion("what_fixed", {"fix": "*new* token"}) == "We did: \\*new\\* token"


@pytest.fixture
def tidy(stack: Target) -> Iterator[TemplateBucket]:
    """The session's own bucket, without templates afterwards."""
    bucket = TemplateBucket(stack.client("s3"), stack.outputs["KnowledgeBucket"])
    yield bucket
    for name in bucket.tags():
        bucket.remove(name)


def test_a_template_is_stored_by_command_only_when_nothing_is_wrong_with_it(
    deadair: Deadair, tidy: TemplateBucket, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    # A name that no other claim publishes under.
    good.write_text(MINE, "utf-8")
    bad.write_text(f"{MINE}\n{{{{ txt }}}}\n", "utf-8")

    status, said, _ = deadair("templates", "store", bad, "--as", "on_demand-sev4", "--json")
    told = json.loads(said)
    assert (status, told["stored"]) == (1, False)
    assert told["faults"][0]["line"] == MINE.count("\n") + 2
    assert told["faults"][0]["remedy"]
    assert tidy.tags() == {}

    assert deadair("templates", "store", good, "--as", "on_demand-sev4")[0] == 0
    assert tidy.read("on_demand-sev4").decode() == MINE
    listed = {one["name"]: one for one in json.loads(deadair("templates", "list", "--json")[1])}
    assert (listed["on_demand-sev4"]["source"], listed["document"]["source"]) == ("bucket", "shipped")

    assert deadair("templates", "remove", "on_demand-sev4")[0] == 0
    assert deadair("templates", "remove", "on_demand-sev4")[0] == 1
    assert deadair("templates", "store", good, "--as", "../document")[0] == 1
    assert tidy.tags() == {}


def test_the_page_lists_what_is_in_use_what_is_wrong_and_every_variable(web: Surroundings) -> None:
    bucket = TemplateBucket(web.client("s3"), web.settings.knowledge_bucket)
    bucket.store("batch", "{{ <script>alert(1)</script> }}")
    page = read(web, "/templates")["body"]

    assert "Not used:" in page
    assert "<script>alert" not in page
    assert page.count("<code>document</code>") == 2
    assert "timeline[].text" in page
    told = json.loads(read(web, "/templates.json")["body"])
    assert {one["name"] for one in told["variables"]["document"]} >= {"title", "questions[].answer"}
    assert next(one for one in told["templates"] if one["name"] == "batch")["fault"].startswith("line 1")
