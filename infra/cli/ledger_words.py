"""What `deadair ledger` says: a list of dead letters, one of them whole, and what was sent."""

from collections.abc import Sequence
from datetime import datetime

from deadair.adapters.dynamodb.letters import letter_fields
from deadair.domain.letter import Letter, LetterState
from infra.cli import terminal

COLUMNS = ("letter", "since (UTC)", "reason", "what is wrong")
SENT = ("letter", "sent (UTC)", "by", "became")


def print_list(letters: Sequence[Letter], *, more: bool, sent: bool) -> None:
    """A table, newest first."""
    if not letters:
        terminal.say("None was sent once more." if sent else "No dead letters.", "bold green")
        return
    rows = [_sent(letter) if sent else _waits(letter) for letter in letters]
    terminal.table(SENT if sent else COLUMNS, rows, flexible="became" if sent else "what is wrong")
    number = terminal.count(len(letters), "letter") + (", and there are more" if more else "")
    following = "" if sent else f" After the cause was mended: deadair ledger redrive {letters[0].message_id}"
    terminal.say(f"{number}.{following}", "dim")


def _waits(letter: Letter) -> tuple[str, ...]:
    again = f" (sent {terminal.count(letter.tries, 'time')}, failed again)" if letter.tries else ""
    return (letter.message_id, _moment(letter.failed_at or letter.dead_at), letter.reason, letter.message + again)


def _sent(letter: Letter) -> tuple[str, ...]:
    return (letter.message_id, _moment(letter.redriven_at), letter.redriven_by, became(letter))


def became(letter: Letter) -> str:
    """What became of a letter that was sent once more."""
    if letter.state is LetterState.WAITING:
        return "failed again" if letter.tries else "waits"
    if letter.state is LetterState.BEGUN:
        return "is being sent"
    return " ".join(filter(None, (letter.became or "in flight", letter.incident, letter.became_reason)))


def print_one(letter: Letter, raw: str) -> None:
    """What is known, then the text as it came."""
    facts = [
        ("letter", letter.message_id),
        ("since", _moment(letter.dead_at)),
        ("reason", letter.reason),
        ("wrong", letter.message),
        ("sent again", f"{_moment(letter.redriven_at)} by {letter.redriven_by}" if letter.redriven_at else ""),
        ("became", became(letter) if letter.tries else ""),
    ]
    for name, value in facts:
        if value:
            terminal.line((f"  {name:<12}", "dim"), (value, ""))
    terminal.out.print()
    for line in raw.splitlines():
        terminal.line((line, ""))


def print_gone(letters: Sequence[Letter], *, asked: bool) -> None:
    """What was sent."""
    if not letters:
        terminal.say("None waits." if not asked else "Nothing was sent.")
        return
    for letter in letters:
        terminal.line((f"{letter.message_id}  ", "bold"), (f"{became(letter)}", ""))
    terminal.say(f"{terminal.count(len(letters), 'letter')}. What became of them: deadair ledger list --sent", "dim")


def print_list_json(letters: Sequence[Letter]) -> None:
    """The list for machines."""
    terminal.print_json([letter_fields(letter) for letter in letters])


def print_one_json(letter: Letter, raw: str) -> None:
    """One letter for machines, whole."""
    terminal.print_json(letter_fields(letter) | {"raw": raw})


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""
