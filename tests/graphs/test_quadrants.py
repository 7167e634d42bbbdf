"""Driving and dependence by hand, by matrix powers and by reachability."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wickedmap
from wickedmap import CausalMap
from wickedmap.graphs import quadrants

ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcde"), st.sampled_from("abcde"), st.sampled_from([1, -1]), st.sampled_from([1, 2, 3])
    ),
    max_size=12,
)


@given(ROWS, st.sampled_from(["direct", "indirect", "ism"]), st.sampled_from(["mean", "median"]))
@settings(max_examples=150, deadline=None)
def test_what_is_driven_depends(rows, method, cut):
    found = quadrants(CausalMap.from_links(rows, factors="abcde"), method, cut)
    driving = [one.driving for one in found.factors]
    dependence = [one.dependence for one in found.factors]
    assert sum(driving) == pytest.approx(sum(dependence), rel=1e-9)
    assert found.driving_cut == pytest.approx((np.mean if cut == "mean" else np.median)(driving))
    for one in found.factors:
        if one.quadrant in ("driver", "linkage"):
            assert one.driving > found.driving_cut
        if one.quadrant in ("dependent", "linkage"):
            assert one.dependence > found.dependence_cut
        assert (one.quadrant is None) == bool(found.reason)


@given(ROWS)
@settings(max_examples=80, deadline=None)
def test_the_indirect_method_is_the_sum_of_all_powers(rows):
    found = quadrants(CausalMap.from_links(rows, factors="abcde"), "indirect")
    weights = np.zeros((5, 5))
    for source, target, _, strength in rows:
        weights["abcde".index(source), "abcde".index(target)] += strength
    total, power = np.zeros((5, 5)), np.eye(5)
    for _ in range(600):
        power = power @ (found.a * weights)
        total += power
    assert [one.driving for one in found.factors] == pytest.approx(list(total.sum(axis=1)), rel=1e-6, abs=1e-9)
    assert [one.dependence for one in found.factors] == pytest.approx(
        list(total.sum(axis=0)), rel=1e-6, abs=1e-9
    )


@given(ROWS)
@settings(max_examples=80, deadline=None)
def test_ism_counts_what_reaches_and_is_reached(rows):
    m = CausalMap.from_links(rows, factors="abcde")
    graph = m.to_networkx()
    found = quadrants(m, "ism")
    for one in found.factors:
        assert one.driving == len(nx.descendants(graph, one.factor) | {one.factor})
        assert one.dependence == len(nx.ancestors(graph, one.factor) | {one.factor})


@given(ROWS)
@settings(max_examples=80, deadline=None)
def test_ism_levels_are_those_of_warfields_partition(rows):
    m = CausalMap.from_links(rows, factors="abcde")
    graph = nx.DiGraph(m.to_networkx().edges())
    graph.add_nodes_from("abcde")
    expected, level, left = {}, 0, graph.copy()
    while left:
        level += 1
        top = [n for n in left if nx.descendants(left, n) <= nx.ancestors(left, n)]
        expected.update(dict.fromkeys(top, level))
        left.remove_nodes_from(top)
    assert {one.factor: one.level for one in quadrants(m, "ism").factors} == expected


def test_the_four_quadrants_by_hand():
    rows = [("d", "l", 1, 3), ("l", "k", 1, 3), ("d", "k", 1, 1), ("l", "l", 1, 1), ("u", "k", -1, 1)]
    found = quadrants(CausalMap.from_links(rows))
    # Driving d 4, l 4, u 1, k 0: mean 2.25. Dependence d 0, l 4, u 0, k 5: mean 2.25.
    assert (found.driving_cut, found.dependence_cut) == (2.25, 2.25)
    assert {one.factor: one.quadrant for one in found.factors} == {
        "d": "driver",
        "l": "linkage",
        "u": "autonomous",
        "k": "dependent",
    }


def test_a_ring_has_no_quadrants_and_says_why():
    found = quadrants(CausalMap.from_links([("a", "b", 1), ("b", "c", 1), ("c", "a", 1)]))
    assert found.reason == "all_drive_alike"
    assert {one.quadrant for one in found.factors} == {None}
    one_way = quadrants(CausalMap.from_links([("a", "b", 1), ("b", "a", 1, 1), ("a", "a", 1)], factors="ab"))
    assert one_way.reason == ""


def test_equal_dependence_is_told_apart_from_equal_driving():
    found = quadrants(CausalMap.from_links([("a", "b", 1), ("a", "c", 1), ("a", "a", 1)]))
    assert found.reason == "all_depend_alike"


def test_a_value_on_the_line_is_in_no_quadrant():
    found = quadrants(CausalMap.from_links([("a", "b", 1), ("a", "c", 1), ("b", "c", 1)]))
    assert found.of("b").quadrant == "on_the_line"


@pytest.mark.parametrize("method", ["direct", "indirect", "ism"])
def test_an_empty_map_has_no_quadrants(method):
    found = quadrants(CausalMap(), method)
    assert (found.factors, found.driving_cut, found.reason) == ((), None, "no_factors")


@pytest.mark.parametrize("method", ["direct", "indirect"])
def test_a_map_without_links_has_no_quadrants(method):
    found = quadrants(CausalMap.from_links([], factors=["a", "b"]), method)
    assert found.reason == "all_drive_alike"
    assert found.to_pandas()["driving"].tolist() == [0.0, 0.0]


def test_a_cancelled_table_is_not_given_in_half():
    with pytest.raises(TimeoutError):
        quadrants(wickedmap.default_map(), "ism", cancelled=lambda: True)


@pytest.mark.parametrize(("settings_", "named"), [({"method": "micmac"}, "method"), ({"cut": "mode"}, "cut")])
def test_bad_settings_are_refused_by_name(settings_, named):
    with pytest.raises(ValueError, match=named):
        quadrants(CausalMap(), **settings_)


def test_an_unknown_factor_is_refused():
    with pytest.raises(ValueError, match="factor"):
        quadrants(CausalMap()).of("a")
