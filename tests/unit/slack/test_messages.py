"""Claims about what Slack is sent: within its limits for any length and any script, and never active."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from deadair.adapters.slack import phrases
from deadair.adapters.slack.actions import Choice, Drawn, check_value, checked, chosen, drawn, value_of
from deadair.adapters.slack.card import Known, incident_card
from deadair.adapters.slack.card_facts import Upcoming
from deadair.adapters.slack.card_past import Earlier, earlier_by
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, cut_markup, duration, escape, instant, link
from deadair.adapters.slack.notices import (
    HANDED,
    TOLD,
    Opening,
    crowd_notice,
    handed_on,
    has_it_now,
    person_notice,
    postmortem_prompt,
    question,
)
from deadair.adapters.slack.thread import News, Rings, thread_message
from deadair.domain.action_item import ActionItem, ActionKind
from deadair.domain.alarm import AlarmState, Signal
from deadair.domain.alarm_on_incident import Finding
from deadair.domain.diagnosed import Confidence, Diagnosed, LogError, NearChange
from deadair.domain.escalation import Escalation, Rung, Told
from deadair.domain.history import Failed, History
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.link import Link
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending, Status, Tick
from deadair.domain.timeline import Entry, Fact, Source
from infra.local.slack.workspace import Draft, check_draft
from tests.builders import NOON, an_alarm, an_incident, at

LINKS = Links("https://deadair.example/")
HOSTILE = "<!channel> <@U0EVIL> @here & <https://evil.example|x> *b* `c` {0} {number} \u202e|"
SCRIPTS = {
    "arabic": "مرحبا بالعالم " * 700,
    "japanese": "障害は復旧しました。" * 900,
    "emoji": "👩‍🚀🏳️‍🌈" * 1500,
    "combining": "Z͑ͫ̓ͪ̂a̴͋l͌g̵o̚ " * 900,
    "right to left marks": "\u200fabc\u200e \u202eevil\u202c \u2067x\u2069 " * 500,
    "markup": HOSTILE * 200,
    "ampersands": "&" * 8000,
    "empty": "",
}


def check(message: Message) -> None:
    """What slack_sdk's models and the local Slack's own limits say about a message."""
    for block in message.blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None
        parsed.to_dict()
    check_draft(Draft(message.text, [dict(block) for block in message.blocks], None, None), 4000)
    assert message.text.strip()


def shown(message: Message) -> str:
    return json.dumps([message.text, message.blocks], ensure_ascii=False)


def every_message(incident: Incident, text: str = "fixed") -> list[Message]:
    """All messages about an incident, with `text` wherever text can be."""
    draft = Postmortem(incident=incident.id, answers=dict.fromkeys(list(QUESTIONS)[:3], text[:8000] or "x"))
    done = replace(draft, answers=dict.fromkeys(QUESTIONS, "x")).publish("Ana", Severity.SEV3, NOON)
    earlier = tuple(Earlier(text, f"https://deadair.example/postmortems/{i}", text) for i in range(5))
    known = Known(
        earlier=earlier,
        diagnosed=a_diagnosis(text),
        following=(Upcoming(text, NOON), Upcoming(text)),
        overdue=[an_action(text) for _ in range(3)],
    )
    held = replace(known, hold=Hold(NOON, text, text), following=(Upcoming(text), Upcoming(text)))
    cards = [
        incident_card(incident, LINKS),
        incident_card(incident, LINKS, known),
        *(incident_card(incident, LINKS, replace(held, postmortem=pm)) for pm in (draft, done)),
    ]
    prompts = [postmortem_prompt(incident, pm, LINKS) for pm in (draft, done)]
    openings = [Opening(), Opening(HANDED, by=text), Opening(TOLD, rung="deputy", why=text)]
    told = [person_notice(incident, LINKS, opening, a_diagnosis(text)) for opening in openings]
    asked = [
        question(incident, LINKS, name, asks=asks)
        for name in ("asked", "recovered", "stopped")
        for asks in (True, False)
    ]
    left = [handed_on(incident, LINKS, text, by) for by in (text, "Ben")] + [has_it_now(incident, LINKS, text)]
    return [
        *cards,
        *prompts,
        *told,
        *asked,
        *left,
        crowd_notice([incident] * 20, LINKS, {42}),
        *threads(incident, text),
    ]


def threads(incident: Incident, text: str) -> list[Message]:
    """Messages under a card: one line, a hundred of them, and the alarms' news among them."""
    lines = [an_entry(text, place, author=text) for place in range(100)]
    rings = [Rings(), Rings(1, only=text, since=NOON, until=NOON), Rings(9999, 9999, 9, since=NOON, until=at(5))]
    return [thread_message(incident, News(lines[:n], one), LINKS) for n in (1, 2, 100) for one in rings]


