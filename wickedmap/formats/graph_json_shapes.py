"""The many shapes of a graph in JSON: networkx, Cytoscape, D3, graphology, vis.js, JSON Graph Format and kin.

Each is brought to the same form, a list of nodes and a list of edges as flat rows of text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from .columns import joined, number_text
from .errors import MAX_LINKS, FormatError, check_counts
from .signs import read_number

Values = dict[str, Any]

NODES: Final = ("nodes", "vertices", "variables", "factors", "nodeDataArray")
EDGES: Final = ("links", "edges", "relationships", "arcs", "linkDataArray")
_HOLDERS: Final = ("graph", "elements", "network", "data")
_WITHIN: Final = ("data", "attributes", "metadata", "properties")
_ENDS: Final = (
    *(("source", "target"), ("from", "to"), ("fromNode", "toNode"), ("startNode", "endNode")),
    ("start_node_id", "end_node_id"),
    *(("source_id", "target_id"), ("sourceId", "targetId"), ("start", "end"), ("src", "dst")),
)
_KEYS: Final = ("id", "key", "_id")
_NAMES: Final = ("name", "label", "title", "text", "file")
# What a drawing program or a layout needs for itself.
_OF_THE_DRAWING: Final = frozenset(
    {
        *("index", "vx", "vy", "px", "py", "fx", "fy", "SUID", "selected", "removed", "selectable", "locked"),
        *("grabbable", "grabbed", "pannable", "dragging", "positionAbsolute", "measured", "classes"),
        *("position", "pos", "loc", "viz", "graphics", "arrows", "undirected", "directed", "fromEnd", "toEnd"),
    }
)
_LONGEST_OBJECT: Final = 1_000
_LONGEST_LIST: Final = 50_000


@dataclass(slots=True)
class JsonGraph:
    """A graph as its file has it: nodes and edges still in the file's own shape.

    Attributes
    ----------
    directed : bool or None
        None where the file does not say whether its links have a direction.
    y_upwards : bool
        Whether the tool that wrote the file draws a larger y higher up.
    """

    nodes: list[Values]
    edges: list[Values]
    directed: bool | None = None
    title: str = ""
    about: Values = field(default_factory=dict)
    y_upwards: bool = False
    more_graphs: int = 0

    def is_of_vis(self) -> bool:
        """Whether links name their ends as vis.js and PRSM do; so does a graph without links."""
        return all("from" in one or "to" in one for one in self.edges)


def find_graph(whole: Any) -> JsonGraph | None:
    """Return the graph in a JSON value, or None when there is none of these shapes."""
    if isinstance(whole, list):
        return _of_flat_elements(whole, {})
    if not isinstance(whole, dict):
        return None
    if isinstance(whole.get("graphs"), list) and whole["graphs"]:
        first = find_graph({"graph": whole["graphs"][0]})
        if first is not None:
            first.more_graphs = len(whole["graphs"]) - 1
        return first
    if isinstance(whole.get("adjacency"), list):
        return _of_adjacency(whole)
    if isinstance(whole.get("elements"), list):
        return _of_flat_elements(whole["elements"], whole)
    for holder in (None, *_HOLDERS):
        inner = whole if holder is None else whole.get(holder)
        if not isinstance(inner, dict):
            continue
        nodes = next((name for name in NODES if isinstance(inner.get(name), list | dict)), None)
        edges = next((name for name in EDGES if isinstance(inner.get(name), list | dict)), None)
        if nodes is None or (edges is None and holder != "elements"):
            continue
        listed_nodes, listed_edges = inner[nodes], inner[edges] if edges else []
        check_counts(len(listed_nodes), len(listed_edges))
        found = JsonGraph(list(_nodes(listed_nodes)), list(_edges(listed_edges, edges or "edges")))
        _describe(found, whole, inner)
        # The defaults of the JSON Graph Format, and of JSON Canvas, whose lines have an arrow at their end.
        if holder == "graph" or any("fromNode" in one for one in found.edges):
            found.directed = True if found.directed is None else found.directed
        return found
    return None


def _of_flat_elements(values: list[Any], whole: Values) -> JsonGraph | None:
    """Return the graph in Cytoscape.js's list of elements, nodes and edges in any order."""
    if not values or not all(isinstance(one, dict) and isinstance(one.get("data"), dict) for one in values):
        return None
    lines = [one for one in values if one.get("group") == "edges" or "source" in one["data"]]
    nodes = [one for one in values if one.get("group") != "edges" and "source" not in one["data"]]
    check_counts(len(nodes), len(lines))
    found = JsonGraph(nodes, lines)
    _describe(found, whole, whole)
    return found


