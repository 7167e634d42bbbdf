"""The loops of the default map, focal problem removed: the numbers stated with its sources."""

from __future__ import annotations

import networkx as nx
import pytest
import yaml

from wickedmap.graphs.loops import count_loops, find_loops, iter_loops
from wickedmap.resources import resource_dir


@pytest.fixture(scope="module")
def web() -> nx.MultiDiGraph[str]:
    content = yaml.safe_load((resource_dir("data") / "factors.yaml").read_text("utf-8"))
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(factor["id"] for factor in content["factors"])
    for link in content["links"]:
        if content["focal"]["id"] not in (link["source"], link["target"]):
            graph.add_edge(link["source"], link["target"], key=link["id"], sign=link["sign"])
    return graph


@pytest.mark.parametrize(
    ("length", "reinforcing", "balancing"),
    [(2, 8, 1), (3, 29, 9), (4, 77, 30), (6, 379, 182), (None, 2154, 1096)],
)
def test_loops_up_to_a_length(
    web: nx.MultiDiGraph[str], length: int | None, reinforcing: int, balancing: int
) -> None:
    assert (len(web), web.number_of_edges()) == (21, 72)
    expected = {"R": reinforcing, "B": balancing, "?": 0}
    found = find_loops(web, max_length=length)
    assert found.polarities == expected
    assert count_loops(web, max_length=length).polarities == expected
    polarities = [loop.polarity for loop in iter_loops(web, max_length=length)]
    assert {polarity: polarities.count(polarity) for polarity in "RB?"} == expected
    assert found.exhaustive == (length is None)
