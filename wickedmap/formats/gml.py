"""GML (Graph Modelling Language), as yEd, Gephi, igraph and networkx write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

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
)
from .errors import FormatError
from .gml_parsing import Block, parse, without_java_escapes
from .graph_attributes import SignRule, common_factor, common_link, edge_sign_rule, texts_of_link
from .graph_parts import add_missing, draw_link, graphs_to_read
from .reading import Draft, Reading
from .signs import read_number
from .tables import decode_table
from .yed_drawing import chosen_colour, shown_text, sign_of_head

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    "focal": "",
    "title_languages": "",
    "odd_ids": "replaced",
}
_NUMBERS: Final = frozenset({"x", "y", "strength", "reveal_stage", "polarity"})
_IDENTITY: Final = "wickedmapId"


def write(m: CausalMap) -> bytes:
    """Return the map as GML in ASCII, with entities for other letters as the format wants."""
    numbers = {factor.id: number for number, factor in enumerate(m.factors)}
    factors = [factor_row(factor, m.language) for factor in m.factors]
    links = [link_row(link, m.language) for link in m.links]
    out = ['Creator "wickedmap"', "graph [", "  directed 1", "  multigraph 1"]
    out.append(f'  title "{_escaped(m.titles.in_language(m.language))}"')
    out.append(f'  language "{_escaped(m.language)}"')
    node_columns = [name for name in column_order(FACTOR_COLUMNS, factors) if name != "id"]
    for row in factors:
        out.append(f"  node [\n    id {numbers[row['id']]}")
        out.append(f'    {_IDENTITY} "{_escaped(row["id"])}"')
        out.extend(_line(name, row[name]) for name in node_columns if row.get(name))
        if "x" in row:
            out.append(f"    graphics [\n      x {row['x']}\n      y {row['y']}\n    ]")
        out.append("  ]")
    edge_columns = [
        name for name in column_order(LINK_COLUMNS, links) if name not in ("id", "source", "target")
    ]
    for link, row in zip(m.links, links, strict=True):
        out.append(f"  edge [\n    source {numbers[row['source']]}\n    target {numbers[row['target']]}")
        out.append(f'    {_IDENTITY} "{_escaped(row["id"])}"')
        out.append(f'    label "{_escaped(link.mark)}"')
        out.extend(_line(name, row[name]) for name in edge_columns if row.get(name))
        out.append("  ]")
    return "\n".join([*out, "]", ""]).encode("ascii", "replace")


def _line(name: str, text: str) -> str:
    return f"    {name} {text}" if name in _NUMBERS else f'    {name} "{_escaped(text)}"'


def _escaped(text: str) -> str:
    return "".join(
        letter if " " <= letter <= "~" and letter not in '&"' else f"&#{ord(letter)};" for letter in text
    )


def read(data: bytes) -> Reading:
    """Return the map in a GML file.

    Several graphs are one map when they share no ids; else the first is read. A node that
    is listed twice is one factor, and a link to a node that is not listed makes a factor.
    All this is reported.

    Raises
    ------
    FormatError
        With the line of what is wrong.
    """
    draft = Draft("gml")
    text = decode_table(data, draft)
    whole = parse(text)
    graphs = [value for key, value in whole if key.casefold() == "graph" and isinstance(value, Block)]
    if not graphs:
        raise FormatError("there is no graph [ ... ] in the file", code="missing")
    about = _flat(whole) | _flat(graphs[0])
    creator = about.get("Creator", "").casefold()
    if creator.startswith("jgrapht") and text.isascii():
        without_java_escapes(whole)
        about = _flat(whole) | _flat(graphs[0])
    draft.title = about.get("title") or about.get("label") or about.get("name") or ""
    if about.get("language", "").isalpha() and len(about["language"]) <= 3:
        draft.language = about["language"]
    ids = [[_flat(node).get("id", "") for node in _blocks(graph, "node")] for graph in graphs]
    graphs = graphs[: graphs_to_read(draft, ids)]
    nodes = [value for graph in graphs for value in _blocks(graph, "node")]
    edges = [value for graph in graphs for value in _blocks(graph, "edge")]
    tool = _tool(creator, about, nodes)
    if tool == "Graphviz":
        _without_graphviz_marks([*nodes, *edges])
    turned = tool in ("Gephi", "Graphviz", "Tulip") and any(
        _within(values, "graphics").keys() >= {"x", "y"} for values in nodes
    )
    if turned:
        draft.note("y-turned", "", f"this is a file of {tool}'s, where y points up; positions are turned over")
    fills = {_within(values, "graphics").get("fill", "") for values in nodes}
    own = about.get("Creator") == "wickedmap"
    groups = {} if own else {_flat(values).get("id", ""): _shown_label(values) for values in nodes}
    for values in nodes:
        _node(draft, values, groups, turned=turned, coloured=len(fills) > 1 and not own)
    drawn = not own and any(_within(values, "LabelGraphics").get("text") for values in edges)
    rows = [_flat(values) if own else _edge_row(values, drawn=drawn) for values in edges]
    rule = edge_sign_rule(draft, rows)
    directed: bool | None = about.get("directed") == "1"
    if "directed" not in about and tool == "Cytoscape":
        directed = None
    unclear = False
    for values, row in zip(edges, rows, strict=True):
        way = _flat(values).get("directed")
        heads = _heads(values, tool)
        if tool == "Graphviz" and heads == (False, False):
            # DOT draws heads unless they are taken away: dir=none says that there is no direction.
            heads, way = None, "0"
        unclear = unclear or (directed is None and heads is None)
        _edge(draft, values, row, rule, heads, directed=directed is not False if way is None else way == "1")
    if unclear:
        draft.note(
            "no-arrowhead",
            "",
            "Cytoscape does not say which lines have arrows; read in the direction of the file",
        )
    return draft.finish()


def _blocks(graph: Block, name: str) -> list[Block]:
    return [value for key, value in graph if key.casefold() == name and isinstance(value, Block)]


def _flat(values: Block) -> dict[str, str]:
    return {key: value for key, value in values if isinstance(value, str)}


def _within(values: Block, *names: str) -> dict[str, str]:
    """Return what a block inside a node or edge holds, or a block inside that block."""
    for name in names:
        values = next((value for key, value in values if key == name and isinstance(value, Block)), Block())
    return _flat(values)


def _tool(creator: str, about: Mapping[str, str], nodes: Sequence[Block]) -> str:
    """Return the tool that wrote the file when it is one that has ways of its own."""
    for name in ("Gephi", "Cytoscape", "yFiles"):
        if creator.startswith(name.casefold()):
            return name
    if about.get("version") == "2" and not creator:
        if list(about)[:2] == ["version", "directed"] and all("name" in _flat(values) for values in nodes):
            return "Graphviz"
        if any(_within(values, "graphics").keys() >= {"x", "y", "z", "d", "outline"} for values in nodes):
            return "Tulip"
    return ""


def _without_graphviz_marks(blocks: Sequence[Block]) -> None:
    r"""Read ``\n``, ``\l`` and ``\r`` in labels as line ends, and labels at an arrow's ends as its label."""
    for block in blocks:
        for name in ("headlabel", "xlabel", "taillabel"):
            if (text := _flat(block).get(name)) and not _flat(block).get("label"):
                block.append(("label", text))
        for number, (key, value) in enumerate(block):
            if isinstance(value, Block):
                _without_graphviz_marks([value])
            elif key in ("label", "text"):
                block[number] = (key, re.sub(r"\\[nlr]", "\n", value))


