"""The loop that plays the rows of the registry, minute by minute, whole or broken.

Each integration sends its signals at a second of its own. Who is new, or was not played for a while, sends first what
it would have sent: a day of history at most. Says nothing in logs: on this machine traffic is weather.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.ownership import Integration
from infra.local.traffic.breaking import signals
from infra.local.traffic.how import How
from infra.local.traffic.log_lines import lines
from infra.local.traffic.memory import Break, Memory, Mended
from infra.local.traffic.rhythm import MINUTE_S, Rhythm
from infra.local.traffic.surroundings import Json, NotTaken, Surroundings

_LOG = logging.getLogger("deadair.traffic")

_TICK_S, _LOOK_S = 0.25, 2.0
# Each costs a key, an audit entry and a request a minute; the rest of a large registry stays unplayed until it is asked
# for.
MOST_PLAYED = 50
# At most one request a second: beyond sixty integrations each sends less often, but nothing less.
_REQUESTS_A_MINUTE = 60
_AT_ONCE = 500
_HISTORY_MIN, _RECENT_MIN = 24 * 60, 120
# In steps of so many minutes: what is long ago, and what was a while ago.
_COARSE_STEP, _FINE_STEP, _LIVE_MIN = 30, 3, 10
_PAUSE_S, _LONGEST_PAUSE_S = 2.0, 30.0
_DRAIN_S = 10.0
# What failed long before is of no use to a look at the last minutes.
_RUNS_LOGGED = 200
_KEEP_EVERY_S = 30.0
# So long at most the judgement of alarms waits for us; whatever is wrong with us must not silence it.
_EXCUSED_S = 60.0


@dataclass
class _Turn:
    """When an integration may send again after a refusal, and how long the next pause would be."""

    after: float = 0.0
    pause: float = _PAUSE_S


class Player:
    """Plays in a thread of its own. Without `everyone` only those are played whom somebody asked for."""

    def __init__(
        self, stack: Surroundings, memory: Memory, *, everyone: bool, clock: Callable[[], float] = time.time
    ) -> None:
        self._stack, self.memory, self.everyone, self._clock = stack, memory, everyone, clock
        self.rhythms: dict[str, Rhythm] = {}
        self.registered: dict[str, Integration] = {}
        self._asked: set[str] = set()
        self._edition: Json | None = None
        self._looked_at = self._kept_at = float("-inf")
        self._turns: dict[str, _Turn] = {}
        self._sent_at: dict[str, datetime] = {}
        self._late_since: dict[str, float] = {}
        self._lock = threading.RLock()
        self._guests = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to play."""
        with suppress(BotoCoreError, ClientError, OSError):
            self.look(self._clock())
        self._thread = threading.Thread(target=self._run, name="traffic", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and keep where we are."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=_DRAIN_S)
            self._thread = None
            self.memory.write()

    def behind(self) -> frozenset[str]:
        """Whose signals of a while are just being sent, so that it is too early to judge their alarms."""
        now, every = self._clock(), self._every()
        played = {slug: self.memory.played.get(slug, 0) for slug in list(self.rhythms)}
        late = [slug for slug, minute in played.items() if now // MINUTE_S - minute > _LIVE_MIN + every]
        self._late_since = {slug: self._late_since.get(slug, now) for slug in late}
        return frozenset(slug for slug, since in self._late_since.items() if now - since < _EXCUSED_S)

    def _run(self) -> None:
        busy = False
        while not self._stop.wait(0 if busy else _TICK_S):
            busy = False
            try:
                busy = self.tick()
            except (BotoCoreError, ClientError, OSError) as error:
                # The stack is starting or stopping; the next tick tells.
                _LOG.debug("not played: %s", error)
                self._stop.wait(_PAUSE_S)
            except Exception:  # noqa: BLE001 - one integration that cannot be played must not silence the others
                _LOG.exception("the traffic stumbled")
                self._stop.wait(_LONGEST_PAUSE_S)

    def tick(self) -> bool:
        """Look for new rows, and let one integration send whose turn it is; whether there was one."""
        now = self._clock()
        if now - self._looked_at >= _LOOK_S:
            self.look(now)
        # Whoever breaks or mends goes first: a lock alone is not fair.
        due = [] if self._guests else [slug for slug in self.rhythms if self._is_due(slug, now)]
        if due:
            self._play_next(min(due, key=lambda slug: self.memory.played.get(slug, 0)), now)
        if now - self._kept_at >= _KEEP_EVERY_S:
            self._kept_at = now
            self.memory.write()
        return bool(due)

    def look(self, now: float) -> None:
        """Read the registry again when it has changed. New rows are played at once, retired ones no more."""
        with self._lock:
            self._looked_at = now
            edition = self._stack.edition()
            if edition != self._edition:
                self.registered = {row.slug: row for row in self._stack.rows()}
                self._edition = edition
                self._choose()

    def _choose(self) -> None:
        """Everybody somebody asked for, and so many of the others: who is played already stays, then by slug."""
        playable = {row.slug: row for row in self.registered.values() if row.row.get("expected")}
        asked = playable.keys() & (self._asked | self.memory.broken.keys())
        played = self.memory.played
        others = [slug for slug in playable if slug not in asked and (self.everyone or slug in played)]
        others.sort(key=lambda slug: (slug not in played, slug))
        self.rhythms = {slug: Rhythm(playable[slug]) for slug in [*asked, *others[:MOST_PLAYED]]}

    def _every(self) -> int:
        """Every how many minutes each integration sends."""
        return -(-len(self.rhythms) // _REQUESTS_A_MINUTE) or 1

    def _is_due(self, slug: str, now: float) -> bool:
        turn = self._turns.get(slug)
        waited = self.rhythms[slug].last_minute(now) - self.memory.played.get(slug, 0)
        return waited >= self._every() and (turn is None or now >= turn.after)

    def _play_next(self, slug: str, now: float) -> None:
        with self._lock:
            try:
                self._catch_up(slug, now)
                self._turns.pop(slug, None)
            except NotTaken as refusal:
                _LOG.debug("%s: %s", slug, refusal)
                turn = self._turns.setdefault(slug, _Turn())
                turn.after, turn.pause = now + turn.pause, min(turn.pause * 2, _LONGEST_PAUSE_S)

    def _catch_up(self, slug: str, now: float) -> None:
        """Send everything since the last time, the newest last."""
        last = self.rhythms[slug].last_minute(now)
        first = max(self.memory.played.get(slug, 0) + 1, last - _HISTORY_MIN)
        fine, live = last - _RECENT_MIN, last - _LIVE_MIN
        told = self._told(slug, first, fine, _COARSE_STEP)
        told += self._told(slug, max(first, fine + 1), live, _FINE_STEP)
        told += self._told(slug, max(first, live + 1), last, 1)
        self._send(slug, told)
        self.memory.played[slug] = last

    def _told(self, slug: str, first: int, last: int, step: int) -> list[Json]:
        """The signals of a stretch: whole until it broke, broken since then."""
        rhythm, mark, broken = self.rhythms[slug], self.memory.mark(slug), self.memory.broken.get(slug)
        if broken is None:
            return list(signals(rhythm, first, last, how=None, step=step, mark=mark))
        breaks = int(broken.since) // MINUTE_S
        whole = signals(rhythm, first, min(last, breaks - 1), how=None, step=step, mark=mark)
        return [*whole, *signals(rhythm, max(first, breaks), last, how=broken.how, step=step, mark=mark)]

    def _send(self, slug: str, told: list[Json]) -> None:
        for start in range(0, len(told), _AT_ONCE):
            self._stack.send(slug, told[start : start + _AT_ONCE])
            self._sent_at[slug] = datetime.fromisoformat(told[start : start + _AT_ONCE][-1]["occurred_at"])
        self._log(slug, told)

    def _log(self, slug: str, told: list[Json]) -> None:
        """The errors of the runs since it broke, where the row names a log group; played is played without them too."""
        broken, row = self.memory.broken.get(slug), self.registered.get(slug)
        group = ((row.row.get("logs") or {}).get("group") if row else None) or ""
        if broken is None or not group:
            return
        failed = [one for one in told if datetime.fromisoformat(one["occurred_at"]).timestamp() >= broken.since]
        found = [line for one in failed[-_RUNS_LOGGED:] for line in lines(slug, broken.how, one)]
        if found:
            with suppress(BotoCoreError, ClientError):
                self._stack.log(group, slug, found)

    def play(self, slug: str) -> Rhythm | None:
        """Have an integration played from now on, with a day of history; None for one that cannot be."""
        with self._as_guest():
            self.look(self._clock())
            row = self.registered.get(slug)
            if row is None or not row.row.get("expected"):
                return None
            self._asked.add(slug)
            rhythm = self.rhythms.setdefault(slug, Rhythm(row))
            if slug not in self.memory.played:
                self._introduce(slug)
            return rhythm

    def _introduce(self, slug: str) -> None:
        """Send the first history; a row that was just written may not be known at the door for some seconds."""
        deadline = time.monotonic() + _DRAIN_S
        while slug not in self.memory.played:
            try:
                self._catch_up(slug, self._clock())
            except NotTaken:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_TICK_S)

    def change(self, slug: str, how: How | None, since: float, step: int) -> None:
        """From `since` on an integration is broken, or whole again: what it sent since then is sent anew.

        Raises NotTaken.
        """
        with self._as_guest():
            self._until_counted(slug)
            self.memory.marks[slug] = self.memory.marks.get(slug, 0) + 1
            replayed = self._turn_over(slug, how, since)
            self._stack.forget(slug, replayed)
            self._sent_at.pop(slug, None)
            first, last = int(replayed) // MINUTE_S, self.rhythms[slug].last_minute(self._clock())
            step = max(step, (last - first) // _AT_ONCE)
            # Should the stack not take it now, the next turns send it.
            self.memory.played[slug] = first - 1
            self.memory.write()
            self._send(slug, self._told(slug, first, last, step))
            self.memory.played[slug] = last

    def _turn_over(self, slug: str, how: How | None, since: float) -> float:
        """Note that it is broken or whole since then; returns since when its history is to be played again.

        Where a break takes the place of all that was whole since the last one, the two would be one failure to its
        alarms: then the last one never was.
        """
        memory = self.memory
        if how is None:
            broken = memory.broken.pop(slug, None)
            memory.mended[slug] = Mended(broken.since if broken else since, since)
            return since
        memory.broken[slug] = Break(how, since)
        last = memory.mended.pop(slug, None)
        return min(last.broke, since) if last and since <= last.since else since

    @contextmanager
    def _as_guest(self) -> Iterator[None]:
        self._guests += 1
        try:
            with self._lock:
                yield
        finally:
            self._guests -= 1

    def _until_counted(self, slug: str) -> None:
        """What is on its way must have arrived, or it would be counted after the rest was forgotten."""
        sent = self._sent_at.get(slug)
        deadline = time.monotonic() + _DRAIN_S
        with suppress(BotoCoreError, ClientError):
            while sent and time.monotonic() < deadline:
                counted = self._stack.last_counted(slug)
                if counted and counted >= sent:
                    return
                time.sleep(_TICK_S)
