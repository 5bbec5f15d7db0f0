"""`deadair actions`: what people will do so that an incident does not come again. Wiring."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen
from infra.cli.incident_step import As, Json

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.incidents import IncidentStore
    from deadair.domain.action_item import ActionItem, ActionKind
    from deadair.domain.ownership import Person
    from deadair.domain.timeline import Actor
    from infra.target import Target

app = typer.Typer(help="Action items of incidents: what is open, whose, until when.", no_args_is_help=True)
Item = Annotated[str, typer.Argument(metavar="ITEM", help="INC-42-A1 or 42-A1.")]
Words = Annotated[list[str], typer.Argument(metavar="WORDS…", help="What is to be done.")]
Some = Annotated[list[str] | None, typer.Argument(metavar="[WORDS…]", help="In a few words.")]
Why = Annotated[list[str], typer.Argument(metavar="WHY…", help="Why it is not needed any more.")]
Owner = Annotated[str, typer.Option(help="The address of whoever does it; without it, the incident's owner.")]
Until = Annotated[str, typer.Option("--by", help="Until when: 2026-12-12, '12 Dec', Friday; without it, four weeks.")]
Kind = Annotated[str, typer.Option(help="preventive, detective or corrective.")]
Link = Annotated[str, typer.Option(help="Its address in a tracker.")]


@app.command(name="list")
def list_(
    context: typer.Context,
    *,
    incident: Annotated[str, typer.Option(help="Those of one incident: INC-42 or 42.")] = "",
    owner: Annotated[str, typer.Option(help="Those of one person, by their address.")] = "",
    integration: Annotated[str, typer.Option(help="Those of one integration, by its slug.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="What is done or dropped, too.")] = False,
    as_json: Json = False,
) -> None:
    """List action items, the earliest day first."""
    from infra.cli import actions_words

    found = _found(chosen(context), incident, integration, everything=everything)
    items = [item for item in found if not owner or item.owner.email.casefold() == owner.strip().casefold()]
    today = datetime.now(UTC).date()
    (actions_words.print_list_json if as_json else actions_words.print_list)(items, today)


@app.command()
def add(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="INC-42, 42 or #42.")],
    words: Words,
    *,
    owner: Owner = "",
    by: Until = "",
    kind: Kind = "preventive",
    link: Link = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Add one to an incident."""
    from deadair.usecases.actions.add_action import add_action
    from infra.cli.incident_step import number_of

    store, actor, target = _desk(context, who)
    item = add_action(
        store,
        number_of(incident),
        actor,
        " ".join(words),
        kind=_kind(kind),
        owner=_owner(target, owner),
        due_on=_day(by),
        link=link,
        now=datetime.now(UTC),
    )
    _print(item, as_json=as_json)


@app.command()
def done(context: typer.Context, item: Item, words: Some = None, *, who: As = "", as_json: Json = False) -> None:
    """Say that one is done."""
    from deadair.domain.action_item import ActionStatus

    _end(context, item, ActionStatus.DONE.value, " ".join(words or ()), who, as_json=as_json)


@app.command()
def drop(context: typer.Context, item: Item, why: Why, *, who: As = "", as_json: Json = False) -> None:
    """Say that one is not needed any more, and why."""
    from deadair.domain.action_item import ActionStatus

    _end(context, item, ActionStatus.DROPPED.value, " ".join(why), who, as_json=as_json)


@app.command()
def reopen(context: typer.Context, item: Item, *, who: As = "", as_json: Json = False) -> None:
    """Say that one goes on after all."""
    from deadair.usecases.actions.end_action import reopen_action

    store, actor, _ = _desk(context, who)
    _print(reopen_action(store, *_named(item), actor, now=datetime.now(UTC)), as_json=as_json)


@app.command()
def change(
    context: typer.Context,
    item: Item,
    *,
    text: Annotated[str, typer.Option(help="Other words.")] = "",
    owner: Annotated[str, typer.Option(help="The address of whoever does it now.")] = "",
    by: Annotated[str, typer.Option("--by", help="Until when now.")] = "",
    kind: Annotated[str, typer.Option(help="preventive, detective or corrective.")] = "",
    link: Annotated[str | None, typer.Option(help="Its address in a tracker; empty takes it away.")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Give one other words, another day, owner, kind or address. What is not named stays."""
    from deadair.usecases.actions.change_action import change_action
    from deadair.usecases.steadily import steadily

    store, actor, target = _desk(context, who)
    after = steadily(
        lambda: change_action(
            store,
            *_named(item),
            actor,
            now=datetime.now(UTC),
            text=text or None,
            kind=_kind(kind) if kind else None,
            owner=_owner(target, owner),
            due_on=_day(by),
            link=link,
        )
    )
    _print(after, as_json=as_json)


def _end(context: typer.Context, item: str, status: str, why: str, who: str, *, as_json: bool) -> None:
    from deadair.domain.action_item import ActionStatus
    from deadair.usecases.actions.end_action import end_action
    from deadair.usecases.steadily import steadily

    store, actor, _ = _desk(context, who)
    ended = steadily(
        lambda: end_action(store, *_named(item), actor, ActionStatus(status), now=datetime.now(UTC), why=why)
    )
    _print(ended, as_json=as_json)


def _found(target: "Target", incident: str, integration: str, *, everything: bool) -> "list[ActionItem]":
    from deadair.adapters.dynamodb.actions import ActionStore
    from infra.cli.incident_step import number_of, store_of

    store = store_of(target)
    actions = ActionStore(store.client, store.table)
    if incident:
        return [item for item in actions.of_incident(number_of(incident)) if everything or item.is_open]
    if integration:
        return actions.of_integration(integration, open_only=not everything)
    return actions.open_actions() + (actions.ended_actions() if everything else [])


def _desk(context: typer.Context, who: str) -> "tuple[IncidentStore, Actor, Target]":
    from infra.cli.incident_step import actor_of, rows_of, store_of

    target = chosen(context)
    return store_of(target), actor_of(target, rows_of(target) if who else [], who), target


def _named(item: str) -> tuple[int, int]:
    """Raises Invalid for what names no item."""
    from deadair.adapters.slack.action_words import NAMED
    from deadair.domain.errors import Invalid

    found = NAMED.fullmatch(item.strip())
    if not found:
        raise Invalid(f"`{item}` is no action item.", field="item", remedy="Write INC-42-A1 or 42-A1.")
    return int(found[1]), int(found[2])


def _owner(target: "Target", email: str) -> "Person | None":
    from infra.cli.incident_step import person_of, rows_of

    return person_of(target, rows_of(target), email) if email else None


def _day(text: str) -> date | None:
    from deadair.domain.errors import Invalid
    from deadair.domain.typed_day import parse_day

    day = parse_day(text, datetime.now(UTC).date()) if text else None
    if text and day is None:
        raise Invalid(f"`{text}` is no day.", field="by", remedy="Write 2026-12-12, '12 Dec' or Friday.")
    return day


def _kind(text: str) -> "ActionKind":
    from deadair.domain.action_item import ActionKind
    from deadair.domain.errors import Invalid

    try:
        return ActionKind(text)
    except ValueError as odd:
        raise Invalid(f"`{text}` is no kind.", field="kind", remedy=f"Use {', '.join(ActionKind)}.") from odd


def _print(item: "ActionItem", *, as_json: bool) -> None:
    from infra.cli import actions_words

    (actions_words.print_one_json if as_json else actions_words.print_one)(item)
