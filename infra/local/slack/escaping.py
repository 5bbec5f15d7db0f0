"""What Slack does to the text of a slash command whose manifest says `should_escape: true`.

Knows `@name` -> `<@U..|handle>`, `#channel` -> `<#C..|name>`, web addresses -> `<https://..>` and the three entities.
Refuses to know verbs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from infra.local.slack.people import Person

_ADDRESS = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}'\""


def entities(text: str) -> str:
    """Return *text* with the three characters that mrkdwn gives a meaning as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape(text: str, names: Mapping[str, Person], channels: Mapping[str, str]) -> str:
    """Return *text* as Slack sends it; *names* and *channels* map lower-case names to people and channel ids."""
    pattern = _pattern([*names], [*channels])
    done, at = "", 0
    for found in pattern.finditer(text):
        done += entities(text[at : found.start()])
        done += _replacement(found, names, channels)
        at = found.end()
    return done + entities(text[at:])


def _pattern(names: list[str], channels: list[str]) -> re.Pattern[str]:
    """One pass over the text, longest name first, so that `@ana lima` is not read as `@ana`."""
    people = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    rooms = "|".join(map(re.escape, sorted(channels, key=len, reverse=True))) or "(?!)"
    return re.compile(
        rf"(?P<address>{_ADDRESS.pattern})|(?<![\w@])@(?P<name>{people})(?![\w@-])|(?<![\w#])#(?P<channel>{rooms})(?![\w-])",
        re.IGNORECASE,
    )


def _replacement(found: re.Match[str], names: Mapping[str, Person], channels: Mapping[str, str]) -> str:
    if name := found["name"]:
        person = names[name.casefold()]
        return f"<@{person.id}|{person.handle}>"
    if channel := found["channel"]:
        return f"<#{channels[channel.casefold()]}|{channel.casefold()}>"
    whole = found["address"]
    address = whole.rstrip(_TRAILING)
    return f"<{entities(address)}>{entities(whole[len(address) :])}"
