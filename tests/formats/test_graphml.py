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
    assert [factor.attributes.get("group") for factor in reading.map.factors] == [None, "Bolig", "Bolig"]
    assert reading.map.links[0].sign is None
    assert {"group", "more-labels", "port", "no-signs"} <= codes(reading)


def test_of_a_yed_group_only_the_drawing_that_is_shown_counts():
    def drawing(label, x):
        return (
            f'<y:GroupNode><y:Geometry height="50" width="100" x="{x}" y="0"/>'
            f"<y:NodeLabel>{label}</y:NodeLabel></y:GroupNode>"
        )

    def group(active):
        return yed(
            f"""<node id="g" yfiles.foldertype="group"><data key="d0"><y:ProxyAutoBoundsNode>
<y:Realizers active="{active}">{drawing("Bolig", 0)}{drawing("Mappe 1", 500)}</y:Realizers>
</y:ProxyAutoBoundsNode></data><graph id="g:">{node("g::n0", "Husleie")}</graph></node>"""
        )

    opened, closed = graphml.read(group(0)), graphml.read(group(1))
    assert (opened.map.factor("g").label, opened.map.factor("g").position) == ("Bolig", (50, 25))
    assert (closed.map.factor("g").label, closed.map.factor("g").position) == ("Mappe 1", (550, 25))
    assert "more-labels" not in codes(opened) | codes(closed)


def test_several_texts_on_a_line_give_sign_delay_and_name():
    texts = "sakte</y:EdgeLabel><y:EdgeLabel>−</y:EdgeLabel><y:EdgeLabel>||"
    reading = graphml.read(
        yed(
            node("a", "A")
            + node("b", "B")
            + edge("a", "b", texts)
            + edge("b", "a", "+ ||")
            + edge("a", "a", "R1")
        )
    )
    links = [(link.sign, link.delay, link.attributes.get("label", "")) for link in reading.map.links]
    assert links == [(-1, "long", "sakte"), (1, "long", ""), (None, "", "R1")]


def test_weights_written_on_the_lines_are_signs_when_one_is_below_zero():
    def links(*texts):
        edges = "".join(edge("a", "b", text) for text in texts)
        return [
            (link.sign, link.strength, link.attributes.get("label"))
            for link in graphml.read(yed(node("a", "A") + node("b", "B") + edges)).map.links
        ]

    assert links("0.5", "-0,25") == [(1, 0.5, None), (-1, 0.25, None)]
    assert links("1", "2") == [(None, 1.0, "1"), (None, 1.0, "2")]


def test_html_in_a_yed_label_is_read_as_the_text_that_is_shown():
    m = graphml.read(
        yed(node("a", "&lt;html&gt;&lt;b&gt;Leie&lt;/b&gt; &amp;amp; lån&lt;br&gt;per år&lt;/html&gt;"))
    ).map
    assert m.factors[0].label == "Leie & lån per år"


