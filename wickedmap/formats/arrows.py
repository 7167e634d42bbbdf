"""The geometry of a curved arrow: from the edge of one label to the edge of another."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
_STEPS: Final = 48


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its centre and half its size."""

    x: float
    y: float
    half_width: float
    half_height: float

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        """Whether a point lies inside, or closer than `margin`."""
        return (
            abs(point[0] - self.x) < self.half_width + margin
            and abs(point[1] - self.y) < self.half_height + margin
        )

    def overlap(self, other: Box) -> float:
        """Return the area that two boxes share."""
        wide = self.half_width + other.half_width - abs(self.x - other.x)
        high = self.half_height + other.half_height - abs(self.y - other.y)
        return max(0.0, wide) * max(0.0, high)


@dataclass(frozen=True, slots=True)
class Curve:
    """A Bezier curve by its four control points."""

    a: Point
    b: Point
    c: Point
    d: Point

    def at(self, t: float) -> Point:
        """Return the point at `t` between 0 and 1."""
        u = 1 - t
        first, second, third, last = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        return (
            first * self.a[0] + second * self.b[0] + third * self.c[0] + last * self.d[0],
            first * self.a[1] + second * self.b[1] + third * self.c[1] + last * self.d[1],
        )

    def direction(self, t: float) -> Point:
        """Return the unit vector along the curve at `t`."""
        before, after = self.at(max(0.0, t - 0.01)), self.at(min(1.0, t + 0.01))
        x, y = after[0] - before[0], after[1] - before[1]
        length = math.hypot(x, y) or 1.0
        return x / length, y / length

    def between(self, start: float, end: float) -> Curve:
        """Return the part of the curve between two values of `t`."""
        return self._after(start)._before((end - start) / (1 - start) if start < 1 else 1.0)

    def _before(self, t: float) -> Curve:
        ab, bc, cd = _mix(self.a, self.b, t), _mix(self.b, self.c, t), _mix(self.c, self.d, t)
        abc, bcd = _mix(ab, bc, t), _mix(bc, cd, t)
        return Curve(self.a, ab, abc, _mix(abc, bcd, t))

    def _after(self, t: float) -> Curve:
        turned = Curve(self.d, self.c, self.b, self.a)._before(1 - t)
        return Curve(turned.d, turned.c, turned.b, turned.a)

    def t_before_end(self, distance: float) -> float:
        """Return the `t` that lies `distance` from the end along the curve."""
        return walks([self])[0].t_before_end(distance)


@dataclass(frozen=True, slots=True)
class Walk:
    """A curve with how far each of its short straight pieces lies from the end.

    Attributes
    ----------
    left : sequence of float
        Way that is left at the end, one piece before it, and so on to the start.
    """

    curve: Curve
    left: Sequence[float]

    @property
    def length(self) -> float:
        """The length of the curve, by its straight pieces."""
        return self.left[-1]

    def t_before_end(self, distance: float) -> float:
        """Return the `t` that lies `distance` from the end along the curve."""
        if distance > self.left[-1]:
            return 0.0
        pieces = max(1, bisect_left(self.left, distance))
        walked = self.left[pieces - 1]
        piece = self.left[pieces] - walked
        return (_STEPS - pieces + 1 - (distance - walked) / (piece or 1.0)) / _STEPS


def points_along(curves: Sequence[Curve], steps: int = _STEPS) -> NDArray[np.float64]:
    """Return points at even steps of `t`, shape (curves, steps + 1, 2)."""
    ends = np.array([(curve.a, curve.b, curve.c, curve.d) for curve in curves], dtype=float).reshape(-1, 4, 2)
    t = np.arange(steps + 1) / steps
    u = 1 - t
    shares = np.stack([u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t])
    return np.asarray(sum(shares[one][None, :, None] * ends[:, one, None, :] for one in range(4)))


def walks(curves: Iterable[Curve]) -> list[Walk]:
    """Return each curve measured along its way, all at once."""
    curves = list(curves)
    if not curves:
        return []
    pieces = np.hypot(*np.diff(points_along(curves), axis=1).transpose(2, 0, 1))
    left = np.cumsum(pieces[:, ::-1], axis=1)
    return [Walk(curve, (0.0, *row)) for curve, row in zip(curves, left.tolist(), strict=True)]


