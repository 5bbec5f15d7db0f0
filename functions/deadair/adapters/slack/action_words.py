"""What is typed about action items: `42 replace the key @ben by 12 Dec preventive`, `42-A1 done`, `42-A1 by Friday`.

Knows the order of these words. Refuses to know incidents and people. Any text gives an answer; nothing raises.
"""

import re
from dataclasses import dataclass
from datetime import date

from deadair.domain.action_item import ActionKind
from deadair.domain.typed_day import by_day

# `INC-42-A1`, `42-A1`, `42A1`; the verb may stand before or behind it.
NAMED = re.compile(r"\(?(?:inc-?)?(\d{1,9})-?a(\d{1,3})[).,:;!]*", re.IGNORECASE | re.ASCII)
PLACE = re.compile(r"a(\d{1,3})[.,:;!]*", re.IGNORECASE | re.ASCII)
VERBS = frozenset({"action", "actions", "action-item", "todo", "undone", "done", "drop", "dropped", "reopen", "change"})
OWN = frozenset({"action", "actions", "action-item", "todo"})
DONE, DROP, REOPEN = "done", "drop", "reopen"
STEPS = {
    "done": DONE,
    "finished": DONE,
    "complete": DONE,
    "drop": DROP,
    "dropped": DROP,
    "cancel": DROP,
    "reopen": REOPEN,
    "undone": REOPEN,
}
KINDS = {kind.value: kind for kind in ActionKind} | {
    "prevent": ActionKind.PREVENTIVE,
    "detect": ActionKind.DETECTIVE,
    "correct": ActionKind.CORRECTIVE,
}


@dataclass(frozen=True, slots=True)
class ActionWords:
    """What was understood. `place` is the item's number, 0: a new one. `step` is done, drop, reopen or empty."""

    place: int = 0
    step: str = ""
    text: str = ""
    kind: ActionKind | None = None
    due_on: date | None = None


def with_action(text: str) -> str:
    """`done 42-A1 …`, `42-A1 done …` and the like as `action 42 A1 done …`; any other text as it is."""
    first, _, rest = text.partition(" ")
    if found := NAMED.fullmatch(first):
        return f"action {found[1]} A{found[2]} {rest}".strip()
    word = first.casefold().lstrip("/")
    second, _, after = rest.strip().partition(" ")
    found = NAMED.fullmatch(second) if word in VERBS else None
    if not found:
        return text
    step = "" if word in OWN | {"change"} else word
    return " ".join(part for part in (f"action {found[1]} A{found[2]}", step, after.strip()) if part)


def read_action(text: str, today: date, mention: str = "") -> ActionWords:
    """Read what follows the verb and the incident; `mention` is the name of somebody who stands in it as `@name`."""
    place, rest = _place(text)
    first, _, after = rest.partition(" ")
    step = STEPS.get(first.casefold().rstrip(".,:;!"), "") if place else ""
    if step:
        return ActionWords(place, step, after.strip())
    rest = rest.replace(f"@{mention}", " ", 1) if mention else rest
    due_on, rest = by_day(rest, today)
    kind, rest = _kind(rest)
    return ActionWords(place, "", " ".join(rest.split()), kind, due_on)


def _place(text: str) -> tuple[int, str]:
    first, _, rest = text.strip().partition(" ")
    found = PLACE.fullmatch(first)
    return (int(found[1]), rest.strip()) if found else (0, text.strip())


def _kind(text: str) -> tuple[ActionKind | None, str]:
    """The kind, where it is the first or the last word."""
    words = text.split()
    for place in (-1, 0):
        kind = KINDS.get(words[place].casefold().strip("[]().,:;")) if words else None
        if kind:
            del words[place]
            return kind, " ".join(words)
    return None, text