def _shown_label(values: Block) -> str:
    """Return the label that yEd draws, which stands in a block of its own, or else the plain one."""
    return shown_text(_within(values, "LabelGraphics").get("text", "")) or shown_text(
        _flat(values).get("label", "")
    )


def _more_labels(values: Block) -> list[str]:
    blocks = [value for key, value in values if key == "LabelGraphics" and isinstance(value, Block)]
    return [text for one in blocks[1:] if (text := shown_text(_flat(one).get("text", "")))]


def _node(draft: Draft, values: Block, groups: Mapping[str, str], *, turned: bool, coloured: bool) -> None:
    place = f"line {values.line}"
    row = _flat(values)
    key = row.pop("id", "")
    if not key:
        raise FormatError("a node has no id", place=place, code="missing")
    if draft.has_factor(key):
        draft.note("listed-twice", place, "the node is listed more than once; the first one is kept")
        return
    if label := _shown_label(values):
        row["label"] = label
    identity = row.pop(_IDENTITY, "") or key
    for place_of in (
        _within(values, "graphics"),
        _within(values, "graphics", "center"),
        _within(values, "pos"),
    ):
        if place_of.keys() >= {"x", "y"}:
            row.setdefault("x", place_of["x"])
            row.setdefault("y", place_of["y"])
            break
    if row.pop("isGroup", "") == "1":
        draft.note("group", place, "a group of factors is read as a factor of its own")
        row.setdefault("kind", "group")
    if "gid" in row and row["gid"] in groups:
        group = row.pop("gid")
        row.setdefault("group", groups[group] or group)
    if coloured and (colour := chosen_colour(_within(values, "graphics").get("fill", ""))):
        row.setdefault("colour", colour)
    if more := _more_labels(values):
        row["note"] = "\n".join((*more, *([row["note"]] if row.get("note") else [])))
        draft.note("more-labels", place, "further labels of the node are kept as its note")
    row = common_factor(row)
    fields = factor_fields(draft, row, place)
    if turned and fields["position"] is not None:
        x, y = fields["position"]
        fields["position"] = (x, 0.0 - y)
    draft.factor(key, row.get("label") or identity, place=place, wanted_id=identity, **fields)


