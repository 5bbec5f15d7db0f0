"""One named person, or a refusal that says why a group cannot answer for an integration.

Knows the shapes of group aliases, user groups and placeholders. Refuses to know who exists in Slack.
"""

import re
from typing import Any

from pydantic_core import PydanticCustomError

from deadair.adapters.registry_file import patterns

# A name or a mailbox with one of these anywhere in it is a group's: "Growth Team", growth-team@.
_ALWAYS_GROUP = """
alert alerts committee department dept distribution donotreply everyone group groups helpdesk listserv noreply oncall
squad squads team teams
abteilung equipe equipo groupe grupo gruppe gruppo verteiler équipe группа команда فريق グループ チーム 团队
"""
# A name or a mailbox made only of these is a group's: sales@, marketing-ops@, "CRM Admins". Beside another word each
# can be part of a person's name (Marco Sales, ana.crm@).
_FUNCTIONS = """
abuse admin administrator administrators admins all analytics automation bizops business call care center centre
channel chapter ci comms communications company compliance contact crew crm customer data desk dev developers devops
digital dl email engineering engineers finance finops global growth grp guild hello help hq info infra integration
integrations it lead leads legal list mail mailer map market marketing martech media member members mktg mops no
office on operations operators ops owner owners platform pm postmaster privacy product project reply rev revenue
revops root sales salesops security service services shared sre staff success support sysadmin system systems tech
technology the tribe user users vendor vendors web webmaster
"""
_NOBODY = "tbd tba tbc todo unknown nobody none n/a na nil null ? ??? - someone somebody anyone vacant"
ALWAYS_GROUP, FUNCTIONS, NOBODY = (frozenset(words.split()) for words in (_ALWAYS_GROUP, _FUNCTIONS, _NOBODY))
# Two words before a comma and two behind it are two people; `King, Jr.` and `Lima, Ana Maria` are one.
TWO_PAIRS = r"\S\s+\S[^,]*,\s*[^\s,]+\s+[^\s,]"
TWO_PEOPLE = re.compile(rf"\s(?:and|und|et)\s|[&/;+|]|{TWO_PAIRS}", re.IGNORECASE)
EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?=.{4,255}\Z)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
SLACK_MEMBER = re.compile(r"[UW][A-Z0-9]{2,20}")
# A mailbox of a list, a channel or a group by its host alone.
GROUP_HOST = re.compile(r"(?:.+\.)?(?:googlegroups\.com|groups\.io|teams\.ms)|.+\.slack\.com|(?:lists?|groups)\..+")
# `growthteam`, written in one word; `steam` is none.
TEAM_AT_THE_END = re.compile(r"\w{3,}team")
# The same for editors: JSON Schema says what a name and an address may not be.
NAME_SCHEMA = {
    "pattern": patterns.FULL_LINE,
    "not": {
        "anyOf": [
            {"pattern": one}
            for one in (
                r"^[@#]|^<!|[:@]",
                rf"\s(?:[Aa][Nn][Dd]|[Uu][Nn][Dd]|[Ee][Tt])\s|[&/;+|]|{TWO_PAIRS}",
                patterns.exactly(NOBODY),
                patterns.one_of_these_words(ALWAYS_GROUP),
                patterns.TEAM_AT_THE_END,
                patterns.only_these_words(FUNCTIONS),
            )
        ]
    },
    "errorMessage": "Name one person: not a group, not a channel, not two people.",
}
EMAIL_SCHEMA = {
    "pattern": patterns.EMAIL,
    "not": {
        "anyOf": [
            {"pattern": patterns.one_of_these_words(ALWAYS_GROUP, end="@")},
            {"pattern": patterns.TEAM_AT_THE_END + "[^@]*@"},
            {"pattern": patterns.GROUP_HOST},
            {"pattern": patterns.only_these_words(FUNCTIONS, end="@")},
        ]
    },
    "errorMessage": "Write the address of one person, not of a group.",
}
SLACK_GROUP = re.compile(r"subteam.*|S[A-Z0-9]{2,20}")
EVERYONE = frozenset({"here", "channel", "everyone"})
# One person, by a reference that does not say how to reach them: of Backstage, or a mention in Slack.
A_REFERENCE = re.compile(r"user:\S+|<@[UW][A-Z0-9]{2,20}(?:\|[^>]*)?>|[UW]0[A-Z0-9]{2,20}")
HOW_TO_FIND_THE_ID = "write the member id, such as U02ABCDEF (in Slack: profile, ⋮, Copy member ID)"
NAME_ONE = "name the one person who answers"
TWO_REMEDY = "keep one owner, and put the other in `deputy`; a first name stands first"


