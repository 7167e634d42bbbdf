"""A factor's label as it is drawn: rounded, with its domain as a band and a small text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..graphs.label_boxes import (
    BAND,
    LINE_HEIGHT,
    PADDING_X,
    PADDING_Y,
    TAG_GAP,
    TAG_SCALE,
    text_width,
    wrap_label,
)
from ..model import Factor
from .arrows import Box
from .xml_reading import content


def label_svg(
    factor: Factor,
    box: Box,
    *,
    text: str,
    tag: str,
    owners: Sequence[str],
    colour: str,
    focal: bool,
    tokens: Mapping[str, str],
    font_px: float,
    border: float,
    language: str,
) -> str:
    """Return one factor's label as SVG, with its title and definition for screen readers.

    `owners` are the initials of its agencies; those that do not fit become a number.
    """
    x, y, width, height = (
        box.x - box.half_width,
        box.y - box.half_height,
        box.half_width * 2,
        box.half_height * 2,
    )
    band, round_ = BAND * font_px, 8.0
    edge = border + (2.4 if focal else 0.0)
    dashed = ' stroke-dasharray="7 5"' if factor.status == "proposed" else ""
    definition = factor.definitions.in_language(language)
    told = f"{text}. {definition}" if definition else text
    lines = wrap_label(text)
    # A short label of the source may be one long word, wider than the box made for the directed one.
    room_for_text = width - band - PADDING_X * 0.6 * font_px
    widest = max(text_width(line) for line in lines)
    label_px = min(font_px, room_for_text / widest) if widest else font_px
    middle = x + band + (width - band) / 2
    block = len(lines) * LINE_HEIGHT * font_px
    # The label is centred in what the small line leaves.
    small_line = (TAG_GAP + TAG_SCALE * LINE_HEIGHT) * font_px if tag or owners else 0.0
    first = y + (height - small_line - block) / 2 + font_px * 0.93
    spans = "".join(
        f'<tspan x="{middle:.1f}" y="{first + number * LINE_HEIGHT * font_px:.1f}">{content(one)}</tspan>'
        for number, one in enumerate(lines)
    )
    small = TAG_SCALE * font_px
    left, right = x + (BAND + PADDING_X * 0.8) * font_px, x + width - PADDING_X * 0.8 * font_px
    base = y + height - PADDING_Y * font_px - small * 0.22
    room = (right - left) / small - text_width(tag) - 0.8
    return (
        f"<g><title>{content(told)}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round_}" '
        f'fill="{tokens["surface"]}"/>'
        f'<path d="M{x + round_:.1f} {y:.1f}H{x + band:.1f}V{y + height:.1f}H{x + round_:.1f}'
        f"A{round_} {round_} 0 0 1 {x:.1f} {y + height - round_:.1f}V{y + round_:.1f}"
        f'A{round_} {round_} 0 0 1 {x + round_:.1f} {y:.1f}Z" fill="{colour}"/>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round_}" '
        f'fill="none" stroke="{tokens["ink"] if focal else tokens["outline"]}" stroke-width="{edge}"{dashed}/>'
        f'<text font-size="{label_px:.1f}" font-weight="700" text-anchor="middle" '
        f'fill="{tokens["ink"]}">{spans}</text>'
        f'<text font-size="{small:.1f}" font-weight="500" x="{left:.1f}" y="{base:.1f}" '
        f'fill="{tokens["quiet"]}">{content(tag)}</text>'
        f'<text font-size="{small:.1f}" font-weight="700" x="{right:.1f}" y="{base:.1f}" text-anchor="end" '
        f'fill="{tokens["quiet"]}">{content(_fitting(owners, room))}</text></g>'
    )


def _fitting(initials: Sequence[str], room: float) -> str:
    for shown in range(min(len(initials), 4), 0, -1):
        more = len(initials) - shown
        joined = " ".join(initials[:shown]) + (f" +{more}" if more else "")
        if text_width(joined) <= room:
            return joined
    return ""
