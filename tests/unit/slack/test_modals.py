"""Claims about the modals and the App Home: within Slack's limits for any length and any script, and never active."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View as SlackView

from deadair.adapters.slack.actions import Drawn
from deadair.adapters.slack.carried import HOME, Carried, Origin, carried_from
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.plainly import plainly
from deadair.adapters.slack.views.action import action_modal
from deadair.adapters.slack.views.home import Home, home_view
from deadair.adapters.slack.views.milestones import milestones_modal
from deadair.adapters.slack.views.opening import integrations, keep_modal, open_modal
from deadair.adapters.slack.views.questions import questions_modal
from deadair.adapters.slack.views.steps import (
    assign_modal,
    false_alarm_modal,
    note_modal,
    reopen_modal,
    resolve_modal,
    snooze_modal,
)
from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.stages import Status
from infra.local.slack.view_limits import check_view
from tests.builders import ANA, BEN, NOON, an_incident, at

LINKS = Links("https://deadair.example/")
BERLIN = ZoneInfo("Europe/Berlin")
HOSTILE = "<!channel> <@U0EVIL> @here & <https://evil.example|x> *b* `c` {0} {number} \u202e|"
SCRIPTS = ["مرحبا بالعالم " * 700, "障害は復旧しました。" * 900, "👩‍🚀🏳️‍🌈" * 1500, HOSTILE * 200, "&" * 8000, ""]
HOOK = "https://hooks.slack.com/actions/T0DEADAIR/1/" + "x" * 40
CARRIED = Carried(Drawn(42, 7, Status.OPEN), HOOK, 3, Origin("C0INCIDENTS", "1.2", "Ana Lima", HOOK))


def a_row(text: str, number: int = 0, **more: Any) -> Integration:
    row = {"credential": {"kind": text, "expires_on": f"2026-11-{number % 28 + 1:02}"}} if number else {}
    return Integration(f"row-{number}", text, ANA, BEN, row=row, **more)


def every_view(incident: Incident, text: str) -> list[View]:
    """All modals about an incident and its owner's Home, with `text` wherever text can be."""
    draft = Postmortem(
        incident=incident.id, answers=dict.fromkeys(list(QUESTIONS)[:2], text), suggested=dict.fromkeys(QUESTIONS, text)
    )
    many = [replace(incident, number=n, integration_name=text) for n in range(1, 300)]
    rows = [a_row(text, number) for number in range(60)]
    home = Home(
        person=ANA, now=NOON, mine=many, others=9, waiting=[(one, draft) for one in many], rows=rows, notice=text[:3000]
    )
    return [
        note_modal(incident, text, CARRIED, text),
        resolve_modal(incident, CARRIED),
        assign_modal(incident, CARRIED),
        snooze_modal(incident, timedelta(days=7), CARRIED),
        false_alarm_modal(incident, CARRIED),
        reopen_modal(incident, CARRIED),
        action_modal(incident, CARRIED),
        milestones_modal(incident, BERLIN, text, CARRIED),
        questions_modal(incident, draft, LINKS, CARRIED),
        open_modal(CARRIED, text),
        keep_modal(many, text, text, NOON, CARRIED),
        home_view(home, LINKS),
        home_view(Home(person=ANA, now=NOON), LINKS),
    ]


def check(view: View) -> None:
    """What slack_sdk's models and the local Slack's own limits say about a view."""
    SlackView(**dict(view)).validate_json()  # type: ignore[arg-type]
    assert check_view(view) == [], json.dumps(view, ensure_ascii=False)[:2000]


def in_every_status() -> list[Incident]:
    held = an_incident().acknowledge(ANA.name, at(3))
    return [an_incident(), held, held.mitigate(ANA.name, at(5)), held.resolve(ANA.name, "new token", at(9))]


@pytest.mark.parametrize("incident", in_every_status(), ids=lambda incident: str(incident.status))
def test_every_view_in_every_status_passes_slacks_validators(incident: Incident) -> None:
    for view in every_view(incident, "fixed"):
        check(view)


@pytest.mark.parametrize("text", SCRIPTS, ids=["arabic", "japanese", "emoji", "markup", "ampersands", "empty"])
def test_the_longest_fields_of_any_script_stay_within_slacks_limits(text: str) -> None:
    for incident in in_every_status():
        long = replace(incident, number=999_999_999, integration_name=text, fix=text, owner=Person(text, "", "U0ANA"))
        for view in every_view(long, text):
            check(view)


@given(st.text(max_size=200))
@settings(max_examples=25, deadline=None)
def test_any_text_stays_within_slacks_limits(text: str) -> None:
    for view in every_view(an_incident(integration_name=text, fix=text), text):
        check(view)


def test_text_from_outside_is_never_active() -> None:
    for view in every_view(an_incident(integration_name=HOSTILE, fix=HOSTILE), HOSTILE):
        rendered = json.dumps(marked_up(view), ensure_ascii=False)
        notice = json.dumps(HOSTILE[:3000], ensure_ascii=False).strip('"')
        rendered = rendered.replace(notice, "")
        assert "<!channel" not in rendered
        assert "<@" not in rendered
        assert "<https://evil.example" not in rendered


def marked_up(node: Any) -> list[str]:
    """Every text of a view that Slack reads as markup."""
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") == "mrkdwn" else []
        return own + [text for value in node.values() for text in marked_up(value)]
    return [text for value in node for text in marked_up(value)] if isinstance(node, list | tuple) else []


def fields_of(view: View) -> dict[str, Any]:
    blocks: Any = view["blocks"]
    return {block["block_id"]: block["element"] for block in blocks if block["type"] == "input"}