def an_entry(text: str, minutes: float = 0, *, author: str = "Ana Lima", **more: Any) -> Entry:
    """A line of a timeline."""
    fact, source = more.pop("fact", Fact.NOTED), more.pop("source", Source.SLACK)
    when = at(minutes)
    return Entry("INC-42", f"{when.isoformat()}#{fact}", fact, when, when, author, source, text, **more)


def a_diagnosis(text: str = "") -> Diagnosed:
    """A look that found all that a look can find, with `text` wherever text can be."""
    found = text or "37 of 40 calls answered 401"
    return Diagnosed(
        failure_class=FailureClass.AUTH,
        confidence=Confidence.HIGH,
        beneath=FailureClass.WEBHOOK,
        evidence=(found, found),
        log_errors=(LogError(found, 812),),
        last_good_at=at(-14),
        missed_records=1234,
        missed_why=found,
        affected=(found,) * 9,
        process=found,
        campaigns=(found,) * 4,
        changes=tuple(NearChange(at(-20 * i), "deploy", found, found) for i in range(-1, 6)),
        history=a_history(found),
    )


def a_history(fix: str = "Rotated the token", failure_class: FailureClass = FailureClass.SILENCE) -> History:
    """A pattern, with a fix that did not hold before it and one of its own."""
    failed = (Failed(number=42, shown_by=42, fix=fix), Failed(number=17, shown_by=42, fix=fix))
    return History(failure_class=failure_class, numbers=(1, 3, 9, 17), is_pattern=True, failed=failed)


def an_action(text: str = "Watch the token's age") -> ActionItem:
    """One that is overdue."""
    return ActionItem(
        incident=17,
        number=1,
        integration="hubspot-salesforce",
        text=text,
        kind=ActionKind.DETECTIVE,
        owner=Person(text),
        due_on=NOON.date(),
        added_by=text,
        added_at=NOON,
    )


def in_every_status() -> list[Incident]:
    held = an_incident().acknowledge("Ana Lima", at(3))
    return [an_incident(), held, held.mitigate("Ana Lima", at(5)), held.resolve("Ana Lima", "new token", at(9))]


@pytest.mark.parametrize("incident", in_every_status(), ids=lambda incident: str(incident.status))
def test_every_message_in_every_status_passes_slacks_validators(incident: Incident) -> None:
    for message in every_message(incident):
        check(message)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_the_longest_fields_of_any_script_stay_within_slacks_limits(text: str) -> None:
    for incident in in_every_status():
        long = replace(
            incident,
            integration_name=text,
            owner=Person(text, "", "U0ANA"),
            owner_note=text,
            runbook=text,
            fix=text,
            acknowledged_by=text,
            resolved_by=text,
            affected=text,
            links=tuple(Link(f"https://a.example/{'x' * 190}", text) for _ in range(4)),
        )
        for message in every_message(long, text):
            check(message)


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_text_stays_within_slacks_limits(text: str) -> None:
    for message in every_message(
        an_incident(integration_name=text, runbook=text, owner=Person(text, "", "U0ANA")), text
    ):
        check(message)


def test_text_from_outside_is_never_active() -> None:
    incident = an_incident(integration_name=HOSTILE, owner_note=HOSTILE, runbook=HOSTILE, fix=HOSTILE)
    for message in every_message(incident, HOSTILE):
        rendered = json.dumps([message.text, *mrkdwn_texts(message)], ensure_ascii=False)
        assert "<!channel" not in rendered
        assert "<@" not in rendered
        assert "<https://evil.example" not in rendered
        assert re.search(r"@(here|channel|everyone)", rendered) is None


