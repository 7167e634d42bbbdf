"""Agreement between raters and between groups, and when new voices stop adding anything."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import networkx as nx
import numpy as np

from ..causal_map import CausalMap
from .measure import Measure, undefined
from .rating_table import as_number, is_missing, rating_rows
from .reduced import reduce_map

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "GroupConsensus",
    "Representativeness",
    "Saturation",
    "fleiss_kappa",
    "group_informed_consensus",
    "krippendorff_alpha",
    "representativeness",
    "saturation_curve",
]

Level: TypeAlias = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(ratings: Any, level: Level = "nominal") -> Measure:
    """Krippendorff's alpha: agreement beyond chance, with any number of raters and gaps.

    Parameters
    ----------
    ratings : DataFrame, 2-d array or list of rows
        **One row per rater, one column per unit** (for maps: units are links, values
        the signs or strengths of the people who considered them). Missing values are
        None, NaN or ``pandas.NA``.
    level : {"nominal", "ordinal", "interval"}
        Nominal for signs, ordinal for strengths and importance. Ordinal and interval
        need numbers.

    Returns
    -------
    Measure
        1 is full agreement, 0 what chance gives; it can be negative. ``n`` is the
        number of values that can be paired. Undefined when no unit has two values, or
        when only one value was ever used: then there is nothing that could have been
        disagreed on.

    Raises
    ------
    ValueError
        When rows differ in length, or a value is not a number where one is needed.

    Notes
    -----
    O(raters x units + units x values^2). K. Krippendorff (2011), Computing
    Krippendorff's alpha-reliability. Below 0.667 is weak, from 0.8 good.

    Examples
    --------
    >>> krippendorff_alpha([[1, 1, -1, None], [1, -1, -1, 1]]).n
    6
    """
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(f"level: {level!r} is not nominal, ordinal or interval")
    units: list[list[Any]] = [
        [value for value in unit if not is_missing(value)] for unit in zip(*rating_rows(ratings), strict=True)
    ]
    units = [unit for unit in units if len(unit) > 1]
    if not units:
        return undefined("no_pairs")
    if level != "nominal":
        units = [[as_number(value) for value in unit] for unit in units]
    used = {value for unit in units for value in unit}
    values = sorted(used) if level != "nominal" else list(used)
    total = sum(len(unit) for unit in units)
    if len(values) < 2:
        return undefined("one_value", total)
    place = {value: position for position, value in enumerate(values)}
    coincidences = np.zeros((len(values), len(values)))
    for unit in units:
        counts = np.zeros(len(values))
        for value in unit:
            counts[place[value]] += 1
        coincidences += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    marginals = coincidences.sum(axis=1)
    if level == "nominal":
        distance = 1 - np.eye(len(values))
    elif level == "interval":
        numbers = np.array(values, dtype=float)
        distance = (numbers[:, None] - numbers) ** 2
    else:
        middle = np.cumsum(marginals) - marginals / 2
        distance = (middle[:, None] - middle) ** 2
    observed = float((coincidences * distance).sum()) / total
    expected = float(marginals @ distance @ marginals) / (total * (total - 1))
    return Measure(1 - observed / expected, total)


def fleiss_kappa(counts: Any) -> Measure:
    """Fleiss' kappa (1971) for items that were all rated by equally many raters.

    Parameters
    ----------
    counts : DataFrame, 2-d array or list of rows
        One row per item, one column per category: how many raters chose it.

    Returns
    -------
    Measure
        ``n`` is the number of items. Undefined without items, with fewer than two
        raters, or when only one category was ever used.

    Raises
    ------
    ValueError
        When items have different numbers of raters; `krippendorff_alpha` takes that.
    """
    rows = rating_rows(counts, "counts")
    if not rows:
        return undefined("no_items")
    table = np.array([[as_number(value) for value in row] for row in rows], dtype=float)
    raters = table.sum(axis=1)
    if (table < 0).any():
        raise ValueError("counts: a count is below 0")
    if np.ptp(raters) > 0:
        first = int(np.argmax(raters != raters[0]))
        raise ValueError(
            f"counts: row {first + 1} has {raters[first]:g} raters, row 1 has {raters[0]:g}; "
            f"Fleiss' kappa needs equally many, krippendorff_alpha does not"
        )
    m = float(raters[0])
    if m < 2:
        return undefined("few_raters", len(rows))
    shares = table.sum(axis=0) / table.sum()
    if (shares == 1).any():
        return undefined("one_value", len(rows))
    observed = float(((table**2).sum(axis=1) - m).mean()) / (m * (m - 1))
    expected = float((shares**2).sum())
    return Measure((observed - expected) / (1 - expected), len(rows))


@dataclass(frozen=True, slots=True)
class GroupConsensus:
    """Group-informed consensus on one item.

    Attributes
    ----------
    measure : Measure
        Product of the groups' probabilities of agreeing; n is the number of groups.
    geometric_mean : Measure
        The same per group, comparable between items with different numbers of groups.
    probabilities : dict
        (agree + 1) / (seen + 2) per group.
    left_out : tuple of str
        Groups that are not counted: nobody in them, or fewer than `minimum`, has seen
        the item.
    """

    measure: Measure
    geometric_mean: Measure
    probabilities: dict[str, float]
    left_out: tuple[str, ...]

    def __float__(self) -> float:
        """Return the product; `UndefinedMeasureError` when there is none."""
        return float(self.measure)


def group_informed_consensus(votes: Mapping[str, tuple[int, int]], minimum: int = 1) -> GroupConsensus:
    """Return how far every declared group, and not just most people, agrees with one item.

    Parameters
    ----------
    votes : mapping of group to (agree, seen)
        `seen` counts all who answered, also "unsure". Groups are those people say
        they belong to, not clusters found in the answers.
    minimum : int
        Groups in which fewer have seen the item are left out and named.

    Returns
    -------
    GroupConsensus
        Undefined when nobody has voted, and with one group only.

    Notes
    -----
    C. Small et al. (2021), Polis: scaling deliberation by mapping high dimensional
    opinion spaces.

    Examples
    --------
    >>> float(group_informed_consensus({"nav": (5, 15), "prison": (10, 20)}))
    0.17647058823529413
    """
    _require_votes(votes)
    for group, (agree, seen) in votes.items():
        if not 0 <= agree <= seen:
            raise ValueError(f"votes[{group!r}]: {agree} of {seen} agree; expected 0 <= agree <= seen")
    counted = {group: vote for group, vote in votes.items() if vote[1] >= max(minimum, 1)}
    probabilities = {group: (agree + 1) / (seen + 2) for group, (agree, seen) in counted.items()}
    left_out = tuple(group for group in votes if group not in counted)
    if len(counted) < 2:
        nothing = undefined("one_group" if counted else "no_votes", len(counted))
        return GroupConsensus(nothing, nothing, probabilities, left_out)
    product = math.prod(probabilities.values())
    return GroupConsensus(
        Measure(product, len(counted)),
        Measure(product ** (1 / len(counted)), len(counted)),
        probabilities,
        left_out,
    )


def _require_votes(votes: object) -> None:
    if not isinstance(votes, Mapping):
        raise TypeError(f"votes: expected a mapping of group to (agree, seen), got {type(votes).__name__}")


@dataclass(frozen=True, slots=True)
class Representativeness:
    """How much more one group agrees with an item than all the others together.

    Attributes
    ----------
    ratio : Measure
        The group's probability of agreeing over that of the rest; n is all who saw it.
    z : Measure
        Two-proportion z statistic, positive when the group agrees more.
    """

    ratio: Measure
    z: Measure


def representativeness(votes: Mapping[str, tuple[int, int]], group: str) -> Representativeness:
    """Compare one group's agreement with an item to that of everybody else.

    `votes` is as in `group_informed_consensus`. Undefined when the group, or all the
    others, have not seen the item; z also when everybody, or nobody, agrees.
    """
    _require_votes(votes)
    if group not in votes:
        raise ValueError(f"group: there is no group {group!r} in votes")
    agree, seen = votes[group]
    rest_agree = sum(vote[0] for name, vote in votes.items() if name != group)
    rest_seen = sum(vote[1] for name, vote in votes.items() if name != group)
    n = seen + rest_seen
    if not seen or not rest_seen:
        nothing = undefined("one_group" if n else "no_votes", n)
        return Representativeness(nothing, nothing)
    ratio = ((agree + 1) / (seen + 2)) / ((rest_agree + 1) / (rest_seen + 2))
    pooled = (agree + rest_agree) / n
    if pooled in (0, 1):
        return Representativeness(Measure(ratio, n), undefined("one_value", n))
    spread = math.sqrt(pooled * (1 - pooled) * (1 / seen + 1 / rest_seen))
    return Representativeness(Measure(ratio, n), Measure((agree / seen - rest_agree / rest_seen) / spread, n))


@dataclass(frozen=True, slots=True)
class Saturation:
    """How many different things were named, by number of framings heard.

    Attributes
    ----------
    expected : tuple of float
        Entry k - 1: different elements in k framings, averaged over every choice of k.
    in_order : tuple of int
        The same in the order the framings were given.
    new : tuple of float
        What the k-th framing adds on average: it tends to 0 when enough were heard.
    named_once : int
        Elements that just one framing has.
    names : tuple of str
        The framings, in order.
    """

    expected: tuple[float, ...]
    in_order: tuple[int, ...]
    new: tuple[float, ...]
    named_once: int
    names: tuple[str, ...]

    @property
    def measure(self) -> Measure:
        """What the last framing added on average; n is the number of framings, at least two."""
        if len(self.names) < 2:
            return undefined("few_maps", len(self.names))
        return Measure(self.new[-1], len(self.names))

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per number of framings: ``framings, expected, new, name, in_order``."""
        import pandas as pd

        return pd.DataFrame(
            {
                "framings": range(1, len(self.names) + 1),
                "expected": self.expected,
                "new": self.new,
                "name": self.names,
                "in_order": self.in_order,
            }
        )


