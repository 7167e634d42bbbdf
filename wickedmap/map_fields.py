"""The fields of a hand-written map file, each read strictly and named when it is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from .model import MapError
from .strict_yaml import ListNode, MappingNode, Node, TextNode
from .text import LANGUAGES, TextError, Texts, plain

__all__ = ["MAX_NAME", "MAX_TEXT", "Fields", "MapFileError"]

MAX_NAME = 120
MAX_TEXT = 2000

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
T = TypeVar("T")


class MapFileError(MapError):
    """A map file that cannot be read; `line` and `field` say where.

    Attributes
    ----------
    name : str
        Name of the file.
    line : int
        Counted from 1.
    """

    def __init__(self, name: str, line: int, field: str, message: str) -> None:
        super().__init__(field, message)
        self.args = (f"{name}, line {line}, {field}: {message}",)
        self.name = name
        self.line = line


class Fields:
    """The fields of one mapping; each is taken once, and what nobody took is unknown."""

    def __init__(self, node: Node, where: str, name: str) -> None:
        self.where, self.name, self.line = where, name, node.line
        self.key = ""
        if not isinstance(node, MappingNode):
            raise MapFileError(name, node.line, where, "expected fields, written as 'field: value'")
        self._node = node
        self._left = dict(node.entries)

    def error(self, field: str, message: str, line: int | None = None) -> MapFileError:
        """Return an error that names the field, and its line unless another is given."""
        line = line or self._node.key_lines.get(field, self.line)
        return MapFileError(self.name, line, f"{self.where} {field}", message)

    def has(self, field: str) -> bool:
        """Whether the file has this field, taken or not."""
        return field in self._node.entries

    def take(self, field: str) -> Node | None:
        """Take a field as it is; None when it is not there."""
        return self._left.pop(field, None)

    def done(self) -> None:
        """Refuse the first field that nobody took."""
        for field in self._left:
            raise self.error(field, "this field is not known here; check the spelling or delete it")

    def text(self, field: str, *, required: bool = False, limit: int = MAX_TEXT) -> str:
        """Take a text; ``""`` when it is absent and not required."""
        node = self.take(field)
        if node is None:
            if required:
                raise self.error(field, "this field is missing")
            return ""
        return self._plain(node, field, limit=limit, empty=not required)

    def _plain(self, node: Node, field: str, *, limit: int, empty: bool) -> str:
        if not isinstance(node, TextNode):
            raise self.error(field, "expected a text", node.line)
        try:
            return plain(node.text, limit=limit, empty=empty, one_line=True)
        except TextError as error:
            raise self.error(field, str(error), node.line) from None

    def texts(self, stem: str, *, required: bool = False, limit: int = MAX_TEXT) -> Texts:
        """Take ``stem_nb``, ``stem_nn`` and ``stem_en``; at least one where required."""
        found = {
            language: self.text(f"{stem}_{language}", required=True, limit=limit)
            for language in LANGUAGES
            if self.has(f"{stem}_{language}")
        }
        if required and not found:
            raise self.error(f"{stem}_nb", f"missing; write {stem}_nb, {stem}_nn or {stem}_en")
        return Texts(found)

    def list_of_texts(self, stem: str) -> tuple[Texts, ...]:
        """Take lists ``stem_nb``, ``stem_nn``, ``stem_en`` of equal length as one list."""
        columns: dict[str, list[str]] = {}
        for language in LANGUAGES:
            field = f"{stem}_{language}"
            items = [self._plain(item, field, limit=MAX_TEXT, empty=False) for item in self.nodes(field)]
            if self.has(field):
                columns[language] = items
        lengths = {len(items) for items in columns.values()}
        if len(lengths) > 1:
            raise self.error(f"{stem}_{max(columns)}", f"the lists {stem}_… differ in length between languages")
        return tuple(
            Texts({language: items[index] for language, items in columns.items()})
            for index in range(max(lengths, default=0))
        )

    def nodes(self, field: str, *, required: bool = False) -> tuple[Node, ...]:
        """Take a list as nodes; empty when it is absent and not required."""
        node = self.take(field)
        if node is None and not required:
            return ()
        if not isinstance(node, ListNode) or (required and not node.items):
            raise self.error(field, "expected a list with at least one item" if required else "expected a list")
        return node.items

    def one_of(self, field: str, choices: Mapping[str, T], default: T | None = None) -> T:
        """Take a word and return what it stands for; required when there is no default."""
        if not self.has(field) and default is not None:
            return default
        written = self.text(field, required=True)
        if written not in choices:
            raise self.error(field, f"{written!r} is not one of {', '.join(choices)}")
        return choices[written]

    def word(self, field: str, choices: Iterable[str], default: str | None = None) -> str:
        """Take one of these words; required when there is no default."""
        return self.one_of(field, {choice: choice for choice in choices if choice}, default)

    def number(self, field: str, low: float, high: float, default: float | None = None) -> float:
        """Take a decimal number from `low` to `high`."""
        if not self.has(field) and default is not None:
            return default
        written = self.text(field, required=True)
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", written) or not low <= float(written) <= high:
            raise self.error(field, f"{written!r} is not a number from {low:g} to {high:g}")
        return float(written)

    def whole(self, field: str, low: int, high: int, default: int | None = None) -> int:
        """Take a whole number from `low` to `high`."""
        value = self.number(field, low, high, default)
        if value != int(value):
            raise self.error(field, f"{value:g} is not a whole number")
        return int(value)

    def take_id(self, taken: dict[str, int]) -> None:
        """Take ``id`` as `key`, and note in `taken` on which line it stands."""
        written = self.text("id", required=True)
        if not _ID.fullmatch(written):
            raise self.error("id", f"{written!r}: use a letter a-z first, then letters, digits, _ and -")
        if written in taken:
            raise self.error("id", f"{written!r} is already used on line {taken[written]}")
        taken[written] = self._node.key_lines["id"]
        self.key = written
        self.where = f"{self.where} {written!r}"

    def ref(self, field: str, known: Collection[str], what: str, *, required: bool = True) -> str:
        """Take the id of something that the file has."""
        written = self.text(field, required=required)
        if written and written not in known:
            raise self.error(field, f"there is no {what} {written!r}")
        return written

    def refs(self, field: str, known: Collection[str], what: str) -> tuple[str, ...]:
        """Take a list of ids of things that the file has, each once."""
        found: list[str] = []
        for node in self.nodes(field):
            written = self._plain(node, field, limit=MAX_NAME, empty=False)
            if written not in known:
                raise self.error(field, f"there is no {what} {written!r}", node.line)
            if written in found:
                raise self.error(field, f"{written!r} is listed twice", node.line)
            found.append(written)
        return tuple(found)

    def provenance(self, *, source: bool = True) -> str:
        """Join where an item comes from and what the writers added.

        A link's ``source`` is a factor, so there only ``provenance`` is read.
        """
        parts = (self.text("source") if source else "", self.text("provenance"))
        return "; ".join(part for part in parts if part)
