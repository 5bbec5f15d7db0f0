"""Claims about what the embedded AWS tells of its alarms and metrics."""

from infra.local import metric_changes
from infra.local.metric_changes import alarm_changed, points_came

KEY = ("Deadair", "Records", "Integration=feed")


def known() -> tuple[str, int]:
    told = metric_changes.since("", 0)
    return told["run"], told["version"]


def test_who_comes_from_another_process_is_told_to_look_at_everything() -> None:
    told = metric_changes.since("another", 10**9)

    assert told["all"]
    assert not metric_changes.since(told["run"], told["version"])["all"]


def test_only_what_is_new_is_told_each_thing_once() -> None:
    alarm_changed("old")
    run, version = known()
    for name in ("one", "two", "one"):
        alarm_changed(name)
    points_came(KEY, 200.0)
    points_came(KEY, 100.0)

    told = metric_changes.since(run, version)

    assert sorted(told["alarms"]) == ["one", "two"]
    assert told["metrics"] == [[*KEY, 100.0]]
    assert metric_changes.since(run, told["version"])["alarms"] == []


def test_two_askers_take_nothing_from_each_other() -> None:
    run, version = known()
    alarm_changed("seen-by-both")

    assert metric_changes.since(run, version)["alarms"] == metric_changes.since(run, version)["alarms"] != []


def test_who_has_missed_too_much_is_told_to_look_at_everything() -> None:
    run, version = known()
    for number in range(metric_changes._KEPT + 1):
        points_came(KEY, float(number))

    assert metric_changes.since(run, version)["all"]
