"""Rows from a Backstage catalog (`catalog-info.yaml`): as much of a row as a catalog can say.

Components, systems, resources and APIs become rows. A group that owns one becomes a row that needs an owner; a user
becomes the owner when the same file says their name and address. Refuses to guess a person, and to know what the
registry already holds: `merge_rows` keeps that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from deadair.adapters.registry_file.catalog_entity import ANNOTATION, API, ROW_KINDS, Entity, slug_of
from deadair.adapters.registry_file.located import Located, NotReadable, Place, locate_all
from deadair.adapters.registry_file.problems import Location, Problem, RegistryFileError
from deadair.adapters.registry_file.read import ROWS, ReadRow, decoded, judged

NO_OWNER = "nobody, the catalog names no owner"
# These say who people are; they are no integrations, and nobody misses their rows.
PEOPLE = frozenset({"user", "group"})


@dataclass(frozen=True, slots=True)
class Catalog:
    """The rows of a catalog file, and what was left out of them with the reason."""

    rows: list[ReadRow]
    notes: list[Problem]


def read_catalog(data: bytes, name: str) -> Catalog:
    """The rows of a catalog file of any number of documents. Raises RegistryFileError with every problem."""
    try:
        entities = [Entity(found) for found in locate_all(decoded(data))]
    except NotReadable as error:
        raise RegistryFileError([Problem(name, *error.place, "", error.message, error.remedy)]) from None
    reader = _Reader(name, [entity for entity in entities if entity.found.value])
    rows = judged(reader.found(), name, reader.problems, said=_for_a_catalog)
    return Catalog(
        [replace(row, stated=frozenset(fields)) for row, fields in zip(rows, reader.stated, strict=True)],
        sorted(reader.notes),
    )


@dataclass
class _Reader:
    name: str
    entities: list[Entity]
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    stated: list[set[str]] = field(default_factory=list)

    def found(self) -> Located:
        """The rows' fields and their places in the file."""
        found = Located({ROWS: []})
        rows = [entity for entity in self.entities if self._is_row(entity)]
        fed = self._dependents(rows)
        for i, entity in enumerate(rows):
            told = {at: value for at, value in self._fields(entity, fed.get(entity.ref, {})) if value[0]}
            self.stated.append({str(at[0]) for at in told})
            told.setdefault(("name",), (entity.name, entity.place("metadata", "name")))
            found.value[ROWS].append(_nested({at: value for at, (value, _) in told.items()}))
            found.values[ROWS, i] = entity.found.begins
            for at, (_, place) in told.items():
                found.values[ROWS, i, *at] = place
                found.values.setdefault((ROWS, i, at[0]), place)
        if not rows and not self.problems:
            self._complain((1, 1), "", "names no Component, System, Resource or API", "name a catalog file that does")
        return found

    def _is_row(self, entity: Entity) -> bool:
        of_backstage = entity.text("apiVersion").startswith(API)
        if entity.kind in ROW_KINDS and not of_backstage:
            remedy = "write backstage.io/v1alpha1, or take the document out"
            self._complain(entity.place("apiVersion"), "apiVersion", "is none of Backstage's", remedy)
        elif not of_backstage:  # a template, a plugin's own kind, another tool's document in the same file
            what = entity.text("kind") or "a document without `kind`"
            self._note(entity.place("apiVersion"), "kind", f"`{what}` is no integration", "left out")
        elif entity.kind in ROW_KINDS:
            if entity.name:
                return True
            self._complain(entity.place("metadata"), "metadata.name", "is missing", "name the entity")
        elif entity.kind not in PEOPLE:
            self._note(entity.place("kind"), "kind", f"`{entity.text('kind')}` is no integration", "left out")
        return False

    def _dependents(self, rows: list[Entity]) -> dict[str, dict[str, Place]]:
        """Who breaks when an entity breaks, by its reference: slugs, with the places where that is said."""
        known = {entity.ref: entity for entity in rows}
        fed: dict[str, dict[str, Place]] = {}
        for entity in rows:
            for said, place in entity.texts("spec", "dependsOn"):
                if (ref := entity.refers_to(said, "component")) in known:
                    fed.setdefault(ref, {}).setdefault(entity.slug, place)
                elif ref.partition(":")[0] in ROW_KINDS:
                    self._note(place, "spec.dependsOn", f"`{said}` is not in the file", "its row does not learn of it")
            for said, place in entity.texts("spec", "dependencyOf"):
                ref = entity.refers_to(said, "component")
                if ref.partition(":")[0] in ROW_KINDS:
                    slug = known[ref].slug if ref in known else slug_of(ref.rpartition("/")[2])
                    fed.setdefault(entity.ref, {}).setdefault(slug, place)
        return fed

    def _fields(self, entity: Entity, fed: dict[str, Place]) -> Iterator[tuple[Location, tuple[Any, Place]]]:
        yield ("slug",), (entity.slug, entity.place("metadata", "name"))
        yield ("name",), (entity.text("metadata", "title"), entity.place("metadata", "title"))
        yield (
            ("business_process",),
            (entity.text("metadata", "description"), entity.place("metadata", "description")),
        )
        yield from self._owner(entity)
        yield from self._runbook(entity)
        patterns = re.split(r"[,\n]", entity.annotation("alarm-pattern"))
        yield (
            ("alarm_patterns",),
            ([pattern.strip() for pattern in patterns if pattern.strip()], _annotated(entity, "alarm-pattern")),
        )
        others = [slug for slug in fed if slug != entity.slug]
        yield ("dependents",), (others, fed[others[0]] if others else entity.found.begins)

    def _owner(self, entity: Entity) -> Iterator[tuple[Location, tuple[Any, Place]]]:
        said = {
            key: (entity.annotation(name), _annotated(entity, name))
            for key, name in (("name", "owner-name"), ("email", "owner-email"), ("slack_id", "owner-slack-id"))
        }
        place = entity.place("spec", "owner")
        ref = entity.refers_to(entity.text("spec", "owner"), "group")
        if not said["email"][0] and not said["name"][0]:
            said = self._user(ref)
            if ref.startswith("user:") and not said:
                self._note(
                    place, "spec.owner", f"`{ref}` has no name and address in the file", "the row needs an owner"
                )
        for key, value in said.items():
            yield ("owner", key), value
        if not said:
            yield ("needs_owner",), (ref or NO_OWNER, place)

    def _user(self, ref: str) -> dict[str, tuple[str, Place]]:
        """The person whom a reference means, if the file says who that is."""
        user = next((entity for entity in self.entities if entity.kind == "user" and entity.ref == ref), None)
        if user is None or not user.text("spec", "profile", "email"):
            return {}
        shown = "displayName" if user.text("spec", "profile", "displayName") else ""
        named = ("spec", "profile", shown) if shown else ("metadata", "title")
        said = {
            "name": (user.text(*named), user.place(*named)),
            "email": (user.text("spec", "profile", "email"), user.place("spec", "profile", "email")),
            "slack_id": (user.annotation("slack-id"), _annotated(user, "slack-id")),
        }
        return said if said["name"][0] else {}

    def _runbook(self, entity: Entity) -> Iterator[tuple[Location, tuple[Any, Place]]]:
        links = entity.get("metadata", "links")
        for at, link in enumerate(links if isinstance(links, list) else []):
            told = [str(link.get(name) or "") for name in ("title", "type", "url")] if isinstance(link, dict) else []
            if not told or "runbook" not in " ".join(told).lower():
                continue
            place = entity.place("metadata", "links", at, "url")
            if told[2].lower().startswith("https://"):
                yield ("runbook",), (told[2], place)
                return
            self._note(place, "metadata.links", f"the runbook `{told[2]}` is no https address", "left out")

    def _complain(self, place: Place, at: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.name, *place, at, message, remedy))

    def _note(self, place: Place, at: str, message: str, remedy: str) -> None:
        self.notes.append(Problem(self.name, *place, at, message, remedy))


def _annotated(entity: Entity, name: str) -> Place:
    return entity.place("metadata", "annotations", f"{ANNOTATION}{name}")


def _nested(told: dict[Location, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for (name, *inner), value in told.items():
        if inner:
            fields.setdefault(str(name), {})[inner[0]] = value
        else:
            fields[str(name)] = value
    return fields


def _for_a_catalog(problem: Problem) -> Problem:
    """A problem of a row in the words of a catalog."""
    if problem.message == "is missing" and problem.field.startswith("owner."):
        wanted = problem.field.removeprefix("owner.")
        return replace(problem, remedy=f"add the annotation `{ANNOTATION}owner-{wanted}`")
    if problem.field == "slug":
        return replace(problem, remedy=f"{problem.remedy}, by the annotation `{ANNOTATION}slug`")
    return problem
