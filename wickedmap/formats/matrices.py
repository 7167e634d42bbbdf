"""Adjacency matrices: one row and one column per factor, as fuzzy cognitive map tools write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..causal_map import CausalMap
from ..text import same_label
from .aspects import WHOLE_MAP
from .errors import FormatError
from .lessened import distinct_labels, is_safe_id
from .reading import Draft
from .signs import SignReading, read_number, read_sign
from .tables import Row

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    **dict.fromkeys(
        (
            *(
                "factor_ids",
                "link_ids",
                "languages",
                "language",
                "seed_labels",
                "definitions",
                "domains_of_factors",
            ),
            *(
                "valences",
                "kinds",
                "owners",
                "members",
                "positions",
                "aliases",
                "factor_provenance",
                "factor_notes",
            ),
            *(
                "phrases",
                "factor_columns",
                "factor_stages",
                "delays",
                "rationales",
                "evidence",
                "counter_evidence",
            ),
            *("contested", "link_provenance", "link_columns", "link_stages", "statuses", "title", "focal"),
        ),
        "",
    ),
    "same_labels": "get a number in brackets",
    "link_order": "becomes the order of the rows",
    "strengths": "divided by 3, so that weights lie between -1 and 1",
    "parallel_links": "left out; the first of each pair is kept",
    "unknown_signs": "left out: a cell holds a signed weight",
    "both_signs_links": "left out: a cell holds one sign",
}


_CORNERS: Final = frozenset(
    {"", "concept", "concepts", "begrep", "faktor", "factor", "variable", "node", "label"}
)
_NO_NUMBER: Final = frozenset({"nan", "na", "n/a", "none", "null"})


def is_matrix(rows: Sequence[Row]) -> bool:
    """Whether the first row and the first column name the same factors.

    When the corner says that it is a matrix ("Concept", or nothing), factors without
    effects may lack their row, and factors without causes their column.
    """
    if len(rows) == 1 and [cell.casefold() for cell in rows[0].cells] == ["concept"]:
        return True
    if len(rows) < 2 or len(rows[0].cells) < 2:
        return False
    across = _across(rows)
    corner = rows[0].cells[0].strip().casefold() in _CORNERS
    # One factor only: "A,B" over "B,C" would be a list of links that looks the same.
    if not all(across) or not across or (len(across) < 2 and not corner):
        return False
    down = [row.cells[0].strip() for row in rows[1:] if any(cell.strip() for cell in row.cells)]
    if not corner and len(across) != len(down):
        return False
    columns, lines = set(across), set(map(_column_finder(across), down))
    if len(across) == len(down) and columns == lines:
        return True
    some_missing = lines < columns or columns < lines
    return corner and some_missing and len(lines) == len(down) and all(_is_cell(text) for text in _cells(rows))


def _across(rows: Sequence[Row]) -> list[str]:
    names = [name.strip() for name in rows[0].cells[1:]]
    while names and not names[-1]:
        names.pop()
    return names


def _column_finder(across: Sequence[str]) -> Callable[[str], str]:
    """Return what finds the column of a row's name, in spite of case, double spaces and R's dots."""
    exact = set(across)
    alike: dict[str, str | None] = {}
    for one in across:
        key = same_label(one)
        alike[key] = None if key in alike else one

    def find(name: str) -> str:
        name = name.strip()
        if name in exact:
            return name
        return alike.get(same_label(name)) or alike.get(same_label(_as_in_r(name))) or name

    return find


def _as_in_r(name: str) -> str:
    """Return a name as R makes it when it heads a column: dots for what is no letter, digit, dot or _.

    Examples
    --------
    >>> _as_in_r("Bøter (kr)"), _as_in_r("2 år")
    ('Bøter..kr.', 'X2.år')
    """
    plain = re.sub(r"[^\w.]", ".", name)
    return plain if re.match(r"[^\W\d_]|\.(?!\d)", plain) else f"X{plain}"


def _cells(rows: Sequence[Row]) -> list[str]:
    return [text for row in rows[1:] for text in row.cells[1:]]


def _is_cell(text: str) -> bool:
    text = text.strip()
    return not text or text.casefold() in _NO_NUMBER or not read_sign(text, suggest=False).doubt


def read_matrix(rows: Sequence[Row], draft: Draft) -> None:
    """Put a matrix into the draft: the row is the cause, the column the effect.

    An empty cell or 0 is no link. A matrix of only 0 and 1 says nothing about
    signs; its links are unknown.
    """
    names = [name for name in _across(rows) if name]
    twice = (
        next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    )
    if twice is not None:
        raise FormatError(
            f"the factor {twice!r} has two columns; give them different names", place=rows[0].place
        )
    lines = [row for row in rows[1:] if any(cell.strip() for cell in row.cells)]
    column_of = _column_finder(names)
    causes = {row.place: column_of(row.cells[0]) for row in lines}
    # R changes the names above, never those beside.
    beside = {column_of(row.cells[0]): " ".join(row.cells[0].split()) for row in lines}
    for name in dict.fromkeys((*names, *causes.values())):
        label = beside.get(name, name)
        label = label if _as_in_r(label) == name else name
        draft.factor(name, label, place=rows[0].place, wanted_id=name if is_safe_id(name) else None)
    cells = [
        (row, column, text.strip())
        for row in lines
        for column, text in enumerate(row.cells[1 : len(names) + 1])
        if text.strip() and text.strip().casefold() not in _NO_NUMBER
    ]
    numbers = [read_number(text) for *_, text in cells]
    unsigned = all(
        number in (0.0, 1.0) and text[0] != "+" for number, (*_, text) in zip(numbers, cells, strict=True)
    )
    if unsigned and any(numbers):
        draft.note(
            "no-signs", "", "the matrix holds only 0 and 1, which say nothing of signs; links are unknown (?)"
        )
    draft.note("matrix-direction", rows[0].place, "read as: the row is the cause, the column the effect")
    for (row, column, text), number in zip(cells, numbers, strict=True):
        if number == 0:
            continue
        place = f"{row.place}, column {names[column]!r}"
        sign = SignReading() if unsigned else draft.sign(text, place)
        draft.link(causes[row.place], names[column], place=place, sign=sign)


def matrix_cells(m: CausalMap, *, largest: float = 3.0) -> list[list[str]]:
    """Return the map as rows of text with a header; weights are strength over `largest`."""
    labels = distinct_labels(m)
    weights: dict[tuple[str, str], str] = {}
    for link in m.links:
        if link.sign is not None:
            weights.setdefault((link.source, link.target), f"{link.sign * link.strength / largest:+.6g}")
    ids = [factor.id for factor in m.factors]
    table = [["Concept", *(labels[one] for one in ids)]]
    table.extend([labels[one], *(weights.get((one, other), "") for other in ids)] for one in ids)
    return table
