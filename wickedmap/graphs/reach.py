"""What a factor can move, what can move it, and how a map falls into parts."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import networkx as nx

from .loop_limits import positive_count
from .signed import MapOrGraph, SignedGraph, SignedLink, read_signed

if TYPE_CHECKING:
    import pandas as pd

Polarity = Literal["+", "-", "mixed", "?"]


@dataclass(frozen=True, slots=True)
class Reached:
    """A factor up or down the chains of influence.

    Attributes
    ----------
    factor : hashable
    steps : int
        Links on the shortest chain; for the starting factor itself, on the shortest
        loop through it.
    polarity : {"+", "-", "mixed", "?"}
        Of the shortest chains: all alike, or "mixed" where they disagree; "?" when
        a link of unknown sign leaves it open.
    signs : frozenset of {1, -1}
        Signs of all chains of influence, of any length; a factor may come up twice
        in such a chain. A link of unknown sign counts as both.
    """

    factor: Hashable
    steps: int
    polarity: Polarity
    signs: frozenset[int]


@dataclass(frozen=True)
class Reach:
    """Everything downstream and upstream of one factor.

    Attributes
    ----------
    factor : hashable
    downstream, upstream : tuple of Reached
        Nearest first. The factor itself is among them when it lies on a loop.
    on_loop : bool
        Whether the factor can influence itself.
    max_steps : int or None
        How far was looked; None means all the way.
    """

    factor: Hashable
    downstream: tuple[Reached, ...]
    upstream: tuple[Reached, ...]
    on_loop: bool
    max_steps: int | None

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per factor reached: ``direction, factor, steps, polarity, signs``."""
        import pandas as pd

        rows = [
            (direction, one.factor, one.steps, one.polarity, _signs_text(one.signs))
            for direction, reached in (("downstream", self.downstream), ("upstream", self.upstream))
            for one in reached
        ]
        return pd.DataFrame(rows, columns=["direction", "factor", "steps", "polarity", "signs"])


def _signs_text(signs: frozenset[int]) -> str:
    return "".join({1: "+", -1: "-"}[sign] for sign in sorted(signs, reverse=True))


def reach(m: MapOrGraph, factor: Hashable, max_steps: int | None = None) -> Reach:
    """Return what a factor influences and what influences it, step by step.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
    factor : factor id
    max_steps : int or None
        Look no further than this many links; None looks all the way.

    Raises
    ------
    ValueError
        For an unknown factor or `max_steps` below 1.

    Notes
    -----
    Breadth-first search on the factors and on their signed double cover, where each
    factor has an "up" and a "down" copy; O(factors + links). The signs of *simple*
    paths are NP-hard to tell on maps with loops, hence "chains of influence".

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "c", -1), ("a", "c", 1)])
    >>> [(r.factor, r.steps, r.polarity, sorted(r.signs)) for r in reach(m, "a").downstream]
    [('b', 1, '+', [1]), ('c', 1, '+', [-1, 1])]
    """
    graph = read_signed(m)
    start = graph.index_of(factor)
    limit = positive_count(max_steps, "max_steps")
    downstream = _reached(graph, start, limit, [(link.source, link) for link in graph.links], forward=True)
    upstream = _reached(graph, start, limit, [(link.target, link) for link in graph.links], forward=False)
    return Reach(
        factor=factor,
        downstream=downstream,
        upstream=upstream,
        on_loop=any(one.factor == factor for one in downstream),
        max_steps=limit,
    )


def _reached(
    graph: SignedGraph,
    start: int,
    limit: int | None,
    ordered: list[tuple[int, SignedLink]],
    *,
    forward: bool,
) -> tuple[Reached, ...]:
    follow: list[list[tuple[int, int]]] = [[] for _ in graph.factors]
    for near, link in ordered:
        follow[near].append((link.target if forward else link.source, link.sign))
    steps: dict[int, int] = {}
    shortest: dict[int, set[int]] = {}
    covered: set[tuple[int, int]] = set()
    # The start is not yet reached: it is only when a chain comes back to it.
    frontier: dict[int, set[int]] = {start: {1}}
    edge: set[tuple[int, int]] = {(start, 1)}
    distance = 0
    while (frontier or edge) and (limit is None or distance < limit):
        distance += 1
        found: dict[int, set[int]] = {}
        for near, signs in frontier.items():
            for far, sign in follow[near]:
                if far not in steps:
                    found.setdefault(far, set()).update(sign * one for one in signs)
        for far, signs in found.items():
            steps[far] = distance
            shortest[far] = signs
        frontier = {far: signs for far, signs in found.items() if far != start}
        onward = set()
        for near, parity in edge:
            for far, sign in follow[near]:
                for one in (sign,) if sign else (1, -1):
                    state = (far, parity * one)
                    if state not in covered:
                        covered.add(state)
                        onward.add(state)
        edge = onward
    reached = [
        Reached(
            factor=graph.factors[far],
            steps=steps[far],
            polarity=_polarity(shortest[far]),
            signs=frozenset(sign for sign in (1, -1) if (far, sign) in covered),
        )
        for far in sorted(steps, key=lambda far: (steps[far], far))
    ]
    return tuple(reached)


def _polarity(signs: set[int]) -> Polarity:
    if {1, -1} <= signs:
        return "mixed"
    if 0 in signs:
        return "?"
    return "+" if 1 in signs else "-"


@dataclass(frozen=True)
class Components:
    """How a map falls into parts.

    Attributes
    ----------
    strong : tuple of tuples
        Strongly connected components: within one, everything influences everything.
        Largest first; single factors are components too.
    weak : tuple of tuples
        Parts without any link between them, largest first.
    isolated : tuple
        Factors without links.
    on_loop : frozenset
        Factors that lie on a loop.
    """

    strong: tuple[tuple[Hashable, ...], ...]
    weak: tuple[tuple[Hashable, ...], ...]
    isolated: tuple[Hashable, ...]
    on_loop: frozenset[Hashable]

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per factor: ``factor, strong, weak`` (numbers from 1), ``on_loop``."""
        import pandas as pd

        strong = {factor: number for number, part in enumerate(self.strong, 1) for factor in part}
        weak = {factor: number for number, part in enumerate(self.weak, 1) for factor in part}
        rows = [(factor, strong[factor], weak[factor], factor in self.on_loop) for factor in strong]
        return pd.DataFrame(rows, columns=["factor", "strong", "weak", "on_loop"])


def components(m: MapOrGraph) -> Components:
    """Return the strongly and weakly connected components (Tarjan 1972); O(factors + links).

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "a", 1), ("b", "c", 1)], factors=["d"])
    >>> components(m).strong, components(m).isolated
    ((('a', 'b'), ('c',), ('d',)), ('d',))
    """
    graph = read_signed(m)
    plain: nx.DiGraph[int] = nx.DiGraph()
    plain.add_nodes_from(range(len(graph.factors)))
    plain.add_edges_from((link.source, link.target) for link in graph.links)

    def named(parts: list[set[int]]) -> tuple[tuple[Hashable, ...], ...]:
        ordered = sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part))
        return tuple(tuple(graph.factors[position] for position in part) for part in ordered)

    strong = [set(part) for part in nx.strongly_connected_components(plain)]
    looping = {link.source for link in graph.links if link.source == link.target}
    looping.update(position for part in strong if len(part) > 1 for position in part)
    return Components(
        strong=named(strong),
        weak=named([set(part) for part in nx.weakly_connected_components(plain)]),
        isolated=tuple(graph.factors[position] for position in sorted(nx.isolates(plain))),
        on_loop=frozenset(graph.factors[position] for position in looping),
    )