def refusal(message: str, remedy: str, **more: Any) -> PydanticCustomError:
    """A validation error with the remedy kept apart; `field` in `more` says which field of a model is meant."""
    return PydanticCustomError("refused", "{message}", {"message": message, "remedy": remedy, **more})


def one_name(name: str) -> str:
    """The name of one human being. Raises a refusal for groups, placeholders and pairs."""
    folded = name.casefold()
    if folded in NOBODY:
        raise refusal(f"`{name}` is nobody", NAME_ONE)
    if _calls_everyone(name):
        raise refusal(f"`{name}` calls everyone in a channel, not one person", NAME_ONE)
    if name.startswith(("@", "#", "<!")) or ":" in name:
        raise refusal(f"`{name}` is a group or a channel, not one person", NAME_ONE)
    if "@" in name and _is_group(folded.partition("@")[0]):
        raise refusal(f"`{name}` is a group alias, not one person", NAME_ONE)
    if "@" in name:
        raise refusal(f"`{name}` is an address, not a name", "write the person's name here and the address in `email`")
    if TWO_PEOPLE.search(name):
        raise refusal(f"`{name}` names more than one person", TWO_REMEDY)
    if _is_group(folded):
        raise refusal(f"`{name}` is a group, not one person", NAME_ONE)
    return name


def person_in_a_word(text: str) -> PydanticCustomError:
    """Why a text in place of a person's fields is refused: it names a group, or it is not enough."""
    if SLACK_GROUP.fullmatch(text.strip("<>!@")):
        return refusal(f"`{text}` is a Slack user group, not one person", NAME_ONE)
    enough = refusal(f"`{text}` is not enough to reach a person", "write `{ name: …, email: …, slack_id: … }`")
    if A_REFERENCE.fullmatch(text):
        return enough
    try:
        one_mailbox(text) if EMAIL.fullmatch(text) else one_name(text)
    except PydanticCustomError as refused:
        return refused
    return enough


def one_mailbox(email: str) -> str:
    """The e-mail address of one human being. Raises a refusal for group aliases and what is no address."""
    if not EMAIL.fullmatch(email):
        raise refusal(f"`{email}` is not an e-mail address", "write one address, such as ana.lima@example.com")
    local, _, host = email.casefold().partition("@")
    if _is_group(local) or GROUP_HOST.fullmatch(host):
        raise refusal(
            f"`{email}` is a group alias, not one person's address", "write the address of the one person who answers"
        )
    return email


def one_member(slack_id: str) -> str:
    """The Slack member id of one human being. Raises a refusal for user groups, channels, mentions and handles."""
    if SLACK_MEMBER.fullmatch(slack_id):
        return slack_id
    bare = slack_id.strip("<>!@")
    if _calls_everyone(slack_id):
        raise refusal(f"`{slack_id}` calls everyone in a channel, not one person", HOW_TO_FIND_THE_ID)
    if SLACK_GROUP.fullmatch(bare):
        raise refusal(f"`{slack_id}` is a Slack user group, not one person", HOW_TO_FIND_THE_ID)
    if re.fullmatch(r"[CGD][A-Z0-9]{2,20}", bare):
        raise refusal(f"`{slack_id}` is a Slack channel, not one person", HOW_TO_FIND_THE_ID)
    raise refusal(f"`{slack_id}` is not a Slack member id", HOW_TO_FIND_THE_ID)


def _calls_everyone(text: str) -> bool:
    return text[:1] in {"@", "<", "!"} and text.strip("<>!@").split("|")[0] in EVERYONE


def _is_group(folded: str) -> bool:
    words = [word for word in re.split(r"[^\w]+|_|\d+", folded) if word]
    return bool(words) and (any(map(_always_a_group, words)) or all(word in FUNCTIONS for word in words))


def _always_a_group(word: str) -> bool:
    return word in ALWAYS_GROUP or TEAM_AT_THE_END.fullmatch(word) is not None
