"""Tables that are not yet a header and its rows: remarks, blanks for separators, bare matrices, neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .edge_lists import factor_by_label
from .errors import MAX_FACTORS, MAX_LINKS, FormatError
from .link_columns import FACTOR_ROLES, ROLES, match_roles
from .matrices import is_matrix
from .reading import Draft
from .signs import read_number, read_sign
from .tables import MAX_ROWS, Row, column_key, read_table

_REMARK: Final = re.compile(r"#(?!\s*[,;\t|])")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_TUPLE: Final = re.compile(r"\s*\([^()]*\),?\s*")
_SPACED: Final = re.compile(r'"([^"]*)"|(\S+)')
_DATA: Final = re.compile(r"\{[^{}]*\}\s*$")
_AMOUNT: Final = re.compile(r"""["'](?:weight|sign|polarity)["']\s*:\s*["']?([-+.\w]+)""")
_LOOK_FOR_HEADER: Final = 50
_SUMS: Final = frozenset({"total", "totals", "totalt", "sum", "outdegree", "indegree", "centrality"})
_MARKS: Final = frozenset({"+", "-", "−", "–", "?", "±", "+/-"})
_NOTHING: Final = frozenset({"", "0", "0.0", "0.00"})
_SMALLEST_BARE_MATRIX: Final = 3


def table_rows(text: str, draft: Draft) -> list[Row]:
    """Return the rows of a table; remarks at its top are passed over, blanks may separate cells."""
    lines = _LINE_END.split(text)
    if len(lines) <= MAX_ROWS and all(_TUPLE.fullmatch(line) for line in lines if line.strip()):
        lines = [line.strip().rstrip(",")[1:-1] for line in lines]
        text = "\n".join(lines)
    lines, text = _without_data(lines, text, draft)
    header: list[str] = []
    top = 0
    while top < len(lines) and (_REMARK.match(lines[top]) or not lines[top].strip()):
        words = lines[top].lstrip("# ").split() if top < _LOOK_FOR_HEADER else []
        if len(words) > 1 and match_roles(words, ROLES).keys() >= {"source", "target"}:
            header = words
        top += 1
    if not any(_REMARK.match(line) for line in lines[:top]):
        top, header = 0, []
    body = [line for line in lines[top : top + MAX_ROWS + 1] if line.strip()]
    if body and _is_spaced(body):
        if len(lines) - top > MAX_ROWS:
            raise FormatError(f"more than {MAX_ROWS} rows", place=f"line {top + MAX_ROWS + 1}", code="limit")
        rows = [
            Row(f"line {number}", _spaced_cells(line)) for number, line in enumerate(lines, 1) if line.strip()
        ][len([line for line in lines[:top] if line.strip()]) :]
        draft.note("separator", "", "cells are separated by blanks")
        if all(len(row.cells) == 3 and row.cells[1] in _MARKS for row in rows):
            # "A + B": the sign stands where the arrow would.
            header, top = ["source", "sign", "target"], top or 1
    elif top:
        rows = read_table("\n".join(["" for _ in lines[:top]] + lines[top:]), draft)
    else:
        rows = read_table(text, draft)
    if header and rows and len(rows[0].cells) == len(header):
        rows.insert(0, Row(f"line {top}", tuple(header)))
    return rows


def _without_data(lines: list[str], text: str, draft: Draft) -> tuple[list[str], str]:
    """Return a networkx edge list with the weight or sign in its last cell, instead of a Python dict."""
    found = [_DATA.search(line) for line in lines[:MAX_ROWS]]
    told = [line for line in lines[:MAX_ROWS] if line.strip() and not _REMARK.match(line)]
    if not told or sum(one is not None for one in found) < len(told):
        return lines, text
    made = []
    left_out = False
    for line, data in zip(lines, found, strict=False):
        if data is None:
            made.append(line)
            continue
        amount = _AMOUNT.search(data.group())
        left_out |= data.group().count(":") > bool(amount)
        made.append(line[: data.start()] + (amount.group(1) if amount else ""))
    if left_out:
        draft.note("edge-data", "", "of what stands in braces, only weight, sign or polarity is read")
    made += lines[MAX_ROWS:]
    return made, "\n".join(made)


def _spaced_cells(line: str) -> tuple[str, ...]:
    return tuple(quoted or plain for quoted, plain in _SPACED.findall(line))


def _is_spaced(lines: Sequence[str]) -> bool:
    """Whether blanks separate the cells: a header that says so, or pairs with an amount at the most."""
    first = _spaced_cells(lines[0])
    if re.search(r"[,;\t|]", lines[0]):
        return False
    if match_roles(first, ROLES).keys() >= {"source", "target"}:
        return True
    if any(re.search(r"[,;\t|]", line) for line in lines):
        return False
    rows = [_spaced_cells(line) for line in lines]
    if _is_spaced_matrix(rows):
        return True
    if not all(len(cells) in (2, 3) for cells in rows):
        return False
    if all(len(cells) == 3 and cells[1] in _MARKS for cells in rows):
        return True
    thirds = {cells[2] for cells in rows if len(cells) == 3}
    return (
        bool(thirds) and all(not read_sign(cell, suggest=False).doubt for cell in thirds)
        if thirds
        else all(cell.isalnum() and not cell.isalpha() for cells in rows for cell in cells)
    )


def with_row_names(rows: Sequence[Row], draft: Draft) -> Sequence[Row]:
    """Return a table of R's with a column for the names of its rows, over which R puts no heading."""
    if len(rows) < 2:
        return rows
    width = len(rows[0].cells)
    body = rows[1:]
    if any(len(row.cells) != width + 1 for row in body) or not any(row.cells[-1].strip() for row in body):
        return rows
    draft.note(
        "rows-named", rows[0].place, "the header is one cell short; the first column holds names of rows"
    )
    return [Row(rows[0].place, ("", *rows[0].cells)), *body]


