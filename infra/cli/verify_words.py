"""What `deadair verify` says: the balance as an account, and the verdict."""

from deadair.domain.balance import Balance
from infra.cli import terminal

SHOWN = 20


def print_balance(balance: Balance) -> None:
    """Received on top, what became of it below, the verdict last."""
    reasons = {"ignored": balance.ignored, "dead_lettered": balance.dead}
    rows = [("received", str(balance.received), "")]
    rows += [(f"  {name}", str(number), _reasons(reasons.get(name, {}))) for name, number in balance.outcomes.items()]
    aside = f"{balance.set_aside} among the queue's dead letters" if balance.set_aside else ""
    rows += [("  in flight", str(balance.in_flight), aside)]
    if balance.brought_again:
        rows.append(("  came as another message", str(balance.brought_again), "redriven by other means than ours"))
    rows += [
        ("in the intake queue", str(balance.queued), ""),
        ("transitions recorded", str(balance.transitions), ""),
        ("entries of alarms", str(balance.entries), ""),
    ]
    terminal.table(("", "messages", "reasons"), rows, flexible="reasons")
    for name, number in balance.elsewhere.items():
        if number:
            waiting = terminal.count(number, "dead letter")
            terminal.note(f"{name}: {waiting}. They lack no alarm; send them again: deadair queues redrive {name}")
    if balance.balances:
        terminal.say("It balances: nothing that was received is missing.", "bold green")
    for problem in balance.problems[:SHOWN]:
        terminal.complain(f"It does not balance: {problem}.")
    if len(balance.problems) > SHOWN:
        terminal.complain(f"And {len(balance.problems) - SHOWN} more: deadair verify --json has them all.")


def _reasons(counted: dict[str, int]) -> str:
    return ", ".join(f"{number} {reason}" for reason, number in sorted(counted.items(), key=lambda r: (-r[1], r[0])))
