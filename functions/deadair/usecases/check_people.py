"""Whether the people of the registry are still there, as Slack knows them.

Knows that each person is asked for once. Refuses to find anything in Slack's silence: who was not asked about is said,
and is no finding.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.parts import PersonRow
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.members import Member
from deadair.domain.errors import Unavailable
from deadair.usecases.check_registry import Finding, in_order

ROLES = ("owner", "deputy", "escalation")
# Rate limits: a registry of a thousand people takes some minutes, and an operator waits.
PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What Slack said of `asked` of the `people`. `refused` says why it was not asked further, else it is empty."""

    findings: list[Finding]
    people: int
    asked: int
    refused: str = ""


@dataclass(frozen=True, slots=True)
class _Mention:
    slug: str
    role: str
    person: PersonRow


def check_people(rows: Iterable[Row], slack: SlackClient) -> Asked:
    """Every person whom Slack does not know, or knows as gone, as a bot or as somebody else."""
    mentions = _mentions(rows)
    findings: list[Finding] = []
    slack.be_patient(PATIENCE_S)
    for asked, same in enumerate(mentions.values()):
        try:
            member = _look(slack, same[0].person)
        except Unavailable as failed:
            return Asked(in_order(findings), len(mentions), asked, str(failed))
        findings += [found for mention in same if (found := _judge(mention, member))]
    return Asked(in_order(findings), len(mentions), len(mentions))


def _mentions(rows: Iterable[Row]) -> dict[tuple[str, str], list[_Mention]]:
    """Where each person is named. The same id with another address is looked at apart."""
    found: dict[tuple[str, str], list[_Mention]] = {}
    for row in rows:
        for role in ROLES:
            person: PersonRow | None = getattr(row, role)
            if person:
                key = (person.slack_id, person.email.casefold())
                found.setdefault(key, []).append(_Mention(row.slug, role, person))
    return found


def _look(slack: SlackClient, person: PersonRow) -> Member | None:
    return slack.member(person.slack_id) if person.slack_id else slack.member_by_email(person.email)


def _judge(mention: _Mention, member: Member | None) -> Finding | None:
    person = mention.person
    if member is None and not person.slack_id:
        # Slack's look-up by address does not tell the two apart.
        return _found(mention, "unknown", f"Slack has no active member with the address {person.email}")
    if member is None:
        return _found(mention, "unknown", f"Slack knows no member {person.slack_id}, given for {person.name}")
    if member.deactivated:
        return _found(mention, "deactivated", f"{person.name} is deactivated in Slack")
    if member.is_bot:
        return _found(mention, "is_a_bot", f"{person.slack_id or person.email} is a bot in Slack")
    if _somebody_else(person, member):
        return _found(
            mention,
            "is_somebody_else",
            f"{member.slack_id} is {member.name} <{member.email}> in Slack, not {person.name} <{person.email}>",
        )
    return None


def _somebody_else(person: PersonRow, member: Member) -> bool:
    """Another address alone says nothing: people have several. With another name it does."""
    other_email = bool(member.email) and member.email.casefold() != person.email.casefold()
    return other_email and member.name.casefold() != person.name.casefold()


def _found(mention: _Mention, code: str, message: str) -> Finding:
    field = f"{mention.role}.{'slack_id' if mention.person.slack_id else 'email'}"
    remedy = "name a person who is there" if mention.role == "owner" else "name somebody who is there, or nobody"
    return Finding(mention.slug, f"{mention.role}_{code}", field, message, remedy)
