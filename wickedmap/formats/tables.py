"""Text tables as people send them: any encoding, any separator, found out and reported."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Final

from ..text import same_label
from .errors import FormatError
from .reading import Draft

MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 2_100
SEPARATORS: Final = (";", "\t", ",", "|")
_NAMES: Final = {";": "semicolon", "\t": "tab", ",": "comma", "|": "vertical bar"}


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, with the place they stand in the file."""

    place: str
    cells: tuple[str, ...]


def decode_table(data: bytes, draft: Draft) -> str:
    """Return the text of a table; an encoding that had to be guessed is reported with a sample."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise FormatError(
                    f"the file starts as {encoding} but is not; save it again", place="line 1", code="syntax"
                ) from None
    # Plain letters as UTF-16 have a zero byte beside each of them.
    for encoding, beside in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[:400:2])):
        if len(data) % 2 == 0 and len(beside) > 1 and beside.count(0) * 10 >= len(beside) * 8:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text[:4096]:
                draft.note("encoding-guessed", "", f"read as UTF-16; for instance {text.split()[0][:40]!r}")
                return text
    if b"\0" in data[:4096]:
        raise FormatError(
            "this is not a text table (it holds zero bytes); save it as CSV UTF-8", code="unknown-format"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # Western Windows text first; what it has no letters for may be Central European.
    for page in (1252, 1250):
        text = data.decode(f"cp{page}", errors="replace")
        if "\ufffd" not in text:
            sample = next((word for word in text.split() if not word.isascii()), "")
            draft.note("encoding-guessed", "", f"read as Windows text (cp{page}); for instance {sample[:40]!r}")
            return text
    raise FormatError("the text is neither UTF-8 nor Windows (cp1252); save it as CSV UTF-8", code="syntax")


def read_table(text: str, draft: Draft) -> list[Row]:
    """Return the rows of a table, empty ones left out, with their line numbers.

    Raises
    ------
    FormatError
        For a quote that is never closed, or too many rows or columns.
    """
    separator = ""
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        separator, text, skipped = first.strip()[4], rest, 1
    separator = separator or _separator(text)
    if separator != ",":
        draft.note("separator", "", f"cells are separated by {_NAMES.get(separator, repr(separator))}")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    line = skipped + 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise FormatError(
                    f"{len(cells)} columns; at most {MAX_COLUMNS}", place=f"line {line}", code="limit"
                )
            if any(cell.strip() for cell in cells):
                rows.append(Row(f"line {line}", tuple(cells)))
                if len(rows) > MAX_ROWS:
                    raise FormatError(f"more than {MAX_ROWS} rows", place=f"line {line}", code="limit")
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            f"the row cannot be read ({error}); a quotation mark may be missing",
            place=f"line {line}",
            code="syntax",
        ) from None
    return rows


def _separator(text: str) -> str:
    """Return the separator that cuts the first rows into the most even columns, more than one."""
    lines = text[:20_000].splitlines()[:50]
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        widths = []
        try:
            # Strictly: after a closing quotation mark comes the separator, or this is not it.
            for row in csv.reader(lines, delimiter=separator, strict=True):
                widths += [len(row)] if row else []
        except csv.Error as error:
            if "unexpected end" not in str(error):
                continue
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = (width > 1) * (count / len(widths)) + min(width, 20) / 1000
        if width > 1 and score > best_score + 1e-9:
            best, best_score = separator, score
    return best


def column_key(name: str) -> str:
    """Return a column's name in the form in which it is compared.

    Examples
    --------
    >>> column_key("From_Label "), column_key("Fra")
    ('from label', 'fra')
    """
    return same_label(name.replace("_", " ").replace("-", " ").strip(" :"))
