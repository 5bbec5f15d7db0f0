"""Objects of one bucket, read and written with conditions.

Knows ETags and which answers of S3 are answers rather than faults. Refuses to know what the objects mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import NotFound, Unavailable

# 412: the condition did not hold. 409: another write to the key was under way, and nobody knows yet how it ends.
LOST = frozenset({"PreconditionFailed", "412"})
UNDER_WAY = frozenset({"ConditionalRequestConflict", "409"})
MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
UNCHANGED = frozenset({"NotModified", "304"})


class Conflict(Exception):
    """Somebody else wrote the object since it was read; read it again."""


class _Busy(Conflict):
    """Somebody else is writing the object; whether it will be there is not known."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it was read. `etag` is opaque; an empty one means that there is no object yet."""

    body: bytes
    etag: str


NOTHING = Stored(b"", "")


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a listing names it. `written_at` is aware."""

    key: str
    written_at: datetime


class Objects:
    """One bucket through a low-level S3 client. Faults of the neighbour are raised as Unavailable."""

    def __init__(self, client: Any, bucket: str) -> None:
        self.client = client
        self.bucket = bucket

    def get(self, key: str) -> Stored:
        """The object. Raises NotFound."""
        found = self.changed(key, "")
        if found is None or not found.etag:
            raise NotFound(f"There is no document `{key}`.", field="key", remedy="Look at the list.")
        return found

    def changed(self, key: str, etag: str) -> Stored | None:
        """The object if it is not the one with `etag` any more, else None; NOTHING when there is none."""
        condition = {"IfNoneMatch": etag} if etag else {}
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key, **condition)
            return Stored(answer["Body"].read(), answer["ETag"])
        except ClientError as error:
            code = _code(error)
            if code in UNCHANGED:
                return None
            if code in MISSING:
                return NOTHING
            raise Unavailable(f"S3 did not give {key}: {code}") from error
        except (BotoCoreError, OSError) as error:
            raise Unavailable(f"S3 did not give {key}: {type(error).__name__}") from error

    def create(self, key: str, body: bytes, content_type: str) -> bool:
        """Write an object that must not exist yet. False when there is one already; it stays as it is."""
        try:
            self._put(key, body, content_type, {"IfNoneMatch": "*"})
        except _Busy as busy:
            raise Unavailable(f"S3 is just taking {key} from somebody else") from busy
        except Conflict:
            return False
        return True

    def replace(self, key: str, body: bytes, content_type: str, seen: str) -> None:
        """Write over the object that was seen (its ETag; empty: there was none). Raises Conflict."""
        self._put(key, body, content_type, {"IfMatch": seen} if seen else {"IfNoneMatch": "*"})

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object whatever there was."""
        self._put(key, body, content_type, {})

    def folders(self, prefix: str) -> Iterator[str]:
        """The folders right under a prefix, with their closing slash."""
        try:
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix, Delimiter="/"):
                yield from (found["Prefix"] for found in page.get("CommonPrefixes", []))
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(f"S3 did not list {prefix}") from error

    def listed(self, prefix: str) -> Iterator[Listed]:
        """Every object under a prefix, a thousand in a call."""
        try:
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                yield from (Listed(found["Key"], found["LastModified"]) for found in page.get("Contents", []))
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(f"S3 did not list {prefix}") from error

    def delete(self, keys: list[str]) -> None:
        """Remove objects; those that are gone already do not matter."""
        for key in keys:
            try:
                self.client.delete_object(Bucket=self.bucket, Key=key)
            except (ClientError, BotoCoreError) as error:
                raise Unavailable(f"S3 did not remove {key}") from error

    def _put(self, key: str, body: bytes, content_type: str, condition: dict[str, str]) -> None:
        try:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type, **condition)
        except ClientError as error:
            code = _code(error)
            if code in UNDER_WAY:
                raise _Busy(key) from error
            # A key that vanished between the read and an If-Match write is a lost race as well.
            if code in LOST or (condition.get("IfMatch") and code in MISSING):
                raise Conflict(key) from error
            raise Unavailable(f"S3 did not take {key}: {code}") from error
        except (BotoCoreError, OSError) as error:
            raise Unavailable(f"S3 did not take {key}: {type(error).__name__}") from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
