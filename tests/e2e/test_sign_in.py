"""Coming in by the web's door as it is deployed: through the local Slack, and not when what that says does not hold."""

from collections.abc import Iterator

import pytest

from infra.local.demo.witness import Witness
from infra.local.slack.switches import DENIED, TOKEN_TWISTS
from infra.target import Target
from tests.builders import ANA
from tests.local_slack.doors import use
from tests.signing_in import signed_in

pytestmark = pytest.mark.stack


@pytest.fixture
def slack(stack: Target) -> Iterator[str]:
    """The local Slack, which is well again afterwards."""
    yield stack.slack
    use(stack.slack, "fail", {"mode": "none"})


def outcome(witness: Witness) -> str:
    """What the door says to Ana, who says yes at the local Slack."""
    try:
        return witness.sign_in(ANA.email)
    except OSError as refused:
        return str(refused)


@pytest.mark.parametrize("twist", [*TOKEN_TWISTS, DENIED])
def test_fault_40_nobody_comes_in_by_a_token_that_does_not_hold(stack: Target, slack: str, twist: str) -> None:
    use(slack, "fail", {"mode": twist})
    witness = Witness(stack.web, stack.slack)
    said = outcome(witness)

    if twist == "oidc_unverified":
        # Her workspace and her id are proved; only her address is not hers, so it is not used.
        assert ANA.name in said
    else:
        assert "HTTP Error 40" in said
        assert "Sign in" in witness.page("/incidents")


@pytest.mark.parametrize("mode", ["500", "429", "ok_false"])
def test_fault_40_whoever_is_in_stays_in_while_slack_signs_nobody_in(stack: Target, slack: str, mode: str) -> None:
    there = signed_in(stack)
    use(slack, "fail", {"mode": mode, "methods": ["openid.connect.token"]})

    assert "HTTP Error 503" in outcome(Witness(stack.web, stack.slack))
    assert ANA.name in there.page("/incidents")


def test_fault_40_keys_that_slack_changes_keep_nobody_out(stack: Target, slack: str) -> None:
    use(slack, "rotate-keys", {"forget": True})
    witness = Witness(stack.web, stack.slack)

    # A key that is not known is asked for at most every ten seconds; the claim before may have done so.
    witness.until("the new key to be taken", lambda: ANA.name in witness.sign_in(ANA.email), 30)


def test_a_person_signs_out_everywhere_and_is_out_in_the_other_browser(stack: Target) -> None:
    here, there = signed_in(stack, "zoe.okonkwo@example.com"), signed_in(stack, "zoe.okonkwo@example.com")
    assert "Zoë" in there.page("/incidents")

    here.post("/sign-out-everywhere", {}, form="/incidents")
    assert "Sign in" in here.page("/incidents")
    there.until("the other browser to be out", lambda: "Sign in with" in there.page("/incidents"), 75)
