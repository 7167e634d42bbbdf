"""Files that the tools' own libraries have written, against what they were told to write.

What each is special for stands in ``real/SOURCES-by-tools.md``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import wickedmap
from wickedmap import formats

FOLDER = Path(__file__).with_name("real") / "by_tools"
RENT, DEBT, OUT, HELP = "Høy leie", "Gjeld", 'Utkastelse "på dagen"', "Hjelp & råd"
# The links each tool was told to write, in the order of its file.
LINKS = {
    "graph-tool-2.45.gml": (
        *((RENT, DEBT, "+", 1), (DEBT, OUT, "+", 0.5), (DEBT, DEBT, "+", 1), (OUT, HELP, "−", 0.25)),
        (HELP, DEBT, "−", 2),
    ),
    "graphviz-2.43.gml": (
        *((RENT, DEBT, "+", 1), (DEBT, DEBT, "+", 1), (DEBT, OUT, "+", 1), (OUT, "Hjelp", "−", 1)),
        *((RENT, "Hjelp", "−", 1), ("Hjelp", DEBT, "−", 1)),
    ),
    "jgrapht-1.5.gml": (
        *((RENT, DEBT, "+", 1), (DEBT, OUT, "+", 0.5), (rf"{HELP}\støtte", DEBT, "−", 2)),
        *((OUT, rf"{HELP}\støtte", "−", 0.25), (DEBT, DEBT, "+", 1)),
    ),
    "tulip-6.0.gml": (
        *((RENT, DEBT, "+", 1), (DEBT, OUT, "+", 1), ("Hjelp", DEBT, "−", 1), (OUT, "Hjelp", "−", 1)),
    ),
    "igraph-1.0.gml": (
        *((RENT, DEBT, "+", 1), (DEBT, OUT, "+", 1), (HELP, DEBT, "−", 1), (OUT, HELP, "−", 1)),
        (DEBT, DEBT, "+", 1),
    ),
    "igraph-r-1.3.graphml": (
        *((RENT, DEBT, "+", 1), (DEBT, "Utkastelse", "+", 0.5), ("Hjelp", DEBT, "−", 2)),
        ("Utkastelse", "Hjelp", "?", 1),
    ),
    "pyyed-1.5.graphml": (
        *((RENT, DEBT, "+", 1), (DEBT, "Utkastelse", "+", 1), (RENT, "Utkastelse", "−", 1)),
        (DEBT, RENT, "−", 1),
    ),
    "graph-easy-0.76-yed.graphml": (
        *((DEBT, "Hjelp", "−", 1), ("Hjelp", "Leie", "?", 1), (RENT, DEBT, "+", 1), ("Leie", "Eie", "?", 1)),
    ),
    "networkx-3.6-dynamic.gexf": ((RENT, DEBT, "−", 2.5), (DEBT, RENT, "+", 1)),
    "gexf-npm-0.2.6.gexf": (
        *((RENT, "Gjeld & <bøter>", "+", 2), ("Gjeld & <bøter>", RENT, "−", 1)),
        ("Gjeld & <bøter>", "Gjeld & <bøter>", "?", 1),
    ),
}
LINKS["graph-tool-2.45.graphml"] = LINKS["graph-tool-2.45.gml"]
LINKS["jgrapht-1.5.graphml"] = LINKS["jgrapht-1.5.gml"]
PLACES = [(1.5, 2), (-3, 4.25), (0, 0), (2, -1)]


def places(name: str) -> list[tuple[float, float] | None]:
    return [factor.position for factor in wickedmap.load(FOLDER / name).factors]


@pytest.mark.parametrize("name", LINKS)
def test_links_and_signs_are_those_the_tool_was_told_to_write(name):
    m = wickedmap.load(FOLDER / name)
    label = {factor.id: factor.label for factor in m.factors}
    found = tuple((label[link.source], label[link.target], link.mark, link.strength) for link in m.links)
    assert found == LINKS[name]


def test_every_file_has_its_figures_and_its_source():
    sources = (FOLDER.parent / "SOURCES-by-tools.md").read_text(encoding="utf-8")
    assert {file.name for file in FOLDER.iterdir()} == set(LINKS)
    assert [name for name in LINKS if f"`{name}`" not in sources] == []


@pytest.mark.parametrize("name", ["graph-tool-2.45.gml", "graph-tool-2.45.graphml", "igraph-r-1.3.graphml"])
def test_places_are_those_the_tool_was_given(name):
    assert places(name) == PLACES


def test_y_points_down_also_from_tools_where_it_points_up():
    assert places("tulip-6.0.gml") == [(x, -y) for x, y in PLACES]
    # Graphviz puts what leads to the rest at the top: pos="250.39,265", "203.39,178", "114.39,91", "264.39,18".
    assert places("graphviz-2.43.gml") == [(250.39, -265), (203.39, -178), (114.39, -91), (264.39, -18)]
    assert places("gexf-npm-0.2.6.gexf") == [(1.5, -2), (-3, -4.25)]


def test_pyyeds_groups_hold_their_factors_and_the_delay_is_read():
    m = wickedmap.load(FOLDER / "pyyed-1.5.graphml")
    assert {factor.label: factor.attributes.get("group") for factor in m.factors} == {
        RENT: None,
        "Bolig": None,
        DEBT: "Bolig",
        "Utenfor": "Bolig",
        "Utkastelse": "Utenfor",
    }
    # x="10" y="20" width="80" height="40", and so on; the closed group has no place.
    assert [factor.position for factor in m.factors] == [(50, 40), (350, 100), (260, 60), None, (350, 135)]
    assert [link.delay for link in m.links] == ["", "long", "", ""]
    assert m.links[1].attributes["line style"] == "dashed"


def test_networkxs_parents_are_groups_and_its_times_are_left_out_with_a_word():
    reading = formats.read(FOLDER / "networkx-3.6-dynamic.gexf")
    assert [dict(factor.attributes) for factor in reading.map.factors] == [
        {"size": "4.0", "colour": "#ff0010"},
        {"group": "Bolig"},
        {"group": RENT},
    ]
    assert "times" in reading.counts()
