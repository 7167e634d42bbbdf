from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from wickedmap import CausalMap, Factor, Link, Texts, formats
from wickedmap.formats import sheets
from wickedmap.formats.errors import FormatError


def book(**named: list[list[object]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in named.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(data: bytes, **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


EDGES = [["Fra", "Til", "Fortegn", "Styrke"], ["Gjeld", "Bøter", "negativ", 2], ["Bøter", "Gjeld", "+", 1.5]]


def test_a_sheet_of_links_is_read_with_numbers_as_numbers():
    reading = formats.read_bytes(book(Info=[["Prosjekt X"]], Lenker=EDGES), "kart.xlsx")
    assert [(link.sign, link.strength) for link in reading.map.links] == [(-1, 2.0), (1, 1.5)]
    assert "sheet-skipped" in {notice.code for notice in reading.report}


def test_kumu_sheets_with_several_targets_and_marks_at_both_ends():
    data = book(
        Elements=[["Label", "Type", "Tags"], ["Lang ventetid", "Faktor", "NAV|Kommune"], ["Uro", None, None]],
        Connections=[
            ["From", "To", "Direction", "Type"],
            ["Lang ventetid", "Antall henvendelser|Uro", "directed", "+-"],
            ["Uro", "Lang ventetid", "mutual", "same"],
        ],
    )
    reading = formats.read_bytes(data, "kumu.xlsx")
    label = {factor.id: factor.label for factor in reading.map.factors}
    assert [(label[one.source], label[one.target], one.sign) for one in reading.map.links] == [
        ("Lang ventetid", "Antall henvendelser", -1),
        ("Lang ventetid", "Uro", -1),
        ("Uro", "Lang ventetid", 1),
        ("Lang ventetid", "Uro", 1),
    ]
    assert (reading.map.factors[0].agencies, reading.map.factors[0].domain) == (("NAV", "Kommune"), "Faktor")


def test_a_connection_of_kumu_has_its_sign_in_whichever_column_it_is_said():
    data = book(
        Elements=[["Label", "Type", "Category", "Tags"], ["A", "Faktor", "x", "NAV"], ["B", "", "", ""]],
        Connections=[
            ["From", "To", "Type", "Influence", "Strength"],
            ["A", "B", "Funding", "Negative", 1],
            ["B", "A", "+", "", 1],
            ["A", "A", "Strong positive", None, 2],
            ["B", "B", "Funding", None, 1],
        ],
    )
    reading = formats.read_bytes(data, "kumu.xlsx")
    assert [(one.mark, one.strength, dict(one.attributes)) for one in reading.map.links] == [
        ("−", 1.0, {"Type": "Funding"}),
        ("+", 1.0, {}),
        ("+", 2.0, {"Type": "Strong positive"}),
        ("?", 1.0, {"Type": "Funding"}),
    ]
    assert (reading.map.factors[0].domain, dict(reading.map.factors[0].attributes)) == (
        "Faktor",
        {"Category": "x"},
    )
    assert reading.counts()["sign-unknown-word"] == 1


def test_kumu_connections_name_elements_by_id_or_by_label():
    data = book(
        Elements=[["ID", "Label", "Type"], ["e-1", "Gjeld", "Faktor"], ["e-2", "Bolig", "Faktor"]],
        Connections=[["From", "To", "Type"], ["e-1", "Bolig", "-"], ["Bolig", "e-1", "+"]],
    )
    reading = formats.read_bytes(data, "kumu.xlsx")
    assert [(factor.id, factor.label) for factor in reading.map.factors] == [("e-1", "Gjeld"), ("e-2", "Bolig")]
    assert [(link.source, link.target, link.mark) for link in reading.map.links] == [
        ("e-1", "e-2", "−"),
        ("e-2", "e-1", "+"),
    ]


def test_sheets_of_nodes_and_edges_are_read_together():
    data = book(
        nodes=[["Id", "Label", "x", "y"], ["1", "Gjeld", 10, -20.5], ["2", "Bolig", 0, 0]],
        edges=[["Source", "Target", "Type", "Weight"], ["1", "2", "Directed", -0.5]],
    )
    reading = formats.read_bytes(data, "x.xlsx")
    assert [(factor.label, factor.position) for factor in reading.map.factors] == [
        ("Gjeld", (10.0, -20.5)),
        ("Bolig", (0.0, 0.0)),
    ]
    assert [(link.source, link.target, link.mark, link.strength) for link in reading.map.links] == [
        ("1", "2", "−", 0.5)
    ]


def test_a_label_that_looks_like_a_formula_is_written_as_text():
    m = CausalMap(
        factors=(Factor(id="a", labels=Texts(nb="=HYPERLINK(1)")), Factor(id="b", labels=Texts(nb="+1")))
    )
    data = sheets.write(m)
    cells = [cell for row in load_workbook(io.BytesIO(data))["factors"].iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert [factor.label for factor in formats.read_bytes(data, "x.xlsx").map.factors] == [
        "=HYPERLINK(1)",
        "+1",
    ]


def test_every_text_that_xml_can_hold_comes_back_from_a_cell_as_it_was():
    odd = ["a\rb", "a\nb", "\t", " x ", "_x000D_", "_x0041_", "=1+1", "{=a}", "@a", "-1", "'q", "1.0", "TRUE"]
    odd += ["https://example.org", "&<>\"'", "\ufffd", "🙂\u200d", "x" * 32_767]
    table = [[f"column {number}" for number in range(len(odd))], odd]
    read = sheets.read_sheets(sheets.workbook([("one", table), ("empty", []), ("two", [["a"], [""], ["b"]])]))
    assert read["one"][1].cells == tuple(odd)
    assert read["empty"] == []
    assert [(row.place, row.cells) for row in read["two"]] == [
        ("sheet 'two', row 1", ("a",)),
        ("sheet 'two', row 3", ("b",)),
    ]


def test_numbers_dates_and_truths_are_read_as_text_that_shows_them():
    made = book(A=[[1, 2.5, True, datetime(2026, 11, 23, 10, 5), date(2026, 11, 23), None, "x"], ["=1+1"]])
    rows = sheets.read_sheets(made)["A"]
    assert rows[0].cells == ("1", "2.5", "true", "2026-11-23 10:05:00", "2026-11-23", "", "x")
    assert len(rows) == 1, "a formula that was never computed has no value"


def test_rows_keep_their_numbers_when_the_table_begins_further_down():
    made = book(A=[[], [], [None, "Fra", "Til"], [None, "a", "b"]])
    assert [row.place for row in sheets.read_sheets(made)["A"]] == ["sheet 'A', row 3", "sheet 'A', row 4"]


FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>source</t></is></c></row>'
    b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 not a zip", "cannot be opened"),
        (repacked(book(A=EDGES), **{"xl/worksheets/sheet1.xml": FAR}), "span 1048576 rows and 16384 columns"),
        (repacked(book(A=EDGES), **{"xl/worksheets/sheet1.xml": b"<broken"}), "cannot be read"),
        (repacked(book(A=EDGES), **{"xl/bomb.xml": b"0" * 15_000_000}), "suspiciously hard"),
        (repacked(book(A=EDGES), **{"xl/bomb.xml": b"0" * 25_000_000}), "unpacks to more than"),
        (repacked(book(A=EDGES), **{"../out.xml": b""}), "out of its folder"),
        (repacked(book(A=EDGES), **{f"m{n}": b"" for n in range(300)}), "files in the zip"),
        (book(A=[["Hei", "og", "hopp"]]), "cause and effect"),
        (book(A=[[], ["a"] * 2101]), "sheet 'A', row 2: 2101 columns; at most 2100"),
    ],
)
def test_a_bad_workbook_is_refused_with_a_reason(data, words):
    with pytest.raises(FormatError) as caught:
        formats.read_bytes(data, "bad.xlsx")
    assert words in str(caught.value)


def test_a_zip_of_something_else_is_not_recognised():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.md", "hello")
    with pytest.raises(FormatError, match="neither factors"):
        formats.read_bytes(out.getvalue(), "x.zip")


def test_kumus_workbook_has_its_two_sheets_with_labels_where_kumu_looks_for_them():
    m = CausalMap.from_links([("Gjeld", "Utkastelse", 1), ("Utkastelse", "Gjeld", -1, 2)])
    book = load_workbook(io.BytesIO(formats.write_bytes(m, "kumu-xlsx")))
    assert book.sheetnames == ["Elements", "Connections"]
    assert book["Elements"]["A1"].value == "Label"
    assert [cell.value for cell in book["Connections"][1]][:4] == ["From", "To", "Direction", "Type"]
    rows = [[cell.value for cell in row[:4]] for row in book["Connections"].iter_rows(min_row=2)]
    assert rows == [["Gjeld", "Utkastelse", "directed", "+"], ["Utkastelse", "Gjeld", "directed", "-"]]
    assert formats.by_suffix("kart.kumu.xlsx").name == "kumu-xlsx"


def test_a_label_that_kumu_would_cut_or_that_two_share_is_told_by_its_id_in_connections():
    m = CausalMap(
        (Factor("a", Texts(nb="Bot|krav")), Factor("b", Texts(nb="Gjeld")), Factor("c", Texts(nb="Gjeld"))),
        (Link("L1", "a", "b", 1), Link("L2", "a", "c", -1)),
    )
    back = formats.read_bytes(formats.write_bytes(m, "kumu-xlsx"), "x.kumu.xlsx").map
    assert [(link.source, link.target, link.sign) for link in back.links] == [("a", "b", 1), ("a", "c", -1)]
    assert [factor.label for factor in back.factors] == ["Bot|krav", "Gjeld", "Gjeld"]


CELL = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"


def opendocument(*tables: str) -> bytes:
    names = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    inner = "".join(f'<table:table table:name="Ark {at}">{one}</table:table>' for at, one in enumerate(tables))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>{inner}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def ods_row(*cells: str, repeated: int = 1) -> str:
    inner = "".join(CELL.format(' office:value-type="string"', cell) for cell in cells)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def test_an_opendocument_spreadsheet_is_read_as_a_workbook_is():
    empty = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    data = opendocument(ods_row("Fra", "Til", "Fortegn") + ods_row("Gjeld", "Bøter", "negativ") + empty)
    reading = formats.read_bytes(data, "kart.ods")
    assert (reading.format, [link.mark for link in reading.map.links]) == ("ods", ["−"])


def test_an_opendocument_spreadsheet_that_repeats_its_cells_without_end_is_refused():
    data = opendocument(ods_row(*["x"] * 200, repeated=1_048_576))
    with pytest.raises(FormatError, match="the workbook"):
        formats.read_bytes(data, "kart.ods")


def test_an_old_workbook_that_is_none_is_refused():
    with pytest.raises(FormatError, match="cannot be read"):
        formats.read_bytes(sheets.OLD_EXCEL + b"\0" * 5_000, "kart.xls")


def test_a_hidden_sheet_is_read_last_and_what_is_not_read_is_named():
    made = Workbook()
    old = made.active
    old.title = "Gammel"
    for row in [["source", "target"], ["x", "y"]]:
        old.append(row)
    old.sheet_state = "hidden"
    links = made.create_sheet("Lenker")
    for row in EDGES:
        links.append(row)
    out = io.BytesIO()
    made.save(out)
    reading = formats.read_bytes(out.getvalue(), "x.xlsx")
    assert [factor.label for factor in reading.map.factors] == ["Gjeld", "Bøter"]
    assert [str(one) for one in reading.report if one.code == "sheet-skipped"] == [
        "sheet 'Gammel': only the sheet 'Lenker' is read"
    ]


def test_a_sheet_that_describes_the_factors_is_read_with_the_links_whatever_it_is_called():
    data = book(
        Prosjekt=[["Laget av", "NN"]],
        Variabler=[["Navn", "Kategori"], ["Gjeld", "økonomi"], ["Bøter", "rett"], ["Alene", "annet"]],
        Koblinger=[["Workshop 3"], [], *EDGES],
    )
    reading = formats.read_bytes(data, "x.xlsx")
    assert [(one.label, one.domain) for one in reading.map.factors] == [
        ("Gjeld", "økonomi"),
        ("Bøter", "rett"),
        ("Alene", "annet"),
    ]
    assert [(one.mark, one.strength) for one in reading.map.links] == [("−", 2.0), ("+", 1.5)]


def test_the_two_rows_of_headings_of_nodexl_are_passed_over():
    data = book(
        Edges=[
            ["", "", "Visual Properties", "", "", "Labels"],
            ["Vertex 1", "Vertex 2", "Color", "Width", "Style", "Label"],
            ["gjeld", "bolig", "Red", 2, "Solid", "-"],
        ],
        Vertices=[
            ["", "Visual Properties", "", "Labels"],
            ["Vertex", "Color", "Shape", "Label"],
            ["gjeld", "Black", "Disk", "Gjeld"],
            ["bolig", "Black", "Disk", "Bolig"],
        ],
    )
    reading = formats.read_bytes(data, "nodexl.xlsx")
    assert [(one.id, one.label) for one in reading.map.factors] == [("gjeld", "Gjeld"), ("bolig", "Bolig")]
    assert [(one.source, one.target, one.mark) for one in reading.map.links] == [("gjeld", "bolig", "−")]
