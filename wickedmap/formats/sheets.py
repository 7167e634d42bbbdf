"""Spreadsheets (.xlsx, .ods, .xls): read in a limited process, written formula-safe.

Sheets named Elements and Connections are Kumu's; sheets of our own names are our
tidy tables; else the first sheet with links, factors or a matrix is read.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Final

from ..causal_map import CausalMap
from .archives import open_zip, read_member
from .csv_tables import ZIP_LOSSES, read_row_tables, read_rows, row_tables
from .edge_lists import read_factors, read_links, stances_of
from .errors import MAX_BYTES, FormatError, check_size
from .lessened import xml_text
from .link_columns import FACTOR_ROLES, KUMU_ROLES, ROLES, find_columns, match_roles
from .reading import Draft, Reading
from .table_shapes import factors_from_header, from_header
from .tables import MAX_COLUMNS, Row

LOSSES: Final = {
    **ZIP_LOSSES,
    "control_characters": "shown as U+FFFD",
}
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a workbook of Excel 97-2003 begins."""
_SECONDS: Final = 15
_TOO_MANY_CELLS: Final = 3
_WORKER: Final = Path(__file__).with_name("sheet_worker.py")
_OURS: Final = frozenset({"factors", "links"})
_MAX_CELLS: Final = 1_500_000
_REFERENCE: Final = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\sr=["']([A-Z]{0,3})(\d{1,8})["']""")
_CELL_LIMIT: Final = 32_767


def read_sheets(data: bytes) -> dict[str, list[Row]]:
    """Return the cells of each sheet as text, without running anything in the file.

    Raises
    ------
    FormatError
        For a file that is not a workbook, unpacks too large, or takes too long.
    """
    check_size(data)
    if not data.startswith(OLD_EXCEL):
        _look_over(data)
    # No search for modules in the working folder, and one thread: each would reserve memory.
    limited = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "SYSTEMROOT", "LANG", "TEMP", "TMP")
    }
    limited |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            env=limited,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FormatError("the workbook takes too long to read; save the table as CSV", code="limit") from None
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        if done.returncode < 0 or done.returncode == _TOO_MANY_CELLS or "MemoryError" in reason:
            raise FormatError("the workbook is too large to read safely; save the table as CSV", code="limit")
        raise FormatError(
            f"the workbook cannot be read ({reason or 'no reason given'}); open it, save it as .xlsx again",
            code="syntax",
        )
    if len(done.stdout) > 8 * MAX_BYTES:
        raise FormatError("the workbook holds too much text; split it", code="limit")
    found: dict[str, list[Row]] = {}
    for name, rows in json.loads(done.stdout):
        found[name] = [Row(f"sheet {name!r}, row {number}", tuple(cells)) for number, cells in rows]
        for row in found[name]:
            if len(row.cells) > MAX_COLUMNS:
                raise FormatError(
                    f"{len(row.cells)} columns; at most {MAX_COLUMNS}", place=row.place, code="limit"
                )
    return found


def _look_over(data: bytes) -> None:
    """Refuse a zip that is no workbook, unpacks to too much, or has cells far outside of its tables."""
    with open_zip(data) as archive:
        names = archive.namelist()
        if "content.xml" not in names and not any(name.startswith("xl/") for name in names):
            raise FormatError("the zip is not an Excel workbook (.xlsx)", code="unknown-format")
        for name in names:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _refuse_far_cells(read_member(archive, name), name)


def _refuse_far_cells(xml: bytes, place: str) -> None:
    """Refuse a sheet whose cells span so much that the empty ones between would fill the memory."""
    columns = rows = 1
    for found in _REFERENCE.finditer(xml):
        rows = max(rows, int(found.group(2)))
        number = 0
        for letter in found.group(1):
            number = number * 26 + letter - 64
        columns = max(columns, number)
    if rows * columns > _MAX_CELLS:
        raise FormatError(
            f"the cells span {rows} rows and {columns} columns; delete the cells far outside the table",
            place=place,
            code="limit",
        )


