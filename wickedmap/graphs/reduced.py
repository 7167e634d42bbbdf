"""A map as comparison reads it: at most one signed strength per ordered pair of factors."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .signed import MapOrGraph, SignedGraph, read_signed, sort_key
from .walk_signs import walk_signs

Pair: TypeAlias = tuple[Hashable, Hashable]
"""A link by its two ends, source first."""


@dataclass(frozen=True)
class ReducedMap:
    """Factors and links of one map, ready to be held against another.

    Attributes
    ----------
    factors : frozenset
        Ids of the factors this standpoint considered: all that are listed, also
        those without links.
    weights : dict
        Signed strength per (source, target); None where the sign is unknown or
        both signs are claimed.
    link_ids : dict
        The ids of the links behind each pair.
    graph : SignedGraph
        The map in full, for measures that follow chains.
    """

    factors: frozenset[Hashable]
    weights: dict[Pair, float | None]
    link_ids: dict[Pair, tuple[Hashable, ...]]
    graph: SignedGraph

    @property
    def pairs(self) -> frozenset[Pair]:
        """The ordered pairs that are linked."""
        return frozenset(self.weights)

    @cached_property
    def chain_signs(self) -> NDArray[np.uint8]:
        """Signs of all chains of influence, by `walk_signs`; worked out once."""
        return walk_signs(self.graph)

    @property
    def largest(self) -> float:
        """The largest strength of a link with a known sign, 0 when there is none."""
        return max((abs(weight) for weight in self.weights.values() if weight is not None), default=0.0)


Comparable: TypeAlias = "MapOrGraph | ReducedMap"
"""What every comparison takes: a map, a networkx directed graph, or one read already."""


def reduce_map(m: Comparable, argument: str = "m") -> ReducedMap:
    """Read a map and reduce parallel links to one signed strength per pair.

    Parallel links of one sign become the strongest of them. Parallel links whose
    signs differ, or of which some sign is unknown, have no sign together: their
    strength becomes None, and signed measures leave the pair out and count it.

    Raises
    ------
    ValueError, TypeError
        As `read_signed`, naming `argument`.
    """
    if isinstance(m, ReducedMap):
        return m
    graph = read_signed(m, argument)
    gathered: dict[Pair, list[tuple[int, float, Hashable]]] = {}
    for link in graph.links:
        pair = (graph.factors[link.source], graph.factors[link.target])
        gathered.setdefault(pair, []).append((link.sign, link.strength, link.id))
    weights: dict[Pair, float | None] = {}
    for pair, links in gathered.items():
        signs = {sign for sign, _, _ in links}
        sign = signs.pop() if len(signs) == 1 else 0
        weights[pair] = sign * max(strength for _, strength, _ in links) if sign else None
    link_ids = {pair: tuple(link_id for _, _, link_id in links) for pair, links in gathered.items()}
    return ReducedMap(frozenset(graph.factors), weights, link_ids, graph)


def sign_of(value: float) -> int:
    """Return 1, -1 or 0."""
    return (value > 0) - (value < 0)


def in_order(values: Iterable[Hashable]) -> tuple[Hashable, ...]:
    """Return ids in the order every result lists them."""
    return tuple(sorted(values, key=sort_key))


def pairs_in_order(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Return pairs by source, then target."""
    return tuple(sorted(pairs, key=lambda pair: (sort_key(pair[0]), sort_key(pair[1]))))


def signed_weights(a: ReducedMap, b: ReducedMap) -> tuple[dict[Pair, tuple[float, float]], int]:
    """Return both strengths of every pair linked in either map, and how many pairs had no sign.

    A pair that is missing in one map has strength 0 there. A pair whose sign is
    unknown in either map is left out of the first and counted in the second.
    """
    both: dict[Pair, tuple[float, float]] = {}
    left_out = 0
    for pair in a.weights.keys() | b.weights.keys():
        first, second = a.weights.get(pair, 0.0), b.weights.get(pair, 0.0)
        if first is None or second is None:
            left_out += 1
        else:
            both[pair] = (first, second)
    return both, left_out
