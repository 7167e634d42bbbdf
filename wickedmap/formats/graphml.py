"""GraphML for yEd, Gephi, Cytoscape, igraph and networkx, in one file.

Written once in every dialect: plain keys with text, whole numbers and numbers for
tools that read data; yEd's own labels, boxes and arrows for tools that draw; an id
on every link. Everything else about the map stands in the graph's own key
``wickedmap``. Read by local name, whatever prefix or namespace is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from ..causal_map import CausalMap
from ..model import Link
from .columns import (
    DEFAULTS,
    FACTOR_COLUMNS,
    LINK_COLUMNS,
    column_order,
    factor_fields,
    factor_row,
    link_fields,
    link_row,
)
from .errors import FormatError
from .graph_attributes import (
    SignRule,
    common_factor,
    common_link,
    edge_sign_rule,
    plain_name,
    texts_of_link,
)
from .graph_parts import add_missing, draw_link, graphs_to_read
from .reading import Draft, Reading
from .rest_of_map import rest_of_map, with_rest_of_map
from .xml_reading import attribute, child, child_text, children, content, descendants, name_of, read_xml
from .yed_drawing import (
    centre_of,
    colour_of,
    drawings_of,
    heads_of,
    labels_of,
    line_style_of,
    shared_parts,
    sign_of_head,
)

LOSSES: Final[Mapping[str, str]] = {
    "odd_ids": "replaced; the old id is kept as a column",
    "control_characters": "shown as U+FFFD",
}
_TYPES: Final = {"x": "double", "y": "double", "strength": "double", "reveal_stage": "int", "polarity": "int"}
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">
"""


def write(m: CausalMap) -> bytes:
    """Return the map as GraphML text in UTF-8."""
    factors = [factor_row(factor, m.language) for factor in m.factors]
    links = [_edge_row(link, m.language) for link in m.links]
    node_keys = [name for name in column_order(FACTOR_COLUMNS, factors) if name != "id"]
    ends = ("id", "source", "target")
    edge_keys = ["polarity", "label", *(name for name in column_order(LINK_COLUMNS, links) if name not in ends)]
    out = [_HEAD]
    for name in ("title", "language", "wickedmap"):
        out.append(f'<key id="g_{name}" for="graph" attr.name="{name}" attr.type="string"/>\n')
    for owner, prefix, names in (("node", "n", node_keys), ("edge", "e", edge_keys)):
        for number, name in enumerate(names):
            kind = _TYPES.get(name, "string")
            default = f"<default>{DEFAULTS[name]}</default>" if name in DEFAULTS else ""
            out.append(
                f'<key id="{prefix}{number}" for="{owner}" attr.name={attribute(name)} '
                f'attr.type="{kind}">{default}</key>\n'
            )
    out.append('<key id="n_graphics" for="node" yfiles.type="nodegraphics"/>\n')
    out.append('<key id="e_graphics" for="edge" yfiles.type="edgegraphics"/>\n')
    out.append('<graph id="G" edgedefault="directed">\n')
    out.append(_data("g_title", m.titles.in_language(m.language)) + _data("g_language", m.language))
    out.append(_data("g_wickedmap", json.dumps(rest_of_map(m), ensure_ascii=False)) + "\n")
    for row in factors:
        out.append(f"<node id={attribute(row['id'])}>")
        out.extend(_columns_xml("n", node_keys, row))
        out.append(_yed_node(row))
        out.append("</node>\n")
    for row in links:
        ids = " ".join(f"{name}={attribute(row[name])}" for name in ends)
        out.append(f"<edge {ids}>")
        out.extend(_columns_xml("e", edge_keys, row))
        out.append(_yed_edge(row["label"], row.get("delay", "")))
        out.append("</edge>\n")
    out.append("</graph>\n</graphml>\n")
    return "".join(out).encode("utf-8", "replace")


def _columns_xml(prefix: str, names: list[str], row: Mapping[str, str]) -> Iterator[str]:
    for number, name in enumerate(names):
        value = row.get(name, "")
        if value and value != DEFAULTS.get(name):
            yield _data(f"{prefix}{number}", value)


def _edge_row(link: Link, language: str) -> dict[str, str]:
    row = link_row(link, language)
    row["label"] = link.mark
    if link.sign is not None:
        row["polarity"] = str(link.sign)
    return row


def _data(key: str, text: str) -> str:
    return f"<data key={attribute(key)}>{content(text)}</data>" if text else ""


