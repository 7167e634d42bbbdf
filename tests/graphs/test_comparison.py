from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import CausalMap
from wickedmap.graphs.comparison import (
    compare,
    edit_distance,
    jaccard,
    ruzicka,
    sign_disagreement,
    sorensen,
)
from wickedmap.graphs.measure import UndefinedMeasureError
from wickedmap.graphs.pairwise_matrix import pairwise

A = CausalMap.from_links(
    [("rus", "bolig", -1, 3), ("gjeld", "bolig", -1, 2), ("bolig", "arbeid", 1, 2), ("arbeid", "krim", -1, 2)]
)
B = CausalMap.from_links(
    [("rus", "bolig", -1, 1), ("bolig", "arbeid", 1, 2), ("rus", "krim", 1, 3), ("arbeid", "krim", 1, 2)]
)
EMPTY = CausalMap()

names = st.sampled_from("abcdef")
link = st.tuples(names, names, st.sampled_from([1, -1, None]), st.sampled_from([1, 2, 3]))
maps = st.builds(
    lambda links, listed: CausalMap.from_links(links, factors=listed),
    st.lists(link, max_size=8),
    st.lists(names, unique=True),
)


def test_the_lists_behind_the_numbers_name_every_factor_and_link() -> None:
    result = compare(A, B)
    assert result.factors_only_a == ("gjeld",)
    assert result.factors_both == ("arbeid", "bolig", "krim", "rus")
    assert result.factors_only_b == ()
    assert [(link.source, link.target) for link in result.links_only_a] == [("gjeld", "bolig")]
    assert [(link.source, link.target) for link in result.links_only_b] == [("rus", "krim")]
    assert [(link.source, link.target) for link in result.links_opposite] == [("arbeid", "krim")]
    assert len(result.links_both) == 3
    opposite = result.links_opposite[0]
    assert (opposite.in_a, opposite.in_b, opposite.links_a, opposite.links_b) == (-2.0, 2.0, ("L4",), ("L4",))


def test_the_numbers_match_the_lists_behind_them() -> None:
    result = compare(A, B)
    listed = len(result.links_only_a) + len(result.links_both) + len(result.links_only_b)
    assert result["link_jaccard"].n == listed
    assert result["link_jaccard"].numerator == len(result.links_both)
    assert result["sign_disagreement"].numerator == len(result.links_opposite)


def test_the_comparison_becomes_a_table_with_a_reason_where_there_is_no_number() -> None:
    frame = compare(A, B).to_pandas()
    assert frame.loc["edit_distance", "value"] == 4
    assert frame.loc["rank_agreement", "value"] is pd.NA
    assert "fewer than five" in str(frame.loc["rank_agreement", "reason"])
    links = compare(A, B).links_to_pandas()
    assert sorted(links["where"]) == ["only a", "only b", "opposite sign", "same sign", "same sign"]


def test_two_empty_maps_have_no_overlap_to_speak_of() -> None:
    for of in ("factors", "links", "signed_links"):
        assert jaccard(EMPTY, EMPTY, of=of).value is None
        assert jaccard(EMPTY, EMPTY, of=of).why == "both_empty"
    assert jaccard(EMPTY, EMPTY, of="shared_links").why == "few_shared_factors"
    assert ruzicka(EMPTY, EMPTY).why == "both_empty"
    assert sign_disagreement(EMPTY, EMPTY).why == "no_shared_links"
    assert edit_distance(EMPTY, EMPTY).value == 0


def test_an_empty_map_and_a_full_one_overlap_by_nothing() -> None:
    assert jaccard(A, EMPTY).value == 0
    assert jaccard(EMPTY, A, of="links").value == 0
    assert ruzicka(A, EMPTY).value == 0


def test_an_undefined_measure_refuses_to_become_a_number() -> None:
    with pytest.raises(UndefinedMeasureError, match="neither map has anything"):
        float(jaccard(EMPTY, EMPTY))


def test_a_listed_factor_without_links_counts_as_considered() -> None:
    listed = CausalMap.from_links([("a", "b", 1)], factors=["c"])
    plain = CausalMap.from_links([("a", "b", 1)])
    assert jaccard(listed, plain).value == 2 / 3
    assert jaccard(listed, plain, of="links").value == 1


def test_parallel_links_with_both_signs_are_left_out_of_signed_measures_and_counted() -> None:
    both = CausalMap.from_links([("a", "b", 1, 2), ("a", "b", -1, 3), ("b", "c", 1, 1)])
    one = CausalMap.from_links([("a", "b", 1, 2), ("b", "c", 1, 1)])
    assert (jaccard(both, one, of="links").value, jaccard(both, one, of="links").excluded) == (1, 0)
    for measure in (jaccard(both, one, of="signed_links"), ruzicka(both, one), sign_disagreement(both, one)):
        assert (measure.n, measure.excluded) == (1, 1)
    result = compare(both, one)
    assert [link.target for link in result.links_without_sign] == ["b"]
    assert result.links_to_pandas()["where"].tolist() == ["sign not known", "same sign"]


