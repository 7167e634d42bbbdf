"""Labels that are nearly alike, and maps where nothing holds back."""

from __future__ import annotations

import dataclasses

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wickedmap
from wickedmap import CausalMap
from wickedmap.graphs import find_loops, suggest_merges, valence_check


def likeness(*labels: str, **settings_):
    found = suggest_merges(CausalMap.from_links([], factors=labels), **settings_)
    return [(pair.first, pair.second, pair.likeness) for pair in found.pairs]


def test_labels_that_differ_in_case_and_accents_are_the_same():
    assert likeness("Gjéld", "gjeld") == [("Gjéld", "gjeld", "same_label")]


def test_the_same_words_in_another_order():
    assert likeness("egnet bolig", "bolig egnet") == [("bolig egnet", "egnet bolig", "same_words")]


def test_a_slip_of_the_pen_is_similar():
    assert likeness("Arbeidsløshet", "Arbeidsløyshet", "Skilsmisse") == [
        ("Arbeidsløshet", "Arbeidsløyshet", "similar")
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Stabil bolig", "Ustabil bolig"),
        ("Tilgang på bolig", "Manglende tilgang på bolig"),
        ("employment status", "unemployment status"),
    ],
)
def test_opposites_are_not_called_the_same(first, second):
    assert [pair[2] for pair in likeness(first, second)] == ["maybe_opposite"]


def test_different_letters_of_norwegian_are_different_words():
    assert likeness("Råd", "Rad") == []


def test_aliases_and_seed_labels_are_compared_too():
    m = CausalMap.from_links([], factors=["Bolig", "Tak over hodet"])
    factors = (m.factors[0], dataclasses.replace(m.factors[1], aliases=("bolig",)))
    (pair,) = suggest_merges(m.replace(factors=factors)).pairs
    assert (pair.first, pair.second, pair.first_label, pair.second_label) == (
        "Bolig",
        "Tak over hodet",
        "Bolig",
        "bolig",
    )


def test_a_group_and_its_member_are_not_suggested():
    m = CausalMap.from_links([], factors=["gjeld", "Gjeld"])
    factors = (m.factors[0], dataclasses.replace(m.factors[1], kind="group", members=("gjeld",)))
    assert suggest_merges(m.replace(factors=factors)).pairs == ()


def test_the_factors_of_the_default_map_are_all_different():
    assert suggest_merges(wickedmap.default_map()).pairs == ()


def test_a_cut_list_tells_how_many_there_are():
    found = suggest_merges(CausalMap.from_links([], factors=["gjeld", "Gjeld", "GJELD"]), max_pairs=1)
    assert (len(found.pairs), found.found) == (1, 3)
    assert len(found.to_pandas()) == 1


def test_labels_of_a_bare_graph_are_read():
    graph = nx.DiGraph()
    graph.add_node(1, label="Nettverk")
    graph.add_node(2, label="nettverk")
    assert [(pair.first, pair.second) for pair in suggest_merges(graph).pairs] == [(1, 2)]


@given(st.lists(st.text(min_size=1, max_size=12), max_size=6, unique=True))
@settings(max_examples=80, deadline=None)
def test_pairs_are_those_of_a_comparison_one_by_one(labels):
    from wickedmap.text import same_label

    def triples(text):
        padded = f"  {same_label(text)} "
        return {padded[k : k + 3] for k in range(len(padded) - 2)}

    graph = nx.DiGraph()
    graph.add_nodes_from((number, {"label": label}) for number, label in enumerate(labels))
    # An unlabelled factor goes by its id, and white space alone has no wording.
    expected = {
        (i, j)
        for i, first in enumerate(labels)
        for j, second in enumerate(labels)
        if i < j and first.strip() and second.strip()
        if 2 * len(triples(first) & triples(second)) / (len(triples(first)) + len(triples(second))) >= 0.5
    }
    found = suggest_merges(graph, threshold=0.5, max_pairs=None)
    assert {(pair.first, pair.second) for pair in found.pairs} == expected


