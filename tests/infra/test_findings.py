"""Claims about security and form: two outside checkers look at both stages and find nothing unexplained."""

import cfnlint.api
import pytest
from cfnlint.config import ManualArgs

from infra.node import ensure_node
from tests.infra.template import Template


def test_cdk_nag_finds_nothing_unexplained(either: Template) -> None:
    assert either.findings == []


def test_cfn_lint_finds_nothing(either: Template) -> None:
    (path,) = either.folder.glob("*.template.json")

    matches = cfnlint.api.lint_file(path, ManualArgs(regions=["us-east-1", "eu-west-1"]))

    assert [f"{match.rule.id} {match.message}" for match in matches] == []


def test_a_finding_is_never_accepted_for_a_whole_stack() -> None:
    ensure_node()
    from aws_cdk import App, Stack

    from infra.findings import accept

    with pytest.raises(TypeError, match="one resource"):
        accept(Stack(App(), "Whole"), "AwsSolutions-SQS3", "because")
