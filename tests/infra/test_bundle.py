"""Claims about what is uploaded: all rooms in one asset, the locked wheels in one layer, nothing of the runtime's."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from infra.bundle import LEFT_TO_THE_RUNTIME, code_files, digest, locked_requirements, stage_code
from tests.infra.rooms import ROOMS, SETTINGS
from tests.infra.template import ROOT

# A wheel that python3.13 on arm64 Linux takes: any platform, or CPython's own or stable ABI up to glibc 2.28.
FITS_LAMBDA = re.compile(r"-(none-any|(cp313-cp313|cp3\d+-abi3)-.*manylinux_?(2014|2_17|2_28)_aarch64.*)\.whl$")


def requirements() -> dict[str, str]:
    """Names and versions of what the layer will hold."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", locked_requirements(), flags=re.MULTILINE))


def test_the_layer_holds_what_rooms_import_and_nothing_of_the_runtimes() -> None:
    names = set(requirements())

    assert {"apsw", "aws-lambda-powertools", "jinja2", "markdown-it-py", "nh3", "pydantic", "slack-sdk"} <= names
    assert not names & LEFT_TO_THE_RUNTIME
    assert not names & {"aws-cdk-lib", "ministack", "pytest"}


def test_every_dependency_has_a_wheel_for_lambda() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    wheels = {one["name"]: [wheel["url"] for wheel in one.get("wheels", [])] for one in lock["package"]}

    without = [name for name in requirements() if not any(FITS_LAMBDA.search(url) for url in wheels[name])]

    assert without == []


def test_the_asset_holds_every_room_and_the_templates_at_its_root(tmp_path: Path) -> None:
    stage_code(tmp_path, interpreter=None)

    assert (tmp_path / "deadair" / "settings.py").is_file()
    assert {path.parent.name for path in tmp_path.glob("*/handler.py")} == set(ROOMS)
    assert (tmp_path / "templates").is_dir()
    assert not list(tmp_path.rglob("__pycache__"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_starts_from_the_unpacked_asset_alone(tmp_path: Path, room: str) -> None:
    stage_code(tmp_path, interpreter=None)

    code = f"import {room}.handler as room, deadair; print(room.__file__, *deadair.__path__)"

    done = _in_the_asset(tmp_path, room, code)

    assert done.returncode == 0, done.stderr
    assert all(path.startswith(str(tmp_path)) for path in done.stdout.split())


def test_the_words_are_found_in_the_unpacked_asset(tmp_path: Path) -> None:
    """In /var/task, with the door of an account: the page that refuses everyone is drawn from a template."""
    stage_code(tmp_path, interpreter=None)
    http = {"method": "GET", "path": "/", "sourceIp": "192.0.2.1", "protocol": "HTTP/1.1"}
    event = {"version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "", "isBase64Encoded": False}
    event |= {"headers": {"host": "x.example"}, "requestContext": {"http": http, "requestId": "1", "timeEpoch": 1}}
    code = f"import json; from web.handler import handler; print(json.dumps(handler({event!r}, None)))"

    done = _in_the_asset(tmp_path, "web", code)

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert (answer["statusCode"], "<html" in answer["body"]) == (403, True)


def _in_the_asset(folder: Path, room: str, code: str) -> "subprocess.CompletedProcess[str]":
    """Run code as Lambda does: the asset first on the path, somewhere else the working folder, no home.

    The room is told what its settings class requires, and nothing that another room reads.
    """
    told = dict.fromkeys(SETTINGS[room].required_names(), "x")
    if "WEB_URL" in told:
        told["WEB_URL"] = "https://x.example"
    environment = {**told, "PYTHONPATH": str(folder), "AWS_REGION": "eu-central-1", "HOME": "/nonexistent"}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)


def test_an_asset_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    before = digest(code_files())

    assert digest(code_files()) == before
    assert digest(code_files(), salt="compiled") != before
    assert digest(list(code_files())[1:]) != before
