"""Centralities against networkx and NumPy, and reasons where there is no value."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wickedmap
from wickedmap import CausalMap
from wickedmap.graphs import centralities, quadrants

ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from("abcdef"),
        st.sampled_from([1, -1, None]),
        st.sampled_from([1, 2, 3]),
    ),
    max_size=16,
)


@given(ROWS)
@settings(max_examples=120, deadline=None)
def test_betweenness_and_closeness_are_those_of_networkx(rows):
    m = CausalMap.from_links(rows, factors="abcdef")
    found = centralities(m)
    plain = nx.DiGraph(m.to_networkx().edges())
    plain.add_nodes_from("abcdef")
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    between = nx.betweenness_centrality(plain)
    into, out = nx.closeness_centrality(plain), nx.closeness_centrality(plain.reverse())
    for one in found.factors:
        assert one.betweenness == pytest.approx(between[one.factor], abs=1e-12)
        assert (one.closeness_in or 0.0) == pytest.approx(into[one.factor], abs=1e-12)
        assert (one.closeness_out or 0.0) == pytest.approx(out[one.factor], abs=1e-12)
        assert (one.closeness_in is None) == (plain.in_degree(one.factor) == 0)
    assert found.density == pytest.approx(nx.density(plain))


@given(ROWS)
@settings(max_examples=120, deadline=None)
def test_degrees_and_strengths_count_parallel_links(rows):
    found = centralities(CausalMap.from_links(rows, factors="abcdef"))
    for one in found.factors:
        out = [row[3] for row in rows if row[0] == one.factor]
        into = [row[3] for row in rows if row[1] == one.factor]
        assert (one.out_degree, one.in_degree, one.degree) == (len(out), len(into), len(out) + len(into))
        assert (one.out_strength, one.in_strength) == (sum(out), sum(into))
        assert one.strength == sum(out) + sum(into)
        expected = {(0, 0): "isolated", (0, 1): "transmitter", (1, 0): "receiver", (1, 1): "ordinary"}
        assert one.role == expected[bool(into), bool(out)]


@given(ROWS)
@settings(max_examples=120, deadline=None)
def test_katz_and_eigenvector_solve_their_equations(rows):
    m = CausalMap.from_links(rows, factors="abcdef")
    found = centralities(m)
    weights = np.zeros((6, 6))
    for source, target, _, strength in rows:
        weights["abcdef".index(source), "abcdef".index(target)] += strength
    katz = np.array([one.katz for one in found.factors])
    assert katz == pytest.approx(1 + found.katz_a * weights.T @ katz, rel=1e-9)
    graph = nx.DiGraph(m.to_networkx().edges())
    looping = [
        part
        for part in nx.strongly_connected_components(graph)
        if len(part) > 1 or any(graph.has_edge(one, one) for one in part)
    ]
    if len(looping) == 1:
        vector = np.array([one.eigenvector for one in found.factors])
        radius = max(abs(np.linalg.eigvals(weights)))
        assert weights.T @ vector == pytest.approx(radius * vector, abs=1e-6 * radius)
        assert vector.max() == 1.0
    else:
        assert found.reasons["eigenvector"] == ("several_components" if looping else "acyclic")
        assert all(one.eigenvector is None for one in found.factors)
    if not looping:
        assert found.katz_a == 1.0


def test_relabelling_changes_nothing():
    m = wickedmap.default_map()
    graph = m.to_networkx()
    names = {name: f"{number:02}" for number, name in enumerate(sorted(graph, reverse=True))}
    before, after = centralities(m), centralities(nx.relabel_nodes(graph, names))
    for one in before.factors:
        other = after.of(names[one.factor])
        assert other.betweenness == pytest.approx(one.betweenness, abs=1e-12)
        assert other.katz == pytest.approx(one.katz, rel=1e-9)
        assert other.eigenvector == pytest.approx(one.eigenvector, abs=1e-9)


def test_signs_do_not_matter():
    plus = CausalMap.from_links([("a", "b", 1), ("b", "c", 1), ("c", "a", 1)])
    mixed = CausalMap.from_links([("a", "b", -1), ("b", "c", None), ("c", "a", 1)])
    assert centralities(plus) == centralities(mixed)


def test_maps_too_small_for_a_statistic_say_why():
    assert centralities(CausalMap()).reasons["density"] == "fewer_than_two_factors"
    one = centralities(CausalMap.from_links([], factors=["a"]))
    assert (one.density, one.of("a").betweenness, one.of("a").closeness_in) == (None, None, None)
    assert one.reasons["betweenness"] == "fewer_than_three_factors"
    assert one.reasons["closeness_in"] == "nothing_reaches_it"
    assert one.reasons["closeness_out"] == "reaches_nothing"
    assert one.reasons["eigenvector"] == "acyclic"


def test_a_self_link_counts_in_and_out_and_is_no_pair():
    found = centralities(CausalMap.from_links([("a", "a", 1), ("a", "b", 1)]))
    assert (found.of("a").in_degree, found.of("a").out_degree) == (1, 2)
    assert found.density == 0.5


def test_a_cancelled_count_leaves_out_what_takes_long():
    found = centralities(wickedmap.default_map(), cancelled=lambda: True)
    assert found.reasons["betweenness"] == "cancelled"
    assert found.of("bolig").betweenness is None
    assert found.of("bolig").out_degree > 0


def test_a_sum_too_large_for_a_number_is_undefined():
    graph = nx.DiGraph([("a", "b", {"weight": 1e-6}), ("b", "a", {"weight": 1e-6})])
    nx.add_path(graph, ["b", *(f"n{number:03}" for number in range(100))], weight=1.0)
    found = centralities(graph)
    assert found.reasons["katz"] == "too_large"
    assert found.of("a").katz is None
    with pytest.raises(ValueError, match="too large"):
        quadrants(graph, "indirect")


def test_the_top_list_leaves_out_undefined_values():
    found = centralities(CausalMap.from_links([("a", "b", 1)], factors=["c"]))
    assert [name for name, _ in found.top("closeness_in")] == ["b"]
    assert len(found.to_pandas()) == 3


@pytest.mark.parametrize("column", ["role", "factor", "pagerank"])
def test_only_centralities_can_be_ranked(column):
    with pytest.raises(ValueError, match="column"):
        centralities(CausalMap()).top(column)


def test_an_unknown_factor_is_refused():
    with pytest.raises(ValueError, match="factor"):
        centralities(CausalMap()).of("a")
