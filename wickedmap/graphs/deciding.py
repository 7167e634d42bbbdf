"""Which link an expected response rests on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from .fuzzy import SPREAD
from .press import checked_damping, damping_to_a
from .signed import MapOrGraph
from .weighted import (
    Floats,
    WeightedLinks,
    as_dense,
    finite,
    read_only,
    read_weighted,
    spectral_radius,
    upper_sizes,
)

_NOTHING = 1e-9
LARGEST_INVERSE = 2000
"""Most factors a full matrix of responses is computed for (2-3 seconds, 100 MB)."""


def response_matrix(
    m: MapOrGraph, *, damping: float = 0.85, a: float | None = None, full_strength: float | None = None
) -> tuple[tuple[Hashable, ...], Floats]:
    """Return the factors and ``R = (I - a W)^-1``: ``R[i, j]`` is the response of j to a press on i.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
        Links of unknown sign count as 0.
    damping : float
        ``a = damping / rho(|W|)``, or 1 when the map is acyclic.
    a : float, optional
        Used as it is in place of `damping`.

    Raises
    ------
    ValueError
        When ``I - a W`` has no inverse, or the map has more than `LARGEST_INVERSE`
        factors.

    Notes
    -----
    O(factors^3) time and O(factors^2) memory.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> factors, R = response_matrix(CausalMap.from_links([("a", "b", -1, 3)]))
    >>> R.tolist()
    [[1.0, -1.0], [0.0, 1.0]]
    """
    links = read_weighted(m, full_strength)
    if a is None:
        a = damping_to_a(
            checked_damping(damping), spectral_radius(links.size, links.sources, links.targets, links.sizes)
        )
    else:
        a = finite("a", a)
    return links.graph.factors, read_only(_inverse(links, a))


def _inverse(links: WeightedLinks, a: float) -> Floats:
    if links.size > LARGEST_INVERSE:
        raise ValueError(
            f"m: {links.size} factors are too many for a matrix of all responses; "
            f"at most {LARGEST_INVERSE} (press has no such limit)"
        )
    dense = as_dense(links.matrix(links.weights))
    try:
        # Adding 0.0 turns the -0.0 that LAPACK leaves into 0.0.
        return np.asarray(np.linalg.inv(np.eye(links.size) - a * dense)) + 0.0
    except np.linalg.LinAlgError:
        raise ValueError(f"a: I - a W has no inverse at a = {a!r}; choose a smaller one") from None


@dataclass(frozen=True, slots=True)
class LinkInfluence:
    """How one link bears on the response of one factor to a press on another.

    Attributes
    ----------
    link : hashable
    known : bool
        Whether its sign is known.
    response : float
        With all links as they are (those of unknown sign at 0).
    alternatives : tuple of float
        The response without the link, or, for an unknown sign, with a positive and
        with a negative link.
    change : float
        Largest difference that the link makes.
    decides : bool
        Whether the response changes sign or vanishes with it.
    """

    link: Hashable
    known: bool
    response: float
    alternatives: tuple[float, ...]
    change: float
    decides: bool


def deciding_links(
    m: MapOrGraph,
    factor: Hashable,
    target: Hashable,
    *,
    damping: float = 0.85,
    spread: float = SPREAD,
    full_strength: float | None = None,
) -> tuple[LinkInfluence, ...]:
    """Rank links by how much the response of `target` to a press on `factor` rests on them.

    Each known link is taken away; each link of unknown sign is tried with both.
    Uses the Sherman-Morrison formula, O(1) per link after one inverse; only where
    its denominator vanishes is the inverse computed anew. `damping` and `spread` are
    those of `press`, so that the responses are the same numbers.

    Returns
    -------
    tuple of LinkInfluence
        Largest change first; links that change nothing are left out.

    Raises
    ------
    ValueError
        For an unknown factor or target, or more than `LARGEST_INVERSE` factors.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1, 3), ("a", "c", 1, 1), ("c", "b", -1, 1)])
    >>> [(i.link, i.decides) for i in deciding_links(m, "a", "b")]
    [('L1', True), ('L2', False), ('L3', False)]
    """
    links = read_weighted(m, full_strength)
    start = links.graph.index_of(factor)
    end = links.graph.index_of(target, "target")
    radius = spectral_radius(links.size, links.sources, links.targets, upper_sizes(links, spread))
    a = damping_to_a(checked_damping(damping), radius)
    inverse = _inverse(links, a)
    base = float(inverse[start, end])
    found = []
    for row, link in enumerate(links.graph.links):
        size = float(links.sizes[row])
        deltas = (-link.sign * size,) if link.sign else (size, -size)
        alternatives = tuple(_changed(links, inverse, a, row, delta, start, end) for delta in deltas)
        compared = alternatives if link.sign == 0 else (base, *alternatives)
        change = max(compared) - min(compared)
        if change <= _NOTHING:
            continue
        decides = len({_sign(value) for value in compared}) > 1
        found.append(LinkInfluence(link.id, link.sign != 0, base, alternatives, change, decides))
    # Rounded, so that equal changes stay in the order of the links.
    return tuple(sorted(found, key=lambda influence: -round(influence.change, 12)))


def _changed(
    links: WeightedLinks, inverse: Floats, a: float, row: int, delta: float, start: int, end: int
) -> float:
    """Return R[start, end] after `delta` is added to the weight of one link."""
    source, target = links.sources[row], links.targets[row]
    denominator = 1.0 - a * delta * inverse[target, source]
    if abs(denominator) > 1e-8:
        moved = a * delta * inverse[start, source] * inverse[target, end] / denominator
        return float(inverse[start, end] + moved)
    weights = links.weights.copy()
    weights[row] += delta
    dense = as_dense(links.matrix(weights))
    unit = np.zeros(links.size)
    unit[start] = 1.0
    return float(np.linalg.solve((np.eye(links.size) - a * dense).T, unit)[end])


def _sign(value: float) -> int:
    return 0 if abs(value) < _NOTHING else (1 if value > 0 else -1)
