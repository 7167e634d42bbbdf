from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import CausalMap, Stance
from wickedmap.graphs.loops import find_loops
from wickedmap.graphs.merging import preview_merge


def test_links_of_the_merged_factor_move_to_the_one_that_stays() -> None:
    m = CausalMap.from_links([("debt", "eviction", 1), ("evictions", "crime", -1), ("crime", "work", 1)])
    preview = preview_merge(m, "eviction", ["evictions"])
    assert [(r.link, r.source, r.new_source) for r in preview.redirected] == [("L2", "evictions", "eviction")]
    assert [factor.id for factor in preview.merged.factors] == ["debt", "eviction", "crime", "work"]
    assert preview.merged.factor("eviction").aliases == ("evictions",)
    assert (preview.islands_before, preview.islands_after) == (2, 1)


def test_links_between_the_merged_factors_are_named_and_go() -> None:
    m = CausalMap.from_links([("a", "a2", 1), ("a2", "a", -1), ("a2", "b", 1)])
    preview = preview_merge(m, "a", ["a2"])
    assert preview.inside == ("L1", "L2")
    assert [loop.links for loop in preview.lost] == [("L1", "L2")]
    assert (preview.core_before, preview.core_after) == (2, 0)


def test_links_that_become_parallel_stay_two_and_opposite_signs_are_pointed_out() -> None:
    m = CausalMap.from_links([("a", "b", 1), ("a2", "b", -1), ("a", "c", 1), ("a2", "c", 1), ("b", "c", 1)])
    preview = preview_merge(m, "a", ["a2"])
    assert [(p.links, p.opposite) for p in preview.parallel] == [(("L1", "L2"), True), (("L3", "L4"), False)]
    assert len(preview.merged.links) == 5


def test_links_that_were_parallel_already_are_no_news() -> None:
    m = CausalMap.from_links([("x", "y", 1), ("x", "y", -1), ("a2", "y", 1)], factors=["a"])
    assert preview_merge(m, "a", ["a2"]).parallel == ()


def test_a_self_link_somebody_drew_is_kept() -> None:
    m = CausalMap.from_links([("a2", "a2", 1)], factors=["a"])
    preview = preview_merge(m, "a", ["a2"])
    assert [(link.source, link.target) for link in preview.merged.links] == [("a", "a")]


def test_a_focal_factor_that_is_merged_away_leaves_its_place_to_the_one_that_stays() -> None:
    m = CausalMap.from_links([("a2", "b", 1)], factors=["a"]).replace(focal="a2")
    assert preview_merge(m, "a", ["a2"]).merged.focal == "a"


def test_what_people_said_is_not_in_the_preview() -> None:
    m = CausalMap.from_links([("a2", "b", 1)], factors=["a"])
    m = m.replace(stances=(Stance("L1", "p", "nav", "asserts"),))
    assert preview_merge(m, "a", ["a2"]).merged.stances == ()


def test_a_search_that_was_bounded_compares_loops_only_as_far_as_it_got() -> None:
    ring = [(str(n), str((n + 1) % 6), 1) for n in range(6)]
    m = CausalMap.from_links([*ring, ("x", "y", 1), ("y", "z", 1)])
    preview = preview_merge(m, "x", ["z"], max_length=3)
    assert preview.complete_to == 3
    assert [loop.length for loop in preview.gained] == [2]
    assert preview_merge(m, "x", ["z"]).complete_to is None


def test_unknown_factors_and_nothing_to_merge_are_refused_by_name() -> None:
    m = CausalMap.from_links([("a", "b", 1)])
    with pytest.raises(ValueError, match="keep: there is no factor 'x'"):
        preview_merge(m, "x", ["a"])
    with pytest.raises(ValueError, match="others: there is no factor 'x'"):
        preview_merge(m, "a", ["x"])
    with pytest.raises(ValueError, match="others: name at least one"):
        preview_merge(m, "a", ["a"])


names = st.sampled_from("abcdef")


@given(st.lists(st.tuples(names, names, st.sampled_from([1, -1])), max_size=9))
def test_the_preview_adds_up(rows: list[tuple[str, str, int]]) -> None:
    m = CausalMap.from_links(rows, factors=["a", "b", "c"])
    preview = preview_merge(m, "a", ["b", "c"], max_length=None, max_loops=None)
    assert len(preview.merged.links) + len(preview.inside) == len(m.links)
    earlier, later = (
        {loop.links for loop in find_loops(which, None, None).loops} for which in (m, preview.merged)
    )
    assert {loop.links for loop in preview.gained} == later - earlier
    assert {loop.links for loop in preview.lost} == earlier - later
    unmoved = {link.id for link in m.links} - {row.link for row in preview.redirected} - set(preview.inside)
    for link in unmoved:
        assert preview.merged.link(link) == m.link(link)
