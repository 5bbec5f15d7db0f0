"""Claims about who is offered which step of a review on the page of a postmortem."""

from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.severity import Severity
from tests.builders import ANA, BEN, an_actor, an_incident, at
from web.views.reviewing import review_view


def test_words_of_before_authors_were_kept_can_be_approved() -> None:
    incident = an_incident(severity_set=Severity.SEV1)
    known = Postmortem(incident=incident.id, answers=dict.fromkeys(QUESTIONS, "Said before an update."))

    assert review_view(incident, known, an_actor(BEN), ()).may_decide
    asked = known.ask(ANA, BEN, at(10))
    assert review_view(incident, asked, an_actor(BEN), ()).is_asked