def test_items_of_a_list_in_html_are_not_run_together():
    text = "&lt;html&gt;Leie&lt;ul&gt;&lt;li&gt;høy&lt;li&gt;ny&lt;/ul&gt;&lt;/html&gt;"
    assert graphml.read(yed(node("a", text))).map.factors[0].label == "Leie høy ny"


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ('<x:PolylineEdgeStyle targetArrow="DEFAULT"/>', [("a", "b")]),
        ('<x:PolylineEdgeStyle sourceArrow="DEFAULT" targetArrow="{x:Null}"/>', [("b", "a")]),
        (
            '<x:ArcEdgeStyle><x:ArcEdgeStyle.sourceArrow><x:Arrow type="OPEN"/></x:ArcEdgeStyle.sourceArrow>'
            "</x:ArcEdgeStyle>",
            [("b", "a")],
        ),
        (
            '<x:ArcEdgeStyle targetArrow="DEFAULT"><x:ArcEdgeStyle.SourceArrow><x:Arrow Type="NONE"/>'
            "</x:ArcEdgeStyle.SourceArrow></x:ArcEdgeStyle>",
            [("a", "b")],
        ),
        ('<x:PolylineEdgeStyle sourceArrow="DEFAULT" targetArrow="DEFAULT"/>', [("a", "b"), ("b", "a")]),
        ("<x:PolylineEdgeStyle/>", [("a", "b")]),
        (
            '<x:ArcEdgeStyle sourceArrow="{y:GraphMLReference 4}"><x:ArcEdgeStyle.targetArrow><x:Arrow/>'
            "</x:ArcEdgeStyle.targetArrow></x:ArcEdgeStyle>",
            [("a", "b")],
        ),
        ('<x:ArcEdgeStyle sourceArrow="{x:GraphMLReference 5}"/>', [("b", "a")]),
        ('<x:ArcEdgeStyle sourceArrow="{x:GraphMLReference 99}"/>', [("a", "b")]),
        ('<y:GraphMLReference ResourceKey="6"/>', [("b", "a")]),
    ],
)
def test_arrowheads_in_yed_live_stand_in_the_style_of_the_line(style, found):
    line = f"""<data key="d8"><y:SharedData><x:Arrow x:Key="4" type="NONE"/><x:Arrow x:Key="5"/>
<x:ArcEdgeStyle x:Key="6" sourceArrow="DEFAULT"/></y:SharedData></data>
<edge source="a" target="b"><data key="d9"><x:List>{style}</x:List></data></edge>"""
    m = graphml.read(
        yed(node("a", "A") + node("b", "B") + line).replace(b"<graphml ", b'<graphml xmlns:x="x" ')
    ).map
    assert [(link.source, link.target) for link in m.links] == found


def test_a_label_that_is_hidden_does_not_stand_before_the_one_that_is_shown():
    text = '<node id="a"><data key="d0"><y:ShapeNode><y:NodeLabel visible="false">v1</y:NodeLabel>'
    m = graphml.read(yed(text + "<y:NodeLabel>Leie</y:NodeLabel></y:ShapeNode></data></node>")).map
    assert m.factors[0].label == "Leie"


def test_yed_live_keeps_labels_and_boxes_in_elements_of_its_own():
    data = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/yfiles-common/3.0"
 xmlns:x="http://www.yworks.com/xml/yfiles-common/markup/3.0" xmlns:yjs="http://www.yworks.com/xml/yfiles-for-html/2.0/xaml">
<key id="d0" for="node" attr.type="int" attr.name="zOrder" y:attr.uri="http://www.yworks.com/z"/>
<key id="d4" for="node" attr.name="NodeLabels" y:attr.uri="http://www.yworks.com/NodeLabels"/>
<key id="d5" for="node" attr.name="NodeGeometry" y:attr.uri="http://www.yworks.com/NodeGeometry"/>
<key id="d11" for="edge" attr.name="EdgeLabels" y:attr.uri="http://www.yworks.com/EdgeLabels"/>
<graph id="G" edgedefault="directed">
<node id="n0"><data key="d0">1</data>
<data key="d4"><x:List><y:Label><y:Label.Text><![CDATA[Lang ventetid]]></y:Label.Text></y:Label></x:List></data>
<data key="d5"><y:RectD X="100" Y="200" Width="60" Height="40"/></data><port name="p0"/></node>
<node id="n1"><data key="d4"><x:List><y:Label Text="&lt;p>Flere &lt;b>kø&lt;/b>&lt;/p>">
<y:Label.Style><yjs:MarkupLabelStyle/></y:Label.Style></y:Label></x:List></data></node>
<edge id="e0" source="n0" target="n1" sourceport="p0">
<data key="d11"><x:List><y:Label><y:Label.Text>-</y:Label.Text></y:Label></x:List></data></edge>
</graph></graphml>""".encode()
    reading = graphml.read(data)
    m = reading.map
    assert [(factor.label, factor.position) for factor in m.factors] == [
        ("Lang ventetid", (130, 220)),
        ("Flere kø", None),
    ]
    assert m.links[0].sign == -1
    assert m.factors[0].attributes == {}
    assert [notice.code for notice in reading.report].count("port") == 1


def test_a_link_to_a_node_that_is_not_listed_makes_a_factor_as_gephi_and_networkx_do():
    data = b"""<graphml><graph edgedefault="directed"><node id="a"/><node id="a"/>
