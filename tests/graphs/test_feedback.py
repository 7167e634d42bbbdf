"""The smallest set of factors on every loop, against all subsets."""

from __future__ import annotations

import itertools
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wickedmap.causal_map import CausalMap
from wickedmap.graphs.feedback import feedback_factors

multigraphs = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=18).map(
    nx.MultiDiGraph
)


def acyclic_without(graph: Any, gone: Any) -> bool:
    return nx.is_directed_acyclic_graph(graph.subgraph(set(graph) - set(gone)))


def all_smallest(graph: Any, allowed: Any) -> list[tuple[str, ...]]:
    """Every smallest set among `allowed`, in order; empty when none cuts every loop."""
    for size in range(len(graph) + 1):
        found = [one for one in itertools.combinations(sorted(allowed), size) if acyclic_without(graph, one)]
        if found:
            return found
    return []


@settings(max_examples=600, deadline=None)
@given(multigraphs)
def test_the_set_is_one_of_the_smallest_of_all_subsets(graph: nx.MultiDiGraph[Any]) -> None:
    expected = all_smallest(graph, graph)
    answer = feedback_factors(graph, time_limit=None, alternatives=100)
    assert answer.optimal
    assert answer.lower_bound == len(answer.factors) == len(expected[0])
    assert sorted([answer.factors, *answer.alternatives]) == expected
    assert answer.all_alternatives
    assert set(answer.indispensable) == set.intersection(*map(set, expected))
    assert answer.stopped_by is None


@settings(max_examples=400, deadline=None)
@given(multigraphs, st.sets(st.sampled_from("abcdefg"), max_size=4))
def test_locked_factors_are_never_chosen(graph: nx.MultiDiGraph[Any], locked: set[str]) -> None:
    locked &= set(graph)
    expected = all_smallest(graph, set(graph) - locked)
    if expected:
        answer = feedback_factors(graph, locked=sorted(locked))
        assert answer.factors in expected
        assert answer.optimal
        assert set(answer.indispensable) == set.intersection(*map(set, expected))
    else:
        with pytest.raises(ValueError, match=r"^locked: the loop .* goes through locked factors only"):
            feedback_factors(graph, locked=sorted(locked))


@settings(max_examples=200, deadline=None)
@given(multigraphs, st.integers(0, 3))
def test_alternatives_stop_at_the_limit_and_say_so(graph: nx.MultiDiGraph[Any], limit: int) -> None:
    expected = all_smallest(graph, graph)
    answer = feedback_factors(graph, alternatives=limit)
    listed = {answer.factors, *answer.alternatives}
    assert len(listed) == 1 + len(answer.alternatives) == min(len(expected), limit + 1)
    assert listed <= set(expected)
    if limit or len(expected) == 1:
        assert answer.all_alternatives == (len(expected) == len(listed))


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_a_complete_graph_needs_all_but_one(n: int) -> None:
    answer = feedback_factors(nx.complete_graph(n, nx.DiGraph), alternatives=20)
    assert (len(answer), answer.optimal, len(answer.alternatives)) == (n - 1, True, n - 1)
    assert answer.indispensable == ()


def test_a_factor_with_a_self_link_is_indispensable() -> None:
    answer = feedback_factors(CausalMap.from_links([("a", "a", 1), ("a", "b", 1), ("b", "a", 1)]))
    assert (answer.factors, answer.indispensable, answer.all_alternatives) == (("a",), ("a",), True)


@pytest.mark.parametrize("empty", [CausalMap(), nx.DiGraph([(1, 2), (2, 3)])])
def test_no_loops_need_no_factor(empty: Any) -> None:
    answer = feedback_factors(empty)
    assert (answer.factors, answer.optimal, answer.lower_bound, answer.all_alternatives) == ((), True, 0, True)
    assert len(answer.to_pandas()) == 0


def test_components_are_cut_independently() -> None:
    rings = nx.DiGraph([(1, 2), (2, 1), (3, 4), (4, 5), (5, 3)])
    answer = feedback_factors(rings, alternatives=10)
    assert {answer.factors, *answer.alternatives} == {(a, b) for a in (1, 2) for b in (3, 4, 5)}
    assert answer.all_alternatives
    assert len(feedback_factors(rings, alternatives=3).alternatives) == 3


@settings(max_examples=300, deadline=None)
@given(multigraphs, st.integers(0, 25))
def test_whenever_the_work_ends_the_rest_is_acyclic_and_the_bound_true(
    graph: nx.MultiDiGraph[Any], asks: int
) -> None:
    left = iter(range(asks))
    answer = feedback_factors(graph, cancelled=lambda: next(left, None) is None)
    smallest = all_smallest(graph, graph)
    assert acyclic_without(graph, answer.factors)
    assert answer.lower_bound <= len(smallest[0]) <= len(answer.factors)
    assert answer.optimal == (answer.lower_bound == len(answer.factors))
    assert answer.stopped_by == "cancelled" or answer.optimal
    assert set(answer.indispensable) <= set.intersection(*map(set, smallest))


def test_when_time_runs_out_it_says_so() -> None:
    graph = nx.gnm_random_graph(150, 900, seed=1, directed=True)
    answer = feedback_factors(graph, time_limit=0.1)
    assert acyclic_without(graph, answer.factors)
    assert (answer.optimal, answer.stopped_by) == (False, "time")
    assert answer.lower_bound < len(answer.factors)


def test_a_cancelled_search_still_cuts_every_loop() -> None:
    graph = nx.gnm_random_graph(40, 160, seed=1, directed=True)
    answer = feedback_factors(graph, cancelled=lambda: True)
    assert acyclic_without(graph, answer.factors)
    assert (answer.optimal, answer.stopped_by) == (False, "cancelled")


def test_the_answer_as_a_table() -> None:
    graph = nx.DiGraph([("a", "b"), ("b", "a"), ("c", "c")])
    table = feedback_factors(graph, alternatives=5).to_pandas().set_index("factor")
    assert table.loc["c"].tolist() == [True, True, 2]
    assert sorted(table["sets"]) == [1, 1, 2]


def test_bad_arguments_are_refused_by_name() -> None:
    m = CausalMap.from_links([("a", "b", 1), ("b", "a", 1)])
    for value in (0, -1.0, float("nan"), True):
        with pytest.raises(ValueError, match=r"^time_limit: "):
            feedback_factors(m, time_limit=value)
    for number in (-1, True, 1.5):
        with pytest.raises(ValueError, match=r"^alternatives: "):
            feedback_factors(m, alternatives=number)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^locked: there is no factor 'x'"):
        feedback_factors(m, locked=["x"])
    assert feedback_factors(m, locked="a").factors == ("b",)
