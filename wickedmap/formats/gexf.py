"""GEXF 1.1 to 1.3 for Gephi, with positions and colours; read whatever its namespace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element

from ..causal_map import CausalMap
from .aspects import WHOLE_MAP
from .columns import (
    FACTOR_COLUMNS,
    LINK_COLUMNS,
    column_order,
    factor_fields,
    factor_row,
    link_fields,
    link_row,
    number_text,
)
from .errors import FormatError
from .graph_attributes import SignRule, common_factor, common_link, edge_sign_rule, plain_name
from .graph_parts import add_missing, graphs_to_read
from .picture_colours import TOKENS, domain_colours
from .reading import Draft, Reading
from .signs import read_number
from .xml_reading import attribute, child, child_text, children, content, descendants, name_of, read_xml

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    "focal": "",
    "title_languages": "",
    "odd_ids": "replaced; the old id is kept as a column",
    "control_characters": "shown as U+FFFD",
}
_TYPES: Final = {"strength": "double", "reveal_stage": "integer", "polarity": "integer"}


def write(m: CausalMap) -> bytes:
    """Return the map as GEXF 1.3; weight is the strength, the sign is in ``polarity``."""
    factors = [factor_row(factor, m.language) for factor in m.factors]
    links = []
    for link in m.links:
        row = link_row(link, m.language)
        if link.sign is not None:
            row["polarity"] = str(link.sign)
        links.append(row)
    node_columns = [
        name for name in column_order(FACTOR_COLUMNS, factors) if name not in ("id", "label", "x", "y")
    ]
    edge_columns = [
        name
        for name in (*column_order(LINK_COLUMNS, links), "polarity")
        if name not in ("id", "source", "target", "strength")
    ]
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
        f"<meta><creator>wickedmap</creator><title>{content(m.titles.in_language(m.language))}</title>"
        f"<language>{content(m.language)}</language></meta>\n"
        '<graph defaultedgetype="directed" mode="static">\n'
    ]
    for kind, columns in (("node", node_columns), ("edge", edge_columns)):
        out.append(f'<attributes class="{kind}" mode="static">\n')
        out.extend(
            f'<attribute id="{number}" title={attribute(name)} type="{_TYPES.get(name, "string")}"/>\n'
            for number, name in enumerate(columns)
        )
        out.append("</attributes>\n")
    colours = domain_colours([domain.id for domain in m.domains], "light")
    out.append("<nodes>\n")
    for factor, row in zip(m.factors, factors, strict=True):
        out.append(f"<node id={attribute(row['id'])} label={attribute(row['label'])}>")
        out.append(_values_xml(row, node_columns))
        if factor.position is not None:
            # Gephi's y points up.
            x, y = factor.position
            out.append(f'<viz:position x="{number_text(x)}" y="{number_text(-y)}" z="0"/>')
        if factor.domain in colours:
            out.append(_colour(colours[factor.domain]))
        out.append("</node>\n")
    out.append("</nodes>\n<edges>\n")
    signs = {1: "plus", -1: "minus", None: "unknown"}
    for link, row in zip(m.links, links, strict=True):
        ends = " ".join(f"{name}={attribute(row[name])}" for name in ("id", "source", "target"))
        out.append(f'<edge {ends} label="{link.mark}" weight="{row["strength"]}">')
        out.append(_values_xml(row, edge_columns) + _colour(TOKENS["light"][signs[link.sign]]) + "</edge>\n")
    out.append("</edges>\n</graph>\n</gexf>\n")
    return "".join(out).encode("utf-8", "replace")


def _values_xml(row: Mapping[str, str], columns: list[str]) -> str:
    values = "".join(
        f'<attvalue for="{number}" value={attribute(row[name])}/>'
        for number, name in enumerate(columns)
        if row.get(name)
    )
    return f"<attvalues>{values}</attvalues>" if values else ""


def _colour(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


def read(data: bytes) -> Reading:
    """Return the map in a GEXF file.

    Times (``start``, ``end``, ``spells``) are left out with a notice; nested nodes are
    read as factors of their own, in which cycles of ``pid`` do no harm. A link to a
    node that is not listed makes a factor of that name, as in Gephi.
    """
    root = read_xml(data)
    found = list(children(root, "graph"))
    if name_of(root) != "gexf" or not found:
        raise FormatError("there is no <graph> in the <gexf>", code="missing")
    draft = Draft("gexf")
    ids = [[node.get("id", "") for node in descendants(graph, "node")] for graph in found]
    graphs = found[: graphs_to_read(draft, ids)]
    own = False
    meta = child(root, "meta")
    if meta is not None:
        own = child_text(meta, "creator") == "wickedmap"
        language = child_text(meta, "language")
        if own and language.isalpha() and len(language) <= 3:
            draft.language = language
        draft.title = child_text(meta, "title") or child_text(meta, "Title")
    # networkx puts the name there.
    draft.title = draft.title or graphs[0].get("name") or ""
    if any(
        graph.get("mode") in ("dynamic", "slice") or next(descendants(graph, "spell"), None) is not None
        for graph in graphs
    ):
        draft.note("times", "", "the times of nodes and links are left out")
    nodes = [(node, graph) for graph in graphs for node in descendants(graph, "node")]
    groups = _groups([node for node, _ in nodes])
    if groups:
        draft.note("group", "", "nodes inside others are read as factors of their own")
    columns = {graph: _columns(graph, "node") for graph in graphs}
    for number, (node, graph) in enumerate(nodes, 1):
        _node(draft, node, columns[graph], number, None if own else groups)
    edges = [(edge, graph) for graph in graphs for edge in descendants(graph, "edge")]
    columns = {graph: _columns(graph, "edge") for graph in graphs}
    rows = [_edge_row(edge, columns[graph], own=own) for edge, graph in edges]
    rule = edge_sign_rule(draft, rows)
    for number, ((edge, graph), row) in enumerate(zip(edges, rows, strict=True), 1):
        _edge(draft, edge, row, rule, graph.get("defaultedgetype", "undirected"), number)
    return draft.finish()


def _columns(graph: Element, kind: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for holder in children(graph, "attributes"):
        if holder.get("class") == kind:
            for one in children(holder, "attribute"):
                found[one.get("id", "")] = (one.get("title") or one.get("id") or "", child_text(one, "default"))
    return found


def _values(element: Element, columns: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    row = {name: default for name, default in columns.values() if default}
    # Gephi has also read values that stand in the node itself.
    for holder in (element, *children(element, "attvalues")):
        for value in children(holder, "attvalue"):
            identity = value.get("for") or value.get("id") or ""
            row[columns.get(identity, (identity, ""))[0]] = value.get("value", "")
    for name in ("id", "source", "target"):
        if name in row:
            row[f"{name} in the file"] = row.pop(name)
    return row


def _looks(element: Element) -> dict[str, str]:
    """Return size, colour and style of line, which Gephi's users often give a meaning."""
    row = {}
    shape = child(element, "shape")
    if name_of(element) == "edge" and shape is not None and shape.get("value", "solid") != "solid":
        row["line style"] = shape.get("value", "")
    size, colour = child(element, "size"), child(element, "color")
    if size is not None and read_number(size.get("value", "")) is not None:
        row["size"] = size.get("value", "")
    if colour is not None:
        parts = [colour.get(name, "") for name in "rgb"]
        if all(re.fullmatch("[0-9]{1,3}", part) and int(part) < 256 for part in parts):
            row["colour"] = "#" + "".join(f"{int(part):02x}" for part in parts)
        elif re.fullmatch("#[0-9A-Fa-f]{6}", colour.get("hex", "")):
            row["colour"] = colour.get("hex", "").casefold()
    return row


