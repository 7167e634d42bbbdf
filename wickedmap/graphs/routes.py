"""How arrows run: round the labels, apart from each other, each end with room of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..causal_map import CausalMap
from .label_boxes import LabelBox, label_box

Point = tuple[float, float]

_SAMPLES: Final = 25
_SHARES: Final = (0.14, -0.14, 0.07, -0.07, 0.22, -0.22, 0.32, -0.32, 0.45, -0.45)
_GENTLE: Final = 0.12
_SEARCH_UP_TO: Final = 220
_ROOM: Final = 1.05
_CROSSING: Final = 0.8
_COVERING: Final = 1.0
_EVERY: Final = 4
_CORNER: Final = 0.55


@dataclass(frozen=True, slots=True)
class Route:
    """How one arrow is drawn.

    Attributes
    ----------
    bend : float
        How far the control point of the curve lies off the middle of the straight
        line between the two centres, in pixels; to the right of the direction of
        travel when positive (y points down).
    start, end : (float, float) or None
        Where the arrow leaves and meets the labels, from their centres; None lets
        the canvas decide.
    """

    bend: float
    start: Point | None = None
    end: Point | None = None


def routes(
    m: CausalMap, positions: Mapping[str, Point], font_px: float, boxes: Mapping[str, LabelBox] | None = None
) -> dict[str, Route]:
    """Return how each link is drawn between labels that stand at `positions`.

    Each link in turn, the shortest first, takes the gentlest curve that touches
    fewest other labels, stays on the canvas, and neither crosses nor covers other
    curves more than it must. Then the ends are spread along the sides of each label,
    so that arrowheads and signs do not lie on each other. Opposite and parallel links never share a
    curve. Maps of more than 220 links get one gentle bend each.

    `boxes` gives the labels' sizes when they are not those of the whole map.

    Notes
    -----
    O(links * (labels + links)) numpy rows. Self-links have no route.

    Examples
    --------
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "a", -1)])
    >>> found = routes(m, {"a": (0, 0), "b": (900, 0)}, 28)
    >>> found["L1"].bend == found["L2"].bend > 0
    True
    """
    shown = [factor for factor in m.factors if factor.id in positions]
    sizes = tuple(boxes[factor.id] if boxes else label_box(factor, font_px) for factor in shown)
    index = {factor.id: number for number, factor in enumerate(shown)}
    ends = tuple(
        (link.id, index[link.source], index[link.target])
        for link in m.links
        if link.source != link.target and link.source in index and link.target in index
    )
    return dict(_routes(ends, tuple(positions[factor.id] for factor in shown), sizes, font_px))


# A note or a spotlight draws the same arrows again: only what they depend on is the key.
@lru_cache(maxsize=64)
def _routes(
    links: tuple[tuple[str, int, int], ...],
    places: tuple[Point, ...],
    boxes: tuple[LabelBox, ...],
    font_px: float,
) -> Mapping[str, Route]:
    at = np.array(places, dtype=float).reshape(-1, 2)
    ends = {one: (source, target) for one, source, target in links}
    length = {one: float(np.hypot(*(at[target] - at[source]))) for one, (source, target) in ends.items()}
    if len(ends) > _SEARCH_UP_TO:
        return {one: Route(round(_GENTLE * length[one], 1)) for one in ends}
    curves, bends = _curves(ends, length, at, boxes, font_px)
    ports = _ports(ends, curves, at, boxes, font_px)
    return {
        one: Route(bends[one], ports.get((one, source)), ports.get((one, target)))
        for one, (source, target) in ends.items()
    }


def _curves(
    ends: Mapping[str, tuple[int, int]],
    length: Mapping[str, float],
    at: NDArray[np.float64],
    boxes: Sequence[LabelBox],
    font_px: float,
) -> tuple[dict[str, NDArray[np.float64]], dict[str, float]]:
    half = np.array([(box.width / 2, box.height / 2) for box in boxes]).reshape(-1, 2)
    low, high = (at - half).min(axis=0, initial=np.inf), (at + half).max(axis=0, initial=-np.inf)
    part = np.linspace(0.0, 1.0, _SAMPLES)[:, None]
    order = sorted((one for one in ends if length[one] >= 1.0), key=lambda link: (length[link], link))
    choices: dict[str, NDArray[np.float64]] = {}
    alone: dict[str, NDArray[np.float64]] = {}
    for one in order:
        source, target = ends[one]
        step = at[target] - at[source]
        normal = np.array([-step[1], step[0]]) / length[one]
        others = np.ones(len(at), dtype=bool)
        others[[source, target]] = False
        curves, costs = [], []
        for share in _SHARES:
            control = (at[source] + at[target]) / 2 + normal * share * length[one]
            curve = (1 - part) ** 2 * at[source] + 2 * part * (1 - part) * control + part**2 * at[target]
            curves.append(curve)
            costs.append(
                9.0 * _touched(curve, at[others], half[others] + font_px * 0.3)
                + 2.0 * _outside(curve, low - font_px, high + font_px) / font_px
                + 5.0 * abs(share)
                + (0.3 if share < 0 else 0.0)
            )
        choices[one], alone[one] = np.array(curves), np.array(costs)
    picked: dict[str, int] = {}
    # A second round lets the first ones give way to those that came after.
    for _ in range(2):
        for one in order:
            total = alone[one]
            rest = [choices[other][picked[other]] for other in picked if other != one]
            if rest:
                total = total + _company(choices[one], np.array(rest), font_px)
            picked[one] = int(np.argmin(np.round(total, 6)))
    bends = dict.fromkeys(ends, 0.0)
    bends |= {one: round(_SHARES[number] * length[one], 1) for one, number in picked.items()}
    return {one: choices[one][number] for one, number in picked.items()}, bends


def _touched(curve: NDArray[np.float64], at: NDArray[np.float64], half: NDArray[np.float64]) -> float:
    """Return how much of other labels a curve runs through."""
    inside = (np.abs(curve[:, None, :] - at[None, :, :]) < half[None, :, :]).all(axis=2)
    runs = inside.sum(axis=0)
    return float(np.count_nonzero(runs) * 0.6 + runs.sum() * 0.25)


def _outside(curve: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """Return how far a curve swings out of the rectangle that all labels fill, in pixels."""
    return float(np.maximum(low - curve, 0).max() + np.maximum(curve - high, 0).max())


def _company(curves: NDArray[np.float64], drawn: NDArray[np.float64], font_px: float) -> NDArray[np.float64]:
    """Return for each possible curve how much it crosses the drawn ones and lies on them.

    `curves` has shape (curves, points, 2), `drawn` (others, points, 2).
    """
    few, many = curves[:, None, ::_EVERY], drawn[None, :, ::_EVERY]
    gap = np.abs(many[:, :, 1:-1] - few[:, :, 1:-1]).max(axis=3)
    turned = np.abs(many[:, :, 1:-1] - few[:, :, -2:0:-1]).max(axis=3)
    close = (gap < font_px * 0.8).sum(axis=(1, 2)) + (turned < font_px * 0.8).sum(axis=(1, 2))
    crossed = _crossed(few[:, :, :, None], many[:, :, None, :]).sum(axis=(1, 2, 3))
    cost: NDArray[np.float64] = _COVERING * close + _CROSSING * crossed
    return cost


def _crossed(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which pieces of polylines cross, shape (curves, others, pieces, pieces)."""
    a, b = one[:, :, :-1], one[:, :, 1:]
    c, d = other[:, :, :, :-1], other[:, :, :, 1:]

    def turn(p: NDArray[np.float64], q: NDArray[np.float64], r: NDArray[np.float64]) -> NDArray[np.float64]:
        ahead, aside = q - p, r - p
        found: NDArray[np.float64] = ahead[..., 0] * aside[..., 1] - ahead[..., 1] * aside[..., 0]
        return found

    return (turn(a, b, c) * turn(a, b, d) < 0) & (turn(c, d, a) * turn(c, d, b) < 0)


