from __future__ import annotations

import csv
import io

import networkx as nx
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
        ("Antall henvendelser", "Lang ventetid", None),
        ("Gjeld", "Bøter og krav", -1),
    ]
    assert reading.map.links[0].strength == 1.5
    near = [notice for notice in reading.report if notice.code == "sign-near-miss"]
    assert [(notice.place, "'negative'" in notice.text or "'negativ'" in notice.text) for notice in near] == [
        ("line 3", True)
    ]
    assert [(one.link, one.agency, one.stance, one.sign) for one in reading.map.stances] == [
        ("L1", "NAV", "asserts", 1),
        ("L1", "Kommune", "unsure", None),
        ("L2", "NAV", "asserts", None),
        ("L3", "Kriminalomsorgen", "asserts", -1),
    ]


def test_windows_text_is_read_and_the_guess_is_shown_with_a_sample():
    reading = formats.read_bytes(NORWEGIAN.replace("−", "-").encode("cp1252"), "kart.csv")
    assert reading.map.factors[-1].label == "Bøter og krav"
    (guess,) = [notice for notice in reading.report if notice.code == "encoding-guessed"]
    assert "Bøter" in guess.text


def test_every_participant_row_supports_one_link_and_opposite_signs_make_it_contested():
    text = "source,target,polarity,participant,agency\nA,B,+,p1,NAV\nA,B,positive,p2,NAV\nA,B,negative,p3,HB\n"
    reading = formats.read_bytes(text.encode(), "x.csv")
    (link,) = reading.map.links
    assert (link.source, link.target, link.sign, link.both_signs, link.contested) == (
        "A",
        "B",
        None,
        True,
        True,
    )
    assert [(one.person, one.sign) for one in reading.map.stances] == [("p1", 1), ("p2", 1), ("p3", -1)]
    assert "contested" in codes(reading)
    assert "repeated-row" not in codes(reading)


def test_who_gives_a_link_no_sign_is_unsure_of_the_sign_that_others_give_it():
    reading = formats.read_bytes(b"fra;til;fortegn;etat\nA;B;+;NAV\nA;B;?;HB\nB;A;?;HB\n", "x.csv")
    assert links(reading) == [("A", "B", 1), ("B", "A", None)]
    assert [(one.link, one.agency, one.stance, one.sign) for one in reading.map.stances] == [
        ("L1", "NAV", "asserts", 1),
        ("L1", "HB", "unsure", None),
        ("L2", "HB", "asserts", None),
    ]


def said_by(reading) -> list[tuple[str, str, int | None]]:
    return [(one.link, one.person, one.sign) for one in reading.map.stances]


def test_each_row_of_an_agency_that_names_nobody_is_a_person_of_its_own():
    reading = read("source,target,sign,agency\nA,B,+,NAV\nA,B,+,NAV\nA,B,-,NAV\nB,A,+,NAV\nA,B,+,HB\n")
    assert said_by(reading) == [
        ("L1", "NAV", 1),
        ("L1", "NAV-2", 1),
        ("L1", "NAV-3", -1),
        ("L1", "HB", 1),
        ("L2", "NAV", 1),
    ]
    assert {one.agency for one in reading.map.stances} == {"NAV", "HB"}
    assert [agency.id for agency in reading.map.agencies] == ["NAV", "HB"]
    assert "repeated-row" not in codes(reading)


def test_a_numbered_person_of_an_agency_is_never_somebody_else():
    rows = ["A,B,+,NAV,", "A,B,+,NAV,", "A,B,+,NAV-2,", "A,B,-,HB,NAV-3", "A,B,-,HB,HB", "A,B,+,HB,"]
    reading = read("\n".join(["source,target,sign,agency,participant", *rows]))
    assert [one.person for one in reading.map.stances] == ["NAV", "NAV-4", "NAV-2", "NAV-3", "HB", "HB-2"]


def test_a_participant_who_says_a_link_again_has_one_stance():
    reading = read("source,target,sign,participant,note\nA,B,+,p1,dyrt\nA,B,+,p1,langt\nA,B,+,p2,\n")
    assert said_by(reading) == [("L1", "p1", 1), ("L1", "p2", 1)]
    assert reading.map.stances[0].reason == "dyrt\nlangt"
    assert [one.place for one in reading.report if one.code == "repeated-row"] == ["line 3"]


