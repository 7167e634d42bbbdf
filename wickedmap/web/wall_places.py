"""Where factors stand in a picture that shows only some of them: as on the map, with the gaps closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..causal_map import CausalMap
from ..graphs.label_boxes import LabelBox, label_box
from ..graphs.layout import layout

Point = tuple[float, float]

_BESIDE: Final = 3.4
_BELOW: Final = 1.7
"""Room between labels for arrows and their signs, in sizes of the label."""


def spread_out(
    m: CausalMap, positions: Mapping[str, Point], width: float, height: float, sizes: Sequence[float]
) -> tuple[dict[str, Point], float]:
    """Return places that fill a picture, and the size of its labels.

    What stands above or to the left of something on the map does so here too, so that
    people find it again.

    Parameters
    ----------
    m : CausalMap
        The factors to be shown.
    positions : mapping of factor id to (x, y)
        Where they stand on the whole map.
    width, height : float
        The picture, in pixels.
    sizes : sequence of float
        Label sizes to try, the largest first. When not even the last one leaves room,
        the places are made anew, larger than the picture if they must be.

    Examples
    --------
    >>> m = CausalMap.from_links([("a", "b", 1)])
    >>> places, size = spread_out(m, {"a": (100, 100), "b": (1800, 900)}, 1000, 500, (40, 28))
    >>> size, places["a"][0] < places["b"][0], places["a"][1] < places["b"][1]
    (40, True, True)
    """
    for size in sizes:
        boxes = {factor.id: label_box(factor, size) for factor in m.factors}
        found = _placed(boxes, positions, width, height, size)
        if found is not None:
            return found, size
    return layout(m, width=width, height=height, font_px=sizes[-1]), sizes[-1]


def _placed(
    boxes: Mapping[str, LabelBox], at: Mapping[str, Point], width: float, height: float, size: float
) -> dict[str, Point] | None:
    if not boxes:
        return {}
    highest = max(box.height for box in boxes.values())
    most = int((height + _BELOW * size) / (highest + _BELOW * size))
    for number in range(min(most, len(boxes)), 0, -1):
        rows = _rows(boxes, at, number)
        if all(_length(row, boxes, size) <= width for row in rows):
            break
    else:
        return None
    low, high = min(at[one][0] for one in boxes), max(at[one][0] for one in boxes)
    step = (height - highest) / (len(rows) - 1) if len(rows) > 1 else 0.0
    placed: dict[str, Point] = {}
    for place, row in enumerate(rows):
        y = highest / 2 + place * step if len(rows) > 1 else height / 2
        wanted = [(at[one][0] - low) / (high - low or 1.0) * width if high > low else width / 2 for one in row]
        for one, x in zip(row, _apart(row, wanted, boxes, width, size), strict=True):
            placed[one] = (round(x, 1), round(y, 1))
    return placed


def _rows(boxes: Mapping[str, LabelBox], at: Mapping[str, Point], number: int) -> list[list[str]]:
    """Return the factors in rows from the top, cut at the widest gaps; each row from the left."""
    down = sorted(boxes, key=lambda one: (at[one][1], one))
    gaps = sorted(range(1, len(down)), key=lambda place: at[down[place - 1]][1] - at[down[place]][1])
    cuts = sorted(place for place in gaps[: number - 1] if at[down[place]][1] > at[down[place - 1]][1])
    rows = [down[start:end] for start, end in zip([0, *cuts], [*cuts, len(down)], strict=True)]
    return [sorted(row, key=lambda one: (at[one][0], one)) for row in rows]


def _length(row: Sequence[str], boxes: Mapping[str, LabelBox], size: float) -> float:
    return sum(boxes[one].width for one in row) + _BESIDE * size * (len(row) - 1)


def _apart(
    row: Sequence[str], wanted: Sequence[float], boxes: Mapping[str, LabelBox], width: float, size: float
) -> list[float]:
    """Return places from the left that keep their order, their distance, and within the picture."""
    xs: list[float] = []
    for one, x in zip(row, wanted, strict=True):
        left = boxes[one].width / 2
        if xs:
            left = xs[-1] + (boxes[row[len(xs) - 1]].width + boxes[one].width) / 2 + _BESIDE * size
        xs.append(max(x, left))
    right = width
    for place in range(len(xs) - 1, -1, -1):
        half = boxes[row[place]].width / 2
        xs[place] = min(xs[place], right - half)
        right = xs[place] - half - _BESIDE * size
    return xs
