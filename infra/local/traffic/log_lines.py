"""What an integration writes into its log when its run failed, in the words of real systems. Pure.

Knows a few wordings for each way to fail; ids, times and addresses in them differ from line to line, as they do.
Refuses to write about a run that went well.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from infra.local.traffic.how import How

Json = dict[str, Any]
Line = tuple[int, str]

# At most so many lines for a run: enough to count, little to keep.
_MOST = 6
_WORDS: dict[How, tuple[str, ...]] = {
    How.AUTH: (
        "invalid_grant: the refresh token is invalid, expired or revoked",
        "401 Client Error: Unauthorized for url: https://api.vendor.example/v3/contacts/{n}",
        "giving up on batch {n}: access token rejected for {mail}",
    ),
    How.RATE_LIMIT: (
        "429 Too Many Requests, Retry-After: {small}",
        "rate limit exceeded for portal {n}: policy SECONDLY, {small} calls waiting",
    ),
    How.VENDOR_ERROR: (
        "503 Server Error: Service Unavailable for url: https://api.vendor.example/v3/batch/{n}",
        "HTTPSConnectionPool(host='api.vendor.example', port=443): Read timed out. (read timeout=30)",
    ),
    How.EMPTY_SUCCESS: ("page 1 returned 0 records found in segment {n}, nothing to sync",),
    How.VERSION: (
        "410 Client Error: Gone: API version 2024-04 is no longer supported, use 2026-03 (request {id})",
        "unsupported api version in request {id}",
    ),
    How.SCHEMA: (
        "record {n} rejected: Required field is missing: [Country]",
        "422 Unprocessable Entity: INVALID_FIELD: No such column 'lead_source' on record {n}",
    ),
    How.WEBHOOK: (
        "event {id} refused: webhook signature does not match",
        "delivery {n} late by {small} min: subscription expired and was renewed",
    ),
    How.LATENCY: ("batch {n} took too long: {n} ms, backlog of {small} batches",),
}


def lines(slug: str, how: How, signal: Json) -> Iterator[Line]:
    """The lines of one run, from the signal that it sent: milliseconds since the epoch, and the text."""
    words = _WORDS.get(how, ())
    at = int(datetime.fromisoformat(signal["occurred_at"]).timestamp() * 1000)
    count = min(_MOST, max(signal["errors"], 1)) if words else 0
    for place in range(count):
        told = uuid5(NAMESPACE_URL, f"{slug}/{signal['id']}/{place}")
        about = {"n": 10_000 + told.int % 80_000, "small": 2 + told.int % 50, "id": told, "mail": f"{slug}@example.com"}
        level = "WARN" if how is How.EMPTY_SUCCESS else "ERROR"
        # Written while the run went on, the first words more often than the others.
        text = words[place * len(words) // count if place else 0].format(**about)
        yield at - 1000 * (count - place), f"{level} [{slug}] {text}"
