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
from deadair.adapters.slack.card import Earlier, Message, incident_card
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, cut_markup, duration, escape, instant, link
from deadair.adapters.slack.notices import owner_notice, postmortem_prompt
from deadair.domain.alarm import Signal
from deadair.domain.alarm_on_incident import Finding
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.severity import FailureClass
from infra.local.slack.workspace import Draft, check_draft
from tests.builders import BEN, NOON, an_incident, an_integration, at

LINKS = Links("https://deadair.example/")
HOSTILE = "<!channel> <@U0EVIL> @here & <https://evil.example|x> *b* `c` {0} {number} \u202e|"
SCRIPTS = ["مرحبا بالعالم " * 700, "障害は復旧しました。" * 900, "👩‍🚀🏳️‍🌈" * 1500, HOSTILE * 200, "&" * 8000, ""]


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
    done = replace(draft, answers=dict.fromkeys(QUESTIONS, "x")).publish("Ana", NOON)
    row = an_integration(deputy=BEN, row={"escalation": {"name": text}})
    earlier = tuple(Earlier(text, f"https://deadair.example/postmortems/{i}", text) for i in range(5))
    cards = [incident_card(incident, LINKS, row=row, earlier=earlier, postmortem=pm) for pm in (None, draft, done)]
    prompts = [postmortem_prompt(incident, pm, LINKS) for pm in (draft, done)]
    return [*cards, *prompts, owner_notice(incident, LINKS), owner_notice(incident, LINKS, handed_by=text)]


def in_every_status() -> list[Incident]:
    held = an_incident().acknowledge("Ana Lima", at(3))
    return [an_incident(), held, held.mitigate("Ana Lima", at(5)), held.resolve("Ana Lima", "new token", at(9))]


@pytest.mark.parametrize("incident", in_every_status(), ids=lambda incident: str(incident.status))
def test_every_message_in_every_status_passes_slacks_validators(incident: Incident) -> None:
    for message in every_message(incident):
        check(message)


@pytest.mark.parametrize("text", SCRIPTS, ids=["arabic", "japanese", "emoji", "markup", "ampersands", "empty"])
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
        )
        for message in every_message(long, text):
            check(message)


@given(st.text(max_size=200))
@settings(max_examples=50)
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
    text = shown(
        incident_card(an_incident(runbook="https://runbook.example/sync"), LINKS, row=an_integration(deputy=BEN))
    )
    for part in (
        "INC-42",
        "Ana Lima",
        "SEV3",
        "Nobody has it yet",
        "silence",
        "https://runbook.example/sync",
        "Ben Okafor",
    ):
        assert part in text


def test_the_card_offers_only_the_steps_that_apply() -> None:
    offered = [[b["action_id"] for b in incident_card(i, LINKS).blocks[-1]["elements"]] for i in in_every_status()]
    assert offered == [["ack", "resolve", "open"], ["resolve", "open"], ["resolve", "open"], ["open"]]


def test_buttons_carry_the_state_that_they_were_drawn_from() -> None:
    assert incident_card(an_incident(version=7), LINKS).blocks[-1]["elements"][0]["value"] == "42:7:open"


def test_the_same_state_draws_the_same_card() -> None:
    assert incident_card(an_incident(), LINKS) == incident_card(an_incident(), LINKS)


def test_seen_before_shows_three_with_their_fix() -> None:
    earlier = tuple(Earlier(f"Old {i}", f"https://deadair.example/postmortems/INC-{i}", f"fix {i}") for i in range(5))
    text = shown(incident_card(an_incident(), LINKS, earlier=earlier))
    assert [f"fix {i}" in text for i in range(5)] == [True, True, True, False, False]


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
            walk(value) if isinstance(value, dict) else value.format_map(Anything())

    walk(phrases.subject(path.stem))


def test_the_card_says_what_the_integrations_own_signals_showed() -> None:
    text = "37 of 40 calls answered <401> in the last 10 minutes"
    finding = Finding(text, FailureClass.AUTH, Signal.ERROR_RATE, NOON, "alarm")
    recovered = replace(an_incident(), finding=finding, likely=FailureClass.AUTH)
    resolved = recovered.resolve("Ana Lima", "new token", at(9))

    for incident in (recovered, resolved):
        card = incident_card(incident, LINKS)
        check(card)
        assert "37 of 40 calls answered &lt;401&gt;" in shown(card)
