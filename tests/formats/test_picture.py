from __future__ import annotations

import math
import re
import struct
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings

from wickedmap import Agency, CausalMap, Factor, Link, Texts, default_map, formats
from wickedmap.formats import picture, picture_png
from wickedmap.formats.arrows import Box, arrow_curve, points_along, self_curve, walks
from wickedmap.formats.picture_colours import DOMAINS, TOKENS
from wickedmap.web import palette

from .maps import maps

SVG = "{http://www.w3.org/2000/svg}"
SIGNS = {"+", "−", "?", "±"}


def drawn(m: CausalMap, **options) -> Element:
    return fromstring(picture.svg(m, **options))


def texts(root: Element) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def titles(root: Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}title")]


FOUR = CausalMap(
    factors=tuple(
        Factor(id=one, labels=Texts(nb=one), position=(n * 400.0, 0.0)) for n, one in enumerate("abcd")
    ),
    links=(
        Link(id="1", source="a", target="b", sign=1, delay="long", strength=3),
        Link(id="2", source="b", target="c", sign=-1),
        Link(id="3", source="c", target="d"),
        Link(id="4", source="d", target="d", both_signs=True),
    ),
)


def test_each_sign_is_written_beside_its_arrow_and_has_its_own_line():
    text = picture.svg(FOUR, legend=False)
    assert [one for one in texts(fromstring(text)) if one in SIGNS] == ["+", "−", "?", "±"]
    paths = re.findall(r'<path d="M[^"]*C[^"]*" fill="none"[^>]*>', text)
    dashes = [re.search(r'dasharray="([^"]*)"', path) for path in paths]
    assert [one.group(1) if one else "" for one in dashes] == ["", "12.0 8.0", "2.0 8.0", "2.0 8.0"]
    widths = [float(re.search(r'stroke-width="([\d.]+)"', path).group(1)) for path in paths]
    assert widths[0] > widths[1]


def test_a_screen_reader_finds_the_map_each_factor_and_each_link():
    root = drawn(FOUR, title="Gjeld & bolig")
    assert (root.get("role"), root.get("lang")) == ("img", "nb")
    assert titles(root)[0] == "Gjeld & bolig"
    assert {"a", "b", "c", "d", "a → b (+)", "b → c (−)", "c → d (?)", "d → d (±)"} <= set(titles(root))
    description = next(root.iter(f"{SVG}desc")).text
    assert "4 faktorer" in description
    assert root.get("aria-labelledby").split() == ["map-title", "map-description"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(m=maps(most=4))
def test_any_map_gives_a_valid_picture_without_scripts_or_addresses(m):
    text = picture.svg(m)
    root = fromstring(text)
    names = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert names <= {"svg", "title", "desc", "rect", "text", "tspan", "path", "g"}
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or "href" in name]


def test_a_label_is_in_the_middle_of_its_box_when_no_small_line_is_below_it():
    def height_of(m: CausalMap) -> float:
        root = drawn(m)
        return float(next(one for one in root.iter(f"{SVG}tspan")).get("y"))

    plain = CausalMap((Factor("a", Texts(nb="Gjeld"), position=(0.0, 0.0)),))
    nav = Agency("nav", Texts(nb="NAV"), initials="NK")
    factor = Factor("a", Texts(nb="Gjeld"), position=(0.0, 0.0), agencies=("nav",))
    owned = CausalMap((factor,), agencies=(nav,))
    assert height_of(plain) > height_of(owned)


def test_a_label_without_ink_is_drawn_as_an_empty_box():
    m = CausalMap((Factor("a", Texts(nb="\r")), Factor("b", Texts(nb="Gjeld"))), (Link("L1", "a", "b", 1),))
    assert any("Gjeld" in one for one in texts(drawn(m)))


def test_hostile_labels_stay_text():
    hostile = '"><script>alert(1)</script><a href="javascript:x">&amp;'
    m = CausalMap(factors=(Factor(id="a", labels=Texts(nb=hostile)),), titles=Texts(nb=hostile))
    root = drawn(m)
    assert titles(root)[0] == hostile
    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_stage_of_the_default_map_is_drawn_whole_inside_the_frame(stage, language):
    m = default_map()
    part = m.at_stage(stage)
    root = drawn(m, stage=stage, language=language, theme="dark")
    assert len(titles(root)) == 1 + len(part.factors) + len(part.links)
    width, height = map(float, root.get("viewBox").split()[2:])
    moved = root.find(f"{SVG}g").get("transform")
    left, up = (float(number) for number in re.findall(r"-?[\d.]+", moved))
    for rect in root.find(f"{SVG}g").iter(f"{SVG}rect"):
        x, y = float(rect.get("x")) + left, float(rect.get("y")) + up
        assert x >= 0
        assert y >= 0
        assert x + float(rect.get("width")) <= width
        assert y + float(rect.get("height")) <= height
    first = part.factors[0]
    shown = first.seed_label if stage <= 2 and language == "nb" else first.labels.in_language(language)
    assert shown.split()[0] in " ".join(texts(root))


