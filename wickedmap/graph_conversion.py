"""A map as a networkx graph: out with every factor and link, in from any directed graph."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from .model import Factor, Link, MapError
from .table_conversion import (
    delay_in,
    missing,
    name_of,
    place_in,
    signed_in,
    stage_in,
    text_in,
    valence_in,
    yes_or_no,
)
from .text import Texts

if TYPE_CHECKING:
    from .causal_map import CausalMap

_OF_NODES: Final = frozenset(
    ("id", "label", "definition", "domain", "valence", "kind", "agencies", "status", "reveal_stage", "x", "y")
)
_OF_EDGES: Final = frozenset(
    ("id", "sign", "mark", "strength", "weight", "delay", "status", "contested", "reveal_stage", "rationale")
)


def to_networkx(m: CausalMap) -> nx.MultiDiGraph[Any]:
    """Return a map as a graph; see `CausalMap.to_networkx`."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(title=m.title, language=m.language, focal=m.focal)
    for factor in m.factors:
        attributes: dict[str, Any] = {
            "label": factor.labels.in_language(m.language),
            "definition": factor.definitions.in_language(m.language),
            "domain": factor.domain,
            "valence": factor.valence,
            "kind": factor.kind,
            "agencies": "|".join(factor.agencies),
            "status": factor.status,
            "reveal_stage": factor.reveal_stage,
        }
        if factor.position is not None:
            attributes["x"], attributes["y"] = factor.position
        graph.add_node(factor.id, **attributes)
    for link in m.links:
        graph.add_edge(
            link.source,
            link.target,
            key=link.id,
            id=link.id,
            sign=link.sign,
            mark=link.mark,
            strength=link.strength,
            delay=link.delay,
            status=link.status,
            contested=link.contested,
            reveal_stage=link.reveal_stage,
            rationale=link.rationale.in_language(m.language),
        )
    return graph


def read_graph(graph: nx.Graph[Any], language: str | None) -> dict[str, Any]:
    """Return the fields of a map made of a graph; see `CausalMap.from_networkx`."""
    if not isinstance(graph, nx.Graph):
        raise TypeError(f"graph: expected a networkx directed graph, got {type(graph).__name__}")
    if not graph.is_directed():
        raise ValueError("graph: a causal map is directed; choose a direction for each link first")
    tongue = language or text_in(graph.graph.get("language")) or "nb"
    names = _names_of(graph)
    focal = text_in(graph.graph.get("focal"))
    title = text_in(graph.graph.get("title"))
    return {
        "factors": tuple(_factor(names[node], data, tongue) for node, data in graph.nodes(data=True)),
        "links": tuple(_links_of(graph, names, tongue)),
        "language": tongue,
        "titles": Texts({tongue: title}),
        "focal": focal if focal in names.values() else "",
    }


def _names_of(graph: nx.Graph[Any]) -> dict[Hashable, str]:
    names: dict[Hashable, str] = {}
    nodes: dict[str, Hashable] = {}
    for node in graph:
        name = name_of(node, f"node {node!r}")
        if name in nodes:
            raise MapError(
                f"node {node!r}",
                f"it gets the same id as node {nodes[name]!r}; networkx.relabel_nodes renames one",
            )
        names[node], nodes[name] = name, node
    return names


def _factor(name: str, data: dict[str, Any], language: str) -> Factor:
    where = f"node {name!r}"
    agencies = data.get("agencies")
    if not isinstance(agencies, list | tuple):
        agencies = [part for part in text_in(agencies).split("|") if part]
    return Factor(
        id=name,
        labels=Texts({language: text_in(data.get("label")) or name}),
        definitions=Texts({language: text_in(data.get("definition"))}),
        domain=text_in(data.get("domain")),
        valence=valence_in(data.get("valence"), f"{where} valence"),
        kind=text_in(data.get("kind")) or "state",
        agencies=tuple(map(str, agencies)),
        status=text_in(data.get("status")) or "own",
        reveal_stage=stage_in(data.get("reveal_stage"), f"{where} reveal_stage"),
        position=place_in(data.get("x"), data.get("y"), where),
        attributes=_further(data, _OF_NODES),
    )


def _links_of(graph: nx.Graph[Any], names: dict[Hashable, str], language: str) -> Iterator[Link]:
    taken: set[str] = set()
    edges = (
        ((u, v, key, data) for u, v, key, data in graph.edges(keys=True, data=True))  # type: ignore[call-overload]
        if graph.is_multigraph()
        else ((u, v, None, data) for u, v, data in graph.edges(data=True))
    )
    for number, (u, v, key, data) in enumerate(edges, start=1):
        where = f"edge {u!r} -> {v!r}"
        wanted = text_in(data.get("id")) or (key if isinstance(key, str) and key else f"L{number}")
        link_id, suffix = wanted, 2
        while link_id in taken:
            link_id, suffix = f"{wanted}.{suffix}", suffix + 1
        taken.add(link_id)
        sign, both, strength = signed_in(data, where)
        yield Link(
            id=link_id,
            source=names[u],
            target=names[v],
            sign=sign,
            both_signs=both or (data.get("mark") == "±" and sign is None),
            strength=strength,
            delay=delay_in(data.get("delay"), f"{where} delay"),
            status=text_in(data.get("status")) or "own",
            contested=yes_or_no(data.get("contested"), f"{where} contested"),
            reveal_stage=stage_in(data.get("reveal_stage"), f"{where} reveal_stage"),
            rationale=Texts({language: text_in(data.get("rationale"))}),
            attributes=_further(data, _OF_EDGES),
        )


def _further(data: dict[str, Any], known: frozenset[str]) -> dict[str, str]:
    return {
        str(key): str(value)
        for key, value in data.items()
        if key not in known and isinstance(value, str | int | float) and not missing(value)
    }
