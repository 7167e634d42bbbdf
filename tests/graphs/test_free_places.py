"""Room between labels that other tools have placed in units of their own."""

from __future__ import annotations

import math

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wickedmap import default_map
from wickedmap.graphs.free_places import drawn_apart, free_from
from wickedmap.graphs.label_boxes import LABEL_PX, LabelBox, label_box

sizes = st.builds(LabelBox, st.floats(20, 600), st.floats(20, 200))
numbers = st.one_of(
    st.floats(-1, 1),
    st.floats(-2000, 2000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 5e-324, -1e308, 1e308, 1e9]),
)
crowds = st.lists(st.tuples(sizes, st.tuples(numbers, numbers)), max_size=25)


@settings(max_examples=300, deadline=None)
@given(crowds, st.sampled_from([0.0, 25.0]))
def test_wherever_they_stood_no_two_labels_overlap_and_none_is_out_of_reach(crowd, gap):
    boxes, positions = [box for box, _ in crowd], [at for _, at in crowd]
    placed = drawn_apart(boxes, positions, gap)
    assert len(placed) == len(crowd)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in placed)
    assert all(abs(x) <= 100_000 and abs(y) <= 100_000 for x, y in placed)
    # Whole tenths of a pixel are kept, so two labels may share one.
    assert free_from([LabelBox(box.width - 0.3, box.height - 0.3) for box in boxes], placed) <= 1


def test_places_at_which_all_can_be_read_stay():
    m = default_map()
    boxes = [label_box(factor, LABEL_PX) for factor in m.factors]
    positions = [(number % 5 * 400.0 - 700, number // 5 * 200.0 - 300) for number in range(len(boxes))]
    assert drawn_apart(boxes, positions, 25.0) == positions
    assert drawn_apart(boxes[:1], [(-7.0, 3.0)]) == [(-7.0, 3.0)]
    assert drawn_apart([], []) == []


def test_a_little_too_close_keeps_the_shape():
    boxes = [LabelBox(100, 40)] * 3
    placed = drawn_apart(boxes, [(0, 0), (50, 0), (50, 200)])
    assert placed == [(0.0, 0.0), (100.0, 0.0), (100.0, 400.0)]


@pytest.mark.parametrize("scale", [1e-9, 1.0, 100.0])
def test_the_unit_of_the_other_tool_makes_no_difference(scale):
    m = default_map()
    boxes = [label_box(factor, LABEL_PX) for factor in m.factors]
    at = nx.circular_layout(m.to_networkx())
    circle = [(float(at[factor.id][0]), float(at[factor.id][1])) for factor in m.factors]
    placed = drawn_apart(boxes, [(x * scale, y * scale) for x, y in circle], 25.0)
    assert free_from(boxes, placed) <= 1
    assert max(math.dist(p, q) for p in placed for q in placed) < 6000
    # Who stood clearly to the left or above still does.
    for (x, y), (left, top) in zip(circle, placed, strict=True):
        for (other_x, other_y), (other_left, other_top) in zip(circle, placed, strict=True):
            assert not (x < other_x - 0.4 and left > other_left)
            assert not (y < other_y - 0.4 and top > other_top)


@pytest.mark.parametrize("count", [300, 2000])
def test_a_heap_is_set_in_rows(count):
    boxes = [LabelBox(250, 90)] * count
    placed = drawn_apart(boxes, [(3.0, 3.0)] * count, 25.0)
    assert free_from(boxes, placed) <= 1
    assert len(set(placed)) == count
