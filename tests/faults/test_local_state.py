"""Claims about a machine with a full disk or damaged files: what cannot be kept is not taken, and that is said."""

import contextlib
import json
import shutil
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError

import pytest

from infra.local import saves
from infra.local.errors import DamagedSaves
from infra.local.options import Ports
from infra.local.ports import pick_free
from tests.local.small_stack import write_assembly
from tests.local.test_stack import a_run, bodies, eventually, send

# The supervisor looks twice a second.
TOLD_S = 1.0
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def write(text: str) -> Callable[[Path], None]:
    def write_into(folder: Path) -> None:
        (folder / "sqs.json").write_text(json.dumps(text), encoding="utf-8")

    return write_into


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def test_fault_43_a_save_of_which_one_bit_changed_is_not_used_and_the_one_before_is(tmp_path: Path) -> None:
    old = saves.make(tmp_path, clean=True, write_into=write("old"), now=NOON)
    new = saves.make(tmp_path, clean=True, write_into=write("new"), now=NOON + timedelta(seconds=1))
    assert saves.go_back_to_a_whole_one(tmp_path) is None

    flip(new / "sqs.json")

    assert saves.go_back_to_a_whole_one(tmp_path) == old
    assert saves.current(tmp_path) == old


def test_fault_43_when_no_save_is_whole_nothing_is_touched_and_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    only = saves.make(tmp_path, clean=True, write_into=write("only"), now=NOON)
    flip(only / "sqs.json")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}

    with pytest.raises(DamagedSaves, match="from a backup"):
        saves.go_back_to_a_whole_one(tmp_path)

    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_fault_43_a_file_that_is_cut_or_missing_is_damage_too(tmp_path: Path) -> None:
    save = saves.make(tmp_path, clean=True, write_into=write("x" * 100), now=NOON)
    whole = (save / "sqs.json").read_bytes()
    (save / "sqs.json").write_bytes(whole[:50])
    assert not saves.is_whole(save)
    (save / "sqs.json").unlink()
    assert not saves.is_whole(save)
    (save / "sqs.json").write_bytes(whole)
    assert saves.is_whole(save)


def test_fault_43_a_save_of_an_earlier_version_without_digests_is_used_when_it_can_be_read(tmp_path: Path) -> None:
    save = saves.make(tmp_path, clean=True, write_into=write("x"), now=NOON)
    about = json.loads((save / "save.json").read_text("utf-8"))
    (save / "save.json").write_text(json.dumps({name: about[name] for name in ("saved_at", "clean")}), encoding="utf-8")
    assert saves.is_whole(save)

    (save / "sqs.json").write_text('{"half": ', encoding="utf-8")
    assert not saves.is_whole(save)


@contextlib.contextmanager
def no_room(saves_folder: Path) -> Iterator[None]:
    """A folder in which nothing can be made, as on a full disk: a file stands where it was."""
    aside = saves_folder.with_name("aside")
    saves_folder.rename(aside)
    saves_folder.write_bytes(b"")
    yield
    saves_folder.unlink()
    aside.rename(saves_folder)


def refused(endpoint: str) -> str:
    with urllib.request.urlopen(f"{endpoint}/_deadair/refuses", timeout=5) as answer:
        return str(json.load(answer)["refuses"])


def put_parameter(endpoint: str, name: str) -> None:
    """A write as any client sends it, without the patience of one."""
    headers = {"x-amz-target": "AmazonSSM.PutParameter", "content-type": "application/x-amz-json-1.1"}
    told = json.dumps({"Name": name, "Value": "x", "Type": "String"}).encode()
    urllib.request.urlopen(urllib.request.Request(endpoint, told, headers), timeout=5).close()


def test_fault_43_what_cannot_be_saved_is_not_taken_and_a_copy_of_the_folder_restores_all_that_was(
    tmp_path: Path,
) -> None:
    assembly, state, ports = write_assembly(tmp_path / "assembly"), tmp_path / "state", Ports(*pick_free(3))
    with a_run(state, assembly, ports) as run:
        target = run.target()
        endpoint = str(target.endpoint)
        send(target, "before")
        eventually(lambda: "before" in bodies(target).values())
        with no_room(state / "aws" / "saves"):
            with contextlib.suppress(HTTPError):
                put_parameter(endpoint, "/meanwhile")
            eventually(lambda: refused(endpoint) != "")
            with pytest.raises(HTTPError) as refusal:
                put_parameter(endpoint, "/refused")
            assert refusal.value.code == HTTPStatus.SERVICE_UNAVAILABLE
            assert "before" in bodies(target).values()
            time.sleep(TOLD_S)
        eventually(lambda: not refused(endpoint))
        send(target, "after")
        eventually(lambda: "after" in bodies(target).values())
        words = run.end(signal.SIGINT)
    assert "The state cannot be saved" in words
    assert "Nothing new is taken until there is room" in words

    shutil.copytree(state, tmp_path / "backup")
    for file in (state / "aws" / "saves").rglob("*.json"):
        flip(file)
    with a_run(state, assembly, ports) as damaged:
        assert damaged.process.wait(30) == 1
        assert "is damaged" in damaged.end()
    with a_run(tmp_path / "backup", assembly, ports) as again:
        kept = bodies(again.target()).values()
        unknown = again.target().client("ssm").get_parameters(Names=["/refused"])["InvalidParameters"]
    assert {"before", "after"} <= set(kept)
    assert unknown == ["/refused"]
