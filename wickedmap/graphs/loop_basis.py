"""Small exact summaries of all loops: a set the others are combinations of, and the shortest per link."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from .loop_components import Component, strong_components
from .loop_limits import Cancelled, Clock
from .loop_results import Loop, LoopWriter, loops_frame
from .signed import MapOrGraph, SignedGraph, read_signed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LoopBasis", "loop_basis", "shortest_loops"]

ALL_CANDIDATES = 400_000  # factors times links up to which all of Horton's candidates are weighed


@dataclass(frozen=True)
class LoopBasis(Sequence[Loop]):
    """Independent loops of which every other loop is a combination; a sequence of `Loop`.

    Attributes
    ----------
    loops : tuple of Loop
        Shortest first.
    rank : int
        How many there are in a full basis: links - factors + 1, summed over the strongly
        connected components.
    stopped_by : {None, "time", "cancelled"}
        When not None, `loops` are fewer than `rank`.
    """

    loops: tuple[Loop, ...]
    rank: int
    stopped_by: Literal["time", "cancelled"] | None = None

    def __len__(self) -> int:
        return len(self.loops)

    @overload
    def __getitem__(self, index: int) -> Loop: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Loop, ...]: ...
    def __getitem__(self, index: int | slice) -> Loop | tuple[Loop, ...]:
        return self.loops[index]

    @property
    def complete(self) -> bool:
        """Whether every loop of the map is a combination of these."""
        return len(self.loops) == self.rank

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per loop: ``length, polarity, strength, delays, factors, links`` (tuples)."""
        return loops_frame(self.loops)


def loop_basis(
    m: MapOrGraph, time_limit: float | None = None, *, cancelled: Cancelled | None = None
) -> LoopBasis:
    """Return exactly E - N + 1 independent loops per strongly connected component, short ones.

    Independent means: none is the sum (each link counted modulo 2) of others. They are a
    smallest set that the other loops are combinations of; they are not "the important
    loops". A directed basis of short loops is rarely unique; ties go to the smaller link
    ids, so the answer is the same each time.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
    time_limit : float or None
        Seconds; None (default) for as long as it takes, which is milliseconds for workshop
        maps and seconds for a thousand factors.
    cancelled : callable, optional
        Asked often; True ends the work with ``stopped_by="cancelled"``.

    Raises
    ------
    ValueError
        Naming `time_limit` when it is not above 0.

    Notes
    -----
    Candidates are, for each root r and link u -> v, the shortest path r to u, the link, and
    the shortest path v to r, if simple (Horton 1987), taken shortest first by elimination
    modulo 2 (Gleiss, Leydold & Stadler 2003; for system dynamics Oliva 2004). In components
    with more than 400,000 factors times links only the shortest loop through each link is a
    candidate. What is missing is completed from an ear decomposition, which always has full
    rank. O(V E) candidates, O(rank^2 E / 64) elimination.

    Examples
    --------
    >>> import networkx as nx
    >>> len(loop_basis(nx.complete_graph(4, nx.DiGraph)))
    9
    """
    clock = Clock(time_limit, cancelled)
    graph = read_signed(m)
    components = strong_components(graph)
    rows: list[list[int]] = []
    stopped: Literal["time", "cancelled"] | None = None
    for component in components:
        part = _Part(graph, component)
        for loop in _independent(part, clock):
            rows.append(loop)
        stopped = clock.stop()
        if stopped:
            break
    rank = sum(len(part.links) - len(part.members) + 1 for part in components)
    loops = tuple(sorted(_written(graph, rows), key=len))
    return LoopBasis(loops, rank, None if len(loops) == rank else stopped)


def shortest_loops(m: MapOrGraph) -> dict[Hashable, Loop | None]:
    """Return the shortest loop through each link, by link id; None where there provably is none.

    Of equally short loops the one with the smallest link ids, read from the link on, is
    taken. O(V (V + E)), breadth first from the head of each link.

    Examples
    --------
    >>> from wickedmap.causal_map import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "a", 1), ("b", "c", 1)])
    >>> [str(loop) for loop in shortest_loops(m).values()]
    ['a → b → a (R)', 'a → b → a (R)', 'None']
    """
    graph = read_signed(m)
    rows: dict[int, list[int]] = {}
    for component in strong_components(graph):
        part = _Part(graph, component)
        rows.update(part.shortest_through_each())
    found = dict(zip(rows, _written(graph, list(rows.values())), strict=True))
    return {link.id: found.get(position) for position, link in enumerate(graph.links)}


