"""The native format as YAML, for people who write maps by hand.

Only JSON's values count: ``NO`` and ``12:30`` are text, and aliases, tags, merge keys
and keys given twice are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import yaml

from ..causal_map import CausalMap
from .errors import FormatError
from .native import map_from_json, map_to_json
from .reading import Reading
from .strict_json import decode_utf8

LOSSES: Final[Mapping[str, str]] = {}
MAX_YAML_BYTES: Final = 5_000_000
_MAX_DEPTH: Final = 20
_MOST_EVENTS: Final = 400_000
_FIRST: Final = frozenset("ntf-0123456789")
_WORDS: Final[Mapping[str, Any]] = {"null": None, "true": True, "false": False}
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_FRACTION: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,20})?(?:[eE][-+]?[0-9]{1,3})?")


# The C parser where PyYAML was built with it: ten times as fast.
_FastDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(_FastDumper):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library reads it from the class

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True


for _kind, _pattern, _first in (
    ("null", "^null$", "n"),
    ("bool", "^(?:true|false)$", "tf"),
    ("int", f"^{_INTEGER.pattern}$", "-0123456789"),
    ("float", f"^{_FRACTION.pattern}$", "-0123456789"),
    ("merge", "^<<$", "<"),
):
    # So that a text which looks like one of these is put in quotation marks.
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), list(_first))


def write(m: CausalMap) -> bytes:
    """Return the map as YAML in UTF-8."""
    text = yaml.dump(map_to_json(m), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return str(text).encode()


def read(data: bytes) -> Reading:
    """Return the map in a native YAML file.

    Raises
    ------
    FormatError
        With the line or the place of what is wrong.
    """
    if len(data) > MAX_YAML_BYTES:
        raise FormatError(f"the YAML is larger than {MAX_YAML_BYTES // 10**6} MB", code="limit")
    text = decode_utf8(data)
    try:
        values = _values(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FormatError(
            f"this is not valid YAML ({error.problem})", place=f"line {line}" if line else "", code="syntax"
        ) from None
    except yaml.YAMLError as error:
        raise FormatError(f"this is not valid YAML ({str(error).splitlines()[0]})", code="syntax") from None
    except FormatError:
        raise
    except (ValueError, RecursionError):
        raise FormatError("a value in the YAML cannot be read", code="syntax") from None
    if not isinstance(values, dict):
        raise FormatError("expected keys and values", place="line 1", code="syntax")
    return Reading(map_from_json(values), "wickedmap-yaml")


def _values(text: str) -> Any:
    """Build the values of the one document from its events, and refuse whatever could surprise."""
    root: list[Any] = []
    stack: list[_Open] = [root]
    documents = 0
    for number, event in enumerate(yaml.parse(text, Loader=_FastLoader)):
        if number > _MOST_EVENTS:
            _refuse(f"more than {_MOST_EVENTS} values; split the map", event, "limit")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse("anchors and aliases (& and *) are not read", event)
        if getattr(event, "tag", None):
            _refuse("tags (!) are not read", event)
        if isinstance(event, yaml.ScalarEvent):
            _add(stack[-1], _scalar(event, key=_wants_key(stack[-1])), event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(stack) > _MAX_DEPTH:
                _refuse(f"nested more than {_MAX_DEPTH} deep", event, "limit")
            if _wants_key(stack[-1]):
                _refuse("a key must be a text", event, "syntax")
            stack.append(_Mapping() if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            ended = stack.pop()
            _add(stack[-1], ended.entries if isinstance(ended, _Mapping) else ended, event)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                _refuse("there are several documents (---) in the file", event)
    return root[0] if root else None


class _Mapping:
    """A mapping that is being read, and the key whose value comes next."""

    __slots__ = ("entries", "key")

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}
        self.key: str | None = None


_Open = _Mapping | list[Any]


def _wants_key(holder: _Open) -> bool:
    return isinstance(holder, _Mapping) and holder.key is None


def _add(holder: _Open, value: Any, event: yaml.Event) -> None:
    if isinstance(holder, list):
        holder.append(value)
    elif holder.key is None:
        if value == "<<" and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            _refuse("merge keys (<<) are not read", event)
        if value in holder.entries:
            _refuse(f"the key {value!r} is given twice in the same place", event, "syntax")
        holder.key = value
    else:
        holder.entries[holder.key] = value
        holder.key = None


def _scalar(event: yaml.ScalarEvent, *, key: bool) -> Any:
    """Return what a scalar says; what stands in quotation marks, and every key, is text."""
    text: str = event.value
    if key or not event.implicit[0] or text[:1] not in _FIRST:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text


def _refuse(message: str, event: yaml.Event, code: str = "unsupported") -> NoReturn:
    raise FormatError(message, place=f"line {event.start_mark.line + 1}" if event.start_mark else "", code=code)
