"""One call: who asks what, when, and what the pages need to answer it.

Knows how a page is rendered with what all pages share. Refuses to know any page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response
from jinja2 import Environment

from deadair.adapters.jinja.environment import environment
from deadair.domain.errors import Invalid
from deadair.domain.flags import flags
from deadair.domain.lengths import started
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS
from deadair.domain.timeline import Actor, Source
from deadair.usecases.own_clock import Clock
from web import addresses, cookies, responses, statics
from web.feeds.capability import feed_address
from web.request import Request
from web.sessions import IDLE, Session, Signer
from web.surroundings import Surroundings
from web.views.figures import thousands, utc_clock
from web.views.integrations import days, runbook_link, words
from web.views.standing import banners


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its session, None of whoever has not signed in. Pages get one and return a response."""

    request: Request
    session: Session | None
    signer: Signer
    web: Surroundings
    now: datetime

    @property
    def person(self) -> Person:
        """Who asks. The gate lets nobody without a person reach a page that reads."""
        if self.session is None:
            raise Invalid("Nobody is signed in.", remedy="Sign in.")
        return self.session.person

    @property
    def actor(self) -> Actor:
        """Who acts, through this door; an administrator may say why they insist."""
        return self.acting(self.request.fields.get("insist", ""))

    def acting(self, override: str) -> Actor:
        """Who acts, and why they insist; empty where they do not."""
        return Actor(self.person, Source.WEB, self.web.rights_of(self.person, override))

    def session_cookie(self, value: str) -> str:
        """The line that sets the session's cookie; an empty value takes it away."""
        return cookies.set_cookie(cookies.SESSION, value, secure=self.web.is_https, lasts=IDLE)

    @property
    def clock(self) -> Clock:
        """By whose clock the person types times. Costs a call: only pages on which times are typed ask."""
        return self.web.clock_of(self.person, self.now)

    def feed(self, path: str) -> str:
        """The address of a feed that is this person's own; empty while nobody is signed in."""
        return feed_address(path, self.session, self.signer) if self.session else ""

    @property
    def wants_json(self) -> bool:
        """Whether data is wanted and no page."""
        return self.request.form == "json"

    def page(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response[Any]:
        """Render a template with what all pages share."""
        shared = {
            "person": self.session.person if self.session else None,
            "token": self.signer.token(self.session) if self.session else "",
            "now": self.now,
            "here": self.request.path,
            # Who is not signed in reads nothing of anyone.
            "standing": banners(self.web.standing.errors(self.now)) if self.session else [],
            "query": self.request.query.get("q", "") if self.request.path == "/postmortems" else "",
        }
        return responses.page(render(template, {**shared, **values}), status)


def render(template: str, values: Mapping[str, Any]) -> str:
    """A page's HTML. Lone surrogates, which no encoding holds, become `?`."""
    html = pages().get_template(template).render(values)
    return html.encode("utf-8", "replace").decode()


@cache
def pages() -> Environment:
    """The environment of the web's templates, with the filters that only pages need."""
    env = environment("web")
    env.globals.update(
        QUESTIONS=QUESTIONS,
        address_of=addresses,
        flags_of=flags,
        started=started,
        static=statics.address,
    )
    env.filters.update(days=days, link=runbook_link, words=words, thousands=thousands, utc_clock=utc_clock)
    return env
