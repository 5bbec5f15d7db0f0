"""The documented limits of a view: a modal or a Home.

Speaks in Slack's own findings. Refuses to know who opened it.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from infra.local.slack.blocks import check_blocks
from infra.local.slack.composition import Findings, text_object

NO_MATCH = "failed to match all allowed schemas [json-pointer:/view]"
LIMITS = (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255))
MOST_BYTES = 250_000


def is_too_large(view: object) -> bool:
    """Return whether *view* is beyond the 250 kB that Slack keeps of one."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > MOST_BYTES


def check_view(view: object) -> list[str]:
    """Return what Slack would find wrong with a modal or a Home; an empty list means that it takes it."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return [NO_MATCH, "must be one of: modal, home [json-pointer:/view/type]"]
    modal = view["type"] == "modal"
    found = Findings()
    required: Collection[str] = ("title", "blocks") if modal else ("blocks",)
    optional = (
        "private_metadata",
        "callback_id",
        "external_id",
        "submit",
        "close",
        "clear_on_close",
        "notify_on_close",
    )
    found.keys(view, "/view", required, (*optional, "title"))
    for key, most in (("title", 24), ("submit", 24), ("close", 24)):
        if modal and view.get(key) is not None:
            text_object(view[key], f"/view/{key}", found, most, plain=True)
    for key, most in LIMITS:
        if view.get(key) is not None:
            found.length(view[key], f"/view/{key}", most)
    blocks = view.get("blocks") or []
    if modal and not view.get("submit") and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks):
        found.add("missing required field: submit (a modal with input blocks needs it)", "/view")
    wrong = found.messages + check_blocks(blocks, view["type"], "/view/blocks")
    return [NO_MATCH, *wrong] if wrong else []
