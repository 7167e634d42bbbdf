"""Link strengths as numbers in [-1, 1], fixed or drawn at random, for the simulations.

A link of a `CausalMap` counts ``sign * strength / 3``. In a bare graph an edge
with a ``weight`` counts that weight as it is; an edge with ``sign`` and
``strength`` counts as in a map, so a map and its ``to_networkx()`` agree.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from .signed import MapOrGraph, SignedGraph, read_signed

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

DENSE_LIMIT = 300
"""Up to this many factors plain matrices are faster than sparse ones."""

MAX_STORED = 25_000_000
"""Most values a result may hold (200 MB)."""


@dataclass(frozen=True, eq=False)
class WeightedLinks:
    """The links of a map as arrays of shape (links,), in the order of `graph.links`.

    Attributes
    ----------
    sources, targets : arrays of int
        Positions of the two ends in `graph.factors`.
    sizes : array of float
        Strength as a share of full strength.
    signs : array of float
        1, -1, or 0 where the sign is not known.
    """

    graph: SignedGraph
    sources: Positions
    targets: Positions
    sizes: Floats
    signs: Floats

    @property
    def weights(self) -> Floats:
        """Signed strengths; 0 where the sign is not known."""
        return self.signs * self.sizes

    @property
    def unknown_sign(self) -> tuple[Hashable, ...]:
        """Ids of the links that have no known sign."""
        return tuple(link.id for link in self.graph.links if link.sign == 0)

    @property
    def size(self) -> int:
        """Number of factors."""
        return len(self.graph.factors)

    def matrix(self, weights: Floats) -> Any:
        """Return ``M[source, target]``, dense up to `DENSE_LIMIT` factors, else CSR; parallel links add up."""
        shape = (self.size, self.size)
        if self.size <= DENSE_LIMIT:
            dense = np.zeros(shape)
            np.add.at(dense, (self.sources, self.targets), weights)
            return dense
        return sparse.csr_array((weights, (self.sources, self.targets)), shape=shape)


def as_dense(matrix: Any) -> Floats:
    """Return a plain array of a matrix that may be sparse."""
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix)


def read_weighted(m: MapOrGraph, full_strength: float | None = None) -> WeightedLinks:
    """Read a map or graph for a simulation.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
    full_strength : float or None
        The strength that counts as 1. None: 3 for a map and for edges with
        ``sign`` and ``strength``, 1 for edges with a ``weight``.

    Raises
    ------
    ValueError
        When `full_strength` is not above 0, or `m` cannot be read.
    """
    if full_strength is not None:
        positive("full_strength", full_strength)
    graph = read_signed(m)
    return WeightedLinks(
        graph=graph,
        sources=np.array([link.source for link in graph.links], dtype=np.intp),
        targets=np.array([link.target for link in graph.links], dtype=np.intp),
        sizes=np.array([link.strength / (full_strength or link.full) for link in graph.links], dtype=float),
        signs=np.array([link.sign for link in graph.links], dtype=float),
    )


def strong_components(size: int, sources: Positions, targets: Positions) -> NDArray[np.int32]:
    """Return the number of each factor's strongly connected component (Tarjan 1972); O(factors + links)."""
    ones = np.ones(len(sources), dtype=np.int8)
    pattern = sparse.csr_array((ones, (sources, targets)), shape=(size, size))
    _, component = csgraph.connected_components(pattern, directed=True, connection="strong")
    return np.asarray(component, dtype=np.int32)


def spectral_radius(size: int, sources: Positions, targets: Positions, sizes: Floats) -> float:
    """Return the spectral radius of ``|W|``: 0 exactly when no loop exists, never below the true value.

    Each strongly connected component is taken on its own, so that an acyclic map
    gives 0 and not rounding noise. Components above `DENSE_LIMIT` factors get the
    upper bound of Collatz and Wielandt, which converges to the radius.
    """
    if size == 0 or len(sources) == 0:
        return 0.0
    component = strong_components(size, sources, targets)
    inside = component[sources] == component[targets]
    largest = 0.0
    for number in np.unique(component[sources[inside]]):
        members = np.flatnonzero(component == number)
        position = np.full(size, -1, dtype=np.intp)
        position[members] = np.arange(len(members))
        kept = inside & (component[sources] == number)
        block = sparse.csr_array(
            (sizes[kept], (position[sources[kept]], position[targets[kept]])), shape=(len(members),) * 2
        )
        if len(members) <= DENSE_LIMIT:
            radius = float(np.max(np.abs(np.linalg.eigvals(block.toarray()))))
        else:
            radius = _perron_bound(block)
        largest = max(largest, radius)
    return largest


