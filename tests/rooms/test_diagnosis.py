"""Claims about the diagnosis room: what it finds, what it leaves alone, and that it holds up nobody."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadair.adapters.cloudwatch.logs import LINES_A_PAGE, PAGES, WORTH_SENDING, LogReader
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.consent_log import list_consent
from deadair.domain.alarm import Signal
from deadair.domain.change import Kind, Teller, a_change
from deadair.domain.diagnosed import Confidence, LogError
from deadair.domain.health import Recent
from deadair.domain.severity import FailureClass
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.count_guesses import count_guesses
from deadair.usecases.diagnose import Looked
from deadair.usecases.name_cause import name_cause
from deadair.usecases.resolve import resolve
from deadair.usecases.tick import tick
from diagnosis.consumer import LATER_S, consume
from diagnosis.events import Wish, messages
from infra.target import Target
from tests.builders import BEN, an_actor
from tests.rooms.diagnosis_room import Diagnosis
from tests.rooms.faulty import Faulty, refusal
from tests.stack import Deadair

pytestmark = pytest.mark.stack

REFUSED = "ERROR invalid_grant: the refresh token of lead {n} was revoked"


@pytest.fixture
def room(stack: Target) -> Diagnosis:
    return Diagnosis(stack)


def refused(room: Diagnosis) -> Recent:
    return Recent(room.at(0), ok=False, records=0, errors=9, codes={"401": 9, "200": 1}, key="a")


def test_logs_and_status_codes_together_make_a_class_sure(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.health(refused(room))
    room.lines(*[REFUSED.format(n=n) for n in range(10_000, 10_030)], "INFO all is well", "ERROR 503 once")

    assert room.look() is Looked.FIRST

    found, (line,) = room.found(), room.told()
    assert (found.failure_class, found.confidence) == (FailureClass.AUTH, Confidence.HIGH)
    assert found.log_errors[0] == LogError("invalid_grant: the refresh token of lead … was revoked", 30)
    assert found.evidence[:2] == (
        "30 of 31 errors in the logs say auth",
        "9 of 10 calls answered 401 in the last 2 minutes",
    )
    assert [check.id.partition(".")[0] for check in found.checks] == ["auth"] * 4
    assert room.now().failure_class is FailureClass.AUTH
    assert line.text == "Looks like auth (high confidence): 30 of 31 errors in the logs say auth."


def test_the_five_minute_facts_are_found(room: Diagnosis) -> None:
    room.row()
    room.incident(Signal.SILENCE)
    room.health(Recent(room.at(-4), ok=True, records=1, errors=0, key="a"))
    room.records(range(-20, -4))
    changes = ChangeStore(room.dynamodb, room.table)
    changes.add(
        a_change(room.slug, room.at(-10), Kind.DEPLOY, "form-relay 1.9.0", by="Ben", source=Teller.PERSON), room.at(1)
    )

    room.look(30)

    found = room.found()
    assert found.last_good_at == room.at(-4)
    assert (found.missed_records, found.missed_why) == (30, "about 30 expected in 30 min, 0 arrived")
    assert found.affected == ("Opt-outs", "CRM → alerts")
    assert (found.process, found.campaigns) == ("Leads are called within the hour.", ("Spring",))
    assert [(change.kind, change.text) for change in found.changes] == [("deploy", "form-relay 1.9.0")]


def test_the_last_good_record_is_found_in_the_metrics_when_newer_signals_took_its_place(room: Diagnosis) -> None:
    room.row()
    room.incident(Signal.SILENCE)
    room.health(Recent(room.at(20), ok=True, records=1, errors=0, key="a"))
    room.records([-9, -7])

    room.look(25)

    assert room.found().last_good_at == room.at(-7)


def test_the_errors_of_a_nightly_run_are_found_where_it_began(room: Diagnosis) -> None:
    room.row()
    incident = room.incident(Signal.FRESHNESS)
    room.write(replace(incident, started_at=room.at(-200)))
    room.lines("ERROR 429 Too Many Requests", minutes=-198)

    room.look()

    assert room.found().log_errors == (LogError("429 Too Many Requests", 1),)
    assert room.found().failure_class is FailureClass.RATE_LIMIT


def test_the_same_finding_is_told_once_and_its_numbers_go_on(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.health(refused(room))

    looks = [room.look(minutes) for minutes in (2, 2.5, 7, 17)]

    assert looks == [Looked.FIRST, Looked.NOT_DUE, Looked.SAME, Looked.SAME]
    assert len(room.told()) == 1
    assert (room.found().edit, room.found().missed_records) == (3, 17)


def test_a_nudge_looks_at_once_and_tells_what_is_new(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.look(2)
    told = a_change(room.slug, room.at(-3), Kind.CREDENTIAL, "key rotated", by="Ben", source=Teller.PERSON)
    ChangeStore(room.dynamodb, room.table).add(told, room.at(2))

    assert room.look(2.1, nudged=True) is Looked.FOUND
    assert "key rotated" in room.told()[-1].text


def test_a_finding_is_not_lost_when_the_logs_are_quiet_again(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.lines("ERROR invalid_grant")
    room.look(2)

    room.look(100)

    assert room.found().failure_class is FailureClass.AUTH
    assert room.found().log_errors == (LogError("invalid_grant", 1),)
    assert len(room.told()) == 1


def test_a_settled_signal_is_not_overruled_and_what_is_beneath_is_told(room: Diagnosis) -> None:
    room.row()
    room.incident(Signal.SILENCE)
    room.lines(*["WARN webhook signature verification failed"] * 3)

    room.look()

    found = room.found()
    assert room.now().failure_class is FailureClass.SILENCE
    assert (found.failure_class, found.beneath, found.confidence) == (
        FailureClass.SILENCE,
        FailureClass.WEBHOOK,
        Confidence.HIGH,
    )
    assert [check.id.partition(".")[0] for check in found.checks] == ["silence"] * 3 + ["webhook"] * 4


def test_an_alarm_that_joins_is_looked_at_and_changes_the_finding(room: Diagnosis) -> None:
    room.row()
    room.incident(Signal.FRESHNESS)
    room.look(2)
    room.joins(room.alarm(Signal.SILENCE, 5))

    assert room.look(6) is Looked.FOUND
    assert room.found().failure_class is FailureClass.SILENCE


def test_a_resolved_incident_is_left_alone_but_for_a_nudge(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.look(2)
    resolve(room.store, 42, an_actor(), "new token", now=room.at(5))

    assert room.look(17) is Looked.NOT_DUE
    assert room.look(17, nudged=True) is Looked.SAME


def test_whoever_acts_between_is_not_undone(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.lines("ERROR invalid_grant")

    class Meanwhile:
        """DynamoDB, in which somebody acknowledges just before the first look is written."""

        def __init__(self) -> None:
            self.done = False

        def __getattr__(self, name: str) -> Any:
            if name == "transact_write_items" and not self.done:
                self.done = True
                acknowledge(room.store, 42, an_actor(), now=room.at(2))
            return getattr(room.dynamodb, name)

    first = Meanwhile()
    room.look(life=lambda client: first if client is room.dynamodb else client)

    assert first.done
    assert (room.now().acknowledged_by, room.now().looked) == ("Ana Lima", FailureClass.AUTH)
    assert len(room.told()) == 1


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("ResourceNotFoundException", "There is no log group {group} in this account and region."),
        ("AccessDeniedException", "Deadair may not read the log group {group}."),
        ("ThrottlingException", "CloudWatch Logs did not answer."),
    ],
)
def test_logs_that_cannot_be_read_leave_a_note_and_the_rest_is_found(room: Diagnosis, code: str, note: str) -> None:
    room.row()
    room.incident(Signal.SILENCE)
    logs = Faulty(room.stack.client("logs"), "filter_log_events", refusal(code, "FilterLogEvents"))

    room.look(logs=logs)

    assert room.found().logs_note == note.format(group=room.group)
    assert room.found().affected == ("Opt-outs", "CRM → alerts")


def test_without_metrics_changes_or_a_row_a_look_still_says_what_it_knows(stack: Target) -> None:
    room = Diagnosis(stack)
    room.incident(Signal.SILENCE)

    room.look()

    assert (room.found().failure_class, room.found().affected) == (FailureClass.SILENCE, ())
    assert room.found().missed_why == "no row of the registry says what is expected"


def test_a_neighbour_that_falls_silent_later_takes_nothing_away(room: Diagnosis) -> None:
    room.row()
    room.incident(Signal.SILENCE)
    room.health(Recent(room.at(-4), ok=True, records=1, errors=0, key="a"))
    room.look(10)
    broken = Faulty(room.stack.client("cloudwatch"), "get_paginator", refusal("Throttling", "GetMetricData"))
    cloudwatch = room.stack.client("cloudwatch")

    room.look(20, life=lambda client: broken if client is cloudwatch else client)

    found = room.found()
    assert (found.last_good_at, found.missed_why) == (room.at(-4), "CloudWatch did not say how many arrived")


class Pages:
    """CloudWatch Logs with more in it than anybody should read."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.asked: list[dict[str, Any]] = []
        self.now, self.seconds = 0.0, seconds

    def filter_log_events(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        self.now += self.seconds
        return {"events": [{"message": "ERROR x" * 9000}] * LINES_A_PAGE, "nextToken": "more"}


def test_a_flood_of_logs_is_read_for_a_few_pages_and_for_a_few_seconds() -> None:
    flood, slow = Pages(), Pages(seconds=4.0)
    hour = datetime(2026, 11, 2, 12, tzinfo=UTC), datetime(2026, 11, 2, 12, 15, tzinfo=UTC)

    read = LogReader(flood, lambda: flood.now).errors("/x", *hour)
    cut = LogReader(slow, lambda: slow.now).errors("/x", *hour)

    assert (len(flood.asked), len(read.texts)) == (PAGES, PAGES * LINES_A_PAGE)
    assert max(len(text) for text in read.texts) <= 8000
    assert read.note == "There is more in the logs than the 3000 lines that were read."
    assert (len(slow.asked), cut.note) == (2, "The logs were not read to the end: it took too long.")
    assert len(WORTH_SENDING) <= 1024
    assert not set(WORTH_SENDING.strip("%")) & set(" ()")


def test_a_batch_of_questions_ends_in_time() -> None:
    slow = Pages(seconds=5.9)
    reader = LogReader(slow, lambda: slow.now)
    reader.begin()

    for _ in range(20):
        reader.errors("/x", datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))

    assert slow.now < 30