def _ports(
    ends: Mapping[str, tuple[int, int]],
    curves: Mapping[str, NDArray[np.float64]],
    at: NDArray[np.float64],
    boxes: Sequence[LabelBox],
    font_px: float,
) -> dict[tuple[str, int], Point]:
    """Return where links meet labels, by link and label: spread along each side."""
    sides: dict[tuple[int, int, float], list[tuple[float, float, str]]] = defaultdict(list)
    for one, curve in curves.items():
        source, target = ends[one]
        for number, path in ((source, curve), (target, curve[::-1])):
            box = boxes[number]
            met = _leaving(path - at[number], box)
            if met is None:
                continue
            point, beyond, axis, sign = met
            along = 1 - axis
            # Two that meet a side in one point go on in the order in which they come.
            order = float(point[along] + 0.3 * (beyond[along] - point[along]))
            sides[number, axis, sign].append((order, float(point[along]), one))
    found: dict[tuple[str, int], Point] = {}
    for (number, axis, side), entries in sides.items():
        box = boxes[number]
        half = (box.width / 2, box.height / 2)
        entries.sort()
        reach = max(half[1 - axis] - _CORNER * font_px, 0.0)
        spread = _spread([wanted for _, wanted, _ in entries], _ROOM * font_px, reach)
        for (_, _, one), place in zip(entries, spread, strict=True):
            edge, beside = round(side * half[axis], 1), round(place, 1)
            found[one, number] = (edge, beside) if axis == 0 else (beside, edge)
    return found


def _leaving(
    path: NDArray[np.float64], box: LabelBox
) -> tuple[NDArray[np.float64], NDArray[np.float64], int, float] | None:
    """Return where a path from a label's centre leaves it, a point further out, and the side."""
    half = np.array([box.width / 2, box.height / 2])
    out = np.nonzero((np.abs(path) > half).any(axis=1))[0]
    if not len(out) or out[0] == 0:
        return None
    inner, outer = path[out[0] - 1], path[out[0]]
    step = outer - inner
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(step != 0, (np.sign(step) * half - inner) / step, np.inf)
    part[np.abs(outer) <= half] = np.inf
    axis = int(np.argmin(part))
    point = inner + step * part[axis]
    beyond = path[min(int(out[0]) + 4, len(path) - 1)]
    return point, beyond, axis, float(np.sign(outer[axis]))


def _spread(wanted: Sequence[float], room: float, reach: float) -> list[float]:
    """Return places at least `room` apart within ±`reach`, moved as little as can be.

    Closer than `room` only when the side is too short for all; then evenly. Least
    squares by pooling neighbours (Kruskal 1964).
    """
    count = len(wanted)
    if count > 1 and room * (count - 1) > 2 * reach:
        return [reach * (2 * number / (count - 1) - 1) for number in range(count)]
    groups: list[tuple[float, int]] = []
    for number, place in enumerate(wanted):
        groups.append((place - number * room, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (second, many), (first, some) = groups.pop(), groups.pop()
            groups.append(((first * some + second * many) / (some + many), some + many))
    flat = [start for start, many in groups for _ in range(many)]
    span = room * (count - 1)
    return [min(max(start, -reach), reach - span) + number * room for number, start in enumerate(flat)]
