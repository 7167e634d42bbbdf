"""Loops against brute force, and the honesty of what is said about them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wickedmap.causal_map import CausalMap
from wickedmap.graphs.loops import count_loops, find_loops, iter_loops, loops_through

Row = tuple[str, str, int | None, float]


def brute_force(links: dict[str, Row]) -> dict[tuple[str, ...], str]:
    """Every loop as its canonical link ids, with its polarity: all factor orders, all parallel links."""
    between: dict[tuple[str, str], list[str]] = {}
    for name, (source, target, _, _) in links.items():
        between.setdefault((source, target), []).append(name)
    factors = sorted({end for row in links.values() for end in row[:2]})
    found: dict[tuple[str, ...], str] = {}
    for size in range(1, len(factors) + 1):
        for order in itertools.permutations(factors, size):
            if order[0] != min(order):
                continue
            steps = [between.get(pair, []) for pair in zip(order, (*order[1:], order[0]), strict=True)]
            for choice in itertools.product(*steps):
                at = choice.index(min(choice))
                signs = [links[name][2] for name in choice]
                product = 0 if None in signs else math.prod(sign for sign in signs if sign is not None)
                found[choice[at:] + choice[:at]] = {1: "R", -1: "B", 0: "?"}[product]
    return found


def graph_of(links: dict[str, Row]) -> nx.MultiDiGraph[Any]:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for name, (source, target, sign, strength) in links.items():
        graph.add_edge(source, target, key=name, sign=sign, strength=strength)
    return graph


rows = st.tuples(
    st.sampled_from("abcdef"),
    st.sampled_from("abcdef"),
    st.sampled_from([1, -1, None]),
    st.sampled_from([1.0, 2.0, 3.0]),
)
small_maps = st.lists(rows, max_size=16).map(
    lambda listed: {f"L{number:02}": row for number, row in enumerate(listed)}
)


def complete(n: int) -> nx.DiGraph[Any]:
    return nx.complete_graph(n, nx.DiGraph)


def diamonds(count: int) -> nx.DiGraph[Any]:
    """A chain of diamonds closed by one long link: networkx #8737."""
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for i in range(count):
        graph.add_edges_from(
            [(f"a{i}", f"b{i}"), (f"a{i}", f"c{i}"), (f"b{i}", f"a{i + 1}"), (f"c{i}", f"a{i + 1}")]
        )
    graph.add_edge(f"a{count}", "a0")
    return graph


@settings(max_examples=1500, deadline=None)
@given(small_maps)
def test_the_loops_are_those_of_brute_force(links: dict[str, Row]) -> None:
    expected = brute_force(links)
    found = find_loops(graph_of(links), max_length=None, time_limit=None)
    assert {loop.links: loop.polarity for loop in found.loops} == expected
    assert len(found.loops) == len(expected)
    assert found.exhaustive
    assert found.completeness == "all"
    for loop in found.loops:
        assert [links[name][0] for name in loop.links] == list(loop.factors)
        assert loop.strength == pytest.approx(math.prod(links[name][3] / 3 for name in loop.links), abs=1e-6)


@settings(max_examples=400, deadline=None)
@given(small_maps, st.integers(1, 7))
def test_loops_to_a_length_are_the_whole_list_filtered(links: dict[str, Row], length: int) -> None:
    whole = find_loops(graph_of(links), max_length=None)
    part = find_loops(graph_of(links), max_length=length)
    assert part.loops == tuple(loop for loop in whole.loops if len(loop) <= length)
    assert part.complete_to >= length
    assert part.stopped_by is None
    assert part.exhaustive <= (len(part.loops) == len(whole.loops))


@settings(max_examples=400, deadline=None)
@given(small_maps)
def test_counting_and_streaming_agree_with_listing(links: dict[str, Row]) -> None:
    graph = graph_of(links)
    found = find_loops(graph, max_length=None)
    count = count_loops(graph, max_length=None)
    assert count.total == len(found.loops)
    assert count.polarities == found.polarities
    assert {row.length: row.total for row in count.by_length} == found.lengths
    stream = iter_loops(graph, max_length=None)
    assert {loop.links for loop in stream} == {loop.links for loop in found.loops}
    assert stream.exhaustive
    assert stream.completeness == "all"


