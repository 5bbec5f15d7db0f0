"""Entities of a Backstage catalog, and how they name each other.

Knows the shape of an entity and of a reference, `[kind:][namespace/]name`. Refuses to know what a row makes of it.
"""

import re
from dataclasses import dataclass
from typing import Any

from deadair.adapters.registry_file.fields import SLUG
from deadair.adapters.registry_file.located import Located, Place
from deadair.adapters.registry_file.problems import Location

API = "backstage.io/"
ROW_KINDS = frozenset({"component", "system", "resource", "api"})
REFERENCE = re.compile(r"(?:(?P<kind>[^:/\s]+):)?(?:(?P<namespace>[^:/\s]+)/)?(?P<name>[^:/\s]+)")
ANNOTATION = "deadair.io/"
SLUG_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Entity:
    """One document of a catalog file."""

    found: Located

    @property
    def kind(self) -> str:
        """Such as `component`, in lower case, as references are compared."""
        return self.text("kind").lower()

    @property
    def namespace(self) -> str:
        """`default` when none is given."""
        return self.text("metadata", "namespace").lower() or "default"

    @property
    def name(self) -> str:
        """Its name, as it is written."""
        return self.text("metadata", "name")

    @property
    def ref(self) -> str:
        """`component:default/form-relay`."""
        return f"{self.kind}:{self.namespace}/{self.name.lower()}"

    @property
    def slug(self) -> str:
        """What its row is called: by annotation, else its name as far as a slug can say it."""
        return self.annotation("slug") or slug_of(self.name)

    def get(self, *path: str) -> Any:
        """A value, None where there is none."""
        value = self.found.value
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def text(self, *path: str) -> str:
        """A text, empty where there is none."""
        value = self.get(*path)
        return value.strip() if isinstance(value, str) else ""

    def texts(self, *path: str) -> list[tuple[str, Place]]:
        """A list of texts, each with its place."""
        listed = self.get(*path)
        items = enumerate(listed if isinstance(listed, list) else [])
        return [(item, self.place(*path, at)) for at, item in items if isinstance(item, str)]

    def annotation(self, name: str) -> str:
        """One of our annotations."""
        return self.text("metadata", "annotations", f"{ANNOTATION}{name}")

    def place(self, *at: str | int) -> Place:
        """Where a path stands; the nearest part that contains it when it is not there."""
        path: Location = at
        while path and path not in self.found.values:
            path = path[:-1]
        return self.found.values.get(path, self.found.begins)

    def refers_to(self, reference: str, kind: str) -> str:
        """The whole reference; what it leaves out is `kind` and this entity's own namespace. Empty: it is none."""
        found = REFERENCE.fullmatch(reference.strip().lower())
        if found is None:
            return ""
        return f"{found['kind'] or kind}:{found['namespace'] or self.namespace}/{found['name']}"


def slug_of(name: str) -> str:
    """A name in small letters, digits and hyphens; the name itself when no slug comes of it."""
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:SLUG_LENGTH].strip("-")
    return made if SLUG.fullmatch(made) else name
