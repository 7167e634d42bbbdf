"""Files as the tools themselves write them: counts, signs, labels, positions and notices."""

from __future__ import annotations

import json

import networkx as nx
import pytest

from wickedmap import CausalMap, default_map, formats
from wickedmap.formats.errors import FormatError
from wickedmap.formats.lz_text import compress, decompress

WAIT, ASK = "Lang ventetid", "Antall henvendelser"


def read(data: bytes | str, filename: str) -> formats.Reading:
    return formats.read_bytes(data.encode() if isinstance(data, str) else data, filename)


def codes(reading: formats.Reading) -> set[str]:
    return {notice.code for notice in reading.report}


def links(reading: formats.Reading) -> list[tuple[str, str, str]]:
    label = {factor.id: factor.label for factor in reading.map.factors}
    return [(label[link.source], label[link.target], link.mark) for link in reading.map.links]


PRSM = {
    "version": "3.2.4",
    "mapTitle": "Ventetid",
    "attributeTitles": {"att1": "Etat"},
    "styles": {
        "nodes": {"group0": {"groupLabel": "Faktor"}},
        "edges": {"edge0": {"groupLabel": "Positive influence"}, "edge1": {"groupLabel": "-ve"}, "edge2": {}},
    },
    "nodes": [
        {"id": "n1", "label": "Lang\nventetid", "grp": "group0", "x": 0, "y": 0, "att1": "NAV"},
        {"id": "n2", "label": "Antall … [Being edited by Kari]", "oldLabel": ASK, "x": 220, "y": 0},
    ],
    "edges": [
        {"id": "e1", "from": "n1", "to": "n2", "grp": "edge0", "label": ""},
        {"id": "e2", "from": "n2", "to": "n1", "grp": "edge1", "label": ""},
        {"id": "e3", "from": "n2", "to": "n1", "grp": "edge2", "label": "+"},
        {"id": "e4", "from": "n2", "to": "n1", "grp": "edge2", "label": "sterk"},
        {"id": "e5", "from": "n2", "to": "gone", "grp": "edge0", "label": ""},
    ],
}
PRSM["nodes"][0]["note"] = {"ops": [{"insert": "Over 3 uker\n"}]}


@pytest.mark.parametrize("packed", [False, True])
def test_prsm_signs_come_from_style_names_then_labels(packed):
    text = json.dumps(PRSM, ensure_ascii=False)
    reading = read(compress(text) if packed else text, "kart.prsm")
    assert reading.format == "prsm"
    assert links(reading) == [(WAIT, ASK, "+"), (ASK, WAIT, "−"), (ASK, WAIT, "+"), (ASK, WAIT, "?")]
    first = reading.map.factor("n1")
    assert (first.note, dict(first.attributes), first.position) == ("Over 3 uker", {"Etat": "NAV"}, (0.0, 0.0))
    assert {"being-edited", "dangling", "no-sign", "contested"} <= codes(reading)
    assert reading.map.title == "Ventetid"


def test_compressed_text_is_that_of_lz_string_itself():
    # LZString.compressToUTF16 of lz-string 1.5.0 in node gives these units.
    units = [7137, 2113, 17451, 16934, 14383, 16750, 8271, 18464, 32]
    assert [ord(letter) for letter in compress('{"a":"æøå"}')] == units
    assert decompress("".join(map(chr, units))) == '{"a":"æøå"}'


@pytest.mark.parametrize("text", ["", "\u0001", compress("a" * 500)[:3]])
def test_text_that_lz_string_has_not_written_is_refused(text):
    with pytest.raises(FormatError):
        decompress(text)


def test_compressed_text_cannot_unpack_to_gigabytes():
    with pytest.raises(FormatError, match="unpacks to more"):
        decompress(compress("a" * 5_000_100))


KUMU_BLUEPRINT = {
    "elements": [{"label": WAIT, "type": "Faktor", "tags": ["NAV"]}, {"label": ASK, "description": "per uke"}],
    "connections": [
        {"from": WAIT, "to": ASK, "direction": "directed", "type": "+"},
        {"from": ASK, "to": WAIT, "direction": "mutual", "type": "opposite"},
        {"from": ASK, "to": "Borte", "direction": "directed"},
    ],
}


def test_a_kumu_blueprint_names_ends_by_label():
    reading = read(json.dumps(KUMU_BLUEPRINT), "kart.json")
    assert reading.format == "kumu"
    assert links(reading) == [(WAIT, ASK, "+"), (ASK, WAIT, "−"), (WAIT, ASK, "−"), (ASK, "Borte", "?")]
    wait, ask, only_an_end = reading.map.factors
    assert (wait.agencies, wait.domain, ask.definition) == (("NAV",), "Faktor", "per uke")
    assert only_an_end.label == "Borte"
    assert {"two-arrows", "missing-node", "contested"} <= codes(reading)


def test_a_kumu_backup_keeps_ids_positions_and_delays_and_leaves_the_trash():
    backup = {
        "name": "P",
        "defaultMap": "map-1",
        "elements": [
            {"_id": "elem-a", "attributes": {"label": WAIT, "element type": "Faktor", "image": None}},
            {"_id": "elem-b", "attributes": {"label": ASK}},
            {"_id": "elem-c", "attributes": {"label": "Slettet"}},
        ],
        "connections": [
            {"_id": "conn-1", "direction": "directed", "from": "elem-a", "to": "elem-b", "delayed": True,
             "attributes": {"connection type": "--"}},
            {"_id": "conn-2", "direction": "directed", "reversed": True, "from": "elem-a", "to": "elem-b",
             "attributes": {"connection type": "+-"}},
        ],
        "loops": [{"_id": "loop-1", "attributes": {"label": "B1"}, "connections": ["conn-1", "conn-2"]}],
        "maps": [{"_id": "map-1", "elements": [
            {"_id": "node-1", "element": "elem-a", "position": {"x": 5, "y": -3.5}},
            {"_id": "node-2", "element": "elem-b", "position": {"x": 200, "y": 0}},
        ]}],
    }  # fmt: skip
    reading = read(json.dumps(backup), "backup.json")
    assert links(reading) == [(WAIT, ASK, "+"), (ASK, WAIT, "−")]
    assert [link.delay for link in reading.map.links] == ["long", ""]
    assert reading.map.factor("elem-a").position == (5, -3.5)
    assert not reading.map.has_factor("elem-c")
    assert {"trash", "loops"} <= codes(reading)


