"""Room between labels: which overlap, how far apart they must be, and where a new one fits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..causal_map import CausalMap
from ..model import Link
from .label_boxes import GAP, LABEL_PX, LabelBox, label_box
from .quick_layout import rows_assignment
from .slot_search import Point

_SHAPE_KEPT: Final = 3.0
_WIDEST: Final = 60_000.0
"""No canvas is wider, in pixels; a change may name a place at most 100,000 from the middle."""
_WALL: Final = 16 / 9
_PUSHES: Final = 300
_CROWDED: Final = 60
"""Neighbours of each label, on the average, from which it is quicker to set all of them in rows."""


def overlaps(
    m: CausalMap,
    positions: Mapping[str, Point],
    font_px: float = LABEL_PX,
    gap: float = 0.0,
    stage: int = 4,
) -> list[tuple[str, str]]:
    """Return the pairs of factors whose labels come closer than `gap` pixels.

    Examples
    --------
    >>> m = CausalMap.from_links([("a", "b", 1)])
    >>> overlaps(m, {"a": (0, 0), "b": (10, 10)})
    [('a', 'b')]
    """
    shown = [one for one in positions if m.has_factor(one)]
    boxes = {one: label_box(m.factor(one), font_px, stage) for one in shown}
    at = np.array([positions[one] for one in shown], dtype=float).reshape(-1, 2)
    half = np.array([(boxes[one].width / 2, boxes[one].height / 2) for one in shown]).reshape(-1, 2)
    apart = np.abs(at[:, None, :] - at[None, :, :])
    need = half[:, None, :] + half[None, :, :] + gap
    close = np.triu((apart < need).all(axis=2), k=1)
    return [(shown[one], shown[other]) for one, other in zip(*np.nonzero(close), strict=True)]


def free_from(boxes: Sequence[LabelBox], positions: Sequence[Point]) -> float:
    """Return how many times as far apart the positions must be for no two labels to overlap.

    Infinity when two stand on the same spot. O(n^2), with little memory.

    Examples
    --------
    >>> free_from([LabelBox(100, 40), LabelBox(100, 40)], [(0, 0), (50, 10)])
    2.0
    """
    at = np.array(positions, dtype=float).reshape(-1, 2)
    half = np.array([(box.width / 2, box.height / 2) for box in boxes]).reshape(-1, 2)
    times = 0.0
    for number in range(len(at) - 1):
        apart = np.abs(at[number + 1 :] - at[number])
        need = half[number + 1 :] + half[number]
        close = (apart < need * (1 / max(times, 1e-9))).all(axis=1)
        if close.any():
            with np.errstate(divide="ignore", over="ignore"):
                times = float((need[close] / apart[close]).min(axis=1).max())
    return times


def drawn_apart(boxes: Sequence[LabelBox], positions: Sequence[Point], gap: float = 0.0) -> list[Point]:
    """Return positions at which labels of these sizes can be read, as like the given ones as can be.

    Other tools draw dots, or smaller labels, in units of their own. Positions at which
    all labels are free stay as they are. Up to three times as far apart keeps the shape
    exactly; beyond that each pair that overlaps is pushed apart, and a heap that does not
    come loose is set in rows from the top. What is spread wider than a wall can show is
    drawn together.

    Parameters
    ----------
    boxes, positions : sequences of the same length
        The labels, and the centre of each, in pixels or whatever unit the file had.
    gap : float
        Pixels to keep free between labels that have to be moved.

    Returns
    -------
    list of (x, y)
        In pixels. The same input gives the same answer; O(n^2) at worst.

    Examples
    --------
    >>> drawn_apart([LabelBox(100, 40)] * 2, [(0, 0), (50, 10)])
    [(0.0, 0.0), (100.0, 20.0)]
    """
    at = np.array(positions, dtype=float).reshape(-1, 2)
    far = float(np.abs(at).max(initial=0.0))
    if len(at) < 2:
        return [(0.0, 0.0)] * len(at) if far > _WIDEST else _points(at)
    if far > 1e12:
        at, far = at / far * 1e12, 1e12
    roomy = [LabelBox(box.width + gap, box.height + gap) for box in boxes]
    half = np.array([(box.width, box.height) for box in roomy]) / 2
    middle = at.mean(axis=0)
    span = float(np.ptp(at, axis=0).max())
    room = math.sqrt(4 * float((half * 2).prod(axis=1).sum()))
    widest = min(max(6 * room, 4000.0), _WIDEST)
    needed = free_from(boxes, _points(at))
    if needed <= 1 and span <= widest:
        return _points(at if far <= _WIDEST else at - middle)
    needed = max(needed, free_from(roomy, _points(at)))
    if needed <= _SHAPE_KEPT and needed * span <= widest:
        times = max(needed, 1.0) if span <= widest else widest / span
        return _points(at * times if far * times <= _WIDEST else (at - middle) * times)
    # Divided first: the difference of two large numbers has no digits left for small ones.
    shape = _as_wide_as_a_wall((at - middle) / (span or 1.0))
    for times in (1.0, 1.6, 2.5, 4.0):
        pushed = _pushed_apart(shape * min(max(span, times * room), widest), half)
        if pushed is not None:
            return _points(pushed)
    return _points(_in_rows(shape, half))


def _points(at: NDArray[np.float64]) -> list[Point]:
    return [(round(float(x), 1), round(float(y), 1)) for x, y in at]


def _as_wide_as_a_wall(at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the places stretched towards the shape of a wall, unless they lie nearly on a line."""
    wide, high = np.ptp(at, axis=0)
    if wide > 4 * high or high > 4 * wide or not high:
        return at
    stretch = math.sqrt(_WALL * high / wide)
    return at * (stretch, 1 / stretch)


