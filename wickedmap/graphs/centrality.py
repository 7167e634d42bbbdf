"""How central each factor is, by several definitions; none of them uses signs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import sparse

from .loop_limits import Cancelled, Clock
from .signed import MapOrGraph, read_signed
from .weighted import Floats, chain_sum, spectral_radius, strong_components

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["transmitter", "receiver", "ordinary", "isolated"]
KATZ_SHARE = 0.85
"""Katz centrality uses a = this share of the largest value for which it converges."""


@dataclass(frozen=True, slots=True)
class FactorCentrality:
    """One factor's place in the map.

    Attributes
    ----------
    in_degree, out_degree, degree : int
        Links in, out, and both; a self-link counts in and out.
    in_strength, out_strength, strength : float
        The same with strengths (the "centrality" of Ozesmi & Ozesmi 2004).
    betweenness : float or None
        Share of the shortest paths between other factors that pass here (Brandes
        2001), 0-1.
    closeness_in, closeness_out : float or None
        Of the factors that reach this one, and that it reaches: their share of all
        others divided by their mean distance (Wasserman & Faust 1994).
    katz : float or None
        1 + a times the strength-weighted sum over its causes' own (Katz 1953).
    eigenvector : float or None
        Strength-weighted, over causes, largest = 1.
    role : str
        "transmitter" (no causes), "receiver" (no effects), "ordinary", "isolated".
    """

    factor: Hashable
    in_degree: int
    out_degree: int
    degree: int
    in_strength: float
    out_strength: float
    strength: float
    betweenness: float | None
    closeness_in: float | None
    closeness_out: float | None
    katz: float | None
    eigenvector: float | None
    role: Role


@dataclass(frozen=True)
class Centralities:
    """Centralities of all factors, in sorted order.

    Attributes
    ----------
    factors : tuple of FactorCentrality
    reasons : mapping of str to str
        Why values of a column are None: ``"nothing_reaches_it"``,
        ``"reaches_nothing"``, ``"fewer_than_three_factors"``, ``"acyclic"``,
        ``"several_components"``, ``"not_converged"``, ``"too_large"`` (for a number),
        ``"time"``, ``"cancelled"``, ``"fewer_than_two_factors"``.
    density : float or None
        Linked pairs as a share of all ordered pairs of two factors.
    katz_a : float
        The a of the Katz centrality; 1 for an acyclic map, where the sum is finite.
    """

    factors: tuple[FactorCentrality, ...]
    reasons: Mapping[str, str]
    density: float | None
    katz_a: float

    def of(self, factor: Hashable) -> FactorCentrality:
        """Return one factor's values; `ValueError` when there is none."""
        for one in self.factors:
            if one.factor == factor:
                return one
        raise ValueError(f"factor: there is no factor {factor!r} in the map")

    def top(self, column: str, count: int = 5) -> tuple[tuple[Hashable, float], ...]:
        """Return the factors with the largest values of a column; undefined ones are left out.

        Examples
        --------
        >>> from wickedmap import CausalMap
        >>> centralities(CausalMap.from_links([("a", "b", 1), ("a", "c", 1)])).top("out_degree", 1)
        (('a', 2.0),)
        """
        if column not in FactorCentrality.__slots__ or column in ("factor", "role"):
            raise ValueError(f"column: {column!r} is not a centrality")
        found = [
            (one.factor, float(value)) for one in self.factors if (value := getattr(one, column)) is not None
        ]
        return tuple(sorted(found, key=lambda pair: -round(pair[1], 12))[:count])

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per factor, with the fields of `FactorCentrality`."""
        import pandas as pd

        names = list(FactorCentrality.__slots__)
        return pd.DataFrame([[getattr(one, name) for name in names] for one in self.factors], columns=names)


def centralities(
    m: MapOrGraph, *, time_limit: float | None = None, cancelled: Cancelled | None = None
) -> Centralities:
    """Return degree, strength, betweenness, closeness, Katz and eigenvector centrality.

    Signs are not used by any of these. Degrees count parallel links; betweenness and
    closeness count links as steps and see one step between a pair; Katz and
    eigenvector add the strengths of parallel links.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
    time_limit, cancelled
        Seconds, and a function that says whether to give up; betweenness and
        closeness are then None, with the reason.

    Notes
    -----
    O(factors x links). Eigenvector centrality is defined when loops exist in exactly
    one strongly connected component; otherwise it is None and the reason is given.

    References
    ----------
    Brandes, U. (2001). A faster algorithm for betweenness centrality. J. Math.
    Sociology 25, 163-177. Katz, L. (1953). Psychometrika 18, 39-43. Ozesmi, U. &
    Ozesmi, S. L. (2004). Ecological Modelling 176, 43-64.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> c = centralities(CausalMap.from_links([("a", "b", 1), ("b", "c", None, 2)]))
    >>> c.of("b").betweenness, c.of("b").strength, c.of("a").role, c.reasons["eigenvector"]
    (0.5, 3.0, 'transmitter', 'acyclic')
    """
    clock = Clock(time_limit, cancelled)
    graph = read_signed(m)
    size = len(graph.factors)
    sources = np.array([link.source for link in graph.links], dtype=np.intp)
    targets = np.array([link.target for link in graph.links], dtype=np.intp)
    strengths = np.array([link.strength for link in graph.links], dtype=float)
    out_degree = np.bincount(sources, minlength=size)
    in_degree = np.bincount(targets, minlength=size)
    out_strength = np.bincount(sources, weights=strengths, minlength=size)
    in_strength = np.bincount(targets, weights=strengths, minlength=size)
    pairs = {(int(u), int(v)) for u, v in zip(sources, targets, strict=True) if u != v}
    reasons: dict[str, str] = {}
    between, close_in, close_out = _shortest_paths(pairs, size, clock, reasons)
    matrix = sparse.csr_array((strengths, (sources, targets)), shape=(size, size))
    radius = spectral_radius(size, sources, targets, strengths)
    a = KATZ_SHARE / radius if radius else 1.0
    katz, _ = chain_sum(a * matrix.T, np.ones(size))
    katz_defined = bool(np.all(np.isfinite(katz)))
    if not katz_defined:
        reasons["katz"] = "too_large"
    eigenvector = _eigenvector(matrix, sources, targets, reasons)
    if size < 2:
        reasons["density"] = "fewer_than_two_factors"
    rows = [
        FactorCentrality(
            factor=factor,
            in_degree=int(in_degree[i]),
            out_degree=int(out_degree[i]),
            degree=int(in_degree[i] + out_degree[i]),
            in_strength=float(in_strength[i]),
            out_strength=float(out_strength[i]),
            strength=float(in_strength[i] + out_strength[i]),
            betweenness=between[i],
            closeness_in=close_in[i],
            closeness_out=close_out[i],
            katz=float(katz[i]) if katz_defined else None,
            eigenvector=None if eigenvector is None else float(eigenvector[i]),
            role=_role(int(in_degree[i]), int(out_degree[i])),
        )
        for i, factor in enumerate(graph.factors)
    ]
    density = len(pairs) / (size * (size - 1)) if size > 1 else None
    return Centralities(tuple(rows), reasons, density, a)


def _role(causes: int, effects: int) -> Role:
    if causes and effects:
        return "ordinary"
    if causes or effects:
        return "receiver" if causes else "transmitter"
    return "isolated"


_Column = list[float | None]


def _shortest_paths(
    pairs: set[tuple[int, int]], size: int, clock: Clock, reasons: dict[str, str]
) -> tuple[_Column, _Column, _Column]:
    """Return betweenness and both closenesses from one breadth-first search per factor (Brandes)."""
    follow: list[list[int]] = [[] for _ in range(size)]
    for near, far in sorted(pairs):
        follow[near].append(far)
    between = [0.0] * size
    into_count, into_steps = [0] * size, [0] * size
    close_out: _Column = [None] * size
    for root in range(size):
        stopped = clock.stop()
        if stopped:
            nothing: _Column = [None] * size
            reasons.update(betweenness=stopped, closeness_in=stopped, closeness_out=stopped)
            return nothing, nothing, nothing
        order, steps, routes, before = _from_root(root, follow, size)
        for far in order[1:]:
            into_count[far] += 1
            into_steps[far] += steps[far]
        total = sum(steps[far] for far in order)
        close_out[root] = _closeness(len(order) - 1, total, size)
        carried = [0.0] * size
        for far in reversed(order[1:]):
            share = (1.0 + carried[far]) / routes[far]
            for near in before[far]:
                carried[near] += routes[near] * share
            between[far] += carried[far]
    close_in = [_closeness(count, total, size) for count, total in zip(into_count, into_steps, strict=True)]
    if None in close_in:
        reasons["closeness_in"] = "nothing_reaches_it"
    if None in close_out:
        reasons["closeness_out"] = "reaches_nothing"
    if size < 3:
        reasons["betweenness"] = "fewer_than_three_factors"
        return [None] * size, close_in, close_out
    return [value / ((size - 1) * (size - 2)) for value in between], close_in, close_out


def _from_root(
    root: int, follow: list[list[int]], size: int
) -> tuple[list[int], list[int], list[int], list[list[int]]]:
    """Return, nearest first, the factors reached, with steps, shortest routes and predecessors."""
    steps = [-1] * size
    routes = [0] * size
    before: list[list[int]] = [[] for _ in range(size)]
    steps[root], routes[root] = 0, 1
    order = [root]
    for near in order:
        for far in follow[near]:
            if steps[far] < 0:
                steps[far] = steps[near] + 1
                order.append(far)
            if steps[far] == steps[near] + 1:
                routes[far] += routes[near]
                before[far].append(near)
    return order, steps, routes, before


def _closeness(count: int, total: int, size: int) -> float | None:
    return (count / (size - 1)) * (count / total) if total else None


def _eigenvector(matrix: Any, sources: Any, targets: Any, reasons: dict[str, str]) -> Floats | None:
    size = matrix.shape[0]
    component = strong_components(size, sources, targets) if size else np.zeros(0, dtype=np.int32)
    looping = {int(component[u]) for u, v in zip(sources, targets, strict=True) if component[u] == component[v]}
    if len(looping) != 1:
        reasons["eigenvector"] = "several_components" if looping else "acyclic"
        return None
    # The shift keeps a periodic map from swinging without end.
    shift = float(np.mean(matrix.sum(axis=0)))
    vector = np.ones(size)
    for _ in range(10_000):
        moved = np.asarray(matrix.T @ vector + shift * vector)
        moved /= moved.max()
        if float(np.max(np.abs(moved - vector))) <= 1e-13:
            # What no loop feeds fades away in the limit.
            moved[moved < 1e-9] = 0.0
            return np.asarray(moved, dtype=float)
        vector = moved
    reasons["eigenvector"] = "not_converged"
    return None