@settings(max_examples=400, deadline=None)
@given(small_maps)
def test_loops_through_a_place_are_the_whole_list_filtered(links: dict[str, Row]) -> None:
    graph = graph_of(links)
    whole = find_loops(graph, max_length=None).loops
    for factor in graph.nodes:
        through = loops_through(graph, factor=factor, max_length=None)
        assert through.exhaustive
        assert {x.links for x in through.loops} == {x.links for x in whole if factor in x.factors}
        assert len(through.loops) == sum(factor in x.factors for x in whole)
    for link in links:
        through = loops_through(graph, link=link, max_length=None)
        assert {x.links for x in through.loops} == {x.links for x in whole if link in x.links}
        assert len(through.loops) == sum(link in x.links for x in whole)


@settings(max_examples=300, deadline=None)
@given(small_maps, st.integers(1, 12))
def test_a_cap_keeps_the_first_of_the_whole_list_in_each_component(links: dict[str, Row], cap: int) -> None:
    whole = find_loops(graph_of(links), max_length=None)
    part = find_loops(graph_of(links), max_length=None, max_loops=cap)
    graph = graph_of(links)
    expected = []
    for members in nx.strongly_connected_components(graph):
        expected += [loop for loop in whole.loops if loop.factors[0] in members][:cap]
    assert sorted(x.links for x in part.loops) == sorted(x.links for x in expected)
    if len(expected) < len(whole.loops):
        assert (part.stopped_by, part.exhaustive, part.completeness) == ("count", False, "at_least")
        assert all(x in part.loops for x in whole.loops if len(x) <= part.complete_to)
    else:
        assert part.exhaustive


@settings(max_examples=300, deadline=None)
@given(small_maps)
def test_reversing_and_flipping_keep_polarities(links: dict[str, Row]) -> None:
    expected = sorted(brute_force(links).values())
    turned = {name: (target, source, sign, power) for name, (source, target, sign, power) in links.items()}
    assert sorted(x.polarity for x in find_loops(graph_of(turned), max_length=None).loops) == expected
    flipped = {
        name: (s, t, -sign if sign and s != t and "a" in (s, t) else sign, power)
        for name, (s, t, sign, power) in links.items()
    }
    assert sorted(x.polarity for x in find_loops(graph_of(flipped), max_length=None).loops) == expected


def test_the_order_in_which_links_are_given_changes_nothing() -> None:
    links = {f"L{i}": (a, b, 1, 1.0 + i % 3) for i, (a, b) in enumerate(itertools.permutations("abcde", 2))}
    backwards = dict(reversed(links.items()))
    assert find_loops(graph_of(links)).loops == find_loops(graph_of(backwards)).loops


@pytest.mark.parametrize(("n", "loops"), [(2, 1), (3, 5), (4, 20), (5, 84), (6, 409), (7, 2365), (8, 16064)])
def test_complete_graphs_have_the_known_number_of_loops(n: int, loops: int) -> None:
    found = find_loops(complete(n), max_length=None, time_limit=None)
    assert (len(found.loops), found.exhaustive) == (loops, True)
    assert len({x.links for x in found.loops}) == loops


@pytest.mark.parametrize("seed", range(8))
def test_larger_simple_digraphs_agree_with_networkx(seed: int) -> None:
    graph = nx.gnp_random_graph(90, 0.028, seed=seed, directed=True)
    expected = {frozenset(zip(x, (*x[1:], x[0]), strict=True)) for x in nx.simple_cycles(graph, length_bound=9)}
    found = find_loops(graph, max_length=9, time_limit=None)
    assert {frozenset(loop.links) for loop in found.loops} == expected
    assert len(found.loops) == len(expected)


def test_paths_longer_than_what_is_looked_back_along_are_searched_too() -> None:
    graph = nx.gnp_random_graph(80, 0.02, seed=3, directed=True)
    graph.add_edges_from((i, (i + 1) % 80) for i in range(0, 80, 2))
    expected = sum(1 for _ in nx.simple_cycles(graph, length_bound=20))
    assert len(find_loops(graph, max_length=20, time_limit=None).loops) == expected > 0


