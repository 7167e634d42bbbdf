"""What a notebook shows of a map."""

from __future__ import annotations

import struct
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wickedmap
from tests.formats.maps import maps
from wickedmap import CausalMap, Factor, FormatError, Texts, draw
from wickedmap.map_summary import SHOWN, summary_html


class Reader(HTMLParser):
    """Collects the text and checks that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_a_map_shows_its_title_counts_and_best_connected_factors() -> None:
    m = wickedmap.default_map()
    text = read(m._repr_html_()).text
    assert text[0] == m.title
    assert any(part.startswith("22 factors, 80 links (") for part in text)
    assert "10 framings" in " ".join(text)
    assert f"… and {22 - SHOWN} more factors" in text
    assert f"… and {80 - SHOWN} more links" in text
    rows = text[text.index("effects") + 1 :]
    most = max(m.factors, key=lambda one: len(m.causes_of(one.id)) + len(m.effects_of(one.id)))
    assert rows[0] == most.label


def test_the_words_are_in_the_maps_language() -> None:
    m = wickedmap.default_map().replace(language="en")
    text = read(m._repr_html_()).text
    assert text[0] == m.titles["en"]
    assert "Health and substance use" in text
    assert "helse" not in text


def test_an_empty_map_has_no_tables() -> None:
    reader = read(CausalMap()._repr_html_())
    assert reader.text == ["Causal map", "0 factors, 0 links"]
    assert "table" not in reader.tags


@settings(deadline=None)
@given(maps(st.sampled_from(["<script>alert(1)</script>", "&amp;", "'\"><img src=x onerror=y>", "数", "a\nb"])))
def test_no_text_of_a_map_becomes_markup(m: CausalMap) -> None:
    reader = read(summary_html(m))
    assert reader.tags <= {"div", "strong", "p", "table", "thead", "tbody", "tr", "th", "td"}


def test_a_long_text_is_cut_visibly() -> None:
    m = CausalMap(factors=(Factor("a", Texts(nb="x" * 500)),))
    (label,) = [part for part in read(summary_html(m)).text if part.startswith("xx")]
    assert len(label) == 120
    assert label.endswith("…")


def test_a_drawing_shows_itself_and_holds_every_label() -> None:
    m = wickedmap.default_map()
    drawing = draw(m, language="en", legend=False)
    root = ElementTree.fromstring(drawing._repr_svg_())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("style") == "max-width:100%;height:auto"
    assert float(root.attrib["viewBox"].split()[2]) == pytest.approx(float(root.attrib["width"]), abs=1)
    titles = " ".join(one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}title"))
    assert [factor.label for factor in m.factors if factor.labels["en"] not in titles] == []
    assert repr(drawing) == "Drawing(description='22 factors, 80 links')"


def test_a_drawing_is_saved_as_svg_png_or_pdf(tmp_path: Path) -> None:
    drawing = draw(CausalMap.from_links([("a", "b", 1)]))
    assert drawing.save(tmp_path / "map.svg").read_text(encoding="utf-8") == drawing.svg
    png = drawing.save(tmp_path / "map.png", width=600).read_bytes()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">I", png[16:20]) == (600,)
    assert drawing.save(tmp_path / "map.pdf").read_bytes().startswith(b"%PDF-1.7")
    for wrong in ("map.gif", "map"):
        with pytest.raises(FormatError, match=r"\.svg, \.png or \.pdf"):
            drawing.save(tmp_path / wrong)
    with pytest.raises(FormatError, match="cannot be written"):
        drawing.save(tmp_path / "nowhere" / "map.svg")


@pytest.mark.parametrize("width", [0, 15, 10_001, 2.5, "wide", True])
def test_a_width_that_cannot_be_is_refused_by_name(width: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"width: .* is not a whole number from 16 to 10000"):
        draw(CausalMap()).save(tmp_path / "map.png", width=width)


def test_what_is_no_map_is_not_drawn() -> None:
    with pytest.raises(TypeError, match="m: expected a CausalMap, got list"):
        draw([])  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"language": "xx"}, {"theme": "pink"}, {"stage": 9}])
def test_a_drawing_that_cannot_be_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        draw(wickedmap.default_map(), **options)  # type: ignore[arg-type]
