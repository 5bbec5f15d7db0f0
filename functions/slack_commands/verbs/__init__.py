"""The verbs, one file each: a small function from what was asked to what is answered. They call the use cases."""

from collections.abc import Callable

from slack_commands.context import Context, Reply
from slack_commands.verbs import (
    ack,
    assign,
    cause,
    check,
    false_alarm,
    merge,
    milestone,
    mitigate,
    note,
    pm,
    reopen,
    resolve,
    search,
    sev,
    show,
    snooze,
    split,
    timeline,
    unsnooze,
    who,
)
from slack_commands.verbs import (
    help as help_verb,
)
from slack_commands.verbs import (
    list as list_verb,
)

RUN: dict[str, Callable[[Context], Reply]] = {
    "ack": ack.run,
    "assign": assign.run,
    "cause": cause.run,
    "check": check.run,
    "false-alarm": false_alarm.run,
    "help": help_verb.run,
    "list": list_verb.run,
    "merge": merge.run,
    "milestone": milestone.run,
    "mitigate": mitigate.run,
    "note": note.run,
    "pm": pm.run,
    "reopen": reopen.run,
    "resolve": resolve.run,
    "search": search.run,
    "sev": sev.run,
    "show": show.run,
    "snooze": snooze.run,
    "split": split.run,
    "timeline": timeline.run,
    "unsnooze": unsnooze.run,
    "who": who.run,
}
# Nothing is written by these.
READS = frozenset({"help", "list", "search", "show", "timeline", "who"})
# Repeating these would do something twice, or answer the repetition differently.
ONCE = frozenset(RUN) - READS - {"ack", "resolve"}
