from __future__ import annotations

import json

import pytest

from wickedmap import formats
from wickedmap.formats.errors import FormatError
from wickedmap.formats.lz_text import compress

NODES = [{"id": "n1", "label": "Lang\nventetid", "x": 0, "y": 5}, {"id": "n2", "label": "Klager"}]


def arrows(start: bool, end: bool) -> dict[str, object]:
    """Arrowheads as vis-network has them."""
    return {
        "to": {"enabled": end, "type": "vee"},
        "middle": {"enabled": False},
        "from": {"enabled": start},
    }


def read(**whole):
    data = json.dumps({"nodes": NODES, "edges": []} | whole)
    return formats.read_bytes(data.encode(), "kart.prsm")


def codes(reading) -> list[str]:
    return [notice.code for notice in reading.report]


def style(name: str, **more: object) -> dict[str, object]:
    return {"edges": {"edge1": {"groupLabel": name, **more}}}


@pytest.mark.parametrize(
    ("name", "label", "mark", "kept"),
    [
        ("+ve", "", "+", {}),
        ("Negative influence", "", "−", {}),
        ("Strong negative", "", "−", {"style": "Strong negative"}),
        ("Sample", "-", "−", {}),
        ("Sample", "+1", "+", {}),
        ("Sample", "1", "?", {"label": "1"}),
        ("Funding", "", "?", {"style": "Funding"}),
        ("Sample", "", "?", {}),
        ("Reciprocal influence", "betaler", "?", {"style": "Reciprocal influence", "label": "betaler"}),
    ],
)
def test_signs_stand_in_the_names_of_styles_and_in_labels(name, label, mark, kept):
    edge = {"id": "e1", "from": "n1", "to": "n2", "grp": "edge1", "label": label}
    link = read(edges=[edge], styles=style(name)).map.links[0]
    assert (link.mark, dict(link.attributes)) == (mark, kept)


@pytest.mark.parametrize("where", ["edge", "style"])
@pytest.mark.parametrize(
    ("heads", "ends"),
    [
        (arrows(False, True), [("n1", "n2")]),
        (arrows(True, False), [("n2", "n1")]),
        (arrows(True, True), [("n1", "n2"), ("n2", "n1")]),
        (arrows(False, False), [("n1", "n2")]),
        ("to", [("n1", "n2")]),
        ("from", [("n2", "n1")]),
        ("to, from", [("n1", "n2"), ("n2", "n1")]),
        ("middle", [("n1", "n2")]),
    ],
)
def test_arrowheads_decide_the_direction(where, heads, ends):
    edge = {"id": "e1", "from": "n1", "to": "n2", "grp": "edge1"}
    reading = read(
        edges=[edge | ({"arrows": heads} if where == "edge" else {})],
        styles=style("Sample", **({"arrows": heads} if where == "style" else {})),
    )
    assert [(link.source, link.target) for link in reading.map.links] == ends


def test_files_before_version_1_have_numbers_as_ids_and_styles_without_names():
    reading = read(
        version="0.9",
        groups={"group0": {"shape": "ellipse"}},
        groupEdges={"edge1": {"arrows": arrows(False, True), "color": {"color": "black"}}},
        nodes=[{"id": 0, "label": "0", "x": -75, "y": 217}, {"id": 1, "label": "1", "hidden": False}],
        edges=[{"from": 1, "to": 0, "id": "ec65c5d7-ce0c-4368-b367-686b9ea207e4"}],
    )
    m = reading.map
    assert [(factor.id, factor.label, factor.position) for factor in m.factors] == [
        ("0", "0", (-75, 217)),
        ("1", "1", None),
    ]
    assert [(link.source, link.target, link.sign) for link in m.links] == [("1", "0", None)]


def test_clusters_are_views_of_factors_and_no_factors():
    nodes = [
        *(one | {"clusteredIn": "cluster-style-group1", "hidden": True} for one in NODES),
        {"id": "cluster-style-group1", "isCluster": True, "label": "Faktor cluster", "x": 1, "y": 1},
    ]
    edges = [
        {"id": "e1", "from": "n1", "to": "n2"},
        {"id": "cledge-1", "from": "cluster-style-group1", "to": "n2", "isClusterEdge": True, "label": "1"},
    ]
    reading = read(nodes=nodes, edges=edges)
    assert ([factor.id for factor in reading.map.factors], len(reading.map.links)) == (["n1", "n2"], 1)
    assert codes(reading).count("clusters") == 1
    assert "dangling" not in codes(reading)


def test_styles_attributes_and_notes_of_factors_are_kept():
    nodes = [
        {"id": "n1", "label": "A", "grp": "group2", "att1": 3, "att2": " ", "title": "Gammelt notat"},
        {"id": "n1", "label": "B"},
    ]
    reading = read(
        nodes=nodes,
        attributeTitles={"att1": "Etat", "att2": "Tom"},
        samples={"nodes": {"group2": {"groupLabel": "Utfall"}}},
    )
    factor = reading.map.factors[0]
    assert (dict(factor.attributes), factor.note) == ({"style": "Utfall", "Etat": "3"}, "Gammelt notat")
    assert "listed-twice" in codes(reading)


def test_a_compressed_file_with_a_byte_order_mark_and_a_line_end_is_read():
    text = compress(json.dumps({"mapTitle": "Kø", "nodes": NODES, "edges": []}))
    reading = formats.read_bytes(b"\xef\xbb\xbf" + text.encode() + b"\n", "kart.prsm")
    assert (reading.map.title, reading.map.factors[0].label) == ("Kø", "Lang ventetid")


def test_json_of_another_tool_with_nodes_and_edges_is_no_map_of_prsm():
    data = json.dumps({"nodes": NODES, "edges": [{"source": "n1", "target": "n2"}]}).encode()
    assert formats.read_bytes(data, "kart.prsm").format == "graph-json"
    with pytest.raises(FormatError, match="no edge has 'from' and 'to'"):
        formats.read_bytes(data, "kart.prsm", "prsm")


def test_bare_nodes_and_edges_are_of_prsm_when_the_name_of_the_file_or_a_key_says_so():
    edges = [{"from": "n1", "to": "n2"}]
    data = json.dumps({"nodes": NODES, "edges": edges}).encode()
    marked = json.dumps({"nodes": NODES, "edges": edges, "mapTitle": "Kart"}).encode()
    formats_found = [
        formats.read_bytes(*one).format for one in ((data, "a.prsm"), (data, "a.json"), (marked, "a.json"))
    ]
    assert formats_found == ["prsm", "graph-json", "prsm"]
