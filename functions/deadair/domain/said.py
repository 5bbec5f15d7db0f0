"""What people say of an incident: texts by key, and what it cost in numbers.

Knows how long a text and how large a number may be. Refuses to know which keys there are and who says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from deadair.domain.errors import Invalid

ANSWER_LIMIT = 8000
# More is no count of anything here, and fits into every store.
MOST = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What it cost, in numbers; None is unknown, which is not 0.

    `records` that were lost, late or wrong; `people` who noticed or were harmed; `minutes` of harm, where that differs
    from started to mitigated; `consent`: opt-outs and consents that were not honoured in time.
    """

    records: int | None = None
    people: int | None = None
    minutes: int | None = None
    consent: int | None = None

    def checked(self) -> Self:
        """The same. Raises Invalid for a number that counts nothing."""
        for one in fields(self):
            number = getattr(self, one.name)
            if number is not None and not 0 <= number <= MOST:
                raise Invalid(f"{number} is no count.", field=one.name, remedy="Use a whole number, or leave it empty.")
        return self


UNKNOWN_IMPACT = Impact()


def merged(known: Mapping[str, str], said: Mapping[str, str], keys: Mapping[str, str], *, what: str) -> dict[str, str]:
    """The texts with those that are said now; an empty one withdraws. Raises Invalid for a strange key or a long text.

    `keys` are those that there are, `what` is what each is called.
    """
    for key, text in said.items():
        if key not in keys:
            raise Invalid(f"There is no {what} `{key}`.", field=key, remedy=f"Use one of {', '.join(keys)}.")
        if len(text) > ANSWER_LIMIT:
            raise Invalid(f"The answer has {len(text)} characters.", field=key, remedy=f"Use at most {ANSWER_LIMIT}.")
    together = {**known, **{key: text.strip() for key, text in said.items()}}
    return {key: text for key, text in together.items() if text}
