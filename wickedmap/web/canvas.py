"""The map as cytoscape draws it: its elements, from data only; the style sheet is in `canvas_style`.

The grammar is that of a causal loop diagram and the same on every surface. A factor
is a rounded label with its domain as a band and a small text; a link is a curved
arrow with its sign as text beside the arrowhead, solid for +, dashed for −, dotted
where nobody knows. Nothing here knows of sessions or callbacks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Literal

from ..causal_map import CausalMap
from ..graphs.label_boxes import (
    BAND,
    LABEL_PX,
    LINE_HEIGHT,
    TAG_GAP,
    TAG_SCALE,
    LabelBox,
    even_boxes,
    label_box,
    shown_label,
    wrap_label,
)
from ..graphs.routes import Route, routes
from ..model import Agency, Factor, Link
from .canvas_cards import card_svg, far_font, plain_card_svg
from .canvas_overlay import Held, held_links
from .palette import TOKENS, Theme, domain_colours, svg_uri

View = Literal["map", "overlay"]
Element = dict[str, Any]

QUIET_ABOVE: Final = 150
"""With more links than this, signs are written only on chosen and lit ones."""

FACTOR_PREFIX: Final = "f:"
LINK_PREFIX: Final = "l:"
_WIDTHS: Final = (2.4, 4.2, 6.4)
_SIGN_AT: Final = 25.0
_SIGN_BEHIND: Final = 58.0
"""How far before the head a sign stands, in pixels; further back when the next arrow's is beside it."""

_CROWDED: Final = 1.9


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
    far: bool = False,
) -> list[Element]:
    """Return what the canvas shows at a stage, factors before links.

    Parameters
    ----------
    m : CausalMap
        The map that this person may see; the stage is applied here.
    positions : mapping of factor id to (x, y)
        From `wickedmap.graphs.stage_layout.arrangement`.
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
    far : bool
        Whether it is read from across a room: the label has its box to itself, without
        the small line of domain and agencies.

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
    texts = [shown_label(factor, language, stage) for factor in part.factors]
    label_px = far_font(list(zip(boxes, texts, strict=True)), font_px) if far else font_px
    elements = []
    for factor, box, text in zip(part.factors, boxes, texts, strict=True):
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
                text=text,
                tag=tags.get(factor.domain, ""),
                colour=colours.get(factor.domain, TOKENS[theme]["outline"]),
                owners=[by_id[one] for one in factor.agencies if one in by_id],
                badge=counts.get(factor.id, 0),
                language=language,
                theme=theme,
                font_px=font_px,
                label_px=label_px,
                far=far,
                classes=classes,
            )
        )
    box_of = {factor.id: box for factor, box in zip(part.factors, boxes, strict=True)}
    drawn = routes(part, positions, font_px, box_of)
    held = held_links(part, agencies) if view == "overlay" else {}
    behind = _signs_behind(part, drawn, box_of, font_px)
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
                    "away": round((_SIGN_BEHIND if link.id in behind else _SIGN_AT) * font_px / LABEL_PX, 1),
                    **_drawn(drawn.get(link.id, Route(0.0))),
                },
                "classes": " ".join(classes),
            }
        )
    return elements


def _signs_behind(
    part: CausalMap, drawn: Mapping[str, Route], boxes: Mapping[str, LabelBox], font_px: float
) -> frozenset[str]:
    """Return the links whose signs stand further back: every other one where arrows come in side by side."""
    sides: defaultdict[tuple[str, bool, bool], list[tuple[float, str]]] = defaultdict(list)
    for link in part.links:
        end = drawn[link.id].end if link.id in drawn else None
        if end is not None:
            upright = abs(abs(end[0]) - boxes[link.target].width / 2) < 1
            along, out = (end[1], end[0]) if upright else (end[0], end[1])
            sides[link.target, upright, out > 0].append((along, link.id))
    found: set[str] = set()
    for ends in sides.values():
        ends.sort()
        for (before, other), (at, one) in pairwise(ends):
            if at - before < _CROWDED * font_px and other not in found:
                found.add(one)
    return frozenset(found)


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
    label_px: float,
    far: bool,
    classes: Sequence[str],
) -> Element:
    initials = [initials_of(agency) for agency in owners]
    if far:
        line = badge > 0
        card = plain_card_svg(box.width, box.height, colour=colour, badge=badge, theme=theme, font_px=font_px)
    else:
        line = bool(tag or initials or badge)
        card = card_svg(
            box.width,
            box.height,
            tag=tag,
            initials=initials,
            colour=colour,
            badge=badge,
            theme=theme,
            font_px=font_px,
        )
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
            "font": label_px,
            "shift_x": round(BAND * font_px / 2, 1),
            "shift_y": round(-(TAG_GAP + TAG_SCALE * LINE_HEIGHT) * font_px / 2, 1) if line else 0.0,
            "card": svg_uri(card),
        },
        "position": {"x": float(at[0]), "y": float(at[1])},
        "classes": " ".join(classes),
    }


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


def _circled(number: int) -> str:
    """Return a number of notes as one sign, so that a turned 1 is no bar across the arrow.

    Examples
    --------
    >>> _circled(1), _circled(12), _circled(50)
    ('①', '⑫', '(50)')
    """
    return chr(ord("①") + number - 1) if number <= 20 else f"({number})"


def _middle(link: Link, badge: int, held: Held | None) -> str:
    parts = []
    if held is not None:
        parts += [held.label] if held.label else []
    else:
        if link.delay == "long":
            parts.append("||")
        if badge > 0:
            parts.append(_circled(badge))
    return " ".join(parts)