def mrkdwn_texts(message: Message) -> list[str]:
    """Every text that Slack reads as markup."""

    def walk(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["text"]] if node.get("type") == "mrkdwn" else []
            return own + [text for value in node.values() for text in walk(value)]
        return [text for value in node for text in walk(value)] if isinstance(node, (list, tuple)) else []

    return walk(message.blocks)


def test_the_card_says_who_what_since_when_and_what_first() -> None:
    known = Known(following=(Upcoming("Ben Okafor", at(15)), Upcoming("Lee Park")))
    text = shown(incident_card(an_incident(runbook="https://runbook.example/sync"), LINKS, known))
    for part in ("INC-42", "Ana Lima", "SEV3", "Nobody", "silence", "https://runbook.example/sync", "Ben Okafor"):
        assert part in text


def steps(card: Message) -> list[Any]:
    """The buttons of the steps that make sense now: the first row of buttons."""
    return list(next(block for block in card.blocks if block["type"] == "actions")["elements"])


def test_the_steps_stand_before_the_first_checks() -> None:
    kinds = [block["type"] for block in incident_card(an_incident(), LINKS, Known(diagnosed=a_diagnosis())).blocks]
    assert kinds[-5:] == ["section", "actions", "section", "actions", "context"]


def test_the_card_offers_only_the_steps_that_apply() -> None:
    offered = [[b["action_id"] for b in steps(incident_card(i, LINKS))] for i in in_every_status()]
    assert offered == [
        ["ack", "note", "mitigate", "resolve", "more"],
        ["note", "mitigate", "resolve", "more"],
        ["note", "resolve", "more"],
        ["note", "more"],
    ]


def test_more_holds_the_rarer_steps_and_the_page() -> None:
    def rarer(incident: Incident) -> list[str]:
        (menu,) = [one for one in steps(incident_card(incident, LINKS)) if one["action_id"] == "more"]
        return [one["value"] for one in menu["options"]]

    fresh, _, mitigated, over = in_every_status()
    assert rarer(fresh) == [f"{c}:42:1:open" for c in ("assign", "snooze", "milestones", "false_alarm", "open")]
    assert [chosen(value) for value in rarer(over)] == [
        (choice, Drawn(42, over.version, Status.RESOLVED))
        for choice in (Choice.ACTION, Choice.REOPEN, Choice.MILESTONES, Choice.OPEN_PAGE)
    ]
    words = [value.partition(":")[0] for value in rarer(mitigated)]
    assert words == ["assign", "reopen", "milestones", "action", "open"]


def test_a_merged_incident_offers_only_its_page() -> None:
    assert [b["action_id"] for b in steps(incident_card(an_incident().merge_into(7, "Ana", at(3)), LINKS))] == ["open"]


@pytest.mark.parametrize(
    "value", ["", "42", "42:7", "42:7:gone", "x:42:7:open", "assign:42:7", "42:7:open\n", "1" * 99]
)
def test_what_is_no_value_of_ours_reads_as_nothing(value: str) -> None:
    assert chosen(value) is None
    assert drawn(value) is None


def test_a_value_reads_as_it_was_written() -> None:
    incident = an_incident(version=7)
    assert drawn(value_of(incident)) == Drawn(42, 7, Status.OPEN)
    assert checked(check_value(incident, "auth.token")) == (42, "auth.token")


def test_a_resolved_card_counts_what_is_missing_and_asks_for_it() -> None:
    over = in_every_status()[-1]
    two = Postmortem(incident="INC-42", answers=dict.fromkeys(list(QUESTIONS)[:2], "known"))

    card = incident_card(over, LINKS, Known(postmortem=two))

    assert "incomplete (2 of 5)" in shown(card)
    assert "What was the fix?" in shown(card)
    assert [b["action_id"] for b in steps(card)] == ["pm", "note", "more"]
    assert drawn(steps(card)[0]["value"]) == Drawn(42, over.version, Status.RESOLVED)


def test_a_card_says_who_suffers_and_what_belongs_to_it() -> None:
    links = tuple(Link(f"https://tickets.example/{i}", f"Ticket {i}" if i else "") for i in range(5))
    found = Known(diagnosed=a_diagnosis())

    text = shown(incident_card(an_incident(affected="1,200 contacts", links=links), LINKS, found))

    assert "*Affected:* 1,200 contacts\\nFound: about 1,234 records missed" in text
    assert "<https://tickets.example/4|Ticket 4> · " in text
    assert "2 more on the page" in text


