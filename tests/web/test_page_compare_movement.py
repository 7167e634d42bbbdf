"""Before and after: what moved is told in words and figures, and nobody's private change of mind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Meeting
from wickedmap.access import Actor
from wickedmap.text import LANGUAGES
from wickedmap.web.context import Looking
from wickedmap.web.elements import whole
from wickedmap.web.pages import compare
from wickedmap.web.pages.compare_material import Kept, Material

LINK, OTHER = "L52", "L60"


def read(tree: Any) -> str:
    return tree if isinstance(tree, str) else " ".join(" ".join(read(child) for child in tree[2:]).split())


def view(meeting: Meeting, actor: Actor, *rest: str, language: str = "nb") -> str:
    seen = Looking(meeting.workshops, actor, "compare", meeting.workshops.view(actor), language)
    return read(whole(compare.view_of(Material(seen, Kept()), "movement", list(rest))).tree)


def moved_room(meeting: Meeting, people: int = 3) -> tuple[Actor, Actor]:
    """NAV and the police disagree, stances are shown, and one from the police changes their mind."""
    nav = [meeting.join("nav_kommune") for _ in range(people)]
    police = [meeting.join("politi") for _ in range(people)]
    for actor in nav:
        meeting.does(actor, "take_stance", link=LINK, stance="asserts")
    for actor in police:
        meeting.does(actor, "take_stance", link=LINK, stance="rejects")
    meeting.leads("reveal", stances=True)
    meeting.does(police[0], "take_stance", link=LINK, stance="unsure")
    return nav[0], police[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["facilitator", "viewer", "researcher", "representative"])
def test_it_says_what_it_needs_before_anybody_has_spoken(meeting: Meeting, role: str, language: str) -> None:
    actor = meeting.join("nav_kommune") if role == "representative" else meeting.as_role(role)
    assert len(view(meeting, actor, language=language)) > 200


def test_the_facilitator_sees_who_moved_and_how_many(meeting: Meeting) -> None:
    moved_room(meeting)
    shown = view(meeting, meeting.facilitator)
    assert "Én har endret syn på minst én påvirkning, av 6 som hadde sagt noe begge ganger." in shown
    assert "fra «stemmer ikke» til «uavklart» n=1" in shown
    assert "3 av 6 → 3 av 6" in shown
    assert "(n=6)" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_move_has_words_in_every_language(meeting: Meeting, language: str) -> None:
    nav, police = moved_room(meeting)
    now = meeting.state.seq
    meeting.does(nav, "take_stance", link=OTHER, stance="asserts", sign="-")
    meeting.leads("set_agenda", template="45")
    for first, second in (("", ""), (str(now), "now"), ("now", "first"), ("nope", "999")):
        assert len(view(meeting, meeting.facilitator, first, second, language=language)) > 300
    assert police.agency == "politi"


def test_with_hidden_names_one_persons_move_is_told_under_the_letter_and_not_counted(meeting: Meeting) -> None:
    nav, _ = moved_room(meeting)
    shown = view(meeting, nav)
    assert "Noen har endret syn." in shown
    assert "Én har endret syn" not in shown
    assert "fra «stemmer ikke» til «uavklart»" in shown
    assert "Politi" not in shown
    meeting.leads("show_names", shown=True)
    assert "Én har endret syn" in view(meeting, nav)


def test_with_hidden_names_and_small_groups_there_are_no_shares_and_no_distance(meeting: Meeting) -> None:
    nav, _ = moved_room(meeting, people=1)
    shown = view(meeting, nav)
    assert " av 2" not in shown
    assert "n=" not in shown
    assert "vises når tre eller flere" in shown


def one_of_three_had_spoken(meeting: Meeting) -> tuple[str, Actor]:
    """Three agencies of one person, of whom one spoke before the step and two after; all was shown."""
    people = [meeting.join(agency) for agency in ("nav_kommune", "politi", "husbanken")]
    meeting.leads("reveal", stances=True)
    meeting.does(people[0], "take_stance", link=LINK, stance="rejects")
    step = str(meeting.leads("set_step", step=1).seq)
    for actor in people[1:]:
        meeting.does(actor, "take_stance", link=LINK, stance="asserts")
    return step, meeting.as_role("viewer")


def test_with_hidden_names_a_share_of_one_person_before_the_step_is_not_shown(meeting: Meeting) -> None:
    step, viewer = one_of_three_had_spoken(meeting)
    shown = view(meeting, viewer, step, "now")
    assert "sa noe for første gang" in shown
    assert "0 av 1" not in shown
    assert "2 av 3" not in shown
    assert "Andelene vises når tre eller flere står bak hver av dem" in shown
    meeting.leads("show_names", shown=True)
    assert "0 av 1 → 2 av 3" in view(meeting, viewer, step, "now")


@pytest.mark.parametrize(("movers", "told"), [(1, False), (2, False), (3, True)])
def test_with_hidden_names_shares_and_how_many_moved_need_three_who_moved(
    meeting: Meeting, movers: int, told: bool
) -> None:
    nav, police = moved_room(meeting, people=4)
    others = [row for row in meeting.state.tables["people"].values() if row.agency == "politi"]
    for row in [row for row in others if row.id != police.person][: movers - 1]:
        meeting.does(replace(police, person=row.id), "take_stance", link=LINK, stance="unsure")
    shown = view(meeting, meeting.as_role("viewer"))
    assert "fra «stemmer ikke» til «uavklart»" in shown
    assert ("4 av 8 → 4 av 8" in shown) is told
    assert (f"n={movers}" in shown) is told
    meeting.leads("show_names", shown=True)
    shown = view(meeting, nav)
    assert "4 av 8 → 4 av 8" in shown
    assert f"n={movers}" in shown


def test_with_hidden_names_ones_own_agency_is_counted_however_few_moved(meeting: Meeting) -> None:
    _, police = moved_room(meeting)
    assert "fra «stemmer ikke» til «uavklart» n=1" in view(meeting, police)


def test_a_mind_changed_before_the_reveal_is_not_told_to_the_room(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    meeting.does(police, "take_stance", link=LINK, stance="asserts")
    meeting.does(police, "take_stance", link=LINK, stance="rejects")
    meeting.leads("reveal", stances=True)
    assert "Ingen har endret syn" in view(meeting, nav)
    assert "til «stemmer ikke»" in view(meeting, police)


def test_nothing_of_others_is_told_while_stances_are_not_shown(meeting: Meeting) -> None:
    nav, _ = moved_room(meeting)
    meeting.leads("reveal", stances=False)
    assert "uavklart" not in view(meeting, nav)
    assert "Ingen ståsteder kan vises ennå" in view(meeting, meeting.as_role("viewer"))