def _of_adjacency(whole: Values) -> JsonGraph:
    """Return the graph in networkx's adjacency data; a link without direction stands there from both ends."""
    nodes, neighbours = whole.get("nodes"), whole["adjacency"]
    if not isinstance(nodes, list) or len(nodes) != len(neighbours):
        raise FormatError("the lists 'nodes' and 'adjacency' are not equally long", place="adjacency")
    check_counts(len(nodes), 0)
    directed = whole.get("directed") is not False
    edges: list[Values] = []
    seen: set[tuple[str, str, str]] = set()
    for number, (node, row) in enumerate(zip(nodes, neighbours, strict=True)):
        place = f"adjacency[{number}]"
        if not isinstance(node, dict) or not isinstance(row, list):
            raise FormatError("expected a list of neighbours for each node", place=place)
        for other in row:
            if not isinstance(other, dict) or "id" not in other:
                raise FormatError("a neighbour has no id", place=place, code="missing")
            a, b = text_of(node.get("id")), text_of(other["id"])
            key = text_of(other.get("key"))
            if not directed and (b, a, key) in seen:
                continue
            seen.add((a, b, key))
            rest = {name: value for name, value in other.items() if name not in ("id", "key")}
            edges.append({**rest, "source": node.get("id"), "target": other["id"]})
            if len(edges) > MAX_LINKS:
                raise FormatError(f"more than {MAX_LINKS} links; split the map", place=place, code="limit")
    found = JsonGraph(list(_nodes(nodes)), edges, directed)
    _describe(found, whole, whole)
    return found


def _nodes(values: list[Any] | dict[str, Any]) -> Iterator[Values]:
    if isinstance(values, dict):
        values = [
            {"id": key, **value} if isinstance(value, dict) else {"id": key} for key, value in values.items()
        ]
    for number, value in enumerate(values):
        if isinstance(value, dict):
            yield value
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield {"id": value}
        else:
            raise FormatError("expected an object", place=f"nodes[{number}]")


def _edges(values: list[Any] | dict[str, Any], name: str) -> Iterator[Values]:
    if isinstance(values, dict):
        values = [{"id": key, **value} if isinstance(value, dict) else value for key, value in values.items()]
    for number, value in enumerate(values):
        if isinstance(value, list) and len(value) >= 2:
            # A pair, with a weight or with attributes behind it.
            more = value[2] if len(value) > 2 else {}
            rest = more if isinstance(more, dict) else {"weight": more}
            yield {**rest, "source": value[0], "target": value[1]}
        elif isinstance(value, dict):
            yield value
        else:
            raise FormatError("expected an object", place=f"{name}[{number}]")


def _describe(found: JsonGraph, whole: Values, inner: Values) -> None:
    """Put what the file says of the whole graph beside its nodes and edges."""
    about: Values = {}
    for name in ("graph", "data", "attributes", "metadata"):
        values = whole.get(name)
        if isinstance(values, list):
            # networkx writes a list of pairs where Cytoscape has an object.
            pairs = (one for one in values if isinstance(one, list) and len(one) == 2)
            values = {one[0]: one[1] for one in pairs if isinstance(one[0], str)}
        if isinstance(values, dict):
            about |= values
    found.about = about
    for values in (about, inner, whole):
        words = (values.get(name) for name in ("name", "title", "label"))
        found.title = found.title or next((word for word in words if isinstance(word, str) and word), "")
    options = whole.get("options")
    kind = options.get("type") if isinstance(options, dict) else None
    for value in (whole.get("directed"), inner.get("directed")):
        if isinstance(value, bool):
            found.directed = value
    if kind in ("directed", "mixed", "undirected"):
        found.directed = kind != "undirected"
    # graphology has keys for ids, and its attributes beside them.
    keyed = bool(found.nodes) and all("key" in one and "id" not in one for one in found.nodes)
    if keyed and isinstance(whole.get("attributes", whole.get("options")), dict):
        found.y_upwards = True
        found.directed = True if found.directed is None else found.directed