def test_what_still_rings_stands_above_what_fixed_it() -> None:
    ringing = AlarmOnIncident("hubspot-errors", AlarmState.ALARM, NOON, NOON)

    text = json.dumps(resolve_modal(an_incident(alarms={"k": ringing}), CARRIED), ensure_ascii=False)

    assert "*Still in ALARM:* hubspot-errors" in text


def test_the_questions_hold_what_people_said_else_what_the_data_know() -> None:
    draft = Postmortem(
        incident="INC-42", answers={"what_broke": "Leads"}, suggested={"what_broke": "x", "what_fixed": "A new token"}
    )

    fields = fields_of(questions_modal(an_incident(), draft, LINKS, CARRIED))

    assert fields["what_broke"]["initial_value"] == "Leads"
    assert fields["what_fixed"]["initial_value"] == "A new token"
    assert "initial_value" not in fields["what_earlier"]


def test_an_answer_that_slack_cannot_edit_stays_as_it_is() -> None:
    draft = Postmortem(incident="INC-42", answers={"what_broke": "x" * 3001})

    view = questions_modal(an_incident(), draft, LINKS, CARRIED)

    assert "what_broke" not in fields_of(view)
    assert "https://deadair.example/incidents/INC-42/postmortem" in json.dumps(view)


def test_times_stand_in_the_persons_own_zone_and_only_what_has_happened_can_be_corrected() -> None:
    view = milestones_modal(an_incident(), BERLIN, "Europe/Berlin (CET)", CARRIED)

    assert set(fields_of(view)) == {"started", "detected", "reason"}
    assert fields_of(view)["detected"]["initial_value"] == "2026-11-02 13:00"
    assert "Europe/Berlin (CET)" in json.dumps(view)


def test_the_home_says_how_long_each_credential_holds_the_shortest_first() -> None:
    rows = [
        Integration(slug, slug, ANA, row={"credential": {"kind": "Token", "expires_on": day}})
        for slug, day in (
            ("fine", "2027-11-02"),
            ("soon", "2026-11-03"),
            ("over", "2026-10-30"),
            ("today", "2026-11-02"),
        )
    ]
    unknown = Integration("unknown", "unknown", BEN, ANA)

    text = "\n".join(marked_up(home_view(Home(person=ANA, now=NOON, rows=[unknown, *rows]), LINKS)))

    assert [text.index(f"*{slug}*") for slug in ("over", "today", "soon", "fine", "unknown")] == sorted(
        text.index(f"*{slug}*") for slug in ("over", "today", "soon", "fine", "unknown")
    )
    for said in ("*Token expired 3 days ago*, on 30 Oct 2026", "expires today", "*Token: 1 day left*", "365 days left"):
        assert said in text, said
    assert "*unknown* · you are the deputy" in text


def test_a_home_without_anything_says_what_to_do() -> None:
    text = "\n".join(marked_up(home_view(Home(person=ANA, now=NOON, others=2), LINKS)))

    assert "Nothing open is yours.* Open of others: 2." in text
    assert "No integration is yours" in text
    assert "No review is under way" in text


def test_the_attestation_invents_nothing() -> None:
    home = Home(person=ANA, now=NOON, rows=[a_row("HubSpot → Salesforce", 3)])

    text = "\n".join(marked_up(home_view(home, LINKS)))

    assert "No review is under way. When one begins, you are asked about HubSpot" in text


def test_the_list_of_integrations_is_what_slack_takes() -> None:
    shown = integrations([a_row("障害" * 100, number) for number in range(150)])

    assert len(shown) == 100
    assert all(len(one["text"]["text"]) <= 75 for one in shown)


@pytest.mark.parametrize(
    "carried",
    [Carried(), CARRIED, Carried(Drawn(1, 2, Status.RESOLVED), HOME), Carried(edit=0), replace(CARRIED, origin=None)],
)
def test_what_a_modal_carries_comes_back_as_it_went(carried: Carried) -> None:
    assert carried_from(carried.text()) == carried
    assert len(carried.text()) <= 3000


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "[]",
        "7",
        "[" * 5000,
        '{"state": 1}',
        '{"state": [1, 2]}',
        '{"state": [1, 2, "burnt"]}',
        '{"state": [true, 2, "open"]}',
        '{"state": [-1, 2, "open"]}',
        '{"state": [1e99, 2, "open"]}',
        '{"to": "ftp://x"}',
        '{"to": 7}',
        '{"edit": "1"}',
        '{"message": ["c", "1.2", "a", ""]}',
        '{"message": ["C0X", "now", "a", ""]}',
        '{"message": ["C0X", "1.2", 7, ""]}',
        '{"message": 7}',
    ],
)
def test_what_is_not_ours_is_not_read(forged: str) -> None:
    assert carried_from(forged) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
@settings(max_examples=50, deadline=None)
def test_nothing_that_comes_back_raises(told: Any) -> None:
    carried_from(json.dumps(told))
    carried_from(json.dumps({"state": told, "to": told, "edit": told, "message": told}))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("*INC-42* is `open`\nnow", "INC-42 is open now"),
        ("see <https://a.example|the page>", "see the page"),
        ("at <!date^1^{time}|12:00 UTC>", "at 12:00 UTC"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<@U0ANA>", "U0ANA"),
    ],
)
def test_markup_reads_as_plain_text(markup: str, text: str) -> None:
    assert plainly(markup) == text
    assert len(plainly(markup * 500)) <= 300


def test_a_day_is_counted_where_the_registry_is() -> None:
    later = Home(person=ANA, now=NOON + timedelta(hours=11, minutes=59), rows=[a_row("x", 1)])

    assert any("expires today" in text for text in marked_up(home_view(later, LINKS)))
