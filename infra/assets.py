"""The bundle as CDK assets, each named by the hash of its sources, so that an unchanged one is neither made nor sent.

Knows how the CDK asks for files. Refuses to know which files; `infra.bundle` does.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk.aws_lambda import Code

from infra.bundle import code_files, digest, lambda_python, stage_code, stage_dependencies
from infra.uv import ROOT

BUNDLER = ROOT / "infra" / "bundle.py"


def code_asset(*, compiled: bool) -> Code:
    """The zip of all rooms."""
    interpreter = lambda_python() if compiled else None
    hashed = digest([*code_files(), BUNDLER], salt=f"compiled={bool(interpreter)}")
    return _asset(lambda folder: stage_code(folder, interpreter), hashed)


def dependency_asset() -> Code:
    """The layer of the locked dependencies, for Lambda's platform."""
    interpreter = lambda_python()
    hashed = digest([ROOT / "uv.lock", BUNDLER], salt=f"compiled={bool(interpreter)}")
    return _asset(lambda folder: stage_dependencies(folder, interpreter), hashed)


@jsii.implements(ILocalBundling)
class _Bundler:
    """The CDK asks this object instead of Docker."""

    def __init__(self, make: Callable[[Path], None]) -> None:
        self._make = make

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        self._make(Path(output_dir))
        return True


def _asset(make: Callable[[Path], None], hashed: str) -> Code:
    return Code.from_asset(
        str(ROOT / "functions"),
        asset_hash=hashed,
        asset_hash_type=AssetHashType.CUSTOM,
        # The CDK wants an image named even when a local bundler does the work; this one is never pulled.
        bundling=BundlingOptions(image=DockerImage.from_registry("never-pulled"), local=_Bundler(make)),
    )
