from __future__ import annotations

import networkx as nx
import pytest

from wickedmap import CausalMap, Link, Stance, formats
from wickedmap.formats import graphml
from wickedmap.formats.errors import FormatError

KEYS = """<key id="d0" for="node" yfiles.type="nodegraphics"/>
<key id="d1" for="edge" yfiles.type="edgegraphics"/>
<key id="d2" for="node" attr.name="description" attr.type="string"/>"""


def yed(inside: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
{KEYS}<graph edgedefault="directed" id="G">{inside}</graph></graphml>""".encode()


def node(identity: str, label: str, more: str = "") -> str:
    return f"""<node id="{identity}"><data key="d0"><y:ShapeNode>
<y:Geometry height="30" width="80" x="10" y="20"/>
<y:NodeLabel>{label}</y:NodeLabel>{more}</y:ShapeNode></data></node>"""


def edge(source: str, target: str, label: str, arrows: str = 'source="none" target="standard"') -> str:
    return f"""<edge id="{source}{target}" source="{source}" target="{target}"><data key="d1"><y:PolyLineEdge>
<y:Arrows {arrows}/><y:EdgeLabel>{label}</y:EdgeLabel></y:PolyLineEdge></data></edge>"""


def codes(reading) -> set[str]:
    return {notice.code for notice in reading.report}


def test_yed_labels_positions_and_signs_are_read():
    reading = graphml.read(
        yed(
            node("n0", "Lang\nventetid")
            + node("n1", "Henvendelser")
            + edge("n0", "n1", "+")
            + edge("n1", "n0", "−")
        )
    )
    m = reading.map
    assert [factor.label for factor in m.factors] == ["Lang ventetid", "Henvendelser"]
    assert m.factor("n0").position == (50, 35)
    assert [(link.source, link.target, link.sign) for link in m.links] == [("n0", "n1", 1), ("n1", "n0", -1)]


def test_yed_groups_second_labels_and_ports_are_kept_or_reported():
    group = f"""<node id="g" yfiles.foldertype="group"><data key="d0"><y:ProxyAutoBoundsNode>
<y:Realizers active="0">
<y:GroupNode><y:Geometry height="1" width="1" x="0" y="0"/><y:NodeLabel>Bolig</y:NodeLabel></y:GroupNode>
</y:Realizers></y:ProxyAutoBoundsNode></data><graph edgedefault="directed" id="g:">
{node("g::n0", "Husleie", "<y:NodeLabel>over 10 000</y:NodeLabel>")}{node("g::n1", "Gjeld")}
<edge source="g::n0" sourceport="p" target="g::n1"/></graph></node>"""
    reading = graphml.read(yed(group))
    assert [(factor.id, factor.label, factor.kind) for factor in reading.map.factors] == [
        ("g", "Bolig", "group"),
        ("g::n0", "Husleie", "state"),
        ("g::n1", "Gjeld", "state"),
    ]
    assert reading.map.factor("g::n0").note == "over 10 000"
    assert reading.map.links[0].sign is None
    assert {"group", "more-labels", "port", "no-signs"} <= codes(reading)


def test_arrowheads_decide_the_direction_and_the_report_says_so():
    reading = graphml.read(
        yed(
            node("a", "A")
            + node("b", "B")
            + edge("a", "b", "+", 'source="standard" target="none"')
            + edge("a", "b", "-", 'source="standard" target="standard"')
        )
    )
    assert [(link.source, link.target, link.sign) for link in reading.map.links] == [
        ("b", "a", 1),
        ("a", "b", -1),
        ("b", "a", -1),
    ]
    assert {"turned", "two-arrows", "contested"} <= codes(reading)


def test_a_label_changed_in_yed_is_the_newer_one():
    data = graphml.write(CausalMap.from_links([("gjeld", "bot", 1)]))
    changed = data.replace(b"<y:NodeLabel>gjeld<", b"<y:NodeLabel>Mye gjeld<")
    reading = graphml.read(changed)
    assert reading.map.factor("gjeld").label == "Mye gjeld"
    assert "label-drawn" in codes(reading)


@pytest.mark.parametrize("directed", [True, False])
def test_a_networkx_file_keeps_signs_and_undirected_links_become_two(directed):
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_node("a", label="Gjeld")
    graph.add_edge("a", "b", weight=-2.0)
    graph.add_edge("b", "c", weight=1.5)
    reading = formats.read_bytes("\n".join(nx.generate_graphml(graph)).encode(), "x.graphml")
    links = [(link.source, link.target, link.sign, link.strength) for link in reading.map.links]
    there, back = [("a", "b", -1, 2.0), ("b", "c", 1, 1.5)], [("b", "a", -1, 2.0), ("c", "b", 1, 1.5)]
    assert set(links) == set(there if directed else there + back)
    assert ("two-arrows" in codes(reading)) is not directed
    assert reading.map.factor("a").label == "Gjeld"


def test_positive_weights_alone_say_nothing_about_the_sign():
    graph = nx.DiGraph([("a", "b", {"weight": 1.0})])
    reading = graphml.read("\n".join(nx.generate_graphml(graph)).encode())
    assert reading.map.links[0].sign is None
    assert "no-signs" in codes(reading)


def test_gephi_keys_inside_the_graph_and_other_prefixes_are_read():
    data = b"""<g:graphml xmlns:g="http://graphml.graphdrawing.org/xmlns"><g:graph edgedefault="directed">
<g:key attr.name="label" attr.type="string" for="node" id="label"/>
<g:key attr.name="Edge Label" attr.type="string" for="edge" id="edgelabel"/>
<g:node id="1"><g:data key="label">Rus</g:data></g:node>
<g:node id="2"><g:data key="label">Gjeld</g:data></g:node>
<g:edge source="1" target="2"><g:data key="edgelabel">negative</g:data></g:edge></g:graph></g:graphml>"""
    m = graphml.read(data).map
    assert ([factor.label for factor in m.factors], m.links[0].sign) == (["Rus", "Gjeld"], -1)


def test_networkx_reads_our_file_with_ids_signs_and_parallel_links():
    m = CausalMap.from_links([("a", "b", 1), ("a", "b", -1, 2), ("b", "a", None)])
    graph = nx.parse_graphml(graphml.write(m).decode(), force_multigraph=True)
    assert sorted(key for _, _, key in graph.edges(keys=True)) == ["L1", "L2", "L3"]
    assert {data.get("polarity") for *_, data in graph.edges(data=True)} == {1, -1, None}
    assert graph.nodes["a"]["label"] == "a"


def test_odd_ids_are_replaced_everywhere_and_kept_as_a_column():
    m = CausalMap.from_links([("__proto__", "b c", 1)]).replace(
        focal="b c",
        links=(Link(id="é", source="__proto__", target="b c"),),
        stances=(Stance(link="é", person="p", agency="x", stance="rejects"),),
    )
    back = graphml.read(graphml.write(m)).map
    assert [factor.id for factor in back.factors] == ["proto", "b-c"]
    assert back.factor("proto").attributes["foreign_id"] == "__proto__"
    assert (back.focal, back.stances[0].link) == ("b-c", back.links[0].id)
    assert [loss.aspect for loss in formats.losses(m, "graphml")] == ["odd_ids"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<graphml>", "not valid XML"),
        (b"<graphml/>", "no <graph>"),
        (b"<kml/>", "expected <graphml>, found <kml>"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><graphml/>', "document type"),
        (b'<?xml version="1.0" encoding="UTF-7"?><graphml/>', "encoding"),
        (b"<graphml>" + b"<a>" * 20_000 + b"</a>" * 20_000 + b"</graphml>", "nested more than"),
        (b"<graphml><graph><hyperedge/></graph></graphml>", "hyperedges"),
        (b"<graphml><graph><node/></graph></graphml>", "node 1: a node has no id"),
        (b'<graphml><graph><node id="a"/><node id="a"/></graph></graphml>', "used twice"),
        (
            b'<graphml><graph><node id="a"/><edge id="e" source="a" target="b"/></graph></graphml>',
            "edge 'e': the target",
        ),
        (b'<graphml><graph><node id="a"/><edge source="a"/></graph></graphml>', "edge 1: an edge lacks"),
        (
            b'<graphml><graph><data key="wickedmap">{"format": "wickedmap-map", "version": 1, "x": 1}</data>'
            b"</graph></graphml>",
            "unknown key 'x'",
        ),
    ],
)
def test_a_bad_graphml_file_is_refused_with_a_reason(data, words):
    with pytest.raises(FormatError) as caught:
        formats.read_bytes(data, "map.graphml")
    assert words in str(caught.value)
    assert str(caught.value).startswith("map.graphml")
