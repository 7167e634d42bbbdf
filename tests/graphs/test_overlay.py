from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import Agency, Annotation, CausalMap, Factor, Framing, Rating, Stance, Texts
from wickedmap.graphs.agreement import group_informed_consensus
from wickedmap.graphs.overlay import overlay
from wickedmap.graphs.perspectives import perspective_maps
from wickedmap.perspective import by_side

JOINT = CausalMap.from_links(
    [("debt", "eviction", 1), ("eviction", "crime", 1), ("crime", "debt", 1), ("work", "debt", -1)],
    factors=["health"],
)
JOINT = JOINT.replace(agencies=tuple(Agency(name, Texts(nb=name)) for name in ("nav", "prison", "police")))


def says(link: str, person: str, agency: str, stance: str = "asserts", sign: int | None = None) -> Stance:
    return Stance(link, person, agency, stance, sign)  # type: ignore[arg-type]


def test_each_link_says_which_agencies_assert_reject_are_unsure_or_silent() -> None:
    m = JOINT.replace(
        stances=(
            says("L1", "p1", "nav"),
            says("L1", "p2", "nav", "rejects"),
            says("L1", "p3", "prison", "unsure"),
            says("L2", "p3", "prison", sign=-1),
        )
    )
    result = overlay(m)
    first, second, third, _ = result.links
    assert (first.asserting, first.rejecting, first.unsure) == (("nav",), ("nav",), ("prison",))
    assert (first.silent, third.silent) == (("police",), ("nav", "prison", "police"))
    assert [stance.person for stance in first.stances] == ["p1", "p2", "p3"]
    assert (second.signs, second.contested) == ((-1,), False)
    assert result.people == {"nav": 2, "prison": 1, "police": 0}
    assert result.silent_agencies == ("police",)


def test_a_link_is_contested_by_a_rejection_or_by_the_other_sign_but_not_by_doubt_or_silence() -> None:
    m = JOINT.replace(
        stances=(
            says("L1", "p1", "nav"),
            says("L1", "p2", "prison", "rejects"),
            says("L2", "p1", "nav", sign=1),
            says("L2", "p2", "prison", sign=-1),
            says("L3", "p1", "nav"),
            says("L3", "p2", "prison", "unsure"),
            says("L4", "p2", "prison", "rejects"),
        )
    )
    assert [row.link for row in overlay(m).contested] == ["L1", "L2"]


def test_the_most_divided_link_comes_first() -> None:
    m = JOINT.replace(
        stances=(
            says("L1", "p1", "nav"),
            says("L1", "p2", "nav"),
            says("L1", "p3", "prison", "rejects"),
            says("L2", "p1", "nav"),
            says("L2", "p2", "nav"),
            says("L2", "p3", "prison", "rejects"),
            says("L2", "p4", "prison", sign=-1),
        )
    )
    assert [(row.link, row.minority) for row in overlay(m).contested] == [("L2", 2), ("L1", 1)]


def test_a_stance_without_a_sign_of_its_own_takes_the_sign_shown() -> None:
    m = JOINT.replace(stances=(says("L4", "p1", "nav"), says("L1", "p1", "nav")))
    by_link = {row.link: row.people for row in overlay(m).links}
    assert (by_link["L4"].negative, by_link["L1"].positive) == (1, 1)


def test_votes_per_agency_feed_group_informed_consensus() -> None:
    m = JOINT.replace(
        stances=(
            says("L1", "p1", "nav", sign=1),
            says("L1", "p2", "nav", "unsure"),
            says("L1", "p3", "prison", sign=-1),
        )
    )
    row = overlay(m).links[0]
    assert row.votes() == {"nav": (1, 2), "prison": (1, 1)}
    assert row.votes(-1) == {"nav": (0, 2), "prison": (1, 1)}
    assert float(group_informed_consensus(row.votes())) == pytest.approx(2 / 4 * 2 / 3)


def test_each_factor_says_what_every_agency_has_said_of_it() -> None:
    m = JOINT.replace(
        ratings=(
            Rating("debt", "p1", "nav", 5),
            Rating("debt", "p2", "nav", 2),
            Rating("debt", "p3", "nav", None),
        ),
        annotations=(
            Annotation("n1", "factor", "debt", "p4", "prison", "question", "?"),
            Annotation("n2", "link", "L1", "p4", "prison", "question", "?"),
        ),
        stances=(says("L1", "p1", "nav"), says("L3", "p2", "nav"), says("L4", "p1", "nav", "rejects")),
        framings=(Framing("f", "police", factors=("work",)),),
    )
    result = overlay(m)
    factors = {row.factor: row for row in result.factors}
    nav, prison, police = factors["debt"].cells
    assert (nav.importance, nav.rated, nav.undecided) == (3.5, 2, 1)
    assert (nav.asserted_links, nav.considered_links) == (2, 3)
    assert (prison.notes, prison.importance, prison.silent) == (1, None, False)
    assert (police.silent, factors["debt"].silent) == (True, ("police",))
    assert factors["work"].cells[2].framings == 1
    assert [row.factor for row in result.blind_spots] == ["health"]


def test_nobody_owns_it_and_three_own_it() -> None:
    owners = {"debt": ("nav", "prison", "police"), "crime": ("police",), "work": ("closed_office",)}
    factors = tuple(
        Factor(id=factor.id, labels=factor.labels, agencies=owners.get(factor.id, ()))
        for factor in JOINT.factors
    )
    result = overlay(JOINT.replace(factors=factors, focal="health"))
    assert [row.factor for row in result.gaps] == ["eviction", "work"]
    assert [row.factor for row in result.overlaps] == ["debt"]


