"""Files as graph and mapping tools wrote them, against figures taken from their raw text.

Each figure was counted with `grep` or read off the file by eye, not with our readers.
Where the files come from, and under which licence, stands in ``real/SOURCES.md``.
"""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import wickedmap
from wickedmap import formats

REAL = Path(__file__).with_name("real")


def codes(path: str) -> dict[str, int]:
    return formats.read(REAL / path).counts()


# factors, links and the marks of all links in the order of the file
FIGURES = {
    # 2 <node>, and 2, 4, 5, 6 only in <edge>; 4 <edge>
    "gexf/graphology-missing-nodes.gexf": (6, 4, "????"),
    # 3 <node>; 2 directed <edge>, 1 undirected that becomes two arrows
    "gexf/graphology-mixed.gexf": (3, 4, "????"),
    "gexf/graphology-edge-viz.gexf": (2, 1, "?"),
    # GEXF's default for an edge without type is undirected: two arrows
    "gexf/graphology-v1-3.gexf": (2, 2, "??"),
    # 4 <node>, 5 <edge>, defaultedgetype="directed"
    "gexf/graphology-liststring.gexf": (4, 5, "?????"),
    # 6 <node>; 6 undirected <edge> and 2 with directed="true"
    "graphml/graphology-mixed-multigraph.graphml": (6, 14, "?" * 14),
    # 9 <node>, 3 of them yfiles.foldertype="group"; 4 <edge>
    "graphml/yed-3.17-groups.graphml": (9, 4, "????"),
    "graphml/yfiles-2.7.graphml": (3, 1, "?"),
    # fourth number of each edge: 1, 1, 1, 1, 1, 1
    "loopy/automation.loopy.json": (6, 6, "++++++"),
    # <influence> of the relationships: -1, 1, 1, -1, 1, 1
    "mental_modeler/kissinger.mmp": (6, 6, "−++−++"),
    # "influence": 1, -0.1, 0.8, 0, 1, -0.2, -1, -0.2, 0.2, 0.5, -0.5, -0.2
    "mental_modeler/ozesmi-wetland.json.mmp": (5, 12, "+−+?+−−−++−−"),
    # <influence>: -1, -1, 1, 0.74, 0.75, -0.68, -1, -1, 0.71, -1, -1
    "mental_modeler/covid.mmp": (11, 11, "−−+++−−−+−−"),
}


@pytest.mark.parametrize("path", FIGURES)
def test_factors_links_and_signs_are_those_of_the_tool(path):
    m = wickedmap.load(REAL / path)
    assert (len(m.factors), len(m.links), "".join(link.mark for link in m.links)) == FIGURES[path]


def test_every_real_file_has_its_figures_and_its_source():
    files = {str(path.relative_to(REAL)) for path in REAL.rglob("*") if path.is_file()} - {"SOURCES.md"}
    sources = (REAL / "SOURCES.md").read_text(encoding="utf-8")
    here = {path for path in files if path.split("/")[0] in ("gexf", "graphml", "loopy", "mental_modeler")}
    assert here == set(FIGURES)
    assert [path for path in FIGURES if f"`{path}`" not in sources] == []


# networkx refuses graphs with both kinds of edges.
@pytest.mark.parametrize("path", ["graphml/yed-3.17-groups.graphml", "graphml/yfiles-2.7.graphml"])
def test_networkx_finds_the_same_nodes_and_edges_in_graphml(path):
    graph = nx.read_graphml(REAL / path, force_multigraph=True)
    m = wickedmap.load(REAL / path)
    assert [factor.id for factor in m.factors] == list(graph.nodes)
    assert sorted((link.source, link.target) for link in m.links) == sorted(graph.edges())


def test_yed_shows_the_labels_of_open_groups_and_the_middle_of_each_box():
    m = wickedmap.load(REAL / "graphml/yed-3.17-groups.graphml")
    # <y:NodeLabel> of each node; of a group the first of two, as <y:Realizers active="0">.
    labels = ["2", "Group 3", "Group 1", "1", "3", "Group 2", "5", "6", "9"]
    assert [factor.label for factor in m.factors] == labels
    # <y:Geometry height="30.0" width="30.0" x="125.0" y="-255.4611111111111"/>
    assert m.factor("n0").position == pytest.approx((140.0, -240.4611111111111))
    # <y:Geometry height="83.46111111111111" width="110.0" x="-15.0" y="-292.9222222222222"/>
    assert m.factor("n1::n0").position == pytest.approx((40.0, -251.1916666666667))
    assert {factor.id: factor.attributes.get("group", "") for factor in m.factors} == {
        "n0": "",
        "n1": "",
        "n1::n0": "Group 3",
        "n1::n0::n0": "Group 1",
        "n1::n0::n1": "Group 1",
        "n1::n1": "Group 3",
        "n1::n1::n0": "Group 2",
        "n1::n1::n1": "Group 2",
        "n2": "",
    }
    assert {factor.attributes["CustomProperty"] for factor in m.factors} == {"CustomPropertyValue"}
    assert "more-labels" not in codes("graphml/yed-3.17-groups.graphml")


