"""Claims about provisioning, on the local AWS: it converges from anything, writes nothing twice, keeps to its own."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deadair.adapters.cloudwatch.alarms import Alarms
from deadair.domain.errors import Unavailable
from deadair.domain.marks import WORDS
from deadair.usecases.provision_alarms import Provisioner
from deadair.usecases.reconcile_alarms import Place as From
from deadair.usecases.reconcile_alarms import reconcile
from infra.target import Target
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.provisioning import FULL, NOW, Counting, Place
from tests.stack import REGISTRY, Deadair, a_table_like

pytestmark = pytest.mark.stack
ALL = {"silence", "freshness", "error-rate", "latency", "quota-second"}


@pytest.fixture
def place(stack: Target) -> Iterator[Place]:
    """A prefix of this test's own, in which nothing stays."""
    place = Place(stack.client("dynamodb"), a_table_like(stack, "RegistryTable"), Counting(stack.client("cloudwatch")))
    yield place
    clean(place)


def clean(place: Place) -> None:
    names = list(place.alarms())
    for start in range(0, len(names), 100):
        place.cloudwatch.client.delete_alarms(AlarmNames=names[start : start + 100])


def everything(provisioner: Provisioner) -> Any:
    report, rest = reconcile(provisioner, From(), NOW)
    assert rest is None
    return report


def test_a_row_gets_an_alarm_for_each_threshold_and_the_second_run_writes_nothing(place: Place) -> None:
    place.row("hub-sf", **FULL)

    first = place.provisioner().converge(["hub-sf"], NOW)
    again = place.provisioner().converge(["hub-sf"], NOW)

    assert place.words("hub-sf") == ALL
    assert (len(first.created), first.writes, again.writes, again.same) == (5, 5, 0, 5)


def test_a_change_of_one_row_costs_two_calls_when_nothing_differs(place: Place) -> None:
    place.row("hub-sf", **FULL)
    place.provisioner().converge(["hub-sf"], NOW)
    place.cloudwatch.calls.clear()
    counted = Counting(place.dynamodb)
    place.dynamodb = counted

    place.provisioner().converge(["hub-sf"], NOW)

    assert counted.calls + place.cloudwatch.calls == {"get_item": 1, "describe_alarms": 1}


def test_a_threshold_that_is_taken_out_takes_its_alarm_along_and_no_other(place: Place) -> None:
    place.row("hub-sf", **FULL)
    place.provisioner().converge(["hub-sf"], NOW)
    place.row("hub-sf", **FULL | {"thresholds": {"silence_min": 30}, "rate_limits": []})

    report = place.provisioner().converge(["hub-sf"], NOW)

    assert place.words("hub-sf") == {"silence"}
    assert [name.rpartition("-")[2] for name in report.changed] == ["silence"]


def test_a_row_that_leaves_takes_its_alarms_along_and_nothing_else(place: Place) -> None:
    for slug in ("hub-sf", "hub-sf-two"):
        place.row(slug, **FULL)
    place.by_hand(f"{place.prefix}-hub-sf-by-hand")
    place.provisioner().converge(["hub-sf", "hub-sf-two"], NOW)
    kept = {name: alarm for name, alarm in place.alarms().items() if "-two-" in name or "by-hand" in name}
    place.retire("hub-sf")

    place.provisioner().converge(["hub-sf"], NOW)

    assert place.alarms() == kept


def test_an_alarm_that_is_changed_keeps_its_state(place: Place) -> None:
    place.row("hub-sf", **FULL)
    place.provisioner().converge(["hub-sf"], NOW)
    name = f"{place.prefix}-hub-sf-error-rate"
    place.cloudwatch.client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="x")
    place.row("hub-sf", **FULL | {"thresholds": FULL["thresholds"] | {"error_rate_pct": 5}})

    place.provisioner().converge(["hub-sf"], NOW)

    [alarm] = place.cloudwatch.client.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["Threshold"] == 5
    assert alarm["StateValue"] != "INSUFFICIENT_DATA"  # the session's evaluator may have judged it meanwhile


