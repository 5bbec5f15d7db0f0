"""Claims about the queries of an alarm or of GetMetricData as series."""

from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local.metric_math import Unsupported
from infra.local.metric_queries import Computed, watched

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def expression(name: str, text: str, *, returned: bool = False) -> dict[str, Any]:
    return {"Id": name, "Expression": text, "ReturnData": returned}


def test_an_expression_may_stand_before_what_it_uses() -> None:
    queries = [expression("e", "100*x/f", returned=True), expression("f", "x+m"), {"Id": "x"}, {"Id": "m"}]

    assert Computed(queries, {"x": {AT: 1.0}, "m": {AT: 3.0}}, [AT])["e"] == {AT: 25.0}


def test_the_watched_query_is_the_one_that_returns_data() -> None:
    queries = [{"Id": "m", "ReturnData": False}, expression("e", "m", returned=True)]

    assert watched(queries) == "e"
    assert watched([{"Id": "only"}]) == "only"


def test_an_expression_that_needs_itself_is_not_computed() -> None:
    queries = [expression("a", "b"), expression("b", "a+1")]

    with pytest.raises(Unsupported, match="needs itself"):
        Computed(queries, {}, [AT])["a"]


def test_an_id_that_nobody_defines_is_not_computed() -> None:
    with pytest.raises(Unsupported):
        Computed([expression("a", "nobody")], {}, [AT])["a"]
