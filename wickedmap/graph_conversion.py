"""A map as a networkx graph: out with every factor and link, in from any directed graph."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from .flat_fields import further_of_factor, further_of_link, joined, languages_of, split, take_texts
from .model import Factor, Link, MapError
from .table_conversion import factor_fields, link_fields, name_of, text_in

if TYPE_CHECKING:
    from .causal_map import CausalMap


_SIGNED: Final = ("sign", "strength", "weight")


def to_networkx(m: CausalMap) -> nx.MultiDiGraph[Any]:
    """Return a map as a graph; see `CausalMap.to_networkx`."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(
        title=m.titles.in_language(m.language), language=m.language, focal=m.focal
    )
    graph.graph.update(languages_of("title", m.titles, m.language))
    # networkx hands edges out by their source; this is the order they had.
    graph.graph["link_order"] = joined(link.id for link in m.links)
    for factor in m.factors:
        attributes: dict[str, Any] = {
            "label": factor.labels.in_language(m.language),
            "definition": factor.definitions.in_language(m.language),
            "domain": factor.domain,
            "valence": factor.valence,
            "kind": factor.kind,
            "agencies": joined(factor.agencies),
            "status": factor.status,
            "reveal_stage": factor.reveal_stage,
        }
        if factor.position is not None:
            attributes["x"], attributes["y"] = factor.position
        graph.add_node(factor.id)
        graph.nodes[factor.id].update(attributes | further_of_factor(factor, m.language))
    for link in m.links:
        graph.add_edge(link.source, link.target, key=link.id)
        graph.edges[link.source, link.target, link.id].update(
            {
                "id": link.id,
                "sign": link.sign,
                "mark": link.mark,
                "strength": link.strength,
                "delay": link.delay,
                "status": link.status,
                "contested": link.contested,
                "reveal_stage": link.reveal_stage,
                "rationale": link.rationale.in_language(m.language),
                **further_of_link(link, m.language),
            }
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
    said = {str(name): text_in(value) for name, value in graph.graph.items() if isinstance(value, str)}
    return {
        "factors": tuple(_factor(names[node], data, tongue) for node, data in graph.nodes(data=True)),
        "links": _in_order(_links_of(graph, names, tongue), split(text_in(graph.graph.get("link_order")))),
        "language": tongue,
        "titles": take_texts(said, "title", text_in(graph.graph.get("title")), tongue),
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
    return Factor(name, **factor_fields(data, name, language, f"node {name!r}"))


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
        signed = {name: data[name] for name in _SIGNED if name in data}
        rest = {name: value for name, value in data.items() if name not in _SIGNED}
        yield Link(link_id, names[u], names[v], **link_fields(rest, signed, language, where))


def _in_order(links: Iterable[Link], known: tuple[str, ...]) -> tuple[Link, ...]:
    place = {link: number for number, link in enumerate(known)}
    return tuple(sorted(links, key=lambda link: place.get(link.id, len(place))))