@pytest.mark.parametrize(
    "edit",
    [
        {"Threshold": 99.0},
        {"ActionsEnabled": False},
        {"TreatMissingData": "ignore"},
        {"EvaluationPeriods": 2, "DatapointsToAlarm": 1},
        {"AlarmActions": ["arn:aws:sns:us-east-1:000000000000:somebody"]},
        {"Metrics": "other"},
    ],
    ids=str,
)
def test_what_somebody_edits_is_found_by_the_daily_reconcile_and_repaired(place: Place, edit: dict[str, Any]) -> None:
    place.row("hub-sf", **FULL)
    everything(place.provisioner())
    before = place.alarms()
    name = f"{place.prefix}-hub-sf-silence"
    [watch] = [w for w in place.provisioner().look(["hub-sf"], NOW).plan.same if w.name == name]
    if edit == {"Metrics": "other"}:
        edit = {"Metrics": [q | ({"Expression": "m"} if q["ReturnData"] else {}) for q in watch.definition["Metrics"]]}
    place.cloudwatch.client.put_metric_alarm(**watch.definition | edit)
    assert place.alarms() != before

    report = everything(place.provisioner())

    assert report.changed == [name]
    assert place.alarms() == before


def test_tags_that_somebody_changes_come_back_and_theirs_stay(place: Place) -> None:
    place.row("hub-sf", **FULL)
    everything(place.provisioner())
    name = f"{place.prefix}-hub-sf-silence"
    arn = place.alarms()[name]["AlarmArn"]
    client = place.cloudwatch.client
    client.untag_resource(ResourceARN=arn, TagKeys=["ManagedBy"])
    client.tag_resource(ResourceARN=arn, Tags=[{"Key": "Integration", "Value": "x"}, {"Key": "cost", "Value": "7"}])

    report = everything(place.provisioner())

    assert report.tagged == [name]
    tags = {tag["Key"]: tag["Value"] for tag in client.list_tags_for_resource(ResourceARN=arn)["Tags"]}
    assert tags == {"Integration": "hub-sf", "ManagedBy": place.prefix, "cost": "7"}


def test_a_hand_made_alarm_that_holds_our_name_is_left_alone_and_reported(place: Place) -> None:
    name = f"{place.prefix}-hub-sf-silence"
    place.by_hand(name)
    before = place.alarms()
    place.row("hub-sf", **FULL)

    report = everything(place.provisioner())
    place.retire("hub-sf")
    everything(place.provisioner())

    assert report.clashes == [name]
    assert place.alarms() == before


def test_another_stage_with_a_longer_prefix_is_a_stranger(place: Place) -> None:
    other = Place(place.dynamodb, place.table, place.cloudwatch, prefix=f"{place.prefix}-dev")
    place.row("hub-sf", **FULL)
    other.provisioner().converge(["hub-sf"], NOW)
    theirs = other.alarms()
    place.retire("hub-sf")

    everything(place.provisioner())

    assert other.alarms() == theirs


def test_alarms_whose_row_went_unnoticed_are_found_by_the_daily_reconcile(place: Place) -> None:
    for slug in ("one-two", "three-four"):
        place.row(slug, **FULL)
    everything(place.provisioner())
    place.retire("one-two")

    report = everything(place.provisioner())

    assert (len(report.deleted), place.words("one-two"), place.words("three-four")) == (5, set(), ALL)


@pytest.mark.parametrize("name", ["hub-sf-silence-copy", "throughput", "another-silence"])
def test_a_copy_of_our_alarm_under_a_name_of_their_own_is_theirs(place: Place, name: str) -> None:
    """CloudWatch's console copies the description, and our mark with it."""
    place.row("hub-sf", **FULL)
    everything(place.provisioner())
    ours = place.alarms()[f"{place.prefix}-hub-sf-silence"]
    place.by_hand(f"{place.prefix}-{name}", AlarmDescription=ours["AlarmDescription"])

    assert everything(place.provisioner()).writes == 0
    assert f"{place.prefix}-{name}" in place.alarms()


