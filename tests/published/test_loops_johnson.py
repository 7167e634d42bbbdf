"""Johnson, D. B. (1975). Finding all the elementary circuits of a directed graph.

SIAM Journal on Computing 4(1), 77-84, figure 1: a graph with exactly 3k circuits, on
which earlier algorithms search exponentially long between two of them.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from wickedmap.graphs.loops import count_loops, find_loops


def figure_1(k: int) -> nx.DiGraph[Any]:
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for i in range(2, k + 2):
        graph.add_edges_from([(1, i), (i, k + 2)])
    graph.add_edge(2 * k + 1, 1)
    for i in range(k + 2, 2 * k + 2):
        graph.add_edges_from([(i, 2 * k + 2), (i, i + 1)])
    graph.add_edge(2 * k + 3, k + 2)
    for i in range(2 * k + 3, 3 * k + 3):
        graph.add_edges_from([(2 * k + 2, i), (i, 3 * k + 3)])
    graph.add_edge(3 * k + 3, 2 * k + 2)
    return graph


@pytest.mark.parametrize("k", [2, 3, 5, 10, 25])
def test_figure_1_has_three_loops_per_step(k: int) -> None:
    found = find_loops(figure_1(k), max_length=None, time_limit=None)
    assert len({loop.links for loop in found.loops}) == len(found.loops) == 3 * k
    assert found.exhaustive
    assert count_loops(figure_1(k), max_length=None).total == 3 * k
