"""Feedback loops: found, streamed, counted, or those through one place; always saying how complete."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .loop_components import Component, Projection, link_ends, strong_components
from .loop_limits import Cancelled, Clock, StopReason, positive_count
from .loop_results import FoundLoops, LengthCount, Loop, LoopCount, LoopList, LoopWriter, Order, SearchOutcome
from .loop_search import ComponentSearch
from .signed import MapOrGraph, SignedGraph, read_signed

__all__ = ["LoopStream", "count_loops", "find_loops", "iter_loops", "loops_through"]

Progress = Callable[[int, int], None]
HELD_BYTES = 160 << 20  # of loops held by one answer, 1 to 4 bytes per link


def find_loops(
    m: MapOrGraph,
    max_length: int | None = 8,
    time_limit: float | None = 2.0,
    max_loops: int | None = None,
    *,
    order: Order = "shortest",
    cancelled: Cancelled | None = None,
    progress: Progress | None = None,
) -> FoundLoops:
    """Find the feedback loops of a map, each once, and say how complete the list is.

    A loop is a simple directed circuit of links: no factor twice. Parallel links give
    separate loops; a self-link is a loop of length 1. Polarity is the product of the
    signs, and not known as soon as one sign is not.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
        Read by `wickedmap.graphs.signed.read_signed`.
    max_length : int or None
        Longest loop looked for, in links; None for any length.
    time_limit : float or None
        Seconds; the search looks at the clock every few milliseconds.
    max_loops : int or None
        Most loops kept per strongly connected component, so that a dense part of the map
        never hides another part's only loop. The strongest of the last length are kept.
        Apart from this an answer holds at most 160 MiB of loops (1 byte per link up to
        256 links, else 2 or 4: ten to twenty million loops); reaching that is also
        ``stopped_by="count"``.
    order : {"shortest", "strongest"}
        Order of the answer. Shortest first puts the strongest first within a length;
        strongest first orders what was found by `Loop.strength`. The search itself always
        goes shortest first. Ties keep the order of the search, which is the same each time.
    cancelled : callable, optional
        Asked every few milliseconds; True ends the search with ``stopped_by="cancelled"``.
    progress : callable, optional
        Called as ``progress(found, complete_to)`` when a length is done.

    Returns
    -------
    FoundLoops
        ``loops``, ``complete_to``, ``exhaustive``, ``stopped_by``, ``completeness``.

    Raises
    ------
    ValueError
        Naming the argument that is zero, negative or not a number.

    Notes
    -----
    Per component, circuits are searched from each factor through later factors only,
    pruned by the exact distance back, in passes of growing length. The number of loops can
    grow tenfold per ten links, and so can the time; hence the limits. Compare Johnson
    (1975), *Finding all the elementary circuits of a directed graph*; Gupta & Suzumura
    (2021), *Finding all bounded-length simple cycles in a directed graph*.

    Examples
    --------
    >>> from wickedmap.causal_map import CausalMap
    >>> m = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "debt", 1), ("eviction", "work", -1)])
    >>> found = find_loops(m)
    >>> [str(loop) for loop in found.loops], found.completeness
    (['debt → eviction → debt (R)'], 'all')
    """
    if order not in ("shortest", "strongest"):
        raise ValueError(f"order: {order!r} is not 'shortest' or 'strongest'")
    max_length, max_loops = positive_count(max_length, "max_length"), positive_count(max_loops, "max_loops")
    clock = Clock(time_limit, cancelled)
    graph = read_signed(m)
    return _collect(graph, strong_components(graph), max_length, max_loops, clock, order, progress)


def loops_through(
    m: MapOrGraph,
    factor: Hashable | None = None,
    link: Hashable | None = None,
    max_length: int | None = 8,
    time_limit: float | None = 2.0,
    max_loops: int | None = None,
    *,
    order: Order = "shortest",
    cancelled: Cancelled | None = None,
    progress: Progress | None = None,
) -> FoundLoops:
    """Find the loops through one factor or one link.

    Only loops through that place are searched for, so the answer is complete to a greater
    length than a filtered `find_loops`. ``complete_to`` and ``exhaustive`` speak of the
    loops through that place. No loops and ``exhaustive`` is a proof that there are none.

    Parameters
    ----------
    factor, link : hashable
        Id of the one place; give exactly one of the two.
    m, max_length, time_limit, max_loops, order, cancelled, progress
        As for `find_loops`.

    Raises
    ------
    ValueError
        When both or neither of `factor` and `link` are given, or there is none with that
        id; and as for `find_loops`.

    Examples
    --------
    >>> from wickedmap.causal_map import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "a", 1), ("b", "c", -1), ("c", "b", 1)])
    >>> [str(loop) for loop in loops_through(m, factor="a").loops]
    ['a → b → a (R)']
    """
    if order not in ("shortest", "strongest"):
        raise ValueError(f"order: {order!r} is not 'shortest' or 'strongest'")
    if (factor is None) == (link is None):
        raise ValueError("factor, link: give exactly one of the two")
    max_length, max_loops = positive_count(max_length, "max_length"), positive_count(max_loops, "max_loops")
    clock = Clock(time_limit, cancelled)
    graph = read_signed(m)
    source, target = link_ends(graph)
    if factor is not None:
        root = graph.index_of(factor)
        kept = (source != target) | (source == root)
    else:
        at = [position for position, one in enumerate(graph.links) if one.id == link]
        if not at:
            raise ValueError(f"link: there is no link {link!r} in the map")
        root = int(source[at[0]])
        # A loop leaves its root once: with the other ways out gone, it leaves by this link.
        kept = (source != root) & (source != target)
        kept[at[0]] = True
    parts = [part for part in strong_components(graph, kept) if root in part.members]
    return _collect(graph, parts, max_length, max_loops, clock, order, progress, root)


def count_loops(
    m: MapOrGraph,
    max_length: int | None = 8,
    time_limit: float | None = 2.0,
    *,
    cancelled: Cancelled | None = None,
    progress: Progress | None = None,
) -> LoopCount:
    """Count the loops of a map per length and polarity, without keeping them.

    Parallel links are multiplied, not written out, so the count is exact also where the
    loops could never be listed. Parameters, errors and method as for `find_loops`.

    Examples
    --------
    >>> from wickedmap.causal_map import CausalMap
    >>> rows = [("a", "b", 1), ("a", "b", -1), ("b", "c", 1), ("c", "a", 1), ("c", "b", None)]
    >>> count_loops(CausalMap.from_links(rows)).polarities
    {'R': 1, 'B': 1, '?': 1}
    """
    max_length = positive_count(max_length, "max_length")
    clock = Clock(time_limit, cancelled)
    graph = read_signed(m)
    signs = np.array([link.sign for link in graph.links], np.int64)
    counts: dict[int, tuple[int, int, int]] = {}
    state = _State(strong_components(graph), max_length, clock)
    for projection, search in state.searches(graph):
        sign = signs[projection.links]
        plus, minus = (np.add.reduceat((sign == one).astype(np.int64), projection.first) for one in (1, -1))
        total, known, balance = projection.many, plus + minus, plus - minus
        for length, pairs in search.circuits():
            if not len(pairs):
                if progress is not None:
                    progress(sum(row[0] for row in counts.values()), length)
                continue
            # Products of many parallel links outgrow 64 bits: then Python's own whole numbers.
            large = length * math.log2(int(total.max())) > 40
            found = [_sum_of_products(column, pairs, large) for column in (total, known, balance)]
            counts[length] = _added(counts.get(length, (0, 0, 0)), found)
        state.finish(search.complete_to, search.exhaustive, search.stopped_by)
    outcome = state.outcome(len(graph.factors))
    rows = tuple(
        LengthCount(length, (known + balance) // 2, (known - balance) // 2, total - known)
        for length, (total, known, balance) in sorted(counts.items())
    )
    return LoopCount(outcome.complete_to, outcome.exhaustive, outcome.stopped_by, rows)


def iter_loops(
    m: MapOrGraph,
    max_length: int | None = 8,
    time_limit: float | None = 2.0,
    max_loops: int | None = None,
    *,
    cancelled: Cancelled | None = None,
) -> LoopStream:
    """Return a stream of loops that can be read while the search goes on.

    Component by component (the smallest first), shortest first within each, in the order
    they are met. The clock starts now and runs on between reads. Memory does not grow with
    the number of loops. Parameters and errors as for `find_loops`.

    Returns
    -------
    LoopStream
        An iterator of `Loop` with ``complete_to``, ``exhaustive``, ``stopped_by`` and
        ``completeness``, true of what has been read so far.

    Examples
    --------
    >>> from wickedmap.causal_map import CausalMap
    >>> stream = iter_loops(CausalMap.from_links([("a", "b", 1), ("b", "a", -1)]))
    >>> [loop.polarity for loop in stream], stream.exhaustive
    (['B'], True)
    """
    max_length, max_loops = positive_count(max_length, "max_length"), positive_count(max_loops, "max_loops")
    clock = Clock(time_limit, cancelled)
    return LoopStream(read_signed(m), max_length, max_loops, clock)


class LoopStream(Iterator[Loop]):
    """The loops of a map, one at a time; see `iter_loops`."""

    def __init__(self, graph: SignedGraph, max_length: int | None, max_loops: int | None, clock: Clock) -> None:
        self._graph, self._max_loops, self._clock = graph, max_loops, clock
        self._state = _State(strong_components(graph), max_length, clock)
        self._search: ComponentSearch | None = None
        self._loops = self._read()

    def __next__(self) -> Loop:
        return next(self._loops)

    def close(self) -> None:
        """End the search; what was read stays true."""
        self._loops.close()

    @property
    def outcome(self) -> SearchOutcome:
        """How complete the loops read so far are."""
        state = self._state
        if self._search is not None:  # reading goes on in the middle of a component
            state = replace(state, complete=[*state.complete, self._search.complete_to])
        return state.outcome(len(self._graph.factors))

    @property
    def complete_to(self) -> int:
        """Every loop of up to this many links has been read."""
        return self.outcome.complete_to

    @property
    def exhaustive(self) -> bool:
        """Every loop of the map has been read."""
        return self.outcome.exhaustive

    @property
    def stopped_by(self) -> StopReason | None:
        """What ended the search early; None while it goes on."""
        return self.outcome.stopped_by

    @property
    def completeness(self) -> str:
        """As `SearchOutcome.completeness`; "at_least" until the stream has ended."""
        ended = len(self._state.complete) == len(self._state.parts)
        return self.outcome.completeness if ended else "at_least"

    def _read(self) -> Generator[Loop, None, None]:
        writer = LoopWriter(self._graph)
        for projection, search in self._state.searches(self._graph):
            self._search = search
            reason = yield from self._read_component(writer, projection, search)
            self._search = None
            self._state.finish(
                search.complete_to, search.exhaustive and not reason, reason or search.stopped_by
            )

    def _read_component(
        self, writer: LoopWriter, projection: Projection, search: ComponentSearch
    ) -> Generator[Loop, None, StopReason | None]:
        read = 0
        for _, pairs in search.circuits():
            for rows in projection.link_rows(pairs):
                for start in range(0, len(rows), 256):
                    for loop in writer.write(rows[start : start + 256]):
                        if read == self._max_loops:
                            return "count"
                        read += 1
                        yield loop
                    reason = search.clock.stop()
                    if reason:
                        return reason
        return None


@dataclass
class _State:
    """The components of a map, and how completely each has been searched."""

    parts: list[Component]
    max_length: int | None
    clock: Clock
    complete: list[int | None] = field(default_factory=list)  # None: exhaustively
    reasons: set[StopReason] = field(default_factory=set)

    def searches(
        self, graph: SignedGraph, root: int | None = None
    ) -> Iterator[tuple[Projection, ComponentSearch]]:
        """Yield a search per component; each may use its share of the time that is left."""
        for done, part in enumerate(self.parts):
            reason = self.clock.stop()
            if reason:
                self.reasons.add(reason)
                self.complete += [0] * (len(self.parts) - done)
                return
            projection = Projection(graph, part, root)
            share = self.clock.share(len(self.parts) - done)
            yield projection, ComponentSearch(projection, self.max_length, share, root is not None)

    def finish(self, complete_to: int, exhaustive: bool, reason: StopReason | None) -> None:
        """Note how the search of the next component ended."""
        self.complete.append(None if exhaustive else complete_to)
        if reason:
            self.reasons.add(reason)

    def outcome(self, factors: int) -> SearchOutcome:
        """Return what is true of the whole map."""
        open_ends = [length for length in self.complete if length is not None]
        open_ends += [0] * (len(self.parts) - len(self.complete))
        reason: StopReason | None = next(
            (known for known in ("cancelled", "time", "count") if known in self.reasons), None
        )
        if not open_ends:
            return SearchOutcome(max(factors, self.max_length or 0), True, None)
        return SearchOutcome(min(open_ends), False, reason)


def _collect(
    graph: SignedGraph,
    parts: list[Component],
    max_length: int | None,
    max_loops: int | None,
    clock: Clock,
    order: Order,
    progress: Progress | None,
    root: int | None = None,
) -> FoundLoops:
    """Search the components and hold what is found, as link positions of the smallest fitting kind."""
    writer = LoopWriter(graph)
    kind = np.min_scalar_type(max(0, len(graph.links) - 1))
    blocks: dict[int, list[NDArray[Any]]] = {}
    room = HELD_BYTES
    state = _State(parts, max_length, clock)
    for projection, search in state.searches(graph, root):
        found: dict[int, list[NDArray[Any]]] = {}
        done = current = complete_to = 0  # loops of finished lengths, of the length under way
        reason: StopReason | None = None
        for length, pairs in search.circuits():
            if not len(pairs):
                if max_loops is not None and done + current > max_loops:
                    reason = "count"
                    break
                done, current, complete_to = done + current, 0, length
                if progress is not None:
                    progress(
                        sum(len(row) for block in (*blocks.values(), *found.values()) for row in block), length
                    )
                continue
            for rows in projection.link_rows(pairs):
                found.setdefault(length, []).append(rows.astype(kind))
                current += len(rows)
                room -= len(rows) * length * kind.itemsize
                if max_loops is not None and current > 4 * max_loops + (1 << 20):
                    kept = _strongest(writer, found[length], max_loops - done + 1)
                    room += (current - len(kept)) * length * kind.itemsize
                    found[length], current = [kept], len(kept)
                reason = "count" if room < 0 else search.clock.stop()
                if reason:
                    break
            if reason:
                break
        if max_loops is not None and done + current > max_loops:
            reason = "count"
            longest = max(found)
            found[longest] = [_strongest(writer, found[longest], max_loops - done)]
        for length, rows_found in found.items():
            blocks.setdefault(length, []).extend(rows_found)
        if reason:
            state.finish(complete_to, False, reason)
        else:
            state.finish(search.complete_to, search.exhaustive, search.stopped_by)
    outcome = state.outcome(len(graph.factors))
    loops = LoopList(writer, blocks, order)
    return FoundLoops(outcome.complete_to, outcome.exhaustive, outcome.stopped_by, loops)


def _strongest(writer: LoopWriter, parts: list[NDArray[Any]], count: int) -> NDArray[Any]:
    rows = np.concatenate(parts)
    return rows[np.sort(np.argsort(writer.weakness(rows), kind="stable")[:count])]


def _sum_of_products(values: NDArray[np.int64], pairs: NDArray[np.int64], large: bool) -> int:
    if values.min() == values.max() == 1:
        return len(pairs)
    if not large:
        product = np.ones(len(pairs), np.int64)
        for column in range(pairs.shape[1]):
            product *= values[pairs[:, column]]
        return int(product.sum())
    return int(np.prod(values.astype(object)[pairs], axis=1).sum())


def _added(before: tuple[int, int, int], more: list[int]) -> tuple[int, int, int]:
    return before[0] + more[0], before[1] + more[1], before[2] + more[2]