ODD: list[dict[str, Any]] = [
    {"owner": 7},
    {"expected": {"weekdays": ["someday"]}},
    {"expected": {"timezone": "Mars/Olympus", "hours": "07:00-20:00"}},
    {"expected": "always"},
    {"thresholds": {"silence_min": "an hour"}},
    {"rate_limits": [{"per": "second"}]},
]


@pytest.mark.parametrize("odd", ODD, ids=[next(iter(odd)) for odd in ODD])
def test_a_row_that_cannot_be_understood_keeps_its_alarms_and_holds_up_no_other(
    place: Place, odd: dict[str, Any]
) -> None:
    place.row("hub-sf", **FULL)
    everything(place.provisioner())
    before = place.alarms()
    place.row("hub-sf", **FULL | odd)
    place.row("one-two", **FULL)

    report = everything(place.provisioner())

    assert (report.unreadable, place.words("one-two")) == (["hub-sf"], ALL)
    assert before.items() <= place.alarms().items()


def test_an_alarm_that_somebody_deletes_first_holds_up_no_other(place: Place) -> None:
    place.row("one-two", **FULL)
    everything(place.provisioner())
    names = sorted(place.alarms())
    missing = Faulty(place.cloudwatch, "delete_alarms", refusal("ResourceNotFound", "DeleteAlarms"), times=2)

    Alarms(missing, rate=10_000, sleep=lambda _: None).delete(names)

    assert sorted(place.alarms()) == names[:1], "all but the one that was said to be gone"


def test_alarms_that_follow_a_clock_change_with_the_season_and_not_every_day(place: Place) -> None:
    place.row("hub-sf", **FULL)
    changed = {}
    for day in range(1, 31):
        report, _ = reconcile(place.provisioner(), From(), datetime(2026, 10, day, tzinfo=UTC))
        changed[day] = len(report.changed)

    assert {day for day, count in changed.items() if count} == {23, 26}


EXISTING = st.sampled_from(["none", "as it was", "edited", "by hand", "untagged"])
ROW = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "thresholds": st.fixed_dictionaries(
                {},
                optional={
                    "silence_min": st.sampled_from([10, 600]),
                    "freshness_min": st.just(90),
                    "error_rate_pct": st.sampled_from([1, 2.5]),
                    "latency_p95_ms": st.just(4000),
                },
            ),
            "rate_limits": st.lists(
                st.fixed_dictionaries({"calls": st.integers(1, 3), "per": st.sampled_from(["minute", "day", "month"])}),
                max_size=3,
            ),
            "expected": st.sampled_from([{}, {"timezone": "Asia/Kolkata", "hours": "09:30-18:00"}]),
        }
    ),
)
SLUGS = ("one-two", "one-two-three", "gone")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    before=st.tuples(ROW, ROW, ROW),
    after=st.tuples(ROW, ROW, ROW),
    existing=st.lists(EXISTING, min_size=24, max_size=24),
)
def test_any_mixture_of_alarms_and_rows_converges_in_one_run_and_foreign_alarms_stay(
    place: Place, before: Any, after: Any, existing: list[str]
) -> None:
    place.prefix = f"t{uuid4().hex[:10]}"
    set_rows(place, before)
    everything(place.provisioner())
    fates = dict(zip((f"{place.prefix}-{slug}-{word}" for slug in SLUGS for word in WORDS), existing, strict=True))
    fates[f"{place.prefix}-by-hand"] = "by hand"
    there = place.alarms()
    for name, fate in fates.items():
        meddle(place, name, fate, there.get(name))
    foreign = {name: alarm for name, alarm in place.alarms().items() if fates.get(name) == "by hand"}
    set_rows(place, after)

    report = everything(place.provisioner())
    result = place.alarms()
    place.cloudwatch.calls.clear()
    again = everything(place.provisioner())

    wanted = {w.name for row in place.provisioner().rows.of(SLUGS).there for w in place.provisioner().wanted(row, NOW)}
    assert set(result) == wanted | set(foreign)
    assert {name: result[name] for name in foreign} == foreign
    assert set(report.clashes) == wanted & set(foreign)
    assert (again.writes, place.cloudwatch.writes) == (0, 0)
    assert not place.provisioner().look(SLUGS, NOW).plan.writes
    clean(place)


