"""The simple paths from one factor to another, within limits that are told."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING, Literal

from .loop_limits import Cancelled, Clock, StopReason, positive_count
from .signed import MapOrGraph, SignedGraph, SignedLink, read_signed

if TYPE_CHECKING:
    import pandas as pd

_CHECKED_EVERY = 512


@dataclass(frozen=True, slots=True)
class ChainPath:
    """A path that visits no factor twice, link by link.

    Attributes
    ----------
    factors, links : tuple
        One factor more than links.
    polarity : {"+", "-", "?"}
        Product of the signs; "?" when one is unknown.
    """

    factors: tuple[Hashable, ...]
    links: tuple[Hashable, ...]
    polarity: Literal["+", "-", "?"]

    @property
    def length(self) -> int:
        """Number of links."""
        return len(self.links)


@dataclass(frozen=True)
class Paths:
    """The paths from one factor to another, and how complete the list is.

    Attributes
    ----------
    paths : tuple of ChainPath
        Shortest first; parallel links give separate paths.
    complete_to : int
        Every path of up to this many links is listed.
    exhaustive : bool
        Every path there is is listed.
    stopped_by : {None, "time", "count", "cancelled"}
    """

    source: Hashable
    target: Hashable
    paths: tuple[ChainPath, ...]
    complete_to: int
    exhaustive: bool
    stopped_by: StopReason | None

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per path: ``length, polarity, factors, links`` (tuples)."""
        import pandas as pd

        rows = [(path.length, path.polarity, path.factors, path.links) for path in self.paths]
        return pd.DataFrame(rows, columns=["length", "polarity", "factors", "links"])


def paths_between(
    m: MapOrGraph,
    source: Hashable,
    target: Hashable,
    max_length: int | None = None,
    *,
    max_paths: int | None = 1000,
    time_limit: float | None = 2.0,
    cancelled: Cancelled | None = None,
) -> Paths:
    """List the simple paths from one factor to another, shortest first.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
    source, target : factor id
        Two different factors; for the way back to the same one see `find_loops`.
    max_length : int or None
        Most links on a path.
    max_paths : int or None
        Most paths to list.
    time_limit : float or None
        Seconds; the clock is read inside the search.
    cancelled : callable, optional
        Says whether to give up.

    Raises
    ------
    ValueError
        For an unknown factor, the same factor twice, or a limit below 1.

    Notes
    -----
    Depth-first search to lengths 1, 2, 3, ..., pruned by the exact distance to the
    target, so a search that is stopped is still complete up to the length before.
    Exponential in the worst case, hence the limits.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "c", -1), ("a", "c", 1)])
    >>> p = paths_between(m, "a", "c")
    >>> [(path.factors, path.polarity) for path in p.paths], p.exhaustive
    ([(('a', 'c'), '+'), (('a', 'b', 'c'), '-')], True)
    """
    graph = read_signed(m)
    start = graph.index_of(source, "source")
    end = graph.index_of(target, "target")
    if start == end:
        raise ValueError(
            f"target: {target!r} is the source too; a way back to itself is a loop, see find_loops"
        )
    longest = positive_count(max_length, "max_length")
    most = positive_count(max_paths, "max_paths")
    clock = Clock(time_limit, cancelled)
    between: dict[tuple[int, int], list[SignedLink]] = {}
    for link in graph.links:
        between.setdefault((link.source, link.target), []).append(link)
    follow: list[list[int]] = [[] for _ in graph.factors]
    for near, far in sorted(between):
        if near != far:
            follow[near].append(far)
    distance = _distances_to(between, end, len(graph.factors))
    search = _PathSearch(graph, between, follow, distance, clock)
    limit = len(graph.factors) - 1 if longest is None else min(longest, len(graph.factors) - 1)
    paths: list[ChainPath] = []
    complete_to, exhaustive = 0, distance[start] is None
    stopped_by: StopReason | None = None
    length = distance[start] or limit + 1
    if not exhaustive:
        complete_to = min(length - 1, limit)
    while length <= limit and not exhaustive and not stopped_by:
        for path in search.of_length(start, end, length):
            if most is not None and len(paths) == most:
                stopped_by = "count"
                break
            paths.append(path)
        else:
            stopped_by = search.stopped_by
        if not stopped_by:
            complete_to = length
            # No simple path has more links than there are other factors.
            exhaustive = not search.cut_short or length == len(graph.factors) - 1
            length += 1
    if exhaustive:
        complete_to = limit
    return Paths(source, target, tuple(paths), complete_to, exhaustive, stopped_by)


def _distances_to(between: dict[tuple[int, int], list[SignedLink]], end: int, size: int) -> list[int | None]:
    back: list[list[int]] = [[] for _ in range(size)]
    for near, far in between:
        back[far].append(near)
    distance: list[int | None] = [None] * size
    distance[end] = 0
    waiting = [end]
    for far in waiting:
        for near in back[far]:
            if distance[near] is None:
                distance[near] = (distance[far] or 0) + 1
                waiting.append(near)
    return distance


class _PathSearch:
    """The paths of one exact length, with the clock read as factors are tried."""

    def __init__(
        self,
        graph: SignedGraph,
        between: dict[tuple[int, int], list[SignedLink]],
        follow: list[list[int]],
        distance: list[int | None],
        clock: Clock,
    ) -> None:
        self._graph, self._between, self._follow = graph, between, follow
        self._distance, self._clock = distance, clock
        self._tried = 0
        self.cut_short = False
        self.stopped_by: StopReason | None = None

    def of_length(self, start: int, end: int, length: int) -> Iterator[ChainPath]:
        self.cut_short = False
        route = [start]
        on_route = {start}
        branches = [iter(self._follow[start])]
        while branches:
            following = next(branches[-1], None)
            if following is None:
                branches.pop()
                on_route.discard(route.pop())
                continue
            self._tried += 1
            if self._tried % _CHECKED_EVERY == 0:
                self.stopped_by = self._clock.stop()
                if self.stopped_by:
                    return
            left = self._distance[following]
            if left is None or following in on_route:
                continue
            if len(route) + left > length:
                self.cut_short = True
            elif following == end:
                if len(route) == length:
                    yield from self._expanded([*route, end])
                    if self.stopped_by:
                        return
            else:
                route.append(following)
                on_route.add(following)
                branches.append(iter(self._follow[following]))

    def _expanded(self, route: list[int]) -> Iterator[ChainPath]:
        factors = tuple(self._graph.factors[position] for position in route)
        steps = [self._between[pair] for pair in pairwise(route)]
        for links in product(*steps):
            self._tried += 1
            if self._tried % _CHECKED_EVERY == 0:
                self.stopped_by = self._clock.stop()
                if self.stopped_by:
                    return
            sign = 1
            for link in links:
                sign *= link.sign
            polarity: Literal["+", "-", "?"] = "?" if sign == 0 else ("+" if sign > 0 else "-")
            yield ChainPath(factors, tuple(link.id for link in links), polarity)
