"""Claims about `deadair slack check`: each fault of a set-up is named with its next step, and no secret is shown."""

import json
from dataclasses import replace

import pytest

from infra.cli.slack_sign_in import sign_in
from infra.local.slack.people import TEAM_ID
from infra.local.slack.server import CALLBACK, CLIENT_ID, CLIENT_SECRET
from infra.slack_app.check import SECRETS, Finding, check
from infra.slack_app.surroundings import Around
from infra.target import Target
from tests.local_slack.an_app import SECRET, TOKEN, AnApp
from tests.local_slack.conftest import Running

NOBODY = "http://127.0.0.1:9"
KEPT = {"bot-token": TOKEN, "signing-secret": SECRET, "client-secret": CLIENT_SECRET, "session-key": "a-session-key"}


@pytest.fixture
def around(slack: Running, app: AnApp) -> Around:
    """A set-up in order, on this local Slack."""
    target = Target("Deadair-local", "", "", {}, app.url, slack.handle.url, endpoint=NOBODY)
    return Around(
        target,
        {
            "WebUrl": app.url,
            "SlackTeam": TEAM_ID,
            "SlackChannel": "C0INCIDENTS",
            "SlackEmoji": "stopwatch",
            "OidcIssuer": slack.handle.url,
            "OidcClientId": CLIENT_ID,
        },
        KEPT,
    )


def given(around: Around, **parameters: str) -> Around:
    """The same, deployed with other answers."""
    return replace(around, parameters={**around.parameters, **parameters})


def keeping(around: Around, name: str, value: str | None) -> Around:
    """The same with another secret, or without it."""
    kept = {key: one for key, one in {**around.secrets, name: value}.items() if one is not None}
    return replace(around, secrets=kept)


def wrong(around: Around) -> list[Finding]:
    """What is to be done. Shows no secret, whatever is wrong."""
    found = check(around, sign_in)
    said = repr(found) + repr(around)
    assert not [secret for secret in {*KEPT.values(), *around.secrets.values()} if secret in said]
    return [finding for finding in found if not finding.ok]


def the_fault(around: Around) -> Finding:
    """The only thing that is to be done."""
    found = wrong(around)
    assert len(found) == 1, found
    return found[0]


def test_a_set_up_in_order_needs_nothing_and_each_thing_is_said(around: Around) -> None:
    heard: list[int] = []
    found = check(around, sign_in, heard.append)

    assert [finding.what for finding in found if not finding.ok] == []
    assert [finding.what for finding in found] == [
        *SECRETS, "token", "workspace", "scopes", "channel", "commands", "sign-in",
    ]  # fmt: skip
    assert len(heard) == len(found)


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_is_named_with_where_it_is_found(around: Around, name: str) -> None:
    first = wrong(keeping(around, name, None))[0]

    assert (first.what, first.told) == (name, "is missing")
    assert f"deadair slack secret {name}" in first.remedy


@pytest.mark.parametrize(("uninstall", "word"), [(False, "token_revoked"), (True, "account_inactive")])
def test_a_token_that_slack_took_back_is_installed_again(
    around: Around, slack: Running, word: str, *, uninstall: bool
) -> None:
    slack.door("revoke", uninstall=uninstall)
    fault = the_fault(around)

    assert (fault.what, fault.told) == ("token", f"Slack refuses it ({word})")
    assert "deadair slack secret bot-token" in fault.remedy


def test_a_token_that_is_none_is_refused(around: Around) -> None:
    assert the_fault(keeping(around, "bot-token", "xoxb-of-nobody")).told == "Slack refuses it (invalid_auth)"


@pytest.mark.parametrize("missing", ["users:read", "chat:write", "reactions:read"])
def test_a_scope_that_lacks_is_named(around: Around, slack: Running, missing: str) -> None:
    slack.door("install", without=[missing])
    fault = the_fault(around)

    assert (fault.what, fault.told) == ("scopes", f"lack {missing}")
    assert "deadair slack manifest" in fault.remedy


def test_without_the_reaction_its_scope_may_lack(around: Around, slack: Running) -> None:
    slack.door("install", without=["reactions:read"])

    assert wrong(given(around, SlackEmoji="")) == []


def test_a_channel_that_may_not_be_read_is_said_with_its_scope(around: Around, slack: Running) -> None:
    slack.door("install", without=["channels:history"])

    assert [finding.what for finding in wrong(around)] == ["scopes", "channel"]


