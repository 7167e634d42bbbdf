"""Lines as people type them in notes: one factor each, or factors with arrows between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .edge_lists import factor_by_label
from .errors import FormatError
from .reading import Draft, Reading
from .signs import read_number, read_sign
from .tables import MAX_ROWS, Row, decode_table

_LONGEST: Final = 120
"""A longer line without an arrow is a sentence, not the name of a factor."""
_BULLET: Final = re.compile(r"^\s*(?:[-*•–·]|\d{1,3}[.)])\s+(?=\S)")
_ARROW: Final = re.compile(
    r"\s*(?P<mark>\+/-|[+−±?])?\s*(?P<arrow><-{1,3}>|<={1,2}>|-{1,3}>|={1,2}>|<-{1,3}|[→⟶➔➝←⟵↔⟷])\s*"
)
_MARK_LAST: Final = re.compile(
    r"(?P<name>.*?\S)(?:\s*[(\[]\s*(?P<word>[^()\[\]]{1,20})\s*[)\]]|\s*:?\s+(?P<bare>\+/-|[+\-−–±?]))\s*"
)
_ARROW_BYTES: Final = (b"->", b"=>", b"<-", *map(str.encode, "→⟶➔➝←⟵↔⟷"), b"\x92\x21")
_CELLS: Final = re.compile(r"[;\t|]")


def has_arrows(data: bytes) -> bool:
    """Whether a text is lines with arrows: no cells, and an arrow between two names in most of its lines."""
    start = data[:8192]
    if not any(arrow in start for arrow in _ARROW_BYTES):
        return False
    text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "ignore")
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
    drawn = sum(len(_parts(line)) > 1 for line in lines)
    return drawn * 2 > len(lines) and not any(_CELLS.search(line) or "{" in line for line in lines)


def read(data: bytes) -> Reading:
    """Return the map in lines such as ``Debt -> Worry (+)``; a line without an arrow is a factor.

    Arrows point forward, back or both ways. A mark before the arrow or after the last name
    is the sign, a word in parentheses when it is one for a sign. Bullets and numbers before
    the lines are passed over.
    """
    draft = Draft("lines")
    lines = decode_table(data, draft).splitlines()
    if len(lines) > MAX_ROWS:
        raise FormatError(f"more than {MAX_ROWS} rows", place=f"line {MAX_ROWS + 1}", code="limit")
    for number, line in enumerate(lines, 1):
        if line.strip():
            # One blank between words: the patterns would look at long runs again and again.
            _read_line(draft, _BULLET.sub("", " ".join(line.split()), count=1), f"line {number}")
    if not draft.keys():
        raise FormatError("the table has no rows", code="missing")
    return draft.finish()


def is_list(rows: Sequence[Row]) -> bool:
    """Whether a table is only names: more than one row, one cell each, no sentence and no number."""
    cells = [[cell for cell in row.cells if cell.strip()] for row in rows]
    return len(rows) > 1 and all(
        len(row) == 1
        and len(row[0]) <= _LONGEST
        and not row[0].rstrip().endswith((".", ":", ","))
        and read_number(row[0]) is None
        for row in cells
    )


def read_list(rows: Sequence[Row], draft: Draft) -> Reading:
    """Return the map of a list of names: factors, and no links."""
    draft.format = "lines"
    draft.note("list", rows[0].place, "no header and one name a line: each line is read as a factor")
    for row in rows:
        name = next(cell for cell in row.cells if cell.strip())
        factor_by_label(draft, draft.clean(_BULLET.sub("", name, count=1), row.place), row.place)
    return draft.finish()


def _parts(line: str) -> list[str]:
    return [part for part in _ARROW.split(" ".join(line.split()))[::3] if part.strip()]


def _read_line(draft: Draft, line: str, place: str) -> None:
    found = _ARROW.split(line)
    names, marks, arrows = found[::3], [mark or "" for mark in found[1::3]], found[2::3]
    if marks and not marks[-1]:
        last = _MARK_LAST.fullmatch(names[-1])
        # A word in parentheses that is no sign belongs to the name.
        if last and (last["bare"] or read_sign(last["word"]).doubt != "unknown-word"):
            names[-1], marks[-1] = last["name"], last["bare"] or last["word"]
    ends = []
    for name in names:
        label = draft.clean(name, place).strip()
        if not label:
            raise FormatError("an arrow has no name on one of its sides", place=place, code="syntax")
        ends.append(factor_by_label(draft, label, place))
    for source, target, mark, arrow in zip(ends, ends[1:], marks, arrows, strict=False):
        heads = arrow[0] in "<←⟵↔⟷", arrow[-1] in ">→⟶➔➝↔⟷"
        ends_of_link = (source, target) if heads[1] else (target, source)
        register = draft.mutual if all(heads) else draft.link
        register(*ends_of_link, place=place, sign=draft.sign(mark, place))
