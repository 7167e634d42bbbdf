"""How alike two maps are, and the factors and links behind every number."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal, TypeAlias

from .map_distance import langfield_smith_wirth, markoczy_goldberg
from .measure import Measure, fraction, undefined
from .path_agreement import PathAgreement, RankAgreement, path_agreement, rank_agreement
from .reduced import (
    Comparable,
    ReducedMap,
    in_order,
    pairs_in_order,
    reduce_map,
    sign_of,
    signed_weights,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ComparedLink",
    "Comparison",
    "compare",
    "edit_distance",
    "jaccard",
    "ruzicka",
    "sign_disagreement",
    "sorensen",
]

Of: TypeAlias = Literal["factors", "links", "shared_links", "signed_links"]


def jaccard(a: Comparable, b: Comparable, of: Of = "factors") -> Measure:
    """Share of what either map has that both maps have (Jaccard 1912).

    Parameters
    ----------
    a, b : CausalMap or networkx directed graph
        Factors are the same when their ids are.
    of : {"factors", "links", "shared_links", "signed_links"}
        Factors listed; links as ordered pairs; links among the factors both maps
        have, which tells "other causes" from "other topics"; links with their sign,
        where opposite signs are two different links.

    Returns
    -------
    Measure
        ``n`` is how many the two maps have together. Undefined when that is 0, and
        for ``"shared_links"`` with fewer than two shared factors. For
        ``"signed_links"`` a pair without one known sign in either map is left out and
        counted in ``excluded``.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> a = CausalMap.from_links([("debt", "eviction", 1)])
    >>> b = CausalMap.from_links([("debt", "eviction", -1)])
    >>> jaccard(a, b, of="links").value, jaccard(a, b, of="signed_links").value
    (1.0, 0.0)
    """
    together, either, excluded = _overlap(reduce_map(a, "a"), reduce_map(b, "b"), of)
    if isinstance(together, str):
        return undefined(together, 0, excluded)
    return fraction(together, either, either, excluded)


def sorensen(a: Comparable, b: Comparable, of: Of = "factors") -> Measure:
    """Twice what both maps have over the sizes of both (Sorensen 1948): 2J / (1 + J).

    Parameters, exclusions and reasons are those of `jaccard`.
    """
    together, either, excluded = _overlap(reduce_map(a, "a"), reduce_map(b, "b"), of)
    if isinstance(together, str):
        return undefined(together, 0, excluded)
    return fraction(2 * together, either + together, either, excluded)


def _overlap(a: ReducedMap, b: ReducedMap, of: Of) -> tuple[int | str, int, int]:
    """Return how many both have (or why that is undefined), how many either has, how many left out."""
    excluded = 0
    first: frozenset[Hashable]
    second: frozenset[Hashable]
    if of == "factors":
        first, second = a.factors, b.factors
    elif of == "links":
        first, second = a.pairs, b.pairs
    elif of == "shared_links":
        shared = a.factors & b.factors
        if len(shared) < 2:
            return "few_shared_factors", 0, 0
        first, second = (
            frozenset(pair for pair in m.pairs if pair[0] in shared and pair[1] in shared) for m in (a, b)
        )
    elif of == "signed_links":
        compared, excluded = signed_weights(a, b)
        first = frozenset((pair, one > 0) for pair, (one, _) in compared.items() if one)
        second = frozenset((pair, other > 0) for pair, (_, other) in compared.items() if other)
    else:
        raise ValueError(f"of: {of!r} is not factors, links, shared_links or signed_links")
    either = len(first | second)
    if not either:
        return ("no_known_signs" if excluded else "both_empty"), 0, excluded
    return len(first & second), either, excluded


def ruzicka(a: Comparable, b: Comparable) -> Measure:
    """Weighted Jaccard on signed strengths (Ruzicka 1958): sum of minima over sum of maxima.

    Opposite signs have nothing in common: their minimum is 0. Self-links count.

    Returns
    -------
    Measure
        ``n`` is the number of ordered pairs linked in at least one map and compared.
        Undefined when that is 0.
    """
    compared, excluded = signed_weights(reduce_map(a, "a"), reduce_map(b, "b"))
    smallest = sum(min(abs(one), abs(other)) for one, other in compared.values() if one * other > 0)
    largest = sum(max(abs(one), abs(other)) for one, other in compared.values())
    if not largest:
        return undefined("no_known_signs" if excluded else "both_empty", 0, excluded)
    return fraction(smallest, largest, len(compared), excluded)


def sign_disagreement(a: Comparable, b: Comparable) -> Measure:
    """Share of the links both maps have to which they give opposite signs.

    Returns
    -------
    Measure
        ``n`` is the number of shared links with a known sign in both maps. Undefined
        when there is none.
    """
    first, second = reduce_map(a, "a"), reduce_map(b, "b")
    shared = first.pairs & second.pairs
    if not shared:
        return undefined("no_shared_links")
    compared = signed_weights(first, second)[0]
    known = [compared[pair] for pair in shared if pair in compared]
    excluded = len(shared) - len(known)
    if not known:
        return undefined("no_known_signs", 0, excluded)
    return fraction(sum(one * other < 0 for one, other in known), len(known), len(known), excluded)


def edit_distance(a: Comparable, b: Comparable) -> Measure:
    """How many single steps turn one map into the other: factors and links in or out, signs flipped.

    Strengths do not count, and taking a factor out does not take its links along:
    each is a step of its own. Always defined.

    Returns
    -------
    Measure
        ``n`` is the number of factors and links that either map has. Shared links
        without a known sign in both are counted in ``excluded``: whether they differ
        is not known.
    """
    first, second = reduce_map(a, "a"), reduce_map(b, "b")
    compared, _ = signed_weights(first, second)
    shared = first.pairs & second.pairs
    flips = sum(one * other < 0 for one, other in compared.values())
    steps = len(first.factors ^ second.factors) + len(first.pairs ^ second.pairs) + flips
    size = len(first.factors | second.factors) + len(first.pairs | second.pairs)
    return Measure(float(steps), size, excluded=sum(pair not in compared for pair in shared))


@dataclass(frozen=True, slots=True)
class ComparedLink:
    """One ordered pair of factors as two maps have it.

    Attributes
    ----------
    in_a, in_b : float or None
        Signed strength in each map: 0 when the pair is not linked there, None when
        its sign is unknown or claimed both ways.
    links_a, links_b : tuple
        Ids of the links behind each.
    """

    source: Hashable
    target: Hashable
    in_a: float | None
    in_b: float | None
    links_a: tuple[Hashable, ...]
    links_b: tuple[Hashable, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything there is to say of two maps, with the factors and links behind it.

    Attributes
    ----------
    measures : dict of str to Measure
        By name: ``factor_jaccard, link_jaccard, shared_link_jaccard,
        signed_link_jaccard, ruzicka, factor_sorensen, link_sorensen,
        sign_disagreement, edit_distance, langfield_smith_wirth_4, _6 and _12,
        markoczy_goldberg, connected_agreement, path_agreement, rank_agreement``.
    factors_only_a, factors_both, factors_only_b : tuple
        Factor ids.
    links_only_a, links_both, links_only_b, links_opposite, links_without_sign : tuple of ComparedLink
        `links_both` holds all shared links; those with opposite signs are in
        `links_opposite` as well, and those whose sign is unknown in either map in
        `links_without_sign`.
    paths : PathAgreement
    ranks : RankAgreement
    parameters : dict
        What the published distances were computed with.
    """

    measures: dict[str, Measure]
    factors_only_a: tuple[Hashable, ...]
    factors_both: tuple[Hashable, ...]
    factors_only_b: tuple[Hashable, ...]
    links_only_a: tuple[ComparedLink, ...]
    links_both: tuple[ComparedLink, ...]
    links_only_b: tuple[ComparedLink, ...]
    links_opposite: tuple[ComparedLink, ...]
    links_without_sign: tuple[ComparedLink, ...]
    paths: PathAgreement
    ranks: RankAgreement
    parameters: dict[str, float]

    def __repr__(self) -> str:
        factors, links = len(self.factors_both), len(self.links_both)
        return f"<Comparison: {len(self.measures)} measures; {factors} factors and {links} links in both maps>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self)[1:-1])}</p>{self.to_pandas().to_html(na_rep='–', escape=True)}"

    def __getitem__(self, measure: str) -> Measure:
        """Return one measure by name; `KeyError` lists the names."""
        try:
            return self.measures[measure]
        except KeyError:
            raise KeyError(f"there is no measure {measure!r}; there are {', '.join(self.measures)}") from None

    def to_pandas(self) -> pd.DataFrame:
        """Return the measures as a DataFrame.

        One row per measure; columns ``value`` (nullable Float64), ``n``,
        ``excluded``, ``numerator``, ``denominator``, ``reason``.
        """
        import pandas as pd

        columns = ["value", "n", "excluded", "numerator", "denominator", "reason"]
        rows = [[getattr(measure, column) for column in columns] for measure in self.measures.values()]
        frame = pd.DataFrame(rows, columns=columns, index=pd.Index(list(self.measures), name="measure"))
        return frame.astype({"value": "Float64", "numerator": "Float64", "denominator": "Float64"})

    def links_to_pandas(self) -> pd.DataFrame:
        """Return one row per ordered pair linked in either map.

        Columns ``source, target, in_a, in_b`` (nullable; missing when the sign is not
        known) and ``where``: ``only a``, ``only b``, ``same sign``, ``opposite sign``
        or ``sign not known``.
        """
        import pandas as pd

        groups = {
            "only a": self.links_only_a,
            "same sign": self.links_both,
            "only b": self.links_only_b,
        }
        where = {link: kind for kind, links in groups.items() for link in links}
        both = set(self.links_both)
        where |= {link: "sign not known" for link in self.links_without_sign if link in both}
        where |= dict.fromkeys(self.links_opposite, "opposite sign")
        rows = [(link.source, link.target, link.in_a, link.in_b, kind) for link, kind in where.items()]
        frame = pd.DataFrame(rows, columns=["source", "target", "in_a", "in_b", "where"])
        return frame.astype({"in_a": "Float64", "in_b": "Float64"})


