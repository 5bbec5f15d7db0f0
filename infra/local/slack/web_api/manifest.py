"""`apps.manifest.validate`: whether Slack would take a manifest.

Knows the published schema's keys and lengths as far as an app like this one uses them, and that what is sent to an
address needs one. Refuses to install anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from infra.local.slack.refusals import Refusal
from infra.local.slack.web_api.api import Api, Method, structure
from infra.local.slack.wire import Json

Problem = dict[str, str]

_KEYS: dict[str, set[str]] = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "/_metadata": {"schema_version", "min_version", "major_version", "minor_version"},
    "/display_information": {"name", "description", "background_color", "long_description"},
    "/features": {"app_home", "bot_user", "shortcuts", "slash_commands", "unfurl_domains"},
    "/features/app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "/features/bot_user": {"display_name", "always_online"},
    "/features/shortcuts/*": {"name", "type", "callback_id", "description"},
    "/features/slash_commands/*": {"command", "url", "description", "usage_hint", "should_escape"},
    "/oauth_config": {"redirect_urls", "scopes", "token_management_enabled", "pkce_enabled"},
    "/oauth_config/scopes": {"user", "bot", "user_optional", "bot_optional"},
    "/settings": {
        "allowed_ip_address_ranges",
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
    "/settings/event_subscriptions": {"request_url", "user_events", "bot_events"},
    "/settings/interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}
_REQUIRED: dict[str, set[str]] = {
    "": {"display_information"},
    "/display_information": {"name"},
    "/features/bot_user": {"display_name"},
    "/features/shortcuts/*": {"name", "type", "callback_id", "description"},
    "/features/slash_commands/*": {"command", "description"},
}
_LENGTHS: dict[str, tuple[int, int]] = {
    "/display_information/name": (1, 35),
    "/display_information/description": (1, 140),
    "/display_information/background_color": (4, 7),
    "/display_information/long_description": (175, 4000),
    "/features/bot_user/display_name": (1, 80),
    "/features/shortcuts": (1, 10),
    "/features/shortcuts/*/name": (1, 24),
    "/features/shortcuts/*/callback_id": (1, 255),
    "/features/shortcuts/*/description": (1, 150),
    "/features/slash_commands": (1, 50),
    "/features/slash_commands/*/command": (2, 32),
    "/features/slash_commands/*/description": (1, 2000),
    "/features/slash_commands/*/usage_hint": (1, 1000),
    "/features/slash_commands/*/url": (1, 3000),
    "/oauth_config/redirect_urls": (0, 1000),
    "/oauth_config/scopes/bot": (0, 255),
    "/oauth_config/scopes/user": (0, 255),
    "/settings/event_subscriptions/bot_events": (0, 100),
    "/settings/event_subscriptions/request_url": (1, 3500),
}
_ADDRESS = re.compile(r"https?://")


def problems_of(manifest: Json) -> list[Problem]:
    """Return what is wrong with a manifest, each with the pointer of its place."""
    return [*_walk(manifest, "", ""), *_together(manifest)]


def _walk(value: object, at: str, shape: str) -> Iterator[Problem]:
    least, most = _LENGTHS.get(shape, (0, 10**6))
    if isinstance(value, (str, list)) and not least <= len(value) <= most:
        yield _problem(f"must have {least} to {most} characters or items, has {len(value)}", at)
    if shape.endswith("url") and not _ADDRESS.match(str(value)):
        yield _problem("must begin with http:// or https://", at)
    if isinstance(value, dict):
        allowed = _KEYS.get(shape, set(value))
        yield from (_problem(f"unknown property: {key}", at) for key in value if key not in allowed)
        yield from (_problem(f"missing property: {key}", at) for key in _REQUIRED.get(shape, set()) - set(value))
        for key, part in value.items():
            yield from _walk(part, f"{at}/{key}", f"{shape}/{key}")
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _walk(part, f"{at}/{index}", f"{shape}/*")


def _together(manifest: Json) -> Iterator[Problem]:
    """Yield what is wrong between the parts: something is sent, and nowhere to send it."""
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    events, interactivity = settings.get("event_subscriptions") or {}, settings.get("interactivity") or {}
    if settings.get("socket_mode_enabled"):
        return
    if events.get("bot_events") and not events.get("request_url"):
        yield _problem("Event Subscription requires either Request URL or Socket Mode Enabled", "/settings")
    if interactivity.get("is_enabled") and not interactivity.get("request_url"):
        yield _problem("Interactivity requires a Request URL", "/settings/interactivity")
    if features.get("shortcuts") and not interactivity.get("is_enabled"):
        yield _problem("Interactivity must be enabled for shortcuts", "/features/shortcuts")
    for index, command in enumerate(features.get("slash_commands") or []):
        if not command.get("url"):
            yield _problem("must have a url", f"/features/slash_commands/{index}")


def _problem(message: str, pointer: str) -> Problem:
    return {"message": message, "pointer": pointer or "/"}


def _validate(_api: Api, arguments: Json) -> Json:
    manifest = structure(arguments, "manifest", "invalid_manifest")
    if not isinstance(manifest, dict):
        raise Refusal("invalid_manifest")
    problems = problems_of(manifest)
    if problems:
        raise Refusal("invalid_manifest", details=problems)
    return {}


MANIFEST: dict[str, Method] = {"apps.manifest.validate": _validate}
