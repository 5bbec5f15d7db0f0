"""The addresses of the web room and the page that answers each.

Knows nothing else. Ids in addresses are checked by the pages; who may come in is decided before (`gate`).
"""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from deadair.domain.errors import NotFound
from web.call import Call
from web.pages import (
    actions,
    coverage,
    dead_letters,
    home,
    incident,
    incidents,
    integration_map,
    integrations,
    maintenance,
    numbers,
    opening,
    past_incident,
    people,
    postmortem,
    postmortem_form,
    postmortem_preview,
    postmortems,
    signing_in,
    templates,
    trends,
)

Page = Callable[..., Response[Any]]

ROUTES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", home.show),
    ("GET", "/sign-in", signing_in.form),
    ("GET", "/sign-in/start", signing_in.start),
    ("GET", "/auth/callback", signing_in.callback),
    ("POST", "/sign-out", signing_in.sign_out),
    ("POST", "/sign-out-everywhere", signing_in.sign_out_everywhere),
    ("GET", "/incidents", incidents.listing),
    ("POST", "/incidents", opening.open_one),
    ("POST", "/incidents/past", past_incident.record),
    ("GET", "/incidents/<ref>", incident.show),
    ("GET", "/incidents/<ref>/postmortem", postmortem_form.show),
    ("POST", "/incidents/<ref>/postmortem", postmortem_form.save),
    ("GET", "/incidents/<ref>/postmortem/preview", postmortem_preview.show),
    ("POST", "/incidents/<ref>/postmortem/preview", postmortem_preview.typed),
    ("POST", "/incidents/<ref>/actions", actions.add),
    ("POST", "/incidents/<ref>/<verb>", incident.act),
    ("GET", "/actions", actions.show),
    ("POST", "/actions/<item>/<verb>", actions.act),
    ("GET", "/postmortems", postmortems.search),
    ("GET", "/postmortems/<doc>", postmortem.read),
    ("GET", "/postmortems/<doc>/v/<number>", postmortem.read_version),
    ("GET", "/postmortems/<doc>/changes", postmortem.changes),
    ("GET", "/v1/postmortems", postmortems.api),
    ("GET", "/integrations", integrations.show_list),
    ("GET", "/integrations/<slug>", integrations.show),
    ("POST", "/integrations/<slug>/maintenance", maintenance.plan),
    ("POST", "/integrations/<slug>/maintenance-end", maintenance.end),
    ("GET", "/map", integration_map.show),
    ("GET", "/coverage", coverage.show),
    ("POST", "/coverage", coverage.claim),
    ("GET", "/dead-letters", dead_letters.show),
    ("GET", "/dead-letters/<letter>", dead_letters.read),
    ("POST", "/dead-letters", dead_letters.send),
    ("GET", "/numbers", numbers.show),
    ("GET", "/trends", trends.show),
    ("GET", "/people", people.show_list),
    ("GET", "/people/<who>", people.show),
    ("GET", "/templates", templates.show),
)


def resolver() -> APIGatewayHttpResolver:
    """The table of routes as a resolver. The call comes, and the page's answer leaves, in its context."""
    app = APIGatewayHttpResolver()
    for method, rule, page in ROUTES:
        app.route(rule, method)(_bound(app, page))
    app.not_found(_nothing_here)
    return app


def _bound(app: APIGatewayHttpResolver, page: Page) -> Callable[..., Response[Any]]:
    def run(**parts: str) -> Response[Any]:
        call: Call = app.context["call"]
        response = page(call, **parts)
        app.context["answers"].append(response)
        return response

    return run


def _nothing_here(_: Exception) -> Response[Any]:
    raise NotFound("There is no such page.", remedy="/")
