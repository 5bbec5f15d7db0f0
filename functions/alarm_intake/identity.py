"""Who an alarm is, read strictly: the four fields without which nothing can be said about it.

Knows accounts, regions as the console names them, and partitions. Refuses to guess: what is odd is Poison.
"""

import re
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alarm_intake.arns import arn_part, partition_of
from deadair.domain.alarm import AlarmIdentity, AlarmState
from deadair.domain.errors import Poison

STATES = tuple(state.value for state in AlarmState)
ACCOUNT_DIGITS = 12
REGION_CODE = re.compile(r"[a-z]{2,3}(-[a-z]+)+-[0-9]+")
PARTITION = re.compile(r"aws(-[a-z]+)*")
# SNS notifications write the region as the console does. An unknown name is kept as it is.
REGIONS = {
    "US East (N. Virginia)": "us-east-1",
    "US East (Ohio)": "us-east-2",
    "US West (N. California)": "us-west-1",
    "US West (Oregon)": "us-west-2",
    "US West - Oregon": "us-west-2",
    "Canada (Central)": "ca-central-1",
    "EU (Ireland)": "eu-west-1",
    "Europe (Ireland)": "eu-west-1",
    "EU (Frankfurt)": "eu-central-1",
    "Europe (Frankfurt)": "eu-central-1",
    "EU (London)": "eu-west-2",
    "Europe (London)": "eu-west-2",
    "EU (Paris)": "eu-west-3",
    "Europe (Paris)": "eu-west-3",
    "EU (Stockholm)": "eu-north-1",
    "Europe (Stockholm)": "eu-north-1",
    "Asia Pacific (Tokyo)": "ap-northeast-1",
    "Asia Pacific (Seoul)": "ap-northeast-2",
    "Asia Pacific (Mumbai)": "ap-south-1",
    "Asia Pacific (Singapore)": "ap-southeast-1",
    "Asia Pacific (Sydney)": "ap-southeast-2",
    "South America (Sao Paulo)": "sa-east-1",
}

M = TypeVar("M", bound=BaseModel)


class Identity(BaseModel):
    """The four fields without which nothing can be said about an alarm. Strict: no coercion."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=1024)]
    state: AlarmState
    # Twelve digits on AWS; samples and emulators have nine or thirteen, which harms nobody.
    account: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    region: Annotated[str, Field(min_length=1, max_length=100)]


def region_of(told: Any, arns: list[str]) -> Any:
    """The region's code: of an ARN, else of the name that the console gives it, else as it was told."""
    coded = (part for arn in arns if REGION_CODE.fullmatch(part := arn_part(arn, 3)))
    return next(coded, "") or (REGIONS.get(told, told) if isinstance(told, str) else told)


def identity_from(fields: dict[str, Any]) -> Identity:
    """Who the alarm is and what became of it. Raises Poison with the field that is wrong."""
    state = fields["state"] if isinstance(fields["state"], str) else ""
    if state not in STATES:
        raise Poison("wrong_field", f"state: must be one of {', '.join(STATES)}.")
    return checked(Identity, fields | {"state": AlarmState(state)})


def checked(model: type[M], fields: dict[str, Any]) -> M:
    """The fields as the model has them. Raises Poison with the first field that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Poison("wrong_field", f"{first['loc'][0]}: {first['msg']}.") from error


def same_account(identity: Identity, arns: list[str]) -> None:
    """An event must not speak for another account. Accounts that are no AWS account cannot be compared."""
    named = {account for arn in arns if (account := arn_part(arn, 4).strip()).isdigit()}
    if named - {identity.account} and len(identity.account) == ACCOUNT_DIGITS:
        raise Poison("account_mismatch", "resources: the alarm's ARN names another account than the event.")


def alarm_of(identity: Identity, arns: list[str]) -> AlarmIdentity:
    """The alarm; an ARN tells the partition, else the region does."""
    named = (part for arn in arns if PARTITION.fullmatch(part := arn_part(arn, 1)))
    partition = next(named, "") or partition_of(identity.region)
    return AlarmIdentity(partition, identity.account, identity.region, identity.name)
