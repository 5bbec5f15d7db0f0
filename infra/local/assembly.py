"""What a synthesised stack needs uploaded: its assets as bytes, and a fingerprint of the whole.

Knows zips and hashes. Where the assembly comes from is `infra.synth`'s business.
"""

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from infra.local.options import ACCOUNT, REGION
from infra.synth import Assembly, FileAsset

# Zip entries need a date; a fixed one makes equal files equal bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def content(asset: FileAsset) -> bytes:
    """The bytes to upload."""
    return zip_folder(asset.path) if asset.packaging == "zip" and asset.path.is_dir() else asset.path.read_bytes()


def bucket(asset: FileAsset) -> str:
    """The bucket's name in the local account."""
    return asset.bucket.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)


def fingerprint(assembly: Assembly, body: dict[str, Any], parameters: dict[str, str]) -> str:
    """Changes when the template, an asset or a parameter changes. Asset keys are hashes of their content."""
    keys = [asset.key for asset in assembly.file_assets()]
    text = json.dumps([body, keys, parameters], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def zip_folder(folder: Path) -> bytes:
    """The folder as a zip; the same files give the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=1)
    return buffer.getvalue()