def test_positions_of_another_tool_are_drawn_apart_until_labels_are_free():
    near = CausalMap(
        factors=tuple(
            Factor(id=f"f{n}", labels=Texts(nb="En ganske lang etikett"), position=(n * 60.0, 0.0))
            for n in range(3)
        )
    )
    rects = [one for one in drawn(near, legend=False).iter(f"{SVG}rect") if one.get("x")]
    spans = sorted({(float(one.get("x")), float(one.get("x")) + float(one.get("width"))) for one in rects})
    assert len(spans) == 3
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_factors_without_positions_are_placed_and_the_others_stay_in_their_order():
    m = FOUR.replace(factors=(*FOUR.factors, Factor(id="e", labels=Texts(nb="e"))))
    rects = [float(one.get("x")) for one in drawn(m, legend=False).iter(f"{SVG}rect") if one.get("x")]
    assert len(rects) == 10


def test_a_png_has_the_width_asked_for():
    data = picture.png(FOUR, width=500)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", data[16:20])[0] == 500


def test_save_writes_both_pictures_and_says_what_they_lack(tmp_path):
    lost = formats.save(FOUR.replace(provenance="x"), tmp_path / "map.svg")
    assert (tmp_path / "map.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "provenance" in {loss.aspect for loss in lost}
    formats.save(FOUR, tmp_path / "map.png")
    with pytest.raises(formats.FormatError, match="can be written but not read"):
        formats.read(tmp_path / "map.png")


@pytest.mark.parametrize("options", [{"theme": "pink"}, {"language": "de"}, {"stage": 5}])
def test_an_unknown_option_is_named(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        picture.svg(FOUR, **options)


def test_the_colours_are_those_of_the_screens():
    assert DOMAINS == palette.DOMAIN_COLOURS
    for theme, tokens in TOKENS.items():
        assert tokens.items() <= palette.TOKENS[theme].items()


def test_an_arrow_starts_and_ends_at_the_edges_of_its_labels():
    a, b = Box(0, 0, 50, 20), Box(300, 0, 50, 20)
    curve = arrow_curve(a, b, 40.0, 4.0)
    for point, box in ((curve.a, a), (curve.d, b)):
        assert not box.holds(point)
        assert box.holds(point, 6.0)


def test_a_curve_is_measured_by_its_pieces():
    straight, bent = (
        arrow_curve(Box(0, 0, 5, 5), Box(105, 0, 5, 5), 0.0, 0.0),
        self_curve(Box(0, 0, 50, 20), 30),
    )
    walk, other = walks([straight, bent])
    assert walk.length == pytest.approx(95, abs=0.01)
    for curve, one in ((straight, walk), (bent, other)):
        points = [curve.at(step / 48) for step in range(49)]
        assert one.length == pytest.approx(sum(math.dist(a, b) for a, b in pairwise(points)))
        for part in (0.0, 0.3, 1.0):
            t = one.t_before_end(part * one.length)
            assert 0 <= t <= 1
            rest = points_along([curve.between(t, 1.0)], 400)[0] if t < 1 else [curve.d]
            assert sum(math.dist(a, b) for a, b in pairwise(rest)) == pytest.approx(part * one.length, abs=0.6)
    assert walk.t_before_end(1000.0) == 0.0


def test_a_map_of_very_many_links_is_drawn_with_every_link_and_sign():
    count = 1600
    m = CausalMap(
        factors=tuple(
            Factor(id=f"f{n}", labels=Texts(nb=f"f{n}"), position=(n % 40 * 300.0, n // 40 * 150.0))
            for n in range(count)
        ),
        links=tuple(
            Link(id=f"l{n}", source=f"f{n}", target=f"f{(n * 7 + 1) % count}", sign=1) for n in range(count)
        ),
    )
    shown = texts(drawn(m, legend=False))
    assert shown.count("+") == count
    assert sum(one.startswith("f") for one in shown) == count
    data = picture.png(m, width=900)
    assert struct.unpack(">I", data[16:20])[0] == 900


def test_lines_thinner_than_a_pixel_become_a_pixel_wide_and_lighter():
    curve = (
        '<path d="M0 0C1 1 2 2 3 3" fill="none" stroke="#000000" stroke-width="2.4" stroke-dasharray="2 8"/>'
    )
    wide = curve.replace("2.4", "9.9")
    ground = '<rect width="100%" height="100%" fill="#FFFFFF"/>'
    made = picture_png.quick(f"<svg >{ground}{curve}{wide}</svg>", 8.0)
    # 2.4 of 8 pixels black on white: 255 * 0.7 = 178.5
    assert 'stroke="#b2b2b2" stroke-width="8.0" stroke-dasharray="2 8"' in made
    proposed = wide.replace("/>", ' stroke-opacity="0.6"/>')
    assert 'stroke="#666666" stroke-width="9.9"' in picture_png.quick(f"<svg >{ground}{proposed}</svg>", 8.0)
    sign = (
        '<text x="5.0" y="5.0" font-size="10.0" font-weight="700" text-anchor="middle" fill="#00FF00">+</text>'
    )
    assert picture_png.quick(f"<svg >{sign}</svg>", 1.0).endswith(
        '<path d="M2.4 1.6h5.2M5.0 -1.0v5.2" stroke="#00FF00" stroke-width="1.2"/></svg>'
    )
    assert wide in made


def test_what_is_pale_stands_back_and_nothing_else_changes():
    m = default_map()
    made = picture.svg(m, language="nb", pale={m.factors[0].id, m.links[0].id})
    # The factor's box, the link's line and its sign.
    assert made.count('<g opacity="0.35">') == 3
    assert texts(fromstring(made)) == texts(drawn(m, language="nb"))
