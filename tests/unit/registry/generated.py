"""Rows of the whole model, made up: any script, and whatever YAML and spreadsheets like to misread."""

from datetime import date
from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from deadair.adapters.registry_file.fields import WEEKDAYS
from deadair.adapters.registry_file.model import Row

TEMPTING = """
no|on|~|null|yes|Y|TRUE|1.10|0x1F|1e3|0777|.5|+3|-3|=1+1|=cmd|@a|'=x|''|'|"|""|'"|a"b|- a|a: b|#x|# x
*|&a|!t|%|{}|[]|>|<<|=
?|...|---|a;b|a; b|;|\\|\\;|a\\|,|a,b|a, b|(x)|a (b)|2026-01-01|12:30
10 per day|5/h|mon-fri|daily|sep=;|slug|integrations:
مرحبا: عالم|שלום; עולם|田中 花子
🛰 → 🧯|e\u0301|é|ß|İ|a\tb| x |x\ufe0f|＝1|＋1|－1|＠x|NaN|inf|-|--|_|N/A|#N/A|1,5|00123|12345678901234567890
"""
tempting = st.sampled_from([word for line in TEMPTING.strip("\n").split("\n") for word in line.split("|")] + ["|"])
lines = st.one_of(tempting, st.text(min_size=1, max_size=60), st.lists(tempting, max_size=3).map("".join))
texts = st.one_of(
    tempting,
    st.text(max_size=200),
    st.lists(lines, max_size=4).map("\n".join),
    st.lists(lines, max_size=4).map("\n  ".join),
    st.lists(lines, max_size=4).map("\r\n".join),
)
listed = st.lists(lines, max_size=4)
slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{1,20}[a-z0-9]", fullmatch=True)
dates = st.dates(date(1990, 1, 1), date(2199, 12, 31)).map(str)
amounts = st.one_of(st.integers(1, 10**6), st.floats(0.001, 99.0), st.floats(1e-9, 1e-5), st.just(1e15))
shares = st.one_of(st.integers(1, 100), st.floats(0.001, 100.0))
minutes = st.one_of(st.integers(1, 10080), st.floats(1, 10080))
volumes = st.one_of(st.integers(0, 10**9), st.floats(0, 1e6))
names = st.sampled_from(
    ["Ana Lima", "Siobhán Ní Bhriain", "محمد علي", "田中 花子", "Zoë O'Neil", "שרה כהן", "Ana  Lima"]
)
people = st.fixed_dictionaries(
    {"name": names, "email": st.sampled_from(["ana.lima@example.com", "o'neil@example.co.uk", "josé@exämple.com"])},
    optional={"slack_id": st.from_regex(r"[UW][A-Z0-9]{2,10}", fullmatch=True)},
)
hours = st.sampled_from(["22:00-06:00", "07:00-20:00", "00:00-24:00", "23:59-00:00"])
days = st.one_of(
    st.lists(st.sampled_from(WEEKDAYS), unique=True), st.sampled_from([list(WEEKDAYS), list(WEEKDAYS[:5])])
)
urls = st.sampled_from(["https://wiki.example.com/a?b=c#d", "https://例え.jp/;=x", "https://[::1]:8443/'(x)"])
spans = st.fixed_dictionaries({"per_hour": volumes}, optional={"weekdays": days, "hours": hours})
expected = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "timezone": st.sampled_from(["Europe/Lisbon", "America/Port-au-Prince", "Etc/GMT+5"]),
            "per_hour": volumes,
            "weekdays": days,
            "hours": hours,
        },
    ),
    st.fixed_dictionaries({"profile": st.lists(spans, max_size=4)}, optional={"timezone": st.just("Asia/Kolkata")}),
)
owned = st.one_of(
    st.fixed_dictionaries({"owner": people}), st.fixed_dictionaries({"needs_owner": st.just("group:default/growth")})
)
limits = st.fixed_dictionaries(
    {"calls": st.integers(1, 10**18), "per": st.sampled_from(["second", "minute", "hour", "day", "month"])},
    optional={"note": lines},
)
optional: dict[str, Any] = {
    "deputy": people,
    "escalation": people,
    "source": lines,
    "destination": lines,
    "kind": st.sampled_from(["event", "batch", "on_demand"]),
    "system_of_record": lines,
    "data_owner": lines,
    "data_classes": st.lists(st.sampled_from(["pii", "consent"]), unique=True),
    "severity": st.sampled_from(["SEV1", "SEV2"]),
    "business_process": texts,
    "campaigns": listed,
    "dependents": st.lists(slugs, max_size=3),
    "if_it_breaks": texts,
    "single_point_of_failure": st.booleans(),
    "runbook": urls,
    "logs": st.fixed_dictionaries({"where": lines}, optional={"group": st.just("/aws/lambda/x-1"), "readers": listed}),
    "rollback_by": listed,
    "credential": st.fixed_dictionaries(
        {"kind": lines}, optional={"expires_on": dates, "rotated_on": dates, "scopes": listed}
    ),
    "api_version": st.fixed_dictionaries({"version": lines}, optional={"ends_on": dates, "changelog": urls}),
    "rate_limits": st.lists(limits, max_size=3),
    "expected": expected,
    "thresholds": st.fixed_dictionaries(
        {},
        optional={
            "error_rate_pct": shares,
            "latency_p95_ms": amounts,
            "freshness_min": minutes,
            "silence_min": minutes,
            "floor_pct": shares,
        },
    ),
    "mapping_audited_on": dates,
    "alarm_patterns": st.one_of(listed, st.lists(slugs.map(lambda slug: f"{slug}-*"), max_size=2)),
    "handling": st.fixed_dictionaries(
        {},
        optional={
            "reopen_min": st.integers(0, 1440),
            "resolves_itself_after_min": st.integers(5, 10080),
            "ack_min": st.integers(1, 1440),
            "update_min": st.integers(5, 1440),
        },
    ),
    "changes": listed,
}
row_fields = st.tuples(
    st.fixed_dictionaries({"slug": slugs, "name": lines}), owned, st.fixed_dictionaries({}, optional=optional)
).map(lambda parts: {**parts[0], **parts[1], **parts[2]})
registries = st.lists(row_fields, min_size=1, max_size=3, unique_by=lambda fields: fields["slug"])


def valid(fields: dict[str, Any]) -> Row | None:
    """The row of these fields, without those that the model refuses (hidden characters, repeats, its own slug)."""
    for _ in range(len(fields)):
        try:
            return Row.model_validate(fields)
        except ValidationError as error:
            refused = {details["loc"][0] for details in error.errors() if details["loc"]} or {
                "dependents",
                "severity",
                "handling",
            }
            refused -= {"slug", "owner"}
            if "name" in refused:
                fields = {**fields, "name": "A name"}
            fields = {name: value for name, value in fields.items() if name == "name" or name not in refused}
    return None


def valid_rows(many: list[dict[str, Any]]) -> list[Row]:
    """The rows of a registry."""
    return [row for fields in many if (row := valid(fields))]
