"""What the room concluded stands beside the stances; numbers that could be worked out are withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Meeting
from wickedmap.access import Actor
from wickedmap.text import LANGUAGES
from wickedmap.web.context import Looking
from wickedmap.web.elements import whole
from wickedmap.web.pages import compare
from wickedmap.web.pages.compare_material import Kept, Material

LINK = "L52"


def page(meeting: Meeting, actor: Actor, place: str, *rest: str, language: str = "nb") -> Any:
    seen = Looking(meeting.workshops, actor, "compare", meeting.workshops.view(actor), language)
    return whole(compare.view_of(Material(seen, Kept()), place, list(rest))).tree


def read(tree: Any) -> str:
    return tree if isinstance(tree, str) else " ".join(" ".join(read(child) for child in tree[2:]).split())


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        yield tree[1]
        for child in tree[2:]:
            yield from nodes(child)


def forms(tree: Any, kind: str) -> list[dict[str, Any]]:
    return [json.loads(one["data-fields"]) for one in nodes(tree) if one.get("data-change") == kind]


@pytest.fixture
def nav(meeting: Meeting) -> Actor:
    return meeting.join("nav_kommune")


@pytest.fixture
def police(meeting: Meeting) -> Actor:
    return meeting.join("politi")


@pytest.fixture
def contested(meeting: Meeting, nav: Actor, police: Actor) -> Meeting:
    meeting.does(nav, "take_stance", link=LINK, stance="asserts", sign="+", reason="Ser det ofte")
    meeting.does(police, "take_stance", link=LINK, stance="rejects", reason="Ser det aldri")
    meeting.leads("reveal", stances=True, ratings=True, terms=True)
    return meeting


def test_only_the_facilitator_can_write_what_the_room_concluded(contested: Meeting, nav: Actor) -> None:
    assert forms(page(contested, contested.facilitator, "links", LINK), "conclude") == [
        {"link": LINK, "language": "nb"}
    ]
    for actor in (nav, contested.as_role("viewer"), contested.as_role("researcher")):
        assert forms(page(contested, actor, "links", LINK), "conclude") == []


@pytest.mark.parametrize("outcome", ["agreed", "agreed_to_differ", "needs_evidence", "two_links"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conclusion_overwrites_nothing(contested: Meeting, nav: Actor, outcome: str, language: str) -> None:
    contested.leads("conclude", link=LINK, outcome="needs_evidence", text="Spør namsmannen")
    contested.leads("conclude", link=LINK, outcome=outcome)
    shown = read(page(contested, nav, "links", LINK, language=language))
    for said in ("Ser det ofte", "Ser det aldri", "Spør namsmannen"):
        assert said in shown


def test_two_links_leads_to_adding_the_second(contested: Meeting, nav: Actor) -> None:
    leader = contested.facilitator
    assert forms(page(contested, leader, "links", LINK), "add_link") == []
    contested.leads("conclude", link=LINK, outcome="two_links")
    (fields,) = forms(page(contested, leader, "links", LINK), "add_link")
    assert forms(page(contested, nav, "links", LINK), "add_link") == []
    contested.leads("add_link", **fields, sign="-", delay="long")
    after = page(contested, leader, "links", LINK)
    assert forms(after, "add_link") == []
    assert "Mellom de to faktorene går også: Mer gjeld gir etter hvert færre utkastelser." in read(after)


def test_a_total_from_which_one_persons_answer_could_be_worked_out_is_withheld(
    contested: Meeting, nav: Actor, police: Actor
) -> None:
    for actor in (*(contested.join("nav_kommune") for _ in range(3)), police):
        contested.does(actor, "rate_factor", factor="gjeld", importance=4)
    contested.does(contested.join("husbanken"), "rate_factor", factor="bolig", importance=1)
    factors = read(page(contested, contested.join("barnevern"), "factors"))
    assert "n=3" in factors
    assert "n=4" not in factors
    assert "n=1" not in factors
    contested.leads("show_names", shown=True)
    factors = read(page(contested, contested.join("barnevern"), "factors"))
    assert "n=4" in factors
    assert "n=1" in factors


def test_meanings_of_a_word_stand_side_by_side_and_the_silent_are_named_as_silent(
    contested: Meeting, nav: Actor, police: Actor
) -> None:
    contested.does(nav, "define_term", term="G16", text="Et vanlig liv")
    shown = read(page(contested, police, "terms"))
    assert "Et vanlig liv" in shown
    assert "1 forklaring" not in shown, "one person's meaning is told, not counted"
    assert "Har sagt noe annet, men ikke hva ordet betyr" in shown
    contested.leads("show_names", shown=True)
    shown = read(page(contested, police, "terms"))
    assert "1 forklaring fra 1 etat." in shown
    assert "NAV" in shown
