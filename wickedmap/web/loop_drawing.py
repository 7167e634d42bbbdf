"""A loop as a ring: its factors in order, each arrow with its sign and who holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..causal_map import CausalMap
from ..formats.arrows import Box, Curve, arrow_curve, self_curve
from ..graphs.label_boxes import LINE_HEIGHT, text_width, wrap_label
from ..model import Link
from .drawings import Point, arrowhead, bounds, label, path_of, pill
from .elements import Child, Native, element, shown

RINGS: Final[Mapping[int, tuple[Point, ...]]] = {
    1: ((0.5, 0.5),),
    2: ((0.0, 0.0), (1.0, 1.0)),
    3: ((0.0, 0.0), (1.0, 0.5), (0.0, 1.0)),
    4: ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)),
    5: ((0.5, 0.0), (1.0, 0.35), (1.0, 0.7), (0.0, 1.0), (0.0, 0.5)),
    6: ((0.5, 0.0), (1.0, 0.33), (1.0, 0.67), (0.5, 1.0), (0.0, 0.67), (0.0, 0.33)),
}
"""Where the factors of a loop stand, clockwise, as shares of width and height: those that follow each other
never beside each other, so that an arrow and its sign have room between them."""

LONGEST: Final = max(RINGS)
"""With more factors than this, a ring has no room for its labels beside other rings."""

_BEND: Final = 0.16
_ROUND: Final = 40.0
_SIGN: Final = {1: "plus", -1: "minus", None: "unknown"}


def loop_picture(
    m: CausalMap,
    links: Sequence[Link],
    held: Sequence[str],
    language: str,
    title: str,
    *,
    font: float,
    width: float,
    height: float,
) -> Native:
    """Return a loop of at most `LONGEST` links as a ring that is read clockwise.

    Parameters
    ----------
    links : sequence of Link
        Each begins where the one before it ends.
    held : sequence of str
        For each link, who holds it; a few letters.
    font, width, height : float
        Size of the labels and of the picture, in pixels.
    """
    labels = {link.source: shown(m.factor(link.source).labels.in_language(language)) for link in links}
    sizes = {one: _box(text, font) for one, text in labels.items()}
    widest, highest = max(wide for wide, _ in sizes.values()), max(high for _, high in sizes.values())
    boxes = {
        link.source: Box(
            widest / 2 + across * (width - widest),
            highest / 2 + down * (height - highest),
            sizes[link.source][0] / 2,
            sizes[link.source][1] / 2,
        )
        for link, (across, down) in zip(links, RINGS[len(links)], strict=True)
    }
    drawn: list[Child] = []
    signs: list[Child] = []
    curves: list[Curve] = []
    places: list[Box] = []
    for link, who in zip(links, held, strict=True):
        source, target = boxes[link.source], boxes[link.target]
        long = ((target.x - source.x) ** 2 + (target.y - source.y) ** 2) ** 0.5
        curve = arrow_curve(source, target, -_BEND * long, 3.0) if long else self_curve(source, font * 1.5)
        curves.append(curve)
        kind = f"wm-ring-link wm-ring-{_SIGN[link.sign]}"
        drawn.append(element("path", d=path_of(curve), class_=kind, fill="none"))
        drawn.append(element("path", d=arrowhead(curve), class_=f"{kind} wm-ring-head"))
        text = f"{link.mark} {who}".strip()
        half = (text_width(text) + 0.7) * font / 2
        # Somewhat out of the ring, so that two that are level leave each other room.
        (x, y), (_, down) = curve.at(0.5), curve.direction(0.5)
        places.append(Box(x + 0.5 * down * half, y, half, font * 0.75))
        signs.append(pill((places[-1].x, y), text, font))
    left, top, right, bottom = bounds([*boxes.values(), *places], curves)
    return element(
        "svg",
        element("title", title),
        *drawn,
        [label(box, labels[one], font) for one, box in boxes.items()],
        *signs,
        viewBox=f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        role="img",
        aria_label=title,
        class_="wm-ring",
    )


def _box(text: str, font: float) -> Point:
    lines = wrap_label(text)
    return (max(map(text_width, lines)) + 1.1) * font, (len(lines) * LINE_HEIGHT + 0.7) * font


def turning(letter: str, title: str) -> Native:
    """Return what kind of loop it is: its letter, with an arrow that turns clockwise round it."""
    tip_x, tip_y = 50 - _ROUND * 0.5, 50 - _ROUND * 0.87
    points = ((tip_x + 17, tip_y - 10), (tip_x + 5, tip_y + 9), (tip_x - 5, tip_y - 9))
    return element(
        "svg",
        element(
            "path",
            # Five sixths of a circle, from the upper right round to the upper left, where its head points on.
            d=f"M{100 - tip_x:.1f} {tip_y:.1f}A{_ROUND:.0f} {_ROUND:.0f} 0 1 1 {tip_x:.1f} {tip_y:.1f}",
            class_="wm-ring-turn",
            fill="none",
        ),
        element(
            "polygon",
            points=" ".join(f"{one:.1f},{other:.1f}" for one, other in points),
            class_="wm-ring-turn-head",
        ),
        element(
            "text",
            shown(letter),
            x=50,
            y=68,
            text_anchor="middle",
            style={"font-size": "52px"},
            class_="wm-diff-mark",
        ),
        viewBox="0 0 100 100",
        role="img",
        aria_label=title,
        class_="wm-ring-kind",
    )