<edge id="e" source="a" target="b"/></graph></graphml>"""
    reading = graphml.read(data)
    assert (
        [factor.id for factor in reading.map.factors]
        == ["a", "b"]
        == sorted(nx.parse_graphml(data.decode()).nodes)
    )
    assert {"missing-node", "listed-twice"} <= codes(reading)


def test_an_edge_with_an_empty_end_is_left_out_and_reported():
    reading = graphml.read(
        b'<graphml><graph><node id="a"/><edge id="e" source="a" target=""/></graph></graphml>'
    )
    assert (len(reading.map.factors), len(reading.map.links)) == (1, 0)
    assert [notice.place for notice in reading.report if notice.code == "dangling"] == ["edge 'e'"]


@pytest.mark.parametrize("pos", ["1.5, -2", "[1.5 -2]", "(1.5, -2, 0.0)", "15e-1;-2"])
def test_a_place_may_be_two_numbers_in_one_column(pos):
    graph = nx.DiGraph()
    graph.add_node("a", pos=pos)
    factor = graphml.read("\n".join(nx.generate_graphml(graph)).encode()).map.factors[0]
    assert (factor.position, dict(factor.attributes)) == ((1.5, -2), {})


def test_several_graphs_are_one_map_unless_they_share_ids():
    def read(*ids):
        graphs = "".join(f'<graph edgedefault="directed"><node id="{one}"/></graph>' for one in ids)
        return graphml.read(f"<graphml>{graphs}</graphml>".encode())

    assert [factor.id for factor in read("a", "b").map.factors] == ["a", "b"]
    shared = read("a", "a")
    assert len(shared.map.factors) == 1
    assert "several-graphs" in codes(shared)


def test_what_gephi_neo4j_and_tinkerpop_call_a_node_is_its_label():
    def first(node, key=""):
        return graphml.read(f"<graphml>{key}<graph>{node}</graph></graphml>".encode()).map.factors[0]

    assert first('<node id="n0"><desc><![CDATA[Gjeld]]></desc></node>').label == "Gjeld"
    person = first(
        '<node id="n0" labels=":Person"><data key="labels">:Person</data><data key="name">Kari</data></node>'
    )
    assert (person.label, person.attributes["type"]) == ("Kari", "Person")
    key = '<key id="k" for="node" attr.name="id" attr.type="string"/>'
    assert first('<node id="n0"><data key="k">Gjeld</data></node>', key).label == "Gjeld"


def test_one_id_may_stand_for_two_keys_of_nodes_and_of_edges():
    data = b"""<graphml><graph edgedefault="directed"><key id="k" for="node" attr.name="label"/>
<key id="k" for="edge" attr.name="sign"/><node id="a"><data key="k">Gjeld</data></node>
<edge source="a" target="a"><data key="k">-</data></edge></graph></graphml>"""
    m = graphml.read(data).map
    assert (m.factors[0].label, m.links[0].sign) == ("Gjeld", -1)


def test_positions_in_gephis_graphml_are_turned_as_they_are_in_its_gexf():
    data = b"""<graphml><key attr.name="Edge Label" attr.type="string" for="edge" id="edgelabel"/>
