"""What the tracker's room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class TrackerSettings(Settings):
    """`actions_webhook` is told of every action item; empty: nobody is.

    `action_secrets` is the SSM path under which `webhook-secret` lies, which signs what is sent.
    """

    incidents_table: str
    action_secrets: str
    web_url: str
    actions_webhook: str = ""
