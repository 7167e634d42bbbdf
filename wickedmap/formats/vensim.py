"""Vensim .mdl: the sketch, where the arrows and their marks are.

Equations are not evaluated: a sign is what somebody has typed at an arrow. The
export is a sketch with ``A FUNCTION OF`` equations, not a model that runs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..causal_map import CausalMap
from .errors import FormatError, check_size
from .lessened import names_apart
from .matrices import LOSSES as MATRIX_LOSSES
from .reading import Draft, Reading
from .signs import SignReading, read_number

LOSSES: Final[Mapping[str, str]] = {
    **{
        key: text
        for key, text in MATRIX_LOSSES.items()
        if key not in ("link_order", "parallel_links", "unknown_signs", "both_signs_links")
    },
    "same_labels": "get a number in brackets: Vensim knows a variable by its name",
    "positions": "rounded to whole pixels; factors without one are placed in a row",
    "strengths": "",
    "both_signs": "written as ?",
    "double_quotes": "become single ones in names",
    "ignored_case": "names that differ only in case or _ get a number: Vensim takes them for the same",
}
_MARKS: Final = {43: 1, 45: -1, 83: 1, 115: 1, 79: -1, 111: -1}
_TIME: Final = frozenset({"time", "time step", "initial time", "final time", "saveper"})
_SKETCH: Final = "\\\\\\---///"
_PLAIN_NAME: Final = re.compile(r"[^\W\d][\w ']*")


def write(m: CausalMap) -> bytes:
    """Return the map as a Vensim sketch in UTF-8."""
    names = names_apart(m)
    equations = []
    for factor in m.factors:
        causes = dict.fromkeys(_name(names[link.source]) for link in m.causes_of(factor.id))
        right = f"= A FUNCTION OF( {','.join(causes)})" if causes else "= 0"
        equations.append(f"{_name(names[factor.id])}  {right}\n\t~\t\n\t~\t\t|\n")
    lines = [
        f"{_SKETCH} Sketch information - do not modify anything except names",
        "V300  Do not put anything below this section - it will be ignored",
        "*View 1",
        "$192-192-192,0,Arial|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0",
    ]
    numbers = {factor.id: number for number, factor in enumerate(m.factors, 1)}
    for factor in m.factors:
        number = numbers[factor.id]
        x, y = factor.position or (number * 200.0, 0.0)
        lines.append(f"10,{number},{_name(names[factor.id])},{round(x)},{round(y)},60,20,8,3,0,0,0,0,0,0")
    for number, link in enumerate(m.links, len(numbers) + 1):
        mark = {1: 43, -1: 45, None: 63}[link.sign]
        source, target = numbers[link.source], numbers[link.target]
        lines.append(f"1,{number},{source},{target},1,0,{mark},0,0,64,0,-1--1--1,,1|(0,0)|")
    return "\n".join(["{UTF-8}", *equations, *lines, "///---\\\\\\", ""]).encode("utf-8", "replace")


def _name(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else f'"{name}"'


def _key(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


@dataclass
class _View:
    """One view of the sketch; ids restart in every view."""

    words: dict[str, str] = field(default_factory=dict)
    valves: list[str] = field(default_factory=list)
    flow_of_valve: dict[str, str] = field(default_factory=dict)
    arrows: list[tuple[list[str], str]] = field(default_factory=list)


def read(data: bytes) -> Reading:
    """Return the map in the sketch of an .mdl file.

    Raises
    ------
    FormatError
        When there is no sketch (a model with equations only), or a line is broken.
    """
    check_size(data)
    text = _decoded(data)
    start = text.find(_SKETCH)
    if start < 0:
        raise FormatError(
            "the model has no sketch, only equations, which are not evaluated; draw it in Vensim and save",
            code="missing",
        )
    draft = Draft("vensim")
    first_line = text.count("\n", 0, start)
    views: list[_View] = []
    free_text = False
    for number, line in enumerate(text[start:].splitlines(), first_line + 1):
        place = f"line {number}"
        if line.startswith("///---"):
            break
        if line.startswith((_SKETCH, "*", "$", "V300")) or not line.strip():
            if line.startswith("*"):
                views.append(_View())
            free_text = False
            continue
        if free_text:
            free_text = False
            continue
        if not views:
            views.append(_View())
        free_text = _line(draft, views[-1], line, place)
    for view in views:
        for cells, place in view.arrows:
            _arrow(draft, view, cells, place)
    draft.note("equations", "", "links that stand only in equations are not in the sketch, and are not read")
    return draft.finish()


def _decoded(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf") or data[:40].lstrip().startswith(b"{UTF-8}"):
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise FormatError("the file says UTF-8 but is not", place="line 1", code="syntax") from None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _whole(cells: list[str], at: int) -> int:
    try:
        return int(cells[at])
    except (IndexError, ValueError):
        return 0


def _line(draft: Draft, view: _View, line: str, place: str) -> bool:
    """Read one line of a view; True when the next line is free text that belongs to it."""
    try:
        cells = next(csv.reader([line]))
    except (csv.Error, StopIteration):
        raise FormatError("the line of the sketch cannot be read", place=place, code="syntax") from None
    kind = cells[0]
    if kind == "1":
        view.arrows.append((cells, place))
        return False
    if kind not in ("10", "11", "12", "30", "31") or len(cells) < 3:
        return False
    bits = _whole(cells, 8)
    if kind == "11":
        view.valves.append(cells[1])
    elif kind == "10":
        name = " ".join(cells[2].replace("\\n", " ").split()).strip('"')
        if _key(name.strip("<>")) in _TIME:
            draft.note("time", place, f"{name!r} belongs to the clock of the model; left out")
        else:
            key = _key(name.strip("<>"))
            view.words[cells[1]] = key
            x, y = (
                read_number(cells[3]) if len(cells) > 3 else None,
                read_number(cells[4]) if len(cells) > 4 else None,
            )
            position = (x, y) if x is not None and y is not None else None
            if not draft.has_factor(key):
                draft.factor(key, name.strip("<>").replace("_", " ") or key, place=place, position=position)
            elif bits & 1 and position is not None:
                # The variable itself, after a shadow copy of it.
                draft.update_factor(key, position=position)
            if _whole(cells, 7) & 32 and view.valves:
                view.flow_of_valve[view.valves[-1]] = key
    return bool(bits & 4)


def _arrow(draft: Draft, view: _View, cells: list[str], place: str) -> None:
    if len(cells) < 7:
        raise FormatError("an arrow of the sketch is cut off", place=place, code="syntax")
    source, target, shape, mark, thick = (
        cells[2],
        cells[3],
        _whole(cells, 4),
        _whole(cells, 6),
        _whole(cells, 7),
    )
    if thick > 20 and source in view.valves:
        _pipe(draft, view, source, target, shape, place)
        return
    ends = [view.words.get(end) or view.flow_of_valve.get(end, "") for end in (source, target)]
    if not all(ends):
        draft.note("dangling", place, "an arrow to or from a cloud, a comment or the clock is left out")
        return
    if _whole(cells, 5) > 0:
        draft.note("hidden", place, "the arrow is hidden in Vensim; it is read all the same")
    sign = SignReading(sign=1 if _MARKS[mark] > 0 else -1) if mark in _MARKS else SignReading()
    if mark not in _MARKS and mark != 63:
        draft.note("no-sign", place, "no mark is typed at the arrow; the sign is unknown (?)")
    draft.link(*ends, place=place, sign=sign)


def _pipe(draft: Draft, view: _View, valve: str, stock: str, shape: int, place: str) -> None:
    flow, level = view.flow_of_valve.get(valve, ""), view.words.get(stock, "")
    if flow and level:
        # The pipe's two ends both start at its valve: 4 runs into the stock, 100 out of it.
        draft.link(flow, level, place=place, sign=-1 if shape == 100 else 1)
