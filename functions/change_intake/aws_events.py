"""Events of AWS about deployments, configurations and secrets: which resource, when, and in one line what.

Knows the shapes of six services. Refuses to know whose resource it is, and takes no value out of an event: only
names and states. An event that is not as we know it says nothing; the rules of the account bring thousands.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from change_intake.settings import CALLS, DEPLOYMENTS, PARAMETERS, PIPELINES, SERVICE, STACKS, VERSIONED
from deadair.domain.change import Kind

Json = dict[str, Any]
# Where CloudTrail says what a call was about, by service.
SUBJECTS = {
    "lambda.amazonaws.com": ("functionName",),
    "apigateway.amazonaws.com": ("restApiId", "apiId"),
    "secretsmanager.amazonaws.com": ("secretId", "SecretId", "arn", "aRN", "name"),
    "events.amazonaws.com": ("name", "rule"),
}
NOUNS = {
    "lambda.amazonaws.com": ("Function", Kind.DEPLOY),
    "apigateway.amazonaws.com": ("API", Kind.CONFIG),
    "secretsmanager.amazonaws.com": ("Secret", Kind.CREDENTIAL),
    "events.amazonaws.com": ("Rule", Kind.CONFIG),
}
# Six characters that Secrets Manager puts behind a name in its ARN.
SECRET_TAIL = 7


@dataclass(frozen=True, slots=True)
class Happened:
    """What an event says. `names` are all by which a row may mean the resource."""

    names: frozenset[str]
    at: datetime
    kind: Kind
    text: str
    by: str = ""


def read_event(event: Json) -> Happened | None:
    """What an event of AWS says, None when that is nothing for us."""
    reader = READERS.get(str(event.get("detail-type", "")))
    try:
        return reader(event, event["detail"]) if reader else None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def _stack(event: Json, detail: Json) -> Happened:
    status = detail["status-details"]["status"]
    stack = detail["stack-id"]
    return _happened(event, Kind.DEPLOY, f"Stack {_plain(stack)}: {status}", stack)


def _deployment(event: Json, detail: Json) -> Happened:
    application, group = detail["application"], detail["deploymentGroup"]
    text = f"Deployment {detail['deploymentId']} of {application} to {group}: {detail['state']}"
    return _happened(event, Kind.DEPLOY, text, application, f"{application}/{group}", *event.get("resources", ()))


def _pipeline(event: Json, detail: Json) -> Happened:
    text = f"Pipeline {detail['pipeline']}, {detail['action']}: {detail['state']}"
    return _happened(event, Kind.DEPLOY, text, detail["pipeline"], *event.get("resources", ()))


def _parameter(event: Json, detail: Json) -> Happened:
    text = f"Parameter {detail['name']}: {detail['operation']}"
    return _happened(event, Kind.CONFIG, text, detail["name"], *event.get("resources", ()))


def _call(event: Json, detail: Json) -> Happened:
    service = detail["eventSource"]
    noun, kind = NOUNS[service]
    said = [detail.get(part) or {} for part in ("requestParameters", "additionalEventData", "responseElements")]
    subjects = [str(part[name]) for part in said for name in SUBJECTS[service] if part.get(name)]
    text = f"{noun} {_plain(subjects[0])}: {_unversioned(detail['eventName'])}"
    return _happened(event, kind, text, *subjects, by=_who(detail.get("userIdentity") or {}))


READERS: dict[str, Callable[[Json, Json], Happened]] = {
    STACKS: _stack,
    DEPLOYMENTS: _deployment,
    PIPELINES: _pipeline,
    PARAMETERS: _parameter,
    CALLS: _call,
    SERVICE: _call,
}


def _happened(event: Json, kind: Kind, text: str, *subjects: str, by: str = "") -> Happened:
    told = event["detail"].get("eventTime") or event["time"]
    at = datetime.fromisoformat(str(told)).astimezone(UTC)
    return Happened(frozenset(name for each in subjects for name in names_of(str(each))), at, kind, text, by)


def names_of(subject: str) -> Iterator[str]:
    """A name or an ARN, and the names that people would use for it; the plainest comes last."""
    yield subject
    if not subject.startswith("arn:"):
        return
    _, _, service, _, _, resource = subject.split(":", 5)
    yield resource
    sort, name = [*re.split("[:/]", resource, maxsplit=1), ""][:2]
    yield name or sort
    if service == "cloudformation":
        yield name.partition("/")[0]
    elif service == "lambda":
        yield name.partition(":")[0]
    elif service == "secretsmanager":
        yield name[:-SECRET_TAIL]


def _plain(subject: str) -> str:
    """The name that people would use."""
    return list(names_of(subject))[-1]


def _unversioned(call: str) -> str:
    return next((name for name in VERSIONED if call.startswith(name)), call)


def _who(identity: Json) -> str:
    """The end of an ARN such as `…:assumed-role/Deploy/ana`: the role and who took it."""
    arn = str(identity.get("arn") or "")
    return arn.rpartition(":")[2].partition("/")[2] or str(identity.get("invokedBy") or "")
