"""What a person may do beyond what an incident itself grants to its owner.

Knows administrators and the people of registry rows. Refuses to know how somebody was found to be one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rights:
    """`stands_in_for` are the slugs of integrations whose owner, deputy or escalation contact the person is.

    `override` is an administrator's reason to act on what is not theirs; empty without one. `barred` says why
    somebody from outside may do nothing here; empty for everybody else.
    """

    admin: bool = False
    stands_in_for: frozenset[str] = frozenset()
    override: str = ""
    barred: str = ""


NOBODYS = Rights()