@pytest.mark.parametrize(
    "namespace", ["http://gexf.net/1.3", "http://www.gexf.net/1.3", "http://www.gexf.net/1.2draft"]
)
def test_gexf_of_any_namespace_with_the_sign_in_a_column(namespace):
    reading = read(
        f"""<?xml version="1.0"?><gexf xmlns="{namespace}" xmlns:viz="{namespace}/viz" version="1.3">
        <graph defaultedgetype="directed"><attributes class="edge">
        <attribute id="0" title="polarity" type="integer"/></attributes><nodes>
        <node id="n1" label="{WAIT}"><viz:position x="1" y="2" z="0"/><nodes>
        <node id="n2" label="{ASK}" pid="n1"/></nodes></node></nodes>
        <edges><edge id="e1" source="n1" target="n2" weight="2"><attvalues>
        <attvalue for="0" value="-1"/></attvalues></edge>
        <edge source="n2" target="n1" type="undirected"/></edges></graph></gexf>""",
        "x.gexf",
    )
    assert links(reading) == [(WAIT, ASK, "−"), (ASK, WAIT, "?"), (WAIT, ASK, "?")]
    assert reading.map.link("e1").strength == 2
    assert reading.map.factor("n1").position == (1, -2)
    assert {"group", "two-arrows"} <= codes(reading)


def test_gexf_as_networkx_writes_it_keeps_negative_weights():
    graph = nx.DiGraph()
    graph.add_edge("a", "b", weight=-1.5)
    graph.add_edge("b", "a", weight=1)
    reading = read("\n".join(nx.generate_gexf(graph)), "x.gexf")
    assert [(link.mark, link.strength) for link in reading.map.links] == [("−", 1.5), ("+", 1.0)]


def test_networkx_reads_our_gexf_and_gml():
    m = CausalMap.from_links([("a", "b", 1), ("b", "c", -1, 2), ("c", "a", None)])
    text = formats.write_bytes(m, "gexf").replace(b"http://gexf.net/1.3", b"http://www.gexf.net/1.2draft")
    graph = nx.read_gexf(__import__("io").BytesIO(text.replace(b'version="1.3"', b'version="1.2"')))
    assert {(u, v, data.get("polarity")) for u, v, data in graph.edges(data=True)} == {
        ("a", "b", 1),
        ("b", "c", -1),
        ("c", "a", None),
    }
    parsed = nx.parse_gml(formats.write_bytes(m, "gml").decode(), label="wickedmapId")
    assert sorted((u, v) for u, v, _ in parsed.edges) == [("a", "b"), ("b", "c"), ("c", "a")]


PAJEK = f"""% from a tool
*NETWORK ventetid
*vertices 3
1 "{WAIT}" 0.1 0.5 0.5 ic Blue
2 {ASK.split()[0]}
*arcs :1 "svar"
1 2 1.5 l "øker" c Blue
2 1 -1
2 2 0
*Edges
1 3
*Arcslist
3 1 2
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_pajek_sections_labels_and_relations(encoding):
    reading = read(PAJEK.replace("\n", "\r\n").encode(encoding), "x.net")
    assert links(reading) == [
        (WAIT, "Antall", "+"),
        ("Antall", WAIT, "−"),
        ("Antall", "Antall", "?"),
        (WAIT, "3", "?"),
        ("3", WAIT, "?"),
        ("3", WAIT, "?"),
        ("3", "Antall", "?"),
    ]
    assert reading.map.links[0].attributes["relation"] == "øker"
    assert {"no-label", "no-sign", "two-arrows"} <= codes(reading)


def test_pajek_labels_may_hold_quotation_marks_line_ends_and_letters_by_number():
    reading = read(
        """*vertices 5
