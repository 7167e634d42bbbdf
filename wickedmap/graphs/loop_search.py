"""Bounded search for simple directed circuits: whole frontiers of paths at a time.

The search grows all paths from all roots by one link at a time in NumPy arrays. A
path from root r uses only factors after r in a fixed order, so each circuit is met
once; it is given up as soon as the way back to r no longer fits the bound. A pass
with bound k therefore meets circuits shortest first, and what it has met is complete
up to the last length it finished. A frontier that would not fit in memory is worked
through in batches, depth first.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
from numpy.typing import NDArray

from .loop_components import Ints, Projection
from .loop_limits import Clock, StopReason

SLICE = 1 << 16  # candidate steps between two looks at the clock: about 3 ms
FRONTIER_PATHS = 1 << 18  # of one length before a pass works in batches
FRONTIER_BYTES = 32 << 20  # for all paths under way in a pass that works in batches
DISTANCE_CELLS = 1 << 25  # of the table of ways back, per block of roots (2 bytes each)
CHEAP_TABLE = 1 << 20  # steps a table of ways back may take beyond the depth asked for
CHEAP_PASS = 200_000  # candidate steps below which several lengths share one pass
LOOK_BACK = 16  # longest path that is looked back along rather than marked, above 64 factors
FAR = np.int16(np.iinfo(np.int16).max)
NEVER = np.iinfo(np.int64).max


class WaysBack:
    """Links from each factor back to each root of a block, by factors after that root only."""

    def __init__(self, projection: Projection, roots: Ints) -> None:
        self.roots, self.size = roots, projection.size
        by_head = np.argsort(projection.heads, kind="stable")
        self._before = projection.tails[by_head]
        self._count = np.bincount(projection.heads, minlength=self.size)
        self._start = np.cumsum(self._count) - self._count
        self.table = np.full(len(roots) * self.size, FAR, np.int16)
        self._row = np.arange(len(roots), dtype=np.int64)
        self._factor = roots.copy()
        self._steps = 0
        self.depth = 0

    @property
    def known(self) -> bool:
        """Whether what is still `FAR` has no way back at all."""
        return len(self._row) == 0

    def extend_to(self, depth: int, clock: Clock) -> bool:
        """Breadth first, backwards, to `depth` and on while cheap; False when the clock stopped it.

        Complete tables prove a search exhaustive, so small ones are always completed.
        """
        while not self.known and self.depth < FAR - 1 and (self.depth < depth or self._steps < CHEAP_TABLE):
            self.depth += 1
            keys: list[Ints] = []
            for part in _slices(self._count[self._factor], SLICE):
                if clock.stop():
                    return False
                factor, row = self._factor[part], self._row[part]
                count = self._count[factor]
                rows = np.repeat(row, count)
                before = self._before[_runs(self._start[factor], count)]
                self._steps += len(rows)
                key = rows * self.size + before
                key = np.unique(key[(before > self.roots[rows]) & (self.table[key] == FAR)])
                self.table[key] = self.depth
                keys.append(key)
            found = np.concatenate(keys) if keys else np.empty(0, np.int64)
            self._row, self._factor = np.divmod(found, self.size)
        return True


class _Level:
    """Paths of one length, and what is still to be done with them.

    Per path: last factor, last pair, position of the path it extends, row of its root,
    and one bit per factor on it (only where `_on_path` reads them).
    """

    __slots__ = ("factor", "held", "pair", "parent", "parts", "root_row", "seen", "waiting", "whole")

    def __init__(
        self, factor: Ints, pair: Ints, parent: Ints, root_row: Ints, seen: NDArray[np.uint64], whole: bool
    ) -> None:
        self.factor, self.pair, self.parent, self.root_row, self.seen = factor, pair, parent, root_row, seen
        self.whole = whole  # these are all paths of this length
        self.parts: Iterator[slice] = iter(())
        self.waiting: list[tuple[Ints, Ints]] = []  # (position extended, pair) of paths one link longer
        self.held = 0


class ComponentSearch:
    """The search through one component; its honesty fields are true at every moment.

    Attributes
    ----------
    complete_to : int
        Every circuit of up to this many links has been yielded.
    exhaustive : bool
        Every circuit has been yielded.
    stopped_by : {None, "time", "cancelled"}
    """

    def __init__(
        self, projection: Projection, max_length: int | None, clock: Clock, only_first_root: bool = False
    ) -> None:
        self.projection, self.clock = projection, clock
        self.bound = min(projection.size, int(FAR) - 1, max_length or projection.size)
        self.roots = np.arange(1 if only_first_root else projection.size - 1, dtype=np.int64)
        self.complete_to = 0
        self.exhaustive = False
        self.stopped_by: StopReason | None = None
        self._steps = len(projection.heads)
        self._growth = max(1.5, len(projection.heads) / projection.size)  # of the steps per length
        self._one_by_one = False
        self._ways: WaysBack | None = None
        # What the pass under way has found out, and how it works:
        self._rejected = False  # a path was given up only because of the bound
        self._needed = NEVER  # no circuit that was given up is shorter than this
        self._words = 0  # 64-bit words of `seen`; 0: look back along the path instead

    def circuits(self) -> Iterator[tuple[int, Ints]]:
        """Yield (length, rows of pairs), shortest first, in batches.

        After the last batch of a length comes an empty one of that length.
        """
        projection = self.projection
        if len(projection.self_pairs):
            yield 1, projection.self_pairs[:, None]
        yield from self._completed(1)
        if not len(projection.heads):
            self.exhaustive = True
        while self.complete_to < self.bound and not self.exhaustive:
            yield from self._pass(self._next_bound())
            if self.stopped_by:
                return
        self.exhaustive = self.exhaustive or self.complete_to >= projection.size

    def _completed(self, length: int) -> Iterator[tuple[int, Ints]]:
        while self.complete_to < length:
            self.complete_to += 1
            yield self.complete_to, np.empty((0, self.complete_to), np.int64)

    def _next_bound(self) -> int:
        """Return how far the next pass goes: one length on, or more while that is cheap."""
        bound, steps = self.complete_to + 1, self._steps * self._growth
        cheap = max(CHEAP_PASS, 2 * self._steps)
        while steps * self._growth <= cheap and bound < self.bound and not self._one_by_one:
            steps *= self._growth
            bound += 1
        return min(bound, self.bound)

    def _pass(self, bound: int) -> Iterator[tuple[int, Ints]]:
        """Yield the circuits longer than `complete_to` and up to `bound`."""
        size = self.projection.size
        per_block = max(1, DISTANCE_CELLS // size)
        blocks = [self.roots[i : i + per_block] for i in range(0, len(self.roots), per_block)]
        if len(blocks) > 1:
            bound = self.complete_to + 1  # else the lengths of one block would come before the next block
        before, lengths = self._steps, bound - self.complete_to
        self._steps, self._rejected, self._needed = 0, False, NEVER
        words = (size + 63) // 64
        self._words = words if words == 1 or bound > LOOK_BACK else 0
        for block in blocks:
            if self._ways is None or self._ways.roots[0] != block[0]:
                self._ways = WaysBack(self.projection, block)
            if not self._ways.extend_to(bound - 1, self.clock):
                self.stopped_by = self.clock.stop() or "time"
                return
            here = np.arange(len(block))
            seen = self._with_factor(np.zeros((len(block), self._words), np.uint64), block)
            wide = yield from self._grow(_Level(block, here, here, here, seen, len(blocks) == 1), bound)
            if self.stopped_by:
                return
            if wide:
                self._one_by_one = True
                return
        if self._steps > CHEAP_PASS // 10:  # few steps say little about the growth of many
            self._growth = max(1.1, (self._steps / max(1, before)) ** (1 / lengths))
        # The way back was too long for everything given up: nothing between was missed.
        yield from self._completed(min(max(bound, self._needed - 1), self.bound))
        self.exhaustive = not self._rejected

    def _grow(self, first: _Level, bound: int) -> Generator[tuple[int, Ints], None, bool]:
        """Extend the paths of a level, then their extensions; a level too large for that in batches.

        When several lengths were asked for and the frontier grows too wide, it ends with
        the length under way and returns True: in batches the lengths would come mixed.
        """
        budget = FRONTIER_BYTES // (40 + 8 * self._words)  # paths of all lengths together
        limit = max(64, min(FRONTIER_PATHS, budget // bound))
        levels: list[_Level] = []
        coming: _Level | None = first
        too_wide = False
        while coming or levels:
            if coming:
                levels.append(coming)
                last = len(levels) == bound
                sizes = np.ones_like(coming.factor) if last else self.projection.out_degree[coming.factor]
                coming.parts = _slices(sizes, min(SLICE, limit))
                coming = None
            level, length = levels[-1], len(levels)  # extensions have `length` links
            part = next(level.parts, None)
            if part is None:
                if level.whole:
                    yield from self._completed(length)
                if too_wide:
                    return True
                if level.waiting:
                    coming = self._next_level(level)
                else:
                    levels.pop()
                continue
            self.stopped_by = self.clock.stop()
            if self.stopped_by:
                return False
            if length == bound:
                yield length, self._close_all(levels, part)
                continue
            closing, extended = self._extend(levels, part, bound)
            if closing is not None and len(closing):
                yield length, closing
            if too_wide:
                continue
            level.waiting.append(extended)
            level.held += len(extended[0])
            if bound > self.complete_to + 1:
                paths = level.held + sum(len(one.factor) for one in levels)
                if level.held > FRONTIER_PATHS or paths > max(limit, budget):
                    too_wide = True
                    level.waiting.clear()
            elif level.held > limit:
                level.whole = False
                coming = self._next_level(level)
        return False

    def _next_level(self, level: _Level) -> _Level | None:
        parent, pair = (np.concatenate(column) for column in zip(*level.waiting, strict=True))
        level.waiting, level.held = [], 0
        if not len(pair):
            return None
        factor = self.projection.heads[pair]
        seen = self._with_factor(level.seen[parent], factor)
        return _Level(factor, pair, parent, level.root_row[parent], seen, level.whole)

    def _with_factor(self, seen: NDArray[np.uint64], factor: Ints) -> NDArray[np.uint64]:
        if self._words:
            seen[np.arange(len(factor)), factor >> 6] |= _bit(factor)
        return seen

    def _candidates(self, level: _Level, part: slice) -> tuple[Ints, Ints, Ints, Ints]:
        factor = level.factor[part]
        count = self.projection.out_degree[factor]
        rows = np.repeat(np.arange(part.start, part.start + len(factor)), count)
        pairs = _runs(self.projection.start[factor], count)
        heads = self.projection.heads[pairs]
        return rows, pairs, heads, level.root_row[rows]

    def _extend(self, levels: list[_Level], part: slice, bound: int) -> tuple[Ints | None, tuple[Ints, Ints]]:
        """Return the circuits closed by one more link, and the paths extended by one more link."""
        assert self._ways is not None
        level, length = levels[-1], len(levels)
        rows, pairs, heads, root_row = self._candidates(level, part)
        self._steps += len(rows)
        back = self._ways.table[root_row * self.projection.size + heads]
        closing = None
        if length > self.complete_to:
            at = np.flatnonzero(heads == self._ways.roots[root_row])
            closing = self._written(levels, rows[at], pairs[at])
        self._note_given_up(levels, rows, heads, root_row, bound)
        at = np.flatnonzero(back <= bound - length)
        at = at[~self._on_path(levels, rows[at], heads[at])]
        return closing, (rows[at], pairs[at])

    def _note_given_up(self, levels: list[_Level], rows: Ints, heads: Ints, root_row: Ints, bound: int) -> None:
        """Note whether a path is given up only because of the bound, and what bound it would need."""
        assert self._ways is not None
        if self._rejected and self._needed == bound + 1:
            return
        back = self._ways.table[root_row * self.projection.size + heads]
        over = (back > bound - len(levels)) & (heads > self._ways.roots[root_row])
        if self._ways.known:
            over &= back < FAR
        at = np.flatnonzero(over)
        at = at[~self._on_path(levels, rows[at], heads[at])]
        if len(at):
            self._rejected = True
            nearest = min(int(back[at].min()), self._ways.depth + 1)
            self._needed = min(self._needed, len(levels) + nearest) if self._steps < CHEAP_PASS else bound + 1

    def _on_path(self, levels: list[_Level], rows: Ints, heads: Ints) -> NDArray[np.bool_]:
        if self._words:
            on_path: NDArray[np.bool_] = (levels[-1].seen[rows, heads >> 6] & _bit(heads)) != 0
            return on_path
        hit = np.zeros(len(rows), bool)
        for level in reversed(levels[1:]):
            hit |= level.factor[rows] == heads
            rows = level.parent[rows]
        return hit

    def _close_all(self, levels: list[_Level], part: slice) -> Ints:
        """Close the paths of the last level: pruning left only those one link from their root."""
        assert self._ways is not None
        level = levels[-1]
        factor, root_row = level.factor[part], level.root_row[part]
        self._steps += len(factor)
        self._needed = min(self._needed, len(levels) + 1)
        if not self._rejected:
            for piece in _slices(self.projection.out_degree[factor], SLICE):
                more = self._candidates(level, slice(part.start + piece.start, part.start + piece.stop))
                self._note_given_up(levels, more[0], more[2], more[3], len(levels))
        rows = np.arange(part.start, part.start + len(factor))
        return self._written(levels, rows, self.projection.pair_between(factor, self._ways.roots[root_row]))

    def _written(self, levels: list[_Level], rows: Ints, pairs: Ints) -> Ints:
        """Write circuits out by walking back along the paths they close."""
        out = np.empty((len(rows), len(levels)), np.int64)
        out[:, -1] = pairs
        for column in range(len(levels) - 1, 0, -1):
            out[:, column - 1] = levels[column].pair[rows]
            rows = levels[column].parent[rows]
        return out


def _runs(start: Ints, count: Ints) -> Ints:
    """Return start[0], start[0] + 1, ... (count[0] of them), start[1], ..."""
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    places: Ints = np.arange(total) + np.repeat(start - (ends - count), count)
    return places


def _slices(sizes: Ints, at_once: int) -> Iterator[slice]:
    """Cut rows into runs whose sizes add up to about `at_once`."""
    ends = np.cumsum(sizes)
    at = 0
    while at < len(sizes):
        done = int(ends[at - 1]) if at else 0
        stop = max(at + 1, int(np.searchsorted(ends, done + at_once, side="right")))
        yield slice(at, stop)
        at = stop


def _bit(factor: Ints) -> NDArray[np.uint64]:
    return np.left_shift(np.uint64(1), (factor & 63).astype(np.uint64))
