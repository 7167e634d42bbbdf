"""GML as the tools write it that do not keep to its grammar, or draw what the grammar does not say."""

from __future__ import annotations

import pytest

from wickedmap.formats import FormatError, Reading, gml
from wickedmap.formats.gml_parsing import parse

NODES = 'node [ id 0 label "A" ] node [ id 1 label "B" ]'


def read(text: str) -> Reading:
    return gml.read(text.encode())


def codes(reading: Reading) -> set[str]:
    return {notice.code for notice in reading.report}


def arrows(reading: Reading) -> list[tuple[str, str, str]]:
    return [(link.source, link.target, link.mark) for link in reading.map.links]


@pytest.mark.parametrize(
    ("written", "label"),
    [
        (r'label "Rent \"høy\""', 'Rent "høy"'),
        (r'label "\"a\" og \"b\" her"', '"a" og "b" her'),
        (r'label "på \"den dagen\" om 5 \"år\""', 'på "den dagen" om 5 "år"'),
        (r'label "\"a\" av 5 slag"', '"a" av 5 slag'),
        ('label "C:\\" x 5', "C:\\"),
        ('label "C:\\" x 5 z "1"', "C:\\"),
        ('label "Rent "høy" & lav"', 'Rent "høy" & lav'),
        ('label "C:\\"', "C:\\"),
        ('label "a"x 1', "a"),
        ('label ""', "0"),
        ('label "&quot;a&quot; &#229;"', '"a" å'),
    ],
)
def test_quotation_marks_inside_a_label_are_read_however_a_tool_writes_them(written, label):
    m = read(f'graph [ directed 1\nnode [\n id 0\n {written}\n y 2\n ]\n node [ id 1 label "B" ]\n]').map
    assert [factor.label for factor in m.factors] == [label, "B"]


def test_jgrapht_writes_letters_as_java_does_and_its_escapes_are_read():
    head = 'Creator "JGraphT GML Exporter"\nVersion 1\ngraph\n[\n\tlabel ""\n\tdirected 1\n'
    node = 'node\n[\n\tid 1\n\tlabel "\\u00D8kt \\"gjeld\\"\\nper \\uD83D\\uDE00"\n]\n'
    assert read(f"{head}{node}]").map.factors[0].label == 'Økt "gjeld" per 😀'
    # With letters of their own the file has no such escapes, and a backslash is one.
    assert read(f'{head}node [ id 1 label "Økt\\new" ]\n]').map.factors[0].label == "Økt\\new"


def test_a_text_that_never_ends_is_an_error_with_its_line():
    with pytest.raises(FormatError, match='line 2: a quotation mark \\("\\) is missing'):
        read('graph [\n node [ id 0 label "a b')
    with pytest.raises(FormatError, match="line 2: a quotation mark"):
        read('graph [\n node [ id 0 label "a"? "b"? "c')


def test_blocks_know_their_line():
    assert [block.line for key, block in parse("# one\ngraph\n[\n node [ id 1 ]\n\n node\n [ ] ]")[0][1]] == [
        4,
        7,
    ]


def test_in_gephis_gml_y_points_up_and_value_is_the_weight_and_each_line_may_have_its_own_direction():
    reading = read("""graph
[
  Creator "Gephi"
  directed 1
  node
  [
    id 0
    label "A"
    graphics
    [
      x 0.5
      y 2.0
      z 0.0
      fill "#c0c0c0"
    ]
  ]
  node
  [
    id 1
    label "B"
    graphics
    [
      x 1
      y 0.0
      z 0.0
      fill "#ff0000"
    ]
    ModularityClass "3"
  ]
  edge
  [
    id 7
    source 0
    target 1
    value 2.5
    directed 1
    fill "#00ff00"
  ]
  edge
  [
    id 8
    source 1
    target 0
    value 1.0
    directed 0
  ]
]
""")
    m = reading.map
    assert [(factor.label, factor.position, dict(factor.attributes)) for factor in m.factors] == [
        ("A", (0.5, -2.0), {"colour": "#C0C0C0"}),
        ("B", (1.0, 0.0), {"colour": "#FF0000", "ModularityClass": "3"}),
    ]
    assert [(link.id, link.source, link.strength, dict(link.attributes)) for link in m.links] == [
        ("7", "0", 2.5, {"colour": "#00FF00"}),
        ("8", "1", 1.0, {}),
        ("8.back", "0", 1.0, {}),
    ]
    assert "y-turned" in codes(reading)


