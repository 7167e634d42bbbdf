"""What the compare page shows to whom: true of what was said, and nobody else's secrets."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Meeting
from wickedmap.access import Actor
from wickedmap.text import LANGUAGES
from wickedmap.web.context import Looking
from wickedmap.web.pages import compare, compare_links
from wickedmap.web.pages.compare_material import Kept, Material
from wickedmap.web.pages.compare_words import parts, shared_stems

NAV, PRISON = "nav_kommune", "kriminalomsorgen"
LINK = "L52"
"""More debt gives more evictions."""


def material(meeting: Meeting, actor: Actor, language: str = "nb", kept: Kept | None = None) -> Material:
    seen = Looking(meeting.workshops, actor, "compare", meeting.workshops.view(actor), language)
    return Material(seen, kept or Kept())


def view(meeting: Meeting, actor: Actor, place: str, *rest: str, language: str = "nb") -> list[Any]:
    return compare.view_of(material(meeting, actor, language), place, list(rest))


def tree(component: Any) -> Any:
    """A page as nested ``[tag, attributes, *children]``, however it is drawn."""
    if isinstance(component, (str, int)):
        return str(component)
    if isinstance(component, list):
        return ["", {}, *[tree(child) for child in component if child is not None]]
    if getattr(component, "tree", None) is not None:
        return component.tree
    children = getattr(component, "children", None)
    inside = children if isinstance(children, (list, tuple)) else [children]
    below = [tree(child) for child in inside if child is not None]
    return [getattr(component, "tag", ""), getattr(component, "attributes", {}), *below]


def nodes(component: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tag and attributes of every element."""
    stack = [tree(component)]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            yield node[0], node[1]
            stack.extend(node[2:])


def words(component: Any) -> str:
    """All that is to be read, in one line."""

    def read(node: Any) -> str:
        return node if isinstance(node, str) else " ".join(read(child) for child in node[2:])

    return " ".join(read(tree(component)).split())


def sent(component: Any, kind: str) -> list[dict[str, Any]]:
    """The fields of every button that sends a change of this kind."""
    found = [attributes for _, attributes in nodes(component) if attributes.get("data-change") == kind]
    return [json.loads(attributes.get("data-fields") or "{}") for attributes in found]


@pytest.fixture
def meeting(begin: Callable[..., Meeting]) -> Meeting:
    return begin(framings=())


@pytest.fixture
def nav(meeting: Meeting) -> Actor:
    return meeting.join(NAV)


@pytest.fixture
def prison(meeting: Meeting) -> Actor:
    return meeting.join(PRISON)


def disagree(meeting: Meeting, nav: Actor, prison: Actor) -> None:
    meeting.does(nav, "take_stance", link=LINK, stance="asserts", sign="+", reason="Vi ser det hver uke.")
    meeting.does(prison, "take_stance", link=LINK, stance="rejects", reason="Ikke hos oss.")


def reveal(meeting: Meeting, **others: bool) -> None:
    everything = dict.fromkeys(("notes", "stances", "ratings", "framings"), True)
    meeting.leads("reveal", **{**everything, **others})


# --- what each view needs before it can show something ---


def test_every_view_can_be_shown_to_everyone_before_anybody_has_spoken(meeting: Meeting, nav: Actor) -> None:
    everyone = [nav, *map(meeting.as_role, ("facilitator", "viewer", "researcher"))]
    for actor, place, language in itertools.product(everyone, compare.VIEWS, LANGUAGES):
        shown = view(meeting, actor, place, language=language)
        assert [tag for tag, _ in nodes(shown)].count("h2") == 1
        assert len(words(shown)) > 60


def test_one_agency_alone_is_told_what_the_view_needs(meeting: Meeting, nav: Actor) -> None:
    meeting.does(nav, "take_stance", link=LINK, stance="asserts")
    for place in ("pair", "distance", "loops"):
        assert "Bare én etat har sagt noe" in words(view(meeting, nav, place))
    assert "ulike vektlegginger kan ikke vises ennå" in words(view(meeting, nav, "links"))