def _edge_row(values: Block, *, drawn: bool) -> dict[str, str]:
    row = _flat(values)
    if drawn:
        texts = (_shown_label(values), *_more_labels(values), shown_text(row.pop("label", "")))
        row |= texts_of_link([text for text in dict.fromkeys(texts) if text])
    graphics = _within(values, "graphics")
    if minus := sign_of_head(graphics.get("targetArrow", "")):
        row.setdefault("drawn label", minus)
    # Newman's networks and Gephi call the weight so.
    if "weight" not in row and read_number(row.get("value", "")) is not None:
        row["weight"] = row.pop("value")
    if colour := chosen_colour(row.pop("fill", "") or graphics.get("fill", "")):
        row.setdefault("colour", colour)
    if (style := graphics.get("style", "line")) != "line":
        row.setdefault("line style", style)
    return row


def _heads(values: Block, tool: str) -> tuple[bool, bool] | None:
    """Return whether arrowheads are drawn at source and target, or None when the file does not say."""
    graphics = _within(values, "graphics")
    if "arrow" in graphics:
        source, target = graphics["arrow"] in ("first", "both"), graphics["arrow"] in ("last", "both")
        # gv2gml says "first" of an edge that runs forward.
        return (target, source) if tool == "Graphviz" else (source, target)
    if tool == "Graphviz":
        return None
    # yEd leaves out what is not drawn; Cytoscape numbers its heads, with 0 for none.
    for names in (("sourceArrow", "targetArrow"), ("source_arrow", "target_arrow")):
        if any(name in graphics for name in names) or (tool == "yFiles" and graphics):
            source, target = (graphics.get(name, "none") not in ("none", "0", "") for name in names)
            return (source, target) if source or target or names[0] == "sourceArrow" else None
    return None


def _edge(
    draft: Draft,
    values: Block,
    row: dict[str, str],
    rule: SignRule,
    heads: tuple[bool, bool] | None,
    *,
    directed: bool,
) -> None:
    place = f"line {values.line}"
    identity = row.pop(_IDENTITY, "") or row.pop("id", "")
    source, target = row.pop("source", ""), row.pop("target", "")
    row.pop("directed", "")
    if not source or not target:
        raise FormatError("an edge lacks source or target", place=place, code="missing")
    add_missing(draft, (source, target), place)
    fields = link_fields(draft, common_link(row, rule), place)
    draw_link(draft, source, target, heads, directed=directed, place=place, wanted_id=identity, **fields)
