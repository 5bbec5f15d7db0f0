"""What `deadair templates` says: the list, what is wrong with a template and at which line, and the variables."""

import sys
from typing import Any

from rich.text import Text

from deadair.adapters.jinja.postmortem_check import Fault
from deadair.adapters.jinja.postmortem_overview import Kept
from deadair.adapters.jinja.postmortem_variables import Of, Variable, variables
from deadair.domain.postmortem import EXTRAS, QUESTIONS
from infra.cli import terminal
from infra.cli.terminal import count, line, say

TEMPLATES: tuple[Of, ...] = ("document", "suggested")


def print_list(found: list[Kept], *, as_json: bool) -> None:
    """Each template: its name, what it is for, whose it is, and whether it is used."""
    if as_json:
        terminal.print_json([_as_data(kept) for kept in found])
        return
    rows = [(kept.name, _meant_for(kept), _whose(kept), _state(kept)) for kept in found]
    terminal.table(("Template", "For", "Whose", "State"), rows, flexible="State")
    broken = [kept for kept in found if kept.fault]
    if broken:
        terminal.complain(f"{count(len(broken), 'template')} of the bucket cannot be used.", "Ours are used instead.")


def _as_data(kept: Kept) -> dict[str, Any]:
    told = {name: getattr(kept, name) for name in ("name", "kind", "severity", "question", "size")}
    whose = "bucket" if kept.from_bucket else "shipped"
    return told | {"source": whose, "shipped": kept.is_shipped, "in_use": kept.in_use, "fault": _fault(kept.fault)}


def _fault(fault: Fault | None) -> dict[str, Any] | None:
    return {"line": fault.line, "message": fault.what, "remedy": fault.remedy} if fault else None


def _meant_for(kept: Kept) -> str:
    if kept.question:
        return f"suggested: {(QUESTIONS | EXTRAS)[kept.question]}"
    said = {"consent": "carries consent", "on_demand": "on demand"}.get(kept.kind, kept.kind)
    return ", ".join(filter(None, (said, kept.severity))) or "every other incident"


def _whose(kept: Kept) -> str:
    if not kept.from_bucket:
        return "ours"
    return "yours, in place of ours" if kept.is_shipped else "yours"


def _state(kept: Kept) -> Text:
    return Text(terminal.clean(f"not used: {kept.fault}"), style="red") if kept.fault else Text("in use")


def print_text(name: str, whose: str, text: str, *, as_json: bool) -> None:
    """The template as it is, to be saved in a file."""
    if as_json:
        terminal.print_json({"name": name, "source": whose, "text": text})
    else:
        sys.stdout.write(terminal.HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\x1b", "")))


def print_checked(file: str, faults: list[Fault], *, as_json: bool) -> None:
    """What is wrong with it."""
    if as_json:
        terminal.print_json({"file": file, "ok": not faults, "faults": [_fault(fault) for fault in faults]})
    elif faults:
        _complain(file, faults)
    else:
        say(f"{file} can be used.", "bold")


def print_stored(name: str, file: str, faults: list[Fault], *, as_json: bool) -> None:
    """That it was stored, or why not."""
    if as_json:
        told = {"name": name, "stored": not faults, "faults": [_fault(fault) for fault in faults]}
        terminal.print_json(told)
    elif faults:
        _complain(file, faults)
        terminal.err.print("Nothing was stored.")
    else:
        say(f"Stored as {name}. Within a minute documents follow it.", "bold")
        say(f"Back to ours: deadair templates remove {name}", "dim")


def _complain(file: str, faults: list[Fault]) -> None:
    for fault in faults:
        place = f"{file}:{fault.line}" if fault.line else file
        line((place, "bold"), (f" {fault.what}", ""), stream=terminal.err)
        line((f"  {fault.remedy}", "dim"), stream=terminal.err)


def print_removed(name: str, *, as_json: bool) -> None:
    """That it is gone."""
    if as_json:
        terminal.print_json({"name": name, "removed": True})
    else:
        say(f"Yours of {name} is gone. Within a minute documents follow ours, or a less precise one.", "bold")


def print_variables(*, as_json: bool) -> None:
    """The declaration as a table."""
    if as_json:
        terminal.print_json({of: [_variable(one) for one in variables(of)] for of in TEMPLATES})
        return
    for of in TEMPLATES:
        say("In a document" if of == "document" else "In a suggested answer", "bold")
        rows = [(one.path, one.meaning, _example(one)) for one in variables(of)]
        terminal.table(("Variable", "Meaning", "Example"), rows, flexible="Meaning")
        terminal.out.print()


def _variable(one: Variable) -> dict[str, Any]:
    return {"name": one.path, "meaning": one.meaning, "examples": list(one.examples), "always": one.always}


def _example(one: Variable) -> str:
    example = one.examples[0]
    return "" if example in ([], {}) or isinstance(example, dict) else terminal.json_text(example, indent=None)[:60]
