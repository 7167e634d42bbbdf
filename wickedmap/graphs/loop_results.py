"""What a loop is, and how many of them are held: compactly, written out when looked at."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from ..model import MAX_STRENGTH
from .loop_limits import StopReason
from .signed import SignedGraph

if TYPE_CHECKING:
    import pandas as pd

Polarity: TypeAlias = Literal["R", "B", "?"]
Completeness: TypeAlias = Literal["all", "all_to_length", "at_least"]
Order: TypeAlias = Literal["shortest", "strongest"]

WRITE_OUT = 128  # loops turned into objects at a time: few enough to be gone before garbage is counted
SHOWN = 20  # rows of a table in a notebook
PIECE = 1 << 18  # loops whose strengths and signs are worked out at a time


@dataclass(frozen=True, slots=True)
class Loop:
    """A feedback loop: a simple directed circuit of links, no factor twice.

    Two loops are the same when their links are the same up to rotation; `links` starts
    at the smallest link id. Parallel links make different loops through the same factors.

    Attributes
    ----------
    factors : tuple
        Factor ids in the order of influence; ``factors[i]`` is the source of ``links[i]``.
    links : tuple
        Link ids.
    polarity : {"R", "B", "?"}
        Reinforcing (an even number of minus links), balancing (an odd number), or not
        known because the sign of at least one link is not.
    delays : int
        How many of its links take long to work.
    strength : float
        Product over the links of strength divided by the largest strength there is (3, or
        the largest in the map if above); in (0, 1].
    """

    factors: tuple[Any, ...]
    links: tuple[Any, ...]
    polarity: Polarity
    delays: int = 0
    strength: float = 1.0

    def __len__(self) -> int:
        return len(self.links)

    @property
    def length(self) -> int:
        """Number of links."""
        return len(self.links)

    def __str__(self) -> str:
        return " → ".join(str(factor) for factor in (*self.factors, self.factors[0])) + f" ({self.polarity})"


class LoopWriter:
    """Writes rows of link positions out as `Loop` objects."""

    def __init__(self, graph: SignedGraph) -> None:
        self._links = _objects([link.id for link in graph.links])
        self._sources = _objects([graph.factors[link.source] for link in graph.links])
        self._sign = np.array([link.sign for link in graph.links], np.int8)
        self._delayed = np.array([link.delayed for link in graph.links], np.int64)
        strength = np.array([link.strength for link in graph.links], np.float64)
        share = strength / max(MAX_STRENGTH, float(strength.max(initial=0)))
        # Whole numbers add up the same from any starting point, so equal loops tie exactly.
        self._rank = np.rint(np.log(share) * 1e9).astype(np.int64)

    def weakness(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """Return a number per loop that is lower the stronger the loop."""
        total = np.zeros(len(rows), np.int64)
        for column in range(rows.shape[1]):
            total -= self._rank[rows[:, column]]
        return total

    def strongest_first(self, rows: NDArray[Any]) -> NDArray[np.int64] | None:
        """Return the order from strong to weak, ties as they are; None when all are equal."""
        if self._rank.min() == self._rank.max():
            return None
        pieces = range(0, len(rows), PIECE)
        # Few values differ where strengths are 1, 2 or 3: their numbers take little memory.
        values = np.unique(np.concatenate([np.unique(self.weakness(rows[i : i + PIECE])) for i in pieces]))
        kind = np.min_scalar_type(len(values))
        place = [np.searchsorted(values, self.weakness(rows[i : i + PIECE])).astype(kind) for i in pieces]
        return np.argsort(np.concatenate(place), kind="stable")

    def signs(self, rows: NDArray[Any]) -> NDArray[np.int8]:
        """Return 1, -1 or 0 per loop."""
        product = np.ones(len(rows), np.int8)
        for column in range(rows.shape[1]):
            product *= self._sign[rows[:, column]]
        return product

    def write(self, rows: NDArray[Any]) -> list[Loop]:
        """Return the loops, each turned so that its smallest link id comes first."""
        if not len(rows):
            return []
        length = rows.shape[1]
        turn = (rows.argmin(axis=1)[:, None] + np.arange(length)) % length
        rows = np.take_along_axis(rows, turn, axis=1).astype(np.int64)
        columns: tuple[Iterable[Any], ...] = (
            map(tuple, self._sources[rows].tolist()),
            map(tuple, self._links[rows].tolist()),
            map(("?", "R", "B").__getitem__, self.signs(rows).tolist()),
            self._delayed[rows].sum(axis=1).tolist(),
            np.exp(self.weakness(rows) * -1e-9).round(6).tolist(),
        )
        return list(map(Loop, *columns))


def _objects(values: Sequence[Hashable]) -> NDArray[np.object_]:
    column = np.empty(len(values), object)
    for position, value in enumerate(values):
        column[position] = value  # one by one: NumPy would take tuples for rows
    return column


class LoopList(Sequence[Loop]):
    """An unchanging sequence of loops that equals a tuple of the same loops.

    It holds link positions (1-4 bytes per link) and writes a `Loop` out when it is looked
    at, so that millions of loops fit in memory. ``tuple(loops)`` writes all of them out.
    """

    def __init__(
        self, writer: LoopWriter, blocks: dict[int, list[NDArray[Any]]], order: Order = "shortest"
    ) -> None:
        self._writer = writer
        self._order = order
        self._parts = {length: blocks[length] for length in sorted(blocks) if any(map(len, blocks[length]))}
        self._lengths = list(self._parts)
        sizes = [sum(len(part) for part in parts) for parts in self._parts.values()]
        self._starts = [0, *np.cumsum(sizes).tolist()]
        self._sorted: dict[int, NDArray[Any]] = {}

    def __len__(self) -> int:
        return int(self._starts[-1])

    def rows(self, length: int) -> NDArray[Any]:
        """Return the loops of one length, strongest first, as rows of link positions."""
        if length not in self._sorted:
            joined = self._joined(length)
            by_strength = self._writer.strongest_first(joined)
            if by_strength is not None:
                for column in range(length):  # in place: a copy of all rows may not fit
                    joined[:, column] = joined[by_strength, column]
            self._sorted[length] = joined
        return self._sorted[length]

    def _joined(self, length: int) -> NDArray[Any]:
        """Join the parts of one length, giving each up once it is copied: two copies may not fit."""
        parts = self._parts[length]
        if len(parts) > 1:
            joined = np.empty((sum(map(len, parts)), length), parts[0].dtype)
            end = len(joined)
            while parts:
                part = parts.pop()
                joined[end - len(part) : end] = part
                end -= len(part)
            parts.append(joined)
        return parts[0]

    @cached_property
    def _across(self) -> NDArray[np.int64] | None:
        """The order across lengths; None when lengths follow each other."""
        if self._order == "shortest" or not self._lengths:
            return None
        weakness = [self._writer.weakness(self.rows(length)) for length in self._lengths]
        return np.argsort(np.concatenate(weakness), kind="stable")

    def _written(self, start: int, stop: int) -> list[Loop]:
        numbers = np.arange(start, stop) if self._across is None else self._across[start:stop]
        block = np.searchsorted(self._starts, numbers, side="right") - 1
        out: list[Loop] = []
        for group in np.split(np.arange(len(numbers)), np.flatnonzero(np.diff(block)) + 1):
            if len(group):
                at = int(block[group[0]])
                rows = self.rows(self._lengths[at])
                out += self._writer.write(rows[numbers[group] - self._starts[at]])
        return out

    @overload
    def __getitem__(self, index: int) -> Loop: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Loop, ...]: ...
    def __getitem__(self, index: int | slice) -> Loop | tuple[Loop, ...]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step == 1:
                return tuple(self._written(start, max(start, stop)))
            return tuple(self[i] for i in range(start, stop, step))
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(f"there are {len(self)} loops; {index} is not among them")
        return self._written(at, at + 1)[0]

    def __iter__(self) -> Iterator[Loop]:
        for start in range(0, len(self), WRITE_OUT):
            yield from self._written(start, min(start + WRITE_OUT, len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, tuple | list | LoopList):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        shown = ", ".join(str(loop) for loop in self[:3])
        return f"<{len(self)} loops: {shown}{', …' if len(self) > 3 else ''}>"

    def polarities(self) -> dict[Polarity, int]:
        """Return how many loops are reinforcing, balancing and of unknown polarity."""
        counts = np.zeros(3, np.int64)
        for parts in self._parts.values():
            for part in parts:
                for i in range(0, len(part), PIECE):
                    counts += np.bincount(self._writer.signs(part[i : i + PIECE]) + 1, minlength=3)
        return {"R": int(counts[2]), "B": int(counts[0]), "?": int(counts[1])}

    def lengths(self) -> dict[int, int]:
        """Return how many loops there are of each length."""
        return {length: self._starts[i + 1] - self._starts[i] for i, length in enumerate(self._lengths)}


@dataclass(frozen=True)
class SearchOutcome:
    """How complete an answer is.

    Attributes
    ----------
    complete_to : int
        Every loop of up to this many links is in the answer. When the answer is
        exhaustive that is true of any length; then `complete_to` is the number of factors
        (no loop can be longer) or the length asked for, whichever is larger.
    exhaustive : bool
        Every loop of the map is in the answer, whatever its length.
    stopped_by : {None, "time", "count", "cancelled"}
        What ended the search early. Reaching `max_length` is not an early end.
    """

    complete_to: int
    exhaustive: bool
    stopped_by: StopReason | None

    @property
    def completeness(self) -> Completeness:
        """A stable key for wording: "all", "all_to_length" (`complete_to`) or "at_least"."""
        if self.exhaustive:
            return "all"
        return "all_to_length" if self.stopped_by is None else "at_least"


@dataclass(frozen=True)
class FoundLoops(SearchOutcome):
    """Loops, and how complete the list is.

    Attributes
    ----------
    loops : LoopList
        Behaves as a tuple of `Loop`.
    complete_to, exhaustive, stopped_by
        See `SearchOutcome`.
    """

    loops: LoopList = field(repr=False)

    def __repr__(self) -> str:
        found = f"{len(self.loops)} loop{'s' if len(self.loops) != 1 else ''}"
        upto = f"all of up to {self.complete_to} links"
        words = {
            "all": f"all {found}",
            "all_to_length": f"{found}, {upto}",
            "at_least": f"at least {found}, {upto} among them; stopped by {self.stopped_by}",
        }
        return f"<FoundLoops: {words[self.completeness]}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self)[1:-1])}</p>{loops_frame(self.loops[:SHOWN]).to_html()}"

    def __len__(self) -> int:
        return len(self.loops)

    def __iter__(self) -> Iterator[Loop]:
        return iter(self.loops)

    def __bool__(self) -> bool:
        return True

    @property
    def polarities(self) -> dict[Polarity, int]:
        """Number of loops per polarity: ``{"R": .., "B": .., "?": ..}``."""
        return self.loops.polarities()

    @property
    def lengths(self) -> dict[int, int]:
        """Number of loops per length."""
        return self.loops.lengths()

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per loop: ``length, polarity, strength, delays, factors, links`` (tuples)."""
        return loops_frame(self.loops)


