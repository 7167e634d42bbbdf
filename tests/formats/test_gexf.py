from __future__ import annotations

import networkx as nx
import pytest

from wickedmap.formats import gexf
from wickedmap.formats.errors import FormatError


def graph(inside: str, head: str = 'defaultedgetype="directed"') -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<meta><creator>Gephi 0.10</creator></meta><graph {head}>{inside}</graph></gexf>""".encode()


def codes(reading) -> list[str]:
    return [notice.code for notice in reading.report]


def test_a_hierarchy_is_read_whole_and_edges_inside_a_node_too():
    reading = gexf.read(
        graph("""<nodes><node id="a" label="Bolig"><nodes><node id="b" label="Leie"/>
</nodes><edges><edge source="b" target="c"/></edges></node><node id="c" label="Lån" pid="a"/></nodes>
<edges><edge source="c" target="a"/></edges>""")
    )
    assert [factor.label for factor in reading.map.factors] == ["Bolig", "Leie", "Lån"]
    assert {(link.source, link.target) for link in reading.map.links} == {("b", "c"), ("c", "a")}
    assert [factor.attributes.get("group") for factor in reading.map.factors] == [None, "Bolig", "Bolig"]
    assert codes(reading).count("group") == 1


def test_links_to_nodes_that_are_not_listed_and_nodes_listed_twice_are_taken_as_gephi_takes_them():
    reading = gexf.read(
        graph("""<nodes><node id="a" label="A"/><node id="a" label="B"/></nodes>
<edges><edge source="a" target="z"/></edges>""")
    )
    assert [factor.label for factor in reading.map.factors] == ["A", "z"]
    assert {"missing-node", "listed-twice"} <= set(codes(reading))


@pytest.mark.parametrize(
    ("kind", "default", "arrows"),
    [("directed", "undirected", 1), ("undirected", "directed", 2), ("mutual", "directed", 2), ("", "", 2)],
)
def test_the_kind_of_each_edge_stands_before_that_of_the_graph(kind, default, arrows):
    own = f' type="{kind}"' if kind else ""
    head = f'defaultedgetype="{default}"' if default else ""
    nodes = '<nodes><node id="a"/><node id="b"/></nodes>'
    reading = gexf.read(graph(f'{nodes}<edges><edge source="a" target="b"{own}/></edges>', head))
    assert len(reading.map.links) == arrows


def test_of_values_that_change_with_time_the_last_is_read_and_the_report_says_so():
    reading = gexf.read(
        graph(
            """<attributes class="node"><attribute id="0" title="price" type="integer"/></attributes>
<nodes><node id="a"><attvalues><attvalue for="0" value="1" start="2000" end="2005"/>
<attvalue for="0" value="3" start="2005"/></attvalues></node><node id="b"><attvalue for="0" value="7"/></node>
</nodes>""",
            'mode="dynamic"',
        )
    )
    assert [factor.attributes["price"] for factor in reading.map.factors] == ["3", "7"]
    assert "times" in codes(reading)


def test_sizes_colours_and_kinds_of_edges_are_kept_as_columns():
    m = gexf.read(
        graph("""<nodes><node id="a"><viz:size value="4.5"/><viz:color r="255" g="0" b="16"/></node>
<node id="b"><viz:color hex="#EE00CC"/></node><node id="c"><viz:color r="999" g="0" b="x"/></node></nodes>
<edges><edge source="a" target="b" kind="likes"><viz:color r="1" g="2" b="3"/></edge></edges>""")
    ).map
    assert [dict(factor.attributes) for factor in m.factors] == [
        {"size": "4.5", "colour": "#ff0010"},
        {"colour": "#ee00cc"},
        {},
    ]
    assert dict(m.links[0].attributes) == {"colour": "#010203", "kind": "likes"}


def test_a_weight_that_is_below_zero_anywhere_gives_all_links_their_signs():
    m = gexf.read(
        graph("""<attributes class="edge"><attribute id="weight" title="Weight" type="double"/></attributes>
<nodes><node id="a"/><node id="b"/></nodes><edges><edge source="a" target="b" weight="0.5"/>
<edge source="b" target="a"><attvalues><attvalue for="weight" value="-2.0"/></attvalues></edge>
<edge source="a" target="a" weight="0.0"/></edges>""")
    ).map
    assert [(link.sign, link.strength) for link in m.links] == [(1, 0.5), (-1, 2.0), (None, 1.0)]


def test_the_name_networkx_gives_a_graph_is_its_title():
    made = nx.DiGraph([("a", "b", {"sign": -1})], name="Kart")
    made.nodes["a"]["label"] = "Gjeld"
    m = gexf.read("\n".join(nx.generate_gexf(made)).encode()).map
    assert (m.title, [factor.label for factor in m.factors], m.links[0].sign) == ("Kart", ["Gjeld", "b"], -1)


def test_parents_that_a_node_names_are_its_groups():
    reading = gexf.read(
        graph("""<nodes><node id="a" label="Bolig"/><node id="b" label="Rus"/><node id="c" label="Leie">
<parents><parent for="a"/><parent for="b"/><parent for="z"/></parents></node></nodes>""")
    )
    assert [factor.attributes.get("group") for factor in reading.map.factors] == [None, None, "Bolig; Rus"]
    assert codes(reading).count("group") == 1


def test_a_node_that_is_its_own_parent_is_in_no_group():
    reading = gexf.read(graph('<nodes><node id="a" label="A" pid="a"/></nodes>'))
    assert (dict(reading.map.factors[0].attributes), "group" in codes(reading)) == ({}, False)


def test_networkx_writes_parents_and_pids_that_are_read():
    made = nx.DiGraph()
    made.add_node("a", label="Bolig")
    made.add_node("b", label="Leie", pid="a")
    made.add_node("c", label="Lån", parents=["a"])
    m = gexf.read("\n".join(nx.generate_gexf(made)).encode()).map
    assert [factor.attributes.get("group") for factor in m.factors] == [None, "Bolig", "Bolig"]


def test_a_second_graph_is_not_left_out_without_a_word():
    def read(first, second):
        graphs = "".join(
            f"""<graph><attributes class="node"><attribute id="0" title="{title}"/></attributes>
<nodes><node id="{one}"><attvalues><attvalue for="0" value="1"/></attvalues></node></nodes></graph>"""
            for one, title in ((first, "x1"), (second, "x2"))
        )
        return gexf.read(f"<gexf>{graphs}</gexf>".encode())

    assert [dict(factor.attributes) for factor in read("a", "b").map.factors] == [{"x1": "1"}, {"x2": "1"}]
    assert (len(read("a", "a").map.factors), "several-graphs" in codes(read("a", "a"))) == (1, True)


def test_colours_and_styles_of_lines_are_kept_and_pointed_out():
    reading = gexf.read(
        graph("""<nodes><node id="a"/></nodes><edges>
<edge source="a" target="a"><viz:shape value="dashed"/></edge>
<edge source="a" target="a"><viz:shape value="solid"/></edge></edges>""")
    )
    assert [dict(link.attributes) for link in reading.map.links] == [{"line style": "dashed"}, {}]
    assert any("drawn in 2 colours or styles" in str(notice) for notice in reading.report)


def test_a_file_without_a_graph_is_refused():
    with pytest.raises(FormatError, match="no <graph>"):
        gexf.read(b'<gexf xmlns="http://www.gexf.net/1.3"><meta><title>T</title></meta></gexf>')
