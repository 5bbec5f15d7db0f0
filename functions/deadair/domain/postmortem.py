"""A postmortem: five questions, their answers, and how far it has come.

Knows the questions and that publishing needs all answers. Refuses to know how it is rendered or stored.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from deadair.domain.errors import Invalid
from deadair.domain.ownership import Person

# The five questions, in their order; the keys never change, they name fields of stored documents.
QUESTIONS: dict[str, str] = {
    "what_broke": "What broke?",
    "when_started": "When did it start?",
    "how_detected": "How was it detected?",
    "what_fixed": "What was the fix?",
    "what_earlier": "What would have caught it earlier?",
}
ANSWER_LIMIT = 8000


# What people may say beyond the questions, in the order of the document; nothing of it is needed to publish.
EXTRAS: dict[str, str] = {
    "summary": "Summary",
    "impact": "Impact",
    "factors": "Contributing factors",
    "surprised": "What surprised us",
}


class PostmortemStatus(StrEnum):
    """draft → in review → published; a published one can be amended, which makes a new version."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What it cost, in numbers; None is unknown, which is not 0.

    `records` that were lost, late or wrong; `people` who noticed or were harmed; `minutes` of harm, where that differs
    from started to mitigated; `consent`: opt-outs and consents that were not honoured in time.
    """

    records: int | None = None
    people: int | None = None
    minutes: int | None = None
    consent: int | None = None


UNKNOWN_IMPACT = Impact()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who was asked to read it, and what came of it. `words` is the count of `Postmortem.words` that was approved."""

    asked_of: Person
    asked_by: Person
    asked_at: datetime
    approved_by: Person | None = None
    approved_at: datetime | None = None
    words: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmortem:
    """`answers` and `extras` are people's words (Markdown) by key; `suggested` are what the data know.

    `version` counts published versions (0: none yet); `edit` counts saves and decides who wins a race; `words` counts
    the saves that changed a person's words or numbers, `published_words` is how many of them the last version has.
    `authors` wrote what is to be published next. `review` is the last one that was asked for.
    """

    incident: str
    status: PostmortemStatus = PostmortemStatus.DRAFT
    answers: dict[str, str] = field(default_factory=dict)
    extras: dict[str, str] = field(default_factory=dict)
    impact: Impact = UNKNOWN_IMPACT
    suggested: dict[str, str] = field(default_factory=dict)
    drafted_at: datetime | None = None
    published_at: datetime | None = None
    published_by: str = ""
    authors: tuple[Person, ...] = ()
    review: Review | None = None
    version: int = 0
    edit: int = 0
    words: int = 0
    published_words: int = 0

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
    are plain strings; an empty one is unknown. `vendor` is whose side failed or may fail, `detected_by` the signal of
    the alarm that found it (silence, error_rate, …) or `person`.
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
    vendor: str = ""
    detected_by: str = ""
    consent: bool = False
    fix: str = ""
    tags: tuple[str, ...] = ()
    imported: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Described):
    """What the knowledge base holds of one postmortem. `body` is Markdown."""

    body: str
