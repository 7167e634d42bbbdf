"""DOT (Graphviz): written with every column as an attribute; read with subgraphs and defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

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
from .errors import MAX_LINKS, FormatError
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
_TOKEN: Final = re.compile(
    r'\s+|//[^\n]*|#[^\n]*|/\*.*?\*/|"((?:[^"\\]|\\.)*)"|(->|--)|([{}\[\];,=:+])'
    r"|(-?(?:\.\d+|\d+(?:\.\d*)?)(?![\w.])|[^\s{}\[\];,=:+\"<>-]+)|(<)",
    re.DOTALL,
)
_MAX_DEPTH: Final = 50


def write(m: CausalMap) -> bytes:
    """Return the map as a DOT digraph that Graphviz draws in our grammar."""
    factors = [factor_row(factor, m.language) for factor in m.factors]
    links = [link_row(link, m.language) for link in m.links]
    out = [
        "digraph wickedmap {",
        f"  graph [label={_quoted(m.titles.in_language(m.language))}, labelloc=t]",
        f"  language={_quoted(m.language)}",
        '  node [shape=box, style=rounded, fontname="Helvetica"]',
        '  edge [fontname="Helvetica"]',
    ]
    node_columns = [name for name in column_order(FACTOR_COLUMNS, factors) if name != "id"]
    for row in factors:
        values = [f"{name}={_quoted(row[name])}" for name in node_columns if row.get(name)]
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


_ESCAPES: Final = {"n": "\n", "l": "\n", "r": "\n", '"': '"', "\\": "\\", "\n": ""}


_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def _unquoted(text: str) -> str:
    return (
        _ESCAPED.sub(lambda found: _ESCAPES.get(found.group(1), found.group(0)), text) if "\\" in text else text
    )


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


@dataclass
class _Scope:
    """Defaults that hold inside one pair of braces, and the nodes named in it."""

    node: dict[str, str] = field(default_factory=dict)
    edge: dict[str, str] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormatError(f"unexpected {text[at : at + 12]!r}", place=f"line {line}", code="syntax")
        quoted, arrow, mark, word, opens = match.groups()
        end = match.end()
        if quoted is not None:
            found.append(_Token("id", _unquoted(quoted), line))
        elif arrow or mark:
            found.append(_Token(arrow or mark, arrow or mark, line))
        elif word is not None:
            found.append(_Token("id", word, line))
        elif opens:
            depth, end = 1, at + 1
            while depth and end < len(text):
                depth += {"<": 1, ">": -1}.get(text[end], 0)
                end += 1
            if depth:
                raise FormatError("an HTML label is never closed", place=f"line {line}", code="syntax")
            found.append(_Token("id", re.sub(r"<[^<>]*>", " ", text[at + 1 : end - 1]).strip(), line))
        line += text.count("\n", at, end)
        at = end
    return found


class _Parser:
    """Reads statements one after the other; braces are kept on a stack, not in recursion."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.nodes: dict[str, dict[str, str]] = {}
        self.lines: dict[str, int] = {}
        self.edges: list[tuple[str, str, dict[str, str], int]] = []
        self.about: dict[str, str] = {}
        self.directed = True

    def peek(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _Token("end", "", self.last_line())

    def last_line(self) -> int:
        return self.tokens[-1].line if self.tokens else 1

    def take(self, kind: str) -> _Token:
        token = self.peek()
        if token.kind != kind:
            shown = "the end of the file" if token.kind == "end" else repr(token.text[:20])
            expected = "a name" if kind == "id" else repr(kind)
            raise FormatError(f"expected {expected}, found {shown}", place=f"line {token.line}", code="syntax")
        self.at += 1
        return token

    def name(self) -> str:
        text = self.take("id").text
        while self.peek().kind == "+":
            self.at += 1
            text += self.take("id").text
        return text

    def graph(self) -> None:
        word = self.name().casefold()
        if word == "strict":
            word = self.name().casefold()
        if word not in ("graph", "digraph"):
            raise FormatError("expected graph or digraph", place="line 1", code="syntax")
        self.directed = word == "digraph"
        if self.peek().kind == "id":
            self.name()
        self.take("{")
        self.statements()

    def statements(self) -> None:
        # Each open brace: its scope, the chain of an edge it stands in, and the line.
        stack: list[tuple[_Scope, list[list[str]]]] = [(_Scope(), [])]
        while stack:
            scope, chain = stack[-1]
            token = self.peek()
            if token.kind in (";", ","):
                self.at += 1
            elif token.kind == "}":
                self.at += 1
                stack.pop()
                if stack:
                    outer, outer_chain = stack[-1]
                    outer.names.update(scope.names)
                    self.chain_goes_on(outer, outer_chain, list(scope.names))
            elif token.kind == "{" or (token.kind == "id" and token.text.casefold() == "subgraph"):
                if token.kind == "id":
                    self.at += 1
                    if self.peek().kind == "id":
                        self.name()
                self.take("{")
                if len(stack) > _MAX_DEPTH:
                    raise FormatError(
                        "subgraphs are nested too deeply", place=f"line {token.line}", code="limit"
                    )
                stack.append((_Scope(dict(scope.node), dict(scope.edge)), []))
            else:
                self.statement(scope, chain)

    def statement(self, scope: _Scope, chain: list[list[str]]) -> None:
        line = self.peek().line
        name = self.name()
        following = self.peek().kind
        if name.casefold() in ("graph", "node", "edge") and following == "[" and not chain:
            values = self.attributes()
            target = {"graph": self.about, "node": scope.node, "edge": scope.edge}[name.casefold()]
            target.update(values)
            return
        if following == "=":
            self.at += 1
            self.about[name] = self.name()
            return
        while self.peek().kind == ":":
            self.at += 1
            self.name()
        self.node(scope, name, line)
        if not chain and self.peek().kind == "[":
            self.nodes[name].update(self.attributes())
            return
        self.chain_goes_on(scope, chain, [name])

    def node(self, scope: _Scope, name: str, line: int) -> None:
        if name not in self.nodes:
            self.nodes[name] = dict(scope.node)
            self.lines[name] = line
        scope.names.setdefault(name)

    def chain_goes_on(self, scope: _Scope, chain: list[list[str]], names: list[str]) -> None:
        """Add the next link of a -> b -> {c d}; at its end, make the edges."""
        chain.append(names)
        if self.peek().kind in ("->", "--"):
            self.at += 1
            return
        line = self.peek().line
        values = self.attributes() if len(chain) > 1 and self.peek().kind == "[" else {}
        for sources, targets in pairwise(chain):
            if len(self.edges) + len(sources) * len(targets) > MAX_LINKS:
                raise FormatError(
                    f"more than {MAX_LINKS} links; split the map", place=f"line {line}", code="limit"
                )
            self.edges.extend((a, b, {**scope.edge, **values}, line) for a in sources for b in targets)
        chain.clear()

    def attributes(self) -> dict[str, str]:
        values: dict[str, str] = {}
        while self.peek().kind == "[":
            self.at += 1
            while self.peek().kind != "]":
                if self.peek().kind in (",", ";"):
                    self.at += 1
                    continue
                name = self.name()
                if self.peek().kind == "=":
                    self.at += 1
                    values[name] = self.name()
                else:
                    values[name] = "true"
            self.at += 1
        return values


def read(data: bytes) -> Reading:
    """Return the map in a DOT file.

    A sign is read from ``sign``, ``label``, ``headlabel``, or the arrowhead "tee" (−).

    Raises
    ------
    FormatError
        With the line of what is wrong.
    """
    draft = Draft("dot")
    parser = _Parser(_tokens(decode_table(data, draft)))
    parser.graph()
    draft.title = parser.about.get("label", "")
    language = parser.about.get("language", "")
    if language.isalpha() and len(language) <= 3:
        draft.language = language
    for name, values in parser.nodes.items():
        place = f"line {parser.lines[name]}"
        row = {key: text for key, text in values.items() if key not in _DRAWING}
        if row.get("label") == "\\N":
            del row["label"]
        row = common_factor(row)
        label = row.get("label") or name
        if not row.get("label"):
            row.pop("label", None)
        fields = factor_fields(draft, row, place)
        fields["position"] = fields["position"] or _position(values.get("pos", ""))
        draft.factor(name, label, place=place, wanted_id=name, **fields)
    rows = []
    for _, _, values, _ in parser.edges:
        row = {key: text for key, text in values.items() if key not in _DRAWING}
        drawn = "drawn label" if "sign" in row else "label"
        for name in ("headlabel", "xlabel", "taillabel"):
            if values.get(name):
                row.setdefault(drawn, values[name])
        if values.get("arrowhead") == "tee":
            row.setdefault(drawn, "-")
        rows.append(row)
    rule = edge_sign_rule(draft, rows)
    for (source, target, values, line), row in zip(parser.edges, rows, strict=True):
        place = f"line {line}"
        identity = row.pop("id", "")
        fields = link_fields(draft, common_link(row, rule), place)
        if values.get("dir") == "back":
            source, target = target, source
        both_ways = not parser.directed or values.get("dir") == "both"
        register = draft.mutual if both_ways else draft.link
        register(source, target, place=place, wanted_id=identity, **fields)
    return draft.finish()


def _position(text: str) -> tuple[float, float] | None:
    parts = [read_number(part) for part in text.rstrip("!").split(",")[:2]]
    if len(parts) == 2 and parts[0] is not None and parts[1] is not None:
        return parts[0] / 0.75, -parts[1] / 0.75
    return None
