"""The switch `gone`: for a while nobody listens, and whoever connects is refused, as when Slack cannot be reached.

Knows when it begins and ends. Refuses to know sockets: the server closes and opens them.
"""

from __future__ import annotations

import asyncio
import contextlib

from infra.local.slack.app import App

# So long the order to leave has time to be answered itself.
A_MOMENT_S = 0.05


class Absence:
    """The switch `gone`: the port is closed, and whoever connects is refused, until the time is over."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._seconds = 0.0
        self._begins = asyncio.Event()
        app.failures.leave = self.begin

    def begin(self, seconds: float) -> None:
        """Go away for so long, as soon as the order itself is answered."""
        self._seconds = seconds
        asyncio.get_running_loop().call_later(A_MOMENT_S, self._begins.set)

    async def or_told(self, stop: asyncio.Event) -> None:
        """Return when it begins, or when *stop* is set; whoever waits for something is let go."""
        waits = [asyncio.create_task(event.wait()) for event in (stop, self._begins)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self._app.methods.api.workspace.close()
        self._app.failures.release()

    async def over(self, stop: asyncio.Event) -> None:
        """Return when the time is over, or when *stop* is set."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), self._seconds)
        self._begins.clear()
        self._app.methods.api.workspace.open()
