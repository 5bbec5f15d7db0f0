"""`open`: somebody sees that an integration does not do its job, and no alarm has said so yet.

Knows how an integration, a severity and the rest are told apart. Refuses to open one for nobody: it asks which.
"""

import re
from collections.abc import Iterable

from deadair.adapters.slack.card import first_step
from deadair.adapters.slack.mrkdwn import lines_of, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration
from deadair.domain.severity import Severity
from deadair.usecases.open_by_hand import open_by_hand
from slack_commands.choosing import SHOWN, rows_of
from slack_commands.context import OPENED, Context, Reply
from slack_commands.running import Offer, offering, show, words_of

LEVEL = re.compile(r"(?<!\S)sev[- ]?([0-9]{1,2})(?:[:,]?(?=\s|$))", re.IGNORECASE)
SAID, TITLE = 60, 120
# Said in place of an integration. A row of that name goes first.
NONE = "none"


def run(context: Context) -> Reply:
    """`open hubspot-salesforce sev2 no leads since noon`; without words, a form."""
    said = LEVEL.search(context.command.text)
    if said and f"SEV{int(said[1])}" not in set(Severity):
        return Reply(say("answers.sev.range", command=context.typed("open", "…", "sev2", "…")), refused=True)
    severity, rest = level_in(context.command.text)
    rows = context.registry.rows()
    found, words = begins_with(rest, rows)
    if not found and (words_of_none := _of_none(rest)) is not None and context.fallback:
        return _open(context, rows, "", severity, words_of_none)
    if not found and context.ask("open", None):
        return OPENED
    if len(found) != 1:
        likely = found or rows_of(context.actor.person, rows) or rows
        return _which(context, likely, words if found else rest, severity)
    return _open(context, rows, found[0].slug, severity, words)


def _of_none(text: str) -> str | None:
    """The words behind `none`: it belongs to no integration. None where something else was said."""
    first, _, rest = text.partition(" ")
    return rest.strip() if first.casefold().strip(":,") == NONE else None


def level_in(text: str) -> tuple[Severity | None, str]:
    """The severity in a text, wherever it stands, and the text without it. A bare number is none: it may be a count."""
    found = LEVEL.search(text)
    if not found:
        return None, text
    return Severity(f"SEV{int(found[1])}"), f"{text[: found.start()].strip()} {text[found.end() :].strip()}".strip()


def begins_with(text: str, rows: Iterable[Integration]) -> tuple[list[Integration], str]:
    """The integrations that a text begins with, and the words after the name: by slug, by name, else by one word."""
    lower = text.casefold()
    for row in sorted(rows, key=lambda row: len(row.name), reverse=True):
        for name in (row.slug, row.name):
            if re.match(rf"{re.escape(name.casefold())}(?:[:,]?(?=\s|$))", lower):
                return [row], text[len(name) :].lstrip(":, ")
    first, _, rest = text.partition(" ")
    word = first.casefold().strip(":,")
    return [row for row in rows if word and word in _words(row)], rest.strip()


def _words(row: Integration) -> set[str]:
    names = f"{row.slug} {row.name} {row.source} {row.destination}".casefold()
    return set(re.findall(r"\w+", names)) | {row.source.casefold(), row.destination.casefold()}


def _open(context: Context, rows: list[Integration], slug: str, severity: Severity | None, words: str) -> Reply:
    fallback = context.fallback
    done = open_by_hand(context.store, rows, slug, context.actor, severity, words, now=context.now, fallback=fallback)
    return _done(done.incident) if done.opened else _already(context, done.incident, words)


def _already(context: Context, incident: Incident, words: str) -> Reply:
    title, note = one_line(incident.title, TITLE), context.typed("note", incident.number, "…")
    text = say("answers.open.already", id=incident.id, title=title, note=note)
    add = Offer(plain("answers.open.add_note"), words_of("note", str(incident.number), words), primary=True)
    return offering(text, *([add] if words else []), show(incident.number), refused=True)


def _done(incident: Incident) -> Reply:
    text = say(
        "answers.open.done",
        id=incident.id,
        severity=incident.severity.value,
        title=one_line(incident.title, TITLE),
        owner=incident.owner.name,
        first=first_step(incident),
    )
    return offering(text, *first_offers(incident))


def first_offers(incident: Incident) -> tuple[Offer, Offer]:
    """What may come next: somebody has it, or it was none."""
    mistake = f"false-alarm {incident.number} {plain('answers.open.mistake')}"
    return (
        Offer(plain("card.buttons.ack"), f"ack {incident.number}", primary=True),
        Offer(plain("answers.open.take_back"), mistake),
    )


def _which(context: Context, rows: list[Integration], text: str, severity: Severity | None) -> Reply:
    """Nothing was opened: the integrations that may be meant, each as a button that goes on with the same words."""
    level = severity.value.lower() if severity else ""
    example = rows[0].slug if rows else "hubspot-salesforce"
    asked = say("answers.open.which", command=context.typed("open", example, level or "sev2", "…"))
    lines = [asked] if not text else [asked, say("answers.open.said", said=one_line(text, SAID))]
    offers = [
        Offer(plain("answers.open.button", name=one_line(row.name, 60)), words_of("open", row.slug, level, text))
        for row in rows[:SHOWN]
    ]
    if text and context.fallback:
        offers.append(Offer(plain("answers.open.none"), words_of("open", NONE, level, text)))
    return offering(lines_of(lines), *offers, refused=True)
