"""The registry as the table has it, as validated rows. Reads only; knows nothing of YAML."""

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.model import Row


def export_registry(writer: RegistryWriter) -> list[Row]:
    """Every living row, by slug. Raises pydantic's ValidationError for a row that was written around the model."""
    stored = writer.stored()
    return [Row.model_validate_json(row.row) for _, row in sorted(stored.items()) if not row.retired]
