"""Claims about the scan: whose an alarm seems to be and why, and a file that can be imported as it is."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.cloudwatch.found_alarms import FoundAlarm
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.read import read_rows
from deadair.domain.alarm import Signal
from deadair.usecases.scan_alarms import Proposal, Registry, Scan, Stage, scan_alarms, strangers
from infra.cli.scan_words import as_file

NOW = datetime(2026, 11, 2, tzinfo=UTC)
STAGE = Stage("deadair", "Deadair", "Deadair-prod")
ANA = {"name": "Ana Lima", "email": "ana.lima@example.com"}


def a_row(slug: str, name: str, source: str = "", destination: str = "", **more: Any) -> Row:
    return Row.model_validate(
        {"slug": slug, "name": name, "owner": ANA, "source": source, "destination": destination} | more
    )


ROWS = [
    a_row("hubspot-salesforce", "HubSpot → Salesforce", "HubSpot", "Salesforce", alarm_patterns=["crm-*"]),
    a_row("hubspot-salesforce-leads", "HubSpot leads → Salesforce", "HubSpot", "Salesforce"),
    a_row("form-marketo", "Web form → Marketo", "Web form", "Marketo"),
    a_row("shop-newsletter", "Shop → newsletter", "Shop", "Mailchimp"),
    a_row("billing-ledger", "Billing → Ledger", thresholds={"silence_min": 60, "error_rate_pct": 2}),
]


def an_alarm(name: str, **more: Any) -> FoundAlarm:
    return FoundAlarm(name, f"arn:aws:cloudwatch:eu-central-1:210987654321:alarm:{name}", **more)


def scan(*alarms: FoundAlarm, tags: dict[str, str] | None = None, rows: list[Row] | None = None) -> Scan:
    return scan_alarms(alarms, Registry(ROWS if rows is None else rows), STAGE, tags=tags or {}, now=NOW)


def proposed(alarm: FoundAlarm, **more: Any) -> Proposal | None:
    return next(iter(scan(alarm, **more).proposals), None)


def test_what_deadair_made_is_counted_and_left_alone() -> None:
    ours = an_alarm("deadair-form-marketo-silence", description="No records. Made by Deadair. [deadair 0a1b2c3d4e5f]")
    found = scan(ours, an_alarm("Deadair-prod-NotifierDeadLetters1A2B"), an_alarm("disk-full"))

    assert (found.read, found.ours) == (3, 2)
    assert [alarm.name for alarm in found.unclaimed] == ["disk-full"]


def test_what_the_intake_finds_already_is_not_proposed_anew() -> None:
    by_dimension = proposed(an_alarm("x", dimensions={"Integration": "form-marketo"}))
    by_pattern = proposed(an_alarm("crm-export-broken"))

    assert by_dimension is not None
    assert (by_dimension.slug, by_dimension.way, by_dimension.is_new) == ("form-marketo", "dimension", False)
    assert by_pattern is not None
    assert (by_pattern.slug, by_pattern.way, by_pattern.is_new) == ("hubspot-salesforce", "pattern", False)


def test_a_tag_goes_before_the_name() -> None:
    alarm = an_alarm("form-marketo-errors")
    found = proposed(alarm, tags={alarm.arn: "shop-newsletter"})

    assert found is not None
    assert (found.slug, found.way) == ("shop-newsletter", "tag")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("prod-form-marketo-5xx", "form-marketo"),
        ("FormMarketoErrors", "form-marketo"),
        ("formmarketo_latency_p95", "form-marketo"),
        ("hubspot-to-salesforce sync failed", "hubspot-salesforce"),
        ("HubspotSalesforceLeads-NoData", "hubspot-salesforce-leads"),
        ("mailchimp-shop-import", "shop-newsletter"),
    ],
)
def test_a_name_that_holds_an_integrations_words_is_its_alarm(name: str, slug: str) -> None:
    found = proposed(an_alarm(name))

    assert found is not None
    assert (found.slug, found.way, found.sure) == (slug, "name", True)


def test_a_dimension_may_say_what_the_name_does_not() -> None:
    found = proposed(an_alarm("lambda-errors-7", dimensions={"FunctionName": "shop-newsletter-export"}))

    assert found is not None
    assert (found.slug, found.sure) == ("shop-newsletter", True)


@pytest.mark.parametrize("name", ["stripe-hubspot-errors", "StripeHubSpotErrors", "hubspot_stripe 5xx"])
def test_a_brand_with_a_capital_inside_is_one_word(name: str) -> None:
    rows = [a_row("crm", "HubSpot → Salesforce"), a_row("payments", "Stripe → HubSpot")]
    found = proposed(an_alarm(name), rows=rows)

    assert found is not None
    assert (found.slug, found.sure) == ("payments", True)


@pytest.mark.parametrize("name", ["marketo-api-errors", "salesforce-limits"])
def test_half_a_name_is_a_guess_with_its_reason(name: str) -> None:
    found = proposed(an_alarm(name))

    assert found is None or not found.sure


def test_a_guess_names_its_rival() -> None:
    found = proposed(an_alarm("salesforce-hubspot-check"), rows=[*ROWS, a_row("check-hubspot-salesforce-2", "Twin")])

    assert found is not None
    assert "hubspot and salesforce" in found.reason


@pytest.mark.parametrize("name", ["disk-full", "", "12345", "prod-sync-to-the", "\u202e\U0001f4a9"])
def test_a_name_that_says_nothing_belongs_to_nobody(name: str) -> None:
    assert proposed(an_alarm(name)) is None


def test_only_strangers_are_worth_a_question_about_tags() -> None:
    ours = an_alarm("deadair-a-silence", description="x [deadair 0a1b2c3d4e5f]")
    found = strangers([ours, an_alarm("crm-x"), an_alarm("disk-full")], Registry(ROWS), STAGE)

    assert [alarm.name for alarm in found] == ["disk-full"]


def test_an_integration_lacks_what_neither_its_row_nor_an_alarm_watches() -> None:
    alarms = [an_alarm("form-marketo-errors"), an_alarm("crm-p95"), an_alarm("crm-feed", breaches_by_absence=True)]
    gaps = {gap.slug: gap.missing for gap in scan(*alarms).gaps}

    assert gaps["form-marketo"] == (Signal.SILENCE, Signal.LATENCY)
    assert gaps["hubspot-salesforce"] == (Signal.ERROR_RATE,)
    assert gaps["billing-ledger"] == (Signal.LATENCY,)
    assert gaps["shop-newsletter"] == (Signal.SILENCE, Signal.ERROR_RATE, Signal.LATENCY)


def test_the_file_is_rows_with_their_alarms_and_imports_as_it_is() -> None:
    found = scan(an_alarm("form-marketo-errors"), an_alarm("shop [newsletter] broken"), an_alarm("disk-full"))
    text = as_file(found, Registry(ROWS))
    rows = {read.row.slug: read.row for read in read_rows(text.encode(), "scan.yaml")}

    assert rows["form-marketo"].alarm_patterns == ["form-marketo-errors"]
    assert rows["shop-newsletter"].alarm_patterns == ["shop ?newsletter? broken"]
    assert rows["form-marketo"].name == "Web form → Marketo"
    assert rows.keys() == {"form-marketo", "shop-newsletter"}
    assert '#   "disk-full"' in text


def test_a_guess_is_a_comment_that_becomes_a_pattern_when_it_is_uncommented() -> None:
    guess = an_alarm("marketo-nightly-errors")
    found = scan(guess, rows=[*ROWS, a_row("marketo-warehouse", "Marketo → Warehouse")])
    registry = Registry([*ROWS, a_row("marketo-warehouse", "Marketo → Warehouse")])
    text = as_file(found, registry)
    uncommented = re.sub(r"(?m)^  # (alarm_patterns:|- )", r"  \1", text)

    (before,), (after,) = (read_rows(each.encode(), "scan.yaml") for each in (text, uncommented))
    assert before.row.alarm_patterns == []
    assert after.row.alarm_patterns == [guess.name]


def test_nothing_to_propose_is_a_file_of_comments() -> None:
    text = as_file(scan(an_alarm("disk-full")), Registry(ROWS))

    assert [line for line in text.splitlines() if line and not line.startswith("#")] == []


@given(st.lists(st.text(max_size=40).map(lambda text: f"form marketo {text}"), max_size=5, unique=True))
def test_no_name_of_an_alarm_breaks_the_file(names: list[str]) -> None:
    found = scan(*map(an_alarm, names), an_alarm("form-marketo"), an_alarm("x\n- slug: evil\u2028\x85- slug: worse"))

    rows = [read.row for read in read_rows(as_file(found, Registry(ROWS)).encode("utf-8", "replace"), "scan.yaml")]
    assert {row.slug for row in rows} <= {row.slug for row in ROWS}