def saturation_curve(
    framings: Mapping[str, Any], of: Literal["factors", "links", "both"] = "both"
) -> Saturation:
    """Return how much each further framing adds that was not there before.

    The average over all orders is exact, from the number of framings that hold each
    element; nothing is drawn at random.

    Parameters
    ----------
    framings : mapping of name to map, or to an iterable of ids
        Maps give their factors, their links as ordered pairs, or both.
    of : {"factors", "links", "both"}
        What to take from maps.

    Notes
    -----
    O(framings x elements). R. Colwell, C. Mao and J. Chang (2004), Interpolating,
    extrapolating, and comparing incidence-based species accumulation curves; the
    stopping rule is W. Dunn's boundary analysis.

    Examples
    --------
    >>> curve = saturation_curve({"a": "xy", "b": "xz", "c": "xy"})
    >>> curve.in_order, round(float(curve.measure), 3)
    ((2, 3, 3), 0.333)
    >>> saturation_curve({"a": "xy"}).measure.reason
    'fewer than two maps'
    """
    if of not in ("factors", "links", "both"):
        raise ValueError(f"of: {of!r} is not factors, links or both")
    if not isinstance(framings, Mapping):
        raise TypeError(
            "framings: expected a mapping of names to maps or ids, such as perspective_maps(m), "
            f"got {type(framings).__name__}"
        )
    elements = {name: _elements(framing, of) for name, framing in framings.items()}
    held: dict[Hashable, int] = {}
    in_order = []
    for found in elements.values():
        for element in found:
            held[element] = held.get(element, 0) + 1
        in_order.append(len(held))
    total = len(elements)
    by_count: dict[int, int] = {}
    for count in held.values():
        by_count[count] = by_count.get(count, 0) + 1
    expected = []
    for k in range(1, total + 1):
        unseen = sum(
            number * math.comb(total - count, k) / math.comb(total, k) for count, number in by_count.items()
        )
        expected.append(len(held) - unseen)
    new = [later - earlier for earlier, later in zip([0.0, *expected], expected, strict=False)]
    return Saturation(tuple(expected), tuple(in_order), tuple(new), by_count.get(1, 0), tuple(elements))


def _elements(framing: Any, of: str) -> set[Hashable]:
    if not isinstance(framing, CausalMap | nx.Graph):
        members: Iterable[Hashable] = framing
        return set(members)
    m = reduce_map(framing)
    found: set[Hashable] = set()
    if of != "links":
        found |= {("factor", factor) for factor in m.factors}
    if of != "factors":
        found |= {("link", pair) for pair in m.pairs}
    return found
