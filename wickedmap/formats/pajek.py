"""Pajek networks (.net): the sign in the weight, as signed networks have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from ..causal_map import CausalMap
from .columns import number_text
from .errors import MAX_FACTORS, MAX_LINKS, FormatError
from .graph_attributes import signs_of_labels, split_mark
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
_SECTION: Final = re.compile(r"\*\s*([A-Za-z]+)[\s:]*(.*)")
# Number, label in quotation marks, and the rest. Some tools leave marks inside of a label as they are: it ends
# at one that a blank follows, with whole pairs after it.
_VERTEX: Final = re.compile(r'(\d+)\s+"(.*?)"(?=\s|$)((?:[^"]*"[^"]*")*[^"]*)$', re.DOTALL)
_OPEN_LABEL: Final = re.compile(r'\d+\s+"[^"]*$')
_LETTER: Final = re.compile(r"&#(\d{1,7});")
# Infomap calls its sections otherwise.
_SAME_SECTION: Final = {"links": "arcs", "bipartite": "edges"}
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_SIGNED: Final = "% Signed network: a weight below 0 is a negative link, 0 one whose sign is unknown"
_MAX_SECTIONS: Final = 10_000
_MAX_QUOTES: Final = 40
_LONGEST_LABEL: Final = 2_000
Position = tuple[float, float]


def write(m: CausalMap) -> bytes:
    """Return the map as a signed Pajek network, UTF-8 with a byte order mark."""
    numbers = {factor.id: number for number, factor in enumerate(m.factors, 1)}
    places = [factor.position for factor in m.factors if factor.position is not None]
    left, top = min((x for x, _ in places), default=0.0), min((y for _, y in places), default=0.0)
    size = max([x - left for x, _ in places] + [y - top for _, y in places] + [1.0])
    out = [
        f"*Network {_quoted(m.titles.in_language(m.language) or 'wickedmap')}",
        _SIGNED,
        f"*Vertices {len(numbers)}",
    ]
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
    return '"' + " ".join(_LETTER.sub(r"&#38;#\1;", text.replace('"', "'")).split()) + '"'


class _Net:
    """Where in the file the reader is, and what it has collected."""

    def __init__(self) -> None:
        self.section = ""
        self.sections = 0
        self.relation = ""
        # What the relations are called that a line names by number, as in "2: 1 5 1".
        self.relations: dict[str, str] = {}
        # Whether the file says how many vertices there are; if not, whatever a line names is one.
        self.counted = False
        self.of_states = False
        self.count = 0
        self.listed = 0
        self.first_mode = 0
        self.row = 0
        # What the values of a *Partition or *Vector are called, and the values.
        self.values_of = ""
        self.values: dict[str, list[str]] = {}
        # A second network has begun.
        self.over = False
        self.lines: list[_Line] = []


class _Line(NamedTuple):
    source: str
    target: str
    weight: float | None
    both_ways: bool
    label: str
    place: str


def read(data: bytes) -> Reading:
    """Return the first network in a Pajek file, with the partitions and vectors of a project file.

    Raises
    ------
    FormatError
        With the line of what is wrong.
    """
    draft = Draft("pajek")
    net = _Net()
    positions: dict[str, Position] = {}
    text = decode_table(data, draft)
    loose: list[tuple[str, str]] = []
    begun = ""
    for number, whole_line in enumerate(_LINE_END.split(text), 1):
        place = f"line {number}"
        line = whole_line.strip()
        if not line or line.startswith(("%", "#")):
            continue
        if begun and not line.startswith("*") and not line[0].isdecimal() and len(begun) < _LONGEST_LABEL:
            # A label with a line end in it, as networkx writes one.
            line, begun = f"{begun} {line}", ""
        elif begun:
            _vertex(draft, net, positions, _closed(draft, begun, place), place)
            begun = ""
        if line.startswith("*"):
            net.sections += 1
            if net.sections > _MAX_SECTIONS:
                raise FormatError("there is too much in the file; split it", place=place, code="limit")
            _section(draft, net, line, place)
        elif net.section == "values":
            net.values.setdefault(net.values_of, []).append(line)
        elif net.section == "vertices" and _OPEN_LABEL.fullmatch(line):
            begun = line
        elif net.section == "vertices":
            _vertex(draft, net, positions, line, place)
        elif net.section == "matrix":
            _matrix_row(net, line, place)
        elif net.section in ("arcs", "edges", "arcslist", "edgeslist"):
            net.lines.extend(_line(net, line, place))
            if len(net.lines) > MAX_LINKS:
                raise FormatError(f"more than {MAX_LINKS} links; split the map", place=place, code="limit")
        elif not net.sections:
            loose.append((line, place))
            if len(loose) > MAX_LINKS:
                raise FormatError(f"more than {MAX_LINKS} links; split the map", place=place, code="limit")
    if begun:
        _vertex(draft, net, positions, _closed(draft, begun, "*Vertices"), "*Vertices")
    if not net.sections:
        _read_loose(net, loose)
    _complete(draft, net)
    if not net.counted:
        _add_named(draft, net.lines)
    _place(draft, positions)
    for name, values in net.values.items():
        if len(values) == net.count:
            for key, value in zip(draft.keys(), values, strict=False):
                draft.add_attributes(key, {name: draft.clean(value, name)})
        else:
            draft.note("section-skipped", "", f"{name} does not have {net.count} values; left out")
    _draw(draft, net.lines, signed=_SIGNED in text)
    return draft.finish()


def _closed(draft: Draft, vertex: str, place: str) -> str:
    draft.note("bad-text", place, "the label above has no quotation mark at its end; it ends with the line")
    return f'{vertex}"'


def _read_loose(net: _Net, loose: list[tuple[str, str]]) -> None:
    """Read a file without sections as a list of links, as Infomap has them."""
    if not loose:
        raise FormatError("there are no vertices and no lines in the file", code="missing")
    net.section = "arcs"
    for line, place in loose:
        net.lines.extend(_line(net, line, place))


def _add_named(draft: Draft, lines: list[_Line]) -> None:
    """Make the vertices that only lines name, where the file does not say how many there are."""
    ends = dict.fromkeys(end for line in lines for end in (line.source, line.target))
    missing = [end for end in ends if not draft.has_factor(end)]
    for key in missing:
        draft.factor(key, key, place="*Vertices")
    if missing:
        draft.note("no-label", "*Vertices", f"{len(missing)} vertices have no label; they are called by number")


def _draw(draft: Draft, lines: list[_Line], signed: bool) -> None:
    signed = signed or any(line.weight is not None and line.weight < 0 for line in lines)
    spoken = {} if signed else signs_of_labels(split_mark(line.label)[0] for line in lines)
    if spoken:
        draft.note("sign-column", "", "no weight is below 0; signs are read from the labels of the lines")
    elif lines and not signed:
        draft.note(
            "no-signs", "", "no weight is below 0, so the network has no signs; every link is unknown (?)"
        )
    for source, target, weight, both_ways, label, place in lines:
        missing = next((end for end in (source, target) if not draft.has_factor(end)), None)
        if missing is not None:
            draft.note("dangling", place, f"there is no vertex {missing[:20]}; the line is left out")
            continue
        size = abs(weight) if weight else None
        sign = (
            SignReading(sign=1 if weight > 0 else -1, size=size)
            if weight and signed
            else SignReading(size=size)
        )
        said, delayed = split_mark(label)
        if said in spoken:
            sign = SignReading(sign=spoken[said].sign, both=spoken[said].both, size=size)
        if not weight and signed:
            draft.note("no-sign", place, "the line has no weight, or 0; the sign is unknown (?)")
        register = draft.mutual if both_ways else draft.link
        register(
            source,
            target,
            place=place,
            sign=sign,
            delay="long" if delayed else "",
            attributes={"relation": label} if label else {},
        )


def _section(draft: Draft, net: _Net, text: str, place: str) -> None:
    found = _SECTION.match(text)
    name, rest = (found.group(1).casefold(), found.group(2).strip()) if found else ("", "")
    relation = re.search(r'"([^"]*)"', rest)
    name = _SAME_SECTION.get(name, name)
    begins = name == "network" or (name == "vertices" and net.section != "values")
    if begins and net.count and not net.over:
        net.over = True
        draft.note("section-skipped", place, "a further network begins here; only the first is read")
    if name == "network":
        draft.title = draft.title if net.over else _title(rest)
    elif name in ("partition", "vector", "permutation"):
        _complete(draft, net)
        net.values_of = draft.clean(rest, place, one_line=True) or name
        net.section = "values"
        return
    elif name == "vertices":
        if net.section == "values" or net.over:
            return
        if not rest:
            net.section = name
            return
        counts = [read_number(word) for word in rest.split()[:2]]
        count = counts[0]
        if count is None or count != int(count) or not 0 <= count <= MAX_FACTORS:
            raise FormatError(f"*Vertices needs a number of at most {MAX_FACTORS}", place=place, code="limit")
        net.count = int(count)
        net.counted = True
        net.first_mode = min(int(counts[1] or 0), net.count) if len(counts) > 1 else 0
    elif name in ("arcs", "edges", "arcslist", "edgeslist", "matrix"):
        net.relation = relation.group(1) if relation else ""
        if relation and rest.split()[0].isdecimal():
            net.relations[rest.split()[0]] = net.relation
        net.row = 0
        _complete(draft, net)
        if net.of_states:
            draft.note("section-skipped", place, f"{text[:40]} is left out")
            name = "skipped"
    else:
        # The lines after Infomap's *States run between states and not between vertices.
        net.of_states = net.of_states or name == "states"
        draft.note("section-skipped", place, f"{text[:40]} is left out")
    net.section = "skipped" if net.over else name


def _title(text: str) -> str:
    title = text.strip('"')
    return "" if title == "wickedmap" else title


def _vertex(draft: Draft, net: _Net, positions: dict[str, Position], text: str, place: str) -> None:
    whole = _VERTEX.fullmatch(text) if text.count('"') <= _MAX_QUOTES else None
    words = [whole.group(1), whole.group(2), *_WORDS.findall(whole.group(3))] if whole else _WORDS.findall(text)
    key = words[0]
    if not net.counted:
        net.count += 1
    if not key.isdecimal():
        raise FormatError(f"a vertex number from 1 to {net.count} is expected, found {key[:20]!r}", place=place)
    if net.listed >= net.count:
        raise FormatError(f"there are more vertices than the {net.count} announced", place=place)
    net.listed += 1
    key = str(int(key))
    label = words[1] if whole else words[1].strip('"') if len(words) > 1 else key
    # As Pajek and igraph write what does not stand in their alphabet.
    label = _LETTER.sub(lambda found: _letter(int(found.group(1))), label)
    numbers = [read_number(word) for word in words[2:4]]
    if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:
        positions[key] = (numbers[0], numbers[1])
    draft.factor(key, label or key, place=place)


def _letter(number: int) -> str:
    return chr(number) if number <= 0x10FFFF else "\ufffd"


def _place(draft: Draft, positions: Mapping[str, Position]) -> None:
    if len(positions) > 1 and len(set(positions.values())) == 1:
        draft.note(
            "no-positions", "*Vertices", "all vertices stand in the same spot, as when nothing is laid out"
        )
        return
    # Pajek draws between 0 and 1; matrices from elsewhere have coordinates of their own.
    scale = 1000.0 if all(abs(value) <= 1 for position in positions.values() for value in position) else 1.0
    for key, (x, y) in positions.items():
        draft.update_factor(key, position=(x * scale, y * scale))


def _complete(draft: Draft, net: _Net) -> None:
    """Make the vertices that are only counted, not listed."""
    if net.listed >= net.count:
        return
    missing = [str(number) for number in range(1, net.count + 1) if not draft.has_factor(str(number))]
    missing = missing[: net.count - net.listed]
    for key in missing:
        draft.factor(key, key, place="*Vertices")
    net.listed += len(missing)
    if missing:
        draft.note("no-label", "*Vertices", f"{len(missing)} vertices have no label; they are called by number")


def _matrix_row(net: _Net, text: str, place: str) -> None:
    net.row += 1
    cells = text.split()
    start = 0
    if net.first_mode and len(cells) != net.count:
        # A network of two modes has its first n vertices down the side and the others across.
        start = net.first_mode
        cells = cells[: net.count - start]
    if start + len(cells) > net.count or net.row > net.count:
        raise FormatError(f"the matrix is larger than {net.count} vertices", place=place)
    for column, cell in enumerate(cells, start + 1):
        weight = read_number(cell)
        if weight:
            net.lines.append(_Line(str(net.row), str(column), weight, False, net.relation, place))


def _line(net: _Net, text: str, place: str) -> list[_Line]:
    words = _WORDS.findall(text)
    both_ways = net.section.startswith("edges")
    relation = net.relation
    if words and words[0].endswith(":") and words[0][:-1].isdecimal():
        relation = net.relations.get(words[0][:-1], words[0][:-1])
        words = words[1:]
    if len(words) < 2 or not words[0].isdecimal():
        raise FormatError("expected the numbers of two vertices", place=place, code="syntax")
    ends = [str(int(word)) if word.isdecimal() else word for word in words]
    if net.section.endswith("list"):
        return [_Line(ends[0], end, None, both_ways, relation, place) for end in ends[1:]]
    weight = read_number(words[2]) if len(words) > 2 else None
    label = next(
        (words[at + 1].strip('"') for at, word in enumerate(words[2:-1], 2) if word in ("l", "label")), relation
    )
    return [_Line(ends[0], ends[1], weight, both_ways, label, place)]
