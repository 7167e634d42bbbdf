"""SVG drawn as PNG by resvg (MIT/Apache), with the typeface that comes with wickedmap."""

from __future__ import annotations

import math
from typing import Final

from ..resources import resource_dir
from .errors import FormatError

_MAX_PIXELS: Final = 40_000_000


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
    fonts = resource_dir("assets") / "vendor" / "fonts"
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawn,
            width=width,
            skip_system_fonts=_in_our_typeface(drawn),
            font_files=[str(fonts / f"atkinson-hyperlegible-next-{weight}.ttf") for weight in (500, 700)],
            sans_serif_family="Atkinson Hyperlegible Next",
        )
    )


def _in_our_typeface(drawn: str) -> bool:
    """Whether the typeface has every letter; else those of the computer are looked through too."""
    return all(ord(letter) < 0x180 or letter in "−–—…‘’“”•→" for letter in set(drawn))
