"""Any agencies can be compared: every view follows the choice, and no choice gives a secret away."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Meeting
from tests.web.test_page_compare import NAV, PRISON, nodes, words
from wickedmap.access import Actor, masked_agencies
from wickedmap.rows import State
from wickedmap.text import LANGUAGES
from wickedmap.web.context import Looking
from wickedmap.web.pages import compare
from wickedmap.web.pages.compare_choice import chooser, read_chosen
from wickedmap.web.pages.compare_material import Kept, Material

BANK = "husbanken"
AGENCIES = (NAV, PRISON, BANK)
CHAIN = ("L52", "L10", "L57")


@pytest.fixture
def meeting(begin: Callable[..., Meeting]) -> Meeting:
    """Three agencies, each with one link and one factor that no other has spoken of; all is shown."""
    meeting = begin(framings=())
    for agency, link, factor in zip(AGENCIES, CHAIN, ("gjeld", "rus", "bolig"), strict=True):
        person = meeting.join(agency)
        meeting.does(person, "take_stance", link=link, stance="unsure")
        meeting.does(person, "take_stance", link=link, stance="asserts", reason=f"Fra {agency}.")
        meeting.does(person, "take_stance", link="L58", stance="rejects" if agency == BANK else "asserts")
        meeting.does(person, "rate_factor", factor=factor, importance=4)
        meeting.does(person, "write_framing", problem=f"Slik ser {agency} det.", factors=[factor], belief=2)
        word = meeting.state.to_map().instruments.glossary[0].id
        meeting.does(person, "define_term", term=word, text=f"Det {agency} legger i det.")
    meeting.leads("reveal", notes=True, stances=True, ratings=True, framings=True, terms=True)
    return meeting


def material(meeting: Meeting, actor: Actor, *asked: str, language: str = "nb") -> Material:
    seen = Looking(meeting.workshops, actor, "compare", meeting.workshops.view(actor), language)
    return Material(seen, Kept(), None, read_chosen(f"?agencies={quote(','.join(asked))}#links"))


def view(found: Material, place: str, *rest: str) -> str:
    return words(compare.view_of(found, place, list(rest)))


def test_every_view_says_how_many_agencies_it_is_about_in_every_language(meeting: Meeting) -> None:
    said = {"nb": "2 av 3 etater", "nn": "2 av 3 etatar", "en": "2 of 3 agencies"}
    for place, language in itertools.product(compare.VIEWS, LANGUAGES):
        found = material(meeting, meeting.facilitator, NAV, PRISON, language=language)
        assert said[language] in view(found, place), place
        assert BANK not in view(found, place)


def test_captions_of_tables_say_it_too(meeting: Meeting) -> None:
    found = material(meeting, meeting.facilitator, NAV, PRISON)
    for place in ("framings", "factors", "distance", "movement"):
        assert view(found, place).count("2 av 3 etater") > 1, place


def test_what_the_others_said_is_in_no_view(meeting: Meeting) -> None:
    few = material(meeting, meeting.facilitator, NAV, PRISON)
    everybody = material(meeting, meeting.facilitator, *AGENCIES)
    assert not everybody.partial
    for place, said in (("framings", f"Slik ser {BANK} det."), ("terms", f"Det {BANK} legger i det.")):
        assert said in view(everybody, place)
        assert said not in view(few, place)
    assert f"Fra {BANK}." in view(everybody, "links", CHAIN[2])
    assert "Noen har tatt stilling til 3 påvirkninger." in view(few, "links")
    assert few.overlay.link("L58").contested is False
    assert everybody.overlay.link("L58").contested
    assert "ingen av de valgte har sagt noe om" in view(few, "factors")
    assert "Husbanken" not in view(few, "pair")
    assert {row.agency for row in few.m.stances} == {NAV, PRISON}


def test_the_pair_is_chosen_among_the_chosen(meeting: Meeting) -> None:
    found = material(meeting, meeting.facilitator, PRISON, BANK)
    page = compare.view_of(found, "pair", [NAV, BANK])
    offered = {attributes["value"] for tag, attributes in nodes(page) if tag == "option"}
    assert offered == {PRISON, BANK}


def test_with_none_chosen_every_view_asks_for_some(meeting: Meeting) -> None:
    found = material(meeting, meeting.facilitator)
    for place in compare.VIEWS:
        assert "Ingen etater er valgt. Velg én eller flere ovenfor." in view(found, place)


def test_with_one_chosen_a_view_of_differences_asks_for_two(meeting: Meeting) -> None:
    found = material(meeting, meeting.facilitator, NAV)
    for place in ("pair", "distance", "loops", "links"):
        assert "trenger minst to valgte etater" in view(found, place), place


def test_the_chooser_has_a_box_for_each_with_the_chosen_ticked(meeting: Meeting) -> None:
    boxes = [attributes for tag, attributes in nodes(chooser(material(meeting, meeting.facilitator, NAV)))
             if tag == "input"]  # fmt: skip
    assert {box["value"]: bool(box.get("defaultChecked")) for box in boxes} == {
        NAV: True, PRISON: False, BANK: False,
    }  # fmt: skip


def test_letters_stay_letters_whatever_the_address_names(meeting: Meeting) -> None:
    nav = meeting.join(NAV)
    masks = masked_agencies(meeting.state)
    # An agency's own name in the address gives no letter, nor another page than a name that is nobody's.
    named = material(meeting, nav, NAV, PRISON)
    invented = material(meeting, nav, NAV, "nobody")
    assert named.agencies == invented.agencies == (NAV,)
    for place in compare.VIEWS:
        assert view(named, place) == view(invented, place)
    letter = material(meeting, nav, NAV, masks[PRISON].id)
    assert set(letter.agencies) == {NAV, masks[PRISON].id}
    assert "Kriminalomsorgen" not in words(chooser(letter))
    meeting.leads("show_names", shown=True)
    assert set(material(meeting, nav, NAV, masks[PRISON].id).agencies) == {NAV, PRISON}


def test_an_address_with_agencies_that_are_not_seen_says_so_and_shows_all(meeting: Meeting) -> None:
    nav = meeting.join(NAV)
    found = material(meeting, nav, PRISON, BANK)
    assert len(found.agencies) == 3
    assert "Adressen nevner 2 etater som du ikke ser noe fra her." in view(found, "links")


def test_two_choices_share_no_result(meeting: Meeting) -> None:
    kept = Kept()
    seen = Looking(
        meeting.workshops, meeting.facilitator, "compare", meeting.workshops.view(meeting.facilitator), "nb"
    )
    first, second = (Material(seen, kept, None, asked) for asked in ((NAV, PRISON), (NAV, BANK)))
    assert len(first.m.stances) == len(second.m.stances) == 4
    assert first.m.stances != second.m.stances
    assert first.whole.m is second.whole.m


def test_the_choice_in_the_address_is_read_from_anything() -> None:
    assert read_chosen(None) is read_chosen("#links") is read_chosen(5) is None
    assert read_chosen("?agencies=a,,b,a#pair/x") == ("a", "b")
    assert read_chosen("?agencies=%C3%A5") == ("å",)
    assert read_chosen("?x=1&agencies=") == ()


# --- numbers of small groups -------------------------------------------------


@given(st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 5), min_size=2), st.sampled_from("ABZ"))
def test_no_two_choices_tell_the_number_of_fewer_than_three(people: dict[str, int], own: str) -> None:
    everyone = tuple(people)

    class Hiding(Material):
        everyone = tuple(people)
        names_hidden = True
        own = ""

    Hiding.own = own
    looking = Looking(None, None, "compare", State("w"), "nb")  # type: ignore[arg-type]
    shown = [
        frozenset(chosen) - {own}
        for size in range(len(everyone) + 1)
        for chosen in itertools.combinations(everyone, size)
        if Hiding(looking, Kept(), None, chosen).may_count(people)
    ]
    for one, other in itertools.product(shown, shown):
        apart = sum(people[agency] for agency in one - other)
        assert apart == 0 or apart >= 3, (people, own, sorted(one), sorted(other))


# --- who holds what of a link ------------------------------------------------


def test_a_row_tells_the_other_way_from_agreement_and_says_who_is_silent(begin: Callable[..., Meeting]) -> None:
    meeting = begin(framings=())
    for agency, stance, sign in ((NAV, "asserts", "+"), (PRISON, "asserts", "-"), (BANK, "rejects", None)):
        meeting.does(meeting.join(agency), "take_stance", link="L52", stance=stance, sign=sign)
    meeting.does(meeting.join("politi"), "take_stance", link="L10", stance="rejects")
    shown = view(material(meeting, meeting.facilitator, *AGENCIES, "politi"), "links")
    for said in ("1 stemmer N", "1 stemmer, men motsatt vei", "1 stemmer ikke", "1 har ikke vurdert den"):
        assert said in shown
    # What those who considered it reject is not silence.
    assert "× " in shown


def test_a_question_mark_as_sign_is_no_sign_of_ones_own(meeting: Meeting) -> None:
    for sign in ("?", None):
        person = meeting.join(NAV)
        meeting.does(person, "take_stance", link="L52", stance="asserts", sign=sign)
        assert meeting.state.row("stances", f"{person.person}|L52").sign is None
    row = material(meeting, meeting.facilitator, NAV, PRISON).overlay.link("L52")
    assert row.people.positive == 3
    assert row.other_way == ()


# --- what is kept ------------------------------------------------------------


def test_what_is_of_an_earlier_moment_is_forgotten_when_there_is_a_later_one() -> None:
    kept = Kept()
    kept.get(("w", 1), lambda: "old", ("w", 1))
    kept.get(("other", 1), lambda: "of another", ("other", 1))
    kept.get("always", lambda: "always")
    kept.get(("w", 2), lambda: "new", ("w", 2))
    assert kept.get(("w", 1), lambda: "made again", ("w", 1)) == "made again"
    for key, found in ((("w", 2), "new"), (("other", 1), "of another"), ("always", "always")):
        assert kept.get(key, lambda: "lost") == found