Deliver = Callable[..., tuple[list[str], list[tuple[int, bool]], list[tuple[int, int]]]]


@pytest.fixture
def deliver() -> Deliver:
    """Delivers bodies as one batch: the ids that come again, the looks, and the later looks asked for."""

    def run(*bodies: str, fails: bool = False) -> tuple[list[str], list[tuple[int, bool]], list[tuple[int, int]]]:
        looks: list[tuple[int, bool]] = []
        later: list[tuple[int, int]] = []

        def look(wish: Wish) -> None:
            looks.append((wish.number, wish.nudged))
            if fails:
                raise KeyError(wish.number)

        records = [{"messageId": f"m{place}", "body": body} for place, body in enumerate(bodies)]
        failed = consume(messages({"Records": records}), look, lambda number, seconds: later.append((number, seconds)))
        return failed, looks, later

    return run


def fact(name: str, number: int = 7) -> str:
    return json.dumps(
        {"detail-type": f"incident.{name}.v1", "source": "deadair", "detail": {"incident": f"INC-{number}"}}
    )


def test_a_storm_of_one_incident_is_one_look_and_an_opening_is_looked_at_again_later(deliver: Deliver) -> None:
    failed, looks, later = deliver(fact("opened"), *[fact("alarm_recorded")] * 8, fact("opened", 8))

    assert failed == []
    assert looks == [(7, False), (8, False)]
    assert later == [(number, seconds) for number in (7, 8) for seconds in LATER_S]


