"""Claims about owners: one person, never a group, and the refusal says why."""

import jsonschema
import pytest
import yaml

from deadair.adapters.registry_file.schema import json_schema

from .rows import MINIMAL, problems_of

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def owned_by(name: str = "Ana Lima", email: str = "ana.lima@example.com", slack_id: str = "U0ANA") -> list[str]:
    owner = f"{{name: '{name}', email: '{email}', slack_id: '{slack_id}'}}"
    data = MINIMAL.replace("{name: Ana Lima, email: ana.lima@example.com, slack_id: U0ANA}", owner)
    found = problems_of(data.encode())
    assert VALIDATOR.is_valid(yaml.safe_load(data)) is (not found), "an editor sees it otherwise"
    return found


@pytest.mark.parametrize(
    "name",
    [
        "Team",
        "RevOps",
        "The Growth Team",
        "Marketing Ops",
        "CRM Admins",
        "@ana",
        "#martech",
        "group:default/crm",
        "TBD",
        "Ana & Bo",
        "Ana Lima / Bo Ek",
        "Ana and Bo",
        "Ana Lima, Bo Ek",
        "On-call",
        "ops-team",
        "ana@example.com",
        "<!subteam^S123>",
        "growthteam",
        "Équipe Marketing",
        "فريق النمو",
    ],
)
def test_a_name_that_is_no_single_person_is_refused(name: str) -> None:
    [problem] = owned_by(name=name)

    assert "owner.name" in problem


@pytest.mark.parametrize(
    "name",
    [
        "Ana Lima",
        "Zoë Okonkwo",
        "Siobhán Ní Bhriain",
        "Marco Sales",
        "田中 花子",
        "Mei-Ling Chao",
        "Jean-Luc de la Tour",
        "O'Neil",
        "Ali",
        "Nguyễn Thị Hoa",
        "Santiago Ramón y Cajal",
        "Amy Guild",
        "Martin Luther King, Jr.",
        "Lima, Ana Maria",
        "محمد علي",
    ],
)
def test_names_of_people_of_every_script_are_accepted(name: str) -> None:
    assert owned_by(name=name.replace("'", "''")) == []


@pytest.mark.parametrize(
    "email",
    [
        "marketing-ops@example.com",
        "sales@example.com",
        "growth.team@example.com",
        "no-reply@example.com",
        "crm_admins2@example.com",
        "all@example.com",
        "RevOps@example.com",
        "dl-martech@example.com",
        "oncall+hubspot@example.com",
        "on-call@example.com",
        "info@example.com",
        "sales-team@example.com",
        "marketing@example.com",
        "growthteam@example.com",
        "team@example.com",
        "crm-aaaab3xyz@acme.slack.com",
        "ana@lists.example.com",
        "crm@googlegroups.com",
    ],
)
def test_a_group_alias_is_refused_with_the_reason(email: str) -> None:
    [problem] = owned_by(email=email)

    assert f"owner.email: `{email}` is a group alias, not one person's address" in problem


@pytest.mark.parametrize(
    "email",
    [
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "a b@example.com",
        "ana@b.com, bo@b.com",
        "<ana@b.com>",
        "ana@-b.com",
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    [problem] = owned_by(email=email)

    assert "is not an e-mail address" in problem


@pytest.mark.parametrize(
    "email",
    [
        "ana.lima@example.com",
        "a@b.io",
        "marco.sales@example.com",
        "ana+hubspot@example.com",
        "o'neil@example.co.uk",
        "josé@exämple.com",
        "steam@example.com",
        "ana_lima-1@mail.example.com",
    ],
)
def test_one_persons_address_is_accepted(email: str) -> None:
    assert owned_by(email=email.replace("'", "''")) == []


@pytest.mark.parametrize(
    ("slack_id", "why"),
    [
        ("@here", "everyone in a channel"),
        ("<!channel>", "everyone in a channel"),
        ("<!subteam^S0REVOPS|revops>", "user group"),
        ("S0REVOPS", "user group"),
        ("<!subteam^S123>", "user group"),
        ("<!here>", "everyone in a channel"),
        ("C0INCIDENTS", "channel"),
        ("@ana", "not a Slack member id"),
        ("<@U0ANA>", "not a Slack member id"),
        ("u0ana", "not a Slack member id"),
    ],
)
def test_a_slack_id_that_is_no_member_is_refused_with_the_reason(slack_id: str, why: str) -> None:
    [problem] = owned_by(slack_id=slack_id)

    assert why in problem
    assert "Copy member ID" in problem


def test_a_person_without_a_slack_id_is_accepted() -> None:
    assert owned_by(slack_id="") == []


@pytest.mark.parametrize(
    ("owner", "why"),
    [
        ("group:default/growth", "`group:default/growth` is a group or a channel, not one person"),
        ("'@here'", "`@here` calls everyone in a channel, not one person"),
        ("'@growth'", "`@growth` is a group or a channel, not one person"),
        ("team@", "`team@` is a group alias, not one person"),
        ("[Ana Lima, Bo Ek]", "is a list, not one person — keep one owner, and put another in `deputy`"),
        ("user:default/ana", "`user:default/ana` is not enough to reach a person"),
        ("<@U012ABCDE>", "`<@U012ABCDE>` is not enough to reach a person"),
        ("team@example.com", "`team@example.com` is a group alias, not one person's address"),
        ("<!subteam^S123>", "`<!subteam^S123>` is a Slack user group, not one person"),
        ("S0REVOPS", "`S0REVOPS` is a Slack user group, not one person"),
        ("Ana Lima", "`Ana Lima` is not enough to reach a person — write `{ name: …, email: …, slack_id: … }`"),
        ("ana@example.com", "`ana@example.com` is not enough to reach a person"),
    ],
)
def test_an_owner_in_one_word_is_refused_with_the_reason(owner: str, why: str) -> None:
    whole = "{name: Ana Lima, email: ana.lima@example.com, slack_id: U0ANA}"
    [problem] = problems_of(MINIMAL.replace(whole, owner).encode())

    assert f"registry.yaml:4:10 owner: {why}" in problem


def test_a_deputy_is_one_person_too() -> None:
    data = MINIMAL + "  deputy: {name: The Team, email: team@example.com}\n"

    assert [problem.split()[1] for problem in problems_of(data.encode())] == ["deputy.name:", "deputy.email:"]
