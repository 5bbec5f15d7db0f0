"""Somebody adds an address to the incident: a ticket, a dashboard, a thread.

Knows which addresses a page may lead to: http and https, without a password in them. Refuses to call any.
"""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import IllegalTransition, Invalid
from deadair.domain.incident import Incident
from deadair.domain.link import Link
from deadair.domain.permission import Act
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take, within

URL_LIMIT, LABEL_LIMIT = 2000, 100
# More are no help to anybody; the timeline has room.
MOST = 20


def add_link(store: IncidentStore, number: int, actor: Actor, url: str, label: str = "", *, now: datetime) -> Incident:
    """Keep it on the incident, open or resolved. Returns the new state; raises Refusals.

    An address that is there already takes the new label; the same again changes nothing.
    """
    link = Link(
        _address(url, number), redact(" ".join(within(label, LABEL_LIMIT, what="label", field="label").split()))
    )
    before = store.get(number)
    if before.merged_into is not None:
        told = f"{before.id} was merged into INC-{before.merged_into}."
        raise IllegalTransition(told, field="status", remedy=f"link {before.merged_into} {link.url}")
    if link in before.links or (not link.label and link.url in {known.url for known in before.links}):
        return before
    text = f"Link: {link.label} {link.url}" if link.label else f"Link: {link.url}"
    return take(
        store,
        number,
        actor,
        lambda incident: _with(incident, link),
        fact=Fact.LINKED,
        text=text,
        now=now,
        act=Act.NOTE,
    )


def _with(incident: Incident, link: Link) -> Incident:
    if link.url in {known.url for known in incident.links}:
        return replace(incident, links=tuple(link if known.url == link.url else known for known in incident.links))
    if len(incident.links) >= MOST:
        told = f"{incident.id} has {MOST} links."
        raise Invalid(told, field="url", remedy=f"note {incident.number} {link.url}")
    return replace(incident, links=(*incident.links, link))


def _address(url: str, number: int) -> str:
    """The address as it is kept. Raises Invalid for what is no http(s) address, or says more than an address should."""
    bare = within(url, URL_LIMIT, what="address", field="url")
    try:
        parts = urlsplit(bare)
        host, odd = parts.hostname, parts.port == 0
    except ValueError:
        host, odd = None, True
    if odd or not host or parts.scheme not in {"http", "https"} or not bare.isprintable() or " " in bare:
        raise Invalid(f"`{bare}` is no address.", field="url", remedy=f"link {number} https://… what it is")
    if parts.username or parts.password:
        raise Invalid("There is a password in that address.", field="url", remedy="Leave it out.")
    return redact(bare)
