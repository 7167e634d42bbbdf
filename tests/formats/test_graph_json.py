"""Graphs and tables in JSON, in the shapes of the tools that write them."""

from __future__ import annotations

import json
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wickedmap import CausalMap, formats
from wickedmap.formats.errors import FormatError


def read(whole: Any, name: str = "x.json") -> formats.Reading:
    return formats.read_bytes(json.dumps(whole).encode(), name)


def said(reading: formats.Reading) -> list[tuple[str, str, str]]:
    label = {factor.id: factor.label for factor in reading.map.factors}
    return [(label[one.source], label[one.target], one.mark) for one in reading.map.links]


def codes(reading: formats.Reading) -> set[str]:
    return {notice.code for notice in reading.report}


def a_graph() -> nx.DiGraph:
    graph = nx.DiGraph(name="Kart")
    graph.add_node("a", label="Gjeld", x=1.5, y=-2)
    graph.add_node("b", label="Bolig")
    graph.add_edge("a", "b", sign="-", weight=2.0)
    graph.add_edge("b", "c", sign="+")
    graph.add_edge("c", "c")
    return graph


THREE = [("Gjeld", "Bolig", "−"), ("Bolig", "c", "+"), ("c", "c", "?")]


@pytest.mark.parametrize(
    "whole",
    [
        nx.node_link_data(a_graph(), edges="edges"),
        nx.node_link_data(a_graph(), edges="links"),
        nx.node_link_data(a_graph(), edges="links", source="from", target="to", name="name"),
        nx.adjacency_data(a_graph()),
        nx.cytoscape_data(a_graph()),
    ],
    ids=["node-link", "links", "own names", "adjacency", "cytoscape"],
)
def test_what_networkx_writes_is_read_with_labels_signs_and_places(whole):
    reading = read(whole)
    assert (reading.format, reading.map.title, said(reading)) == ("graph-json", "Kart", THREE)
    assert [one.id for one in reading.map.factors] == ["a", "b", "c"]
    assert [one.position for one in reading.map.factors] == [(1.5, -2), None, None]
    assert [one.strength for one in reading.map.links] == [2, 1, 1]


@pytest.mark.parametrize("data", [nx.node_link_data, nx.adjacency_data])
def test_links_without_direction_become_two_arrows_once(data):
    graph = nx.Graph()
    graph.add_edge("a", "b", weight=-1)
    graph.add_edge("b", "b", weight=1)
    reading = read(data(graph))
    assert said(reading) == [("a", "b", "−"), ("b", "a", "−"), ("b", "b", "+")]
    assert "two-arrows" in codes(reading)


def test_links_between_the_same_nodes_stay_apart_and_odd_ids_are_kept():
    graph = nx.MultiDiGraph()
    graph.add_edge(1, (1, 2), weight=-1)
    graph.add_edge(1, (1, 2), weight=1)
    reading = read(nx.node_link_data(graph))
    assert [one.mark for one in reading.map.links] == ["−", "+"]
    assert reading.map.factors[1].attributes["foreign_id"] == "1|2"


def test_networkx_reads_what_we_write():
    m = CausalMap.from_links([("Gjeld", "Bolig", -1, 2.0), ("Bolig", "Gjeld", None)], title="Kart")
    graph = nx.node_link_graph(json.loads(formats.write_bytes(m, "graph-json")), edges="edges")
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.graph["name"] == "Kart"
    assert sorted(label for _, label in graph.nodes(data="label")) == ["Bolig", "Gjeld"]
    assert [(one.get("polarity"), one["strength"]) for *_, one in graph.edges(data=True)] == [
        (-1, 2.0),
        (None, 1.0),
    ]


