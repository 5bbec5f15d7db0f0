"""How a step of an incident becomes a command: which incident, who takes it, what is printed.

Knows the parameters that every step has. Refuses to know any step: a step is a small function that says its own.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.incidents import IncidentStore
    from deadair.domain.incident import Incident
    from deadair.domain.ownership import Integration, Person
    from deadair.domain.timeline import Actor
    from infra.target import Target

Which = Annotated[str, typer.Argument(metavar="INCIDENT", help="INC-42, 42 or #42.")]
As = Annotated[str, typer.Option("--as", metavar="E-MAIL", help="Who takes it: a person of the registry or of Slack.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a step gets to know."""

    target: "Target"
    store: "IncidentStore"
    number: int
    actor: "Actor"
    now: datetime
    as_json: bool = False

    def rows(self) -> "list[Integration]":
        """The registry."""
        return rows_of(self.target)


Step = Callable[..., "Incident | None"]


def step(app: typer.Typer, name: str) -> Callable[[Step], Step]:
    """Make a command of a step. The step takes a Desk and its own parameters; None: it has printed by itself."""

    def make(work: Step) -> Step:
        own = list(inspect.signature(work).parameters.values())[1:]
        hints = get_type_hints(work, include_extras=True, localns={"Desk": Desk, "Incident": object})

        def run(context: typer.Context, incident: str, **given: Any) -> None:
            from deadair.usecases.steadily import steadily

            who, as_json = given.pop("who"), given.pop("as_json")
            desk = _desk(context, incident, who, as_json=as_json)
            _print(steadily(lambda: work(desk, **given)), as_json=as_json)

        positional, named = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
        parameters = [
            inspect.Parameter("context", positional, annotation=typer.Context),
            inspect.Parameter("incident", positional, annotation=Which),
            *(one.replace(kind=named, annotation=hints[one.name]) for one in own),
            inspect.Parameter("who", named, default="", annotation=As),
            inspect.Parameter("as_json", named, default=False, annotation=Json),
        ]
        run.__doc__ = work.__doc__
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        app.command(name=name)(run)
        return work

    return make


def number_of(incident: str) -> int:
    """The number that somebody wrote. Raises Invalid."""
    from deadair.domain.errors import Invalid
    from deadair.domain.incident import parse_number

    number = parse_number(incident)
    if number is None:
        raise Invalid(f"`{incident}` is not an incident.", field="incident", remedy="Write INC-42, 42 or #42.")
    return number


def person_of(target: "Target", rows: "list[Integration]", email: str) -> "Person":
    """The person with this address, whom the registry names or Slack knows. Raises Invalid."""
    from deadair.domain.errors import Invalid
    from deadair.domain.standing_in import people_of

    people = [person for row in rows for person in people_of(row)]
    found = next((person for person in people if person.email.lower() == email.strip().lower() != ""), None)
    found = found or _member(target, email)
    if found is None:
        raise Invalid(
            f"Neither the registry nor Slack knows anybody with the address `{email}`.",
            field="as",
            remedy="See `deadair registry export`.",
        )
    return found


def _member(target: "Target", email: str) -> "Person | None":
    """Somebody whom Slack knows by this address."""
    from deadair.domain.ownership import Person
    from deadair.usecases.know_member import know_member_by_email
    from infra.cli.slack_people import workspace_of

    workspace = workspace_of(target)
    known = know_member_by_email(workspace.members, workspace.slack, email.strip(), datetime.now(UTC))
    return Person(known.name, known.email or email, known.slack_id) if known and not known.deactivated else None


def _desk(context: typer.Context, incident: str, who: str, *, as_json: bool) -> Desk:
    number, target = number_of(incident), chosen(context)
    actor = actor_of(target, rows_of(target) if who else [], who)
    return Desk(target, store_of(target), number, actor, datetime.now(UTC), as_json)


def store_of(target: "Target") -> "IncidentStore":
    """The incidents of a stack."""
    from deadair.adapters.dynamodb.incidents import IncidentStore

    return IncidentStore(target.client("dynamodb"), output(target, "IncidentsTable"))


def actor_of(target: "Target", rows: "list[Integration]", who: str) -> "Actor":
    """Who acts: the person with that address, else whoever runs the command. Raises Invalid."""
    from deadair.domain.ownership import Person
    from deadair.domain.rights import Rights
    from deadair.domain.timeline import Actor, Source
    from infra.cli.people import operator

    person = person_of(target, rows, who) if who else Person(operator())
    # Whoever holds the account's keys is an administrator; the timeline says that it came from the command line.
    return Actor(person, Source.CLI, Rights(admin=True))


def rows_of(target: "Target") -> "list[Integration]":
    """The registry of a stack."""
    from deadair.adapters.dynamodb.registry import RegistryStore

    return RegistryStore(target.client("dynamodb"), output(target, "RegistryTable")).rows()


def _print(incident: "Incident | None", *, as_json: bool) -> None:
    from infra.cli import incident_words

    if incident is not None:
        (incident_words.print_state_json if as_json else incident_words.print_state)(incident)