1 "tillit "høy"" 0.1 0.2 ellipse
2 "Behov &#34;ute&#34; &#382;" 0.3 0.4 ic "Light Blue"
3 "Lang
ventetid" 0.5 0.6
4 "a "b" c" 0.7 0.8
5 "never closed
*arcs
1 2 -1
""",
        "x.net",
    )
    assert [factor.label for factor in reading.map.factors] == [
        'tillit "høy"',
        'Behov "ute" ž',
        "Lang ventetid",
        'a "b" c',
        "never closed",
    ]
    assert [factor.position for factor in reading.map.factors][2:4] == [(500.0, 600.0), (700.0, 800.0)]
    assert links(reading) == [('tillit "høy"', 'Behov "ute" ž', "−")]
    assert [notice.place for notice in reading.report if notice.code == "bad-text"] == ["line 8"]
    m = CausalMap.from_links([("&#34;", "b", 1)])
    assert formats.read_bytes(formats.write_bytes(m, "pajek")).map.factors[0].label == "&#34;"


@pytest.mark.parametrize(
    "lines",
    [
        '*Edges\n1 2 1 l "+"\n2 3 1 l "−"\n',
        '*Arcs :1 "Positive tie"\n1 2\n2 1\n*Arcs :2 "Negative tie"\n2 3\n3 2\n',
        '*Arcs :1 "Positive tie"\n*Arcs :2 "Negative tie"\n*Arcs\n1: 1 2 1\n1: 2 1 1\n2: 2 3 1\n2: 3 2 1\n',
    ],
)
def test_pajek_labels_of_lines_and_relations_may_be_the_signs(lines):
    reading = read("*Vertices 3\n" + lines, "x.net")
    assert links(reading) == [("1", "2", "+"), ("2", "1", "+"), ("2", "3", "−"), ("3", "2", "−")]
    assert "sign-column" in codes(reading)


def test_relations_with_numbers_for_names_are_no_signs():
    reading = read('*Vertices 2\n*Arcs :1 "1"\n1 2 1\n*Arcs :2 "2"\n2 1 1\n', "x.net")
    assert links(reading) == [("1", "2", "?"), ("2", "1", "?")]


def test_pajek_as_infomap_writes_it():
    counted_by_list = read('# remark\n*Vertices\n#id name\n0 "A"\n1 "B"\n*Links\n0 1 2.5\n1 7\n', "x.net")
    assert links(counted_by_list) == [("A", "B", "?"), ("B", "7", "?")]
    only_links = read("# source target weight\n1 2\n2 3 0.5\n", "x.net")
    assert links(only_links) == [("1", "2", "?"), ("2", "3", "?")]
    states = read('*Vertices 2\n1 "i"\n2 "j"\n*States\n1 1 "a"\n2 2\n3 1\n*Links\n1 2 1\n', "x.net")
    assert (links(states), codes(states)) == ([], {"section-skipped"})


@pytest.mark.parametrize("text", ["% nothing\n", "p cut 20 135\na 1 2 180\n"])
def test_a_net_file_that_is_no_network_is_refused(text):
    with pytest.raises(FormatError, match=r"no vertices|numbers of two vertices"):
        read(text, "x.net")


def test_pajek_matrix_and_a_network_without_signs():
    matrix = read("*Vertices 2\n*Matrix\n0 1\n-1 0\n", "x.net")
    assert links(matrix) == [("1", "2", "+"), ("2", "1", "−")]
    unsigned = read("*Vertices 2\n*Arcs\n1 2 2.5\n", "x.net")
    assert (links(unsigned), unsigned.map.links[0].strength) == ([("1", "2", "?")], 2.5)
    assert "no-signs" in codes(unsigned)


def test_a_pajek_project_has_partitions_and_only_its_first_network_is_read():
    reading = read(
        '*Network Venner\n*Vertices\t3\n1 "A" 0.1\t0.2\n2 B 0.3 0.4\n*Arcs :2 "likes not"\n1 2 -1\n9 1 1\n\n'
        "*Partition Gruppe\n*Vertices 3\n1\n2\n2\n*Vector short\n*Vertices 2\n1\n2\n"
        "*Network Andre\n*Vertices 2\n1 x\n2 y\n*Arcs\n1 2 1\n",
        "x.paj",
    )
    assert [(factor.label, dict(factor.attributes), factor.position) for factor in reading.map.factors] == [
        ("A", {"Gruppe": "1"}, (100.0, 200.0)),
        ("B", {"Gruppe": "2"}, (300.0, 400.0)),
        ("3", {"Gruppe": "2"}, None),
    ]
    assert (links(reading), reading.map.title) == ([("A", "B", "−")], "Venner")
    assert {"section-skipped", "dangling"} <= codes(reading)


def test_pajek_coordinates_outside_of_its_square_stay_as_they_are():
    reading = read("*Vertices 2\n1 a 619 219\n2 b 490 0\n*Matrix\n0 1\n-1 0\n", "x.mat")
    assert [factor.position for factor in reading.map.factors] == [(619.0, 219.0), (490.0, 0.0)]


def test_a_pajek_matrix_of_two_modes_has_its_columns_after_its_rows():
    reading = read('*Vertices 3 2\n1 "p"\n2 "q"\n3 "x"\n*Matrix\n1\n-1\n', "x.net")
    assert links(reading) == [("p", "x", "+"), ("q", "x", "−")]


def test_vertices_that_all_stand_in_one_spot_have_no_positions():
    graph = nx.MultiDiGraph([("a", "b")])
    reading = read("\n".join(nx.generate_pajek(graph)), "x.net")
    assert [factor.position for factor in reading.map.factors] == [None, None]
    assert "no-positions" in codes(reading)


LOOPY = (
    '[[[1,0,0,0.5,"Lang%20ventetid",0],[2,220,0,0.5,"Antall%20henvendelser",1]],'
    "[[1,2,60,1,0],[2,1,60,-1,0],[1,1,60,0]],[[0,0,%22hei%22]],2]"
)


@pytest.mark.parametrize(
    "text",
    [
        LOOPY.replace("%22", '"'),
        "https://ncase.me/loopy/v1.1/?data=" + LOOPY.replace("%20", "%2520").replace('"', "%22")[:-1] + "%5D",
    ],
)
def test_loopy_files_and_addresses(text):
    reading = read(text, "x.loopy")
    assert links(reading) == [(WAIT, ASK, "+"), (ASK, WAIT, "−"), (WAIT, WAIT, "?")]
    assert reading.map.factors[1].position == (220, 0)
    assert [link.delay for link in reading.map.links] == ["", "", ""]


def test_a_binary_loopy_address_is_refused_kindly():
    with pytest.raises(FormatError, match="save the model as a file"):
        read("https://ncase.me/loopy/v2/?6L1LAbc", "x.loopy")


MMP = f"""<?xml version="1.0"?><mentalModeler><info><name><![CDATA[Ventetid]]></name></info><groupNames/>
<concepts><concept><id>1</id><name><![CDATA[{WAIT}]]></name><notes>lang</notes><group>2</group><x>0</x><y>0</y><relationships>
<relationship><id>7</id><name>{ASK}</name><notes/><confidence>0</confidence><influence>0.62</influence></relationship>
<relationship><id>1</id><influence/></relationship><relationship><id>99</id><influence>1</influence></relationship>
</relationships></concept>
<concept><id>7</id><name>{ASK}</name><x>220</x><y>0</y><relationships>
<relationship><id>1</id><confidence>2</confidence><influence>M-</influence></relationship></relationships></concept>
</concepts>
<scenarios><scenario><concepts><concept><id>1</id><name>Lang ventetid</name></concept></concepts></scenario>
</scenarios></mentalModeler>"""


def test_mental_modeler_relations_are_nested_and_scenarios_are_not_factors():
    reading = read(MMP, "x.mmp")
    assert links(reading) == [(WAIT, ASK, "+"), (WAIT, WAIT, "?"), (ASK, WAIT, "−")]
    assert [link.strength for link in reading.map.links] == [0.62, 1.0, 0.62]
    assert (reading.map.factors[0].note, reading.map.factors[0].attributes["group"]) == ("lang", "2")
    assert (reading.map.title, "dangling" in codes(reading)) == ("Ventetid", True)


def test_the_json_of_mental_modeler():
    concepts = [
        {"id": 1, "name": WAIT, "x": 1, "y": 2, "relationships": [{"id": 2, "influence": "-0.5"}]},
        {"id": 2, "name": ASK, "relationships": []},
    ]
    reading = read(json.dumps({"concepts": concepts, "info": {"name": "V"}}), "x.json")
    assert (links(reading), reading.map.factors[0].position) == ([(WAIT, ASK, "−")], (1, 2))


VENSIM = f"""{{UTF-8}}
{WAIT}  = A FUNCTION OF( {ASK})
	~	|
