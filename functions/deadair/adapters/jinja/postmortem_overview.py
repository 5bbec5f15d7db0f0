"""Which templates of postmortems are in use: for which kind and severity, whose, and what is wrong with one.

Knows ours and those of the bucket. Refuses to read either, and to know a word for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from deadair.adapters.jinja.postmortem_check import KINDS, SEVERITIES, SUGGESTED, Fault, names
from deadair.adapters.jinja.postmortem_templates import Source, shipped, shipped_names


@dataclass(frozen=True, slots=True)
class Kept:
    """A template. `kind`, `severity` and `question` say what it is for, each empty where it does not matter.

    `from_bucket` is whether the bucket has one of that name, `is_shipped` whether we have; `fault` is why the bucket's
    is not used. `size` is bytes of the one that is meant.
    """

    name: str
    kind: str
    severity: str
    question: str
    from_bucket: bool
    is_shipped: bool
    fault: Fault | None
    size: int

    @property
    def in_use(self) -> bool:
        """Whether the bucket's, or ours where it has none, makes documents."""
        return self.fault is None


def overview(stored: Mapping[str, Source]) -> list[Kept]:
    """Every template that there is, in the order in which an incident looks for its own."""
    there = {*shipped_names(), *stored}
    return [_kept(name, stored.get(name), shipped(name)) for name in names() if name in there]


def _kept(name: str, stored: Source | None, ours: Source | None) -> Kept:
    question = name.removeprefix(SUGGESTED) if name.startswith(SUGGESTED) else ""
    kind = next((kind for kind in KINDS if name == kind or name.startswith(f"{kind}-")), "")
    severity = next((severity for severity in SEVERITIES if name.endswith(severity)), "")
    meant = stored or ours
    return Kept(
        name,
        kind,
        severity.upper(),
        question,
        from_bucket=stored is not None,
        is_shipped=ours is not None,
        fault=stored.fault if stored else None,
        size=meant.size if meant else 0,
    )
