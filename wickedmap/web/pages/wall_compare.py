"""The comparisons as the wall shows them: few words, large, without names until they are shown."""

from __future__ import annotations

from typing import Final

from ...model import Framing
from ..context import Looking
from ..elements import Native, element, shown
from .compare_material import Kept, Material, framings_shown

_MOST: Final = 8
_MOST_ROWS: Final = 24
_ROOM: Final = ((2, 380), (3, 260), (6, 150), (_MOST, 100))
"""How many characters of each text can be read from the back row, by how many stand beside each other."""


def framings(looking: Looking) -> Native:
    """Return the revealed problem definitions side by side; their first field, in large print."""
    t, material = looking.t, Material(looking, Kept())
    rows = [row for row in framings_shown(material) if row.problem]
    if not rows:
        return element("div", element("p", t("wall.no_framings")), class_="wm-wall-centre")
    # What people wrote here comes before the examples that the map brought along.
    own = [row for row in rows if not row.example]
    chosen = (own or rows)[:_MOST]
    room = next(characters for number, characters in _ROOM if len(chosen) <= number)
    more = len(own or rows) - len(chosen)
    return element(
        "div",
        element("ul", [_card(material, row, room) for row in chosen], class_="wm-wall-framings"),
        element("p", t("wall.more", count=more), class_="wm-wall-small") if more else None,
        class_="wm-wall-full",
        style={"--across": min(len(chosen), 3 if len(chosen) <= 6 else 4)},
    )


def _card(material: Material, row: Framing, room: int) -> Native:
    language = row.problem.language_for(material.looking.language)
    return element(
        "li",
        element("p", material.chip(row.agency, named=True)),
        element("small", material.looking.t("wall.example")) if row.example else None,
        element("p", shortened(row.problem.in_language(language), room), lang=language),
    )


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


def matrix(looking: Looking) -> Native:
    """Return which agencies have spoken of which factors: a blind spot has no mark."""
    t, material = looking.t, Material(looking, Kept())
    agencies = material.agencies
    if not agencies:
        return element("div", element("p", t("wall.no_matrix")), class_="wm-wall-centre")
    head = element(
        "tr",
        element("td"),
        [element("th", material.chip(agency), scope="col") for agency in agencies],
    )
    rows = [row for row in material.overlay.factors if row.factor != material.m.focal]
    # With more than the wall has room for, those that fewest have spoken of are what to look at.
    kept = {row.factor for row in sorted(rows, key=lambda row: -len(row.silent))[:_MOST_ROWS]}
    body = []
    for row in (row for row in rows if row.factor in kept):
        cells = [
            element("td", "·" if cell.silent else "●", class_="wm-wall-silent" if cell.silent else None)
            for cell in row.cells
        ]
        if row.blind_spot:
            cells = [element("td", t("wall.blind_spot"), colspan=len(agencies), class_="wm-wall-blind")]
        body.append(element("tr", element("th", material.factor(row.factor), scope="row"), cells))
    half = (len(body) + 1) // 2
    tables = [
        element("table", element("thead", head), element("tbody", part), class_="wm-wall-grid")
        for part in (body[:half], body[half:])
        if part
    ]
    more = len(rows) - len(body)
    return element(
        "div",
        tables,
        element("p", t("wall.more", count=more), class_="wm-wall-small") if more else None,
        class_="wm-wall-full wm-wall-halves",
        style={"--agencies": max(3, len(agencies)), "--rows": half + 1},
    )