def test_when_all_are_unsure_there_is_nothing_to_compare_and_no_number(
    meeting: Meeting, nav: Actor, prison: Actor
) -> None:
    for actor in (nav, prison):
        meeting.does(actor, "take_stance", link=LINK, stance="unsure")
    reveal(meeting)
    assert "2 uavklart" in words(view(meeting, nav, "links"))
    assert "Ingen av etatene har nok til felles" in words(view(meeting, nav, "distance"))
    assert "har ingen påvirkninger å sammenligne ennå" in words(view(meeting, nav, "pair"))
    assert "Ikke noe tall: Ingen påvirkning er tegnet i begge kartene." in words(view(meeting, nav, "pair"))
    assert "danner ingen sløyfe ennå" in words(view(meeting, nav, "loops"))


def test_a_long_list_is_shown_in_part_with_the_one_that_is_open_and_whole_when_asked(
    meeting: Meeting, nav: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_links, "SHOWN", 3)
    links = [row.id for row in meeting.state.rows("links")][:8]
    for link in links:
        meeting.does(nav, "take_stance", link=link, stance="asserts")

    def listed(*rest: str) -> list[str]:
        found = nodes(view(meeting, nav, "links", *rest))
        return sorted(attributes["data-link"] for _, attributes in found if "data-link" in attributes)

    assert len(listed()) == 3
    assert "Vis alle 8" in words(view(meeting, nav, "links"))
    hidden = next(link for link in links if link not in listed())
    assert hidden in listed(hidden)
    assert listed("", compare_links.ALL) == sorted(links)


# --- private until revealed, on every view ---


def test_nothing_of_another_agency_is_seen_before_it_is_revealed(
    meeting: Meeting, nav: Actor, prison: Actor
) -> None:
    disagree(meeting, nav, prison)
    meeting.does(prison, "write_framing", problem="Ingen tar imot.", factors=["gjeld"], belief=2)
    meeting.does(prison, "rate_factor", factor="gjeld", importance=5)
    for place in compare.VIEWS:
        before = words(view(meeting, nav, place, LINK))
        for secret in ("Ikke hos oss.", "Ingen tar imot.", "Etat "):
            assert secret not in before
        # Who is responsible for a factor is part of the map, and no secret.
        assert place == "factors" or "Kriminalomsorg" not in before
        for role in ("viewer", "researcher"):
            others = words(view(meeting, meeting.as_role(role), place, LINK))
            assert "Vi ser det hver uke." not in others
            assert "Ikke hos oss." not in others


def test_an_own_agency_sees_its_own_and_is_told_that_it_is_only_its_own(meeting: Meeting, nav: Actor) -> None:
    meeting.does(nav, "take_stance", link=LINK, stance="asserts", reason="Vi ser det hver uke.")
    shown = words(view(meeting, nav, "links", LINK))
    assert "Vi ser det hver uke." in shown
    assert "er ikke vist ennå. Du ser bare din egen etats." in shown


def test_after_the_reveal_the_disagreement_is_there_first_with_both_reasons_but_no_names(
    meeting: Meeting, nav: Actor, prison: Actor
) -> None:
    disagree(meeting, nav, prison)
    meeting.does(nav, "take_stance", link="L10", stance="asserts")
    reveal(meeting)
    shown = words(view(meeting, nav, "links", LINK))
    assert "Én vektlegges ulikt." in shown
    assert shown.index("Mer gjeld gir flere utkastelser.") < shown.index("1 der ingen vektlegger ulikt")
    assert "Vi ser det hver uke." in shown
    assert "Ikke hos oss." in shown
    assert "Etat " in shown
    assert "Kriminalomsorg" not in shown
    assert "feil" not in shown.replace("feilernæring", "").lower()
    meeting.leads("show_names", shown=True)
    assert "Kriminalomsorg" in words(view(meeting, nav, "links", LINK))