def set_rows(place: Place, rows: Any) -> None:
    for slug, fields in zip(SLUGS, rows, strict=True):
        place.retire(slug) if fields is None else place.row(slug, **fields)


def meddle(place: Place, name: str, fate: str, alarm: dict[str, Any] | None) -> None:
    client = place.cloudwatch.client
    if fate == "by hand":
        client.delete_alarms(AlarmNames=[name])
        place.by_hand(name)
    elif fate == "none":
        client.delete_alarms(AlarmNames=[name])
    elif fate == "untagged" and alarm:
        client.untag_resource(ResourceARN=alarm["AlarmArn"], TagKeys=["Integration"])
    elif fate == "edited" and alarm:
        place.by_hand(name, AlarmDescription=alarm["AlarmDescription"])


def test_a_throttled_call_waits_longer_each_time_and_goes_on(place: Place) -> None:
    place.row("hub-sf", **FULL)
    slept: list[float] = []
    busy = Faulty(place.cloudwatch, "put_metric_alarm", refusal("Throttling", "PutMetricAlarm"), times=4)

    place.provisioner(busy, sleep=slept.append).converge(["hub-sf"], NOW)

    waits = [wait for wait in slept if wait > 0.1]
    assert place.words("hub-sf") == ALL
    assert len(waits) == 4
    assert waits[0] <= 0.5 < waits[2] <= 2 < waits[3] + 1.01


def test_a_neighbour_that_is_busy_for_ever_is_said_to_be_and_the_next_run_does_the_rest(place: Place) -> None:
    place.row("hub-sf", **FULL)
    place.provisioner().converge(["hub-sf"], NOW)
    place.row("hub-sf", **FULL | {"thresholds": {"silence_min": 61}})
    busy = Faulty(place.cloudwatch, "put_metric_alarm", refusal("Throttling", "PutMetricAlarm"), times=10_000)

    with pytest.raises(Unavailable):
        place.provisioner(busy).converge(["hub-sf"], NOW)
    place.cloudwatch.calls.clear()
    place.provisioner().converge(["hub-sf"], NOW)

    assert place.cloudwatch.calls["put_metric_alarm"] == 1
    assert place.words("hub-sf") == {"silence", "quota-second"}


def test_writes_keep_to_their_rate(place: Place) -> None:
    place.row("hub-sf", **FULL)
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    place.provisioner(rate=2, sleep=sleep, ticks=lambda: clock[0]).converge(["hub-sf"], NOW)

    assert clock[0] == pytest.approx(2.0)


def test_when_cloudwatch_is_full_that_is_said_once_and_deletions_go_on(place: Place, caplog: Any) -> None:
    place.row("aaa-bbb", **FULL)
    place.row("ccc-ddd", **FULL)
    place.provisioner().converge(["ccc-ddd"], NOW)
    place.row("ccc-ddd", **FULL | {"thresholds": {"silence_min": 60}, "rate_limits": []})
    full = Faulty(place.cloudwatch, "put_metric_alarm", refusal("LimitExceeded", "PutMetricAlarm"), times=1)

    report = place.provisioner(full).converge(["aaa-bbb", "ccc-ddd"], NOW)

    assert (report.full, len(report.waiting), report.created) == (True, 5, [])
    assert place.words("ccc-ddd") == {"silence"}
    assert sum("as many alarms as it takes" in record.message for record in caplog.records) == 1
    assert len(everything(place.provisioner()).created) == 5


