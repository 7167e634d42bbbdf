from __future__ import annotations

import json
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

import wickedmap
from wickedmap.causal_map import CausalMap
from wickedmap.graphs.label_boxes import BAND, LABEL_PX, LINE_HEIGHT, text_width
from wickedmap.graphs.stage_layout import arrangement
from wickedmap.model import Agency, Factor, Link, Stance
from wickedmap.text import Texts
from wickedmap.web.canvas import QUIET_ABOVE, Element, canvas_elements, initials_of, link_mark
from wickedmap.web.canvas_cards import card_svg
from wickedmap.web.canvas_overlay import held_links
from wickedmap.web.canvas_style import DIM_CARD, stylesheet
from wickedmap.web.palette import THEMES, TOKENS, Theme, contrast


@pytest.fixture(scope="module")
def default() -> CausalMap:
    return wickedmap.default_map()


@pytest.fixture(scope="module")
def web(default: CausalMap) -> dict[str, tuple[float, float]]:
    return arrangement(default, 4).positions


def data(elements: list[Element], one: str) -> dict[str, object]:
    return next(element["data"] for element in elements if element["data"]["id"] == one)


def classes(elements: list[Element], one: str) -> list[str]:
    found = next(element for element in elements if element["data"]["id"] == one)
    return list(found["classes"].split())


def card(elements: list[Element], factor: str) -> ElementTree.Element:
    address = str(data(elements, f"f:{factor}")["card"])
    return ElementTree.fromstring(unquote(address.partition(",")[2]))


def words(picture: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in picture.iter("{http://www.w3.org/2000/svg}text")]