def without_row_numbers(rows: Sequence[Row]) -> Sequence[Row]:
    """Return a table without a first column that has no heading and only counts the rows, from 0 or 1."""
    body = rows[1:]
    if not body or rows[0].cells[0].strip() or len(rows[0].cells) < 3:
        return rows
    for start in (0, 1):
        if all(row.cells[0].strip() == str(number) for number, row in enumerate(body, start)):
            return [Row(row.place, row.cells[1:]) for row in rows]
    return rows


def _is_spaced_matrix(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are a name and then a number for each name in the header, as R writes a matrix."""
    names = list(rows[0])
    return (
        len(names) > 1
        and len(rows) == len(names) + 1
        and all(len(row) == len(rows) and _is_number(" ".join(row[1:2])) for row in rows[1:])
        and {row[0] for row in rows[1:]} == set(names)
    )


def from_header(rows: Sequence[Row], draft: Draft) -> Sequence[Row]:
    """Return the rows from the one that names cause and effect, when it is not the first."""
    for at, row in enumerate(rows[:_LOOK_FOR_HEADER]):
        if match_roles(row.cells, ROLES).keys() >= {"source", "target"}:
            if at:
                draft.note("rows-skipped", rows[0].place, f"the header stands below {at} other rows; left out")
            return rows[at:]
    return rows


def matrix_alone(rows: Sequence[Row], draft: Draft) -> Sequence[Row]:
    """Return a matrix without titles above it and sums beside and below it; other tables as they are."""
    top = next((at for at, row in enumerate(rows) if sum(map(bool, map(str.strip, row.cells))) > 1), 0)
    bare, sums = _without_sums(rows[top:])
    if top >= _LOOK_FOR_HEADER or not (top or sums) or not is_matrix(bare):
        return rows
    if top:
        draft.note("rows-skipped", rows[0].place, f"the header stands below {top} other rows; left out")
    for place, name in sums:
        draft.note("sums", place, f"the sums in {name!r} are left out")
    return bare


def _without_sums(rows: Sequence[Row]) -> tuple[Sequence[Row], list[tuple[str, str]]]:
    """Return a table without a last column and a last row of sums, with the place and name of each."""
    header = rows[0].cells
    last = max((at for at, cell in enumerate(header) if cell.strip()), default=0)
    end = rows[-1]
    has_row = len(rows) > 2 and column_key(end.cells[0]) in _SUMS
    has_column = last > 1 and column_key(header[last]) in _SUMS
    width = last if has_column else last + 1
    body = rows[1:-1] if has_row else rows[1:]
    found = []
    if has_column and all(_is_sum(row.cells[1:last], row.cells[last : last + 1]) for row in body):
        found.append((rows[0].place, header[last]))
        body = [Row(row.place, row.cells[:last]) for row in body]
        header = header[:last]
    if has_row:
        columns = [[row.cells[at] for row in rows[1:-1] if at < len(row.cells)] for at in range(1, width)]
        if all(_is_sum(column, end.cells[at : at + 1]) for at, column in enumerate(columns, 1)):
            found.append((end.place, end.cells[0]))
        else:
            body = [*body, Row(end.place, end.cells[: len(header)])]
    return [Row(rows[0].place, header), *body], found


def _is_sum(cells: Sequence[str], total: Sequence[str]) -> bool:
    """Whether a cell is the sum of others, or of their sizes; an empty one says nothing against it."""
    numbers = [read_number(cell) or 0.0 for cell in cells]
    wanted = read_number(total[0]) if total else None
    if wanted is None:
        return not total or not total[0].strip()
    return any(abs(wanted - one) < 1e-6 for one in (sum(numbers), sum(map(abs, numbers))))


def factors_from_header(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows of a table of factors from the one that names its columns, when it is not the first."""
    for at, row in enumerate(rows[:_LOOK_FOR_HEADER]):
        if match_roles(row.cells, FACTOR_ROLES).keys() & {"label", "id"}:
            return rows[at:]
    return rows


def with_names(rows: Sequence[Row], draft: Draft) -> Sequence[Row]:
    """Return a matrix of bare numbers with names for its rows and columns; other tables as they are.

    Names above, and none beside, are taken for both. Three numbered columns that may
    be a list of links are left alone.
    """
    body, names = list(rows), []
    if rows and match_roles(rows[0].cells, ROLES).keys() >= {"source", "target"}:
        return rows
    if rows and len(rows) == len(rows[0].cells) + 1 and not any(map(_is_number, rows[0].cells)):
        names, body = [cell.strip() for cell in rows[0].cells], list(rows[1:])
    size = len(body)
    if not _SMALLEST_BARE_MATRIX <= size <= MAX_FACTORS or any(len(row.cells) != size for row in body):
        return rows
    weights = 0
    for row in body:
        filled = [cell for cell in row.cells if cell not in _NOTHING]
        weights += len(filled)
        if not all(map(_is_number, filled)):
            return rows
        if weights > MAX_LINKS:
            raise FormatError(f"more than {MAX_LINKS} links; split the map", place=row.place, code="limit")
    if not names:
        ends = [read_number(cell) for row in body for cell in row.cells[:2]]
        if size == _SMALLEST_BARE_MATRIX and all(end and end > 0 and end == int(end) for end in ends):
            return rows
        names = [str(number) for number in range(1, size + 1)]
        draft.note("no-label", body[0].place, "the matrix has no names; its factors are called by number")
    return [
        Row(rows[0].place, ("", *names)),
        *(
            Row(row.place, (name, *("" if cell in _NOTHING else cell for cell in row.cells)))
            for name, row in zip(names, body, strict=True)
        ),
    ]


def _is_number(cell: str) -> bool:
    return not cell.strip() or read_number(cell) is not None


def is_neighbour_list(rows: Sequence[Row]) -> bool:
    """Whether each row is a factor and then all that it acts on: rows of any length, and no header."""
    if match_roles(rows[0].cells, ROLES).keys() & {"source", "target"}:
        return False
    if match_roles(rows[0].cells, FACTOR_ROLES).keys() & {"label", "id"}:
        return False
    # The first rows tell most tables apart; a sheet may have a million cells.
    if not _are_names(rows[:50]):
        return False
    lengths = {len([cell for cell in row.cells if cell.strip()]) for row in rows}
    if len(lengths) < 2 or max(lengths) < 3 or any(not row.cells[0].strip() for row in rows):
        return False
    return _are_names(rows)


def _are_names(rows: Sequence[Row]) -> bool:
    """Whether no cell behind the first is a number or a sign."""
    cells = (cell for row in rows for cell in row.cells[1:] if cell.strip())
    return all(read_number(cell) is None and read_sign(cell, suggest=False).doubt for cell in cells)


def read_neighbours(rows: Sequence[Row], draft: Draft) -> None:
    """Put a list of neighbours into the draft; it has no signs."""
    draft.note(
        "columns-guessed",
        rows[0].place,
        "no header; each row is read as a cause and then its effects, and every link is unknown (?)",
    )
    for row in rows:
        source, *targets = (cell.strip() for cell in row.cells)
        key = factor_by_label(draft, source, row.place)
        for target in filter(None, targets):
            draft.link(key, factor_by_label(draft, target, row.place), place=row.place)
