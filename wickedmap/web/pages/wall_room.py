"""How much can be read from the back row: the wall's measures, and cards as large as they can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ...graphs.label_boxes import text_width
from ..context import Looking
from ..elements import Native, element, shown
from .compare_material import Kept, Material

HIGH: Final = 1080.0
WIDE: Final = 1920.0
SMALLEST: Final = 28.0
"""Pixels of 1080: no letter on the wall is smaller."""

_ABOVE_AND_BELOW: Final = 4.7
"""What head, note, foot and margins take, in heights of the title's letters."""
_SIDES: Final = 1.4
_ROWS: Final = (1, 2, 3, 4, 5)


def letters(looking: Looking) -> float:
    """Return the size of the title's letters in pixels of 1080, by how far away the back row is.

    A letter's height is a 150th of that distance, as `assets/14-wall.css` has it.
    """
    return int(looking.state.setting("distance")) * HIGH / 150


def stage_size(looking: Looking) -> tuple[float, float]:
    """Return the width and height that are left between head and foot, in pixels of 1080."""
    size = letters(looking)
    return WIDE - _SIDES * size, HIGH - _ABOVE_AND_BELOW * size


def sizes(looking: Looking, largest: float = 1.0) -> tuple[float, ...]:
    """Return the sizes that letters may have, from `largest` titles down to the smallest."""
    top, found = letters(looking) * largest, []
    least = max(SMALLEST, letters(looking) * 0.65)
    while top > least:
        found.append(round(top, 1))
        top *= 0.94
    return (*found, round(least, 1))


def material_of(looking: Looking, services: dict[str, Any]) -> Material:
    """Return what the wall's comparisons are made from: of those who were chosen, as the room may see it."""
    kept = services.setdefault("wall_kept", Kept())
    chosen = (looking.state.setting("wall_of") or {}).get("agencies")
    return Material(looking, kept, services.get("places"), tuple(chosen) if chosen else None)


def of_wall(looking: Looking) -> Mapping[str, Any]:
    """Return of whom and of what the wall's view is."""
    chosen: Mapping[str, Any] = looking.state.setting("wall_of") or {}
    return chosen


def in_ems(looking: Looking, size: float) -> str:
    """Return a size in pixels of 1080 in the title's letters, as style sheets want it."""
    return f"{size / letters(looking):.3f}em"


def words(text: str) -> Native:
    """Return what stands on the wall when a view has nothing to show: what it needs first."""
    return element("div", element("p", shown(text)), class_="wm-wall-centre")


def note(material: Material, *more: str) -> Native:
    """Return the line under a view: of how many agencies it is, and what was left out."""
    of_whom = material.in_words() if material.everyone else ""
    of_whom = of_whom[:1].upper() + of_whom[1:]
    return element("p", " · ".join(one for one in (of_whom, *more) if one), class_="wm-wall-note")


def shortened(text: str, most: int) -> str:
    """Return a text of at most about `most` characters, cut between words and visibly so.

    Examples
    --------
    >>> shortened("Ingen eier overgangen fra fengsel", 22), shortened("Gjeld", 22)
    ('Ingen eier overgangen …', 'Gjeld')
    """
    if len(text) <= most:
        return shown(text)
    return f"{text[: most + 1].rsplit(None, 1)[0]} …"


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes at a width in sizes of its letters.

    Examples
    --------
    >>> lines_of("Ingen eier overgangen fra fengsel", 12), lines_of("", 12)
    (2, 0)
    """
    lines, filled = 0, width + 1
    for word in text.split():
        wide = text_width(word)
        if filled + wide > width:
            lines, filled = lines + max(1, int(wide / width)), 0.0
        filled += wide + 0.3
    return lines


def fitted(
    texts: Sequence[Sequence[str]], width: float, height: float, tried: Sequence[float]
) -> tuple[int, float, int]:
    """Return how cards fill a stage: how many beside each other, their letters' size, and where texts are cut.

    Parameters
    ----------
    texts : sequence of sequences of str
        The paragraphs of each card; a heading of one line comes on top.
    width, height : float
        The stage, in pixels.
    tried : sequence of float
        The sizes of letters that are allowed, the largest first.

    Returns
    -------
    across : int
    size : float
        The largest at which every text is shown in full; else the smallest.
    most : int
        Characters of each paragraph that have room at that size.

    Examples
    --------
    >>> fitted([["Ingen eier overgangen."]] * 4, 1860, 900, (60, 40, 28))
    (2, 60, 1000)
    >>> across, size, most = fitted([["ord " * 400]] * 4, 1860, 900, (60, 40, 28))
    >>> across, size, most < 1600
    (4, 28, True)
    """
    found: list[tuple[float, int, float]] = []
    for across in range(1, min(len(texts), 4) + 1):
        fits = [size for size in tried if _height(texts, across, width / size) * size <= height]
        if fits:
            # Full rows look settled, and are worth somewhat smaller letters.
            settled = 1.0 if len(texts) % across == 0 else 0.8
            found.append((fits[0] * settled, across, fits[0]))
    if found:
        _, across, size = max(found)
        return across, size, 1000
    size = tried[-1]
    across = min(len(texts), 4)
    rows = -(-len(texts) // across)
    paragraphs = max(len(card) for card in texts)
    lines = (height / size / rows - 3.2) / 1.3 / paragraphs
    inside = width / size / across - 2.2
    return across, size, max(20, int(max(1, int(lines)) * inside / 0.62))


def _height(texts: Sequence[Sequence[str]], across: int, width: float) -> float:
    """Return how high the cards are in sizes of their letters, rows of `across` beside each other."""
    inside = width / across - 2.2
    if inside < 9:
        return float("inf")
    # A name of two words does not stand beside its mark in a narrow card.
    head = 2.9 if inside > 14 else 4.2
    high = [head + sum(lines_of(text, inside) * 1.27 + 0.3 for text in card) for card in texts]
    return sum(max(high[start : start + across]) + 0.6 for start in range(0, len(high), across))
