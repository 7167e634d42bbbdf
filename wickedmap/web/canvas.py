"""The map as cytoscape draws it: elements and style sheet, from data only.

The grammar is that of a causal loop diagram and the same on every surface. A factor
is a rounded label with its domain as a band and a small text; a link is a curved
arrow with its sign as text beside the arrowhead, solid for +, dashed for −, dotted
where nobody knows. Nothing here knows of sessions or callbacks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final, Literal

from ..causal_map import CausalMap
from ..graphs.label_boxes import (
    BAND,
    LINE_HEIGHT,
    PADDING_X,
    PADDING_Y,
    TAG_GAP,
    TAG_SCALE,
    LabelBox,
    even_boxes,
    label_box,
    shown_label,
    text_width,
    wrap_label,
)
from ..graphs.layout import LABEL_PX
from ..graphs.overlay import overlay
from ..graphs.routes import Route, routes
from ..model import Agency, Factor, Link, Sign
from ..perspective import agencies_in
from .palette import FONT_STACK, TOKENS, Theme, domain_colours, svg_uri

View = Literal["map", "overlay"]
Element = dict[str, Any]

QUIET_ABOVE: Final = 150
"""With more links than this, signs are written only on chosen and lit ones."""

DIM_CARD: Final = 0.64
"""Opacity of tag and band behind a dimmed label: quiet, and still 3:1."""

FACTOR_PREFIX: Final = "f:"
LINK_PREFIX: Final = "l:"
_WIDTHS: Final = (2.4, 4.2, 6.4)
_MOST_INITIALS: Final = 4


def canvas_elements(
    m: CausalMap,
    positions: Mapping[str, tuple[float, float]],
    *,
    language: str = "nb",
    stage: int = 4,
    spotlight: str | None = None,
    badges: Mapping[str, int] | None = None,
    arrived: Collection[str] = (),
    theme: Theme = "light",
    view: View = "map",
    font_px: float = LABEL_PX,
    agencies: Collection[str] | None = None,
) -> list[Element]:
    """Return what the canvas shows at a stage, factors before links.

    Parameters
    ----------
    m : CausalMap
        The map that this person may see; the stage is applied here.
    positions : mapping of factor id to (x, y)
        From `wickedmap.graphs.layout.arrangement`.
    spotlight : str, optional
        A factor to light with its causes and effects, or a link with its ends.
        Everything else is dimmed. An id that the stage does not show lights nothing.
    badges : mapping of factor or link id to int, optional
        How many notes each has; 0 shows no badge.
    arrived : collection of str
        Factor and link ids that get the soft ring of a new arrival.
    view : {"map", "overlay"}
        ``"overlay"`` draws what the agencies hold: width by how many assert a link,
        dashed where they contest it, dotted where those who considered it reject it,
        thin where nobody has said anything.
    font_px : float
        Label size, the same that `positions` were made for.
    agencies : collection of str, optional
        Whose views the overlay draws; by default everybody's. Unknown ones are nobody.

    Returns
    -------
    list of dict
        Cytoscape JSON. Ids are ``f:<factor>`` and ``l:<link>``; the plain id is in
        ``data.ref``. All text is plain ``str``.

    Raises
    ------
    ValueError
        When a factor that the stage shows has no position.
    """
    part = m.at_stage(stage)
    missing = [factor.id for factor in part.factors if factor.id not in positions]
    if missing:
        raise ValueError(f"positions: factor {missing[0]!r} has none; lay out the map or place it first")
    counts = badges or {}
    lit = _lit(part, spotlight)
    colours = domain_colours([domain.id for domain in m.domains], theme)
    tags = {domain.id: domain.labels.in_language(language) for domain in m.domains}
    by_id = {agency.id: agency for agency in m.agencies}
    boxes = [label_box(factor, font_px, stage) for factor in part.factors]
    if stage == 1 and boxes:
        boxes = even_boxes(boxes)
    elements = []
    for factor, box in zip(part.factors, boxes, strict=True):
        classes = ["factor"]
        if factor.id == m.focal:
            classes.append("focal")
        if factor.status == "proposed":
            classes.append("proposed")
        if spotlight and lit:
            classes.append(lit.get(factor.id, "dim"))
        if factor.id in arrived:
            classes.append("arrived")
        elements.append(
            _factor(
                factor,
                positions[factor.id],
                box,
                text=shown_label(factor, language, stage),
                tag=tags.get(factor.domain, ""),
                colour=colours.get(factor.domain, TOKENS[theme]["outline"]),
                owners=[by_id[one] for one in factor.agencies if one in by_id],
                badge=counts.get(factor.id, 0),
                language=language,
                theme=theme,
                font_px=font_px,
                classes=classes,
            )
        )
    drawn = routes(
        part, positions, font_px, {factor.id: box for factor, box in zip(part.factors, boxes, strict=True)}
    )
    held = held_links(part, agencies) if view == "overlay" else {}
    quiet = len(part.links) > QUIET_ABOVE
    for link in part.links:
        classes = _link_classes(link)
        if view == "overlay":
            classes = ["link", "overlay", _OVERLAY_SIGN[held[link.id].sign(link.sign)], held[link.id].kind]
        if quiet:
            classes.append("quiet")
        if spotlight and lit:
            classes.append(lit.get(LINK_PREFIX + link.id, "dim"))
        if link.id in arrived:
            classes.append("arrived")
        elements.append(
            {
                "group": "edges",
                "data": {
                    "id": LINK_PREFIX + link.id,
                    "ref": link.id,
                    "kind": "link",
                    "source": FACTOR_PREFIX + link.source,
                    "target": FACTOR_PREFIX + link.target,
                    "mark": _spaced(_overlay_mark(link, held[link.id]) if held else link_mark(link)),
                    "middle": _middle(link, counts.get(link.id, 0), held.get(link.id)),
                    "width": held[link.id].width if view == "overlay" else _width(link.strength),
                    **_drawn(drawn.get(link.id, Route(0.0))),
                },
                "classes": " ".join(classes),
            }
        )
    return elements


def _drawn(route: Route) -> dict[str, Any]:
    """Return a route as data that the style sheet reads; cytoscape wants ends as text."""
    return {
        "bend": route.bend,
        "start": "outside-to-node" if route.start is None else f"{route.start[0]}px {route.start[1]}px",
        "end": "outside-to-node" if route.end is None else f"{route.end[0]}px {route.end[1]}px",
    }


def link_mark(link: Link) -> str:
    """Return the sign as written beside the arrowhead; a contested link shows both.

    Examples
    --------
    >>> link_mark(Link("L1", "a", "b", sign=-1)), link_mark(Link("L2", "a", "b", sign=1, contested=True))
    ('−', '+≠−')
    """
    return "+≠−" if link.contested else link.mark


def _overlay_mark(link: Link, held: Held) -> str:
    """Return the sign that the agencies hold; the map's own where none of them holds one."""
    if held.positive and held.negative:
        return "+≠−"
    sign = held.sign(link.sign)
    return link_mark(link) if sign == link.sign else "+" if sign == 1 else "−"