def test_an_address_that_is_too_long_for_the_card_is_named_only() -> None:
    long = Link("https://tickets.example/" + "x" * 500, "The ticket")

    assert "*Links:* The ticket" in shown(incident_card(an_incident(links=(long,)), LINKS))


def test_buttons_carry_the_state_that_they_were_drawn_from() -> None:
    assert steps(incident_card(an_incident(version=7), LINKS))[0]["value"] == "42:7:open"


def test_the_same_state_draws_the_same_card() -> None:
    assert incident_card(an_incident(), LINKS) == incident_card(an_incident(), LINKS)


def test_seen_before_shows_three_with_their_fix() -> None:
    earlier = tuple(Earlier(f"Old {i}", f"https://deadair.example/postmortems/INC-{i}", f"fix {i}") for i in range(5))
    text = shown(incident_card(an_incident(), LINKS, Known(earlier=earlier)))
    assert [f"· fix {i}" in text for i in range(5)] == [True, True, True, False, False]


def test_what_helped_before_says_how_long_before_and_where() -> None:
    earlier = (
        Earlier("INC-12", "https://deadair.example/postmortems/INC-12", "Rotated the token", NOON - timedelta(days=21)),
        Earlier("webinar-2025", "https://deadair.example/postmortems/webinar-2025", "", at(-9), "Zoom <→> Marketo"),
    )

    text = shown(incident_card(an_incident(), LINKS, Known(earlier=earlier)))

    assert "• <https://deadair.example/postmortems/INC-12|INC-12> · 3 weeks earlier · Rotated the token" in text
    assert "webinar-2025> · the same day · Zoom &lt;→&gt; Marketo: no fix written down" in text


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "later"),
        (0, "the same day"),
        (1, "a day earlier"),
        (13, "13 days earlier"),
        (14, "2 weeks earlier"),
        (60, "2 months earlier"),
        (729, "24 months earlier"),
        (730, "2 years earlier"),
    ],
)
def test_how_long_before_is_said_in_the_unit_that_people_use(days: int, words: str) -> None:
    assert earlier_by(days) == words


def test_a_pattern_and_the_fixes_that_did_not_hold_stand_on_the_card() -> None:
    text = shown(incident_card(an_incident(), LINKS, Known(diagnosed=a_diagnosis())))

    assert "*Seen 5 times in 90 days*, before this as <https://deadair.example/incidents/INC-17|INC-17>" in text
    assert "INC-3> and 1 more" in text
    assert "*The fix did not hold:* Rotated" not in text
    assert "*The fix of <https://deadair.example/incidents/INC-17|INC-17> did not hold:*" in text


def test_the_past_of_another_class_is_not_shown() -> None:
    other = replace(a_diagnosis(), history=a_history(failure_class=FailureClass.SCHEMA))

    assert "Seen 5 times" not in shown(incident_card(an_incident(), LINKS, Known(diagnosed=other)))


def test_what_is_overdue_from_earlier_incidents_stands_on_the_card() -> None:
    text = shown(incident_card(an_incident(), LINKS, Known(overdue=[an_action("Watch the token's age")] * 3)))

    assert "Watch the token's age · <https://deadair.example/incidents/INC-17|INC-17-A1>" in text
    assert "due 2026-11-02" in text
    assert "and 1 more" in text


def test_the_prompt_counts_the_answers_and_shows_what_is_missing() -> None:
    draft = Postmortem(incident="INC-42", answers=dict.fromkeys(list(QUESTIONS)[:3], "known"))
    text = shown(postmortem_prompt(an_incident(), draft, LINKS))
    assert "3 of 5 answered" in text
    assert all(question in text for question in QUESTIONS.values())
    assert "https://deadair.example/incidents/INC-42/postmortem" in text


def test_markup_is_cut_between_its_parts() -> None:
    assert cut_markup("see <https://a.example|page> now", 20) == "see…"
    assert cut_markup("a &amp; b", 6) == "a…"
    assert cut_markup("short", 20) == "short"