\\\\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*View 1
$192-192-192,0,Arial|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
10,1,{WAIT},200,200,50,20,8,3,0,0,0,0,0,0
10,2,"{ASK}",420,200,60,20,8,3,0,0,0,0,0,0
12,9,0,300,300,40,40,8,4,0,0,-1,0,0,0
10,a comment that looks like a word
1,3,1,2,1,0,43,0,0,192,0,-1--1--1,,1|(310,150)|
1,4,2,1,1,1,79,0,0,64,0,-1--1--1,,1|(310,250)|
1,5,9,1,1,0,43,0,0,64,0,-1--1--1,,1|(310,250)|
\\\\\\---/// Sketch information - do not modify anything except names
*View 2
10,1,Bestand,100,100,40,20,3,3,0,0,0,0,0,0
12,2,48,10,100,10,8,0,3,0,0,-1,0,0,0
1,3,5,1,4,0,0,22,0,0,0,-1--1--1,,1|(0,0)|
1,4,5,2,100,0,0,22,0,0,0,-1--1--1,,1|(0,0)|
11,5,48,60,100,6,8,34,3,0,0,1,0,0,0
10,6,tilgang,60,120,20,10,40,3,0,0,-1,0,0,0
10,7,lang_ventetid,300,100,40,20,8,2,0,3,-1,0,0,0
1,8,7,5,0,0,0,0,0,64,0,-1--1--1,,1|(0,0)|
10,9,TIME STEP,1,1,1,1,8,3,0,0,0,0,0,0
///---\\\\\\
"""


def test_vensim_views_shadow_copies_valves_pipes_and_marks():
    reading = read(VENSIM, "x.mdl")
    assert [factor.label for factor in reading.map.factors] == [WAIT, ASK, "Bestand", "tilgang"]
    assert links(reading) == [
        (WAIT, ASK, "+"),
        (ASK, WAIT, "−"),
        ("tilgang", "Bestand", "+"),
        (WAIT, "tilgang", "?"),
    ]
    assert reading.map.factors[0].position == (200, 200)
    assert [link.delay for link in reading.map.links] == [""] * 4
    assert {"time", "hidden", "dangling", "no-sign", "equations"} <= codes(reading)


MARKED = """{UTF-8}
Hubs  = A FUNCTION OF( Funds) ~~|
Store= INTEG (Inflow-"Net, trade", 10) ~~|
\\\\\\---/// Sketch information - do not modify anything except names
V364  Do not put anything below this section - it will be ignored
*View 1
$192-192-192,0,Times New Roman|16||0-0-0|0-0-0|0-0-255|-1--1--1|255-255-255|96,96,80,0
10,1,Funds,707,700,52,13,8,3,0,0,0,0,0,0,0,0,0,0,0,0
10,2,Hubs,-13,648,48,23,8,131,0,8,0,0,0,0,-1--1--1,0-0-0,|16||0-0-0,0,0,0,0,0,0
1,3,1,2,1,0,43,0,3,65,0,255-128-0,|16||0-0-0,1|(603,689)|
1,4,2,1,1,0,45,13,27,193,0,0-128-255,|20|B|0-0-0,1|(712,584)|
1,5,2,2,1,0,111,0,3,192,0,128-0-64,|16||0-0-0,1|(991,427)|
12,6,0,752,640,31,31,4,135,0,1,-1,0,0,0,255-128-0,0-0-0,|16||0-0-0,0,0,0,0,0,0
B2|<<NnN>>|
10,7,Store,100,100,40,20,3,3,0,0,0,0,0,0
10,8,Other store,300,100,40,20,3,3,0,0,0,0,0,0
1,9,11,7,4,0,0,22,0,0,0,-1--1--1,,1|(0,0)|
1,10,11,8,36,0,0,22,0,0,0,-1--1--1,,1|(0,0)|
11,11,0,48,60,6,8,34,3,0,0,1,0,0,0
10,12,"Net, trade",60,120,20,10,40,3,0,0,-1,0,0,0
///---\\\\\\
"""


def test_delays_and_pipes_that_run_both_ways_are_read_as_vensim_marks_them():
    reading = read(MARKED, "x.mdl")
    assert [(link.source, link.target, link.mark, link.delay) for link in reading.map.links] == [
        ("funds", "hubs", "+", "long"),
        ("hubs", "funds", "−", "long"),
        ("hubs", "hubs", "−", ""),
        # An arrowhead (4) at both ends: the stock's equation says that the flow empties it.
        ("net-trade", "store", "−", ""),
        ("net-trade", "other-store", "?", ""),
    ]
    assert reading.map.factor("hubs").position == (-13, 648)


TWICE_DRAWN = """{UTF-8}
\\\\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*One
$0,0,Arial|12
10,1,Stock,9,9,40,20,8,2,0,3,-1,0,0,0
10,2,Stock,100,200,40,20,3,3,0,0,0,0,0,0
10,3,Rate,300,200,40,20,8,3,0,0,0,0,0,0
1,4,2,3,0,0,0,0,0,64,0,-1--1--1,,1|(0,0)|
12,5,0,1,1,9,9,8,7,0,0,-1,0,0,0
*not a view
12,6,0,1,1,9,9,8,7,0,0,-1,0,0,0

