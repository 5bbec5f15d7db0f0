"""Who somebody in Slack is: the registry's person with that Slack id, else the name that Slack sends.

Knows people and their Slack ids. Refuses to ask Slack.
"""

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.slack.grammar import Command
from deadair.domain.alarm import shown
from deadair.domain.ownership import Integration, Person

NAME = 80


def person_of(slack_id: str, name: str, registry: RegistryStore) -> Person:
    """The person behind a Slack id. A registry that does not answer costs the full name, not the command."""
    try:
        known = next((person for person in everybody(registry.rows()) if person.slack_id == slack_id), None)
    except (BotoCoreError, ClientError):
        known = None
    return known or Person(shown(name, limit=NAME) or slack_id, "", slack_id)


def everybody(rows: list[Integration]) -> list[Person]:
    """Every owner and deputy, each once."""
    people = [person for row in rows for person in (row.owner, row.deputy) if person is not None]
    return list(dict.fromkeys(people))


def meant(command: Command, actor: Person, registry: RegistryStore) -> list[Person]:
    """Whom the text of `assign` means: one person, several candidates, or nobody known."""
    if command.mentions:
        mention = command.mentions[0]
        return [person_of(mention.slack_id, mention.name, registry)]
    said = command.text.split("\n")[0].strip().lstrip("@").casefold()
    word = said.split(maxsplit=1)[0] if said else ""
    if word in {"me", "myself"}:
        return [actor]
    people = everybody(registry.rows())
    whole = [person for person in people if said in _names(person)]
    return whole or [person for person in people if word in _names(person)]


def _names(person: Person) -> set[str]:
    """What somebody may be called: full name, e-mail, the part before the @, first name."""
    name, email = person.name.casefold(), person.email.casefold()
    return {name, email, email.partition("@")[0], name.split(maxsplit=1)[0] if name else ""} - {""}


def is_me(name: str, actor: Person) -> bool:
    """Whether a name on an incident is this person's."""
    return bool(name) and name == actor.name
