"""Places for the factors of a map too big for a search: near their neighbours, in full rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

Point = tuple[float, float]
_PIVOTS: Final = 60


def pivot_positions(size: int, pairs: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Return positions whose distances resemble the number of links between factors.

    Classical scaling of the distances to a few factors that lie far apart (Brandes & Pich
    2007, PivotMDS). Factors of different components are held two links further apart than
    any path. Shape (size, 2); the same input gives the same answer. O(pivots * links).
    """
    rows, columns = np.array(pairs, dtype=int).reshape(-1, 2).T
    graph = csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(size, size))
    nearest = np.full(size, np.inf)
    pivot, found = 0, []
    for _ in range(min(_PIVOTS, size)):
        found.append(shortest_path(graph, directed=False, unweighted=True, indices=pivot))
        nearest = np.minimum(nearest, found[-1])
        pivot = int(np.argmax(nearest))
    far = np.column_stack(found)
    far[~np.isfinite(far)] = far[np.isfinite(far)].max() + 2
    squares = far**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    _, axes = np.linalg.eigh(centred.T @ centred)
    # An axis may point either way: its largest entry is made positive.
    chosen = axes[:, :-3:-1] if axes.shape[1] > 1 else np.column_stack([axes, axes])
    chosen = chosen * np.sign(chosen[np.abs(chosen).argmax(axis=0), range(2)])
    placed: NDArray[np.float64] = centred @ chosen
    return placed


def rows_assignment(
    wanted: NDArray[np.float64], slots: Sequence[Point], held: Mapping[int, int]
) -> dict[int, int]:
    """Give every factor a free place: the topmost ones the first row, from left to right.

    O(n log n), where the cheapest assignment takes O(n^3). Places left over are spread.
    """
    taken: Collection[int] = set(held.values())
    free_slots = sorted(
        (slots[slot][1], slots[slot][0], slot) for slot in range(len(slots)) if slot not in taken
    )
    free = sorted((one for one in range(len(wanted)) if one not in held), key=lambda one: (wanted[one, 1], one))
    place = dict(held)
    begun = passed = 0
    for _, group in groupby(free_slots, key=lambda slot: slot[0]):
        row = [slot for _, _, slot in group]
        passed += len(row)
        until = round(len(free) * passed / len(free_slots))
        chosen = sorted(free[begun:until], key=lambda one: (wanted[one, 0], one))
        begun = until
        for number, one in enumerate(chosen):
            place[one] = row[(2 * number + 1) * len(row) // (2 * len(chosen))]
    return place