\\\\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*Two
$0,0,Arial|12
10,1,Rate,1,1,40,20,8,2,0,3,-1,0,0,0
10,2,Stock,7,7,40,7,8,3,0,0,-1,0,0,0
1,3,2,1,0,0,45,0,0,64,0,-1--1--1,,1|(0,0)|
///---\\\\\\
"""


def test_a_link_drawn_in_two_vensim_views_is_one_and_the_first_box_is_the_place():
    reading = read(TWICE_DRAWN, "x.mdl")
    assert [(factor.label, factor.position) for factor in reading.map.factors] == [
        ("Stock", (100.0, 200.0)),
        ("Rate", (300.0, 200.0)),
    ]
    assert links(reading) == [("Stock", "Rate", "−")]
    assert "drawn-twice" in codes(reading)


def test_a_model_that_nobody_has_drawn_comes_in_from_its_equations():
    text = """{UTF-8}
"Births, per year"= 2*Bestand/Time + "so-called \\"x|y\\"" * my table(Bestand)
	~	1/Year
	~	First line \\
		and "second line with 5" of rain
	|
Bestand= INTEG ("Births, per year", 10) ~~|
"so-called \\"x|y\\"" = A FUNCTION OF( -Bestand, Births per) ~~|
my table(  [(0,0)-(1,1)],(0,0)) ~~|
region: north, south ~~|
by region[region]= Bestand ~~|
:MACRO: inner(x)
inner = x ~~|
:END OF MACRO:
TIME STEP = 1 ~~|
"""
    reading = read(text, "x.mdl")
    assert [factor.label for factor in reading.map.factors] == [
        "Births, per year",
        "Bestand",
        'so-called "x|y"',
        "my table",
        "by region",
    ]
    assert links(reading) == [
        ("Bestand", "Births, per year", "?"),
        ('so-called "x|y"', "Births, per year", "?"),
        ("my table", "Births, per year", "?"),
        ("Births, per year", "Bestand", "?"),
        ("Bestand", 'so-called "x|y"', "−"),
        ("Bestand", "by region", "?"),
    ]
    assert reading.map.factors[0].note == 'First line and "second line with 5" of rain'
    assert "from-equations" in codes(reading)


def test_a_file_with_neither_sketch_nor_equations_is_refused():
    with pytest.raises(FormatError, match="neither"):
        read('Model {\n  Name "x"\n}', "x.mdl")


XMILE = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><name>Gjeld</name></header>
<model><variables><stock name="Samlet\\ngjeld"><inflow>nye_lån</inflow><outflow>Nedbetaling</outflow></stock>
<flow name="nye lån"><doc>per år</doc></flow><flow name="nedbetaling"/><aux name="rente"/></variables>
<views><view><stock name="Samlet\\ngjeld" x="10" y="20"/><alias uid="4"><of>rente</of></alias>
<connector uid="1" polarity="+"><from>samlet_gjeld</from><to>nedbetaling</to></connector>
<connector uid="2" polarity="-"><from><alias uid="4"/></from><to>nye lån</to></connector>
<connector uid="3"><from>rente</from><to>nedbetaling</to></connector></view></views></model></xmile>"""


def test_xmile_flows_and_connectors_with_and_without_polarity():
    reading = read(XMILE, "x.stmx")
    assert links(reading) == [
        ("nye lån", "Samlet gjeld", "+"),
        ("nedbetaling", "Samlet gjeld", "−"),
        ("Samlet gjeld", "nedbetaling", "+"),
        ("rente", "nye lån", "−"),
        ("rente", "nedbetaling", "?"),
    ]
    assert (reading.map.factors[0].position, reading.map.factors[1].note) == ((10, 20), "per år")


UNDECLARED = """<xmile version="1.0"><isee:prefs layer="model"/><model><variables>
<aux name="TIME STEP"/><aux name="Upstream"/><aux name="Down &quot;stream&quot;"><doc>by
hand</doc></aux></variables>
<views><view><style><connector color="red"/></style><aux name="Upstream" x="340" y="163"/>
<aux name="&quot;Down \\&quot;stream\\&quot;&quot;" x="487" y="214"/>
<connector uid="4" isee:polarity="-" isee:delay_mark="true">
<from>Upstream</from><to>"Down_\\"stream\\""</to></connector>
<connector uid="5"><from>TIME_STEP</from><to>Upstream</to></connector>
</view></views></model></xmile>"""


