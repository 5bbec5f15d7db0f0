"""Who may come in by the web's door, judged by what their issuer says of them.

Knows the claims by which Slack, Google, Entra and others say whose somebody is. Refuses to know how claims are proved,
and to take an e-mail address for somebody's that the issuer has not verified: whoever could choose it would be that
person here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from deadair.domain.alarm import shown
from deadair.domain.errors import NotAllowed
from deadair.domain.ownership import Person

SLACK_TEAM, SLACK_USER = "https://slack.com/team_id", "https://slack.com/user_id"
# Entra's tenant. Its `email` may be anybody's word; `xms_edov` says that the tenant owns the address's domain.
TENANT, DOMAIN_OWNED = "tid", "xms_edov"
# A private Google account may carry a company's address, also of somebody who left; only a managed one has `hd`.
GOOGLE, MANAGED = "https://accounts.google.com", "hd"
SLACK_ID = re.compile(r"[A-Z0-9]{2,40}")
NAME, EMAIL = 80, 200
YES = (True, "true", "True", "1", 1)


@dataclass(frozen=True, slots=True)
class Admission:
    """Whose people may come in: of these workspaces (or tenants), or with an address in these domains."""

    teams: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    @classmethod
    def of(cls, teams: str, domains: str) -> Self:
        """From two lists, separated by commas or spaces."""
        return cls(_words(teams), frozenset(word.casefold().lstrip("@") for word in _words(domains)))

    @property
    def admits_somebody(self) -> bool:
        """Whether anybody at all may come in."""
        return bool(self.teams or self.domains)

    def wants_more(self, claims: Mapping[str, Any]) -> bool:
        """Whether claims leave open what decides, so that the issuer is worth another question."""
        return not (claims.get("name") and _email(claims))

    def admit(self, claims: Mapping[str, Any]) -> Person:
        """The person. Raises NotAllowed for whoever is nobody's of ours, or whom nothing tells from others."""
        person = _person(claims)
        if not (self._by_team(claims) or self._by_domain(claims, person.email)):
            raise NotAllowed("You are not among the people who may come in here.", field="door")
        if not (person.slack_id or person.email):
            raise NotAllowed("Nothing says which person you are.", field="door")
        return person

    def _by_team(self, claims: Mapping[str, Any]) -> bool:
        return not self.teams.isdisjoint({str(claims.get(SLACK_TEAM, "")), str(claims.get(TENANT, ""))} - {""})

    def _by_domain(self, claims: Mapping[str, Any], email: str) -> bool:
        managed = claims.get("iss") != GOOGLE or bool(claims.get(MANAGED))
        return managed and email.rpartition("@")[2].casefold() in self.domains


def _person(claims: Mapping[str, Any]) -> Person:
    email = _email(claims)
    name, slack_id = claims.get("name"), claims.get(SLACK_USER)
    slack_id = slack_id if isinstance(slack_id, str) and SLACK_ID.fullmatch(slack_id) else ""
    said = shown(name, limit=NAME) if isinstance(name, str) else ""
    return Person(said or email.partition("@")[0] or slack_id, email, slack_id)


def _email(claims: Mapping[str, Any]) -> str:
    """The address, if the issuer stands for it; else empty."""
    email = claims.get("email")
    proved = claims.get("email_verified") in YES or claims.get(DOMAIN_OWNED) in YES
    if not proved or not isinstance(email, str) or len(email) > EMAIL:
        return ""
    local, at, domain = email.rpartition("@")
    # Beyond ASCII, different addresses are the same once upper and lower case do not count: ß is ss, the Kelvin sign k.
    plain = email.isascii() and email.isprintable() and " " not in email and "@" not in local
    return email if plain and local and at and domain else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace(",", " ").split())
