"""Room between labels: which overlap, how far apart they must be, and where a new one fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..causal_map import CausalMap
from ..model import Link
from .label_boxes import GAP, LABEL_PX, LabelBox, label_box
from .slot_search import Point


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
            with np.errstate(divide="ignore"):
                times = float((need[close] / apart[close]).min(axis=1).max())
    return times


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