def test_a_contested_link_offers_questions_to_talk_about(meeting: Meeting, nav: Actor, prison: Actor) -> None:
    disagree(meeting, nav, prison)
    reveal(meeting)
    shown = words(view(meeting, prison, "links", LINK))
    assert "Legger dere det samme i «Gjeld» og «Utkastelse»?" in shown
    meeting.does(prison, "withdraw_stance", link=LINK)
    assert "Spørsmål å snakke om" not in words(view(meeting, prison, "links", LINK))


def test_numbers_from_fewer_than_three_are_withheld_while_names_are_hidden(
    meeting: Meeting, nav: Actor, prison: Actor
) -> None:
    meeting.does(prison, "rate_factor", factor="gjeld", importance=4)
    meeting.does(prison, "write_framing", problem="Ingen tar imot.", belief=2)
    reveal(meeting)
    factors = words(view(meeting, nav, "factors"))
    assert "har vurdert" in factors
    assert "n=1" not in factors
    assert "2 av 5" not in words(view(meeting, nav, "framings"))
    assert "n=1" in words(view(meeting, prison, "factors")), "one's own number is one's own"
    for _ in range(2):
        meeting.does(meeting.join(PRISON), "rate_factor", factor="gjeld", importance=4)
    assert "n=3" in words(view(meeting, nav, "factors"))
    meeting.leads("show_names", shown=True)
    assert "2 av 5" in words(view(meeting, nav, "framings"))


def test_a_result_is_kept_for_one_view_of_one_moment_only(meeting: Meeting, nav: Actor, prison: Actor) -> None:
    disagree(meeting, nav, prison)
    kept = Kept()

    def speaking(actor: Actor) -> tuple[str, ...]:
        return material(meeting, actor, kept=kept).agencies

    assert speaking(nav) == (NAV,)
    assert speaking(prison) == (PRISON,)
    assert speaking(meeting.as_role("viewer")) == ()
    assert set(speaking(meeting.facilitator)) == {NAV, PRISON}
    reveal(meeting)
    assert len(speaking(nav)) == 2


def test_many_who_ask_at_a_time_wait_for_one_computation() -> None:
    kept, made, ready = Kept(), [], threading.Barrier(8)

    def make() -> int:
        made.append(1)
        return 7

    def ask() -> None:
        ready.wait()
        answers.append(kept.get("key", make))

    answers: list[int] = []
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [7] * 8
    assert made == [1]


def test_what_failed_is_tried_again_and_what_is_old_is_forgotten() -> None:
    kept = Kept(most=2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 1) == 1
    kept.get("b", lambda: 2)
    kept.get("c", lambda: 3)
    assert kept.get("a", lambda: 9) == 9


# --- problem definitions ---


def test_examples_are_marked_and_stand_apart_from_what_people_wrote(begin: Callable[..., Meeting]) -> None:
    meeting = begin()
    nav = meeting.join(NAV)
    meeting.does(
        nav, "write_framing", problem="Mange mangler bolig.", causes="Gjeld.", strategy_now="competitive"
    )
    shown = words(view(meeting, meeting.facilitator, "framings"))
    assert shown.index("Mange mangler bolig.") < shown.index("Eksemplene er laget for demo.")
    assert "1 problembeskrivelse fra 1 etat." in shown
    assert "Strategi nå: konkurrerende" in shown


def test_words_and_factors_that_two_agencies_use_are_marked(
    meeting: Meeting, nav: Actor, prison: Actor
) -> None:
    meeting.does(nav, "write_framing", problem="Utkastelsene kommer for fort.", factors=["gjeld", "bolig"])
    meeting.does(prison, "write_framing", problem="Hver utkastelse er en for mye.", factors=["gjeld"])
    reveal(meeting)
    shown = tree(view(meeting, nav, "framings"))

    def marked(node: Any) -> Iterator[str]:
        if isinstance(node, list):
            if node[0] == "mark":
                yield node[2]
            for child in node[2:]:
                yield from marked(child)

    found = list(marked(shown))
    assert "Utkastelsene" in found
    assert "utkastelse" in found
    assert found.count("Gjeld") == 2
    assert "Stabil og egnet bolig" not in found[: found.index("utkastelse")]


