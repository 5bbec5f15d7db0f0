"""A postmortem: five questions, their answers, and how far it has come.

Knows the questions and that publishing needs all answers. Refuses to know how it is rendered or stored.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from deadair.domain.errors import Invalid

# The five questions, in their order; the keys never change, they name fields of stored documents.
QUESTIONS: dict[str, str] = {
    "what_broke": "What broke?",
    "when_started": "When did it start?",
    "how_detected": "How was it detected?",
    "what_fixed": "What was the fix?",
    "what_earlier": "What would have caught it earlier?",
}
ANSWER_LIMIT = 8000


class PostmortemStatus(StrEnum):
    """draft → published; a published one can be amended, which makes a new version."""

    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmortem:
    """`answers` are people's words (Markdown) by question key; `suggested` are what the data know.

    `version` counts published versions (0: none yet); `edit` counts saves and decides who wins a race.
    """

    incident: str
    status: PostmortemStatus = PostmortemStatus.DRAFT
    answers: dict[str, str] = field(default_factory=dict)
    suggested: dict[str, str] = field(default_factory=dict)
    drafted_at: datetime | None = None
    published_at: datetime | None = None
    published_by: str = ""
    version: int = 0
    edit: int = 0

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The keys of the questions that have no answer, in their order."""
        return tuple(key for key in QUESTIONS if not self.answers.get(key, "").strip())

    def answer(self, answers: dict[str, str]) -> Self:
        """Take in answers by key; an empty text withdraws one. Raises Invalid for a key that is no question."""
        for key, text in answers.items():
            if key not in QUESTIONS:
                raise Invalid(f"There is no question `{key}`.", field=key, remedy=f"Use one of {', '.join(QUESTIONS)}.")
            if len(text) > ANSWER_LIMIT:
                raise Invalid(
                    f"The answer has {len(text)} characters.", field=key, remedy=f"Use at most {ANSWER_LIMIT}."
                )
        merged = {**self.answers, **{key: text.strip() for key, text in answers.items()}}
        return replace(self, answers={key: text for key, text in merged.items() if text}, edit=self.edit + 1)

    def publish(self, by: str, now: datetime) -> Self:
        """Make the next version. Raises Invalid that names every question without an answer."""
        if self.unanswered:
            missing = " · ".join(QUESTIONS[key] for key in self.unanswered)
            raise Invalid(
                f"{len(self.unanswered)} of {len(QUESTIONS)} questions have no answer: {missing}",
                field=self.unanswered[0],
                remedy="Answer them, then publish.",
            )
        return replace(
            self,
            status=PostmortemStatus.PUBLISHED,
            published_at=now,
            published_by=by,
            version=self.version + 1,
            edit=self.edit + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the knowledge base knows of one postmortem besides its words, ours or imported.

    `id` is INC-42 for ours and the front matter's id for imported ones. `date` orders lists (aware, UTC). Facets
    are plain strings; an empty one is unknown.
    """

    id: str
    title: str
    date: datetime
    company: str = ""
    integration: str = ""
    integration_name: str = ""
    owner: str = ""
    severity: str = ""
    failure_class: str = ""
    fix: str = ""
    tags: tuple[str, ...] = ()
    imported: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Described):
    """What the knowledge base holds of one postmortem. `body` is Markdown."""

    body: str
