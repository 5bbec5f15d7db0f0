"""How tests come in by the web's door: as a browser does, without one, or with a session that is there already.

The first two go the whole way, through the question of the local Slack. A claim about pages alone takes a sealed
session, for which nobody has to be asked.
"""

from datetime import datetime

from playwright.sync_api import Page, expect

from deadair.domain.ownership import Person
from infra.local.demo.witness import Witness
from infra.target import Target
from tests.builders import ANA
from web import cookies
from web.sessions import Signer, new_session


def come_in(page: Page, stack: Target, address: str = "/", name: str = ANA.name) -> None:
    """Sign in with a browser, as a person whom the local Slack knows by this name; ends at the address."""
    page.goto(f"{stack.web}{address}")
    page.get_by_role("link", name="Sign in with").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def signed_in(stack: Target, email: str = ANA.email) -> Witness:
    """Somebody at a browser without script, who is signed in."""
    witness = Witness(stack.web, stack.slack)
    witness.sign_in(email)
    return witness


def sealed(signer: Signer, now: datetime, person: Person = ANA, sid: str = "s1", *, secure: bool = False) -> str:
    """The cookie of a session that began now, as a browser sends it."""
    return f"{cookies.name_of(cookies.SESSION, secure=secure)}={signer.seal(new_session(sid, now, person))}"
