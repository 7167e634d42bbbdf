"""JSON read strictly: no key twice, no NaN, no lone surrogate, and the place of what is wrong."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from .errors import FormatError, check_size

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+|"', re.DOTALL)
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class _Refused(ValueError):
    def __init__(self, what: str, key: str) -> None:
        super().__init__(what)
        self.what = what
        self.key = key


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Refused("duplicate", key)
            seen.add(key)
    return made


def _no_constants(name: str) -> NoReturn:
    raise _Refused("constant", name)


def decode_utf8(data: bytes) -> str:
    """Return the bytes as text; UTF-8 with or without a byte order mark, or UTF-16 with one."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(
            f"the file is not {encoding.removesuffix('-sig').upper()} text; save it again as UTF-8",
            place=f"line {line}",
            code="syntax",
        ) from None


def loads(data: bytes | str) -> Any:
    """Return the JSON value in `data`.

    Raises
    ------
    FormatError
        With the line of the first thing that is wrong.

    Examples
    --------
    >>> loads('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ...
    wickedmap.formats.errors.FormatError: line 1: the key 'a' is given twice in the same object
    """
    if isinstance(data, bytes):
        check_size(data)
        text = decode_utf8(data)
    else:
        text = data.removeprefix("\ufeff")
    try:
        value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constants)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"this is not valid JSON ({error.msg}, column {error.colno}); the file may be cut off",
            place=f"line {error.lineno}",
            code="syntax",
        ) from None
    except _Refused as refused:
        raise FormatError(
            f"the key {refused.key!r} is given twice in the same object"
            if refused.what == "duplicate"
            else f"{refused.key} is not a number that JSON allows",
            place=_line_of(text, refused),
            code="syntax",
        ) from None
    except RecursionError:
        raise FormatError("the file is nested too deeply to be a map", code="limit") from None
    except ValueError:
        raise FormatError("a number in the file has too many digits", code="limit") from None
    if _HALF_PAIR.search(text) or not text.isascii():
        _refuse_surrogates(value)
    return value


def _line_of(text: str, refused: _Refused) -> str:
    """Find the line again, token by token; only done for a file that is refused."""
    open_objects: list[set[str] | None] = []
    last, last_at = "", 0
    for found in _TOKEN.finditer(text):
        token = found.group()
        if refused.what == "constant":
            # What follows has not been looked at, and may be no JSON at all.
            if token.startswith(refused.key):
                return f"line {text.count(chr(10), 0, found.start()) + 1}"
            continue
        if token in "{[":
            open_objects.append(set() if token == "{" else None)
        elif token in "}]" and open_objects:
            open_objects.pop()
        elif token == ":" and open_objects and last.startswith('"'):
            keys = open_objects[-1]
            key = json.loads(last, strict=False)
            if keys is not None:
                if key in keys:
                    return f"line {text.count(chr(10), 0, last_at) + 1}"
                keys.add(key)
        last, last_at = token, found.start()
    return ""


def _refuse_surrogates(value: Any) -> None:
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        place, one = waiting.pop()
        if isinstance(one, str):
            try:
                one.encode()
            except UnicodeEncodeError:
                raise FormatError(
                    "the text holds half a character (a lone surrogate); write it again",
                    place=place,
                    code="syntax",
                ) from None
        elif isinstance(one, dict):
            for key, inner in one.items():
                waiting.append((place, key))
                waiting.append((f"{place}.{key}" if place else key, inner))
        elif isinstance(one, list):
            waiting.extend((f"{place}[{number}]", inner) for number, inner in enumerate(one))
