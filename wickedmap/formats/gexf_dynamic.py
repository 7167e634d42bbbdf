"""GEXF with time, for Gephi's timeline: when factors and links stood on the map, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from ..causal_map import CausalMap
from . import gexf
from .lessened import xml_text

SUFFIX: Final = ".dynamic.gexf"
_GEXF: Final = "http://gexf.net/1.3"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, ``YYYY-MM-DDTHH:MM:SSZ``; it lasts still when `end` is empty."""

    start: str
    end: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """What held during a stretch of time."""

    value: str
    span: Span


@dataclass(frozen=True)
class MapOverTime:
    """A map with when each part of it stood.

    Attributes
    ----------
    map : CausalMap
        Every factor and link that ever stood, as it was last.
    span : Span
        From the opening to the latest change.
    factors, links : mapping of id to spans
        When each stood; several when it was taken away and came back.
    values : mapping of name to mapping of link id to `Timed`
        Whole numbers that changed at the links: one column each.
    """

    map: CausalMap
    span: Span
    factors: Mapping[str, Sequence[Span]]
    links: Mapping[str, Sequence[Span]]
    values: Mapping[str, Mapping[str, Sequence[Timed]]]


def write(told: MapOverTime) -> bytes:
    """Return the map as dynamic GEXF 1.3: the static file of `gexf.write`, with times.

    A factor or link that is no longer on the map has the column ``removed``.
    """
    root = fromstring(gexf.write(told.map))
    graph = _only(root, "graph")
    graph.attrib |= {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    # networkx knows no other format for times of day; Gephi takes the later word, that of GEXF 1.1.
    graph.attrib |= {"timetype": "dateTime", **_times(told.span)}
    kinds = {"node": told.factors, "edge": told.links}
    ids = {
        "node": [factor.id for factor in told.map.factors],
        "edge": [link.id for link in told.map.links],
    }
    for kind, spans in kinds.items():
        static = next(one for one in _all(graph, "attributes") if one.get("class") == kind)
        removed = _column(static, "removed", "boolean")
        changing = _columns(graph, static, list(told.values)) if kind == "edge" else {}
        # The file has the elements in the order of the map.
        for one, element in zip(ids[kind], _all(_only(graph, f"{kind}s"), kind), strict=True):
            _timed(element, spans[one])
            held = [(changing[name], at.get(one, ())) for name, at in told.values.items() if name in changing]
            if spans[one][-1].end or any(values for _, values in held):
                _values(element, removed if spans[one][-1].end else "", held)
    # Names without a prefix, as other tools write them.
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_GEXF}}}").replace(f"{{{_GEXF}/viz}}", "viz:")
    root.attrib |= {"xmlns": _GEXF, "xmlns:viz": f"{_GEXF}/viz"}
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode").encode() + b"\n"


def _timed(element: Element, spans: Sequence[Span]) -> None:
    if len(spans) == 1:
        element.attrib |= _times(spans[0])
        return
    holder = SubElement(element, f"{{{_GEXF}}}spells")
    for span in spans:
        SubElement(holder, f"{{{_GEXF}}}spell", _times(span))


def _times(span: Span) -> dict[str, str]:
    return {"start": span.start} | ({"end": span.end} if span.end else {})


def _values(element: Element, removed: str, held: list[tuple[str, Sequence[Timed]]]) -> None:
    holder = element.find(f"{{{_GEXF}}}attvalues")
    if holder is None:
        holder = Element(f"{{{_GEXF}}}attvalues")
        element.insert(0, holder)
    if removed:
        SubElement(holder, f"{{{_GEXF}}}attvalue", {"for": removed, "value": "true"})
    for column, values in held:
        for timed in values:
            about = {"for": column, "value": xml_text(timed.value), **_times(timed.span)}
            SubElement(holder, f"{{{_GEXF}}}attvalue", about)


def _columns(graph: Element, static: Element, names: list[str]) -> dict[str, str]:
    holder = Element(f"{{{_GEXF}}}attributes", {"class": "edge", "mode": "dynamic"})
    graph.insert(list(graph).index(static) + 1, holder)
    first = len(static)
    return {name: _column(holder, name, "integer", first + number) for number, name in enumerate(names)}


def _column(holder: Element, name: str, kind: str, number: int | None = None) -> str:
    column = str(len(holder) if number is None else number)
    SubElement(holder, f"{{{_GEXF}}}attribute", {"id": column, "title": name, "type": kind})
    return column


def _all(element: Element, name: str) -> list[Element]:
    return element.findall(f"{{{_GEXF}}}{name}")


def _only(element: Element, name: str) -> Element:
    return _all(element, name)[0]
