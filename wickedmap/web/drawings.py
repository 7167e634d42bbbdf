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
from ..graphs.label_boxes import LABEL_PX, label_box, text_width, wrap_label
from ..graphs.routes import Route, routes
from ..model import Link
from .elements import Child, Native, element, shown

Point = tuple[float, float]

_LINE: Final = 1.2
_HEAD: Final = 16.0
_SIDE: Final = 640.0
_EDGE: Final = 60.0
_SPOTS: Final = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)
"""Where along its line a sign may stand, the best first."""


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
    m: CausalMap,
    links: Sequence[DrawnLink],
    positions: Mapping[str, Point],
    language: str,
    title: str,
    *,
    font: float = LABEL_PX,
    sign: float = 20.0,
    least: Point = (0.0, 0.0),
) -> Native:
    """Return the links of two maps on one picture, each in the pattern of its group.

    Parameters
    ----------
    m : CausalMap
        The factors that any of the links touches.
    positions : mapping of factor id to (x, y)
        Where they stand on the wall too, so that people find them again.
    font, sign : float
        Size of the labels and of the signs on the lines, in the picture's own pixels.
    least : (float, float)
        Width and height that the picture has at least, so that a few factors are not
        drawn larger than everything around them.
    """
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
    taken = list(boxes.values())
    for one, link in zip(ids, links, strict=True):
        curve = _curve(boxes, link, ways.get(one, Route(0.0)))
        drawn_curves.append(curve)
        curves.append(element("path", d=path_of(curve), class_=f"wm-diff-{link.kind}", fill="none"))
        curves.append(element("path", d=arrowhead(curve), class_=f"wm-diff-head wm-diff-{link.kind}"))
        spot = _free_spot(curve, link.mark, sign, taken)
        taken.append(spot)
        signs.append(pill((spot.x, spot.y), link.mark, sign))
    labels = [label(boxes[factor.id], shown(factor.labels.in_language(language)), font) for factor in m.factors]
    left, top, right, bottom = _at_least(bounds(list(boxes.values()), drawn_curves), least)
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


def _free_spot(curve: Curve, text: str, size: float, taken: Sequence[Box]) -> Box:
    """Return where a sign stands on its line: in the middle, or beside it where another has the middle."""
    wide, high = _pill_size(text, size)
    spots = [Box(*curve.at(t), wide / 2, high / 2) for t in _SPOTS]
    return min(spots, key=lambda spot: sum(map(spot.overlap, taken)))


def bounds(boxes: Sequence[Box], curves: Sequence[Curve]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what labels and curves fill, with a margin."""
    along = [curve.at(step / 12) for curve in curves for step in range(13)]
    across = [x for x, _ in along] + [box.x + side * box.half_width for box in boxes for side in (-1, 1)]
    down = [y for _, y in along] + [box.y + side * box.half_height for box in boxes for side in (-1, 1)]
    return min(across) - _EDGE / 2, min(down) - _EDGE / 2, max(across) + _EDGE / 2, max(down) + _EDGE / 2


def _at_least(edges: tuple[float, float, float, float], least: Point) -> tuple[float, float, float, float]:
    left, top, right, bottom = edges
    wide, high = max(least[0] - (right - left), 0) / 2, max(least[1] - (bottom - top), 0) / 2
    return left - wide, top - high, right + wide, bottom + high


def path_of(curve: Curve) -> str:
    """Return a curve as the data of an SVG path."""
    (a, b), (c, d), (e, f), (g, h) = curve.a, curve.b, curve.c, curve.d
    return f"M{a:.0f} {b:.0f}C{c:.0f} {d:.0f} {e:.0f} {f:.0f} {g:.0f} {h:.0f}"


def arrowhead(curve: Curve) -> str:
    """Return the head at the end of a curve as the data of an SVG path."""
    x, y = curve.d
    along_x, along_y = curve.direction(1.0)
    back_x, back_y = x - along_x * _HEAD, y - along_y * _HEAD
    half = _HEAD * 0.55
    return (
        f"M{x:.1f} {y:.1f}L{back_x - along_y * half:.1f} {back_y + along_x * half:.1f}"
        f"L{back_x + along_y * half:.1f} {back_y - along_x * half:.1f}Z"
    )


def pill(at: Point, text: str, size: float) -> Native:
    """Return a few characters on a rounded ground, on top of the line that runs there."""
    x, y = at
    wide, high = _pill_size(text, size)
    return element(
        "g",
        element(
            "rect",
            x=round(x - wide / 2, 1),
            y=round(y - high / 2, 1),
            width=round(wide, 1),
            height=high,
            rx=high / 2,
            class_="wm-diff-sign",
        ),
        element(
            "text",
            shown(text),
            x=round(x, 1),
            y=round(y + size * 0.35, 1),
            text_anchor="middle",
            style={"font-size": f"{size:.0f}px"},
            class_="wm-diff-mark",
        ),
    )


def _pill_size(text: str, size: float) -> Point:
    return (text_width(text) + 0.7) * size, 1.5 * size


def label(box: Box, text: str, font: float) -> Native:
    """Return a factor's label in its box."""
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


def scatter_picture(dots: Sequence[Dot], title: str, *, font: float = 20.0) -> Native:
    """Return places in the plane, to one scale in both directions; a label never lies on another.

    The picture is 640 wide; `font` is the size of the labels in it.
    """
    grown = font / 20
    xs, ys = [dot.x for dot in dots], [dot.y for dot in dots]
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    scale = (_SIDE - 2 * _EDGE) / span
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    high = (max(ys) - min(ys)) * scale + 2 * _EDGE
    placed = [
        (dot, (_SIDE / 2 + (dot.x - middle_x) * scale, high / 2 + (dot.y - middle_y) * scale)) for dot in dots
    ]
    taken = [Box(x, y, 9 * grown, 9 * grown) for _, (x, y) in placed]
    made: list[Child] = [element("title", title)]
    for dot, at in placed:
        place = _free_place(dot, at, taken, grown)
        kind = "wm-dot wm-dot-own" if dot.own else "wm-dot"
        taken.append(place)
        if math.dist(at, (place.x, place.y)) > 34 * grown:
            made.append(element("line", x1=at[0], y1=at[1], x2=place.x, y2=place.y, class_="wm-leader"))
        made.append(
            element(
                "g",
                element("title", shown(dot.name)),
                element(
                    "circle",
                    cx=at[0],
                    cy=at[1],
                    r=(8 if dot.own else 6) * grown,
                    class_=kind,
                ),
                element(
                    "text",
                    shown(dot.initials),
                    x=place.x,
                    y=place.y + font * 0.35,
                    text_anchor="middle",
                    style={"font-size": f"{font:.0f}px"},
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


def _free_place(dot: Dot, at: Point, taken: Sequence[Box], grown: float) -> Box:
    half, high = (text_width(dot.initials) * 10 + 3) * grown, 12 * grown
    best, least = Box(at[0], at[1] - 22 * grown, half, high), math.inf
    for ring in (0, 1, 2):
        for turn in range(8):
            angle = -math.pi / 2 + turn * math.pi / 4
            away = (22 + ring * 20) * grown
            place = Box(
                at[0] + math.cos(angle) * (away + half * 0.6), at[1] + math.sin(angle) * away, half, high
            )
            cost = sum(place.overlap(other) for other in taken) + ring
            if cost < least:
                best, least = place, cost
    return best
