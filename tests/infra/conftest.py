"""Both stages, synthesised once per session with cdk-nag looking on.

Needs no network: bundling is switched off by the CDK's own context, so the assets are placeholders.
"""

import json
from pathlib import Path

import pytest

from infra.node import ensure_node
from tests.infra.template import ROOT, Template


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """What `make deploy` sends."""
    return _synthesise("prod", tmp_path_factory.mktemp("prod"))


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """What runs on one machine."""
    return _synthesise("local", tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="session", params=["prod", "local"])
def either(request: pytest.FixtureRequest) -> Template:
    """A claim that holds in both stages."""
    template: Template = request.getfixturevalue(request.param)
    return template


def _synthesise(stage: str, folder: Path) -> Template:
    ensure_node()
    from aws_cdk import App, Validations
    from cdk_nag import AwsSolutionsChecks

    from infra.app import build

    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = App(outdir=str(folder), context={**context, "stage": stage, "aws:cdk:bundling-stacks": []})
    stack = build(app)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    try:
        app.synth()
    except RuntimeError as refusal:
        if "Validation failed" not in str(refusal):
            raise
    reports = json.loads((folder / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    body = json.loads((folder / f"{stack.stack_name}.template.json").read_text(encoding="utf-8"))
    return Template(stage, folder, body, [finding for report in reports for finding in report["violations"]])
