"""The parts of a map that can hold loops, and each of them as a simple digraph in arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .signed import SignedGraph

Ints: TypeAlias = NDArray[np.int64]

BLOCK = 1 << 19  # links written out at a time


@dataclass(frozen=True, slots=True)
class Component:
    """A strongly connected part that can hold loops: positions of its factors and inner links."""

    members: Ints
    links: Ints


def link_ends(graph: SignedGraph) -> tuple[Ints, Ints]:
    """Return the positions of the sources and targets of all links, in link order."""
    source = np.fromiter((link.source for link in graph.links), np.int64, len(graph.links))
    target = np.fromiter((link.target for link in graph.links), np.int64, len(graph.links))
    return source, target


def strong_components(graph: SignedGraph, kept: NDArray[np.bool_] | None = None) -> list[Component]:
    """Return each component that can hold a loop, the smallest first.

    `kept` marks the links to look at (default all). A factor alone is left out unless
    it has a self-link. Tarjan (1972), O(V + E), by `scipy.sparse.csgraph`.
    """
    n = len(graph.factors)
    source, target = link_ends(graph)
    position = np.arange(len(source)) if kept is None else np.flatnonzero(kept)
    source, target = source[position], target[position]
    if not len(position):
        return []
    adjacency = coo_array((np.ones(len(position)), (source, target)), shape=(n, n)).tocsr()
    _, label = connected_components(adjacency, directed=True, connection="strong")
    label = label.astype(np.int64)
    within = label[source] == label[target]
    inner, inner_label = position[within], label[source[within]]
    by_label = np.argsort(label, kind="stable")
    edges = np.searchsorted(label[by_label], np.arange(label.max() + 2))
    links_by_label = np.argsort(inner_label, kind="stable")
    link_edges = np.searchsorted(inner_label[links_by_label], np.arange(label.max() + 2))
    found = [
        Component(by_label[edges[i] : edges[i + 1]], inner[links_by_label[link_edges[i] : link_edges[i + 1]]])
        for i in np.unique(inner_label).tolist()
    ]
    return sorted(found, key=lambda part: (len(part.members), int(part.members[0])))


class Projection:
    """One component as a simple digraph: each pair (source, target) once.

    Attributes
    ----------
    start, heads
        Targets of the factor at local position v: ``heads[start[v]:start[v + 1]]``.
        A step is named by its position in `heads` and called a pair.
    first, many
        The links of pair p: ``links[first[p]:first[p] + many[p]]``. Pairs at
        ``len(heads)`` and above are self-links, in `self_pairs`.
    """

    def __init__(self, graph: SignedGraph, component: Component, root: int | None = None) -> None:
        members = component.members
        inner = [graph.links[position] for position in component.links.tolist()]
        source = np.searchsorted(members, [link.source for link in inner])
        target = np.searchsorted(members, [link.target for link in inner])
        degree = np.bincount(np.concatenate((source, target)), minlength=len(members))
        # The busiest factors are roots first: what is left after them is sparse. A given root leads.
        order = np.lexsort((members, -degree, members != (-1 if root is None else root)))
        self.size = len(members)
        local = np.empty(self.size, np.int64)
        local[order] = np.arange(self.size)
        tail, head = local[source], local[target]
        by_pair = np.lexsort((component.links, head, tail, tail == head))
        tail, head, self.links = tail[by_pair], head[by_pair], component.links[by_pair]
        is_first = np.ones(len(tail), bool)
        is_first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        self.first = np.flatnonzero(is_first)
        self.many = np.diff(np.append(self.first, len(tail)))
        tails, heads = tail[self.first], head[self.first]
        steps = tails != heads
        self.self_pairs = np.flatnonzero(~steps)
        self.tails, self.heads = tails[steps], heads[steps]
        self.out_degree = np.bincount(self.tails, minlength=self.size)
        self.start = np.concatenate(([0], np.cumsum(self.out_degree)))
        self._keys = self.tails * self.size + self.heads

    def pair_between(self, tail: Ints, head: Ints) -> Ints:
        """Return the pair of each (tail, head); the pairs must exist."""
        return np.searchsorted(self._keys, tail * self.size + head)

    def link_rows(self, pairs: Ints) -> Iterator[Ints]:
        """Write circuits of pairs out as circuits of links, in blocks.

        Parallel links multiply the rows, so they are counted off, never held at once.
        """
        if not len(pairs):
            return
        if int(self.many.max()) == 1:
            yield self.links[self.first[pairs]]
            return
        limit = max(1, BLOCK // pairs.shape[1])
        choices = self.many[pairs]
        versions = np.prod(choices.astype(np.float64), axis=1)
        at_once = np.maximum(1, np.cumsum(versions) // limit)
        for group in np.split(np.arange(len(pairs)), np.flatnonzero(np.diff(at_once)) + 1):
            if len(group) == 1 and versions[group[0]] > limit:
                yield from self._versions_of_one(pairs[group[0]], choices[group[0]], limit)
                continue
            each = versions[group].astype(np.int64)
            rows = np.repeat(group, each)
            number = np.arange(len(rows)) - np.repeat(np.cumsum(each) - each, each)
            yield self._chosen(pairs[rows], choices[rows], number)

    def _versions_of_one(self, pairs: Ints, choices: Ints, limit: int) -> Iterator[Ints]:
        # The last columns run fastest: fix the first ones and write out blocks of the rest.
        tail_from, block = len(choices), 1
        while tail_from > 0 and block * int(choices[tail_from - 1]) <= limit:
            tail_from -= 1
            block *= int(choices[tail_from])
        digits = [0] * tail_from
        ones = np.zeros(block, np.int64)
        while True:
            fixed = self.links[self.first[pairs[:tail_from]] + np.array(digits, np.int64)]
            rest = self._chosen(
                np.broadcast_to(pairs[tail_from:], (block, len(pairs) - tail_from)),
                np.broadcast_to(choices[tail_from:], (block, len(pairs) - tail_from)),
                np.arange(block),
            )
            yield np.hstack((fixed[None, :] + ones[:, None], rest))
            column = tail_from - 1
            while column >= 0 and digits[column] + 1 == choices[column]:
                digits[column] = 0
                column -= 1
            if column < 0:
                return
            digits[column] += 1

    def _chosen(self, pairs: Ints, choices: Ints, number: Ints) -> Ints:
        rows = np.empty(pairs.shape, np.int64)
        for column in range(pairs.shape[1] - 1, -1, -1):
            number, digit = np.divmod(number, choices[:, column])
            rows[:, column] = self.links[self.first[pairs[:, column]] + digit]
        return rows
