"""What a postmortem says besides its incident, read with the operator's rights: as the writer's room has it.

Wiring. Knows which outputs of a stack name what. A document that the command finishes then says no less than one that
the room wrote: the row and its changes, the metric's chart, the templates of the bucket.
"""

from typing import TYPE_CHECKING

from infra.cli.choice import output

if TYPE_CHECKING:
    from deadair.usecases.beside import Around
    from infra.target import Target


def around(target: "Target") -> "Around":
    """All of it. Raises NoStack when the stack has no such outputs."""
    from deadair.adapters.cloudwatch.incident_series import IncidentSeries
    from deadair.adapters.dynamodb.audit import AuditLog
    from deadair.adapters.dynamodb.registry import RegistryStore
    from deadair.adapters.dynamodb.standing_errors import StandingErrors
    from deadair.adapters.jinja.postmortem import Templates
    from deadair.adapters.s3.templates import TemplateBucket
    from deadair.usecases.beside import Around

    dynamodb, registry = target.client("dynamodb"), output(target, "RegistryTable")
    bucket = TemplateBucket(target.client("s3"), output(target, "KnowledgeBucket"))
    return Around(
        registry=RegistryStore(dynamodb, registry),
        audit=AuditLog(dynamodb, registry),
        series=IncidentSeries(target.client("cloudwatch"), output(target, "MetricNamespace")),
        templates=Templates(bucket, StandingErrors(dynamodb, output(target, "IncidentsTable"))),
    )
