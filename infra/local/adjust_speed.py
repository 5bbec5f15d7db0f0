"""The adjustments of MiniStack that make it faster and smaller. Nothing here changes an answer.

Where it waits and AWS does not, does the same work again, or keeps what nobody reads any more. See `adjust`.
"""

# ruff: noqa: SLF001 - reaching into MiniStack is what this module is for

import logging
import threading
import time
from functools import lru_cache
from typing import Any

from ministack.core import lambda_runtime
from ministack.core.concurrency import esm_wake
from ministack.services import dynamodb, lambda_svc, scheduler

_LOG = logging.getLogger("deadair.embedded")
Json = dict[str, Any]

# A function's log lines are in the pipe before its answer; MiniStack waits 50 ms for a silent function.
_LOG_WAIT_S, _LOG_IDLE_S, _LOG_CAP_S = 0.004, 0.002, 0.1
# How long the streams' reader waits when nobody wakes it, as MiniStack's own.
_STREAM_TICK_S = 1.0
# A second worker costs two cores a second; the first is free again much earlier. Longer work is worth a second one.
_FREE_SOON_S, _FREE_LOOK_S = 0.05, 0.002

# MiniStack looks for schedules that are due every ten seconds; on AWS they fire at their second, or soon after it.
_SCHEDULES_LOOK_S = 1

_stream_wake = threading.Event()


def apply() -> None:
    """Make all of them. Called by `adjust.apply`."""
    _answer_without_waiting_for_logs()
    _read_streams_beside_queues()
    _parse_an_expression_once()
    _wait_for_a_worker_that_is_free_soon()
    scheduler._SCHEDULE_TICK_INTERVAL = _SCHEDULES_LOOK_S


def _answer_without_waiting_for_logs() -> None:
    """Halve the time per invocation: see `_LOG_WAIT_S`. A late line joins the next invocation's log."""
    drain = lambda_runtime.Worker._drain_stderr_bounded

    def drain_briefly(worker: Any) -> str:
        return str(drain(worker, _LOG_WAIT_S, _LOG_IDLE_S, _LOG_CAP_S))

    lambda_runtime.Worker._drain_stderr_bounded = drain_briefly


def _read_streams_beside_queues() -> None:
    """A stream has a reader of its own, as on AWS; in MiniStack every queue waits while a stream's function works."""
    read, wake_queues = lambda_svc._poll_dynamodb_streams, esm_wake.set

    def wake_both() -> None:
        wake_queues()
        _stream_wake.set()

    def read_for_ever() -> None:
        while True:
            _stream_wake.clear()
            try:
                found = read()
                if not found:
                    forget_records_read_by_all()
            except Exception:  # noqa: BLE001 - as in MiniStack's own loop: the next round must come whatever happens
                _LOG.exception("a stream could not be read")
                found = False
            if not found:
                _stream_wake.wait(_STREAM_TICK_S)

    esm_wake.set = wake_both
    lambda_svc._poll_dynamodb_streams = lambda: False
    threading.Thread(target=read_for_ever, name="stream-reader", daemon=True).start()


def _parse_an_expression_once() -> None:
    """MiniStack checks the grammar of a query's expression again for every item of the partition."""
    dynamodb._condition_syntax_error = lru_cache(maxsize=512)(dynamodb._condition_syntax_error)


def _wait_for_a_worker_that_is_free_soon() -> None:
    """Who comes while a worker still hands in its log is served by it: see `_FREE_SOON_S`. AWS starts another one."""
    acquire = lambda_svc.acquire_worker

    def acquire_soon(name: str, config: Json, code: bytes, qualifier: str = "$LATEST") -> Any:
        key, until = lambda_runtime._worker_key(name, config, qualifier), time.monotonic() + _FREE_SOON_S
        while _all_busy(lambda_runtime._workers.get(key)) and time.monotonic() < until:
            time.sleep(_FREE_LOOK_S)
        return acquire(name, config, code, qualifier=qualifier)

    lambda_svc.acquire_worker = acquire_soon


def _all_busy(workers: list[Any] | None) -> bool:
    return bool(workers) and all(worker.in_use for worker in workers or ())


def forget_records_read_by_all() -> None:
    """Drop what every mapping of a table has read, so that memory and saves grow with the backlog, not with history.

    For the reader's own thread, and for a fork of the process. The count goes first: a save between the two lines reads
    some records again, which does no harm; the other way round it would lose some.
    """
    positions: dict[tuple[str, str, str], list[int]] = {}
    for (account, region, mapping), esm in list(lambda_svc._esms._data.items()):
        arn = esm.get("EventSourceArn", "")
        if ":dynamodb:" in arn:
            table = arn.split("/stream/")[0].rsplit("/", 1)[-1]
            read = lambda_svc._dynamodb_stream_positions._data.get((account, region, mapping), 0)
            positions.setdefault((account, region, table), []).append(read)
    for key, read_by_each in positions.items():
        records = dynamodb._stream_records._data.get(key)
        trimmed = dynamodb._stream_trimmed._data.get(key, 0)
        done = min(read_by_each) - trimmed
        if records and done > 0:
            dynamodb._stream_trimmed._data[key] = trimmed + done
            del records[:done]
