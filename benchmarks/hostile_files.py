"""Files made to keep a reader busy or to fill its memory: how long each takes, and how much it needs.

Run with ``python -m benchmarks.hostile_files``; ``--write`` puts the table into
benchmarks/hostile_files.md. Each file is read in a fresh process. Seconds are those of the
processor, with the workbook reader's own process; memory is the peak above that of a process
which has read a map of one link. The aim is below 2 s and 200 MB for each.
"""

from __future__ import annotations

import io
import json
import platform
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from wickedmap import formats
from wickedmap.formats.errors import MAX_BYTES
from wickedmap.formats.lz_text import compress

SECONDS, MEGABYTES = 2.0, 200.0
TARGET = Path(__file__).with_suffix(".md")
FULL = MAX_BYTES - 1_000


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            # OpenDocument is known by its mimetype, which must not be packed.
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def _workbook(sheet: bytes, strings: bytes = b"") -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
    members = {
        "[Content_Types].xml": (
            b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            b'<Default Extension="rels" '
            b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            b'<Override PartName="/xl/workbook.xml" ContentType="' + kinds + b'sheet.main+xml"/>'
            b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kinds + b'sharedStrings+xml"/>'
            b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="'
            + kinds
            + b'worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="r1" Type="'
            + parts
            + b'/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            b"<workbook " + space + b' xmlns:r="' + parts + b'"><sheets>'
            b'<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="r1" Type="' + parts + b'/worksheet" Target="worksheets/sheet1.xml"/>'
            b'<Relationship Id="r2" Type="'
            + parts
            + b'/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": b"<worksheet "
        + space
        + b"><sheetData>"
        + sheet
        + b"</sheetData></worksheet>",
        "xl/sharedStrings.xml": b"<sst " + space + b">" + strings + b"</sst>",
    }
    return _zip(members)


def _ods(rows: bytes) -> bytes:
    space = b"urn:oasis:names:tc:opendocument:xmlns:"
    names = b"".join(b' xmlns:%s="%s%s:1.0"' % (one, space, one) for one in (b"office", b"table", b"text"))
    return _zip(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": b"<office:document-content" + names + b"><office:body><office:spreadsheet>"
            b'<table:table table:name="A">' + rows + b"</table:table></office:spreadsheet></office:body>"
            b"</office:document-content>",
        }
    )


_ODS_CELL = b'<table:table-cell office:value-type="string"%s><text:p>x</text:p></table:table-cell>'


