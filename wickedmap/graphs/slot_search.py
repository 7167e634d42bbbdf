"""Which factor stands in which place: a search for few crossings and short arrows.

Places are the cells of a brick pattern (rows shifted by half a cell), so labels
cannot overlap and few arrows run along a row of boxes. For every pair of places it
is known beforehand which other pairs its straight line crosses and which places it
runs through. With that as bit masks, one exchange of two factors is judged in some
microseconds, and simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983) from a
stress layout (Kamada & Kawai 1989) tries thousands of them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

Point = tuple[float, float]
Pair = tuple[int, int]

CROSSING = 1.0
THROUGH = 1.6
LENGTH = 0.55
OVERLAP = 40.0

_HOT, _COLD = 2.0, 0.2
_SEED = 20110901


@dataclass(frozen=True, slots=True)
class View:
    """One picture to be good in: some factors, the pairs joined, the size of a box.

    `balance` is the cost of standing to one side of the middle, all together.
    """

    factors: tuple[int, ...]
    pairs: tuple[Pair, ...]
    box: tuple[float, float]
    weight: float = 1.0
    balance: float = 0.0


@dataclass
class _Tables:
    """What lines between places do to each other, for one size of box."""

    index: list[list[int]]
    crossed: list[int]
    through: list[int]
    near: list[int]
    length: list[float]


def stress_positions(size: int, pairs: Sequence[Pair], aspect: float) -> NDArray[np.float64]:
    """Return positions whose distances resemble the number of links between factors.

    Stress majorisation (Gansner, Koren & North 2004) from a spiral, then stretched
    to `aspect`. Shape (size, 2), centred on 0, within the unit square times aspect.
    Factors of different components are held two links further apart than any path.
    """
    angle = np.arange(size) * 2.399963229728653
    start = np.sqrt(np.arange(size) + 0.5)
    points = np.column_stack([np.cos(angle) * start, np.sin(angle) * start])
    if size > 2 and pairs:
        rows, columns = np.array(pairs).T
        graph = csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(size, size))
        wanted = shortest_path(graph, directed=False, unweighted=True)
        reached = wanted[np.isfinite(wanted)]
        wanted[~np.isfinite(wanted)] = reached.max() + 2
        np.fill_diagonal(wanted, 1.0)
        weights = wanted**-2.0
        np.fill_diagonal(weights, 0.0)
        laplacian = np.diag(weights.sum(axis=1)) - weights
        inverse = np.linalg.inv(laplacian + 1.0 / size) - 1.0 / size
        for _ in range(60):
            difference = points[:, None, :] - points[None, :, :]
            distance = np.sqrt((difference**2).sum(axis=2))
            np.fill_diagonal(distance, 1.0)
            pull = weights * wanted / np.maximum(distance, 1e-9)
            np.fill_diagonal(pull, 0.0)
            points = inverse @ (pull.sum(axis=1)[:, None] * points - pull @ points)
    points -= points.mean(axis=0)
    # The longest axis lies along the wall; the sign is fixed by the first factor.
    if size > 1:
        _, axes = np.linalg.eigh(points.T @ points + np.diag([1e-9, 0.0]))
        points = points @ axes[:, ::-1]
        points *= np.where(points[0] > 0, -1.0, 1.0)
    spread = np.maximum(np.abs(points).max(axis=0), 1e-9)
    fitted: NDArray[np.float64] = points / spread * np.array([aspect, 1.0])
    return fitted


def first_assignment(
    wanted: NDArray[np.float64], slots: Sequence[Point], held: dict[int, int]
) -> dict[int, int]:
    """Give every factor the free place nearest to where it wants to be, all in all."""
    free_slots = [slot for slot in range(len(slots)) if slot not in held.values()]
    free = [one for one in range(len(wanted)) if one not in held]
    places = np.array([slots[slot] for slot in free_slots], dtype=float).reshape(-1, 2)
    if free:
        middle = (places.max(axis=0) + places.min(axis=0)) / 2
        half = np.maximum((places.max(axis=0) - places.min(axis=0)) / 2, 1e-9)
        scaled = (places - middle) / half * np.maximum(np.abs(wanted).max(axis=0), 1e-9)
        cost = ((wanted[free][:, None, :] - scaled[None, :, :]) ** 2).sum(axis=2)
        chosen_rows, chosen = linear_sum_assignment(cost)
        return {
            **held,
            **{free[row]: free_slots[column] for row, column in zip(chosen_rows, chosen, strict=True)},
        }
    return dict(held)


def _tables(slots: Sequence[Point], box: tuple[float, float], unit: float) -> _Tables:
    size = len(slots)
    at = np.array(slots, dtype=float)
    ends = np.array(list(combinations(range(size), 2)), dtype=int).reshape(-1, 2)
    index = [[-1] * size for _ in range(size)]
    for number, (one, other) in enumerate(ends.tolist()):
        index[one][other] = index[other][one] = number
    a, b = at[ends[:, 0]], at[ends[:, 1]]

    def side(p: NDArray[np.float64], q: NDArray[np.float64], r: NDArray[np.float64]) -> NDArray[np.float64]:
        turn = (q[:, None, 0] - p[:, None, 0]) * (r[None, :, 1] - p[:, None, 1])
        turn -= (q[:, None, 1] - p[:, None, 1]) * (r[None, :, 0] - p[:, None, 0])
        turn[np.abs(turn) < 1e-6] = 0.0
        signs: NDArray[np.float64] = np.sign(turn)
        return signs

    split = side(a, b, a) * side(a, b, b) < 0
    crossed = split & split.T
    through = np.zeros((len(ends), size), dtype=bool)
    half_w, half_h = box[0] / 2, box[1] / 2
    for slot in range(size):
        hit = _lines_meet_box(a, b, at[slot], half_w, half_h)
        hit &= (ends[:, 0] != slot) & (ends[:, 1] != slot)
        through[:, slot] = hit
    apart = np.abs(at[:, None, :] - at[None, :, :])
    near = (apart[:, :, 0] < box[0]) & (apart[:, :, 1] < box[1])
    np.fill_diagonal(near, False)
    lengths = np.hypot(*(b - a).T) / unit
    return _Tables(index, _masks(crossed), _masks(through.T), _masks(near), lengths.tolist())


def _masks(rows: NDArray[np.bool_]) -> list[int]:
    return [int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little") for row in rows]


def _lines_meet_box(
    a: NDArray[np.float64], b: NDArray[np.float64], centre: NDArray[np.float64], half_w: float, half_h: float
) -> NDArray[np.bool_]:
    """Tell which segments touch a rectangle (Liang & Barsky 1984)."""
    start, step = a - centre, b - a
    enter, leave = np.zeros(len(a)), np.ones(len(a))
    alive = np.ones(len(a), dtype=bool)
    for axis, half in ((0, half_w), (1, half_h)):
        still = np.abs(step[:, axis]) < 1e-9
        alive &= ~still | (np.abs(start[:, axis]) <= half)
        safe = np.where(still, 1.0, step[:, axis])
        near, far = (-half - start[:, axis]) / safe, (half - start[:, axis]) / safe
        enter = np.where(still, enter, np.maximum(enter, np.minimum(near, far)))
        leave = np.where(still, leave, np.minimum(leave, np.maximum(near, far)))
    return alive & (enter < leave)


def anneal(
    views: Sequence[View],
    slots: Sequence[Point],
    start: dict[int, int],
    held: frozenset[int],
    preference: NDArray[np.float64] | None,
    *,
    steps: int,
    stop: Callable[[], bool],
) -> dict[int, int]:
    """Return a better assignment of factors to places; the same input, the same answer.

    Parameters
    ----------
    views : sequence of View
        Pictures that the same places must serve.
    start : dict of int to int
        Place of each factor to begin with.
    held : frozenset of int
        Factors that stay where they are.
    preference : array of shape (factors, slots) or None
        Extra cost of a factor in a place.
    steps : int
        Exchanges tried.
    stop : callable
        Asked every 512 exchanges; True ends the search with `InterruptedError`.

    Notes
    -----
    O(steps * links of a factor) with bit sets of (slots choose 2) bits; tables take
    O(slots^4) bits, so this is for up to about 60 places.
    """
    movable = sorted(set(start) - held)
    if not movable:
        return dict(start)
    place = [start[one] for one in range(len(start))]
    unit = max(math.hypot(*views[0].box), 1.0)
    by_box: dict[tuple[float, float], _Tables] = {}
    pictures = [_Picture(view, by_box, slots, unit, place) for view in views]
    wishes = None if preference is None else preference.tolist()
    occupant: list[int | None] = [None] * len(slots)
    for one, slot in enumerate(place):
        occupant[slot] = one
    open_slots = [slot for slot in range(len(slots)) if occupant[slot] not in held]
    draw = random.Random(_SEED)
    energy, best_energy, best = 0.0, 0.0, list(place)
    for step in range(steps):
        if step % 512 == 0 and stop():
            raise InterruptedError("the layout was stopped")
        factor = movable[int(draw.random() * len(movable))]
        target = open_slots[int(draw.random() * len(open_slots))]
        chance = draw.random()
        source = place[factor]
        if target == source:
            continue
        other = occupant[target]
        moved = (factor,) if other is None else (factor, other)
        change = 0.0
        if wishes is not None:
            change += wishes[factor][target] - wishes[factor][source]
            if other is not None:
                change += wishes[other][source] - wishes[other][target]
        concerned = [picture for picture in pictures if any(one in picture.others for one in moved)]
        for picture in concerned:
            picture.lift(moved)
        place[factor] = target
        if other is not None:
            place[other] = source
        for picture in concerned:
            change += picture.try_out(moved)
        temperature = _HOT * (_COLD / _HOT) ** (step / steps)
        if change <= 0 or chance < math.exp(-change / temperature):
            occupant[target], occupant[source] = factor, other
            for picture in concerned:
                picture.accept()
            energy += change
            if energy < best_energy - 1e-9:
                best_energy, best = energy, list(place)
        else:
            place[factor] = source
            if other is not None:
                place[other] = target
    return dict(enumerate(best))


class _Picture:
    """One view on the current places, and what an exchange would change in it.

    `place` is shared with the search; `lift` is called before it changes, `try_out`
    after, and `accept` when the exchange is kept.
    """

    def __init__(
        self,
        view: View,
        by_box: dict[tuple[float, float], _Tables],
        slots: Sequence[Point],
        unit: float,
        place: list[int],
    ) -> None:
        self.view = view
        self.place = place
        self.tables = by_box.setdefault(view.box, _tables(slots, view.box, unit))
        self.others: dict[int, list[int]] = {one: [] for one in view.factors}
        for one, other in view.pairs:
            self.others[one].append(other)
            self.others[other].append(one)
        middle = np.mean(np.array(slots), axis=0)
        extent = np.maximum(np.ptp(np.array(slots), axis=0), 1.0)
        self.offsets: list[Point] = [(float(x), float(y)) for x, y in (np.array(slots) - middle) / extent]
        self.crowded = any(self.tables.near)
        self.lines = 0
        for one, other in view.pairs:
            self.lines |= 1 << self.tables.index[place[one]][place[other]]
        self.standing = self._standing(self.lines)
        self.rest, self.before = 0, 0.0
        self.next_lines, self.next_standing = self.lines, self.standing

    def _standing(self, lines: int) -> float:
        """Cost of where the factors are: lines through them, nearness, lopsidedness."""
        place, through = self.place, self.tables.through
        hits = 0
        for one in self.view.factors:
            hits += (through[place[one]] & lines).bit_count()
        cost = THROUGH * hits
        if self.crowded:
            places = 0
            for one in self.view.factors:
                places |= 1 << place[one]
            near = self.tables.near
            cost += OVERLAP / 2 * sum((near[place[one]] & places).bit_count() for one in self.view.factors)
        if self.view.balance:
            across = sum(self.offsets[place[one]][0] for one in self.view.factors)
            down = sum(self.offsets[place[one]][1] for one in self.view.factors)
            cost += self.view.balance * (abs(across) + abs(down))
        return cost

    def _lines_of(self, moved: tuple[int, ...]) -> tuple[list[int], int]:
        place, index = self.place, self.tables.index
        numbers: list[int] = []
        bits = 0
        for factor in moved:
            row = index[place[factor]]
            for other in self.others.get(factor, ()):
                number = row[place[other]]
                bit = 1 << number
                if not bits & bit:
                    bits |= bit
                    numbers.append(number)
        return numbers, bits

    def _local(self, numbers: list[int], mine: int) -> float:
        crossed, length, rest = self.tables.crossed, self.tables.length, self.rest
        count, far = 0, 0.0
        for number in numbers:
            # Pairs among the moved ones are met from both sides, hence the halves.
            count += 2 * (crossed[number] & rest).bit_count() + (crossed[number] & mine).bit_count()
            far += length[number]
        return CROSSING / 2 * count + LENGTH * far

    def lift(self, moved: tuple[int, ...]) -> None:
        numbers, mine = self._lines_of(moved)
        self.rest = self.lines & ~mine
        self.before = self._local(numbers, mine) + self.standing

    def try_out(self, moved: tuple[int, ...]) -> float:
        numbers, mine = self._lines_of(moved)
        self.next_lines = self.rest | mine
        self.next_standing = self._standing(self.next_lines)
        return self.view.weight * (self._local(numbers, mine) + self.next_standing - self.before)

    def accept(self) -> None:
        self.lines, self.standing = self.next_lines, self.next_standing


def shorten(
    pairs: Sequence[Pair],
    slots: Sequence[Point],
    start: dict[int, int],
    held: frozenset[int],
    *,
    rounds: int,
    stop: Callable[[], bool],
) -> dict[int, int]:
    """Exchange neighbours as long as arrows get shorter; for maps too big to anneal.

    O(rounds * places * 12 * links of a factor).
    """
    at = np.array(slots, dtype=float)
    place = dict(start)
    in_slot = {slot: one for one, slot in place.items()}
    beside: list[list[int]] = [[] for _ in range(len(start))]
    for one, other in pairs:
        beside[one].append(other)
        beside[other].append(one)

    def length(moved: tuple[int, ...]) -> float:
        total = 0.0
        for one in moved:
            x, y = slots[place[one]]
            total += sum(math.hypot(x - slots[place[n]][0], y - slots[place[n]][1]) ** 1.5 for n in beside[one])
        return total

    nearest = [
        np.argsort(((at - at[slot]) ** 2).sum(axis=1), kind="stable")[1:13].tolist() for slot in range(len(at))
    ]
    for _ in range(rounds):
        better = False
        for factor in sorted(set(place) - held):
            if stop():
                raise InterruptedError("the layout was stopped")
            for target in nearest[place[factor]]:
                occupant = in_slot.get(target)
                if occupant in held:
                    continue
                source = place[factor]
                moved = (factor,) if occupant is None else (factor, occupant)
                before = length(moved)
                place[factor] = target
                if occupant is not None:
                    place[occupant] = source
                if length(moved) < before - 1e-6:
                    in_slot.pop(source)
                    in_slot[target] = factor
                    if occupant is not None:
                        in_slot[source] = occupant
                    better = True
                else:
                    place[factor] = source
                    if occupant is not None:
                        place[occupant] = target
        if not better:
            break
    return place
