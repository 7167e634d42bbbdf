"""SVG drawn as PNG by resvg (MIT/Apache), with the typeface that comes with wickedmap."""

from __future__ import annotations

import math
import re
from typing import Final

from .errors import FormatError
from .typeface import FAMILY, WEIGHTS, file_of, lacks

_MAX_PIXELS: Final = 16_000_000
_SMOOTH_UP_TO: Final = 5_000
_CURVE: Final = re.compile(r'<path d="[^"C]*C[^>]*>')
_LONE_SIGN: Final = re.compile(
    r'<text x="([-\d.]+)" y="([-\d.]+)" font-size="([\d.]+)" font-weight="700" text-anchor="middle" '
    r'fill="(#\w{6})">([+−])</text>'
)
_STROKE: Final = re.compile(
    r'stroke="(#\w{6})" stroke-width="([\d.]+)"( stroke-dasharray="[^"]*")?(?: stroke-opacity="([\d.]+)")?'
)
_GROUND: Final = re.compile(r'<rect width="100%" height="100%" fill="(#\w{6})"/>')
_UNSEEN: Final = re.compile(r"<(title|desc)\b[^>]*>.*?</\1>", re.S)


def png_of(drawn: str, width: int) -> bytes:
    """Return an SVG of ours as PNG, with the typeface that comes with wickedmap."""
    try:
        import resvg_py
    except ImportError:
        raise FormatError(
            "pictures as PNG need the package resvg-py; install it, or save as SVG", code="cannot-write"
        ) from None
    size = drawn[drawn.index("viewBox=") :].split('"')[1].split()
    ratio = float(size[3]) / float(size[2])
    width = max(16, min(width, math.isqrt(int(_MAX_PIXELS / max(ratio, 1e-6)))))
    drawn = _UNSEEN.sub("", drawn)
    if drawn.count("<path") > _SMOOTH_UP_TO:
        drawn = quick(drawn, float(size[2]) / width)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawn,
            width=width,
            skip_system_fonts=_in_our_typeface(drawn),
            font_files=[str(file_of(weight)) for weight in WEIGHTS],
            sans_serif_family=FAMILY,
        )
    )


def quick(drawn: str, pixel: float) -> str:
    """Return the picture without smooth edges: of ten thousand lines they take four times as long.

    A line thinner than a pixel would break up, so it becomes a pixel wide and lighter: of the
    colour that it would have on the ground, since what shines through takes half of the time.
    The signs + and − are drawn as strokes instead of letters.
    """
    ground = _GROUND.search(drawn)

    def at_least_a_pixel(found: re.Match[str]) -> str:
        wide = float(found[2])
        share = min(wide / pixel, 1.0) * float(found[4] or 1.0)
        colour = _mixed(found[1], ground[1] if ground else "#ffffff", share)
        return f'stroke="{colour}" stroke-width="{max(wide, pixel):.1f}"{found[3] or ""}'

    def as_strokes(found: re.Match[str]) -> str:
        x, size = float(found[1]), float(found[3])
        y, arm = float(found[2]) - 0.34 * size, 0.26 * size
        upright = f"M{x:.1f} {y - arm:.1f}v{2 * arm:.1f}" if found[5] == "+" else ""
        way = f"M{x - arm:.1f} {y:.1f}h{2 * arm:.1f}{upright}"
        return f'<path d="{way}" stroke="{found[4]}" stroke-width="{max(0.12 * size, pixel):.1f}"/>'

    drawn = _LONE_SIGN.sub(as_strokes, drawn)
    drawn = _CURVE.sub(lambda curve: _STROKE.sub(at_least_a_pixel, curve[0]), drawn)
    return drawn.replace("<svg ", '<svg shape-rendering="optimizeSpeed" ', 1)


def _mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour of which `share` covers the ground."""
    over, under = bytes.fromhex(colour[1:]), bytes.fromhex(ground[1:])
    return "#" + bytes(round(a * share + b * (1 - share)) for a, b in zip(over, under, strict=True)).hex()


def _in_our_typeface(drawn: str) -> bool:
    """Whether the typeface has every letter; else those of the computer are looked through too."""
    return not lacks("".join(set(drawn)))