def test_thousands_of_factors_are_compared():
    names = [f"factor number {number * 7919}" for number in range(1500)]
    found = suggest_merges(CausalMap.from_links([], factors=[*names, "Factor Number 7919"]), threshold=0.99)
    assert [pair.likeness for pair in found.pairs if "Factor Number 7919" in (pair.first, pair.second)] == [
        "same_label"
    ]


def test_an_empty_map_has_nothing_to_merge():
    assert suggest_merges(CausalMap()).pairs == ()


@pytest.mark.parametrize(
    ("settings_", "named"),
    [({"threshold": 0}, "threshold"), ({"threshold": 1.1}, "threshold"), ({"max_pairs": 0}, "max_pairs")],
)
def test_bad_merge_settings_are_refused_by_name(settings_, named):
    with pytest.raises(ValueError, match=named):
        suggest_merges(CausalMap(), **settings_)


ENDS = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=10)


@given(ENDS, st.lists(st.sampled_from(["good", "bad"]), min_size=5, max_size=5))
@settings(max_examples=100, deadline=None)
def test_signs_that_are_products_of_valences_make_every_loop_reinforcing(ends, values):
    valence = dict(zip("abcde", values, strict=True))
    rows = [(u, v, 1 if valence[u] == valence[v] else -1) for u, v in ends]
    m = CausalMap.from_links(rows, factors="abcde")
    found = valence_check(m, valence)
    loops = find_loops(m).loops
    assert {loop.polarity for loop in loops} <= {"R"}
    assert found.by_valence == bool(loops)
    assert found.question == ("what_holds_it_back" if loops else "")
    assert len(found.follows) == len(rows)
    assert found.share == (1.0 if rows else None)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.sampled_from([1, -1, None])), max_size=8
    )
)
@settings(max_examples=200, deadline=None)
def test_all_reinforcing_is_what_the_list_of_loops_says(rows):
    m = CausalMap.from_links(rows, factors="abcd")
    polarities = {loop.polarity for loop in find_loops(m).loops}
    found = valence_check(m).all_reinforcing
    if not polarities:
        assert found is None
    elif "B" in polarities:
        assert found is False
    elif polarities == {"R"}:
        assert found is True
    else:
        # Some loop is unknown: either no choice of signs saves it, or it stays open.
        assert found is not True


def test_the_verdict_on_each_link():
    m = CausalMap.from_links(
        [("debt", "crime", 1), ("home", "crime", 1), ("home", "x", 1), ("debt", "home", None)]
    )
    found = valence_check(m, {"debt": "bad", "crime": "bad", "home": "good"})
    assert (found.follows, found.differs, found.no_valence, found.unknown_sign) == (
        ("L1",),
        ("L2",),
        ("L3",),
        ("L4",),
    )
    assert found.share == 0.5
    assert found.to_pandas()["verdict"].tolist() == ["follows", "differs", "unknown_sign", "no_valence"]


def test_the_default_map_has_links_that_hold_back():
    found = valence_check(wickedmap.default_map().without_focal())
    assert found.all_reinforcing is False
    assert found.question == ""
    assert found.differs


def test_valences_of_a_bare_graph_are_read():
    graph = nx.DiGraph([("a", "b", {"sign": -1}), ("b", "a", {"sign": -1})])
    nx.set_node_attributes(graph, {"a": "good", "b": "bad"}, "valence")
    assert valence_check(graph).by_valence


def test_nothing_to_judge_is_no_share():
    found = valence_check(CausalMap.from_links([("a", "b", 1)]))
    assert (found.share, found.reason, found.all_reinforcing) == (None, "nothing_to_judge", None)
    assert valence_check(CausalMap()).links_on_loops == 0


@pytest.mark.parametrize(
    ("valences", "named"), [({"z": "good"}, "valences"), ({"a": "great"}, "valences of 'a'")]
)
def test_bad_valences_are_refused_by_name(valences, named):
    with pytest.raises(ValueError, match=named):
        valence_check(CausalMap.from_links([("a", "b", 1)]), valences)
