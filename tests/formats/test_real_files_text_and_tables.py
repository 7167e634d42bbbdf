"""Files in text formats and tables as other programs wrote them, against figures taken from their raw text.

Each figure was counted with `grep` or read off the file by eye, not with our readers.
Where the files come from, and under which licence, stands in ``real/SOURCES-text-and-tables.md``.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest

import wickedmap
from wickedmap import formats

REAL = Path(__file__).with_name("real")


def codes(path: str) -> dict[str, int]:
    return formats.read(REAL / path).counts()


def links(path: str) -> list[tuple[str, str, str]]:
    m = wickedmap.load(REAL / path)
    label = {factor.id: factor.label for factor in m.factors}
    return [(label[link.source], label[link.target], link.mark) for link in m.links]


def positions(path: str) -> dict[str, tuple[float, float] | None]:
    return {factor.label: factor.position for factor in wickedmap.load(REAL / path).factors}


# factors, links, and how many links have each mark
FIGURES = {
    # 18 lines "10,"; 22 lines "1," that are no pipes, 9 with mark 43 and 13 with 0; of the 8 pipes (thickness
    # 22) 2 run into a stock (4) and 2 out of one (100), the other 4 end at clouds
    "vensim/lotka.mdl": (18, 26, {"+": 11, "−": 2, "?": 13}),
    # x, a, y and b are defined; a = x and y, y = a, b = a
    "vensim/interleaved.mdl": (4, 4, {"?": 4}),
    # 20 lines "10,"; 45 lines "1,", 31 with mark 43 and 14 with 45
    "vensim/mangrove.mdl": (20, 45, {"+": 31, "−": 14}),
    # 18 equations before .Control; the other variables that each of them names, counted by hand: 25
    "vensim/houses.mdl": (18, 25, {"?": 25}),
    # 1 <stock>, 2 <flow>, 3 <aux> in <variables>; <inflow>, <outflow>, 4 <connector> with ends
    "xmile/step1_mypsfg.stmx": (6, 6, {"+": 1, "−": 1, "?": 4}),
    # <outflow>, 3 <connector>
    "xmile/teacup_w_diagram.xmile": (4, 4, {"−": 1, "?": 3}),
    # <inflow>, 2 <connector>, one of them from TIME
    "xmile/pdf.xmile": (3, 2, {"+": 1, "?": 1}),
    "pajek/karate.net": (34, 156, {"?": 156}),
    # third number of each arc: 1, 1, 1, -1, 1, 1, -1
    "pajek/tralala.net": (4, 7, {"+": 5, "−": 2}),
    # the weights are 1, -0.5, 2, -1 and 0.25 in these two, the labels and signs of the same links in DOT
    "pajek/igraph-written.net": (4, 5, {"+": 3, "−": 2}),
    "pajek/networkx-written.net": (4, 5, {"+": 3, "−": 2}),
    "dot/igraph-written.dot": (4, 5, {"+": 3, "−": 2}),
    "dot/networkx-written.dot": (4, 5, {"+": 3, "−": 2}),
    "gml/himsolt-sample.gml": (3, 3, {"?": 3}),
    "gml/cytoscape.gml": (3, 2, {"?": 2}),
    # 30 undirected edges, two arrows each
    "dot/dodecahedral.dot": (20, 60, {"?": 60}),
    "dot/parsing_test.dot": (11, 30, {"?": 30}),
    "dot/ports.dot": (12, 20, {"?": 20}),
    # a--b, a--c, b--d, c--d, e--x, e--y, f--x, f--y
    "dot/complex_edges.dot": (8, 16, {"?": 16}),
    "dot/html_labels.dot": (6, 3, {"?": 3}),
    "dot/b993.dot": (4, 3, {"?": 3}),
    # a0 a1 a2 a3, b0 b1 b2 b3, start, end; 3 edges in each cluster and 7 beside them
    "dot/clust4.dot": (10, 13, {"?": 13}),
    "dot/numeric_ids_unicode.dot": (4, 0, {}),
    "dot/multilines.dot": (3, 2, {"?": 2}),
    "dot/latin1.dot": (2, 1, {"?": 1}),
    # 3 lines with "-"
    "csv/clot-fcm.csv": (12, 18, {"+": 15, "−": 3}),
    # 9 lines with "-"
    "csv/apthd-fcm.csv": (9, 25, {"+": 16, "−": 9}),
}


@pytest.mark.parametrize("path", FIGURES)
def test_factors_links_and_signs_are_those_of_the_tool(path):
    m = wickedmap.load(REAL / path)
    marks = Counter(link.mark for link in m.links)
    assert (len(m.factors), len(m.links), marks) == FIGURES[path]


def test_every_real_file_of_these_formats_has_its_figures():
    folders = ("vensim", "xmile", "pajek", "gml", "dot", "csv")
    found = {f"{folder}/{file.name}" for folder in folders for file in (REAL / folder).iterdir()}
    sources = (REAL / "SOURCES-text-and-tables.md").read_text(encoding="utf-8")
    assert found == set(FIGURES)
    assert all(f"`{path}`" in sources for path in found)


def test_the_boxes_of_vensim_stand_where_they_were_drawn():
    # The fourth and fifth number of the lines "10,".
    found = positions("vensim/lotka.mdl")
    assert found["Predators Y"] == (385, 138)
    assert found["Predator growth per prey delta"] == (65, 273)
    assert found["Predation rate per predator beta"] == (770, 238)
    assert None not in found.values()


def test_the_pipes_of_vensim_fill_and_empty_their_stocks():
    # Predators Y= INTEG (Predator increase rate-Predator decrease rate, ...), and the same for the prey.
    assert {
        ("Predator increase rate", "Predators Y", "+"),
        ("Predator decrease rate", "Predators Y", "−"),
        ("Prey increase rate", "Prey X", "+"),
        ("Prey decrease rate", "Prey X", "−"),
    } <= set(links("vensim/lotka.mdl"))


def test_a_causal_loop_diagram_of_vensim_has_its_marks_and_places():
    # 1,30,2,4,...45 and 1,32,1,6,...43: from "Peat Soil Height (P)" and from "Mangrove Biomass (M)"
    assert {
        ("Peat Soil Height (P)", "Hydroperiod (Hyd)", "−"),
        ("Mangrove Biomass (M)", "Tree growth (Grow)", "+"),
        ("External water flux", "Local Precipitation (Precip)", "+"),
    } <= set(links("vensim/mangrove.mdl"))
    assert positions("vensim/mangrove.mdl")["Drowning/Inundation (Drown)"] == (884, 636)
    # No arrow has another delay type than 64 and 192.
    assert {link.delay for link in wickedmap.load(REAL / "vensim/mangrove.mdl").links} == {""}


@pytest.mark.parametrize(
    "path",
    [
        "pajek/igraph-written.net",
        "pajek/networkx-written.net",
        "dot/igraph-written.dot",
        "dot/networkx-written.dot",
    ],
)
def test_one_map_is_the_same_however_igraph_and_networkx_write_it(path):
    service = 'Behov for "ute"-tilbud'
    assert links(path) == [
        ("Lang ventetid", service, "+"),
        (service, "Lang ventetid", "−"),
        (service, "Tillit til NAV", "+"),
        ("Tillit til NAV", "Øving & jobb", "−"),
        ("Øving & jobb", "Øving & jobb", "+"),
    ]
    if path.startswith("pajek/"):
        # In thousandths of the numbers after the labels; the weights are the strengths.
        assert list(positions(path).values()) == [(100, 500), (400, 250), (400, 750), (700, 500)]
        assert [link.strength for link in wickedmap.load(REAL / path).links] == [1, 0.5, 2, 1, 0.25]


def test_the_documentation_of_a_vensim_variable_is_its_note():
    m = wickedmap.load(REAL / "vensim/lotka.mdl")
    (found,) = [factor for factor in m.factors if factor.label == "Fractional predation rate"]
    assert found.note.endswith("equal to (beta*y) in the wiki article.")


def test_a_vensim_model_without_a_drawing_is_linked_by_its_equations():
    assert links("vensim/interleaved.mdl") == [
        ("x", "a", "?"),
        ("y", "a", "?"),
        ("a", "y", "?"),
        ("a", "b", "?"),
    ]
    assert codes("vensim/interleaved.mdl")["from-equations"] == 1


def test_the_shapes_of_stella_stand_where_they_were_drawn():
    # x and y of the shapes in <view>
    assert positions("xmile/step1_mypsfg.stmx") == {
        "Cash": (313, 221),
        "cash in": (243.75, 225),
        "cash out": (378.75, 221),
        "cash flow": (299, 322),
        "collecting revenue": (217, 121),
        "cost": (436, 116),
    }
    assert links("xmile/step1_mypsfg.stmx") == [
        ("cash in", "Cash", "+"),
        ("cash out", "Cash", "−"),
        ("cash in", "cash flow", "?"),
        ("cash out", "cash flow", "?"),
        ("collecting revenue", "cash in", "?"),
        ("cost", "cash out", "?"),
    ]


def test_a_connector_from_the_clock_of_xmile_is_left_out_and_reported():
    assert links("xmile/pdf.xmile") == [("PROBRT", "DENSITY", "+"), ("PROB", "PROBRT", "?")]
    assert codes("xmile/pdf.xmile")["dangling"] == 1


def test_labels_and_places_of_a_signed_pajek_network():
    # The numbers after the labels, in thousandths.
    found = positions("pajek/tralala.net")
    assert list(found) == ["A1", "Bb", "C", "D2"]
    assert found["A1"] == pytest.approx((93.8, 89.6))
    assert found["D2"] == pytest.approx((958.3, 856.3))
    m = wickedmap.load(REAL / "pajek/tralala.net")
    assert m.links[3].attributes["relation"] == "Circular arc"


def test_pajek_arcs_are_those_that_networkx_reads():
    graph = nx.read_pajek(REAL / "pajek/karate.net")
    assert sorted((a, b) for a, b, _ in links("pajek/karate.net")) == sorted((a, b) for a, b, _ in graph.edges)


def test_places_in_gml_stand_in_graphics_or_beside_the_label():
    assert positions("gml/himsolt-sample.gml") == {"Node 1": (1, 1), "Node 2": (1, 2), "Node 3": (1, 3)}
    assert positions("gml/cytoscape.gml") == {"node2": (-96, -67), "node1": (63, 37), "node0": (-31, -17)}


def test_the_lines_of_cytoscape_keep_the_direction_of_the_file():
    # source -1, target -2 and source -3, target -1; -1 is node0, -2 node1 and -3 node2
    assert links("gml/cytoscape.gml") == [("node0", "node1", "?"), ("node2", "node0", "?")]


def test_graphviz_puts_its_nodes_in_points_from_below():
    # pos="99,162" in points of 1/72 inch, y upwards; ours are pixels of 1/96 inch, y downwards
    found = positions("dot/parsing_test.dot")
    assert found["1"] == pytest.approx((99 * 96 / 72, -162 * 96 / 72))
    assert found["5"] == pytest.approx((27 * 96 / 72, -90 * 96 / 72))


def test_labels_in_dot_are_what_graphviz_draws():
    labels = [factor.label for factor in wickedmap.load(REAL / "dot/ports.dot").factors]
    assert labels[2] == "left | up | middle | down | right"
    assert labels[4] == "LEFT MIDDLE RIGHTTOP RIGHTBOTTOM"
    assert [factor.label for factor in wickedmap.load(REAL / "dot/b993.dot").factors] == [
        "Umlaut",
        "ü",
        "ä",
        "ö",
    ]


def test_labels_in_dot_run_over_lines_and_are_put_together_from_parts():
    # A backslash at the end of a line joins it to the next; "partA" + "partB" + "partC".
    assert list(positions("dot/multilines.dot")) == ["This isa multilinetext", "partApartBpartC", "c"]
    assert list(positions("dot/latin1.dot")) == ["æøå", "üù"]
    assert "Kraft übertragen [Wagenheber (Zukaufteil)]" in positions("dot/numeric_ids_unicode.dot")
    clusters = {
        factor.id: factor.attributes.get("cluster")
        for factor in wickedmap.load(REAL / "dot/clust4.dot").factors
    }
    assert (clusters["a3"], clusters["b0"], clusters["start"]) == ("process #1", "process #2", None)


def test_the_weights_of_a_fuzzy_cognitive_map_are_signs_and_strengths():
    text = (REAL / "csv/clot-fcm.csv").read_text(encoding="utf-8")
    expected = [(a, b, float(weight)) for a, b, weight in re.findall(r"\((\d+), (\d+), ([-.\d]+)\)", text)]
    m = wickedmap.load(REAL / "csv/clot-fcm.csv")
    assert [(link.source, link.target, (link.sign or 0) * link.strength) for link in m.links] == expected
