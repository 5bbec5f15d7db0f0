"""What `deadair doctor` says."""

from datetime import datetime

from deadair.domain.standing_error import StandingError
from deadair.domain.watchdog import Pulse
from infra.cli import terminal

LOOK = "deadair queues list (.github/OPERATIONS.md, When something is stuck)."
NEXT = f"Try it: deadair doctor --now. Then look where messages wait: {LOOK}"


def print_report(pulse: Pulse | None, errors: list[StandingError], now: datetime, *, lost: bool) -> None:
    """The last round first, then what stands wrong. `lost`: one was sent just now, and waited for in vain."""
    if lost:
        last = f" The last one came through {_ago(pulse, now)}." if pulse and pulse.round_at else ""
        told = f"The round that was sent now has not come through: alarms may not reach anybody.{last}"
        terminal.complain(told, f"Look where messages wait: {LOOK}")
    elif pulse and pulse.is_good(now) and pulse.round_at and pulse.seen_at:
        took = (pulse.seen_at - pulse.round_at).total_seconds()
        terminal.say(f"The line works: the last round came through {_ago(pulse, now)}, in {took:.1f} s.", "bold green")
    elif pulse and pulse.round_at:
        terminal.complain(f"The last round came through {_ago(pulse, now)}: alarms may not reach anybody.", NEXT)
    elif pulse:
        terminal.complain(f"No round has come through since {pulse.watched_since:%Y-%m-%d %H:%M} UTC.", NEXT)
    else:
        terminal.complain("No round was sent yet; the watchdog sends one every five minutes.", NEXT)
    for error in errors:
        terminal.complain(f"{error.text} (since {error.since:%Y-%m-%d %H:%M} UTC)")


def print_json(pulse: Pulse | None, errors: list[StandingError], now: datetime, *, lost: bool) -> None:
    """The same for machines. `age_s` is null before the first round."""
    age = (now - pulse.round_at).total_seconds() if pulse and pulse.round_at else None
    told = [{"kind": one.kind.value, "name": one.name, "text": one.text, "since": _iso(one.since)} for one in errors]
    terminal.print_json(
        {
            "good": bool(pulse and pulse.is_good(now) and not lost),
            "last_round_at": _iso(pulse.round_at) if pulse else None,
            "last_seen_at": _iso(pulse.seen_at) if pulse else None,
            "age_s": None if age is None else round(age, 1),
            "errors": told,
        }
    )


def _ago(pulse: Pulse, now: datetime) -> str:
    return terminal.ago(pulse.round_at or pulse.watched_since, now)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None
