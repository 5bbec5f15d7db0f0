"""Whether two entries name one human being."""

import pytest

from deadair.domain.ownership import Person, same_person


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Person("Ana", "a@x.com"), Person("A. Lima", " A@x.com"), True),
        (Person("Ana", "a@x.com", "U1"), Person("Ana", "b@x.com", "U1"), True),
        (Person("Ana", "a@x.com", "U1"), Person("Ana", "a@x.com", "U2OLD"), True),
        (Person("Ana", "", "U1"), Person("A.", "a@x.com", "U1"), True),
        (Person("Ana", "a@x.com", "U1"), Person("Ana", "b@x.com", "U2"), False),
        (Person("Ana", "", "U1"), Person("Ana", "a@x.com"), False),
        (Person(" ana  lima"), Person("Ana Lima", "a@x.com", "U1"), True),
        (Person("", "", "U1"), Person("", "", "U2"), False),
        (Person(""), Person(""), False),
    ],
)
def test_the_same_id_or_address_is_the_same_person_and_a_name_only_where_nothing_else_is_known(
    one: Person, other: Person, same: object
) -> None:
    assert same_person(one, other) is same
    assert same_person(other, one) is same