def test_xmile_with_a_prefix_that_nobody_declared_and_quoted_names():
    reading = read(UNDECLARED, "x.stmx")
    assert links(reading) == [("Upstream", 'Down "stream"', "−")]
    assert [factor.position for factor in reading.map.factors] == [(340, 163), (487, 214)]
    assert reading.map.links[0].delay == "long"
    assert {"time", "dangling"} <= codes(reading)


CAUSAL_LOOPS = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
<model><variables><aux name="number of hubs"/><aux name="usage\nof hubs"/></variables><views>
<style><connector color="red"/></style><view type="stock_flow"><style><connector isee:thickness="1"/></style>
<aux color="black" x="408.125" y="192.5" width="93.75" height="17" name="number of hubs"/>
<aux color="black" x="638" y="215" name="usage\nof hubs"/>
<connector uid="1" color="#FF5500" polarity="-" isee:polarity_placement="inside" angle="44.6903">
<from>number_of_hubs</from><to>usage_of_hubs</to></connector>
<connector uid="2" polarity="+" isee:polarity_placement="outside" angle="170.969">
<from>usage_of_hubs</from><to>number_of_hubs</to></connector>
<connector uid="3" polarity="none" angle="0"><from>usage_of_hubs</from><to>number_of_hubs</to></connector>
<isee:loop_indicator uid="31" x="1" y="2" width="9" height="9"><isee:entities><item uid="2"/>
<entity name="number_of_hubs"/></isee:entities></isee:loop_indicator></view></views></model></xmile>"""


def test_the_causal_loops_of_stella_have_signs_and_boxes_placed_by_their_corner():
    reading = read(CAUSAL_LOOPS, "x.stmx")
    assert links(reading) == [
        ("number of hubs", "usage of hubs", "−"),
        ("usage of hubs", "number of hubs", "+"),
        ("usage of hubs", "number of hubs", "?"),
    ]
    assert [factor.position for factor in reading.map.factors] == [(455.0, 201.0), (638.0, 215.0)]


UNDRAWN = """<xmile version="1.0"><model><variables>
<stock name="Back_Log"><eqn>100</eqn><inflow>
 BL In
