"""Claims about the map: who feeds whom, drawn so that it can be read."""

from dataclasses import replace
from itertools import pairwise
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.domain.ownership import Integration, Person
from tests.an_estate import an_estate
from tests.builders import ANA, NOON, an_incident, an_integration
from web.call import render
from web.views.integration_map import MOST, Map, as_data, in_box, integration_map
from web.views.label import shortened, width
from web.views.layered import layers
from web.views.map_drawing import BOX, Box, drawing
from web.views.map_graph import graph_of, systems_in

SYSTEMS = st.sampled_from(["", "A", "a ", "B", "C", "D, E", "E", "F;G,  a"])
ROWS = st.lists(st.tuples(SYSTEMS, SYSTEMS, st.sets(st.integers(0, 20), max_size=3)), max_size=20)


def a_row(slug: str, source: str, destination: str, *dependents: str, **more: object) -> Integration:
    """A row of the registry with what the map reads."""
    told = {"dependents": list(dependents), "thresholds": {"silence_min": 60}}
    return an_integration(slug, name=f"{source} → {destination}", source=source, destination=destination, row=told)


def page(seen: Map) -> str:
    """The page, as a reader gets it."""
    frame = {"person": ANA, "token": "t", "now": NOON, "here": "/map", "query": ""}
    return render("map.html", frame | {"map": seen})


def picture(seen: Map) -> ET.Element:
    """The drawing alone. It must be well-formed."""
    html = page(seen)
    start = html.index('<svg class="map')
    return ET.fromstring(html[start : html.index("</div>", start)])


CHAIN = [
    a_row("a-b", "A", "B", "b-c"),
    a_row("b-c", "B", "C", "c-d"),
    a_row("c-d", "C", "D"),
]


def test_what_feeds_stands_left_of_what_it_feeds() -> None:
    at = {box.system.name: box.x for box in drawing(graph_of(CHAIN)).boxes}

    assert at["A"] < at["B"] < at["C"] < at["D"]


def test_a_cycle_is_broken_at_one_line_and_that_one_leads_back() -> None:
    drawn = drawing(graph_of([*CHAIN, a_row("d-a", "D", "A")]))
    lines = [
        (row.node.slug, line.back)
        for box in drawn.boxes
        for row in box.rows
        for line in row.lines
        if line.kind == "feeds"
    ]

    assert sum(back for _, back in lines) == 1


def test_one_system_in_two_spellings_is_one_and_several_destinations_are_several() -> None:
    graph = graph_of(
        [a_row("one", "HubSpot", "Braze, Marketo"), a_row("two", "hubspot ", "BRAZE"), a_row("six", "HubSpot", "x")]
    )

    assert [system.name for system in graph.systems if system.nodes] == ["HubSpot"]
    assert [system.name for system in graph.systems] == ["BRAZE", "HubSpot", "Marketo", "x"]
    assert systems_in(" Marketo ,HubSpot;; Braze") == ["Marketo", "HubSpot", "Braze"]


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_same_registry_is_drawn_the_same_whatever_its_order(
    rows: list[tuple[str, str, set[int]]], chance: Random
) -> None:
    made = [
        a_row(f"row-{i:02}", s, d, *(f"row-{n:02}" for n in sorted(needs - {i})))
        for i, (s, d, needs) in enumerate(rows)
    ]
    mixed = chance.sample(made, len(made))

    drawing.cache_clear()
    first = drawing(graph_of(made))
    drawing.cache_clear()

    assert drawing(graph_of(mixed)) == first
    assert {row.node.slug for box in first.boxes for row in box.rows} == {row.slug for row in made}
    assert not list(_overlaps(first.boxes))


def _overlaps(boxes: tuple[Box, ...]) -> list[tuple[str, str]]:
    columns: dict[float, list[Box]] = {}
    for box in boxes:
        columns.setdefault(box.x, []).append(box)
    return [
        (one.system.key, other.system.key)
        for column in columns.values()
        for one, other in pairwise(sorted(column, key=lambda box: box.y))
        if one.y + one.height > other.y
    ]