def test_yfiles_nodes_of_several_kinds_have_their_labels_and_places():
    m = wickedmap.load(REAL / "graphml/yfiles-2.7.graphml")
    # Two <y:ShapeNode> of 30 x 30 at (125, 100) and (183, 205), one <y:GenericNode> of 80 x 40 at (950, 286).
    assert [(factor.label, factor.position) for factor in m.factors] == [
        ("1", (140, 115)),
        ("2", (198, 220)),
        ("3", (990, 306)),
    ]


def test_a_default_in_a_key_is_the_value_of_nodes_that_have_none():
    m = wickedmap.load(REAL / "graphml/graphology-mixed-multigraph.graphml")
    assert [factor.attributes["color"] for factor in m.factors] == [
        *("green", "yellow", "blue", "red", "yellow", "turquoise")
    ]
    # <edge id="e4" source="n2" target="n4"/> and <edge id="e7" source="n2" target="n4"/>
    assert sum({link.source, link.target} == {"n2", "n4"} for link in m.links) == 4
    # directed="true" on e3 and e6
    one_way = [link.id for link in m.links if f"{link.id}.back" not in {other.id for other in m.links}]
    assert [identity for identity in one_way if not identity.endswith(".back")] == ["e3", "e6"]


def test_gephis_places_sizes_and_colours_are_kept_and_y_points_down():
    m = wickedmap.load(REAL / "gexf/graphology-edge-viz.gexf")
    assert [(factor.label, factor.position) for factor in m.factors] == [
        ("Myriel", (268.72385, -91.18155)),
        ("Napoleon", (296.39902, -57.118374)),
    ]
    # <viz:color b="45" g="72" r="216"/>, <viz:size value="22.714287"/>
    assert (m.factors[0].attributes["colour"], m.factors[0].attributes["size"]) == ("#d8482d", "22.714287")
    assert (m.title, m.links[0].source, m.links[0].target) == ("An edge viz test graph", "1.0", "0.0")


def test_nodes_that_stand_only_in_edges_are_added_and_reported():
    m = wickedmap.load(REAL / "gexf/graphology-missing-nodes.gexf")
    assert [factor.label for factor in m.factors] == ["Hello", "Word", "2", "4", "5", "6"]
    assert codes("gexf/graphology-missing-nodes.gexf")["missing-node"] == 4


def test_lists_and_defaults_of_gexf_are_kept_as_columns():
    m = wickedmap.load(REAL / "gexf/graphology-liststring.gexf")
    assert [dict(factor.attributes) for factor in m.factors] == [
        {"types": "cooking|money", "indegree": "1", "frog": "true"},
        {"types": "money", "indegree": "2", "frog": "true"},
        {"types": "cooking|wines", "indegree": "1", "frog": "true"},
        {"types": "wines|idea|cooking", "indegree": "1", "frog": "false"},
    ]
    ends = [("0", "1"), ("0", "2"), ("1", "0"), ("2", "1"), ("0", "3")]
    assert [(link.source, link.target) for link in m.links] == ends


def test_loopys_labels_are_decoded_and_its_texts_left_out_with_a_notice():
    m = wickedmap.load(REAL / "loopy/automation.loopy.json")
    assert [(factor.label, factor.position) for factor in m.factors] == [
        ("automation", (742, 425)),
        ("profits", (1047, 419)),
        ("job loss", (930, 726)),
        ("frustration", (1128, 757)),
        ("political unrest", (1313, 676)),
        ("tax revenue", (1216, 527)),
    ]
    label = {factor.id: factor.label for factor in m.factors}
    assert [(label[link.source], label[link.target]) for link in m.links] == [
        ("automation", "job loss"),
        ("automation", "profits"),
        ("profits", "automation"),
        ("job loss", "frustration"),
        ("frustration", "political unrest"),
        ("profits", "tax revenue"),
    ]
    assert codes("loopy/automation.loopy.json")["labels"] == 1


def test_mental_modelers_concepts_have_their_names_places_and_weights():
    m = wickedmap.load(REAL / "mental_modeler/kissinger.mmp")
    assert m.title == "Fundamentalism"
    assert [(factor.label, factor.position) for factor in m.factors] == [
        ("Fundamentalism", (408, 40)),
        ("Radicalism", (653, 128)),
        ("Strength of Govt", (371, 399)),
        ("Imperialism", (207, 120)),
        ("Foreign Control of Govt", (212, 253)),
        ("Terrorism", (656, 249)),
    ]
    wetland = wickedmap.load(REAL / "mental_modeler/ozesmi-wetland.json.mmp")
    label = {factor.id: factor.label for factor in wetland.factors}
    weights = {
        (label[link.source], label[link.target]): link.strength * (link.sign or 0) for link in wetland.links
    }
    assert weights[("Amount of Wetland", "Livelihood")] == 0.8
    assert weights[("Laws", "Pollution")] == -0.5
    assert weights[("Amount of Wetland", "Laws")] == 0


def test_names_with_a_space_at_the_end_are_trimmed_and_lead_to_the_right_concept():
    m = wickedmap.load(REAL / "mental_modeler/covid.mmp")
    assert m.factors[1].label == "People recovering"
    label = {factor.id: factor.label for factor in m.factors}
    assert [label[link.target] for link in m.links if label[link.source] == "Wearing masks properly"] == [
        "My personal risk of becoming infected",
        "People dying or getting sick",
    ]
