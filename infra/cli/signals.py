"""`deadair signals`: keys and heartbeat addresses of integrations, and one signal sent by hand. Wiring."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.usecases.signal_keys import KeyDesk
    from infra.target import Target

app = typer.Typer(help="Let integrations send signals, and send one yourself.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Slug = Annotated[str, typer.Argument(help="The integration's slug.")]
Rotate = Annotated[bool, typer.Option("--rotate", help="Make a new one; the current one stays valid beside it.")]
Revoke = Annotated[bool, typer.Option("--revoke-old", help="From now on only the current one is valid.")]


@app.command()
def key(
    context: typer.Context,
    integration: Slug,
    *,
    rotate: Rotate = False,
    revoke_old: Revoke = False,
    as_json: Json = False,
) -> None:
    """Print the key with which signals are signed.

    Each integration has its own; the first is made when there is none.
    """
    from infra.cli import signal_words

    desk = desk_of(chosen(context))
    found = desk.rotate_key(integration) if rotate else desk.key(integration)
    revoked = desk.revoke_old_key(integration) if revoke_old else None
    if as_json:
        signal_words.print_key_json(integration, found)
    else:
        signal_words.print_key(integration, found, rotated=rotate, revoked=revoked)


@app.command()
def heartbeat(
    context: typer.Context,
    integration: Slug,
    *,
    rotate: Rotate = False,
    revoke_old: Revoke = False,
    as_json: Json = False,
) -> None:
    """Print the secret address that counts runs.

    Each call of it counts one run of the integration; the first address is made when there is none.
    """
    from infra.cli import signal_words

    target = chosen(context)
    desk = desk_of(target)
    token = desk.rotate_heartbeat(integration) if rotate else desk.heartbeat(integration)
    revoked = desk.revoke_old_heartbeat(integration) if revoke_old else None
    address = f"{target.web}/v1/heartbeats/{integration}/{token}"
    if as_json:
        signal_words.print_heartbeat_json(integration, address)
    else:
        signal_words.print_heartbeat(address, rotated=rotate, revoked=revoked)


@app.command()
def send(
    context: typer.Context,
    integration: Slug,
    *,
    records: Annotated[int | None, typer.Option(help="How many records it carried.")] = None,
    errors: Annotated[int | None, typer.Option(help="How many of them failed.")] = None,
    ok: Annotated[bool, typer.Option("--ok/--failed", help="Whether the run went well.")] = True,
    latency_ms: Annotated[float | None, typer.Option(help="How long it took.")] = None,
    lag_s: Annotated[float | None, typer.Option(help="How old its newest data were.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="HTTP statuses that came back, such as 401=3.")] = None,
    at: Annotated[str, typer.Option(help="When it ended, such as 2026-11-21T08:00:00Z; without it, now.")] = "",
    name: Annotated[str, typer.Option("--id", help="Its own id: a second signal with it counts no more.")] = "",
) -> None:
    """Send one signed signal, and print the answer.

    It goes through the web address, as an integration's own signals do.
    """
    from infra.cli import signal_words
    from infra.cli.signal_sending import codes_of, post

    numbers = {"records": records, "errors": errors, "latency_ms": latency_ms, "lag_s": lag_s}
    told = numbers | {"status_codes": codes_of(status or []), "occurred_at": at or None, "id": name or None}
    given = {name: value for name, value in told.items() if value is not None}
    target = chosen(context)
    secret = desk_of(target).key(integration).secret
    answer = post(target.web, secret, {"integration": integration, "ok": ok, **given})
    signal_words.print_answer(answer)
    raise typer.Exit(0 if answer.taken else 1)


def desk_of(target: "Target") -> "KeyDesk":
    """Where the keys of a stack are got and changed."""
    from deadair.adapters.dynamodb.registry_writer import RegistryWriter
    from deadair.adapters.ssm.signal_keys import SignalKeyStore
    from deadair.usecases.signal_keys import KeyDesk
    from infra.cli.people import operator
    from infra.config import stage_named

    stage = stage_named(target.stack.removeprefix("Deadair-"))
    store = SignalKeyStore(target.client("ssm"), stage.signal_secrets)
    writer = RegistryWriter(target.client("dynamodb"), output(target, "RegistryTable"))
    return KeyDesk(store, writer, by=operator(), now=datetime.now(UTC))
