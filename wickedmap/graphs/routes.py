"""How much each arrow curves, so that it goes round the labels instead of through them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..causal_map import CausalMap
from .label_boxes import label_box

_SAMPLES: Final = 21
_SHARES: Final = (0.14, -0.14, 0.07, -0.07, 0.24, -0.24, 0.36, -0.36, 0.5, -0.5)
_GENTLE: Final = 0.12
_SEARCH_UP_TO: Final = 220


def bends(m: CausalMap, positions: Mapping[str, tuple[float, float]], font_px: float) -> dict[str, float]:
    """Return for each link how far its curve's control point lies off the straight line.

    In pixels, to the right of the direction of travel when positive (y points down),
    halfway along. Each link in turn takes the gentlest curve that touches fewest
    other labels and keeps away from the curves before it; opposite and parallel
    links never share a curve. Maps of more than 220 links get one gentle bend each.

    Notes
    -----
    O(links * labels) numpy rows; for a link between overlapping or equal places 0.

    Examples
    --------
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "a", -1)])
    >>> found = bends(m, {"a": (0, 0), "b": (900, 0)}, 28)
    >>> found["L1"] == found["L2"] > 0
    True
    """
    shown = [factor for factor in m.factors if factor.id in positions]
    index = {factor.id: number for number, factor in enumerate(shown)}
    links = [
        link for link in m.links if link.source != link.target and link.source in index and link.target in index
    ]
    if not links:
        return {}
    at = np.array([positions[factor.id] for factor in shown], dtype=float)
    if len(links) > _SEARCH_UP_TO:
        return {
            link.id: round(_GENTLE * float(np.hypot(*(at[index[link.target]] - at[index[link.source]]))), 1)
            for link in links
        }
    boxes = [label_box(factor, font_px) for factor in shown]
    half = np.array([(box.width / 2, box.height / 2) for box in boxes]) + font_px * 0.3
    found: dict[str, float] = {}
    drawn: list[NDArray[np.float64]] = []
    # Short arrows first: they have the least choice.
    order = sorted(
        links, key=lambda link: (float(np.hypot(*(at[index[link.target]] - at[index[link.source]]))), link.id)
    )
    part = np.linspace(0.0, 1.0, _SAMPLES)[:, None]
    for link in order:
        source, target = index[link.source], index[link.target]
        start, end = at[source], at[target]
        step = end - start
        length = float(np.hypot(*step))
        if length < 1.0:
            found[link.id] = 0.0
            continue
        normal = np.array([-step[1], step[0]]) / length
        others = np.array([number for number in range(len(shown)) if number not in (source, target)], dtype=int)
        costs = []
        curves = []
        for share in _SHARES:
            control = (start + end) / 2 + normal * share * length
            curve = (1 - part) ** 2 * start + 2 * part * (1 - part) * control + part**2 * end
            curves.append(curve)
            costs.append(
                9.0 * _touched(curve, at[others], half[others])
                + _crowding(curve, drawn, font_px)
                + 5.0 * abs(share)
                + (0.3 if share < 0 else 0.0)
            )
        best = int(np.argmin(np.round(costs, 6)))
        drawn.append(curves[best])
        found[link.id] = round(_SHARES[best] * length, 1)
    return {link.id: found[link.id] for link in links}


def _touched(curve: NDArray[np.float64], at: NDArray[np.float64], half: NDArray[np.float64]) -> float:
    """Return how much of other labels a curve runs through, in labels crossed fully."""
    if not len(at):
        return 0.0
    inside = (np.abs(curve[:, None, :] - at[None, :, :]) < half[None, :, :]).all(axis=2)
    runs = inside.sum(axis=0)
    return float(np.count_nonzero(runs) * 0.6 + runs.sum() * 0.25)


def _crowding(curve: NDArray[np.float64], drawn: list[NDArray[np.float64]], font_px: float) -> float:
    """Return how much a curve runs on top of the curves drawn before it."""
    if not drawn:
        return 0.0
    before = np.array(drawn)
    gap = np.abs(before[:, 2:-2] - curve[None, 2:-2]).max(axis=2)
    turned = np.abs(before[:, 2:-2] - curve[None, -3:1:-1]).max(axis=2)
    close = (gap < font_px * 0.8).sum() + (turned < font_px * 0.8).sum()
    return 0.35 * float(close)
