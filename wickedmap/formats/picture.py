"""The map as a picture: SVG drawn on the server, and PNG and PDF made from it.

The grammar is that of a causal loop diagram and the same as on the wall. A factor
is a rounded label with its domain as a band and a small text; a link is a curved
arrow with its sign beside the head, solid for +, dashed for −, dotted for ?; two
bars across it say that it takes long to work. The picture holds no script, no
address and no text that is not escaped; each factor and link has a title that a
screen reader finds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..causal_map import CausalMap
from ..graphs.free_places import drawn_apart
from ..graphs.label_boxes import GAP, LABEL_PX, LabelBox, label_box, text_width
from ..graphs.layout import layout
from ..graphs.routes import Route, routes
from ..graphs.stage_layout import arrangement
from ..model import Factor, Link
from ..texts import text as sentence
from .arrows import Box, Crowd, Curve, Point, Walk, arrow_curve, place_sign, points_along, self_curve, walks
from .picture_colours import TOKENS, Theme, domain_colours
from .picture_labels import label_svg
from .picture_legend import legend_entries, legend_svg
from .picture_pdf import pdf_of
from .picture_png import png_of
from .xml_reading import attribute, content

FONT: Final = "Atkinson Hyperlegible Next, Segoe UI, Liberation Sans, Arial, sans-serif"
DASHES: Final = {1: "", -1: "12 8", None: "2 8"}
_CAREFUL_UP_TO: Final = 500
"""With more links than this, signs have no halo and do not keep clear of every line."""
_PLACED_UP_TO: Final = 1500
"""With more links than this, each sign stands beside its head, on whatever is there."""
_SIGN_PX: Final = 36.0
_WIDTHS: Final = (2.4, 4.2, 6.4)
_LAYOUT_SECONDS: Final = 20.0
_PALE: Final = 0.35


@dataclass(frozen=True, slots=True)
class _Place:
    positions: dict[str, Point]
    font_px: float
    width: float
    height: float


def svg(
    m: CausalMap,
    *,
    stage: int | None = None,
    language: str = "",
    theme: Theme = "light",
    title: str | None = None,
    legend: bool = True,
    pale: Collection[str] = (),
) -> str:
    """Return the map as SVG text.

    Parameters
    ----------
    m : CausalMap
        Drawn where its factors stand; factors without a position are placed.
    stage : int, optional
        1-4: what that stage of the reveal shows, as on the wall.
    language : str
        ``"nb"``, ``"nn"`` or ``"en"``; the map's own when empty.
    title : str, optional
        Heading; the map's title when None, no heading when empty.
    legend : bool
        Whether signs, delays and domains are explained below the map.
    pale : collection of str
        Ids of factors and links that stand back, so that the others are seen first.

    Raises
    ------
    ValueError
        For another language, theme or stage.
    """
    language = language or m.language
    if theme not in TOKENS:
        raise ValueError(f"theme: {theme!r} is not one of {', '.join(TOKENS)}")
    if language not in ("nb", "nn", "en"):
        raise ValueError(f"language: {language!r} is not one of nb, nn, en")
    part = m if stage is None else m.at_stage(stage)
    place = _places(m, part, stage)
    tokens = TOKENS[theme]
    heading = m.titles.in_language(language) if title is None else title
    name = heading or sentence(language, "picture.untitled")
    counts = {
        "factors": sentence(language, "common.factors", count=len(part.factors)),
        "links": sentence(language, "common.links", count=len(part.links)),
    }
    sizes = {factor.id: label_box(factor, place.font_px) for factor in part.factors}
    boxes = {one: Box(*place.positions[one], size.width / 2, size.height / 2) for one, size in sizes.items()}
    margin = place.font_px * 1.5
    top = place.font_px * 2.6 if heading else 0.0
    curves = _curves(part, boxes, sizes, place)
    left, up, right, down = _extent(
        list(boxes.values()), [curve for curve, _ in curves.values()], place, margin
    )
    width, height = right - left, down - up
    entries = legend_entries(part, language, theme) if legend else []
    below, under = legend_svg(entries, tokens, width, place.font_px) if entries else ("", 0.0)
    full = top + height + under
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{language}" '
        f'aria-labelledby="map-title map-description" width="{width:.0f}" height="{full:.0f}" '
        f'viewBox="0 0 {width:.1f} {full:.1f}" font-family={attribute(FONT)}>',
        f'<title id="map-title">{content(name)}</title>',
        f'<desc id="map-description">{content(sentence(language, "picture.describe", **counts))}</desc>',
        f'<rect width="100%" height="100%" fill="{tokens["canvas"]}"/>',
    ]
    if heading:
        size = min(place.font_px * 1.25, (width - 2 * margin) / max(text_width(heading), 1.0))
        out.append(
            f'<text x="{margin:.1f}" y="{place.font_px * 1.95:.1f}" font-size="{size:.1f}" font-weight="700" '
            f'fill="{tokens["ink"]}">{content(heading)}</text>'
        )
    out.append(f'<g transform="translate({-left:.1f} {top - up:.1f})">')
    lines, signs = _links(part, boxes, curves, place, language, theme)
    # Lines lie under the labels, signs over everything.
    out.extend(_standing_back(lines, part.links, pale))
    colours = domain_colours([domain.id for domain in m.domains], theme)
    tags = {domain.id: domain.labels.in_language(language) for domain in m.domains}
    initials = {agency.id: agency.initials for agency in m.agencies if agency.initials}
    labels = [
        label_svg(
            factor,
            boxes[factor.id],
            text=_shown(factor, language, stage),
            tag=tags.get(factor.domain, factor.domain),
            owners=[initials[one] for one in factor.agencies if one in initials],
            colour=colours.get(factor.domain, tokens["outline"]),
            focal=factor.id == m.focal,
            tokens=tokens,
            font_px=place.font_px,
            border=3.0 if theme == "contrast" else 1.6,
            language=language,
        )
        for factor in part.factors
    ]
    out.extend(_standing_back(labels, part.factors, pale))
    out.extend(_standing_back(signs, part.links, pale))
    out.append("</g>")
    if below:
        out.append(f'<g transform="translate(0 {top + height:.1f})">{below}</g>')
    out.append("</svg>\n")
    return "".join(out)


def _standing_back(drawn: Sequence[str], rows: Sequence[Factor | Link], pale: Collection[str]) -> Sequence[str]:
    if not pale:
        return drawn
    return [
        f'<g opacity="{_PALE}">{one}</g>' if row.id in pale else one
        for one, row in zip(drawn, rows, strict=True)
    ]


def _shown(factor: Factor, language: str, stage: int | None) -> str:
    # The source documents are Norwegian; their short labels belong to the first stages.
    if stage in (1, 2) and factor.seed_label and language != "en":
        return factor.seed_label.replace("/ ", "/")
    return factor.labels.in_language(language)


def _places(m: CausalMap, part: CausalMap, stage: int | None) -> _Place:
    known = {factor.id: factor.position for factor in part.factors if factor.position is not None}
    if stage is not None:
        fixed = {factor.id: factor.position for factor in m.factors if factor.position is not None}
        found = arrangement(m, stage, fixed=fixed or None)
        return _Place(found.positions, found.font_px, found.width, found.height)
    if len(known) < len(part.factors):
        return _Place(_laid_out(part, known), LABEL_PX, 0.0, 0.0)
    return _Place(_spread(part, known), LABEL_PX, 0.0, 0.0)


def _laid_out(m: CausalMap, known: Mapping[str, Point]) -> dict[str, Point]:
    until = time.monotonic() + _LAYOUT_SECONDS
    try:
        return dict(
            layout(m, fixed=_spread(m, known) if known else None, stop=lambda: time.monotonic() > until)
        )
    except InterruptedError:
        return _grid(m)


def _grid(m: CausalMap) -> dict[str, Point]:
    boxes = [label_box(factor, LABEL_PX) for factor in m.factors]
    across = max(1, math.ceil(math.sqrt(len(boxes) * 0.7)))
    wide = max(box.width for box in boxes) * 1.35
    high = max(box.height for box in boxes) * 1.9
    return {
        factor.id: ((number % across) * wide, (number // across) * high)
        for number, factor in enumerate(m.factors)
    }


def _spread(m: CausalMap, known: Mapping[str, Point]) -> dict[str, Point]:
    """Return the positions, drawn apart where another tool's small labels stood closer than ours can."""
    boxes = [label_box(m.factor(one), LABEL_PX) for one in known]
    return dict(zip(known, drawn_apart(boxes, list(known.values()), GAP * LABEL_PX), strict=True))


