"""Reads one spreadsheet in a process of its own, with little memory and time.

Run as a script by `wickedmap.formats.sheets`, never imported: a workbook of 2 kB
can make a reader build a billion cells. The workbook comes on standard input, JSON
leaves on standard output: a list of [sheet name, [[row number, [cell text, ...]], ...]].
"""

import io
import json
import sys

MEMORY = 512 * 1024 * 1024
SECONDS = 10
MAX_SHEETS = 20
MAX_ROWS = 100_000


def text_of(value: object) -> str:
    """Return a cell as text; whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def main() -> None:
    """Read the workbook and write its cells."""
    from openpyxl import load_workbook

    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    except (ImportError, ValueError, OSError):
        pass  # Where there are no such limits, the caller's time limit remains.
    book = load_workbook(io.BytesIO(sys.stdin.buffer.read()), read_only=True, data_only=True, keep_links=False)
    sheets = []
    for sheet in book.worksheets[:MAX_SHEETS]:
        # The size that the file claims may be wrong in either direction.
        sheet.reset_dimensions()
        rows = []
        for number, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS, values_only=True), 1):
            cells = [text_of(value) for value in row]
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                rows.append([number, cells])
        sheets.append([sheet.title, rows])
    json.dump(sheets, sys.stdout)


if __name__ == "__main__":
    main()
