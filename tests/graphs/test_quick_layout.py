from __future__ import annotations

import math
import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wickedmap import CausalMap
from wickedmap.graphs.free_places import overlaps
from wickedmap.graphs.label_boxes import LABEL_PX
from wickedmap.graphs.layout import layout
from wickedmap.graphs.quick_layout import pivot_positions, rows_assignment


def clustered(groups: int, each: int) -> CausalMap:
    """Groups with many links inside and four to the next, in an order that tells nothing."""
    chance = random.Random(1)
    links = set()
    for group in range(groups):
        for other, count in ((group, each * 2), ((group + 1) % groups, 4)):
            for _ in range(count):
                ends = (f"g{group}-{chance.randrange(each)}", f"g{other}-{chance.randrange(each)}")
                links.add(ends) if ends[0] != ends[1] else None
    factors = [f"g{group}-{number}" for group in range(groups) for number in range(each)]
    chance.shuffle(factors)
    return CausalMap.from_links([(*ends, 1) for ends in sorted(links)], factors=factors)


def test_a_large_map_has_no_overlaps_and_stands_in_its_groups():
    m = clustered(10, 40)
    places = layout(m)
    assert overlaps(m, places, LABEL_PX) == []
    near = [math.dist(places[link.source], places[link.target]) for link in m.links]
    shuffled = list(places.values())
    random.Random(2).shuffle(shuffled)
    anywhere = dict(zip(places, shuffled, strict=True))
    far = [math.dist(anywhere[link.source], anywhere[link.target]) for link in m.links]
    assert sum(near) < 0.4 * sum(far)
    assert layout(m) == places


def test_fixed_factors_of_a_large_map_stay_and_the_others_keep_clear():
    m = clustered(8, 50)
    fixed = dict(list(layout(m).items())[:100])
    places = layout(m, fixed=fixed)
    assert {one: places[one] for one in fixed} == fixed
    assert overlaps(m, places, LABEL_PX) == []


def test_positions_of_a_path_lie_in_its_order():
    found = pivot_positions(30, [(one, one + 1) for one in range(29)])[:, 0]
    assert (np.diff(found) > 0).all() or (np.diff(found) < 0).all()


def test_factors_without_links_and_two_components_have_finite_positions():
    assert np.isfinite(pivot_positions(5, [])).all()
    assert np.isfinite(pivot_positions(1, [])).all()
    assert np.isfinite(pivot_positions(6, [(0, 1), (2, 3)])).all()


@settings(deadline=None)
@given(
    points=st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=30),
    spare=st.integers(0, 9),
    columns=st.integers(1, 6),
)
def test_every_factor_gets_a_place_of_its_own(points, spare, columns):
    slots = [(float(n % columns), float(n // columns)) for n in range(len(points) + spare)]
    held = {0: len(slots) - 1}
    place = rows_assignment(np.array(points), slots, held)
    assert place[0] == len(slots) - 1
    assert sorted(place) == list(range(len(points)))
    assert len(set(place.values())) == len(points)
