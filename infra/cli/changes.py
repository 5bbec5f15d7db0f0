"""`deadair changes`: what changed near an integration, listed and told by hand. Wiring."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.domain.change import Kind
    from deadair.usecases.record_changes import ChangeRecorder
    from infra.target import Target

app = typer.Typer(help="What changed near integrations: list, tell by hand.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Slug = Annotated[str, typer.Argument(help="The integration's slug.")]


@app.command(name="list")
def list_(
    context: typer.Context,
    integration: Slug,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 20,
    as_json: Json = False,
) -> None:
    """List what others told of an integration, newest first."""
    from deadair.adapters.dynamodb.changes import ChangeStore
    from infra.cli import change_words

    target = chosen(context)
    _registered(target, integration)
    store = ChangeStore(target.client("dynamodb"), output(target, "IncidentsTable"))
    found = store.latest(integration, limit)
    if as_json:
        change_words.print_list_json(found)
    else:
        change_words.print_list(found)


@app.command()
def add(
    context: typer.Context,
    integration: Slug,
    text: Annotated[str, typer.Argument(help="What was changed, in one line.")],
    *,
    kind: Annotated[
        str, typer.Option(help="deploy, release, config, credential, schema, campaign or other.")
    ] = "release",
    at: Annotated[str, typer.Option(help="When, such as 2026-11-21T08:00:00Z; now when left out.")] = "",
    by: Annotated[str, typer.Option(help="Who changed it, such as the vendor.", show_default="you")] = "",
    own_id: Annotated[str, typer.Option("--id", help="Its own name; said again it is the same change.")] = "",
    url: Annotated[str, typer.Option(help="An https address that says more.")] = "",
    as_json: Json = False,
) -> None:
    """Tell of a change, such as a vendor's release. Open incidents of the integration are looked at again."""
    from deadair.domain.change import Teller, a_change
    from infra.cli import change_words
    from infra.cli.people import operator

    now, target = datetime.now(UTC), chosen(context)
    _registered(target, integration)
    change = a_change(
        integration,
        _instant(at) if at else now,
        _kind(kind),
        text,
        by=by or operator(),
        source=Teller.PERSON,
        own_id=own_id,
        url=_address(url),
    )
    kept = _recorder(target).record([change], now)
    if as_json:
        change_words.print_kept_json(change, kept)
    else:
        change_words.print_kept(change, kept)


def _registered(target: "Target", slug: str) -> None:
    from deadair.adapters.dynamodb.registry import RegistryStore
    from deadair.domain.errors import NotFound

    if RegistryStore(target.client("dynamodb"), output(target, "RegistryTable")).get(slug) is None:
        raise NotFound(
            f"There is no integration `{slug}`.", field="integration", remedy="Look at `deadair registry export`."
        )


def _recorder(target: "Target") -> "ChangeRecorder":
    from deadair.adapters.dynamodb.changes import ChangeStore
    from deadair.adapters.dynamodb.incidents import IncidentStore
    from deadair.adapters.sqs.diagnosis import DiagnosisQueue
    from deadair.usecases.record_changes import ChangeRecorder

    dynamodb, table = target.client("dynamodb"), output(target, "IncidentsTable")
    diagnosis = DiagnosisQueue(target.client("sqs"), output(target, "DiagnosisQueueUrl"))
    return ChangeRecorder(ChangeStore(dynamodb, table), IncidentStore(dynamodb, table), diagnosis)


def _instant(text: str) -> datetime:
    from deadair.domain.errors import Invalid

    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid(f"`{text}` is no time with its zone.", field="--at", remedy="Write one such as 2026-11-21T08:00:00Z.")


def _kind(text: str) -> "Kind":
    from deadair.domain.change import Kind
    from deadair.domain.errors import Invalid

    if text in set(Kind):
        return Kind(text)
    raise Invalid(f"`{text}` is no kind of change.", field="--kind", remedy=f"Write one of {', '.join(Kind)}.")


def _address(text: str) -> str:
    from deadair.domain.errors import Invalid

    if not text or text.startswith("https://"):
        return text
    raise Invalid("The address is not an https address.", field="--url", remedy="Leave it out, or write one.")
