"""The app as it is installed here: its command, its shortcuts, the events that it asked for, its addresses.

Knows what a manifest says beside the scopes; `deadair slack manifest` must say the same. Refuses to know what any of it
does.
"""

from __future__ import annotations

COMMAND = "/incident"
DESCRIPTION = "See and work your incidents"
USAGE_HINT = (
    "help | list | show | open | ack | note | status | mitigate | resolve | reopen | undo | assign | sev | affected | "
    "change | link | cause | check | snooze | unsnooze | merge | split | false-alarm | milestone | timeline | pm | "
    "search | who | attest | drill | settings"
)
SHORTCUTS = (
    {"type": "message", "callback_id": "add_timeline", "name": "Add to incident timeline"},
    {"type": "global", "callback_id": "open_incident", "name": "Open an incident"},
)
# event -> the scope without which it is not sent, or nothing
BOT_EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "reaction_added": "reactions:read",
    "tokens_revoked": "",
}
COMMANDS_PATH = "/slack/commands"
INTERACTIONS_PATH = "/slack/interactions"
OPTIONS_PATH = "/slack/options"
EVENTS_PATH = "/slack/events"