def test_a_frontier_too_wide_is_worked_through_in_batches_with_the_same_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = find_loops(complete(7), max_length=None).loops
    monkeypatch.setattr("wickedmap.graphs.loop_search.FRONTIER_PATHS", 64)
    monkeypatch.setattr("wickedmap.graphs.loop_search.SLICE", 64)
    assert find_loops(complete(7), max_length=None, time_limit=None).loops == whole
    stream = list(iter_loops(complete(7), max_length=None, time_limit=None))
    assert [len(x) for x in stream] == sorted(len(x) for x in whole)


def test_roots_in_several_blocks_give_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.gnp_random_graph(30, 0.1, seed=1, directed=True)
    whole = find_loops(graph, max_length=7).loops
    monkeypatch.setattr("wickedmap.graphs.loop_search.DISTANCE_CELLS", 100)
    assert find_loops(graph, max_length=7).loops == whole


def test_a_self_link_is_a_loop_of_length_one() -> None:
    found = find_loops(CausalMap.from_links([("a", "a", -1)]))
    assert [(x.factors, len(x), x.polarity) for x in found.loops] == [(("a",), 1, "B")]
    assert found.exhaustive


def test_parallel_links_give_separate_loops_with_their_own_polarity() -> None:
    found = find_loops(CausalMap.from_links([("a", "b", 1), ("a", "b", -1), ("b", "a", 1)]))
    assert sorted(x.polarity for x in found.loops) == ["B", "R"]


def test_a_doubled_ring_has_two_loops_per_step_multiplied() -> None:
    ring = CausalMap.from_links([(f"f{i:02}", f"f{(i + 1) % 10:02}", 1) for i in range(10) for _ in "ab"])
    found = find_loops(ring, max_length=None)
    assert len({x.links for x in found.loops}) == len(found.loops) == 1024
    assert found.exhaustive


def test_loops_that_could_never_be_listed_are_counted_exactly() -> None:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.add_edges_from((i, (i + 1) % 80, {"sign": sign}) for i in range(80) for sign in (1, -1, None))
    count = count_loops(graph, max_length=None)
    assert count.total == 3**80
    assert count.polarities == {"R": 2**79, "B": 2**79, "?": 3**80 - 2**80}
    assert count.exhaustive
    listed = find_loops(graph, max_length=None, max_loops=100, time_limit=None, cancelled=_after(600))
    assert (listed.exhaustive, listed.complete_to, listed.completeness) == (False, 79, "at_least")


def test_links_between_two_factors_alone_can_outgrow_one_block() -> None:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.add_edges_from([(0, 1)] * 300 + [(1, 0)] * 300)
    found = find_loops(graph)
    assert len({x.links for x in found.loops}) == len(found.loops) == 90_000


def test_the_chain_of_diamonds_has_no_loop_within_the_bound() -> None:
    found = find_loops(diamonds(22), max_length=30, time_limit=None)
    assert (len(found.loops), found.complete_to, found.stopped_by) == (0, 30, None)
    assert found.completeness == "all_to_length"
    assert count_loops(diamonds(10), max_length=None).total == 2**10


def test_the_graph_on_which_igraph_loses_a_loop() -> None:
    """igraph #2911."""
    found = find_loops(nx.DiGraph([(0, 4), (1, 3), (2, 3), (3, 1), (4, 2)]))
    assert [x.factors for x in found.loops] == [(1, 3)]
    assert found.exhaustive


@pytest.mark.parametrize(
    "empty", [CausalMap(), CausalMap.from_links([], factors=["a"]), nx.DiGraph([(1, 2), (2, 3)])]
)
def test_no_loops_is_a_proven_answer(empty: Any) -> None:
    found = find_loops(empty)
    assert found.loops == ()
    assert (found.exhaustive, found.stopped_by, found.completeness) == (True, None, "all")
    assert count_loops(empty).total == 0
    assert list(iter_loops(empty)) == []
    assert list(found.to_pandas().columns) == ["length", "polarity", "strength", "delays", "factors", "links"]


def test_an_unknown_sign_makes_the_loop_unknown() -> None:
    found = find_loops(CausalMap.from_links([("a", "b", None), ("b", "a", -1)]))
    assert [x.polarity for x in found.loops] == ["?"]