class _Part:
    """One component: per factor the ways on, smallest link id first, parallel links once."""

    def __init__(self, graph: SignedGraph, component: Component) -> None:
        self.factors = component.members.tolist()
        self.links: list[int] = sorted(component.links.tolist())
        self.source = {link: graph.links[link].source for link in self.links}
        self.target = {link: graph.links[link].target for link in self.links}
        self.on: dict[int, list[tuple[int, int]]] = {factor: [] for factor in self.factors}
        self.back: dict[int, list[tuple[int, int]]] = {factor: [] for factor in self.factors}
        seen: set[tuple[int, int]] = set()
        for link in self.links:
            ends = (self.source[link], self.target[link])
            if ends not in seen and ends[0] != ends[1]:
                seen.add(ends)
                self.on[ends[0]].append((ends[1], link))
                self.back[ends[1]].append((ends[0], link))

    def shortest_through_each(self, clock: Clock | None = None) -> Iterator[tuple[int, list[int]]]:
        """Yield each link with the links of the shortest loop through it, starting there."""
        into: dict[int, list[int]] = {}
        for link in self.links:
            into.setdefault(self.target[link], []).append(link)
        for head, links in into.items():
            if clock is not None and clock.stop():
                return
            came_by = self._tree(head, {self.source[link] for link in links})
            for link in links:
                path = []
                at = self.source[link]
                while at != head:
                    path.append(came_by[at])
                    at = self.source[came_by[at]]
                yield link, [link, *reversed(path)]

    def _tree(self, start: int, wanted: set[int], within: set[int] | None = None) -> dict[int, int]:
        """Breadth first from `start` until all of `wanted` are met: the link by which each was met."""
        came_by = {start: -1}
        left = len(wanted - {start})
        level = [start]
        while level and left:
            after = []
            for factor in level:
                for target, link in self.on[factor]:
                    if target not in came_by and (within is None or link in within):
                        came_by[target] = link
                        after.append(target)
                        left -= target in wanted
            level = after
        return came_by

    def ears(self) -> Iterator[list[int]]:
        """Yield one loop per ear of an ear decomposition: together they have full rank."""
        inside, used = {self.factors[0]}, set[int]()
        waiting = [link for link in self.links if self.source[link] in inside]
        out: dict[int, list[int]] = {}
        for link in self.links:
            out.setdefault(self.source[link], []).append(link)
        while waiting:
            first = waiting.pop(0)
            if first in used:
                continue
            ear = [first]
            if self.target[first] not in inside:
                came_by = self._tree(self.target[first], set(self.factors))
                end = next(factor for factor in came_by if factor in inside)
                path: list[int] = []
                while end != self.target[first]:
                    path.append(came_by[end])
                    end = self.source[came_by[end]]
                ear += reversed(path)
            start, end = self.source[ear[0]], self.target[ear[-1]]
            closing: list[int] = []
            came_by = self._tree(end, {start}, used)
            while start != end:
                closing.append(came_by[start])
                start = self.source[came_by[start]]
            for link in ear:
                used.add(link)
                if self.target[link] not in inside:
                    inside.add(self.target[link])
                    waiting += out[self.target[link]]
            yield [*ear, *reversed(closing)]

    def horton(self, bit: dict[int, int], clock: Clock) -> Iterator[int]:
        """Yield the candidates of Horton (1987) as sets of link bits, shortest first."""
        by_length: dict[int, set[int]] = {}
        for root in self.factors:
            if clock.stop():
                return
            to, came = self._paths(root, self.on, bit), self._paths(root, self.back, bit)
            for link in self.links:
                length, factors, links = to[self.source[link]]
                more, other_factors, other_links = came[self.target[link]]
                if factors & other_factors == 1 << root:
                    by_length.setdefault(length + 1 + more, set()).add(links | bit[link] | other_links)
        for length in sorted(by_length):
            yield from sorted(by_length[length], reverse=True)

    def _paths(
        self, root: int, ways: dict[int, list[tuple[int, int]]], bit: dict[int, int]
    ) -> dict[int, tuple[int, int, int]]:
        """Return per factor the length, factor bits and link bits of a shortest path from `root`."""
        found = {root: (0, 1 << root, 0)}
        level = [root]
        while level:
            after = []
            for factor in level:
                length, factors, links = found[factor]
                for other, link in ways[factor]:
                    if other not in found:
                        found[other] = (length + 1, factors | 1 << other, links | bit[link])
                        after.append(other)
            level = after
        return found

    def in_order(self, links: set[int]) -> list[int]:
        """Return the links of one loop in the order of influence."""
        leaving = {self.source[link]: link for link in links}
        row = [min(links)]
        while self.target[row[-1]] != self.source[row[0]]:
            row.append(leaving[self.target[row[-1]]])
        return row


def _independent(part: _Part, clock: Clock) -> Iterator[list[int]]:
    """Yield the loops of a basis of one component, as link positions in order."""
    rank = len(part.links) - len(part.factors) + 1
    # The smallest link id is the highest bit: numbers then sort as link ids do.
    bit = {link: 1 << (len(part.links) - 1 - place) for place, link in enumerate(part.links)}

    def as_bits(rows: Iterable[list[int]]) -> Iterator[int]:
        return (sum(bit[link] for link in row) for row in rows)

    def candidates() -> Iterator[int]:
        if len(part.factors) * len(part.links) <= ALL_CANDIDATES:
            yield from part.horton(bit, clock)
        else:
            rows = sorted((row for _, row in part.shortest_through_each(clock)), key=len)
            yield from as_bits(rows)
        yield from as_bits(part.ears())

    reduced: dict[int, int] = {}  # by highest bit
    for number, candidate in enumerate(candidates()):
        if number % 64 == 0 and clock.stop():
            return
        rest = candidate
        while rest and rest.bit_length() in reduced:
            rest ^= reduced[rest.bit_length()]
        if rest:
            reduced[rest.bit_length()] = rest
            places = (len(part.links) - 1 - place for place in _bits(candidate))
            yield part.in_order({part.links[place] for place in places})
            if len(reduced) == rank:
                return


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _written(graph: SignedGraph, rows: list[list[int]]) -> list[Loop]:
    """Write rows of link positions out as loops, in the order given."""
    writer = LoopWriter(graph)
    loops: list[Loop] = []
    for _, same_length in groupby(rows, key=len):
        loops += writer.write(np.array(list(same_length), np.int64))
    return loops