def test_values_are_escaped_once_and_markup_is_kept() -> None:
    assert escape("a < b & c") == "a &lt; b &amp; c"
    assert escape(escape("a < b")) == "a &lt; b"
    assert escape(Mrkdwn("*a*")) == "*a*"


def test_an_address_that_is_no_address_is_only_text() -> None:
    assert link("javascript:alert(1)", "x") == "x"
    assert link("https://a.example/b|c", "d|e") == "<https://a.example/b%7Cc|d¦e>"


def test_times_fall_back_to_utc() -> None:
    assert instant(NOON) == f"<!date^{int(NOON.timestamp())}^{{date_short_pretty}} {{time}}|2026-11-02 12:00 UTC>"


@pytest.mark.parametrize(
    ("span", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (7500, "2 h 5 min"), (90000, "1 d 1 h"), (-5, "0 s")],
)
def test_durations_have_at_most_two_units(span: int, text: str) -> None:
    assert duration(timedelta(seconds=span).total_seconds()) == text


@pytest.mark.parametrize("path", sorted(phrases.folder().glob("*.toml")), ids=lambda path: path.stem)
def test_every_phrase_can_be_filled(path: Any) -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return "x"

    def walk(node: Any) -> None:
        for value in node.values():
            texts = value if isinstance(value, list) else [value]
            walk(value) if isinstance(value, dict) else [text.format_map(Anything()) for text in texts]

    walk(phrases.subject(path.stem))


def test_the_card_says_what_the_integrations_own_signals_showed() -> None:
    text = "37 of 40 calls answered <401> in the last 10 minutes"
    finding = Finding(text, FailureClass.AUTH, Signal.ERROR_RATE, NOON, "alarm")
    card = incident_card(replace(an_incident(), finding=finding, likely=FailureClass.AUTH), LINKS)

    check(card)
    assert "37 of 40 calls answered &lt;401&gt;" in shown(card)


def test_the_card_tells_within_five_minutes_what_a_person_would_ask() -> None:
    earlier = (Earlier("The March outage", "https://deadair.example/postmortems/INC-7", "Renewed the token."),)
    known = Known(earlier=earlier, diagnosed=a_diagnosis())

    text = shown(incident_card(replace(an_incident(), started_at=at(-14), likely=FailureClass.AUTH), LINKS, known))

    for part in (
        "14 min before the alarm",
        "high confidence",
        "37 of 40 calls answered 401",
        "about 1,234 records missed",
        "and 6 more",
        "Most often in the logs",
        "6 min before: ",
        "Renewed the token.",
        "Try the credential by hand",
    ):
        assert part in text, part


def test_only_three_changes_are_shown_and_what_came_after_the_start_is_said_so() -> None:
    text = shown(incident_card(an_incident(), LINKS, Known(diagnosed=a_diagnosis())))

    assert text.count("before: 37") + text.count("after: 37") == 3
    assert "20 min after: 37" in text


def test_what_a_person_named_goes_before_what_was_found() -> None:
    named = replace(an_incident(), cause=FailureClass.SCHEMA)

    text = shown(incident_card(named, LINKS, Known(diagnosed=a_diagnosis())))

    assert "A field changed (schema)" in text
    assert "confidence" not in text
    assert "Take one test record" in text


def test_a_time_in_the_evidence_is_in_the_readers_zone() -> None:
    silent = Diagnosed(
        failure_class=FailureClass.SILENCE,
        confidence=Confidence.HIGH,
        evidence=("nothing since 2026-11-02 12:00 UTC <b>",),
    )

    text = shown(incident_card(an_incident(), LINKS, Known(diagnosed=silent)))

    assert f"nothing since {instant(NOON)} &lt;b&gt;" in text


def test_who_was_told_stands_under_its_own_words_when_nobody_is_left() -> None:
    told = replace(an_incident(), escalation=Escalation((Told(Person("Ben Okafor", ""), Rung.DEPUTY, at(5)),)))

    assert "*Told, no answer yet*\\nBen Okafor" in shown(incident_card(told, LINKS))
    assert "Told so far: Ben Okafor" in shown(incident_card(told, LINKS, Known(following=(Upcoming("Lee Park"),))))