def _groups(nodes: list[Element]) -> dict[str, str]:
    """Return what the node is called that another lies in, by the other's id: nesting, ``pid`` or parents."""
    labels = {node.get("id", ""): node.get("label") or node.get("id") or "" for node in nodes}
    found = {}
    for node in nodes:
        identity, pid = node.get("id", ""), node.get("pid", "")
        if pid in labels and pid != identity:
            found[identity] = labels[pid]
        parents = [
            labels.get(parent.get("for", ""), "")
            for holder in children(node, "parents")
            for parent in children(holder, "parent")
        ]
        if any(parents):
            found[identity] = "; ".join(filter(None, parents))
        for holder in children(node, "nodes"):
            for one in children(holder, "node"):
                found[one.get("id", "")] = labels[node.get("id", "")]
    return found


def _node(
    draft: Draft,
    node: Element,
    columns: Mapping[str, tuple[str, str]],
    number: int,
    groups: Mapping[str, str] | None,
) -> None:
    identity = node.get("id")
    if not identity:
        raise FormatError("a node has no id", place=f"node {number}", code="missing")
    place = f"node {identity!r}"
    if draft.has_factor(identity):
        draft.note("listed-twice", place, "the node is listed more than once; the first one is kept")
        return
    row = _values(node, columns)
    label = node.get("label") or ""
    row["label"] = label or row.get("label", "")
    if groups is not None:
        row = _looks(node) | row
        if identity in groups:
            row.setdefault("group", groups[identity])
    row = common_factor(row)
    fields = factor_fields(draft, row, place)
    drawn = child(node, "position")
    if drawn is not None:
        x, y = read_number(drawn.get("x", "")), read_number(drawn.get("y", ""))
        fields["position"] = (x, 0.0 - y) if x is not None and y is not None else None
    draft.factor(identity, row["label"], place=place, wanted_id=identity, **fields)


def _edge_row(edge: Element, columns: Mapping[str, tuple[str, str]], *, own: bool) -> dict[str, str]:
    row = _values(edge, columns)
    for name in ("label", "weight", "kind"):
        # A weight that changes with time stands in a column called "Weight".
        same = [one for one in row if plain_name(one) == name]
        if same:
            row[name] = row.pop(same[-1])
        elif edge.get(name):
            row[name] = edge.get(name, "")
    if not own:
        row = {name: value for name, value in _looks(edge).items() if name != "size"} | row
    return row


def _edge(draft: Draft, edge: Element, row: dict[str, str], rule: SignRule, default: str, number: int) -> None:
    identity = edge.get("id") or ""
    place = f"edge {identity!r}" if identity else f"edge {number}"
    source, target = edge.get("source"), edge.get("target")
    if source is None or target is None:
        raise FormatError("an edge lacks source or target", place=place, code="missing")
    if not source or not target:
        draft.note("dangling", place, "the link has no factor at one end; left out")
        return
    add_missing(draft, (source, target), place)
    fields: dict[str, Any] = link_fields(draft, common_link(row, rule), place)
    register = draft.link if (edge.get("type") or default).casefold() == "directed" else draft.mutual
    register(source, target, place=place, wanted_id=identity, **fields)
