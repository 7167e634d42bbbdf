from __future__ import annotations

import json

import pytest

from wickedmap import formats
from wickedmap.formats import kumu


def backup(connections, elements=("a", "b"), **project):
    """A backup in which every element is in the one map, as Kumu writes it."""
    listed = [{"_id": f"elem-{one}", "attributes": {"label": one}} for one in elements]
    nodes = [{"_id": f"node-{one}", "element": f"elem-{one}", "pinned": True} for one in elements]
    for number, (source, target, attributes) in enumerate(connections):
        more = attributes.pop("top", {})
        connections[number] = {
            "_id": f"conn-{number}",
            "direction": "directed",
            "delayed": False,
            "reversed": False,
            "attributes": attributes,
            "from": f"elem-{source}",
            "to": f"elem-{target}",
            **more,
        }
    whole = {
        "name": "P",
        "elements": listed,
        "connections": connections,
        "loops": [],
        "maps": [{"_id": "map-1", "name": "P", "elements": nodes, "connections": [], "loops": []}],
        **project,
    }
    return formats.read_bytes(json.dumps(whole).encode(), "kart.json")


def codes(reading) -> list[str]:
    return [notice.code for notice in reading.report]


@pytest.mark.parametrize(
    ("attributes", "mark", "kept"),
    [
        ({"connection type": "+"}, "+", {}),
        ({"connection type": "-"}, "−", {}),
        ({"connection type": "--"}, "+", {}),
        ({"connection type": "-+"}, "−", {}),
        ({"connection type": "Same"}, "+", {}),
        ({"connection type": "opposite"}, "−", {}),
        ({"connection type": "Strong positive"}, "+", {"type": "Strong positive"}),
        ({"connection type": None, "influence type": "Negative"}, "−", {}),
        ({"connection type": "Funding", "polarity": "Positive"}, "+", {"type": "Funding"}),
        ({"connection type": "Funding"}, "?", {"type": "Funding"}),
        ({"label": "-"}, "−", {}),
        ({"label": "betaler", "tags": ["x", "y|z"]}, "?", {"label": "betaler", "tags": "x|y\\|z"}),
        ({}, "?", {}),
    ],
)
def test_the_sign_of_a_connection_is_found_in_the_field_people_have_put_it_in(attributes, mark, kept):
    reading = backup([("a", "b", attributes)])
    link = reading.map.links[0]
    assert (link.mark, dict(link.attributes)) == (mark, kept)
    assert ("sign-unknown-word" in codes(reading)) is (
        attributes.get("connection type") == "Funding" and mark == "?"
    )


def test_strengths_below_zero_are_signs():
    reading = backup([("a", "b", {"strength": 2}), ("b", "a", {"strength": "-1"})])
    assert [(link.sign, link.strength) for link in reading.map.links] == [(1, 2.0), (-1, 1.0)]
    reading = backup([("a", "b", {"strength": 2})])
    assert [(link.sign, link.strength) for link in reading.map.links] == [(None, 2.0)]


def test_a_delay_is_a_delay_wherever_it_is_said():
    reading = backup(
        [("a", "b", {"top": {"delayed": True}}), ("a", "b", {"delay": "yes"}), ("a", "b", {"delay": "2 år"})]
    )
    assert [(link.delay, dict(link.attributes)) for link in reading.map.links] == [
        ("long", {}),
        ("long", {}),
        ("", {"delay": "2 år"}),
    ]


def test_connections_that_no_map_shows_are_in_the_trash():
    elements = [{"_id": f"node-{one}", "element": f"elem-{one}"} for one in "ab"]
    shown = [{"_id": "map-1", "elements": elements, "connections": [{"_id": "e", "connection": "conn-1"}]}]
    reading = backup([("a", "b", {}), ("b", "a", {})], maps=shown)
    assert [(link.source, link.target) for link in reading.map.links] == [("elem-b", "elem-a")]
    assert "trash" in codes(reading)


def test_of_several_maps_the_default_one_gives_the_places():
    def node(one, x):
        return {"_id": f"n-{one}", "element": f"elem-{one}", "position": {"x": x, "y": 1}}

    maps = [
        {"_id": "map-1", "name": "Ett", "elements": [node("a", 1), node("b", 2)], "connections": []},
        {"_id": "map-2", "name": "To", "elements": [node("b", 9)], "connections": []},
    ]
    reading = backup([], maps=maps, defaultMap="map-2")
    assert [factor.position for factor in reading.map.factors] == [(1, 1), (9, 1)]
    notice = next(notice for notice in reading.report if notice.code == "several-maps")
    assert "'To' (1 elements), 'Ett' (2 elements)" in notice.text


def test_fields_people_have_made_are_kept_lists_and_all():
    whole = {
        "elements": [
            {"label": "A", "type": "Faktor", "stakeholders": ["NAV", "Lotteri"], "id": 7,
             "2014 population": 12.5, "image": "https://example.org/a.png", "nothing": None,
             "x": 10, "y": "-20"},
        ],
    }  # fmt: skip
    factor = kumu.read(json.dumps(whole | {"connections": []}).encode()).map.factors[0]
    assert dict(factor.attributes) == {
        "stakeholders": "NAV|Lotteri",
        "2014 population": "12.5",
        "image": "https://example.org/a.png",
    }
    assert (factor.id, factor.domain, factor.position) == ("7", "Faktor", (10, -20))


def test_a_blueprint_may_name_elements_twice_only_in_connections_or_in_other_case():
    whole = {
        "elements": [{"label": "Lang ventetid"}, {"label": "lang  Ventetid", "type": "x"}, {"type": "Tom"}],
        "connections": [{"from": "LANG VENTETID", "to": "Klager"}, {"from": "Klager", "to": "", "type": "+"}],
    }
    reading = kumu.read(json.dumps(whole).encode())
    assert [factor.label for factor in reading.map.factors] == ["Lang ventetid", "Klager"]
    assert len(reading.map.links) == 1
    assert {"listed-twice", "missing-node", "no-label", "dangling"} <= set(codes(reading))
    alone = formats.read_bytes(b'{"connections": [{"from": "A", "to": "B"}]}', "kart.json")
    assert (alone.format, len(alone.map.factors)) == ("kumu", 2)


def test_named_loops_are_named_in_the_report():
    loops = [{"_id": "loop-1", "attributes": {"label": "R1 Gjeld"}, "connections": []}, {"_id": "loop-2"}]
    reading = backup([], loops=loops)
    assert any("R1 Gjeld, loop-2" in notice.text for notice in reading.report)
