"""A row of the ownership registry as a file holds it: everything that an owner answers for.

Knows what holds between the fields of one row; `parts` knows each of them. Refuses to know YAML, tables and other rows.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from deadair.adapters.registry_file.fields import FullLine, Line, Slug, Text, Url, as_list
from deadair.adapters.registry_file.parts import (
    AN_OWNER,
    ApiVersion,
    Credential,
    DataClasses,
    Day,
    Expected,
    HandlingRow,
    Lines,
    Logs,
    Part,
    Patterns,
    PersonRow,
    RateLimit,
    Slugs,
    Thresholds,
)
from deadair.adapters.registry_file.people import refusal
from deadair.domain.severity import Severity


def _owned(owner: PersonRow | None, info: ValidationInfo) -> PersonRow | None:
    """One named owner, or the word of who said that there is none; never both."""
    if "needs_owner" not in info.data:  # it was refused itself
        return owner
    wanted = info.data["needs_owner"]
    if owner is None and not wanted:
        raise refusal("is missing", f"add `owner: …`, such as `owner: {AN_OWNER}`")
    if owner is not None and wanted:
        raise refusal("is named, and `needs_owner` says that there is none", "take `needs_owner` out")
    return owner


class Row(Part):
    """One integration and everything that its owner answers for. `slug`, `name` and `owner` are enough to begin.

    `needs_owner` stands in place of an owner and says who was named instead, such as `group:default/growth`.
    """

    slug: Slug
    name: FullLine
    needs_owner: Line = ""
    owner: Annotated[PersonRow | None, AfterValidator(_owned)] = Field(default=None, validate_default=True)
    deputy: PersonRow | None = None
    escalation: PersonRow | None = None
    source: Line = ""
    destination: Line = ""
    kind: Literal["event", "batch", "on_demand"] | None = None
    system_of_record: Line = ""
    data_owner: Line = ""
    data_classes: DataClasses = Field(default_factory=list)
    severity: Severity = Severity.SEV3
    business_process: Text = ""
    campaigns: Lines = Field(default_factory=list)
    dependents: Slugs = Field(default_factory=list)
    if_it_breaks: Text = ""
    single_point_of_failure: bool | None = None
    runbook: Url | None = None
    logs: Logs | None = None
    rollback_by: Lines = Field(default_factory=list)
    credential: Credential | None = None
    api_version: ApiVersion | None = None
    rate_limits: Annotated[list[RateLimit], Field(max_length=20)] = Field(default_factory=list)
    expected: Expected | None = None
    thresholds: Thresholds | None = None
    mapping_audited_on: Day | None = None
    alarm_patterns: Patterns = Field(default_factory=list)
    handling: HandlingRow | None = None
    changes: Patterns = Field(default_factory=list)

    @property
    def consent(self) -> bool:
        """Whether it carries opt-outs or consent."""
        return "consent" in self.data_classes

    @model_validator(mode="before")
    @classmethod
    def _consent_is_severe(cls, fields: Any) -> Any:
        """Consent begins at SEV2 when nothing is said, as incidents do."""
        if (
            isinstance(fields, dict)
            and fields.get("severity") is None
            and "consent" in as_list(fields.get("data_classes"))
        ):
            return {**fields, "severity": Severity.SEV2}
        return fields

    @model_validator(mode="after")
    def _consent_stays_severe(self) -> Self:
        if self.consent and self.severity > Severity.SEV2:
            raise refusal(
                f"{self.severity} is too low for an integration that carries consent",
                "use SEV1 or SEV2, or leave it out",
                field=("severity",),
            )
        return self

    @model_validator(mode="after")
    def _consent_waits_for_a_person(self) -> Self:
        if self.consent and self.handling and self.handling.resolves_itself_after_min is not None:
            raise refusal(
                "an incident about consent never ends by itself",
                "leave it out",
                field=("handling", "resolves_itself_after_min"),
            )
        return self

    @model_validator(mode="after")
    def _depends_on_others(self) -> Self:
        if self.slug in self.dependents:
            raise refusal("an integration cannot depend on itself", f"take `{self.slug}` out", field=("dependents",))
        return self
