"""Maps from rows, DataFrames and networkx graphs, and back; what each refuses, and how it says so."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import wickedmap
from wickedmap import CausalMap, Evidence, Factor, FormatError, Link, MapError, Rating, Stance, Texts
from wickedmap.noun_checks import FixedMapping

from .formats.maps import maps


def claims(m: CausalMap) -> list[tuple[str, str, str, float]]:
    return [(link.source, link.mark, link.target, link.strength) for link in m.links]


def graph(*edges: tuple[Any, Any, dict[str, Any]]) -> nx.DiGraph[Any]:
    return nx.DiGraph(edges)


# --- rows --------------------------------------------------------------------


@pytest.mark.parametrize("sign", [1, 1.0, "+", "1", np.int64(1), np.float64(1)])
def test_a_sign_comes_as_a_number_or_as_a_map_shows_it(sign: Any) -> None:
    made = CausalMap.from_links([("a", "b", sign)]).links[0]
    assert made.sign == 1
    assert type(made.sign) is int


@pytest.mark.parametrize("sign", [None, 0, "", "?", float("nan"), pd.NA])
def test_a_sign_that_is_missing_is_not_known(sign: Any) -> None:
    assert CausalMap.from_links([("a", "b", sign, pd.NA)]).links[0].mark == "?"


def test_both_signs_may_be_claimed_in_a_row() -> None:
    assert CausalMap.from_links([("a", "b", "±")]).links[0].both_signs


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("a", "b", True), "links row 2 sign"),
        (("a", "b", "up"), "links row 2 sign"),
        (("a", "b", 2), "links row 2 sign"),
        (("a", "b", 1, "strong"), "links row 2 strength"),
        (("a", "b", 1, 0), "links row 2 strength"),
        (("a", "b", 1, 4), "links row 2 strength"),
        (("", "b", 1), "links row 2 source"),
        (("a", None, 1), "links row 2 target"),
        (("a", float("nan"), 1), "links row 2 target"),
        ("ab", "links row 2"),
        (None, "links row 2"),
        ({"source": "a", "target": "b"}, "links row 2"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_part(row: Any, field: str) -> None:
    with pytest.raises(MapError) as refused:
        CausalMap.from_links([("a", "b", 1), row])
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"links": None}, "links: expected rows"),
        ({"links": "ab"}, "links: expected rows"),
        ({"links": {("a", "b"): 1}}, "links: expected rows"),
        ({"links": pd.DataFrame({"source": ["a"], "target": ["b"]})}, "CausalMap.from_pandas reads it"),
        ({"links": [], "factors": {"a": 1}}, "factors: expected several ids"),
        ({"links": [], "language": None}, "language: expected a text"),
        ({"links": [], "title": 5}, "title: expected a text"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        CausalMap.from_links(**arguments)


# --- DataFrames --------------------------------------------------------------


def test_the_frames_of_a_map_give_the_map_again() -> None:
    m = CausalMap.from_links(
        [("a", "b", 1, 2.5), ("a", "b", -1), ("b", "b", None), ("b", "c", "±")], factors=["alone"]
    )
    m = m.replace(
        links=(dataclasses.replace(m.links[0], delay="long", contested=True, reveal_stage=3), *m.links[1:]),
        factors=(
            dataclasses.replace(m.factors[0], position=(1.0, -2.0), agencies=("nav", "police")),
            *m.factors[1:],
        ),
    )
    factors, links = m.to_pandas()
    assert CausalMap.from_pandas(links, factors) == m


@given(maps())
def test_frames_and_graphs_hold_all_of_every_factor_and_link(m: CausalMap) -> None:
    by_frames = CausalMap.from_pandas(*m.to_pandas())
    by_graph = CausalMap.from_networkx(m.to_networkx())
    assert (by_frames.factors, by_frames.links) == (m.factors, m.links)
    assert (by_graph.factors, by_graph.links) == (m.factors, m.links)
    for again in (by_frames, by_graph):
        assert (again.titles, again.language, again.focal) == (m.titles, m.language, m.focal)


def test_links_keep_their_order_and_new_ones_come_last() -> None:
    m = CausalMap.from_links([("a", "b", 1), ("b", "c", None), ("a", "c", -1)], title="Three")
    assert CausalMap.from_networkx(m.to_networkx()) == m
    graph = m.to_networkx()
    graph.add_edge("a", "d", sign=1)
    assert [link.target for link in CausalMap.from_networkx(graph).links] == ["b", "c", "c", "d"]


def test_what_people_said_stays_in_the_map_that_a_changed_graph_is_put_back_into() -> None:
    m = wickedmap.default_map()
    graph = m.to_networkx()
    graph.nodes["gjeld"]["label"] = "Gjeld og bøter"
    again = CausalMap.from_networkx(graph)
    held = m.replace(factors=again.factors, links=again.links)
    assert held.factor("gjeld").labels == m.factor("gjeld").labels.with_text("nb", "Gjeld og bøter")
    assert held.instruments == m.instruments
    assert CausalMap.from_networkx(m.to_networkx()).factors == m.factors


def test_the_two_frames_may_come_in_either_order() -> None:
    m = CausalMap.from_links([("a", "b", -1)], factors=["alone"])
    factors, links = m.to_pandas()
    assert CausalMap.from_pandas(factors, links) == CausalMap.from_pandas(links, factors) == m


def test_frames_that_were_filtered_know_their_map_and_another_title_may_be_given() -> None:
    factors, links = wickedmap.default_map().replace(language="en").to_pandas()
    some = CausalMap.from_pandas(links[links["strength"] > 2], factors[factors["id"] != "gjeld"])
    assert some.language == "en"
    assert some.title == wickedmap.default_map().title
    assert CausalMap.from_pandas(links, factors, title="Mine", language="nb").titles == {"nb": "Mine"}
    plain = CausalMap.from_pandas(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    assert (plain.language, plain.titles) == ("nb", {})


def test_a_networkx_edge_list_is_read_as_a_table() -> None:
    m = CausalMap.from_links([("a", "b", -1, 2), ("a", "b", 1)])
    assert CausalMap.from_pandas(nx.to_pandas_edgelist(m.to_networkx())) == m


def test_our_own_words_for_a_sign_are_read() -> None:
    frame = pd.DataFrame({"source": list("abcd"), "target": list("bcda")})
    frame["sign"] = ["positive", "Negative", "unknown", "both"]
    assert [link.mark for link in CausalMap.from_pandas(frame).links] == ["+", "−", "?", "±"]


def test_whole_numbers_that_a_missing_one_made_floats_are_the_same_factors() -> None:
    frame = pd.DataFrame({"source": [1, 2], "target": [2.0, 3.0], "year": [2011, None]})
    m = CausalMap.from_pandas(frame)
    assert [factor.id for factor in m.factors] == ["1", "2", "3"]
    assert [dict(link.attributes) for link in m.links] == [{"year": "2011"}, {}]
    assert claims(CausalMap.from_links([(1, np.float64(2), 1), (np.int64(2), 1.5, 1)])) == [
        ("1", "+", "2", 1.0), ("2", "+", "1.5", 1.0),
    ]  # fmt: skip


def test_categories_and_missing_cells_are_read() -> None:
    frame = pd.DataFrame(
        {"source": ["a b", "æøå"], "target": ["😀", "a b"], "sign": [1, None], "why": ["x", None]}
    )
    m = CausalMap.from_pandas(frame.astype("category"))
    assert claims(m) == [("a b", "+", "😀", 1.0), ("æøå", "?", "a b", 1.0)]
    assert [dict(link.attributes) for link in m.links] == [{"why": "x"}, {}]


def test_a_column_that_only_has_the_name_of_ours_is_kept() -> None:
    frame = pd.DataFrame({"cause": ["a"], "effect": ["b"], "source": ["Ulfrstad"], "evidence": ["strong"]})
    m = CausalMap.from_pandas(frame, source="cause", target="effect")
    assert dict(m.links[0].attributes) == {"source": "Ulfrstad", "evidence": "strong"}
    assert CausalMap.from_pandas(*m.to_pandas()) == m


def test_a_cell_that_should_be_json_and_is_not_is_named() -> None:
    frame = pd.DataFrame({"source": ["a"], "target": ["b"], "evidence": ['[["ref"']})
    with pytest.raises(MapError, match=r"links row 1 evidence: .* is not valid JSON"):
        CausalMap.from_pandas(frame)
    with pytest.raises(MapError, match=r"links row 1 evidence: .* is not a pair"):
        CausalMap.from_pandas(frame.assign(evidence='["ref"]'))
    assert CausalMap.from_pandas(frame.assign(evidence='[["ref", "x"]]')).links[0].evidence == (
        Evidence("ref", "x"),
    )


def test_columns_of_other_names_are_named_by_the_caller_and_further_ones_kept() -> None:
    frame = pd.DataFrame({"cause": ["debt"], "effect": ["sleep"], "way": ["-"], "year": [2011]})
    m = CausalMap.from_pandas(frame, source="cause", target="effect", sign="way", language="en", title="Debt")
    assert claims(m) == [("debt", "−", "sleep", 1.0)]
    assert dict(m.links[0].attributes) == {"year": "2011"}
    assert m.titles == {"en": "Debt"}


def test_a_frame_without_links_is_a_map_without_links() -> None:
    factors, links = CausalMap().to_pandas()
    assert CausalMap.from_pandas(links, factors) == CausalMap()
    assert links.dtypes["strength"] == "float64"
    assert links.dtypes["contested"] == "bool"


def test_a_weight_is_a_sign_and_a_strength() -> None:
    frame = pd.DataFrame(
        {"source": ["a", "b", "c"], "target": ["b", "c", "a"], "weight": [-2, 0.5, float("nan")]}
    )
    assert claims(CausalMap.from_pandas(frame)) == [
        ("a", "−", "b", 2.0),
        ("b", "+", "c", 0.5),
        ("c", "?", "a", 1.0),
    ]


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"from": ["a"], "target": ["b"]}, "links column 'source'"),
        ({"source": ["a"], "target": ["b"], "sign": ["up"]}, "links row 1 sign"),
        ({"source": ["a"], "target": [None]}, "links row 1 target"),
        ({"source": ["a"], "target": ["b"], "sign": [1], "weight": [-2]}, "links row 1 weight"),
        ({"source": ["a"], "target": ["b"], "weight": [7]}, "links row 1 weight"),
        ({"source": ["a"], "target": ["b"], "reveal_stage": [5]}, "links row 1 reveal_stage"),
        ({"source": ["a"], "target": ["b"], "delay": ["soon"]}, "links row 1 delay"),
        ({"source": ["a"], "target": ["b"], "contested": ["maybe"]}, "links row 1 contested"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(columns: dict[str, Any], field: str) -> None:
    with pytest.raises(MapError) as refused:
        CausalMap.from_pandas(pd.DataFrame(columns))
    assert refused.value.field == field


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([["a", "b", 1, -1]], columns=["source", "target", "sign", "sign"])
    with pytest.raises(MapError, match="links column 'sign': there are two columns"):
        CausalMap.from_pandas(frame)


def test_rows_instead_of_a_frame_are_refused_with_what_reads_them() -> None:
    with pytest.raises(
        TypeError, match=r"links: expected a pandas DataFrame, got list; CausalMap\.from_links reads rows"
    ):
        CausalMap.from_pandas([("a", "b", 1)])  # type: ignore[arg-type]


# --- networkx ----------------------------------------------------------------


def test_a_graph_of_a_map_gives_the_same_graph_again() -> None:
    m = wickedmap.default_map().replace(language="en")
    again = CausalMap.from_networkx(m.to_networkx())
    assert (again.language, again.focal) == (m.language, m.focal)
    assert nx.utils.graphs_equal(again.to_networkx(), m.to_networkx())


@pytest.mark.parametrize("form", ["graphml", "gml", "json", "gexf"])
def test_a_map_survives_what_networkx_itself_writes_and_reads(form: str, tmp_path: Path) -> None:
    m = wickedmap.default_map()
    graph, file = m.to_networkx(), tmp_path / "map"
    if form == "json":
        again = nx.node_link_graph(
            json.loads(json.dumps(nx.node_link_data(graph, edges="links"))), edges="links"
        )
    else:
        getattr(nx, f"write_{form}")(graph, file)
        again = getattr(nx, f"read_{form}")(file)
    made = CausalMap.from_networkx(again)
    assert made.factors == m.factors
    # networkx leaves what belongs to the graph out of GEXF, and with it the order of the links.
    assert {link.id: link for link in made.links} == {link.id: link for link in m.links}
    assert (made.links == m.links) == (form != "gexf")


def test_nodes_may_be_numbers_or_tuples() -> None:
    m = CausalMap.from_networkx(graph(((0, 1), 2, {"sign": -1})))
    assert claims(m) == [("(0, 1)", "−", "2", 1.0)]


def test_two_nodes_that_would_get_the_same_id_are_refused() -> None:
    with pytest.raises(MapError, match=r"node '1': it gets the same id as node 1; networkx\.relabel_nodes"):
        CausalMap.from_networkx(graph((1, "1", {})))


def test_parallel_edges_stay_parallel_whatever_their_keys() -> None:
    many = nx.MultiDiGraph([("a", "b", "x", {"sign": 1}), ("a", "b", 0, {"sign": -1}), ("b", "c", "x", {})])
    assert [(link.id, link.mark) for link in CausalMap.from_networkx(many).links] == [
        ("x", "+"), ("L2", "−"), ("x.2", "?"),
    ]  # fmt: skip


def test_further_attributes_of_a_graph_are_kept() -> None:
    m = CausalMap.from_networkx(graph(("a", "b", {"weight": 1, "source_text": "Ulfrstad", "viz": {"r": 1}})))
    assert dict(m.links[0].attributes) == {"source_text": "Ulfrstad"}


def test_numbers_of_numpy_among_the_attributes_are_kept() -> None:
    data = {
        "n": np.int64(3),
        "share": np.float64(0.5),
        "seen": np.bool_(True),
        "day": pd.Timestamp("2026-11-23"),
    }
    m = CausalMap.from_networkx(graph(("a", "b", data)))
    assert dict(m.links[0].attributes) == {
        "n": "3", "share": "0.5", "seen": "True", "day": "2026-11-23 00:00:00",
    }  # fmt: skip
    assert CausalMap.from_networkx(m.to_networkx()) == m


def test_the_analyses_and_the_map_read_a_weight_alike() -> None:
    from wickedmap.graphs import find_loops

    bare = graph(("a", "b", {"weight": -0.5}), ("b", "a", {"weight": 1}))
    assert (
        find_loops(bare).loops[0].polarity == find_loops(CausalMap.from_networkx(bare)).loops[0].polarity == "B"
    )


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"sign": "up"}, "edge 1 -> 2 sign"),
        ({"weight": "x"}, "edge 1 -> 2 weight"),
        ({"weight": 7}, "edge 1 -> 2 weight"),
        ({"weight": 2, "sign": -1}, "edge 1 -> 2 weight"),
        ({"sign": 1, "strength": 0}, "edge 1 -> 2 strength"),
        ({"delay": 3}, "edge 1 -> 2 delay"),
        ({"contested": "perhaps"}, "edge 1 -> 2 contested"),
    ],
)
def test_an_edge_that_cannot_be_read_is_named(data: dict[str, Any], field: str) -> None:
    with pytest.raises(MapError) as refused:
        CausalMap.from_networkx(graph((1, 2, data)))
    assert refused.value.field == field


def test_a_text_that_says_false_is_not_true() -> None:
    assert not CausalMap.from_networkx(graph((1, 2, {"contested": "False"}))).links[0].contested


@pytest.mark.parametrize("what", [None, [(1, 2)], pd.DataFrame()])
def test_what_is_no_graph_is_refused_by_the_arguments_name(what: Any) -> None:
    with pytest.raises(TypeError, match="graph: expected a networkx directed graph"):
        CausalMap.from_networkx(what)


def test_an_undirected_graph_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="choose a direction for each link first"):
        CausalMap.from_networkx(nx.Graph([(1, 2)]))


# --- the map itself ----------------------------------------------------------


def test_a_map_is_pickled_copied_and_taken_apart() -> None:
    m = wickedmap.default_map()
    assert pickle.loads(pickle.dumps(m)) == m
    assert copy.deepcopy(m) == m
    assert dataclasses.asdict(m.links[0])["source"] == m.links[0].source
    assert hash(pickle.loads(pickle.dumps(m))) == hash(m)


@pytest.mark.parametrize(
    "error", [MapError("links row 1", "no"), FormatError("no", place="line 1", file="a.csv")]
)
def test_an_error_comes_back_from_another_process(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_lists_become_tuples_so_that_maps_can_be_compared_and_hashed() -> None:
    made = CausalMap(factors=[Factor("a", {"nb": "A"}, agencies=["nav"])], links=[])  # type: ignore[arg-type]
    assert made == CausalMap(factors=(Factor("a", Texts(nb="A"), agencies=("nav",)),))
    assert hash(made) == hash(CausalMap(factors=(Factor("a", Texts(nb="A"), agencies=("nav",)),)))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: CausalMap(factors=("a",)), TypeError, r"factors\[0\]: expected a Factor, got str"),
        (lambda: CausalMap(links=(("a", "b", 1),)), TypeError, r"links\[0\]: expected a Link, got tuple"),
        (lambda: CausalMap(stances="x"), TypeError, "stances: expected several in a tuple, got str"),
        (lambda: CausalMap(stances=("x",)), TypeError, r"stances\[0\]: expected a Stance, got str"),
        (lambda: CausalMap(language=5), TypeError, "language: expected a text such as 'nb', got 5"),
        (lambda: CausalMap().restricted_to(5), TypeError, "factor_ids: expected the id of a factor"),
        (lambda: CausalMap().restricted_to([5]), ValueError, "factor_ids: there is no factor '5'"),
        (lambda: CausalMap().perspective(person="kari"), ValueError, "person: nobody called 'kari' has said"),
        (lambda: wickedmap.PerspectiveRule(share="half"), ValueError, "share: 'half' is not between 0 and 1"),
        (
            lambda: Factor("a", Texts(nb="A"), attributes={"year": 2011}),
            MapError,
            "factor 'a' attributes: 'year': 2011 is not a text",
        ),
        (
            lambda: Link("L1", "a", "b", attributes="x"),
            MapError,
            "link 'L1' attributes: expected texts by name",
        ),
        (lambda: CausalMap(titles="x"), MapError, r"titles: expected texts by language, such as Texts\(nb="),
        (lambda: Factor("a", "Gjeld"), MapError, "factor 'a' labels: expected texts by language"),
        (lambda: Factor("a", Texts(nb="A"), agencies="nav"), MapError, "factor 'a' agencies: expected several"),
        (lambda: Factor("a", Texts(nb="A"), position=(1, 2, 3)), MapError, "factor 'a' position: .* x and y"),
        (lambda: Factor("a", Texts(nb="A"), position=("a", 1)), MapError, "factor 'a' position: .* x and y"),
        (
            lambda: Factor("a", Texts(nb="A"), reveal_stage=9),
            MapError,
            "factor 'a' reveal_stage: 9 is not one of 1",
        ),
        (lambda: Link("L1", "a", "b", reveal_stage=0), MapError, "link 'L1' reveal_stage: 0 is not one of 1"),
        (lambda: Link("L1", "a", "b", strength=True), MapError, "link 'L1' strength: True is not above 0"),
        (lambda: Link("L1", "a", "b", rationale="why"), MapError, "link 'L1' rationale: expected texts"),
        (lambda: Stance("L1", "p", "nav", "agrees"), MapError, "stance: 'agrees' is not one of asserts"),
        (lambda: Stance("L1", "p", "nav", "asserts", sign=5), MapError, "stance sign: 5 is not 1, -1 or None"),
        (
            lambda: Stance("L1", "p", "nav", "asserts", strength=9),
            MapError,
            "stance strength: 9 is not above 0",
        ),
        (lambda: Rating("a", "p", "nav", 9), MapError, "rating importance: 9 is not one of 1, 2, 3, 4, 5"),
        (lambda: wickedmap.Framing("f", "nav", belief=7), MapError, "framing 'f' belief: 7 is not one of"),
        (lambda: CausalMap().factor("x"), KeyError, "factor_id: there is no factor 'x'"),
        (lambda: CausalMap().link("x"), KeyError, "link_id: there is no link 'x'"),
        (lambda: CausalMap().perspective(5), TypeError, "agencies: expected the id of an agency"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_made(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_a_factor_shows_what_it_holds_and_no_more() -> None:
    m = CausalMap.from_links([("debt", "sleep", -1, 2)])
    assert repr(m.factors[0]) == "Factor(id='debt', labels=Texts({'nb': 'debt'}))"
    assert repr(m.links[0]) == "Link(id='L1', source='debt', target='sleep', sign=-1, strength=2.0)"
    known = {"FixedMapping": FixedMapping, "Evidence": Evidence}
    for one in (*wickedmap.default_map().factors, *wickedmap.default_map().links):
        assert eval(repr(one), vars(wickedmap) | known) == one


def test_nothing_of_a_map_can_be_changed() -> None:
    m = wickedmap.default_map()
    with pytest.raises(dataclasses.FrozenInstanceError):
        m.links[0].sign = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        m.factors[0].attributes["x"] = "y"  # type: ignore[index]
    with pytest.raises(AttributeError):
        m.factors[0].attributes._held = {}  # type: ignore[attr-defined]


def test_one_factor_alone_may_be_asked_for_without_a_list() -> None:
    m = CausalMap.from_links([("debt", "sleep", 1)])
    assert [factor.id for factor in m.restricted_to("debt").factors] == ["debt"]


def test_an_agency_stands_for_its_id() -> None:
    m = CausalMap.from_links([("debt", "sleep", 1)])
    nav = wickedmap.Agency("nav", Texts(nb="NAV"))
    m = m.replace(agencies=(nav,), stances=(Stance("L1", "p1", "nav", "asserts"),))
    assert m.perspective(nav) == m.perspective("nav") == m.perspective([nav])


def test_the_analyses_are_there_without_an_import_of_their_own() -> None:
    ask = (
        "import sys, wickedmap; assert 'scipy' not in sys.modules; print(wickedmap.graphs.find_loops.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == "find_loops\n"
    assert "graphs" in dir(wickedmap)
    with pytest.raises(AttributeError, match="module 'wickedmap' has no attribute 'nothing'"):
        wickedmap.nothing  # noqa: B018