@pytest.mark.parametrize(
    ("links", "number"),
    [
        ([{"source": 1, "target": 0, "value": 1}], True),
        ([{"source": "Napoleon", "target": "Myriel", "value": 1}], False),
        (
            [{"source": {"name": "Napoleon", "index": 1, "x": 3}, "target": {"name": "Myriel", "index": 0}}],
            False,
        ),
    ],
)
def test_links_of_d3_name_nodes_by_number_by_name_or_hold_them_whole(links, number):
    nodes = [
        {"name": "Myriel", "group": 1, "index": 0, "vx": 0.1, "x": 5, "y": 6},
        {"name": "Napoleon", "group": 1},
    ]
    reading = read({"nodes": nodes, "links": links})
    assert said(reading) == [("Napoleon", "Myriel", "?")]
    assert ("ends-by-number" in codes(reading)) is number
    assert "no-arrowhead" in codes(reading)
    assert (dict(reading.map.factors[0].attributes), reading.map.factors[0].position) == (
        {"group": "1"},
        (5, 6),
    )


def test_numbers_that_are_ids_are_ids_and_not_places_in_the_list():
    nodes = [{"id": 2, "label": "to"}, {"id": 1, "label": "en"}, {"id": 0, "label": "null"}]
    assert said(read({"nodes": nodes, "links": [{"source": 0, "target": 1}]})) == [("null", "en", "?")]
    old = [{"id": "Myriel"}, {"id": "Napoleon"}]
    assert said(read({"nodes": old, "links": [{"source": 0, "target": 1}]})) == [("Myriel", "Napoleon", "?")]


CYJS = {
    "format_version": "1.0",
    "generated_by": "cytoscape-3.10.1",
    "target_cytoscapejs_version": "~2.1",
    "data": {"shared_name": "kart.sif", "name": "kart.sif", "SUID": 52, "selected": True},
    "elements": {
        "nodes": [
            {
                "data": {"id": "62", "shared_name": "Gjeld", "name": "Gjeld", "SUID": 62, "selected": False},
                "position": {"x": -10.5, "y": 20.0},
                "selected": False,
            },
            {"data": {"id": "64", "name": "Bolig", "SUID": 64}, "position": {"x": 30.0, "y": 40.0}},
        ],
        "edges": [
            {
                "data": {
                    "id": "66",
                    "source": "62",
                    "target": "64",
                    "shared_name": "Gjeld (inhibits) Bolig",
                    "name": "Gjeld (inhibits) Bolig",
                    "shared_interaction": "inhibits",
                    "interaction": "inhibits",
                    "SUID": 66,
                },
                "selected": False,
            }
        ],
    },
}


def test_a_network_of_cytoscape_keeps_names_interactions_and_places():
    reading = read(CYJS, "kart.cyjs")
    assert (reading.map.title, said(reading)) == ("kart.sif", [("Gjeld", "Bolig", "−")])
    assert [(one.id, one.position) for one in reading.map.factors] == [("62", (-10.5, 20)), ("64", (30, 40))]
    assert "SUID" not in reading.map.factors[0].attributes


@pytest.mark.parametrize("whole", [lambda one: one, lambda one: {"elements": one, "zoom": 1}])
def test_elements_of_cytoscape_js_may_stand_in_any_order_inside_their_parents(whole):
    elements = [
        {"group": "edges", "data": {"id": "ab", "source": "a", "target": "b", "label": "+"}},
        {"group": "nodes", "data": {"id": "g", "label": "Økonomi"}, "position": {"x": 0, "y": 0}},
        {"group": "nodes", "data": {"id": "a", "label": "Gjeld", "parent": "g"}, "position": {"x": 1, "y": 2}},
        {"group": "nodes", "data": {"id": "b", "label": "Bolig"}, "position": {"x": 3, "y": 4}},
    ]
    reading = read(whole(elements))
    assert said(reading) == [("Gjeld", "Bolig", "+")]
    group, inside, outside = reading.map.factors
    assert (group.kind, inside.attributes["group"], dict(outside.attributes)) == ("group", "Økonomi", {})


def test_nodes_that_nobody_has_placed_have_no_place():
    nodes = [{"data": {"id": one}, "position": {"x": 0, "y": 0}} for one in "ab"]
    reading = read({"elements": {"nodes": nodes, "edges": []}})
    assert [one.position for one in reading.map.factors] == [None, None]
    assert "no-positions" in codes(reading)