def test_what_is_merged_or_split_is_looked_at_now_and_later_as_it_has_other_alarms(deliver: Deliver) -> None:
    failed, looks, later = deliver(fact("merged"), fact("split", 8))

    assert (failed, looks) == ([], [(7, False), (8, False)])
    assert later == [(number, seconds) for number in (7, 8) for seconds in LATER_S]


def test_a_nudge_is_told_from_a_later_look_and_what_is_neither_is_dead_lettered(deliver: Deliver) -> None:
    failed, looks, later = deliver('{"incident": 9}', '{"incident": 3, "later": true}', "{}", '{"incident": -1}')

    assert failed == ["m2", "m3"]
    assert looks == [(9, True), (3, False)]
    assert later == []


def test_an_incident_that_cannot_be_looked_at_does_not_keep_its_neighbours(deliver: Deliver) -> None:
    failed, looks, _ = deliver(fact("opened"), fact("reopened", 8), fails=True)

    assert failed == ["m0", "m1"]
    assert len(looks) == 2


def test_a_person_s_word_goes_first_and_the_guess_of_that_moment_is_kept(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.health(refused(room))
    room.look()

    told = name_cause(
        room.store,
        42,
        an_actor(BEN, stands_in_for=room.slug),
        FailureClass.WEBHOOK,
        "the secret key=abcd1234",
        now=room.at(3),
    )

    again = name_cause(room.store, 42, an_actor(BEN, stands_in_for=room.slug), FailureClass.WEBHOOK, now=room.at(4))
    line = room.store.timeline(42)[-1]
    assert told.failure_class is again.failure_class is FailureClass.WEBHOOK
    assert again.version == told.version
    assert line.details == {"cause": "webhook", "guess": "auth", "confidence": "medium"}
    assert line.author == "Ben Okafor"


def test_a_check_is_ticked_once_by_whoever_was_first_and_can_be_taken_back(room: Diagnosis) -> None:
    room.row()
    room.incident()

    tick(room.store, 42, an_actor(), "auth.user", now=room.at(2))
    tick(room.store, 42, an_actor(BEN), "auth.user", now=room.at(3))
    tick(room.store, 42, an_actor(BEN), "webhook.secret", now=room.at(4))
    after = tick(room.store, 42, an_actor(BEN), "auth.user", done=False, now=room.at(5))

    texts = [line.text for line in room.store.timeline(42)][1:]
    assert {name: made.by for name, made in after.checks.items()} == {"webhook.secret": "Ben Okafor"}
    assert [text.partition(":")[0] for text in texts] == ["Checked", "Checked", "Not checked after all"]
    assert room.now().checks == after.checks


def test_an_old_incident_is_looked_at_in_its_own_time_not_in_the_last_minutes(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.lines("ERROR invalid_grant", minutes=3)

    room.look(minutes=timedelta(days=2).total_seconds() / 60)

    assert room.found().log_errors == (LogError("invalid_grant", 1),)


def test_guesses_are_counted_over_what_people_said_and_nothing_else(stack: Target) -> None:
    right, wrong, unsaid, drill = (Diagnosis(stack) for _ in range(4))
    for one, cause in ((right, FailureClass.AUTH), (wrong, FailureClass.WEBHOOK), (unsaid, None), (drill, None)):
        one.row()
        one.incident(drill=one is drill)
        one.lines("ERROR invalid_grant")
        one.look()
        if cause:
            name_cause(one.store, 42, an_actor(), cause, now=one.at(3))
        resolve(one.store, 42, an_actor(), "a new token", now=one.at(5))

    counted = [count_guesses(one.store, one.store.past_incidents().items) for one in (right, wrong, unsaid, drill)]

    assert [(one.right, one.told, one.unsaid) for one in counted] == [(1, 1, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)]
    assert [(guess.guessed, guess.cause) for guess in counted[1].wrong] == [(FailureClass.AUTH, FailureClass.WEBHOOK)]


def test_the_command_tells_how_good_the_guesses_are(deadair: Deadair) -> None:
    status, out, _ = deadair("diagnosis", "accuracy", "--since", "1h", "--json")
    told = json.loads(out)

    assert status == 0
    assert {"right", "told", "unsaid", "by_class", "by_confidence", "wrong"} <= told.keys()
    assert deadair("diagnosis", "accuracy")[0] == 0
    assert deadair("diagnosis", "accuracy", "--since", "soon")[0] == 1


def test_what_is_found_of_an_incident_with_consent_is_in_its_own_log_too(room: Diagnosis) -> None:
    room.row(data_classes=["consent"], severity="SEV1")
    room.incident(Signal.SILENCE)

    room.look()

    logged = list_consent(room.dynamodb, room.table, 10, 42)
    (line,) = room.told()
    assert [entry.entry for entry in logged] == [line.id]
    assert room.now().consent_log.number == 1


def test_what_was_recorded_afterwards_is_not_looked_at(room: Diagnosis) -> None:
    room.row()
    room.incident()
    room.health(refused(room))
    before = room.now()
    room.store.save(before, replace(before, recorded_afterwards=True, version=before.version + 1))

    assert room.look() is Looked.NOT_DUE
