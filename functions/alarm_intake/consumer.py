"""From the messages of the intake queue to what they mean, and from there to the recorder or the dead letters.

Knows envelopes: SQS, SNS, and the wrapping of bytes that no queue carries. Refuses to decide what an alarm means.
"""

import base64
import binascii
import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from alarm_intake.events import Ignored, from_event, from_lambda_action, from_notification
from alarm_intake.own_alarms import NO_OWN_ALARMS, OwnAlarms
from alarm_intake.own_signals import OWN_SOURCE, from_own_signal
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.domain.alarm import Transition
from deadair.domain.early import Arrival
from deadair.domain.errors import Poison
from deadair.domain.letter import ATTRIBUTE
from deadair.domain.line import Outcome
from deadair.domain.nesting import is_deeper
from deadair.domain.ownership import Scope
from deadair.usecases.batching import Told
from deadair.usecases.record_transitions import Recorder

logger = logging.getLogger("deadair.intake")

SNS_HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
# Where an emulator on this machine says that its certificate lies.
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
# A notification in an envelope in an envelope is a loop, not a message.
ENVELOPES = 4
# CloudWatch's own news are some ten levels deep.
DEEPEST = 100
TOO_DEEP = f"The JSON is nested too deeply to be an alarm: more than {DEEPEST} levels."

Fetch = Callable[[str], bytes]


class Consumer:
    """`fetch` reads an object of the bucket by its key, `own` knows alarms about Deadair. Wired once per process."""

    def __init__(
        self, ledger: Ledger, recorder: Recorder, scope: Scope, fetch: Fetch, own: OwnAlarms = NO_OWN_ALARMS
    ) -> None:
        self.ledger = ledger
        self.recorder = recorder
        self.scope = scope
        self.fetch = fetch
        self.own = own

    def consume(self, records: list[dict[str, Any]], now: datetime) -> list[str]:
        """Take in a batch of SQS records; returns the ids of those that must come again."""
        self.ledger.receive({record["messageId"]: record["body"] for record in records}, now)
        told: list[Told] = []
        failed: list[str] = []
        for record in records:
            try:
                found = self._sift(record, now)
            except Exception:
                # One message that we fail to read must not keep its neighbours from being recorded: it alone
                # comes again, and ends in the queue's dead letters if it never can be read.
                logger.exception("unreadable", extra={"message_id": record["messageId"]})
                failed.append(record["messageId"])
            else:
                told += [found] if found else []
        return failed + self.recorder.record(told, now)

    def _sift(self, record: dict[str, Any], now: datetime) -> Told | None:
        """What is to be recorded; None for what ends here: the ignored and the dead letters."""
        message_id, body = record["messageId"], record["body"]
        try:
            meaning = read_message(body, sent_at(record, now), self.fetch)
        except Poison as poison:
            logger.warning("dead letter", extra={"message_id": message_id, "reason": poison.reason})
            told = {"reason": poison.reason, "message": poison.message}
            self.ledger.dead_letter(message_id, **told, raw=body, now=now, mark=_mark(record))
            return None
        if isinstance(meaning, Transition) and self.own.takes(meaning, message_id, now):
            return None
        reason = meaning.reason if isinstance(meaning, Ignored) else self._refuses(meaning)
        if reason or isinstance(meaning, Ignored):
            self.ledger.settle(message_id, Outcome.IGNORED, reason=reason, now=now)
            return None
        return Told(Arrival(meaning, message_id), body)

    def _refuses(self, transition: Transition) -> str:
        return self.own.refuses(transition) or self.scope.refuses(transition)


def read_message(body: str, received_at: datetime, fetch: Fetch) -> Transition | Ignored:
    """What one message says. Raises Poison with a reason to count and words to read."""
    return _read(_parse(body), received_at, fetch, None, ENVELOPES)


def _mark(record: dict[str, Any]) -> str:
    """Which letter a message is, if somebody sent it once more."""
    attribute = (record.get("messageAttributes") or {}).get(ATTRIBUTE) or {}
    return str(attribute.get("stringValue") or "")


def sent_at(record: dict[str, Any], now: datetime) -> datetime:
    """When the queue took the message in. The same for every delivery, which `now` is not."""
    try:
        return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        return now


def _read(message: Any, received_at: datetime, fetch: Fetch, sent: Any, left: int) -> Transition | Ignored:
    if not isinstance(message, dict) or left == 0:
        raise Poison("unknown_shape", "The message is no alarm event and no notification.")
    if "detail-type" in message:
        detail = message.get("detail")
        detail = _parse(detail) if isinstance(detail, str) else detail
        read = from_own_signal if message.get("source") == OWN_SOURCE else from_event
        return read(message, received_at, detail if isinstance(detail, dict) else {})
    if "alarmData" in message:
        return from_lambda_action(message, received_at)
    if "AlarmName" in message or "NewStateValue" in message:
        return from_notification(message, received_at, sent)
    opened, time = _open_envelope(message, fetch)
    return opened if isinstance(opened, Ignored) else _read(opened, received_at, fetch, time, left - 1)


def _open_envelope(message: dict[str, Any], fetch: Fetch) -> tuple[Any, Any]:
    """What is inside, and the envelope's own time."""
    if "deadair_raw_base64" in message or "deadair_raw_s3" in message:
        return _parse(_decoded(_unwrapped(message, fetch))), None
    records = message.get("Records")
    if isinstance(records, list) and len(records) == 1 and isinstance(records[0], dict) and "Sns" in records[0]:
        message = records[0]["Sns"] if isinstance(records[0]["Sns"], dict) else {}
    if message.get("Type") in ("SubscriptionConfirmation", "UnsubscribeConfirmation"):
        # Never confirmed from here: whoever may subscribe the queue does it with their own rights.
        return Ignored("sns_subscription_message"), None
    text = message.get("Message")
    if message.get("Type") != "Notification" or not isinstance(text, str):
        raise Poison("unknown_shape", "The message is no alarm event and no notification.")
    _trusted_certificate(message)
    return _parse(text), message.get("Timestamp")


def _trusted_certificate(envelope: dict[str, Any]) -> None:
    """The queue's policy is what authenticates SNS, and no certificate is fetched; but a false one is a forgery."""
    address = envelope.get("SigningCertURL", envelope.get("SigningCertUrl"))
    if not isinstance(address, str) or "://" not in address:
        return
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    if not SNS_HOST.fullmatch(host) and host not in LOOPBACK:
        raise Poison("untrusted_certificate", "SigningCertURL: not an address of Amazon SNS.")


def _unwrapped(message: dict[str, Any], fetch: Fetch) -> bytes:
    reference = message.get("deadair_raw_s3")
    if isinstance(reference, str) and re.fullmatch(r"raw/[0-9a-f]{64}", reference):
        return fetch(reference)
    try:
        return base64.b64decode(message.get("deadair_raw_base64") or "", validate=True)
    except (binascii.Error, TypeError, ValueError) as odd:
        raise Poison("wrong_field", "deadair_raw_base64: not base64.") from odd


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as odd:
        raise Poison("invalid_utf8", f"The bytes are not UTF-8 from place {odd.start} on.") from odd


def _parse(text: str) -> Any:
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except RecursionError as deep:
        raise Poison("too_deep", TOO_DEEP) from deep
    except ValueError as odd:
        raise Poison("not_json", f"The message is not JSON: {odd}."[:300]) from odd
    # Where Python gives up differs from version to version (1,000 in 3.11, thousands in 3.13); our word must not.
    if text.count("{") + text.count("[") > DEEPEST and is_deeper(found, DEEPEST):
        raise Poison("too_deep", TOO_DEEP)
    return found