</inflow></stock><aux name="BL_In"><eqn>Demand*"Lead-Time" {Back_Log}</eqn></aux>
<aux name="Demand"><eqn>RANDOM(0, Mean_of_Demand)</eqn></aux><aux name="&quot;Lead-Time&quot;"/>
<aux name="Mean of\\nDemand"/>
<flow name="arr"><element subscript="1"><eqn>Demand</eqn></element>
<element subscript="2"><eqn>Back_Log</eqn></element>
</flow></variables></model></xmile>"""


def test_xmile_without_a_diagram_is_linked_by_its_equations():
    reading = read(UNDRAWN, "x.xmile")
    assert links(reading) == [
        ("BL In", "Back Log", "+"),
        ("Demand", "BL In", "?"),
        ("Lead-Time", "BL In", "?"),
        ("Mean of Demand", "Demand", "?"),
        ("Demand", "arr", "?"),
        ("Back Log", "arr", "?"),
    ]
    assert "from-equations" in codes(reading)


MODULES = """<xmile version="1.0"><model><variables>
<module name="hares"><connect to="area" from=".area"/></module>
<aux name="area"/></variables><views><view><module name="hares" x="1" y="2"/>
<connector uid="1"><from>area</from><to>hares</to></connector></view></views></model>
<model name="hares"><variables><stock name="hares"><inflow>births</inflow></stock>
<flow name="births"/><aux name="area"/>
</variables><views><view><aux name="area" x="3" y="4"/>
<connector uid="2"><from>.area</from><to>births</to></connector></view></views></model></xmile>"""


def test_the_modules_of_xmile_keep_their_variables_apart():
    reading = read(MODULES, "x.stmx")
    found = [(factor.label, factor.attributes.get("module", "")) for factor in reading.map.factors]
    assert found == [("hares", ""), ("area", ""), ("hares", "hares"), ("births", "hares"), ("area", "hares")]
    assert [(link.source, link.target, link.mark) for link in reading.map.links] == [
        ("area", "area-2", "+"),
        ("area", "hares", "?"),
        ("births", "hares-2", "+"),
        ("area", "births", "?"),
    ]
    assert reading.map.factors[-1].position == (3, 4)
    assert "module-inputs" in codes(reading)


DOT = r"""/* made by hand */ strict digraph "Kart" {
  rankdir=LR; node [shape=box];  // defaults
  a [label="Lang\nventetid", pos="75,150!"]
  subgraph cluster_1 { label="gruppe"; edge [label="-"]; b -> c -> a; }
  a -> {b c} [label="+"]
  "d e":n -> a:s [arrowhead=tee, weight=2]
  c -> c [dir=both]; x -> y [label=<<b>?</b>>]
}"""


def test_dot_chains_groups_defaults_ports_and_html():
    reading = read(DOT, "x.dot")
    found = [(link.source, link.target, link.mark) for link in reading.map.links]
    assert found == [
        ("b", "c", "−"),
        ("c", "a", "−"),
        ("a", "b", "+"),
        ("a", "c", "+"),
        ("d-e", "a", "−"),
        ("c", "c", "?"),
        ("x", "y", "?"),
    ]
    assert (reading.map.factor("a").label, reading.map.factor("a").position) == (
        "Lang ventetid",
        (100.0, -200.0),
    )
    assert reading.map.factor("d-e").attributes["foreign_id"] == "d e"


DRAWN = r"""strict digraph "My graph" {
  label="Title of \G"; node [shape=record, label="<f0> \N | {x|y}"];
  subgraph cluster_0 { label="process #1 &amp; co"; a -> b; b -> c [style="invis"]; }
  subgraph keep { p; q }
  ghost [style=invis];
  n1 [label="caf&eacute; \N!", shape=box]; n2 [label=<<b>Bold</b><br/>line &lt;2&gt;>, shape=plain];
  a -> b [label="+"]; n1 -> n2 [dir=back, label="-"]; n2 -> a [dir=none];
  n1 -> subgraph keep;
}
digraph second { z }"""


def test_dot_is_read_as_graphviz_draws_it():
    reading = read(DRAWN, "x.gv")
    found = {factor.id: factor for factor in reading.map.factors}
    assert {key: factor.label for key, factor in found.items()} == {
        "a": "a | x | y",
        "b": "b | x | y",
        "c": "c | x | y",
        "p": "p | x | y",
        "q": "q | x | y",
        "n1": "café n1!",
        "n2": "Bold line <2>",
    }
    assert [(link.source, link.target, link.mark) for link in reading.map.links] == [
        ("a", "b", "+"),
        ("n2", "n1", "−"),
        ("n2", "a", "?"),
        ("a", "n2", "?"),
        ("n1", "p", "?"),
        ("n1", "q", "?"),
    ]
    assert (reading.map.title, found["a"].attributes["cluster"]) == ("Title of My graph", "process #1 & co")
    assert {"invisible", "section-skipped", "two-arrows"} <= codes(reading)


def test_the_arrowheads_of_dot_say_which_way_and_which_end_has_the_bar():
    reading = read(
        """digraph { edge [dir=both]
        a -> b [arrowtail=none]; c -> d [arrowhead=none, arrowtail=tee]; e -> f [arrowhead=tee, id=x]
        g -> h [dir=back, arrowhead=tee]; i -> j [arrowhead=tee, arrowtail=tee]
        k -> l [dir=forward, arrowhead=none] }""",
        "x.gv",
    )
    assert [(link.source, link.target, link.mark) for link in reading.map.links] == [
        ("a", "b", "?"),
        ("d", "c", "−"),
        ("e", "f", "−"),
        ("f", "e", "?"),
        ("h", "g", "?"),
        ("i", "j", "−"),
        ("j", "i", "−"),
        ("k", "l", "?"),
    ]
    assert reading.map.links[2].id == "x"
    assert [notice.place for notice in reading.report if notice.code == "no-arrowhead"] == ["line 4"]
    forward = read("graph { a -- b [dir=forward] }", "x.gv")
    assert [(link.source, link.target) for link in forward.map.links] == [("a", "b")]


def test_a_mark_at_the_end_of_an_edge_is_its_sign_beside_a_text_of_its_own():
    reading = read(
        """digraph { a -> b [label="by post", headlabel="+"]; b -> c [headlabel=<&minus;>];
        c -> a [label="over time", taillabel=" - "] }""",
        "x.gv",
    )
    assert links(reading) == [("a", "b", "+"), ("b", "c", "−"), ("c", "a", "−")]
    assert [link.attributes.get("label") for link in reading.map.links] == ["by post", None, "over time"]


def test_colours_and_styles_in_dot_are_no_signs_but_are_kept_and_pointed_out():
    reading = read(
        "digraph { a -> b [color=green]; b -> c [color=red, style=dashed]; c -> a [color=green] }", "x.gv"
    )
    assert [link.mark for link in reading.map.links] == ["?", "?", "?"]
    assert [dict(link.attributes) for link in reading.map.links] == [
        {"colour": "green"},
        {"colour": "red", "line style": "dashed"},
        {"colour": "green"},
    ]
    assert any("2 colours or styles" in notice.text for notice in reading.report)
    again = formats.read_bytes(formats.write_bytes(reading.map, "dot")).map
    assert [link.attributes for link in again.links] == [link.attributes for link in reading.map.links]
    alike = read("digraph { edge [color=grey]; a -> b; b -> a }", "x.gv")
    assert [dict(link.attributes) for link in alike.map.links] == [{}, {}]


def test_dot_as_igraph_writes_it_has_names_and_a_bare_minus():
    reading = read(
        """/* Created by igraph 1.0.0 */