def test_a_participant_who_changes_the_sign_has_the_last_one_and_the_row_before_is_named():
    reading = read("source,target,sign,participant\nA,B,+,p1\nA,B,-,p1\n")
    assert said_by(reading) == [("L1", "p1", -1)]
    (link,) = reading.map.links
    assert (link.sign, link.contested) == (-1, False)
    (notice,) = [one for one in reading.report if one.code == "repeated-row"]
    assert (notice.place, "line 2" in notice.text) == ("line 3", True)


def test_a_note_in_a_row_of_somebody_is_their_reason():
    rows = ["A,B,+,NAV,fordi", "A,B,-,HB,derfor", "A,B,+,,alle vet det"]
    reading = read("\n".join(["source,target,sign,agency,note", *rows]))
    assert [one.reason for one in reading.map.stances] == ["fordi", "derfor"]
    assert reading.map.links[0].rationale.get("nb") == "alle vet det"
    alone = read("source,target,sign,agency,note\nA,B,+,NAV,fordi\n")
    assert not alone.map.links[0].rationale


def test_later_rows_fill_in_what_the_first_left_open():
    reading = read("source,target,sign,agency,delay,year\nA,B,+,NAV,,\nA,B,+,HB,long,2011\n")
    (link,) = reading.map.links
    assert (link.delay, link.attributes["year"], "rows-differ" in codes(reading)) == ("long", "2011", False)


def test_rows_that_differ_about_a_link_are_reported_once_with_their_columns():
    rows = ["A,B,+,NAV,short,2011", "A,B,+,HB,long,2012", "A,B,+,KDI,long,2013"]
    reading = read("\n".join(["source,target,sign,agency,delay,year", *rows]))
    (link,) = reading.map.links
    assert (link.delay, link.attributes["year"]) == ("short", "2011")
    (notice,) = [one for one in reading.report if one.code == "rows-differ"]
    assert (notice.place, "'delay', 'year'" in notice.text) == ("line 2", True)


def test_people_who_say_a_line_without_direction_from_either_end_say_the_same_two_arrows():
    reading = read("source,target,sign,direction,agency\nA,B,+,mutual,NAV\nB,A,+,mutual,Politi\n")
    assert links(reading) == [("A", "B", 1), ("B", "A", 1)]
    assert said_by(reading) == [
        ("L1", "NAV", 1),
        ("L1", "Politi", 1),
        ("L2", "NAV", 1),
        ("L2", "Politi", 1),
    ]


def test_opposite_signs_without_participants_stay_two_links():
    reading = formats.read_bytes(b"source,target,sign\nA,B,+\nA,B,-\n", "x.csv")
    assert links(reading) == [("A", "B", 1), ("A", "B", -1)]
    assert "contested" in codes(reading)


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


def read(text: str, filename: str = "x.csv") -> formats.Reading:
    return formats.read_bytes(text.encode(), filename)


def test_the_edge_table_of_gephi_has_directions_and_no_signs():
    reading = read("Source,Target,Type,Id,Label,Weight\n1,2,Directed,0,,1.0\n2,3,Undirected,1,causes,2.0\n")
    assert links(reading) == [("1", "2", None), ("2", "3", None), ("3", "2", None)]
    assert [link.strength for link in reading.map.links] == [1.0, 2.0, 2.0]
    assert {"no-signs", "two-arrows"} <= codes(reading)
    assert "sign-unknown-word" not in codes(reading)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("source,target,weight\na,b,0.5\nb,c,2\n", [("a", "b", None), ("b", "c", None)]),
        ("source,target,weight\na,b,0.5\nb,c,-2\n", [("a", "b", 1), ("b", "c", -1)]),
        ("source,target,weight\na,b,+1\nb,c,+2\n", [("a", "b", 1), ("b", "c", 1)]),
        ("source,target,sign\na,b,1\nb,c,1\n", [("a", "b", 1), ("b", "c", 1)]),
        ("source,target,type\na,b,1\nb,c,2\n", [("a", "b", None), ("b", "c", None)]),
        ("source,target,type,weight\na,b,causes,1\nb,c,hinders,-1\n", [("a", "b", 1), ("b", "c", -1)]),
        ("From,To,Label\na,b,+\nb,c,leads to\n", [("a", "b", 1), ("b", "c", None)]),
        ("Cause (variable),Effect,Link polarity (+/-)\na,b,+\nb,c,-\n", [("a", "b", 1), ("b", "c", -1)]),
        ("a,b,3\nb,c,5\n", [("a", "b", None), ("b", "c", None)]),
    ],
)
def test_signs_are_found_by_what_stands_in_a_column(text, expected):
    assert links(read(text)) == expected


