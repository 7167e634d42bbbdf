"""What every noun checks when it is made, and the error that names what is wrong."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from numbers import Real
from typing import Any, Final, Literal, TypeVar

from .text import Texts

Sign = Literal[1, -1]
MAX_STRENGTH: Final = 3.0
"""Strengths run from just above 0 to 3: weak, medium, strong."""

_V = TypeVar("_V")


class MapError(ValueError):
    """A map, factor or link that cannot be; `field` names what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message

    def __reduce__(self) -> tuple[type[MapError], tuple[str, str]]:
        return MapError, (self.field, self.message)


class FixedMapping(Mapping[str, _V]):
    """A mapping that nobody can change, and that can be hashed, copied and pickled.

    Examples
    --------
    >>> FixedMapping({"unit": "kroner"})
    FixedMapping({'unit': 'kroner'})
    """

    __slots__ = ("_held",)
    _held: dict[str, _V]

    def __init__(self, mapping: Mapping[str, _V]) -> None:
        object.__setattr__(self, "_held", dict(mapping))

    def __getitem__(self, key: str) -> _V:
        return self._held[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __hash__(self) -> int:
        return hash(frozenset(self._held.items()))

    def __repr__(self) -> str:
        return f"FixedMapping({self._held!r})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("this mapping is fixed; build a new one")

    def __reduce__(self) -> tuple[Any, ...]:
        return FixedMapping, (dict(self._held),)


_NOTHING: Final[FixedMapping[Any]] = FixedMapping({})


def fixed(mapping: Mapping[str, _V]) -> Mapping[str, _V]:
    """Return a copy that nobody can change."""
    if isinstance(mapping, FixedMapping):
        return mapping
    return FixedMapping(mapping) if mapping else _NOTHING


def attributes_of(value: object, field: str) -> Mapping[str, str]:
    """Return attributes that nobody can change: texts by name."""
    if not isinstance(value, Mapping):
        raise MapError(field, f"expected texts by name, got {value!r}")
    if not isinstance(value, FixedMapping):
        for name, text in value.items():
            if not isinstance(name, str) or not isinstance(text, str):
                raise MapError(field, f"{name!r}: {text!r} is not a text by name; str() makes one")
    return fixed(value)


def require_id(value: object, field: str) -> None:
    """Refuse what is not a non-empty text."""
    if not isinstance(value, str) or not value:
        raise MapError(field, "an id is a non-empty text")


def require_one_of(value: object, known: Sequence[object], field: str) -> None:
    """Refuse what is not among the known values."""
    if isinstance(value, bool) or value not in known:
        raise MapError(field, f"{value!r} is not one of {', '.join(str(one) for one in known if one != '')}")


def texts_of(value: object, field: str) -> Texts:
    """Return texts by language; a bare text has no language, and is refused."""
    if isinstance(value, Texts):
        return value
    if isinstance(value, Mapping):
        return Texts(value)
    raise MapError(field, f"expected texts by language, such as Texts(nb='Gjeld'), got {value!r}")


def several_of(value: object, field: str) -> tuple[Any, ...]:
    """Return a tuple of what any iterable but a text gives."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise MapError(field, f"expected several in a tuple, got {value!r}")
    return tuple(value)


def strength_of(value: object, field: str) -> float:
    """Return a strength: above 0 and at most `MAX_STRENGTH`."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) <= MAX_STRENGTH:
        raise MapError(field, f"{value!r} is not above 0 and at most {MAX_STRENGTH:g}")
    return float(value)


def sign_of(value: object, field: str) -> Sign | None:
    """Return a sign as a plain 1, -1 or None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real) or value not in (1, -1):
        raise MapError(field, f"{value!r} is not 1, -1 or None")
    return 1 if value == 1 else -1


def spot_of(value: object, field: str) -> tuple[float, float]:
    """Return a place on the canvas: two finite numbers."""
    pair = several_of(value, field)
    if len(pair) != 2 or not all(isinstance(one, Real) and math.isfinite(one) for one in pair):
        raise MapError(field, f"{value!r} is not two finite numbers, x and y")
    return pair[0], pair[1]


def what_is_filled(noun: Any) -> str:
    """Return the `repr` of a dataclass, without the fields that are as they are when nobody has said.

    Examples
    --------
    >>> from wickedmap.model import Link
    >>> Link("L1", "debt", "eviction", 1)
    Link(id='L1', source='debt', target='eviction', sign=1)
    """
    told = []
    for one in dataclasses.fields(noun):
        value = getattr(noun, one.name)
        usual = one.default if one.default_factory is dataclasses.MISSING else one.default_factory()
        if value != usual:
            told.append(f"{one.name}={value!r}")
    return f"{type(noun).__name__}({', '.join(told)})"
