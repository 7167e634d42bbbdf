"""How much room a factor's label takes, before any browser has drawn it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import Factor
from ..text import LANGUAGES

LABEL_PX: Final = 28.0
"""Label size at which the 21 factors of the default map fill a 1080p wall."""

GAP: Final = 0.9
"""Room that is kept between labels, in units of their size."""

WRAP_AT: Final = 16
"""Labels wrap at about this many characters."""

LINE_HEIGHT: Final = 1.18
TAG_SCALE: Final = 0.56
"""Size of the small line (domain, agencies) against the label's own."""

BAND: Final = 0.42
PADDING_X: Final = 0.62
PADDING_Y: Final = 0.42
TAG_GAP: Final = 0.16
MIN_WIDTH: Final = 7.4
MAX_LINES: Final = 3
DRAWN_UP_TO: Final = 160
"""More characters than this cannot be read in a box; lists and titles have all of them."""

# Widths in thousandths of the font size, of a bold grotesque (Arial metrics) and
# then 6 % more, so that no common sans serif face at weight 600 is wider.
_WIDTHS: Final = {
    **dict.fromkeys("ijlI /.,:;'|!", 278),
    **dict.fromkeys("ft-()[]", 333),
    "r": 389,
    "z": 500,
    **dict.fromkeys("bdghnopquøFLTZ", 611),
    **dict.fromkeys("ABCDHKNRUÅÄ&", 722),
    **dict.fromkeys("EPSVXY", 667),
    **dict.fromkeys("wGOQØÖ", 778),
    **dict.fromkeys("mæM%", 889),
    "W": 944,
    "Æ": 1000,
}
_ORDINARY: Final = 556
_WIDE: Final = 1000
_MARGIN: Final = 1.06


@dataclass(frozen=True, slots=True)
class LabelBox:
    """The rectangle that a label needs, in canvas pixels, centred on its position."""

    width: float
    height: float


def text_width(text: str) -> float:
    """Return a cautious width of one line, in units of the font size.

    Examples
    --------
    >>> round(text_width("Gjeld"), 2)
    2.65
    """
    total = 0
    for character in text:
        default = _ORDINARY if ord(character) < 0x250 else _WIDE
        total += _WIDTHS.get(character, default)
    return total / 1000 * _MARGIN


def wrap_label(text: str, at: int = WRAP_AT) -> tuple[str, ...]:
    """Break a label into the fewest lines of about `at` characters, and even ones.

    A single word may run past `at` by a third; a longer one is divided with a
    hyphen. A long text gets wider lines before it gets more than `MAX_LINES` of
    them; of one above `DRAWN_UP_TO` characters, that many are left and then "…".

    Examples
    --------
    >>> wrap_label("Utsatt for vold og mishandling")
    ('Utsatt for vold', 'og mishandling')
    >>> wrap_label("Spesialisthelsetjenesten")
    ('Spesialisthe-', 'lsetjenesten')
    """
    words = (text if len(text) <= DRAWN_UP_TO else text[:DRAWN_UP_TO] + "…").split()
    if not words:
        return ("",)
    limit = max(at, 1)
    while True:
        parts = [part for word in words for part in _divided(word, limit + limit // 3, limit)]
        lines = _greedy(parts, limit)
        if len(lines) <= MAX_LINES:
            break
        limit += 1
    # The narrowest limit that keeps the number of lines makes them even.
    for narrower in range(max(map(len, parts)), limit):
        even = _greedy(parts, narrower)
        if len(even) == len(lines):
            return even
    return lines


def _divided(word: str, longest: int, limit: int) -> list[str]:
    if len(word) <= longest:
        return [word]
    pieces = -(-len(word) // (limit - 1))
    size = -(-len(word) // pieces)
    cuts = [word[start : start + size] for start in range(0, len(word), size)]
    return [piece if piece.endswith(("-", "/")) else piece + "-" for piece in cuts[:-1]] + cuts[-1:]


def _greedy(parts: Iterable[str], limit: int) -> tuple[str, ...]:
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 1 + len(part) <= limit:
            lines[-1] += " " + part
        else:
            lines.append(part)
    return tuple(lines)


def shown_label(factor: Factor, language: str, stage: int = 4) -> str:
    """Return the wording of a factor: the source's own in stages 1-2, then the directed one.

    The source documents are Norwegian, so English has the directed wording throughout.
    """
    if stage <= 2 and factor.seed_label and language != "en":
        return factor.seed_label
    return factor.labels.in_language(language)


def label_box(factor: Factor, font_px: float, stage: int = 4) -> LabelBox:
    """Return the room a factor takes: label, domain tag, agencies and margins.

    The box fits the label in every language the factor has, so that people who
    read different languages see the factor in the same place.
    """
    languages = [one for one in LANGUAGES if one in factor.labels] or list(LANGUAGES)
    wrapped = [wrap_label(shown_label(factor, one, stage)) for one in languages]
    widest = max(text_width(line) for lines in wrapped for line in lines)
    lines = max(len(lines) for lines in wrapped)
    width = max(widest + BAND + 2 * PADDING_X, MIN_WIDTH)
    height = lines * LINE_HEIGHT + TAG_GAP + TAG_SCALE * LINE_HEIGHT + 2 * PADDING_Y
    return LabelBox(round(width * font_px, 1), round(height * font_px, 1))


def even_boxes(boxes: Sequence[LabelBox]) -> list[LabelBox]:
    """Return as many boxes of one size that all fit, as a list of labels needs."""
    width, height = max(box.width for box in boxes), max(box.height for box in boxes)
    return [LabelBox(width, height)] * len(boxes)
