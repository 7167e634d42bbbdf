"""Published distances between cause maps: Langfield-Smith & Wirth, Markoczy & Goldberg."""

from __future__ import annotations

from typing import Literal

from .measure import Measure, fraction, undefined
from .reduced import Comparable, Pair, ReducedMap, reduce_map, sign_of, signed_weights

__all__ = ["langfield_smith_wirth", "markoczy_goldberg"]


def langfield_smith_wirth(
    a: Comparable, b: Comparable, formula: Literal[4, 6, 12] = 12, max_strength: float = 3
) -> Measure:
    """Distance between two maps by Langfield-Smith & Wirth (1992), from 0 to 1.

    With c shared factors, u_A and u_B factors in one map only, p of them in all
    and s the largest possible strength:

    - formula 4: ``sum |sgn a - sgn b| / (2 (p^2 - p))``;
    - formula 6: the same sum over
      ``2c^2 + 2c(u_A + u_B) + u_A^2 + u_B^2 - (2c + u_A + u_B)``;
    - formula 12: strengths count where both factors are shared, signs elsewhere, over
      ``2s c^2 + 2c(u_A + u_B) + u_A^2 + u_B^2 - (2s c + u_A + u_B)``.

    A factor that is listed without links counts as considered. Self-links do not
    count. Free maps are sparse, so values are small: rank them, and never read 0.1
    as "10 % disagreement". Links whose sign is unknown, or claimed both ways, are
    left out of the sum and counted in ``excluded``.

    Parameters
    ----------
    a, b : CausalMap or networkx directed graph
        Factors are the same when their ids are.
    formula : {4, 6, 12}
        Number of the formula in the paper.
    max_strength : float
        The largest strength that could have been given (s).

    Returns
    -------
    Measure
        ``n`` is the number of ordered pairs linked in at least one map and compared.
        Undefined when the denominator is 0, or when no link has a known sign.

    Raises
    ------
    ValueError
        For another formula, or a link stronger than `max_strength`.

    Notes
    -----
    O(n + E). K. Langfield-Smith and A. Wirth (1992), Measuring differences between
    cognitive maps, Journal of the Operational Research Society 43(12).

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> a = CausalMap.from_links([("debt", "eviction", 1, 3)])
    >>> b = CausalMap.from_links([("debt", "eviction", -1, 1)])
    >>> langfield_smith_wirth(a, b).value
    0.3333333333333333
    """
    if formula not in (4, 6, 12):
        raise ValueError(f"formula: {formula!r} is not 4, 6 or 12")
    first, second = reduce_map(a, "a"), reduce_map(b, "b")
    _check_strength(first, second, max_strength, "max_strength")
    compared, excluded = _without_self_links(first, second)
    if not compared and excluded:
        return undefined("no_known_signs", 0, excluded)
    shared = first.factors & second.factors
    c, u = len(shared), (len(first.factors - second.factors), len(second.factors - first.factors))
    if formula == 4:
        p = c + sum(u)
        denominator: float = 2 * (p * p - p)
    else:
        scale = max_strength if formula == 12 else 1
        denominator = 2 * scale * (c * c - c) + 2 * c * sum(u) + sum(one * one - one for one in u)
    if denominator <= 0:
        return undefined("no_possible_difference", len(compared), excluded)
    difference: float = 0
    for (source, target), (one, other) in compared.items():
        if formula == 12 and source in shared and target in shared:
            difference += abs(one - other)
        else:
            difference += abs(sign_of(one) - sign_of(other))
    return fraction(difference, denominator, len(compared), excluded)


