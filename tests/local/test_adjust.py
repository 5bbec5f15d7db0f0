"""The adjustments of MiniStack fit the version in the lock: every name that they replace or call is there."""

import importlib

import pytest

NAMES = {
    "ministack.app": ("app", "save_all", "_build_persistence_save_dict", "_load_persisted_state"),
    "ministack.core.persistence": ("STATE_DIR", "load_state", "_state_format_version", "_json_default"),
    "ministack.core.lambda_runtime": (
        *("acquire_worker", "release_worker", "ensure_spawned", "workers_in_use", "reset"),
        *("_workers", "_worker_key"),
    ),
    "ministack.services.lambda_svc": (
        *("_ESM_SQS_DEFAULT_CONCURRENCY", "_execute_function_with_config_scope", "_prune_orphan_code_blobs"),
        *("_iter_all_esms", "_esms", "_functions", "_dynamodb_stream_positions", "_esm_inflight"),
        *("_poll_dynamodb_streams", "acquire_worker"),
    ),
    "ministack.core.concurrency": ("esm_wake",),
    "ministack.services.dynamodb": (
        *("_stream_records", "_stream_trimmed", "_stream_seq_counter"),
        "_condition_syntax_error",
    ),
    "ministack.services.sqs": ("DEFAULT_HOST", "DEFAULT_PORT", "_CANONICAL_NETLOC"),
    "ministack.services.cloudwatch": ("_evaluate_alarm", "_put_metric_alarm", "_alarms", "_dispatch_alarm_actions"),
    "ministack.services.sns": ("_fanout",),
    "ministack.services.cloudformation.provisioners": ("_cw_metric_alarm_record",),
}


@pytest.mark.parametrize("module", NAMES)
def test_the_names_that_are_adjusted_exist(module: str) -> None:
    missing = [name for name in NAMES[module] if not hasattr(importlib.import_module(module), name)]

    assert missing == []