def test_ids_and_labels_of_both_ends_may_have_columns_of_their_own():
    reading = read("source_id,source_name,target_id,target_name,type\n1,Regn,2,Flom,+\n2,Flom,1,Regn,-\n")
    assert links(reading) == [("Regn", "Flom", 1), ("Flom", "Regn", -1)]
    assert [factor.id for factor in reading.map.factors] == ["1", "2"]


def test_rows_above_the_header_are_left_out_and_reported():
    reading = read("Eksport fra X;;\n;;\nfra;til;fortegn\nA;B;+\n")
    assert (links(reading), "rows-skipped" in codes(reading)) == ([("A", "B", 1)], True)


@pytest.mark.parametrize(
    ("text", "filename"),
    [
        ("# Nodes: 3 Edges: 2\n# FromNodeId\tToNodeId\tSign\na\tb\t-1\nb\tc\t1\n", "x.txt"),
        ("a b -1\nb c 1\n", "x.edgelist"),
        ("a b {'weight': -1}\nb c {'weight': 1, 'x': 2}\n", "x.edgelist"),
        ('Source Target Sign\n"a" b -\nb "c" +\n', "x.csv"),
    ],
)
def test_lists_with_remarks_and_blanks_as_network_tools_write_them(text, filename):
    assert links(read(text, filename)) == [("a", "b", -1), ("b", "c", 1)]


def test_a_label_with_blanks_is_no_row_of_cells():
    reading = read("label\nLang ventetid\nKort frist\n")
    assert [factor.label for factor in reading.map.factors] == ["Lang ventetid", "Kort frist"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0,0.5,-0.3\n0,0,1\n-1,0,0\n", ["1", "2", "3"]),
        ("A;B;C\n0;0,5;-0,3\n0;0;1\n-1;0;0\n", ["A", "B", "C"]),
    ],
)
def test_a_matrix_of_bare_numbers_is_read(text, names):
    first, second, third = names
    assert links(read(text)) == [
        (first, second, 1),
        (first, third, -1),
        (second, third, 1),
        (third, first, -1),
    ]


def test_three_numbered_columns_are_links_and_not_a_matrix():
    assert links(read("1 2 2\n1 3 4\n2 3 3", "x.edgelist")) == [
        ("1", "2", None),
        ("1", "3", None),
        ("2", "3", None),
    ]


def test_a_list_of_neighbours_keeps_all_of_them():
    reading = read("a;b\nb;c;d\ne\nf; a ;g\n")
    assert links(reading) == [
        ("a", "b", None),
        ("b", "c", None),
        ("b", "d", None),
        ("f", "a", None),
        ("f", "g", None),
    ]
    assert "e" in {factor.label for factor in reading.map.factors}


def test_the_connections_of_kumu_as_csv_have_several_targets_in_a_cell():
    reading = read("From,To,Direction,Type\nA,B|C,directed,--\nC,A,mutual,\n")
    assert links(reading) == [("A", "B", 1), ("A", "C", 1), ("C", "A", None), ("A", "C", None)]


def test_utf_16_without_a_mark_is_recognised():
    reading = formats.read_bytes("from\tto\tsign\r\nÅr\tb\t+\r\n".encode("utf-16-le"), "x.txt")
    assert (links(reading), "encoding-guessed" in codes(reading)) == ([("År", "b", 1)], True)


def test_a_separator_in_quotation_marks_separates_nothing():
    reading = formats.read_bytes(b'"from","to"\n";","b"\n"c",";"\n', "x.csv")
    assert sorted(factor.label for factor in reading.map.factors) == [";", "b", "c"]


