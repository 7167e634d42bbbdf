"""A small, strict part of YAML: mappings, lists and text, each with its line.

YAML guesses types (``NO`` becomes false, ``1.10`` becomes 1.1), lets a short file
grow without end through aliases, and lets tags build objects. Here every scalar
stays the text that was written, and whatever could surprise is refused with line
and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # libyaml is missing: the same events, only slower
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

__all__ = ["ListNode", "MappingNode", "Node", "StrictYamlError", "TextNode", "plain_data", "read_strict_yaml"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class StrictYamlError(ValueError):
    """A text that is not in the strict part of YAML.

    Attributes
    ----------
    name : str
        Name of the file, as given.
    line, column : int
        Where, counted from 1.
    reason : str
        What is wrong and what to do.
    """

    def __init__(self, name: str, line: int, column: int, reason: str) -> None:
        super().__init__(f"{name}, line {line}, column {column}: {reason}")
        self.name = name
        self.line = line
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TextNode:
    """A scalar as written: ``NO``, ``007`` and ``null`` are text like any other."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list, in order."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A mapping from text to nodes, in order; `key_lines` says where each key stands."""

    entries: dict[str, Node]
    key_lines: dict[str, int]
    line: int
    column: int


Node: TypeAlias = TextNode | ListNode | MappingNode


class _EventLoader(_SafeLoader):
    """A safe loader that is only asked for events: it never resolves or builds anything."""


def read_strict_yaml(source: str | bytes, name: str = "text") -> Node:
    r"""Read one document of strict YAML.

    Parameters
    ----------
    source : str or bytes
        The document; bytes must be UTF-8. At most 1 MB, nested at most 20 deep.
    name : str
        What error messages call the document.

    Returns
    -------
    TextNode, ListNode or MappingNode

    Raises
    ------
    StrictYamlError
        For broken YAML and for aliases, anchors, merge keys, tags, directives,
        duplicate keys, keys that are not text, several documents, an empty document,
        and anything too large or too deep.

    Examples
    --------
    >>> plain_data(read_strict_yaml("country: NO\nslides: [3, 04]"))
    {'country': 'NO', 'slides': ['3', '04']}
    """
    text = _decoded(source, name)
    events = _events(text, name)
    first = next(events, None)
    if first is None:
        raise StrictYamlError(name, 1, 1, "the document is empty")
    root = _node(first, events, name, depth=1)
    second = next(events, None)
    if second is not None:
        raise _error(name, second, "a second document begins here; keep one document in the file")
    return root


def plain_data(node: Node) -> Any:
    """Return the same data as ``dict``, ``list`` and ``str``, without the lines."""
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return [plain_data(item) for item in node.items]
    return {key: plain_data(value) for key, value in node.entries.items()}


def _decoded(source: str | bytes, name: str) -> str:
    size = len(source.encode("utf-8", "replace")) if isinstance(source, str) else len(source)
    if size > MAX_BYTES:
        raise StrictYamlError(name, 1, 1, f"larger than {MAX_BYTES:,} bytes")
    if isinstance(source, bytes):
        try:
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = source[: error.start]
            raise StrictYamlError(
                name,
                before.count(b"\n") + 1,
                len(before.rpartition(b"\n")[2].decode()) + 1,
                "not UTF-8; save the file as UTF-8",
            ) from None
    else:
        text = source.removeprefix("\ufeff")
    found = _NOT_PRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise StrictYamlError(name, line, column, f"character U+{ord(found.group()):04X} is not allowed")
    return text


def _events(text: str, name: str) -> Iterator[yaml.Event]:
    """Yield the events of the nodes, and refuse whatever is outside the strict part."""
    try:
        for event in yaml.parse(text, Loader=_EventLoader):
            if isinstance(event, yaml.AliasEvent):
                raise _error(name, event, f"alias *{event.anchor}: write the value out instead")
            if isinstance(event, yaml.DocumentStartEvent) and (event.version or event.tags):
                raise _error(name, event, "directives (%) are not allowed; delete the line")
            if isinstance(event, yaml.NodeEvent):
                if event.anchor is not None:
                    raise _error(name, event, f"anchor &{event.anchor}: delete it, aliases are not allowed")
                if event.tag is not None:  # type: ignore[attr-defined]
                    raise _error(name, event, "tags (!) are not allowed; put the text in quotes")
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        raise StrictYamlError(name, line, column, reason) from None


def _node(event: yaml.Event, events: Iterator[yaml.Event], name: str, depth: int) -> Node:
    line, column = _position(event)
    if isinstance(event, yaml.ScalarEvent):
        return TextNode(event.value, line, column)
    if depth > MAX_DEPTH:
        raise _error(name, event, f"nested more than {MAX_DEPTH} levels deep")
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Node] = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_node(item, events, name, depth + 1))
        return ListNode(tuple(items), line, column)
    entries: dict[str, Node] = {}
    key_lines: dict[str, int] = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if not isinstance(key, yaml.ScalarEvent):
            raise _error(name, key, "a key must be text")
        if key.value == "<<" and key.implicit[0]:
            raise _error(name, key, "merge keys (<<) are not allowed; write the fields out")
        if key.value in entries:
            first = key_lines[key.value]
            raise _error(name, key, f"the key {key.value!r} is already used on line {first}")
        key_lines[key.value], _ = _position(key)
        entries[key.value] = _node(next(events), events, name, depth + 1)
    return MappingNode(entries, key_lines, line, column)


def _position(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _error(name: str, event: yaml.Event, reason: str) -> StrictYamlError:
    return StrictYamlError(name, *_position(event), reason)