def _mix(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def arrow_curve(
    source: Box, target: Box, bend: float, gap: float, start: Point | None = None, end: Point | None = None
) -> Curve:
    """Return the visible curve between two labels that bulges `bend` pixels to the right of its way.

    `gap` is the distance kept to the target's edge; `start` and `end` are where the
    arrow leaves and meets the labels, from their centres, when that is decided.
    Between overlapping labels the whole curve from centre to centre is returned.
    """
    from_, to = (source.x, source.y), (target.x, target.y)
    length = math.dist(from_, to) or 1.0
    normal = (-(to[1] - from_[1]) / length, (to[0] - from_[0]) / length)
    middle = ((from_[0] + to[0]) / 2 + normal[0] * bend, (from_[1] + to[1]) / 2 + normal[1] * bend)
    first = from_ if start is None else (source.x + start[0], source.y + start[1])
    last = to if end is None else (target.x + end[0], target.y + end[1])
    # The same curve with one control point, raised to four.
    whole = Curve(first, _mix(first, middle, 2 / 3), _mix(last, middle, 2 / 3), last)
    leaves = _leaves(whole, source, 0.0, range(_STEPS + 1)) if start is None else 0.0
    meets = _leaves(whole, target, gap, range(_STEPS, -1, -1)) if end is None else whole.t_before_end(gap)
    return whole.between(leaves, meets) if leaves < meets else whole


def _leaves(curve: Curve, box: Box, margin: float, steps: Sequence[int]) -> float:
    inside = steps[0]
    for step in steps:
        if not box.holds(curve.at(step / _STEPS), margin):
            low, high = inside / _STEPS, step / _STEPS
            for _ in range(12):
                middle = (low + high) / 2
                if box.holds(curve.at(middle), margin):
                    low = middle
                else:
                    high = middle
            return high
        inside = step
    return steps[0] / _STEPS


def self_curve(box: Box, size: float) -> Curve:
    """Return a loop at the upper right corner of a label."""
    x, y = box.x + box.half_width, box.y - box.half_height
    return Curve(
        (x - size * 0.9, y), (x - size * 0.5, y - size * 2), (x + size * 2, y + size * 0.2), (x + 4, y + size)
    )


class Crowd:
    """What is drawn already, in squares, so that a free spot is found without looking at all of it."""

    def __init__(self, size: float) -> None:
        self.size = size
        self._points: dict[tuple[int, int], list[Point]] = {}
        self._boxes: dict[tuple[int, int], list[Box]] = {}

    def add_curve(self, walk: Walk) -> None:
        """Note where a curve runs."""
        steps = max(2, int(walk.length / (self.size * 0.3)))
        for step in range(steps + 1):
            x, y = point = walk.curve.at(step / steps)
            self._points.setdefault((int(x // self.size), int(y // self.size)), []).append(point)

    def add_box(self, box: Box) -> None:
        """Note a rectangle that should stay uncovered."""
        for square in self._squares(box):
            self._boxes.setdefault(square, []).append(box)

    def cost(self, box: Box) -> float:
        """Return how much of what is drawn a rectangle would cover."""
        squares = list(self._squares(box))
        area = 4 * box.half_width * box.half_height
        near = {id(other): other for square in squares for other in self._boxes.get(square, ())}
        covered = sum(box.overlap(other) for other in near.values()) / area
        crossed = sum(box.holds(point) for square in squares for point in self._points.get(square, ()))
        return 8.0 * covered + 0.45 * crossed

    def _squares(self, box: Box) -> list[tuple[int, int]]:
        across = range(
            int((box.x - box.half_width) // self.size), int((box.x + box.half_width) // self.size) + 1
        )
        down = range(
            int((box.y - box.half_height) // self.size), int((box.y + box.half_height) // self.size) + 1
        )
        return [(column, row) for column in across for row in down]


def place_sign(walk: Walk, size: float, width: float, crowd: Crowd | None, bend: float) -> Point:
    """Return where the sign of an arrow stands: beside its head, on whatever is free.

    Parameters
    ----------
    size, width : float
        Height and width of the sign, in pixels.
    crowd : Crowd, optional
        Labels, arrows and signs that it should not cover; the sign is added. Without
        one the sign stands where it is nearest to the head.
    """
    outside = 1.0 if bend >= 0 else -1.0
    curve, length = walk.curve, walk.length
    if crowd is None:
        nearest = _beside(walk, 0.9, size, width, outside)
        return nearest.x, nearest.y
    best, best_cost = Box(*curve.d, width / 2, size / 2), math.inf
    for back in (0.9, 1.2, 1.6, 2.1, 2.7, 3.5):
        if back > 0.9 and back * size > length * 0.7:
            break
        for side in (outside, -outside):
            own = _beside(walk, back, size, width, side)
            cost = back * 0.4 + (0.25 if side != outside else 0.0) + crowd.cost(own)
            if cost < best_cost:
                best, best_cost = own, cost
    crowd.add_box(best)
    return best.x, best.y


def _beside(walk: Walk, back: float, size: float, width: float, side: float) -> Box:
    t = walk.t_before_end(back * size)
    x, y = walk.curve.at(t)
    along = walk.curve.direction(t)
    off = 0.2 * size + 0.42 * size * abs(along[0]) + 0.5 * width * abs(along[1])
    return Box(x - along[1] * off * side, y + along[0] * off * side, width / 2, size * 0.42)
