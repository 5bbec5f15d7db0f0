"""Claims about reading a registry file: every problem with its place and its remedy, and nothing guessed."""

from itertools import pairwise

import pytest

from deadair.adapters.registry_file.problems import RegistryFileError
from deadair.adapters.registry_file.read import read_rows
from deadair.domain.severity import Severity

from .rows import MINIMAL, a_file, problems_of


def test_three_fields_make_a_row_with_sensible_defaults() -> None:
    [read] = read_rows(MINIMAL.encode(), "registry.yaml")

    assert read.line == 2
    assert read.row.owner is not None
    assert read.row.owner.name == "Ana Lima"
    assert read.row.severity is Severity.SEV3
    assert read.row.thresholds is None
    assert read.row.alarm_patterns == []


def test_an_error_names_file_line_column_field_and_remedy() -> None:
    [problem] = problems_of(a_file("runbook: http://wiki.example.com"))

    assert problem == (
        "registry.yaml:5:12 runbook: `http://wiki.example.com` is not an https address"
        " — write one such as https://wiki.example.com/runbooks/sync"
    )


def test_all_errors_of_a_file_are_told_at_once_in_its_order() -> None:
    data = a_file("severity: SEV9", "kind: batches", "thresholds: {error_rate_pct: 130}") + b"- slug: X\n"

    found = problems_of(data)

    assert [problem.split(" ")[0] for problem in found] == [
        "registry.yaml:5:13",
        "registry.yaml:6:9",
        "registry.yaml:7:32",
        "registry.yaml:8:3",
        "registry.yaml:8:3",
        "registry.yaml:8:9",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ownr: x", "5:3 ownr: there is no such field — did you mean `owner`?"),
        ("rate-limits: []", "5:3 rate-limits: there is no such field — did you mean `rate_limits`?"),
        ("unheard:", "5:3 unheard: there is no such field"),
        ("logs: {where: Zapier, tasks}", "put the value in quotes"),
        (
            "credential: {kind: key, expires: 2027-01-01}",
            "5:27 credential.expires: there is no such field — did you mean `expires_on`?",
        ),
        ("credential: {kind: key, expires_on: 31/12/2026}", "write year-month-day, such as 2027-03-31"),
        ("credential: {kind: key, expires_on: 2026-02-30}", "`2026-02-30` is not a date"),
        ("severity: sev2", "did you mean `SEV2`?"),
        ("thresholds: {silence_min: soon}", "5:29 thresholds.silence_min: `soon` is not a number"),
        ("thresholds: {silence_min: .inf}", "is not a number"),
        ("thresholds: {silence_min: 0}", "`0` is below 1 — write 1 or more"),
        ("thresholds: {freshness_min: 10081}", "`10081` is above 10080"),
        ("thresholds: {floor_pct: 101}", "`101` is above 100"),
        ("logs: {where: X, group: 'arn:aws:logs'}", "logs.group: `arn:aws:logs` is not the name of a log group"),
        ("expected: {profile: [{hours: 07:00-20:00}]}", "expected.profile[0].per_hour: is missing"),
        ("expected: {per_hour: 3, profile: [{per_hour: 1}]}", "expected: says how much twice"),
        ("needs_owner: group:default/growth", "4:10 owner: is named, and `needs_owner` says that there is none"),
        ("rate_limits: [{calls: many, per: day}]", "rate_limits[0].calls: `many` is not a whole number"),
        ("expected: {timezone: Lisbon}", "IANA"),
        ("expected: {hours: 8-20}", "such as 07:00-20:00"),
        ("dependents: [hubspot-salesforce]", "cannot depend on itself"),
        ("dependents: [a-b-c, a-b-c]", "is in the list twice"),
        ("alarm_patterns: ['sync-[ab]']", "brackets"),
        ("runbook: https://ana:secret@wiki.example.com", "user name or password"),
        ("runbook: javascript:alert(1)", "is not an https address"),
        ('business_process: "a\\u202Eb"', "invisible character, U+202E"),
        ("name: again", "is there twice, first on line 3 — keep one"),
        ("logs: here", "`here` is not a group of fields"),
        ("source: [a]", "a list is not a text"),
    ],
)
def test_a_wrong_line_is_told_with_what_to_do(line: str, said: str) -> None:
    assert any(said in problem for problem in problems_of(a_file(line))), problems_of(a_file(line))