def _spaced(mark: str) -> str:
    """Return a sign with room around it, so that a minus is no further dash of its line."""
    room = "\u2004" if mark == "−" else "\u2006"
    return f"{room}{mark}{room}"


def initials_of(agency: Agency) -> str:
    """Return an agency's two or three letters, its own or made from its name."""
    if agency.initials:
        return agency.initials
    words = [word for word in agency.label.replace("-", " ").split() if word[:1].isalpha()]
    if len(words) > 1:
        return "".join(word[0] for word in words[:3]).upper()
    return (words[0][:2] if words else agency.id[:2]).upper()


def _lit(part: CausalMap, spotlight: str | None) -> dict[str, str]:
    """Return the class of what the spotlight leaves clear; empty when it lights nothing."""
    if spotlight is None:
        return {}
    if part.has_factor(spotlight):
        lit = {spotlight: "spot"}
        for link in part.causes_of(spotlight):
            lit.setdefault(link.source, "cause")
            lit[LINK_PREFIX + link.id] = "lit"
        for link in part.effects_of(spotlight):
            lit.setdefault(link.target, "effect")
            lit[LINK_PREFIX + link.id] = "lit"
        return lit
    if part.has_link(spotlight):
        link = part.link(spotlight)
        return {LINK_PREFIX + link.id: "lit", link.source: "cause", link.target: "effect"}
    return {}


