from __future__ import annotations

from pathlib import Path

from wickedmap.formats.overview import with_overview

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"


def test_the_table_of_losses_in_the_docs_is_current():
    text = PAGE.read_text(encoding="utf-8")
    assert with_overview(text) == text, "run: python -m wickedmap.formats.overview docs/formats.md"
