from __future__ import annotations

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "comparing-perspectives.md"


def test_every_number_on_the_page_is_what_the_code_gives() -> None:
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 20
    assert outcome.failed == 0


def test_the_page_shows_the_numbers_of_the_worked_example() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for number in ("0.800", "0.600", "0.333", "4.000", "0.125"):
        assert number in text
