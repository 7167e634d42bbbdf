"""Tables whose links are told in another way than by a column for each end and one for the sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .link_columns import ROLES, match_roles
from .reading import Draft
from .tables import Row, column_key

_TERM: Final = re.compile(r"[+\-−]?\s*V?[HML]", re.IGNORECASE)
_NOT_TICKED: Final = frozenset({"", "0", "0.0", "false", "nan"})
_LEAST_TERMS: Final = 3


def with_ends_from_names(rows: Sequence[Row], draft: Draft) -> Sequence[Row]:
    """Return a table of Cytoscape's edges with a column for each end, taken from "A (pp) B" and its "pp"."""
    header = [column_key(name) for name in rows[0].cells]
    if match_roles(rows[0].cells, ROLES).keys() & {"source", "target"}:
        return rows
    pairs = (("shared name", "shared interaction"), ("name", "interaction"))
    found = next((pair for pair in pairs if header.count(pair[0]) == header.count(pair[1]) == 1), None)
    if found is None or len(rows) < 2:
        return rows
    name_at, kind_at = header.index(found[0]), header.index(found[1])
    kept = [at for at, name in enumerate(header) if name not in ("suid", "selected", "name", *pairs[0])]
    made = [Row(rows[0].place, ("source", "target", *(rows[0].cells[at] for at in kept)))]
    for row in rows[1:]:
        cells = row.cells + ("",) * (len(header) - len(row.cells))
        source, mark, target = cells[name_at].partition(f" ({cells[kind_at]}) ")
        if not mark:
            return rows
        made.append(Row(row.place, (source, target, *(cells[at] for at in kept))))
    draft.note(
        "ends-from-names", rows[0].place, "the ends of each link are taken from its name, as in Cytoscape"
    )
    return made


def with_signs_of_terms(rows: Sequence[Row], draft: Draft) -> Sequence[Row]:
    """Return a table of links with a sign for each linguistic term from -VH to +VH.

    The terms stand in one column, or are columns of which one is ticked in each row. A
    term without a mark is positive only where others in the table have a minus. A row in
    which nothing is ticked is no link.
    """
    header = rows[0].cells
    roles = match_roles(header, ROLES)
    if not roles.keys() >= {"source", "target"} or "sign" in roles:
        return rows
    others = [at for at in range(len(header)) if at not in (roles["source"], roles["target"])]
    terms = [at for at in others if _TERM.fullmatch(header[at].strip())]
    if len(terms) >= _LEAST_TERMS and any(header[at].strip()[0] in "-−" for at in terms):
        return _with_ticked_terms(rows, terms, draft)
    for at in others:
        words = [row.cells[at].strip() for row in rows[1:] if at < len(row.cells) and row.cells[at].strip()]
        if words and all(map(_TERM.fullmatch, words)) and any(word[0] in "-−" for word in words):
            draft.note("sign-column", "", f"signs are read from the terms in the column {header[at]!r}")
            return [
                Row(rows[0].place, (*header, "sign")),
                *(
                    _with_sign(row, row.cells[at] if at < len(row.cells) else "", len(header))
                    for row in rows[1:]
                ),
            ]
    return rows


def _with_sign(row: Row, term: str, width: int) -> Row:
    cells = (row.cells + ("",) * (width - len(row.cells)))[:width]
    term = term.strip()
    return Row(row.place, (*cells, ("-" if term[0] in "-−" else "+") if term else ""))


def _with_ticked_terms(rows: Sequence[Row], terms: Sequence[int], draft: Draft) -> Sequence[Row]:
    header = rows[0].cells
    # "NA" is a term too: the expert sees no link.
    dropped = {*terms, *(at for at, name in enumerate(header) if column_key(name) in ("na", "n/a"))}
    kept = [at for at in range(len(header)) if at not in dropped]
    made = [Row(rows[0].place, (*(header[at] for at in kept), "term", "sign"))]
    draft.note("sign-column", "", "signs are read from the columns for each term, from -VH to +VH")
    for row in rows[1:]:
        cells = row.cells + ("",) * (len(header) - len(row.cells))
        ticked = [header[at].strip() for at in terms if cells[at].strip().casefold() not in _NOT_TICKED]
        if not ticked:
            draft.note("row-without-link", row.place, "no term is ticked in the row; no link was made")
            continue
        signs = {"-" if term[0] in "-−" else "+" for term in ticked}
        sign = signs.pop() if len(signs) == 1 else "+/-"
        made.append(Row(row.place, (*(cells[at] for at in kept), ", ".join(ticked), sign)))
    return made