def _pushed_apart(at: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the places with every overlapping pair moved apart the short way; None when it takes too long."""
    at = at.copy()
    largest = 2 * half.max(axis=0)
    for _ in range(_PUSHES):
        pairs = cKDTree(at / largest).query_pairs(1.0, p=np.inf, output_type="ndarray")
        if len(pairs) > _CROWDED * len(at):
            return None
        one, other = pairs.T
        apart = at[other] - at[one]
        lacking = half[one] + half[other] - np.abs(apart)
        close = (lacking > 0).all(axis=1)
        if not close.any():
            return at
        one, other, apart, lacking = one[close], other[close], apart[close], lacking[close]
        along = (lacking[:, 0] > lacking[:, 1]).astype(int)
        which = np.arange(len(along))
        # Two on the very same spot part in the order of the map.
        way = np.where(apart[which, along] < 0, -1.0, 1.0) * (lacking[which, along] / 2 + 0.5)
        np.add.at(at, (other, along), way)
        np.add.at(at, (one, along), -way)
    return None


def _in_rows(at: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a place in rows for each, the topmost in the first, from left to right."""
    wide, high = 2 * half.max(axis=0)
    columns = max(1, round(math.sqrt(len(at) * high / wide * _WALL)))
    rows = math.ceil(len(at) / columns)
    slots = [((place % columns) * wide, (place // columns) * high) for place in range(rows * columns)]
    found = rows_assignment(at, slots, {})
    return np.array([slots[found[number]] for number in range(len(at))])


def place_new(
    positions: Mapping[str, Point],
    m: CausalMap,
    factor_id: str,
    *,
    width: float = 1920.0,
    height: float = 1080.0,
    font_px: float = LABEL_PX,
) -> Point:
    """Return a free place for one new factor near its neighbours; the others stay.

    Places inside the canvas come first; when it is full, the ring around it. Among
    free places the one with the shortest arrows wins, then the topmost, leftmost.

    Raises
    ------
    ValueError
        When the map has no such factor.

    Examples
    --------
    >>> m = CausalMap.from_links([("a", "b", 1), ("a", "new", 1)])
    >>> place_new({"a": (300, 300), "b": (900, 300)}, m, "new") != (300, 300)
    True
    """
    if not m.has_factor(factor_id):
        raise ValueError(f"factor_id: there is no factor {factor_id!r} in the map")
    box = label_box(m.factor(factor_id), font_px)
    others = [one for one in positions if m.has_factor(one) and one != factor_id]
    near = [
        positions[other]
        for link in (*m.causes_of(factor_id), *m.effects_of(factor_id))
        for other in (_other_end(link, factor_id),)
        if other in positions and other != factor_id
    ]
    goals = np.array(near or [(width / 2, height / 2)], dtype=float)
    at = np.array([positions[one] for one in others], dtype=float).reshape(-1, 2)
    sizes = [label_box(m.factor(one), font_px) for one in others]
    half = np.array([(one.width / 2, one.height / 2) for one in sizes]).reshape(-1, 2)
    gap = GAP * font_px
    step = max(font_px / 2, 4.0)
    ring = 0
    while True:
        margin_x, margin_y = ring * (box.width + gap), ring * (box.height + gap)
        xs = np.arange(box.width / 2 - margin_x, width - box.width / 2 + margin_x + 1, step)
        ys = np.arange(box.height / 2 - margin_y, height - box.height / 2 + margin_y + 1, step)
        grid = np.array([(x, y) for y in ys for x in xs]).reshape(-1, 2)
        for wanted_gap in (gap, gap / 2):
            need = half + np.array([box.width / 2 + wanted_gap, box.height / 2 + wanted_gap])
            taken = np.zeros(len(grid), dtype=bool)
            for place, room in zip(at, need, strict=True):
                taken |= (np.abs(grid - place) < room).all(axis=1)
            free = grid[~taken]
            if len(free):
                cost = np.hypot(*(free[:, None, :] - goals[None, :, :]).transpose(2, 0, 1)).sum(axis=1)
                x, y = free[int(np.argmin(cost.round(3)))]
                return round(float(x), 1), round(float(y), 1)
        ring += 1


def _other_end(link: Link, factor_id: str) -> str:
    return link.target if link.source == factor_id else link.source
