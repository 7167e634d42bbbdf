"""The integer program behind `feedback_factors`: loops as conditions, added when they are needed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from heapq import heapify, heappop, heappush

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .loop_limits import Clock
from .signed import SignedGraph


class ComponentCuts:
    """The loops of one strongly connected component, and the smallest ways to cut them.

    A cut is a set of factors, none of them barred, that holds at least one factor of every
    loop. Factors are named by position.

    Attributes
    ----------
    on : dict
        The factors each factor points at, within the component.
    loops : list of tuple
        The conditions known so far: each of these loops holds a chosen factor.
    """

    def __init__(
        self, graph: SignedGraph, members: Iterable[int], links: Iterable[int], barred: set[int]
    ) -> None:
        self.on: dict[int, set[int]] = {factor: set() for factor in members}
        for position in links:
            link = graph.links[position]
            self.on[link.source].add(link.target)
        self.barred = barred & self.on.keys()
        self.members = list(self.on)
        self.place = {factor: place for place, factor in enumerate(self.members)}
        self.loops: list[tuple[int, ...]] = []

    def loop_avoiding(self, gone: Iterable[int]) -> tuple[int, ...]:
        """Return a loop through none of `gone`, or () when there is none."""
        rest = _Rest(self.on, gone)
        return next((loop for factor in sorted(rest.on) if (loop := rest.shortest_loop(factor))), ())

    def smallest_cut(self, clock: Clock) -> tuple[set[int], int]:
        """Return a cut and a proven lower bound of the size of all cuts."""
        best = self._greedy(set(), clock)
        self._is_cut(set(), clock)
        bound = len(self.loops)  # the first loops share no factor: each needs one of its own
        self.loops += [
            (one, other)
            for one in self.on
            for other in sorted(self.on[one])
            if one < other and one in self.on[other]
        ]
        while bound < len(best) and not clock.stop():
            chosen, least = self._program(clock)
            bound = max(bound, least)
            if chosen is None:
                break
            cuts_all = self._is_cut(chosen, clock)
            best = chosen if cuts_all else min(best, self._greedy(chosen, clock), key=len)
        return self._without_spare(best, clock) if bound < len(best) else best, bound

    def cut_without(self, factor: int, size: int, clock: Clock) -> tuple[set[int] | None, bool]:
        """Return a cut of at most `size` factors without `factor` or None, and whether that is proven."""
        if self.loop_avoiding(set(self.members) - self.barred - {factor}):
            return None, True  # a loop that only this factor can cut
        while not clock.stop():
            chosen, least = self._program(clock, without=factor)
            if least > size:
                return None, True
            if chosen is None:
                break
            if self._is_cut(chosen, clock):
                return chosen, True
        return None, False

    def other_cuts(
        self, cut: frozenset[int], limit: int, clock: Clock
    ) -> tuple[list[frozenset[int]], bool, bool]:
        """Return up to `limit` other cuts as small as `cut`; whether these are all; whether that is proven."""
        found = [cut]
        while not clock.stop():
            chosen, least = self._program(clock, taken=found)
            if least > len(cut):
                return found[1:], True, True
            if chosen is None:
                break
            if self._is_cut(chosen, clock):
                if len(found) > limit:
                    return found[1:], False, True
                found.append(frozenset(chosen))
        return found[1:], False, False

    def _is_cut(self, chosen: set[int], clock: Clock) -> bool:
        """Whether no loop is left; if one is, loops that share no factor become conditions."""
        rest = _Rest(self.on, chosen)
        if not rest.on:
            return True
        for factor in sorted(rest.on):
            if factor in rest.on:
                loop = rest.shortest_loop(factor)
                if loop:
                    self.loops.append(loop)
                rest.remove(loop or (factor,))
                if clock.stop():
                    break
        return False

    def _program(
        self, clock: Clock, without: int | None = None, taken: list[frozenset[int]] | None = None
    ) -> tuple[set[int] | None, int]:
        """Solve for the loops known so far: factors (None: no time, or impossible) and a lower bound."""
        n = len(self.members)
        upper = np.ones(n)
        barred = self.barred if without is None else self.barred | {without}
        upper[[self.place[factor] for factor in barred]] = 0
        taken = taken or []
        rows = [[self.place[factor] for factor in one] for one in (*self.loops, *taken)]
        edges = np.cumsum([0, *map(len, rows)])
        matrix = csr_array((np.ones(edges[-1]), np.concatenate(rows), edges), shape=(len(rows), n))
        # Each loop holds a chosen factor; no set found before is chosen again.
        low = [1.0] * len(self.loops) + [-math.inf] * len(taken)
        high = [math.inf] * len(self.loops) + [len(one) - 1.0 for one in taken]
        seconds = 0.97 * clock.remaining()  # the solver is a little late, and the cut is still to be finished
        answer = milp(
            np.ones(n),
            integrality=np.ones(n, np.int64),
            bounds=Bounds(0, upper),
            constraints=LinearConstraint(matrix, low, high),
            options={"time_limit": max(1e-3, seconds)} if math.isfinite(seconds) else {},
        )
        if answer.status == 2:  # infeasible: no set of any size
            return None, n + 1
        if answer.status != 0:
            dual = answer.mip_dual_bound
            if dual is None or not math.isfinite(dual):
                return None, 0
            return None, max(0, math.ceil(dual - 1e-6))
        return {self.members[place] for place in np.flatnonzero(answer.x > 0.5)}, round(answer.fun)

    def _greedy(self, chosen: set[int], clock: Clock) -> set[int]:
        """Return `chosen`, completed to a cut by the busiest factors that are left."""
        rest, cut = _Rest(self.on, chosen), set(chosen)
        heap = [rest.rank(factor) for factor in rest.on if factor not in self.barred]
        heapify(heap)
        while rest.on:
            if clock.stop():
                return cut | (rest.on.keys() - self.barred)
            *_, factor = ranked = heappop(heap)
            if factor not in rest.on:
                continue
            if ranked != rest.rank(factor):  # ways have gone since it was ranked
                heappush(heap, rest.rank(factor))
                continue
            cut.add(factor)
            rest.remove((factor,))
        return cut

    def _without_spare(self, cut: set[int], clock: Clock) -> set[int]:
        """Return the cut without factors it does not need."""
        kept = set(cut)
        for factor in sorted(cut):
            if clock.stop():
                break
            if not _Rest(self.on, kept - {factor}).on:
                kept.discard(factor)
        return kept


class _Rest:
    """What is left of a component without some factors: only those that may still lie on a loop."""

    def __init__(self, on: dict[int, set[int]], gone: Iterable[int]) -> None:
        out = set(gone)
        self.on = {factor: targets - out for factor, targets in on.items() if factor not in out}
        self.back: dict[int, set[int]] = {factor: set() for factor in self.on}
        for factor, targets in self.on.items():
            for target in targets:
                self.back[target].add(factor)
        self._peel(list(self.on))

    def rank(self, factor: int) -> tuple[bool, int, int]:
        """Return a number that is lower the more loops a factor is likely to lie on."""
        return factor not in self.on[factor], -len(self.on[factor]) * len(self.back[factor]), factor

    def remove(self, factors: Iterable[int]) -> None:
        """Take factors out, and those that no longer lie on a loop because of it."""
        touched: set[int] = set()
        for factor in factors:
            if factor in self.on:
                touched |= self._take(factor)
        self._peel(list(touched))

    def _take(self, factor: int) -> set[int]:
        after, before = self.on.pop(factor), self.back.pop(factor)
        for other in after - {factor}:
            self.back[other].discard(factor)
        for other in before - {factor}:
            self.on[other].discard(factor)
        return (after | before) - {factor}

    def _peel(self, waiting: list[int]) -> None:
        # A factor with no way in or no way on lies on no loop.
        while waiting:
            factor = waiting.pop()
            if factor in self.on and not (self.on[factor] and self.back[factor]):
                waiting += self._take(factor)

    def shortest_loop(self, start: int) -> tuple[int, ...]:
        """Return a shortest loop through a factor, or (); breadth first, O(V + E)."""
        came_from = {start: start}
        level = [start]
        while level:
            after = []
            for factor in level:
                for target in sorted(self.on[factor]):
                    if target == start:
                        loop = [factor]
                        while loop[-1] != start:
                            loop.append(came_from[loop[-1]])
                        return tuple(reversed(loop))
                    if target not in came_from:
                        came_from[target] = factor
                        after.append(target)
            level = after
        return ()