def test_factors_come_before_links_and_everything_has_an_id_of_its_own(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    elements = canvas_elements(default, web)
    groups = [element["group"] for element in elements]
    assert groups == sorted(groups, reverse=True)
    assert groups.count("nodes") == 21
    ids = [element["data"]["id"] for element in elements]
    assert len(set(ids)) == len(ids)


def test_a_factor_and_a_link_with_the_same_id_are_two_elements() -> None:
    m = CausalMap(
        factors=(Factor("x", Texts(nb="Én")), Factor("y", Texts(nb="To"))), links=(Link("x", "x", "y", sign=1),)
    )
    elements = canvas_elements(m, {"x": (0, 0), "y": (600, 0)})
    assert [element["data"]["id"] for element in elements] == ["f:x", "f:y", "l:x"]


def test_elements_are_plain_json_with_plain_text(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    elements = canvas_elements(default, web, badges={"gjeld": 2})
    assert json.loads(json.dumps(elements)) == elements
    assert {type(value) for element in elements for value in element["data"].values()} <= {str, int, float}


def test_what_people_write_cannot_become_markup() -> None:
    nasty = "<script>&\"'</script>"
    m = CausalMap(
        factors=(Factor("a", Texts(nb=nasty), agencies=("b",)),), agencies=(Agency("b", Texts(nb=nasty)),)
    )
    elements = canvas_elements(m, {"a": (0, 0)})
    assert str(data(elements, "f:a")["label"]).replace("\n", "") == nasty
    assert [one.tag for one in card(elements, "a").iter() if one.tag.endswith("script")] == []


def test_labels_wrap_and_nothing_of_them_is_lost(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    label = str(data(canvas_elements(default, web), "f:vold_mishandling")["label"])
    assert label == "Utsatt for vold\nog mishandling"


@pytest.mark.parametrize(("language", "label"), [("nb", "Gjeld"), ("nn", "Gjeld"), ("en", "Debt")])
def test_labels_and_tags_are_in_the_readers_language(
    default: CausalMap, web: dict[str, tuple[float, float]], language: str, label: str
) -> None:
    elements = canvas_elements(default, web, language=language)
    assert data(elements, "f:gjeld")["label"] == label
    assert words(card(elements, "gjeld"))[0] == {"nb": "Økonomi", "nn": "Økonomi", "en": "Finances"}[language]


def test_the_first_two_stages_show_the_words_of_the_slides(default: CausalMap) -> None:
    shown = arrangement(default, 2)
    elements = canvas_elements(default, shown.positions, stage=2, font_px=shown.font_px)
    assert data(elements, "f:psykiatri")["label"] == "Psykiatri"


def test_a_list_has_boxes_of_one_size_and_no_arrows(default: CausalMap) -> None:
    shown = arrangement(default, 1)
    elements = canvas_elements(default, shown.positions, stage=1, font_px=shown.font_px)
    assert len({(element["data"]["w"], element["data"]["h"]) for element in elements}) == 1
    assert {element["group"] for element in elements} == {"nodes"}


def test_the_domain_is_a_band_and_a_word_and_the_agencies_are_initials(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    picture = card(canvas_elements(default, web), "gjeld")
    domain, owners = words(picture)
    assert domain == "Økonomi"
    assert len(owners.split()) == 2
    assert picture.find("{http://www.w3.org/2000/svg}path") is not None


def test_agencies_that_do_not_fit_are_counted() -> None:
    made = card_svg(
        220,
        90,
        tag="Helse",
        initials=["AAA", "BBB", "CCC", "DDD", "EEE"],
        colour="#000000",
        badge=0,
        theme="light",
        font_px=28,
    )
    assert re.search(r"\+\d<", made)


def test_a_badge_is_shown_only_where_there_are_notes(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    elements = canvas_elements(default, web, badges={"gjeld": 3, "rus": 0, "L20": 2})
    assert words(card(elements, "gjeld"))[-1] == "3"
    assert "0" not in words(card(elements, "rus"))
    assert "②" in str(data(elements, "l:L20")["middle"]), "a turned 2 would be a sign"


def test_a_badge_ends_the_line_below_the_label_and_never_touches_it(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    badges = {factor.id: 12 for factor in default.factors}
    for far in (False, True):
        elements = canvas_elements(default, web, badges=badges, far=far)
        for factor in default.at_stage(4).factors:
            made = data(elements, f"f:{factor.id}")
            lines = str(made["label"]).count("\n") + 1
            bottom = made["h"] / 2 + made["shift_y"] + lines * LINE_HEIGHT * made["font"] / 2
            circle = card(elements, factor.id).find(".//{*}rect")
            assert circle is not None
            top, right = float(circle.get("y", 0)), float(circle.get("x", 0)) + float(circle.get("width", 0))
            # What is below the letters of the last line is empty: descenders only.
            assert top > bottom - 0.3 * made["font"]
            assert right <= made["w"]


def test_from_far_away_the_label_has_its_box_to_itself(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    near, far = (canvas_elements(default, web, far=one) for one in (False, True))
    for factor in default.at_stage(4).factors:
        one, other = data(near, f"f:{factor.id}"), data(far, f"f:{factor.id}")
        assert (one["w"], one["h"]) == (other["w"], other["h"]), "nothing moves"
        assert other["font"] > 1.08 * one["font"]
        assert words(card(far, factor.id)) == []
        assert words(card(near, factor.id)) != []
        widest = max(text_width(line) for line in str(other["label"]).split("\n")) / 1.06
        assert widest * other["font"] < other["w"] - BAND * one["font"]


def test_signs_of_arrows_that_come_in_side_by_side_stand_in_two_rows(default: CausalMap) -> None:
    m = CausalMap.from_links([(f"f{place}", "goal", -1) for place in range(6)])
    at = {f"f{place}": (place * 340.0, 0.0) for place in range(6)} | {"goal": (850.0, 900.0)}
    elements = canvas_elements(m, at)
    away = [data(elements, f"l:{link.id}")["away"] for link in m.links]
    assert len(set(away)) == 2
    alone = canvas_elements(CausalMap.from_links([("a", "b", 1)]), {"a": (0, 0), "b": (900, 0)})
    assert data(alone, "l:L1")["away"] == min(away)


@pytest.mark.parametrize(
    ("link", "mark", "kind"),
    [
        (Link("l", "a", "b", sign=1), "+", "plus"),
        (Link("l", "a", "b", sign=-1), "−", "minus"),
        (Link("l", "a", "b"), "?", "unknown"),
        (Link("l", "a", "b", both_signs=True), "±", "contested"),
        (Link("l", "a", "b", sign=1, contested=True), "+≠−", "contested"),
    ],
)
def test_the_sign_is_text_and_a_line_style(link: Link, mark: str, kind: str) -> None:
    m = CausalMap(factors=(Factor("a", Texts(nb="A")), Factor("b", Texts(nb="B"))), links=(link,))
    elements = canvas_elements(m, {"a": (0, 0), "b": (700, 0)})
    assert link_mark(link) == mark
    assert str(data(elements, "l:l")["mark"]).strip() == mark
    assert kind in classes(elements, "l:l")


@pytest.mark.parametrize("theme", THEMES)
def test_plus_is_solid_minus_dashed_and_unknown_dotted(theme: Theme) -> None:
    rules = {rule["selector"]: rule["style"] for rule in stylesheet(theme)}
    assert "line-style" not in rules["edge.plus"]
    patterns = [rules[f"edge.{kind}"]["line-dash-pattern"] for kind in ("minus", "unknown")]
    assert patterns[0][0] > 2 * patterns[1][0]


def test_strength_has_three_widths_and_delay_two_bars(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    elements = canvas_elements(default, web)
    edges = [element["data"] for element in elements if element["group"] == "edges"]
    assert len({edge["width"] for edge in edges}) == 3
    for edge in edges:
        assert ("||" in edge["middle"]) == (default.link(edge["ref"]).delay == "long")


def test_the_spotlight_leaves_causes_and_effects_clear_and_dims_the_rest(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    elements = canvas_elements(default, web, spotlight="gjeld")
    part = default.at_stage(4)
    near = {link.source for link in part.causes_of("gjeld")} | {
        link.target for link in part.effects_of("gjeld")
    }
    assert "spot" in classes(elements, "f:gjeld")
    for factor in part.factors:
        assert ("dim" in classes(elements, f"f:{factor.id}")) == (factor.id not in near | {"gjeld"})
    for link in part.links:
        assert ("dim" in classes(elements, f"l:{link.id}")) == ("gjeld" not in (link.source, link.target))


def test_a_link_can_be_in_the_spotlight(default: CausalMap, web: dict[str, tuple[float, float]]) -> None:
    link = default.at_stage(4).links[0]
    elements = canvas_elements(default, web, spotlight=link.id)
    clear = {element["data"]["ref"] for element in elements if "dim" not in element["classes"].split()}
    assert clear == {link.id, link.source, link.target}


def test_a_spotlight_on_something_not_shown_dims_nothing(default: CausalMap) -> None:
    shown = arrangement(default, 2)
    elements = canvas_elements(default, shown.positions, stage=2, spotlight="gjeld", font_px=shown.font_px)
    assert not any("dim" in element["classes"].split() for element in elements)


@pytest.mark.parametrize("theme", THEMES)
def test_the_small_text_of_a_dimmed_factor_is_still_three_to_one(theme: Theme) -> None:
    ink, paper = TOKENS[theme]["quiet"], TOKENS[theme]["dim-surface"]
    mixed = "#" + "".join(
        f"{round(DIM_CARD * int(ink[at : at + 2], 16) + (1 - DIM_CARD) * int(paper[at : at + 2], 16)):02X}"
        for at in (1, 3, 5)
    )
    assert contrast(mixed, paper) >= 3


def test_a_new_arrival_and_a_proposal_are_marked() -> None:
    m = CausalMap(factors=(Factor("a", Texts(nb="A"), status="proposed"),))
    assert {"arrived", "proposed"} <= set(classes(canvas_elements(m, {"a": (0, 0)}, arrived=["a"]), "f:a"))


def test_more_links_than_can_be_read_lose_their_signs_until_lit() -> None:
    names = [str(number) for number in range(20)]
    rows = [(a, b, 1) for a in names for b in names if a != b][: QUIET_ABOVE + 1]
    m = CausalMap.from_links(rows, factors=names)
    at = {name: (number % 5 * 500.0, number // 5 * 300.0) for number, name in enumerate(names)}
    assert "quiet" in classes(canvas_elements(m, at), "l:L1")
    rules = [rule["selector"] for rule in stylesheet()]
    assert rules.index("edge.quiet") < rules.index("edge.lit")


def test_a_factor_without_a_position_is_named(default: CausalMap) -> None:
    with pytest.raises(ValueError, match="positions: factor 'bolig'"):
        canvas_elements(default, {})


def test_a_self_link_is_drawn_as_a_loop() -> None:
    m = CausalMap.from_links([("a", "a", 1)])
    assert "self" in classes(canvas_elements(m, {"a": (0, 0)}), "l:L1")


@pytest.fixture
def argued() -> CausalMap:
    m = CausalMap.from_links([("a", "b", 1), ("b", "c", 1), ("c", "a", 1), ("a", "c", -1)])
    return m.replace(
        agencies=tuple(Agency(one, Texts(nb=one.upper())) for one in ("nav", "politi", "husbanken")),
        stances=(
            Stance("L1", "p1", "nav", "asserts"),
            Stance("L1", "p2", "nav", "asserts"),
            Stance("L1", "p3", "politi", "asserts", sign=1),
            Stance("L2", "p1", "nav", "asserts"),
            Stance("L2", "p3", "politi", "rejects"),
            Stance("L3", "p1", "nav", "unsure"),
            Stance("L4", "p1", "nav", "asserts", sign=1),
            Stance("L4", "p3", "politi", "asserts"),
        ),
    )


def test_the_overlay_counts_agencies_not_people(argued: CausalMap) -> None:
    held = held_links(argued)
    assert [(held[one].asserting, held[one].kind) for one in ("L1", "L2", "L3", "L4")] == [
        (2, "agreed"),
        (1, "disputed"),
        (0, "unsure"),
        (2, "disputed"),
    ]


def test_the_overlay_is_of_the_chosen_agencies(argued: CausalMap) -> None:
    held = held_links(argued, ["politi"])
    assert [held[one].kind for one in ("L1", "L2", "L3", "L4")] == ["agreed", "rejected", "silent", "agreed"]
    assert [held[one].label for one in ("L1", "L2", "L3")] == ["1", "×1", ""]
    at = {"a": (0.0, 0.0), "b": (700.0, 0.0), "c": (350.0, 500.0)}
    elements = canvas_elements(argued, at, view="overlay", agencies=["politi"])
    assert data(elements, "l:L2")["middle"] == "×1"


def test_a_sign_that_all_hold_is_drawn_also_where_the_map_has_the_other(argued: CausalMap) -> None:
    at = {"a": (0.0, 0.0), "b": (700.0, 0.0), "c": (350.0, 500.0)}
    drawn = {
        element["data"]["id"]: element
        for element in canvas_elements(argued, at, view="overlay", agencies=["nav"])
    }
    # The map has a minus.
    assert "hue-plus" in drawn["l:L4"]["classes"].split()
    assert drawn["l:L4"]["data"]["mark"].strip() == "+"


def test_the_overlay_draws_agreement_wide_and_dispute_dashed(argued: CausalMap) -> None:
    at = {"a": (0.0, 0.0), "b": (700.0, 0.0), "c": (350.0, 500.0)}
    elements = canvas_elements(argued, at, view="overlay")
    widths = [float(str(data(elements, f"l:L{one}")["width"])) for one in (1, 2, 3)]
    assert widths == sorted(widths, reverse=True)
    assert data(elements, "l:L2")["middle"] == "1≠1"
    rules = {rule["selector"]: rule["style"] for rule in stylesheet()}
    assert rules["edge.disputed"]["line-style"] == "dashed"


@pytest.mark.parametrize(
    ("agency", "initials"),
    [
        (Agency("a", Texts(nb="NAV stat"), initials="NS"), "NS"),
        (Agency("a", Texts(nb="Kommunens boligkontor")), "KB"),
        (Agency("a", Texts(nb="Husbanken")), "HU"),
        (Agency("abc", Texts(nb="123")), "AB"),
    ],
)
def test_initials_are_the_agencys_own_or_made_from_its_name(agency: Agency, initials: str) -> None:
    assert initials_of(agency) == initials


def test_a_larger_room_gets_larger_signs() -> None:
    small, large = (
        next(r["style"] for r in stylesheet("light", scale) if r["selector"] == "edge.link") for scale in (1, 2)
    )
    assert large["font-size"] == 2 * small["font-size"]


def test_positions_and_label_size_are_taken_as_given(
    default: CausalMap, web: dict[str, tuple[float, float]]
) -> None:
    elements = canvas_elements(default, web)
    for element in elements[:21]:
        assert (element["position"]["x"], element["position"]["y"]) == web[element["data"]["ref"]]
        assert element["data"]["font"] == LABEL_PX
