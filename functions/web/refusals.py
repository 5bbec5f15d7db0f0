"""Which HTTP status a refusal has.

Knows the error tree. Refuses to know words: the refusal carries its own, the pages frame them.
"""

from deadair.domain.errors import IllegalTransition, Invalid, NotAllowed, NotFound, Refusal, Stale

STATUSES: tuple[tuple[type[Refusal], int], ...] = (
    (NotFound, 404),
    (IllegalTransition, 409),
    (Stale, 409),
    (Invalid, 422),
    (NotAllowed, 403),
)


def status_of(refusal: Refusal) -> int:
    """404 for what is not there, 403 for what is somebody else's, 409 for what the state forbids, 422 for a value.

    400 for any other refusal.
    """
    return next((status for kind, status in STATUSES if isinstance(refusal, kind)), 400)