@pytest.mark.parametrize("delimiter", [" ", ","])
def test_an_edge_list_of_networkx_gives_its_weights_and_says_what_it_leaves(delimiter):
    graph = nx.DiGraph()
    graph.add_edge("a", "b", weight=-2, note="long text, and more")
    graph.add_edge("b", "c", weight=1, note="x")
    data = io.BytesIO()
    nx.write_edgelist(graph, data, delimiter=delimiter)
    reading = formats.read_bytes(data.getvalue(), "x.edgelist")
    assert links(reading) == [("a", "b", -1), ("b", "c", 1)]
    assert "edge-data" in codes(reading)


def test_strengths_from_minus_two_to_two_are_signs_as_well():
    reading = formats.read_bytes(b"From,To,Strength\na,b,2\nb,c,-1\n", "x.csv")
    assert links(reading) == [("a", "b", 1), ("b", "c", -1)]
    assert [link.strength for link in reading.map.links] == [2.0, 1.0]


def test_participants_of_two_agencies_that_have_the_same_number_are_two_people():
    text = b"from,to,sign,participant,agency\nA,B,+,p1,NAV\nA,B,-,p1,HB\nA,B,+,p2,NAV\n"
    reading = formats.read_bytes(text, "x.csv")
    assert [(one.person, one.agency, one.sign) for one in reading.map.stances] == [
        ("NAV-p1", "NAV", 1),
        ("HB-p1", "HB", -1),
        ("p2", "NAV", 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '"","from","to","sign","weight"\n"1","Gjeld","Bøter","+",0.5\n"2","Bøter","Gjeld","-",NA\n',
        '"";"from";"to";"sign";"weight"\n"1";"Gjeld";"Bøter";"+";0,5\n"2";"Bøter";"Gjeld";"-";NA\n',
        '"from" "to" "sign" "weight"\n"1" "Gjeld" "Bøter" "+" 0.5\n"2" "Bøter" "Gjeld" "-" NA\n',
        "from\tto\tsign\tweight\n1\tGjeld\tBøter\t+\t0.5\n2\tBøter\tGjeld\t-\tNA\n",
    ],
    ids=["write.csv", "write.csv2", "write.table", "write.table without quotes"],
)
def test_tables_of_r_have_numbers_in_front_of_their_rows_and_no_heading_over_them(text):
    reading = formats.read_bytes(text.encode(), "r.csv")
    label = {factor.id: factor.label for factor in reading.map.factors}
    assert [
        (label[one.source], label[one.target], one.mark, one.strength, dict(one.attributes))
        for one in reading.map.links
    ] == [("Gjeld", "Bøter", "+", 0.5, {}), ("Bøter", "Gjeld", "−", 1.0, {})]
    assert "strength-dropped" not in reading.counts()


def test_numbers_beside_names_are_no_effects():
    with pytest.raises(FormatError, match="no columns for cause and effect"):
        formats.read_bytes(b"sted,2024,2025,2026\nGjeld,0,-1,1\nBolig,1,0,-1\n", "x.csv")


def told(text: str, name: str = "x.csv") -> list[tuple[str, str, str]]:
    reading = formats.read_bytes(text.encode(), name)
    label = {factor.id: factor.label for factor in reading.map.factors}
    return [(label[one.source], label[one.target], one.mark) for one in reading.map.links]


def test_edges_of_cytoscape_have_their_ends_in_their_name():
    text = (
        '"SUID","interaction","name","selected","shared interaction","shared name"\n'
        '"82","activates","Gjeld (activates) Bolig","false","activates","Gjeld (activates) Bolig"\n'
        '"83","inhibits","Bolig (inhibits) Uro (indre)","false","inhibits","Bolig (inhibits) Uro (indre)"\n'
    )
    assert told(text) == [("Gjeld", "Bolig", "+"), ("Bolig", "Uro (indre)", "−")]


def test_terms_of_fuzzy_cognitive_maps_are_signs_when_some_have_a_minus():
    text = "From,To,Expert,Influence\nA,B,e1,VH\nB,C,e1,-M\nC,A,e2,-VL\n"
    assert told(text) == [("A", "B", "+"), ("B", "C", "−"), ("C", "A", "−")]
    assert told("From,To,Influence\nA,B,VH\nB,C,M\n") == [("A", "B", "?"), ("B", "C", "?")]


