"""Graphs in JSON: what networkx, Cytoscape, D3, graphology, vis.js and others write; written as node-link data.

The shapes are told apart in `graph_json_shapes`. Written is what networkx reads with
``nx.node_link_graph(json.load(file), edges="edges")``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ..causal_map import CausalMap
from . import strict_json
from .columns import DEFAULTS, factor_fields, factor_row, link_fields, link_row
from .errors import FormatError
from .graph_attributes import (
    SignRule,
    common_factor,
    common_link,
    edge_sign_rule,
)
from .graph_json_shapes import (
    Ends,
    JsonGraph,
    Values,
    end_of,
    find_ends,
    find_graph,
    flat,
    get,
    position_of,
    text_of,
)
from .graph_parts import add_missing, draw_link
from .link_columns import UNDIRECTED
from .prsm import heads_of
from .reading import Draft, Reading
from .rest_of_map import rest_of_map, with_rest_of_map

LOSSES: Final[Mapping[str, str]] = {"odd_ids": "replaced; the old id is kept as a column"}
_LISTS: Final = ("agencies", "members", "aliases")
_OBJECTS: Final = ("phrases", "attributes", "evidence", "counter_evidence")
_NUMBERS: Final = ("x", "y", "strength", "reveal_stage")
_DIRECTIONS: Final = frozenset({"directed", "undirected", "mutual"})


def write(m: CausalMap) -> bytes:
    """Return the map as node-link data; ``polarity`` is 1, -1 or absent, positions have y downwards."""
    nodes = [_plain(factor_row(factor, m.language), factor) for factor in m.factors]
    edges = []
    for link in m.links:
        row = _plain(link_row(link, m.language), link)
        row["key"] = link.id
        if link.sign is not None:
            row["polarity"] = link.sign
        edges.append(row)
    title = m.titles.in_language(m.language)
    whole = {
        "directed": True,
        "multigraph": True,
        "graph": {"name": title, "language": m.language, "wickedmap": rest_of_map(m)},
        "nodes": nodes,
        "edges": edges,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _plain(row: Mapping[str, str], noun: Any) -> Values:
    """Return a row as JSON values: numbers, lists and objects instead of their texts."""
    made: Values = {
        name: value for name, value in row.items() if value != DEFAULTS.get(name) or name == "strength"
    }
    for name in _NUMBERS:
        if name in made:
            made[name] = float(made[name])
    for name in _LISTS:
        if name in made:
            made[name] = list(getattr(noun, name))
    for name in _OBJECTS:
        if name in made:
            made[name] = json.loads(made[name])
    return made


def read(data: bytes) -> Reading:
    """Return the map in a graph of any of these shapes.

    Links of a file that does not say whether they have a direction are read from source
    to target, with a notice. A link to a node that is not listed makes a factor of that
    name, as in networkx.
    """
    graph = find_graph(strict_json.loads(data))
    if graph is None:
        raise FormatError("expected a list of nodes and a list of edges", code="syntax")
    ours = isinstance(graph.about.get("wickedmap"), dict)
    language = graph.about.get("language") if ours else None
    known = isinstance(language, str) and language.isalpha() and len(language) <= 3
    draft = Draft("graph-json", str(language) if known else "nb")
    draft.title = graph.title
    if graph.more_graphs:
        draft.note(
            "several-graphs", "", f"only the first of the {graph.more_graphs + 1} graphs in the file is read"
        )
    if graph.y_upwards:
        draft.note("y-turned", "", "y points up in this format; positions are turned over")
    ends = find_ends(graph)
    if ends.by_number and graph.edges:
        draft.note("ends-by-number", "", "links name their ends by number in the list of nodes, from 0")
    _nodes(draft, graph, ends, ours=ours)
    rows = [flat(edge, ours=ours) for edge in graph.edges]
    for row in rows:
        for name in ends.names:
            row.pop(name, None)
        if "text" in row:
            row.setdefault("label", row.pop("text"))
    rule = edge_sign_rule(draft, rows)
    if graph.edges and graph.directed is None and not any(_arrows(edge) for edge in graph.edges):
        draft.note(
            "no-arrowhead",
            "",
            "the file does not say whether its links have a direction; read from source to target",
        )
    for number, (edge, row) in enumerate(zip(graph.edges, rows, strict=True)):
        _edge(draft, graph, edge, row, rule, ends, number)
    return with_rest_of_map(draft, json.dumps(graph.about["wickedmap"]) if ours else "")


def _nodes(draft: Draft, graph: JsonGraph, ends: Ends, *, ours: bool) -> None:
    parents = [text_of(next(filter(None, (get(one, name) for name in _PARENTS)), None)) for one in graph.nodes]
    groups = set(parents) - {""}
    labels: dict[str, str] = {}
    places = [position_of(one) for one in graph.nodes]
    if len(places) > 1 and set(places) == {(0.0, 0.0)}:
        places = [None] * len(places)
        draft.note("no-positions", "", "all nodes stand at 0, 0; nobody has placed them")
    for number, (node, key) in enumerate(zip(graph.nodes, ends.keys, strict=True)):
        place = f"nodes[{number}]"
        if not key:
            raise FormatError("a node has no id", place=place, code="missing")
        if draft.has_factor(key):
            draft.note("listed-twice", place, f"the id {key!r} is given more than once; the first one is kept")
            continue
        row = flat(node, ours=ours)
        wanted = next((text for name in ("id", "key", "_id") if (text := row.pop(name, ""))), "")
        for name in ("x", "y", *_PARENTS):
            row.pop(name, None)
        # networkx repeats the id for Cytoscape.
        for name in ("value", "name"):
            if not ours and wanted and row.get(name) == wanted:
                del row[name]
        if not ours and (key in groups or row.get("type") == "group"):
            draft.note("group", place, "a group of factors is read as a factor of its own")
            row.setdefault("kind", "group")
        row = common_factor(row)
        label = row.get("label") or row.pop("file", "") or wanted or key
        if not wanted and not ends.by_number and label != key:
            wanted = key
        labels[key] = label
        fields = factor_fields(draft, row, place)
        x_y = places[number]
        fields["position"] = (x_y[0], -x_y[1]) if x_y is not None and graph.y_upwards else x_y
        draft.factor(key, label, place=place, wanted_id=wanted or None, **fields)
    for key, parent in zip(ends.keys, parents, strict=True):
        if parent and not ours:
            draft.add_attributes(key, {"group": labels.get(parent, parent)})


_PARENTS: Final = ("parent", "parentId", "parentNode")


def _arrows(edge: Values) -> bool:
    return "arrows" in edge or "undirected" in edge or get(edge, "directed") is not None


def _edge(
    draft: Draft, graph: JsonGraph, edge: Values, row: dict[str, str], rule: SignRule, ends: Ends, number: int
) -> None:
    place = f"edges[{number}]"
    pair = [end_of(edge, name) for name in ends.names]
    if not all(pair):
        raise FormatError("an edge lacks source or target", place=place, code="missing")
    add_missing(draft, pair, place)
    key = row.pop("key", "")
    # networkx numbers the links between the same two nodes.
    identity = row.pop("id", "") or row.pop("_id", "") or ("" if key.isdecimal() else key)
    directed = graph.directed is not False
    said = text_of(get(edge, "directed")).casefold()
    directed = said == "true" if said in ("true", "false") else directed
    if edge.get("undirected") is True:
        directed = False
    if row.get("type", "").casefold() in _DIRECTIONS and rule.column != "type":
        directed = row.pop("type").casefold() not in UNDIRECTED
    heads = heads_of(edge.get("arrows"))
    if "fromEnd" in edge or "toEnd" in edge:
        heads = edge.get("fromEnd", "none") == "arrow", edge.get("toEnd", "arrow") == "arrow"
    fields = link_fields(draft, common_link(row, rule), place)
    source, target = pair
    draw_link(draft, source, target, heads, directed=directed, place=place, wanted_id=identity, **fields)
