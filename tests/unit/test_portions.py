"""Things in portions."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.portions import portions

LIMITS = (4, 20)


def weights(size: int) -> tuple[int, int]:
    return 1, size


@given(st.lists(st.integers(0, 30)))
def test_nothing_is_lost_or_moved_and_only_what_is_too_heavy_alone_goes_over_a_limit(sizes: list[int]) -> None:
    made = list(portions(sizes, LIMITS, weights))

    assert [size for portion in made for size in portion] == sizes
    assert all(len(portion) <= LIMITS[0] and (sum(portion) <= LIMITS[1] or len(portion) == 1) for portion in made)


@given(st.lists(st.integers(0, 30)))
def test_a_portion_is_closed_only_when_the_next_thing_does_not_fit(sizes: list[int]) -> None:
    made = list(portions(sizes, LIMITS, weights))

    for portion, after in pairwise(made):
        assert len(portion) == LIMITS[0] or sum(portion) + after[0] > LIMITS[1]
