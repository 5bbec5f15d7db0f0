"""The part of CloudWatch's metric math that our alarms use. Pure: series in, a series out.

`+ - * / ^`, comparisons, `AND OR`, `IF`, `FILL`, `TIME_SERIES`, `MINUTE`, `HOUR`, `DAY`, `ABS`, `MIN` and `MAX`
of several series. On AWS the service computes them, and many more; an expression with anything else raises
Unsupported, it is never guessed.
Where a value is missing, the rules are those of "Using math expressions" in the user guide: between two series it
counts as 0, a division by 0 drops the datapoint, and a true condition without a value gives 0.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial, reduce

Series = dict[datetime, float]
Value = Series | float


class Unsupported(ValueError):
    """The expression uses something that this module does not compute."""


_BINARY: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Gt: lambda left, right: float(left > right),
    ast.GtE: lambda left, right: float(left >= right),
    ast.Lt: lambda left, right: float(left < right),
    ast.LtE: lambda left, right: float(left <= right),
    ast.Eq: lambda left, right: float(left == right),
    ast.NotEq: lambda left, right: float(left != right),
    ast.And: lambda left, right: float(bool(left) and bool(right)),
    ast.Or: lambda left, right: float(bool(left) or bool(right)),
}
# Each is of the moment at which a period begins, in UTC, also where the series has no value; Monday is 1.
_CALENDAR: dict[str, Callable[[datetime], float]] = {
    "MINUTE": lambda at: float(at.astimezone(UTC).minute),
    "HOUR": lambda at: float(at.astimezone(UTC).hour),
    "DAY": lambda at: float(at.astimezone(UTC).isoweekday()),
}


def compute(expression: str, metrics: Mapping[str, Series], timestamps: Sequence[datetime]) -> Series:
    """The series of the expression. `timestamps` are the periods looked at, for FILL and TIME_SERIES.

    Raises Unsupported for what this module does not know, and for an id that is not among the metrics.
    """
    text = expression.replace("&&", " and ").replace("||", " or ").replace("^", "**")
    text = text.replace(" AND ", " and ").replace(" OR ", " or ")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise Unsupported(f"metric math {expression!r} cannot be read") from error
    value = _Computation(metrics, timestamps).value(tree)
    return value if isinstance(value, dict) else dict.fromkeys(timestamps, value)


class _Computation:
    def __init__(self, metrics: Mapping[str, Series], timestamps: Sequence[datetime]) -> None:
        self._metrics, self._timestamps = metrics, timestamps

    def value(self, node: ast.AST) -> Value:  # noqa: PLR0911 - one return per kind of node
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in self._metrics:
                return self._metrics[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _combine(operator.sub, 0.0, self.value(operand))
            case ast.BinOp(left=left, op=symbol, right=right) if type(symbol) in _BINARY:
                return _combine(_BINARY[type(symbol)], self.value(left), self.value(right))
            case ast.Compare(left=left, ops=[symbol], comparators=[right]) if type(symbol) in _BINARY:
                return _combine(_BINARY[type(symbol)], self.value(left), self.value(right))
            case ast.BoolOp(op=symbol, values=[first, *rest]):
                result = self.value(first)
                for other in rest:
                    result = _combine(_BINARY[type(symbol)], result, self.value(other))
                return result
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments)
        raise Unsupported(f"metric math: {ast.unparse(node)!r} is not computed here")

    def _call(self, name: str, arguments: Sequence[ast.AST]) -> Value:
        match name, arguments:
            case "IF", [condition, then, *rest] if len(rest) <= 1:
                return self._if(self.value(condition), self.value(then), self.value(rest[0]) if rest else None)
            case "FILL", [series, filler]:
                return self._fill(self.value(series), filler)
            case "TIME_SERIES", [constant]:
                return dict.fromkeys(self._timestamps, _number(self.value(constant)))
            case name, [series] if name in _CALENDAR:
                self._series(series)
                return {at: _CALENDAR[name](at) for at in self._timestamps}
            case "ABS", [argument]:
                return _combine(lambda left, _: abs(left), self.value(argument), 0.0)
            case (("MIN" | "MAX"), [ast.List(elts=[_, *_] as each)]):
                pick: Callable[[float, float], float] = min if name == "MIN" else max
                several: list[Value] = [self._series(one) for one in each]
                return reduce(partial(_combine, pick), several)
        raise Unsupported(f"metric math: {name} with {len(arguments)} arguments is not computed here")

    def _series(self, node: ast.AST) -> Series:
        value = self.value(node)
        if not isinstance(value, dict):
            raise Unsupported(f"metric math: {ast.unparse(node)!r} is a number where a series is needed")
        return value

    def _if(self, condition: Value, then: Value, otherwise: Value | None) -> Value:
        """Per timestamp of the condition. Where it holds, a missing value is 0; where not, there is none."""
        if not isinstance(condition, dict):
            branch = then if condition else otherwise
            return {} if branch is None else branch
        result: Series = {}
        for at, holds in condition.items():
            value = (_at(then, at) or 0.0) if holds else _at(otherwise, at)
            if value is not None:
                result[at] = value
        return result

    def _fill(self, series: Value, filler: ast.AST) -> Value:
        """Fill gaps. A metric without any datapoint stays empty, as on AWS."""
        if not isinstance(series, dict) or not series:
            return series
        if isinstance(filler, ast.Name) and filler.id == "REPEAT":
            return self._repeat(series)
        constant = _number(self.value(filler))
        return {at: series.get(at, constant) for at in self._timestamps}

    def _repeat(self, series: Series) -> Series:
        result: Series = {}
        last: float | None = None
        for at in self._timestamps:
            last = series.get(at, last)
            if last is not None:
                result[at] = last
        return result


def _number(value: Value) -> float:
    if isinstance(value, dict):
        raise Unsupported("metric math: a constant is needed here, not a series")
    return value


def _at(value: Value | None, moment: datetime) -> float | None:
    return value.get(moment) if isinstance(value, dict) else value


def _combine(function: Callable[[float, float], float], left: Value, right: Value) -> Value:
    """Two numbers, a number and a series, or two series, where a missing value is 0; what cannot be divided drops."""
    if isinstance(left, float) and isinstance(right, float):
        return function(left, right)
    moments = {at for side in (left, right) if isinstance(side, dict) for at in side}
    result: Series = {}
    for at in sorted(moments):
        try:
            result[at] = function(_at(left, at) or 0.0, _at(right, at) or 0.0)
        except (ZeroDivisionError, OverflowError):
            continue
    return result
