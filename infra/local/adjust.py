"""Every adjustment that we make to MiniStack inside its own process, each with its reason.

MiniStack is pinned in the lock file; `tests/local/test_adjust.py` fails when one of the names used here is gone.
An adjustment exists only where AWS behaves otherwise or where an incident could be lost; what only makes it faster is
in `adjust_speed`, what concerns alarms, metrics and logs in `adjust_alarms`, `adjust_metrics` and
`adjust_logs`. Nothing here knows Deadair.
"""

# ruff: noqa: SLF001 - reaching into MiniStack is what this module is for

import threading
from collections.abc import Iterator
from typing import Any

from ministack.core import lambda_runtime
from ministack.core.concurrency import esm_wake
from ministack.services import dynamodb, lambda_svc, sqs

from infra.local import adjust_alarms, adjust_logs, adjust_metrics, adjust_speed

Json = dict[str, Any]

# Five workers of 60 MB for each queue do not fit a laptop, and two keep two cores busy.
WORKERS_PER_QUEUE = 2

_may_poll = threading.Event()


def apply() -> None:
    """Make all adjustments. Call once, before the first request."""
    lambda_svc._ESM_SQS_DEFAULT_CONCURRENCY = WORKERS_PER_QUEUE
    # Queues are saved under their address; with the gateway's port in it, a start on another port would lose them.
    sqs.DEFAULT_PORT = "4566"
    sqs._CANONICAL_NETLOC = f"{sqs.DEFAULT_HOST}:{sqs.DEFAULT_PORT}"
    _give_cookies_as_aws_does()
    adjust_alarms.apply()
    adjust_metrics.apply()
    adjust_logs.apply()
    adjust_speed.apply()
    _give_batches_of_the_size_asked_for()
    _let_functions_say_who_they_are()
    _keep_function_code_of_older_saves()
    _let_polling_be_paused()


def _give_cookies_as_aws_does() -> None:
    """An HTTP API (payload 2.0) hands cookies over as the list `cookies`; MiniStack leaves the header."""
    execute = lambda_svc._execute_function_with_config_scope

    def execute_with_cookies(function: Json, event: Any) -> Json:
        if isinstance(event, dict) and event.get("version") == "2.0" and "cookie" in event.get("headers", {}):
            cookies = event["headers"].pop("cookie")
            event["cookies"] = [part.strip() for part in cookies.split(";") if part.strip()]
        result: Json = execute(function, event)
        return result

    lambda_svc._execute_function_with_config_scope = execute_with_cookies


def _give_batches_of_the_size_asked_for() -> None:
    """A mapping may ask for more than ten messages at once; MiniStack gives ten, as to a caller of ReceiveMessage."""

    def receive(queue_url: str, at_most: int) -> list[Json]:
        with sqs._queues_lock:
            queue = sqs._get_q(queue_url)
            sqs._expire_retained(queue)
            sqs._dlq_sweep(queue)
            hidden_s = int(queue["attributes"].get("VisibilityTimeout", "30"))
            found: list[Json] = sqs._collect_msgs(queue, int(at_most or 1), hidden_s)
            return found

    sqs._receive_messages_for_esm = receive


def _let_functions_say_who_they_are() -> None:
    """The SDK puts `app/<room>` into the user agent of a function's calls; `requests` reads it."""
    credentials = lambda_runtime.execution_credentials

    def credentials_and_name(config: Json) -> dict[str, str]:
        room = str(config.get("Handler", "")).partition(".")[0]
        return {**credentials(config), "AWS_SDK_UA_APP_ID": room}

    lambda_runtime.execution_credentials = credentials_and_name


def _keep_function_code_of_older_saves() -> None:
    """MiniStack removes code that the newest state does not name; an older save may still need it."""
    lambda_svc._prune_orphan_code_blobs = lambda _referenced: None


def _let_polling_be_paused() -> None:
    """Functions get work only between `resume_polling` and `pause_polling`: see there."""
    all_mappings = lambda_svc._iter_all_esms

    def mappings_while_polling() -> Iterator[Any]:
        for mapping in all_mappings():
            if not _may_poll.is_set():
                return
            yield mapping

    lambda_svc._iter_all_esms = mappings_while_polling


def resume_polling() -> None:
    """Give work to the functions, once the stack is deployed: an update ends the workers of the old code."""
    _may_poll.set()
    esm_wake.set()


def pause_polling() -> None:
    """Give no new batch to any function; a clean stop lets the running ones end."""
    _may_poll.clear()


def work_in_flight() -> int:
    """What functions are working on, or are about to, at this moment."""
    dispatched: int = sum(lambda_svc._esm_inflight.values())
    return max(int(lambda_runtime.workers_in_use()), dispatched)


def end_functions() -> None:
    """End every worker, and leave their folders to whoever started us.

    Each holds a copy of the code: to remove thousands of files takes a busy machine longer than a stop may.
    """
    lambda_runtime.Worker._discard_tmpdir = lambda _worker: None
    lambda_runtime.reset()


def streams_state() -> Json:
    """The stream records that not every mapping has read, which MiniStack forgets when it saves.

    Without them a fact that was written but not yet relayed would be lost by a restart.
    """
    adjust_speed.forget_records_read_by_all()
    return {
        "records": dynamodb._stream_records,
        "trimmed": dynamodb._stream_trimmed,
        "sequence": dynamodb._stream_seq_counter,
    }


def restore_streams(state: Json | None) -> None:
    """Put back what `streams_state` kept."""
    if state:
        dynamodb._stream_records.update(state["records"])
        dynamodb._stream_trimmed.update(state["trimmed"])
        dynamodb._stream_seq_counter = state["sequence"]


def warm_functions() -> None:
    """Start one worker of each function, so that the first alarm does not wait for an import."""
    for function in list(lambda_svc._functions._data.values()):
        config, code = function["config"], function.get("code_zip")
        if not code:
            continue
        qualifier = config.get("Version", "$LATEST")
        worker, _ = lambda_runtime.acquire_worker(config["FunctionName"], config, code, qualifier=qualifier)
        try:
            lambda_runtime.ensure_spawned(worker)
        except (RuntimeError, OSError):
            # A function that cannot be imported says so at its first event, with its log.
            continue
        finally:
            lambda_runtime.release_worker(worker)
