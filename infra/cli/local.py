"""`deadair local`: break an integration of the running local stack, and mend it. Wiring.

The traffic lives in the process of `make up` or `make demo`; this command asks it through its doors, and watches what
a user could watch: alarms and incidents.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.cli.choice import chosen
from infra.local.traffic.how import How

if TYPE_CHECKING:
    from infra.cli.local_watch import Watcher
    from infra.local.traffic.client import TrafficClient

app = typer.Typer(help="Break and mend the integrations of a local stack.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Slug = Annotated[str, typer.Argument(help="The integration's slug.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Watch until the incident shows it.")]


@app.command(name="break")
def break_(
    context: typer.Context,
    integration: Slug,
    *,
    how: Annotated[How, typer.Option(help="How it fails.")],
    from_now: Annotated[
        bool, typer.Option("--from-now", help="Begin now, instead of one window of its alarm ago.")
    ] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even if none of its alarms will notice.")] = False,
    wait: Wait = True,
    as_json: Json = False,
) -> None:
    """Let an integration fail, and watch it be noticed.

    Its own alarm says so, and the incident has its owner and the class of the failure.
    Unless --from-now is given, what was counted since the beginning of the alarm's window is forgotten and sent anew,
    so that the failure began then.
    """
    from infra.cli import local_words

    traffic, watcher = _traffic(context), _watcher(context)
    wanted = {"from_now": from_now, "anyway": anyway}
    plan = _asked(lambda: traffic.plan(integration, how.value, **wanted))
    soon = local_words.is_soon(plan)
    if not as_json:
        local_words.print_plan(plan, from_now=from_now)
    if plan["alarms"] and wait and soon:
        _ready(watcher, plan)
    plan = _asked(lambda: traffic.break_(integration, how.value, **wanted))
    watching = bool(plan["alarms"]) and wait and soon
    seen = watcher.opened(plan, None if as_json else local_words.print_step) if watching else {}
    if as_json:
        local_words.print_json(plan | seen)
    else:
        local_words.print_broken(plan, seen, watched=watching)
    raise typer.Exit(1 if watching and "incident" not in seen else 0)


@app.command()
def mend(context: typer.Context, integration: Slug, *, wait: Wait = True, as_json: Json = False) -> None:
    """Let an integration work again, and watch it recover."""
    from infra.cli import local_words

    traffic, watcher = _traffic(context), _watcher(context)
    plan = _asked(lambda: traffic.mend(integration))
    watching = wait and not plan["note"]
    if not as_json:
        local_words.print_mending(plan)
    seen = watcher.recovered(plan, None if as_json else local_words.print_step) if watching else {}
    if as_json:
        local_words.print_json(plan | seen)
    raise typer.Exit(1 if watching and seen.get("ringing") else 0)


@app.command()
def traffic(context: typer.Context, *, as_json: Json = False) -> None:
    """Show who is played, and who is broken."""
    from infra.cli import local_words

    told = _asked(_traffic(context).traffic)
    if as_json:
        local_words.print_json(told)
    else:
        local_words.print_traffic(told)


def _ready(watcher: "Watcher", plan: dict[str, Any]) -> None:
    """An alarm must be OK before it can ring."""
    from infra.cli import terminal

    state = watcher.ready(plan["alarms"][0]["name"])
    if state != "OK":
        remedy = f"Look: deadair incidents list. Then mend {plan['slug']}, or break it with --no-wait."
        terminal.complain(f"{plan['alarms'][0]['name']} is {state or 'not made yet'}, so it cannot ring.", remedy)
        raise typer.Exit(1)


def _asked(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the traffic answers; ends the command with its refusal."""
    from infra.cli import terminal
    from infra.local.traffic.client import TrafficRefused

    try:
        return ask()
    except TrafficRefused as refusal:
        terminal.complain(refusal.message, refusal.remedy)
        raise typer.Exit(1) from None


def _traffic(context: typer.Context) -> "TrafficClient":
    from infra.local.traffic.client import TrafficClient

    return TrafficClient(chosen(context).extra.get("traffic", ""))


def _watcher(context: typer.Context) -> "Watcher":
    from infra.cli.local_watch import Watcher

    return Watcher(chosen(context))