def test_an_alarm_that_cloudwatch_refuses_holds_up_no_other(place: Place) -> None:
    place.row("hub-sf", **FULL)
    bad = Faulty(place.cloudwatch, "put_metric_alarm", refusal("ValidationError", "PutMetricAlarm"), times=1)

    report = place.provisioner(bad).converge(["hub-sf"], NOW)

    assert (len(report.refused), len(report.created)) == (1, 4)


def test_another_refusal_stops_the_run_and_what_was_written_stays(place: Place) -> None:
    place.row("hub-sf", **FULL)
    bad = Faulty(place.cloudwatch, "put_metric_alarm", refusal("AccessDenied", "PutMetricAlarm"), times=1)

    with pytest.raises(ClientError):
        place.provisioner(bad).converge(["hub-sf"], NOW)

    assert place.provisioner().converge(["hub-sf"], NOW).writes == 5


def test_of_two_runs_that_hold_the_same_row_the_newer_row_wins(place: Place) -> None:
    place.row("hub-sf", thresholds={"error_rate_pct": 1})

    class Overtaken(Counting):
        def put_metric_alarm(self, **definition: Any) -> None:
            """Before the first write of this run another one has read a newer row and written its alarms."""
            if definition["Threshold"] == 1:
                place.row("hub-sf", thresholds={"error_rate_pct": 5})
                place.provisioner().converge(["hub-sf"], NOW)
            self.client.put_metric_alarm(**definition)

    place.provisioner(Overtaken(place.cloudwatch)).converge(["hub-sf"], NOW)

    assert place.alarms()[f"{place.prefix}-hub-sf-error-rate"]["Threshold"] == 5


def test_when_the_time_is_over_the_rest_is_left_for_another_run(place: Place) -> None:
    slugs = [f"row-{number:02}" for number in range(30)]
    for slug in slugs:
        place.row(slug, thresholds={"silence_min": 60})
    looks = iter([False] * 15 + [True] * 100)

    report, rest = reconcile(place.provisioner(), From(), NOW, enough=lambda: next(looks))

    assert rest is not None
    assert set(slugs[: slugs.index(rest.after) + 1]).isdisjoint(report.left)
    report, rest = reconcile(place.provisioner(), rest, NOW + timedelta(hours=1))
    assert rest is None
    assert len(place.alarms()) == 30


def test_the_command_shows_what_would_be_written_and_what_it_costs(deadair: Deadair) -> None:
    status, said, _ = deadair("alarms", "plan", "hubspot-salesforce", "--json")
    told = json.loads(said)

    every = [*told["create"], *told["change"], *told["same"]]
    assert status == 0
    assert {alarm["integration"] for alarm in every} == {"hubspot-salesforce"}
    assert Decimal(told["alarms_usd_a_month"]) == sum(Decimal(alarm["usd_a_month"]) for alarm in every) > 0

    status, said, _ = deadair("alarms", "plan")
    assert (status, "$0.10 a month for each metric" in said) == (0, True)
    assert deadair("alarms", "plan", "no-such-row")[0] == 1

    status, said, _ = deadair("registry", "import", "--dry-run", REGISTRY)
    assert (status, "$ a month" in said) == (0, True)


def test_the_command_reconciles_and_finds_nothing_to_do_the_second_time(deadair: Deadair) -> None:
    deadair("alarms", "reconcile")

    status, said, _ = deadair("alarms", "reconcile", "--json")

    told = json.loads(said)
    assert status == 0
    assert not told["created"] + told["changed"] + told["deleted"] + told["tagged"]
    assert told["same"] > told["rows"] > 0
