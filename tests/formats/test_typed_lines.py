"""Lines as people type or paste them: a list of causes, and arrows between names."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import formats
from wickedmap.formats.errors import FormatError


def read(text: str, filename: str = "notat.txt") -> formats.Reading:
    return formats.read_bytes(text.encode(), filename)


def said(reading: formats.Reading) -> list[tuple[str, str, str]]:
    m = reading.map
    return [(m.factor(link.source).label, m.factor(link.target).label, link.mark) for link in m.links]


def test_a_list_of_causes_is_read_as_factors_and_says_so():
    reading = read("Gjeld\nPsykisk uhelse\n\nGjeld\nHusleie, strøm\n".replace(", ", " og "))
    assert [factor.label for factor in reading.map.factors] == ["Gjeld", "Psykisk uhelse", "Husleie og strøm"]
    assert reading.counts()["list"] == 1
    assert reading.format == "lines"


@pytest.mark.parametrize("bullet", ["- ", "* ", "• ", "1. ", "12) "])
def test_bullets_and_numbers_are_no_part_of_a_name(bullet):
    names = [factor.label for factor in read(f"{bullet}Gjeld\n{bullet}2. gangs soning\n").map.factors]
    assert names == ["Gjeld", "2. gangs soning"]


def test_only_what_stands_before_a_name_is_a_bullet():
    names = ["Bolig - leie", "Gjeld 2. gang"]
    assert [factor.label for factor in read("- Bolig - leie\nGjeld 2. gang\n").map.factors] == names
    assert said(read("1. Bolig - leie -> Gjeld 2. gang (+)\n")) == [(*names, "+")]


@pytest.mark.parametrize("arrow", ["<-", "<--", "←", "⟵"])
def test_an_arrow_that_points_back_is_read_backwards(arrow):
    assert said(read(f"Uro {arrow} Gjeld (+)\nRus {arrow} Uro\n")) == [
        ("Gjeld", "Uro", "+"),
        ("Uro", "Rus", "?"),
    ]


@pytest.mark.parametrize("arrow", ["<->", "<-->", "<=>", "↔", "⟷"])
def test_an_arrow_with_two_heads_is_two_links(arrow):
    reading = read(f"Uro {arrow} Gjeld (+)\nRus -> Uro\n")
    assert said(reading) == [("Uro", "Gjeld", "+"), ("Gjeld", "Uro", "+"), ("Rus", "Uro", "?")]


def test_arrows_link_and_marks_are_signs():
    reading = read(
        "Gjeld -> Søvnløshet (+)\n"
        "Søvnløshet --> Arbeid −\n"
        "- Arbeid → Gjeld (negativ)\n"
        "Gjeld => Uro\n"
        "Uro +-> Rus → Utkastelse (NAV)\n"
        "Bolig -> Uro: -\n"
        "Uro -> Bolig (+/-)\n"
        "Fengsel\n"
    )
    assert said(reading) == [
        ("Gjeld", "Søvnløshet", "+"),
        ("Søvnløshet", "Arbeid", "−"),
        ("Arbeid", "Gjeld", "−"),
        ("Gjeld", "Uro", "?"),
        ("Uro", "Rus", "+"),
        ("Rus", "Utkastelse (NAV)", "?"),
        ("Bolig", "Uro", "−"),
        ("Uro", "Bolig", "±"),
    ]
    assert reading.map.factors[-1].label == "Fengsel"
    assert reading.format == "lines"


def test_a_mark_that_is_nearly_a_sign_is_unknown_and_reported():
    reading = read("Gjeld -> Uro (negatve)\nUro -> Rus (+)\n")
    assert said(reading) == [("Gjeld", "Uro", "?"), ("Uro", "Rus", "+")]
    assert reading.counts()["sign-near-miss"] == 1


def test_an_arrow_without_a_name_is_refused_with_its_line():
    with pytest.raises(FormatError, match="line 2: an arrow has no name"):
        read("Gjeld -> Uro\nUro -> \nRus -> Uro\n")


def test_prose_and_tables_are_not_taken_for_lists():
    for text in ("Møtet begynte sent.\nVi snakket om gjeld.\n", "x" * 130 + "\n" + "y" * 130 + "\n", "alene\n"):
        with pytest.raises(FormatError):
            read(text)
    assert read("fra;til\nA -> B;C\nD;E\n").format == "csv"
    assert read("digraph { a -> b }", "x.txt").format == "dot"


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(FormatError):
        formats.read_bytes(text.encode("utf-8", "replace"), "x.lines")
