"""What the traffic sees of the stack: the registry's rows, the address for signals, the alarms, the doors.

Knows the public address and the same adapters as the rooms. Refuses to write a metric or an incident by itself; the
one thing that it writes is what an integration's health was, when its history is played again.
"""

import json
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.health import INSTANTS, HealthStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.transact import LostRace, commit
from deadair.adapters.ssm.signal_keys import SignalKeyStore
from deadair.domain.errors import DeadairError
from deadair.domain.health import Health
from deadair.domain.ownership import Integration
from deadair.domain.signal_signature import HEADER, header
from deadair.domain.watch import Watch, watches
from deadair.usecases.signal_keys import KeyDesk
from infra.config import local_stage
from infra.local.options import REGION
from infra.local.requests import LOOKS
from infra.target import Target, local_clients

Json = dict[str, Any]
NAME = "local traffic"
_ANSWER_S = 30.0
_TURNS = 6
# So far apart are the signals of an integration.
MINUTE = timedelta(minutes=1)


class NotTaken(Exception):
    """The stack did not take the signals now; they may be sent again."""


class Surroundings:
    """One running stack."""

    def __init__(self, target: Target) -> None:
        self._target, self._stage = target, local_stage()
        # Looking must not count as a change; what changes something is done with the other clients.
        self._look = local_clients(str(target.endpoint), REGION, LOOKS.decode())
        self._table = target.outputs["RegistryTable"]
        self._registry = RegistryStore(self._look.get("dynamodb"), self._table)
        self._health = HealthStore(self._look.get("dynamodb"), target.outputs["IncidentsTable"])
        self._secrets: dict[str, str] = {}

    def edition(self) -> Json:
        """Something that is another after each change of the registry; cheap to ask for."""
        item: Json = self._look.get("dynamodb").get_item(TableName=self._table, Key=keys.AUDIT_HEAD).get("Item", {})
        return item

    def rows(self) -> list[Integration]:
        """The registry as it is now."""
        return self._registry.rows(kept_s=0)

    def watches(self, integration: Integration, now: datetime) -> tuple[Watch, ...]:
        """The alarms that a row asks for."""
        stage = self._stage
        return watches(integration, prefix=stage.alarm_prefix, namespace=stage.metric_namespace, now=now)

    def send(self, slug: str, signals: list[Json]) -> None:
        """Send up to 500 signals as the integration itself would. Raises NotTaken."""
        body = json.dumps({"signals": signals}).encode()
        signed = {HEADER: header(self._secret(slug), int(time.time()), body), "Content-Type": "application/json"}
        try:
            self._post(f"{self._target.web}/v1/signals", body, signed)
        except NotTaken:
            self._secrets.pop(slug, None)  # it may have been changed
            raise

    def forget(self, slug: str, since: float) -> None:
        """Let the embedded AWS forget what it counted for an integration since then, and its health with it."""
        self._forget_health(slug, datetime.fromtimestamp(since, UTC))
        order = {"namespace": self._stage.metric_namespace, "dimensions": {"Integration": slug}, "since": since}
        self._post(f"{self._target.endpoint}/_deadair/forget", json.dumps(order).encode(), {})

    def _forget_health(self, slug: str, since: datetime) -> None:
        for _ in range(_TURNS):
            health = self._health.get(slug)
            if health is None:
                return
            with suppress(LostRace):
                commit(self._target.client("dynamodb"), [self._health.write(rewound(health, since))])
                return

    def log(self, group: str, name: str, lines: list[tuple[int, str]]) -> None:
        """Write lines (milliseconds since the epoch, text) into a log group, which is made when it is missing."""
        logs = self._target.client("logs")
        events = [{"timestamp": at, "message": text} for at, text in sorted(lines)]
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=group)
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_stream(logGroupName=group, logStreamName=name)
        logs.put_log_events(logGroupName=group, logStreamName=name, logEvents=events)

    def last_counted(self, slug: str) -> datetime | None:
        """The newest signal of an integration that was counted."""
        health = self._health.get(slug)
        return health.last_signal_at if health else None

    def _secret(self, slug: str) -> str:
        if slug not in self._secrets:
            store = SignalKeyStore(self._target.client("ssm"), self._stage.signal_secrets)
            writer = RegistryWriter(self._target.client("dynamodb"), self._table)
            try:
                self._secrets[slug] = KeyDesk(store, writer, by=NAME, now=datetime.now(UTC)).key(slug).secret
            except DeadairError as error:
                raise NotTaken(str(error)) from error
        return self._secrets[slug]

    def _post(self, address: str, body: bytes, headers: dict[str, str]) -> None:
        request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 - our own stack
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_S):  # noqa: S310 - http to this machine
                pass
        except OSError as error:  # an HTTP refusal is one, too
            raise NotTaken(str(error)) from error


def rewound(health: Health, since: datetime) -> Health:
    """The health as it was before an instant; nothing in it may come from then or later.

    What came last before is not known any more where later signals have taken its place: it came a minute before.
    """
    before = since - MINUTE
    clipped: dict[str, Any] = {name: before for name in INSTANTS if (at := getattr(health, name)) and at >= since}
    return replace(health, recent=tuple(one for one in health.recent if one.at < since), **clipped)
