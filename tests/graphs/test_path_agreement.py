from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import CausalMap
from wickedmap.graphs.path_agreement import path_agreement, path_measures, rank_agreement
from wickedmap.graphs.signed import SignedGraph, read_signed
from wickedmap.graphs.walk_signs import walk_signs

names = st.sampled_from("abcde")
link = st.tuples(names, names, st.sampled_from([1, -1, None]))
maps = st.builds(
    lambda links, listed: CausalMap.from_links(links, factors=listed),
    st.lists(link, max_size=8),
    st.lists(names, unique=True),
)


def signs_by_walking(m: CausalMap, source: str, target: str) -> set[int]:
    """Signs of all walks of up to twice the number of factors: longer ones give nothing new."""
    reached = {(source, 1)}
    found: set[int] = set()
    for _ in range(2 * len(m.factors)):
        reached = {
            (link.target, sign * flip)
            for factor, sign in reached
            for link in m.effects_of(factor)
            for flip in ((1, -1) if link.sign is None else (link.sign,))
        }
        found |= {sign for factor, sign in reached if factor == target}
    return found


@given(maps)
def test_the_signs_of_chains_are_those_of_walking_every_chain(m: CausalMap) -> None:
    graph = read_signed(m)
    signs = walk_signs(graph)
    for source, target in itertools.product(graph.factors, graph.factors):
        code = signs[graph.index_of(source), graph.index_of(target)]
        expected = signs_by_walking(m, str(source), str(target))
        assert code == (1 in expected) + 2 * (-1 in expected)


@given(maps, maps)
def test_the_measures_are_those_of_the_lists(a: CausalMap, b: CausalMap) -> None:
    found = path_agreement(a, b)
    assert path_measures(a, b) == (found.connected, found.agreement)
    assert (found.agreement.numerator or 0) == len(found.agree)


@given(maps, maps)
def test_every_connected_pair_of_shared_factors_is_in_one_list(a: CausalMap, b: CausalMap) -> None:
    found = path_agreement(a, b)
    lists = [found.agree, found.opposite, found.ambivalent, found.only_a, found.only_b]
    together = [pair for pairs in lists for pair in pairs]
    assert len(together) == len(set(together)) == found.connected.n
    shared = {f.id for f in a.factors} & {f.id for f in b.factors}
    for source, target in itertools.permutations(shared, 2):
        reachable = signs_by_walking(a, source, target) | signs_by_walking(b, source, target)
        assert ((source, target) in together) == bool(reachable)


def test_my_arrow_is_your_path_and_your_path_my_arrow() -> None:
    mine = CausalMap.from_links([("debt", "crime", 1)])
    yours = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "crime", 1)])
    there, back = path_agreement(mine, yours), path_agreement(yours, mine)
    assert there.my_arrow_your_path == back.your_arrow_my_path == (("debt", "crime"),)
    assert there.your_arrow_my_path == ()
    assert there.agree == (("debt", "crime"),)
    assert float(there) == 1


def test_chains_may_run_through_factors_the_other_map_lacks_but_only_shared_ones_are_compared() -> None:
    mine = CausalMap.from_links([("a", "x", -1), ("x", "b", -1)])
    yours = CausalMap.from_links([("a", "b", 1)])
    assert path_agreement(mine, yours).agree == (("a", "b"),)
    assert path_agreement(mine, yours).connected.n == 1


def test_maps_without_connected_pairs_have_no_agreement_to_state() -> None:
    apart = path_agreement(CausalMap.from_links([], ["a", "b"]), CausalMap.from_links([], ["a", "b"]))
    assert (apart.connected.why, apart.agreement.why) == ("no_connected_pair", "no_connected_pair")
    one_sided = path_agreement(CausalMap.from_links([("a", "b", 1)]), CausalMap.from_links([], ["a", "b"]))
    assert one_sided.connected.value == 0
    assert one_sided.agreement.why == "not_connected_in_both"


def star(weights: dict[str, int]) -> CausalMap:
    return CausalMap.from_links([(name, "middle", 1, weight) for name, weight in weights.items()])


def test_maps_that_weigh_their_factors_alike_rank_them_alike() -> None:
    a = star({"a": 1, "b": 2, "c": 3, "d": 2})
    assert rank_agreement(a, a).measure.value == pytest.approx(1)
    assert rank_agreement(a, a, method="kendall").measure.value == pytest.approx(1)
    opposite = star({"a": 3, "b": 2, "c": 1, "d": 2})
    assert rank_agreement(a, opposite, by="out").measure.n == 5
    assert float(rank_agreement(a, opposite, by="out")) < 0.5


def test_rank_correlations_match_values_by_hand() -> None:
    order = ["a", "b", "c", "d", "e"]
    of_x = dict(zip(order, [1, 2, 3, 4, 5], strict=True))
    of_y = dict(zip(order, [2, 1, 3, 5, 5], strict=True))
    x, y = CausalMap.from_links([], [*order, "only in x"]), CausalMap.from_links([], order)

    def worth(graph: SignedGraph) -> dict[str, int]:
        return of_x if "only in x" in graph.factors else of_y

    # Ranks 1 2 3 4 5 and 2 1 3 4.5 4.5: covariance 8.5 over sqrt(10 * 9.5).
    assert rank_agreement(x, y, by=worth).measure.value == pytest.approx(8.5 / (10 * 9.5) ** 0.5)
    # 8 pairs in the same order, 1 reversed, 1 tied in one: 7 / sqrt(10 * 9).
    assert rank_agreement(x, y, by=worth, method="kendall").measure.value == pytest.approx(7 / 90**0.5)


def test_few_shared_or_equal_factors_cannot_be_ranked() -> None:
    small = star({"a": 1, "b": 2})
    assert rank_agreement(small, small).measure.why == "few_shared_ranks"
    level = CausalMap.from_links([], factors="abcdef")
    assert rank_agreement(level, level).measure.why == "constant_rank"
    assert rank_agreement(level, level).top_a == ()


def test_the_highest_factors_are_listed_with_ties() -> None:
    a = star({"a": 3, "b": 2, "c": 2, "d": 1})
    b = star({"a": 1, "b": 3, "c": 1, "d": 1})
    found = rank_agreement(a, b, top=2)
    assert found.top_a == ("middle", "a")
    assert found.top_b == ("middle", "b")
    assert found.top_shared == ("middle",)
    assert rank_agreement(a, a, top=3).top_a == ("middle", "a", "b", "c")


def test_unknown_ways_to_rank_are_refused_by_name() -> None:
    m = star({"a": 1})
    with pytest.raises(ValueError, match="by: 'fame'"):
        rank_agreement(m, m, by="fame")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="method: 'pearson'"):
        rank_agreement(m, m, method="pearson")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="top: 0"):
        rank_agreement(m, m, top=0)
