"""How far a postmortem is on its way to being published: its stage, who may review it, what this reader may do.

Pure. Refuses to know stores. The words of each stage are the templates'.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.permission import Act, may
from deadair.domain.postmortem import Postmortem, may_review
from deadair.domain.review import REVIEWED
from deadair.domain.timeline import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """`stage`: draft, asked, returned, approved, lapsed or published. `by` and `at` are of what the review came to."""

    stage: str
    needed: bool
    authors: tuple[str, ...] = ()
    reviewer: str = ""
    asked_by: str = ""
    asked_at: datetime | None = None
    by: str = ""
    at: datetime | None = None
    said: str = ""
    amending: bool = False
    may_ask: bool = False
    may_decide: bool = False
    is_asked: bool = False
    people: Sequence[Person] = ()


def review_view(incident: Incident, postmortem: Postmortem, actor: Actor, people: Sequence[Person]) -> ReviewView:
    """`people` are those who may be asked."""
    review, stage = postmortem.review, _stage(postmortem)
    settled = postmortem.is_published and not postmortem.amending
    reader, over = actor.person, stage == "approved" or settled
    wrote = any(same_person(reader, author) for author in postmortem.authors)
    others = may_review(postmortem, reader) and not postmortem.unanswered
    said_at = (review.approved_at, review.approved_by) if review and review.approved_by else ()
    if review and not said_at and review.returned_by:
        said_at = (review.returned_at, review.returned_by)
    at, by = said_at or (None, None)
    asked_of = postmortem.waits_for
    is_asked = asked_of is not None and same_person(asked_of, reader)
    return ReviewView(
        stage=stage,
        needed=incident.severity in REVIEWED,
        authors=tuple(author.name for author in postmortem.authors),
        reviewer=asked_of.name if asked_of else "",
        asked_by=review.asked_by.name if review else "",
        asked_at=review.asked_at if review else None,
        by=by.name if by else "",
        at=at,
        said=review.said if review and stage in {"returned", "approved"} else "",
        amending=postmortem.amending,
        may_ask=not over and not is_asked and (wrote or may(incident, actor, Act.WORK)),
        may_decide=not over and others and (asked_of is not None or incident.severity in REVIEWED),
        is_asked=is_asked,
        people=people,
    )


def _stage(postmortem: Postmortem) -> str:
    review = postmortem.review
    if postmortem.is_published and not postmortem.amending:
        return "published"
    if postmortem.approved:
        return "approved"
    if postmortem.waits_for:
        return "asked"
    if review and review.returned_by:
        return "returned"
    return "lapsed" if review and review.approved_by else "draft"