def _extent(
    boxes: Sequence[Box], curves: Sequence[Curve], place: _Place, margin: float
) -> tuple[float, float, float, float]:
    if not boxes:
        return 0.0, 0.0, 640.0, 240.0
    points = [(float(x), float(y)) for x, y in points_along(curves, 12).reshape(-1, 2)]
    points += [(box.x - box.half_width, box.y - box.half_height) for box in boxes]
    points += [(box.x + box.half_width, box.y + box.half_height) for box in boxes]
    left, right = min(x for x, _ in points) - margin, max(x for x, _ in points) + margin
    up, down = min(y for _, y in points) - margin, max(y for _, y in points) + margin
    if place.width:
        left, right = min(left, 0.0), max(right, place.width)
    return left, up, max(right, left + 640.0), down


def _curves(
    m: CausalMap, boxes: Mapping[str, Box], sizes: Mapping[str, LabelBox], place: _Place
) -> dict[str, tuple[Curve, float]]:
    scale = place.font_px / LABEL_PX
    ways = routes(m, place.positions, place.font_px, sizes)
    found = {}
    for link in m.links:
        way = ways.get(link.id, Route(0.0))
        source, target = boxes[link.source], boxes[link.target]
        if link.source == link.target:
            curve = self_curve(source, _SIGN_PX * scale * 1.2)
        else:
            curve = arrow_curve(source, target, way.bend, 3.0 * scale, way.start, way.end)
        found[link.id] = curve, way.bend
    return found


