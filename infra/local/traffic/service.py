"""Starting and stopping the traffic beside a running stack. Wiring only."""

from pathlib import Path

from infra.local.traffic.doors import Desk, Doors
from infra.local.traffic.memory import Memory
from infra.local.traffic.player import Player
from infra.local.traffic.surroundings import Surroundings
from infra.target import Target


class Traffic:
    """The traffic of one stack. It always has its doors; who is played without being asked is a choice."""

    def __init__(self, target: Target, file: Path, *, everyone: bool) -> None:
        stack = Surroundings(target)
        self._player = Player(stack, Memory.read(file), everyone=everyone)
        self._doors = Doors(Desk(stack, self._player))

    @property
    def address(self) -> str:
        """Where the doors are."""
        return self._doors.address

    def start(self) -> None:
        """Begin to play."""
        self._player.start()
        self._doors.start()

    def stop(self) -> None:
        """End, and keep who is broken."""
        self._doors.stop()
        self._player.stop()

    def behind(self) -> frozenset[str]:
        """The dimensions of the metrics that wait for signals which are just being sent."""
        return frozenset(f"Integration={slug}" for slug in self._player.behind())
