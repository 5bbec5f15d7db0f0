"""Claims about what narrows a search: one name each, and a refusal that says the form."""

import pytest

from deadair.domain.errors import Invalid
from deadair.domain.filters import FILTERS, checked, given


def test_only_filters_with_a_value_are_taken_from_an_address() -> None:
    assert given({"q": "x", "owner": " Ana ", "tag": " ", "since": "2026-01-01"}) == {
        "owner": "Ana",
        "since": "2026-01-01",
    }


def test_every_name_is_accepted_and_an_empty_value_is_none() -> None:
    assert checked(dict.fromkeys(FILTERS, "")) == {}


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"since": "yesterday"}, "since"),
        ({"since": "20260131"}, "since"),
        ({"until": "2026-02-30"}, "until"),
        ({"until": "2026-13-01'; DROP TABLE documents"}, "until"),
        ({"consent": "maybe"}, "consent"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "until"),
    ],
)
def test_what_is_no_filter_is_refused_by_its_name_with_the_form(filters: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(filters)

    assert refused.value.field == field
    assert refused.value.remedy