def test_delayed_links_are_counted() -> None:
    graph = nx.DiGraph()
    graph.add_edge("a", "b", sign=1, delay="long")
    graph.add_edge("b", "a", sign=1, delay="short")
    assert [x.delays for x in find_loops(graph).loops] == [1]


def test_shortest_first_and_within_a_length_strongest_first() -> None:
    graph = complete(6)
    for number, (u, v) in enumerate(graph.edges):
        graph.edges[u, v]["strength"] = 1 + number % 3
    keys = [(len(x), -x.strength) for x in find_loops(graph).loops]
    assert keys == sorted(keys)
    strengths = [x.strength for x in find_loops(graph, order="strongest").loops]
    assert strengths == sorted(strengths, reverse=True)
    assert len(strengths) == 409


def test_a_dense_part_does_not_hide_another_parts_only_loop() -> None:
    graph = complete(12)
    graph.add_edges_from([("x", "y"), ("y", "z"), ("z", "x")])
    for limits in ({"max_loops": 5}, {"time_limit": 0.5}):
        found = find_loops(graph, max_length=None, **limits)
        assert any("x" in loop.factors for loop in found.loops)
        assert not found.exhaustive
        assert found.completeness == "at_least"


def test_a_search_stopped_by_time_is_complete_to_the_length_it_states() -> None:
    found = find_loops(complete(12), max_length=None, time_limit=0.2)
    assert found.stopped_by == "time"
    expected = {k: math.comb(12, k) * math.factorial(k - 1) for k in range(2, 13)}
    assert {k: n for k, n in found.lengths.items() if k <= found.complete_to} == {
        k: expected[k] for k in range(2, found.complete_to + 1)
    }
    assert found.complete_to >= 2


def _after(asks: int) -> Callable[[], bool]:
    left = iter(range(asks))
    return lambda: next(left, None) is None


def test_a_caller_can_cancel() -> None:
    found = find_loops(complete(14), max_length=None, time_limit=60, cancelled=_after(20))
    assert (found.stopped_by, found.exhaustive) == ("cancelled", False)
    assert count_loops(complete(14), cancelled=lambda: True).stopped_by == "cancelled"


@settings(max_examples=400, deadline=None)
@given(small_maps, st.integers(0, 40))
def test_whenever_the_search_ends_what_it_states_is_true(links: dict[str, Row], asks: int) -> None:
    whole = find_loops(graph_of(links), max_length=None, time_limit=None).loops
    part = find_loops(graph_of(links), max_length=None, cancelled=_after(asks))
    counted = count_loops(graph_of(links), max_length=None, cancelled=_after(asks))
    streamed = iter_loops(graph_of(links), max_length=None, cancelled=_after(asks))
    read = list(streamed)
    assert {x.links for x in part.loops} <= {x.links for x in whole}
    for answer, got in ((part, len(part.loops)), (streamed, len(read)), (counted, counted.total)):
        assert answer.exhaustive <= (got == len(whole))
        assert answer.exhaustive or answer.stopped_by == "cancelled"
    for complete_to, lengths in (
        (part.complete_to, [len(x) for x in part.loops]),
        (streamed.complete_to, [len(x) for x in read]),
        (counted.complete_to, [row.length for row in counted.by_length for _ in range(row.total)]),
    ):
        assert sum(k <= complete_to for k in lengths) == sum(len(x) <= complete_to for x in whole)


def test_progress_tells_what_is_found_and_to_which_length() -> None:
    told: list[tuple[int, int]] = []
    find_loops(complete(5), max_length=None, progress=lambda found, length: told.append((found, length)))
    assert told[-1] == (84, 5)
    assert told == sorted(told)


def test_an_answer_too_large_to_hold_says_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wickedmap.graphs.loops.HELD_BYTES", 20_000)
    found = find_loops(complete(8), max_length=None)
    assert (found.stopped_by, found.completeness) == ("count", "at_least")
    assert len(found.loops) >= 28


