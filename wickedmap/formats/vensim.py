"""Vensim .mdl: the sketch, where the arrows and their marks are.

Equations are not evaluated: a sign is what somebody has typed at an arrow. A model
that was never drawn comes in from its equations, every sign unknown. The export is
a sketch with ``A FUNCTION OF`` equations, not a model that runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..causal_map import CausalMap
from ..model import Delay, Sign
from .errors import FormatError, check_size
from .lessened import names_apart
from .matrices import LOSSES as MATRIX_LOSSES
from .reading import Draft, Reading
from .signs import SignReading, read_number
from .vensim_equations import Equation, read_equations, unescaped

LOSSES: Final[Mapping[str, str]] = {
    **{
        key: text
        for key, text in MATRIX_LOSSES.items()
        if key not in ("link_order", "parallel_links", "unknown_signs", "both_signs_links", "delays")
    },
    "same_labels": "get a number in brackets: Vensim knows a variable by its name",
    "positions": "rounded to whole pixels; factors without one are placed in a row",
    "strengths": "",
    "delay_lengths": "kept as delayed",
    "both_signs": "written as ?",
    "double_quotes": "become single ones in names",
    "ignored_case": "names that differ only in case or _ get a number: Vensim takes them for the same",
}
_MARKS: Final = {43: 1, 45: -1, 83: 1, 115: 1, 79: -1, 111: -1}
# In the field that the manual calls the delay type; 64 and 128 in it are there with and without a delay.
_DELAYED: Final = 1
_TIME: Final = frozenset({"time", "time step", "initial time", "final time", "saveper"})
_SKETCH: Final = "\\\\\\---///"
_PLAIN_NAME: Final = re.compile(r"[^\W\d][\w ']*")
_QUOTED: Final = re.compile(r'(\d+),(\d+),"((?:\\.|[^"\\])*)",?(.*)')
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def write(m: CausalMap) -> bytes:
    """Return the map as a Vensim sketch in UTF-8."""
    names = names_apart(m)
    equations = []
    for factor in m.factors:
        # As Vensim writes it: a minus where the arrow has one.
        causes = {
            _name(names[link.source]): ("-" if link.sign == -1 else "") + _name(names[link.source])
            for link in m.causes_of(factor.id)
        }
        right = f"= A FUNCTION OF( {','.join(causes.values())})" if causes else "= 0"
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
        marking = 64 | (_DELAYED if link.delay else 0)
        lines.append(f"1,{number},{source},{target},1,0,{mark},0,0,{marking},0,-1--1--1,,1|(0,0)|")
    return "\n".join(["{UTF-8}", *equations, *lines, "///---\\\\\\", ""]).encode("utf-8", "replace")


def _name(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else f'"{name}"'


def _key(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


@dataclass
class _Drawn:
    """An arrow between two factors: the view and the words it was drawn between first."""

    ends: tuple[str, str]
    between: tuple[int, str, str]
    reading: SignReading
    place: str
    delay: Delay = ""


@dataclass
class _View:
    """One view of the sketch; ids restart in every view."""

    words: dict[str, str] = field(default_factory=dict)
    valves: list[str] = field(default_factory=list)
    flow_of_valve: dict[str, str] = field(default_factory=dict)
    arrows: list[tuple[list[str], str]] = field(default_factory=list)


class _Sketch:
    """What is read so far: the views, and the arrows between factors, also by their ends."""

    def __init__(self, draft: Draft, equations: Mapping[str, list[Equation]]) -> None:
        self.draft = draft
        self.equations = equations
        self.views: list[_View] = []
        self.placed: set[str] = set()
        self.arrows: list[_Drawn] = []
        self.between: dict[tuple[str, str], list[_Drawn]] = {}


def read(data: bytes) -> Reading:
    """Return the map in the sketch of an .mdl file, or in its equations when nothing is drawn.

    Raises
    ------
    FormatError
        When there are neither words in a sketch nor equations, or a line is broken.
    """
    check_size(data)
    draft = Draft("vensim")
    text = _decoded(data, draft)
    start = text.find(_SKETCH)
    equations: dict[str, list[Equation]] = {}
    for equation in read_equations(text if start < 0 else text[:start]):
        equations.setdefault(_key(equation.name), []).append(equation)
    sketch = _Sketch(draft, equations)
    if start >= 0:
        _read_sketch(sketch, text, start)
    if any(view.words for view in sketch.views) or (start >= 0 and not equations):
        for number, view in enumerate(sketch.views):
            for cells, place in view.arrows:
                _arrow(sketch, number, cells, place)
        for arrow in sketch.arrows:
            draft.link(*arrow.ends, place=arrow.place, sign=arrow.reading, delay=arrow.delay)
        draft.note(
            "equations", "", "links that stand only in equations are not in the sketch, and are not read"
        )
        return draft.finish()
    _read_equations(draft, equations)
    return draft.finish()


def _read_sketch(sketch: _Sketch, text: str, start: int) -> None:
    views = sketch.views
    free_text = False
    for number, line in enumerate(_LINE_END.split(text[start:]), len(_LINE_END.findall(text, 0, start)) + 1):
        if free_text:
            free_text = False
        elif line.startswith("///---"):
            break
        elif line.startswith("*"):
            views.append(_View())
        elif line.strip() and not line.startswith((_SKETCH, "$", "V300")):
            if not views:
                views.append(_View())
            free_text = _line(sketch, views[-1], line, f"line {number}")


def _read_equations(draft: Draft, equations: Mapping[str, list[Equation]]) -> None:
    """Put variables that nobody has drawn into the draft, linked as their equations name them."""
    shown = {key: one for key, one in equations.items() if key not in _TIME}
    if not shown:
        raise FormatError(
            "there is neither a Vensim sketch nor an equation in the file; a Simulink .mdl is another format",
            code="missing",
        )
    for key, defined in shown.items():
        name, place = defined[0].name.replace("_", " "), f"line {defined[0].line}"
        draft.factor(key, name, place=place, note=draft.clean(_comment(defined), place))
    for key, defined in shown.items():
        causes: dict[str, bool] = {}
        for one in defined:
            for name, minus in one.named():
                # What lacks an equation is saved as a function of itself, too.
                if not (one.only_causes() and _key(name) == key):
                    causes.setdefault(_key(name), minus and one.only_causes())
        for cause, minus in causes.items():
            if cause in shown:
                draft.link(cause, key, place=f"line {defined[0].line}", sign=-1 if minus else None)
    draft.note(
        "from-equations",
        "",
        "nothing is drawn in the sketch; the links are those that the equations name. "
        "Equations are not evaluated, so the signs are unknown (?)",
    )


def _comment(defined: list[Equation]) -> str:
    return next((one.comment for one in defined if one.comment), "")


def _decoded(data: bytes, draft: Draft) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if data.startswith(b"\xef\xbb\xbf") or data[:40].lstrip().startswith(b"{UTF-8}"):
        draft.note(
            "encoding-guessed", "line 1", "the file says UTF-8 but is not; read as Windows text (cp1252)"
        )
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _whole(cells: list[str], at: int) -> int:
    try:
        return int(cells[at])
    except (IndexError, ValueError):
        return 0


def _cells(line: str) -> list[str]:
    """Return the cells of a line; only the third, the name, may be quoted."""
    found = _QUOTED.match(line)
    return [*found.group(1, 2, 3), *found.group(4).split(",")] if found else line.split(",")


def _line(sketch: _Sketch, view: _View, line: str, place: str) -> bool:
    """Read one line of a view; True when the next line is free text that belongs to it."""
    cells = _cells(line)
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
        _word(sketch, view, cells, bits, place)
    return bool(bits & 4)


def _word(sketch: _Sketch, view: _View, cells: list[str], bits: int, place: str) -> None:
    draft = sketch.draft
    name = unescaped(cells[2])
    if name.startswith("<") and name.endswith(">"):
        name = name[1:-1].strip()
    key = _key(name)
    if key in _TIME:
        draft.note("time", place, f"{name!r} belongs to the clock of the model; left out")
        return
    view.words[cells[1]] = key
    x, y = (read_number(cells[at]) if len(cells) > at else None for at in (3, 4))
    position = (x, y) if x is not None and y is not None else None
    if not draft.has_factor(key):
        note = draft.clean(_comment(sketch.equations.get(key, [])), place)
        draft.factor(key, name.replace("_", " ") or key, place=place, position=position, note=note)
    elif bits & 1 and position is not None and key not in sketch.placed:
        # The variable itself, after a shadow copy of it; drawn again in a later view, it stays where it was.
        draft.update_factor(key, position=position)
    if bits & 1:
        sketch.placed.add(key)
    if _whole(cells, 7) & 32 and view.valves:
        # The name of a flow follows its valve.
        before = str(_whole(cells, 1) - 1)
        view.flow_of_valve[before if before in view.valves else view.valves[-1]] = key


def _arrow(sketch: _Sketch, number: int, cells: list[str], place: str) -> None:
    if len(cells) < 7:
        raise FormatError("an arrow of the sketch is cut off", place=place, code="syntax")
    draft, view = sketch.draft, sketch.views[number]
    source, target = cells[2], cells[3]
    shape, mark, thick = _whole(cells, 4), _whole(cells, 6), _whole(cells, 7)
    if thick > 20 and source in view.valves:
        flow, level = view.flow_of_valve.get(source, ""), view.words.get(target, "")
        if flow and level:
            sign = _sign_of_pipe(sketch.equations.get(level, []), flow, shape)
            if sign is None:
                draft.note(
                    "no-sign", place, "the pipe does not tell which way it runs; the sign is unknown (?)"
                )
            reading = SignReading(sign=sign)
            _draw(sketch, _Drawn((flow, level), (number, source, target), reading, place))
        return
    ends = [view.words.get(end) or view.flow_of_valve.get(end, "") for end in (source, target)]
    if not all(ends):
        draft.note("dangling", place, "an arrow to or from a cloud, a comment or the clock is left out")
        return
    if _whole(cells, 5) > 0:
        draft.note("hidden", place, "the arrow is hidden in Vensim; it is read all the same")
    reading = SignReading(sign=1 if _MARKS[mark] > 0 else -1) if mark in _MARKS else SignReading()
    if mark not in _MARKS and mark != 63:
        draft.note("no-sign", place, "no mark is typed at the arrow; the sign is unknown (?)")
    delay: Delay = "long" if _whole(cells, 9) & _DELAYED else ""
    _draw(sketch, _Drawn((ends[0], ends[1]), (number, source, target), reading, place, delay))


def _sign_of_pipe(stock: list[Equation], flow: str, shape: int) -> Sign | None:
    """Return whether a pipe fills its stock (1) or empties it (-1).

    The two halves of a pipe both start at its valve: 4 runs into the stock, 100 out of
    it. A flow that runs both ways has an arrowhead at either end, and the stock's
    equation says which end is which.
    """
    if shape == 100:
        return -1
    minus = {minus for one in stock for name, minus in one.named() if _key(name) == flow}
    if len(minus) == 1:
        return -1 if minus.pop() else 1
    return 1 if shape == 4 else None


def _draw(sketch: _Sketch, arrow: _Drawn) -> None:
    """Keep an arrow; the same link drawn again between copies of the words is one link."""
    before = sketch.between.setdefault(arrow.ends, [])
    for other in before:
        signs = {other.reading.sign, arrow.reading.sign}
        if other.between == arrow.between or signs == {1, -1}:
            continue
        sketch.draft.note(
            "drawn-twice", arrow.place, f"the same link as on {other.place}, drawn again; counted once"
        )
        if other.reading.sign is None:
            other.reading = arrow.reading
        other.delay = other.delay or arrow.delay
        return
    before.append(arrow)
    sketch.arrows.append(arrow)