digraph {
  0 [
    name="Lang ventetid"
    x=0.1
    y=0.5
  ];
  1 [
    name=tillit
  ];

  0 -> 1 [
    weight=1
    label="+"
  ];
  1 -> 0 [
    weight=1
    label=-
  ];
}
""",
        "x.dot",
    )
    assert links(reading) == [("Lang ventetid", "tillit", "+"), ("tillit", "Lang ventetid", "−")]
    assert reading.map.factors[0].position == (0.1, 0.5)


@pytest.mark.parametrize("label", ["R&D &amp; &#229;", r"\N and \G", "<b>"])
def test_labels_that_graphviz_would_read_otherwise_survive_dot(label):
    m = CausalMap.from_links([(label, "b", 1)])
    assert formats.read_bytes(formats.write_bytes(m, "dot")).map.factors[0].label == label


def test_an_undirected_dot_graph_gives_two_unknown_arrows_per_line():
    reading = read("graph { a -- b }", "x.gv")
    assert [(link.source, link.target, link.mark) for link in reading.map.links] == [
        ("a", "b", "?"),
        ("b", "a", "?"),
    ]


def test_gml_as_networkx_writes_it():
    graph = nx.DiGraph()
    graph.add_node("Gjeld & bøter", domain="økonomi")
    graph.add_edge("Gjeld & bøter", "Bolig", sign=-1, strength=2.5)
    reading = read("\n".join(nx.generate_gml(graph)), "x.gml")
    assert links(reading) == [("Gjeld & bøter", "Bolig", "−")]
    assert (reading.map.factors[0].domain, reading.map.links[0].strength) == ("økonomi", 2.5)
    assert links(read("graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 ] ]", "x.gml")) == [
        ("1", "2", "?"),
        ("2", "1", "?"),
    ]


YED_GML = """Creator\t"yFiles"
graph
[
\tdirected\t1
\tnode [ id\t0\tlabel\t"Gruppe"\tisGroup\t1\tgraphics [ x\t15.0\ty\t125.5 ] ]
\tnode [ id\t1\tlabel\t"Lang
ventetid"\tgraphics [ x 59.8 y -70.4 ] gid 0 ]
\tnode [ id\t2\tgraphics [ x 10 y 20 ] LabelGraphics [ text\t"b&#248;ter &quot;A&quot;" ] ]
\tedge [ source 1 target 2 graphics [ targetArrow "standard" ] LabelGraphics [ text "+" ] ]
\tedge [ source 2 target 1 label "-" graphics [ sourceArrow "standard" targetArrow "none" ] ]
\tedge [ source 2 target 7 graphics [ sourceArrow "standard" targetArrow "standard" ] ]
]
"""


def test_gml_as_yed_writes_it():
    reading = read(YED_GML, "x.gml")
    bills = 'bøter "A"'
    assert [(factor.label, factor.position) for factor in reading.map.factors] == [
        ("Gruppe", (15.0, 125.5)),
        ("Lang ventetid", (59.8, -70.4)),
        (bills, (10.0, 20.0)),
        ("7", None),
    ]
    assert links(reading) == [
        (WAIT, bills, "+"),
        (WAIT, bills, "−"),
        (bills, "7", "?"),
        ("7", bills, "?"),
    ]
    assert {"group", "turned", "missing-node", "two-arrows"} <= codes(reading)


def test_yaml_keeps_norwegian_no_and_clock_times_as_text():
    text = """format: wickedmap-map
version: 1
titles: {nb: NO}
factors:
  - {id: NO, labels: {nb: 12:30:45}, position: [1, -2.5]}
  - id: 'true'
    labels:
      en: "null"
links: [{id: l, source: NO, target: 'true', sign: -1, both_signs: false}]
"""
    m = read(text, "x.yaml").map
    assert (m.title, m.factors[0].id, m.factors[0].label, m.factors[0].position) == (
        "NO",
        "NO",
        "12:30:45",
        (1, -2.5),
    )
    assert (m.factors[1].id, m.factors[1].label, m.links[0].sign) == ("true", "null", -1)


HEAD = "format: wickedmap-map\nversion: 1\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "titles: &a {nb: x}\nprovenance: *a\n", "line 3: anchors"),
        (HEAD + "titles: !!python/object/apply:os.system [ls]\n", "tags"),
        (HEAD + "titles: {<<: {nb: x}}\n", "merge keys"),
        (HEAD + "version: 1\n", "line 3: the key 'version' is given twice"),
        (HEAD + "titles: " + "[" * 3000 + "\n", "nested more than"),
        (HEAD + "titles: [unclosed\n", "not valid YAML"),
        (HEAD + "---\na: b\n", "several documents"),
        (HEAD + "language: no\nfactors: 3\n", "factors: expected a list"),
    ],
)
def test_yaml_tricks_are_refused_with_the_line(text, words):
    with pytest.raises(FormatError) as caught:
        read(text, "x.yaml")
    assert words in str(caught.value)


@pytest.mark.parametrize("name", [one.name for one in formats.FORMATS.values() if one.read and one.write])
def test_the_default_map_keeps_every_known_sign_in_every_format(name):
    m = default_map()
    reading = formats.read_bytes(formats.write_bytes(m, name), f"map{formats.FORMATS[name].suffixes[0]}")
    assert len(reading.map.factors) == len(m.factors)
    label = {factor.id: factor.label for factor in reading.map.factors}
    ours = {factor.id: factor.label for factor in m.factors}
    assert sorted((label[one.source], label[one.target], one.mark) for one in reading.map.links) == sorted(
        (ours[one.source], ours[one.target], one.mark) for one in m.links
    )


def test_references_leave_as_ris_and_csl():
    m = default_map()
    ris = formats.write_bytes(m, "ris").decode()
    assert ris.count("TY  - GEN\r\n") == ris.count("ER  - ") == len(m.instruments.references)
    items = json.loads(formats.write_bytes(m, "csl"))
    assert [item["id"] for item in items] == [one.id for one in m.instruments.references]


def test_lines_without_direction_that_become_too_many_links_are_told_apart():
    rows = "".join(f"a{number % 1500} -- b{number // 1500};" for number in range(5_001))
    with pytest.raises(FormatError, match="as each without direction became two"):
        read(f"graph {{ {rows} }}", "x.dot")


def test_a_column_that_speaks_of_a_sign_is_that_sign_and_is_kept():
    edges = "".join(
        f'<edge source="a" target="{end}"><data key="k">{kind}</data></edge>'
        for end, kind in (("b", "Strong negative"), ("c", "weak positive influence"))
    )
    nodes = "".join(f'<node id="{one}"/>' for one in "abc")
    reading = read(
        '<graphml><key id="k" for="edge" attr.name="relation" attr.type="string"/>'
        f'<graph edgedefault="directed">{nodes}{edges}</graph></graphml>',
        "x.graphml",
    )
    assert [link.mark for link in reading.map.links] == ["−", "+"]
    assert reading.map.links[0].attributes["relation"] == "Strong negative"
