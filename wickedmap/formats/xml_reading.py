"""XML read safely: no document type, no entities, bounded depth, elements by local name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

import defusedxml
from defusedxml.ElementTree import DefusedXMLParser

from .aspects import xml_text
from .errors import MAX_DEPTH, FormatError, check_size

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "utf-16", "windows-1252"})


def read_xml(data: bytes) -> Element:
    """Return the root element, its lines counted for errors.

    Raises
    ------
    FormatError
        For a document type, entities, broken XML, an unusual encoding, or
        elements nested deeper than `MAX_DEPTH`.
    """
    check_size(data)
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf")[:300])
    if declared and declared.group(1).decode().casefold() not in _ENCODINGS:
        raise FormatError(
            f"the encoding {declared.group(1).decode()!r} is not read; save as UTF-8",
            place="line 1",
            code="syntax",
        )
    parser = DefusedXMLParser(forbid_dtd=True)
    try:
        # In pieces, so that a file nested 20,000 deep is stopped before it is a tree.
        depth = 0
        for start in range(0, len(data), 65_536):
            parser.feed(data[start : start + 65_536])
        root: Element = parser.close()
    except defusedxml.DTDForbidden:
        raise FormatError(
            "the file has a document type (<!DOCTYPE>), which can hide a bomb; remove that line",
            code="unsupported",
        ) from None
    except defusedxml.DefusedXmlException:
        raise FormatError(
            "the file declares entities or points outside itself; remove them", code="unsupported"
        ) from None
    except ParseError as error:
        line = error.position[0] if hasattr(error, "position") else 0
        raise FormatError(
            f"this is not valid XML ({str(error).split(':')[0]}); the file may be cut off",
            place=f"line {line}",
            code="syntax",
        ) from None
    except (ValueError, LookupError) as error:
        raise FormatError(f"the XML cannot be read ({error})", code="syntax") from None
    level = [root]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise FormatError(f"elements are nested more than {MAX_DEPTH} deep", code="limit")
        level = [child for element in level for child in element]
    return root


def name_of(element: Element) -> str:
    """Return the element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield child elements with one of these local names."""
    for child in element:
        if name_of(child) in names:
            yield child


def child(element: Element, name: str) -> Element | None:
    """Return the first child with this local name."""
    return next(children(element, name), None)


def child_text(element: Element, name: str) -> str:
    """Return the text of the first child with this local name, or ``""``."""
    found = child(element, name)
    return (found.text or "").strip() if found is not None else ""


def descendants(element: Element, name: str) -> Iterator[Element]:
    """Yield all elements below with this local name."""
    for one in element.iter():
        if name_of(one) == name:
            yield one


def content(text: str) -> str:
    """Return text for the inside of an element; line ends survive."""
    return escape(xml_text(text), {"\r": "&#13;"})


def attribute(text: str) -> str:
    """Return text as a quoted attribute value; tabs and line ends survive."""
    return '"' + escape(xml_text(text), {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}) + '"'
