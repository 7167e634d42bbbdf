from __future__ import annotations

import csv
import io

import pytest

from wickedmap import CausalMap, Factor, Link, Texts, formats
from wickedmap.formats import csv_tables
from wickedmap.formats.errors import FormatError
from wickedmap.formats.signs import read_sign


def codes(reading) -> set[str]:
    return {notice.code for notice in reading.report}


def links(reading) -> list[tuple[str, str, int | None]]:
    label = {factor.id: factor.label for factor in reading.map.factors}
    return [(label[link.source], label[link.target], link.sign) for link in reading.map.links]


NORWEGIAN = """fra;til;fortegn;styrke;etat
Lang ventetid;Antall henvendelser;positiv;1,5;NAV
Lang ventetid;Antall henvendelser;Negatve ;2;Kommune
Antall henvendelser;Lang ventetid;?;;NAV
Gjeld;Bøter og krav;−1;;Kriminalomsorgen
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_norwegian_edge_list_is_read_in_any_encoding(encoding):
    reading = formats.read_bytes(NORWEGIAN.encode(encoding), "kart.csv")
    assert links(reading) == [
        ("Lang ventetid", "Antall henvendelser", 1),
        ("Lang ventetid", "Antall henvendelser", None),
        ("Antall henvendelser", "Lang ventetid", None),
        ("Gjeld", "Bøter og krav", -1),
    ]
    assert reading.map.links[0].strength == 1.5
    near = [notice for notice in reading.report if notice.code == "sign-near-miss"]
    assert [(notice.place, "'negative'" in notice.text or "'negativ'" in notice.text) for notice in near] == [
        ("line 3", True)
    ]
    assert [(one.agency, one.sign) for one in reading.map.stances] == [
        ("NAV", 1),
        ("Kommune", None),
        ("NAV", None),
        ("Kriminalomsorgen", -1),
    ]


def test_windows_text_is_read_and_the_guess_is_shown_with_a_sample():
    reading = formats.read_bytes(NORWEGIAN.replace("−", "-").encode("cp1252"), "kart.csv")
    assert reading.map.factors[-1].label == "Bøter og krav"
    (guess,) = [notice for notice in reading.report if notice.code == "encoding-guessed"]
    assert "Bøter" in guess.text


def test_every_participant_row_supports_the_same_link_and_opposite_signs_stay_two():
    text = "source,target,polarity,participant,agency\nA,B,+,p1,NAV\nA,B,positive,p2,NAV\nA,B,negative,p3,HB\n"
    reading = formats.read_bytes(text.encode(), "x.csv")
    assert links(reading) == [("A", "B", 1), ("A", "B", -1)]
    assert [(one.link, one.person) for one in reading.map.stances] == [("L1", "p1"), ("L1", "p2"), ("L2", "p3")]
    assert "contested" in codes(reading)
    assert "repeated-row" not in codes(reading)


def test_the_same_row_twice_without_a_participant_is_one_link_and_reported():
    reading = formats.read_bytes(b"source,target,sign\nA,B,+\nA,B,+\n", "x.csv")
    assert (len(reading.map.links), "repeated-row" in codes(reading)) == (1, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A,B,+\nB,C,-\n", [("A", "B", 1), ("B", "C", -1)]),
        ("A\tB\nB\tC\n", [("A", "B", None), ("B", "C", None)]),
        ("Variable 1|Variable 2|kind\nA|B|neg\nB|A|pos\n", [("A", "B", -1), ("B", "A", 1)]),
        ("sep=;\nfra;til\nA;B\n", [("A", "B", None)]),
    ],
)
def test_columns_and_separators_are_guessed_and_reported(text, expected):
    reading = formats.read_bytes(text.encode(), "x.csv")
    assert links(reading) == expected
    assert codes(reading) & {"columns-guessed", "columns"}


def test_labels_that_pandas_would_lose_stay_text():
    reading = formats.read_bytes(b"source,target,sign\nNA,None,+\n001,nan,-\n", "x.csv")
    assert [factor.label for factor in reading.map.factors] == ["NA", "None", "001", "nan"]


def test_further_columns_mutual_links_and_incomplete_rows_are_kept_or_reported():
    text = "from,to,sign,direction,delay,source year\nA,B,+,mutual,yes,2011\nC,,,,,\n,,,,,\nA,B,+,,,,extra\n"
    reading = formats.read_bytes(text.encode(), "x.csv")
    assert links(reading) == [("A", "B", 1), ("B", "A", 1), ("A", "B", 1)]
    assert reading.map.links[0].delay == "long"
    assert reading.map.links[0].attributes["source year"] == "2011"
    assert [factor.label for factor in reading.map.factors] == ["A", "B", "C"]
    assert {"two-arrows", "row-without-link", "ragged-row"} <= codes(reading)


def test_weights_beyond_three_are_scaled_and_kept():
    reading = formats.read_bytes(b"source,target,weight\nA,B,10\nB,A,-5\n", "x.csv")
    assert [(link.sign, link.strength, link.attributes["weight"]) for link in reading.map.links] == [
        (1, 3.0, "10"),
        (-1, 1.5, "5"),
    ]
    assert "strengths-scaled" in codes(reading)


def test_a_signed_matrix_is_read_by_rows_and_an_unsigned_one_stays_unknown():
    signed = formats.read_bytes(b"Concept,A,B\nA,,0.62\nB,-0.25,\n", "x.csv")
    assert signed.format == "matrix"
    assert [(link.source, link.target, link.sign, link.strength) for link in signed.map.links] == [
        ("A", "B", 1, 0.62),
        ("B", "A", -1, 0.25),
    ]
    unsigned = formats.read_bytes(b";A;B\nA;0;1\nB;1;0\n", "x.csv")
    assert [link.sign for link in unsigned.map.links] == [None, None]
    assert "no-signs" in codes(unsigned)


def test_a_table_of_factors_alone_is_a_map_without_links():
    reading = formats.read_bytes(b"label,domene,notat\nGjeld,okonomi,mye\nRus,helse,\n", "x.csv")
    assert [(one.label, one.domain) for one in reading.map.factors] == [("Gjeld", "okonomi"), ("Rus", "helse")]
    assert reading.map.factors[0].attributes["notat"] == "mye"


def test_labels_that_may_mean_the_same_are_reported_and_kept_apart():
    reading = formats.read_bytes(b"source,target\nDebt,debt 2\n DEBT,Rent\n", "x.csv")
    assert len(reading.map.factors) == 4
    (notice,) = [one for one in reading.report if one.code == "possible-duplicate"]
    assert all(name in notice.text for name in ("'Debt'", "'debt 2'", "'DEBT'"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04", "zero bytes"),
        (b'source,target\n"A,B\nC,D\n', "line 2: the row cannot be read"),
        (b"a,b,c\nx,y,z\n", "no columns for cause and effect"),
        (b"source,target\n" + b"a" * 200_000 + b",b\n", "line 2"),
        (("source,target\n" + "".join(f"a{n},b{n}\n" for n in range(1100))).encode(), "more than 2000 factors"),
        ((",".join(["x"] * 5000) + "\n").encode(), "5000 columns"),
        (b"source,target\n\x81,b\n", "neither UTF-8 nor Windows"),
        (b",A,A\nA,1,0\nA,0,1\n", "two columns"),
    ],
)
def test_a_bad_table_is_refused_with_the_place(data, words):
    with pytest.raises(FormatError) as caught:
        formats.read_bytes(data, "bad.csv")
    assert words in str(caught.value)


FORMULAS = ["=1+1", "+1-2 x", "-x", "@SUM(A1)", "\t=x", "＝1", "'=already", "-5"]


def test_no_cell_starts_as_a_formula_and_all_come_back():
    m = CausalMap(
        factors=tuple(Factor(id=f"f{n}", labels=Texts(nb=text), note=text) for n, text in enumerate(FORMULAS)),
        links=(Link(id="l", source="f0", target="f1", rationale=Texts(nb="=2")),),
    )
    for data in csv_tables.tables(m).values():
        text = data.decode("utf-8-sig")
        assert text.endswith("\r\n")
        for row in csv.reader(io.StringIO(text, newline="")):
            assert not [
                cell for cell in row if cell[:1] in tuple("=+@\t＝") or (cell[:1] == "-" and cell != "-5")
            ]
    back = formats.read_bytes(csv_tables.write_zip(m), "m.zip").map
    assert [factor.note for factor in back.factors] == [text.strip() for text in FORMULAS]


@pytest.mark.parametrize(
    ("word", "sign", "both", "doubt"),
    [
        ("+", 1, False, ""),
        ("−", -1, False, ""),
        ("–", -1, False, ""),
        (" POSITIV ", 1, False, ""),
        ("-0,5", -1, False, ""),
        ("0", None, False, ""),
        ("?", None, False, ""),
        ("", None, False, ""),
        ("+/-", None, True, ""),
        ("±", None, True, ""),
        ("avhenger", None, True, ""),
        ("negatve", None, False, "near-miss"),
        ("--", None, False, "near-miss"),
        ("B", None, False, "unknown-word"),
        ("R", None, False, "unknown-word"),
        ("nan", None, False, ""),
        ("1e999", None, False, "unknown-word"),
        ("H-", -1, False, ""),
    ],
)
def test_sign_words_are_read_and_doubt_stays_unknown(word, sign, both, doubt):
    reading = read_sign(word)
    assert (reading.sign, reading.both, reading.doubt) == (sign, both, doubt)


def test_marks_at_both_ends_multiply():
    assert [read_sign(mark, two_ended=True).sign for mark in ("++", "--", "+-", "-+")] == [1, 1, -1, -1]
