"""The registry as the table has it, as validated rows. Reads only; knows nothing of YAML."""

from pydantic import ValidationError

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import StoredRow
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.stored import row_from_json
from deadair.domain.errors import Invalid


def export_registry(writer: RegistryWriter) -> list[Row]:
    """Every living row, by slug. Raises Invalid for a row that was written past the model."""
    return [_row(stored) for _, stored in sorted(writer.stored().items()) if not stored.retired]


def _row(stored: StoredRow) -> Row:
    try:
        return row_from_json(stored.row)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid(
            f"The row `{stored.slug}` was not written by an import: {first['loc']}: {first['msg']}.",
            field=stored.slug,
            remedy="Import a file with this row: deadair registry import FILE",
        ) from error
