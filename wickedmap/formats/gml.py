"""GML (Graph Modelling Language), as yEd, Gephi, igraph and networkx write it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final

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
from .graph_attributes import SignRule, common_factor, common_link, edge_sign_rule
from .reading import Draft, Reading
from .tables import decode_table

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    "focal": "",
    "title_languages": "",
    "odd_ids": "replaced",
}
_NUMBERS: Final = frozenset({"x", "y", "strength", "reveal_stage", "polarity"})
_TOKEN: Final = re.compile(r'\s+|#[^\n]*|"([^"]*)"|(\[)|(\])|([^\s\[\]"]+)')
_MOST_VALUES: Final = 20_000
_MAX_DEPTH: Final = 30
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

    Raises
    ------
    FormatError
        With the line of what is wrong.
    """
    draft = Draft("gml")
    whole = _parse(decode_table(data, draft))
    graph = next((value for key, value in whole if key == "graph"), None)
    if not isinstance(graph, list):
        raise FormatError("there is no graph [ ... ] in the file", code="missing")
    about = {key: value for key, value in graph if isinstance(value, str)}
    draft.title = about.get("title", "")
    if about.get("language", "").isalpha() and len(about["language"]) <= 3:
        draft.language = about["language"]
    directed = about.get("directed") == "1"
    if "directed" not in about and _flat(whole).get("Creator", "").startswith("Cytoscape"):
        directed = True
        draft.note(
            "no-arrowhead",
            "",
            "Cytoscape does not say which lines have arrows; read in the direction of the file",
        )
    for number, (key, value) in enumerate(graph):
        if key == "node":
            _node(draft, value, f"node {number}")
    edges = [value for key, value in graph if key == "edge"]
    rows = [_with_drawn_label(_flat(value), value) for value in edges]
    rule = edge_sign_rule(draft, rows)
    for number, (values, row) in enumerate(zip(edges, rows, strict=True), 1):
        _edge(draft, values, row, rule, directed, f"edge {number}")
    return draft.finish()


Values = list[tuple[str, Any]]


def _parse(text: str) -> Values:
    stack: list[Values] = [[]]
    key = ""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FormatError('a quotation mark (") is missing', place=_line_at(text, at), code="syntax")
        at = found.end()
        if len(stack[-1]) > _MOST_VALUES:
            raise FormatError(
                f"more than {_MOST_VALUES} values in one list; split the map",
                place=_line_at(text, at),
                code="limit",
            )
        quoted, opens, closes, word = found.group(1), found.group(2), found.group(3), found.group(4)
        if opens:
            if not key:
                raise FormatError("a [ without a name before it", place=_line_at(text, at), code="syntax")
            if len(stack) > _MAX_DEPTH:
                raise FormatError("lists are nested too deeply", place=_line_at(text, at), code="limit")
            inner: Values = []
            stack[-1].append((key, inner))
            stack.append(inner)
            key = ""
        elif closes:
            if key or len(stack) == 1:
                raise FormatError("a ] that closes nothing", place=_line_at(text, at), code="syntax")
            stack.pop()
        elif quoted is not None or word is not None:
            if key:
                stack[-1].append((key, html.unescape(quoted) if quoted is not None else word))
                key = ""
            elif word is None:
                raise FormatError("a text without a name before it", place=_line_at(text, at), code="syntax")
            else:
                key = word
    if len(stack) > 1:
        raise FormatError("the file ends before the last ]; it may be cut off", code="syntax")
    return stack[0]


def _line_at(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"


def _flat(values: Any) -> dict[str, str]:
    return {key: value for key, value in values if isinstance(value, str)} if isinstance(values, list) else {}


def _within(values: Any, *names: str) -> dict[str, str]:
    """Return what a list inside a node or edge holds, or a list inside that list."""
    for name in names:
        values = (
            next((value for key, value in values if key == name), None) if isinstance(values, list) else None
        )
    return _flat(values)


def _with_drawn_label(row: dict[str, str], values: Any) -> dict[str, str]:
    """Return a row with the label that yEd draws, which stands in a list of its own."""
    drawn = _within(values, "LabelGraphics").get("text", "")
    return {**row, "label": drawn} if drawn.strip() else row


def _node(draft: Draft, values: Any, place: str) -> None:
    row = _with_drawn_label(_flat(values), values)
    key = row.pop("id", "")
    if not key:
        raise FormatError("a node has no id", place=place, code="missing")
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
    row = common_factor(row)
    fields = factor_fields(draft, row, place)
    draft.factor(key, row.get("label") or identity, place=place, wanted_id=identity, **fields)


def _edge(draft: Draft, values: Any, row: dict[str, str], rule: SignRule, directed: bool, place: str) -> None:
    identity = row.pop(_IDENTITY, "") or row.pop("id", "")
    source, target = row.pop("source", ""), row.pop("target", "")
    if not source or not target:
        raise FormatError("an edge lacks source or target", place=place, code="missing")
    for end in (source, target):
        if not draft.has_factor(end):
            draft.factor(end, end, place=place, wanted_id=end)
            draft.note("missing-node", place, f"the node {end!r} is not listed in the file; it is added")
    graphics = _within(values, "graphics")
    heads = [graphics.get(name, "none") != "none" for name in ("sourceArrow", "targetArrow")]
    if heads == [True, False]:
        source, target = target, source
        draft.note("turned", place, "the arrowhead is drawn at the other end; the link is turned")
    fields = link_fields(draft, common_link(row, rule), place)
    register = draft.link if directed and heads != [True, True] else draft.mutual
    register(source, target, place=place, wanted_id=identity, **fields)
