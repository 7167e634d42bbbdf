from __future__ import annotations

import itertools
import json
import random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wickedmap
from wickedmap.causal_map import CausalMap
from wickedmap.graphs.free_places import overlaps, place_new
from wickedmap.graphs.label_boxes import LABEL_PX, MAX_LINES, label_box, shown_label, text_width, wrap_label
from wickedmap.graphs.layout import layout
from wickedmap.graphs.routes import Route, routes
from wickedmap.graphs.stage_layout import STAGE_PX, arrangement
from wickedmap.model import Factor
from wickedmap.text import Texts


@pytest.fixture(scope="module")
def default() -> CausalMap:
    return wickedmap.default_map()


@pytest.fixture(scope="module")
def places(default: CausalMap) -> dict[str, tuple[float, float]]:
    return layout(default)


def random_map(size: int, links: int, seed: int) -> CausalMap:
    draw = random.Random(seed)
    names = [f"faktor {'x' * draw.randrange(12)} nr {number}" for number in range(size)]
    return CausalMap.from_links(
        [(draw.choice(names), draw.choice(names), draw.choice([1, -1, None])) for _ in range(links)],
        factors=names,
    )


def crossings(m: CausalMap, at: dict[str, tuple[float, float]]) -> int:
    def turn(p: str, q: str, r: str) -> float:
        (px, py), (qx, qy), (rx, ry) = at[p], at[q], at[r]
        return (qx - px) * (ry - py) - (qy - py) * (rx - px)

    pairs = {tuple(sorted((link.source, link.target))) for link in m.links}
    return sum(
        turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
        for (a, b), (c, d) in itertools.combinations(sorted(pairs), 2)
        if len({a, b, c, d}) == 4
    )


def test_no_two_labels_of_the_default_map_overlap_on_the_wall(
    default: CausalMap, places: dict[str, tuple[float, float]]
) -> None:
    assert overlaps(default, places, LABEL_PX, gap=LABEL_PX / 2) == []


def test_the_default_map_fits_a_1080p_wall(default: CausalMap, places: dict[str, tuple[float, float]]) -> None:
    for factor in default.factors:
        x, y = places[factor.id]
        box = label_box(factor, LABEL_PX)
        assert x - box.width / 2 >= 0
        assert x + box.width / 2 <= 1920
        assert y - box.height / 2 >= 0
        assert y + box.height / 2 <= 1080


def test_the_same_map_gets_the_same_positions_to_the_last_byte(default: CausalMap) -> None:
    first, second = layout(default), layout(wickedmap.default_map())
    assert json.dumps(first) == json.dumps(second)


def test_the_order_in_which_factors_were_added_does_not_move_them(
    default: CausalMap, places: dict[str, tuple[float, float]]
) -> None:
    turned = default.replace(factors=default.factors[::-1], links=default.links[::-1])
    assert layout(turned) == places


def test_the_search_leaves_less_than_half_the_crossings_of_a_circle(
    default: CausalMap, places: dict[str, tuple[float, float]]
) -> None:
    web = default.at_stage(4)
    circle = nx.circular_layout(nx.DiGraph(web.to_networkx()))
    assert crossings(web, places) < 0.5 * crossings(web, {one: tuple(at) for one, at in circle.items()})


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_no_labels_overlap_in_any_stage(default: CausalMap, stage: int) -> None:
    shown = arrangement(default, stage)
    part = default.at_stage(stage)
    assert set(shown.positions) == {factor.id for factor in part.factors}
    assert overlaps(part, shown.positions, shown.font_px, stage=stage) == []


def test_a_factor_has_one_place_from_the_star_to_the_web(default: CausalMap) -> None:
    star, linked, wicked = (arrangement(default, stage).positions for stage in (2, 3, 4))
    assert star == linked
    for one in star.keys() - {default.focal}:
        assert star[one] == wicked[one]


def test_the_first_three_stages_are_shown_larger_than_the_web(default: CausalMap) -> None:
    sizes = [arrangement(default, stage).font_px for stage in (1, 2, 3, 4)]
    assert sizes[0] >= 43
    assert min(sizes[1:3]) > sizes[3] == STAGE_PX[4]


def test_the_focal_problem_stands_in_the_middle(
    places: dict[str, tuple[float, float]], default: CausalMap
) -> None:
    assert places[default.focal] == (960.0, 540.0)


