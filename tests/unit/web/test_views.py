"""Claims about what the pages show."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from deadair.domain.alarm import Signal
from deadair.domain.diagnosed import Confidence, Diagnosed, LogError, NearChange
from deadair.domain.expiry import credential
from deadair.domain.flags import flags
from deadair.domain.holding import Hold
from deadair.domain.ownership import Integration, Person
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Status
from deadair.usecases.own_clock import Clock
from tests.builders import ANA
from tests.rooms.web_site import JURGEN, believable, story
from web.call import render
from web.views import first_minutes
from web.views import incidents as views
from web.views.document import when
from web.views.integrations import in_order, runbook_link, words
from web.views.postmortems import (
    chips,
    choices,
    page_of,
    ways_out,
)
from web.views.signal_line import signal_line
from web.views.who_next import Next

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
OPEN = believable(42, "hubspot-salesforce", "HubSpot → Salesforce", NOW - timedelta(hours=2), Signal.SILENCE)
OVER = believable(
    41, "hubspot-salesforce", "HubSpot → Salesforce", NOW - timedelta(days=1), Signal.SILENCE, status=Status.RESOLVED
)


def test_milestones_tell_how_long_each_step_took() -> None:
    took = {step.key: step.took for step in views.milestones(OVER)}

    assert took["detected"] == timedelta(minutes=6)
    assert took["acknowledged"] == timedelta(minutes=4)
    assert took["resolved"] == timedelta(minutes=91)


def test_milestones_ahead_have_no_time_and_a_skipped_one_is_left_out() -> None:
    assert [step.key for step in views.milestones(OPEN) if step.at is None] == ["acknowledged", "mitigated", "resolved"]
    assert "mitigated" not in [step.key for step in views.milestones(OVER)]


@pytest.mark.parametrize("status", list(Status))
def test_every_state_offers_verbs_and_always_a_note(status: Status) -> None:
    assert "note" in views.VERBS[status]


def test_an_open_incident_runs_out_of_the_picture_and_a_resolved_one_comes_back() -> None:
    assert signal_line(OPEN, NOW).after == ""
    assert signal_line(OVER, NOW).after
    assert [tick.key for tick in signal_line(OVER, NOW).ticks] == ["started", "detected", "acknowledged", "resolved"]


def test_an_entry_written_down_late_says_so_but_an_alarm_does_not() -> None:
    first, *_ = story(OVER)

    assert all(line.late is None for line in views.timeline([first]))


@pytest.mark.parametrize(("contact", "names"), [({"name": "Cat"}, ["Jürgen Weiß", "Cat"]), ("Cat", ["Jürgen Weiß"])])
def test_who_stands_by_is_said_whatever_a_row_has_for_a_contact(contact: object, names: list[str]) -> None:
    row = Integration("a", "A", ANA, deputy=JURGEN, row={"escalation": contact})

    assert views.standing_by(row, ANA) == names


def test_filters_take_an_owner_by_name_or_address_in_any_case() -> None:
    assert views.wanted(OPEN, {"owner": "ana LIMA"})
    assert views.wanted(OPEN, {"owner": "ana.lima@example.com", "severity": "SEV2"})
    assert not views.wanted(OPEN, {"severity": "SEV1"})


def test_a_facet_adds_itself_to_the_address_and_takes_itself_away() -> None:
    facets = {"severity": [("SEV1", 3), ("SEV2", 1)]}
    first = choices(facets, "token", {})["severity"][0]
    chosen = choices(facets, "token", {"severity": "SEV1"})["severity"][0]

    assert first.href == "/postmortems?q=token&severity=SEV1"
    assert (chosen.chosen, chosen.href) == (True, "/postmortems?q=token")
    assert chips("token", {"severity": "SEV1"})[0].href == "/postmortems?q=token"


@pytest.mark.parametrize(("text", "page"), [("", 1), ("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("٣", 1), ("99999", 500)])
def test_a_page_is_always_a_page(text: str, page: int) -> None:
    assert page_of({"page": text}) == page


def test_a_search_that_finds_nothing_says_what_to_leave_out_and_how_many_that_would_find() -> None:
    finds = {("token", "", "SEV1"): 0, ("token", "auth", ""): 2, ("", "auth", "SEV1"): 5}

    def total(query: str, filters: dict[str, str]) -> int:
        return finds[query, filters["failure_class"], filters["severity"]]

    found = ways_out("token", {"failure_class": "auth", "severity": "SEV1"}, total)
    assert [(one.facet, one.total) for one in found] == [("q", 5), ("severity", 2)]
    assert found[0].href == "/postmortems?failure_class=auth&severity=SEV1"


@pytest.mark.parametrize("value", [None, 3, "yesterday", "2026-11-20T10:00:00"])
def test_a_time_of_a_document_that_is_none_is_left_out(value: object) -> None:
    assert when(value) is None


def test_a_runbook_that_is_no_web_address_is_no_link() -> None:
    assert runbook_link("javascript:alert(1)") == ""
    assert runbook_link("https://wiki.example.com") == "https://wiki.example.com"


def test_credential_days_are_counted_and_an_unknown_date_is_said() -> None:
    row = Integration("a", "A", ANA, row={"credential": {"kind": "token", "expires_on": "2026-12-01"}})

    assert (credential(row, NOW).days, credential(row, NOW).urgency) == (11, "soon")
    assert credential(Integration("a", "A", ANA), NOW).urgency == "unknown"
    assert credential(Integration("a", "A", ANA, row={"credential": {"expires_on": "soon"}}), NOW).days is None


def test_integrations_that_are_down_come_first() -> None:
    listed = [Integration("a", "A", ANA), Integration("hubspot-salesforce", "Z", ANA)]

    assert [row.name for row, _ in in_order(listed, [OPEN], {})] == ["Z", "A"]


def test_the_list_is_filtered_by_words_and_by_owner_and_finds_who_needs_one() -> None:
    listed = [
        Integration("a-b", "Ads", ANA, source="Snowflake"),
        Integration("c-d", "Crm", Person("Bo", "bo@example.com")),
        Integration("e-f", "Erp", Person("")),
    ]

    def found(**filters: str) -> list[str]:
        return [row.slug for row, _ in in_order(listed, [], filters)]

    assert found(q="ADS snow") == ["a-b"]
    assert found(owner="BO@example.com") == found(owner="bo") == ["c-d"]
    assert found(owner="nobody") == ["e-f"]
    assert found(q="a", owner="nobody") == []


def test_nested_values_of_a_row_are_one_line() -> None:
    assert words({"a": [1, 2], "b": None, "c": {"d": "x"}}) == "a 1, 2 · c d x"


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e{{ 7*7 }} **b**'


DIAGNOSED = Diagnosed(
    failure_class=FailureClass.AUTH,
    confidence=Confidence.HIGH,
    evidence=(HOSTILE,),
    log_errors=(LogError(HOSTILE, 3),),
    last_good_at=NOW - timedelta(hours=2),
    missed_records=1200,
    missed_why=HOSTILE,
    affected=(HOSTILE,),
    process=HOSTILE,
    campaigns=(HOSTILE,),
    changes=(NearChange(NOW - timedelta(hours=3), "deploy", HOSTILE, HOSTILE),),
    looked_at=NOW,
)


def test_names_owners_and_alarms_end_as_text() -> None:
    incident = believable(
        7,
        "x",
        HOSTILE,
        NOW - timedelta(hours=1),
        Signal.SILENCE,
        owner=Person(HOSTILE, HOSTILE),
        owner_note=HOSTILE,
        runbook=HOSTILE,
        fix=HOSTILE,
    )
    html = render("incident.html", _incident_values(incident))

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "{{ 7*7 }}" in html


def test_the_drawing_is_well_formed() -> None:
    html = render("incident.html", _incident_values(OVER))
    drawing = html[html.index('<svg class="signal"') : html.index("</svg>", html.index('<svg class="signal"')) + 6]

    assert ET.fromstring(drawing).tag == "svg"


def _incident_values(incident: object) -> dict[str, object]:
    return {
        "incident": incident,
        "lasted": views.lasted(incident, NOW),  # type: ignore[arg-type]
        "line": signal_line(incident, NOW),  # type: ignore[arg-type]
        "milestones": views.milestones(incident),  # type: ignore[arg-type]
        "timeline": views.timeline(story(incident)),  # type: ignore[arg-type]
        "gap": views.Gap(0, 0),
        "verbs": views.verbs(incident),  # type: ignore[arg-type]
        "postmortem": views.postmortem_state(None),
        "related": [],
        "history": None,
        "actions_part": "",
        "people": [ANA],
        "standing_by": ["Jürgen Weiß"],
        "why": "SEV2: the tier of its row",
        "next": Next("Ben <b>", "deputy", NOW),
        "diagnosed": DIAGNOSED,
        "checks": first_minutes.checklist(incident, DIAGNOSED),  # type: ignore[arg-type]
        "affected": [(HOSTILE, "x"), (HOSTILE, "")],
        "before_alarm": timedelta(minutes=6),
        "holds": [first_minutes.HoldLine("snooze", Hold(NOW, HOSTILE, HOSTILE))],
        "flags": flags(incident, NOW),  # type: ignore[arg-type]
        "settable": first_minutes.settable(incident),  # type: ignore[arg-type]
        "corrections": [first_minutes.Correction("started", HOSTILE, HOSTILE, NOW)],
        "classes": list(FailureClass),
        "severities": list(Severity),
        "unclaimed": False,
        "nobodys": False,
        "undoable": None,
        "works": True,
        "insists": False,
        "whose": "",
        "clock": Clock(),
        "read_as": None,
        "done": "",
        "refusal": None,
        "verb": "",
        "typed": {},
        "person": ANA,
        "token": "t",
        "now": NOW,
        "here": "/incidents/INC-7",
        "query": "",
    }
