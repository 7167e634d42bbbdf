"""What the wall says and draws: of a lit link, of a lit loop, and of how agencies compare."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from tests.conftest import Meeting
from wickedmap.changes.room import Compared
from wickedmap.text import LANGUAGES
from wickedmap.web import wall
from wickedmap.web.context import Looking
from wickedmap.web.pages.wall_link import free_corner
from wickedmap.web.pages.wall_parts import foot, head, panel
from wickedmap.web.shell import _needed

LINK = "L52"
PLACES = wall.Places()
AGENCIES = ("nav_kommune", "politi", "brukerorg", "kommune_bolig", "kriminalomsorgen", "husbanken")


class Nobody:
    """A live service that knows who is here: nobody."""

    def people(self, _workshop: str) -> dict[str, Any]:
        return {"people": 0, "agencies": {}}


def seen(meeting: Meeting, language: str = "nb") -> tuple[Looking, dict[str, Any]]:
    actor = replace(meeting.facilitator, role="viewer", person="viewer", language=language)
    looking = Looking(meeting.workshops, actor, "projector", meeting.workshops.view(actor), language)
    return looking, {"live": Nobody(), "places": PLACES, "public_url": "http://kart.example"}


def said(meeting: Meeting, language: str = "nb") -> str:
    looking, services = seen(meeting, language)
    shown = panel(looking, services)
    return " ".join(words(one) for one in [*head(looking, services), *([shown] if shown else [])])


def words(node: Any) -> str:
    """Return what can be read in a piece of the page."""
    if isinstance(node, (list, tuple)):
        return " ".join(words(one) for one in node)
    return words(node.children) if hasattr(node, "children") else str(node or "")


def test_whoever_holds_that_a_link_goes_the_other_way_is_not_counted_as_agreeing(meeting: Meeting) -> None:
    for agency, stance, sign in (
        ("nav_kommune", "asserts", "+"),
        ("kommune_bolig", "asserts", None),
        ("brukerorg", "asserts", "-"),
        ("politi", "rejects", None),
    ):
        own = {} if sign is None else {"sign": sign}
        meeting.does(meeting.join(agency), "take_stance", link=LINK, stance=stance, reason="", **own)
    meeting.leads("reveal", stances=True)
    meeting.leads("set_wall", view="map")
    meeting.leads("set_spotlight", target_kind="link", target=LINK)
    text = said(meeting)
    assert "+≠−" in text
    for few in (
        "Noen mener at det stemmer",
        "Noen mener: Mer gjeld gir færre",
        "Noen mener at det ikke stemmer",
    ):
        assert few in text, "with hidden names, one or two people are not a number"
    assert "1 mener" not in text
    meeting.leads("show_names", shown=True)
    text = said(meeting)
    assert "2 mener at det stemmer" in text
    assert "1 mener: Mer gjeld gir færre utkastelser." in text
    assert "1 mener at det ikke stemmer" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lit_loop_is_called_by_its_kind_and_its_factors(meeting: Meeting, language: str) -> None:
    meeting.leads("set_wall", view="map")
    meeting.leads("set_spotlight", target_kind="loop", target="R6", links=["L57", "L58"])
    kind = {"nb": "Forsterkende sløyfe", "nn": "Forsterkande sløyfe", "en": "Reinforcing loop"}[language]
    factors = "Debt → Crime" if language == "en" else "Gjeld → Kriminalitet"
    assert f"{kind} R6: {factors}" in said(meeting, language)
    meeting.leads("remove_link", link="L58")
    assert f"{kind} R6" not in said(meeting, language)


def test_the_page_of_exports_has_the_styles_of_its_lists() -> None:
    style = '<link rel="stylesheet" href="/assets/18-compare.css?m=1">'
    assert _needed(style, "export") == style
    assert _needed(style, "me") == ""


def test_a_lit_factor_tells_its_domain_and_who_owns_it(meeting: Meeting) -> None:
    meeting.leads("set_stage", stage=4)
    meeting.leads("set_spotlight", target_kind="factor", target="gjeld")
    assert "Økonomi · " in said(meeting)
    assert "NAV" in said(meeting)
    meeting.leads("set_spotlight")
    assert "Økonomi" not in said(meeting)


# --- comparisons -----------------------------------------------------------------------

WALLS: dict[str, dict[str, Any]] = {
    "overlay": {},
    "framings": {},
    "matrix": {},
    "pair": {"agencies": ["nav_kommune", "politi"]},
    "distance": {},
    "loops": {},
    "terms": {"term": "G05"},
    "movement": {},
}
PRIVATE = "Hemmelig"


def talk(meeting: Meeting) -> None:
    """Let each agency say something of every kind: together they see a loop that none of them sees alone."""
    for place, agency in enumerate(AGENCIES):
        person = meeting.join(agency)
        for link in ("L52", "L54", "L57", "L58")[place % 4 : place % 4 + 1]:
            meeting.does(person, "take_stance", link=link, stance="asserts", sign="+", reason=PRIVATE)
        meeting.does(person, "take_stance", link="L60", stance="rejects" if place % 2 else "asserts", reason="")
        meeting.does(person, "rate_factor", factor="gjeld", importance=3)
        meeting.does(person, "define_term", term="G05", text=f"{PRIVATE} ord fra {place}")
        meeting.does(person, "write_framing", problem=f"{PRIVATE} problem fra {place}")


def change_a_mind(meeting: Meeting) -> None:
    """Let somebody say something else than before, for the room to see."""
    person = next(row for row in meeting.state.tables["people"].values() if row.agency == "brukerorg")
    actor = replace(meeting.facilitator, role="representative", person=person.id, agency="brukerorg")
    meeting.does(actor, "take_stance", link="L60", stance="unsure", reason="")


def reveal(meeting: Meeting) -> None:
    kinds = ("notes", "stances", "ratings", "framings", "proposals", "terms")
    meeting.leads("reveal", **dict.fromkeys(kinds, True))


def test_every_comparison_that_the_wall_can_be_asked_for_is_tried_here() -> None:
    assert set(WALLS) == set(get_args(Compared))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", WALLS)
def test_before_anything_is_shown_a_comparison_says_so_and_nothing_else(
    meeting: Meeting, view: str, language: str
) -> None:
    talk(meeting)
    meeting.leads("set_wall", view=view, **WALLS[view])
    text = said(meeting, language)
    assert PRIVATE not in text
    looking, services = seen(meeting, language)
    shown = panel(looking, services)
    if view == "overlay":
        assert shown is None
    else:
        assert shown is not None
        assert shown.attributes["className"] == "wm-wall-centre", "words, in the middle"
        assert len(words(shown)) > 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", WALLS)
def test_what_is_shown_is_drawn_with_letters_until_names_are_shown(
    meeting: Meeting, view: str, language: str
) -> None:
    talk(meeting)
    reveal(meeting)
    change_a_mind(meeting)
    meeting.leads("set_wall", view=view, **WALLS[view])
    looking, services = seen(meeting, language)
    names = [meeting.state.agency_label(agency, language) for agency in AGENCIES]
    text = said(meeting, language)
    assert not [name for name in names if name in text]
    assert len(text) > 10
    if view != "overlay":
        drawn = panel(looking, services)
        assert drawn is not None
        assert "wm-wall-full" in drawn.attributes["className"], "more than words"
        assert not [agency for agency in AGENCIES if agency in str(drawn.to_plotly_json())]
    meeting.leads("show_names", shown=True)
    assert said(meeting, language) != text or view in ("overlay", "loops")
    assert foot(*seen(meeting, language))


@pytest.mark.parametrize("view", ["framings", "matrix", "distance", "loops", "movement", "terms"])
def test_a_choice_of_agencies_goes_with_the_view(meeting: Meeting, view: str) -> None:
    talk(meeting)
    reveal(meeting)
    change_a_mind(meeting)
    meeting.leads("show_names", shown=True)
    chosen = ["nav_kommune", "brukerorg", "kommune_bolig"]
    meeting.leads("set_wall", view=view, agencies=chosen, **WALLS[view])
    text = said(meeting)
    assert "3 av 6 etater" in text
    assert "Husbanken" not in text


@pytest.mark.parametrize("view", [view for view in WALLS if view != "overlay"])
def test_agencies_that_have_said_nothing_leave_words_on_the_wall(meeting: Meeting, view: str) -> None:
    talk(meeting)
    reveal(meeting)
    silent = {row.id for row in meeting.state.rows("agencies")} - set(AGENCIES)
    chosen = sorted(silent)[: 2 if view == "pair" else 1]
    meeting.leads("set_wall", view=view, **{**WALLS[view], "agencies": chosen})
    assert "har ikke sagt noe som er vist ennå" in said(meeting)


def test_a_pair_of_which_one_has_gone_silent_is_told_in_words(meeting: Meeting) -> None:
    talk(meeting)
    reveal(meeting)
    silent = next(row.id for row in meeting.state.rows("agencies") if row.id not in AGENCIES)
    meeting.leads("set_wall", view="pair", agencies=["politi", silent])
    text = said(meeting)
    assert "To etater" in text
    assert "når begge har sagt noe" in text


def test_with_hidden_names_a_movement_of_one_or_two_people_has_no_number(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    police = meeting.join("politi")
    meeting.leads("reveal", stances=True)
    for person in (nav, police):
        meeting.does(person, "take_stance", link=LINK, stance="asserts", reason="")
    meeting.does(nav, "take_stance", link=LINK, stance="rejects", reason="")
    meeting.leads("set_wall", view="movement")
    text = said(meeting)
    assert "Noen har endret syn" in text
    assert "1 av 2" not in text
    meeting.leads("show_names", shown=True)
    assert "2 av 2 → 1 av 2" in said(meeting)


def test_with_hidden_names_a_share_of_one_person_before_the_step_is_not_on_the_wall(meeting: Meeting) -> None:
    people = [meeting.join(agency) for agency in ("nav_kommune", "politi", "husbanken")]
    meeting.leads("reveal", stances=True)
    meeting.does(people[0], "take_stance", link=LINK, stance="rejects", reason="")
    step = meeting.leads("set_step", step=1).seq
    for person in people[1:]:
        meeting.does(person, "take_stance", link=LINK, stance="asserts", reason="")
    meeting.leads("set_wall", view="movement", since=step)
    text = said(meeting)
    assert "sa noe for første gang" in text
    assert "0 av 1" not in text
    assert "2 av 3" not in text
    meeting.leads("show_names", shown=True)
    assert "0 av 1 → 2 av 3" in said(meeting)


@pytest.mark.parametrize(("movers", "told"), [(1, False), (2, False), (3, True)])
def test_with_hidden_names_the_wall_counts_who_moved_in_an_agency_from_three_up(
    meeting: Meeting, movers: int, told: bool
) -> None:
    police = [meeting.join("politi") for _ in range(4)]
    meeting.leads("reveal", stances=True)
    for person in police:
        meeting.does(person, "take_stance", link=LINK, stance="rejects", reason="")
    for person in police[:movers]:
        meeting.does(person, "take_stance", link=LINK, stance="unsure", reason="")
    meeting.leads("set_wall", view="movement")
    text = said(meeting)
    assert "fra «stemmer ikke» til «uavklart»" in text
    assert (f"n={movers}" in text) is told
    meeting.leads("show_names", shown=True)
    assert f"n={movers}" in said(meeting)


def test_a_word_that_nobody_has_explained_is_asked_about_in_words(meeting: Meeting) -> None:
    meeting.leads("set_wall", view="terms", term="G05")
    text = said(meeting)
    assert "Hva mener vi med «boligsosialt arbeid»?" in text
    assert "Ingen forklaring" in text


def test_long_reasons_are_cut_and_what_has_no_room_is_counted(meeting: Meeting) -> None:
    for place in range(12):
        person = meeting.join(AGENCIES[place % 6])
        reason = f"Grunn {place}: " + "og så er det noe mer å si om dette " * 8
        meeting.does(
            person, "take_stance", link=LINK, stance="rejects" if place % 3 else "asserts", reason=reason
        )
    meeting.leads("reveal", stances=True)
    meeting.leads("set_spotlight", target_kind="link", target=LINK)
    text = said(meeting)
    assert " …" in text
    assert "grunner til" in text
    assert text.count("Grunn") >= 2, "each side says why"


def test_the_panel_lies_where_it_covers_neither_end_of_the_link(meeting: Meeting) -> None:
    meeting.leads("set_stage", stage=4)
    looking, services = seen(meeting)
    at = wall.arranged_for(PLACES, looking, "map").positions
    left, right = min(x for x, _ in at.values()), max(x for x, _ in at.values())
    top, bottom = min(y for _, y in at.values()), max(y for _, y in at.values())
    corners = set()
    for link in meeting.state.to_map().at_stage(4).links:
        corner = free_corner(looking, services, link)
        corners.add(corner)
        for end in (link.source, link.target):
            x, y = (at[end][0] - left) / (right - left), (at[end][1] - top) / (bottom - top)
            across = x > 0.66 if "right" in corner else x < 0.34
            down = y > 0.5 if "bottom" in corner else y < 0.5
            assert not (across and down), (link.id, end, corner)
    assert len(corners) > 1
