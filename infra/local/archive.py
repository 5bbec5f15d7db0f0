"""Make by API the event archives that the embedded CloudFormation lacks. On AWS CloudFormation makes them."""

import json
from typing import Any

from botocore.exceptions import ClientError

from infra.local.deploy import Deployed
from infra.local.template import Omission
from infra.target import Clients

TYPE = "AWS::Events::Archive"


def make_archives(clients: Clients, deployed: Deployed, stack: str) -> int:
    """Create the archives that are missing; returns how many archives the stack has."""
    events = clients.get("events")
    wanted = [omission for omission in deployed.omissions if omission.type == TYPE]
    for omission in wanted:
        try:
            events.create_archive(**_request(events, omission, deployed, stack))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise
    return len(wanted)


def _request(events: Any, omission: Omission, deployed: Deployed, stack: str) -> dict[str, Any]:
    properties = omission.properties
    source = properties["SourceArn"]["Fn::GetAtt"]
    bus = deployed.resources[source[0] if isinstance(source, list) else source.split(".")[0]][1]
    request = {
        "ArchiveName": f"{stack}-{omission.logical_id}"[:48],
        "EventSourceArn": events.describe_event_bus(Name=bus)["Arn"],
        "Description": properties.get("Description", ""),
        "RetentionDays": int(properties.get("RetentionDays", 0)),
    }
    if "EventPattern" in properties:
        request["EventPattern"] = json.dumps(properties["EventPattern"])
    return request