@pytest.mark.parametrize("centre", ["gjeld", "bolig", "utskriving_fosterhjem"])
def test_any_factor_can_stand_in_the_middle_with_its_neighbours_nearest(
    default: CausalMap, centre: str
) -> None:
    shown = arrangement(default, 4, centre)
    part = default.at_stage(4)
    assert shown.positions[centre] == (960.0, 540.0)
    assert overlaps(part, shown.positions, shown.font_px) == []
    near = {link.source for link in part.causes_of(centre)} | {link.target for link in part.effects_of(centre)}
    far = {
        one: (x / 960 - 1) ** 2 + (y / 540 - 1) ** 2 for one, (x, y) in shown.positions.items() if one != centre
    }
    others = far.keys() - near
    assert sum(far[one] for one in near) / len(near) < sum(far[one] for one in others) / len(others)


def test_fixed_factors_stay_and_nobody_stands_on_them(default: CausalMap) -> None:
    fixed = {"gjeld": (333.0, 222.0), "rus": (1500.0, 900.0), default.focal: (700.0, 444.0)}
    found = layout(default, fixed=fixed)
    assert {one: found[one] for one in fixed} == fixed
    assert overlaps(default, found) == []


def test_a_new_factor_takes_a_free_place_and_the_old_ones_keep_theirs(
    default: CausalMap, places: dict[str, tuple[float, float]]
) -> None:
    old = {one: at for one, at in places.items() if one != "gjeld"}
    found = place_new(old, default, "gjeld")
    assert overlaps(default, {**old, "gjeld": found}) == []


def test_new_factors_still_find_room_when_the_wall_is_full() -> None:
    m = random_map(40, 60, 3)
    at: dict[str, tuple[float, float]] = {}
    for factor in m.factors:
        at[factor.id] = place_new(at, m, factor.id, width=600, height=400)
    assert overlaps(m, at) == []


def test_a_new_factor_stands_near_what_it_is_linked_to() -> None:
    m = CausalMap.from_links([("far right", "new", 1)], factors=["far left"])
    at = {"far left": (200.0, 540.0), "far right": (1700.0, 540.0)}
    assert place_new(at, m, "new")[0] > 1200


@settings(max_examples=15, deadline=None)
@given(size=st.integers(1, 30), links=st.integers(0, 60), seed=st.integers(0, 10**6))
def test_labels_never_overlap(size: int, links: int, seed: int) -> None:
    m = random_map(size, links, seed)
    found = layout(m)
    assert set(found) == {factor.id for factor in m.factors}
    assert overlaps(m, found) == []


def test_three_hundred_factors_are_laid_out_without_overlap() -> None:
    m = random_map(300, 1000, 1)
    assert overlaps(m, layout(m)) == []


def test_an_empty_map_has_no_positions() -> None:
    assert layout(CausalMap()) == {}
    assert arrangement(CausalMap(), 1).positions == {}


def test_a_bare_graph_can_be_laid_out() -> None:
    graph = nx.DiGraph([(1, 2), (2, 3), (3, 3)])
    assert set(layout(graph)) == {1, 2, 3}


