"""What `deadair verify` says: the balance as an account, and the verdict."""

from deadair.usecases.verify_ledger import Balance
from infra.cli import terminal


def print_balance(balance: Balance) -> None:
    """Received on top, what became of it below, the verdict last."""
    reasons = {"ignored": balance.ignored, "dead_lettered": balance.dead}
    rows = [("received", str(balance.received), "")]
    rows += [(f"  {name}", str(number), _reasons(reasons.get(name, {}))) for name, number in balance.outcomes.items()]
    rows += [
        ("  in flight", str(balance.waiting), ""),
        ("in the queues", str(balance.held), ""),
        ("entries of alarms", str(balance.entries), ""),
    ]
    terminal.table(("", "messages", "reasons"), rows, flexible="reasons")
    if balance.balances:
        terminal.say("It balances: nothing that was received is missing.", "bold green")
    for problem in balance.problems:
        terminal.complain(f"It does not balance: {problem}.")


def _reasons(counted: dict[str, int]) -> str:
    return ", ".join(f"{number} {reason}" for reason, number in sorted(counted.items(), key=lambda r: (-r[1], r[0])))
