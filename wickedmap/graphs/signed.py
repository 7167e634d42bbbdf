"""One reading of any map or networkx graph, for every algorithm in this package."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from ..causal_map import CausalMap
from ..model import MAX_STRENGTH
from ..table_conversion import sign_in

MapOrGraph: TypeAlias = "CausalMap | nx.Graph[Any]"
"""What every function of `wickedmap.graphs` takes."""


@dataclass(frozen=True, slots=True)
class SignedLink:
    """A link by the positions of its ends; `sign` is 1, -1 or 0 (not known).

    `full` is the strength that counts as 1 where a method wants [-1, 1]: 3 for a
    link of a map and for an edge with ``sign`` and ``strength``, 1 for an edge
    with a signed ``weight`` of its own.
    """

    id: Hashable
    source: int
    target: int
    sign: int
    strength: float
    delayed: bool
    full: float = MAX_STRENGTH


@dataclass(frozen=True)
class SignedGraph:
    """Factors and links in a fixed order, so that every result is reproducible.

    Attributes
    ----------
    factors : tuple
        Factor ids of a `CausalMap`, or the nodes of a graph, sorted.
    links : tuple of SignedLink
        Sorted by link id. In a bare graph the id is the edge key when that is a
        text used once, else ``(u, v)`` or ``(u, v, key)``.
    """

    factors: tuple[Hashable, ...]
    links: tuple[SignedLink, ...]
    labels: tuple[str, ...]

    def index_of(self, factor: Hashable, argument: str = "factor") -> int:
        """Return a factor's position; `ValueError` naming `argument` when unknown."""
        try:
            return self._index[factor]
        except (KeyError, TypeError):
            raise ValueError(f"{argument}: there is no factor {factor!r} in the map") from None

    @property
    def _index(self) -> dict[Hashable, int]:
        cached: dict[Hashable, int] | None = self.__dict__.get("_index_cache")
        if cached is None:
            cached = {factor: position for position, factor in enumerate(self.factors)}
            object.__setattr__(self, "_index_cache", cached)
        return cached

    def weights(self) -> NDArray[np.float64]:
        """Return W with ``W[i, j]`` the signed strength of i -> j (row = cause).

        Parallel links add up; links of unknown sign count as 0.
        """
        matrix = np.zeros((len(self.factors), len(self.factors)))
        for link in self.links:
            matrix[link.source, link.target] += link.sign * link.strength
        return matrix

    def strengths(self) -> NDArray[np.float64]:
        """Return ``|W|``: strengths without signs; parallel links add up."""
        matrix = np.zeros((len(self.factors), len(self.factors)))
        for link in self.links:
            matrix[link.source, link.target] += link.strength
        return matrix


def sort_key(value: Hashable) -> tuple[str, Any]:
    """Return a key that orders ids of mixed types the same way every time."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return (type(value).__name__, repr(value))
    return ("number" if isinstance(value, int | float) else "str", value)


def read_signed(m: MapOrGraph, argument: str = "m") -> SignedGraph:
    """Read a `CausalMap` or a networkx directed graph into a `SignedGraph`.

    On a bare graph the signed edge attribute ``weight`` is read, else ``sign``
    times ``strength`` (default 1). Signs are 1, -1 or None, or as a map shows them:
    ``"+"``, ``"-"``, ``"?"``, ``"±"``. An edge with neither has an unknown sign; an edge of
    weight 0 is no link.

    Raises
    ------
    ValueError
        For an undirected graph, for a weight or strength that is not a finite number
        or a sign that is none, and where weight and sign contradict each other; the
        message names the edge.
    TypeError
        When `m` is neither a map nor a graph.
    """
    if isinstance(m, CausalMap):
        factors: tuple[Hashable, ...] = tuple(sorted(factor.id for factor in m.factors))
        index = {factor: position for position, factor in enumerate(factors)}
        links = [
            SignedLink(
                id=link.id,
                source=index[link.source],
                target=index[link.target],
                sign=link.sign or 0,
                strength=link.strength,
                delayed=link.delay == "long",
            )
            for link in sorted(m.links, key=lambda link: link.id)
        ]
        labels = tuple(m.factor(str(factor)).labels.in_language(m.language) for factor in factors)
        return SignedGraph(factors, tuple(links), labels)
    if not isinstance(m, nx.Graph):
        raise TypeError(
            f"{argument}: expected a CausalMap or a networkx directed graph, got {type(m).__name__}"
        )
    if not m.is_directed():
        raise ValueError(f"{argument}: the graph is undirected; a causal map needs directed links")
    return _read_graph(m)


def _read_graph(graph: nx.Graph[Any]) -> SignedGraph:
    factors = tuple(sorted(graph.nodes, key=sort_key))
    index = {factor: position for position, factor in enumerate(factors)}
    rows: Iterable[tuple[Any, Any, Any, dict[str, Any]]] = (
        [(u, v, key, data) for u, v, key, data in graph.edges(keys=True, data=True)]  # type: ignore[call-overload]
        if graph.is_multigraph()
        else [(u, v, None, data) for u, v, data in graph.edges(data=True)]
    )
    rows = list(rows)
    text_keys = [key for _, _, key, _ in rows if isinstance(key, str)]
    keys_are_ids = bool(text_keys) and len(text_keys) == len(rows) == len(set(text_keys))
    links = []
    for u, v, key, data in rows:
        read = _read_edge(u, v, data)
        if read is None:
            continue
        sign, strength = read
        link_id: Hashable = key if keys_are_ids else ((u, v) if key is None else (u, v, key))
        full = MAX_STRENGTH if data.get("weight") is None else 1.0
        delayed = data.get("delay") in ("long", True)
        links.append(SignedLink(link_id, index[u], index[v], sign, strength, delayed, full))
    links.sort(key=lambda link: sort_key(link.id))
    labels = tuple(str(graph.nodes[factor].get("label") or factor) for factor in factors)
    return SignedGraph(factors, tuple(links), labels)


def _read_edge(u: Any, v: Any, data: dict[str, Any]) -> tuple[int, float] | None:
    sign = sign_in(data.get("sign"), f"sign of {u!r} -> {v!r}")[0] or 0
    weight = data.get("weight")
    if weight is not None:
        value = _number(weight, f"weight of {u!r} -> {v!r}")
        if sign * value < 0:
            raise ValueError(
                f"weight of {u!r} -> {v!r}: {weight!r} contradicts the sign {data['sign']!r}; "
                "keep one of them, or call a weight without a sign strength"
            )
        return None if value == 0 else ((1 if value > 0 else -1), abs(value))
    stated = data.get("strength")
    strength = 1.0 if stated is None else _number(stated, f"strength of {u!r} -> {v!r}")
    if strength < 0:
        raise ValueError(f"strength of {u!r} -> {v!r}: {strength!r} is negative; put the sign in `sign`")
    return None if strength == 0 else (sign, strength)


def _number(value: Any, where: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{where}: {value!r} is not a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{where}: {value!r} is not a finite number")
    return number