def test_columns_for_each_term_have_one_ticked_in_each_row():
    text = "from,to,NA,-H,-M,-L,+L,+M,+H\nA,B,,,,,,,1\nB,C,,1,,,,,\nC,A,1,,,,,,\n"
    assert told(text) == [("A", "B", "+"), ("B", "C", "−")]


def test_a_sign_may_stand_between_cause_and_effect():
    assert told("# notation\nGjeld + Uro\nUro - Bolig\n", "x.txt") == [
        ("Gjeld", "Uro", "+"),
        ("Uro", "Bolig", "−"),
    ]
    assert told("Gjeld + Uro\nUro - Bolig\n", "x.txt") == [("Gjeld", "Uro", "+"), ("Uro", "Bolig", "−")]


def test_sif_has_several_targets_in_a_line_and_nodes_alone():
    text = "Gjeld activates Bolig Uro\nBolig inhibits Gjeld\nAlene\n"
    assert told(text, "x.sif") == [("Gjeld", "Bolig", "+"), ("Gjeld", "Uro", "+"), ("Bolig", "Gjeld", "−")]
    reading = formats.read_bytes(b"Lang gjeld\tpp\tBolig\nAlene\n", "x.sif")
    assert [factor.label for factor in reading.map.factors] == ["Lang gjeld", "Bolig", "Alene"]
    assert [(one.mark, dict(one.attributes)) for one in reading.map.links] == [("?", {"interaction": "pp"})]
    with pytest.raises(FormatError, match="line 1: an edge lacks source or target"):
        formats.read_bytes(b"a pp\n", "x.sif")


@pytest.mark.parametrize(
    "header",
    [
        "Source concept name,Target concept name",
        "cause_variable_x,effect_variable_x",
        "match id 1,match id 2",
        "Element name A,Element name B",
    ],
)
def test_columns_that_differ_in_a_word_for_either_end_are_the_ends(header):
    assert told(f"kind,{header},polarity\nx,Gjeld,Uro,-\nx,Uro,Gjeld,+\n") == [
        ("Gjeld", "Uro", "−"),
        ("Uro", "Gjeld", "+"),
    ]


@pytest.mark.parametrize("header", ["label,from date,to date", "name,value 1,value 2", "label,type a,type b"])
def test_columns_of_times_and_values_are_no_ends(header):
    m = formats.read_bytes(f"{header}\nGjeld,1,2\nUro,2,3\n".encode(), "x.csv").map
    assert ([factor.label for factor in m.factors], m.links) == (["Gjeld", "Uro"], ())


@pytest.mark.parametrize("name", ["Type of link", "Influence", "Polarity", "relationship"])
def test_words_that_speak_of_one_sign_are_that_sign_and_are_kept(name):
    text = (
        f"cause,effect,{name}\nA,B,Strong negative\nB,C,Positive (weak)\nC,A,Not negative\n"
        + "A,C,positive\n" * 9
    )
    reading = formats.read_bytes(text.encode(), "x.csv")
    assert [(one.mark, one.attributes.get(name)) for one in reading.map.links] == [
        ("−", "Strong negative"),
        ("+", "Positive (weak)"),
        ("?", "Not negative"),
        ("+", None),
    ]
    assert reading.counts()["sign-unknown-word"] == 1


def test_what_is_said_of_a_link_is_not_its_sign():
    text = "subject,predicate,object,note\nA,causes,B,a negative effect\nB,prevents,C,positive\n"
    assert told(text) == [("A", "B", "?"), ("B", "C", "?")]


def test_a_column_w_below_zero_is_signed_amounts():
    assert told("src;dst;w\na;b;-1\nb;c;2\n") == [("a", "b", "−"), ("b", "c", "+")]


def test_central_european_windows_text_is_read():
    reading = formats.read_bytes("source;target\nŹródło;dług\nbieda;Ťažkosti\n".encode("cp1250"), "x.csv")
    assert [factor.label for factor in reading.map.factors] == ["Źródło", "dług", "bieda", "Ťažkosti"]
    assert any("cp1250" in str(one) for one in reading.report)
