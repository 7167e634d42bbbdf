"""Agreement beyond single links: chains of influence, and which factors matter most."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .measure import Measure, fraction, undefined
from .reduced import Comparable, Pair, ReducedMap, in_order, pairs_in_order, reduce_map
from .signed import SignedGraph

__all__ = ["PathAgreement", "RankAgreement", "path_agreement", "path_measures", "rank_agreement"]

Centrality: TypeAlias = 'Literal["total", "out", "in"] | Callable[[SignedGraph], Mapping[Hashable, float]]'


@dataclass(frozen=True, slots=True)
class PathAgreement:
    """What two maps say of every pair of shared factors, along chains of any length.

    Attributes
    ----------
    agree, opposite, ambivalent : tuple of (source, target)
        Pairs connected in both maps: with one and the same sign; with no sign in
        common; the rest, where at least one map has chains of both signs.
    only_a, only_b : tuple of (source, target)
        Pairs connected in one map only.
    my_arrow_your_path, your_arrow_my_path : tuple of (source, target)
        Pairs directly linked in one map, and in the other only through other factors.
    connected : Measure
        Pairs connected in both over pairs connected in either; n is the latter.
    agreement : Measure
        Pairs that agree over pairs connected in both; n is the latter.
    """

    agree: tuple[Pair, ...]
    opposite: tuple[Pair, ...]
    ambivalent: tuple[Pair, ...]
    only_a: tuple[Pair, ...]
    only_b: tuple[Pair, ...]
    my_arrow_your_path: tuple[Pair, ...]
    your_arrow_my_path: tuple[Pair, ...]
    connected: Measure
    agreement: Measure

    def __float__(self) -> float:
        """Return the agreement; `UndefinedMeasureError` when there is none."""
        return float(self.agreement)


def path_agreement(a: Comparable, b: Comparable) -> PathAgreement:
    """Compare where chains of influence lead between the factors two maps share.

    It shows that one map's direct link and the other's chain say the same, which
    measures on links cannot. Chains run through the whole of each map, also through
    factors that the other lacks.

    Parameters
    ----------
    a, b : CausalMap or networkx directed graph
        Factors are the same when their ids are.

    Notes
    -----
    O(n (n + E) / 64 + c^2) for c shared factors.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> mine = CausalMap.from_links([("debt", "crime", 1)])
    >>> yours = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "crime", 1)])
    >>> path_agreement(mine, yours).my_arrow_your_path
    (('debt', 'crime'),)
    """
    first, second = reduce_map(a, "a"), reduce_map(b, "b")
    shared, of_a, of_b = _signs_between_shared(first, second)
    kinds = _kinds(of_a, of_b)

    def listed(kind: int) -> tuple[Pair, ...]:
        sources, targets = np.nonzero(kinds == kind)
        return tuple((shared[i], shared[j]) for i, j in zip(sources.tolist(), targets.tolist(), strict=True))

    connected, agreement = _measures(kinds)
    return PathAgreement(
        agree=listed(AGREE),
        opposite=listed(OPPOSITE),
        ambivalent=listed(AMBIVALENT),
        only_a=listed(ONLY_A),
        only_b=listed(ONLY_B),
        my_arrow_your_path=_arrows_that_are_paths(first, second, shared, of_b),
        your_arrow_my_path=_arrows_that_are_paths(second, first, shared, of_a),
        connected=connected,
        agreement=agreement,
    )


def path_measures(a: Comparable, b: Comparable) -> tuple[Measure, Measure]:
    """Return only the `connected` and `agreement` of `path_agreement`, without the lists."""
    _, of_a, of_b = _signs_between_shared(reduce_map(a, "a"), reduce_map(b, "b"))
    return _measures(_kinds(of_a, of_b))


AGREE, OPPOSITE, AMBIVALENT, ONLY_A, ONLY_B = 1, 2, 3, 4, 5


def _signs_between_shared(
    a: ReducedMap, b: ReducedMap
) -> tuple[tuple[Hashable, ...], NDArray[np.uint8], NDArray[np.uint8]]:
    shared = in_order(a.factors & b.factors)
    of_a, of_b = (m.chain_signs[np.ix_(*[[m.graph.index_of(factor) for factor in shared]] * 2)] for m in (a, b))
    return shared, of_a, of_b


def _kinds(of_a: NDArray[np.uint8], of_b: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return for each pair of shared factors which list it belongs to; 0 for none."""
    kinds = np.select(
        [(of_a == 0) & (of_b == 0), of_b == 0, of_a == 0, (of_a == of_b) & (of_a != 3), (of_a & of_b) == 0],
        [0, ONLY_A, ONLY_B, AGREE, OPPOSITE],
        AMBIVALENT,
    ).astype(np.uint8)
    np.fill_diagonal(kinds, 0)
    return kinds


