"""Where the factors stand: calm, stable positions in which no two labels overlap.

A position is the centre of a factor's label in canvas pixels, x to the right and y
down. The wall is 1920 x 1080 unless told otherwise; a map too big for it gets a
larger canvas of the same shape, and the screen zooms out.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..causal_map import CausalMap
from ..model import Factor, Link
from ..text import Texts
from .label_boxes import LabelBox, even_boxes, label_box
from .quick_layout import pivot_positions, rows_assignment
from .signed import MapOrGraph, read_signed
from .slot_search import OVERLAP, Pair, Point, View, anneal, first_assignment, shorten, stress_positions

LABEL_PX: Final = 28.0
"""Label size at which the 21 factors of the default map fill a 1080p wall."""

STAGE_PX: Final = {1: 44.0, 2: 40.0, 3: 38.0, 4: LABEL_PX}
"""Label size of each stage of the reveal at 1080p: few factors are shown large."""

_STAR_SCALE: Final = 36.0 / LABEL_PX
"""Boxes of the star are kept apart at this size, so that it can be shown larger."""

_BALANCE: Final = 12.0
_ANNEAL_UP_TO: Final = 60
_SEARCH_UP_TO: Final = 300
_GAP: Final = 0.9


@dataclass(frozen=True)
class Arrangement:
    """Positions for one stage, with the label size they were made for.

    Attributes
    ----------
    positions : dict of str to (float, float)
        Centre of every factor shown, in canvas pixels.
    font_px : float
        Label size in canvas pixels.
    centre : str
        The factor in the middle, or ``""``.
    width, height : float
        The canvas that `positions` fill.
    """

    positions: dict[str, Point]
    font_px: float
    centre: str
    width: float
    height: float


def _never() -> bool:
    return False


def layout(
    m: MapOrGraph,
    *,
    width: float = 1920.0,
    height: float = 1080.0,
    font_px: float = LABEL_PX,
    fixed: Mapping[Any, Point] | None = None,
    centre: Hashable | None = None,
    stop: Callable[[], bool] = _never,
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
    gap = _GAP * font_px
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
    gap = _GAP * font_px
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


def arrangement(
    m: CausalMap,
    stage: int,
    centre: str | None = None,
    *,
    width: float = 1920.0,
    height: float = 1080.0,
    fixed: Mapping[str, Point] | None = None,
    positions: Mapping[str, Point] | None = None,
    stop: Callable[[], bool] = _never,
) -> Arrangement:
    """Return the positions and label size of one stage of the reveal.

    Stage 1 is a list in tidy columns, stage 2 a star with the focal problem in the
    middle, stage 3 the same places with the causes linked, stage 4 the web. The
    places of stages 2-4 are the same as long as no other `centre` is chosen.

    Parameters
    ----------
    stage : int
        1-4.
    centre : str, optional
        Factor to put in the middle instead, with its neighbours around it.
    fixed : mapping, optional
        Positions that the facilitator has chosen; not used for a list or a centre.
    positions : mapping, optional
        What `layout` answered for the same map, so that it is not computed again.

    Raises
    ------
    ValueError
        For another stage, or a `centre` that this stage does not show.
    """
    part = m.at_stage(stage)
    if centre is not None and not part.has_factor(centre):
        raise ValueError(f"centre: stage {stage} does not show a factor {centre!r}")
    font_px = STAGE_PX[stage] * min(width / 1920, height / 1080)
    if stage == 1:
        return Arrangement(_columns(part, width, height, font_px), font_px, "", width, height)
    if centre is not None and centre != m.focal:
        found = layout(part, width=width, height=height, font_px=font_px, centre=centre, stop=stop)
        return _arranged(found, font_px, centre, part, width, height)
    base = font_px if stage == 4 else LABEL_PX * min(width / 1920, height / 1080)
    if positions is None or any(factor.id not in positions for factor in part.factors):
        positions = layout(m, width=width, height=height, font_px=base, fixed=fixed, stop=stop)
    chosen = {factor.id: positions[factor.id] for factor in part.factors}
    while font_px > base and overlaps(part, chosen, font_px, font_px / 2, stage):
        font_px = max(base, font_px - 2.0)
    return _arranged(chosen, font_px, m.focal if stage < 4 else "", part, width, height)


def _arranged(
    found: Mapping[str, Point], font_px: float, centre: str, part: CausalMap, width: float, height: float
) -> Arrangement:
    for one, (x, y) in found.items():
        box = label_box(part.factor(one), font_px)
        grow = max((x + box.width / 2) / width, (y + box.height / 2) / height, 1.0)
        width, height = width * grow, height * grow
    return Arrangement(dict(found), font_px, centre, width, height)


def _columns(part: CausalMap, width: float, height: float, font_px: float) -> dict[str, Point]:
    """Stand the factors in columns, read downwards, in the order of the source."""
    count = len(part.factors)
    if not count:
        return {}
    box = even_boxes([label_box(factor, font_px, 1) for factor in part.factors])[0]
    cell_w, cell_h = box.width + 2.2 * font_px, box.height + 1.1 * font_px
    rows = max(1, min(count, math.floor(height / cell_h), math.ceil(count / 2)))
    rows = max(rows, math.ceil(count / max(1, math.floor(width / cell_w)))) if count > 1 else 1
    columns = math.ceil(count / rows)
    left, top = (width - (columns - 1) * cell_w) / 2, (height - (rows - 1) * cell_h) / 2
    return {
        factor.id: (round(left + (number // rows) * cell_w, 1), round(top + (number % rows) * cell_h, 1))
        for number, factor in enumerate(part.factors)
    }


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
    gap = _GAP * font_px
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
