"""XML read safely: no entities, nothing fetched, bounded depth, elements by local name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, fromstring
from xml.parsers import expat
from xml.sax.saxutils import escape

from .errors import MAX_DEPTH, FormatError, check_size
from .lessened import xml_text

_MAX_TAGS = 800_000
"""The largest map we write has a quarter of this; a million empty elements take seconds to build."""
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UNICODE = frozenset({"utf-8", "utf8", "utf-16", "utf16", "utf-16le", "utf-16be", "us-ascii", "ascii"})
# Left to Python's decoders, which hide no bombs; none that is "stateful" as UTF-7 is.
_ENCODINGS = re.compile(
    r"iso[-_]?8859[-_]?1?\d|latin[-_]?[1-9]|(?:windows|cp)[-_]?125[0-8]|cp(?:437|850|865|866)|koi8[-_][ru]"
    r"|mac(?:intosh|[-_]?roman)|gb(?:2312|k|18030)|big5|shift[-_]jis|euc[-_](?:jp|kr)"
)
_LATIN_1 = frozenset({"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1"})


def read_xml(data: bytes) -> Element:
    """Return the root element, its lines counted for errors.

    Raises
    ------
    FormatError
        For a document type that declares things, entities, broken XML, an unusual encoding,
        more tags than any map needs, or elements nested deeper than `MAX_DEPTH`.
    """
    check_size(data)
    data = _as_declared(data)
    if data.count(b"<") > _MAX_TAGS:
        raise FormatError(f"more than {_MAX_TAGS} tags, which no map needs; split the map", code="limit")
    try:
        root = _tree(_without_document_type(data))
    except _Declared as declared_thing:
        raise FormatError(
            f"the file has {declared_thing}, which can hide a bomb or point outside the file; remove that line",
            place=f"line {declared_thing.line}",
            code="unsupported",
        ) from None
    except (ParseError, expat.ExpatError) as error:
        if _not_utf8(data):
            raise FormatError("the file is not UTF-8 text; save it again as UTF-8", code="syntax") from None
        line, reason = error.lineno if isinstance(error, expat.ExpatError) else error.position[0], str(error)
        raise FormatError(
            f"this is not valid XML ({reason.split(':')[0]}); the file may be cut off",
            place=f"line {line}",
            code="syntax",
        ) from None
    except (ValueError, LookupError) as error:
        raise FormatError(f"the XML cannot be read ({error})", code="syntax") from None
    depth = 0
    level = [root]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise FormatError(f"elements are nested more than {MAX_DEPTH} deep", code="limit")
        level = [child for element in level for child in element]
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def _as_declared(data: bytes) -> bytes:
    """Return a file that the parser can read: in Unicode, with nothing before its first line.

    Files of .NET programs often say "utf-16" and are UTF-8.
    """
    if data[:1] in (b" ", b"\t", b"\r", b"\n") and b"\x00" not in data[:4]:
        data = data.lstrip(b" \t\r\n")
    marked = data.startswith(b"\xef\xbb\xbf")
    body = data[3:] if marked else data
    declared = _DECLARED.match(body[:300])
    if not declared:
        return data
    name = declared.group(1).decode().casefold()
    body = body[: declared.start(1)] + b"utf-8" + body[declared.end(1) :]
    if name in _UNICODE or (marked and _ENCODINGS.fullmatch(name)):
        return body
    if not _ENCODINGS.fullmatch(name):
        raise FormatError(f"the encoding {name!r} is not read; save as UTF-8", place="line 1", code="syntax")
    # Windows programs call their own encoding by the name of Latin-1.
    tried = ("cp1252", "latin-1") if name in _LATIN_1 else (name.replace("macintosh", "mac-roman"),)
    for codec in tried:
        try:
            return body.decode(codec).encode()
        except (UnicodeDecodeError, LookupError):
            continue
    raise FormatError(
        f"the file is not {name} text as it says; save it again as UTF-8", place="line 1", code="syntax"
    )


def _not_utf8(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


class _Declared(Exception):
    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


def _without_document_type(data: bytes) -> bytes:
    """Return the file without a document type that only names a file elsewhere, as old GraphML has it.

    Stops at the first declaration or entity, before any element is built: bombs can stand
    in a document type's own declarations only. Nothing is fetched. Without the document
    type an entity that the other file might declare is an error, and is not passed over.
    """
    parser = expat.ParserCreate()
    end = -1

    def refuse(what: str) -> Callable[..., NoReturn]:
        def stop(*_: object) -> NoReturn:
            raise _Declared(what, parser.CurrentLineNumber)

        return stop

    declares = refuse("a document type (<!DOCTYPE>) with declarations")

    def doctype(*about: object) -> None:
        nonlocal end
        # The name, the two addresses, and whether declarations follow.
        if about[3]:
            declares()
        end = parser.CurrentByteIndex

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = refuse("an entity")
    parser.UnparsedEntityDeclHandler = refuse("an entity")
    parser.ExternalEntityRefHandler = refuse("a reference to another file")
    parser.Parse(data, True)
    for codec in ("ascii", "utf-16-le", "utf-16-be") if end >= 0 else ():
        start = data.rfind("<!DOCTYPE".encode(codec), 0, end)
        if start >= 0:
            lines = data[start:end].count(b"\n") * "\n".encode(codec)
            return data[:start] + lines + data[end + len(">".encode(codec)) :]
    return data


def _tree(data: bytes) -> Element:
    """Return the elements; where a prefix is used and never declared, as some tools do, without it."""
    try:
        return fromstring(data)
    except ParseError as error:
        if error.code != expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]:
            raise
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, values: builder.start(tag.rpartition(":")[2], values)
    parser.EndElementHandler = lambda tag: builder.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = builder.data
    parser.Parse(data, True)
    return builder.close()


def name_of(element: Element) -> str:
    """Return the element's name; `read_xml` has taken its namespace away."""
    return element.tag if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield child elements with one of these names."""
    for child in element:
        if child.tag in names:
            yield child


def child(element: Element, name: str) -> Element | None:
    """Return the first child with this name."""
    return next(children(element, name), None)


def child_text(element: Element, name: str) -> str:
    """Return the text of the first child with this name, or ``""``."""
    found = child(element, name)
    return (found.text or "").strip() if found is not None else ""


def descendants(element: Element, name: str) -> Iterator[Element]:
    """Yield all elements below with this name."""
    return element.iter(name)


def content(text: str) -> str:
    """Return text for the inside of an element; line ends survive."""
    return escape(xml_text(text), {"\r": "&#13;"})


def attribute(text: str) -> str:
    """Return text as a quoted attribute value; tabs and line ends survive."""
    return '"' + escape(xml_text(text), {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}) + '"'