def read(data: bytes) -> Reading:
    """Return the map in a workbook."""
    sheets = read_sheets(data)
    lower = {name.casefold().strip(): rows for name, rows in sheets.items() if rows}
    if lower.keys() >= _OURS:
        reading = read_row_tables(lower)
        return Reading(reading.map, "xlsx", reading.report)
    if lower.keys() & {"connections", "elements"}:
        return read_kumu_sheets(lower)
    if lower.keys() >= {"nodes", "edges"}:
        reading = read_kumu_sheets({"elements": lower["nodes"], "connections": lower["edges"]}, of_kumu=False)
        return Reading(reading.map, "xlsx", reading.report)
    draft = Draft("xlsx")
    filled = {name: rows for name, rows in sheets.items() if rows and not name.casefold().endswith("(ignore)")}
    guessed = None
    for name, rows in filled.items():
        try:
            reading = read_rows(rows, Draft("xlsx"))
        except FormatError as error:
            draft.note("sheet-skipped", f"sheet {name!r}", error.message)
            continue
        if reading.map.links or len(filled) == 1:
            if "columns-guessed" not in reading.counts():
                return _with_other_sheets(reading, name, filled, draft)
            # A sheet further on may have the names of its columns.
            guessed = guessed or (reading, name)
    if guessed is not None:
        return _with_other_sheets(*guessed, filled, draft)
    raise FormatError(
        "no sheet has columns for cause and effect; name them source and target (or fra and til)",
        place=", ".join(f"sheet {name!r}" for name in sheets)[:200],
        code="unknown-format",
    )


def _with_other_sheets(
    reading: Reading, chosen: str, sheets: Mapping[str, Sequence[Row]], draft: Draft
) -> Reading:
    """Return what a sheet of links says, with the sheet that describes most of its factors if there is one."""
    ends = {end for link in reading.map.links for end in (link.source, link.target)}
    wanted = {factor.label for factor in reading.map.factors if factor.id in ends}
    about: Sequence[Row] = ()
    for name, rows in sheets.items():
        if name == chosen:
            continue
        found = factors_from_header(rows)
        if about or reading.format == "matrix" or not _describes(found, wanted):
            draft.note("sheet-skipped", f"sheet {name!r}", f"only the sheet {chosen!r} is read")
        else:
            about = found
    if about:
        whole = Draft("xlsx")
        read_factors(about, whole)
        body = from_header(sheets[chosen], whole)
        columns = find_columns(body, whole)
        if columns is not None:
            read_links(body, columns, whole)
            reading = stances_of(whole, whole.finish())
    told = {notice.place for notice in reading.report}
    skipped = [one for one in draft.notices() if one.place not in told]
    return Reading(reading.map, "xlsx", (*skipped, *reading.report))


def _describes(rows: Sequence[Row], wanted: Set[str]) -> bool:
    """Whether a table has a row for most of these factors, by id or label."""
    if not rows or not wanted or match_roles(rows[0].cells, ROLES).keys() >= {"source", "target"}:
        return False
    roles = match_roles(rows[0].cells, FACTOR_ROLES)
    columns = [roles[name] for name in ("id", "label") if name in roles]
    named = {" ".join(row.cells[at].split()) for row in rows[1:] for at in columns if at < len(row.cells)}
    return len(named & wanted) * 2 > len(wanted)


def read_kumu_sheets(sheets: dict[str, list[Row]], *, of_kumu: bool = True) -> Reading:
    """Return the map in Kumu's two sheets, ``elements`` and ``connections``.

    What only Kumu does, several targets in a cell and marks at both ends, is read
    when the sheets are `of_kumu`.
    """
    draft = Draft("kumu-xlsx")
    elements = factors_from_header(sheets.get("elements", []))
    connections = sheets.get("connections", [])
    if not of_kumu and connections:
        connections = list(from_header(connections, draft))
    if elements and not read_factors(elements, draft, KUMU_ROLES if of_kumu else FACTOR_ROLES):
        raise FormatError("cell A1 must be Label", place="sheet 'Elements', row 1")
    if connections:
        columns = find_columns(connections, draft)
        if columns is None:
            raise FormatError("the columns From and To are missing", place="sheet 'Connections', row 1")
        read_links(connections, columns, draft, of_kumu=of_kumu)
    return stances_of(draft, draft.finish())


def workbook(sheets: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> bytes:
    """Return sheets of text as an .xlsx file; no cell is a formula, the first row stays in view."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    # Nothing is kept back on the way: each row is written out before the next.
    book = Workbook(out, {"constant_memory": True})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(rows[0] if rows else ()):
            sheet.set_column(column, column, max(12, min(len(title) + 4, 40)))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    # As text whatever it starts with.
                    sheet.write_string(number, column, xml_text(text))
    book.close()
    return out.getvalue()


def write(m: CausalMap) -> bytes:
    """Return the map as a workbook with one sheet per tidy table."""
    made = []
    for name, (columns, rows) in row_tables(m).items():
        table = [list(columns), *([fitting(row.get(column, ""), name) for column in columns] for row in rows)]
        made.append((name, table))
    return workbook(made)


def fitting(text: str, place: str) -> str:
    """Return a text that a cell can hold; `FormatError` when it is too long."""
    if len(text) > _CELL_LIMIT:
        raise FormatError(
            f"a text of {len(text)} characters; a cell holds {_CELL_LIMIT}. Use the native format",
            place=place,
            code="cannot-write",
        )
    return text
