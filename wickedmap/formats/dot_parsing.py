"""The grammar of DOT: nodes, edges, subgraphs and defaults, as Graphviz reads them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from .errors import MAX_FACTORS, MAX_LINKS, FormatError

_TOKEN: Final = re.compile(
    r'\s+|//[^\n]*|#[^\n]*|/\*.*?\*/|"((?:[^"\\]|\\.)*)"|(->|--)|([{}\[\];,=:+])'
    # igraph writes the label "-" without quotation marks, which Graphviz itself refuses.
    r"|(-?(?:\.\d+|\d+(?:\.\d*)?)(?![\w.])|[^\s{}\[\];,=:+\"<>-]+|(?<==)-(?=\s|[\],;]))|(<)",
    re.DOTALL,
)
_MAX_DEPTH: Final = 50
# What 2,000 nodes and 10,000 edges with a dozen attributes each need, the blanks between counted.
_MAX_TOKENS: Final = 1_200_000
# What stands for the name of a node or of the graph is put in by whoever knows it.
NODE_NAME: Final = "\0N"
GRAPH_NAME: Final = "\0G"
_ESCAPES: Final = dict(
    zip("nlrNG", ("\n", "\n", "\n", NODE_NAME, GRAPH_NAME), strict=True), **{'"': '"', "\\": "\\", "\n": ""}
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def _unquoted(text: str) -> str:
    return (
        _ESCAPED.sub(lambda found: _ESCAPES.get(found.group(1), found.group(0)), text) if "\\" in text else text
    )


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


Edge = tuple[str, str, dict[str, str], int]


@dataclass
class Graph:
    """A graph as it is written.

    Attributes
    ----------
    nodes : dict of str to dict
        The attributes of each node, with the defaults where it stands.
    lines : dict of str to int
        Where each node is named first.
    edges : list of tuple
        Source, target, attributes and line.
    about : dict of str to str
        The attributes of the graph itself.
    title : str
        Its name.
    directed, strict : bool
    more : int
        The line on which a further graph begins, or 0.
    """

    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    title: str = ""
    directed: bool = True
    strict: bool = False
    more: int = 0


def parse(text: str) -> Graph:
    """Return the first graph in a text.

    Raises
    ------
    FormatError
        With the line of what is wrong.
    """
    parser = _Parser(text)
    parser.graph()
    rest = parser.peek()
    parser.found.more = rest.line if rest.kind != "end" else 0
    return parser.found


@dataclass
class _Scope:
    """Defaults that hold inside one pair of braces, and the nodes named in it."""

    node: dict[str, str] = field(default_factory=dict)
    edge: dict[str, str] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    name: str = ""
    about: dict[str, str] = field(default_factory=dict)


def _tokens(text: str) -> Iterator[_Token]:
    """Read token by token, so that a file that goes wrong early is refused early."""
    at, line, count = 0, 1, 0
    while at < len(text):
        count += 1
        if count > _MAX_TOKENS:
            raise FormatError("there is too much in the file; split it", place=f"line {line}", code="limit")
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormatError(f"unexpected {text[at : at + 12]!r}", place=f"line {line}", code="syntax")
        quoted, arrow, mark, word, opens = match.groups()
        end = match.end()
        if quoted is not None:
            yield _Token("id", _unquoted(quoted), line)
        elif arrow or mark:
            yield _Token(arrow or mark, arrow or mark, line)
        elif word is not None:
            yield _Token("id", word, line)
        elif opens:
            depth, end = 1, at + 1
            while depth and end < len(text):
                depth += {"<": 1, ">": -1}.get(text[end], 0)
                end += 1
            if depth:
                raise FormatError("an HTML label is never closed", place=f"line {line}", code="syntax")
            shown = re.sub(r"<[^<>]*>", " ", text[at + 1 : end - 1])
            # Entities are read where the label is.
            yield _Token("id", " ".join(shown.split()), line)
        line += text.count("\n", at, end)
        at = end
    yield _Token("end", "", line)


class _Parser:
    """Reads statements one after the other; braces are kept on a stack, not in recursion."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.next = next(self.tokens)
        self.found = Graph()
        self.groups: dict[str, list[str]] = {}

    def peek(self) -> _Token:
        return self.next

    def skip(self) -> None:
        self.next = next(self.tokens, self.next)

    def take(self, kind: str) -> _Token:
        token = self.peek()
        if token.kind != kind:
            shown = "the end of the file" if token.kind == "end" else repr(token.text[:20])
            expected = "a name" if kind == "id" else repr(kind)
            raise FormatError(f"expected {expected}, found {shown}", place=f"line {token.line}", code="syntax")
        self.skip()
        return token

    def name(self) -> str:
        return self.value().replace("\0", "\\")

    def value(self) -> str:
        text = self.take("id").text
        while self.peek().kind == "+":
            self.skip()
            text += self.take("id").text
        return text

    def graph(self) -> None:
        word = self.name().casefold()
        if word == "strict":
            self.found.strict = True
            word = self.name().casefold()
        if word not in ("graph", "digraph"):
            raise FormatError("expected graph or digraph", place="line 1", code="syntax")
        self.found.directed = word == "digraph"
        if self.peek().kind == "id":
            self.found.title = self.name()
        self.take("{")
        self.statements()

    def statements(self) -> None:
        # Each open brace: its scope, the chain of an edge it stands in, and the line.
        stack: list[tuple[_Scope, list[list[str]]]] = [(_Scope(about=self.found.about), [])]
        while stack:
            scope, chain = stack[-1]
            token = self.peek()
            if token.kind in (";", ","):
                self.skip()
            elif token.kind == "}":
                self.skip()
                stack.pop()
                if stack:
                    outer, outer_chain = stack[-1]
                    outer.names.update(scope.names)
                    self.group(scope)
                    self.chain_goes_on(outer, outer_chain, list(scope.names))
            elif token.kind == "{" or (token.kind == "id" and token.text.casefold() == "subgraph"):
                name = ""
                if token.kind == "id":
                    self.skip()
                    if self.peek().kind == "id":
                        name = self.name()
                    if name in self.groups and self.peek().kind != "{":
                        self.chain_goes_on(scope, chain, self.groups[name])
                        continue
                self.take("{")
                if len(stack) > _MAX_DEPTH:
                    raise FormatError(
                        "subgraphs are nested too deeply", place=f"line {token.line}", code="limit"
                    )
                stack.append((_Scope(dict(scope.node), dict(scope.edge), name=name), []))
            else:
                self.statement(scope, chain)

    def statement(self, scope: _Scope, chain: list[list[str]]) -> None:
        line = self.peek().line
        name = self.name()
        following = self.peek().kind
        if name.casefold() in ("graph", "node", "edge") and following == "[" and not chain:
            values = self.attributes()
            target = {"graph": scope.about, "node": scope.node, "edge": scope.edge}[name.casefold()]
            target.update(values)
            return
        if following == "=":
            self.skip()
            scope.about[name] = self.value() if name == "label" else self.name()
            return
        while self.peek().kind == ":":
            self.skip()
            self.name()
        self.node(scope, name, line)
        if not chain and self.peek().kind == "[":
            self.found.nodes[name].update(self.attributes())
            return
        self.chain_goes_on(scope, chain, [name])

    def group(self, scope: _Scope) -> None:
        """Remember the nodes of a subgraph; in a cluster, the innermost is what a node belongs to."""
        if scope.name:
            self.groups[scope.name] = list(scope.names)
        label = scope.about.get("label", "")
        if label and scope.name.startswith("cluster"):
            for name in scope.names:
                self.found.nodes[name].setdefault("cluster", html.unescape(label).replace("\0", "\\"))

    def node(self, scope: _Scope, name: str, line: int) -> None:
        if name not in self.found.nodes:
            if len(self.found.nodes) >= MAX_FACTORS + MAX_LINKS:
                # Fewer are read; some tools draw a node in the middle of a line.
                raise FormatError(
                    f"more than {MAX_FACTORS} factors; split the map", place=f"line {line}", code="limit"
                )
            self.found.nodes[name] = dict(scope.node)
            self.found.lines[name] = line
        scope.names.setdefault(name)

    def chain_goes_on(self, scope: _Scope, chain: list[list[str]], names: list[str]) -> None:
        """Add the next link of a -> b -> {c d}; at its end, make the edges."""
        chain.append(names)
        if len(chain) > MAX_LINKS + 1:
            raise FormatError(
                f"more than {MAX_LINKS} links; split the map", place=f"line {self.peek().line}", code="limit"
            )
        if self.peek().kind in ("->", "--"):
            self.skip()
            return
        line = self.peek().line
        values = self.attributes() if len(chain) > 1 and self.peek().kind == "[" else {}
        for sources, targets in pairwise(chain):
            if len(self.found.edges) + len(sources) * len(targets) > MAX_LINKS:
                raise FormatError(
                    f"more than {MAX_LINKS} links; split the map", place=f"line {line}", code="limit"
                )
            self.found.edges.extend((a, b, {**scope.edge, **values}, line) for a in sources for b in targets)
        chain.clear()

    def attributes(self) -> dict[str, str]:
        values: dict[str, str] = {}
        while self.peek().kind == "[":
            self.skip()
            while self.peek().kind != "]":
                if self.peek().kind in (",", ";"):
                    self.skip()
                    continue
                name = self.name()
                if self.peek().kind == "=":
                    self.skip()
                    values[name] = self.value() if name == "label" else self.name()
                else:
                    values[name] = "true"
            self.skip()
        return values