def test_a_stream_can_be_read_in_part_and_says_so() -> None:
    stream = iter_loops(complete(9), max_length=None)
    first = next(stream)
    assert len(first) == 2
    assert not stream.exhaustive
    assert stream.completeness == "at_least"
    stream.close()
    assert list(iter_loops(complete(5), max_loops=3))[-1].length == 2
    capped = iter_loops(complete(5), max_loops=3)
    assert len(list(capped)) == 3
    assert (capped.stopped_by, capped.complete_to) == ("count", 1)
    ended: list[bool] = []
    slow = iter_loops(complete(9), max_length=None, cancelled=lambda: bool(ended))
    next(slow)
    ended.append(True)
    assert len(list(slow)) < 125_000
    assert (slow.stopped_by, slow.completeness) == ("cancelled", "at_least")


def test_a_list_of_loops_behaves_as_a_tuple() -> None:
    loops = find_loops(complete(5)).loops
    assert len(loops) == len(tuple(loops)) == 84
    assert loops[0] in loops
    assert loops[-1] == loops[83]
    assert loops[2:5] == tuple(loops)[2:5]
    assert loops[::40] == tuple(loops)[::40]
    assert loops[5:2] == ()
    assert hash(loops) == hash(tuple(loops))
    assert loops != (1, 2)
    with pytest.raises(IndexError, match="84 loops"):
        loops[84]


def test_loops_as_a_table() -> None:
    table = find_loops(CausalMap.from_links([("a", "b", 1, 3), ("b", "a", -1, 2)])).to_pandas()
    row = table.iloc[0]
    assert (row["length"], row["polarity"], row["factors"]) == (2, "B", ("a", "b"))
    assert row["strength"] == pytest.approx(2 / 3, abs=1e-6)
    counts = count_loops(complete(4)).to_pandas()
    assert counts["total"].tolist() == [6, 8, 6]
    assert counts["unknown"].tolist() == [6, 8, 6]


def test_a_ring_longer_than_the_recursion_limit_is_found() -> None:
    found = find_loops(nx.cycle_graph(3000, nx.DiGraph), max_length=None, time_limit=None)
    assert (len(found.loops), found.exhaustive, len(found.loops[0])) == (1, True, 3000)


@pytest.mark.parametrize("function", [find_loops, iter_loops, count_loops])
@pytest.mark.parametrize("argument", ["max_length", "time_limit", "max_loops"])
@pytest.mark.parametrize("value", [0, -1, True, False, float("nan"), "8", 2.5])
def test_a_limit_that_is_no_limit_is_refused_by_name(function: Any, argument: str, value: Any) -> None:
    if (function is count_loops and argument == "max_loops") or (argument == "time_limit" and value == 2.5):
        argument, value = "max_length", 0
    with pytest.raises(ValueError, match=f"^{argument}: "):
        function(CausalMap(), **{argument: value})


def test_an_unknown_place_or_order_is_refused_by_name() -> None:
    m = CausalMap.from_links([("a", "b", 1)])
    with pytest.raises(ValueError, match=r"^factor: there is no factor 'x'"):
        loops_through(m, factor="x")
    with pytest.raises(ValueError, match=r"^link: there is no link 'x'"):
        loops_through(m, link="x")
    with pytest.raises(ValueError, match=r"^factor, link: give exactly one"):
        loops_through(m)
    with pytest.raises(ValueError, match=r"^factor, link: give exactly one"):
        loops_through(m, factor="a", link="b")
    with pytest.raises(ValueError, match=r"^order: 'longest'"):
        find_loops(m, order="longest")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^order: 'longest'"):
        loops_through(m, factor="a", order="longest")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="undirected"):
        find_loops(nx.Graph([(1, 2)]))
    with pytest.raises(ValueError, match="weight of 1 -> 2"):
        find_loops(nx.DiGraph([(1, 2, {"weight": float("nan")})]))


def test_no_time_at_all_is_an_honest_empty_answer() -> None:
    found = find_loops(complete(6), time_limit=1e-9)
    assert (found.loops, found.complete_to, found.stopped_by) == ((), 0, "time")
    assert found.completeness == "at_least"


def test_numbers_of_numpy_are_accepted_as_limits() -> None:
    assert find_loops(complete(4), max_length=np.int64(3), time_limit=np.float64(2)).complete_to == 3
    assert find_loops(complete(4), time_limit=math.inf).exhaustive
