"""How a failure is said at the terminal: what was understood, what changed, what to do next.

Knows our errors and those of AWS that have a remedy. An error that it does not know is a fault and keeps its trace.
"""

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Refusal, Unavailable
from infra.cli import terminal
from infra.cli.incident_steps import STEPS
from infra.local.errors import LocalStackError

REFUSED, CANNOT_BEGIN = 1, 2


def explain(error: Exception) -> int | None:
    """Print the failure and return the exit status; None for an error that nobody foresaw."""
    if isinstance(error, LocalStackError):
        terminal.complain(str(error))
        return CANNOT_BEGIN
    if isinstance(error, Refusal):
        terminal.complain(error.message, _here(error.remedy))
        return REFUSED
    if isinstance(error, Unavailable):
        terminal.complain(str(error), "Run the same command again in a moment.")
        return REFUSED
    if isinstance(error, ClientError):
        answer = error.response.get("Error", {})
        terminal.complain(
            f"AWS refused {error.operation_name}: {answer.get('Message') or answer.get('Code')}",
            "Check that the profile may read the stack, and that the stack is the right one.",
        )
        return CANNOT_BEGIN
    if isinstance(error, BotoCoreError):
        terminal.complain(f"AWS does not answer: {error}", "Check the profile, the region and the network.")
        return CANNOT_BEGIN
    return None


def _here(remedy: str) -> str:
    """A remedy that names a step (`list`, `show 42`) or a page as this command says it."""
    if remedy == "/dead-letters":
        return "Next: deadair ledger list"
    step, _, rest = remedy.partition(" ")
    if step == "action":
        return f"Next: deadair actions {_of_an_item(rest)}"
    return f"Next: deadair incidents {remedy}" if step in {"list", "show", *STEPS} else remedy


def _of_an_item(words: str) -> str:
    """`42-A1 drop why` as `drop 42-A1 why`, `42` as its list, `42 what is to be done` as `add 42 …`."""
    ref, _, rest = words.partition(" ")
    if not rest:
        return f"list --incident {ref}"
    if "-A" not in ref:
        return f"add {words}"
    verb, _, more = rest.partition(" ")
    return " ".join(part for part in (verb, ref, more) if part)