def _factor(
    factor: Factor,
    at: tuple[float, float],
    box: LabelBox,
    *,
    text: str,
    tag: str,
    colour: str,
    owners: Sequence[Agency],
    badge: int,
    language: str,
    theme: Theme,
    font_px: float,
    classes: Sequence[str],
) -> Element:
    initials = [initials_of(agency) for agency in owners]
    names = [(agency.short or agency.labels).in_language(language) for agency in owners]
    return {
        "group": "nodes",
        "data": {
            "id": FACTOR_PREFIX + factor.id,
            "ref": factor.id,
            "kind": "factor",
            "label": "\n".join(wrap_label(text)),
            "name": text,
            "agencies": ", ".join(names),
            "notes": badge,
            "w": box.width,
            "h": box.height,
            "font": font_px,
            "shift_x": round(BAND * font_px / 2, 1),
            "shift_y": round(-(TAG_GAP + TAG_SCALE * LINE_HEIGHT) * font_px / 2, 1) if tag or initials else 0.0,
            "card": svg_uri(
                card_svg(
                    box.width,
                    box.height,
                    tag=tag,
                    initials=initials,
                    colour=colour,
                    badge=badge,
                    theme=theme,
                    font_px=font_px,
                )
            ),
        },
        "position": {"x": float(at[0]), "y": float(at[1])},
        "classes": " ".join(classes),
    }


def card_svg(
    width: float,
    height: float,
    *,
    tag: str,
    initials: Sequence[str],
    colour: str,
    badge: int,
    theme: Theme,
    font_px: float,
) -> str:
    """Return what lies behind a factor's label: domain band and text, agencies, badge.

    Agencies that do not fit become a number, as "+2"; the full list is in the outline.
    """
    tokens = TOKENS[theme]
    small = TAG_SCALE * font_px
    left, right = (BAND + PADDING_X * 0.8) * font_px, width - PADDING_X * 0.8 * font_px
    base = height - PADDING_Y * font_px - small * 0.22
    # The tag is of a lighter weight than the widths are made for.
    owners = _fitting(initials, (right - left) / small - 0.88 * text_width(tag) - 0.5)
    # A long word for a domain is set narrower rather than into the agencies.
    beside = right - left - (text_width(owners) + 0.5) * small
    narrow = (
        f' textLength="{beside:.1f}" lengthAdjust="spacingAndGlyphs"'
        if text_width(tag) * small > beside > 0
        else ""
    )
    font = f'font-family="{escape(FONT_STACK)}" font-size="{small:.1f}"'
    parts = [
        f'<path d="M8 0H{BAND * font_px:.1f}V{height}H8A8 8 0 0 1 0 {height - 8}V8A8 8 0 0 1 8 0Z" '
        f'fill="{colour}"/>',
        f'<g {font} font-weight="500" fill="{tokens["quiet"]}">'
        f'<text x="{left:.1f}" y="{base:.1f}"{narrow}>{escape(tag)}</text>'
        f'<text x="{right:.1f}" y="{base:.1f}" text-anchor="end" font-weight="700">{escape(owners)}</text></g>',
    ]
    if badge > 0:
        number = str(badge) if badge < 100 else "99+"
        wide = max(text_width(number) + 0.9, 1.55) * small
        high = 1.5 * small
        x, y = width - wide - 5, 5
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{high:.1f}" rx="{high / 2:.1f}" '
            f'fill="{tokens["badge"]}" stroke="{tokens["outline"]}" stroke-width="1"/>'
            f'<text x="{x + wide / 2:.1f}" y="{y + high / 2 + small * 0.35:.1f}" text-anchor="middle" '
            f'{font} font-weight="700" fill="{tokens["ink"]}">{number}</text>'
        )
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _fitting(initials: Sequence[str], room: float) -> str:
    for shown in range(min(len(initials), _MOST_INITIALS), 0, -1):
        more = len(initials) - shown
        text = " ".join(initials[:shown]) + (f" +{more}" if more else "")
        if text_width(text) <= room:
            return text
    return f"+{len(initials)}" if initials else ""


