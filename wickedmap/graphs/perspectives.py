"""Everyone's own map side by side, and whether they come closer to each other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Final

from ..causal_map import CausalMap
from ..perspective import (
    Perspective,
    PerspectiveRule,
    Support,
    agencies_in,
    sign_held,
    take_perspective,
    voices,
)
from .map_distance import langfield_smith_wirth
from .measure import Measure, undefined
from .reduced import Pair, ReducedMap
from .signed import SignedGraph

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Convergence",
    "Perspective",
    "PerspectiveRule",
    "Support",
    "convergence",
    "group_weights",
    "perspective_maps",
    "take_perspective",
]


_NO_CHAINS: Final = SignedGraph((), (), ())


def perspective_maps(
    m: CausalMap, agencies: Iterable[str] | None = None, rule: PerspectiveRule | None = None
) -> dict[str, CausalMap]:
    """Return each agency's own map, for `pairwise`, `saturation_curve` and their like.

    Parameters
    ----------
    m : CausalMap
        The joint map with everyone's stances.
    agencies : iterable of str, optional
        By default all that have considered at least one factor: an agency that has
        said nothing has no map, and is not a map of nothing.
    rule : PerspectiveRule, optional
        When a link belongs to an agency's map; by default when one person asserts it.
    """
    if agencies is not None:
        return {agency: take_perspective(m, agency, rule=rule).map for agency in agencies}
    found = {agency: take_perspective(m, agency, rule=rule).map for agency in agencies_in(m)}
    return {agency: own for agency, own in found.items() if own.factors}


def group_weights(m: CausalMap, *, examples: bool = False) -> pd.DataFrame:
    """Return the group map: the mean weight of each link over those who considered it.

    Returns
    -------
    DataFrame
        One row per link that anyone considered: ``link, source, target,
        mean_weight`` (signed strength, a rejection counting 0; missing when nobody gave
        one), ``considered, asserting, rejecting, unsure`` (people), ``positive,
        negative`` (people who assert that sign). A mean near 0 may be indifference or
        dispute: read the counts beside it.
    """
    import pandas as pd

    support = take_perspective(m, rule=PerspectiveRule(examples=examples)).support
    rows = []
    for link_id, row in support.items():
        link = m.link(link_id)
        held = [
            (sign_held(stance, link), link.strength if stance.strength is None else stance.strength)
            for stance in row.asserts
        ]
        weights = [sign * strength for sign, strength in held if sign is not None] + [0.0] * len(row.rejects)
        rows.append(
            (
                link_id,
                link.source,
                link.target,
                fmean(weights) if weights else None,
                len(row.asserts) + len(row.rejects) + len(row.unsure),
                len(row.asserts),
                len(row.rejects),
                len(row.unsure),
                sum(sign == 1 for sign, _ in held),
                sum(sign == -1 for sign, _ in held),
            )
        )
    columns = ["link", "source", "target", "mean_weight", "considered"]
    columns += ["asserting", "rejecting", "unsure", "positive", "negative"]
    return pd.DataFrame(rows, columns=columns).astype({"mean_weight": "Float64"})


@dataclass(frozen=True, slots=True)
class Convergence:
    """Whether people came closer to what the others think.

    Attributes
    ----------
    before, after : Measure
        Mean distance (formula 12) from each person to the mean map of all the others;
        links on which the others cancel out are no links there. n is the number of people, the same in both.
    by_person : dict of str to (float, float)
        Each person's distance before and after.
    left_out : tuple of str
        People without a defined distance on both occasions.
    """

    before: Measure
    after: Measure
    by_person: dict[str, tuple[float, float]]
    left_out: tuple[str, ...]


def convergence(before: CausalMap, after: CausalMap) -> Convergence:
    """Compare how far people stood from the others before and after.

    Each person is held against the mean of the *others*, else they would be compared
    with themselves. Only people who spoke both times count.

    Notes
    -----
    O(people x links). Distance as in `langfield_smith_wirth`.
    """
    first, second = _distances_to_the_others(before), _distances_to_the_others(after)
    counted = sorted(
        person for person in first.keys() & second.keys() if first[person].defined and second[person].defined
    )
    by_person = {person: (float(first[person]), float(second[person])) for person in counted}
    left_out = tuple(sorted((first.keys() | second.keys()) - set(counted)))
    if not counted:
        nothing = undefined("few_maps")
        return Convergence(nothing, nothing, {}, left_out)
    return Convergence(
        Measure(fmean(one for one, _ in by_person.values()), len(counted)),
        Measure(fmean(other for _, other in by_person.values()), len(counted)),
        by_person,
        left_out,
    )


def _distances_to_the_others(m: CausalMap) -> dict[str, Measure]:
    weights, considered = _weights_by_person(m)
    total: dict[Pair, float] = {}
    count: dict[Pair, int] = {}
    seen: dict[str, int] = {}
    for person, own in weights.items():
        for pair, weight in own.items():
            total[pair] = total.get(pair, 0.0) + weight
            count[pair] = count.get(pair, 0) + 1
        for factor in considered[person]:
            seen[factor] = seen.get(factor, 0) + 1
    distances = {}
    for person, own in weights.items():
        others: dict[Pair, float] = {}
        for pair, number in count.items():
            rest = number - (pair in own)
            if rest:
                others[pair] = (total[pair] - own.get(pair, 0.0)) / rest
        factors = {factor for factor, number in seen.items() if number > (factor in considered[person])}
        if factors:
            distances[person] = langfield_smith_wirth(
                _reduced(own, considered[person]), _reduced(others, factors)
            )
        else:
            distances[person] = undefined("few_maps")
    return distances


def _weights_by_person(m: CausalMap) -> tuple[dict[str, dict[Pair, float]], dict[str, set[str]]]:
    gathered: dict[str, dict[Pair, list[float]]] = {}
    considered: dict[str, set[str]] = {}
    for stance in voices(m):
        link = m.link(stance.link)
        considered.setdefault(stance.person, set()).update((link.source, link.target))
        own = gathered.setdefault(stance.person, {})
        sign = sign_held(stance, link)
        if stance.stance == "rejects":
            own.setdefault((link.source, link.target), []).append(0.0)
        elif stance.stance == "asserts" and sign is not None:
            strength = link.strength if stance.strength is None else stance.strength
            own.setdefault((link.source, link.target), []).append(sign * strength)
    weights: dict[str, dict[Pair, float]] = {}
    for person, pairs in gathered.items():
        weights[person] = {}
        for pair, values in pairs.items():
            # Parallel links of both signs have no one weight.
            if min(values) >= 0 or max(values) <= 0:
                weights[person][pair] = max(values, key=abs)
    return weights, considered


def _reduced(weights: Mapping[Pair, float], factors: Iterable[Hashable]) -> ReducedMap:
    # Read already: a graph for each person, to be read again, took most of the time.
    held: dict[Pair, float | None] = {pair: weight for pair, weight in weights.items() if weight}
    return ReducedMap(frozenset(factors), held, {}, _NO_CHAINS)