def text_of(value: Any) -> str:
    """Return a JSON value as the text of a cell; lists of plain values joined by "|"."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value) if isinstance(value, float) else str(value)
    if isinstance(value, list) and len(value) > _LONGEST_LIST:
        raise FormatError(f"a list of {len(value)} values; at most {_LONGEST_LIST}", code="limit")
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return joined([text_of(one) for one in value])
    return json.dumps(value, ensure_ascii=False) if value else ""


def flat(thing: Values, *, ours: bool) -> dict[str, str]:
    """Return a node or an edge as one row, with what stands in ``data``, ``attributes`` and the like."""
    values = dict(thing)
    if "data" in values and values.get("group") in ("nodes", "edges"):
        del values["group"]
    for name in () if ours else _WITHIN:
        inner = values.get(name)
        if isinstance(inner, dict):
            del values[name]
            values |= {key: value for key, value in inner.items() if values.get(key) is None}
    row = {}
    for name, value in values.items():
        if name in _OF_THE_DRAWING:
            continue
        text = text_of(value)
        if text.strip() and (ours or not isinstance(value, dict) or len(text) <= _LONGEST_OBJECT):
            row[name] = text
    return row


def position_of(thing: Values) -> tuple[float, float] | None:
    """Return where a node stands, wherever the tool puts it; the middle of a box that has a size."""
    inner = [thing, *(one for name in _WITHIN if isinstance(one := thing.get(name), dict))]
    for values in inner:
        viz = values.get("viz")
        places = [
            *(values.get(name) for name in ("position", "pos", "loc", "graphics")),
            viz.get("position") if isinstance(viz, dict) else None,
            values,
        ]
        for place in places:
            x, y = _two_numbers(place)
            if x is not None and y is not None:
                if place is values and thing.get("type") in ("text", "file", "link", "group"):
                    width, height = _number(thing.get("width")), _number(thing.get("height"))
                    return x + (width or 0.0) / 2, y + (height or 0.0) / 2
                return x, y
    return None


def _two_numbers(place: Any) -> tuple[float | None, float | None]:
    if isinstance(place, str):
        numbers = [read_number(part) for part in place[:100].split()]
        return (numbers[0], numbers[1]) if len(numbers) == 2 else (None, None)
    if isinstance(place, list) and len(place) in (2, 3):
        return _number(place[0]), _number(place[1])
    return (_number(place.get("x")), _number(place.get("y"))) if isinstance(place, dict) else (None, None)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
        return None
    return float(value)


@dataclass(frozen=True, slots=True)
class Ends:
    """How the links of a file name the nodes at their ends.

    Attributes
    ----------
    keys : list of str
        The key of each node, in the order of the file; ``""`` for one that has none.
    by_number : bool
        Whether a link names a node by its number in the list, as D3 once did.
    """

    keys: list[str]
    by_number: bool
    names: tuple[str, str]


def find_ends(graph: JsonGraph) -> Ends:
    """Decide from all nodes and links at once how links name their ends.

    By id where one is given; by number in the list when links hold numbers that are no
    ids; else by name.
    """
    names = next((pair for pair in _ENDS if any(_has(one, pair) for one in graph.edges)), _ENDS[0])
    ends = [text_of(_plain_end(get(one, name))) for one in graph.edges for name in names]
    ids = [next((text for name in _KEYS if (text := text_of(get(one, name)))), "") for one in graph.nodes]
    known = set(ids) - {""}
    numbers = {str(number) for number in range(len(graph.nodes))}
    asked = set(ends) - {""}
    if not asked <= known:
        if asked <= numbers:
            return Ends([str(number) for number in range(len(graph.nodes))], True, names)
        if not known:
            labels = [
                next((text for name in _NAMES if (text := text_of(get(one, name)))), "") for one in graph.nodes
            ]
            return Ends(labels, False, names)
    if not known:
        return Ends([str(number) for number in range(len(graph.nodes))], True, names)
    return Ends(ids, False, names)


def get(thing: Values, name: str) -> Any:
    """Return a value of a node or an edge, from within where it does not stand at the top."""
    if thing.get(name) is not None:
        return thing[name]
    inner = (thing.get(holder) for holder in _WITHIN)
    return next((one[name] for one in inner if isinstance(one, dict) and one.get(name) is not None), None)


def _has(thing: Values, names: Iterable[str]) -> bool:
    return all(get(thing, name) is not None for name in names)


def _plain_end(value: Any) -> Any:
    """Return what names an end; D3 puts the whole node there once it has laid out the graph."""
    if isinstance(value, dict):
        return next((value[name] for name in (*_KEYS, *_NAMES, "index") if value.get(name) is not None), None)
    return value


def end_of(edge: Values, name: str) -> str:
    """Return the key of the node at one end of an edge."""
    return text_of(_plain_end(get(edge, name)))
