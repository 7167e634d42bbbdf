"""What people wrote, as the wall shows it: few words, as large as they can be, names when they are shown."""

from __future__ import annotations

from typing import Final

from ...graphs.label_boxes import text_width
from ...model import Framing, Meaning
from ..elements import Native, element, shown
from . import wall_room
from .compare_material import Material, framings_shown
from .compare_terms import meanings_by_word
from .wall_room import shortened

_MOST: Final = 8
_MOST_EACH: Final = 2
"""How many explanations of one word by one agency are shown."""
_LARGEST: Final = 1.5
_TABLES: Final = (1, 2, 3)


def framings(material: Material) -> Native:
    """Return the revealed problem definitions side by side; their first field, in large print."""
    t = material.t
    rows = [row for row in framings_shown(material) if row.problem]
    if not rows:
        return wall_room.words(t("wall.no_framings"))
    # What people wrote here comes before the examples that the map brought along.
    own = [row for row in rows if not row.example]
    chosen = (own or rows)[:_MOST]
    language = material.looking.language
    across, size, most = _fitted(material, [[row.problem.in_language(language)] for row in chosen])
    more = len(own or rows) - len(chosen)
    return element(
        "div",
        element(
            "ul",
            [_card(material, row, most) for row in chosen],
            class_="wm-wall-cards",
            style={"--across": across, "--letters": wall_room.in_ems(material.looking, size)},
        ),
        wall_room.note(material, t("wall.written", count=len(own)), t("wall.more", count=more) if more else ""),
        class_="wm-wall-full",
    )


def _fitted(material: Material, texts: list[list[str]]) -> tuple[int, float, int]:
    width, height = wall_room.stage_size(material.looking)
    return wall_room.fitted(texts, width, height, wall_room.sizes(material.looking, _LARGEST))


def _card(material: Material, row: Framing, most: int) -> Native:
    language = row.problem.language_for(material.looking.language)
    return element(
        "li",
        element("p", material.chip(row.agency, named=True)),
        element("small", material.t("wall.example")) if row.example else None,
        element("p", shortened(row.problem.in_language(language), most), lang=language),
    )


def terms(material: Material, term: str) -> Native:
    """Return what each agency means by a word, beside each other, and what the map's glossary says."""
    t, language = material.t, material.looking.language
    word = next((one for one in material.m.instruments.glossary if one.id == term), None)
    if word is None:
        return wall_room.words(t("wall.no_word"))
    said: dict[str, list[Meaning]] = {}
    for row in meanings_by_word(material).get(term, []):
        said.setdefault(row.agency, []).append(row)
    if not said:
        return wall_room.words(t("wall.no_meanings", term=word.terms.in_language(language)))
    agencies = [agency for agency in material.agencies if agency in said] or list(said)
    chosen = agencies[:_MOST]
    texts = [[row.text for row in said[agency][:_MOST_EACH]] for agency in chosen]
    source = shown(word.definitions.in_language(language))
    width, height = wall_room.stage_size(material.looking)
    if source:
        small = wall_room.sizes(material.looking)[-1]
        height -= (wall_room.lines_of(source, width / small - 8) * 1.3 + 1.2) * small
    across, size, most = wall_room.fitted(texts, width, height, wall_room.sizes(material.looking, _LARGEST))
    more = len(agencies) - len(chosen)
    return element(
        "div",
        element(
            "ul",
            [_meanings(material, agency, said[agency], most) for agency in chosen],
            class_="wm-wall-cards",
            style={"--across": across, "--letters": wall_room.in_ems(material.looking, size)},
        ),
        element(
            "p",
            element("strong", t("wall.glossary"), " "),
            source,
            lang=word.definitions.language_for(language),
            class_="wm-wall-source",
        )
        if source
        else None,
        wall_room.note(
            material, t("wall.explained", count=len(agencies)), t("wall.more", count=more) if more else ""
        ),
        class_="wm-wall-full",
    )


def _meanings(material: Material, agency: str, rows: list[Meaning], most: int) -> Native:
    more = len(rows) - _MOST_EACH
    return element(
        "li",
        element("p", material.chip(agency, named=True)),
        [
            element("p", "«", shortened(row.text, most), "»", lang=row.language or None)
            for row in rows[:_MOST_EACH]
        ],
        element("small", material.t("wall.more", count=more)) if more > 0 else None,
    )


def matrix(material: Material) -> Native:
    """Return which agencies have spoken of which factors: a blind spot has no mark."""
    t = material.t
    agencies = material.agencies
    if not agencies:
        return wall_room.words(t("wall.no_matrix"))
    rows = [row for row in material.overlay.factors if row.factor != material.m.focal]
    labels = max((text_width(material.factor(row.factor)) for row in rows), default=0.0)
    tables, size, most = _as_tables(material, len(rows), labels + 0.6 + _COLUMN * len(agencies))
    # With more than the wall has room for, those that fewest have spoken of are what to look at.
    kept = {row.factor for row in sorted(rows, key=lambda row: -len(row.silent))[:most]}
    body = []
    for row in (row for row in rows if row.factor in kept):
        cells = [
            element("td", "·" if cell.silent else "●", class_="wm-wall-silent" if cell.silent else None)
            for cell in row.cells
        ]
        if row.blind_spot:
            cells = [element("td", t("wall.blind_spot"), colspan=len(agencies), class_="wm-wall-blind")]
        body.append(element("tr", element("th", material.factor(row.factor), scope="row"), cells))
    head = element(
        "tr",
        element("td"),
        [element("th", material.chip(agency), scope="col") for agency in agencies],
    )
    each = -(-len(body) // tables)
    more = len(rows) - len(body)
    return element(
        "div",
        element(
            "div",
            [
                element(
                    "table",
                    element("thead", head),
                    element("tbody", body[start : start + each]),
                    class_="wm-wall-grid",
                )
                for start in range(0, len(body), each or 1)
            ],
            class_="wm-wall-tables",
            style={"--across": tables, "--letters": wall_room.in_ems(material.looking, size)},
        ),
        wall_room.note(material, t("wall.more_factors", count=more) if more else ""),
        class_="wm-wall-full",
    )


_COLUMN: Final = 1.75
_LINE: Final = 1.78
"""Width of an agency's column, and height of a row, in sizes of the letters."""


def _as_tables(material: Material, rows: int, wide: float) -> tuple[int, float, int]:
    """Return how many tables beside each other, the size of their letters, and how many rows have room."""
    width, height = wall_room.stage_size(material.looking)
    tried = wall_room.sizes(material.looking, 1.1)
    for size in tried:
        for tables in _TABLES:
            if tables * (wide + 1) * size <= width and tables * _lines(height, size) >= rows:
                return tables, size, rows
    tables = max([one for one in _TABLES if one * (wide + 1) * tried[-1] <= width], default=1)
    return tables, tried[-1], tables * _lines(height, tried[-1])


def _lines(height: float, size: float) -> int:
    """Return how many rows a table has under its head."""
    return max(1, int(height / size / _LINE) - 1)
