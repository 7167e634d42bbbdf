"""What yEd and yEd Live draw for a node or an edge in GraphML: labels, boxes, arrowheads, colours."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element

from .signs import read_number
from .xml_reading import children, descendants, name_of

_LABEL_NAMES: Final = frozenset({"NodeLabel", "EdgeLabel", "Label"})
_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BREAK: Final = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|t[rdh]|h[1-6]))\b[^<>]{0,200}>", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"\{(?:\w+:)?GraphMLReference\s+(?:ResourceKey\s*=\s*)?([^\s{}]+)\s*\}")
_STYLED: Final = frozenset({"MarkupLabelStyle", "WebView2LabelStyle", "HtmlLabelStyle"})


def drawings_of(element: Element) -> list[Element]:
    """Return the drawings of a node or an edge; of a group only the one that is shown.

    yEd keeps two drawings of a group, open and closed, and says which is active.
    """
    found = []
    for data in children(element, "data"):
        if not len(data):
            continue
        realizers = next(descendants(data, "Realizers"), None)
        if realizers is None or not len(realizers):
            found.append(data)
            continue
        active = realizers.get("active", "0")
        number = int(active) if active.isdecimal() and len(active) < 4 else 0
        found.append(realizers[min(number, len(realizers) - 1)])
    return found


def labels_of(drawings: Iterable[Element]) -> list[str]:
    """Return the texts that are shown, in the order of the file, as plain text."""
    shown: list[str] = []
    hidden: list[str] = []
    for label in _labels(drawings):
        text = _text_of(label)
        if text:
            (hidden if label.get("visible") == "false" else shown).append(text)
    return shown or hidden


def _labels(drawings: Iterable[Element]) -> Iterator[Element]:
    for drawing in drawings:
        for element in drawing.iter():
            if name_of(element) in _LABEL_NAMES:
                yield element


def _text_of(label: Element) -> str:
    if name_of(label) != "Label":
        # The layout stands inside the label, after its text.
        return shown_text((label.text or "") + "".join(part.tail or "" for part in label))
    text = label.get("Text") or ""
    for part in children(label, "Label.Text"):
        text = text or "".join(part.itertext())
    has_markup = any(name_of(part) in _STYLED for part in label.iter())
    return plain_text(text) if has_markup else shown_text(text)


def shown_text(text: str) -> str:
    """Return a label as it is shown: one that begins as HTML or as a Graphviz table is made plain."""
    return plain_text(text) if text.lstrip()[:6].casefold().startswith(("<html", "<table")) else text.strip()


def plain_text(text: str) -> str:
    r"""Return the text of a label written in HTML, lines divided by line breaks.

    Examples
    --------
    >>> plain_text("<html><b>Rent</b> &amp; debt<br>per year</html>")
    'Rent & debt\nper year'
    """
    text = html.unescape(_MARKUP.sub("", _BREAK.sub("\n", text)))
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def centre_of(drawings: Iterable[Element]) -> tuple[float, float] | None:
    """Return the middle of the box that is drawn, or None when no place is given."""
    for drawing in drawings:
        for box in drawing.iter():
            names = {"Geometry": "x y width height", "RectD": "X Y Width Height"}.get(name_of(box))
            if names is None:
                continue
            x, y, width, height = (read_number(box.get(name, "")) for name in names.split())
            if x is not None and y is not None:
                return x + (width or 0.0) / 2, y + (height or 0.0) / 2
    return None


def shared_parts(root: Element) -> dict[str, Element]:
    """Return what yEd Live writes once for the whole file, by its key."""
    return {
        value: part
        for shared in descendants(root, "SharedData")
        for part in shared
        for name, value in part.attrib.items()
        if re.fullmatch(r"(?:.*[}:])?Key", name)
    }


def heads_of(
    drawings: Iterable[Element], shared: Mapping[str, Element] = MappingProxyType({})
) -> tuple[str, str] | None:
    """Return the arrowheads at source and target ("none" for no head), or None when none are named."""
    for drawing in drawings:
        for part in drawing.iter():
            if name_of(part) == "Arrows":
                return part.get("source", "none"), part.get("target", "none")
            style = shared.get(part.get("ResourceKey", ""), part)
            if name_of(style).endswith("EdgeStyle") and (heads := _heads_of_style(style, shared)):
                return heads
    return None


def _heads_of_style(style: Element, shared: Mapping[str, Element]) -> tuple[str, str] | None:
    """Return the arrowheads that yEd Live names in an attribute or an element of a style."""
    named: dict[str, str] = {}
    for name, value in style.attrib.items():
        found = _REFERENCE.fullmatch(value)
        arrow = shared.get(found.group(1)) if found else None
        named[name.casefold()] = value if arrow is None else _kind_of_head(arrow, shared)
    for part in style:
        arrow = next(iter(part), None)
        named[name_of(part).rpartition(".")[2].casefold()] = _kind_of_head(arrow, shared)
    ends = [named.get(name) for name in ("sourcearrow", "targetarrow")]
    if ends == [None, None] or any(end and _REFERENCE.fullmatch(end) for end in ends):
        return None
    source, target = ("none" if not end or re.search("none|null", end, re.I) else end for end in ends)
    return source, target


def _kind_of_head(arrow: Element | None, shared: Mapping[str, Element]) -> str:
    if arrow is None:
        return "none"
    arrow = shared.get(arrow.get("ResourceKey", ""), arrow)
    return arrow.get("type") or arrow.get("Type") or name_of(arrow)


# What yEd fills nodes, groups and flowcharts with, and draws lines in, when nobody has chosen a colour.
_USUAL: Final = frozenset({"#FFCC00", "#F5F5F5", "#E8EEF7", "#000000"})


def colour_of(drawings: Iterable[Element], name: str) -> str:
    """Return the colour of an element such as "Fill" or "LineStyle", or ``""`` when nobody has chosen it."""
    for drawing in drawings:
        for element in descendants(drawing, name):
            return chosen_colour(element.get("color", ""))
    return ""


def chosen_colour(colour: str) -> str:
    """Return a colour as ``#RRGGBB``, or ``""`` when it is none or one that nobody has chosen."""
    colour = colour.upper()
    return colour if re.fullmatch("#[0-9A-F]{6,8}", colour) and colour not in _USUAL else ""


def line_style_of(drawings: Iterable[Element]) -> str:
    """Return how a line is drawn, such as "dashed", or ``""`` for a plain one."""
    for drawing in drawings:
        for line in descendants(drawing, "LineStyle"):
            return style if (style := line.get("type", "")) != "line" else ""
    return ""


def sign_of_head(head: str) -> str:
    """Return "-" for an arrowhead that is a bar, as biologists draw what inhibits, else ``""``."""
    return "-" if head in ("t_shape", "tee", "T") else ""
