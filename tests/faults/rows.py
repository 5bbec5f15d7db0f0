"""Registries with few integrations, for claims that need rows and must not see anybody else's."""

from typing import Any

from deadair.adapters.dynamodb.items import person_fields
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.model import Row
from deadair.usecases.import_registry import import_registry
from infra.target import Target
from tests.builders import ANA, BEN, at
from tests.stack import a_table_like

SLUGS = ("one-two", "form-marketo")


def two_rows(stack: Target) -> RegistryStore:
    """Ana's `one-two` and Ben's `form-marketo`, each with the alarms that begin with its slug."""
    return rows_of(
        stack, {slug: {"owner": person_fields(owner)} for slug, owner in zip(SLUGS, (ANA, BEN), strict=True)}
    )


def rows_of(stack: Target, fields: dict[str, dict[str, Any]]) -> RegistryStore:
    """A registry of its own with these rows, of Ana unless said otherwise."""
    table = a_table_like(stack, "RegistryTable")
    rows = [
        Row.model_validate(
            {
                "slug": slug,
                "name": slug.replace("-", " → "),
                "owner": person_fields(ANA),
                "alarm_patterns": [f"{slug}-*"],
            }
            | more
        )
        for slug, more in fields.items()
    ]
    import_registry(RegistryWriter(stack.client("dynamodb"), table), rows, now=at(0), by="cli:test")
    return RegistryStore(stack.client("dynamodb"), table)