def _width(strength: float) -> float:
    return _WIDTHS[0] if strength < 1.5 else _WIDTHS[1] if strength < 2.5 else _WIDTHS[2]


_SIGN_CLASS: Final = {1: "plus", -1: "minus", None: "unknown"}
_OVERLAY_SIGN: Final = {1: "hue-plus", -1: "hue-minus", None: "hue-unknown"}


def _link_classes(link: Link) -> list[str]:
    classes = ["link", _SIGN_CLASS[link.sign]]
    if link.contested or link.both_signs:
        classes.append("contested")
    if link.status == "proposed":
        classes.append("proposed")
    if link.source == link.target:
        classes.append("self")
    return classes


@dataclass(frozen=True, slots=True)
class Held:
    """What the agencies hold about one link: how many assert it with which sign, and how many do not.

    Attributes
    ----------
    asserting : int
        Agencies that assert it, with whatever sign.
    positive, negative, rejecting, unsure : int
        Agencies of which someone holds this. One whose people differ counts in several.
    contested : bool
    """

    asserting: int
    positive: int
    negative: int
    rejecting: int
    unsure: int
    contested: bool

    @property
    def kind(self) -> str:
        """``"disputed"``, ``"agreed"``, ``"rejected"``, ``"unsure"`` or ``"silent"``."""
        if self.contested:
            return "disputed"
        if self.asserting:
            return "agreed"
        return "rejected" if self.rejecting else "unsure" if self.unsure else "silent"

    @property
    def label(self) -> str:
        """How many agencies, as written on the line; a ≠ between those who hold different things.

        Examples
        --------
        >>> Held(2, 2, 0, 1, 0, True).label, Held(2, 1, 1, 0, 0, True).label, Held(0, 0, 0, 1, 0, False).label
        ('2≠1', '1≠1', '×1')
        """
        if self.contested:
            signed = [count for count in (self.positive, self.negative) if count] or [self.asserting]
            return "≠".join(map(str, [*signed, self.rejecting] if self.rejecting else signed))
        if self.asserting:
            return str(self.asserting)
        return f"×{self.rejecting}" if self.rejecting else f"?{self.unsure}" if self.unsure else ""

    def sign(self, drawn: Sign | None) -> Sign | None:
        """Return the sign that is held; the one of the map, `drawn`, where both are held or none is."""
        if bool(self.positive) == bool(self.negative):
            return drawn
        return 1 if self.positive else -1

    @property
    def width(self) -> float:
        """Line width: 3 pixels for one agency, and 2 more for each further one."""
        if self.asserting:
            return min(3.0 + 2.0 * (self.asserting - 1), 15.0)
        return 3.0 if self.rejecting else 1.6


def held_links(m: CausalMap, agencies: Collection[str] | None = None) -> dict[str, Held]:
    """Return what the agencies, or the chosen ones, hold, by link: the counts of the table beside the map.

    See `wickedmap.graphs.overlay` for who asserts a link and when it is contested;
    "unsure" and silence object to nothing.
    """
    chosen = None if agencies is None else [one for one in agencies_in(m) if one in set(agencies)]
    return {
        row.link: Held(
            len(row.asserting),
            len(row.holding(1)),
            len(row.holding(-1)),
            len(row.rejecting),
            len(row.unsure),
            row.contested,
        )
        for row in overlay(m, chosen).links
    }


