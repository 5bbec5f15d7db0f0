"""The app as it is installed here: what its manifest says, read as Slack reads it.

Knows where in a manifest each thing stands. Refuses to say anything that the manifest does not: whoever changes
`deadair slack manifest` changes what is installed here.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from infra.slack_app.manifest import manifest

# The local app answers at an address of its own; of the manifest's only the paths count here.
_MANIFEST = manifest("https://deadair.example")
_FEATURES, _SETTINGS = _MANIFEST["features"], _MANIFEST["settings"]
_COMMAND = _FEATURES["slash_commands"][0]


def _path(url: str) -> str:
    return urlsplit(url).path


COMMAND: str = _COMMAND["command"]
DESCRIPTION: str = _COMMAND["description"]
USAGE_HINT: str = _COMMAND["usage_hint"]
SHORTCUTS: tuple[dict[str, str], ...] = tuple(_FEATURES["shortcuts"])
BOT_SCOPES = frozenset(_MANIFEST["oauth_config"]["scopes"]["bot"])
BOT_EVENTS = frozenset(_SETTINGS["event_subscriptions"]["bot_events"])
COMMANDS_PATH = _path(_COMMAND["url"])
INTERACTIONS_PATH = _path(_SETTINGS["interactivity"]["request_url"])
OPTIONS_PATH = _path(_SETTINGS["interactivity"]["message_menu_options_url"])
EVENTS_PATH = _path(_SETTINGS["event_subscriptions"]["request_url"])