def test_graphviz_and_tulip_have_y_upwards_too():
    graphviz = read('graph [ version 2 directed 1 node [ id 0 name "a" graphics [ x 1 y 5 ] ] ]')
    tulip = read(
        'graph [ directed 1 version 2 node [ id 0 label "A" graphics [ x 1 y 5 z 0 d 1 outline "#0" ] ] ]'
    )
    plain = read('graph [ version 2 directed 1 node [ id 0 label "A" graphics [ x 1 y 5 ] ] ]')
    assert [one.map.factors[0].position for one in (graphviz, tulip, plain)] == [(1, -5), (1, -5), (1, 5)]
    assert "y-turned" not in codes(read('graph [ version 2 directed 1 node [ id 0 name "a" ] ]'))


@pytest.mark.parametrize(
    ("drawn", "found"),
    [
        ('arrow "first"', [("0", "1", "?")]),
        ('arrow "last"', [("1", "0", "?")]),
        ('arrow "none"', [("0", "1", "?"), ("1", "0", "?")]),
        ('arrow "both"', [("0", "1", "?"), ("1", "0", "?")]),
        ('sourceArrow "crow"', [("0", "1", "?")]),
        ('targetArrow "tee"', [("0", "1", "−")]),
    ],
)
def test_gv2gml_calls_the_head_first_that_others_call_last(drawn, found):
    nodes = 'node [ id 0 name "a" ] node [ id 1 name "b" ]'
    edge = f"edge [ id 1 source 0 target 1 graphics [ {drawn} ] ]"
    assert arrows(read(f"graph [ version 2 directed 1 {nodes} {edge} ]")) == found


@pytest.mark.parametrize(
    ("drawn", "found"),
    [
        ('arrow "last"', [("0", "1", "?")]),
        ('arrow "first"', [("1", "0", "?")]),
        ('arrow "both"', [("0", "1", "?"), ("1", "0", "?")]),
        ('arrow "none"', [("0", "1", "?")]),
        ('arrow "first" targetArrow "normal"', [("1", "0", "?")]),
        ("source_arrow 0 target_arrow 3", [("0", "1", "?")]),
        ("source_arrow 3 target_arrow 0", [("1", "0", "?")]),
        ('targetArrow "tee"', [("0", "1", "−")]),
        ("width 1", [("0", "1", "?")]),
    ],
)
def test_arrowheads_in_the_words_of_graphlet_cytoscape_yed_and_graphviz(drawn, found):
    assert (
        arrows(read(f"graph [ directed 1 {NODES} edge [ source 0 target 1 graphics [ {drawn} ] ] ]")) == found
    )


def test_a_line_with_one_arrowhead_has_its_direction_also_where_the_graph_is_called_undirected():
    edges = 'edge [ source 0 target 1 graphics [ arrow "last" ] ] edge [ source 1 target 0 ]'
    assert arrows(read(f"graph [ directed 0 {NODES} {edges} ]")) == [
        ("0", "1", "?"),
        ("1", "0", "?"),
        ("0", "1", "?"),
    ]


def test_graphvizs_line_ends_tables_and_labels_at_the_ends_of_an_arrow_are_read():
    m = read(r"""graph [ version 2 directed 1
  node [
    id 0
    name "a"
    label "Høy\nleie\l"
    LabelGraphics [
      text "Høy\nleie\l"
    ]
  ]
  node [
    id 1
    name "b"
    label "
<TABLE BORDER="0" CELLBORDER="1"
 ALIGN="left">
 <TR><TD PORT="x">Gjeld</TD><TD>og bot</TD></TR>
</TABLE>
"
    graphics [
      type "plaintext"
    ]
  ]
  edge [ id 1 source 0 target 1 headlabel "+" ]
  edge [ id 2 source 1 target 0 taillabel "-" ]
]""").map
    assert [factor.label for factor in m.factors] == ["Høy leie", "Gjeld og bot"]
    assert [link.mark for link in m.links] == ["+", "−"]


