"""How people come in, wired from the settings: our keys, who may, who proves it, and whether a session still counts.

Knows the names of the secrets. Refuses to know requests and pages. What only signing in needs is imported by it.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from deadair.adapters.dynamodb.web_sessions import WebSessions
from deadair.adapters.oidc.http import is_local
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.admission import Admission
from deadair.domain.ownership import Person
from web.sessions import Signer
from web.settings import WebSettings
from web.signing_in.doorman import Doorman

if TYPE_CHECKING:
    from deadair.usecases.sign_in import Door

SESSION_KEY, KEY_BEFORE, CLIENT_SECRET = "session-key", "session-key-before", "client-secret"
CALLBACK = "/auth/callback"


class Entry:
    """`client` gives a client of an AWS service; `why_out` says why a person may not come in, or nothing."""

    def __init__(
        self, settings: WebSettings, client: Callable[[str], Any], why_out: Callable[[Person, datetime], str]
    ) -> None:
        self._settings, self._client, self._why_out = settings, client, why_out

    @property
    def is_open(self) -> bool:
        """Whether anybody may come in: somebody said how and who, and no cookie would travel in the clear."""
        url = self._settings.web_url
        safe = url.lower().startswith("https://") or is_local(url)
        return bool(safe and self._settings.oidc_client_id and self.admission.admits_somebody)

    def signer(self) -> Signer:
        """The signer of sessions with the current key, and the one before while it is there. Raises Unavailable."""
        key, before = self._secrets.get(SESSION_KEY), self._secrets.find(KEY_BEFORE)
        return Signer(key.encode(), (before.encode(),) if before else ())

    @cached_property
    def admission(self) -> Admission:
        """Whose people may come in: those of the Slack workspace, unless somebody said otherwise."""
        teams, domains = self._settings.oidc_teams, self._settings.oidc_domains
        return Admission.of(teams or ("" if domains else self._settings.slack_team), domains)

    @cached_property
    def sessions(self) -> WebSessions:
        """Which sessions are over early."""
        return WebSessions(self._client("dynamodb"), self._settings.incidents_table)

    @cached_property
    def doorman(self) -> Doorman:
        """Whether a session still counts."""
        return Doorman(self.sessions.ended, self._why_out)

    @cached_property
    def door(self) -> "Door":
        """Who tells us who somebody is."""
        from deadair.adapters.oidc.issuer import Issuer, Ours
        from deadair.usecases.sign_in import Door

        told, teams = self._settings, self.admission.teams
        ours = Ours(
            client_id=told.oidc_client_id,
            secret=lambda: self._secrets.get(CLIENT_SECRET),
            redirect=f"{told.web_url.rstrip('/')}{CALLBACK}",
            scopes=told.oidc_scopes,
            team=next(iter(teams)) if len(teams) == 1 else "",
        )
        return Door(Issuer(told.oidc_issuer, ours), self.admission, self.sessions, self._why_out)

    @cached_property
    def _secrets(self) -> Secrets:
        return Secrets(self._client("ssm"), self._settings.web_secrets, SESSION_KEY, KEY_BEFORE, CLIENT_SECRET)