def test_the_work_can_be_stopped() -> None:
    with pytest.raises(InterruptedError):
        layout(random_map(30, 60, 1), stop=lambda: True)
    with pytest.raises(InterruptedError):
        layout(random_map(200, 400, 1), stop=lambda: True)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"width": 0}, "width"),
        ({"font_px": float("nan")}, "font_px"),
        ({"fixed": {"nobody": (0, 0)}}, "fixed"),
        ({"fixed": {"gjeld": (float("inf"), 0)}}, "fixed"),
        ({"centre": "nobody"}, "centre"),
    ],
)
def test_a_wrong_argument_is_named(default: CausalMap, arguments: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        layout(default, **arguments)  # type: ignore[arg-type]


def test_a_centre_that_the_stage_does_not_show_is_refused(default: CausalMap) -> None:
    with pytest.raises(ValueError, match="centre"):
        arrangement(default, 2, "gjeld")


def test_an_unknown_new_factor_is_refused(default: CausalMap) -> None:
    with pytest.raises(ValueError, match="factor_id"):
        place_new({}, default, "nobody")


@given(st.text(alphabet="abcdefghijklmnopæøå -/", max_size=120))
def test_wrapping_a_label_loses_no_letter(text: str) -> None:
    def letters(some: str) -> str:
        return "".join(some.split()).replace("-", "")

    lines = wrap_label(text)
    assert letters("".join(lines)) == letters(text)
    assert len(lines) <= MAX_LINES


def test_a_box_is_wide_enough_for_the_label_in_every_language() -> None:
    factor = Factor(id="x", labels=Texts(nb="Gjeld", en="Debt that cannot be paid"))
    widest = max(text_width(line) for line in wrap_label("Debt that cannot be paid"))
    assert label_box(factor, 20).width > widest * 20


def test_the_first_stages_have_the_wording_of_the_source_and_english_its_own(default: CausalMap) -> None:
    coping = default.factor("ressurser_mestring")
    assert shown_label(coping, "nb", 1) == "Ressurser/ mestring"
    assert shown_label(coping, "en", 1) == shown_label(coping, "en", 4) == "Resources and coping"
    assert shown_label(coping, "nb", 3) == "Ressurser og mestring"


def test_arrows_run_through_few_labels_and_straight_ones_would_through_many(
    default: CausalMap, places: dict[str, tuple[float, float]]
) -> None:
    web = default.at_stage(4)
    found = routes(web, places, LABEL_PX)
    bent, straight = (
        run_through(web, places, {one: route.bend * by for one, route in found.items()}) for by in (1, 0)
    )
    assert bent < 0.5 * straight


def run_through(m: CausalMap, at: dict[str, tuple[float, float]], bends: dict[str, float]) -> int:
    hits = 0
    for link in m.links:
        (x0, y0), (x2, y2) = at[link.source], at[link.target]
        length = ((x2 - x0) ** 2 + (y2 - y0) ** 2) ** 0.5
        x1 = (x0 + x2) / 2 - (y2 - y0) / length * bends[link.id]
        y1 = (y0 + y2) / 2 + (x2 - x0) / length * bends[link.id]
        curve = [
            (
                (1 - t) ** 2 * x0 + 2 * t * (1 - t) * x1 + t**2 * x2,
                (1 - t) ** 2 * y0 + 2 * t * (1 - t) * y1 + t**2 * y2,
            )
            for t in (step / 50 for step in range(51))
        ]
        for factor in m.factors:
            if factor.id not in (link.source, link.target):
                box, (x, y) = label_box(factor, LABEL_PX), at[factor.id]
                hits += any(abs(px - x) < box.width / 2 and abs(py - y) < box.height / 2 for px, py in curve)
    return hits


def test_arrows_end_on_the_sides_of_labels_and_apart(
    default: CausalMap, places: dict[str, tuple[float, float]]
) -> None:
    web = default.at_stage(4)
    found = routes(web, places, LABEL_PX)
    ends: dict[str, list[tuple[float, float]]] = {}
    for link in web.links:
        for factor, end in ((link.source, found[link.id].start), (link.target, found[link.id].end)):
            assert end is not None
            box = label_box(web.factor(factor), LABEL_PX)
            assert min(abs(abs(end[0]) - box.width / 2), abs(abs(end[1]) - box.height / 2)) < 0.1
            ends.setdefault(factor, []).append(end)
    for met in ends.values():
        assert len(set(met)) == len(met)


def test_opposite_and_parallel_links_never_share_a_curve() -> None:
    m = CausalMap.from_links([("a", "b", 1), ("b", "a", -1), ("a", "b", -1)])
    found = routes(m, {"a": (0.0, 0.0), "b": (900.0, 0.0)}, LABEL_PX)
    heights = {found["L1"].bend, -found["L2"].bend, found["L3"].bend}
    assert len(heights) == 3


def test_links_between_equal_places_and_to_oneself_do_no_harm() -> None:
    m = CausalMap.from_links([("a", "b", 1), ("a", "a", 1)])
    assert routes(m, {"a": (5.0, 5.0), "b": (5.0, 5.0)}, LABEL_PX) == {"L1": Route(0.0)}


def test_a_thousand_arrows_get_one_gentle_bend_each() -> None:
    m = random_map(300, 1000, 1)
    found = routes(m, layout(m), LABEL_PX)
    assert len(found) == sum(link.source != link.target for link in m.links)
    assert all(route.bend > 0 for route in found.values())


def test_of_a_text_too_long_to_read_the_beginning_is_drawn():
    lines = wrap_label("Gjeld " * 5000)
    assert len(lines) <= MAX_LINES
    assert lines[-1].endswith("…")
    assert 160 <= len(" ".join(lines)) <= 165
    assert "…" not in "".join(wrap_label("Gjeld " * 26))
    assert len("".join(wrap_label("Gjeld" * 5000))) < 180
