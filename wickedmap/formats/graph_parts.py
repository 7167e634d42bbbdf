"""Graphs, nodes and links of other tools' files put into a draft in the same way, whatever the format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .reading import Draft


def graphs_to_read(draft: Draft, ids: Sequence[Iterable[str]]) -> int:
    """Return how many of the graphs in a file are read: all when they share no ids, else the first one.

    Parameters
    ----------
    ids : sequence of iterable of str
        The ids of the nodes of each graph.
    """
    if len(ids) == 1:
        return 1
    apart = [set(of_graph) for of_graph in ids]
    together = set().union(*apart)
    if sum(map(len, apart)) == len(together) and "" not in together:
        draft.note("several-graphs", "", f"the {len(apart)} graphs in the file are read as one map")
        return len(apart)
    left = sum(map(len, apart[1:]))
    draft.note(
        "several-graphs",
        "",
        f"the file has {len(apart)} graphs that share ids; only the first is read, and {left} nodes of the "
        "others are left out. Save each graph in a file of its own to read it",
    )
    return 1


def add_missing(draft: Draft, ends: Iterable[str], place: str) -> None:
    """Make a factor of each end of a link that is not listed in the file, as Gephi and networkx do."""
    for end in ends:
        if not draft.has_factor(end):
            draft.factor(end, end, place=place, wanted_id=end)
            draft.note("missing-node", place, f"the node {end!r} is not listed in the file; it is added")


def draw_link(
    draft: Draft,
    source: str,
    target: str,
    heads: tuple[bool, bool] | None,
    *,
    directed: bool,
    place: str,
    **fields: Any,
) -> None:
    """Register a link as it is drawn: arrowheads stand before what the file says of its direction.

    Parameters
    ----------
    heads : tuple of bool, optional
        Whether there is an arrowhead at the source and at the target, or None when
        the file does not say.
    directed : bool
        Whether the file calls the link directed.
    """
    if heads == (True, False):
        source, target = target, source
        draft.note("turned", place, "the arrowhead is drawn at the other end; the link is turned")
    elif heads == (False, False) and directed:
        draft.note(
            "no-arrowhead", place, "the line is drawn without arrowhead; read in the direction of the file"
        )
    one_way = directed if heads is None or heads == (False, False) else heads != (True, True)
    register = draft.link if one_way else draft.mutual
    register(source, target, place=place, **fields)
