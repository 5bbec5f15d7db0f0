"""Claims about which alarms are judged in a round."""

from typing import Any

from infra.local.watchlist import Watchlist, metric_key

Json = dict[str, Any]
NOW = 1_795_000_000.0
RUNNING = NOW // 300 * 300


def an_alarm(name: str = "feed-silence", metric: str = "Records", **fields: Any) -> Json:
    plain = {"Namespace": "Deadair", "MetricName": metric, "Statistic": "Sum", "Period": 300, "Dimensions": []}
    return plain | {"AlarmName": name, "AlarmArn": f"arn:{name}", "StateValue": "OK"} | fields


def a_list(*alarms: Json) -> Watchlist:
    """Every alarm is known and has just been judged."""
    found = Watchlist()
    for alarm in alarms:
        found.learn(alarm, NOW, judged=True)
    return found


def test_a_judged_alarm_rests_until_its_next_period_is_complete() -> None:
    found = a_list(an_alarm())

    assert found.due(NOW + 1, 10) == []
    assert found.due(RUNNING + 300, 10) == ["feed-silence"]


def test_a_changed_alarm_is_judged_at_once_and_before_the_others() -> None:
    found = a_list(an_alarm("a"), an_alarm("b"))
    found.changed(["b", "new"])

    assert found.due(RUNNING + 300, 10) == ["b", "new", "a"]
    assert found.due(RUNNING + 1, 10) == []


def test_points_in_a_complete_period_call_for_a_judgement_those_of_the_running_one_do_not() -> None:
    found, records = a_list(an_alarm()), metric_key("Deadair", "Records", [])

    found.points_came(records, RUNNING, NOW)
    assert found.due(NOW, 10) == []

    found.points_came(records, RUNNING - 1, NOW)
    assert found.due(NOW, 10) == ["feed-silence"]


def test_points_of_other_metrics_call_nobody() -> None:
    found = a_list(an_alarm())

    found.points_came(metric_key("Deadair", "Errors", []), RUNNING - 1, NOW)
    found.points_came(metric_key("Deadair", "Records", [{"Name": "Integration", "Value": "x"}]), RUNNING - 1, NOW)

    assert found.due(NOW, 10) == []


def test_what_is_too_much_for_a_round_comes_with_the_next() -> None:
    found = a_list(*(an_alarm(f"alarm-{number}") for number in range(5)))
    rounds = []
    for _ in range(3):
        rounds.append(found.due(RUNNING + 300, 2))
        for name in rounds[-1]:
            found.learn(an_alarm(name), RUNNING + 300, judged=True)

    assert sorted(name for some in rounds for name in some) == [f"alarm-{number}" for number in range(5)]
    assert found.due(RUNNING + 301, 2) == []


def test_a_forgotten_alarm_is_never_due_and_its_metric_calls_nobody() -> None:
    found = a_list(an_alarm())
    found.forget("feed-silence")

    found.points_came(metric_key("Deadair", "Records", []), RUNNING - 1, NOW)
    assert found.due(RUNNING + 300, 10) == []


def test_an_alarm_that_looks_elsewhere_now_is_called_by_its_new_metric_only() -> None:
    found = a_list(an_alarm())
    found.learn(an_alarm(metric="Errors"), NOW, judged=True)

    found.points_came(metric_key("Deadair", "Records", []), RUNNING - 1, NOW)
    assert found.due(NOW, 10) == []
    found.points_came(metric_key("Deadair", "Errors", []), RUNNING - 1, NOW)
    assert found.due(NOW, 10) == ["feed-silence"]


def test_metric_math_is_called_by_each_of_its_metrics_and_a_composite_by_none() -> None:
    stat = {"Metric": {"Namespace": "Deadair", "MetricName": "Errors"}, "Period": 60, "Stat": "Sum"}
    math: Json = {"AlarmName": "rate", "AlarmArn": "arn:rate", "StateValue": "OK"}
    math |= {"Metrics": [{"Id": "e", "Expression": "x"}, {"Id": "x", "MetricStat": stat, "ReturnData": False}]}
    both = {"AlarmName": "both", "AlarmArn": "arn:both", "StateValue": "OK", "AlarmRule": "ALARM(rate)"}
    found = a_list(math, both)

    found.points_came(metric_key("Deadair", "Errors", []), NOW - 120, NOW)

    assert found.due(NOW, 10) == ["rate"]
    assert found.due(NOW + 3600, 10) == ["rate"]


def test_an_alarm_with_new_points_does_not_wait_behind_a_thousand_new_alarms() -> None:
    found = a_list(an_alarm())
    found.changed(f"new-{number}" for number in range(1000))
    found.again(found.due(NOW, 10))
    found.points_came(metric_key("Deadair", "Records", []), RUNNING - 300, NOW)
    found.changed(["newer"])

    assert found.due(NOW, 2) == ["feed-silence", "new-10"]
