"""The local template is the synthesised one, less an explicit list, and nothing is left out in silence."""

from typing import Any

import pytest

from infra.local.supervisor import SYNTHESISED
from infra.local.template import LEFT_OUT, for_local
from infra.synth import Assembly, synth
from tests.local.small_stack import template


def a_template(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": resources}


def provisioned_types() -> set[str]:
    from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

    return set(_RESOURCE_HANDLERS)


def test_what_the_embedded_aws_lacks_is_left_out_with_its_reason() -> None:
    local = for_local(template("1"))

    assert "Kept" not in local.body["Resources"]
    (omission,) = local.omissions
    assert (omission.logical_id, omission.reason) == ("Kept", LEFT_OUT["AWS::Events::Archive"])


def test_the_given_template_is_not_changed() -> None:
    given = template("1")

    for_local(given)

    assert given == template("1")


def test_a_dependency_on_something_left_out_is_dropped() -> None:
    archive = {"Type": "AWS::Events::Archive"}
    queue = {"Type": "AWS::SQS::Queue", "DependsOn": ["Kept", "Other"]}
    other = {"Type": "AWS::SQS::Queue", "DependsOn": "Kept"}

    resources = for_local(a_template(Kept=archive, Queue=queue, Other=other)).body["Resources"]

    assert resources["Queue"]["DependsOn"] == ["Other"]
    assert "DependsOn" not in resources["Other"]


@pytest.mark.parametrize("reference", [{"Ref": "Kept"}, {"Fn::GetAtt": ["Kept", "Arn"]}, {"Fn::GetAtt": "Kept.Arn"}])
def test_a_reference_to_something_left_out_is_an_error(reference: dict[str, Any]) -> None:
    alarm = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": reference}}

    with pytest.raises(ValueError, match="Kept"):
        for_local(a_template(Kept={"Type": "AWS::Events::Archive"}, Queue=alarm))


def test_functions_lose_tracing_and_layers_and_nothing_else() -> None:
    properties = {"TracingConfig": {"Mode": "Active"}, "Layers": ["x"], "Runtime": "python3.13", "Timeout": 5}

    resources = for_local(a_template(Room={"Type": "AWS::Lambda::Function", "Properties": properties})).body[
        "Resources"
    ]

    assert resources["Room"]["Properties"] == {"Runtime": "python3.13", "Timeout": 5}


def test_nothing_is_left_out_that_the_embedded_aws_has_learnt() -> None:
    assert set(LEFT_OUT) & provisioned_types() == set()


@pytest.mark.stack
def test_every_type_of_the_real_stack_is_provisioned_or_left_out() -> None:
    real = Assembly(synth("local", SYNTHESISED), "Deadair-local").template()

    types = {resource["Type"] for resource in for_local(real).body["Resources"].values()}

    assert types <= provisioned_types()
