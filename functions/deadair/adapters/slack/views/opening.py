"""The modal that opens an incident, the integrations to choose from, and the modal that keeps a message.

Knows how an integration and an incident are named in a list. Refuses to open anything.
"""

from collections.abc import Sequence
from datetime import datetime

from deadair.adapters.slack.blocks import Block, section
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import OPTIONS, TYPED, View, chosen, modal, option, searched, typed
from deadair.adapters.slack.mrkdwn import instant, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration
from deadair.domain.severity import Severity

OPEN, KEEP = "open", "keep"
INTEGRATION = "integration"
# No slug is that short.
NONE_OF_THESE = "-"
TEXT, NAME = 1000, 60


def open_modal(carried: Carried, first: str = "") -> View:
    """Which integration, how bad, what is wrong."""
    levels = [(level.value, _level(level)) for level in Severity]
    blocks = [
        searched(
            INTEGRATION,
            plain("modals.open.integration"),
            hint=plain("modals.open.integration_hint"),
            example=plain("modals.open.integration_example"),
        ),
        chosen(
            "severity",
            plain("modals.open.severity"),
            levels,
            example=plain("modals.open.severity_example"),
            optional=True,
        ),
        typed(
            "text",
            plain("modals.open.text"),
            hint=plain("modals.open.text_hint"),
            example=plain("modals.open.text_example"),
            first=first,
            longest=TEXT,
            lines=True,
        ),
    ]
    return modal(OPEN, plain("modals.open.title"), plain("modals.open.submit"), blocks, carried)


def integrations(rows: Sequence[Integration], *, with_none: bool = False) -> list[Block]:
    """What Slack lists below the field; with the way out for what belongs to none, where somebody takes it."""
    if not with_none:
        return [option(row.slug, row.name) for row in rows[:OPTIONS]]
    shown = [option(row.slug, row.name) for row in rows[: OPTIONS - 1]]
    return [*shown, option(NONE_OF_THESE, plain("modals.open.none_of_these"))]


def keep_modal(candidates: Sequence[Incident], text: str, author: str, at: datetime, carried: Carried) -> View:
    """To which incident a message belongs, and what of it."""
    about = say("modals.keep.about", author=one_line(author, NAME), at=instant(at))
    choices = [(str(incident.number), named(incident)) for incident in candidates[:OPTIONS]]
    blocks = [
        section(about),
        chosen("incident", plain("modals.keep.incident"), choices, first=choices[0][0] if len(choices) == 1 else ""),
        typed(
            "text",
            plain("modals.keep.text"),
            hint=plain("modals.keep.text_hint"),
            first=text,
            longest=TYPED,
            lines=True,
        ),
    ]
    return modal(KEEP, plain("modals.keep.title"), plain("modals.keep.submit"), blocks, carried)


def named(incident: Incident) -> str:
    """An incident in a list."""
    return plain("modals.keep.option", id=incident.id, title=one_line(incident.title, NAME))


def _level(severity: Severity) -> str:
    words = plain(f"words.severity.{severity.value}")
    return plain("modals.open.severity_option", severity=severity.value, words=words)
