"""Payloads of the shapes that Slack documents and sends, each written for these tests."""

from typing import Any

USER = {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0DEADAIR"}
TITLE = {"type": "plain_text", "text": "Launch", "emoji": False}
FIELD = {"type": "plain_text_input", "action_id": "a", "dispatch_action_config": {"trigger_actions_on": ["on_enter"]}}
VIEW = {"id": "V111", "type": "modal", "title": TITLE, "callback_id": "launch", "private_metadata": "", "blocks": []}


def _event(kind: str, **fields: Any) -> dict[str, Any]:
    envelope = {"token": "x", "api_app_id": "A111", "type": "event_callback", "event_id": f"Ev-{kind}", "event_time": 1}
    return envelope | {"event": {"type": kind, "event_ts": "1.2"} | fields, "authorizations": [{"team_id": None}]}


SHAPES: dict[str, dict[str, Any]] = {
    "url_verification": {"type": "url_verification", "token": "x", "challenge": "c-1"},
    "no_actions": {"type": "block_actions", "user": USER, "actions": []},
    "view_closed": {"type": "view_closed", "user": USER, "view": VIEW, "is_cleared": False},
    "view_submission": {"type": "view_submission", "user": USER, "view": VIEW | {"state": {}}, "response_urls": []},
    "view_submission_with_field": {
        "type": "view_submission",
        "user": USER,
        "enterprise": {"id": "E1", "name": "Org"},
        "view": VIEW
        | {
            "blocks": [{"type": "input", "block_id": "b", "label": TITLE, "element": FIELD}],
            "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": "Hi!"}}}},
        },
    },
    "unknown_shortcut": {"type": "shortcut", "user": USER, "callback_id": "launch", "trigger_id": "1.2.3"},
    "unknown_message_shortcut": {"type": "message_action", "user": USER, "callback_id": "x", "message": {"ts": "1.2"}},
    "shortcut_without_message": {"type": "message_action", "user": USER, "callback_id": "add_timeline"},
    "message": _event("message", text="Hi!", user="U0ANA", channel="C111", channel_type="channel", ts="1.2"),
    "bot_message": _event("message", subtype="bot_message", bot_id="B1", text="Hi!", channel="C111", ts="1.2"),
    "file_share": _event("message", subtype="file_share", files=[{"id": "F1", "name": "a.png"}], user="U0ANA"),
    "bare_mention": _event("app_mention", user="U0ANA"),
    "mention": _event("app_mention", user="U0ANA", text="<@U0BOT> search slack", channel="C111", ts="1.2"),
    "other_reaction": _event("reaction_added", user="U0ANA", reaction="heart", item={"type": "message", "ts": "1.2"}),
    "reaction_to_file": _event("reaction_added", user="U0ANA", reaction="stopwatch", item={"type": "file"}),
    "reaction_nowhere": _event("reaction_added", user="U0ANA", reaction="stopwatch", item={"type": "message"}),
}
