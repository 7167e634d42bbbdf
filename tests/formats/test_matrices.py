from __future__ import annotations

import pytest

from wickedmap import formats
from wickedmap.formats.errors import FormatError


def read(text: str):
    return formats.read_bytes(text.encode(), "x.csv")


def links(reading) -> list[tuple[str, str, int | None, float]]:
    label = {factor.id: factor.label for factor in reading.map.factors}
    return [(label[one.source], label[one.target], one.sign, one.strength) for one in reading.map.links]


def codes(reading) -> list[str]:
    return [notice.code for notice in reading.report]


def test_names_beside_and_above_may_differ_in_case_and_spaces():
    reading = read(",Lang ventetid,Klager\nlang  ventetid ,,0.5\nKLAGER,-1,\n")
    assert reading.format == "matrix"
    assert links(reading) == [("Lang ventetid", "Klager", 1, 0.5), ("Klager", "Lang ventetid", -1, 1.0)]


def test_empty_cells_may_be_written_as_nan():
    assert links(read(",A,B,C\nA,nan,0.5,NA\nB,-0.5,NaN,None\nC,,,0\n")) == [
        ("A", "B", 1, 0.5),
        ("B", "A", -1, 0.5),
    ]


@pytest.mark.parametrize(
    ("text", "factors"),
    [
        (",A,B,C\nA,,0.5,-1\n", ["A", "B", "C"]),
        ("Concept;A\nA;\nB;0,5\nC;-1\n", ["A", "B", "C"]),
        (",A,B,C\nA,,0.5,-1\n,,,\n", ["A", "B", "C"]),
    ],
)
def test_factors_without_effects_may_lack_their_row_and_those_without_causes_their_column(text, factors):
    reading = read(text)
    assert reading.format == "matrix"
    assert [factor.label for factor in reading.map.factors] == factors
    assert sorted(link.sign for link in reading.map.links) == [-1, 1]


def test_three_links_between_numbers_are_no_matrix():
    reading = read("source,target,weight\n0,1,1\n1,0,-1\n1,1,1\n")
    assert (reading.format, len(reading.map.factors), len(reading.map.links)) == ("csv", 2, 3)


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(FormatError, match="two columns"):
        read(",A,A\nA,,1\nA,-1,\n")


@pytest.mark.parametrize(
    "text",
    [
        '"Gjeld" "Uro"\n"Gjeld" 0 -1\n"Uro" 0.5 0\n',
        "Gjeld\tUro\nGjeld\t0\t-1\nUro\t0.5\t0\n",
        '"","Gjeld","Uro"\n"Gjeld",0,-1\n"Uro",0.5,0\n',
    ],
)
def test_matrices_of_r_have_no_heading_over_their_row_names(text):
    reading = formats.read_bytes(text.encode(), "m.txt")
    assert [(one.source, one.target, one.mark, one.strength) for one in reading.map.links] == [
        ("Gjeld", "Uro", "−", 1.0),
        ("Uro", "Gjeld", "+", 0.5),
    ]


def test_names_that_r_has_put_dots_into_are_those_beside_the_rows():
    text = '"","Høy.gjeld","X2..ledd..kr."\n"Høy gjeld",0,-1\n"2. ledd (kr)",0,0\n'
    reading = formats.read_bytes(text.encode(), "m.csv")
    assert [factor.label for factor in reading.map.factors] == ["Høy gjeld", "2. ledd (kr)"]
    assert [one.mark for one in reading.map.links] == ["−"]


@pytest.mark.parametrize("title", ["", "Fuzzy kart,,,\n,,,\n"])
def test_titles_above_a_matrix_and_sums_around_it_are_left_out(title):
    text = f"{title},A,B,Outdegree\nA,0,-0.5,0.5\nB,1,0,1\nTotal,1,0.5,\n"
    reading = formats.read_bytes(text.encode(), "m.csv")
    assert [factor.label for factor in reading.map.factors] == ["A", "B"]
    assert [(one.source, one.target, one.mark) for one in reading.map.links] == [
        ("A", "B", "−"),
        ("B", "A", "+"),
    ]
    assert reading.counts()["sums"] == 2


def test_a_factor_that_is_called_sum_and_holds_none_is_a_factor():
    reading = formats.read_bytes(b",A,Sum\nA,0,-1\nSum,1,0\n", "m.csv")
    assert [factor.label for factor in reading.map.factors] == ["A", "Sum"]
    assert len(reading.map.links) == 2
