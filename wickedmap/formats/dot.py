"""DOT (Graphviz): written with every column as an attribute; read with subgraphs and defaults."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
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
from .dot_parsing import GRAPH_NAME, NODE_NAME, Edge, Graph, parse
from .errors import MAX_TEXT
from .graph_attributes import common_factor, common_link, edge_sign_rule
from .picture_colours import TOKENS
from .reading import Draft, Reading
from .signs import read_number
from .tables import decode_table

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    "focal": "",
    "title_languages": "",
    "odd_ids": "replaced",
}
_OWN: Final = "wickedmap"
_STYLES: Final = {"+": "solid", "−": "dashed", "?": "dotted", "±": "dotted"}
# What only draws: not kept as columns.
_DRAWING: Final = frozenset(
    {
        *("shape", "style", "color", "fillcolor", "fontname", "fontsize", "fontcolor", "penwidth", "arrowhead"),
        *(
            "arrowtail",
            "arrowsize",
            "width",
            "height",
            "margin",
            "pos",
            "rank",
            "constraint",
            "minlen",
            "headlabel",
        ),
        *(
            "lp",
            "headport",
            "tailport",
            "taillabel",
            "dir",
            "bb",
            "xlabel",
            "labelangle",
            "labeldistance",
            "peripheries",
        ),
    }
)


def write(m: CausalMap) -> bytes:
    """Return the map as a DOT digraph that Graphviz draws in our grammar."""
    factors = [factor_row(factor, m.language) for factor in m.factors]
    links = [link_row(link, m.language) for link in m.links]
    out = [
        f"digraph {_OWN} {{",
        f"  graph [label={_quoted(_plain(m.titles.in_language(m.language), 'label'))}, labelloc=t]",
        f"  language={_quoted(m.language)}",
        '  node [shape=box, style=rounded, fontname="Helvetica"]',
        '  edge [fontname="Helvetica"]',
    ]
    node_columns = [name for name in column_order(FACTOR_COLUMNS, factors) if name != "id"]
    for row in factors:
        values = [f"{name}={_quoted(_plain(row[name], name))}" for name in node_columns if row.get(name)]
        if "x" in row:
            # In points, y up, as neato -n2 wants.
            values.append(f'pos="{float(row["x"]) * 0.75:.2f},{-float(row["y"]) * 0.75:.2f}!"')
        out.append(f"  {_quoted(row['id'])} [{', '.join(values)}]")
    edge_columns = [name for name in column_order(LINK_COLUMNS, links) if name not in ("source", "target")]
    colours = {1: "plus", -1: "minus", None: "unknown"}
    for link, row in zip(m.links, links, strict=True):
        values = [f"{name}={_quoted(row[name])}" for name in edge_columns if row.get(name)]
        values += [
            f"headlabel={_quoted(link.mark)}",
            f"style={_STYLES[link.mark]}",
            f'color="{TOKENS["light"][colours[link.sign]]}"',
        ]
        out.append(f"  {_quoted(row['source'])} -> {_quoted(row['target'])} [{', '.join(values)}]")
    return "\n".join([*out, "}", ""]).encode("utf-8", "replace")


def _quoted(text: str) -> str:
    r"""Return a text in quotes. Graphviz reads ``\n`` as a line end and ``\\`` as a backslash."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _plain(text: str, column: str) -> str:
    """Return a label in which Graphviz finds no entity."""
    return _ENTITY.sub("&amp;", text) if column == "label" else text


_ENTITY: Final = re.compile(r"&(?=#?\w+;?)")


def read(data: bytes) -> Reading:
    """Return the map in a DOT file.

    A sign is read from ``sign``, ``label``, ``headlabel``, or the arrowhead "tee" (−).
    What is drawn invisible only moves the rest about, and is left out.

    Raises
    ------
    FormatError
        With the line of what is wrong.
    """
    draft = Draft("dot")
    graph = parse(decode_table(data, draft))
    if graph.more:
        draft.note(
            "section-skipped", f"line {graph.more}", "a further graph begins here; only the first is read"
        )
    draft.title = _shown(graph.about.get("label", ""), graph.title, graph.title)
    language = graph.about.get("language", "")
    if language.isalpha() and len(language) <= 3:
        draft.language = language
    edges = _two_headed(_visible_edges(graph, draft), graph.directed)
    ends = {name for source, target, *_ in edges for name in (source, target)}
    for name, values in graph.nodes.items():
        place = f"line {graph.lines[name]}"
        if _hidden(values) and name not in ends:
            draft.note("invisible", place, f"{name[:60]!r} is drawn invisible; left out")
            continue
        row = {key: text for key, text in values.items() if key not in _DRAWING}
        if "record" in values.get("shape", "").casefold() and len(row.get("label", "")) <= MAX_TEXT:
            row["label"] = _record(row.get("label", ""))
        row["label"] = _shown(row.get("label", ""), name, graph.title)
        row = common_factor(row)
        label = row.get("label") or name
        if not row.get("label"):
            row.pop("label", None)
        fields = factor_fields(draft, row, place)
        fields["position"] = fields["position"] or _position(values.get("pos", ""))
        draft.factor(name, label, place=place, wanted_id=name, **fields)
    # Where an edge has a text of its own and a mark at its end, the marks are not put among the texts.
    beside = any(values.get("label") and _at_the_end(values) for *_, values, _ in edges)
    rows = [_edge_row(values, beside) for *_, values, _ in edges]
    if graph.title != _OWN:
        _keep_ways_of_drawing(edges, rows)
    rule = edge_sign_rule(draft, rows)
    for (source, target, values, line), row in zip(edges, rows, strict=True):
        identity = row.pop("id", "")
        fields = link_fields(draft, common_link(row, rule), f"line {line}")
        way = _way(values, graph.directed)
        if way == "back":
            source, target = target, source
        elif way == "forward" and values.get("arrowhead") == "none":
            draft.note(
                "no-arrowhead",
                f"line {line}",
                "the line is drawn without arrowhead; read in the direction of the file",
            )
        register = draft.link if way in ("forward", "back") else draft.mutual
        register(source, target, place=f"line {line}", wanted_id=identity, **fields)
    return draft.finish()


