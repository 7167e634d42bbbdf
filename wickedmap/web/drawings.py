"""Pictures of comparisons as SVG elements: the difference of two maps, and places in the plane.

Lines differ in pattern and in a sign at their middle; colour comes on top, from the
style sheet. Each picture has a title, and stands beside a table with the same content.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..causal_map import CausalMap
from ..formats.arrows import Box, Curve, arrow_curve, self_curve
from ..graphs.label_boxes import label_box, text_width, wrap_label
from ..graphs.layout import LABEL_PX
from ..graphs.routes import Route, routes
from ..model import Link
from .elements import Child, Native, element, shown

Point = tuple[float, float]

_LINE: Final = 1.2
_HEAD: Final = 16.0
_SIDE: Final = 640.0
_EDGE: Final = 60.0


@dataclass(frozen=True, slots=True)
class DrawnLink:
    """One link of a difference picture: its ends, which group it is in, and the sign of that group."""

    source: str
    target: str
    kind: str
    mark: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One place in the plane, with the initials that stand at it."""

    x: float
    y: float
    initials: str
    name: str
    own: bool = False


def difference_picture(
    m: CausalMap, links: Sequence[DrawnLink], positions: Mapping[str, Point], language: str, title: str
) -> Native:
    """Return the links of two maps on one picture, each in the pattern of its group.

    Parameters
    ----------
    m : CausalMap
        The factors that any of the links touches.
    positions : mapping of factor id to (x, y)
        Where they stand on the wall too, so that people find them again.
    """
    font = float(LABEL_PX)
    boxes = {}
    for factor in m.factors:
        size = label_box(factor, font)
        boxes[factor.id] = Box(*positions[factor.id], size.width / 2, size.height / 2)
    ids = [str(number) for number in range(len(links))]
    drawn = m.replace(
        links=tuple(Link(one, link.source, link.target) for one, link in zip(ids, links, strict=True))
    )
    ways = routes(drawn, positions, font)
    drawn_curves: list[Curve] = []
    curves: list[Child] = []
    signs: list[Child] = []
    for one, link in zip(ids, links, strict=True):
        curve = _curve(boxes, link, ways.get(one, Route(0.0)))
        drawn_curves.append(curve)
        curves.append(element("path", d=_path(curve), class_=f"wm-diff-{link.kind}", fill="none"))
        curves.append(element("path", d=_arrowhead(curve), class_=f"wm-diff-head wm-diff-{link.kind}"))
        signs.append(_sign(curve, link))
    labels = [
        _label(boxes[factor.id], shown(factor.labels.in_language(language)), font) for factor in m.factors
    ]
    left, top, right, bottom = _bounds(list(boxes.values()), drawn_curves)
    return element(
        "svg",
        element("title", title),
        *curves,
        *labels,
        *signs,
        viewBox=f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        role="img",
        class_="wm-difference-picture",
        aria_label=title,
    )


def _curve(boxes: Mapping[str, Box], link: DrawnLink, way: Route) -> Curve:
    if link.source == link.target:
        return self_curve(boxes[link.source], _HEAD * 3)
    return arrow_curve(boxes[link.source], boxes[link.target], way.bend, 3.0, way.start, way.end)


def _bounds(boxes: Sequence[Box], curves: Sequence[Curve]) -> tuple[float, float, float, float]:
    along = [curve.at(step / 12) for curve in curves for step in range(13)]
    across = [x for x, _ in along] + [box.x + side * box.half_width for box in boxes for side in (-1, 1)]
    down = [y for _, y in along] + [box.y + side * box.half_height for box in boxes for side in (-1, 1)]
    return min(across) - _EDGE / 2, min(down) - _EDGE / 2, max(across) + _EDGE / 2, max(down) + _EDGE / 2


def _path(curve: Curve) -> str:
    (a, b), (c, d), (e, f), (g, h) = curve.a, curve.b, curve.c, curve.d
    return f"M{a:.0f} {b:.0f}C{c:.0f} {d:.0f} {e:.0f} {f:.0f} {g:.0f} {h:.0f}"


