"""Whether people can sign in at the web pages: the issuer is asked as the pages ask it, with a code that never was.

Knows what an issuer's refusal means to whoever set it up. Refuses to sign anybody in, and to show a secret.
"""

from datetime import UTC, datetime

from deadair.adapters.oidc.errors import IssuerDown, Misconfigured, NotProved
from deadair.adapters.oidc.http import is_local
from deadair.adapters.oidc.issuer import SCOPES, Asking, Issuer, Ours
from deadair.domain.admission import Admission
from infra.slack_app.check import SECRETS, Finding
from infra.slack_app.manifest import PATHS
from infra.slack_app.surroundings import Around

# What every issuer refuses when it takes the rest: client id, client secret and address.
NO_CODE = Asking("check", "check", "check", "a" * 43)
WHAT = "sign-in"


def sign_in(around: Around) -> Finding:
    """The finding about the web's door."""
    return _closed(around) or _asked(around)


def _closed(around: Around) -> Finding | None:
    """Why nobody at all can come in, if so."""
    told = around.parameters.get
    teams, domains = told("OidcTeams", ""), told("OidcDomains", "")
    if not told("OidcClientId", ""):
        where = "the app's page, Basic Information, Client ID"
        return Finding(WHAT, "is closed: nobody may open the pages", f"{around.deploy('OIDC_CLIENT_ID=…')} ({where})")
    if not Admission.of(teams or ("" if domains else told("SlackTeam", "")), domains).admits_somebody:
        return Finding(WHAT, "is closed: nobody is admitted", around.deploy("SLACK_TEAM=T…, or OIDC_DOMAINS=…"))
    if not around.web.startswith("https://") and not is_local(around.web):
        return Finding(WHAT, f"is closed: {around.web} is not https", around.deploy("WEB_URL=https://…"))
    return None


def _asked(around: Around) -> Finding:
    callback = around.web + PATHS["callback"]
    try:
        _issuer(around, callback).who("check", NO_CODE, lambda _: False, datetime.now(UTC))
    except NotProved:
        return Finding(WHAT, f"by {around.issuer}, back to {callback}")
    except IssuerDown:
        return Finding(WHAT, f"{around.issuer} does not answer", "Is OIDC_ISSUER right, and reachable? Try again.")
    except Misconfigured as refused:
        return Finding(WHAT, f"by {around.issuer}: {refused}", _remedy(around, str(refused), callback))
    return Finding(WHAT, f"{around.issuer} takes any code", "That is no issuer: mend OIDC_ISSUER.")


def _issuer(around: Around, callback: str) -> Issuer:
    ours = Ours(
        client_id=around.parameters["OidcClientId"],
        secret=lambda: around.secrets.get("client-secret", ""),
        redirect=callback,
        scopes=around.parameters.get("OidcScopes") or SCOPES,
    )
    return Issuer(around.issuer, ours)


def _remedy(around: Around, refused: str, callback: str) -> str:
    if "redirect" in refused:
        return f"Give the issuer this redirect address, exactly: {callback}"
    if "client_id" in refused:
        return f"{around.deploy('OIDC_CLIENT_ID=…')} as the issuer shows it"
    typed = around.command("slack secret client-secret")
    again = f"Copy the client secret ({SECRETS['client-secret']}), and run: {typed}"
    return again if "client" in refused else "Are OIDC_ISSUER and OIDC_CLIENT_ID as the issuer shows them?"
