"""A postmortem: five questions, their answers, what people say beyond them, and how far it has come.

Knows the questions, that publishing needs all answers, and that what was bad needs the approval of somebody who did
not write it. Refuses to know how it is rendered or stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from deadair.domain.errors import IllegalTransition, Invalid, NotAllowed
from deadair.domain.lacking import anybody_but, lacking, needs, remedy
from deadair.domain.ownership import Person, same_person
from deadair.domain.review import REVIEWED, Review
from deadair.domain.said import UNKNOWN_IMPACT, Impact, merged
from deadair.domain.severity import Severity

# The five questions, in their order; the keys never change, they name fields of stored documents.
QUESTIONS: dict[str, str] = {
    "what_broke": "What broke?",
    "when_started": "When did it start?",
    "how_detected": "How was it detected?",
    "what_fixed": "What was the fix?",
    "what_earlier": "What would have caught it earlier?",
}

# What people may say beyond the questions, in the order of the document; nothing of it is needed to publish.
EXTRAS: dict[str, str] = {
    "summary": "Summary",
    "impact": "Impact",
    "factors": "Contributing factors",
    "surprised": "What surprised us",
}
# Of these the data may know something; what surprised people they cannot.
SUGGESTIBLE = (*QUESTIONS, "summary", "impact", "factors")


class PostmortemStatus(StrEnum):
    """draft → in review → published; a published one can be amended, which makes a new version."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


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

    @property
    def is_published(self) -> bool:
        """Whether a version of it can be read."""
        return self.status is PostmortemStatus.PUBLISHED

    @property
    def amending(self) -> bool:
        """Whether people have changed a published one since, and not published that."""
        return self.is_published and self.words > self.published_words

    @property
    def approved(self) -> bool:
        """Whether somebody who did not write it approved exactly these words."""
        by = self.review.approved_by if self.review else None
        return by is not None and self.review is not None and self.review.words == self.words and may_review(self, by)

    @property
    def approved_by(self) -> str:
        """The name of whoever approved these words; empty when nobody did."""
        by = self.review.approved_by if self.review and self.approved else None
        return by.name if by else ""

    @property
    def waits_for(self) -> Person | None:
        """Who was asked to read it and has not answered; None once there is nothing to publish."""
        asked = self.review is not None and self.review.is_waiting and (self.amending or not self.is_published)
        return self.review.asked_of if self.review and asked else None

    def say(
        self, by: Person, answers: Mapping[str, str], extras: Mapping[str, str], impact: Impact | None = None
    ) -> Self:
        """Take in what somebody says, by key; an empty text withdraws it, no impact leaves the known one.

        Whoever changes anything has written it. Raises Invalid for an unknown key, and for too long a text.
        """
        after = replace(
            self,
            answers=merged(self.answers, answers, QUESTIONS, what="question"),
            extras=merged(self.extras, extras, EXTRAS, what="part"),
            impact=self.impact if impact is None else impact.checked(),
        )
        if same_words(after, self):
            return self
        known = any(same_person(by, author) for author in self.authors)
        authors = self.authors if known else (*self.authors, by)
        return replace(after, authors=authors, words=self.words + 1, edit=self.edit + 1)

    def ask(self, asker: Person, reviewer: Person, now: datetime) -> Self:
        """Ask somebody to read it. Raises Invalid for an author, IllegalTransition when nothing is to be read."""
        self._must_be_readable()
        if not may_review(self, reviewer):
            raise Invalid(
                f"{reviewer.name} wrote some of it.", field="reviewer", remedy=f"Ask {anybody_but(self.authors)}."
            )
        review = Review(asked_of=reviewer, asked_by=asker, asked_at=now)
        return replace(self, review=review, status=self._unpublished(PostmortemStatus.IN_REVIEW), edit=self.edit + 1)

    def approve(self, by: Person, said: str, now: datetime) -> Self:
        """Somebody approves these words, asked or not. The same again changes nothing. Raises NotAllowed for an author.

        Raises Invalid while an answer is missing, IllegalTransition when nothing is to be read.
        """
        self._must_be_readable()
        if not may_review(self, by):
            told = f"{by.name} wrote some of it: it is approved by {anybody_but(self.authors)}."
            raise NotAllowed(told, field="reviewer", remedy="Ask somebody else to read it.")
        if self.approved and self.review and self.review.approved_by and same_person(self.review.approved_by, by):
            return self
        asked = self.review or Review(asked_of=by, asked_by=by, asked_at=now)
        review = Review(
            asked_of=asked.asked_of,
            asked_by=asked.asked_by,
            asked_at=asked.asked_at,
            approved_by=by,
            approved_at=now,
            words=self.words,
            said=said,
        )
        return replace(self, review=review, status=self._unpublished(PostmortemStatus.IN_REVIEW), edit=self.edit + 1)

    def send_back(self, by: Person, said: str, now: datetime) -> Self:
        """Somebody who did not write it says what is still to be done. Raises as `approve`, and Invalid for silence."""
        self._must_be_readable()
        if not may_review(self, by):
            raise NotAllowed(f"{by.name} wrote some of it.", field="reviewer", remedy="Change it as you see fit.")
        if not said:
            raise Invalid("Say what is still to be done.", field="said", remedy="One line is enough.")
        asked = self.review or Review(asked_of=by, asked_by=by, asked_at=now)
        review = replace(asked, approved_by=None, approved_at=None, returned_by=by, returned_at=now, words=0, said=said)
        return replace(self, review=review, status=self._unpublished(PostmortemStatus.DRAFT), edit=self.edit + 1)

    def publish(self, by: str, severity: Severity, now: datetime) -> Self:
        """Make the next version of these words. Raises Invalid that names everything that is missing."""
        lacks = missing(self, severity)
        if lacks:
            raise Invalid(_lacking(self, lacks), field=lacks[0], remedy=remedy(lacks))
        return replace(
            self,
            status=PostmortemStatus.PUBLISHED,
            published_at=now,
            published_by=by,
            version=self.version + 1,
            published_words=self.words,
            edit=self.edit + 1,
        )

    def _must_be_readable(self) -> None:
        if self.is_published and not self.amending:
            told = "It is published, and nobody changed a word since."
            raise IllegalTransition(told, field="review", remedy="Change it first.")
        if self.unanswered:
            raise Invalid(
                _lacking(self, self.unanswered), field=self.unanswered[0], remedy="Answer them, then have it read."
            )

    def _unpublished(self, status: PostmortemStatus) -> PostmortemStatus:
        return self.status if self.is_published else status


def same_words(one: Postmortem, other: Postmortem) -> bool:
    """Whether people say the same in both."""
    return (one.answers, one.extras, one.impact) == (other.answers, other.extras, other.impact)


def missing(postmortem: Postmortem, severity: Severity) -> tuple[str, ...]:
    """What it lacks to be published: keys of questions, and `review`."""
    unread = severity in REVIEWED and not postmortem.approved
    return postmortem.unanswered + (("review",) if unread else ())


def may_review(postmortem: Postmortem, person: Person) -> bool:
    """Whether somebody did not write it."""
    return not any(same_person(person, author) for author in postmortem.authors)


def _lacking(postmortem: Postmortem, lacks: tuple[str, ...]) -> str:
    review = needs(postmortem.authors, postmortem.review, postmortem.waits_for) if "review" in lacks else ""
    return lacking([QUESTIONS[key] for key in lacks if key in QUESTIONS], len(QUESTIONS), review)
