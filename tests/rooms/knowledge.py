"""A bucket of its own for each claim about the knowledge base, and a client that can be cut off."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from botocore.exceptions import EndpointConnectionError

from deadair.adapters.s3.documents import DocumentStore
from deadair.adapters.search import IndexPublisher, KnowledgeIndex
from infra.target import Target


class CutOff:
    """A real client whose bucket can stop answering."""

    def __init__(self, client: Any) -> None:
        self.client, self.gone = client, False

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            if self.gone:
                raise EndpointConnectionError(endpoint_url="https://s3.example")
            return getattr(self.client, name)(**request)

        return call


class Shelf:
    """The knowledge base in a bucket of its own."""

    def __init__(self, stack: Target) -> None:
        self.s3, self.bucket = stack.client("s3"), f"knowledge-{uuid4().hex[:12]}"
        self.s3.create_bucket(Bucket=self.bucket)

    def documents(self, client: Any = None) -> DocumentStore:
        return DocumentStore(client or self.s3, self.bucket)

    def publisher(self, client: Any = None) -> IndexPublisher:
        return IndexPublisher(client or self.s3, self.bucket)

    def index(self, cache: Any, client: Any = None, clock: Callable[[], float] | None = None) -> KnowledgeIndex:
        return KnowledgeIndex(client or self.s3, self.bucket, str(cache), clock=clock or Steps())

    def keys(self, prefix: str = "") -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [found["Key"] for found in listed.get("Contents", [])]


class Steps:
    """A clock that moves on by more than the index's patience at every look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 10
        return self.now
