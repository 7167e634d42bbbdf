"""Tables in JSON, as pandas, R and others write them: records, columns, or rows with their header."""

from __future__ import annotations

from typing import Any, Final

from . import strict_json
from .csv_tables import read_rows
from .errors import FormatError, check_counts
from .graph_json_shapes import text_of
from .link_columns import ROLES, match_roles
from .reading import Draft, Reading
from .tables import MAX_COLUMNS, MAX_ROWS, Row

_MOST_CELLS: Final = 1_500_000


def is_table(whole: Any) -> bool:
    """Whether a JSON value is a table in one of the shapes that `table_of` reads."""
    return _cells(whole) is not None


def is_lines(data: bytes) -> bool:
    """Whether a file is JSON lines: one object on each line."""
    first, _, rest = data.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip()[:1] == b"{"


def read(data: bytes) -> Reading:
    """Return the map in a table of links or factors, or in a matrix; its columns are found as in CSV."""
    whole = _lines(data) if is_lines(data) else strict_json.loads(data)
    cells = _cells(whole)
    if cells is None:
        raise FormatError("expected a list of objects, one for each link", code="syntax")
    rows = []
    for number, values in enumerate(cells, 1):
        if number > MAX_ROWS:
            raise FormatError(f"more than {MAX_ROWS} rows", place=f"row {number}", code="limit")
        texts = tuple(text_of(value) for value in values)
        if any(text.strip() for text in texts):
            rows.append(Row(f"row {number}", texts))
    if not rows:
        raise FormatError("the table has no rows", code="missing")
    draft = Draft("json-table")
    if isinstance(whole, dict) and whole and isinstance(next(iter(whole.values())), dict) and cells[0][0] == "":
        draft.note("columns", "", "the outer names are read as the columns of a matrix, as pandas writes it")
    return read_rows(rows, draft)


def _lines(data: bytes) -> list[Any]:
    found = []
    for number, line in enumerate(strict_json.decode_utf8(data).splitlines(), 1):
        if number > MAX_ROWS:
            raise FormatError(f"more than {MAX_ROWS} rows", place=f"line {number}", code="limit")
        if line.strip():
            try:
                found.append(strict_json.loads(line))
            except FormatError as error:
                raise FormatError(error.message, place=f"line {number}", code=error.code) from None
    return found


def _cells(whole: Any) -> list[list[Any]] | None:
    """Return the rows of a table in JSON, its header as the first, or None when it is none."""
    if isinstance(whole, list) and whole:
        if all(isinstance(one, dict) for one in whole):
            return _of_records(whole)
        if all(isinstance(one, list) and one and not isinstance(one[0], list | dict) for one in whole):
            return whole
        return None
    if not isinstance(whole, dict):
        return None
    columns, body = whole.get("columns"), whole.get("data")
    if isinstance(columns, list) and isinstance(body, list) and all(isinstance(row, list) for row in body):
        return _with_index([columns, *body], whole.get("index"))
    if isinstance(whole.get("schema"), dict) and isinstance(body, list):
        return _of_records(body) if body and all(isinstance(one, dict) for one in body) else None
    if not whole or not all(isinstance(one, dict | list) for one in whole.values()):
        return None
    return _of_columns(whole)


def _with_index(rows: list[list[Any]], index: Any) -> list[list[Any]]:
    """Return rows with their names in front, unless they are only numbered."""
    if not isinstance(index, list) or len(index) != len(rows) - 1 or all(isinstance(one, int) for one in index):
        return rows
    return [[None, *rows[0]], *([name, *row] for name, row in zip(index, rows[1:], strict=True))]


def _of_records(records: list[dict[str, Any]]) -> list[list[Any]]:
    names = dict.fromkeys(name for one in records[: MAX_ROWS + 1] for name in one)
    if len(names) > MAX_COLUMNS:
        raise FormatError(f"{len(names)} columns; at most {MAX_COLUMNS}", code="limit")
    _check_cells(len(names) * len(records))
    return [list(names), *([one.get(name) for name in names] for one in records)]


def _of_columns(whole: dict[str, Any]) -> list[list[Any]] | None:
    """Return a table from its columns, each a list or an object by row name, or from named rows."""
    of_links = match_roles(list(whole)[:MAX_COLUMNS], ROLES).keys() >= {"source", "target"}
    values = list(whole.values())
    if all(isinstance(one, list) and one and all(isinstance(row, dict) for row in one) for one in values):
        return _of_experts(whole)
    if all(isinstance(one, list) for one in values):
        if not of_links or len({len(one) for one in values}) != 1:
            return None
        return [list(whole), *(list(row) for row in zip(*values, strict=True))]
    if not all(isinstance(one, dict) for one in values):
        return None
    if not all(values):
        return _of_neighbours(whole)
    _check_cells(len(whole) * len(values[0]))
    if any(isinstance(cell, dict | list) for one in values for cell in one.values()):
        return _of_neighbours(whole)
    same_rows = all(one.keys() == values[0].keys() for one in values)
    if of_links:
        rows = list(dict.fromkeys(name for one in values for name in one))
        return [list(whole), *([one.get(name) for one in values] for name in rows)]
    if match_roles(list(values[0])[:MAX_COLUMNS], ROLES).keys() >= {"source", "target"}:
        return _of_records(values)
    if same_rows and values[0].keys() == whole.keys():
        # A data frame with the same names above and beside: pandas writes it by columns.
        return [["", *whole], *([name, *(one[name] for one in values)] for name in whole)]
    return _of_neighbours(whole)


def _of_neighbours(whole: dict[str, dict[str, Any]]) -> list[list[Any]] | None:
    """Return a table of links from an object of neighbours, each a weight or what the link has."""
    check_counts(len(whole), sum(map(len, whole.values())))
    records = []
    for source, neighbours in whole.items():
        for target, value in neighbours.items():
            amount = isinstance(value, int | float) and not isinstance(value, bool)
            if not (amount or isinstance(value, dict)):
                return None
            rest = value if isinstance(value, dict) else {"weight": value}
            records.append({"source": source, "target": target, **rest})
    if not any(one["target"] in whole for one in records):
        return None
    return _of_records(records)


def _of_experts(whole: dict[str, list[dict[str, Any]]]) -> list[list[Any]] | None:
    """Return one table of links from a table for each expert, as FCMpy has them."""
    if len(whole) > MAX_COLUMNS:
        raise FormatError(f"{len(whole)} tables; at most {MAX_COLUMNS}", code="limit")
    if not all(
        match_roles(list(one[0])[:MAX_COLUMNS], ROLES).keys() >= {"source", "target"} for one in whole.values()
    ):
        return None
    if len(whole) == 1:
        return _of_records(next(iter(whole.values())))
    return _of_records([{**row, "participant": name} for name, rows in whole.items() for row in rows])


def _check_cells(number: int) -> None:
    if number > _MOST_CELLS:
        raise FormatError(f"the table has {number} cells; at most {_MOST_CELLS}", code="limit")