def markoczy_goldberg(
    a: Comparable,
    b: Comparable,
    alpha: int = 1,
    beta: float = 3,
    gamma: int = 1,
    delta: float = 0,
    epsilon: int = 2,
) -> Measure:
    """Distance ratio between two maps by Markoczy & Goldberg (1995), from 0 to 1.

    With the defaults it is formula 12 of Langfield-Smith & Wirth for strengths up
    to 3. Whoever reports a value reports the five parameters with it.

    Parameters
    ----------
    a, b : CausalMap or networkx directed graph
        Factors are the same when their ids are.
    alpha : {0, 1}
        1: a factor cannot influence itself, self-links are not counted.
    beta : float
        The largest strength that could have been given.
    gamma : {0, 1, 2}
        Links to a factor that only one map has: 0 not counted; 1 a difference when
        the link is drawn; 2 a difference whether it is drawn or not.
    delta : float
        Added where the two maps give a link opposite signs.
    epsilon : {1, 2}
        How many polarities a link could have been given.

    Returns
    -------
    Measure
        ``n`` is the number of ordered pairs linked in at least one map and compared.
        Undefined when the denominator is not above 0, or no link has a known sign.

    Raises
    ------
    ValueError
        For a parameter outside its range, a link stronger than `beta`, or a negative
        link where `epsilon` is 1.

    Notes
    -----
    O(n + E). L. Markoczy and J. Goldberg (1995), A method for eliciting and comparing
    causal maps, Journal of Management 21(2).
    """
    _check_choice("alpha", alpha, (0, 1))
    _check_choice("gamma", gamma, (0, 1, 2))
    _check_choice("epsilon", epsilon, (1, 2))
    if not delta >= 0:
        raise ValueError(f"delta: {delta!r} is below 0")
    first, second = reduce_map(a, "a"), reduce_map(b, "b")
    _check_strength(first, second, beta, "beta")
    if epsilon == 1:
        for m, name in ((first, "a"), (second, "b")):
            if any(weight is not None and weight < 0 for weight in m.weights.values()):
                raise ValueError(f"epsilon: 1 polarity, but map {name} has links with a negative sign")
    if alpha:
        compared, excluded = _without_self_links(first, second)
    else:
        compared, excluded = signed_weights(first, second)
    if not compared and excluded:
        return undefined("no_known_signs", 0, excluded)
    shared = first.factors & second.factors
    c, u = len(shared), (len(first.factors - second.factors), len(second.factors - first.factors))
    largest = epsilon * beta + delta
    counted = 1 if gamma else 0
    one_map_pairs = 2 * c * sum(u) + sum(one * one for one in u)
    denominator = largest * c * c + counted * one_map_pairs - alpha * (largest * c + counted * sum(u))
    if denominator <= 0:
        return undefined("no_possible_difference", len(compared), excluded)
    difference: float = 0
    if gamma == 2:
        difference += one_map_pairs - alpha * sum(u)
    for (source, target), (one, other) in compared.items():
        if source in shared and target in shared:
            difference += abs(one - other) + (delta if one * other < 0 else 0)
        elif gamma == 1:
            difference += 1
    return fraction(difference, denominator, len(compared), excluded)


def _without_self_links(a: ReducedMap, b: ReducedMap) -> tuple[dict[Pair, tuple[float, float]], int]:
    compared, excluded = signed_weights(a, b)
    self_links = {pair for pair in a.weights.keys() | b.weights.keys() if pair[0] == pair[1]}
    excluded -= sum(pair not in compared for pair in self_links)
    return {pair: both for pair, both in compared.items() if pair not in self_links}, excluded


def _check_strength(a: ReducedMap, b: ReducedMap, limit: float, argument: str) -> None:
    if not limit > 0:
        raise ValueError(f"{argument}: {limit!r} is not above 0")
    for m, name in ((a, "a"), (b, "b")):
        if m.largest > limit:
            raise ValueError(
                f"{argument}: map {name} has a link of strength {m.largest:g}, above {limit:g}; "
                f"give the largest strength of the scale that was used"
            )


def _check_choice(argument: str, value: int, allowed: tuple[int, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{argument}: {value!r} is not one of {', '.join(map(str, allowed))}")
