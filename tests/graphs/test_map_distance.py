from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import CausalMap
from wickedmap.graphs.map_distance import langfield_smith_wirth, markoczy_goldberg

names = st.sampled_from("abcdef")
link = st.tuples(names, names, st.sampled_from([1, -1, None]), st.sampled_from([0.5, 1, 2, 3]))
maps = st.builds(
    lambda links, listed: CausalMap.from_links(links, factors=listed),
    st.lists(link, max_size=10),
    st.lists(names, unique=True),
)


def by_the_definition(
    a: CausalMap, b: CausalMap, alpha: int, beta: float, gamma: int, delta: float, epsilon: int
) -> float | None:
    """Markoczy & Goldberg cell by cell, as the paper has it; maps without parallel links or unknown signs."""
    nodes_a, nodes_b = {f.id for f in a.factors}, {f.id for f in b.factors}
    weight_a = {(k.source, k.target): (k.sign or 0) * k.strength for k in a.links}
    weight_b = {(k.source, k.target): (k.sign or 0) * k.strength for k in b.links}
    common = nodes_a & nodes_b
    difference = 0.0
    for i in nodes_a | nodes_b:
        for j in nodes_a | nodes_b:
            x, y = weight_a.get((i, j), 0.0), weight_b.get((i, j), 0.0)
            if i == j and alpha == 1:
                continue
            one_map = {i, j} <= nodes_a or {i, j} <= nodes_b
            if not {i, j} <= common and one_map:
                if gamma == 0 or (gamma == 1 and x == 0 and y == 0):
                    continue
                difference += 1
            elif not {i, j} <= common:
                difference += abs(x - y)
            elif x * y < 0:
                difference += abs(x - y) + delta
            else:
                difference += abs(x - y)
    c, u, v = len(common), len(nodes_a - nodes_b), len(nodes_b - nodes_a)
    counted = 0 if gamma == 0 else 1
    largest = epsilon * beta + delta
    denominator = largest * c**2 + counted * (2 * c * (u + v) + u**2 + v**2)
    denominator -= alpha * (largest * c + counted * (u + v))
    return difference / denominator if denominator > 0 else None


def simple(m: CausalMap) -> CausalMap:
    kept = {(link.source, link.target): link for link in m.links if link.sign}
    return m.replace(links=tuple(kept.values()))


@given(
    maps,
    maps,
    st.sampled_from([0, 1]),
    st.sampled_from([3, 5]),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([0, 1]),
)
def test_markoczy_goldberg_is_what_the_definition_gives_cell_by_cell(
    a: CausalMap, b: CausalMap, alpha: int, beta: float, gamma: int, delta: float
) -> None:
    a, b = simple(a), simple(b)
    found = markoczy_goldberg(a, b, alpha, beta, gamma, delta)
    assert found.value == pytest.approx(by_the_definition(a, b, alpha, beta, gamma, delta, 2))


@given(maps, maps)
def test_markoczy_goldberg_by_default_is_formula_12(a: CausalMap, b: CausalMap) -> None:
    ours, theirs = langfield_smith_wirth(a, b), markoczy_goldberg(a, b)
    assert (ours.value, ours.n, ours.why) == (theirs.value, theirs.n, theirs.why)
    assert ours.excluded == theirs.excluded


@given(maps, maps, st.sampled_from([4, 6, 12]))
def test_the_distance_is_between_0_and_1_and_the_same_both_ways(
    a: CausalMap, b: CausalMap, formula: int
) -> None:
    there = langfield_smith_wirth(a, b, formula)  # type: ignore[arg-type]
    back = langfield_smith_wirth(b, a, formula)  # type: ignore[arg-type]
    assert there.value == pytest.approx(back.value)
    if there.value is not None:
        assert 0 <= there.value <= 1


def test_maps_that_leave_no_room_for_difference_have_no_distance() -> None:
    nothing, one, other = CausalMap(), CausalMap.from_links([], ["a"]), CausalMap.from_links([], ["b"])
    for a, b in ((nothing, nothing), (one, one), (one, other), (nothing, one)):
        for formula in (6, 12):
            assert langfield_smith_wirth(a, b, formula).why == "no_possible_difference"  # type: ignore[arg-type]
        assert markoczy_goldberg(a, b).value is None
    assert langfield_smith_wirth(nothing, one, 4).value is None
    assert langfield_smith_wirth(one, other, 4).value == 0


def test_fully_opposite_complete_maps_are_as_far_apart_as_maps_can_be() -> None:
    pairs = [(i, j) for i in "abc" for j in "abc" if i != j]
    a = CausalMap.from_links([(i, j, 1, 3) for i, j in pairs])
    b = CausalMap.from_links([(i, j, -1, 3) for i, j in pairs])
    assert langfield_smith_wirth(a, b).value == 1
    assert markoczy_goldberg(a, b, delta=1).value == 1


def test_self_links_do_not_count_unless_alpha_is_0() -> None:
    a = CausalMap.from_links([("a", "a", 1, 3), ("a", "b", 1, 3)])
    b = CausalMap.from_links([("a", "b", 1, 3)])
    assert langfield_smith_wirth(a, b).value == 0
    assert markoczy_goldberg(a, b, alpha=0).value == 3 / 24


def test_links_without_a_known_sign_are_counted_as_left_out_and_alone_give_no_distance() -> None:
    a = CausalMap.from_links([("a", "b", None, 3), ("b", "c", 1)])
    b = CausalMap.from_links([("a", "b", 1, 3), ("b", "c", 1)])
    assert (langfield_smith_wirth(a, b).value, langfield_smith_wirth(a, b).excluded) == (0, 1)
    unknown = CausalMap.from_links([("a", "b", None)])
    assert langfield_smith_wirth(unknown, unknown).why == "no_known_signs"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"alpha": 2}, "alpha"),
        ({"gamma": 3}, "gamma"),
        ({"epsilon": 0}, "epsilon"),
        ({"epsilon": 1}, "epsilon"),
        ({"delta": -1}, "delta"),
        ({"beta": 2}, "beta"),
        ({"beta": 0}, "beta"),
    ],
)
def test_a_parameter_out_of_range_is_refused_by_name(arguments: dict[str, int], named: str) -> None:
    a = CausalMap.from_links([("a", "b", -1, 3)])
    with pytest.raises(ValueError, match=f"^{named}: "):
        markoczy_goldberg(a, a, **arguments)  # type: ignore[arg-type]


def test_formula_12_refuses_other_formulas_and_links_above_the_scale() -> None:
    a = CausalMap.from_links([("a", "b", -1, 3)])
    with pytest.raises(ValueError, match="formula: 5"):
        langfield_smith_wirth(a, a, 5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="max_strength: map a has a link of strength 3, above 1"):
        langfield_smith_wirth(a, a, max_strength=1)
