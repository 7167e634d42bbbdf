"""With little to compare, or with things changed meanwhile, each view says in plain words what it needs."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tests.conftest import Meeting
from tests.web.test_page_compare import NAV, PRISON, material, words
from wickedmap.access import Actor
from wickedmap.text import LANGUAGES
from wickedmap.web.pages import compare

LINK = "L52"
ROLES = ("facilitator", "viewer", "researcher")


def view(meeting: Meeting, actor: Actor, place: str, *rest: str, language: str = "nb") -> str:
    return words(compare.view_of(material(meeting, actor, language), place, list(rest)))


def everywhere(meeting: Meeting, *people: Actor) -> dict[tuple[str, str, str], str]:
    """Every view, for everybody who may look, in every language; that none fails is part of it."""
    everyone = [*people, *map(meeting.as_role, ROLES)]
    return {
        (actor.role, place, language): view(meeting, actor, place, language=language)
        for actor, place, language in itertools.product(everyone, compare.VIEWS, LANGUAGES)
    }


@pytest.fixture
def meeting(begin: Callable[..., Meeting]) -> Meeting:
    meeting = begin(framings=())
    meeting.leads("reveal", notes=True, stances=True, ratings=True, framings=True, terms=True)
    return meeting


def test_before_anybody_has_spoken_each_view_says_what_it_waits_for(meeting: Meeting) -> None:
    nav = meeting.join(NAV)
    found = everywhere(meeting, nav)
    needs = {
        "framings": "Ingen problembeskrivelser kan vises ennå.",
        "links": "Ingen ståsteder kan vises ennå.",
        "factors": "Ingen vurderinger, merknader eller ståsteder kan vises ennå.",
        "pair": "Visningen trenger ståsteder fra minst to etater.",
        "distance": "Visningen trenger ståsteder fra minst to etater.",
        "loops": "Visningen trenger ståsteder fra minst to etater.",
        "terms": "Ingen har sagt hva de legger i begrepene ennå",
        "movement": "Ingen ståsteder kan vises ennå",
    }
    for place, need in needs.items():
        assert need in found["representative", place, "nb"]


def test_an_agency_of_one_person_has_its_statements_shown_and_its_numbers_withheld(meeting: Meeting) -> None:
    nav, prison = meeting.join(NAV), meeting.join(PRISON)
    for person, stance in ((nav, "asserts"), (prison, "rejects")):
        meeting.does(person, "take_stance", link=LINK, stance=stance)
        meeting.does(person, "rate_factor", factor="gjeld", importance=4)
    found = everywhere(meeting, nav)
    assert "1 stemmer ikke" in found["representative", "links", "nb"]
    assert "n=1" not in found["viewer", "factors", "nb"]
    assert "vises viktighet bare når 3 eller flere står bak tallet" in found["viewer", "factors", "nb"]
    assert "n=1" in found["facilitator", "factors", "nb"]


def test_when_all_are_unsure_no_view_makes_it_a_yes_or_a_no(meeting: Meeting) -> None:
    people = [meeting.join(NAV), meeting.join(PRISON)]
    for person in people:
        meeting.does(person, "take_stance", link=LINK, stance="unsure")
    found = everywhere(meeting, *people)
    links = found["facilitator", "links", "nb"]
    assert "2 uavklart" in links
    assert "? Mer gjeld" in links, "undecided is not silence"
    assert "Ingen av etatene har nok til felles" in found["facilitator", "distance", "nb"]
    assert "danner ingen sløyfe ennå" in found["facilitator", "loops", "nb"]
    assert "ingen påvirkninger å sammenligne ennå" in found["facilitator", "pair", "nb"]


def test_a_factor_that_was_merged_or_renamed_keeps_what_was_said_of_it(meeting: Meeting) -> None:
    nav, prison = meeting.join(NAV), meeting.join(PRISON)
    for person, factor in ((nav, "gjeld"), (prison, "fattigdom")):
        meeting.does(person, "rate_factor", factor=factor, importance=5)
        meeting.does(person, "write_framing", problem="Penger.", factors=[factor])
        meeting.does(person, "take_stance", link=LINK, stance="asserts")
    meeting.leads("merge_factors", keep="fattigdom", others=["gjeld"])
    meeting.leads("edit_factor", factor="fattigdom", label="For lite penger", base_seq=meeting.state.seq)
    found = everywhere(meeting, nav, prison)
    assert "For lite penger" in found["facilitator", "factors", "nb"]
    assert "For lite penger valgt av 2" in found["facilitator", "framings", "nb"].replace("(2) ", "")
    assert "Gjeld" not in found["facilitator", "framings", "nb"]


def test_what_was_said_of_a_link_that_is_gone_is_in_no_view_and_breaks_none(meeting: Meeting) -> None:
    nav, prison = meeting.join(NAV), meeting.join(PRISON)
    for person, stance in ((nav, "asserts"), (prison, "rejects")):
        meeting.does(person, "take_stance", link=LINK, stance=stance)
        meeting.does(person, "write_framing", problem="Gjeld.", links=[LINK], factors=["gjeld"])
    meeting.leads("remove_link", link=LINK)
    found = everywhere(meeting, nav, prison)
    assert "Ingen ståsteder kan vises ennå." in found["facilitator", "links", "nb"]
    assert "Mer gjeld gir" not in view(meeting, meeting.facilitator, "links", LINK)
    meeting.leads("remove_factor", factor="gjeld")
    everywhere(meeting, nav, prison)


def test_an_agency_whose_people_left_stays_with_what_it_said(meeting: Meeting) -> None:
    nav, prison = meeting.join(NAV), meeting.join(PRISON)
    for person, stance in ((nav, "asserts"), (prison, "rejects")):
        meeting.does(person, "take_stance", link=LINK, stance=stance)
    meeting.workshops.end_attendance(meeting.facilitator, prison.person, meeting.op())
    found = everywhere(meeting, nav)
    assert "Én vektlegges ulikt." in found["facilitator", "links", "nb"]
    assert "Kriminalomsorgen" in found["facilitator", "pair", "nb"]
    assert "Kriminalomsorgen" not in found["representative", "pair", "nb"]