def _cell(place: str, text: str = "x") -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def _filled(part: str, head: str = "", tail: str = "", size: int = FULL) -> bytes:
    """Return a file as large as is read, of one part again and again."""
    return (head + part * ((size - len(head) - len(tail)) // len(part)) + tail).encode()


def _nested_zip(depth: int) -> bytes:
    data = b"source,target\na,b\n" * 100
    for number in range(depth):
        data = _zip({f"links-{number}.zip" if number else "links.csv": data})
    return data


def _numbered(part: str, head: str = "", tail: str = "", size: int = FULL) -> bytes:
    """Return a file as large as is read, of one part with a number that grows."""
    parts, room, number = [head], size - len(head) - len(tail), 0
    while room > 0:
        parts.append(part.replace("#", str(number)))
        room -= len(parts[-1])
        number += 1
    return "".join([*parts[:-1], tail]).encode()


def _escaped_again(text: str, times: int) -> str:
    for _ in range(times):
        text = text.replace("%", "%25")
    return text


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    # JSON and YAML
    "JSON nested 2.5 million deep": ("x.json", lambda: b"[" * 2_500_000),
    "JSON objects nested a million deep": ("x.json", lambda: b'{"a":' * 900_000),
    "JSON of a million empty lists": ("x.kumu.json", lambda: _filled("[],", '{"elements":[', "[]]}")),
    "JSON of small objects": ("x.kumu.json", lambda: _filled('{"_id":"a"},', '{"elements":[', "{}]}")),
    "JSON with one number of five million digits": ("x.json", lambda: _filled("9", '{"a":', "}")),
    "JSON with a million different keys": ("x.json", lambda: _numbered('"#":1,', "{", '"a":1}')),
    "graph in JSON of empty nodes": ("x.json", lambda: _numbered('{"id":#},', '{"links":[],"nodes":[', "{}]}")),
    "graph in JSON of pairs": ("x.json", lambda: _filled("[1,2],", '{"nodes":[1,2],"links":[', "[1,2]]}")),
    "graph in JSON with long lists for ids": (
        "x.json",
        lambda: _filled("[0],", '{"links":[],"nodes":[{"id":[', "0]}]}"),
    ),
    "graph in JSON of nodes inside nodes": (
        "x.json",
        lambda: b'{"links":[],"nodes":[{"data":' + b'{"data":' * 900 + b"1" + b"}" * 900 + b"}]}",
    ),
    "graph in JSON of 2,000 nodes with many values": (
        "x.json",
        lambda: _filled('{"a":1,"b":2,"c":3,"d":4},', '{"links":[],"nodes":[{"id":1,"data":[', "1]}]}"),
    ),
    "adjacency in JSON of one node": (
        "x.json",
        lambda: _filled('{"id":0},', '{"nodes":[{"id":0}],"adjacency":[[', '{"id":0}]]}'),
    ),
    "table in JSON of small objects": (
        "x.json",
        lambda: _numbered('{"source":#,"target":1},', "[", '{"source":1,"target":1}]'),
    ),
    "table in JSON with new columns in each row": ("x.json", lambda: _numbered('{"c#":1},', "[", "{}]")),
    "table in JSON of wide rows": (
        "x.json",
        lambda: _filled("{},", "[{" + ",".join(f'"c{n}":1' for n in range(2_000)) + "},", "{}]"),
    ),
    "JSON lines": ("x.jsonl", lambda: _filled('{"source":1}\n', '{"source":1,"target":2}\n')),
    "native file of a million commas": (
        "x.json",
        lambda: _filled("{},", '{"format":"wickedmap-map","version":1,"factors":[', "{}]}"),
    ),
    "YAML nested a million deep": ("x.yaml", lambda: b"format: wickedmap-map\na: " + b"[" * 1_000_000),
    "YAML of list marks": ("x.yaml", lambda: b"format: wickedmap-map\n" + b"- " * 2_000_000),
    "YAML billion laughs": (
        "x.yaml",
        lambda: (
            "format: wickedmap-map\na0: &a0 [x,x]\n"
            + "".join(f"a{n + 1}: &a{n + 1} [{','.join([f'*a{n}'] * 9)}]\n" for n in range(12))
        ).encode(),
    ),
    "YAML of a million short keys": ("x.yaml", lambda: _numbered("k#: 1\n", "format: wickedmap-map\n")),
    "YAML of a million list items": ("x.yaml", lambda: _filled("- 1\n", "format: wickedmap-map\nfactors:\n")),
    "YAML with one long quoted text": ("x.yaml", lambda: _filled("\\n", 'format: wickedmap-map\na: "', '"')),
    # XML
    "XML billion laughs": (
        "x.graphml",
        lambda: (
            '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l "lol">'
            + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9)).replace("&l0;", "&l;")
            + "]><graphml>&l9;</graphml>"
        ).encode(),
    ),
    "XML nested 1.2 million deep": ("x.graphml", lambda: b"<a>" * 1_200_000),
    "XML nested deep and closed": ("x.graphml", lambda: b"<a>" * 600_000 + b"</a>" * 600_000),
    "XML of a million empty elements": ("x.graphml", lambda: _filled("<a/>", "<graphml>", "</graphml>")),
    "GraphML of empty nodes": (
        "x.graphml",
        lambda: _numbered('<node id="#"/>', '<graphml><graph edgedefault="directed">', "</graph></graphml>"),
    ),
    "GraphML with one element of many attributes": (
        "x.graphml",
        lambda: _numbered('a#="" ', "<graphml ", "/>", 3_000_000),
    ),
    "GEXF of many attvalues": (
        "x.gexf",
        lambda: _filled(
            '<attvalue for="a" value=""/>',
            '<gexf><graph><nodes><node id="a"><attvalues>',
            "</attvalues></node></nodes></graph></gexf>",
        ),
    ),
    "GEXF nodes inside nodes": (
        "x.gexf",
        lambda: b"<gexf><graph>" + b'<nodes><node id="a">' * 140_000 + b"</node></nodes>" * 100_000,
    ),
    "XMILE of many variables": (
        "x.xmile",
        lambda: _numbered('<aux name="#"/>', "<xmile><model><variables>", "</variables></model></xmile>"),
    ),
    "XML entities without a document type": ("x.graphml", lambda: _filled("&#65;", "<graphml>", "</graphml>")),
    # tables
    "CSV of one line": ("x.csv", lambda: b"a" * FULL),
    "CSV with a header of a million columns": ("x.csv", lambda: _filled("a,", "source,target,")),
    "CSV of a million columns with names": ("x.csv", lambda: _numbered("c#,", "source,target,")),
    "CSV of empty rows": ("x.csv", lambda: _filled(",\n", "source,target\n")),
    "CSV of rows with many empty cells": ("x.csv", lambda: _filled("," * 10_000 + "\n", "source,target\n")),
    "CSV with a quote that never ends": ("x.csv", lambda: _filled("a\n", 'source,target\n"')),
    "CSV of quotes": ("x.csv", lambda: _filled('"', "source,target\n")),
    "CSV of a million links": ("x.csv", lambda: _numbered("a#,b#\n", "source,target\n")),
    "CSV of 10,000 factors in one cell": (
        "x.csv",
        lambda: _numbered("a#;", 'source,target,sign\na,"', '",+\n'),
    ),
    "CSV matrix of 2,000 columns": (
        "x.csv",
        lambda: _filled("," * 2_000 + "\n", ",".join(map(str, range(2_001))) + "\n"),
    ),
    "CSV of signs made to backtrack": (
        "x.csv",
        lambda: _filled("a,b," + "+" * 5_000 + "x\n", "source,target,sign\n"),
    ),
    "CSV of numbers made to backtrack": (
        "x.csv",
        lambda: _filled("a,b," + "1." * 5_000 + "x\n", "source,target,weight\n"),
    ),
    "CSV of labels that are nearly alike": (
        "x.csv",
        lambda: _numbered("a" * 900 + "#,b\n", "source,target\n", size=3_500_000),
    ),
    "CSV of two labels of digits": (
        "x.csv",
        lambda: ("source,target\n" + "1" * 99_000 + "x," + "2" * 99_000 + "y\n").encode(),
    ),
    "CSV in UTF-16 of half characters": ("x.csv", lambda: b"\xff\xfe" + b"\x00\xd8" * 2_000_000),
    "lines with a chain of arrows": ("x.txt", lambda: _filled("a->", "", "a")),
    "lines with marks behind a name": ("x.txt", lambda: _filled(" +", "a -> b")),
    "lines of bullets": ("x.txt", lambda: _filled("- ", "", "\n a -> b")),
    "lines with signs that are misspelt": (
        "x.txt",
        lambda: "\n".join(f"a{n % 900} -> b{n} (negatv{n})" for n in range(1099)).encode(),
    ),
    "SIF of one line with a million targets": ("x.sif", lambda: _numbered("a# ", "a pp ")),
    "SIF of a million short lines": ("x.sif", lambda: _filled("a pp b\n")),
    "JSON objects of neighbours": ("x.json", lambda: _numbered('"a#":{"a1":1},', "{", '"b":{"a1":1}}')),
    "JSON of a million experts": (
        "x.json",
        lambda: _numbered('"#":[{"from":1,"to":2}],', "{", '"b":[{"from":1,"to":2}]}'),
    ),
    # workbooks and zips
    "workbook with a cell at XFD1048576": (
        "x.xlsx",
        lambda: _workbook(
            b'<row r="1">' + _cell("A1") + b'</row><row r="1048576">' + _cell("XFD1048576") + b"</row>"
        ),
    ),
    "OpenDocument with one cell repeated 16,384 times in a million rows": (
        "x.ods",
        lambda: _ods(
            b'<table:table-row table:number-rows-repeated="1048576">'
            + _ODS_CELL % b' table:number-columns-repeated="16384"'
            + b"</table:table-row>"
        ),
    ),
    "OpenDocument with a row repeated a million times": (
        "x.ods",
        lambda: _ods(
            b'<table:table-row table:number-rows-repeated="1048576">' + _ODS_CELL % b"" + b"</table:table-row>"
        ),
    ),
    "OpenDocument with a cell after a billion empty ones": (
        "x.ods",
        lambda: _ods(
            b'<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
            b'table:number-columns-repeated="16383"/></table:table-row><table:table-row>'
            b'<table:table-cell table:number-columns-repeated="16383"/>'
            + _ODS_CELL % b""
            + b"</table:table-row>"
        ),
    ),
    "OpenDocument with a cell repeated 4 billion times": (
        "x.ods",
        lambda: _ods(
            b"<table:table-row>"
            + _ODS_CELL % b' table:number-columns-repeated="4294967295"'
            + b"</table:table-row>"
        ),
    ),
    "OpenDocument of many tables": (
        "x.ods",
        lambda: _ods(b'</table:table><table:table table:name="B">' * 80_000),
    ),
    "old Excel workbook of nothing": ("x.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * FULL),
    "old Excel workbook of zeros": ("x.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * FULL),
    "workbook with cells without places": (
        "x.xlsx",
        lambda: _workbook(b"<row>" + b"".join(b"<c><v>%d</v></c>" % n for n in range(900_000)) + b"</row>"),
    ),
    "workbook of empty rows": (
        "x.xlsx",
        lambda: _workbook(b"".join(b'<row r="%d"/>' % n for n in range(1, 900_000))),
    ),
    "workbook of a million rows": (
        "x.xlsx",
        lambda: _workbook(b"".join(b"<row><c><v>%d</v></c></row>" % n for n in range(500_000))),
    ),
    "workbook that says one long text again and again": (
        "x.xlsx",
        lambda: _workbook(
            b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 90_000)),
            b"<si><t>" + b" ".join(b"%d" % (n * 7919 % 99_991) for n in range(17_000)) + b"</t></si>",
        ),
    ),
    "workbook full of numbers": (
        "x.xlsx",
        lambda: _workbook(
            b"".join(
                b'<row r="%d">%b</row>' % (n, b"".join(b"<c><v>%d</v></c>" % (n * m) for m in range(20)))
                for n in range(1, 40_000)
            )
        ),
    ),
    "zip in a zip in a zip": ("x.csv.zip", lambda: _nested_zip(60)),
    "zip bomb of 19 MB": ("x.csv.zip", lambda: _zip({"links.csv": b"a,b\n" * 4_900_000})),
    "zip of tables just under the limits": (
        "x.csv.zip",
        lambda: _zip({"links.csv": _numbered("a#,b#,+\n", "source,target,sign\n", size=15_000_000)}),
    ),
    "zip that names 40,000 files": ("x.csv.zip", lambda: _zip({f"{n}": b"" for n in range(40_000)})),
    # text formats
    "DOT of comments": ("x.dot", lambda: _filled("/**/")),
    "DOT of comments that never end": ("x.dot", lambda: _filled("/*")),
    "DOT of open braces": ("x.dot", lambda: _filled("{", "digraph {")),
    "DOT label of <": ("x.dot", lambda: _filled("<", "digraph { a [label=<")),
    "DOT of short nodes": ("x.dot", lambda: _numbered("n#;", "digraph {", "}")),
    "DOT edges between groups": (
        "x.dot",
        lambda: _filled("{a b c d e f g h i j}->", "digraph {", "{a b} }", 2_000_000),
    ),
    "DOT group of 3,000 to group of 3,000": (
        "x.dot",
        lambda: (
            "digraph { {"
            + " ".join(f"a{n}" for n in range(3_000))
            + "} -> {"
            + " ".join(f"b{n}" for n in range(3_000))
            + "} }"
        ).encode(),
    ),
    "DOT text with backslashes": ("x.dot", lambda: _filled("\\", 'digraph { a [label="')),
    "GML nested": ("x.gml", lambda: _filled("a [ ", "graph [ ")),
    "GML of short nodes": ("x.gml", lambda: _numbered("node [ id # ] ", "graph [ ", "]")),
    "GML of entities": ("x.gml", lambda: _filled("&amp;", 'graph [ node [ id 1 label "', '" ] ]')),
    "GML text that never ends": ("x.gml", lambda: _filled("a\n", 'graph [ node [ id 1 label "')),
    "Pajek of quotes": ("x.net", lambda: _filled('"', "*Vertices 2\n*Arcs\n")),
    "Pajek with two billion vertices": ("x.net", lambda: b"*Vertices 2000000000\n*Arcs\n1 2000000000 1\n"),
    "Pajek matrix": ("x.net", lambda: _filled("1 ", "*Vertices 2\n*Matrix\n")),
    "Pajek of stars": ("x.net", lambda: _filled("*", "*Vertices 2\n")),
    "Pajek of many words on a line": ("x.net", lambda: _filled("x_fact 1 ", '*Vertices 1\n1 "a" ')),
    "Vensim of commas": ("x.mdl", lambda: _filled(",", "\\\\\\---/// Sketch\n*View\n10,")),
    "Vensim of many arrows": ("x.mdl", lambda: _numbered("1,#,1,2,0\n", "\\\\\\---/// Sketch\n*View\n")),
    "Loopy address coded a thousand times": (
        "x.loopy",
        lambda: ("https://ncase.me/loopy/?data=" + _escaped_again("%5B", 1_000) * 1_000).encode(),
    ),
    "Loopy address of percent signs": ("x.loopy", lambda: _filled("%25", "https://ncase.me/loopy/?data=%5B")),
    "PRSM with an edited label of blanks": (
        "x.prsm",
        lambda: json.dumps(
            {"nodes": [{"id": "a", "label": " " * 200_000 + "[Being edited by x"}], "edges": []}
        ).encode(),
    ),
    "PRSM lz-string bomb": (
        "x.prsm",
        lambda: compress('{"nodes":[],"edges":[],"x":"' + "a" * 4_900_000 + '"}').encode(),
    ),
    "PRSM lz-string that stops": ("x.prsm", lambda: compress("a" * 3_000_000)[:-9].encode()),
    "PRSM lz-string of noise": (
        "x.prsm",
        lambda: "".join(chr(32 + (n * 7919 + n // 7) % 0x7FFF) for n in range(1_600_000)).encode(
            "utf-8", "replace"
        ),
    ),
    "Mental Modeler with long names": (
        "x.mmp",
        lambda: _numbered(
            "<concept><id>#</id></concept>", "<mentalmodeler><concepts>", "</concepts></mentalmodeler>"
        ),
    ),
    "blanks": ("x.txt", lambda: b" " * FULL),
    "zeros": ("x.bin", lambda: b"\x00" * FULL),
    "line ends": ("x.csv", lambda: b"\r\n" * (FULL // 2)),
}


def _peak() -> float:
    """Return the most memory that this process and one it started have held, in MB."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _worked() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure_one(name: str, file: str) -> None:
    """Read one file and print what it took; run in a process of its own."""
    formats.read_bytes(b"source,target\na,b\n", "x.csv")
    data = Path(file).read_bytes()
    before, start = _peak(), _worked()
    try:
        reading = formats.read_bytes(data, HOSTILE[name][0])
        answer = f"read: {len(reading.map.factors)} factors, {len(reading.map.links)} links"
    except formats.FormatError as error:
        answer = f"refused: {error.message}"
    except Exception as error:
        answer = f"CRASH: {type(error).__name__}: {error}"
    print(json.dumps([_worked() - start, _peak() - before, answer]))


def measured(name: str, folder: Path) -> tuple[float, float, str]:
    """Return seconds, megabytes and the answer for one file."""
    made = folder / "hostile"
    made.write_bytes(HOSTILE[name][1]())
    command = [sys.executable, "-m", "benchmarks.hostile_files", "--one", name, str(made)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return 60.0, 0.0, "no answer in 60 s"
    if done.returncode:
        return 0.0, 0.0, f"CRASH: exit {done.returncode}: {done.stderr.strip()[-200:]}"
    seconds, megabytes, answer = json.loads(done.stdout)
    return seconds, megabytes, answer


def main() -> None:
    """Measure every file, and say which took too much."""
    from tempfile import TemporaryDirectory

    wanted = [one for one in sys.argv[1:] if not one.startswith("--")]
    lines = ["| file | s | MB | answer |", "|---|---|---|---|"]
    too_much = []
    with TemporaryDirectory() as folder:
        for name in HOSTILE:
            if wanted and not any(word in name for word in wanted):
                continue
            seconds, megabytes, answer = measured(name, Path(folder))
            over = seconds > SECONDS or megabytes > MEGABYTES or not answer.startswith(("read", "refused"))
            if over:
                too_much.append(name)
            shown = answer.replace("|", "/").replace("\n", " ")[:110]
            lines.append(f"| {name} | {seconds:.2f} | {megabytes:.0f} | {shown} |")
            print(lines[-1], "<<<" if over else "", flush=True)
    print(f"\n{len(lines) - 2} files; too much: {too_much or 'none'}")
    if "--write" in sys.argv:
        head = (
            "# Files made to keep a reader busy\n\n"
            f"`python -m benchmarks.hostile_files --write`, Python {platform.python_version()}. Seconds of the "
            "processor and peak memory\nabove that of a reader at rest, each in a fresh process. "
            f"The aim is below {SECONDS:.0f} s and {MEGABYTES:.0f} MB.\n\n"
        )
        TARGET.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "--one" in sys.argv:
        measure_one(*sys.argv[-2:])
    else:
        main()