def _yed_node(row: Mapping[str, str]) -> str:
    label = row["label"]
    width = max(90, min(240, 9 * min(len(label), 22) + 24))
    height = 30 + 16 * ((len(label) - 1) // 22)
    corner = ""
    if "x" in row:
        corner = f' x="{float(row["x"]) - width / 2}" y="{float(row["y"]) - height / 2}"'
    return (
        '<data key="n_graphics"><y:ShapeNode>'
        f'<y:Geometry height="{height}" width="{width}"{corner}/>'
        f'<y:NodeLabel>{content(label)}</y:NodeLabel><y:Shape type="roundrectangle"/>'
        "</y:ShapeNode></data>"
    )


def _yed_edge(mark: str, delay: str) -> str:
    style = {"−": "dashed", "?": "dotted", "±": "dashed_dotted"}.get(mark, "line")
    shown = f"{mark} ||" if delay else mark
    return (
        f'<data key="e_graphics"><y:ArcEdge><y:LineStyle type="{style}"/>'
        f'<y:Arrows source="none" target="standard"/><y:EdgeLabel>{content(shown)}</y:EdgeLabel>'
        "</y:ArcEdge></data>"
    )


def read(data: bytes) -> Reading:
    """Return the map in a GraphML file, whatever tool wrote it.

    A link to a node that is not listed makes a factor of that name, as in Gephi and
    networkx; a node that is listed twice is one factor. Both are reported.

    Raises
    ------
    FormatError
        For hyperedges, nodes without id, or XML that is refused.
    """
    root = read_xml(data)
    if name_of(root) != "graphml":
        raise FormatError(f"expected <graphml>, found <{name_of(root)}>", code="syntax")
    first = next(descendants(root, "graph"), None)
    if first is None:
        raise FormatError("there is no <graph> in the file", code="missing")
    if next(descendants(root, "hyperedge"), None) is not None:
        raise FormatError(
            "hyperedges (links with more than two ends) are not read; split them", code="unsupported"
        )
    keys = _keys(root)
    about = _values(first, keys)
    language = about.get("language", "nb")
    draft = Draft("graphml", language if language.isalpha() and len(language) <= 3 else "nb")
    draft.title = about.get("title") or about.get("name") or ""
    origin = _Origin(
        keys,
        own="wickedmap" in about,
        y_upwards=keys.get("edgelabel", {}).get("edge", ("",))[0] == "Edge Label",
        shared=shared_parts(root),
    )
    if origin.y_upwards:
        draft.note("y-turned", "", "this is a file of Gephi's, where y points up; positions are turned over")
    tops = list(children(root, "graph")) or [first]
    tops = tops[: graphs_to_read(draft, [_ids(graph) for graph in tops])]
    for number, node in enumerate((node for top in tops for node in descendants(top, "node")), 1):
        _read_node(draft, node, origin, number)
    # Edges inside a yEd group stand in a graph of their own, below the group's node.
    edges = [
        (graph, edge) for top in tops for graph in descendants(top, "graph") for edge in children(graph, "edge")
    ]
    rows = [_edge_values(edge, origin) for _, edge in edges]
    rule = edge_sign_rule(draft, rows)
    for number, ((graph, edge), row) in enumerate(zip(edges, rows, strict=True), 1):
        _read_edge(draft, graph, edge, row, rule, origin, number)
    if any(_says_nothing_of_direction(graph, edge, origin) for graph, edge in edges):
        draft.note(
            "no-arrowhead",
            "",
            "the file does not say whether lines have a direction; read in the direction of the file",
        )
    if any(edge.get("sourceport") or edge.get("targetport") for _, edge in edges):
        draft.note("port", "", "links that hang on a port of a node go to the node; the ports are left out")
    return with_rest_of_map(draft, about.get("wickedmap", ""))


Keys = Mapping[str, Mapping[str, tuple[str, str]]]
"""Name and default value of each key, by its id and its owner ("node", "edge", "all" ...)."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """What must be known of a file to read its nodes and edges."""

    keys: Keys
    own: bool
    y_upwards: bool
    shared: Mapping[str, Element]
    """What yEd Live writes once for all nodes and edges."""
    groups: dict[str, str] = field(default_factory=dict)
    """Label of the group that a node is in, by the node's id."""


def _ids(graph: Element) -> list[str]:
    return [node.get("id", "") for node in descendants(graph, "node")]


def _keys(root: Element) -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for key in descendants(root, "key"):
        identity = key.get("id", "")
        default = child(key, "default")
        text = (default.text or "").strip() if default is not None else ""
        # How yEd Live draws things: "zOrder", "Expanded".
        drawn = any(name.endswith("attr.uri") for name in key.attrib)
        name = "" if drawn else key.get("attr.name") or identity
        found.setdefault(identity, {})[key.get("for", "all")] = (name, text)
    return found


def _values(element: Element, keys: Keys) -> dict[str, str]:
    owners = (name_of(element), "all")
    values = {
        name: default
        for by_owner in keys.values()
        for owner, (name, default) in by_owner.items()
        if default and name and owner in owners
    }
    for data in children(element, "data"):
        identity = data.get("key", "")
        by_owner = keys.get(identity, {})
        name, _ = next((by_owner[owner] for owner in (*owners, *by_owner) if owner in by_owner), (identity, ""))
        # Drawings have elements inside, and are looked at on their own.
        if name and len(data) == 0 and data.text and data.text.strip():
            values[name] = data.text
    return values


def _read_node(draft: Draft, node: Element, origin: _Origin, number: int) -> None:
    identity = node.get("id")
    if not identity:
        raise FormatError("a node has no id", place=f"node {number}", code="missing")
    place = f"node {identity!r}"
    if draft.has_factor(identity):
        draft.note("listed-twice", place, "the node is listed more than once; the first one is kept")
        return
    drawings = drawings_of(node)
    values = _values(node, origin.keys)
    if not origin.own:
        _add_what_tools_put_elsewhere(values, node)
        values |= {"colour": colour} if (colour := colour_of(drawings, "Fill")) else {}
    row = common_factor(values)
    labels = labels_of(drawings)
    inside = child(node, "graph")
    if inside is not None:
        draft.note("group", place, "a group of factors is read as a factor of its own")
        row.setdefault("kind", "group")
    shown = row.get("label") or (labels[0] if labels else "")
    if labels and row.get("label") and " ".join(labels[0].split()) != " ".join(row["label"].split()):
        # yEd changes only what it draws: the drawn label is the newer one.
        draft.note("label-drawn", place, f"the drawn label {labels[0]!r} is used instead of {row['label']!r}")
        shown = row["label"] = " ".join(labels[0].split())
    # Nodes inside a yEd group stand in a graph of their own, below the group's node.
    for one in children(inside, "node") if inside is not None else ():
        origin.groups.setdefault(one.get("id", ""), shown or identity)
    if identity in origin.groups and not origin.own:
        row.setdefault("group", origin.groups[identity])
    if len(labels) > 1:
        row["note"] = "\n".join((*labels[1:], *([row["note"]] if row.get("note") else [])))
        draft.note("more-labels", place, "further labels of the node are kept as its note")
    fields = factor_fields(draft, row, place)
    plain = fields["position"]
    if origin.y_upwards and plain is not None:
        plain = (plain[0], 0.0 - plain[1])
    fields["position"] = _newer(plain, centre_of(drawings))
    draft.factor(identity, shown, place=place, wanted_id=identity, **fields)


def _add_what_tools_put_elsewhere(values: dict[str, str], element: Element) -> None:
    """Add what stands in a description or in attributes, as Gephi, Neo4j and others have it."""
    for name in ("id", "source", "target"):
        if name in values and (name_of(element) == "edge" or (name == "id" and _has_label(values))):
            values[f"{name} in the file"] = values.pop(name)
    description = child_text(element, "desc")
    if description:
        column = "description" if _has_label(values) or name_of(element) == "edge" else "label"
        values.setdefault(column, description)
    for name, column in (("label", "label"), ("labels", "type"), ("name", "name"), ("weight", "weight")):
        text = (element.get(name) or "").strip().lstrip(":")
        if text and not any(plain_name(one) == column for one in values):
            values[column] = text


def _has_label(values: Mapping[str, str]) -> bool:
    return any(plain_name(name) in ("label", "name", "shared name", "title") for name in values)


def _newer(plain: tuple[float, float] | None, drawn: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the drawn position when a tool has moved the box, else the exact one."""
    if plain is None or drawn is None:
        return plain or drawn
    moved = max(abs(plain[0] - drawn[0]), abs(plain[1] - drawn[1])) > 0.01
    return drawn if moved else plain


def _edge_values(edge: Element, origin: _Origin) -> dict[str, str]:
    row = _values(edge, origin.keys)
    drawings = drawings_of(edge)
    if not origin.own:
        _add_what_tools_put_elsewhere(row, edge)
        row |= {"colour": colour} if (colour := colour_of(drawings, "LineStyle")) else {}
        row |= {"line style": style} if (style := line_style_of(drawings)) else {}
    drawn = texts_of_link(labels_of(drawings))
    if origin.own:
        drawn.pop("delay", "")
    elif minus := sign_of_head((heads_of(drawings, origin.shared) or ("", ""))[1]):
        drawn.setdefault("drawn label", minus)
    return drawn | row


def _read_edge(
    draft: Draft,
    graph: Element,
    edge: Element,
    row: dict[str, str],
    rule: SignRule,
    origin: _Origin,
    number: int,
) -> None:
    source, target = edge.get("source"), edge.get("target")
    identity = edge.get("id") or ""
    place = f"edge {identity!r}" if identity else f"edge {number}"
    if source is None or target is None:
        raise FormatError("an edge lacks source or target", place=place, code="missing")
    if not source or not target:
        draft.note("dangling", place, "the link has no factor at one end; left out")
        return
    add_missing(draft, (source, target), place)
    drawn = heads_of(drawings_of(edge), origin.shared)
    heads = (drawn[0] not in ("none", ""), drawn[1] not in ("none", "")) if drawn else None
    directed = _directed(edge, graph)
    fields = link_fields(draft, common_link(row, rule), place)
    draw_link(draft, source, target, heads, directed=directed, place=place, wanted_id=identity, **fields)


def _says_nothing_of_direction(graph: Element, edge: Element, origin: _Origin) -> bool:
    return not (graph.get("edgedefault") or edge.get("directed") or heads_of(drawings_of(edge), origin.shared))


def _directed(edge: Element, graph: Element) -> bool:
    own = edge.get("directed", "").casefold()
    return own in ("true", "1") if own else graph.get("edgedefault", "").casefold() != "undirected"
