"""What people wrote would have caught it earlier, of the newest published postmortems.

Knows that only words which are published are repeated. Refuses to sum them up: people read people's words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item
from deadair.adapters.dynamodb.many import READ_AT_ONCE, read_many
from deadair.domain.outline import Outline
from deadair.domain.postmortem import PostmortemStatus

QUESTION = "what_earlier"
SAID = {"#status": "status", "#words": "words", "#published": "published_words", "#answers": "answers"}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in Markdown, and whose incident it was."""

    incident: Outline
    text: str


def caught_earlier(client: Any, table: str, outlines: Sequence[Outline], most: int) -> list[Said]:
    """The answers of the newest incidents that are over, at most `most`; one call for a hundred incidents."""
    over = [one for one in outlines if one.is_real and one.resolved_at is not None]
    newest = sorted(over, key=lambda one: (one.started_at, one.number), reverse=True)[:READ_AT_ONCE]
    items = read_many(
        client,
        table,
        [keys.postmortem(one.number) for one in newest],
        ProjectionExpression=f"pk, #status, #words, #published, #answers.{QUESTION}",
        ExpressionAttributeNames=SAID,
    )
    told = {item["pk"]["S"]: _answer(from_item(item)) for item in items}
    answers = [Said(one, text) for one in newest if (text := told.get(keys.incident_pk(one.number), ""))]
    return answers[:most]


def _answer(f: dict[str, Any]) -> str:
    published = f.get("status") == PostmortemStatus.PUBLISHED and f.get("words", 0) == f.get("published_words", 0)
    return str(f.get("answers", {}).get(QUESTION, "")).strip() if published else ""
