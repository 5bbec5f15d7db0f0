"""Claims about asking Slack for the registry's people: who is gone is found, and Slack's silence is no finding."""

from typing import Any

import pytest

from deadair.adapters.registry_file.model import Row
from deadair.adapters.slack.client import SlackClient
from deadair.usecases.check_people import Asked, check_people
from tests.local_slack.an_app import TOKEN
from tests.local_slack.conftest import Running

ANA = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
BEN = {"name": "Ben Okafor", "email": "ben.okafor@example.com", "slack_id": "U0BEN"}


def a_row(owner: dict[str, str] | None = None, slug: str = "one-two", **more: Any) -> Row:
    return Row.model_validate({"slug": slug, "name": slug, "owner": owner or ANA, **more})


def asked(slack: Running, *rows: Row) -> Asked:
    return check_people(rows, SlackClient(f"{slack.handle.url}/api/", lambda: TOKEN))


def found(slack: Running, *rows: Row) -> list[tuple[str, str, str]]:
    return [(finding.slug, finding.code, finding.field) for finding in asked(slack, *rows).findings]


def test_people_who_are_there_are_no_finding(slack: Running) -> None:
    rows = [a_row(deputy=BEN), a_row({**ANA, "slack_id": ""}, "by-address")]

    assert asked(slack, *rows) == Asked([], people=3, asked=3)


def test_an_owner_whom_slack_does_not_know_is_found_by_id_and_by_address(slack: Running) -> None:
    by_id = a_row({**ANA, "slack_id": "U0NOBODY"})
    by_address = a_row({"name": "Cy Ng", "email": "cy@example.com"}, "two-three")

    assert found(slack, by_id, by_address) == [
        ("one-two", "owner_unknown", "owner.slack_id"),
        ("two-three", "owner_unknown", "owner.email"),
    ]


def test_somebody_who_left_is_found_in_every_role(slack: Running) -> None:
    slack.door("people", id="U0BEN", name="Ben Okafor", email="ben.okafor@example.com", deleted=True)
    row = a_row(deputy=BEN, escalation={**BEN, "slack_id": ""})

    assert found(slack, row, a_row(BEN, "two-three")) == [
        ("one-two", "deputy_deactivated", "deputy.slack_id"),
        ("one-two", "escalation_unknown", "escalation.email"),
        ("two-three", "owner_deactivated", "owner.slack_id"),
    ]


def test_somebody_who_left_does_not_come_back_because_a_file_names_them(slack: Running) -> None:
    slack.door("people", id="U0BEN", name="Ben Okafor", email="ben.okafor@example.com", deleted=True)
    slack.door("people", people=[{"id": "U0BEN", "name": "Ben Okafor", "email": "ben.okafor@example.com"}])

    assert found(slack, a_row(BEN)) == [("one-two", "owner_deactivated", "owner.slack_id")]


def test_a_bot_and_an_id_of_somebody_else_are_found(slack: Running) -> None:
    rows = [a_row({**ANA, "slack_id": "U0DEADAIR"}), a_row({**ANA, "slack_id": "U0BEN"}, "two-three")]

    result = asked(slack, *rows)

    assert [finding.code for finding in result.findings] == ["owner_is_a_bot", "owner_is_somebody_else"]
    assert result.findings[1].message == (
        "U0BEN is Ben Okafor <ben.okafor@example.com> in Slack, not Ana Lima <ana.lima@example.com>"
    )


def test_another_address_of_the_same_name_is_no_finding(slack: Running) -> None:
    assert found(slack, a_row({**ANA, "email": "ana@example.com"})) == []


def test_each_person_is_asked_about_once(slack: Running) -> None:
    assert asked(slack, *(a_row(slug=f"row-{i:03}", deputy=BEN) for i in range(50))).asked == 2
    assert slack.state()["calls"]["users.info"] == 2


@pytest.mark.parametrize(
    ("switch", "why"),
    [
        ({"mode": "ok_false", "error": "missing_scope"}, "missing_scope"),
        ({"mode": "ok_false", "error": "invalid_auth"}, "invalid_auth"),
        ({"mode": "500"}, "http_500"),
    ],
)
def test_when_slack_does_not_answer_that_is_said_and_nobody_is_accused(
    slack: Running, switch: dict[str, Any], why: str
) -> None:
    slack.door("fail", **switch)

    result = asked(slack, a_row({**ANA, "slack_id": "U0NOBODY"}))

    assert (result.findings, result.asked, result.people) == ([], 0, 1)
    assert why in result.refused


def test_a_rate_limit_is_waited_for(slack: Running) -> None:
    slack.door("fail", mode="429", count=1, retry_after=1)

    assert asked(slack, a_row()) == Asked([], people=1, asked=1)


def test_a_slack_that_is_gone_is_said(slack: Running) -> None:
    result = check_people([a_row()], SlackClient("http://127.0.0.1:9/api/", lambda: TOKEN))

    assert (result.findings, result.asked) == ([], 0)
    assert "failed" in result.refused
