"""Graphs in JSON as other projects have them, against figures taken from their raw text.

Each figure was counted with `grep` or read off the file by eye, not with our readers.
Where the files come from, and under which licence, stands in ``real/SOURCES-text-and-tables.md``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import wickedmap

REAL = Path(__file__).with_name("real") / "json"

# factors, links
FIGURES = {
    # two "actor", one "relation"
    "usual_suspects.json": (2, 1),
    # 22 elements without "source", 11 with
    "edge-arrows.json": (22, 11),
    "cola-compound.json": (9, 7),
    # 4 lines between n1 and n2 with "directed": "false", 2 from n1 to itself
    "network-curve.json": (2, 10),
    # 12 "Modularity Class", 21 "source"
    "clique3.json": (12, 21),
    "sample.canvas": (4, 1),
}


@pytest.mark.parametrize("name", FIGURES)
def test_factors_and_links_are_those_of_the_file(name):
    m = wickedmap.load(REAL / name)
    assert (len(m.factors), len(m.links)) == FIGURES[name]
    assert {link.mark for link in m.links} == {"?"}


def test_every_file_has_its_figures_and_its_source():
    found = {file.name for file in REAL.iterdir()}
    sources = (REAL.parent / "SOURCES-text-and-tables.md").read_text(encoding="utf-8")
    assert found == set(FIGURES)
    assert [name for name in found if f"`json/{name}`" not in sources] == []


def test_labels_and_places_are_those_that_the_tool_shows():
    movie = wickedmap.load(REAL / "usual_suspects.json")
    assert (movie.title, [one.label for one in movie.factors]) == (
        "Usual Suspects",
        ["Roger Kint", "Keyser Söze"],
    )
    gephi = {one.label: one.position for one in wickedmap.load(REAL / "clique3.json").factors}
    assert gephi["12"] == (243.74732971191406, 155.08746337890625)
    canvas = wickedmap.load(REAL / "sample.canvas").factors
    assert [one.label for one in canvas][:2] == ["readme.md", "_site/logo.svg"]
    # x -280, width 217; y -440, height 80
    assert canvas[1].position == (-171.5, -400)


def test_nodes_of_cytoscape_js_know_their_parents():
    m = wickedmap.load(REAL / "cola-compound.json")
    assert {one.id: one.attributes.get("group") for one in m.factors if one.kind != "group"} == {
        "a": "compound-2",
        "b": "compound-1",
        "c": "compound-1",
        "d": "compound-3",
        "e": "compound-3",
        "f": None,
    }
    assert [(one.source, one.target) for one in m.links][3:5] == [("c", "d"), ("d", "e")]
