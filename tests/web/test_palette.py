from __future__ import annotations

import itertools
import re
from typing import get_args

import pytest

from wickedmap.web.palette import (
    DOMAIN_COLOURS,
    PATTERNS,
    THEMES,
    TOKENS,
    Theme,
    agency_marks,
    contrast,
    css,
    difference,
    domain_colours,
    pattern_svg,
    svg_uri,
)

themes = pytest.mark.parametrize("theme", THEMES)


@themes
@pytest.mark.parametrize("text", ["ink", "quiet"])
@pytest.mark.parametrize("ground", ["canvas", "surface"])
def test_text_on_the_wall_is_seven_to_one(theme: Theme, text: str, ground: str) -> None:
    assert contrast(TOKENS[theme][text], TOKENS[theme][ground]) >= 7


@themes
def test_what_the_spotlight_dims_is_still_legible(theme: Theme) -> None:
    assert contrast(TOKENS[theme]["dim-ink"], TOKENS[theme]["dim-surface"]) >= 4.5


@themes
@pytest.mark.parametrize("line", ["plus", "minus", "unknown", "outline", "accent", "ring", "trace"])
@pytest.mark.parametrize("ground", ["canvas", "surface"])
def test_lines_are_three_to_one(theme: Theme, line: str, ground: str) -> None:
    assert contrast(TOKENS[theme][line], TOKENS[theme][ground]) >= 3


@themes
@pytest.mark.parametrize("sign", ["plus", "minus", "unknown"])
def test_the_signs_are_text_and_seven_to_one_or_close(theme: Theme, sign: str) -> None:
    assert contrast(TOKENS[theme][sign], TOKENS[theme]["canvas"]) >= 5


@themes
def test_a_badge_can_be_read(theme: Theme) -> None:
    assert contrast(TOKENS[theme]["ink"], TOKENS[theme]["badge"]) >= 7


@themes
def test_every_domain_band_is_seen_beside_its_label(theme: Theme) -> None:
    for colour in DOMAIN_COLOURS[theme].values():
        assert contrast(colour, TOKENS[theme]["surface"]) >= 3


@themes
@pytest.mark.parametrize("vision", ["normal", "protanopia", "deuteranopia"])
def test_domains_look_different_to_everybody(theme: Theme, vision: str) -> None:
    for one, other in itertools.combinations(DOMAIN_COLOURS[theme].values(), 2):
        assert difference(one, other, vision) > 0.09


@themes
@pytest.mark.parametrize("vision", ["normal", "protanopia", "deuteranopia"])
def test_plus_and_minus_look_different_to_everybody(theme: Theme, vision: str) -> None:
    assert difference(TOKENS[theme]["plus"], TOKENS[theme]["minus"], vision) > 0.09


@themes
def test_minus_is_not_red_and_plus_is_not_green(theme: Theme) -> None:
    plus, minus = TOKENS[theme]["plus"], TOKENS[theme]["minus"]
    assert int(plus[5:7], 16) > int(plus[3:5], 16)
    assert int(minus[3:5], 16) > int(minus[5:7], 16)


def test_every_theme_has_the_same_tokens() -> None:
    assert set(THEMES) == set(get_args(Theme))
    assert len({frozenset(tokens) for tokens in TOKENS.values()}) == 1
    assert len({frozenset(domains) for domains in DOMAIN_COLOURS.values()}) == 1


def test_a_known_domain_has_its_colour_and_strangers_take_what_is_left() -> None:
    found = domain_colours(["skole", "helse", "trafikk"], "light")
    assert found["helse"] == DOMAIN_COLOURS["light"]["helse"]
    assert len(set(found.values())) == 3


def test_more_domains_than_colours_share() -> None:
    assert len(domain_colours(map(str, range(40)), "dark")) == 40


def test_no_two_of_seventy_agencies_share_colour_and_pattern() -> None:
    marks = agency_marks([(str(number), "X") for number in range(70)], "light")
    assert len({(mark.colour, mark.pattern) for mark in marks.values()}) == 70


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_is_a_picture_of_its_own(pattern: str) -> None:
    marks = agency_marks([(str(number), "X") for number in range(len(PATTERNS))], "light")
    pictures = {mark.pattern: re.sub("#[0-9A-F]{6}", "", pattern_svg(mark, "light")) for mark in marks.values()}
    assert list(pictures.values()).count(pictures[pattern]) == 1


def test_a_picture_address_holds_nothing_that_ends_it() -> None:
    address = svg_uri('<svg fill="#123456">"å"</svg>')
    assert not set('"#<> ') & set(address.removeprefix("data:image/svg+xml;utf8,"))


def test_the_style_sheet_has_every_token_of_every_theme() -> None:
    text = css()
    for tokens in TOKENS.values():
        for name, colour in tokens.items():
            assert f"--wm-{name}: {colour};" in text


@pytest.mark.parametrize("colour", ["red", "#12345", "#GGGGGG", ""])
def test_a_colour_written_otherwise_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        contrast(colour, "#000000")
