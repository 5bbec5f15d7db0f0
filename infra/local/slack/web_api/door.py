"""The door under `/api/`: which method, with what right, how fast, and what goes wrong on purpose.

Knows tokens, scopes and the order in which Slack looks at them. Refuses to know what a method does.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from infra.local.slack.channels import Channel, dm_of
from infra.local.slack.failures import Failures, too_fast
from infra.local.slack.oidc import provider as oidc
from infra.local.slack.oidc.provider import Provider
from infra.local.slack.refusals import Refusal
from infra.local.slack.web_api.api import Api, Method
from infra.local.slack.web_api.chat import CHAT
from infra.local.slack.web_api.conversations import CONVERSATIONS
from infra.local.slack.web_api.manifest import MANIFEST
from infra.local.slack.web_api.people import PEOPLE
from infra.local.slack.web_api.surfaces import SURFACES
from infra.local.slack.wire import BadRequest, Json, Request, Response, json_response

METHODS: dict[str, Method] = {**CHAT, **CONVERSATIONS, **MANIFEST, **PEOPLE, **SURFACES}

# The methods that read. Slack takes JSON only where something is written; a JSON body says nothing to these.
READING = frozenset(
    {
        "bots.info",
        "chat.getPermalink",
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "reactions.get",
        "users.info",
        "users.list",
        "users.lookupByEmail",
    }
)


@dataclass
class MethodDoor:
    """The door. *calls* counts what was asked for, by method, also what was refused."""

    api: Api
    provider: Provider
    failures: Failures
    bot_token: str
    calls: dict[str, int] = field(default_factory=dict)

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        name = request.path.removeprefix("/api/").strip("/")
        self.calls[name] = self.calls.get(name, 0) + 1
        now, about = self.api.workspace.clock(), _about(request)
        if failure := await self.failures.strike(name, now, about):
            return failure
        reply = self._called(name, request)
        return await self.failures.strike(name, now, about, after=True) or reply

    def _called(self, name: str, request: Request) -> Response:
        doors: dict[str, Callable[[Request], Json]] = {
            oidc.TOKEN: self.provider.token,
            oidc.USER_INFO: self.provider.user_info,
        }
        try:
            if name in doors:  # no bot token opens these: the client's secret does, or the person's token
                return json_response({"ok": True, **doors[name](request)}, Cache_Control="no-store")
            return self._method(name, request)
        except BadRequest:
            return json_response({"ok": False, "error": "invalid_json"})
        except Refusal as refusal:
            return json_response(refusal.answer())

    def _method(self, name: str, request: Request) -> Response:
        method = METHODS.get(name)
        if method is None:
            return json_response({"ok": False, "error": "unknown_method", "req_method": name})
        arguments = request.arguments(from_json=name not in READING)
        self._authenticate(request, arguments)
        self.api.grant.needs(name, self._channel(arguments))
        wait = self.failures.over_pace(name, str(arguments.get("channel")), self.api.workspace.clock())
        if wait:
            return too_fast(wait)
        scopes = ",".join(sorted(self.api.grant.scopes))
        return json_response({"ok": True, **method(self.api, arguments)}, X_OAuth_Scopes=scopes)

    def _channel(self, arguments: Json) -> Channel | None:
        wanted = str(arguments.get("channel") or "")
        try:
            return self.api.workspace.channel(dm_of(wanted) if wanted.startswith("U") else wanted)
        except Refusal:
            return None  # the method says so, in its own words

    def _authenticate(self, request: Request, arguments: Json) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token if scheme.lower() == "bearer" else str(arguments.get("token") or "")
        if not given:
            raise Refusal("not_authed")
        if not hmac.compare_digest(given.encode(), self.bot_token.encode()):
            raise Refusal("invalid_auth")
        if self.api.grant.dead:
            raise Refusal(self.api.grant.dead)


def _about(request: Request) -> frozenset[str]:
    """Return whom and what a call is about, for switches that are thrown for a person or a channel."""
    try:
        given = request.arguments()
    except BadRequest:
        return frozenset()
    named = {str(given[key]) for key in ("user", "users", "user_id", "channel") if given.get(key)}
    return frozenset(named | {dm_of(one) for one in named if one.startswith("U")})
