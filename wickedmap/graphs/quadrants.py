"""Which factors drive and which depend: MICMAC and interpretive structural modelling."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from .loop_limits import Cancelled, Clock
from .signed import MapOrGraph, read_signed
from .weighted import Floats, chain_sum, spectral_radius, strong_components

if TYPE_CHECKING:
    import pandas as pd

Method = Literal["direct", "indirect", "ism"]
Cut = Literal["mean", "median"]
Quadrant = Literal["driver", "linkage", "dependent", "autonomous", "on_the_line"]

_ON_THE_LINE = 1e-12


@dataclass(frozen=True, slots=True)
class FactorQuadrant:
    """One factor's place between driving and dependence.

    Attributes
    ----------
    driving, dependence : float
        Strength sent out and taken in; for ISM the number of factors reached and
        reached from, the factor itself included.
    quadrant : str or None
        None when the map has no quadrants; see `Quadrants.reason`.
    level : int or None
        ISM only: 1 for the factors that lead nowhere further, 2 for those that lead
        to level 1 only, and so on.
    """

    factor: Hashable
    driving: float
    dependence: float
    quadrant: Quadrant | None
    level: int | None = None


@dataclass(frozen=True)
class Quadrants:
    """Driving and dependence of all factors, with the lines that divide them.

    Attributes
    ----------
    factors : tuple of FactorQuadrant
        In sorted order.
    driving_cut, dependence_cut : float or None
        Where the lines lie; None for a map without factors.
    reason : str
        Why there are no quadrants: ``"no_factors"``, ``"all_drive_alike"``,
        ``"all_depend_alike"``; ``""`` when there are.
    a : float or None
        The a of the indirect method.
    """

    method: Method
    cut: Cut
    factors: tuple[FactorQuadrant, ...]
    driving_cut: float | None
    dependence_cut: float | None
    reason: str
    a: float | None = None

    def of(self, factor: Hashable) -> FactorQuadrant:
        """Return one factor's place; `ValueError` when there is none."""
        for one in self.factors:
            if one.factor == factor:
                return one
        raise ValueError(f"factor: there is no factor {factor!r} in the map")

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per factor: ``factor, driving, dependence, quadrant, level``."""
        import pandas as pd

        rows = [(one.factor, one.driving, one.dependence, one.quadrant, one.level) for one in self.factors]
        return pd.DataFrame(rows, columns=["factor", "driving", "dependence", "quadrant", "level"])


def quadrants(
    m: MapOrGraph,
    method: Method = "direct",
    cut: Cut = "mean",
    *,
    time_limit: float | None = None,
    cancelled: Cancelled | None = None,
) -> Quadrants:
    """Sort factors into drivers, linkage, dependent and autonomous ones.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
        Strengths without signs are used.
    method : {"direct", "indirect", "ism"}
        *direct*: row and column sums of ``|W|`` (MICMAC). *indirect*: of
        ``(I - a|W|)^-1 - I`` with a = 0.85 / spectral radius, all chains of influence
        added up; a convergent form of Godet's powers. *ism*: of the reachability
        matrix with ones on the diagonal (Warfield 1974).
    cut : {"mean", "median"}
        Where the lines lie. A value on a line is said to be on the line.
    time_limit, cancelled
        Seconds, and a function that says whether to give up; for ISM, the only
        slow method.

    Raises
    ------
    ValueError
        For an unknown method or cut, or strengths so unequal that the sum of the
        indirect method is too large for a number.
    TimeoutError
        When the limit is reached: half a table would mislead.

    Notes
    -----
    Direct O(links); indirect O(links) for each of about 200 terms; ISM O(factors x links).

    References
    ----------
    Duperrin, J.-C. & Godet, M. (1973). Methode de hierarchisation des elements d'un
    systeme. Warfield, J. N. (1974). Developing interconnection matrices in
    structural modeling. IEEE Trans. SMC 4, 81-87.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> q = quadrants(CausalMap.from_links([("a", "b", 1), ("a", "c", 1), ("b", "c", 1)]))
    >>> [(one.factor, one.driving, one.dependence, one.quadrant) for one in q.factors]
    [('a', 2.0, 0.0, 'driver'), ('b', 1.0, 1.0, 'on_the_line'), ('c', 0.0, 2.0, 'dependent')]
    """
    if method not in get_args(Method):
        raise ValueError(f"method: {method!r} is not one of {', '.join(get_args(Method))}")
    if cut not in get_args(Cut):
        raise ValueError(f"cut: {cut!r} is not one of {', '.join(get_args(Cut))}")
    clock = Clock(time_limit, cancelled)
    graph = read_signed(m)
    size = len(graph.factors)
    sources = np.array([link.source for link in graph.links], dtype=np.intp)
    targets = np.array([link.target for link in graph.links], dtype=np.intp)
    strengths = np.array([link.strength for link in graph.links], dtype=float)
    a: float | None = None
    levels: list[int] | None = None
    driving: Floats
    dependence: Floats
    if method == "ism":
        driving, dependence = _reachability(size, sources, targets, clock)
        levels = _levels(size, sources, targets)
    elif method == "direct":
        driving = np.bincount(sources, weights=strengths, minlength=size).astype(float)
        dependence = np.bincount(targets, weights=strengths, minlength=size).astype(float)
    else:
        radius = spectral_radius(size, sources, targets, strengths)
        a = 0.85 / radius if radius else 1.0
        matrix = sparse.csr_array((strengths, (sources, targets)), shape=(size, size))
        ones = np.ones(size)
        driving = chain_sum(a * matrix, ones)[0] - 1.0
        dependence = chain_sum(a * matrix.T, ones)[0] - 1.0
        if not np.all(np.isfinite([driving, dependence])):
            raise ValueError(
                "m: the loops are so weak beside the chains that the sum over all chains is too large "
                "for a number; use the direct method"
            )
    if not size:
        return Quadrants(method, cut, (), None, None, "no_factors", a)
    middle = np.mean if cut == "mean" else np.median
    driving_cut, dependence_cut = float(middle(driving)), float(middle(dependence))
    reason = ""
    if np.ptp(driving) <= _ON_THE_LINE * max(1.0, driving_cut):
        reason = "all_drive_alike"
    elif np.ptp(dependence) <= _ON_THE_LINE * max(1.0, dependence_cut):
        reason = "all_depend_alike"
    rows = [
        FactorQuadrant(
            factor=factor,
            driving=float(driving[i]),
            dependence=float(dependence[i]),
            quadrant=None
            if reason
            else _quadrant(float(driving[i]), float(dependence[i]), driving_cut, dependence_cut),
            level=levels[i] if levels else None,
        )
        for i, factor in enumerate(graph.factors)
    ]
    return Quadrants(method, cut, tuple(rows), driving_cut, dependence_cut, reason, a)


def _quadrant(driving: float, dependence: float, driving_cut: float, dependence_cut: float) -> Quadrant:
    for value, line in ((driving, driving_cut), (dependence, dependence_cut)):
        if abs(value - line) <= _ON_THE_LINE * max(1.0, abs(line)):
            return "on_the_line"
    if driving > driving_cut:
        return "linkage" if dependence > dependence_cut else "driver"
    return "dependent" if dependence > dependence_cut else "autonomous"


def _give_up(clock: Clock) -> None:
    stopped = clock.stop()
    if stopped:
        raise TimeoutError("time_limit: no time left" if stopped == "time" else "cancelled")


def _reachability(size: int, sources: Any, targets: Any, clock: Clock) -> tuple[Floats, Floats]:
    pattern: Any = sparse.csr_array((np.ones(len(sources)), (sources, targets)), shape=(size, size))
    driving, dependence = np.zeros(size), np.zeros(size)
    for root in range(size):
        _give_up(clock)
        reached = csgraph.breadth_first_order(pattern, root, return_predecessors=False)
        driving[root] = len(reached)
        dependence[reached] += 1
    return driving, dependence


def _levels(size: int, sources: Any, targets: Any) -> list[int]:
    """Return each factor's level: 1 + the longest way down between components."""
    if not size:
        return []
    component = strong_components(size, sources, targets)
    follow: dict[int, set[int]] = {int(number): set() for number in component}
    waits_for = dict.fromkeys(follow, 0)
    for near, far in {(int(component[u]), int(component[v])) for u, v in zip(sources, targets, strict=True)}:
        if near != far:
            follow[far].add(near)
            waits_for[near] += 1
    level = dict.fromkeys(follow, 1)
    ready = [number for number, left in waits_for.items() if not left]
    for far in ready:
        for near in follow[far]:
            level[near] = max(level[near], level[far] + 1)
            waits_for[near] -= 1
            if not waits_for[near]:
                ready.append(near)
    return [level[int(number)] for number in component]