def test_parallel_links_of_one_sign_count_as_the_strongest() -> None:
    twice = CausalMap.from_links([("a", "b", -1, 1), ("a", "b", -1, 3)])
    once = CausalMap.from_links([("a", "b", -1, 3)])
    assert ruzicka(twice, once).value == 1


def test_links_of_unknown_sign_disagree_with_nothing() -> None:
    unknown = CausalMap.from_links([("a", "b", None)])
    known = CausalMap.from_links([("a", "b", 1)])
    assert sign_disagreement(unknown, known).why == "no_known_signs"
    assert jaccard(unknown, known, of="signed_links").why == "no_known_signs"
    assert edit_distance(unknown, known).value == 0
    assert edit_distance(unknown, known).excluded == 1


def test_other_topics_are_told_from_other_causes() -> None:
    mine = CausalMap.from_links([("a", "b", 1), ("c", "d", 1)])
    yours = CausalMap.from_links([("a", "b", 1), ("e", "f", 1)])
    assert jaccard(mine, yours, of="links").value == 1 / 3
    assert jaccard(mine, yours, of="shared_links").value == 1


def test_a_map_and_its_networkx_graph_are_the_same_map() -> None:
    graph = B.to_networkx()
    assert compare(A, graph).measures == compare(A, B).measures
    bare = nx.DiGraph([("a", "b", {"weight": -2})])
    assert ruzicka(bare, CausalMap.from_links([("a", "b", -1, 2)])).value == 1


def test_an_unknown_kind_of_overlap_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="of: 'nodes' is not factors"):
        jaccard(A, B, of="nodes")  # type: ignore[arg-type]


def test_the_pairwise_matrix_is_symmetric_and_says_what_is_undefined() -> None:
    frame = pairwise({"a": A, "b": B, "nobody": EMPTY}, "factor_jaccard")
    assert frame.loc["a", "b"] == frame.loc["b", "a"] == 0.8
    assert frame.loc["nobody", "nobody"] is pd.NA
    assert frame.attrs["undefined"] == {("nobody", "nobody"): "neither map has anything to compare"}
    assert frame.attrs["n"]["a", "b"] == 5
    assert pairwise({"a": A, "b": B}).loc["b", "a"] == 0.125
    assert pairwise({"a": A, "b": B}, "path_agreement").loc["b", "a"] == 0.5
    assert pairwise({"a": A, "b": B}, lambda x, y: jaccard(x, y, of="links")).loc["a", "b"] == 0.6
    assert pairwise({}).shape == (0, 0)


def test_the_pairwise_matrix_names_the_map_it_cannot_read_and_the_measures_it_knows() -> None:
    with pytest.raises(ValueError, match=r"maps\['nav'\].*undirected"):
        pairwise({"nav": nx.Graph([(1, 2)])})
    with pytest.raises(ValueError, match="measure: 'likeness' is not one of"):
        pairwise({"a": A}, "likeness")


@given(maps, maps)
def test_every_measure_is_symmetric_and_a_map_is_like_itself(a: CausalMap, b: CausalMap) -> None:
    there, back = compare(a, b).measures, compare(b, a).measures
    for name in there:
        assert there[name].value == pytest.approx(back[name].value), name
        assert (there[name].n, there[name].why) == (back[name].n, back[name].why)
    itself = compare(a, a)
    for name in ("factor_jaccard", "link_jaccard", "shared_link_jaccard", "signed_link_jaccard", "ruzicka"):
        assert itself[name].value in (1, None)
    for name in ("sign_disagreement", "langfield_smith_wirth_12", "markoczy_goldberg"):
        assert itself[name].value in (0, None)
    assert itself["edit_distance"].value == 0


@given(maps, maps)
def test_sorensen_follows_from_jaccard(a: CausalMap, b: CausalMap) -> None:
    for of in ("factors", "links", "shared_links", "signed_links"):
        share, twice = jaccard(a, b, of=of), sorensen(a, b, of=of)  # type: ignore[arg-type]
        if share.value is None:
            assert (twice.value, twice.why) == (None, share.why)
        else:
            assert twice.value == pytest.approx(2 * share.value / (1 + share.value))
            assert 0 <= share.value <= 1


@given(maps, maps)
def test_the_edit_distance_never_takes_a_short_cut(a: CausalMap, b: CausalMap) -> None:
    between = CausalMap.from_links([("a", "b", 1), ("b", "c", -1)])
    known = all(link.sign for m in (a, b) for link in m.links)
    direct, first, second = (float(edit_distance(*two)) for two in ((a, b), (a, between), (between, b)))
    if known and not any(compare(a, b).links_without_sign):
        assert direct <= first + second
    assert float(edit_distance(a, b)) >= len({f.id for f in a.factors} ^ {f.id for f in b.factors})