def test_yed_lines_drawn_without_head_keep_their_direction_and_are_reported():
    reading = read(
        f'Creator "yFiles"\ngraph [ directed 1 {NODES} edge [ source 0 target 1 graphics [ fill "#000000" ] ] ]'
    )
    assert (arrows(reading), "no-arrowhead" in codes(reading)) == ([("0", "1", "?")], True)


def test_yeds_groups_further_labels_html_and_texts_on_lines_are_read_as_in_its_graphml():
    reading = read("""Creator "yFiles"
graph [ directed 1
node [ id 0 label "Bolig" isGroup 1 graphics [ x 1 y 2 fill "#F5F5F5" ] ]
node [ id 1 label "x" gid 0
  LabelGraphics [ text "&lt;html&gt;Leie&lt;br&gt;per år" ] LabelGraphics [ text "høy" ] ]
node [ id 2 label "Gjeld" graphics [ fill "#FF0000" ] ]
edge [ source 1 target 2 label "slow" graphics [ targetArrow "standard" ]
  LabelGraphics [ text "slow" ] LabelGraphics [ text "-" ] LabelGraphics [ text "||" ] ]
edge [ source 2 target 1 label "+" graphics [ targetArrow "standard" ] ]
]""")
    m = reading.map
    assert [(factor.label, factor.note, dict(factor.attributes)) for factor in m.factors] == [
        ("Bolig", "", {}),
        ("Leie per år", "høy", {"group": "Bolig"}),
        ("Gjeld", "", {"colour": "#FF0000"}),
    ]
    assert [(link.mark, link.delay, dict(link.attributes)) for link in m.links] == [
        ("−", "long", {"label": "slow"}),
        ("+", "", {}),
    ]
    assert {"group", "more-labels", "sign-column"} <= codes(reading)


def test_of_several_graphs_that_share_ids_the_first_is_read_and_others_make_one_map():
    shared = read(f'graph [ directed 1 {NODES} ] graph [ node [ id 0 label "C" ] ]')
    assert [factor.label for factor in shared.map.factors] == ["A", "B"]
    assert any("and 1 nodes of the others are left out" in str(notice) for notice in shared.report)
    apart = read(f'graph [ directed 1 {NODES} ] graph [ node [ id 2 label "C" ] edge [ source 2 target 0 ] ]')
    assert [factor.label for factor in apart.map.factors] == ["A", "B", "C"]
    assert arrows(apart) == [("2", "0", "?")]


def test_a_node_listed_twice_is_one_factor_and_the_line_is_reported():
    reading = read('graph [\n node [ id 0 label "A" ]\n node [ id 0 label "B" ]\n]')
    assert [factor.label for factor in reading.map.factors] == ["A"]
    assert [notice.place for notice in reading.report if notice.code == "listed-twice"] == ["line 3"]


@pytest.mark.parametrize("name", ["title", "label", "name"])
def test_the_graphs_name_is_the_title(name):
    assert read(f'graph [ directed 1 {name} "Kart" {NODES} ]').map.title == "Kart"


def test_directed_may_stand_before_the_graph():
    assert arrows(read(f"directed 1 graph [ {NODES} edge [ source 0 target 1 ] ]")) == [("0", "1", "?")]


def test_a_place_as_graph_tool_and_netzschleuder_write_it():
    m = read('graph [ node [ id 0 _pos "-5.11, 1e-3" ] ]').map
    assert (m.factors[0].position, dict(m.factors[0].attributes)) == ((-5.11, 0.001), {})


def test_dashes_that_yed_draws_are_kept_as_in_its_graphml():
    text = (
        'Creator "yFiles"\ngraph [ directed 1\nnode [ id 0 label "A" ]\nnode [ id 1 label "B" ]\n'
        'edge [ source 0 target 1 graphics [ fill "#FF0000" style "dashed" targetArrow "standard" ] ]\n'
        'edge [ source 1 target 0 graphics [ fill "#000000" targetArrow "standard" ] ]\n]\n'
    )
    reading = read(text)
    assert [dict(link.attributes) for link in reading.map.links] == [
        {"colour": "#FF0000", "line style": "dashed"},
        {},
    ]
    assert any("drawn in 2 colours or styles" in str(notice) for notice in reading.report)
