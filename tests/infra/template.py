"""A synthesised template, with the questions that the claims about it ask.

Knows CloudFormation's shapes. Refuses to know what is right.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Template:
    """The template, the stage's name and cdk-nag's findings."""

    stage: str
    folder: Path
    body: dict[str, Any]
    findings: list[dict[str, Any]]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resources of one type, by logical id."""
        return {name: resource for name, resource in self.body["Resources"].items() if resource["Type"] == kind}

    def properties(self, kind: str) -> list[dict[str, Any]]:
        """The properties of all resources of one type."""
        return [resource["Properties"] for resource in self.of_type(kind).values()]

    def resource(self, kind: str, starting: str) -> dict[str, Any]:
        """The one resource of a type whose logical id starts so."""
        (found,) = [resource for name, resource in self.of_type(kind).items() if name.startswith(starting)]
        return found

    def room(self, name: str) -> dict[str, Any]:
        """The properties of a room's function."""
        handler = f"{name}.handler.handler"
        (found,) = [one for one in self.properties("AWS::Lambda::Function") if one["Handler"] == handler]
        return found

    def mapping(self, room: str, source: str = "") -> dict[str, Any]:
        """The properties of a room's event source mapping; of several, the one whose source's logical id starts so."""
        mappings = self.properties("AWS::Lambda::EventSourceMapping")
        ours = [one for one in mappings if target(one["FunctionName"]).startswith(construct(room))]
        (found,) = [one for one in ours if target(one["EventSourceArn"]).startswith(source)]
        return found

    def statements(self, room: str) -> list[dict[str, Any]]:
        """What a room's role is told, statement by statement."""
        policies = self.of_type("AWS::IAM::Policy").items()
        ours = [policy["Properties"] for name, policy in policies if name.startswith(construct(room))]
        return [statement for policy in ours for statement in policy["PolicyDocument"]["Statement"]]

    def allowed(self, room: str) -> list[tuple[str, str]]:
        """Every (action, resource) that a room's role may use; the resource as JSON text."""
        return list(grants({"PolicyDocument": {"Statement": self.statements(room)}}))

    def keys_of(self, room: str, action: str, table: str) -> list[str] | None:
        """The beginnings of the partition keys that an action of a room's on a table is bound to; None: unbound."""
        (found,) = [
            statement
            for statement in self.statements(room)
            if action in as_list(statement["Action"]) and f"Data{table}" in json.dumps(statement["Resource"])
        ]
        if "Condition" not in found:
            return None
        return as_list(found["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])


def construct(room: str) -> str:
    """How the logical ids of a room's resources begin: `alarm_intake` is `AlarmIntake`."""
    return "".join(word.capitalize() for word in room.split("_"))


def grants(policy: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The (action, resource) pairs that a policy allows."""
    for statement in policy["PolicyDocument"]["Statement"]:
        if statement["Effect"] == "Allow":
            for action in as_list(statement["Action"]):
                for resource in as_list(statement["Resource"]):
                    yield action, json.dumps(resource)


def target(reference: Any) -> str:
    """The logical id behind a Ref or a GetAtt."""
    if "Ref" in reference:
        return str(reference["Ref"])
    return str(reference["Fn::GetAtt"][0])


def as_list(value: Any) -> list[Any]:
    """CloudFormation writes one of something without its list."""
    return value if isinstance(value, list) else [value]
