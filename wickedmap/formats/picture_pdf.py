"""The picture of the map as a PDF page: the SVG of `picture`, shape by shape and letter by letter.

Only what our own SVG holds is known here: groups, rectangles, paths and texts. Text
stays text, in the typeface that comes with wickedmap, and a label that runs over
several lines is found and copied as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element, fromstring

from .pdf_file import HALO, HALO_FROM, pdf_file, pdf_text, points
from .typeface import NOTDEF, lacks, typeface

_NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
_OPERATORS: Final = {"M": "m", "L": "l", "C": "c", "Z": "h"}
_ABSOLUTE: Final = re.compile(r"([MLCZ])([^A-Za-z]*)")
_COMMAND: Final = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_RELATIVE_OR_BENT: Final = re.compile(r"[a-zHVA]")
_MOVE: Final = re.compile(r"translate\(([-\d.]+) ([-\d.]+)\)")
_CIRCLE: Final = 0.5523
"""How far the control points of a quarter of a circle lie from its ends, in radii."""

_INHERITED: Final = ("font-size", "font-weight", "fill")
Style = Mapping[str, str]


def pdf_of(drawn: str) -> bytes:
    """Return an SVG of ours as a PDF of one page."""
    root = fromstring(drawn)
    width, height = (float(size) for size in root.get("viewBox", "").split()[2:])
    scale = points(width, height)
    page = _Page(width, height)
    page.group(root, {"fill": "#000000", "font-weight": "500"})
    # SVG's y points down, that of a PDF up.
    start = f"{scale:.5f} 0 0 {-scale:.5f} 0 {height * scale:.2f} cm\n"
    return pdf_file(
        start + "\n".join(page.out),
        width * scale,
        height * scale,
        title=_title(root),
        language=root.get("lang", ""),
        opacities=page.opacities,
    )


def _title(element: Element) -> str:
    found = element.find(f"{_NAMESPACE}title")
    return (found.text or "") if found is not None else ""


class _Page:
    """What has been drawn so far, in the operators of the format."""

    def __init__(self, width: float, height: float) -> None:
        self.out: list[str] = []
        self.opacities: dict[str, float] = {}
        self._size = {"width": width, "height": height}
        self._draw: Mapping[str, Callable[[Element, Style, str], None]] = {
            "rect": self._rect,
            "path": self._path,
            "text": self._text,
        }

    def group(self, element: Element, style: Style) -> None:
        """Draw what is in an element, in its order."""
        told = _title(element)
        for one in element:
            name = one.tag.removeprefix(_NAMESPACE)
            own = {key: one.get(key, style.get(key, "")) for key in _INHERITED}
            if name == "g":
                moved = _MOVE.match(one.get("transform", ""))
                self.out.append(f"q 1 0 0 1 {moved[1]} {moved[2]} cm" if moved else "q")
                self.group(one, own)
                self.out.append("Q")
            elif name in self._draw:
                self._draw[name](one, own, told)

    def _rect(self, element: Element, style: Style, _told: str) -> None:
        wide, high = (
            self._size[name] if element.get(name) == "100%" else float(element.get(name, "0"))
            for name in ("width", "height")
        )
        x, y, corner = (float(element.get(name, "0")) for name in ("x", "y", "rx"))
        corner = min(corner, wide / 2, high / 2)
        if not corner:
            return self._painted(element, style, f"{x:.1f} {y:.1f} {wide:.1f} {high:.1f} re")
        arc = f"a{corner} {corner} 0 0 1"
        across, down = wide - 2 * corner, high - 2 * corner
        return self._painted(
            element,
            style,
            _shape(
                f"M{x + corner} {y}h{across}{arc} {corner} {corner}v{down}{arc} {-corner} {corner}"
                f"h{-across}{arc} {-corner} {-corner}v{-down}{arc} {corner} {-corner}Z"
            ),
        )

    def _path(self, element: Element, style: Style, _told: str) -> None:
        self._painted(element, style, _shape(element.get("d", "")))

    def _painted(self, element: Element, style: Style, shape: str) -> None:
        fill, stroke = style["fill"], element.get("stroke", "none")
        parts = []
        opacity = element.get("opacity") or element.get("stroke-opacity")
        if opacity:
            name = f"o{round(float(opacity) * 100)}"
            self.opacities[name] = float(opacity)
            parts.append(f"/{name} gs")
        if fill != "none":
            parts.append(_colour(fill, "rg"))
        if stroke != "none":
            parts.append(_colour(stroke, "RG") + f" {element.get('stroke-width', '1')} w")
            if element.get("stroke-dasharray"):
                parts.append(f"[{element.get('stroke-dasharray')}] 0 d")
            if element.get("stroke-linecap") == "round":
                parts.append("1 J")
        way = "B" if fill != "none" and stroke != "none" else "S" if stroke != "none" else "f"
        if fill == stroke == "none":
            return
        self.out.append(f"q {' '.join(parts)} {shape} {way} Q")

    def _text(self, element: Element, style: Style, told: str) -> None:
        lines = [(one, _plain(one.text)) for one in element if one.text] or [(element, _plain(element.text))]
        lines = [(one, text) for one, text in lines if text.strip()]
        if not lines:
            return
        said = _whole([text for _, text in lines], told) if len(lines) > 1 else lines[0][1]
        # A box has no meaning of its own, nor has half a word.
        marked = lacks(said) or said != " ".join(text for _, text in lines)
        if marked:
            self.out.append(f"/Span <</ActualText{pdf_text(said)}>> BDC")
        for one, text in lines:
            self._line(element, one, text, style)
        if marked:
            self.out.append("EMC")

    def _line(self, element: Element, place: Element, text: str, style: Style) -> None:
        font = "bold" if style["font-weight"] == "700" else "medium"
        face = typeface(700 if font == "bold" else 500)
        size = float(style["font-size"])
        text = unicodedata.normalize("NFC", text)
        shown = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Mn"))
        back = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
        x = float(place.get("x", "0")) - face.width(shown) * size * back
        y = float(place.get("y", "0"))
        glyphs = [face.glyphs.get(ord(letter), NOTDEF) for letter in shown]
        codes = "".join(f"{glyph:04X}" for glyph in glyphs)
        at = f"1 0 0 -1 {x:.2f} {y:.2f} Tm"
        halo = element.get("stroke", "none")
        if halo != "none":
            apart = "".join(f"{glyph + HALO_FROM:04X}" for glyph in glyphs)
            self.out.append(
                f"q {_colour(halo, 'RG')} {element.get('stroke-width', '1')} w 1 j "
                f"BT /{HALO} {size:g} Tf 1 Tr {at} <{apart}> Tj ET Q"
            )
        self.out.append(f"BT /{font} {size:g} Tf {_colour(style['fill'], 'rg')} {at} <{codes}> Tj ET")


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()


def _whole(lines: list[str], told: str) -> str:
    """Return a label as it was before it was broken into lines; `told` begins with it.

    Examples
    --------
    >>> _whole(["Spesialisthe-", "lsetjenesten"], "Spesialisthelsetjenesten. Sykehus.")
    'Spesialisthelsetjenesten'
    >>> _whole(["Tverr-", "faglig"], "Tverr- faglig")
    'Tverr- faglig'
    """
    told = _plain(told)
    said = ""
    for line in lines:
        between = " " if said and not said.endswith("\u00ad") else ""
        said = said.removesuffix("\u00ad") + between
        whole = told.startswith(said + line) and told[len(said + line) : len(said + line) + 1] in ("", " ", ".")
        said += line if whole or not line.endswith("-") else line[:-1] + "\u00ad"
    return said.removesuffix("\u00ad")


def _colour(colour: str, operator: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return f"{red:.3f} {green:.3f} {blue:.3f} {operator}"


def _shape(d: str) -> str:
    """Return the way of a path in the operators of the format."""
    if not _RELATIVE_OR_BENT.search(d):
        return _ABSOLUTE.sub(lambda found: f"{found[2]} {_OPERATORS[found[1]]} ", d)
    return " ".join(_walked(d))


def _walked(d: str) -> Iterator[str]:
    """Follow a path that has relative steps, level or upright lines, or quarters of circles."""
    x = y = 0.0
    upright = False
    for command, rest in _COMMAND.findall(d):
        numbers = [float(one) for one in rest.replace(",", " ").split()]
        fromx, fromy = (x, y) if command.islower() else (0.0, 0.0)
        kind = command.upper()
        before = x, y
        if kind in ("M", "L"):
            x, y = fromx + numbers[0], fromy + numbers[1]
            yield f"{x:.2f} {y:.2f} {_OPERATORS[kind]}"
        elif kind in ("H", "V"):
            upright = kind == "V"
            x, y = (x, fromy + numbers[0]) if upright else (fromx + numbers[0], y)
            yield f"{x:.2f} {y:.2f} l"
        elif kind == "A":
            x, y = fromx + numbers[5], fromy + numbers[6]
            corner = (before[0], y) if upright else (x, before[1])
            first, last = (
                (end[0] + (corner[0] - end[0]) * _CIRCLE, end[1] + (corner[1] - end[1]) * _CIRCLE)
                for end in (before, (x, y))
            )
            yield f"{first[0]:.2f} {first[1]:.2f} {last[0]:.2f} {last[1]:.2f} {x:.2f} {y:.2f} c"
        else:
            yield "h"
