"""The web room on a local AWS: a site of its own, events as an HTTP API sends them, answers as it takes them.

Used by the claims about pages and by those about the door.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.ownership import Person
from infra.target import Target
from tests.builders import ANA
from tests.rooms import web_site
from tests.rooms.web_site import KEY, NOW
from tests.signing_in import sealed
from web import addresses
from web.front import respond
from web.sessions import Signer, new_session
from web.surroundings import Surroundings

SIGNER = Signer(KEY.encode())
FORM = "application/x-www-form-urlencoded"
READS = (
    "/",
    "/incidents",
    "/incidents?state=past&owner=Ana+Lima",
    "/incidents/INC-42",
    "/incidents/INC-41",
    "/incidents/41/postmortem",
    "/postmortems",
    "/postmortems?q=bulk+imprt&tag=quota",
    "/postmortems/INC-39",
    addresses.postmortem("2023/04 marketo: limits?"),
    "/integrations",
    "/integrations/hubspot-salesforce",
    "/map",
    "/map?system=Salesforce",
    "/coverage",
    "/dead-letters",
    "/numbers",
    "/actions",
    "/actions?who=me&status=all",
    "/trends",
    "/trends?since=2026-06-01&owner=Ana+Lima&severity=SEV2&integration=hubspot-salesforce",
    "/people",
    addresses.person(ANA),
)
OPEN = {"oidc_client_id": "1000000000000.2000000000000", "oidc_teams": "T0DEADAIR"}
NOWHERE = {
    "incidents_table": "incidents",
    "registry_table": "registry",
    "knowledge_bucket": "knowledge",
    "web_secrets": "/deadair/nowhere/web",
    "web_url": "http://localhost:8761",
    "signal_queue_url": "http://localhost/signals",
    "change_queue_url": "http://localhost/changes",
    "signal_secrets": "/deadair/nowhere/signals",
    "metric_namespace": "Deadair",
    "alarm_prefix": "deadair",
}


@pytest.fixture(scope="module")
def web(stack: Target) -> Surroundings:
    site = web_site.shelves(stack)
    web_site.fill(stack, site)
    return Surroundings(site, now=lambda: NOW, client=stack.client)


@pytest.fixture
def store(web: Surroundings) -> Iterator[IncidentStore]:
    """The incidents, for tests that change them: afterwards all is as before."""
    yield web.incidents
    web_site.fill_incidents(web.incidents)


def ask(web: Surroundings, address: str, method: str = "GET", **event: Any) -> dict[str, Any]:
    path, _, query = address.partition("?")
    http = {"method": method, "path": path}
    whole = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {"stage": "$default", "http": http},
    }
    return respond({**whole, **event}, None, web)


def cookie(person: Person = ANA, sid: str = "s1") -> dict[str, Any]:
    return {"cookies": [sealed(SIGNER, NOW, person, sid)]}


def read(web: Surroundings, address: str, **headers: str) -> dict[str, Any]:
    return ask(web, address, headers=headers, **cookie())


def send(
    web: Surroundings,
    address: str,
    fields: dict[str, str] | None = None,
    *,
    token: str | None = None,
    headers: dict[str, str] | None = None,
    who: Person = ANA,
    **more: str,
) -> dict[str, Any]:
    good = SIGNER.token(new_session("s1", NOW, who))
    body = urlencode({"token": good if token is None else token, **(fields or {}), **more})
    return ask(
        web,
        address,
        "POST",
        headers={"content-type": FORM, "host": "here", **(headers or {})},
        body=body,
        **cookie(who),
    )
