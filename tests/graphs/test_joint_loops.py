from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import CausalMap, Stance
from wickedmap.graphs.joint_loops import joint_loops
from wickedmap.graphs.perspectives import PerspectiveRule, perspective_maps

TRIANGLE = CausalMap.from_links([("a", "b", 1), ("b", "c", 1), ("c", "a", -1), ("b", "a", 1)])


def says(link: str, person: str, agency: str, stance: str = "asserts", sign: int | None = None) -> Stance:
    return Stance(link, person, agency, stance, sign)  # type: ignore[arg-type]


def rotated(links: tuple[str, ...]) -> tuple[str, ...]:
    at = links.index(min(links))
    return links[at:] + links[:at]


def circuits(m: CausalMap) -> set[tuple[str, ...]]:
    """Every simple circuit, by trying every order of every set of factors."""
    between: dict[tuple[str, str], list[str]] = {}
    for link in m.links:
        between.setdefault((link.source, link.target), []).append(link.id)
    found = set()
    names = [factor.id for factor in m.factors]
    for size in range(1, len(names) + 1):
        for order in itertools.permutations(names, size):
            steps = [between.get(step, []) for step in zip(order, order[1:] + order[:1], strict=True)]
            found |= {rotated(links) for links in itertools.product(*steps)}
    return found


def test_a_loop_no_one_sees_alone_comes_first_with_who_closes_it() -> None:
    m = TRIANGLE.replace(
        stances=(
            says("L1", "p1", "nav"),
            says("L4", "p1", "nav"),
            says("L2", "p1", "nav"),
            says("L3", "p2", "prison"),
            says("L2", "p2", "prison"),
        )
    )
    result = joint_loops(m)
    first, second = result.loops
    assert (first.loop.links, first.only_together) == (("L1", "L2", "L3"), True)
    assert first.asserted_by == (("nav",), ("nav", "prison"), ("prison",))
    assert [(c.agency, c.missing) for c in first.closings] == [
        ("nav", (("L3", ("prison",)),)),
        ("prison", (("L1", ("nav",)),)),
    ]
    assert first.pairs == (("nav", "prison"),)
    assert first.hinges == (("L1", "nav"), ("L3", "prison"))
    assert first.polarities == ("B",)
    assert (second.loop.links, second.seen_by) == (("L1", "L4"), ("nav",))
    assert result.only_together == (first,)
    assert (result.exhaustive, result.stopped_by) == (True, None)


def test_the_agency_closest_to_seeing_a_loop_is_named_and_not_the_others() -> None:
    m = TRIANGLE.replace(stances=(says("L1", "p1", "nav"), says("L2", "p1", "nav"), says("L3", "p2", "prison")))
    assert [closing.agency for closing in joint_loops(m).loops[0].closings] == ["nav"]


def test_a_link_that_somebody_rejects_is_named_as_disputed() -> None:
    m = TRIANGLE.replace(
        stances=(
            says("L1", "p1", "nav"),
            says("L4", "p1", "nav"),
            says("L4", "p2", "prison", "rejects"),
            says("L1", "p3", "police", "unsure"),
        )
    )
    assert joint_loops(m).loops[0].disputed == (("L4", ("prison",)),)


def test_a_loop_that_one_sees_reinforcing_and_another_balancing_is_contested() -> None:
    m = TRIANGLE.replace(
        stances=(
            says("L1", "p1", "nav"),
            says("L4", "p1", "nav"),
            says("L1", "p2", "prison"),
            says("L4", "p2", "prison", sign=-1),
        )
    )
    found = joint_loops(m).loops[0]
    assert (found.polarities, found.contested, found.loop.polarity) == (("R", "B"), True, "?")
    assert found.polarity_by_agency == {"nav": "R", "prison": "B"}


def test_links_nobody_asserts_close_no_loop() -> None:
    assert joint_loops(TRIANGLE).loops == ()
    rejected = TRIANGLE.replace(
        stances=(says("L1", "p", "nav"), says("L4", "p", "nav", "rejects"), says("L4", "q", "nav", "unsure"))
    )
    assert joint_loops(rejected).loops == ()
    assert joint_loops(CausalMap()).agencies == ()


def test_the_rule_for_an_agencys_map_decides_what_it_sees() -> None:
    m = TRIANGLE.replace(
        stances=(
            says("L1", "p1", "nav"),
            says("L1", "p2", "nav"),
            says("L4", "p1", "nav"),
            says("L4", "p3", "prison"),
            says("L4", "p4", "prison"),
        )
    )
    assert joint_loops(m).loops[0].seen_by == ("nav",)
    strict = joint_loops(m, rule=PerspectiveRule(at_least=2))
    assert strict.loops[0].only_together
    with pytest.raises(ValueError, match=r"^rule: "):
        joint_loops(m, rule=PerspectiveRule(count="agencies"))


def test_a_stopped_or_bounded_search_says_so() -> None:
    m = TRIANGLE.replace(stances=tuple(says(f"L{n}", "p", "nav") for n in (1, 2, 3, 4)))
    bounded = joint_loops(m, max_length=2)
    assert (bounded.complete_to, bounded.exhaustive, bounded.completeness) == (2, False, "all_to_length")
    counted = joint_loops(m, max_loops=1)
    assert (counted.stopped_by, len(counted.loops)) == ("count", 1)


def test_joint_loops_become_a_table() -> None:
    m = TRIANGLE.replace(stances=(says("L1", "p1", "nav"), says("L4", "p2", "prison")))
    row = joint_loops(m).to_pandas().iloc[0]
    assert row["only_together"]
    assert (row["pairs"], row["hinges"], row["links"]) == ("nav+prison", "L1:nav|L4:prison", "L1|L4")


names = st.sampled_from("abcd")
links = st.lists(st.tuples(names, names, st.sampled_from([1, -1, None])), min_size=1, max_size=9)


@given(links, st.data())
def test_joint_loops_are_those_found_by_trying_everything(
    rows: list[tuple[str, str, int | None]], data: st.DataObject
) -> None:
    m = CausalMap.from_links(rows)
    stances = data.draw(
        st.lists(
            st.builds(
                says,
                st.sampled_from([link.id for link in m.links]),
                st.sampled_from(["p1", "p2"]),
                st.sampled_from(["nav", "prison", "police"]),
                st.sampled_from(["asserts", "asserts", "asserts", "rejects", "unsure"]),
                st.sampled_from([1, -1, None]),
            ),
            max_size=18,
        )
    )
    m = m.replace(stances=tuple(stances))
    maps = perspective_maps(m)
    result = joint_loops(m, max_length=None)
    assert result.exhaustive
    assert {found.loop.links for found in result.loops} == circuits(m.perspective())
    alone = {agency: circuits(own) for agency, own in maps.items()}
    for found in result.loops:
        assert set(found.seen_by) == {agency for agency, loops in alone.items() if found.loop.links in loops}
        for link, agency in found.hinges:
            others = m.perspective([name for name in maps if name != agency])
            assert not others.has_link(link)
        for one, other in found.pairs:
            assert found.loop.links in circuits(m.perspective([one, other]))
    order = [found.only_together for found in result.loops]
    assert order == sorted(order, reverse=True)
