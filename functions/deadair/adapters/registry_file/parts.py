"""The parts of a row: a person, a credential, what is expected, from where on it is an incident.

Strict on names: a field that is not here is an error with a suggestion. Lenient on how a value is written: in a
file every scalar is text, and the model says what it means. Refuses to know the row that they belong to.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from deadair.adapters.registry_file.fields import (
    LIST_LIMIT,
    FullLine,
    Hours,
    Line,
    LogGroup,
    Pattern,
    Slug,
    TimeZone,
    Url,
    as_list,
    no_repeats,
    weekdays,
)
from deadair.adapters.registry_file.patterns import DAY, SLACK_MEMBER
from deadair.adapters.registry_file.people import (
    EMAIL_SCHEMA,
    NAME_SCHEMA,
    one_mailbox,
    one_member,
    one_name,
    person_in_a_word,
    refusal,
)
from deadair.domain.handling import DAY_MIN, WEEK_MIN

# What a CloudWatch alarm looks back at most: seven days.
WINDOW_LIMIT_MIN = 10_080

SPANS_LIMIT = 50
AN_OWNER = "{ name: Ana Lima, email: ana.lima@example.com, slack_id: U02ABCDEF }"

DataClass = Literal["pii", "consent"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _one_or_many(item: Any) -> tuple[Any, ...]:
    """A list may be written as one value; the schema says so too."""
    wide = item | list[item]
    return (
        BeforeValidator(as_list, json_schema_input_type=wide),
        AfterValidator(no_repeats),
        Field(max_length=LIST_LIMIT),
    )


Lines = Annotated[list[FullLine], *_one_or_many(FullLine)]
Slugs = Annotated[list[Slug], *_one_or_many(Slug)]
Patterns = Annotated[list[Pattern], *_one_or_many(Pattern)]
DataClasses = Annotated[list[DataClass], *_one_or_many(DataClass)]
Weekdays = Annotated[
    list[Weekday], *_one_or_many(Weekday), BeforeValidator(weekdays, json_schema_input_type=str | list[Weekday])
]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Minutes = Annotated[float, Field(ge=1, le=WINDOW_LIMIT_MIN)]
Volume = Annotated[float, Field(ge=0)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 1, 1), json_schema_extra={"pattern": DAY})]


class Part(BaseModel):
    """What all parts of a row share: unknown fields are refused, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_left_out(cls, fields: Any) -> Any:
        """`runbook:` with nothing behind it says nothing. An unknown name stays, to be refused."""
        if not isinstance(fields, dict):
            return fields
        return {name: value for name, value in fields.items() if value is not None or name not in cls.model_fields}


class PersonRow(Part):
    """One human being: a name, an address, and the Slack member id by which Deadair reaches them."""

    name: Annotated[FullLine, AfterValidator(one_name), Field(json_schema_extra=NAME_SCHEMA)]
    email: Annotated[FullLine, AfterValidator(one_mailbox), Field(json_schema_extra=EMAIL_SCHEMA)]
    slack_id: Annotated[
        Line, AfterValidator(lambda v: one_member(v) if v else v), Field(json_schema_extra={"pattern": SLACK_MEMBER})
    ] = ""

    @model_validator(mode="before")
    @classmethod
    def _is_more_than_a_word(cls, fields: Any) -> Any:
        if isinstance(fields, str) and fields.strip():
            raise person_in_a_word(fields.strip())
        if isinstance(fields, list):
            raise refusal("is a list, not one person", "keep one owner, and put another in `deputy`")
        return fields


class Logs(Part):
    """Where the logs are and who can read them. `group` names a CloudWatch log group."""

    where: FullLine
    group: LogGroup | None = None
    readers: Lines = []


class Credential(Part):
    """What it signs in with, and how long that lasts."""

    kind: FullLine
    expires_on: Day | None = None
    rotated_on: Day | None = None
    scopes: Lines = []


class ApiVersion(Part):
    """The pinned version of the vendor's API, when it ends, and where changes are announced."""

    version: FullLine
    ends_on: Day | None = None
    changelog: Url | None = None


class RateLimit(Part):
    """How many calls the vendor takes in a stretch of time."""

    calls: Annotated[int, Field(gt=0)]
    per: Literal["second", "minute", "hour", "day", "month"]
    note: Line = ""


class Span(Part):
    """So many records an hour, in these hours of these weekdays. No weekdays: every day; no hours: all day."""

    weekdays: Weekdays = []
    hours: Hours | None = None
    per_hour: Volume


class Expected(Part):
    """What the integration normally does, by the clocks of a time zone.

    Either one level (records per hour, on which weekdays, in which hours) or a profile: the first of its spans that
    fits counts, and what none covers expects nothing.
    """

    timezone: TimeZone = "UTC"
    per_hour: Volume | None = None
    weekdays: Weekdays = []
    hours: Hours | None = None
    profile: Annotated[list[Span], Field(max_length=SPANS_LIMIT)] = []

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if self.profile and (self.per_hour is not None or self.weekdays or self.hours):
            raise refusal(
                "says how much twice, beside `profile`",
                "move `per_hour`, `weekdays` and `hours` into a span of `profile`, or take `profile` out",
            )
        return self


class Thresholds(Part):
    """From where on it is an incident. A threshold that is left out raises no alarm.

    With `floor_pct`, fewer than this share of the expected records is silence too; without it, no record at all.
    """

    error_rate_pct: Annotated[float, Field(gt=0, le=100)] | None = None
    latency_p95_ms: Positive | None = None
    freshness_min: Minutes | None = None
    silence_min: Minutes | None = None
    floor_pct: Annotated[float, Field(gt=0, le=100)] | None = None


class HandlingRow(Part):
    """How its incidents are handled: when one begins anew, when it may end by itself, how soon somebody must answer."""

    reopen_min: Annotated[int, Field(ge=0, le=DAY_MIN)] | None = None
    resolves_itself_after_min: Annotated[int, Field(ge=5, le=WEEK_MIN)] | None = None
    ack_min: Annotated[int, Field(ge=1, le=DAY_MIN)] | None = None
    update_min: Annotated[int, Field(ge=5, le=DAY_MIN)] | None = None