<key attr.name="x" attr.type="float" for="node" id="x"/><key attr.name="y" attr.type="float" for="node" id="y"/>
<graph edgedefault="directed"><node id="a"><data key="x">1.5</data><data key="y">-2</data></node></graph>
</graphml>"""
    assert graphml.read(data).map.factors[0].position == (1.5, 2)


@pytest.mark.parametrize(
    ("column", "values", "signs"),
    [
        ("Influence", ("Positive", "Negative"), (1, -1)),
        ("edge_type", ("activates", "inhibits"), (1, -1)),
        ("Weight", ("0.5", "-2"), (1, -1)),
        ("correlation", ("0.5", "-0.1"), (1, -1)),
        ("type", ("1", "2"), (None, None)),
        ("Weight", ("1", "2"), (None, None)),
    ],
)
def test_signs_in_columns_of_any_name_and_case(column, values, signs):
    graph = nx.MultiDiGraph()
    for value in values:
        graph.add_edge("a", "b", **{column: value})
    m = graphml.read("\n".join(nx.generate_graphml(graph)).encode()).map
    assert tuple(link.sign for link in m.links) == signs


def test_columns_of_other_tools_that_are_called_as_ours_do_no_harm():
    graph = nx.DiGraph()
    graph.add_node(
        "a", label="A", attributes="{'kind': 1}", phrases="{", members="7", status="ok", reveal_stage="9"
    )
    graph.add_edge("a", "a", evidence="[12, 13]", delay="3 uker", source="SSB", strength="mye")
    m = graphml.read("\n".join(nx.generate_graphml(graph)).encode()).map
    assert m.factors[0].attributes["attributes in the file"] == "{'kind': 1}"
    assert m.links[0].attributes["evidence in the file"] == "[12, 13]"
    assert m.links[0].attributes["source in the file"] == "SSB"


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


def test_arrowheads_decide_also_where_the_graph_is_called_undirected():
    drawn = yed(node("a", "A") + node("b", "B") + edge("a", "b", "+") + '<edge source="a" target="b"/>')
    m = graphml.read(drawn.replace(b'edgedefault="directed"', b'edgedefault="undirected"')).map
    assert [(link.source, link.target, link.sign) for link in m.links] == [
        ("a", "b", 1),
        ("a", "b", None),
        ("b", "a", None),
    ]


def test_a_file_that_does_not_say_whether_lines_have_a_direction_is_read_as_it_stands_and_reported():
    def read(graph, edge):
        nodes = '<node id="a"/><node id="b"/>'
        return graphml.read(
            f'<graphml><graph {graph}>{nodes}<edge source="a" target="b" {edge}/></graph></graphml>'.encode()
        )

    unclear = read("", "")
    assert (len(unclear.map.links), "no-arrowhead" in codes(unclear)) == (1, True)
    clear = [
        read("", 'directed="true"'),
        read('edgedefault="directed"', ""),
        read('edgedefault="Undirected"', ""),
    ]
    assert [len(one.map.links) for one in clear] == [1, 1, 2]
    assert not any("no-arrowhead" in codes(one) for one in clear)


def test_a_bar_for_an_arrowhead_is_minus_where_nothing_is_written_on_the_line():
    def line(label, head):
        return edge("a", "b", label, f'source="none" target="{head}"').replace(
            "<y:EdgeLabel></y:EdgeLabel>", ""
        )

    m = graphml.read(
        yed(
            node("a", "A") + node("b", "B") + line("", "t_shape") + line("+", "t_shape") + line("+", "standard")
        )
    ).map
    assert [link.mark for link in m.links] == ["−", "+", "+"]


def test_colours_and_dashes_are_no_signs_but_kept_and_pointed_out():
    def line(style):
        return f"""<edge source="a" target="b"><data key="d1"><y:PolyLineEdge>
<y:LineStyle {style} width="1.0"/></y:PolyLineEdge></data></edge>"""

    lines = line('color="#FF0000" type="dashed"') + line('color="#000000" type="line"')
    reading = graphml.read(yed(node("a", "A") + node("b", "B") + lines))
    assert [(link.mark, dict(link.attributes)) for link in reading.map.links] == [
        ("?", {"colour": "#FF0000", "line style": "dashed"}),
        ("?", {}),
    ]
    assert any("drawn in 2 colours or styles" in str(notice) for notice in reading.report)


def test_jgrapht_calls_the_label_vertex_label():
    data = b"""<graphml><key id="vertex_label_key" for="node" attr.name="VertexLabel" attr.type="string"/>
<graph edgedefault="directed"><node id="1"><data key="vertex_label_key">Gjeld</data></node></graph></graphml>"""
    reading = graphml.read(data)
    assert (reading.map.factors[0].label, "no-label" in codes(reading)) == ("Gjeld", False)


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
