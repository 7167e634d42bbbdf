from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import Agency, Annotation, CausalMap, Framing, Rating, Stance, Texts
from wickedmap.graphs.comparison import compare
from wickedmap.graphs.map_distance import langfield_smith_wirth
from wickedmap.graphs.pairwise_matrix import pairwise
from wickedmap.graphs.perspectives import (
    PerspectiveRule,
    convergence,
    group_weights,
    perspective_maps,
    take_perspective,
)

JOINT = CausalMap.from_links(
    [("debt", "eviction", 1), ("eviction", "crime", 1), ("crime", "debt", 1), ("work", "debt", -1)],
    factors=["health"],
)
WITH_AGENCIES = JOINT.replace(
    agencies=tuple(Agency(name, Texts(nb=name)) for name in ("nav", "prison", "police"))
)


def says(link: str, person: str, agency: str, stance: str = "asserts", sign: int | None = None) -> Stance:
    return Stance(link, person, agency, stance, sign)  # type: ignore[arg-type]


def with_stances(*stances: Stance) -> CausalMap:
    return WITH_AGENCIES.replace(stances=stances)


def ids(m: CausalMap) -> tuple[list[str], list[str]]:
    return [factor.id for factor in m.factors], [link.id for link in m.links]


def test_an_agency_holds_what_one_of_its_people_asserts() -> None:
    m = with_stances(says("L1", "p1", "nav"), says("L2", "p2", "prison"))
    assert ids(m.perspective("nav")) == (["debt", "eviction"], ["L1"])
    assert ids(m.perspective("prison")) == (["eviction", "crime"], ["L2"])
    assert ids(m.perspective(["nav", "prison"])) == (["debt", "eviction", "crime"], ["L1", "L2"])
    assert ids(m.perspective()) == (["debt", "eviction", "crime"], ["L1", "L2"])
    assert ids(m.perspective(person="p2")) == (["eviction", "crime"], ["L2"])


def test_silence_is_not_disagreement_and_not_a_view() -> None:
    m = with_stances(says("L1", "p1", "nav"))
    assert ids(m.perspective("police")) == ([], [])
    assert list(perspective_maps(m)) == ["nav"]
    assert take_perspective(m, "police").people == 0


def test_a_rejected_or_unsure_link_is_not_held_but_its_factors_were_considered() -> None:
    m = with_stances(says("L1", "p1", "nav", "rejects"), says("L2", "p1", "nav", "unsure"))
    assert ids(m.perspective("nav")) == (["debt", "eviction", "crime"], [])


def test_a_rating_a_note_or_a_framing_makes_a_factor_considered() -> None:
    m = WITH_AGENCIES.replace(
        ratings=(Rating("health", "p1", "nav", None),),
        annotations=(
            Annotation("n1", "factor", "work", "p2", "prison", "question", "?"),
            Annotation("n2", "link", "L2", "p3", "police", "evidence", "!"),
        ),
        framings=(Framing("f1", "nav", factors=("crime",)),),
    )
    assert ids(m.perspective("nav"))[0] == ["health", "crime"]
    assert ids(m.perspective("prison"))[0] == ["work"]
    assert ids(m.perspective("police"))[0] == ["eviction", "crime"]


def test_a_framing_asserts_the_links_it_rests_on_unless_its_author_says_otherwise() -> None:
    framings = (Framing("f1", "nav", person="p1", links=("L1", "L2")), Framing("f2", "prison", links=("L3",)))
    m = WITH_AGENCIES.replace(framings=framings, stances=(says("L2", "p1", "nav", "rejects"),))
    assert ids(m.perspective("nav"))[1] == ["L1"]
    assert ids(m.perspective("prison"))[1] == ["L3"]
    assert take_perspective(m).people == 2


def test_made_up_example_framings_are_nobodys_view_unless_asked_for() -> None:
    m = WITH_AGENCIES.replace(framings=(Framing("ex", "nav", factors=("work",), links=("L1",), example=True),))
    assert ids(m.perspective("nav")) == ([], [])
    assert ids(m.perspective("nav", rule=PerspectiveRule(examples=True)))[1] == ["L1"]


def test_signs_are_never_averaged_away() -> None:
    m = with_stances(says("L1", "p1", "nav", sign=1), says("L1", "p2", "nav", sign=-1))
    link = m.perspective("nav").link("L1")
    assert (link.mark, link.contested) == ("±", True)
    own = with_stances(says("L1", "p1", "nav", sign=-1)).perspective("nav").link("L1")
    assert (own.sign, own.contested) == (-1, False)


