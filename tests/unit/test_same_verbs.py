"""Claims about the three doors: a step that can be taken at one of them can be taken at the others, or says why not."""

from infra.cli.incident_review import REVIEW
from infra.cli.incident_said import SAID
from infra.cli.incident_steps import STEPS as COMMANDS
from slack_commands.verbs import READS, RUN
from web.pages.incident_steps import STEPS as FORMS
from web.routes import ROUTES

# What the doors call by other names.
ALIKE = {"acknowledge": "ack"}
NOT_ON_PAGES = {
    "action": "its forms stand in a part of their own, on the page of the incident and on /actions",
    **dict.fromkeys(("pm", "review", "approve", "return", "publish"), "the postmortem has a page of its own"),
    "status": "a stage word: its steps are forms of their own",
    "open": "no step of an incident that is there: a form on /incidents",
}
NOT_BY_COMMAND = {
    "action": "`deadair actions` has a command for each step",
    "pm": "five answers are no matter for a shell; `deadair kb` keeps what is published",
    "status": "a stage word: its steps are commands of their own",
}


# What a command only shows.
SHOWS = {"postmortem"}


def steps_of_slack() -> set[str]:
    return set(RUN) - READS


def test_every_step_of_slack_is_a_form_of_a_page_or_says_why_not() -> None:
    forms = {ALIKE.get(verb, verb) for verb in FORMS}

    assert steps_of_slack() - forms == set(NOT_ON_PAGES)
    assert {("POST", "/incidents"), ("POST", "/incidents/<ref>/postmortem")} <= {route[:2] for route in ROUTES}


def test_every_step_of_slack_is_a_command_or_says_why_not() -> None:
    commands = COMMANDS.keys() | SAID.keys() | REVIEW.keys()

    assert steps_of_slack() - commands - {"open"} == set(NOT_BY_COMMAND)


def test_no_page_and_no_command_knows_a_step_that_slack_does_not() -> None:
    assert {ALIKE.get(verb, verb) for verb in FORMS} <= steps_of_slack()
    assert (COMMANDS.keys() | SAID.keys() | REVIEW.keys()) - SHOWS <= steps_of_slack()
