"""Everyone's own map side by side, and whether they come closer to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Final

import numpy as np

from ..causal_map import CausalMap
from ..model import Stance
from ..perspective import (
    Agencies,
    Perspective,
    PerspectiveRule,
    Support,
    perspectives_of,
    sign_held,
    take_perspective,
    voices,
)
from .measure import Measure, undefined
from .reduced import Pair

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


MAX_STRENGTH: Final = 3.0
"""The strongest that a link can be said to be."""
_NOTHING: Final = 1e-12


def perspective_maps(
    m: CausalMap, agencies: Agencies = None, rule: PerspectiveRule | None = None
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
    found = {agency: own.map for agency, own in perspectives_of(m, agencies, rule=rule).items()}
    return found if agencies is not None else {agency: own for agency, own in found.items() if own.factors}


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
    O(people x (links + factors)). Distance as in `langfield_smith_wirth`.
    """
    return convergence_of((before, voices(before)), (after, voices(after)))


def convergence_of(
    before: tuple[CausalMap, Iterable[Stance]], after: tuple[CausalMap, Iterable[Stance]]
) -> Convergence:
    """Return `convergence` of what was said at two moments: the map, and the stances that count."""
    first, second = _distances_to_the_others(*before), _distances_to_the_others(*after)
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


def _distances_to_the_others(m: CausalMap, said: Iterable[Stance]) -> dict[str, Measure]:
    """Return formula 12 of `langfield_smith_wirth` from each person to the mean of the others."""
    weights, considered = _weights_by_person(m, said)
    columns = {pair: at for at, pair in enumerate({pair for own in weights.values() for pair in own})}
    places = {factor: at for at, factor in enumerate({one for own in considered.values() for one in own})}
    held = np.zeros((len(weights), len(columns)))
    given = np.zeros(held.shape, dtype=bool)
    mine = np.zeros((len(weights), len(places)), dtype=bool)
    for row, (person, own) in enumerate(weights.items()):
        at = [columns[pair] for pair in own]
        held[row, at] = list(own.values())
        given[row, at] = True
        mine[row, [places[factor] for factor in considered[person]]] = True
    if held.size and np.abs(held).max() > MAX_STRENGTH:
        raise ValueError(f"strength: a link of strength {np.abs(held).max():g} is above {MAX_STRENGTH:g}")
    rest = given.sum(axis=0) - given
    others = np.divide(held.sum(axis=0) - held, rest, out=np.zeros_like(held), where=rest > 0)
    # Weights that cancel out leave a trace of rounding, which is no link.
    others[np.abs(others) < _NOTHING] = 0.0
    theirs = mine.sum(axis=0) - mine > 0
    shared = mine & theirs
    c, u, v = (part.sum(axis=1) for part in (shared, mine & ~theirs, theirs & ~mine))
    possible = 2 * MAX_STRENGTH * (c * c - c) + 2 * c * (u + v) + u * u - u + v * v - v
    source = [places[str(pair[0])] for pair in columns]
    target = [places[str(pair[1])] for pair in columns]
    counted = np.not_equal(source, target)
    apart = np.where(
        shared[:, source] & shared[:, target], np.abs(held - others), np.abs(np.sign(held) - np.sign(others))
    )[:, counted].sum(axis=1)
    compared = ((held != 0) | (others != 0))[:, counted].sum(axis=1)
    found: dict[str, Measure] = {}
    for row, person in enumerate(weights):
        if not theirs[row].any():
            found[person] = undefined("few_maps")
        elif possible[row] <= 0:
            found[person] = undefined("no_possible_difference", int(compared[row]))
        else:
            found[person] = Measure(float(apart[row] / possible[row]), int(compared[row]))
    return found


def _weights_by_person(
    m: CausalMap, said: Iterable[Stance]
) -> tuple[dict[str, dict[Pair, float]], dict[str, set[str]]]:
    gathered: dict[str, dict[Pair, list[float]]] = {}
    considered: dict[str, set[str]] = {}
    for stance in said:
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