def _hidden(values: Mapping[str, str]) -> bool:
    return "invis" in values.get("style", "").replace(",", " ").split()


def _visible_edges(graph: Graph, draft: Draft) -> list[Edge]:
    """Return the edges that are drawn; in a strict graph, one between the same two nodes."""
    kept: dict[object, Edge] = {}
    for number, edge in enumerate(graph.edges):
        source, target, values, line = edge
        if _hidden(values):
            draft.note("invisible", f"line {line}", "an edge is drawn invisible; left out")
            continue
        pair = (source, target) if graph.directed else frozenset((source, target))
        key: object = pair if graph.strict else number
        if key in kept:
            kept[key][2].update(values)
        else:
            kept[key] = (source, target, dict(values), line)
    return list(kept.values())


def _two_headed(edges: list[Edge], directed: bool) -> list[Edge]:
    """Return the edges with those whose two ends have unlike heads as two arrows, each with its own head."""
    apart: list[Edge] = []
    for source, target, values, line in edges:
        head, tail = (values.get(end, "normal") for end in ("arrowhead", "arrowtail"))
        if head != tail and _way(values, directed) == "both":
            shared = {name: value for name, value in values.items() if name not in ("dir", "arrowtail")}
            back = {name: value for name, value in shared.items() if name != "id"}
            apart.append((source, target, {**shared, "dir": "forward"}, line))
            apart.append((target, source, {**back, "dir": "forward", "arrowhead": tail}, line))
        else:
            apart.append((source, target, values, line))
    return apart


def _keep_ways_of_drawing(edges: list[Edge], rows: list[dict[str, str]]) -> None:
    """Keep colour and style of edges that are not all drawn alike: people often give them a meaning."""
    ways = [(values.get("color", ""), values.get("style", "")) for *_, values, _ in edges]
    if len(set(ways)) > 1:
        for row, (colour, style) in zip(rows, ways, strict=True):
            row.update({name: way for name, way in (("colour", colour), ("line style", style)) if way})


def _at_the_end(values: Mapping[str, str]) -> str:
    return next((values[name] for name in ("headlabel", "xlabel", "taillabel") if values.get(name)), "")


def _edge_row(values: Mapping[str, str], beside: bool) -> dict[str, str]:
    row = {key: text for key, text in values.items() if key not in _DRAWING}
    if "label" in row:
        row["label"] = html.unescape(row["label"].replace("\0", "\\"))
    drawn = "drawn label" if beside or "sign" in row else "label"
    if _at_the_end(values):
        row.setdefault(drawn, html.unescape(_at_the_end(values)))
    if values.get("arrowtail" if _way(values, directed=True) == "back" else "arrowhead") == "tee":
        row.setdefault(drawn, "-")
    return row


def _way(values: Mapping[str, str], directed: bool) -> str:
    """Return where the arrowheads of an edge are drawn: "forward", "back", "both" or "none"."""
    way = values.get("dir") or ("forward" if directed else "none")
    if way != "both":
        return way if way in ("back", "none") else "forward"
    head, tail = (values.get(end, "").casefold() != "none" for end in ("arrowhead", "arrowtail"))
    return {(True, False): "forward", (False, True): "back"}.get((head, tail), "both")


def _shown(label: str, name: str, graph: str) -> str:
    r"""Return a label as Graphviz draws it: ``\N`` is the node's name, ``\G`` the graph's."""
    return html.unescape(label).replace(NODE_NAME, name).replace(GRAPH_NAME, graph)


def _record(label: str) -> str:
    r"""Return the fields of a record, without its ports and braces.

    Examples
    --------
    >>> _record(r"<left>left |{<up>up | mid\ dle | <down>} | a \| b")
    'left | up | mid dle | a | b'
    """
    fields = re.split(r"(?<!\\)[{}|]", label)
    shown = [re.sub(r"\\([{}|<> ])", r"\1", re.sub(r"(?<!\\)<[^<>]*>", "", one)) for one in fields]
    return " | ".join(" ".join(one.split()) for one in shown if one.strip())


def _position(text: str) -> tuple[float, float] | None:
    parts = [read_number(part) for part in text.rstrip("!").split(",")[:2]]
    if len(parts) == 2 and parts[0] is not None and parts[1] is not None:
        return parts[0] / 0.75, -parts[1] / 0.75
    return None