def _perron_bound(block: Any) -> float:
    # The shift makes an irreducible block primitive, so that the bounds meet.
    shift = float(np.mean(block.sum(axis=1)))
    vector = np.ones(block.shape[0])
    upper = math.inf
    for _ in range(2000):
        moved = block @ vector + shift * vector
        ratios = moved / vector
        upper = min(upper, float(ratios.max()))
        if upper - float(ratios.min()) <= 1e-10 * upper:
            break
        vector = moved / moved.max()
    return upper - shift


def chain_sum(matrix: Any, start: Floats) -> tuple[Floats, int]:
    """Return ``start + M start + M^2 start + ...`` and the number of terms that matter.

    `matrix` and `start` are not negative and the spectral radius of `matrix` is
    below 1, so nothing cancels, and a term that is nothing beside the sum everywhere
    is followed by none that is something. Infinite where the sum is too large for a
    float. O(links) per term.
    """
    term = total = np.asarray(start, dtype=float)
    terms = 1
    with np.errstate(over="ignore", invalid="ignore"):
        while True:
            term = np.asarray(matrix @ term)
            if not np.all(np.isfinite(total)):
                return np.full(len(total), np.inf), terms
            if bool(np.all(term <= 1e-16 * total)):
                return total, terms
            total = total + term
            terms += 1


def upper_sizes(links: WeightedLinks, spread: float) -> Floats:
    """Return the largest size each link can be drawn with; `ValueError` for a bad `spread`."""
    if not (math.isfinite(spread) and spread >= 0):
        raise ValueError(f"spread: {spread!r} is not a number of at least 0")
    return np.maximum(np.minimum(links.sizes + spread, 1.0), links.sizes)


def weight_source(
    links: WeightedLinks,
    *,
    seed: int,
    spread: float,
    positive_share: Mapping[Any, float] | None = None,
) -> Callable[[int], Floats]:
    """Return a source of random weights: called with n, it gives the next n draws.

    A link's numbers depend on `seed`, its id and the number of the draw alone, so
    that adding or removing a link leaves the others' draws as they were (common
    random numbers). Strengths are uniform within `spread` of the stated strength,
    never below 0 nor above full strength (or the stated one when that is larger).
    Unknown signs are drawn per draw: positive with probability 1/2, or
    `positive_share`.

    Returns
    -------
    callable
        ``take(n)`` returns an array of shape (links, n).
    """
    whole_number("seed", seed)
    shares = dict(positive_share or {})
    known = {link.id for link in links.graph.links}
    for link_id, share in shares.items():
        if link_id not in known:
            raise ValueError(f"positive_share: there is no link {link_id!r} in the map")
        if not 0 <= share <= 1:
            raise ValueError(f"positive_share of {link_id!r}: {share!r} is not between 0 and 1")
    high = upper_sizes(links, spread)
    low = np.maximum(links.sizes - spread, 0.0)
    strength_streams = [_stream(seed, "strength", link.id) for link in links.graph.links]
    sign_streams = {
        row: (_stream(seed, "sign", link.id), shares.get(link.id, 0.5))
        for row, link in enumerate(links.graph.links)
        if link.sign == 0
    }

    def take(draws: int) -> Floats:
        weights = np.empty((len(strength_streams), draws))
        for row, stream in enumerate(strength_streams):
            stream.random(out=weights[row])
        weights *= (high - low)[:, None]
        weights += low[:, None]
        weights *= np.where(links.signs == 0, 1.0, links.signs)[:, None]
        for row, (stream, share) in sign_streams.items():
            weights[row] *= np.where(stream.random(draws) < share, 1.0, -1.0)
        return weights

    return take


def _stream(seed: int, purpose: str, link_id: Hashable) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}\x1f{purpose}\x1f{link_id!r}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def room_for(argument: str, count: int, each: int) -> None:
    """Raise `ValueError` naming `argument` when `count` results of `each` values are too many to keep."""
    if count * each > MAX_STORED:
        raise ValueError(
            f"{argument}: {count} x {each} values are too many to keep; use at most {MAX_STORED // each}"
        )


def whole_number(argument: str, value: Any, at_least: int | None = None) -> int:
    """Return `value` when it is a whole number (of at least ...), else raise `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{argument}: {value!r} is not a whole number")
    if at_least is not None and value < at_least:
        raise ValueError(f"{argument}: {value!r} is not a whole number of at least {at_least}")
    return int(value)


def positive(argument: str, value: Any) -> float:
    """Return `value` as a float when it is finite and above 0, else raise `ValueError`."""
    number = finite(argument, value)
    if number <= 0:
        raise ValueError(f"{argument}: {value!r} is not above 0")
    return number


def finite(argument: str, value: Any) -> float:
    """Return `value` as a float when it is a finite number, else raise `ValueError`."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{argument}: {value!r} is not a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{argument}: {value!r} is not a finite number")
    return number


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, closed for writing: results do not change once given out."""
    array.setflags(write=False)
    return array
