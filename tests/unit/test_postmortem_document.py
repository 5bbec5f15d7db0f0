"""Claims about the document of a postmortem: what it says, and that hostile text in it stays text."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import yaml

from deadair.adapters.jinja.markdown import markdown
from deadair.adapters.jinja.times import date_text
from deadair.domain.alarm import AlarmState, Signal
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.diagnosed import Confidence, Diagnosed
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus
from deadair.domain.severity import FailureClass
from deadair.domain.stages import Status
from deadair.domain.timeline import Entry, Fact, Source
from deadair.usecases.beside import Beside
from deadair.usecases.render_postmortem import render
from deadair.usecases.suggest import suggestions
from tests.builders import an_incident, at

HOSTILE = "</td><script>alert(1)</script>|\n---\nevil: true\n---\n# x ![p](https://t.example/p) {{ 7*7 }} \u202e`"


def resolved(**more: Any) -> Incident:
    """Started at noon, found 12 minutes later, taken after 3 more, resolved after an hour and a half."""
    given: dict[str, Any] = {
        "started_at": at(0),
        "detected_at": at(12),
        "acknowledged_at": at(15),
        "acknowledged_by": "Ana Lima",
        "resolved_at": at(90),
        "resolved_by": "Ana Lima",
        "status": Status.RESOLVED,
        "fix": "Reauthorised the connecting user",
        "likely": FailureClass.AUTH,
        "signal": Signal.SILENCE,
    }
    return an_incident(**given | more)


def published(text: str = "Two **plain** sentences.") -> Postmortem:
    answers = dict.fromkeys(QUESTIONS, text)
    return Postmortem(
        incident="INC-42", status=PostmortemStatus.PUBLISHED, answers=answers, published_at=at(200), version=1, edit=7
    )


def entry(text: str = "Asked the vendor.", author: str = "Ana Lima") -> Entry:
    return Entry("INC-42", "e1", Fact.NOTED, at(20), at(20), author, Source.SLACK, text)


def rendered(incident: Incident | None = None, answer: str = "Two **plain** sentences.") -> dict[str, Any]:
    return render(incident or resolved(), published(answer), [entry()])


def front_matter_of(told: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(told["markdown"].split("\n---\n")[0].removeprefix("---\n"))
    return read


def test_the_document_holds_the_five_questions_in_order_the_facts_and_the_timeline() -> None:
    told = rendered()

    places = [told["markdown"].index(f"## {question}") for question in QUESTIONS.values()]
    assert places == sorted(places)
    assert [question["key"] for question in told["questions"]] == list(QUESTIONS)
    facts = dict(told["facts"])
    assert (facts["Time to detect"], facts["Time to acknowledge"], facts["Time to resolve"]) == (
        "12 min",
        "3 min",
        "1 h 30 min",
    )
    assert "Time to mitigate" not in facts
    assert "Asked the vendor." in told["html"]
    assert "<strong>plain</strong>" in told["html"]


def test_the_summary_says_how_long_and_how_it_was_noticed() -> None:
    assert rendered()["summary"] == "HubSpot → Salesforce did not do its job for 1 h 30 min. It was found after 12 min."


def test_milestones_are_data_with_the_time_that_each_took() -> None:
    assert [(step["name"], step["took_s"]) for step in rendered()["milestones"]] == [
        ("started", None),
        ("detected", 720),
        ("acknowledged", 180),
        ("resolved", 4500),
    ]


def test_the_whole_document_is_json() -> None:
    told = rendered()

    assert json.loads(json.dumps(told))["durations_s"]["to_resolve"] == 5400


def test_a_hostile_title_integration_author_or_note_stays_text_in_every_form() -> None:
    incident = resolved(integration_name=HOSTILE, fix=HOSTILE)
    told = render(incident, published(), [entry(HOSTILE, HOSTILE)])

    assert set(front_matter_of(told)) <= {
        "id",
        "title",
        "date",
        "integration",
        "owner",
        "severity",
        "failure_class",
        "vendor",
        "detected_by",
        "version",
    }
    assert front_matter_of(told)["title"] == incident.title
    body = told["markdown"].split("\n---\n", 1)[1]
    for html in (told["html"], str(markdown(body))):
        assert "<script" not in html
        assert "<img" not in html
    assert str(markdown(body)).count("<tr>") == str(markdown(rendered()["markdown"].split("\n---\n", 1)[1])).count(
        "<tr>"
    )
    assert "49" not in told["html"]


def test_an_answer_cannot_swallow_the_questions_after_it() -> None:
    told = rendered(answer="~~~~\nnever closed <script>")

    shown = str(markdown(told["markdown"].split("\n---\n", 1)[1]))
    assert all(question in shown.replace("<pre>", "") for question in QUESTIONS.values())
    assert shown.count("<h2") + shown.count("<h3") + shown.count("<h4") >= len(QUESTIONS)


def test_entries_about_the_postmortem_itself_are_no_part_of_the_story() -> None:
    told = render(
        resolved(), published(), [entry(), replace(entry("Postmortem drafted."), fact=Fact.POSTMORTEM_DRAFTED)]
    )

    assert [line["text"] for line in told["timeline"]] == ["Asked the vendor."]


def test_each_question_is_suggested_from_what_the_data_know() -> None:
    alarm = AlarmOnIncident("hubspot-salesforce-silence", AlarmState.OK, at(80), at(12), Signal.SILENCE)
    told = suggestions(resolved(alarms={"a": alarm}))

    assert list(told) == [*QUESTIONS, "summary"]
    assert told["when_started"] == "2026-11-02 12:00 UTC, 12 min before the alarm."
    assert told["how_detected"] == (
        "The alarm hubspot-salesforce-silence on missing data at 2026-11-02 12:12 UTC, 12 min after it started. "
        "Ana Lima had it 3 min later."
    )
    assert told["what_fixed"] == "Reauthorised the connecting user"
    assert "expiry date" in told["what_earlier"]
    assert "authentication" in told["what_broke"]


def test_what_nobody_knows_is_not_suggested() -> None:
    told = suggestions(resolved(fix="", likely=FailureClass.UNKNOWN))

    assert "what_fixed" not in told
    assert "what_earlier" not in told


def test_an_alarm_that_fired_at_the_start_says_so() -> None:
    assert suggestions(resolved(started_at=at(12)))["when_started"].endswith("as the alarm fired.")


def test_what_was_over_as_it_began_took_no_time_and_no_dash() -> None:
    over = resolved().resolved_at

    assert "do its job: " in suggestions(resolved(started_at=over, detected_at=over))["summary"]


@pytest.mark.parametrize("failure_class", [c for c in FailureClass if c is not FailureClass.UNKNOWN])
def test_every_failure_class_knows_what_would_have_caught_it(failure_class: FailureClass) -> None:
    assert suggestions(resolved(likely=failure_class))["what_earlier"]


def test_a_long_outage_is_told_in_days() -> None:
    told = rendered(resolved(resolved_at=at(0) + timedelta(days=3, hours=4)))

    assert "for 3 d 4 h" in told["summary"]


def test_a_file_says_the_year_of_every_time_since_no_script_moves_them() -> None:
    file = str(render(resolved(), published(), [entry()])["html"])

    assert "data-local" not in file
    assert f">{date_text(at(0))}, {at(0):%H:%M} UTC</time>" in file


def test_a_process_that_ends_with_a_full_stop_is_suggested_with_one() -> None:
    found = Diagnosed(
        failure_class=FailureClass.AUTH, confidence=Confidence.LOW, process="Sales calls them within the hour."
    )

    said = suggestions(resolved(), Beside(found=found))

    assert "within the hour.\n" in said["impact"] + "\n"
    assert "hour.." not in said["impact"]
