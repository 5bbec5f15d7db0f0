"""A registry with two integrations, for claims that need rows and must not see anybody else's."""

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
    table = a_table_like(stack, "RegistryTable")
    rows = [
        Row.model_validate(
            {
                "slug": slug,
                "name": slug.replace("-", " → "),
                "owner": {"name": owner.name, "email": owner.email, "slack_id": owner.slack_id},
                "alarm_patterns": [f"{slug}-*"],
            }
        )
        for slug, owner in zip(SLUGS, (ANA, BEN), strict=True)
    ]
    import_registry(RegistryWriter(stack.client("dynamodb"), table), rows, now=at(0), by="cli:test")
    return RegistryStore(stack.client("dynamodb"), table)
