"""Reach, paths and components against brute force."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wickedmap import CausalMap
from wickedmap.graphs import components, paths_between, reach

ROWS = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.sampled_from([1, -1, None])), max_size=9
)


def walks(m, start, length):
    """Every walk of an exact length from a factor, as (end, product of signs), 0 for unknown."""
    states = [(start, 1)]
    for _ in range(length):
        states = [(link.target, sign * (link.sign or 0)) for end, sign in states for link in m.effects_of(end)]
    return states


def expected_reach(m, start):
    found = {}
    # In the signed double cover no shortest walk is longer than 2n links.
    covered, edge = set(), {(start, 1)}
    for _ in range(2 * len(m.factors)):
        edge = {
            (link.target, sign * one)
            for end, sign in edge
            for link in m.effects_of(end)
            for one in ((link.sign,) if link.sign else (1, -1))
        }
        covered |= edge
    for factor in {end for end, _ in covered}:
        signs = {sign for end, sign in covered if end == factor}
        for steps in range(1, len(m.factors) + 1):
            shortest = {sign for end, sign in walks(m, start, steps) if end == factor}
            if shortest:
                break
        if {1, -1} <= shortest:
            polarity = "mixed"
        elif 0 in shortest:
            polarity = "?"
        else:
            polarity = "+" if shortest == {1} else "-"
        found[factor] = (steps, polarity, frozenset(signs))
    return found


@given(ROWS)
@settings(max_examples=150, deadline=None)
def test_reach_equals_brute_force_in_both_directions(rows):
    m = CausalMap.from_links(rows, factors="abcde")
    back = CausalMap.from_links([(target, source, sign) for source, target, sign in rows], factors="abcde")
    found = reach(m, "a")
    for reached, oracle in ((found.downstream, m), (found.upstream, back)):
        assert {one.factor: (one.steps, one.polarity, one.signs) for one in reached} == expected_reach(
            oracle, "a"
        )
        assert [one.steps for one in reached] == sorted(one.steps for one in reached)
    assert found.on_loop == any(one.factor == "a" for one in found.upstream)


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_reach_is_networkx_descendants_and_ancestors(rows):
    m = CausalMap.from_links(rows, factors="abcde")
    graph = m.to_networkx()
    found = reach(m, "b")
    assert {one.factor for one in found.downstream} - {"b"} == nx.descendants(graph, "b")
    assert {one.factor for one in found.upstream} - {"b"} == nx.ancestors(graph, "b")


def test_two_shortest_chains_that_disagree_are_mixed():
    m = CausalMap.from_links([("a", "b", 1), ("a", "c", 1), ("b", "d", 1), ("c", "d", -1)])
    (last,) = [one for one in reach(m, "a").downstream if one.factor == "d"]
    assert (last.steps, last.polarity, last.signs) == (2, "mixed", {1, -1})


def test_an_unknown_sign_leaves_the_polarity_open():
    (only,) = reach(CausalMap.from_links([("a", "b", None)]), "a").downstream
    assert (only.polarity, only.signs) == ("?", {1, -1})


def test_a_factor_on_a_loop_reaches_itself():
    found = reach(CausalMap.from_links([("a", "b", 1), ("b", "a", -1)]), "a")
    assert found.on_loop
    assert [(one.factor, one.steps, one.polarity) for one in found.downstream] == [("b", 1, "+"), ("a", 2, "-")]


def test_max_steps_cuts_the_reach_and_is_told():
    m = CausalMap.from_links([("a", "b", 1), ("b", "c", 1), ("c", "d", 1)])
    found = reach(m, "a", max_steps=2)
    assert [one.factor for one in found.downstream] == ["b", "c"]
    assert found.max_steps == 2


def test_a_lone_factor_reaches_nothing():
    found = reach(CausalMap.from_links([], factors=["a"]), "a")
    assert (found.downstream, found.upstream, found.on_loop) == ((), (), False)
    assert list(found.to_pandas().columns) == ["direction", "factor", "steps", "polarity", "signs"]


def test_reach_as_a_table():
    frame = reach(CausalMap.from_links([("a", "b", 1), ("b", "a", -1)]), "a").to_pandas()
    assert frame.iloc[0].tolist() == ["downstream", "b", 1, "+", "+-"]


@pytest.mark.parametrize(
    ("factor", "steps", "named"), [("z", None, "factor"), ("a", 0, "max_steps"), ([], None, "factor")]
)
def test_bad_arguments_of_reach_are_refused_by_name(factor, steps, named):
    with pytest.raises(ValueError, match=named):
        reach(CausalMap.from_links([("a", "b", 1)]), factor, steps)


@given(ROWS, st.one_of(st.none(), st.integers(1, 4)))
@settings(max_examples=150, deadline=None)
def test_paths_are_those_of_networkx_each_once(rows, longest):
    m = CausalMap.from_links(rows, factors="abcde")
    found = paths_between(m, "a", "e", longest)
    expected = {
        tuple(key for _, _, key in path)
        for path in nx.all_simple_edge_paths(m.to_networkx(), "a", "e", cutoff=longest)
    }
    assert {path.links for path in found.paths} == expected
    assert len(found.paths) == len(expected)
    assert [path.length for path in found.paths] == sorted(path.length for path in found.paths)
    every = list(nx.all_simple_edge_paths(m.to_networkx(), "a", "e"))
    assert found.exhaustive or longest is not None
    assert len(every) == len(expected) or not found.exhaustive
    assert found.complete_to >= (longest or 0)
    assert found.stopped_by is None
    for path in found.paths:
        signs = [m.link(link).sign for link in path.links]
        if None in signs:
            assert path.polarity == "?"
        else:
            assert path.polarity == ("+" if signs.count(-1) % 2 == 0 else "-")


@given(ROWS, st.integers(1, 5))
@settings(max_examples=100, deadline=None)
def test_a_list_cut_by_count_is_complete_to_what_it_says(rows, most):
    m = CausalMap.from_links(rows, factors="abcde")
    every = paths_between(m, "a", "e", max_paths=None)
    some = paths_between(m, "a", "e", max_paths=most)
    assert every.exhaustive
    assert len(some.paths) == min(most, len(every.paths))
    assert (some.stopped_by == "count") == (len(every.paths) > most)
    shorter = {path.links for path in every.paths if path.length <= some.complete_to}
    assert shorter <= {path.links for path in some.paths}


def test_two_chains_of_diamonds_stop_in_time_and_say_how_far_they_got():
    rows = []
    for k in range(24):
        rows += [(f"{k:02}", f"{k:02}u", 1), (f"{k:02}", f"{k:02}v", 1)]
        rows += [(f"{k:02}u", f"{k + 1:02}", 1), (f"{k:02}v", f"{k + 1:02}", 1)]
    m = CausalMap.from_links(rows)
    found = paths_between(m, "00", "24", max_paths=None, time_limit=0.2)
    assert (found.stopped_by, found.exhaustive, found.complete_to) == ("time", False, 47)
    assert len(set(found.paths)) == len(found.paths)


def test_no_way_through_is_a_complete_answer():
    found = paths_between(CausalMap.from_links([("b", "a", 1)]), "a", "b")
    assert (found.paths, found.exhaustive, found.stopped_by) == ((), True, None)
    assert len(found.to_pandas()) == 0


def test_a_cancelled_search_says_so():
    graph = nx.complete_graph(12, create_using=nx.DiGraph)
    found = paths_between(graph, 0, 1, max_paths=None, cancelled=lambda: True)
    assert (found.stopped_by, found.exhaustive) == ("cancelled", False)


@pytest.mark.parametrize(
    ("ends", "settings_", "named"),
    [
        (("z", "b"), {}, "source"),
        (("a", "z"), {}, "target"),
        (("a", "a"), {}, "find_loops"),
        (("a", "b"), {"max_length": 0}, "max_length"),
        (("a", "b"), {"max_paths": 0}, "max_paths"),
        (("a", "b"), {"time_limit": 0}, "time_limit"),
    ],
)
def test_bad_arguments_of_paths_are_refused_by_name(ends, settings_, named):
    with pytest.raises(ValueError, match=named):
        paths_between(CausalMap.from_links([("a", "b", 1)]), *ends, **settings_)


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_components_are_those_of_networkx(rows):
    m = CausalMap.from_links(rows, factors="abcde")
    graph, parts = m.to_networkx(), components(m)
    assert {frozenset(part) for part in parts.strong} == {
        frozenset(part) for part in nx.strongly_connected_components(graph)
    }
    assert {frozenset(part) for part in parts.weak} == {
        frozenset(part) for part in nx.weakly_connected_components(graph)
    }
    assert set(parts.isolated) == set(nx.isolates(graph))
    assert parts.on_loop == {factor for factor in "abcde" if reach(m, factor).on_loop}
    assert len(parts.to_pandas()) == 5


def test_an_empty_map_has_no_components():
    assert components(CausalMap()).strong == ()
