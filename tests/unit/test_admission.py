"""Claims about who may come in by the web's door."""

from typing import Any

import pytest

from deadair.domain.admission import Admission
from deadair.domain.errors import NotAllowed
from deadair.domain.ownership import Person
from deadair.domain.standing_in import addresses_in, is_admin

OURS = Admission.of("T0DEADAIR, T0OTHER", "example.com @example.org")
SLACK = {
    "sub": "U0ANA",
    "name": "Ana Lima",
    "email": "ana.lima@elsewhere.example",
    "email_verified": True,
    "https://slack.com/team_id": "T0DEADAIR",
    "https://slack.com/user_id": "U0ANA",
}
GOOGLE = {"iss": "https://accounts.google.com", "sub": "1", "email": "ana@example.com", "email_verified": True}


def test_a_member_of_the_workspace_comes_in_with_their_id_and_their_address() -> None:
    assert OURS.admit(SLACK) == Person("Ana Lima", "ana.lima@elsewhere.example", "U0ANA")


@pytest.mark.parametrize(
    "change",
    [
        {"https://slack.com/team_id": "T0FOREIGN"},
        {"https://slack.com/team_id": ""},
        {"https://slack.com/team_id": ["T0DEADAIR"]},
        {"https://slack.com/team_id": "T0FOREIGN", "tid": ""},
    ],
    ids=str,
)
def test_fault_40_somebody_of_another_workspace_stays_outside(change: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        OURS.admit(SLACK | change)


@pytest.mark.parametrize("email", ["ana@example.com", "Ana@EXAMPLE.com", "ana@example.org"])
@pytest.mark.parametrize("verified", [True, "true"])
def test_a_verified_address_in_one_of_the_domains_comes_in(email: str, verified: Any) -> None:
    assert OURS.admit({"sub": "1", "email": email, "email_verified": verified}).email == email


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ana@example.com"},
        {"email": "ana@example.com", "email_verified": False},
        {"email": "ana@example.com", "email_verified": "false"},
        {"email": "ana@example.com", "email_verified": ["x"]},
        {"email": "ana@example.com.evil.example", "email_verified": True},
        {"email": "ana@sub.example.com", "email_verified": True},
        {"email": "eve@evil.example@example.com", "email_verified": True},
        {"email": '"eve@evil.example" <ana@example.com', "email_verified": True},
        {"email": "ana\n@example.com", "email_verified": True},
        {"email": "example.com", "email_verified": True},
        {"email": "@example.com", "email_verified": True},
        {"email": "a" * 200 + "@example.com", "email_verified": True},
        {"email": ["ana@example.com"], "email_verified": True},
        {},
    ],
    ids=str,
)
def test_fault_40_an_address_that_nobody_stands_for_is_none(claims: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        OURS.admit({"sub": "1", "name": "Ana Lima", **claims})


def test_fault_40_a_private_google_account_with_a_company_address_stays_outside() -> None:
    assert OURS.admit(GOOGLE | {"hd": "example.com"}).email == "ana@example.com"
    with pytest.raises(NotAllowed):
        OURS.admit(GOOGLE)


def test_a_tenant_of_entra_is_a_team_whose_addresses_count_only_where_it_owns_the_domain() -> None:
    tenant = Admission.of("0a1b-tenant", "")
    claims = {"sub": "1", "tid": "0a1b-tenant", "name": "Ana", "email": "ana@example.com"}

    assert tenant.admit(claims | {"xms_edov": True}) == Person("Ana", "ana@example.com")
    with pytest.raises(NotAllowed):
        tenant.admit(claims)


def test_without_a_list_nobody_may_come_in() -> None:
    nobody = Admission.of(" , ", "")

    assert not nobody.admits_somebody
    with pytest.raises(NotAllowed):
        nobody.admit(SLACK)


def test_more_is_asked_for_only_where_something_is_missing() -> None:
    assert not OURS.wants_more(SLACK)
    assert OURS.wants_more(SLACK | {"email_verified": None})
    assert OURS.wants_more(SLACK | {"name": ""})


def test_a_name_that_misleads_is_shown_as_it_is() -> None:
    assert "\u202e" not in OURS.admit(SLACK | {"name": "Ana\u202eamiL"}).name
    assert OURS.admit(SLACK | {"name": ""}).name == "ana.lima"


@pytest.mark.parametrize(
    "email",
    ["ana@stra\u00dfe.example", "ana@e\u017ftate.example", "ro\u00df@estate.example", "\u212aim@estate.example"],
)
def test_fault_40_an_address_that_folds_to_anothers_is_none(email: str) -> None:
    domains = Admission.of("", "strasse.example estate.example")
    with pytest.raises(NotAllowed):
        domains.admit({"sub": "1", "email": email, "email_verified": True})
    assert not is_admin(Person("Ross", email), addresses_in("ross@estate.example, kim@estate.example"))


@pytest.mark.parametrize("odd", [5, True, ["U0ANA"], {"a": 1}, "U0ANA\n", "u0ana", "U" * 41])
def test_an_id_or_a_name_of_another_kind_is_none(odd: Any) -> None:
    person = OURS.admit(SLACK | {"https://slack.com/user_id": odd, "name": odd if not isinstance(odd, str) else None})

    assert person == Person("ana.lima", "ana.lima@elsewhere.example", "")