def test_shared_words_are_those_of_two_speakers_not_of_one_who_repeats() -> None:
    assert shared_stems({"a": ["gjeld og gjelden"], "b": ["bolig"]}) == frozenset()
    assert parts("Gjelden vokser", shared_stems({"a": ["gjeld"], "b": ["Gjelden!"]})) == [
        ("Gjelden", True),
        (" vokser", False),
    ]


# --- two agencies, distances, loops ---


def test_the_difference_of_two_agencies_tells_silence_from_disagreement(
    meeting: Meeting, nav: Actor, prison: Actor
) -> None:
    disagree(meeting, nav, prison)
    meeting.does(nav, "take_stance", link="L57", stance="asserts")
    meeting.does(nav, "take_stance", link="L58", stance="asserts", sign="+")
    meeting.does(prison, "take_stance", link="L58", stance="asserts", sign="-")
    shown = view(meeting, meeting.facilitator, "pair", NAV, PRISON)
    text = words(shown)
    assert "Motsatt retning (1)" in text
    assert "Bare NAV kommune (2)" in text
    assert "mener at den ikke stemmer" in text
    assert "har ikke vurdert den" in text
    drawn = [attributes.get("className", "") for tag, attributes in nodes(shown) if tag == "path"]
    assert sum("wm-diff-opposite" in one for one in drawn) == 2
    assert sum("wm-diff-only_a" in one for one in drawn) == 4


def test_an_unknown_agency_in_the_address_gives_the_default_pair(
    meeting: Meeting, nav: Actor, prison: Actor
) -> None:
    disagree(meeting, nav, prison)
    for rest in (["nobody", ""], [NAV, NAV], ["<b>", "%2F"]):
        shown = compare.view_of(material(meeting, meeting.facilitator), "pair", rest)
        chosen = [attributes["defaultValue"] for tag, attributes in nodes(shown) if tag == "select"]
        assert set(chosen) == {NAV, PRISON}


def test_the_picture_of_distances_comes_with_six_agencies_and_says_its_stress(meeting: Meeting) -> None:
    agencies = [agency.id for agency in meeting.state.rows("agencies")][:6]
    links = [link.id for link in meeting.state.rows("links")]
    for number, agency in enumerate(agencies):
        actor = meeting.join(agency)
        for link in links[number * 3 : number * 3 + 8]:
            meeting.does(actor, "take_stance", link=link, stance="asserts")
        shown = view(meeting, meeting.facilitator, "distance")
        dots = sum(tag == "circle" for tag, _ in nodes(shown))
        assert dots == (6 if number == 5 else 0)
    assert "Stress:" in words(shown) or "stress:" in words(shown)


def test_a_loop_no_one_sees_alone_says_who_closes_it(meeting: Meeting, nav: Actor, prison: Actor) -> None:
    meeting.does(nav, "take_stance", link="L57", stance="asserts")
    meeting.does(prison, "take_stance", link="L58", stance="asserts")
    shown = words(view(meeting, meeting.facilitator, "loops"))
    assert "1 sløyfe ser ingen alene." in shown
    assert "Når gjelden øker, øker kriminaliteten." in shown
    assert "Denne lukker sløyfen:" in shown
    assert "Alle sløyfene i det felles kartet er med." in shown
    meeting.does(nav, "take_stance", link="L58", stance="asserts")
    assert "0 sløyfer ser ingen alene. 1 annen" in words(view(meeting, meeting.facilitator, "loops"))


# --- blind spots and responsibility ---


