"""Pajek networks (.net): the sign in the weight, as signed networks have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..causal_map import CausalMap
from .columns import number_text
from .errors import MAX_FACTORS, FormatError
from .matrices import LOSSES as MATRIX_LOSSES
from .reading import Draft, Reading
from .signs import SignReading, read_number
from .tables import decode_table

LOSSES: Final[Mapping[str, str]] = {
    **{
        key: text
        for key, text in MATRIX_LOSSES.items()
        if key
        not in ("link_order", "same_labels", "parallel_links", "unknown_signs", "both_signs_links", "strengths")
    },
    "positions": "scaled to lie between 0 and 1",
    "both_signs": "written as 0, which is read as unknown",
    "double_quotes": "become single ones in labels",
    "strengths": "lost where the sign is unknown; the weight is then 0",
}
_WORDS: Final = re.compile(r'"[^"]*"|\S+')


def write(m: CausalMap) -> bytes:
    """Return the map as a signed Pajek network, UTF-8 with a byte order mark."""
    numbers = {factor.id: number for number, factor in enumerate(m.factors, 1)}
    places = [factor.position for factor in m.factors if factor.position is not None]
    left, top = min((x for x, _ in places), default=0.0), min((y for _, y in places), default=0.0)
    size = max([x - left for x, _ in places] + [y - top for _, y in places] + [1.0])
    out = [f"*Network {_quoted(m.titles.in_language(m.language) or 'wickedmap')}", f"*Vertices {len(numbers)}"]
    for factor in m.factors:
        where = ""
        if factor.position is not None:
            x, y = factor.position
            where = f" {(x - left) / size * 0.9 + 0.05:.4f} {(y - top) / size * 0.9 + 0.05:.4f} 0.5000"
        out.append(f"{numbers[factor.id]} {_quoted(factor.labels.in_language(m.language))}{where}")
    out.append("*Arcs")
    for link in m.links:
        weight = "0" if link.sign is None else number_text(link.sign * link.strength)
        out.append(f"{numbers[link.source]} {numbers[link.target]} {weight}")
    return b"\xef\xbb\xbf" + "\r\n".join([*out, ""]).encode("utf-8", "replace")


def _quoted(text: str) -> str:
    return '"' + " ".join(text.replace('"', "'").split()) + '"'


class _Net:
    """Where in the file the reader is: section, relation, how many vertices."""

    def __init__(self) -> None:
        self.section = ""
        self.relation = ""
        self.count = 0
        self.row = 0


def read(data: bytes) -> Reading:
    """Return the map in a Pajek network.

    Raises
    ------
    FormatError
        With the line of what is wrong.
    """
    draft = Draft("pajek")
    net = _Net()
    weights: list[tuple[str, str, float | None, bool, str, str]] = []
    for number, line in enumerate(decode_table(data, draft).splitlines(), 1):
        place = f"line {number}"
        text = line.strip()
        if not text or text.startswith("%"):
            continue
        if text.startswith("*"):
            _section(draft, net, text, place)
        elif net.section == "vertices":
            _vertex(draft, net, text, place)
        elif net.section == "matrix":
            net.row += 1
            cells = text.split()
            if len(cells) > net.count or net.row > net.count:
                raise FormatError(f"the matrix is larger than {net.count} vertices", place=place)
            for column, cell in enumerate(cells, 1):
                weight = read_number(cell)
                if weight:
                    weights.append((str(net.row), str(column), weight, False, net.relation, place))
        elif net.section in ("arcs", "edges", "arcslist", "edgeslist"):
            weights.extend(_line(net, text, place))
    _complete(draft, net)
    positive = all(weight is not None and weight > 0 for _, _, weight, *_ in weights)
    if weights and positive and all(weight == 1 for _, _, weight, *_ in weights):
        draft.note("all-positive", "", "every weight is 1: read as +; check that the network is signed")
    for source, target, weight, both_ways, relation, place in weights:
        for end in (source, target):
            if not draft.has_factor(end):
                raise FormatError(f"there is no vertex {end}", place=place)
        sign = SignReading(sign=1 if weight > 0 else -1, size=abs(weight)) if weight else SignReading()
        if not weight:
            draft.note("no-sign", place, "the line has no weight, or 0; the sign is unknown (?)")
        register = draft.mutual if both_ways else draft.link
        register(source, target, place=place, sign=sign, attributes={"relation": relation} if relation else {})
    return draft.finish()


def _section(draft: Draft, net: _Net, text: str, place: str) -> None:
    word, _, rest = text[1:].partition(" ")
    name = word.casefold().split(":")[0]
    rest = rest.strip()
    relation = re.search(r'"([^"]*)"', rest)
    if name == "network":
        draft.title = rest.strip('"') if rest.strip('"') != "wickedmap" else ""
    elif name == "vertices":
        count = read_number(rest.split()[0]) if rest.split() else None
        if count is None or count != int(count) or not 0 <= count <= MAX_FACTORS:
            raise FormatError(f"*Vertices needs a number of at most {MAX_FACTORS}", place=place, code="limit")
        net.count = int(count)
    elif name in ("arcs", "edges", "arcslist", "edgeslist", "matrix"):
        net.relation = relation.group(1) if relation else ""
        net.row = 0
        _complete(draft, net)
    else:
        draft.note("section-skipped", place, f"*{word[:40]} is left out")
    net.section = name


def _vertex(draft: Draft, net: _Net, text: str, place: str) -> None:
    words = _WORDS.findall(text)
    key = words[0]
    if not key.isdecimal() or not 1 <= int(key) <= net.count:
        raise FormatError(f"a vertex number from 1 to {net.count} is expected, found {key[:20]!r}", place=place)
    label = words[1].strip('"') if len(words) > 1 else key
    numbers = [read_number(word) for word in words[2:4]]
    position = None
    if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:
        position = (numbers[0] * 1000.0, numbers[1] * 1000.0)
    draft.factor(str(int(key)), label or key, place=place, position=position)


def _complete(draft: Draft, net: _Net) -> None:
    """Make the vertices that are only counted, not listed."""
    missing = [str(number) for number in range(1, net.count + 1) if not draft.has_factor(str(number))]
    for key in missing:
        draft.factor(key, key, place="*Vertices")
    if missing:
        draft.note("no-label", "*Vertices", f"{len(missing)} vertices have no label; they are called by number")


def _line(net: _Net, text: str, place: str) -> list[tuple[str, str, float | None, bool, str, str]]:
    words = _WORDS.findall(text)
    both_ways = net.section.startswith("edges")
    if len(words) < 2 or not words[0].isdecimal():
        raise FormatError("expected the numbers of two vertices", place=place, code="syntax")
    ends = [str(int(word)) if word.isdecimal() else word for word in words]
    if net.section.endswith("list"):
        return [(ends[0], end, None, both_ways, net.relation, place) for end in ends[1:]]
    weight = read_number(words[2]) if len(words) > 2 else None
    label = next(
        (words[at + 1].strip('"') for at, word in enumerate(words[2:-1], 2) if word == "l"), net.relation
    )
    return [(ends[0], ends[1], weight, both_ways, label, place)]
