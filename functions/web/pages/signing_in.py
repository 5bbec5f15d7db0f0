"""Who are you? The local door: on one machine a person says who they are. On AWS the door is closed.

Knows the people of the registry and the session cookie. Refuses to be a login: it proves nothing about a person.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.alarm import shown
from deadair.domain.errors import Invalid
from deadair.domain.ownership import Person
from web import addresses, gate, responses
from web.call import Call
from web.sessions import cookie_header, new_session
from web.views.incidents import people

NAME_LIMIT = 80


def form(call: Call) -> Response[Any]:
    """The page that asks. It hands out a session of nobody, which its form's token is tied to."""
    return _form(call, 200, "", "")


def sign_in(call: Call) -> Response[Any]:
    """Take the answer: a new session, and on to where the person wanted to go."""
    fields = call.request.fields
    try:
        person = _chosen(call, fields)
    except Invalid as refusal:
        return _form(call, 422, refusal.field, fields.get("name", ""))
    session = new_session(call.web.fresh_id(), call.now, person)
    response = responses.see_other(addresses.local_path(fields.get("next", "")))
    return _with_cookie(response, call, call.signer.seal(session))


def sign_out(call: Call) -> Response[Any]:
    """Forget the session in this browser."""
    response = responses.see_other(gate.SIGN_IN)
    response.headers["Set-Cookie"] = cookie_header("", secure=gate.is_https(call.web), lasts=call.now - call.now)
    return response


def _form(call: Call, status: int, field: str, name: str) -> Response[Any]:
    values = {
        "people": people(call.web.registry.rows()),
        "next": addresses.local_path(call.request.fields.get("next") or call.request.query.get("next", "")),
        "field": field,
        "name": name,
        "email": call.request.fields.get("email", ""),
    }
    return _with_cookie(call.page("sign_in.html", values, status), call, call.signer.seal(call.session))


def _chosen(call: Call, fields: dict[str, str]) -> Person:
    """A person of the registry by e-mail or name, else the name that was typed. Raises Invalid for no name."""
    known = people(call.web.registry.rows())
    chosen = fields.get("person", "")
    by_key = {person.email.lower() or person.name: person for person in known}
    if chosen.lower() in by_key:
        return by_key[chosen.lower()]
    name, email = shown(fields.get("name", ""), limit=NAME_LIMIT), shown(fields.get("email", ""), limit=200)
    if email.lower() in by_key:
        return by_key[email.lower()]
    if not name:
        raise Invalid("The name is empty.", field="name", remedy="Say who you are.")
    return Person(name, email)


def _with_cookie(response: Response[Any], call: Call, value: str) -> Response[Any]:
    response.headers["Set-Cookie"] = cookie_header(value, secure=gate.is_https(call.web))
    return response
