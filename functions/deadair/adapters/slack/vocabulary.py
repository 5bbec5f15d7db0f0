"""The verbs of `/incident …`: their names, what may follow each, and the flags that it takes.

Knows words. Refuses to know their order and what a verb does.
"""

from dataclasses import dataclass
from enum import Enum

# Every `--word` that means something to some verb.
FLAGS = ("at", "fix", "override", "since")
OVERRIDE = ("override",)


class OwnNumber(Enum):
    """When a bare number after the verb is the verb's own and names no incident."""

    NEVER = "never"
    ALONE = "alone"  # unless a second number follows: `sev 2`, `sev 42 2`
    COUNTED = "counted"  # when it counts something: `affected 1200 contacts`, `affected 42 all leads`


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb's other names, whether an incident may follow it, and its flags: any other `--word` is text."""

    aliases: tuple[str, ...] = ()
    takes_ref: bool = True
    flags: tuple[str, ...] = ()
    own_number: OwnNumber = OwnNumber.NEVER


VERBS: dict[str, Verb] = {
    "help": Verb(("?", "hi", "hello", "usage", "commands"), takes_ref=False),
    "list": Verb(("ls", "incidents"), takes_ref=False, flags=("since",)),
    "show": Verb(("info", "get", "view")),
    "open": Verb(("new", "declare", "opened", "report", "create"), takes_ref=False),
    "ack": Verb(("acknowledge", "acknowledged", "acked", "mine"), flags=OVERRIDE),
    "note": Verb(("update", "log", "add", "comment"), flags=("at",)),
    "status": Verb(("stage",), flags=("at", "fix", "override")),
    "mitigate": Verb(("mitigated", "contained"), flags=OVERRIDE),
    "resolve": Verb(("resolved", "close", "closed", "fixed", "done"), flags=("fix", "override")),
    "reopen": Verb(("re-open", "reopened"), flags=OVERRIDE),
    "assign": Verb(("owner", "handover", "hand-over", "reassign"), flags=OVERRIDE),
    "sev": Verb(("severity", "prio", "priority"), flags=OVERRIDE, own_number=OwnNumber.ALONE),
    "affected": Verb(("affects", "impact"), own_number=OwnNumber.COUNTED),
    "change": Verb(("changed", "changes"), flags=("at",)),
    "link": Verb(("links", "url", "attach")),
    "cause": Verb(("class", "because", "diagnosis"), flags=OVERRIDE),
    "check": Verb(("checked", "tick", "checks", "checklist"), own_number=OwnNumber.ALONE),
    "snooze": Verb(("silence", "mute", "quiet"), flags=OVERRIDE),
    "unsnooze": Verb(("wake", "unmute"), flags=OVERRIDE),
    "merge": Verb(("join",), flags=OVERRIDE),
    "split": Verb(("separate",), flags=OVERRIDE),
    "false-alarm": Verb(("cancel", "false", "falsealarm", "not-an-incident"), flags=OVERRIDE),
    "milestone": Verb(("milestones", "set"), flags=("at", "override")),
    "undo": Verb(("revert", "oops"), flags=OVERRIDE),
    "timeline": Verb(("history", "tl")),
    "action": Verb(("actions", "action-item", "todo")),
    "pm": Verb(("postmortem", "post-mortem", "retro")),
    "review": Verb(("reviewer", "proofread"), flags=OVERRIDE),
    "approve": Verb(("approved", "lgtm")),
    "return": Verb(("send-back", "sendback", "rework")),
    "publish": Verb(("published",), flags=OVERRIDE),
    "search": Verb(("find", "kb"), takes_ref=False),
    "who": Verb(("whois", "oncall", "owns"), takes_ref=False),
    "attest": Verb(("attestation",), takes_ref=False),
    "drill": Verb(("practice", "exercise"), takes_ref=False),
    "settings": Verb(("setting", "config", "preferences", "timezone"), takes_ref=False),
}
NAMES: dict[str, str] = {name: verb for verb, shape in VERBS.items() for name in (verb, *shape.aliases)}
