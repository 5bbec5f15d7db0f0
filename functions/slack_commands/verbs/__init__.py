"""The verbs, one file each: a small function from what was asked to what is answered. They call the use cases."""

from collections.abc import Callable

from slack_commands.context import Context, Reply
from slack_commands.verbs import (
    ack,
    action,
    affected,
    approve,
    assign,
    attest,
    cause,
    change,
    check,
    drill,
    false_alarm,
    link,
    merge,
    milestone,
    mitigate,
    note,
    pm,
    publish,
    reopen,
    resolve,
    review,
    search,
    send_back,
    settings,
    sev,
    show,
    snooze,
    split,
    status,
    timeline,
    undo,
    unsnooze,
    who,
)
from slack_commands.verbs import (
    help as help_verb,
)
from slack_commands.verbs import (
    list as list_verb,
)
from slack_commands.verbs import (
    open as open_verb,
)

RUN: dict[str, Callable[[Context], Reply]] = {
    "ack": ack.run,
    "action": action.run,
    "affected": affected.run,
    "approve": approve.run,
    "assign": assign.run,
    "attest": attest.run,
    "cause": cause.run,
    "change": change.run,
    "check": check.run,
    "drill": drill.run,
    "false-alarm": false_alarm.run,
    "help": help_verb.run,
    "link": link.run,
    "list": list_verb.run,
    "merge": merge.run,
    "milestone": milestone.run,
    "mitigate": mitigate.run,
    "note": note.run,
    "open": open_verb.run,
    "pm": pm.run,
    "publish": publish.run,
    "reopen": reopen.run,
    "resolve": resolve.run,
    "return": send_back.run,
    "review": review.run,
    "search": search.run,
    "settings": settings.run,
    "sev": sev.run,
    "show": show.run,
    "snooze": snooze.run,
    "split": split.run,
    "status": status.run,
    "timeline": timeline.run,
    "undo": undo.run,
    "unsnooze": unsnooze.run,
    "who": who.run,
}
# Nothing is written by these.
READS = frozenset({"attest", "drill", "help", "list", "search", "settings", "show", "timeline", "who"})
# Repeating these would do something twice, or answer the repetition differently.
ONCE = frozenset(RUN) - READS