def _middle(link: Link, badge: int, held: Held | None) -> str:
    parts = []
    if held is not None:
        parts += [held.label] if held.label else []
    else:
        if link.delay == "long":
            parts.append("||")
        if badge > 0:
            parts.append(f"·{badge}·")
    return " ".join(parts)


def stylesheet(theme: Theme = "light", text_scale: float = 1.0) -> list[dict[str, Any]]:
    """Return the cytoscape style sheet of a theme.

    `text_scale` enlarges signs, delay bars and line widths together with the labels:
    the label size of the arrangement divided by `LABEL_PX`.
    """
    tokens = TOKENS[theme]
    sign_px = round(30 * text_scale, 1)
    border = 3.0 if theme == "contrast" else 1.6
    factor = {
        "shape": "round-rectangle",
        "width": "data(w)",
        "height": "data(h)",
        "background-color": tokens["surface"],
        "background-image": "data(card)",
        "background-fit": "none",
        "background-width": "100%",
        "background-height": "100%",
        "background-image-containment": "inside",
        "border-width": border,
        "border-color": tokens["outline"],
        "label": "data(label)",
        "font-family": FONT_STACK,
        "font-size": "data(font)",
        "font-weight": 600,
        "line-height": LINE_HEIGHT,
        "color": tokens["ink"],
        "text-wrap": "wrap",
        "text-max-width": "4000px",
        "text-valign": "center",
        "text-halign": "center",
        "text-margin-x": "data(shift_x)",
        "text-margin-y": "data(shift_y)",
        "overlay-opacity": 0,
        "transition-property": "opacity, border-color, border-width, color, underlay-opacity",
        "transition-duration": "0.2s",
    }
    link = {
        "curve-style": "unbundled-bezier",
        "edge-distances": "node-position",
        "control-point-distances": "data(bend)",
        "control-point-weights": 0.5,
        "source-endpoint": "data(start)",
        "target-endpoint": "data(end)",
        "width": "data(width)",
        "line-color": tokens["unknown"],
        "line-cap": "butt",
        "target-arrow-shape": "triangle",
        "target-arrow-color": tokens["unknown"],
        "arrow-scale": round(1.5 * text_scale, 2),
        "target-distance-from-node": 3,
        "target-label": "data(mark)",
        "target-text-offset": round(25 * text_scale, 1),
        "label": "data(middle)",
        "text-rotation": "autorotate",
        "target-text-rotation": "none",
        "font-family": FONT_STACK,
        "font-size": sign_px,
        "font-weight": 700,
        "color": tokens["unknown"],
        "text-background-color": tokens["canvas"],
        "text-background-opacity": 1,
        "text-background-shape": "round-rectangle",
        "text-background-padding": "2px",
        "overlay-opacity": 0,
        "transition-property": "line-color, target-arrow-color, color, opacity",
        "transition-duration": "0.2s",
    }
    rules: list[tuple[str, dict[str, Any]]] = [
        ("node.factor", factor),
        ("edge.link", link),
    ]
    for name, dashes in (("plus", None), ("minus", [11, 6]), ("unknown", [2, 7])):
        colour = tokens[name]
        style: dict[str, Any] = {
            "line-color": colour,
            "target-arrow-color": colour,
            "color": colour,
        }
        if dashes:
            style |= {"line-style": "dashed", "line-dash-pattern": dashes}
        rules.append((f"edge.{name}", style))
        rules.append(
            (f"edge.hue-{name}", {"line-color": colour, "target-arrow-color": colour, "color": colour})
        )
    rules += [
        ("edge.self", {"curve-style": "bezier", "loop-direction": "-45deg", "loop-sweep": "60deg"}),
        ("edge.proposed", {"target-arrow-fill": "hollow"}),
        ("edge.contested", {"font-size": round(sign_px * 0.76, 1)}),
        (
            "edge.silent",
            {"line-color": tokens["dim-line"], "target-arrow-color": tokens["dim-line"], "target-label": ""},
        ),
        ("edge.disputed", {"line-style": "dashed", "line-dash-pattern": [16, 9]}),
        ("edge.rejected", {"line-style": "dashed", "line-dash-pattern": [3, 9], "target-label": ""}),
        ("edge.unsure", {"target-label": ""}),
        ("edge.quiet", {"target-label": "", "label": "", "width": 1.6, "arrow-scale": 1.0}),
        ("node.focal", {"border-width": border + 3.4, "border-color": tokens["ink"]}),
        ("node.proposed", {"border-style": "dashed", "border-width": border + 1.4}),
        # The spotlight: one factor, its causes and effects; the rest stays legible.
        (
            "node.dim",
            {
                "color": tokens["dim-ink"],
                "background-color": tokens["dim-surface"],
                "background-image-opacity": DIM_CARD,
                "border-color": tokens["dim-line"],
                "z-index": 0,
            },
        ),
        (
            "edge.dim",
            {
                "line-color": tokens["dim-line"],
                "target-arrow-color": tokens["dim-line"],
                "target-label": "",
                "label": "",
                "width": 1.6,
                "z-index": 0,
            },
        ),
        ("node.spot", {"border-width": border + 4.4, "border-color": tokens["accent"], "z-index": 20}),
        (
            "node.cause, node.effect",
            {"border-width": border + 1.4, "border-color": tokens["ink"], "z-index": 10},
        ),
        (
            "edge.lit",
            {"target-label": "data(mark)", "label": "data(middle)", "width": "data(width)", "z-index": 15},
        ),
        # A loop, and the link that is being told.
        ("node.loop", {"border-width": border + 2.4, "border-color": tokens["trace"], "z-index": 18}),
        (
            "edge.loop",
            {
                "line-color": tokens["trace"],
                "target-arrow-color": tokens["trace"],
                "color": tokens["trace"],
                "target-label": "data(mark)",
                "label": "data(middle)",
                "width": "data(width)",
                "z-index": 18,
            },
        ),
        (
            "edge.trace",
            {
                "underlay-color": tokens["trace"],
                "underlay-opacity": 0.28,
                "underlay-padding": 9,
                "z-index": 19,
            },
        ),
        (
            "node.trace",
            {
                "underlay-color": tokens["trace"],
                "underlay-opacity": 0.28,
                "underlay-padding": 10,
                "underlay-shape": "round-rectangle",
            },
        ),
        (
            "node.arrived",
            {
                "underlay-color": tokens["ring"],
                "underlay-opacity": 0.38,
                "underlay-padding": 11,
                "underlay-shape": "round-rectangle",
            },
        ),
        (
            "edge.arrived",
            {"underlay-color": tokens["ring"], "underlay-opacity": 0.32, "underlay-padding": 7},
        ),
        (
            "node.focus",
            {
                "outline-width": 5,
                "outline-color": tokens["accent"],
                "outline-offset": 4,
                "outline-opacity": 1,
                "z-index": 30,
            },
        ),
        ("edge:selected, edge.chosen", {"target-label": "data(mark)", "label": "data(middle)", "z-index": 16}),
        (
            "edge.chosen",
            {"underlay-color": tokens["accent"], "underlay-opacity": 0.25, "underlay-padding": 8},
        ),
        (
            "edge.draft",
            {
                "curve-style": "straight",
                "line-color": tokens["accent"],
                "target-arrow-color": tokens["accent"],
                "width": 4,
                "z-index": 40,
            },
        ),
        ("node.draft", {"width": 1, "height": 1, "opacity": 0, "events": "no"}),
    ]
    return [{"selector": selector, "style": style} for selector, style in rules]
