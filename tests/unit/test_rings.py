"""Claims about rings: who leads back to themselves is told, each group once, whatever its length."""

from itertools import permutations

import pytest

from deadair.domain.rings import rings


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        (["ab", "ba"], ["ab"]),
        (["ab", "bc", "ca"], ["abc"]),
        (["ab", "bc", "cd", "da", "xa"], ["abcd"]),
        (["ab", "bc"], []),
        (["ab", "ac", "bd", "cd"], []),
        (["ab", "ba", "bc", "ca"], ["ab", "abc"]),
        (["ab", "bc", "ca", "de", "ed"], ["de", "abc"]),
    ],
)
def test_a_way_round_is_told_once(pairs: list[str], told: list[str]) -> None:
    found = ["".join(sorted(ring)) for ring in rings((pair[0], pair[1]) for pair in pairs)]

    assert found == told


def test_each_step_of_a_ring_is_one_of_the_pairs() -> None:
    pairs = {("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")}

    [ring] = rings(sorted(pairs))

    assert set(zip(ring, (*ring[1:], ring[0]), strict=True)) == pairs


def test_of_a_group_in_which_everybody_leads_to_everybody_the_twos_are_told() -> None:
    assert all(len(ring) == 2 for ring in rings(permutations("abcdef", 2)))
