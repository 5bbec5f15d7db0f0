"""The app's manifest: what Slack is told when the app is made. Pure.

Knows Slack's schema of manifests (reference/app-manifest, version 1) and its limits. Refuses to know where Deadair
answers: the address is handed in.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import yaml

from infra.slack_app.scopes import USER, bot_events, bot_scopes

NAME, COMMAND = "Deadair", "/incident"
COMMAND_DESCRIPTION = "See and work your incidents"
DESCRIPTION = "Incidents and postmortems for the integrations that fail silently."
LONG = (
    "Deadair opens an incident for the one named owner of an integration when its alarm rings or when it falls silent. "
    "The owner works it from here: acknowledge, note, hand over, resolve. The timeline writes itself, and the "
    "postmortem goes into a knowledge base that the next person finds."
)
# Slack shows one line of it; `help` tells the rest.
HINT = "help | list | ack | note | resolve | who"
SHORTCUTS = (
    ("message", "add_timeline", "Add to incident timeline", "Puts this message on the timeline of an incident"),
    ("global", "open_incident", "Open an incident", "For a break that no alarm has noticed"),
)
PATHS = {"commands": "/slack/commands", "interactions": "/slack/interactions"}
PATHS |= {"options": "/slack/options", "events": "/slack/events", "callback": "/auth/callback"}
NAME_LIMIT, BOT_NAME = 35, re.compile(r"[^a-z0-9._-]+")
COMMAND_SHAPE = re.compile(r"/[a-z0-9_-]{1,31}")
# Slack keeps these for itself.
TAKEN = frozenset({"/status", "/call", "/remind", "/invite", "/msg", "/topic", "/who", "/search", "/leave", "/join"})


class Unfit(ValueError):
    """What the manifest was asked to say cannot be; the message names the field and the remedy."""


def manifest(url: str, *, name: str = NAME, command: str = COMMAND, emoji: bool = True) -> dict[str, Any]:
    """The manifest for a Deadair that answers at `url`, an https address. Raises Unfit."""
    home = _home(url)
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": _name(name),
            "description": DESCRIPTION,
            "long_description": LONG,
            "background_color": "#1f2937",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": _bot_name(name), "always_online": True},
            "slash_commands": [_command(home, command)],
            "shortcuts": [_shortcut(*one) for one in SHORTCUTS],
        },
        "oauth_config": {
            "redirect_urls": [home + PATHS["callback"]],
            "scopes": {
                "user": [scope.name for scope in USER],
                "bot": [scope.name for scope in bot_scopes(emoji=emoji)],
            },
        },
        "settings": {
            "event_subscriptions": {"request_url": home + PATHS["events"], "bot_events": bot_events(emoji=emoji)},
            "interactivity": {
                "is_enabled": True,
                "request_url": home + PATHS["interactions"],
                "message_menu_options_url": home + PATHS["options"],
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(made: dict[str, Any]) -> str:
    """The manifest as people paste it, each scope with its reason behind it."""
    why = {scope.name: scope.why for scope in (*bot_scopes(), *USER)}
    plain = yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=100)
    lines = (re.fullmatch(r"\s+- ([a-z:._]+)", line) for line in plain.splitlines())
    return "\n".join(
        f"{line}  # {why[found[1]]}" if found and found[1] in why else line
        for line, found in zip(plain.splitlines(), lines, strict=True)
    )


def _home(url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = parts.scheme == "https" and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:
        fits = False
    if not fits:
        raise Unfit(f"url: Slack calls https addresses only, and this is {url!r}; give --url https://…")
    return url.rstrip("/")


def _name(name: str) -> str:
    if not name.strip() or len(name) > NAME_LIMIT:
        raise Unfit(f"name: an app's name has 1 to {NAME_LIMIT} characters, and this has {len(name)}")
    return name.strip()


def _bot_name(name: str) -> str:
    """What people mention: Slack takes small letters, digits and three signs."""
    return BOT_NAME.sub("-", name.lower()).strip("-") or NAME.lower()


def _command(home: str, command: str) -> dict[str, Any]:
    if not COMMAND_SHAPE.fullmatch(command) or command in TAKEN:
        raise Unfit(
            f"command: {command!r} cannot be a slash command; use / and small letters that Slack has not taken, as /inc"
        )
    told = {"description": COMMAND_DESCRIPTION, "usage_hint": HINT, "should_escape": True}
    return {"command": command, "url": home + PATHS["commands"], **told}


def _shortcut(kind: str, callback: str, name: str, description: str) -> dict[str, str]:
    return {"name": name, "type": kind, "callback_id": callback, "description": description}
