"""Which factors chains of influence connect, and with which signs, for all pairs at once."""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from .signed import SignedGraph

__all__ = ["walk_signs"]

_FLIPS = {1: (0,), -1: (1,), 0: (0, 1)}


def walk_signs(graph: SignedGraph) -> NDArray[np.uint8]:
    """Return the signs of all chains of influence between every two factors.

    Parameters
    ----------
    graph : SignedGraph
        A link of unknown sign makes both signs possible from there on.

    Returns
    -------
    array of shape (n, n)
        Row: cause, column: effect, in the order of ``graph.factors``. 0: no chain, 1:
        only positive ones, 2: only negative ones, 3: both. Chains may pass a factor
        twice (walks): the sign sets of simple paths are NP-hard on maps with loops.

    Notes
    -----
    Reachability on the signed double cover (states: factor and parity), over its
    condensation with sets of states as bits: O((n + E) n / 64) and n^2 to write out.

    Examples
    --------
    >>> from wickedmap.graphs.signed import read_signed
    >>> from wickedmap import CausalMap
    >>> walk_signs(read_signed(CausalMap.from_links([("a", "b", -1), ("b", "c", -1)]))).tolist()
    [[0, 2, 1], [0, 0, 2], [0, 0, 0]]
    """
    size = len(graph.factors)
    if not size:
        return np.zeros((0, 0), np.uint8)
    cover: nx.DiGraph[int] = nx.DiGraph()
    cover.add_nodes_from(range(2 * size))
    for link in graph.links:
        for parity in (0, 1):
            for flip in _FLIPS[link.sign]:
                cover.add_edge(2 * link.source + parity, 2 * link.target + (parity ^ flip))
    # In the order of Tarjan's algorithm a component comes after all it leads to.
    reached = [0] * (2 * size)
    for component in nx.strongly_connected_components(cover):
        ahead = 0
        for state in component:
            for following in cover.successors(state):
                ahead |= reached[following] | (1 << following)
        for state in component:
            reached[state] = ahead
    width = (2 * size + 7) // 8
    packed = b"".join(reached[2 * position].to_bytes(width, "little") for position in range(size))
    rows = np.frombuffer(packed, np.uint8).reshape(size, width)
    bits = np.unpackbits(rows, axis=1, count=2 * size, bitorder="little")
    return np.asarray(bits[:, 0::2] | bits[:, 1::2] << 1, dtype=np.uint8)