def test_in_graphology_y_points_up_and_each_edge_says_whether_it_has_a_direction():
    whole = {
        "options": {"type": "mixed", "multi": True, "allowSelfLoops": True},
        "attributes": {"name": "Kart"},
        "nodes": [
            {"key": "a", "attributes": {"label": "Gjeld", "x": 1, "y": 2}},
            {"key": "b", "attributes": {"label": "Bolig", "x": -1, "y": 5}},
        ],
        "edges": [
            {"key": "e1", "source": "a", "target": "b", "attributes": {"polarity": "-", "weight": 2}},
            {"key": "e2", "source": "a", "target": "b", "attributes": {"polarity": "+"}, "undirected": True},
        ],
    }
    reading = read(whole)
    assert said(reading) == [("Gjeld", "Bolig", "−"), ("Gjeld", "Bolig", "+"), ("Bolig", "Gjeld", "+")]
    assert [one.position for one in reading.map.factors] == [(1, -2), (-1, -5)]
    assert (reading.map.title, reading.map.links[0].id, reading.map.links[0].strength) == ("Kart", "e1", 2)
    whole["options"]["type"] = "undirected"
    assert len(read(whole).map.links) == 4


def test_arrows_of_vis_js_turn_and_double_links():
    edges = [
        {"from": 1, "to": 2, "arrows": "to", "label": "+"},
        {"from": 1, "to": 2, "arrows": "from", "label": "-"},
        {"from": 1, "to": 2, "arrows": {"to": {"enabled": True}, "from": {"enabled": True}}},
    ]
    reading = read(
        {"nodes": [{"id": 1, "label": "A", "x": 5, "y": 6}, {"id": 2, "label": "B"}], "edges": edges}
    )
    assert said(reading) == [("A", "B", "+"), ("B", "A", "−"), ("A", "B", "?"), ("B", "A", "?")]
    assert reading.map.factors[0].position == (5, 6)
    assert {"turned", "two-arrows"} <= codes(reading)


@pytest.mark.parametrize("as_list", [True, False])
def test_the_json_graph_format_has_its_nodes_in_a_list_or_by_id(as_list):
    nodes = {"x": {"label": "Gjeld", "metadata": {"w": 1}}, "y": {"label": "Bolig"}}
    graph = {
        "directed": True,
        "label": "T",
        "nodes": [{"id": key, **one} for key, one in nodes.items()] if as_list else nodes,
        "edges": [
            {"source": "x", "target": "y", "relation": "decreases", "metadata": {"how": "often"}},
            {"source": "y", "target": "x", "directed": False},
        ],
    }
    reading = read({"graph": graph})
    assert said(reading) == [("Gjeld", "Bolig", "−"), ("Bolig", "Gjeld", "?"), ("Gjeld", "Bolig", "?")]
    assert reading.map.links[0].attributes["how"] == "often"
    several = read({"graphs": [graph, graph]})
    assert said(several) == said(reading)
    assert "several-graphs" in codes(several)


def test_boxes_of_an_open_canvas_stand_in_their_middle():
    whole = {
        "nodes": [
            {"id": "1", "type": "text", "text": "Gjeld", "x": 0, "y": 0, "width": 100, "height": 60},
            {"id": "2", "type": "text", "text": "Bolig", "x": 200, "y": 0, "width": 100, "height": 60},
        ],
        "edges": [{"id": "e", "fromNode": "1", "fromSide": "right", "toNode": "2", "label": "-"}],
    }
    reading = read(whole, "kart.canvas")
    assert said(reading) == [("Gjeld", "Bolig", "−")]
    assert [one.position for one in reading.map.factors] == [(50, 30), (250, 30)]


def test_lines_of_an_open_canvas_have_their_arrow_at_the_end_unless_they_say_otherwise():
    nodes = [{"id": one, "type": "text", "text": one, "x": 0, "y": at} for at, one in enumerate("ab")]
    ends = {"fromNode": "a", "toNode": "b"}
    edges = [ends, {**ends, "fromEnd": "arrow"}, {**ends, "fromEnd": "arrow", "toEnd": "none"}]
    reading = read({"nodes": nodes, "edges": edges})
    assert said(reading) == [("a", "b", "?"), ("a", "b", "?"), ("b", "a", "?"), ("b", "a", "?")]
    assert "no-arrowhead" not in codes(reading)