def _arrowhead(curve: Curve) -> str:
    x, y = curve.d
    along_x, along_y = curve.direction(1.0)
    back_x, back_y = x - along_x * _HEAD, y - along_y * _HEAD
    half = _HEAD * 0.55
    return (
        f"M{x:.1f} {y:.1f}L{back_x - along_y * half:.1f} {back_y + along_x * half:.1f}"
        f"L{back_x + along_y * half:.1f} {back_y - along_x * half:.1f}Z"
    )


def _sign(curve: Curve, link: DrawnLink) -> Native:
    x, y = curve.at(0.5)
    wide = text_width(link.mark) * 20 + 14
    return element(
        "g",
        element("rect", x=x - wide / 2, y=y - 15, width=wide, height=30, rx=15, class_="wm-diff-sign"),
        element(
            "text", shown(link.mark), x=x, y=y + 7, text_anchor="middle", font_size=20, class_="wm-diff-mark"
        ),
    )


def _label(box: Box, text: str, font: float) -> Native:
    lines = wrap_label(text)
    first = box.y - (len(lines) - 1) * font * _LINE / 2 + font * 0.34
    return element(
        "g",
        element(
            "rect",
            x=box.x - box.half_width,
            y=box.y - box.half_height,
            width=2 * box.half_width,
            height=2 * box.half_height,
            rx=10,
            class_="wm-diff-box",
        ),
        [
            element(
                "text",
                line,
                x=box.x,
                y=first + place * font * _LINE,
                text_anchor="middle",
                font_size=font,
                class_="wm-diff-label",
            )
            for place, line in enumerate(lines)
        ],
    )


def scatter_picture(dots: Sequence[Dot], title: str) -> Native:
    """Return places in the plane, to one scale in both directions; a label never lies on another."""
    xs, ys = [dot.x for dot in dots], [dot.y for dot in dots]
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    scale = (_SIDE - 2 * _EDGE) / span
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    high = (max(ys) - min(ys)) * scale + 2 * _EDGE
    placed = [
        (dot, (_SIDE / 2 + (dot.x - middle_x) * scale, high / 2 + (dot.y - middle_y) * scale)) for dot in dots
    ]
    taken = [Box(x, y, 9, 9) for _, (x, y) in placed]
    made: list[Child] = [element("title", title)]
    for dot, at in placed:
        label = _free_place(dot, at, taken)
        kind = "wm-dot wm-dot-own" if dot.own else "wm-dot"
        taken.append(label)
        if math.dist(at, (label.x, label.y)) > 34:
            made.append(element("line", x1=at[0], y1=at[1], x2=label.x, y2=label.y, class_="wm-leader"))
        made.append(
            element(
                "g",
                element("title", shown(dot.name)),
                element(
                    "circle",
                    cx=at[0],
                    cy=at[1],
                    r=8 if dot.own else 6,
                    class_=kind,
                ),
                element(
                    "text",
                    shown(dot.initials),
                    x=label.x,
                    y=label.y + 7,
                    text_anchor="middle",
                    class_="wm-dot-label",
                ),
            )
        )
    return element(
        "svg",
        *made,
        viewBox=f"0 0 {_SIDE:.0f} {high:.0f}",
        role="img",
        aria_label=title,
        class_="wm-scatter-picture",
    )


def _free_place(dot: Dot, at: Point, taken: Sequence[Box]) -> Box:
    half = text_width(dot.initials) * 10 + 3
    best, least = Box(at[0], at[1] - 22, half, 12), math.inf
    for ring in (0, 1, 2):
        for turn in range(8):
            angle = -math.pi / 2 + turn * math.pi / 4
            away = 22 + ring * 20
            place = Box(at[0] + math.cos(angle) * (away + half * 0.6), at[1] + math.sin(angle) * away, half, 12)
            cost = sum(place.overlap(other) for other in taken) + ring
            if cost < least:
                best, least = place, cost
    return best
