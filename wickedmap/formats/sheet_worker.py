"""Reads one spreadsheet in a process of its own, with little memory and time.

Run as a script by `wickedmap.formats.sheets`, never imported: a workbook of 2 kB
can make a reader build a billion cells. The workbook comes on standard input, JSON
leaves on standard output: a list of [sheet name, [[row number, [cell text, ...]], ...]],
hidden sheets last.
"""

import io
import json
import sys

MEMORY = 192 * 1024 * 1024
SECONDS = 5
MAX_SHEETS = 20
MAX_ROWS = 100_000
MAX_CELLS = 600_000
"""Filled ones: ten thousand links with sixty columns. The exit code is 3 when there are more."""


def text_of(value: object) -> str:
    """Return a cell as text; whole numbers without a decimal point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def main() -> None:
    """Read the workbook and write its cells."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    except (ImportError, ValueError, OSError):
        pass  # Where there are no such limits, the caller's time limit remains.
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    listed = [one for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    # What somebody has hidden is looked at last.
    listed.sort(key=lambda one: one.visible is not SheetVisibleEnum.Visible)
    names = [one.name for one in listed]
    sheets = []
    filled = 0
    for name in names[:MAX_SHEETS]:
        rows = []
        whole = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MAX_ROWS)
        for number, row in enumerate(whole, 1):
            cells = [text_of(value) for value in row]
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                rows.append([number, cells])
                filled += len(cells) - cells.count("")
                if filled > MAX_CELLS:
                    sys.exit(3)
        sheets.append([name, rows])
    json.dump(sheets, sys.stdout)


if __name__ == "__main__":
    main()
