"""Bases of loops and shortest loops, against brute force and elimination over the integers modulo 2."""

from __future__ import annotations

import itertools
import sys
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wickedmap.causal_map import CausalMap
from wickedmap.graphs.loop_basis import ALL_CANDIDATES, _Part, loop_basis, shortest_loops
from wickedmap.graphs.loops import find_loops

pairs = st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))


def graph_of(ends: list[tuple[str, str]]) -> nx.MultiDiGraph[Any]:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for number, (source, target) in enumerate(ends):
        graph.add_edge(source, target, key=f"L{number:02}", sign=1)
    return graph


multigraphs = st.lists(pairs, max_size=15).map(graph_of)


def rank(loops: Any) -> int:
    """Rank modulo 2 of the link sets."""
    pivots: dict[str, frozenset[str]] = {}
    for loop in loops:
        rest = frozenset(loop.links)
        while rest and min(rest) in pivots:
            rest ^= pivots[min(rest)]
        if rest:
            pivots[min(rest)] = rest
    return len(pivots)


def expected_rank(graph: nx.MultiDiGraph[Any]) -> int:
    parts = [graph.subgraph(part) for part in nx.strongly_connected_components(graph)]
    return sum(part.number_of_edges() - len(part) + 1 for part in parts)


@pytest.mark.parametrize("all_candidates", [ALL_CANDIDATES, 0, -1])
def test_a_basis_is_independent_and_spans_every_loop(
    all_candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["wickedmap.graphs.loop_basis"], "ALL_CANDIDATES", all_candidates)
    if all_candidates < 0:  # nothing but the ear decomposition
        monkeypatch.setattr(_Part, "shortest_through_each", lambda *_: iter(()))

    @settings(max_examples=400, deadline=None)
    @given(multigraphs)
    def check(graph: nx.MultiDiGraph[Any]) -> None:
        basis = loop_basis(graph)
        every = find_loops(graph, max_length=None).loops
        assert len(basis) == basis.rank == rank(basis.loops) == expected_rank(graph)
        assert rank([*basis.loops, *every]) == basis.rank
        assert all(loop in every for loop in basis)
        assert basis.complete
        assert basis.stopped_by is None

    check()


@settings(max_examples=400, deadline=None, derandomize=True)
@given(multigraphs)
def test_a_basis_of_all_candidates_is_as_short_as_the_greedy_choice_from_all_loops(
    graph: nx.MultiDiGraph[Any],
) -> None:
    greedy: list[Any] = []
    for loop in find_loops(graph, max_length=None).loops:
        if rank([*greedy, loop]) > len(greedy):
            greedy.append(loop)
    basis = loop_basis(graph)
    assert [len(x) for x in basis] == [len(x) for x in greedy]


@settings(max_examples=400, deadline=None)
@given(multigraphs)
def test_the_shortest_loop_through_each_link_is_the_shortest_in_the_whole_list(
    graph: nx.MultiDiGraph[Any],
) -> None:
    every = find_loops(graph, max_length=None).loops
    shortest = shortest_loops(graph)
    assert set(shortest) == {key for _, _, key in graph.edges(keys=True)}
    for link, loop in shortest.items():
        through = [x for x in every if link in x.links]
        if loop is None:
            assert not through
        else:
            assert loop in through
            assert len(loop) == min(len(x) for x in through)
            turned = [
                x.links[x.links.index(link) :] + x.links[: x.links.index(link)]
                for x in through
                if len(x) == len(loop)
            ]
            at = loop.links.index(link)
            assert loop.links[at:] + loop.links[:at] == min(turned)


@pytest.mark.parametrize("n", range(2, 9))
def test_complete_graphs_have_the_known_rank(n: int) -> None:
    basis = loop_basis(nx.complete_graph(n, nx.DiGraph))
    assert len(basis) == n * (n - 1) - n + 1 == rank(basis.loops)


def test_the_order_of_links_changes_nothing() -> None:
    ends = [(a, b, 1) for a, b in itertools.permutations("abcd", 2)]
    graph, backwards = nx.MultiDiGraph(), nx.MultiDiGraph()
    graph.add_edges_from((a, b, {"sign": s}) for a, b, s in ends)
    backwards.add_edges_from((a, b, {"sign": s}) for a, b, s in reversed(ends))
    assert loop_basis(graph) == loop_basis(backwards)


@pytest.mark.parametrize("empty", [CausalMap(), nx.DiGraph([(1, 2), (2, 3)])])
def test_no_loops_have_an_empty_complete_basis(empty: Any) -> None:
    basis = loop_basis(empty)
    assert (basis.loops, basis.rank, basis.complete) == ((), 0, True)
    assert set(shortest_loops(empty).values()) <= {None}
    assert len(basis.to_pandas()) == 0


def test_a_basis_can_be_read_as_a_sequence_and_a_table() -> None:
    basis = loop_basis(nx.complete_graph(3, nx.DiGraph))
    assert basis[0] == basis.loops[0]
    assert basis[:2] == basis.loops[:2]
    assert basis.to_pandas()["length"].tolist() == [2, 2, 2, 3]


def test_a_cancelled_basis_says_that_it_is_not_complete() -> None:
    basis = loop_basis(nx.complete_graph(5, nx.DiGraph), cancelled=lambda: True)
    assert (basis.complete, basis.stopped_by, basis.rank) == (False, "cancelled", 16)
    with pytest.raises(ValueError, match=r"^time_limit: "):
        loop_basis(CausalMap(), time_limit=0)
