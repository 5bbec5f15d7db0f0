"""What an issuer is called by the people who sign in with it. Knows the few that most use; others by their host."""

from urllib.parse import urlsplit

NAMES = {
    "slack.com": "Slack",
    "accounts.google.com": "Google",
    "login.microsoftonline.com": "Microsoft",
    "localhost": "the local Slack",
    "127.0.0.1": "the local Slack",
}
ENDINGS = {".okta.com": "Okta", ".amazonaws.com": "Amazon Cognito", ".auth0.com": "Auth0"}


def name_of(issuer: str) -> str:
    """The name, for `Sign in with …`."""
    host = urlsplit(issuer).hostname or ""
    by_ending = next((name for ending, name in ENDINGS.items() if host.endswith(ending)), host)
    return NAMES.get(host, by_ending)
