"""Claims about changes: which is the same, which is near, and what the registry itself knows of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.audit import AuditEntry
from deadair.domain.change import SHOWN, TEXT_LIMIT, Change, Kind, Teller, a_change, nearest, of_dates, of_registry
from deadair.domain.errors import OddRow
from tests.builders import an_integration, at

START = at(0)


def told(minutes: float = -5, text: str = "form-relay 1.4.2", kind: Kind = Kind.DEPLOY, **more: str) -> Change:
    given: dict[str, str] = {"by": "ana"} | more
    return a_change("crm", at(minutes), kind, text, source=Teller.INTEGRATION, **given)


def test_a_change_with_a_name_of_its_own_is_the_same_whatever_else_it_says() -> None:
    assert told(own_id="r-1").id == told(-60, "other words", Kind.OTHER, own_id="r-1").id
    assert told(own_id="r-1").id != told(own_id="r-2").id


def test_a_change_without_a_name_is_what_it_says() -> None:
    assert told().id == told().id
    assert len({told().id, told(-6).id, told(text="x").id, told(kind=Kind.CONFIG).id, told(by="ben").id}) == 5


def test_the_same_text_of_two_integrations_is_two_changes() -> None:
    other = a_change("erp", at(-5), Kind.DEPLOY, "form-relay 1.4.2", by="ana", source=Teller.INTEGRATION)

    assert other.id != told().id


def test_a_text_from_outside_is_one_visible_line_without_secrets() -> None:
    change = told(text="deploy\n\x1b[31mtoken=abcdefgh1234 \u202egnp " + "x" * 5000)

    assert "abcdefgh1234" not in change.text
    assert "\n" not in change.text
    assert "\u202e" not in change.text
    assert len(change.text) == TEXT_LIMIT


@pytest.mark.parametrize(("minutes", "near"), [(-1441, False), (-1439, True), (0, True), (59, True), (61, False)])
def test_a_day_before_the_start_and_an_hour_after_it_are_near(minutes: float, *, near: bool) -> None:
    assert bool(nearest([told(minutes)], START)) is near


def test_the_nearest_comes_first_and_the_telling_kinds_before_the_others() -> None:
    campaign, deploy = told(-3, "campaign", Kind.CAMPAIGN), told(-4, "deploy")
    old, credential, after = told(-600, "old"), told(-8, "rotated", Kind.CREDENTIAL), told(4, "after")

    found = nearest([old, after, campaign, deploy, credential], START)

    assert [change.text for change in found] == ["rotated", "deploy", "campaign", "after", "old"]


@given(st.permutations([told(-minutes, f"change {minutes}") for minutes in range(1, 12)]))
def test_what_is_shown_follows_from_the_changes_and_not_from_their_order(changes: list[Change]) -> None:
    assert [change.text for change in nearest([*changes, changes[0]], START)] == [
        f"change {n}" for n in range(1, SHOWN + 1)
    ]


def test_a_registry_entry_names_the_fields_and_not_what_they_say() -> None:
    entry = AuditEntry(
        number=7,
        at=at(-10),
        by="web:ana",
        action="changed",
        slug="crm",
        before='{"credential": {"kind": "old"}, "runbook": "https://a.example.com/secret-place"}',
        after='{"credential": {"kind": "new"}, "runbook": "https://b.example.com"}',
        previous=0,
        prev="",
    )

    change = of_registry(entry)

    assert change is not None
    assert (change.text, change.by, change.kind) == (
        "Row changed: credential (kind), runbook",
        "web:ana",
        Kind.CREDENTIAL,
    )


@pytest.mark.parametrize(
    ("action", "previous", "text"),
    [
        ("added", 0, None),
        ("recorded", 0, None),
        ("key 1a2b3c4d made", 1, None),
        ("heartbeat 1a2b3c4d made", 1, None),
        ("added", 7, "Row back in the registry"),
        ("retired", 7, "Row taken out of the registry"),
        ("key 1a2b3c4d made, key 5e6f7a8b revoked", 7, "Signals: key 1a2b3c4d made, key 5e6f7a8b revoked"),
    ],
)
def test_a_row_that_is_new_and_a_further_key_are_no_change_near_anything(
    action: str, previous: int, text: str | None
) -> None:
    change = of_registry(
        AuditEntry(8, at(-10), "cli:ana", action, "crm", before=None, after="{}", previous=previous, prev="")
    )

    assert (change and change.text) == text


def on(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"credential": {"expires_on": "2026-11-02"}}, "Credential expires 2026-11-02"),
        ({"credential": {"expires_on": "2026-10-28"}}, "Credential expires 2026-10-28"),
        ({"credential": {"rotated_on": "2026-11-02"}}, "Credential rotated 2026-11-02"),
        ({"api_version": {"ends_on": "2026-11-01"}}, "API version ends 2026-11-01"),
    ],
)
def test_a_date_of_the_row_is_a_change_on_its_day(row: dict[str, object], text: str) -> None:
    (change,) = nearest(of_dates(an_integration(row=row), START), START)

    assert (change.text, change.at) == (text, on(text[-10:]))


@pytest.mark.parametrize(
    "row",
    [
        {"credential": {"expires_on": "2026-10-20", "rotated_on": "2026-10-28"}},
        {"credential": {"expires_on": "2026-11-20"}, "api_version": {"ends_on": "2027-01-01"}},
        {},
    ],
)
def test_a_date_far_away_is_none(row: dict[str, object]) -> None:
    assert nearest(of_dates(an_integration(row=row), START), START) == []


def test_a_row_that_no_import_wrote_is_odd_and_nothing_else() -> None:
    for row in ({"credential": "x"}, {"credential": {"rotated_on": 7}}, {"api_version": {"ends_on": "soon"}}):
        with pytest.raises(OddRow):
            list(of_dates(an_integration(row=row), START))


def test_a_whole_day_is_as_near_as_its_nearest_instant() -> None:
    evening = START.replace(hour=23)
    row = an_integration(row={"credential": {"rotated_on": "2026-11-02"}})

    found = nearest([*of_dates(row, evening), told(text="deploy")], evening)

    assert [change.kind for change in found] == [Kind.CREDENTIAL, Kind.DEPLOY]
    assert found[0].lasts == timedelta(days=1)
