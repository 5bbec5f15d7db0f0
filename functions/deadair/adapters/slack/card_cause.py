"""What broke, on the card: the likely cause, how sure that is, its best evidence and what the logs hold most often.

Knows how that reads. Refuses to know where on the card it stands.
"""

from deadair.adapters.slack.card_facts import LINE, NARROW
from deadair.adapters.slack.mrkdwn import Mrkdwn, code, cut_markup, lines_of, one_line, with_times
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass


def cause_paragraph(incident: Incident, diagnosed: Diagnosed | None) -> Mrkdwn | str:
    """The likely cause with how sure that is, its best evidence and the error that the logs hold most often.

    What a person named goes before what was found.
    """
    lines = [cut_markup(line, NARROW) for line in (*_cause(incident, diagnosed), logs(diagnosed)) if line]
    return lines_of(lines) if lines else ""


def _cause(incident: Incident, diagnosed: Diagnosed | None) -> list[Mrkdwn]:
    kind = incident.failure_class
    if kind is FailureClass.UNKNOWN and incident.finding is None and not (diagnosed and diagnosed.evidence):
        return []
    lines = [say("card.likely.line", label=_label(incident, diagnosed), **{"class": say(f"words.class.{kind.value}")})]
    beneath = diagnosed.beneath if diagnosed and incident.cause is None else None
    if beneath not in {None, kind}:
        lines.append(say("card.likely.beneath", **{"class": say(f"words.class.{beneath}")}))
    found = incident.finding.text if incident.finding else ""
    best = diagnosed.evidence[0] if diagnosed and diagnosed.evidence else found
    return [*lines, with_times(one_line(best, LINE))] if best else lines


def _label(incident: Incident, diagnosed: Diagnosed | None) -> str:
    """What stands before the cause: named by somebody, or likely, and how sure that is."""
    if incident.cause is not None:
        return plain("card.labels.cause")
    if diagnosed is None:
        return plain("card.labels.likely")
    return plain("card.labels.sure", confidence=plain(f"card.confidence.{diagnosed.confidence.value}"))


def logs(diagnosed: Diagnosed | None) -> Mrkdwn | str:
    """The error that the logs hold most often."""
    if diagnosed is None or not diagnosed.log_errors:
        return ""
    most = diagnosed.log_errors[0]
    return say("card.logs", text=code(one_line(most.text, 200)), count=f"{most.count:,}")
