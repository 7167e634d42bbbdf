"""The page of analyses: what it asks for every address, and what it says for real and for odd maps."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Meeting
from wickedmap import CausalMap
from wickedmap.access import Actor
from wickedmap.text import LANGUAGES
from wickedmap.web.analysis_answers import answer
from wickedmap.web.analysis_jobs import Job
from wickedmap.web.analysis_questions import LoopsAnswer, LoopsQuestion, WhatIfAnswer
from wickedmap.web.context import Looking
from wickedmap.web.pages import (
    analyse,
    analyse_held,
    analyse_leverage,
    analyse_loops,
    analyse_reach,
    analyse_what_if,
)
from wickedmap.web.pages.analyse_look import LENGTHS, VIEWS, Asked, View, steps_of
from wickedmap.web.pages.analyse_quadrants import spread_out

PAGES = {
    "loops": analyse_loops,
    "leverage": analyse_leverage,
    "reach": analyse_reach,
    "held": analyse_held,
    "what_if": analyse_what_if,
}


def look(meeting: Meeting, language: str = "nb", actor: Actor | None = None, **asked: Any) -> View:
    actor = actor or meeting.facilitator
    looking = Looking(meeting.workshops, actor, "analyse", meeting.workshops.view(actor), language)
    return View(looking, Asked.read(asked))


def drawn(view: View) -> Any:
    """Return the panel of a view, answered here and now."""
    page: Any = PAGES[view.asked.view]
    question = page.question(view)
    found = answer(question, view.skeleton, 5.0) if question is not None else None
    if page is analyse_what_if:
        wanted = analyse_what_if.behind_question(view)
        behind = answer(wanted, view.skeleton, 5.0) if wanted is not None else None
        return page.panel(view, found, behind)
    return page.panel(view, found)


def tree(component: Any) -> Any:
    if isinstance(component, (str, int, float)):
        return str(component)
    if isinstance(component, (list, tuple)):
        return ["", {}, *(tree(child) for child in component if child is not None)]
    if getattr(component, "tree", None) is not None:
        return component.tree
    children = getattr(component, "children", None)
    inside = children if isinstance(children, (list, tuple)) else [children]
    below = [tree(child) for child in inside if child is not None]
    return [getattr(component, "tag", ""), getattr(component, "attributes", {}), *below]


def nodes(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        yield node[0], node[1]
        for child in node[2:]:
            yield from nodes(child)


def words(node: Any) -> str:
    return node if isinstance(node, str) else " ".join(words(child) for child in node[2:])


def said(view: View) -> str:
    return " ".join(words(tree(drawn(view))).split())


def attributes(view: View, name: str) -> list[Any]:
    return [one[name] for _, one in nodes(tree(drawn(view))) if name in one]


# --- what is asked ----------------------------------------------------------------


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*Asked.__slots__, "x"]), inner),
    )
)
def test_whatever_a_browser_sends_is_read_as_a_question(claim: Any) -> None:
    asked = Asked.read(claim)
    assert asked.view in VIEWS
    assert asked.length in LENGTHS
    assert 25 <= asked.shown <= 500


def test_an_address_leads_to_what_it_says() -> None:
    asked = Asked.read({"view": "loops", "length": "8", "polarity": "B", "factor": "gjeld", "loop": "L57~L58"})
    assert asked.address() == "#loops?length=8&polarity=B&factor=gjeld&loop=L57~L58"
    assert asked.address(view="reach", loop=(), length="6", polarity="") == "#reach?factor=gjeld"


# --- what is said ---------------------------------------------------------------------


def test_loops_are_named_counted_and_told_shortest_first(meeting: Meeting) -> None:
    text = said(look(meeting))
    assert "Alle sløyfer med inntil 6 ledd: 561. Av dem er 379 forsterkende og 182 balanserende." in text
    assert "R1, forsterkende sløyfe:" in text
    assert len([one for one in attributes(look(meeting), "href") if "loop=" in one]) == 25


def test_all_loops_of_the_default_map_are_known_to_be_all(meeting: Meeting) -> None:
    assert "Kartet har 3 250 sløyfer. Det er alle." in said(look(meeting, length="all"))


def test_a_filter_says_how_many_fit(meeting: Meeting) -> None:
    text = said(look(meeting, polarity="B", factor="gjeld", length="4"))
    fits = answer(LoopsQuestion(4, "B", "gjeld"), look(meeting).skeleton, 5.0)
    assert isinstance(fits, LoopsAnswer)
    assert f"{fits.matching} av dem passer til valgene dine." in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_loop_is_told_in_the_language_and_can_be_stepped_through(
    meeting: Meeting, language: str
) -> None:
    view = look(meeting, language, loop="L57~L58")
    told = {
        "nb": "Når gjelden øker, øker kriminaliteten.",
        "nn": "Når gjelda aukar, aukar kriminaliteten.",
        "en": "When debt increases, crime increases.",
    }
    assert told[language] in said(view)
    assert attributes(view, "data-trace") == ["L57~L58"]
    assert attributes(view, "data-step") == [0, 1]
    assert set(attributes(view, "data-trace-act")) == {"back", "play", "next"}


def test_the_facilitator_can_send_the_loop_to_the_wall_and_take_it_off(meeting: Meeting) -> None:
    view = look(meeting, loop="L57~L58")
    (change,) = attributes(view, "data-change")
    (fields,) = [json.loads(one) for one in attributes(view, "data-fields")]
    assert (change, fields["target_kind"], fields["links"]) == ("set_spotlight", "loop", ["L57", "L58"])
    meeting.leads(change, **fields)
    assert meeting.state.setting("spotlight")["links"] == ["L57", "L58"]
    again = look(meeting, loop="L57~L58")
    assert "Sløyfen står på veggen nå." in said(again)
    (fields,) = [json.loads(one) for one in attributes(again, "data-fields")]
    meeting.leads("set_spotlight", **fields)
    assert meeting.state.setting("spotlight") is None


@pytest.mark.parametrize("role", ["researcher", "representative"])
def test_nobody_else_is_offered_the_wall(meeting: Meeting, role: str) -> None:
    meeting.leads("set_stage", stage=4)
    actor = meeting.join("nav_kommune") if role == "representative" else meeting.as_role(role)
    assert attributes(look(meeting, actor=actor, loop="L57~L58"), "data-change") == []


@pytest.mark.parametrize("loop", ["L57", "L57~L58~L57", "nothing", "L57~nothing", "L58~L59"])
def test_what_is_no_loop_on_this_map_is_said_not_to_be_there(meeting: Meeting, loop: str) -> None:
    assert "Sløyfen finnes ikke nå" in said(look(meeting, loop=loop))


def test_leverage_says_how_many_factors_break_all_loops_and_that_it_is_proven(meeting: Meeting) -> None:
    text = said(look(meeting, view="leverage"))
    assert "Disse fem faktorene bryter alle sløyfene." in text
    assert "Færre går ikke. Det er bevist." in text
    assert "41 sløyfer som alle andre er satt sammen av" in text


def test_reach_opens_the_links_behind_a_number(meeting: Meeting) -> None:
    view = look(meeting, view="reach", factor="gjeld")
    assert "Gjeld når" in said(view)
    opened = look(meeting, view="reach", factor="gjeld", target="utkastelse", way="down")
    assert "Mer gjeld gir flere utkastelser." in said(opened)
    assert attributes(opened, "data-path") == ["L52"]


def test_the_picture_of_quadrants_has_a_table_with_the_same_factors(meeting: Meeting) -> None:
    page = tree(drawn(look(meeting, view="reach")))
    circles = [one for tag, one in nodes(page) if tag == "circle"]
    assert len(circles) == 21
    assert [one["role"] for tag, one in nodes(page) if tag == "svg"] == ["img"]


def test_a_map_with_balancing_loops_is_said_to_hold_back(meeting: Meeting) -> None:
    text = said(look(meeting, view="held"))
    assert "Noe holder altså igjen." in text
    assert "3 påvirkninger bryter mønsteret" in text


def test_an_intervention_says_in_how_many_draws_and_opens_the_links_behind(meeting: Meeting) -> None:
    text = said(look(meeting, view="what_if", done="housing_first"))
    assert "av trekningene" in text
    opened = said(look(meeting, view="what_if", done="housing_first", target="gjeld"))
    assert "Hva retningen for Gjeld bygger på" in opened


def test_pushing_one_factor_down_turns_what_pushing_it_up_does(meeting: Meeting) -> None:
    shares = {}
    for way in ("up", "down"):
        view = look(meeting, view="what_if", done="push:gjeld", way=way)
        question = analyse_what_if.question(view)
        assert question is not None
        found = answer(question, view.skeleton, 5.0)
        assert isinstance(found, WhatIfAnswer)
        shares[way] = {one.factor: getattr(one, way) for one in found.changes}
    assert shares["up"] == shares["down"]


# --- odd maps, other eyes ---------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "rows",
    [[], [("a", "b", 1)], [("a", "b", None), ("b", "a", -1)], [("a", "b", 1), ("b", "a", 1)]],
    ids=["no links", "acyclic", "unknown sign", "reinforcing only"],
)
def test_every_view_says_something_plain_about_every_map(
    begin: Callable[..., Meeting], language: str, rows: list[Any]
) -> None:
    m = CausalMap.from_links(rows, factors=["a"])
    meeting = begin(factors=m.factors, links=m.links, focal="", stages=())
    for view in VIEWS:
        text = said(look(meeting, language, view=view))
        assert len(text) > 40
        assert "None " not in text.replace("None of", "")


def test_an_empty_map_says_what_to_do(begin: Callable[..., Meeting]) -> None:
    meeting = begin(factors=(), links=(), focal="", stages=(), framings=())
    assert "Kartet har ingen påvirkninger å følge ennå." in said(look(meeting))
    assert "Kartet har ingen faktorer ennå." in said(look(meeting, view="reach"))
    assert "Kartet har ingen faktorer ennå." in said(look(meeting, view="what_if"))


def test_a_map_of_good_and_bad_alone_is_asked_what_holds_it_back(begin: Callable[..., Meeting]) -> None:
    m = CausalMap.from_links([("a", "b", 1), ("b", "a", 1)])
    meeting = begin(factors=m.factors, links=m.links, focal="", stages=(), framings=())
    assert "Hva er det som holder igjen?" in said(look(meeting, view="held"))


def test_a_representative_analyses_only_what_the_room_has_seen(meeting: Meeting) -> None:
    kari = meeting.join("nav_kommune")
    meeting.leads("set_stage", stage=1)
    assert look(meeting, actor=kari).m.links == ()
    assert len(look(meeting).m.links) == 72
    meeting.leads("set_stage", stage=4)
    assert len(look(meeting, actor=kari).m.links) == 72


def test_what_people_say_about_the_map_makes_no_answer_stale(meeting: Meeting) -> None:
    before = look(meeting).skeleton
    kari = meeting.join("nav_kommune")
    meeting.does(kari, "take_stance", link="L57", stance="rejects")
    assert look(meeting).skeleton == before
    meeting.leads("edit_link", link="L57", sign="-", base_seq=meeting.state.seq)
    assert look(meeting).skeleton != before


# --- waiting ------------------------------------------------------------------------------


def test_work_under_way_says_how_far_it_is_and_can_be_stopped(meeting: Meeting) -> None:
    view = look(meeting)
    job = Job(("w", view.skeleton, LoopsQuestion()))
    job.loops, job.length = 12345, 7
    page = tree(analyse.working(view, job))
    assert "12\u202f345 sløyfer så langt. Alle med inntil 7 ledd er funnet." in words(page)
    assert any("data-ask-cancel" in one for _, one in nodes(page))


@pytest.mark.parametrize("error", [ValueError("x"), RuntimeError("x")])
def test_an_answer_that_fails_says_so_without_its_insides(meeting: Meeting, error: Exception) -> None:
    text = words(tree(analyse.failed(look(meeting), error)))
    assert "Kartet er ikke endret." in text
    assert "Error" not in text


def test_the_page_itself_needs_no_answer(meeting: Meeting) -> None:
    view = look(meeting)
    page = tree(analyse.layout(view.looking, {}))
    assert "ikke noe som er bevist" in words(page)
    assert {one.get("href") for tag, one in nodes(page) if tag == "a"} >= {f"#{view}" for view in VIEWS}


# --- small parts -----------------------------------------------------------------------------


PLACE = st.tuples(st.floats(0, 500), st.floats(0, 400))


@given(st.lists(PLACE, max_size=8, unique=True))
def test_points_that_are_far_enough_apart_stay_where_they_are(points: list[tuple[float, float]]) -> None:
    apart = min((math.dist(a, b) for a in points for b in points if a != b), default=1.0)
    assert spread_out(points, apart) == points


def test_links_in_another_order_are_no_loop() -> None:
    m = CausalMap.from_links([("a", "b", 1), ("b", "c", 1), ("c", "a", 1), ("a", "a", 1)])
    assert [one.id for one in steps_of(m, ("L1", "L2", "L3")) or []] == ["L1", "L2", "L3"]
    assert steps_of(m, ("L2", "L1", "L3")) is None
    assert steps_of(m, ("L1", "L2", "L3", "L4")) is None
    assert steps_of(m, ("L4",)) is not None
