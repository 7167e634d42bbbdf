"""Adjacency matrices: one row and one column per factor, as fuzzy cognitive map tools write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..causal_map import CausalMap
from .aspects import WHOLE_MAP
from .errors import FormatError
from .lessened import distinct_labels, is_safe_id
from .reading import Draft
from .signs import SignReading, read_number
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


def is_matrix(rows: Sequence[Row]) -> bool:
    """Whether the first row and the first column name the same factors."""
    if [cell.casefold() for row in rows for cell in row.cells] == ["concept"]:
        return True
    if len(rows) < 2 or len(rows[0].cells) < 2:
        return False
    across = [name.strip() for name in rows[0].cells[1:]]
    while across and not across[-1]:
        across.pop()
    down = [row.cells[0].strip() for row in rows[1:]]
    # One factor only: "A,B" over "B,C" would be a list of links that looks the same.
    if len(across) < 2 and rows[0].cells[0].strip().casefold() not in (
        "",
        "concept",
        "begrep",
        "faktor",
        "factor",
    ):
        return False
    return len(across) == len(down) and set(across) == set(down) and all(across)


def read_matrix(rows: Sequence[Row], draft: Draft) -> None:
    """Put a matrix into the draft: the row is the cause, the column the effect.

    An empty cell or 0 is no link. A matrix of only 0 and 1 says nothing about
    signs; its links are unknown.
    """
    names = [name.strip() for name in rows[0].cells[1:] if name.strip()]
    twice = (
        next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    )
    if twice is not None:
        raise FormatError(
            f"the factor {twice!r} has two columns; give them different names", place=rows[0].place
        )
    for name in names:
        draft.factor(name, name, place=rows[0].place, wanted_id=name if is_safe_id(name) else None)
    cells = [
        (row, column, text.strip())
        for row in rows[1:]
        for column, text in enumerate(row.cells[1 : len(names) + 1])
        if text.strip()
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
        draft.link(row.cells[0].strip(), names[column], place=place, sign=sign)


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