def _links(
    m: CausalMap,
    boxes: Mapping[str, Box],
    curves: Mapping[str, tuple[Curve, float]],
    place: _Place,
    language: str,
    theme: Theme,
) -> tuple[list[str], list[str]]:
    tokens = TOKENS[theme]
    scale = place.font_px / LABEL_PX
    size = _SIGN_PX * scale
    labels = {factor.id: factor.labels.in_language(language) for factor in m.factors}
    measured = dict(zip(curves, walks(curve for curve, _ in curves.values()), strict=True))
    crowd = Crowd(size) if len(m.links) <= _PLACED_UP_TO else None
    careful = len(m.links) <= _CAREFUL_UP_TO
    if crowd is not None:
        for box in boxes.values():
            crowd.add_box(box)
        for walk in measured.values() if careful else ():
            crowd.add_curve(walk)
    lines, signs = [], []
    for link in m.links:
        walk, bend = measured[link.id], curves[link.id][1]
        colour = tokens[{1: "plus", -1: "minus", None: "unknown"}[link.sign]]
        stroke = _WIDTHS[min(2, max(0, round(link.strength) - 1))] * scale
        head = (9.0 + 2.2 * stroke / scale) * scale
        told = f"{labels[link.source]} → {labels[link.target]} ({_mark(link)})"
        lines.append(f"<g><title>{content(told)}</title>{_arrow(walk, link, colour, stroke, head, scale)}</g>")
        at = place_sign(walk, size, size * (1.7 if link.contested else 0.62), crowd, bend)
        signs.append(_sign(link, at, size, colour, tokens["canvas"] if careful else ""))
    return lines, signs


def _mark(link: Link) -> str:
    return "+/−" if link.contested else link.mark