def test_the_strength_is_the_median_of_those_who_assert() -> None:
    stances = [Stance("L1", f"p{n}", "nav", "asserts", None, strength) for n, strength in enumerate((1, 3, 3))]
    assert with_stances(*stances).perspective("nav").link("L1").strength == 3


def test_a_rule_can_ask_for_more_people_a_share_or_more_agencies() -> None:
    m = with_stances(
        says("L1", "p1", "nav"),
        says("L1", "p2", "nav"),
        says("L1", "p3", "prison", "rejects"),
        says("L2", "p1", "nav"),
        says("L2", "p3", "prison"),
    )
    assert ids(m.perspective(rule=PerspectiveRule(at_least=2)))[1] == ["L1", "L2"]
    assert ids(m.perspective(rule=PerspectiveRule(at_least=3)))[1] == []
    assert ids(m.perspective(rule=PerspectiveRule(share=0.7)))[1] == ["L2"]
    assert ids(m.perspective(rule=PerspectiveRule(share=2 / 3)))[1] == ["L1", "L2"]
    assert ids(m.perspective(rule=PerspectiveRule(at_least=2, count="agencies")))[1] == ["L2"]
    result = take_perspective(m, rule=PerspectiveRule(at_least=2, count="agencies", share=0.5))
    assert result.below_rule == ("L1",)
    assert str(result.rule) == "asserted by at least 2 agencies and by 50% of the agencies who considered it"


def test_a_rule_out_of_range_is_refused_by_name() -> None:
    for arguments, named in (
        ({"at_least": 0}, "at_least"),
        ({"share": 1.5}, "share"),
        ({"count": "x"}, "count"),
    ):
        with pytest.raises(ValueError, match=f"^{named}: "):
            PerspectiveRule(**arguments)  # type: ignore[arg-type]


def test_the_stances_behind_every_link_can_be_opened() -> None:
    m = with_stances(
        says("L1", "p1", "nav"), says("L1", "p2", "nav", "rejects"), says("L1", "p3", "nav", "unsure")
    )
    row = take_perspective(m, "nav").support["L1"]
    assert [stance.person for stance in (*row.asserts, *row.rejects, *row.unsure)] == ["p1", "p2", "p3"]
    assert row.contested


def test_nothing_that_others_said_is_in_the_derived_map() -> None:
    m = with_stances(says("L1", "p1", "nav"), says("L2", "p2", "prison")).replace(
        ratings=(Rating("debt", "p2", "prison", 5),),
        annotations=(Annotation("n", "factor", "debt", "p2", "prison", "term", "secret"),),
        framings=(Framing("f", "prison", person="p2", factors=("debt",)),),
    )
    own = m.perspective("nav")
    spoken = (*own.stances, *own.ratings, *own.annotations, *own.framings)
    assert {row.agency for row in spoken} == {"nav"}


def test_a_stance_on_a_link_that_is_gone_is_passed_over() -> None:
    m = with_stances(says("gone", "p1", "nav"), says("L1", "p1", "nav"))
    assert ids(m.perspective("nav"))[1] == ["L1"]


def test_an_unknown_agency_is_refused_but_one_that_left_is_remembered() -> None:
    m = with_stances(says("L1", "p1", "closed_office"))
    assert ids(m.perspective("closed_office"))[1] == ["L1"]
    with pytest.raises(ValueError, match="agencies: there is no agency 'nva'"):
        m.perspective("nva")


def test_perspectives_can_be_compared_and_put_in_a_matrix() -> None:
    m = with_stances(says("L1", "p1", "nav"), says("L1", "p2", "prison", sign=-1), says("L2", "p2", "prison"))
    result = compare(m.perspective("nav"), m.perspective("prison"))
    assert result["sign_disagreement"].value == 1
    assert [link.links_b for link in result.links_only_b] == [("L2",)]
    assert list(pairwise(perspective_maps(m), "factor_jaccard").columns) == ["nav", "prison"]


