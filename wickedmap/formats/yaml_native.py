"""The native format as YAML, for people who write maps by hand.

Only JSON's values count: ``NO`` and ``12:30`` are text, and aliases, tags, merge keys
and keys given twice are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from ..causal_map import CausalMap
from .errors import FormatError
from .native import map_from_json, map_to_json
from .reading import Reading
from .strict_json import decode_utf8

LOSSES: Final[Mapping[str, str]] = {}
MAX_YAML_BYTES: Final = 5_000_000
_MAX_DEPTH: Final = 20
_SCALARS: Final = (
    ("tag:yaml.org,2002:null", re.compile(r"^null$"), "n"),
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), "tf"),
    ("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,18})$"), "-0123456789"),
    (
        "tag:yaml.org,2002:float",
        re.compile(r"^-?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,20})?(?:[eE][-+]?[0-9]{1,3})?$"),
        "-0123456789",
    ),
)


# The C parser where PyYAML was built with it: ten times as fast.
_FastDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(_FastDumper):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library reads it from the class

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True


class _Loader(_FastLoader):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library reads it from the class


for _tag, _pattern, _first in _SCALARS:
    for _class in (_Dumper, _Loader):
        _class.add_implicit_resolver(_tag, _pattern, list(_first))


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
        _refuse_tricks(text)
        values = yaml.load(text, Loader=_Loader)
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


def _refuse_tricks(text: str) -> None:
    """Walk the events once, before anything is built from them."""
    depth = documents = 0
    keys: list[set[str] | None] = []
    expects_key: list[bool] = []

    def refuse(message: str, event: yaml.Event, code: str = "unsupported") -> None:
        raise FormatError(
            message, place=f"line {event.start_mark.line + 1}" if event.start_mark else "", code=code
        )

    def value_ends() -> None:
        if expects_key:
            expects_key[-1] = not expects_key[-1]

    for event in yaml.parse(text, Loader=_FastLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            refuse("anchors and aliases (& and *) are not read", event)
        if getattr(event, "tag", None):
            refuse("tags (!) are not read", event)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                refuse("there are several documents (---) in the file", event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                refuse(f"nested more than {_MAX_DEPTH} deep", event, "limit")
            if keys and keys[-1] is not None and expects_key[-1]:
                refuse("a key must be a text", event, "syntax")
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            keys.append(set() if is_mapping else None)
            expects_key.append(is_mapping)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
            keys.pop()
            expects_key.pop()
            value_ends()
        elif isinstance(event, yaml.ScalarEvent) and keys:
            known = keys[-1]
            if known is not None and expects_key[-1]:
                if event.value == "<<":
                    refuse("merge keys (<<) are not read", event)
                if event.value in known:
                    refuse(f"the key {event.value!r} is given twice in the same place", event, "syntax")
                known.add(event.value)
            value_ends()
