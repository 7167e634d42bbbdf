"""The smallest set of factors that lies on every loop: exact, or bounded from both sides."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from .feedback_cuts import ComponentCuts
from .loop_components import strong_components
from .loop_limits import Cancelled, Clock
from .signed import MapOrGraph, SignedGraph, read_signed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FeedbackFactors", "feedback_factors"]


@dataclass(frozen=True)
class FeedbackFactors:
    """Factors that together lie on every loop.

    Attributes
    ----------
    factors : tuple
        One such set, in the order of the ids; taking these factors out leaves no loop. That
        is checked every time. Empty when the map has no loops.
    optimal : bool
        No smaller set does it.
    lower_bound : int
        Every such set has at least this many factors. Equals ``len(factors)`` when optimal.
    indispensable : tuple
        Those of `factors` proven to be in every smallest set.
    alternatives : tuple of tuples
        Other smallest sets, as many as were asked for.
    all_alternatives : bool
        `factors` and `alternatives` are all the smallest sets there are.
    stopped_by : {None, "time", "cancelled"}
        What ended the work early; what is stated above is true all the same.
    """

    factors: tuple[Any, ...]
    optimal: bool
    lower_bound: int
    indispensable: tuple[Any, ...] = ()
    alternatives: tuple[tuple[Any, ...], ...] = ()
    all_alternatives: bool = False
    stopped_by: Literal["time", "cancelled"] | None = None

    def __len__(self) -> int:
        return len(self.factors)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.factors)

    def __bool__(self) -> bool:
        return True

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per factor in any of the sets: ``factor, chosen, indispensable, sets``.

        `sets` counts the listed smallest sets that hold the factor.
        """
        import pandas as pd

        listed = [self.factors, *self.alternatives]
        named = dict.fromkeys(factor for one in listed for factor in one)
        rows = [(f, f in self.factors, f in self.indispensable, sum(f in one for one in listed)) for f in named]
        return pd.DataFrame(rows, columns=["factor", "chosen", "indispensable", "sets"])


def feedback_factors(
    m: MapOrGraph,
    time_limit: float | None = 2.0,
    locked: Iterable[Hashable] = (),
    alternatives: int = 0,
    *,
    cancelled: Cancelled | None = None,
) -> FeedbackFactors:
    """Find the smallest set of factors that cuts every feedback loop of a map.

    "These six factors lie on every loop": a change that holds them steady breaks every
    circle. The set is a minimum feedback vertex set. Minimum sets are rarely unique, so it
    is *one* smallest set, the same each time; `alternatives` lists others.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
    time_limit : float or None
        Seconds. When they run out the answer is "at most ``len(factors)``, at least
        ``lower_bound``".
    locked : iterable of factor ids
        Factors that cannot be influenced and may not be chosen.
    alternatives : int
        How many other smallest sets to list, at most.
    cancelled : callable, optional
        Asked between the steps of the solver; True ends the work.

    Raises
    ------
    ValueError
        When a locked factor is not in the map; when a loop goes through locked factors
        only, so that nothing can cut it (the message names the loop); when `time_limit` or
        `alternatives` is not a number in its range.

    Notes
    -----
    Integer programming (`scipy.optimize.milp`, HiGHS) per strongly connected component:
    minimise the number of factors so that each loop known so far holds one; take them out,
    add the shortest loops that are left as new conditions, until none is left. NP-hard
    (Karp 1972); milliseconds for workshop maps.

    Examples
    --------
    >>> from wickedmap.causal_map import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "a", 1), ("b", "c", 1), ("c", "b", -1)])
    >>> answer = feedback_factors(m)
    >>> answer.factors, answer.optimal, answer.indispensable
    (('b',), True, ('b',))
    """
    if isinstance(alternatives, bool) or not isinstance(alternatives, int) or alternatives < 0:
        raise ValueError(f"alternatives: {alternatives!r} is not a whole number of at least 0")
    clock = Clock(time_limit, cancelled)
    graph = read_signed(m)
    barred = {graph.index_of(factor, "locked") for factor in ([locked] if isinstance(locked, str) else locked)}
    parts = [
        ComponentCuts(graph, one.members.tolist(), one.links.tolist(), barred)
        for one in strong_components(graph)
    ]
    for part in parts:
        loop = part.loop_avoiding(part.on.keys() - barred)
        if loop:
            names = " → ".join(str(graph.factors[i]) for i in (*loop, loop[0]))
            raise ValueError(f"locked: the loop {names} goes through locked factors only; unlock one of them")
    cuts: list[frozenset[int]] = []
    bound = 0
    for done, part in enumerate(parts):
        cut, least = part.smallest_cut(clock.share(len(parts) - done))
        cuts.append(frozenset(cut))
        bound += least
    chosen = frozenset[int]().union(*cuts)
    optimal = settled = len(chosen) == bound
    needed = frozenset[int]()
    others: list[frozenset[int]] = []
    exhausted = False
    if optimal:
        needed, settled = _indispensable(parts, cuts, clock)
        if needed == chosen:
            exhausted = settled
        elif alternatives:
            others, exhausted, listed = _other_smallest(parts, cuts, alternatives, clock)
            settled &= listed
    return FeedbackFactors(
        factors=_names(graph, chosen),
        optimal=optimal,
        lower_bound=bound,
        indispensable=_names(graph, needed),
        alternatives=tuple(_names(graph, one) for one in sorted(others, key=sorted)),
        all_alternatives=exhausted,
        stopped_by=None if settled else (clock.stop() or "time"),
    )


def _indispensable(
    parts: list[ComponentCuts], cuts: list[frozenset[int]], clock: Clock
) -> tuple[frozenset[int], bool]:
    """Return the factors proven to be in every smallest set, and whether the others are proven not to be."""
    found: set[int] = set()
    settled = True
    for part, cut in zip(parts, cuts, strict=True):
        open_ones = set(cut)
        for factor in sorted(cut):
            if factor in open_ones:
                other, proven = part.cut_without(factor, len(cut), clock)
                settled &= proven
                if other is not None:
                    open_ones &= other
                elif proven:
                    found.add(factor)
    return frozenset(found), settled


def _other_smallest(
    parts: list[ComponentCuts], cuts: list[frozenset[int]], limit: int, clock: Clock
) -> tuple[list[frozenset[int]], bool, bool]:
    """Return up to `limit` other smallest sets, whether these are all, and whether that is settled."""
    sets = [frozenset[int]().union(*cuts)]
    exhausted = settled = True
    for part, cut in zip(parts, cuts, strict=True):
        more, of_part, known = part.other_cuts(cut, limit, clock)
        exhausted &= of_part
        settled &= known
        # Components are cut independently: every choice in one goes with every choice in another.
        sets += [one - cut | other for other in more for one in sets]
        exhausted &= len(sets) <= limit + 1
        sets = sets[: limit + 1]
    return sets[1:], exhausted, settled


def _names(graph: SignedGraph, chosen: Iterable[int]) -> tuple[Any, ...]:
    return tuple(cast(Any, graph.factors[position]) for position in sorted(chosen))
