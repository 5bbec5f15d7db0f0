"""Claims about the crash harness: it finds a room that does something twice, or by halves."""

import pytest

from tests.rooms.killed import Killed, Life, Scene, every_crash


class Shelf:
    """What a table and a channel look like from here."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.posted: list[str] = []

    def put(self, name: str) -> None:
        self.kept[name] = "done"

    def post(self, text: str) -> None:
        self.posted.append(text)

    def get_kept(self, name: str) -> str | None:
        return self.kept.get(name)


def scene_of(work: object) -> Scene:
    shelf = Shelf()
    assert callable(work)
    return Scene(lambda life: work(life(shelf)), lambda: (dict(shelf.kept), list(shelf.posted)))


def careful(shelf: Shelf) -> None:
    shelf.put("first")
    if shelf.get_kept("first"):
        shelf.put("second")


def twice(shelf: Shelf) -> None:
    if not shelf.get_kept("told"):
        shelf.post("It is broken.")
        shelf.put("told")


def by_halves(shelf: Shelf) -> None:
    if not shelf.get_kept("first"):
        shelf.put("first")
        shelf.put("second")


def test_a_room_that_ends_the_same_passes_and_its_effects_are_named() -> None:
    assert every_crash(lambda: scene_of(careful)) == ["put", "put"]


def test_a_room_that_tells_twice_is_found() -> None:
    with pytest.raises(AssertionError, match="killed after effect 1, post"):
        every_crash(lambda: scene_of(twice))


def test_a_room_that_leaves_half_is_found() -> None:
    with pytest.raises(AssertionError, match="killed after effect 1, put"):
        every_crash(lambda: scene_of(by_halves))


def test_the_dead_do_nothing_more() -> None:
    shelf, life = Shelf(), Life(1, after=True)
    client = life(shelf)
    for step in (client.put, client.put, client.get_kept):
        with pytest.raises(Killed):
            step("x")

    assert shelf.kept == {"x": "done"}
    assert life.effects == ["put", "put"]