def compare(a: Comparable, b: Comparable, max_strength: float = 3) -> Comparison:
    """Compare two maps by every measure, with the factors and links behind each.

    Parameters
    ----------
    a, b : CausalMap or networkx directed graph
        Factors are the same when their ids are; a factor that is listed counts as
        considered, with or without links.
    max_strength : float
        The largest strength that could have been given.

    Raises
    ------
    ValueError
        When a link is stronger than `max_strength`, or a graph cannot be read.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> a = CausalMap.from_links([("debt", "eviction", 1), ("debt", "crime", 1)])
    >>> b = CausalMap.from_links([("debt", "eviction", -1)])
    >>> result = compare(a, b)
    >>> result["link_jaccard"].value, result.factors_only_a
    (0.5, ('crime',))
    """
    first, second = reduce_map(a, "a"), reduce_map(b, "b")
    paths, ranks = path_agreement(first, second), rank_agreement(first, second)
    measures = {
        "factor_jaccard": jaccard(first, second, of="factors"),
        "link_jaccard": jaccard(first, second, of="links"),
        "shared_link_jaccard": jaccard(first, second, of="shared_links"),
        "signed_link_jaccard": jaccard(first, second, of="signed_links"),
        "ruzicka": ruzicka(first, second),
        "factor_sorensen": sorensen(first, second, of="factors"),
        "link_sorensen": sorensen(first, second, of="links"),
        "sign_disagreement": sign_disagreement(first, second),
        "edit_distance": edit_distance(first, second),
        "langfield_smith_wirth_4": langfield_smith_wirth(first, second, 4, max_strength),
        "langfield_smith_wirth_6": langfield_smith_wirth(first, second, 6, max_strength),
        "langfield_smith_wirth_12": langfield_smith_wirth(first, second, 12, max_strength),
        "markoczy_goldberg": markoczy_goldberg(first, second, beta=max_strength),
        "connected_agreement": paths.connected,
        "path_agreement": paths.agreement,
        "rank_agreement": ranks.measure,
    }
    links = {
        pair: ComparedLink(
            *pair,
            in_a=first.weights.get(pair, 0.0),
            in_b=second.weights.get(pair, 0.0),
            links_a=first.link_ids.get(pair, ()),
            links_b=second.link_ids.get(pair, ()),
        )
        for pair in pairs_in_order(first.pairs | second.pairs)
    }
    both = tuple(link for pair, link in links.items() if pair in first.weights and pair in second.weights)
    return Comparison(
        measures=measures,
        factors_only_a=in_order(first.factors - second.factors),
        factors_both=in_order(first.factors & second.factors),
        factors_only_b=in_order(second.factors - first.factors),
        links_only_a=tuple(link for pair, link in links.items() if pair not in second.weights),
        links_both=both,
        links_only_b=tuple(link for pair, link in links.items() if pair not in first.weights),
        links_opposite=tuple(link for link in both if sign_of(link.in_a or 0) * sign_of(link.in_b or 0) < 0),
        links_without_sign=tuple(link for link in links.values() if link.in_a is None or link.in_b is None),
        paths=paths,
        ranks=ranks,
        parameters={
            "max_strength": max_strength,
            "alpha": 1,
            "beta": max_strength,
            "gamma": 1,
            "delta": 0,
            "epsilon": 2,
        },
    )
