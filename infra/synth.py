"""Synthesise the stack once, and again only when its sources changed.

Knows which files decide the template. Refuses to import the CDK: it starts the app as a process, so that a caller that
finds the result cached pays nothing. Needs no credentials, no Docker, no git; the stage `local` needs no network.

    from infra.synth import Assembly, synth
    folder = synth("local", Path(".deadair/synth"))
    assembly = Assembly(folder, "Deadair-local")
    assembly.template()      the CloudFormation template
    assembly.file_assets()   what to upload first: folder or file, bucket and key as the template names them
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# These decide neither the template nor the assets.
APART = (ROOT / "infra" / "local", ROOT / "infra" / "cli")
STAMP = "sources.sha256"


@dataclass(frozen=True)
class FileAsset:
    """One thing to upload. `path` is a folder when `packaging` is `zip`, else a file.

    `bucket` may hold the placeholders `${AWS::AccountId}` and `${AWS::Region}`.
    """

    path: Path
    packaging: str
    bucket: str
    key: str


@dataclass(frozen=True)
class Assembly:
    """What a synth leaves in its folder."""

    folder: Path
    stack: str

    def template(self) -> dict[str, Any]:
        """The CloudFormation template."""
        template: dict[str, Any] = json.loads(self._read("template"))
        return template

    def file_assets(self) -> list[FileAsset]:
        """The files to upload before the template is deployed, without the template itself."""
        files = json.loads(self._read("assets"))["files"]
        return [self._asset(entry) for entry in files.values() if _is_asset(entry)]

    def _read(self, kind: str) -> str:
        return (self.folder / f"{self.stack}.{kind}.json").read_text(encoding="utf-8")

    def _asset(self, entry: dict[str, Any]) -> FileAsset:
        target = next(iter(entry["destinations"].values()))
        return FileAsset(
            path=self.folder / entry["source"]["path"],
            packaging=entry["source"]["packaging"],
            bucket=target["bucketName"],
            key=target["objectKey"],
        )


def synth(stage: str, outdir: Path) -> Path:
    """The folder of the cloud assembly for `stage`, under `outdir`; made anew only when the sources changed.

    Raises SynthFailed with the app's own words.
    """
    folder = outdir.resolve() / stage
    with _alone(folder):
        fingerprint = sources_fingerprint()
        if _stamp(folder) != fingerprint:
            _run_app(stage, folder)
            (folder / STAMP).write_text(fingerprint, encoding="utf-8")
    return folder


def _is_asset(entry: dict[str, Any]) -> bool:
    return not str(entry["source"]["path"]).endswith(".template.json")


class SynthFailed(Exception):
    """The CDK app ended with an error."""


def sources_fingerprint() -> str:
    """A SHA-256 over every file that decides the template or an asset."""
    total = hashlib.sha256(sys.version.encode())
    for path in source_files():
        total.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def source_files() -> Iterator[Path]:
    """The files behind a synth, in a stable order."""
    yield from (ROOT / "cdk.json", ROOT / "pyproject.toml", ROOT / "uv.lock")
    for folder in ("functions", "infra", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and not any(path.is_relative_to(apart) for apart in APART):
                yield path


def _run_app(stage: str, folder: Path) -> None:
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    settings = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))
    context = json.dumps({**settings["context"], "stage": stage, "aws:cdk:version-reporting": False})
    environment = {**os.environ, "CDK_OUTDIR": str(fresh), "CDK_CONTEXT_JSON": context}
    result = subprocess.run(
        [sys.executable, "-m", "infra.app"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise SynthFailed(f"the CDK app failed for stage {stage!r}:\n{result.stderr.strip()}")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _stamp(folder: Path) -> str:
    try:
        return (folder / STAMP).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two commands at once (`make up` and `make test`) must not write the same folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """`python -m infra.synth [stage]` prints the folder."""
    stage = sys.argv[1] if len(sys.argv) > 1 else "local"
    print(synth(stage, ROOT / ".deadair" / "synth"))


if __name__ == "__main__":
    main()
