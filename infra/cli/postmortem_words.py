"""What `deadair incidents postmortem` and the steps of its review say."""

from dataclasses import asdict
from typing import Any

from deadair.adapters.dynamodb.items import postmortem_fields
from deadair.domain.alarm import shown
from deadair.domain.merging import NUMBERS
from deadair.domain.postmortem import EXTRAS, QUESTIONS, Postmortem, missing
from deadair.domain.severity import Severity
from infra.cli import terminal
from infra.cli.terminal import line, say

TEXT_SHOWN = 400


def print_state(postmortem: Postmortem, severity: Severity) -> None:
    """Where it is after a step."""
    line((f"{postmortem.incident}  ", "bold"), (f"postmortem {stage(postmortem)}", ""))
    lacks = [QUESTIONS.get(key, key) for key in missing(postmortem, severity)]
    if lacks and not _is_settled(postmortem):
        say(f"Missing: {' · '.join(lacks)}", "dim")


def stage(postmortem: Postmortem) -> str:
    """How far it is, in a few words."""
    review, published = postmortem.review, f"published, version {postmortem.version}"
    if _is_settled(postmortem):
        return published
    if postmortem.approved and review and review.approved_by:
        told = f"approved by {review.approved_by.name}"
    elif postmortem.waits_for:
        told = f"in review, {postmortem.waits_for.name} was asked"
    elif review and review.returned_by:
        told = f"draft, {review.returned_by.name} asked for changes: {shown(review.said, limit=TEXT_SHOWN)}"
    else:
        told = "draft"
    return f"{published}; changed since: {told}" if postmortem.version else told


def _is_settled(postmortem: Postmortem) -> bool:
    return postmortem.is_published and not postmortem.amending


def print_whole(postmortem: Postmortem, severity: Severity) -> None:
    """Where it is, and what people wrote."""
    print_state(postmortem, severity)
    for key, title in (QUESTIONS | EXTRAS).items():
        text, guess = _text(postmortem, key), postmortem.suggested.get(key, "").strip()
        if text or key in QUESTIONS:
            terminal.out.print()
            line((title, "bold"), ("" if text else "  no answer yet" + (", suggested:" if guess else ""), "yellow"))
            for piece in (text or guess).splitlines():
                say(piece, "" if text else "dim")
    told = [(NUMBERS[name], number) for name, number in asdict(postmortem.impact).items() if number is not None]
    for label, number in told:
        line((f"{label}: ", "dim"), (f"{number:,}", ""))


def _text(postmortem: Postmortem, key: str) -> str:
    return (postmortem.answers if key in QUESTIONS else postmortem.extras).get(key, "").strip()


def print_json(postmortem: Postmortem, severity: Severity) -> None:
    """The same for machines."""
    lacks: list[str] = [] if _is_settled(postmortem) else list(missing(postmortem, severity))
    fields: dict[str, Any] = postmortem_fields(postmortem) | {"impact": asdict(postmortem.impact)}
    terminal.print_json(fields | {"missing": lacks, "approved": postmortem.approved, "amending": postmortem.amending})