def _arrow(walk: Walk, link: Link, colour: str, stroke: float, head: float, scale: float) -> str:
    curve, length = walk.curve, walk.length
    head = min(head, length * 0.6)
    # The line ends inside the head, so that its square end does not show beside the tip.
    end = walk.t_before_end(head * 0.7)
    line = curve.between(0.0, end) if end > 0 else curve
    tip, back = curve.d, curve.at(walk.t_before_end(head))
    x, y = tip[0] - back[0], tip[1] - back[1]
    far = math.hypot(x, y) or 1.0
    x, y = x / far * head * 0.42, y / far * head * 0.42
    dash = " ".join(f"{float(part) * scale:.1f}" for part in DASHES[link.sign].split())
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    if link.status == "proposed":
        dashed += ' stroke-opacity="0.6"'
    cap = ' stroke-linecap="round"' if link.sign is None else ""
    path = f"M{_p(line.a)}C{_p(line.b)} {_p(line.c)} {_p(line.d)}"
    parts = [
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{stroke:.1f}"{dashed}{cap}/>',
        f'<path d="M{_p(tip)}L{_p((back[0] - y, back[1] + x))}L{_p((back[0] + y, back[1] - x))}Z" '
        f'fill="{colour}"/>',
    ]
    if link.delay == "long" and length > 60 * scale:
        parts.append(_bars(walk, colour, scale))
    return "".join(parts)


def _bars(walk: Walk, colour: str, scale: float) -> str:
    strokes, curve = "", walk.curve
    apart = 4.5 * scale / (walk.length or 1.0)
    for t in (0.5 - apart, 0.5 + apart):
        x, y = curve.at(t)
        along = curve.direction(t)
        reach = 9.0 * scale
        across, down = -along[1] * reach, along[0] * reach
        strokes += f"M{_p((x + across, y + down))}L{_p((x - across, y - down))}"
    return f'<path d="{strokes}" fill="none" stroke="{colour}" stroke-width="{2.6 * scale:.1f}"/>'


def _p(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _sign(link: Link, at: Point, size: float, colour: str, halo: str) -> str:
    style = f'font-size="{size:.1f}" font-weight="700" text-anchor="middle" fill="{colour}"'
    if halo:
        style += (
            f' stroke="{halo}" stroke-width="{size * 0.18:.1f}" stroke-linejoin="round" paint-order="stroke"'
        )
    x, y = at[0], at[1] + size * 0.34
    if not link.contested:
        return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{link.mark}</text>'
    step = size * 0.56
    small = size * 0.2
    lines = (
        f"M{x - small:.1f} {at[1] - small * 0.6:.1f}h{2 * small:.1f}M{x - small:.1f} {at[1] + small * 0.6:.1f}"
        f"h{2 * small:.1f}M{x - small * 0.7:.1f} {at[1] + small * 1.5:.1f}l{1.4 * small:.1f} {-3 * small:.1f}"
    )
    return (
        f'<text x="{x - step:.1f}" y="{y:.1f}" {style}>+</text>'
        f'<path d="{lines}" stroke="{halo or "none"}" stroke-width="{size * 0.2:.1f}" fill="none"/>'
        f'<path d="{lines}" stroke="{colour}" stroke-width="{size * 0.07:.1f}" fill="none"/>'
        f'<text x="{x + step:.1f}" y="{y:.1f}" {style}>−</text>'
    )


def png(
    m: CausalMap,
    *,
    width: int = 2400,
    stage: int | None = None,
    language: str = "",
    theme: Theme = "light",
    title: str | None = None,
    legend: bool = True,
) -> bytes:
    """Return the map as a PNG picture `width` pixels wide; the other arguments as for `svg`.

    A very tall or large map gets fewer pixels, at most 16 million.
    """
    drawn = svg(m, stage=stage, language=language, theme=theme, title=title, legend=legend)
    return png_of(drawn, width)


def pdf(
    m: CausalMap,
    *,
    stage: int | None = None,
    language: str = "",
    theme: Theme = "light",
    title: str | None = None,
    legend: bool = True,
) -> bytes:
    """Return the map as a PDF of one page, with the arguments of `svg`.

    Text can be searched and copied, and the typeface is inside. A letter that the
    typeface lacks is shown as a box; it is still copied as itself.
    """
    return pdf_of(svg(m, stage=stage, language=language, theme=theme, title=title, legend=legend))


def write_svg(m: CausalMap) -> bytes:
    """Return the map as an SVG file."""
    return svg(m).encode("utf-8", "replace")


def write_png(m: CausalMap) -> bytes:
    """Return the map as a PNG file 2,400 pixels wide."""
    return png(m)


def write_pdf(m: CausalMap) -> bytes:
    """Return the map as a PDF file of one page."""
    return pdf(m)
