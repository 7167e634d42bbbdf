"""The equations of a Vensim model: which variables there are, and which of them each one names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .errors import FormatError

_MAX_EQUATIONS: Final = 50_000
_STOPS: Final = re.compile(r'["~|{]')
_ENDS: Final = {'"': '"', "{": "}"}
_LEFT: Final = re.compile(r'\s*("(?:\\.|[^"\\])*"|[^"=\[(:<]+)\s*(?:\[[^\]]*\]\s*)*', re.DOTALL)
_VARIABLE_WORDS: Final = re.compile(r":\s*(?:=|EXCEPT|INTERPOLATE|RAW|HOLD BACKWARD|LOOK FORWARD)", re.I)
_FUNCTION_OF: Final = re.compile(r"\s*A\s+FUNCTION\s+OF\s*\(", re.I)
_PART: Final = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'[^']*'|\[[^\[\]]*\]|:[A-Za-z ]+:|([^\W\d][\w\s$']*)|(\S)")


@dataclass(frozen=True, slots=True)
class Equation:
    """One variable as the model defines it.

    Attributes
    ----------
    name : str
        As written, without quotation marks and subscripts.
    right : str
        What stands after "="; empty for tables and data.
    comment : str
        The documentation of the variable.
    line : int
        Where the equation starts.
    """

    name: str
    right: str
    comment: str
    line: int

    def only_causes(self) -> bool:
        """Whether this is ``A FUNCTION OF``, which a diagram without equations is saved as."""
        return _FUNCTION_OF.match(self.right) is not None

    def named(self) -> Iterator[tuple[str, bool]]:
        """Yield what looks like names on the right side, and whether a minus stands before each."""
        minus = False
        for part in _PART.finditer(self.right):
            quoted, plain, mark = part.groups()
            if quoted is not None or plain is not None:
                yield unescaped(quoted) if quoted is not None else plain.strip(), minus
            if mark is not None or quoted is not None or plain is not None:
                minus = mark == "-"


def unescaped(name: str) -> str:
    r"""Return a name as it is shown; in quotes Vensim writes ``\"`` for a quotation mark.

    Examples
    --------
    >>> unescaped(r'so-called \"help\"'), unescaped(r"two\nlines")
    ('so-called "help"', 'two lines')
    """
    return " ".join(name.replace('\\"', '"').replace("\\n", " ").split())


def read_equations(text: str) -> list[Equation]:
    """Return the equations before the sketch; subscripts, groups and macros are passed over.

    Examples
    --------
    >>> [(one.name, list(one.named())) for one in read_equations("a = 2*b c ~~|b c= A FUNCTION OF(-a) ~~|")]
    [('a', [('b c', False)]), ('b c', [('A FUNCTION OF', False), ('a', True)])]
    """
    found: list[Equation] = []
    in_macro = False
    for left_and_right, comment, line in _entries(text):
        if len(found) >= _MAX_EQUATIONS:
            raise FormatError(
                f"more than {_MAX_EQUATIONS} equations; split the model", place=f"line {line}", code="limit"
            )
        word = left_and_right.lstrip()[:14].casefold()
        if word.startswith(":macro:"):
            in_macro = True
        elif in_macro:
            in_macro = not word.startswith(":end of macro:")
        if word.startswith(":end of macro:"):
            left_and_right = left_and_right.lstrip()[14:]
        if in_macro or word.startswith(("*", ":macro:")):
            continue
        left = _LEFT.match(left_and_right)
        if left is None:
            continue
        rest = left_and_right[left.end() :]
        # A subscript range has ":" after its name, an equivalence "<->".
        if rest.startswith("<") or (rest.startswith(":") and not _VARIABLE_WORDS.match(rest)):
            continue
        written = left.group(1).strip()
        name = unescaped(written[1:-1] if written.startswith('"') else written)
        if name:
            right = rest.partition("=")[2].lstrip("=") if "=" in rest and not rest.startswith("(") else ""
            found.append(Equation(name, right, comment, line))
    return found


def _entries(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield what stands before the first "~" of each entry, its comment, and its line."""
    text = text.replace("\r\n", "\n").replace("\\\n", " \n")
    kept: list[str] = []
    at = start = 0
    line = 1
    while (stop := _STOPS.search(text, at)) is not None:
        mark = stop.group()
        kept.append(text[at : stop.start()])
        at = stop.end()
        if mark in _ENDS:
            end = at
            while (end := text.find(_ENDS[mark], end)) > 0 and mark == '"' and text[end - 1] == "\\":
                end += 1
            if end < 0:
                return
            if mark == '"':
                kept.append(text[stop.start() : end + 1])
            at = end + 1
            continue
        comment = ""
        if mark == "~":
            end = text.find("|", at)
            if end < 0:
                return
            comment = " ".join(text[at:end].partition("~")[2].partition("~")[0].split())
            at = end + 1
        entry = "".join(kept)
        blank = len(text[start : stop.start()]) - len(text[start : stop.start()].lstrip())
        yield entry, comment, line + text.count("\n", start, start + blank)
        line += text.count("\n", start, at)
        start = at
        kept = []
