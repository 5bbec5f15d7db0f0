"""What `deadair local` says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rich.text import Text

from infra.cli import terminal
from infra.cli.terminal import count, line, say

Json = dict[str, Any]
# Who is told that an alarm rings later than this need not sit and wait.
SOON = timedelta(minutes=2)


def print_json(value: Json) -> None:
    """The answer of a `--json` command."""
    terminal.print_json(value)


def is_soon(plan: Json) -> bool:
    """Whether it is worth waiting for the first alarm of a plan."""
    return bool(plan["alarms"]) and datetime.fromisoformat(plan["alarms"][0]["at"]) - datetime.now(UTC) < SOON


def print_plan(plan: Json, *, from_now: bool) -> None:
    """What is going to happen, and which alarm will say so."""
    line((plan["name"], "bold"), (f" belongs to {plan['owner']}. It fails: {plan['how'].replace('_', ' ')}.", ""))
    if not plan["alarms"]:
        say("None of its alarms will notice.", "yellow")
        return
    first, *others = plan["alarms"]
    at = datetime.fromisoformat(first["at"]).astimezone()
    due = "at its next look" if is_soon(plan) and not from_now else f"at {at:%H:%M}"
    say(f"{first['name']} looks at {_window(first)}; it rings {due}.")
    if not from_now and is_soon(plan):
        began = _clock(plan["since"])
        say(f"So that it need not be waited for, this began at {began}: what was counted since is forgotten.", "dim")
    if others:
        say(f"Others that notice: {', '.join(one['name'] for one in others)}.", "dim")


def _clock(since: float) -> str:
    """The time on the operator's clock; with the day, where it is another."""
    at = datetime.fromtimestamp(since, UTC).astimezone()
    return f"{at:%H:%M}" if at.date() == datetime.now(at.tzinfo).date() else f"{at:%H:%M} on {at:%a %d %b}"


def _window(alarm: Json) -> str:
    minutes = alarm["period_s"] // 60
    return f"{alarm['periods']} × {minutes} min" if alarm["periods"] > 1 else f"{minutes} min"


def print_step(what: str, seen: Json) -> None:
    """Something that was just seen."""
    told = {"alarm": _alarm, "incident": _incident, "alarms": _alarms, "recovered": _recovered}[what](seen)
    line(("✓ ", "green"), (f"{seen['after_s']:4.1f} s  ", "dim"), (told, ""))
    if what in {"incident", "recovered"} and seen.get("address"):
        line(("          ", ""), (seen["address"], "cyan"))


def _alarm(seen: Json) -> str:
    return f"{seen['name']} rings"


def _incident(seen: Json) -> str:
    why = f" ({seen['finding']})" if seen["finding"] else ""
    return f"{seen['id']} · {seen['severity']} · {seen['title']} · {seen['owner']} · class {seen['class']}{why}"


def _alarms(seen: Json) -> str:
    return f"OK: {', '.join(seen['names'])}" if seen["names"] else "no alarm of it rings"


def _recovered(seen: Json) -> str:
    if not seen.get("id"):
        return "no incident of it is open"
    return f"{seen['id']} has recovered; {seen['owner']} says when it is resolved"


def print_broken(plan: Json, seen: Json, *, watched: bool) -> None:
    """The end of a break."""
    if watched and "incident" not in seen:
        terminal.complain("No incident was seen within a minute.", "Look: deadair incidents list")
    say(f"Mend it: deadair local mend {plan['slug']}", "dim")


def print_mending(plan: Json) -> None:
    """What mending does."""
    line(
        (plan["name"], "bold"),
        (f" works again ({plan['mends'].replace('_', ' ')}), since {_clock(plan['since'])}.", ""),
    )
    if plan["note"]:
        say(f"{plan['note']} Its alarms recover when records flow then.", "yellow")


def print_traffic(told: Json) -> None:
    """A table of who is played."""
    rows = told["integrations"]
    if not rows:
        say("No integration is played." if told["everyone"] else "Traffic is off; who is broken or mended is played.")
        return
    terminal.table(("integration", "per hour now", "state", "owner"), (_row(one) for one in rows), flexible="owner")
    broken = sum(one["how"] is not None for one in rows)
    unplayed = told["registered"] - len(rows)
    rest = f" {count(unplayed, 'row')} of the registry not; what they expect does not come." if unplayed else ""
    say(f"{count(len(rows), 'integration')} played, {broken} broken.{rest}", "dim")


def _row(one: Json) -> tuple[str | Text, ...]:
    rate = "some" if one["per_hour"] is None else f"{one['per_hour']:g}" if one["per_hour"] else "nothing"
    if one["how"] is None:
        return one["slug"], rate, "works", one["owner"]
    since = datetime.fromisoformat(one["since"]).astimezone()
    return one["slug"], rate, Text(f"{one['how']} since {since:%a %H:%M}", style="bold red"), one["owner"]
