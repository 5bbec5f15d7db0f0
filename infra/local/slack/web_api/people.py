"""The methods about people, the app itself and its token.

Knows who is active and who may read an address. Refuses to change anybody.
"""

from __future__ import annotations

from infra.local.slack.people import (
    APP_ID,
    BOT,
    BOT_ID,
    BOT_USER_ID,
    SLACKBOT,
    TEAM_ID,
    TEAM_NAME,
    Person,
    user_object,
)
from infra.local.slack.refusals import Refusal
from infra.local.slack.web_api.api import Api, Method, text
from infra.local.slack.wire import Json


def _auth_test(api: Api, _arguments: Json) -> Json:
    who = {"team": TEAM_NAME, "team_id": TEAM_ID, "user": BOT.handle, "user_id": BOT_USER_ID, "bot_id": BOT_ID}
    return {"url": f"{api.url}/", **who, "is_enterprise_install": False, "app_id": APP_ID}


def _bot_info(_api: Api, arguments: Json) -> Json:
    if text(arguments, "bot") not in ("", BOT_ID):
        raise Refusal("bot_not_found")
    about = {"id": BOT_ID, "deleted": False, "name": BOT.name, "updated": 0, "app_id": APP_ID, "user_id": BOT_USER_ID}
    return {"bot": about}


def _info(api: Api, arguments: Json) -> Json:
    return {"user": _shown(api, api.workspace.person(text(arguments, "user")))}


def _list(api: Api, _arguments: Json) -> Json:
    people = [_shown(api, person) for person in (SLACKBOT, BOT, *api.workspace.people())]
    now = int(api.workspace.clock().timestamp())
    return {"members": people, "cache_ts": now, "response_metadata": {"next_cursor": ""}}


def _by_email(api: Api, arguments: Json) -> Json:
    wanted = text(arguments, "email").casefold()
    for person in api.workspace.people():
        if wanted and person.email.casefold() == wanted and not person.deleted:
            return {"user": _shown(api, person)}
    raise Refusal("users_not_found")


def _shown(api: Api, person: Person) -> Json:
    """Return *person*; without users:read.email Slack leaves the address out."""
    shown = user_object(person, api.workspace.clock())
    if "users:read.email" not in api.grant.scopes:
        shown["profile"].pop("email", None)
    return shown


PEOPLE: dict[str, Method] = {
    "auth.test": _auth_test,
    "bots.info": _bot_info,
    "users.info": _info,
    "users.list": _list,
    "users.lookupByEmail": _by_email,
}