def test_a_slug_used_twice_names_both_lines() -> None:
    second = MINIMAL.split("\n", 1)[1]

    assert problems_of((MINIMAL + second).encode()) == [
        "registry.yaml:5:9 slug: `hubspot-salesforce` is on line 2 too — give each integration its own slug"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1 the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("integrations:\n\t- slug: a\n", "2:1 a tab indents the line — indent with spaces"),
        ("integrations: &a [1]\n", "anchors and aliases"),
        ("integrations:\n- &a {slug: x}\n- *a\n", "2:3 anchors and aliases"),
        ("integrations: !!python/object:os.system [x]\n", "tags (!) are not read"),
        ("integrations: []\n---\nintegrations: []\n", "2:1 a second document"),
        ("integrations: [\n", "is no YAML"),
        ("integrations:\n- slug: a: b\n", "2:10 a second colon"),
        ("integrations:\n- name: @ana\n", "2:9 a value cannot begin with @ — put it in quotes: '@ana'"),
        ("integrations:\n- na\x01me: x\n", "2:5 has the control character U+0001"),
        ("- slug: a\n", "begin with `integrations:`"),
        ("integrations:\n", "integrations: has no rows"),
        ("integrations: 3\n", "integrations: is not a list"),
        ("rows: []\n", "there is no such field at the top"),
        ("? [a]\n: b\n", "the name of a field is a list or a group"),
        ("integrations:\n" + "".join(" " * i + "- \n" for i in range(1, 40)), "nested more than 20 deep"),
        ("a: " + "[" * 5000, "nested more than 20 deep"),
    ],
)
def test_what_is_no_registry_is_refused_where_it_goes_wrong(text: str, said: str) -> None:
    assert any(said in problem for problem in problems_of(text.encode())), problems_of(text.encode())


def test_a_billion_laughs_are_refused_at_the_first() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [*{a},*{a},*{a},*{a}]\n" for a, b in pairwise("abcdefghi")
    )

    assert len(problems_of(bomb.encode())) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (MINIMAL.encode("utf-16"), "the file is UTF-16 or binary — save it as UTF-8"),
        (MINIMAL.encode().replace(b"Ana", b"An\xe4"), "4:19 the byte 0xE4 is not UTF-8 — save the file as UTF-8"),
        (b"\x00\x01\x02", "UTF-16 or binary"),
    ],
)
def test_only_utf_8_is_read(data: bytes, said: str) -> None:
    [problem] = problems_of(data)

    assert said in problem


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + MINIMAL.encode(), MINIMAL.replace("\n", "\r\n").encode()])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(data: bytes) -> None:
    [plain] = read_rows(MINIMAL.encode(), "plain")

    assert read_rows(data, "odd")[0].row == plain.row


def test_words_stay_words_whatever_yaml_thinks_of_them() -> None:
    lines = [
        "source: no",
        "destination: 1.10",
        "data_owner: 2026-01-01",
        "if_it_breaks: 0777",
        "campaigns: [on, 12:30]",
    ]
    [read] = read_rows(a_file(*lines), "registry.yaml")

    row = read.row
    assert (row.source, row.destination, row.data_owner, row.if_it_breaks) == ("no", "1.10", "2026-01-01", "0777")
    assert row.campaigns == ["on", "12:30"]


@pytest.mark.parametrize(("said", "meant"), [("no", False), ("false", False), ("yes", True), ("true", True)])
def test_a_yes_or_no_is_meant_where_the_field_asks_for_one(said: str, *, meant: bool) -> None:
    [read] = read_rows(a_file(f"single_point_of_failure: {said}"), "registry.yaml")

    assert read.row.single_point_of_failure is meant


def test_a_field_with_nothing_behind_it_is_left_out() -> None:
    [read] = read_rows(a_file("runbook:", "severity:", "logs: ~", "dependents:"), "registry.yaml")

    assert read.row == read_rows(MINIMAL.encode(), "registry.yaml")[0].row


def test_consent_begins_at_sev2_and_cannot_be_lower() -> None:
    [read] = read_rows(a_file("data_classes: consent"), "registry.yaml")

    assert read.row.severity is Severity.SEV2
    assert "5:13 severity: SEV3 is too low for an integration that carries consent" in problems_of(
        a_file("severity: SEV3", "data_classes: [pii, consent]")
    )[0].replace("registry.yaml:", "")


def test_days_may_be_written_as_a_range() -> None:
    [read] = read_rows(a_file("expected: {weekdays: mon-fri, hours: '07:00-20:00'}"), "registry.yaml")

    assert read.row.expected is not None
    assert read.row.expected.weekdays == ["mon", "tue", "wed", "thu", "fri"]


def test_the_error_carries_every_problem_for_machines() -> None:
    with pytest.raises(RegistryFileError) as caught:
        read_rows(a_file("kind: x", "severity: y"), "registry.yaml")

    assert [(p.line, p.field) for p in caught.value.problems] == [(5, "kind"), (6, "severity")]


def test_an_incident_about_consent_cannot_be_told_to_end_by_itself() -> None:
    told = problems_of(a_file("data_classes: [consent]", "handling: {resolves_itself_after_min: 60}"))

    assert [problem.partition(" ")[2] for problem in told] == [
        "handling.resolves_itself_after_min: an incident about consent never ends by itself — leave it out"
    ]
