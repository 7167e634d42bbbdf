"""What lies behind a factor's label on the canvas: domain, agencies, and how many notes there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from ..graphs.label_boxes import (
    BAND,
    PADDING_X,
    PADDING_Y,
    TAG_SCALE,
    LabelBox,
    text_width,
    wrap_label,
)
from .palette import FONT_STACK, TOKENS, Theme

_MOST_INITIALS: Final = 4
_FAR_BADGE: Final = 0.7
_FAR_GROWN: Final = 1.14
_FAR_PADDING: Final = 0.42
_CAUTION: Final = 1.06
"""`text_width` is for any common typeface; ours comes along and is no wider than this much less."""


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
    The badge ends the line, so that it never touches the label.
    """
    tokens = TOKENS[theme]
    small = TAG_SCALE * font_px
    left, right = (BAND + PADDING_X * 0.8) * font_px, width - PADDING_X * 0.8 * font_px
    bubble, taken = _badge(width, height, badge, tokens, small)
    right = min(right, width - taken)
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
        _band(height, colour, font_px),
        f'<g {font} font-weight="500" fill="{tokens["quiet"]}">'
        f'<text x="{left:.1f}" y="{base:.1f}"{narrow}>{escape(tag)}</text>'
        f'<text x="{right:.1f}" y="{base:.1f}" text-anchor="end" font-weight="700">{escape(owners)}</text></g>',
        bubble,
    ]
    return _svg(width, height, parts)


def plain_card_svg(
    width: float, height: float, *, colour: str, badge: int, theme: Theme, font_px: float
) -> str:
    """Return what lies behind a label that is read from far away: the domain's band, and a larger badge."""
    bubble, _ = _badge(width, height, badge, TOKENS[theme], _FAR_BADGE * font_px)
    return _svg(width, height, [_band(height, colour, font_px), bubble])


def _band(height: float, colour: str, font_px: float) -> str:
    return (
        f'<path d="M8 0H{BAND * font_px:.1f}V{height}H8A8 8 0 0 1 0 {height - 8}V8A8 8 0 0 1 8 0Z" '
        f'fill="{colour}"/>'
    )


def _badge(
    width: float, height: float, badge: int, tokens: Mapping[str, str], small: float
) -> tuple[str, float]:
    """Return the number of notes in the lower right corner, and how much of the line it takes."""
    if badge <= 0:
        return "", 0.0
    number = str(badge) if badge < 100 else "99+"
    wide, high = max(text_width(number) + 0.8, 1.4) * small, 1.4 * small
    x, y = width - wide - 5, height - high - 5
    drawn = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="{high / 2:.1f}" '
        f'fill="{tokens["badge"]}" stroke="{tokens["outline"]}" stroke-width="1"/>'
        f'<text x="{x + wide / 2:.1f}" y="{y + high / 2 + small * 0.35:.1f}" text-anchor="middle" '
        f'font-family="{escape(FONT_STACK)}" font-size="{small:.1f}" font-weight="700" '
        f'fill="{tokens["ink"]}">{number}</text>'
    )
    return drawn, wide + 5 + 0.4 * small


def far_font(boxes: Sequence[tuple[LabelBox, str]], font_px: float) -> float:
    """Return the size of labels that have their boxes to themselves, one for all.

    Parameters
    ----------
    boxes : sequence of (LabelBox, str)
        Each with the text that stands in it.
    font_px : float
        The size that the boxes were made for, with a small line under the label.

    Examples
    --------
    >>> from wickedmap.graphs.label_boxes import LabelBox
    >>> far_font([(LabelBox(300.0, 90.0), "Gjeld")], 28.0)
    31.9
    """
    grown = [
        (box.width / font_px - BAND - 2 * _FAR_PADDING)
        / (max(text_width(line) for line in wrap_label(text)) / _CAUTION or 1.0)
        for box, text in boxes
    ]
    return round(font_px * max(1.0, min([_FAR_GROWN, *grown])), 1)


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _fitting(initials: Sequence[str], room: float) -> str:
    for shown in range(min(len(initials), _MOST_INITIALS), 0, -1):
        more = len(initials) - shown
        text = " ".join(initials[:shown]) + (f" +{more}" if more else "")
        if text_width(text) <= room:
            return text
    return f"+{len(initials)}" if initials else ""
