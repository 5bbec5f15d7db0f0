"""Claims about the player: everybody sends in turn, what was missed is sent first, and breaks outlive a restart."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from deadair.domain.ownership import Integration
from infra.local.traffic.how import How
from infra.local.traffic.memory import Break, Memory
from infra.local.traffic.player import MOST_PLAYED, Player
from infra.local.traffic.surroundings import NotTaken, Surroundings
from tests.local.traffic.rows import NOON, a_rhythm

Json = dict[str, Any]
START = NOON.timestamp()


@dataclass
class World:
    """A stack that only keeps what it is told, with a clock that is turned by hand."""

    integrations: list[Integration]
    now: float = START
    sent: dict[str, list[Json]] = field(default_factory=dict)
    forgotten: list[tuple[str, float]] = field(default_factory=list)
    refuses: bool = False
    requests: int = 0

    def edition(self) -> Json:
        return {"rows": [row.slug for row in self.integrations]}

    def rows(self) -> list[Integration]:
        return list(self.integrations)

    def send(self, slug: str, signals: list[Json]) -> None:
        if self.refuses:
            raise NotTaken("busy")
        self.requests += 1
        self.sent.setdefault(slug, []).extend(signals)

    def forget(self, slug: str, since: float) -> None:
        self.forgotten.append((slug, since))

    def last_counted(self, slug: str) -> datetime | None:
        told = self.sent.get(slug)
        return datetime.fromisoformat(told[-1]["occurred_at"]) if told else None

    def clock(self) -> float:
        return self.now


def a_world(*slugs: str, **row: Any) -> World:
    return World([a_rhythm(slug, **row).integration for slug in slugs])


def a_player(world: World, file: Path, *, everyone: bool = True) -> Player:
    player = Player(cast(Surroundings, world), Memory.read(file), everyone=everyone, clock=world.clock)
    player.look(world.now)
    return player


def play(player: Player, world: World, seconds: int) -> None:
    """Let it play for a while, with a look every second."""
    for _ in range(seconds):
        world.now += 1
        while player.tick():
            pass


def records(told: list[Json]) -> int:
    return sum(one["records"] for one in told)


def test_who_is_new_sends_a_day_first_and_then_each_minute_once(tmp_path: Path) -> None:
    world = a_world("feed", "other")
    player = a_player(world, tmp_path / "traffic.json")
    play(player, world, 1)
    day = list(world.sent["feed"])

    assert records(day) == pytest.approx(24 * 40, rel=0.05)
    assert len(day) < 500
    play(player, world, 1800)
    later = world.sent["feed"][len(day) :]
    assert records(later) == pytest.approx(20, abs=3)
    ids = [one["id"] for told in world.sent.values() for one in told]
    assert len({(one["integration"], one["id"]) for told in world.sent.values() for one in told}) == len(ids)
    assert all(datetime.fromisoformat(one["occurred_at"]).timestamp() <= world.now for one in world.sent["feed"])


def test_a_row_that_says_nothing_is_not_played_and_one_that_leaves_stops(tmp_path: Path) -> None:
    world = a_world("feed")
    world.integrations.append(a_rhythm("mute", expected=None).integration)
    player = a_player(world, tmp_path / "traffic.json")
    play(player, world, 60)
    world.integrations = []
    play(player, world, 3)
    sent = len(world.sent["feed"])
    play(player, world, 300)

    assert world.sent.keys() == {"feed"}
    assert len(world.sent["feed"]) == sent


def test_a_row_that_comes_is_played_within_seconds(tmp_path: Path) -> None:
    world = a_world("feed")
    player = a_player(world, tmp_path / "traffic.json")
    world.integrations.append(a_rhythm("new").integration)

    play(player, world, 4)

    assert "new" in world.sent


def test_a_break_forgets_what_was_counted_sends_it_anew_and_goes_on(tmp_path: Path) -> None:
    world = a_world("feed")
    player = a_player(world, tmp_path / "traffic.json")
    play(player, world, 60)
    before, since = len(world.sent["feed"]), START // 300 * 300 - 300

    player.change("feed", How.AUTH, since, 1)
    play(player, world, 120)
    broken = world.sent["feed"][before:]

    assert world.forgotten == [("feed", since)]
    assert all(not one["ok"] for one in broken)
    assert min(datetime.fromisoformat(one["occurred_at"]).timestamp() for one in broken) >= since
    assert not {one["id"] for one in broken} & {one["id"] for one in world.sent["feed"][:before]}


def test_a_break_right_after_another_does_not_run_into_it(tmp_path: Path) -> None:
    """Nothing whole would be left between the two: a longer window would find one long failure."""
    world = a_world("feed")
    player = a_player(world, tmp_path / "traffic.json")
    play(player, world, 60)
    first, mended, second = world.now - 3600, world.now - 300, world.now - 600
    player.change("feed", How.SILENCE, first, 1)
    player.change("feed", None, mended, 1)
    player = a_player(world, tmp_path / "traffic.json")
    before = len(world.sent["feed"])

    player.change("feed", How.AUTH, second, 1)
    told = world.sent["feed"][before:]

    assert world.forgotten[-1] == ("feed", first)
    assert {one["ok"] for one in told if datetime.fromisoformat(one["occurred_at"]).timestamp() < second - 60} == {True}
    assert not told[-1]["ok"]


def test_a_break_after_a_while_that_was_whole_leaves_the_one_before_in_the_history(tmp_path: Path) -> None:
    world = a_world("feed")
    player = a_player(world, tmp_path / "traffic.json")
    play(player, world, 60)
    player.change("feed", How.SILENCE, world.now - 3600, 1)
    player.change("feed", None, world.now - 300, 1)
    play(player, world, 900)

    player.change("feed", How.AUTH, since := world.now - 600, 1)

    assert world.forgotten[-1] == ("feed", since)


def test_who_is_broken_stays_so_over_a_restart_and_what_was_missed_is_missed(tmp_path: Path) -> None:
    world, file = a_world("feed", "silent"), tmp_path / "traffic.json"
    first = a_player(world, file)
    play(first, world, 60)
    first.change("silent", How.SILENCE, world.now - 60, 1)
    first.stop()
    first.memory.write()
    counts = {slug: len(told) for slug, told in world.sent.items()}
    world.now += 3600

    second = a_player(world, file)
    assert second.memory.broken == {"silent": Break(How.SILENCE, world.now - 3660)}
    assert second.behind() == {"feed", "silent"}
    play(second, world, 5)

    assert len(world.sent["silent"]) == counts["silent"]
    assert records(world.sent["feed"][counts["feed"] :]) == pytest.approx(40, abs=4)
    assert second.behind() == frozenset()


def test_what_the_stack_refuses_is_sent_later_and_nothing_twice(tmp_path: Path) -> None:
    world = a_world("feed")
    world.refuses = True
    player = a_player(world, tmp_path / "traffic.json")
    play(player, world, 30)
    assert world.sent == {}

    world.refuses = False
    play(player, world, 60)

    ids = [one["id"] for one in world.sent["feed"]]
    assert len(ids) == len(set(ids)) > 0


def test_the_judgement_waits_a_minute_for_missing_signals_and_no_longer(tmp_path: Path) -> None:
    world = a_world("feed")
    world.refuses = True
    player = a_player(world, tmp_path / "traffic.json")

    assert player.behind() == {"feed"}
    world.now += 61
    assert player.behind() == frozenset()


def test_with_traffic_off_only_who_was_asked_for_is_played(tmp_path: Path) -> None:
    world = a_world("feed", "other")
    player = a_player(world, tmp_path / "traffic.json", everyone=False)
    play(player, world, 60)
    assert world.sent == {}

    assert player.play("feed") is not None
    assert player.play("nobody") is None
    play(player, world, 120)

    assert world.sent.keys() == {"feed"}


def test_a_file_that_cannot_be_read_means_that_all_is_well(tmp_path: Path) -> None:
    file = tmp_path / "traffic.json"
    for text in ("", "[]", '{"broken": {"feed": {"how": "boredom"}}}', "\x00"):
        file.write_text(text, encoding="utf-8")
        assert Memory.read(file).broken == {}


def test_a_large_registry_is_played_in_part_and_who_is_played_stays(tmp_path: Path) -> None:
    world = a_world("zulu", "yankee")
    player = a_player(world, tmp_path / "traffic.json")
    play(player, world, 5)
    world.integrations += a_world(*(f"feed-{number:04d}" for number in range(5000))).integrations
    play(player, world, 5)

    assert len(player.rhythms) == len(world.sent) == MOST_PLAYED
    assert world.sent.keys() >= {"zulu", "yankee", "feed-0000"}


def test_who_is_asked_for_is_played_beyond_the_bound_and_stays(tmp_path: Path) -> None:
    world = a_world(*(f"feed-{number:03d}" for number in range(MOST_PLAYED + 9)))
    player = a_player(world, tmp_path / "traffic.json")
    play(player, world, 5)
    last = world.integrations[-1].slug
    assert last not in world.sent

    assert player.play(last) is not None
    player.change(last, How.SILENCE, world.now - 60, 1)
    world.integrations.pop(0)
    play(player, world, 5)
    assert last in player.rhythms

    player.change(last, None, world.now - 60, 1)
    world.integrations.pop(0)
    play(player, world, 5)
    assert last in player.rhythms
