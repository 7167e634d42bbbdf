"""A PDF file of one page: its typefaces whole inside, and every letter with what it means.

After ISO 32000-1. The same page gives the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Final, Protocol

from .typeface import NOTDEF, Typeface, typeface

FONTS: Final = {"medium": 500, "bold": 700}
HALO: Final = "halo"
"""Bold letters that mean a space: an outline under a letter is not a letter of its own."""

HALO_FROM: Final = 4096
"""Added to a glyph's number in that font: readers drop a letter that stands on the same code."""

_LARGEST: Final = 14_400.0
"""No viewer shows a page longer than this many points, 5.08 m."""


class _Add(Protocol):
    def __call__(self, dictionary: str, stream: bytes | None = None) -> int: ...


def pdf_text(text: str) -> str:
    """Return a text as a string of the file: UTF-16 in hexadecimal.

    Examples
    --------
    >>> pdf_text("Ås")
    '<FEFF00C50073>'
    """
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def points(width: float, height: float) -> float:
    """Return how many points a pixel becomes: 0.75, less where the page would be too large."""
    return min(0.75, _LARGEST / max(width, height, 1.0))


def pdf_file(
    drawn: str, width: float, height: float, *, title: str, language: str, opacities: Mapping[str, float]
) -> bytes:
    """Return a file with one page.

    Parameters
    ----------
    drawn : str
        What is on the page, by the operators of the format; it may use the fonts
        ``/medium``, ``/bold`` and ``/halo``.
    width, height : float
        In points.
    opacities : mapping of str to float
        Name of each state of graphics that `drawn` uses, and its opacity.
    """
    objects: list[bytes] = []

    def add(dictionary: str, stream: bytes | None = None) -> int:
        body = f"<<{dictionary}>>".encode("ascii")
        if stream is not None:
            packed = zlib.compress(stream)
            head = f"<<{dictionary}/Filter/FlateDecode/Length {len(packed)}>>\nstream\n"
            body = head.encode("ascii") + packed + b"\nendstream"
        objects.append(body)
        return len(objects)

    fonts = {}
    for name, weight in FONTS.items():
        face = typeface(weight)
        described = _described(face, add)
        fonts[name] = _font(face, described, add("", _meanings(face)), "/Identity", 0, add)
        if name == "bold":
            spaces = add("", _meanings(face, HALO_FROM, " "))
            shifted = range(len(face.widths))
            places = b"".join(glyph.to_bytes(2, "big") for glyph in (*[NOTDEF] * HALO_FROM, *shifted))
            fonts[HALO] = _font(face, described, spaces, f" {add('', places)} 0 R", HALO_FROM, add)
    states = "".join(f"/{name}<</CA {value}/ca {value}>>" for name, value in opacities.items())
    content = add("", drawn.encode("ascii"))
    named = "".join(f"/{name} {number} 0 R" for name, number in fonts.items())
    pages = len(objects) + 2
    page = add(
        f"/Type/Page/Parent {pages} 0 R/MediaBox[0 0 {width:.2f} {height:.2f}]/Contents {content} 0 R"
        f"/Resources<</Font<<{named}>>/ExtGState<<{states}>>>>"
    )
    add(f"/Type/Pages/Kids[{page} 0 R]/Count 1")
    about = add(f"/Title{pdf_text(title)}/Creator(wickedmap)")
    root = add(f"/Type/Catalog/Pages {pages} 0 R/Lang({language})/ViewerPreferences<</DisplayDocTitle true>>")
    return _written(objects, root, about)


def _written(objects: list[bytes], root: int, about: int) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\n" % (len(objects) + 1, root, about)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _described(face: Typeface, add: _Add) -> int:
    left, bottom, right, top = face.box
    file = add(f"/Length1 {len(face.data)}", face.data)
    # 4: letters beyond those of the standard encoding.
    return add(
        f"/Type/FontDescriptor/FontName/{face.name}/Flags 4/FontBBox[{left} {bottom} {right} {top}]"
        f"/ItalicAngle 0/Ascent {face.ascent}/Descent {face.descent}/CapHeight {face.capital}/StemV 120"
        f"/FontFile2 {file} 0 R"
    )


def _font(face: Typeface, described: int, meanings: int, places: str, first: int, add: _Add) -> int:
    widths = " ".join(map(str, face.widths))
    letters = add(
        f"/Type/Font/Subtype/CIDFontType2/BaseFont/{face.name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {described} 0 R/W[{first}[{widths}]]/CIDToGIDMap{places}"
    )
    return add(
        f"/Type/Font/Subtype/Type0/BaseFont/{face.name}/Encoding/Identity-H"
        f"/DescendantFonts[{letters} 0 R]/ToUnicode {meanings} 0 R"
    )


def _meanings(face: Typeface, first: int = 0, always: str = "") -> bytes:
    """Return which character each glyph stands for, so that text can be searched and copied."""
    letters: dict[int, str] = {NOTDEF: "\ufffd"}
    for code, glyph in face.glyphs.items():
        letters.setdefault(glyph, chr(code))
    lines = [
        f"<{first + glyph:04X}> <{ord(always or letter):04X}>" for glyph, letter in sorted(letters.items())
    ]
    blocks = []
    for start in range(0, len(lines), 100):
        block = lines[start : start + 100]
        blocks.append(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{''.join(blocks)}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
