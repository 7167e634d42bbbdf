"""GraphML for yEd, Gephi, Cytoscape, igraph and networkx, in one file.

Written once in every dialect: plain keys with text, whole numbers and numbers for
tools that read data; yEd's own labels, boxes and arrows for tools that draw; an id
on every link. Everything else about the map stands in the graph's own key
``wickedmap``. Read by local name, whatever prefix or namespace is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
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
    common_factor,
    common_link,
    edge_sign_rule,
    rest_of_map,
    with_rest_of_map,
)
from .reading import Draft, Reading
from .signs import read_number
from .xml_reading import attribute, child, children, content, descendants, name_of, read_xml

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

    Raises
    ------
    FormatError
        For hyperedges, ports that links hang on, a link to a node that is not
        there, or XML that is refused.
    """
    root = read_xml(data)
    if name_of(root) != "graphml":
        raise FormatError(f"expected <graphml>, found <{name_of(root)}>", code="syntax")
    graphs = list(descendants(root, "graph"))
    if not graphs:
        raise FormatError("there is no <graph> in the file", code="missing")
    if next(descendants(root, "hyperedge"), None) is not None:
        raise FormatError(
            "hyperedges (links with more than two ends) are not read; split them", code="unsupported"
        )
    keys = _keys(root)
    about = _values(graphs[0], keys)
    language = about.get("language", "nb")
    draft = Draft("graphml", language if language.isalpha() and len(language) <= 3 else "nb")
    draft.title = about.get("title") or about.get("name") or ""
    # Nodes inside a yEd group stand in a graph of their own, below the group's node.
    groups = {
        node.get("id", ""): node for node in descendants(root, "node") if child(node, "graph") is not None
    }
    for number, node in enumerate(descendants(graphs[0], "node"), 1):
        _read_node(draft, node, keys, number, is_group=node.get("id", "") in groups)
    edges = [(graph, edge) for graph in graphs for edge in children(graph, "edge")]
    rows = [_edge_values(edge, keys) for _, edge in edges]
    rule = edge_sign_rule(draft, rows)
    for number, ((graph, edge), row) in enumerate(zip(edges, rows, strict=True), 1):
        _read_edge(draft, graph, edge, row, rule, number)
    return with_rest_of_map(draft, about.get("wickedmap", ""))


Keys = Mapping[str, tuple[str, str, str]]
"""Name, default value and owner ("node", "edge", "all" ...) of each key, by its id."""


def _keys(root: Element) -> dict[str, tuple[str, str, str]]:
    found: dict[str, tuple[str, str, str]] = {}
    for key in descendants(root, "key"):
        identity = key.get("id", "")
        name = key.get("attr.name") or identity
        default = child(key, "default")
        found[identity] = (name, (default.text or "") if default is not None else "", key.get("for", "all"))
    return found


def _values(element: Element, keys: Keys) -> dict[str, str]:
    owners = (name_of(element), "all")
    values = {name: default for name, default, owner in keys.values() if default and owner in owners}
    for data in children(element, "data"):
        identity = data.get("key", "")
        name = keys[identity][0] if identity in keys else identity
        # Graphics have elements inside, and are looked at on their own.
        if len(data) == 0 and data.text:
            values[name] = data.text
    return values


def _texts_of(element: Element, name: str) -> list[str]:
    return [text for one in descendants(element, name) if (text := "".join(one.itertext()).strip())]


def _read_node(draft: Draft, node: Element, keys: Keys, number: int, *, is_group: bool) -> None:
    identity = node.get("id")
    if not identity:
        raise FormatError("a node has no id", place=f"node {number}", code="missing")
    place = f"node {identity!r}"
    graphics = [data for data in children(node, "data") if len(data)]
    row = common_factor(_values(node, keys))
    labels = [text for data in graphics for text in _texts_of(data, "NodeLabel")]
    if is_group:
        draft.note("group", place, "a group of factors is read as a factor of its own")
        row.setdefault("kind", "group")
    shown = row.get("label") or (labels[0] if labels else "")
    if labels and row.get("label") and " ".join(labels[0].split()) != " ".join(row["label"].split()):
        # yEd changes only what it draws: the drawn label is the newer one.
        draft.note("label-drawn", place, f"the drawn label {labels[0]!r} is used instead of {row['label']!r}")
        shown = row["label"] = " ".join(labels[0].split())
    if len(labels) > 1:
        row.setdefault("note", "\n".join(labels[1:]))
        draft.note("more-labels", place, "further labels of the node are kept as its note")
    fields = factor_fields(draft, row, place)
    fields["position"] = _newer(fields["position"], _drawn_at(graphics))
    draft.factor(identity, shown, place=place, wanted_id=identity, **fields)


def _newer(plain: tuple[float, float] | None, drawn: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the drawn position when a tool has moved the box, else the exact one."""
    if plain is None or drawn is None:
        return plain or drawn
    moved = max(abs(plain[0] - drawn[0]), abs(plain[1] - drawn[1])) > 0.01
    return drawn if moved else plain


def _drawn_at(graphics: list[Element]) -> tuple[float, float] | None:
    for data in graphics:
        for geometry in descendants(data, "Geometry"):
            numbers = [read_number(geometry.get(name, "0")) for name in ("x", "y", "width", "height")]
            x, y, width, height = (0.0 if one is None else one for one in numbers)
            if geometry.get("x") is not None and geometry.get("y") is not None:
                return x + width / 2, y + height / 2
    return None


def _edge_values(edge: Element, keys: Keys) -> dict[str, str]:
    row = _values(edge, keys)
    drawn = [text for data in children(edge, "data") if len(data) for text in _texts_of(data, "EdgeLabel")]
    if drawn:
        row.setdefault("drawn label", drawn[0].removesuffix("||").strip() or drawn[0])
    for data in children(edge, "data"):
        for arrows in descendants(data, "Arrows"):
            row["arrows"] = f"{arrows.get('source', 'none')} {arrows.get('target', 'none')}"
    return row


def _read_edge(
    draft: Draft, graph: Element, edge: Element, row: dict[str, str], rule: Any, number: int
) -> None:
    source, target = edge.get("source"), edge.get("target")
    identity = edge.get("id") or ""
    place = f"edge {identity!r}" if identity else f"edge {number}"
    if source is None or target is None:
        raise FormatError("an edge lacks source or target", place=place, code="missing")
    if edge.get("sourceport") or edge.get("targetport"):
        draft.note("port", place, "the port on a node is left out; the link goes to the node")
    directed = edge.get("directed")
    arrows = row.pop("arrows", "")
    undirected = directed == "false" or (directed is None and graph.get("edgedefault") == "undirected")
    source_head, _, target_head = arrows.partition(" ")
    if arrows and source_head != "none" and target_head == "none":
        source, target = target, source
        draft.note("turned", place, "the arrowhead is drawn at the other end; the link is turned")
    two_heads = bool(arrows) and source_head != "none" and target_head not in ("none", "")
    fields = link_fields(draft, common_link(row, rule), place)
    register = draft.mutual if undirected or two_heads else draft.link
    register(source, target, place=place, wanted_id=identity, **fields)
