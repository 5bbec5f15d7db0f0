"""The HTTP answers of the doors. Knows status, headers and words. Refuses to be cached."""

import json
from typing import Any

from deadair.adapters.slack.phrases import plain

Response = dict[str, Any]


def bare(status: int) -> Response:
    """A status and nothing else."""
    return {"statusCode": status, "headers": {"cache-control": "no-store"}, "body": ""}


def said(status: int, key: str) -> Response:
    """A refusal in words, for whoever set this up."""
    headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": plain(f"answers.http.{key}")}


def as_json(body: dict[str, Any]) -> Response:
    """An answer that Slack reads; an empty one says nothing."""
    if not body:
        return bare(200)
    headers = {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(body, ensure_ascii=False)}
