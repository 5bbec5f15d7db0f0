"""No use case that writes an incident forgets to ask who may: the sources say so."""

import ast
from pathlib import Path

import deadair.usecases

FOLDER = Path(deadair.usecases.__file__).parent
# Only these write an incident's state, its entries or its postmortem.
WRITES = frozenset(
    {"save", "save_postmortem", "save_version", "incident_writes", "incident_item", "taken", "take", "postmortem_entry"}
)
ASKS = frozenset({"action_step", "allowed", "check", "check_row", "change_row", "take", "postmortem_entry"})
# Deadair's own steps, which are nobody's to allow, and what everybody may do to what is nobody's yet.
NOT_ASKED = {
    "diagnose": "what a look found",
    "draft_postmortem": "Deadair drafts",
    "edit_postmortem": "answer_postmortem asks",
    "escalate": "Deadair tells people",
    "import_postmortems": "the operators bring write-ups of before",
    "one_sitting": "answer_postmortem asks",
    "open_by_hand": "whoever sees it says it",
    "open_past": "whoever remembers it says it",
    "publish_documents": "follows from what was published",
    "record_transitions": "what alarms say",
    "refresh_postmortem": "Deadair brings facts up to date",
    "resolve_owner": "what the registry says",
}


def calls_in(path: Path) -> set[str]:
    """The names of everything that a module calls."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls}


def takes_an_actor(path: Path) -> bool:
    functions = [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
    arguments = [arg for one in functions for arg in (*one.args.args, *one.args.kwonlyargs) if arg.annotation]
    return any("Actor" in ast.unparse(arg.annotation) for arg in arguments if arg.annotation)


def test_every_use_case_that_writes_an_incident_for_somebody_asks_who_may() -> None:
    writing = {path.stem: calls_in(path) for path in FOLDER.rglob("*.py") if calls_in(path) & WRITES}
    forgot = {name for name, calls in writing.items() if not calls & ASKS} - set(NOT_ASKED)
    assert forgot == set()


def test_every_use_case_in_which_somebody_acts_asks_who_may() -> None:
    acting = {path.stem for path in FOLDER.rglob("*.py") if takes_an_actor(path)}
    helpers = {"last_step", "restoring", "step"}
    asked = {path.stem for path in FOLDER.rglob("*.py") if calls_in(path) & ASKS}
    assert acting - asked - helpers - set(NOT_ASKED) == set()


def test_nothing_is_excused_that_does_not_write() -> None:
    assert {name for name in NOT_ASKED if not (FOLDER / f"{name}.py").exists()} == set()
