"""The syntax of GML: names with values and lists in brackets, as strict and as loose as tools write it."""

from __future__ import annotations

import html
import re
from typing import Any, Final

from .errors import FormatError

_TOKEN: Final = re.compile(r'(?:\s+|#[^\n]*)+|(")|(\[)|(\])|([^\s\[\]"]+)')
_MOST_VALUES: Final = 20_000
_MAX_DEPTH: Final = 30
_NAME: Final = r'[A-Za-z_][^\s"\[\]]*'
_NUMBER: Final = r'[+-]?\.?\d[^\s"\[\]]*'
# The next name with its value; after a number the line ends, or the list, or another name follows.
_NEXT_VALUE: Final = rf'{_NAME}(?:\s*\[|\s+"|\s+{_NUMBER}[ \t]*(?:[\r\n\]]|\Z|{_NAME}(?:\s*\[|\s+["+\-.\d])))'
# What stands after a text that has ended: a space, a bracket, the file's end, or the next name with its value.
_AFTER: Final = re.compile(rf"\s|[\[\]#]|\Z|{_NEXT_VALUE}")
# The same where a quotation mark may be part of the text: after a space only what GML has there.
_SURELY_AFTER: Final = re.compile(rf"[ \t]*(?:[\r\n\[\]#]|\Z|{_NEXT_VALUE})")
_JAVA_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.S)
_JAVA_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""} | {one: one for one in "\"'\\/"}


class Block(list[tuple[str, Any]]):
    """What stands between ``[`` and ``]``: names with texts or further blocks, in the order of the file."""

    line = 1
    """The line of the opening bracket."""


def parse(text: str) -> Block:
    r"""Return what a GML file holds.

    A quotation mark inside a text is understood when it is written ``\"``, as graph-tool,
    Tulip and JGraphT do, and also when it is left as it is, as Gephi and Graphviz do, where
    what follows it cannot be the next name.

    Raises
    ------
    FormatError
        With the line of what is wrong; for too many values in one list, or too deep ones.

    Examples
    --------
    >>> parse('graph [ label "a \\"b\\" c" node [ id 1 label "5 "big" &lt; 6" ] ]')
    [('graph', [('label', 'a "b" c'), ('node', [('id', '1'), ('label', '5 "big" < 6')])])]
    """
    stack = [Block()]
    key = ""
    at, line, counted = 0, 1, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        assert found is not None, "every character begins a token"
        start, at = at, found.end()
        mark, opens, closes, word = found.groups()
        if len(stack[-1]) > _MOST_VALUES:
            raise FormatError(
                f"more than {_MOST_VALUES} values in one list; split the map",
                place=_line_at(text, start),
                code="limit",
            )
        if mark:
            value, at = _quoted(text, at)
            if not key:
                raise FormatError("a text without a name before it", place=_line_at(text, start), code="syntax")
            stack[-1].append((key, value))
            key = ""
        elif opens:
            if not key:
                raise FormatError("a [ without a name before it", place=_line_at(text, start), code="syntax")
            if len(stack) > _MAX_DEPTH:
                raise FormatError("lists are nested too deeply", place=_line_at(text, start), code="limit")
            inner = Block()
            line, counted = line + text.count("\n", counted, start), start
            inner.line = line
            stack[-1].append((key, inner))
            stack.append(inner)
            key = ""
        elif closes:
            if key or len(stack) == 1:
                raise FormatError("a ] that closes nothing", place=_line_at(text, start), code="syntax")
            stack.pop()
        elif word and key:
            stack[-1].append((key, word))
            key = ""
        elif word:
            key = word
    if len(stack) > 1:
        raise FormatError("the file ends before the last ]; it may be cut off", code="syntax")
    return stack[0]


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Return the text that begins here, and where the file goes on after it."""
    end = text.find('"', start)
    if end < 0:
        raise FormatError('a quotation mark (") is missing', place=_line_at(text, start), code="syntax")
    value = text[start:end]
    # Graphviz leaves the quotation marks of a table's own attributes as they are.
    table = value.lstrip()[:6].casefold() == "<table"
    if not table and (_SURELY_AFTER if value.endswith("\\") else _AFTER).match(text, end + 1):
        return html.unescape(value) if "&" in value else value, end + 1
    while (table and text[max(start, end - 80) : end].rstrip()[-1:] != ">") or not _SURELY_AFTER.match(
        text, end + 1
    ):
        end = text.find('"', end + 1)
        if end < 0:
            raise FormatError('a quotation mark (") is missing', place=_line_at(text, start), code="syntax")
    return html.unescape(text[start:end].replace('\\"', '"')), end + 1


def without_java_escapes(block: Block) -> None:
    r"""Replace ``\u00E5`` and ``\n`` in all texts of a block, as JGraphT writes them."""
    for number, (key, value) in enumerate(block):
        if isinstance(value, Block):
            without_java_escapes(value)
        elif "\\" in value:
            block[number] = (key, _plain(value))


def _plain(text: str) -> str:
    found = list(_JAVA_ESCAPE.finditer(text))
    if any(one.group(2) and one.group(2) not in _JAVA_LETTERS for one in found):
        return text

    def letter(one: re.Match[str]) -> str:
        return chr(int(one.group(1), 16)) if one.group(1) else _JAVA_LETTERS[one.group(2)]

    whole = _JAVA_ESCAPE.sub(letter, text)
    # Letters beyond the first 65,536 are written as two halves.
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _line_at(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"
