from __future__ import annotations

import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageFont
from pypdf import PageObject, PdfReader

from wickedmap import CausalMap, Factor, Link, Texts, default_map, formats
from wickedmap.formats import picture
from wickedmap.formats.picture_pdf import pdf_of
from wickedmap.formats.typeface import WEIGHTS, file_of, lacks, typeface

from .maps import maps


def page_of(data: bytes) -> PageObject:
    reader = PdfReader(io.BytesIO(data), strict=True)
    assert len(reader.pages) == 1
    return reader.pages[0]


def words(data: bytes) -> str:
    return " ".join(page_of(data).extract_text().split())


def labelled(*labels: str) -> CausalMap:
    return CausalMap(
        factors=tuple(
            Factor(id=f"f{number}", labels=Texts(nb=label), position=(number * 600.0, 0.0))
            for number, label in enumerate(labels)
        )
    )


def test_every_label_of_the_default_map_can_be_searched_for():
    m = default_map()
    found = words(picture.pdf(m))
    assert m.titles["nb"] in found
    for factor in m.factors:
        # No label of this map is broken in the middle of a word.
        assert factor.labels["nb"] in found, factor.labels["nb"]


def test_each_sign_is_text_once():
    m = CausalMap.from_links([("a", "b", 1), ("b", "c", -1), ("c", "d", None)])
    signs = re.findall(r"[+−?]", words(picture.pdf(m, legend=False)))
    assert sorted(signs) == ["+", "?", "−"]


def test_the_typeface_is_inside_and_the_page_has_the_shape_of_the_svg():
    page = page_of(picture.pdf(default_map(), stage=4))
    fonts = page["/Resources"]["/Font"]
    assert set(fonts) == {"/medium", "/bold", "/halo"}
    for font in fonts.values():
        letters = font["/DescendantFonts"][0]
        file = letters["/FontDescriptor"]["/FontFile2"].get_data()
        assert file in {file_of(weight).read_bytes() for weight in WEIGHTS}
    width, height = re.search(r'viewBox="0 0 (\S+) (\S+)"', picture.svg(default_map(), stage=4)).groups()
    assert float(page.mediabox.width) == pytest.approx(float(width) * 0.75, abs=0.01)
    assert float(page.mediabox.height) == pytest.approx(float(height) * 0.75, abs=0.01)


def test_the_file_tells_its_title_and_language():
    reader = PdfReader(io.BytesIO(picture.pdf(labelled("a"), title="Åpne (dører\\) 青", language="nn")))
    assert reader.metadata.title == "Åpne (dører\\) 青"
    assert reader.trailer["/Root"]["/Lang"] == "nn"


def test_the_letters_and_their_widths_are_those_of_the_file():
    for weight in WEIGHTS:
        face = typeface(weight)
        drawn = ImageFont.truetype(str(file_of(weight)), 1000, layout_engine=ImageFont.Layout.BASIC)
        for letter in "aWæøåÆØÅ−–?±«»€i ":
            assert face.width(letter) * 1000 == pytest.approx(drawn.getlength(letter), abs=1)


def test_a_label_broken_inside_a_word_and_one_in_unknown_letters_are_copied_whole():
    data = page_of(picture.pdf(labelled("Spesialisthelsetjenesten", "Sámi ŋ 青"))).get_contents().get_data()
    said = [bytes.fromhex(one).decode("utf-16") for one in re.findall(r"ActualText<(\w+)>", data.decode())]
    assert said == ["Spesialisthelsetjenesten", "Sámi ŋ 青"]


def test_letters_that_the_typeface_lacks_are_on_the_list_of_losses():
    m = labelled("Sámi ŋ", "Blåbær − 5 €", "青").replace(titles=Texts(nb="مرحبا"))
    found = {loss.aspect: loss for loss in formats.losses(m, "pdf")}
    assert found["rare_letters"].number == 3
    assert "boxes" in found["rare_letters"]
    assert "rare_letters" not in {loss.aspect for loss in formats.losses(m, "svg")}


@given(text=st.text(max_size=8))
def test_a_letter_is_lacking_when_its_glyph_is_the_box(text):
    drawn = ImageFont.truetype(str(file_of(700)), 20, layout_engine=ImageFont.Layout.BASIC)
    box = bytes(drawn.getmask("\uffff"))
    shown = [letter for letter in text if not letter.isspace() and letter != "\uffff"]
    assert lacks("".join(shown)) == any(bytes(drawn.getmask(letter)) == box for letter in shown)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(m=maps(most=4))
def test_any_map_gives_a_page(m):
    assert page_of(formats.write_bytes(m, "pdf")).get_contents() is not None


def test_the_same_map_gives_the_same_bytes():
    assert picture.pdf(default_map()) == picture.pdf(default_map())


def test_a_map_of_two_thousand_factors_still_fits_on_a_page():
    m = CausalMap(
        factors=tuple(
            Factor(id=f"f{n}", labels=Texts(nb=f"Faktor {n}"), position=(n % 140 * 400.0, n // 140 * 200.0))
            for n in range(2000)
        ),
        links=(Link(id="1", source="f0", target="f1999", sign=1),),
    )
    assert float(page_of(picture.pdf(m)).mediabox.width) == pytest.approx(14_400, abs=0.01)


@pytest.mark.parametrize(
    ("shape", "way"),
    [
        (
            '<rect x="1" y="2" width="30" height="40" fill="#FF0000"/>',
            "1.000 0.000 0.000 rg 1.0 2.0 30.0 40.0 re f",
        ),
        ('<path d="M1 2h3v4l-1 -1Z" fill="none" stroke="#000000"/>', "1.00 2.00 m 4.00 2.00 l 4.00 6.00 l"),
        ('<path d="M0 0C1 2 3 4 5 6" fill="none" stroke="#000000"/>', "0 0 m 1 2 3 4 5 6 c"),
        (
            '<path d="M8 20H4A4 4 0 0 1 0 16" fill="none" stroke="#000000"/>',
            "4.00 20.00 l 1.79 20.00 0.00 18.21 0.00 16.00 c",
        ),
        ('<rect x="0" y="0" width="9" height="9" rx="20" fill="none"/>', ""),
    ],
)
def test_shapes_become_the_operators_of_the_format(shape, way):
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" lang="nb" viewBox="0 0 50 50">{shape}</svg>'
    text = page_of(pdf_of(drawn)).get_contents().get_data().decode()
    assert way in text
    assert ("re" in text or " m " in text) == bool(way)
