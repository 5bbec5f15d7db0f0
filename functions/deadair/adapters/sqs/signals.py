"""Signals on their way to being counted: messages of the signal queue, written and read.

Knows how many fit into a message and the text of one. Refuses to know what they count for.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.items import instant
from deadair.domain.errors import Poison, Unavailable
from deadair.domain.portions import portions
from deadair.domain.sent_signal import SentSignal

# SQS takes 256 KiB; what is around the signals is a few hundred bytes.
MESSAGE_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class SignalBatch:
    """The signals of one message. `id` goes with them wherever the message goes, also out of the dead letters."""

    id: str
    slug: str
    signals: tuple[SentSignal, ...]


class SignalQueue:
    """The queue. `client` is a low-level SQS client; `fresh_id` makes the ids of batches."""

    def __init__(self, client: Any, url: str, fresh_id: Callable[[], str]) -> None:
        self._client, self._url, self._fresh_id = client, url, fresh_id

    def send(self, slug: str, signals: list[SentSignal]) -> None:
        """Queue them, in as few messages as they fit into.

        Raises Unavailable when SQS does not take one: whoever sends all of them again counts none twice.
        """
        try:
            for some in portions(map(_text, signals), (MESSAGE_BYTES + 1,), _bytes_of):
                self._client.send_message(QueueUrl=self._url, MessageBody=_body(self._fresh_id(), slug, some))
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The signal queue did not answer.") from error


def batch_from(body: str) -> SignalBatch:
    """The batch of a message. Raises Poison for what we never wrote."""
    try:
        told = json.loads(body)
        return SignalBatch(told["batch"], told["integration"], tuple(map(_signal, told["signals"])))
    except (AttributeError, KeyError, TypeError, ValueError) as odd:
        raise Poison("no_signals", f"The message holds no signals of ours: {type(odd).__name__}.") from odd


def _body(batch: str, slug: str, texts: list[str]) -> str:
    """The texts are JSON already: they were made to be measured."""
    return f'{{"batch":{json.dumps(batch)},"integration":{json.dumps(slug)},"signals":[{",".join(texts)}]}}'


def _bytes_of(text: str) -> tuple[int]:
    """With the comma behind it."""
    return (len(text) + 1,)


def _text(one: SentSignal) -> str:
    """ASCII, so that its length is its size. What is at rest is left out."""
    told: dict[str, Any] = {"key": one.key, "at": instant(one.at), "ok": one.ok}
    told |= {"records": one.records, "errors": one.errors}
    told |= {} if one.latency_ms is None else {"latency_ms": one.latency_ms}
    told |= {"lag_s": one.lag_s} if one.lag_s else {}
    told |= {"codes": dict(one.codes)} if one.codes else {}
    return json.dumps(told, separators=(",", ":"))


def _signal(told: Mapping[str, Any]) -> SentSignal:
    return SentSignal(
        key=told["key"],
        at=datetime.fromisoformat(told["at"]),
        ok=told["ok"],
        records=told["records"],
        errors=told["errors"],
        latency_ms=told.get("latency_ms"),
        lag_s=told.get("lag_s", 0.0),
        codes=told.get("codes", {}),
    )
