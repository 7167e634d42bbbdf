"""What the analyses take, and how they refuse what they cannot read."""

from __future__ import annotations

import math
import pickle
from typing import Any

import networkx as nx
import pytest

from wickedmap import Agency, CausalMap, Stance, Texts
from wickedmap.graphs import (
    PerspectiveRule,
    compare,
    cultural_consensus,
    find_loops,
    fleiss_kappa,
    group_informed_consensus,
    jaccard,
    joint_loops,
    krippendorff_alpha,
    overlay,
    pairwise,
    perspective_maps,
    representativeness,
    saturation_curve,
    take_perspective,
)

A = CausalMap.from_links([("debt", "sleep", 1), ("sleep", "debt", -1)])
B = CausalMap.from_links([("debt", "sleep", -1)])
HELD = A.replace(
    agencies=(Agency("nav", Texts(nb="NAV")),),
    stances=(Stance("L1", "p1", "nav", "asserts"), Stance("L2", "p2", "police", "asserts")),
)


def ring(**data: Any) -> nx.DiGraph[Any]:
    return nx.DiGraph([(1, 2, data), (2, 1, {"sign": 1})])


@pytest.mark.parametrize(
    ("data", "polarity"),
    [
        ({"sign": "+"}, "R"),
        ({"sign": "-"}, "B"),
        ({"sign": "±"}, "?"),
        ({"sign": "?"}, "?"),
        ({"sign": math.nan}, "?"),
        ({}, "?"),
        ({"weight": -0.5}, "B"),
        ({"weight": -0.5, "sign": -1, "strength": 3}, "B"),
        ({"weight": -0.5, "sign": None}, "B"),
        ({"weight": None, "sign": "negative"}, "B"),
    ],
)
def test_the_sign_of_an_edge_is_read_as_a_map_reads_it(data: dict[str, Any], polarity: str) -> None:
    assert find_loops(ring(**data)).loops[0].polarity == polarity
    assert find_loops(CausalMap.from_networkx(ring(**data))).loops[0].polarity == polarity


@pytest.mark.parametrize("data", [{"weight": 2, "sign": -1}, {"weight": -2, "sign": 1}])
def test_a_weight_and_a_sign_that_contradict_each_other_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"weight of 1 -> 2: -?2 contradicts the sign -?1; keep one of them"):
        find_loops(ring(**data))


@pytest.mark.parametrize("sign", [True, "up", 2])
def test_a_sign_that_is_none_is_refused_with_its_edge(sign: Any) -> None:
    with pytest.raises(ValueError, match="sign of 1 -> 2: "):
        find_loops(ring(sign=sign))


@pytest.mark.parametrize("what", [None, "map.json", nx.Graph()])
def test_a_comparison_says_which_of_its_two_maps_it_cannot_read(what: Any) -> None:
    for measure in (compare, jaccard):
        with pytest.raises((TypeError, ValueError), match=r"^a: "):
            measure(what, A)
        with pytest.raises((TypeError, ValueError), match=r"^b: "):
            measure(A, what)


def test_every_measure_of_a_comparison_makes_a_matrix_under_the_same_name() -> None:
    for name, measure in compare(A, B).measures.items():
        cell = pairwise({"a": A, "b": B}, name).loc["a", "b"]
        assert measure.value is None or cell == measure.value, name


def test_a_measure_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="there is no measure 'jaccard'; there are factor_jaccard, "):
        compare(A, B)["jaccard"]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: pairwise([A, B]), r"maps: expected a mapping of names to maps, such as perspective_maps\(m\)"),  # type: ignore[arg-type]
        (lambda: saturation_curve([A, B]), "framings: expected a mapping of names to maps"),  # type: ignore[arg-type]
        (lambda: group_informed_consensus([(1, 2)]), "votes: expected a mapping of group"),  # type: ignore[arg-type]
        (lambda: representativeness(None, "nav"), "votes: expected a mapping of group"),  # type: ignore[arg-type]
        (
            lambda: krippendorff_alpha(None),
            "ratings: expected a DataFrame, a 2-d array or a list of rows, got None",
        ),
        (lambda: krippendorff_alpha({"p": [1, 2]}), "ratings: expected a DataFrame, .* got dict"),
        (lambda: krippendorff_alpha([1, 2, 3]), "ratings: expected a DataFrame, .* got list"),
        (lambda: fleiss_kappa(None), "counts: expected a DataFrame"),
        (lambda: cultural_consensus("yes"), "ratings: expected a DataFrame"),
        (lambda: overlay(nx.DiGraph()), "m: expected a CausalMap with what people said of it, got DiGraph"),  # type: ignore[arg-type]
        (lambda: joint_loops(nx.DiGraph()), "m: expected a CausalMap with what people said of it"),  # type: ignore[arg-type]
        (lambda: take_perspective(HELD, "nav", rule=2), "rule: expected a PerspectiveRule, got 2"),  # type: ignore[arg-type]
        (lambda: take_perspective(HELD, 5), "agencies: expected the id of an agency, or several, got 5"),  # type: ignore[arg-type]
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(ask: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ask()


def test_an_empty_table_is_a_table_in_which_nothing_was_rated() -> None:
    assert krippendorff_alpha([]).why == "no_pairs"


def test_agencies_are_asked_for_by_id_or_as_they_are_listed() -> None:
    nav = HELD.agencies[0]
    assert perspective_maps(HELD, "nav") == perspective_maps(HELD, nav) == perspective_maps(HELD, [nav])
    assert overlay(HELD, nav).agencies == ("nav",)
    assert joint_loops(HELD, agencies=[nav, "police"]).agencies == ("nav", "police")


def test_an_unknown_agency_is_answered_with_those_there_are() -> None:
    for ask in (
        lambda: HELD.perspective("nva"),
        lambda: overlay(HELD, ["nva"]),
        lambda: perspective_maps(HELD, "nva"),
    ):
        with pytest.raises(
            ValueError, match="agencies: there is no agency 'nva' in the map; there are nav, police"
        ):
            ask()
    with pytest.raises(ValueError, match="nobody has said anything"):
        A.perspective("nav", rule=PerspectiveRule(at_least=2))


def test_results_say_in_a_notebook_what_they_hold_and_how_complete_it_is() -> None:
    assert repr(find_loops(A)) == "<FoundLoops: all 1 loop>"
    ring = CausalMap.from_links(
        [(str(number), str((number + 1) % 9), 1) for number in range(9)] + [("0", "0", 1)]
    )
    assert repr(find_loops(ring, 8)) == "<FoundLoops: 1 loop, all of up to 8 links>"
    dense = CausalMap.from_links([(a, b, 1) for a in "abcdef" for b in "abcdef"])
    stopped = find_loops(dense, max_loops=10)
    said = f"all of up to {stopped.complete_to} links among them; stopped by count"
    assert repr(stopped) == f"<FoundLoops: at least {len(stopped)} loops, {said}>"
    assert repr(compare(A, B)) == "<Comparison: 16 measures; 2 factors and 1 links in both maps>"


def test_no_label_becomes_markup_in_a_results_table() -> None:
    hostile = CausalMap.from_links([("<b>x", "<i>y", 1), ("<i>y", "<b>x", 1)])
    for shown in (find_loops(hostile)._repr_html_(), compare(hostile, hostile)._repr_html_()):
        assert "<table" in shown
        assert "<b>x" not in shown
        assert "<i>y" not in shown


def test_results_are_pickled() -> None:
    for result in (find_loops(A), compare(A, B), overlay(HELD), take_perspective(HELD, "nav")):
        assert repr(pickle.loads(pickle.dumps(result))) == repr(result)
