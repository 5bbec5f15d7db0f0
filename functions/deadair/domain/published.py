"""A published version of a postmortem: the words that it has for good, and why there is one.

Knows that facts may make a further version of the same words. Refuses to know its facts: those are rendered.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from deadair.domain.postmortem import Postmortem, PostmortemStatus
from deadair.domain.said import UNKNOWN_IMPACT, Impact


class Why(StrEnum):
    """What made a version: the first publishing, changed words, or changed facts around the same words."""

    PUBLISHED = "published"
    AMENDED = "amended"
    FACTS = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The words of version `version`. `at` is when it was made, `by` and `reviewed_by` who published and approved them.

    `words` is `Postmortem.words` as it was then.
    """

    version: int
    why: Why
    at: datetime
    by: str
    reviewed_by: str = ""
    words: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    extras: dict[str, str] = field(default_factory=dict)
    impact: Impact = UNKNOWN_IMPACT

    @classmethod
    def of(cls, postmortem: Postmortem, at: datetime) -> Self:
        """What somebody has just published."""
        return cls(
            version=postmortem.version,
            why=Why.PUBLISHED if postmortem.version == 1 else Why.AMENDED,
            at=at,
            by=postmortem.published_by,
            reviewed_by=postmortem.approved_by,
            words=postmortem.words,
            answers=dict(postmortem.answers),
            extras=dict(postmortem.extras),
            impact=postmortem.impact,
        )

    def again(self, now: datetime) -> Self:
        """The next version of the same words, for other facts."""
        return replace(self, version=self.version + 1, why=Why.FACTS, at=now)

    def as_postmortem(self, state: Postmortem) -> Postmortem:
        """The postmortem as it was published, without anything that people have said since."""
        return replace(
            state,
            status=PostmortemStatus.PUBLISHED,
            answers=self.answers,
            extras=self.extras,
            impact=self.impact,
            version=self.version,
            published_at=self.at,
            published_by=self.by,
        )
