"""Claims about tags: asked in passing, within bounds, remembered for a while, never waited for."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from deadair.adapters.cloudwatch.tags import PATIENCE_S, PER_BATCH, PER_MINUTE, REFUSED_S, SILENT_S, AlarmTags
from deadair.domain.alarm import AlarmIdentity, Tagged
from tests.builders import at

NOW = at(0)


class CloudWatch:
    """The one call, with what it should answer, and a clock that it moves."""

    def __init__(self, answer: Callable[[], Any], takes_s: float = 0.0) -> None:
        self.meta = SimpleNamespace(region_name="eu-central-1")
        self.answer, self.takes_s = answer, takes_s
        self.asked: list[str] = []
        self.clock = 1000.0

    def list_tags_for_resource(self, *, ResourceARN: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        self.asked.append(ResourceARN)
        self.clock += self.takes_s
        return {"Tags": self.answer()}

    def tags(self) -> AlarmTags:
        made = AlarmTags(lambda: self, lambda: self.clock)
        made.begin()
        return made


NUMBERS = count()


def stranger(account: str = "210987654321", region: str = "eu-central-1") -> AlarmIdentity:
    return AlarmIdentity("aws", account, region, f"stranger-{next(NUMBERS)}")


def tagged() -> list[dict[str, str]]:
    return [{"Key": "Team", "Value": "x"}, {"Key": "Integration", "Value": "form-marketo"}]


def failing(code: str) -> Callable[[], Any]:
    def answer() -> Any:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "ListTagsForResource")

    return answer


def silent() -> Any:
    raise ReadTimeoutError(endpoint_url="https://monitoring.eu-central-1.amazonaws.com")


def test_the_tag_integration_names_the_slug() -> None:
    cloudwatch, alarm = CloudWatch(tagged), stranger()

    assert cloudwatch.tags().ask(alarm, NOW) == Tagged(alarm.key, "form-marketo", NOW)
    assert cloudwatch.asked == [f"arn:aws:cloudwatch:eu-central-1:210987654321:alarm:{alarm.name}"]


def test_a_tag_is_remembered_for_a_day_and_its_absence_for_an_hour() -> None:
    for answer, kept in ((tagged, timedelta(days=1)), (list, timedelta(hours=1))):
        tags, alarm = CloudWatch(answer).tags(), stranger()
        tags.ask(alarm, NOW)

        assert tags.remembered(alarm, NOW + kept - timedelta(seconds=1)) is not None
        assert tags.remembered(alarm, NOW + kept) is None


def test_an_alarm_that_is_gone_has_no_tag() -> None:
    alarm = stranger()

    assert CloudWatch(failing("ResourceNotFoundException")).tags().ask(alarm, NOW) == Tagged(alarm.key, "", NOW)


def test_a_batch_asks_few_questions() -> None:
    cloudwatch = CloudWatch(list)
    tags = cloudwatch.tags()

    answers = [tags.ask(stranger(), NOW) for _ in range(10)]

    assert len(cloudwatch.asked) == PER_BATCH
    assert answers[PER_BATCH:] == [None] * (10 - PER_BATCH)


def test_a_batch_that_waited_long_enough_asks_no_more() -> None:
    cloudwatch = CloudWatch(list, takes_s=PATIENCE_S)
    tags = cloudwatch.tags()
    for _ in range(3):
        tags.ask(stranger(), NOW)

    assert len(cloudwatch.asked) == 1


def test_a_storm_of_ten_thousand_strangers_is_a_handful_of_calls() -> None:
    cloudwatch = CloudWatch(list)
    tags = cloudwatch.tags()
    for _ in range(1000):
        tags.begin()
        for _ in range(10):
            tags.ask(stranger(), NOW)

    assert len(cloudwatch.asked) == PER_MINUTE


@pytest.mark.parametrize("answer", [failing("Throttling"), failing("InternalServiceFault"), silent])
def test_silence_ends_the_questions_for_a_minute(answer: Callable[[], Any]) -> None:
    cloudwatch = CloudWatch(answer)
    tags = cloudwatch.tags()

    assert [tags.ask(stranger(), NOW) for _ in range(2)] == [None, None]
    assert len(cloudwatch.asked) == 1
    cloudwatch.clock += SILENT_S
    tags.begin()
    tags.ask(stranger(), NOW)
    assert len(cloudwatch.asked) == 2


def test_a_missing_right_closes_that_account_for_an_hour_and_no_other() -> None:
    cloudwatch = CloudWatch(failing("AccessDenied"))
    tags = cloudwatch.tags()
    for account in ("1" * 12, "1" * 12, "2" * 12):
        tags.ask(stranger(account), NOW)

    assert len(cloudwatch.asked) == 2
    cloudwatch.clock += REFUSED_S
    tags.begin()
    tags.ask(stranger("1" * 12), NOW)
    assert len(cloudwatch.asked) == 3


def test_an_alarm_of_another_region_is_not_asked_for_here() -> None:
    cloudwatch = CloudWatch(tagged)

    assert cloudwatch.tags().ask(stranger(region="us-east-1"), NOW) is None
    assert cloudwatch.asked == []


def test_how_many_went_without_is_said_once_for_a_batch(caplog: pytest.LogCaptureFixture) -> None:
    tags = CloudWatch(list).tags()
    for _ in range(10):
        tags.ask(stranger(), NOW)
    tags.end()

    (said,) = [record for record in caplog.records if record.message == "tags not looked up"]
    assert said.__dict__["count"] == 10 - PER_BATCH
