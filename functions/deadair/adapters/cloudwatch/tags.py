"""The tag `Integration` of an alarm, asked in passing.

Knows that an alarm must not wait for its tag: a few questions for each batch and minute, each short; silence or a
refusal ends the questions for a while. Refuses to fail: an alarm without an answer goes to the fallback person.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.alarm import AlarmIdentity, Tagged

logger = logging.getLogger(__name__)

TAG = "Integration"
# A batch has ten seconds and more to do; a question takes at most one and a half.
PER_BATCH, PER_MINUTE = 3, 30
PATIENCE_S, MINUTE_S = 1.5, 60.0
# After silence or throttling this process asks nothing for so long; after a refusal nothing about that account.
SILENT_S, REFUSED_S = 60.0, 3600.0
REMEMBERED = 4096
GONE = frozenset({"ResourceNotFound", "ResourceNotFoundException"})
REFUSED = frozenset({"AccessDenied", "AccessDeniedException", "InvalidParameterValue", "ValidationError"})


class AlarmTags:
    """`connect` makes a CloudWatch client at the first question. `ticks` counts seconds and never goes back."""

    def __init__(self, connect: Callable[[], Any], ticks: Callable[[], float] = time.monotonic) -> None:
        self._connect = connect
        self._ticks = ticks
        self._known: OrderedDict[str, Tagged] = OrderedDict()
        self._closed: dict[str, float] = {}
        self._asked: list[float] = []
        self._left = PER_BATCH
        self._until = 0.0
        self._missed = 0

    def begin(self) -> None:
        """A new batch may ask again."""
        self._left, self._until, self._missed = PER_BATCH, self._ticks() + PATIENCE_S, 0

    def end(self) -> None:
        """Say how many alarms of the batch had to go without."""
        if self._missed:
            logger.warning("tags not looked up", extra={"count": self._missed})

    def remembered(self, alarm: AlarmIdentity, now: datetime) -> Tagged | None:
        """What this process knows and need not ask."""
        known = self._known.get(alarm.key)
        return known if known and known.is_fresh(now) else None

    def learn(self, tagged: Tagged) -> None:
        """Remember an answer, whoever got it."""
        self._known[tagged.alarm] = tagged
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def ask(self, alarm: AlarmIdentity, now: datetime) -> Tagged | None:
        """The tag as CloudWatch says it; None when it was not asked or did not answer."""
        slug = self._answer(alarm) if self._may_ask(alarm) else None
        if slug is None:
            self._missed += 1
            return None
        tagged = Tagged(alarm.key, slug, now)
        self.learn(tagged)
        return tagged

    def _may_ask(self, alarm: AlarmIdentity) -> bool:
        now = self._ticks()
        self._asked = [at for at in self._asked if now - at < MINUTE_S]
        if self._left <= 0 or now >= self._until or len(self._asked) >= PER_MINUTE:
            return False
        return all(self._closed.get(what, 0.0) <= now for what in ("", alarm.account))

    def _answer(self, alarm: AlarmIdentity) -> str | None:
        client = self._connect()
        if alarm.region != client.meta.region_name:
            return None
        self._left -= 1
        self._asked.append(self._ticks())
        try:
            found = client.list_tags_for_resource(ResourceARN=alarm.arn)["Tags"]
        except ClientError as error:
            return self._refused(alarm, error.response["Error"]["Code"])
        except BotoCoreError:
            return self._refused(alarm, "silence")
        return next((tag["Value"] for tag in found if tag["Key"] == TAG), "")

    def _refused(self, alarm: AlarmIdentity, code: str) -> str | None:
        if code in GONE:
            return ""
        logger.warning("tags cannot be looked up", extra={"code": code})
        what, pause = (alarm.account, REFUSED_S) if code in REFUSED else ("", SILENT_S)
        self._closed[what] = self._ticks() + pause
        return None