def test_react_flow_has_labels_in_data_and_places_beside_them():
    nodes = [{"id": one, "position": {"x": 1, "y": 2}, "data": {"label": f"Faktor {one}"}} for one in "ab"]
    edges = [{"id": "e", "source": "a", "target": "b", "label": "+", "animated": True}]
    reading = read({"nodes": nodes, "edges": edges, "viewport": {"x": 0, "y": 0, "zoom": 1}})
    assert said(reading) == [("Faktor a", "Faktor b", "+")]
    assert reading.map.factors[0].position == (1, 2)


def test_nodes_that_only_links_name_are_added_and_those_listed_twice_are_one():
    nodes = [{"id": "a"}, {"id": "a"}]
    reading = read({"nodes": nodes, "links": [{"source": "a", "target": "new"}, ["a", "a", -2]]})
    assert [one.label for one in reading.map.factors] == ["a", "new"]
    assert said(reading) == [("a", "new", "?"), ("a", "a", "−")]
    assert {"missing-node", "listed-twice"} <= codes(reading)


TABLE = pd.DataFrame(
    {
        "source": ["a", "b"],
        "target": ["b", "c"],
        "polarity": ["+", "-"],
        "weight": [1, 2.5],
        "note": [None, "x"],
    }
)


@pytest.mark.parametrize("orient", ["records", "split", "table", "columns", "index", "lines", "list"])
def test_data_frames_of_pandas_are_read_as_the_csv_of_them_is(orient):
    text = (
        TABLE.to_json(orient="records", lines=True)
        if orient == "lines"
        else json.dumps(TABLE.where(TABLE.notna(), None).to_dict("list"))
        if orient == "list"
        else TABLE.to_json(orient=orient)
    )
    reading = formats.read_bytes(text.replace("NaN", "null").encode(), "x.json")
    wanted = formats.read_bytes(TABLE.to_csv(index=False).encode(), "x.csv")
    assert (reading.format, said(reading)) == ("json-table", said(wanted))
    assert [(one.strength, one.rationale) for one in reading.map.links] == [
        (one.strength, one.rationale) for one in wanted.map.links
    ]


@pytest.mark.parametrize("orient", ["split", "table", "columns"])
def test_a_matrix_in_json_has_its_causes_in_the_rows(orient):
    matrix = pd.DataFrame([[0, -1.0], [0.5, 0]], index=["a", "b"], columns=["a", "b"])
    reading = formats.read_bytes(matrix.to_json(orient=orient).encode(), "x.json")
    assert said(reading) == [("a", "b", "−"), ("b", "a", "+")]


def test_a_table_for_each_expert_is_one_map_with_their_stances():
    terms = {"-L": "", "-H": "", "+L": "", "+H": ""}
    whole = {
        "Expert_1": [
            {"from": "C1", "to": "C2", **terms, "-L": 1},
            {"from": "C2", "to": "C1", **terms, "+H": 1},
        ],
        "Expert_2": [{"from": "C1", "to": "C2", **terms, "+L": 1}],
    }
    reading = read(whole)
    assert said(reading) == [("C1", "C2", "±"), ("C2", "C1", "+")]
    assert [(one.person, one.sign) for one in reading.map.stances] == [
        ("Expert_1", -1),
        ("Expert_2", 1),
        ("Expert_1", 1),
    ]


def test_an_object_of_neighbours_is_read_from_the_outer_name_to_the_inner():
    wanted = [("A", "B", "−"), ("B", "C", "+")]
    assert said(read({"A": {"B": -1}, "B": {"C": 1}})) == wanted
    assert said(read({"A": {"B": {"weight": -1}}, "B": {"C": {"weight": 1}}, "C": {}})) == wanted


@pytest.mark.parametrize("name", ["links", "edges"])
def test_links_alone_are_a_table_said_by_nobody(name):
    reading = read({name: [{"from": "A", "to": "B", "sign": "+"}]})
    assert (said(reading), reading.map.stances) == ([("A", "B", "+")], ())