def test_a_check_has_a_button_until_somebody_made_it() -> None:
    def buttons(incident: Incident) -> list[str]:
        rows = [block["elements"] for block in incident_card(incident, LINKS).blocks if block["type"] == "actions"]
        return [one["value"] for row in rows for one in row if one["action_id"].startswith("check:")]

    ticked = an_incident(version=3, checks={"silence.schedule": Tick("Ben Okafor", at(5))})

    assert buttons(an_incident()) == ["42:1:silence.which", "42:1:silence.schedule", "42:1:silence.hours"]
    assert buttons(ticked) == ["42:3:silence.which", "42:3:silence.hours"]
    assert "☑ 2. Did the schedule or the trigger run at all?" in shown(incident_card(ticked, LINKS))
    assert "Ben Okafor" in shown(incident_card(ticked, LINKS))


def test_a_card_of_something_that_is_over_is_short() -> None:
    over = an_incident(started_at=at(-14)).resolve("Ana Lima", "new token", at(46))
    known = Known(diagnosed=a_diagnosis(), earlier=(Earlier("Old", "https://deadair.example/x", "fix"),))

    card = incident_card(over, LINKS, known)

    assert len(card.blocks) == 3
    assert "after 1 h" in shown(card)
    assert "new token" in shown(card)
    assert "Old" not in shown(card)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"ending": Ending.FALSE_ALARM, "fix": "a test of the vendor"},
            ["False alarm ·", "*Why:* a test of the vendor"],
        ),
        ({"ending": Ending.BY_ITSELF}, ["Over by itself ·", "stayed quiet"]),
        ({"ending": Ending.MERGED, "merged_into": 7}, ["Merged ·", "INC-7", "/incidents/INC-7"]),
        ({"drill": True}, ["Drill · Resolved", "nothing is broken"]),
    ],
    ids=["false-alarm", "by-itself", "merged", "drill"],
)
def test_a_card_says_how_it_ended(more: dict[str, Any], words: list[str]) -> None:
    card = incident_card(replace(an_incident().resolve("Ana Lima", "", at(9)), **more), LINKS)

    check(card)
    for word in words:
        assert word in shown(card)


def test_held_notices_say_until_when_why_and_by_whom() -> None:
    card = incident_card(an_incident(), LINKS, Known(hold=Hold(at(60), "vendor maintenance", "Ana Lima")))

    assert "Notices are held until" in shown(card)
    assert "vendor maintenance (Ana Lima)" in shown(card)


def test_nobody_is_to_be_told_while_notices_are_held() -> None:
    known = Known(following=(Upcoming("Lee Park", at(15)),), hold=Hold(at(60), "vendor maintenance", "Ana Lima"))
    assert "Lee Park" not in shown(incident_card(an_incident(), LINKS, known))


def test_a_storm_of_alarms_changes_the_card_in_steps() -> None:
    def after(count: int) -> str:
        incident = an_incident()
        for number in range(1, count):
            incident = incident.with_transition(an_alarm(name=f"alarm-{number}", minutes=1))
        return shown(incident_card(incident, LINKS))

    assert "and 2 more" in after(3)
    assert after(20) == after(30)
    assert "and more than 10 others" in after(20)


def test_recovered_alarms_ask_whether_it_works_again() -> None:
    quiet = an_incident().acknowledge("Ana Lima", at(1)).with_transition(an_alarm(AlarmState.OK, 5))

    card = incident_card(quiet, LINKS)

    assert "Does it work again?" in shown(card)
    assert [b["action_id"] for b in steps(card) if b.get("style") == "primary"] == ["resolve"]


def test_a_message_among_others_names_each_incident_once_with_a_button() -> None:
    incidents = [an_incident(number) for number in (5, 6, 7)]
    incidents[1] = incidents[1].acknowledge("Ben Okafor", at(2))

    message = crowd_notice(incidents, LINKS)

    check(message)
    assert "3 more incidents are yours: INC-5, INC-6, INC-7" in message.text
    assert [block["accessory"]["value"] for block in message.blocks if "accessory" in block] == ["5:1:open", "7:1:open"]


def test_what_was_recorded_afterwards_names_nobody_who_ended_it() -> None:
    over = replace(an_incident().resolve("Ana", "a new key", at(9)), resolved_by="")

    card = incident_card(over, LINKS)

    assert "?" not in card.text
    assert "Resolved by" not in str(card.blocks)