@dataclass(frozen=True, slots=True)
class LengthCount:
    """How many loops there are of one length."""

    length: int
    reinforcing: int
    balancing: int
    unknown: int

    @property
    def total(self) -> int:
        """All loops of this length."""
        return self.reinforcing + self.balancing + self.unknown


@dataclass(frozen=True)
class LoopCount(SearchOutcome):
    """How many loops there are, per length and polarity.

    Attributes
    ----------
    by_length : tuple of LengthCount
        Lengths of which at least one loop was found. With `stopped_by` set, a count for a
        length above `complete_to` is "at least".
    complete_to, exhaustive, stopped_by
        See `SearchOutcome`.
    """

    by_length: tuple[LengthCount, ...]

    @property
    def total(self) -> int:
        """All loops counted."""
        return sum(row.total for row in self.by_length)

    @property
    def polarities(self) -> dict[Polarity, int]:
        """Number of loops per polarity: ``{"R": .., "B": .., "?": ..}``."""
        rows = self.by_length
        return {
            "R": sum(row.reinforcing for row in rows),
            "B": sum(row.balancing for row in rows),
            "?": sum(row.unknown for row in rows),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per length: ``length, reinforcing, balancing, unknown, total``."""
        import pandas as pd

        columns = ["length", "reinforcing", "balancing", "unknown", "total"]
        rows = [(r.length, r.reinforcing, r.balancing, r.unknown, r.total) for r in self.by_length]
        return pd.DataFrame(rows, columns=columns)


def loops_frame(loops: Sequence[Loop]) -> pd.DataFrame:
    """Return one row per loop: ``length, polarity, strength, delays, factors, links`` (tuples)."""
    import pandas as pd

    columns = ["length", "polarity", "strength", "delays", "factors", "links"]
    rows = [(x.length, x.polarity, x.strength, x.delays, x.factors, x.links) for x in loops]
    return pd.DataFrame(rows, columns=columns)
