"""Templates of postmortems that operators put into the knowledge bucket, under `templates/postmortem/`.

Knows keys, and that one listing tells which of them changed. Refuses to know what makes a template a good one.
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.s3.objects import Objects
from deadair.domain.errors import Unavailable

FOLDER = "templates/postmortem/"
ENDS = ".md"
MARKDOWN = "text/markdown; charset=utf-8"
# There are some thirty names that a template can have; a folder of more is somebody's attic.
MOST = 200


class TemplateBucket:
    """`s3_client` is a low-level S3 client. Faults of the neighbour are raised as Unavailable."""

    def __init__(self, s3_client: Any, bucket: str) -> None:
        self.objects = Objects(s3_client, bucket)

    def tags(self) -> dict[str, str]:
        """The ETag of every template by its name (`sev1`, `suggested/what_broke`), in one call."""
        try:
            answer = self.objects.client.list_objects_v2(Bucket=self.objects.bucket, Prefix=FOLDER, MaxKeys=MOST)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(f"S3 did not list {FOLDER}") from error
        found = {str(one["Key"]): str(one["ETag"]) for one in answer.get("Contents", [])}
        return {key[len(FOLDER) : -len(ENDS)]: tag for key, tag in found.items() if key.endswith(ENDS)}

    def read(self, name: str) -> bytes:
        """The template. Raises NotFound."""
        return self.objects.get(_key(name)).body

    def store(self, name: str, text: str) -> None:
        """Put a template there, over one that was."""
        self.objects.put(_key(name), text.encode(), MARKDOWN)

    def remove(self, name: str) -> None:
        """Take it away; nothing happens when it is gone already."""
        self.objects.delete([_key(name)])


def _key(name: str) -> str:
    return f"{FOLDER}{name}{ENDS}"
