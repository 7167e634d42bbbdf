"""Where the factors of each stage of the reveal stand, and how large their labels are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ..causal_map import CausalMap
from .free_places import overlaps
from .label_boxes import LABEL_PX, even_boxes, label_box
from .layout import layout, never
from .slot_search import Point

STAGE_PX: Final = {1: 44.0, 2: 40.0, 3: 38.0, 4: LABEL_PX}
"""Label size of each stage of the reveal at 1080p: few factors are shown large."""


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


def arrangement(
    m: CausalMap,
    stage: int,
    centre: str | None = None,
    *,
    width: float = 1920.0,
    height: float = 1080.0,
    fixed: Mapping[str, Point] | None = None,
    positions: Mapping[str, Point] | None = None,
    stop: Callable[[], bool] = never,
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
