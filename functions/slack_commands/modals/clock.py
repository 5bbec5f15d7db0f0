"""The person's clock, in the words of a form."""

from deadair.domain.wall_clock import zone_name
from slack_commands.context import Context

# A whole time, as it stands in a field.
FULL = "%Y-%m-%d %H:%M"


def zone_words(context: Context) -> str:
    """What the person's zone is called, with what its clocks show now: `Europe/Berlin (CET)`."""
    name, now = str(context.zone), zone_name(context.now.astimezone(context.zone))
    return name if name == now else f"{name} ({now})"
