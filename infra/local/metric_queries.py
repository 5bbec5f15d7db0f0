"""Metric queries as series by their ids; an expression may stand before what it uses. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from infra.local import metric_math
from infra.local.metric_math import Series, Unsupported

Json = dict[str, Any]


class Computed(Mapping[str, Series]):
    """The series of every query; an expression is computed when it is asked for. `read` are those of the metrics.

    Asking raises Unsupported for an expression that cannot be computed here, or that needs itself.
    """

    def __init__(self, queries: Sequence[Json], read: Mapping[str, Series], moments: Sequence[datetime]) -> None:
        self._expressions = {query["Id"]: query["Expression"] for query in queries if query.get("Expression")}
        self._done, self._moments = dict(read), moments
        self._asked: set[str] = set()

    def __getitem__(self, name: str) -> Series:
        if name not in self._done:
            if name in self._asked:
                raise Unsupported(f"metric math: {name} needs itself")
            self._asked.add(name)
            self._done[name] = metric_math.compute(self._expressions[name], self, self._moments)
        return self._done[name]

    def __contains__(self, name: object) -> bool:
        return name in self._done or name in self._expressions

    def __iter__(self) -> Iterator[str]:
        return iter({**self._done, **self._expressions})

    def __len__(self) -> int:
        return len({**self._done, **self._expressions})


def watched(queries: Sequence[Json]) -> str:
    """The id of the query that an alarm looks at: the one that returns data."""
    return str(next((query["Id"] for query in queries if query.get("ReturnData", True)), queries[0]["Id"]))
