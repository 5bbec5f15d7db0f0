"""`deadair alarms scan`: the account's alarms beside the registry. Wiring; whose an alarm is, a use case says."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.adapters.cloudwatch.found_alarms import FoundAlarm
    from deadair.domain.alarm import Tagged
    from deadair.usecases.scan_alarms import Registry, Stage
    from infra.target import Target

# AWS allows few questions about tags a second, and other people's tools ask too.
TAGS_PER_SECOND, LOCAL_TAGS_PER_SECOND = 10, 500
DEFAULT_STATE_DIR = Path(".deadair")
CACHE = "alarm-tags.json"


def scan(
    context: typer.Context,
    *,
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the proposed rows to this file, for review and import.")
    ] = None,
    no_tags: Annotated[bool, typer.Option("--no-tags", help="Do not look up the tags of alarms.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Propose an integration for each alarm. Changes nothing.

    Lists the account's alarms, whose each seems to be and why, and which integrations nothing watches.
    """
    from deadair.adapters.dynamodb.registry_writer import RegistryWriter
    from deadair.usecases.export_registry import export_registry
    from deadair.usecases.scan_alarms import Registry, Stage, scan_alarms
    from infra.cli import scan_words

    target = chosen(context)
    stage = Stage(output(target, "AlarmPrefix"), output(target, "MetricNamespace"), target.stack)
    registry = Registry(export_registry(RegistryWriter(target.client("dynamodb"), output(target, "RegistryTable"))))
    alarms = _alarms(target, quiet=as_json)
    state_dir = context.find_root().obj.state_dir or DEFAULT_STATE_DIR
    tags = {} if no_tags else _tags(target, alarms, registry, stage, state_dir / CACHE, quiet=as_json)
    found = scan_alarms(alarms, registry, stage, tags=tags, now=datetime.now(UTC))
    if output_file:
        output_file.write_text(scan_words.as_file(found, registry), encoding="utf-8")
    if as_json:
        scan_words.print_json(found)
    else:
        scan_words.print_scan(found, registry, output_file)


def _alarms(target: "Target", *, quiet: bool) -> "list[FoundAlarm]":
    from deadair.adapters.cloudwatch.found_alarms import all_alarms
    from infra.cli.progress import Bar

    with Bar("Reading alarms", quiet=quiet) as told:
        return list(all_alarms(target.client("cloudwatch"), told))


def _tags(
    target: "Target", alarms: "list[FoundAlarm]", registry: "Registry", stage: "Stage", cache: Path, *, quiet: bool
) -> dict[str, str]:
    """The tags of strangers, by ARN; what was asked lately is not asked again."""
    from botocore.exceptions import ClientError

    from deadair.adapters.cloudwatch.found_alarms import tags_of
    from deadair.domain.alarm import Tagged
    from deadair.usecases.scan_alarms import strangers
    from infra.cli import terminal
    from infra.cli.progress import Bar

    now = datetime.now(UTC)
    known = {arn: tagged for arn, tagged in _read(cache).items() if tagged.is_fresh(now)}
    wanted = [alarm.arn for alarm in strangers(alarms, registry, stage) if alarm.arn not in known]
    pace = LOCAL_TAGS_PER_SECOND if target.is_local else TAGS_PER_SECOND
    try:
        with Bar("Looking up tags", len(wanted), quiet=quiet) as told:
            for arn, slug in tags_of(target.client("cloudwatch"), wanted, pace):
                known[arn] = Tagged(arn, slug, now)
                told(1)
    except ClientError as error:
        terminal.note(f"Going on without tags: AWS says {error.response['Error']['Code']}.")
    finally:
        # What was learnt before Ctrl-C or a refusal need not be asked again.
        _write(cache, known)
    return {arn: tagged.slug for arn, tagged in known.items()}


def _read(cache: Path) -> "dict[str, Tagged]":
    """What was asked before; a cache that cannot be read is an empty one."""
    from deadair.domain.alarm import Tagged

    try:
        told = json.loads(cache.read_text(encoding="utf-8"))
        return {arn: Tagged(arn, slug, datetime.fromisoformat(at)) for arn, (slug, at) in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(cache: Path, known: "dict[str, Tagged]") -> None:
    """Keep it for the next run; where nothing can be kept, the next run asks again."""
    kept = {arn: [tagged.slug, tagged.asked_at.isoformat()] for arn, tagged in sorted(known.items())}
    with suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps(kept, indent=1), encoding="utf-8")
