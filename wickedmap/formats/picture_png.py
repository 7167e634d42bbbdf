"""SVG drawn as PNG by resvg (MIT/Apache), with the typeface that comes with wickedmap."""

from __future__ import annotations

import math
import re
from typing import Final

from .errors import FormatError
from .typeface import FAMILY, WEIGHTS, file_of, lacks

_MAX_PIXELS: Final = 40_000_000
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
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawn,
            width=width,
            skip_system_fonts=_in_our_typeface(drawn),
            font_files=[str(file_of(weight)) for weight in WEIGHTS],
            sans_serif_family=FAMILY,
        )
    )


def _in_our_typeface(drawn: str) -> bool:
    """Whether the typeface has every letter; else those of the computer are looked through too."""
    return not lacks("".join(set(_UNSEEN.sub("", drawn))))
