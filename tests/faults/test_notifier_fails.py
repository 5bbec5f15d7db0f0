"""Claims about a Slack that fails: nothing is lost, nothing is doubled, and people hear all the same.

A refused name look-up is played by a port where nobody listens: for the client both are a connection that never was.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deadair.adapters.dynamodb.incidents import incident_item
from deadair.adapters.dynamodb.notices import Undelivered
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.phrases import subject
from deadair.adapters.ssm.secrets import ANEW_S
from deadair.domain.escalation import Escalation, Rung, Told
from deadair.domain.incident import Incident
from deadair.domain.standing_error import TOKENS, Kind
from deadair.usecases.acknowledge import acknowledge
from tests.builders import ANA, BEN, an_actor, at
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.notifier_room import Notifier, forget_pace, healthy, notifier
from tests.rooms.slack_rooms import CHANNEL, SLACK_PATH, TOKEN, Neighbours, neighbours

__all__ = ["healthy", "neighbours", "notifier"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("healthy")]

PASSING: list[dict[str, Any]] = [
    {"mode": "429", "retry_after": 60},
    *(
        {"after": after, **failure}
        for after in (False, True)
        for failure in ({"mode": "500"}, {"mode": "ok_false", "error": "internal_error"})
    ),
]
LASTING: list[dict[str, Any]] = [
    {"after": after, "mode": "ok_false", "error": error}
    for after in (False, True)
    for error in ("channel_not_found", "invalid_auth", "token_revoked")
]


def named(failure: dict[str, Any]) -> str:
    return "-".join(str(value) for value in failure.values())


@pytest.fixture
def slack_fails(notifier: Notifier) -> Iterator[Any]:
    """Throws the switch."""

    def throw(**failure: Any) -> None:
        notifier.near.door("fail", **failure)
        if failure["mode"] == "none":
            forget_pace(notifier.near)

    yield throw
    notifier.near.door("fail", mode="none")
    for name in standing(notifier.near):
        StandingErrors(notifier.near.dynamodb, notifier.near.incidents).clear(Kind.UNDELIVERED, name)


def undelivered(notifier: Notifier, incident: Incident) -> dict[str, Undelivered]:
    """The notices that Slack did not take yet, by name."""
    notices = notifier.module.desk().bringer.read(incident.number).notices
    return {name: told.undelivered for name, told in notices.items() if told.undelivered is not None}


def standing(near: Neighbours) -> dict[str, str]:
    return {
        one.name: one.text
        for one in StandingErrors(near.dynamodb, near.incidents).all()
        if one.kind is Kind.UNDELIVERED
    }


@pytest.mark.parametrize("failure", PASSING, ids=named)
def test_fault_26_a_failing_slack_loses_nothing_and_doubles_nothing(
    notifier: Notifier, failure: dict[str, Any], slack_fails: Any
) -> None:
    """`after`: the work was done and only its answer was lost."""
    incident = notifier.near.add()
    slack_fails(**failure)
    assert notifier.tell(incident) == [incident.id]
    assert notifier.tell(incident) == [incident.id]
    slack_fails(mode="none")
    assert notifier.tell(incident) == []
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1
    assert notifier.letters(incident) == []


@pytest.mark.parametrize("failure", LASTING, ids=named)
def test_fault_26_what_only_a_person_can_mend_is_told_on_another_way_at_once(
    notifier: Notifier, failure: dict[str, Any], slack_fails: Any
) -> None:
    incident = notifier.near.add()
    slack_fails(**failure)
    assert notifier.tell(incident) == [], "its message is worked: another one, sent later, brings the notice back"
    assert notifier.tell(incident) == []
    (letter,) = notifier.letters(incident)
    assert (letter["To"], "This incident is yours" in letter["BodyText"]) == ([ANA.email], True)
    assert standing(notifier.near)
    failed = undelivered(notifier, incident)
    assert {name: (one.error, one.person, one.told_by) for name, one in failed.items()} == {
        "card": (failure["error"], "", ""),
        "owner": (failure["error"], "Ana Lima", "email"),
    }

    slack_fails(mode="none")
    assert notifier.tell(incident) == []
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1
    assert undelivered(notifier, incident) == {}
    assert standing(notifier.near) == {}
    assert len(notifier.letters(incident)) == 1


def test_fault_26_a_token_that_is_over_is_told_to_the_operators_once_and_stands_on_the_pages(
    notifier: Notifier, slack_fails: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs, sns = (notifier.near.target.client(service) for service in ("sqs", "sns"))
    queue = sqs.create_queue(QueueName=f"operators-{time.time_ns()}")["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    topic = sns.create_topic(Name=f"operators-{time.time_ns()}")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=told["Attributes"]["QueueArn"])
    standby = notifier.module.desk().bringer.standby
    standby = replace(standby, letters=replace(standby.letters, topic=topic))
    desk = replace(notifier.module.desk(), bringer=replace(notifier.module.desk().bringer, standby=standby))
    monkeypatch.setattr(notifier.module, "desk", lambda: desk)
    incidents = [notifier.near.add() for _ in range(2)]
    standby.errors.put(Kind.SLACK, TOKENS, "Slack says so itself.", at(0))
    slack_fails(mode="ok_false", error="token_revoked")
    for incident in incidents:
        notifier.tell(incident)
        notifier.tell(incident)

    assert "deadair slack check" in standing(notifier.near)["Slack token"]
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1, MaxNumberOfMessages=10)["Messages"]
    assert "Slack refuses Deadair's token" in json.loads(message["Body"])["Subject"]

    slack_fails(mode="none")
    for incident in incidents:
        notifier.tell(incident)
        assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1
    assert standby.errors.all() == []


def test_fault_26_a_new_token_is_used_at_once(notifier: Notifier) -> None:
    """Slack says that the known one is over, long before it would have been read again."""
    ssm, name = notifier.near.target.client("ssm"), f"{SLACK_PATH}/bot-token"
    first, second = notifier.near.add(), notifier.near.add()
    try:
        ssm.put_parameter(Name=name, Value="xoxb-of-last-year", Type="SecureString", Overwrite=True)
        notifier.module.desk.cache_clear()
        assert notifier.tell(first) == []
        assert notifier.cards(first) == []
        ssm.put_parameter(Name=name, Value=TOKEN, Type="SecureString", Overwrite=True)
        a_while_passes(notifier)
        assert notifier.tell(first, second) == []
    finally:
        ssm.put_parameter(Name=name, Value=TOKEN, Type="SecureString", Overwrite=True)
        notifier.module.desk.cache_clear()
    assert len(notifier.cards(first)) == len(notifier.cards(second)) == 1
    assert standing(notifier.near) == {}


def a_while_passes(notifier: Notifier) -> None:
    """Long enough that the token may be asked for again, and not for the minute for which it is known."""
    secrets = notifier.module.desk().bringer.slack._renew.__closure__[0].cell_contents
    secrets._read_at -= ANEW_S


def test_fault_26_one_message_brings_it_back_however_many_facts_failed(notifier: Notifier, slack_fails: Any) -> None:
    incident = notifier.near.add()
    waited = notifier.waiting()
    slack_fails(mode="ok_false", error="invalid_auth")
    for _ in range(5):
        notifier.tell(incident, incident)
    assert notifier.waiting() == waited + 1


def test_fault_26_after_four_deliveries_the_person_hears_on_another_way(notifier: Notifier, slack_fails: Any) -> None:
    incident = notifier.near.add()
    slack_fails(mode="500")
    assert [notifier.tell(incident, deliveries=n) for n in (1, 2, 3)] == [[incident.id]] * 3
    assert notifier.letters(incident) == []
    assert notifier.tell(incident, deliveries=4) == []
    assert len(notifier.letters(incident)) == 1
    assert "(http_500)" in standing(notifier.near)["Slack"], "a word, not what the other side sent"
    slack_fails(mode="none")
    notifier.tell(incident)
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1


def test_fault_26_each_person_gets_a_letter_of_their_own_and_only_one(notifier: Notifier, slack_fails: Any) -> None:
    incident = notifier.near.add()
    slack_fails(mode="500")
    notifier.tell(incident, deliveries=4)
    notifier.becomes(incident, escalation=Escalation((Told(BEN, Rung.DEPUTY, at(9)),), asked_at=None))
    notifier.tell(incident, deliveries=4)
    notifier.tell(incident, deliveries=4)
    assert [letter["To"] for letter in notifier.letters(incident)] == [[ANA.email], [BEN.email]]
    assert "nobody who was told before has answered" in notifier.letters(incident)[1]["BodyText"]


def test_fault_26_a_person_whom_slack_does_not_know_is_named_on_the_pages(notifier: Notifier) -> None:
    incident = notifier.near.add(owner=replace(ANA, name="Gone Away", slack_id="U0GONE"))
    assert notifier.tell(incident) == []
    assert "user_not_found" in standing(notifier.near)["Gone Away"]
    assert len(notifier.cards(incident)) == 1
    notifier.becomes(incident, owner=BEN)
    notifier.tell(incident)
    assert "Gone Away" not in standing(notifier.near)


def test_fault_26_without_a_sender_the_operators_are_told_for_whom_it_was(
    notifier: Notifier, slack_fails: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs, sns = (notifier.near.target.client(service) for service in ("sqs", "sns"))
    queue = sqs.create_queue(QueueName=f"operators-{time.time_ns()}")["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    topic = sns.create_topic(Name=f"operators-{time.time_ns()}")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=told["Attributes"]["QueueArn"])
    standby = notifier.module.desk().bringer.standby
    letters = replace(standby.letters, sender="", topic=topic)
    bringer = replace(notifier.module.desk().bringer, standby=replace(standby, letters=letters))
    desk = replace(notifier.module.desk(), bringer=bringer)
    monkeypatch.setattr(notifier.module, "desk", lambda: desk)

    incident = notifier.near.add()
    slack_fails(mode="ok_false", error="invalid_auth")
    assert notifier.tell(incident) == []

    found = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=2, MaxNumberOfMessages=10)["Messages"]
    (letter,) = [one for one in (json.loads(message["Body"]) for message in found) if incident.id in one["Subject"]]
    assert f"This was for Ana Lima ({ANA.email})" in letter["Message"]


def test_fault_26_when_no_way_is_open_the_queue_keeps_it(
    notifier: Notifier, slack_fails: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = notifier.near.add()
    letters = notifier.module.desk().bringer.standby.letters
    closed = refusal("InternalError", "Publish")
    faulty = replace(letters, ses=Faulty(letters.ses, "send_email", closed), sns=Faulty(letters.sns, "publish", closed))
    bringer = notifier.module.desk().bringer
    desk = replace(notifier.module.desk(), bringer=replace(bringer, standby=replace(bringer.standby, letters=faulty)))
    slack_fails(mode="ok_false", error="invalid_auth")
    with monkeypatch.context() as patch:
        patch.setattr(notifier.module, "desk", lambda: desk)
        assert notifier.tell(incident) == [incident.id]
    assert notifier.tell(incident) == []
    assert len(notifier.letters(incident)) == 1
    assert isinstance(closed, ClientError)


def test_fault_26_a_workspace_that_lets_us_post_but_not_look_still_gets_its_card(
    notifier: Notifier, slack_fails: Any
) -> None:
    incident = notifier.near.add()
    slack_fails(mode="500")
    notifier.tell(incident)
    slack_fails(mode="ok_false", error="missing_scope", methods=["conversations.history"])
    assert notifier.tell(incident) == []
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1


def test_fault_26_slacks_wish_to_wait_is_the_delay_of_the_next_delivery(
    notifier: Notifier, monkeypatch: pytest.MonkeyPatch, slack_fails: Any
) -> None:
    waits: list[int] = []
    monkeypatch.setattr(notifier.module, "later", lambda message, seconds: waits.append(seconds))
    slack_fails(mode="429", retry_after=37)
    notifier.tell(notifier.near.add())
    slack_fails(mode="none")
    slack_fails(mode="500")
    notifier.tell(notifier.near.add())
    assert waits == [37, 10]


def test_fault_26_the_rate_limit_is_waited_for_by_new_messages_and_not_by_edits(
    notifier: Notifier, slack_fails: Any
) -> None:
    incidents = [notifier.near.add() for _ in range(3)]
    slack_fails(mode="rate")
    assert notifier.tell(*incidents) == []
    assert [len(notifier.cards(incident)) for incident in incidents] == [1, 1, 1]
    for incident in incidents:
        acknowledge(notifier.near.store, incident.number, an_actor(), now=at(9))
    assert len(notifier.tell(*incidents)) == 3, "none waits for its turn; they come again later"


def test_fault_26_a_slack_that_hangs_holds_a_batch_for_two_answers_and_no_longer(
    notifier: Notifier, monkeypatch: pytest.MonkeyPatch, slack_fails: Any, caplog: pytest.LogCaptureFixture
) -> None:
    incidents = [notifier.near.add() for _ in range(6)]
    slack_fails(mode="hang")
    with monkeypatch.context() as patch:
        patch.setattr(notifier.module.desk().bringer.slack, "_timeout_s", 1)
        assert notifier.tell(*incidents) == [incident.id for incident in incidents]
    waited_for = [record for record in caplog.records if "TimeoutError" in record.getMessage()]
    assert [record.name for record in waited_for] == ["deadair.notifier.consumer"] * 2
    slack_fails(mode="none")
    assert notifier.tell(*incidents) == []


def test_fault_26_a_slack_that_cannot_be_found_fails_fast(notifier: Notifier, monkeypatch: pytest.MonkeyPatch) -> None:
    incidents = [notifier.near.add() for _ in range(5)]
    bringer = notifier.module.desk().bringer
    nowhere = replace(bringer, slack=SlackClient("http://127.0.0.1:9/api/", lambda: TOKEN))
    desk = replace(notifier.module.desk(), bringer=nowhere)
    with monkeypatch.context() as patch:
        patch.setattr(notifier.module, "desk", lambda: desk)
        assert notifier.tell(*incidents) == [incident.id for incident in incidents]
    assert notifier.tell(*incidents) == []
    assert all(len(notifier.cards(incident)) == len(notifier.told(incident)) == 1 for incident in incidents)


def test_fault_26_one_incident_that_fails_holds_up_no_other(notifier: Notifier, slack_fails: Any) -> None:
    good, other = notifier.near.add(), notifier.near.add()
    slack_fails(mode="500", count=1, methods=["chat.postMessage"])
    assert notifier.tell(good, other) == [good.id]
    assert len(notifier.cards(other)) == 1
    assert notifier.tell(good) == []
    assert len(notifier.cards(good)) == 1


def test_an_incident_that_cannot_be_read_holds_up_no_other(notifier: Notifier) -> None:
    odd, good = notifier.near.add(), notifier.near.add()
    item = incident_item(odd) | {"likely": {"S": "a class of a later version"}}
    notifier.near.dynamodb.put_item(TableName=notifier.near.incidents, Item=item)

    try:
        assert notifier.tell(odd, good) == [odd.id]
    finally:
        # Other claims list what is open in this table.
        key = {name: item[name] for name in ("pk", "sk")}
        notifier.near.dynamodb.delete_item(TableName=notifier.near.incidents, Key=key)
    assert len(notifier.cards(good)) == len(notifier.told(good)) == 1


def test_a_card_that_cannot_be_drawn_does_not_keep_the_owner_from_knowing(
    notifier: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = notifier.near.add()
    monkeypatch.setitem(subject("card"), "summary", "{a word that nobody gives}")

    assert notifier.tell(incident, deliveries=4) == [incident.id], "a fault of ours is left to the dead letters"
    assert len(notifier.told(incident)) == 1


def test_a_message_that_is_no_fact_is_left_to_the_dead_letters(notifier: Notifier) -> None:
    incident = notifier.near.add()
    for body in ("", "[]", "{}", '{"detail": {"incident": "INC-0"}}', '{"detail": {"incident": 42}}'):
        assert notifier.tell("poison", body=body) == ["poison"]
    assert notifier.tell("INC-999999", incident) == ["INC-999999"]
    assert len(notifier.cards(incident)) == 1


def test_a_card_that_somebody_deleted_comes_back_with_the_next_change(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    notifier.near.web.chat_delete(channel=CHANNEL, ts=notifier.cards(incident)[0]["ts"])
    assert notifier.cards(incident) == []
    acknowledge(notifier.near.store, incident.number, an_actor(), now=at(9))
    assert notifier.tell(incident) == []
    assert len(notifier.cards(incident)) == 1


def test_fault_26_an_edit_that_slack_does_not_take_calls_nobody_and_comes_again(
    notifier: Notifier, slack_fails: Any
) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    waited = notifier.waiting()
    acknowledge(notifier.near.store, incident.number, an_actor(), now=at(9))
    slack_fails(mode="429", retry_after=1)
    assert notifier.tell(incident, deliveries=4) == []
    assert notifier.letters(incident) == []
    assert standing(notifier.near) == {}
    assert notifier.waiting() == waited + 1
    slack_fails(mode="none")
    notifier.tell(incident)
    assert "Ana Lima, since" in json.dumps(notifier.cards(incident))