@pytest.mark.parametrize(
    ("team", "told"),
    [("T0OTHER", f"is {TEAM_ID}, and T0OTHER is configured"), ("", f"is {TEAM_ID}; any workspace that signs")],
)
def test_another_workspace_than_the_tokens_is_said_with_the_right_id(around: Around, team: str, told: str) -> None:
    fault = the_fault(given(around, SlackTeam=team, OidcTeams=TEAM_ID))

    assert fault.what == "workspace"
    assert fault.told.startswith(told)
    assert f"SLACK_TEAM={TEAM_ID}" in fault.remedy


@pytest.mark.parametrize(
    ("channel", "remedy"), [("C0GENERAL", "/invite @deadair"), ("C0NOWHERE", "SLACK_CHANNEL="), ("", "SLACK_CHANNEL=")]
)
def test_a_channel_where_nothing_can_be_posted_is_said(around: Around, channel: str, remedy: str) -> None:
    fault = the_fault(given(around, SlackChannel=channel))

    assert fault.what == "channel"
    assert remedy in fault.remedy


def test_the_signing_secret_of_another_app_is_found_out(around: Around) -> None:
    fault = the_fault(keeping(around, "signing-secret", "of-another-app"))

    assert fault.what == "commands"
    assert "refuses the signing secret" in fault.told


def test_of_two_signing_secrets_that_are_exchanged_the_first_is_tried(around: Around) -> None:
    assert wrong(keeping(around, "signing-secret", f"{SECRET} of-before")) == []


def test_pages_that_nobody_serves_are_found_out(around: Around, app: AnApp) -> None:
    app.answer = lambda path, given: (500, b"", "text/plain")
    assert "answers 500" in the_fault(around).told

    gone = [finding for finding in wrong(given(around, WebUrl=NOBODY)) if finding.what == "commands"]
    assert "does not answer" in gone[0].told


@pytest.mark.parametrize(
    ("parameters", "remedy"),
    [
        ({"OidcClientId": ""}, "OIDC_CLIENT_ID="),
        ({"SlackTeam": "", "OidcTeams": "", "OidcDomains": ""}, "OIDC_DOMAINS="),
        ({"OidcClientId": "1.2"}, "OIDC_CLIENT_ID="),
        ({"OidcIssuer": NOBODY}, "OIDC_ISSUER"),
    ],
)
def test_a_door_that_is_closed_says_what_opens_it(around: Around, parameters: dict[str, str], remedy: str) -> None:
    fault = wrong(given(around, **parameters))[-1]

    assert fault.what == "sign-in"
    assert remedy in fault.remedy


def test_pages_without_https_let_nobody_in(around: Around) -> None:
    fault = wrong(given(around, WebUrl="http://deadair.invalid"))[-1]

    assert fault == Finding(
        "sign-in", "is closed: http://deadair.invalid is not https", "make deploy WEB_URL=https://…"
    )


def test_a_client_secret_that_the_issuer_does_not_know_is_found_out(around: Around) -> None:
    fault = the_fault(keeping(around, "client-secret", "of-another-app"))

    assert fault.what == "sign-in"
    assert "deadair slack secret client-secret" in fault.remedy


def test_what_is_to_be_typed_names_the_stack_that_was_looked_at(around: Around) -> None:
    deployed = replace(around, target=replace(around.target, stack="Deadair-staging", endpoint=None))

    assert deployed.command("slack check") == "deadair --stack Deadair-staging slack check"
    assert deployed.deploy("SLACK_TEAM=T1") == "make deploy STAGE=staging SLACK_TEAM=T1"
    assert around.command("slack check") == "deadair slack check"


def test_the_address_of_ones_own_goes_before_that_of_the_stack(around: Around) -> None:
    assert given(around, WebUrl="https://deadair.example/").web == "https://deadair.example"
    assert given(around, WebUrl="").web == around.target.web


def test_where_the_issuer_sends_people_is_said_exactly(around: Around, app: AnApp) -> None:
    assert check(around, sign_in)[-1].told.endswith(f"back to {app.url}{CALLBACK}")


@pytest.mark.parametrize("methods", [[".well-known/openid-configuration"], ["openid.connect.token"]])
def test_an_issuer_that_is_down_is_not_called_wrong(around: Around, slack: Running, methods: list[str]) -> None:
    slack.door("fail", mode="500", methods=methods)

    assert the_fault(around).told == f"{slack.handle.url} does not answer"


@pytest.mark.parametrize("mode", ["500", "garbage"])
def test_a_slack_that_is_down_is_not_called_wrong(around: Around, slack: Running, mode: str) -> None:
    slack.door("fail", mode=mode, methods=["auth.test"])
    fault = the_fault(around)

    assert fault.what == "token"
    assert json.dumps(fault.told).isascii()
