"""The map's own file: JSON that holds everything in a `CausalMap` and gives it back exactly.

One object with ``"format": "wickedmap-map"`` and ``"version": 1``; below it one key
per field of `wickedmap.model`, left out where the field has its default. The
same text is written for the same map, one factor or link per line, so that two
versions can be compared line by line.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .. import causal_map as _causal_map
from .. import model as _model
from ..causal_map import CausalMap
from ..model import MapError
from ..text import Texts
from . import strict_json
from .errors import MAX_FACTORS, MAX_LINKS, FormatError, check_counts, check_size

NAME: Final = "wickedmap-map"
VERSION: Final = 1
LOSSES: Final[Mapping[str, str]] = {}

Noun = TypeVar("Noun")
Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]


class _Misfit(Exception):
    """What is wrong with a value; the place is filled in on the way up."""

    def __init__(self, message: str, code: str = "content") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.path: list[str] = []


def _same(value: Any) -> Any:
    return value


def _expect(kind: type, name: str) -> Decode:
    def decode(value: Any) -> Any:
        if type(value) is not kind:
            raise _Misfit(f"expected {name}, found {_named(value)}")
        return value

    return decode


def _named(value: Any) -> str:
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", str: "text", bool: "true/false"}
    return names.get(type(value), "a number")


def _decode_number(value: Any) -> float:
    if type(value) not in (int, float):
        raise _Misfit(f"expected a number, found {_named(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _Misfit("the number is too large")
    return number


def _decode_texts(value: Any) -> Texts:
    if type(value) is not dict:
        raise _Misfit(f"expected an object of language and text, found {_named(value)}")
    for language, text in value.items():
        if type(text) is not str or not text:
            found = "an empty text" if text == "" else _named(text)
            raise _at(_Misfit(f"expected text, found {found}"), language)
    return Texts(value)


def _mapping(encode: Encode, decode: Decode) -> tuple[Encode, Decode]:
    def encode_mapping(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: encode(value) for name, value in values.items()}

    def decode_mapping(values: Any) -> dict[str, Any]:
        if type(values) is not dict:
            raise _Misfit(f"expected an object, found {_named(values)}")
        made = {}
        for name, value in values.items():
            try:
                made[name] = decode(value)
            except _Misfit as misfit:
                raise _at(misfit, name) from None
        return made

    return encode_mapping, decode_mapping


def _at(misfit: _Misfit, step: str | int) -> _Misfit:
    misfit.path.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return misfit


def _choice(allowed: tuple[Any, ...]) -> Decode:
    kinds = {type(one) for one in allowed}
    shown = ", ".join(repr(one) for one in allowed)

    def decode(value: Any) -> Any:
        if type(value) not in kinds or value not in allowed:
            raise _Misfit(f"{value!r} is not one of {shown}")
        return value

    return decode


def _list(encode: Encode, decode: Decode, length: int | None = None) -> tuple[Encode, Decode]:
    def encode_list(values: Any) -> list[Any]:
        return list(values) if encode is _same else [encode(value) for value in values]

    def decode_list(values: Any) -> tuple[Any, ...]:
        if type(values) is not list:
            raise _Misfit(f"expected a list, found {_named(values)}")
        if length is not None and len(values) != length:
            raise _Misfit(f"expected {length} values, found {len(values)}")
        made = []
        for number, value in enumerate(values):
            try:
                made.append(decode(value))
            except _Misfit as misfit:
                raise _at(misfit, number) from None
        return tuple(made)

    return encode_list, decode_list


def _codec(hint: Any) -> tuple[Encode, Decode]:
    """Return how a field of this type is written to and read from JSON."""
    if hint is str:
        return _same, _expect(str, "text")
    if hint is bool:
        return _same, _expect(bool, "true or false")
    if hint is int:
        return _same, _expect(int, "a whole number")
    if hint is float:
        return _same, _decode_number
    if hint is Texts:
        return dict, _decode_texts
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _same, _choice(inside)
    if origin in (Union, types.UnionType):
        (kind,) = (one for one in inside if one is not type(None))
        encode, decode = _codec(kind)
        return (
            lambda value: None if value is None else encode(value),
            lambda value: None if value is None else decode(value),
        )
    if origin is tuple:
        length = None if inside[-1] is Ellipsis else len(inside)
        return _list(*_codec(inside[0]), length)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    if origin is Mapping:
        return _mapping(*_codec(inside[1]))
    raise TypeError(f"no way to write a field of type {hint!r}")


def _record(kind: type) -> tuple[Encode, Decode]:
    hints = get_type_hints(kind, vars(_model) | vars(_causal_map))
    fields: list[tuple[str, Encode, Any]] = []
    decoders: dict[str, Decode] = {}
    required = []
    for field in dataclasses.fields(kind):
        encode, decode = _codec(hints[field.name])
        default: Any = dataclasses.MISSING
        if field.default is not dataclasses.MISSING:
            default = field.default
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        else:
            required.append(field.name)
        fields.append((field.name, encode, default))
        decoders[field.name] = decode

    def encode_record(value: Any) -> dict[str, Any]:
        made = {}
        for name, encode, default in fields:
            inner = getattr(value, name)
            if inner is not default and inner != default:
                made[name] = encode(inner)
        return made

    def decode_record(value: Any) -> Any:
        if type(value) is not dict:
            raise _Misfit(f"expected an object, found {_named(value)}")
        made = {}
        for name, inner in value.items():
            decode = decoders.get(name)
            if decode is None:
                raise _Misfit(f"unknown key {name!r}; allowed are {', '.join(decoders)}")
            try:
                made[name] = decode(inner)
            except _Misfit as misfit:
                raise _at(misfit, name) from None
        for name in required:
            if name not in made:
                raise _Misfit(f"the key {name!r} is missing", "missing")
        try:
            return kind(**made)
        except MapError as error:
            raise _Misfit(str(error)) from None

    return encode_record, decode_record


_ENCODE, _DECODE = _record(CausalMap)


def map_to_json(m: CausalMap) -> dict[str, Any]:
    """Return the whole map as values that `json.dumps` takes; fields with their default are left out."""
    return {"format": NAME, "version": VERSION, **_ENCODE(m)}


def map_from_json(data: Any, where: str = "") -> CausalMap:
    """Return the map that `map_to_json` made these values from.

    Parameters
    ----------
    data : dict
        Values as the `json` module reads them.
    where : str
        Put before the place in errors, for instance the name of a field in a log.

    Raises
    ------
    FormatError
        With the place ("links[4].sign") of the first thing that is wrong.

    Examples
    --------
    >>> m = CausalMap.from_links([("a", "b", -1)])
    >>> map_from_json(map_to_json(m)) == m
    True
    """
    if type(data) is not dict:
        raise FormatError(f"expected an object, found {_named(data)}", place=where)
    if data.get("format") != NAME:
        raise FormatError(f'expected "format": "{NAME}", found {data.get("format")!r}', place=where or "format")
    version = data.get("version")
    if type(version) is not int or version < 1:
        raise FormatError(f"{version!r} is not a version number", place="version")
    if version > VERSION:
        raise FormatError(
            f"the file is version {version}, made by a newer wickedmap; this one reads {VERSION}. Upgrade",
            place="version",
            code="unsupported",
        )
    for name, most in (("factors", MAX_FACTORS), ("links", MAX_LINKS)):
        if isinstance(data.get(name), list) and len(data[name]) > most:
            raise FormatError(f"{len(data[name])} {name}; at most {most}", place=name, code="limit")
    try:
        m = _DECODE({key: value for key, value in data.items() if key not in ("format", "version")})
    except _Misfit as misfit:
        place = "".join(reversed(misfit.path)).lstrip(".")
        full = f"{where}.{place}" if where and place else where or place
        raise FormatError(misfit.message, place=full, code=misfit.code) from None
    assert isinstance(m, CausalMap)
    return m


def record_from_json(kind: type[Noun], values: Mapping[str, Any], where: str) -> Noun:
    """Return one model object ("Stance", "Framing", ...) from values; errors start with `where`."""
    try:
        made = _decoder_of(cast(Hashable, kind))(dict(values))
    except _Misfit as misfit:
        place = "".join(reversed(misfit.path)).lstrip(".")
        raise FormatError(misfit.message, place=f"{where}, {place}".strip(", "), code=misfit.code) from None
    assert isinstance(made, kind)
    return made


@cache
def _decoder_of(kind: Hashable) -> Decode:
    return _record(cast(type, kind))[1]


def write(m: CausalMap) -> bytes:
    """Return the map as JSON text in UTF-8, one factor, link or other thing per line."""
    check_counts(len(m.factors), len(m.links))
    lines = []
    for key, value in map_to_json(m).items():
        if isinstance(value, list):
            items = ",\n".join(_dumps(item) for item in value)
            lines.append(f"{_dumps(key)}: [\n{items}\n]")
        else:
            lines.append(f"{_dumps(key)}: {_dumps(value)}")
    try:
        data = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    except UnicodeEncodeError:
        raise FormatError(
            "a text holds half a character (a lone surrogate), which no file can hold", code="cannot-write"
        ) from None
    return data


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read(data: bytes) -> CausalMap:
    """Return the map in a native file."""
    check_size(data)
    return map_from_json(strict_json.loads(data))
