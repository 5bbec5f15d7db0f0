"""What the embedded AWS cannot take from the synthesised template, and why. Pure: a template in, a template out.

There is one wiring: the template that `cdk deploy` sends to AWS. This module is the only place that changes it for
one machine, by leaving resources out (`LEFT_OUT`) or by changing a property (`REWRITTEN`); nothing is left out in
silence. `infra/local/archive.py` makes by API what can be made so.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# Type → why MiniStack 1.5 does not get it. A test fails when MiniStack learns one of them.
LEFT_OUT = {
    "AWS::Events::Archive": "MiniStack's CloudFormation lacks it; the archive is made by API instead",
    "AWS::Events::EventBusPolicy": "MiniStack's CloudFormation lacks it; one account needs no bus policy",
    "AWS::CloudWatch::CompositeAlarm": "MiniStack's CloudFormation lacks it; composites are judged on AWS only",
    "AWS::XRay::Group": "MiniStack has no X-Ray",
    "AWS::XRay::SamplingRule": "MiniStack has no X-Ray",
}


@dataclass(frozen=True)
class Omission:
    """One resource that the local stack does not get from the template."""

    logical_id: str
    type: str
    reason: str
    properties: Json


@dataclass(frozen=True)
class LocalTemplate:
    """The template for the embedded AWS, and what is missing from it."""

    body: Json
    omissions: tuple[Omission, ...]


def for_local(template: Json) -> LocalTemplate:
    """The same stack, as far as one machine can hold it.

    Raises ValueError when a kept resource refers to one that is left out: that would be a second wiring.
    """
    body = copy.deepcopy(template)
    omissions = tuple(_omissions(body["Resources"]))
    gone = {omission.logical_id for omission in omissions}
    body["Resources"] = {name: value for name, value in body["Resources"].items() if name not in gone}
    _drop_dependencies(body["Resources"], gone)
    _refuse_references(body, gone)
    for resource in body["Resources"].values():
        for rewrite in REWRITTEN.get(resource["Type"], ()):
            rewrite(resource.setdefault("Properties", {}))
    return LocalTemplate(body=body, omissions=omissions)


def _omissions(resources: Json) -> Iterator[Omission]:
    for logical_id, resource in resources.items():
        reason = LEFT_OUT.get(resource["Type"])
        if reason:
            yield Omission(logical_id, resource["Type"], reason, resource.get("Properties", {}))


def _drop_dependencies(resources: Json, gone: set[str]) -> None:
    for resource in resources.values():
        if "DependsOn" not in resource:
            continue
        named = resource["DependsOn"]
        kept = [name for name in ([named] if isinstance(named, str) else named) if name not in gone]
        resource["DependsOn"] = kept
        if not kept:
            del resource["DependsOn"]


def _refuse_references(body: Json, gone: set[str]) -> None:
    dangling = sorted(set(_references(body)) & gone)
    if dangling:
        raise ValueError(f"the local stack leaves out {', '.join(dangling)}, but the template refers to it")


def _references(node: Any) -> Iterator[str]:
    """Every logical id that the node names through Ref, Fn::GetAtt or Fn::Sub's map-free form."""
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        if isinstance(node.get("Ref"), str):
            yield node["Ref"]
        attribute = node.get("Fn::GetAtt")
        if attribute:
            yield attribute.split(".")[0] if isinstance(attribute, str) else attribute[0]
        for value in node.values():
            yield from _references(value)


def _without_tracing(function: Json) -> None:
    """There is no X-Ray daemon here; with active tracing each function would look for one."""
    function.pop("TracingConfig", None)


def _without_layers(function: Json) -> None:
    """Functions run on our own interpreter, which has the dependencies; a layer of arm64 wheels would hide them."""
    function.pop("Layers", None)


# Type → what is changed, each function saying why.
REWRITTEN: dict[str, tuple[Callable[[Json], None], ...]] = {
    "AWS::Lambda::Function": (_without_tracing, _without_layers),
}