def test_example_framings_count_only_when_asked_for() -> None:
    m = JOINT.replace(framings=(Framing("ex", "nav", factors=("health",), links=("L1",), example=True),))
    assert overlay(m).people["nav"] == 0
    shown = overlay(m, examples=True)
    assert (shown.people["nav"], shown.links[0].asserting) == (1, ("nav",))


def test_a_selection_of_agencies_leaves_the_others_out() -> None:
    m = JOINT.replace(stances=(says("L1", "p1", "nav"), says("L1", "p2", "prison", "rejects")))
    result = overlay(m, ["prison", "police"])
    assert (result.agencies, result.links[0].rejecting) == (("prison", "police"), ("prison",))
    assert result.links[0].contested is False
    with pytest.raises(ValueError, match="agencies: there is no agency 'nva'"):
        overlay(m, ["nva"])


def test_a_map_nobody_has_spoken_about_is_all_silence() -> None:
    result = overlay(JOINT)
    assert len(result.blind_spots) == 5
    assert result.contested == ()
    assert result.silent_agencies == ("nav", "prison", "police")
    assert overlay(CausalMap()).links == ()


def test_the_overlay_becomes_tables() -> None:
    m = JOINT.replace(
        stances=(says("L1", "p1", "nav"), says("L1", "p2", "prison", "rejects")),
        ratings=(Rating("debt", "p1", "nav", 4),),
    )
    links = overlay(m).links_to_pandas().set_index("link")
    assert links.loc["L1", ["agencies", "asserting", "rejecting", "silent"]].tolist() == [
        *(1, "nav", "prison", "police"),
    ]
    table = overlay(m).factors_to_pandas()
    assert table.loc["debt", "nav"] == 4
    assert table["prison"].isna().all()
    assert overlay(m).factors_to_pandas("asserted_links").loc["debt"].tolist() == [1, 0, 0]


stance = st.builds(
    says,
    st.sampled_from(["L1", "L2", "L3", "L4", "gone"]),
    st.sampled_from(["p1", "p2", "p3"]),
    st.sampled_from(["nav", "prison", "left_early"]),
    st.sampled_from(["asserts", "rejects", "unsure"]),
    st.sampled_from([1, -1, None]),
)


@given(st.lists(stance, max_size=15))
def test_the_overlay_and_the_agencies_own_maps_tell_the_same_story(stances: list[Stance]) -> None:
    m = JOINT.replace(stances=tuple(stances))
    maps = perspective_maps(m)
    result = overlay(m)
    for row in result.links:
        assert set(row.asserting) == {agency for agency, own in maps.items() if own.has_link(row.link)}
        assert set(row.silent).isdisjoint(opinion.agency for opinion in row.by_agency)
        marks = {own.link(row.link).contested for own in maps.values() if own.has_link(row.link)}
        assert row.contested or marks <= {False}
        assert row.contested == (row.minority > 0)
    for factor in result.factors:
        assert set(factor.silent) == set(result.agencies) - {
            agency for agency, own in maps.items() if own.has_factor(factor.factor)
        }


def test_who_holds_the_other_sign_is_no_agreement_with_the_map() -> None:
    m = CausalMap.from_links([("debt", "eviction", 1)])
    said = (
        Stance("L1", "p1", "nav", "asserts"),
        Stance("L1", "p2", "prison", "asserts", sign=-1),
        Stance("L1", "p3", "prison", "asserts", sign=1),
        Stance("L1", "p4", "police", "rejects"),
    )
    listed = tuple(Agency(one, Texts(nb=one)) for one in ("nav", "prison", "police", "bank"))
    row = overlay(m.replace(stances=said, agencies=listed)).link("L1")
    assert [(side.kind, side.sign, side.agencies) for side in row.sides] == [
        ("asserts", 1, ("nav", "prison")),
        ("other_way", -1, ("prison",)),
        ("rejects", None, ("police",)),
        ("silent", None, ("bank",)),
    ]
    assert (row.asserting, row.other_way) == (("nav", "prison"), ("prison",))
    table = overlay(m.replace(stances=said)).links_to_pandas()
    assert table.loc[0, ["asserting", "as_drawn", "other_way"]].tolist() == [
        "nav|prison",
        "nav|prison",
        "prison",
    ]


def test_on_a_link_without_a_sign_in_the_map_a_known_sign_is_a_side_of_its_own() -> None:
    m = CausalMap.from_links([("debt", "eviction", None)])
    said = (Stance("L1", "p1", "nav", "asserts"), Stance("L1", "p2", "prison", "asserts", sign=1))
    sides = overlay(m.replace(stances=said)).link("L1").sides
    assert [(side.kind, side.sign, side.agencies) for side in sides] == [
        ("asserts", None, ("nav",)),
        ("other_way", 1, ("prison",)),
    ]


@given(st.lists(stance, max_size=15))
def test_sides_of_agencies_are_the_sides_of_their_people(stances: list[Stance]) -> None:
    m = JOINT.replace(stances=tuple(stances))
    for row in overlay(m).links:
        people = {
            (kind, sign if kind in ("asserts", "other_way") else None): {stance.agency for stance in group}
            for kind, sign, group in by_side(row.stances, m.link(row.link))
            if group
        }
        agencies = {(side.kind, side.sign): set(side.agencies) for side in row.sides if side.kind != "silent"}
        assert agencies == people
