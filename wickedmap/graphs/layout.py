"""Where the factors stand: calm, stable positions in which no two labels overlap.

A position is the centre of a factor's label in canvas pixels, x to the right and y
down. The wall is 1920 x 1080 unless told otherwise; a map too big for it gets a
larger canvas of the same shape, and the screen zooms out.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..causal_map import CausalMap
from ..model import Factor
from ..text import Texts
from .label_boxes import GAP, LABEL_PX, LabelBox, label_box
from .quick_layout import pivot_positions, rows_assignment
from .signed import MapOrGraph, read_signed
from .slot_search import OVERLAP, Pair, Point, View, anneal, first_assignment, shorten, stress_positions

_STAR_SCALE: Final = 36.0 / LABEL_PX
"""Boxes of the star are kept apart at this size, so that it can be shown larger."""

_BALANCE: Final = 12.0
_ANNEAL_UP_TO: Final = 60
_SEARCH_UP_TO: Final = 300


def never() -> bool:
    """Return False: nothing stops the work."""
    return False


def layout(
    m: MapOrGraph,
    *,
    width: float = 1920.0,
    height: float = 1080.0,
    font_px: float = LABEL_PX,
    fixed: Mapping[Any, Point] | None = None,
    centre: Hashable | None = None,
    stop: Callable[[], bool] = never,
) -> dict[Any, Point]:
    """Return a position for every factor, so that labels never overlap.

    The focal problem (else nothing) stands in the middle, and the factors of the
    early stages where a large star and the whole web both come out well, so that a
    factor has one place from stage 2 to 4. The same input gives the same answer.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
        Labels are measured in every language they have.
    width, height : float
        Canvas in pixels. Grows at the same shape when the labels need it.
    font_px : float
        Label size in pixels.
    fixed : mapping of factor to (x, y), optional
        Factors that stay where they are; the others keep clear of them.
    centre : factor, optional
        Put this factor in the middle, its causes to the left, its effects to the
        right, and the rest further out by steps.
    stop : callable, optional
        Asked now and then; returning True ends the work with `InterruptedError`.

    Returns
    -------
    dict of factor to (x, y)
        Whole pixels; in the order of the map's factors.

    Raises
    ------
    ValueError
        For a size that is not above 0, or a factor in `fixed` or `centre` that is
        not in the map.

    Notes
    -----
    Up to 60 factors: simulated annealing over a brick pattern of places, counting
    crossings, arrows through labels, and length. Up to 300: stress layout, assignment
    to places (O(n^3)) and exchanges of neighbours. Above: distances to some factors
    only, sorted into rows, and fewer exchanges the more links there are.

    Examples
    --------
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "c", -1)])
    >>> places = layout(m)
    >>> sorted(places), layout(m) == places
    (['a', 'b', 'c'], True)
    """
    for name, value in (("width", width), ("height", height), ("font_px", font_px)):
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name}: {value!r} is not a size above 0")
    signed = read_signed(m)
    ids = signed.factors
    if not ids:
        return {}
    factors = _factors(m, ids, signed.labels)
    boxes = [label_box(factor, font_px) for factor in factors]
    keep = {signed.index_of(one, "fixed"): _point(at, one) for one, at in (fixed or {}).items()}
    focal = m.focal if isinstance(m, CausalMap) else ""
    middle = signed.index_of(centre, "centre") if centre is not None else None
    if middle is None and focal:
        middle = signed.index_of(focal)
    if middle in keep:
        middle = None
    pairs = _pairs((link.source, link.target) for link in signed.links)
    slots, held, size = _slots(boxes, keep, middle, width, height, font_px)
    frozen = frozenset(held)
    if len(ids) > _SEARCH_UP_TO:
        place = rows_assignment(pivot_positions(len(ids), pairs), slots, held)
        rounds = max(1, min(6, 20_000 // max(len(pairs), 1)))
        place = shorten(pairs, slots, place, frozen, rounds=rounds, stop=stop)
        return _in_order(m, {one: slots[place[number]] for number, one in enumerate(ids)})
    place = first_assignment(stress_positions(len(ids), pairs, size[0] / size[1]), slots, held)
    if len(slots) <= _ANNEAL_UP_TO:
        wish = (
            _around(middle, slots, [(link.source, link.target) for link in signed.links], len(ids), size)
            if centre is not None and middle is not None
            else _clear_of_focal(m, signed.index_of, slots, boxes, font_px)
        )
        views = _views(m, signed.index_of, pairs, boxes, font_px, len(ids), centred=centre is not None)
        steps = min(26_000, 1_200 * len(ids))
        place = anneal(views, slots, place, frozen, wish, steps=steps, stop=stop)
    else:
        place = shorten(pairs, slots, place, frozen, rounds=6, stop=stop)
    return _in_order(m, {one: slots[place[number]] for number, one in enumerate(ids)})


def _in_order(m: MapOrGraph, places: Mapping[Any, Point]) -> dict[Any, Point]:
    order = [factor.id for factor in m.factors] if isinstance(m, CausalMap) else list(m.nodes)
    return {one: places[one] for one in order}


def _factors(m: MapOrGraph, ids: Sequence[Any], labels: Sequence[str]) -> list[Factor]:
    if isinstance(m, CausalMap):
        return [m.factor(one) for one in ids]
    return [Factor(id=str(number), labels=Texts(nb=label or "?")) for number, label in enumerate(labels)]


def _point(at: Point, one: object) -> Point:
    x, y = at
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"fixed: the position of {one!r} is not two finite numbers")
    return float(x), float(y)


def _pairs(ends: Any) -> list[Pair]:
    return sorted({(min(pair), max(pair)) for pair in ends if pair[0] != pair[1]})


def _views(
    m: MapOrGraph,
    index_of: Callable[[Hashable], int],
    pairs: Sequence[Pair],
    boxes: Sequence[LabelBox],
    font_px: float,
    size: int,
    *,
    centred: bool,
) -> list[View]:
    """Return the pictures one set of places must serve: the web, and the large star."""
    gap = GAP * font_px
    whole = tuple(range(size))
    web_factors, web_pairs = whole, tuple(pairs)
    star: View | None = None
    if isinstance(m, CausalMap) and m.focal and not centred:
        focal = index_of(m.focal)
        web_factors = tuple(one for one in whole if one != focal)
        web_pairs = tuple(pair for pair in pairs if focal not in pair)
        part = m.at_stage(3)
        shown = tuple(index_of(factor.id) for factor in part.factors)
        star = View(
            shown,
            tuple(_pairs((index_of(link.source), index_of(link.target)) for link in part.links)),
            _largest([boxes[one] for one in shown if one != focal], 1.5 * font_px * _STAR_SCALE, _STAR_SCALE),
            balance=_BALANCE,
        )
    views = [View(web_factors, web_pairs, _largest([boxes[one] for one in web_factors], gap * 0.3, 1.0))]
    if star is not None and len(star.factors) < size:
        views.append(star)
    return views


def _clear_of_focal(
    m: MapOrGraph,
    index_of: Callable[[Hashable], int],
    slots: Sequence[Point],
    boxes: Sequence[LabelBox],
    font_px: float,
) -> NDArray[np.float64] | None:
    """Return a cost for factors of the star in places that its large middle needs."""
    if not isinstance(m, CausalMap) or not m.focal:
        return None
    cost = np.zeros((len(boxes), len(slots)))
    focal = index_of(m.focal)
    at = np.array(slots)
    middle = at.mean(axis=0)
    room = 2.7 * font_px
    for factor in m.at_stage(3).factors:
        one = index_of(factor.id)
        if one == focal:
            continue
        wide = (boxes[one].width + boxes[focal].width) / 2 * _STAR_SCALE + room
        high = (boxes[one].height + boxes[focal].height) / 2 * _STAR_SCALE + room
        cost[one, (np.abs(at[:, 0] - middle[0]) < wide) & (np.abs(at[:, 1] - middle[1]) < high)] = 5 * OVERLAP
    return cost


def _largest(boxes: Sequence[LabelBox], gap: float, grown: float) -> tuple[float, float]:
    if not boxes:
        return (1.0, 1.0)
    return (
        max(box.width for box in boxes) * grown + gap,
        max(box.height for box in boxes) * grown + gap,
    )


def brick(count: int, columns: int) -> list[int]:
    """Return how many places each row has, rows of `columns` and one less in turn.

    Examples
    --------
    >>> brick(22, 5)
    [5, 4, 5, 4, 5]
    """
    rows: list[int] = []
    while sum(rows) < count:
        rows.append(columns if len(rows) % 2 == 0 or columns == 1 else columns - 1)
    return rows


def _slots(
    boxes: Sequence[LabelBox],
    keep: Mapping[int, Point],
    middle: int | None,
    width: float,
    height: float,
    font_px: float,
) -> tuple[list[Point], dict[int, int], Point]:
    """Return the places, who already has which, and the size of the canvas."""
    gap = GAP * font_px
    widest, highest = max(box.width for box in boxes) + gap, max(box.height for box in boxes) + gap
    common = (
        float(np.percentile([box.width for box in boxes], 80)),
        float(np.percentile([box.height for box in boxes], 80)),
    )
    wanted = len(boxes) - len(keep)
    spare = 0
    while True:
        rows = _best_rows(wanted + spare, common, width, height, odd=middle is not None)
        columns = max(rows, default=1)
        grow = max(widest * columns / width, highest * max(len(rows), 1) / height, 1.0)
        size = (width * grow, height * grow)
        cell_w, cell_h = size[0] / columns, size[1] / max(len(rows), 1)
        grid = [
            (round((number + (columns - length) / 2 + 0.5) * cell_w, 1), round((row + 0.5) * cell_h, 1))
            for row, length in enumerate(rows)
            for number in range(length)
        ]
        free = [
            at
            for at in grid
            if not any(
                abs(at[0] - x) < (widest + boxes[one].width) / 2
                and abs(at[1] - y) < (highest + boxes[one].height) / 2
                for one, (x, y) in keep.items()
            )
        ]
        if len(free) >= wanted:
            break
        spare += max(1, wanted - len(free))
    slots = [*free, *keep.values()]
    held = {one: len(free) + number for number, one in enumerate(keep)}
    if middle is not None:
        centre = (size[0] / 2, size[1] / 2)
        held[middle] = min(range(len(free)), key=lambda slot: (math.dist(free[slot], centre), slot))
    return slots, held, size


def _best_rows(count: int, common: Point, width: float, height: float, *, odd: bool) -> list[int]:
    """Return the brick pattern that leaves arrows the most room; `odd` needs a centre."""
    best, best_room = [1] * count, -1.0
    for columns in range(1, count + 1):
        rows = brick(count, columns)
        if odd:
            if len(rows) % 2 == 0:
                rows.append(columns if columns == 1 or len(rows) % 2 == 0 else columns - 1)
            if rows[len(rows) // 2] % 2 == 0:
                continue
        room = min(width / columns / (common[0] * 1.3), height / len(rows) / (common[1] * 1.75))
        if room > best_room:
            best, best_room = rows, room
    return best


def _around(
    middle: int, slots: Sequence[Point], ends: Sequence[Pair], size: int, canvas: Point
) -> NDArray[np.float64]:
    """Return what each place costs a factor when `middle` is looked at.

    Neighbours stand closest, causes to the left and effects to the right; the rest
    further out by the number of links between.
    """
    beside: list[set[int]] = [set() for _ in range(size)]
    for one, other in ends:
        beside[one].add(other)
        beside[other].add(one)
    steps = [size] * size
    steps[middle] = 0
    queue = deque([middle])
    while queue:
        one = queue.popleft()
        for other in sorted(beside[one]):
            if steps[other] == size:
                steps[other] = steps[one] + 1
                queue.append(other)
    causes = {one for one, other in ends if other == middle}
    effects = {other for one, other in ends if one == middle}
    cost = np.zeros((size, len(slots)))
    for slot, (x, y) in enumerate(slots):
        across, down = x / canvas[0] * 2 - 1, y / canvas[1] * 2 - 1
        far = math.hypot(across, down)
        for one in range(size):
            cost[one, slot] = 60.0 * far / min(max(steps[one], 1), 4) ** 1.5
            if (one in causes) != (one in effects):
                cost[one, slot] += 25.0 * max(0.0, across if one in causes else -across)
    return cost
