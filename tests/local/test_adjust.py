"""The adjustments of MiniStack fit the version in the lock: every name that they replace or call is there.

The names are read from our own source, so that none can be forgotten here.
"""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LOCAL = Path(__file__).parents[2] / "infra/local"
NOT_THERE = object()


def uses() -> list[str]:
    """Every `module:attribute.attribute` of MiniStack's that a module of ours names."""
    found: set[str] = set()
    for file in LOCAL.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = {alias: origin for node in ast.walk(tree) for alias, origin in _imports(node)}
        found |= set(imported.values())
        for node in ast.walk(tree):
            name, attributes = _chain(node)
            if attributes and name in imported:
                found.add(f"{imported[name]}.{'.'.join(attributes)}")
    return sorted(found)


def _imports(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack"):
        for one in node.names:
            yield one.asname or one.name, f"{node.module}:{one.name}"


def _chain(node: ast.AST) -> tuple[str, list[str]]:
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    return (node.id if isinstance(node, ast.Name) else ""), attributes


def resolved(use: str) -> Any:
    """What stands behind a use, or NOT_THERE."""
    module, _, path = use.partition(":")
    first, *attributes = path.split(".")
    parent = importlib.import_module(module)
    found = getattr(parent, first, NOT_THERE)
    if found is NOT_THERE:
        try:
            found = importlib.import_module(f"{module}.{first}")
        except ModuleNotFoundError:
            return NOT_THERE
    for attribute in attributes:
        found = getattr(found, attribute, NOT_THERE)
    return found


@pytest.mark.parametrize("use", uses())
def test_a_name_of_ministacks_that_we_use_exists(use: str) -> None:
    assert resolved(use) is not NOT_THERE


def test_the_names_are_found_in_our_source() -> None:
    found = uses()

    assert "ministack.core:lambda_runtime.Worker._drain_stderr_bounded" in found
    assert "ministack.services:sqs.DEFAULT_PORT" in found
    assert resolved("ministack.services:sqs.no_such_name") is NOT_THERE
    assert resolved("ministack.services:no_such_service") is NOT_THERE