def test_blind_spots_are_the_factors_nobody_has_spoken_of(meeting: Meeting, nav: Actor) -> None:
    factors = [row.id for row in meeting.state.rows("factors") if row.id != meeting.state.base.focal]
    for factor in factors[1:]:
        meeting.does(nav, "rate_factor", factor=factor, importance=3)
    label = meeting.state.row("factors", factors[0]).labels.in_language("nb")
    assert f"Blindsoner, 1 faktor ingen har sagt noe om: {label} ." not in words(view(meeting, nav, "factors"))
    assert f"1 faktor ingen har sagt noe om: {label}" in words(view(meeting, nav, "factors"))
    meeting.does(nav, "rate_factor", factor=factors[0])
    assert "Ingen blindsoner." in words(view(meeting, nav, "factors"))


def test_a_factor_without_owners_is_a_gap_and_one_with_three_an_overlap(meeting: Meeting, nav: Actor) -> None:
    seq = meeting.leads("add_factor", label="Ventetid").seq
    assert seq
    meeting.does(nav, "rate_factor", factor="gjeld", importance=3)
    shown = words(view(meeting, nav, "factors"))
    assert "1 faktor har ingen eier: Ventetid" in shown
    assert "har tre eller flere eiere:" in shown


# --- who may lead ---


def test_only_the_facilitator_has_the_buttons_that_lead_the_room(meeting: Meeting, nav: Actor) -> None:
    talking = ("nav_kommune", "politi")
    for agency in talking[1:]:
        meeting.does(meeting.join(agency), "rate_factor", factor="gjeld", importance=3)
    meeting.does(nav, "rate_factor", factor="gjeld", importance=3)
    meeting.does(nav, "define_term", term="G05", text="At noen spør")
    walls: dict[str, dict[str, Any]] = {
        place: {"view": place} for place in ("framings", "distance", "loops", "movement")
    }
    walls |= {"links": {"view": "overlay"}, "factors": {"view": "matrix"}}
    walls["pair"] = {"view": "pair", "agencies": list(talking)}
    walls["terms"] = {"view": "terms", "term": "G05"}
    assert set(walls) == set(compare.VIEWS)
    for place in compare.VIEWS:
        lead = view(meeting, meeting.facilitator, place)
        assert sent(lead, "show_names") == [{"shown": True}]
        assert sent(lead, "set_wall") == [walls[place]]
        for actor in (nav, meeting.as_role("viewer"), meeting.as_role("researcher")):
            shown = view(meeting, actor, place)
            assert not any("data-change" in attributes for _, attributes in nodes(shown))


def test_what_is_sent_to_the_wall_goes_with_the_choice_and_can_be_taken_back(meeting: Meeting) -> None:
    agencies = ("nav_kommune", "politi", "brukerorg")
    for agency in agencies:
        meeting.does(meeting.join(agency), "rate_factor", factor="gjeld", importance=3)

    def chosen(meeting: Meeting, place: str) -> list[Any]:
        asked = replace(material(meeting, meeting.facilitator), asked=agencies[:2])
        return compare.view_of(asked, place, [])

    for place in ("distance", "loops", "factors", "links"):
        lead = chosen(meeting, place)
        (fields,) = sent(lead, "set_wall")
        assert set(fields["agencies"]) == set(agencies[:2])
        meeting.leads("set_wall", **fields)
        (back,) = sent(chosen(meeting, place), "set_wall")
        assert back == {"view": "map"}
        # Another choice is another picture.
        assert sent(view(meeting, meeting.facilitator, place), "set_wall") != [back]


def test_what_the_reveal_button_sends_reveals_what_the_view_shows(meeting: Meeting) -> None:
    for place in compare.VIEWS:
        for fields in sent(view(meeting, meeting.facilitator, place), "reveal"):
            meeting.leads("reveal", **fields)
        assert sent(view(meeting, meeting.facilitator, place), "reveal") == []


def test_the_place_in_the_address_is_read_from_anything() -> None:
    assert compare.read_place("#links/L52") == ("links", ["L52"])
    for odd in (None, 5, {}, "", "#", "#wm-main", "#links2", "x" * 9999):
        assert compare.read_place(odd)[0] == "framings"
