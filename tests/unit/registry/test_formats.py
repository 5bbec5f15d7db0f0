"""Claims about formats: each file is known by its ending or how it begins, and each comes back byte for byte."""

from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings

from deadair.adapters.registry_file.formats import Writable, as_text, format_of, read_file
from deadair.adapters.registry_file.write import as_json

from .generated import registries, valid_rows

SAMPLE = Path(__file__).parents[3] / "infra/local/sample/registry.yaml"
CATALOG = b"---\n# ours\napiVersion: backstage.io/v1alpha1\nkind: Component\n"


@pytest.mark.parametrize("kind", get_args(Writable))
@settings(max_examples=60, deadline=None)
@given(fields=registries)
def test_whatever_is_exported_is_known_for_what_it_is_and_comes_back_byte_for_byte(
    kind: Writable, fields: list[dict[str, Any]]
) -> None:
    rows = valid_rows(fields)
    text = as_text(rows, kind)

    for name in (f"registry.{kind}", "stdin"):
        assert format_of(text.encode(), name) == ("yaml" if kind == "json" else kind)
        again = [read.row for read in read_file(text.encode(), name).rows]
        assert {row.slug: as_json(row) for row in again} == {row.slug: as_json(row) for row in rows}
        assert as_text(again, kind) == text


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (SAMPLE.read_bytes(), "stdin", "yaml"),
        (SAMPLE.read_bytes(), "registry.txt", "yaml"),
        (CATALOG, "catalog-info.yaml", "backstage"),
        (CATALOG, "stdin", "backstage"),
        (b'{"apiVersion": "backstage.io/v1alpha1"}', "catalog.json", "backstage"),
        (b'{\n"apiVersion": "backstage.io/v1alpha1"}', "catalog.json", "backstage"),
        (b"slug,name\n", "stdin", "csv"),
        (b"sep=;\r\nslug;name\r\n", "stdin", "csv"),
        (b"name\tslug\n", "stdin", "csv"),
        ("slug,name\n".encode("utf-16"), "stdin", "csv"),
        (b'"owner.name","slug"\n', "x", "csv"),
        (b"name,slug\n", "registry.CSV", "csv"),
        (b"integrations:\n", "registry.csv", "csv"),
        (b"", "stdin", "yaml"),
        (b"slug: a\nname: b\n", "stdin", "yaml"),
    ],
)
def test_a_file_is_known_by_its_ending_or_how_it_begins(data: bytes, name: str, kind: str) -> None:
    assert format_of(data, name) == kind