def _measures(kinds: NDArray[np.uint8]) -> tuple[Measure, Measure]:
    counts = np.bincount(kinds.ravel(), minlength=6).tolist()
    both = counts[AGREE] + counts[OPPOSITE] + counts[AMBIVALENT]
    either = both + counts[ONLY_A] + counts[ONLY_B]
    if not either:
        return undefined("no_connected_pair"), undefined("no_connected_pair")
    connected = fraction(both, either, either)
    return connected, fraction(counts[AGREE], both, both) if both else undefined("not_connected_in_both")


def _arrows_that_are_paths(
    arrows: ReducedMap, paths: ReducedMap, shared: tuple[Hashable, ...], chains: NDArray[np.uint8]
) -> tuple[Pair, ...]:
    place = {factor: position for position, factor in enumerate(shared)}
    return pairs_in_order(
        (source, target)
        for source, target in arrows.weights
        if source != target
        and source in place
        and target in place
        and (source, target) not in paths.weights
        and chains[place[source], place[target]]
    )


@dataclass(frozen=True, slots=True)
class RankAgreement:
    """How alike two maps rank the factors they share.

    Attributes
    ----------
    measure : Measure
        The rank correlation, -1 to 1; n is the number of shared factors.
    ranks : tuple of (factor, value in a, value in b)
        What was ranked.
    top_a, top_b, top_shared : tuple
        The highest ranked shared factors of each map, and those in both lists. With
        ties at the end of a list, all that tie are in it.
    """

    measure: Measure
    ranks: tuple[tuple[Hashable, float, float], ...]
    top_a: tuple[Hashable, ...]
    top_b: tuple[Hashable, ...]
    top_shared: tuple[Hashable, ...]

    def __float__(self) -> float:
        """Return the correlation; `UndefinedMeasureError` when there is none."""
        return float(self.measure)


def rank_agreement(
    a: Comparable,
    b: Comparable,
    by: Centrality = "total",
    method: Literal["spearman", "kendall"] = "spearman",
    top: int = 5,
) -> RankAgreement:
    """Compare which of their shared factors two maps give most weight.

    Parameters
    ----------
    a, b : CausalMap or networkx directed graph
        Factors are the same when their ids are.
    by : {"total", "out", "in"} or callable
        Sum of strengths of a factor's links, of those that leave it or of those that
        reach it, in the whole of its map; signs are not used. A callable takes a
        `SignedGraph` and returns a value per factor.
    method : {"spearman", "kendall"}
        Spearman's rho or Kendall's tau-b, both with ties.
    top : int
        Length of the lists of highest ranked factors.

    Returns
    -------
    RankAgreement
        Undefined with fewer than five shared factors, or where one map ranks all the
        same.
    """
    if method not in ("spearman", "kendall"):
        raise ValueError(f"method: {method!r} is not spearman or kendall")
    if top < 1:
        raise ValueError(f"top: {top!r} is below 1")
    first, second = reduce_map(a, "a"), reduce_map(b, "b")
    shared = in_order(first.factors & second.factors)
    of_a, of_b = _centrality(first, by), _centrality(second, by)
    x = np.array([of_a[factor] for factor in shared], dtype=float)
    y = np.array([of_b[factor] for factor in shared], dtype=float)
    if len(shared) < 5:
        measure = undefined("few_shared_ranks", len(shared))
    elif np.ptp(x) == 0 or np.ptp(y) == 0:
        measure = undefined("constant_rank", len(shared))
    elif method == "spearman":
        measure = Measure(_correlation(_average_ranks(x), _average_ranks(y)), len(shared))
    else:
        # Kendall's tau-b is the correlation of the signs of all pairwise differences.
        dx, dy = np.sign(x[:, None] - x).ravel(), np.sign(y[:, None] - y).ravel()
        measure = Measure(float(dx @ dy / np.sqrt((dx @ dx) * (dy @ dy))), len(shared))
    top_a, top_b = _highest(shared, x, top), _highest(shared, y, top)
    return RankAgreement(
        measure,
        tuple((factor, float(one), float(other)) for factor, one, other in zip(shared, x, y, strict=True)),
        top_a,
        top_b,
        tuple(factor for factor in top_a if factor in top_b),
    )


def _centrality(m: ReducedMap, by: Centrality) -> Mapping[Hashable, float]:
    if callable(by):
        return by(m.graph)
    if by not in ("total", "out", "in"):
        raise ValueError(f"by: {by!r} is not total, out or in")
    strengths = m.graph.strengths()
    out, into = strengths.sum(axis=1), strengths.sum(axis=0)
    values = {"out": out, "in": into, "total": out + into}[by]
    return dict(zip(m.graph.factors, values.tolist(), strict=True))


def _average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place], dtype=np.float64)


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    dx, dy = x - x.mean(), y - y.mean()
    return float(dx @ dy / np.sqrt((dx @ dx) * (dy @ dy)))


def _highest(factors: tuple[Hashable, ...], values: NDArray[np.float64], top: int) -> tuple[Hashable, ...]:
    if not factors:
        return ()
    cut = np.sort(values)[::-1][min(top, len(factors)) - 1]
    order = sorted(range(len(factors)), key=lambda position: -values[position])
    return tuple(factors[position] for position in order if values[position] >= cut and values[position] > 0)
