"""The typeface that comes with wickedmap: its files, its letters and how wide they are."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ..resources import resource_dir

FAMILY: Final = "Atkinson Hyperlegible Next"
WEIGHTS: Final = (500, 700)
NOTDEF: Final = 0
"""Number of the glyph that stands for a letter the typeface does not have: a box."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """One weight of the typeface; measures are in thousandths of the font size.

    Attributes
    ----------
    data : bytes
        The TrueType file.
    glyphs : mapping of int to int
        Glyph number of each Unicode character.
    widths : tuple of int
        How far each glyph moves the pen.
    box : tuple of int
        Left, bottom, right and top of all glyphs together.
    ascent, descent, capital : int
        Height of tall letters, depth of low ones, height of capitals.
    """

    name: str
    data: bytes
    glyphs: Mapping[int, int]
    widths: tuple[int, ...]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    capital: int

    def width(self, text: str) -> float:
        """Return the width of a line, in units of the font size."""
        return sum(self.widths[self.glyphs.get(ord(letter), NOTDEF)] for letter in text) / 1000


def file_of(weight: int) -> Path:
    """Return the TrueType file of a weight, 500 or 700."""
    return resource_dir("assets") / "vendor" / "fonts" / f"atkinson-hyperlegible-next-{weight}.ttf"


@cache
def typeface(weight: int) -> Typeface:
    """Return a weight of the typeface, read from its file.

    Only the tables that writing a PDF takes are read (OpenType 1.9: cmap, head, hhea,
    hmtx, OS/2), and of `cmap` only the format that the files that come along have.
    """
    data = file_of(weight).read_bytes()
    count = struct.unpack(">H", data[4:6])[0]
    tables: dict[str, int] = {}
    for number in range(count):
        tag, _, start, _ = struct.unpack(">4sIII", data[12 + 16 * number : 28 + 16 * number])
        tables[tag.decode()] = start
    head, hhea, metrics = tables["head"], tables["hhea"], tables["OS/2"]
    em = int.from_bytes(data[head + 18 : head + 20], "big")

    def scaled(units: int) -> int:
        return round(units * 1000 / em)

    left, bottom, right, top = map(scaled, struct.unpack(">4h", data[head + 36 : head + 44]))
    ascent, descent = map(scaled, struct.unpack(">2h", data[hhea + 4 : hhea + 8]))
    capital = scaled(struct.unpack(">h", data[metrics + 88 : metrics + 90])[0])
    long_ones = struct.unpack(">H", data[hhea + 34 : hhea + 36])[0]
    all_ones = struct.unpack(">H", data[tables["maxp"] + 4 : tables["maxp"] + 6])[0]
    start = tables["hmtx"]
    widths = [
        scaled(struct.unpack(">H", data[start + 4 * number : start + 4 * number + 2])[0])
        for number in range(long_ones)
    ]
    widths += widths[-1:] * (all_ones - long_ones)
    return Typeface(
        name=FAMILY.replace(" ", "") + ("-Bold" if weight == 700 else "-Medium"),
        data=data,
        glyphs=_glyphs(data, tables["cmap"]),
        widths=tuple(widths),
        box=(left, bottom, right, top),
        ascent=ascent,
        descent=descent,
        capital=capital,
    )


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Return the glyph of each character by the table's format 4: ranges with a shift each."""
    for number in range(struct.unpack(">H", data[cmap + 2 : cmap + 4])[0]):
        _, _, offset = struct.unpack(">HHI", data[cmap + 4 + 8 * number : cmap + 12 + 8 * number])
        start = cmap + offset
        if struct.unpack(">H", data[start : start + 2])[0] == 4:
            break
    else:
        raise ValueError("the typeface has no character map of format 4")
    double = struct.unpack(">H", data[start + 6 : start + 8])[0]

    def part(position: int, kind: str) -> tuple[int, ...]:
        return struct.unpack(f">{double // 2}{kind}", data[position : position + double])

    ends, begins = part(start + 14, "H"), part(start + 16 + double, "H")
    shifts, places = part(start + 16 + 2 * double, "h"), start + 16 + 3 * double
    offsets = part(places, "H")
    found: dict[int, int] = {}
    for segment, (begin, end, shift, offset) in enumerate(zip(begins, ends, shifts, offsets, strict=True)):
        for code in range(begin, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                at = places + 2 * segment + offset + 2 * (code - begin)
                glyph = struct.unpack(">H", data[at : at + 2])[0]
                if glyph == NOTDEF:
                    continue
            found[code] = (glyph + shift) & 0xFFFF
    return found


def lacks(text: str) -> bool:
    """Whether the typeface lacks a letter of a text.

    Examples
    --------
    >>> lacks("Blåbærgrøt − 5"), lacks("青")
    (False, True)
    """
    return drawable(text) != text


def drawable(text: str) -> str:
    """Return the text with ? for every letter that the typeface lacks."""
    glyphs = typeface(700).glyphs
    return "".join(one if one.isspace() or ord(one) in glyphs else "?" for one in text)
