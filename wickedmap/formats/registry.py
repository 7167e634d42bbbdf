"""Every format by name, and which one a file is: by its content first, its suffix second."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..causal_map import CausalMap
from . import (
    csv_tables,
    dot,
    gexf,
    gml,
    graph_json,
    graph_json_shapes,
    graphml,
    json_tables,
    kumu,
    kumu_sheets,
    loopy,
    matrices,
    mental_modeler,
    native,
    pajek,
    picture_losses,
    prsm,
    references,
    sheets,
    sif,
    strict_json,
    typed_lines,
    vensim,
    xmile,
    yaml_native,
)
from .archives import open_zip, read_member
from .errors import FormatError, is_ours
from .reading import Reading
from .xml_reading import name_of, read_xml


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: what it is called, how it is read and written, what it loses."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes], Reading] | None = None
    write: Callable[[CausalMap], bytes] | None = None
    losses: Mapping[str, str] = field(default_factory=dict)


def _read_native(data: bytes) -> Reading:
    return Reading(native.read(data), "wickedmap")


def _read_zip(data: bytes) -> Reading:
    """Read the tables in a zip; a data package has the whole map beside them, without loss."""
    with open_zip(data) as archive:
        whole = [name for name in archive.namelist() if name.endswith("map.wickedmap.json")]
        if len(whole) == 1:
            return Reading(native.read(read_member(archive, whole[0])), "wickedmap")
    return csv_tables.read_zip(data)


def _sheets_as(name: str) -> Callable[[bytes], Reading]:
    """Return what reads a workbook of another kind than .xlsx, under its name."""

    def read(data: bytes) -> Reading:
        reading = sheets.read(data)
        return Reading(reading.map, name if reading.format == "xlsx" else reading.format, reading.report)

    return read


def _write_svg(m: CausalMap) -> bytes:
    # Drawing takes the layout and with it SciPy: half of what importing wickedmap would cost.
    from .picture import write_svg

    return write_svg(m)


def _write_png(m: CausalMap) -> bytes:
    from .picture import write_png

    return write_png(m)


def _write_pdf(m: CausalMap) -> bytes:
    from .picture import write_pdf

    return write_pdf(m)


FORMATS: Final[Mapping[str, Format]] = {
    one.name: one
    for one in (
        Format(
            "wickedmap",
            "wickedmap (JSON)",
            (".wickedmap.json", ".wickedmap", ".json"),
            _read_native,
            native.write,
            native.LOSSES,
        ),
        Format("graphml", "GraphML", (".graphml",), graphml.read, graphml.write, graphml.LOSSES),
        Format(
            "csv",
            "CSV table of links",
            (".csv", ".tsv", ".tab", ".txt", ".edgelist", ".edges", ".ncol"),
            csv_tables.read,
            csv_tables.write,
            csv_tables.LOSSES,
        ),
        Format(
            "csv-zip",
            "CSV tables of the whole map (zip)",
            (".csv.zip", ".zip"),
            _read_zip,
            csv_tables.write_zip,
            csv_tables.ZIP_LOSSES,
        ),
        Format(
            "matrix",
            "Matrix of weights (CSV, Mental Modeler)",
            (".matrix.csv",),
            csv_tables.read,
            csv_tables.write_matrix,
            matrices.LOSSES,
        ),
        Format("xlsx", "Excel workbook of the whole map", (".xlsx",), sheets.read, sheets.write, sheets.LOSSES),
        Format("ods", "OpenDocument spreadsheet", (".ods",), _sheets_as("ods")),
        Format("xls", "Excel workbook of before 2007", (".xls",), _sheets_as("xls")),
        Format("kumu", "Kumu (JSON)", (".kumu.json",), kumu.read, kumu.write, kumu.LOSSES),
        Format(
            "kumu-xlsx",
            "Kumu (Excel workbook)",
            (".kumu.xlsx",),
            sheets.read,
            kumu_sheets.write,
            kumu_sheets.LOSSES,
        ),
        Format("prsm", "PRSM", (".prsm", ".prsm.json"), prsm.read, prsm.write, prsm.LOSSES),
        Format("loopy", "Loopy", (".loopy", ".loopy.json"), loopy.read, loopy.write, loopy.LOSSES),
        Format(
            "mental-modeler",
            "Mental Modeler (.mmp)",
            (".mmp",),
            mental_modeler.read,
            mental_modeler.write,
            mental_modeler.LOSSES,
        ),
        Format(
            "graph-json",
            "Graph in JSON (networkx, Cytoscape, D3, graphology, vis.js)",
            (".graph.json", ".node-link.json", ".cyjs", ".jgf", ".canvas"),
            graph_json.read,
            graph_json.write,
            graph_json.LOSSES,
        ),
        Format(
            "json-table", "Table in JSON (pandas)", (".records.json", ".jsonl", ".ndjson"), json_tables.read
        ),
        Format("sif", "SIF (Cytoscape)", (".sif",), sif.read),
        Format("lines", "Lines of text: factors, and arrows between them", (".lines",), typed_lines.read),
        Format("pajek", "Pajek (.net)", (".net", ".paj"), pajek.read, pajek.write, pajek.LOSSES),
        Format("gexf", "GEXF (Gephi)", (".gexf",), gexf.read, gexf.write, gexf.LOSSES),
        Format("gml", "GML", (".gml",), gml.read, gml.write, gml.LOSSES),
        Format("dot", "DOT (Graphviz)", (".dot", ".gv"), dot.read, dot.write, dot.LOSSES),
        Format(
            "wickedmap-yaml",
            "wickedmap (YAML)",
            (".yaml", ".yml"),
            yaml_native.read,
            yaml_native.write,
            yaml_native.LOSSES,
        ),
        Format("vensim", "Vensim sketch (.mdl)", (".mdl",), vensim.read, vensim.write, vensim.LOSSES),
        Format("xmile", "XMILE (Stella, Vensim)", (".xmile", ".stmx", ".itmx"), xmile.read),
        Format("ris", "RIS (references)", (".ris",), None, references.write_ris, references.LOSSES),
        Format("csl", "CSL-JSON (references)", (".csl.json",), None, references.write_csl, references.LOSSES),
        Format("svg", "SVG picture", (".svg",), None, _write_svg, picture_losses.LOSSES),
        Format("png", "PNG picture", (".png",), None, _write_png, picture_losses.LOSSES),
        Format("pdf", "PDF picture", (".pdf",), None, _write_pdf, picture_losses.PDF_LOSSES),
    )
}


_LOOPY: Final = re.compile(
    rb"https?://\S*(?:loopy|[?&]data=(?:\[\[|%(?:25)?5B))|\??data=(?:\[\[|%)|%(25)?5B", re.I
)
_PAJEK: Final = re.compile(rb"^\s*\*(network|vertices)\b", re.I | re.M)
_VENSIM_COMMENT: Final = re.compile(rb"""\{[^{}\[\]":,\n]+\}""")
_COMMENTS: Final = rb"(?:\s|//[^\n]*\n|#[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*"
_OPENINGS: Final = {
    "dot": re.compile(_COMMENTS + rb"(?:strict\s+)?(?:di)?graph\b[^\[;,]*\{", re.I | re.S),
    "gml": re.compile(rb"(?:\s|#[^\n]*\n|[a-z]\w*[ \t]+[^\s\[][^\n]*\n)*graph\s*\[", re.I),
    "wickedmap-yaml": re.compile(rb"(?:\s|#[^\n]*\n|---[ ]*\n)*format:\s*[\"']?wickedmap-map"),
}
_EITHER: Final = "prsm or graph-json"
_OF_PRSM: Final = frozenset(
    {
        *("saved", "version", "room", "mapTitle", "styles", "samples", "sampleEdges", "groupEdges", "history"),
        *("lastNodeSample", "lastLinkSample", "attributeTitles", "underlay"),
    }
)
_XML_ROOTS: Final = {
    "graphml": "graphml",
    "svg": "svg",
    "mentalmodeler": "mental-modeler",
    "gexf": "gexf",
    "xmile": "xmile",
}


def by_suffix(filename: str) -> Format | None:
    """Return the format with the longest suffix that ends the name, or None."""
    name = filename.casefold()
    fits = [(len(suffix), one) for one in FORMATS.values() for suffix in one.suffixes if name.endswith(suffix)]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


def named(name: str) -> Format:
    """Return a format by its name, or by one of its suffixes, in any case; `FormatError` lists the names.

    Examples
    --------
    >>> named("GraphML").name, named(".mmp").name, named("json").name
    ('graphml', 'mental-modeler', 'wickedmap')
    """
    if not isinstance(name, str):
        raise TypeError(f"format: expected the name of a format (str), got {type(name).__name__}")
    found = FORMATS.get(name.casefold()) or by_suffix(f".{name.removeprefix('.')}")
    if found is None:
        raise FormatError(f"there is no format {name!r}; there are {', '.join(FORMATS)}", code="unknown-format")
    return found


def recognise(data: bytes, filename: str = "") -> Format:
    """Return the format a file is in.

    Raises
    ------
    FormatError
        When nothing fits, saying what the file seems to be.
    """
    fits = by_suffix(filename)
    name = _by_content(data)
    if name == _EITHER:
        # Nothing in it says which of the two; PRSM's nodes and edges are those of vis.js.
        name = "prsm" if fits is not None and fits.name == "prsm" else "graph-json"
    if name:
        return FORMATS[name]
    if fits is not None and fits.read is not None:
        return fits
    raise FormatError(
        "the file is not in a format that is read here; "
        f"these are: {', '.join(one.title for one in FORMATS.values() if one.read)}",
        code="unknown-format",
    )


def _by_content(data: bytes) -> str:
    start = data.removeprefix(b"\xef\xbb\xbf")[:4096].lstrip()
    if not start:
        raise FormatError("the file is empty", code="missing")
    if start[:1] == b"<" or b"<\x00" in data[:6] or b"\x00<" in data[:6]:
        return _XML_ROOTS.get(name_of(read_xml(data)).casefold(), "")
    if start[:4] == b"\x89PNG":
        return "png"
    if data.startswith(sheets.OLD_EXCEL):
        return "xls"
    if start[:2] == b"PK":
        return _zip_kind(data)
    # At the beginning of a line: a label may hold the same.
    if b"\n\\\\\\---///" in data or data.startswith(b"\\\\\\---///") or _VENSIM_COMMENT.match(start):
        return "vensim"
    if start[:1] in (b"{", b"["):
        return _json_kind(data)
    if _LOOPY.match(start):
        return "loopy"
    if _PAJEK.search(data[:65_536]):
        return "pajek"
    for name, pattern in _OPENINGS.items():
        if pattern.match(start):
            return name
    return "lines" if typed_lines.has_arrows(data) else ""


def _json_kind(data: bytes) -> str:
    """Tell JSON files apart by the keys at the top; a broken one is refused here, with its line."""
    if is_ours(data):
        return "wickedmap"
    if json_tables.is_lines(data):
        return "json-table"
    whole = strict_json.loads(data)
    if isinstance(whole, list) and len(whole) >= 2 and all(_is_list_of_parts(part) for part in whole[:2]):
        return "loopy"
    if isinstance(whole, dict):
        if whole.get("format") == native.NAME:
            return "wickedmap"
        if "nodes" in whole and "edges" in whole and "globals" in whole:
            return "loopy"
        if "concepts" in whole:
            return "mental-modeler"
    graph = graph_json_shapes.find_graph(whole)
    if graph is not None:
        if isinstance(whole, list) or "nodes" not in whole or not graph.is_of_vis():
            return "graph-json"
        return "prsm" if whole.keys() & _OF_PRSM else _EITHER
    if isinstance(whole, dict) and (
        isinstance(whole.get("elements"), list) or isinstance(whole.get("connections"), list)
    ):
        return "kumu"
    if json_tables.is_table(whole):
        return "json-table"
    raise FormatError(
        'the file is JSON, but of no kind that is read here; a wickedmap file has "format": "wickedmap-map"',
        code="unknown-format",
    )


def _is_list_of_parts(value: Any) -> bool:
    """Whether a value is a list of nodes or edges as Loopy has them, each a list."""
    return isinstance(value, list) and all(isinstance(one, list | dict) for one in value[:1])


def _zip_kind(data: bytes) -> str:
    with open_zip(data) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names):
        return "xlsx"
    if {"mimetype", "content.xml"} <= names:
        return "ods"
    if any(name.endswith(("links.csv", "factors.csv", "map.wickedmap.json")) for name in names):
        return "csv-zip"
    return ""