def test_the_group_map_counts_a_rejection_as_nothing_and_shows_the_counts_beside_the_mean() -> None:
    m = with_stances(
        Stance("L1", "p1", "nav", "asserts", 1, 3),
        Stance("L1", "p2", "nav", "asserts", -1, 1),
        says("L1", "p3", "prison", "rejects"),
        says("L1", "p4", "prison", "unsure"),
        says("L2", "p1", "nav", "unsure"),
    )
    frame = group_weights(m).set_index("link")
    assert frame.loc["L1", "mean_weight"] == pytest.approx(2 / 3)
    counts = ["considered", "asserting", "rejecting", "unsure", "positive", "negative"]
    assert list(frame.loc["L1", counts]) == [4, 2, 1, 1, 1, 1]
    assert frame["mean_weight"].isna().to_dict() == {"L1": False, "L2": True}


def test_people_who_come_to_agree_have_converged() -> None:
    before = with_stances(says("L1", "p1", "nav", sign=1), says("L1", "p2", "prison", sign=-1))
    after = with_stances(says("L1", "p1", "nav", sign=1), says("L1", "p2", "prison", sign=1))
    found = convergence(before, after)
    # |1 - (-1)| of 2 * 3 * (4 - 2) = 12, for both.
    assert float(found.before) == pytest.approx(2 / 12)
    assert (found.after.value, found.after.n) == (0, 2)
    assert found.by_person == {"p1": (pytest.approx(2 / 12), 0), "p2": (pytest.approx(2 / 12), 0)}


def test_who_spoke_only_once_is_left_out_of_convergence_and_named() -> None:
    before = with_stances(says("L1", "p1", "nav"), says("L1", "p2", "prison"))
    after = with_stances(says("L1", "p1", "nav"), says("L1", "p2", "prison"), says("L1", "p3", "police"))
    assert convergence(before, after).left_out == ("p3",)
    alone = with_stances(says("L1", "p1", "nav"))
    assert convergence(alone, alone).before.value is None


stance = st.builds(
    says,
    st.sampled_from(["L1", "L2", "L3", "L4"]),
    st.sampled_from(["p1", "p2", "p3"]),
    st.sampled_from(["nav", "prison"]),
    st.sampled_from(["asserts", "rejects", "unsure"]),
    st.sampled_from([1, -1, None]),
)


@given(st.lists(stance, max_size=12))
def test_everyones_map_is_the_union_of_the_agencies_maps(stances: list[Stance]) -> None:
    m = with_stances(*stances)
    agencies = perspective_maps(m).values()
    everyone = m.perspective()
    assert {link.id for link in everyone.links} == {link.id for own in agencies for link in own.links}
    assert {f.id for f in everyone.factors} == {f.id for own in agencies for f in own.factors}


@given(st.lists(stance, max_size=12), st.integers(1, 3), st.floats(0, 1))
def test_a_stricter_rule_never_adds_a_link(stances: list[Stance], at_least: int, share: float) -> None:
    m = with_stances(*stances)
    strict = take_perspective(m, rule=PerspectiveRule(at_least, share))
    held = {link.id for link in strict.map.links}
    assert held <= {link.id for link in m.perspective().links}
    assert held | set(strict.below_rule) == {link.id for link in m.perspective().links}


said = st.builds(
    Stance,
    st.sampled_from(["L1", "L2", "L3", "L4"]),
    st.sampled_from(["p1", "p2", "p3", "p4"]),
    st.just("nav"),
    st.sampled_from(["asserts", "rejects", "unsure"]),
    st.sampled_from([1, -1, None]),
    st.sampled_from([None, 1.0, 2.0, 3.0]),
)


@given(st.lists(said, min_size=2, max_size=14))
def test_the_distance_to_the_others_is_formula_12_to_a_map_of_their_means(stances: list[Stance]) -> None:
    m = CausalMap.from_links([("a", "b", 1), ("b", "c", -1), ("a", "c", 1), ("c", "d", 1)])
    m = m.replace(stances=tuple({(row.person, row.link): row for row in stances}.values()))
    found = convergence(m, m)
    for person, (distance, _) in found.by_person.items():
        own = take_perspective(m, person=person).map
        rest = m.replace(stances=tuple(row for row in m.stances if row.person != person))
        weights = group_weights(rest).dropna(subset=["mean_weight"])
        named = {end for row in rest.stances for end in (m.link(row.link).source, m.link(row.link).target)}
        held = [
            (row.source, row.target, 1 if row.mean_weight > 0 else -1, abs(row.mean_weight))
            for row in weights.itertuples()
            if row.mean_weight
        ]
        others = CausalMap.from_links(held, factors=sorted(named))
        assert langfield_smith_wirth(own, others).value == pytest.approx(distance)