@pytest.mark.parametrize("count", [12, 200, MOST])
def test_a_large_registry_has_columns_without_overlaps_and_stays_within_the_picture(count: int) -> None:
    drawn = drawing(graph_of(an_estate(count)))

    assert not _overlaps(drawn.boxes)
    assert drawn.columns <= 5
    assert all(box.x >= 0 and box.x + BOX <= drawn.width and box.y + box.height <= drawn.height for box in drawn.boxes)


def test_layers_beyond_the_most_are_folded_in_their_order() -> None:
    names = [f"n{i:02}" for i in range(20)]
    found = layers(dict.fromkeys(names, 10.0), dict.fromkeys(pairwise(names), 1), 5)

    assert [found[name] for name in names] == sorted(found[name] for name in names)
    assert sorted({*found.values()}) == [0, 1, 2, 3, 4]


def test_every_integration_is_a_link_that_says_owner_and_state() -> None:
    nobody = replace(CHAIN[1], owner=Person(""), row={})
    seen = integration_map([CHAIN[0], nobody, CHAIN[2]], [an_incident(42, integration="c-d")])
    links = {link.get("href"): link.get("aria-label") or "" for link in picture(seen).iter("a")}

    assert links["/integrations/a-b"] == "A → B. Ana Lima."
    assert links["/integrations/b-c"] == "B → C. Needs an owner. No silence alarm."
    assert links["/integrations/c-d"] == "C → D. Ana Lima. INC-42 is open."
    assert links["/map?system=A"] is not None


def test_the_list_says_the_same_without_the_drawing() -> None:
    rows = [*CHAIN, a_row("x-y", "X", "Y", "not-there")]
    html = page(integration_map(rows, []))
    listed = html[html.index('<table class="list map-list"') :]

    for row in rows:
        assert f'href="/integrations/{row.slug}"' in listed
    assert "not-there" in listed
    assert "not in the registry" in listed


def test_a_name_in_a_row_is_data_and_no_markup() -> None:
    row = replace(a_row("x-y", "<b>", "</svg><script>"), name="<script>alert(1)</script>")
    html = page(integration_map([row], []))

    assert "<script>alert" not in html
    assert "</svg><script>" not in html


def test_a_registry_that_no_picture_holds_offers_its_systems() -> None:
    rows = an_estate(MOST + 1)
    whole, one = integration_map(rows, []), integration_map(rows, [], "salesforce")

    assert whole.drawing is None
    assert "too many for one picture" in page(whole)
    assert one.drawing is not None
    assert len(as_data(whole)["integrations"]) == MOST + 1


def test_around_a_system_stands_what_begins_and_ends_there_and_what_needs_that() -> None:
    seen = integration_map(CHAIN, [], "b")

    assert sorted(seen.graph.nodes) == ["a-b", "b-c", "c-d"]
    assert sorted(integration_map(CHAIN, [], "D").graph.nodes) == ["c-d"]
    assert sorted(integration_map(CHAIN, [], "nowhere").graph.nodes) == ["a-b", "b-c", "c-d"]


def test_an_empty_registry_says_what_to_do() -> None:
    assert "deadair registry import" in page(integration_map([], []))


@given(st.text(max_size=60), st.floats(20, 300))
def test_a_shortened_text_fits(text: str, room: float) -> None:
    short = shortened(text, room, 13)

    assert short == text or width(short, 13) <= room
    assert short == text or short.endswith("…")


def test_a_row_does_not_say_its_system_twice() -> None:
    assert in_box("HubSpot → Salesforce", "hubspot") == "→ Salesforce"
    assert in_box("Warehouse → Ads", "Snowflake") == "Warehouse → Ads"
    assert in_box("HubSpot", "HubSpot") == "HubSpot"
