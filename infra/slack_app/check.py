"""Whether Deadair and a Slack workspace fit together: one finding for each thing that must be right.

Knows what Slack's refusals mean to whoever set it up, and the next step. Refuses to change anything, to show a secret,
and to know how people sign in: who does is handed in. An archived channel is not seen, because that would cost a scope.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra.slack_app.manifest import PATHS
from infra.slack_app.scopes import bot_scopes
from infra.slack_app.surroundings import NO_ANSWER, Around, Said

OK, NO_RIGHT = 200, 401
SECRETS = {
    "bot-token": "the app's page, OAuth & Permissions, Bot User OAuth Token (xoxb-…)",
    "signing-secret": "the app's page, Basic Information, Signing Secret",
    "client-secret": "the app's page, Basic Information, Client Secret",
    "session-key": "invented by you, for the web pages' sessions",
}
INVENT = "openssl rand -hex 32 | "
DEAD_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. Without a `remedy` it is right."""

    what: str
    told: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is to be done."""
        return not self.remedy


def check(
    around: Around, sign_in: Callable[[Around], Finding], progress: Callable[[int], None] = lambda _: None
) -> list[Finding]:
    """Every finding, in the order in which one sets things up; `progress` hears one for each.

    `sign_in` looks at the web's door.
    """
    found = []
    for finding in _findings(around, sign_in):
        found.append(finding)
        progress(1)
    return found


def _findings(around: Around, sign_in: Callable[[Around], Finding]) -> Iterator[Finding]:
    yield from (_secret(around, name) for name in SECRETS)
    if "bot-token" in around.secrets:
        told = around.ask("auth.test")
        yield _token(around, told)
        if not told.error:
            yield _team(around, told)
            yield _scopes(around, told)
            yield _channel(around)
    if "signing-secret" in around.secrets:
        yield _door(around)
    yield sign_in(around)


def _secret(around: Around, name: str) -> Finding:
    if name in around.secrets:
        return Finding(name, "is kept in SSM")
    typed = around.command(f"slack secret {name}")
    how = f"Run: {INVENT}{typed}" if name == "session-key" else f"Copy it from {SECRETS[name]}, and run: {typed}"
    return Finding(name, "is missing", how)


def _token(around: Around, told: Said) -> Finding:
    if not told.error:
        return Finding("token", f"works as {told.answer.get('user')} in {told.answer.get('team')}")
    if told.error == NO_ANSWER:
        return Finding("token", "Slack did not answer", "Try again in a minute; see slack-status.com.")
    if told.error in DEAD_TOKEN:
        again = f"Install the app again on its page, and run: {around.command('slack secret bot-token')}"
        return Finding("token", f"Slack refuses it ({told.error})", again)
    return Finding("token", f"Slack refuses it ({told.error})", "Slack's page of the method auth.test says why.")


def _team(around: Around, told: Said) -> Finding:
    wanted, is_so = around.parameters.get("SlackTeam", ""), str(told.answer.get("team_id", ""))
    if wanted == is_so:
        return Finding("workspace", f"is {is_so}")
    if not wanted:
        anybody = f"is {is_so}; any workspace that signs is answered"
        return Finding("workspace", anybody, around.deploy(f"SLACK_TEAM={is_so}"))
    other = f"{around.deploy(f'SLACK_TEAM={is_so}')}, or give the token of the app in {wanted}"
    return Finding("workspace", f"is {is_so}, and {wanted} is configured", other)


def _scopes(around: Around, told: Said) -> Finding:
    missing = sorted({scope.name for scope in bot_scopes(emoji=around.emoji)} - told.scopes)
    if not missing:
        return Finding("scopes", "are all granted")
    remedy = f"Paste what `{around.command('slack manifest')}` prints as the app's manifest, and install the app again."
    return Finding("scopes", f"lack {', '.join(missing)}", remedy)


def _channel(around: Around) -> Finding:
    channel = around.parameters.get("SlackChannel", "")
    told = around.ask("conversations.history", channel=channel, limit="1")
    if not told.error:
        return Finding("channel", f"{channel} is one that the app is in")
    remedies = {
        "not_in_channel": "Invite the app there: /invite @deadair",
        "missing_scope": "A private channel needs the scope groups:history: add it to the app and install it again.",
        NO_ANSWER: "Try again in a minute; see slack-status.com.",
    }
    other = (
        f"{around.deploy('SLACK_CHANNEL=…')}: the id (C0…) stands at the end of the channel's details. "
        "A private channel needs the scope groups:history, and the app invited."
    )
    return Finding("channel", f"{channel or '(none)'}: {told.error}", remedies.get(told.error, other))


def _door(around: Around) -> Finding:
    status = around.knock()
    where = around.web + PATHS["commands"]
    if status == OK:
        return Finding("commands", f"{where} takes what is signed with the signing secret")
    if status == NO_RIGHT:
        return Finding(
            "commands", f"{where} refuses the signing secret", "A new secret is read within a minute: try again."
        )
    told = f"answers {status}" if status else "does not answer"
    return Finding("commands", f"{where} {told}", f"Is the stack deployed to its end? {around.command('doctor --now')}")