def test_variables_and_nodes_of_gojs_are_nodes():
    sd = {
        "variables": [{"name": "A"}, {"name": "B"}],
        "relationships": [{"from": "A", "to": "B", "polarity": "-"}],
    }
    assert said(read(sd)) == [("A", "B", "−")]
    nodes = [{"key": 1, "text": "A", "loc": "10 -20.5"}, {"key": 2, "text": "B", "loc": "30 40"}]
    reading = read({"nodeDataArray": nodes, "linkDataArray": [{"from": 1, "to": 2, "text": "+"}]})
    assert (said(reading), reading.map.factors[0].position) == ([("A", "B", "+")], (10, -20.5))


def test_rows_without_names_are_guessed_and_say_so():
    reading = read([["a", "b", "+"], ["b", "c", "-"]])
    assert said(reading) == [("a", "b", "+"), ("b", "c", "−")]
    assert "columns-guessed" in codes(reading)


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        ({"nodes": [1, None], "links": []}, r"nodes\[1\]: expected an object"),
        ({"nodes": [], "links": ["a"]}, r"links\[0\]: expected an object"),
        ({"nodes": [{"id": "a"}], "links": [{"source": "a"}]}, r"edges\[0\]: an edge lacks source or target"),
        (
            {"nodes": [{"id": "a"}, {}], "links": [{"source": "a", "target": "a"}]},
            r"nodes\[1\]: a node has no id",
        ),
        ({"nodes": [{"id": "a"}], "adjacency": []}, "not equally long"),
        ({"nodes": [{"id": "a"}], "adjacency": [[{}]]}, r"adjacency\[0\]: a neighbour has no id"),
        ({"nodes": [{"id": "a"}], "adjacency": [3]}, "a list of neighbours"),
        ({"nodes": list(range(2_001)), "links": []}, "more than 2000 factors"),
        ({"nodes": [0], "links": [[0, 0]] * 10_001}, "more than 10000 links"),
        ({"directed": False, "nodes": [0, 1], "links": [[0, 1]] * 5_001}, "more than 10000 links"),
        ({"nodes": [{"id": 0}], "adjacency": [[{"id": 0, "key": n} for n in range(10_001)]]}, "10000 links"),
        ({"nodes": [{"id": "a", "label": "x" * 100_001}], "links": []}, "a text of 100001 characters"),
        ([{"a": 1}], "no columns for cause and effect"),
        ({"columns": ["a"], "data": []}, "no columns for cause and effect"),
        ([{f"k{n}": 1} for n in range(2_101)], "2101 columns; at most 2100"),
        ({"a": 1}, "no kind that is read"),
    ],
)
def test_a_bad_graph_or_table_is_refused_with_its_place(whole, words):
    with pytest.raises(FormatError, match=words):
        read(whole)


KEYS = [
    *("nodes", "links", "edges", "elements", "data", "graph", "graphs", "adjacency", "directed", "source"),
    *(
        "target",
        "id",
        "key",
        "position",
        "x",
        "columns",
        "schema",
        "index",
        "attributes",
        "options",
        "from",
        "to",
    ),
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False)
    | st.sampled_from(["a", "b", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_any_json_with_the_words_of_these_formats_is_read_or_refused(whole):
    for name in ("graph-json", "json-table", None):
        refusal = "x.json"
        try:
            formats.read_bytes(json.dumps(whole).encode(), "x.json", name)
        except FormatError as error:
            refusal = str(error)
        assert refusal.startswith("x.json")


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_number_too_large_to_hold_is_kept_as_text(number):
    node = f'{{"id": "a", "size": {number}, "x": {number}, "y": 1}}'
    text = f'{{"nodes": [{node}, {{"id": "b"}}], "links": []}}'
    factor = formats.read_bytes(text.encode(), "x.json").map.factors[0]
    assert (factor.attributes["size"].lstrip("-"), factor.position) == ("inf", None)


@pytest.mark.parametrize("rest", ["", "x", '": 1', '"\\x": 1'])
def test_a_constant_is_named_with_its_line_whatever_follows_it(rest):
    with pytest.raises(FormatError, match="line 2: NaN is not a number"):
        formats.read_bytes(f'{{"nodes": [],\n"size": NaN{rest}'.encode(), "x.json")
