"""Contested words on the phone: one's own meaning, the source's, and others' only once they are shown."""

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
from wickedmap.web.pages import me
from wickedmap.web.pages.me_phone import Phone

TERM = "G04"


@pytest.fixture
def kari(meeting: Meeting) -> Actor:
    return meeting.join("nav_kommune", "Kari")


def place(meeting: Meeting, actor: Actor, view: str, target: str = "", language: str = "nb") -> Any:
    looking = Looking(meeting.workshops, actor, "me", meeting.workshops.view(actor), language)
    parts = me.drawn(Phone(looking), view, target)
    (name,) = parts.keys() - {"me-where"}
    return whole(parts[name]).tree


def nodes(tree: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Attributes of every element, and what can be read in it."""
    if isinstance(tree, list):
        yield tree[1], read(tree)
        for child in tree[2:]:
            yield from nodes(child)


def read(tree: Any) -> str:
    return tree if isinstance(tree, str) else " ".join(read(child) for child in tree[2:])


def changes(tree: Any) -> dict[str, dict[str, Any]]:
    found = [attributes for attributes, _ in nodes(tree) if "data-change" in attributes]
    return {one["data-change"]: json.loads(one["data-fields"]) for one in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_glossary_are_under_ones_problem_description(
    meeting: Meeting, kari: Actor, language: str
) -> None:
    tree = place(meeting, kari, "framing", language=language)
    links = [attributes["href"] for attributes, _ in nodes(tree) if "href" in attributes]
    assert [one for one in links if one.startswith("#term/")] == [
        f"#term/{word.id}" for word in meeting.state.base.instruments.glossary
    ]
    form = place(meeting, kari, "term", TERM, language)
    assert changes(form) == {"define_term": {"term": TERM, "language": language}}


def test_what_one_has_written_is_in_the_form_and_can_be_withdrawn(meeting: Meeting, kari: Actor) -> None:
    meeting.does(kari, "define_term", term=TERM, text="Den som trenger oss nå")
    tree = place(meeting, kari, "term", TERM)
    typed = [attributes["defaultValue"] for attributes, _ in nodes(tree) if attributes.get("name") == "text"]
    assert typed == ["Den som trenger oss nå"]
    assert changes(tree)["withdraw_term"] == {"term": TERM}
    assert "Du har skrevet" in read(place(meeting, kari, "framing"))


def test_ones_meanings_are_among_ones_contributions_and_their_undo_has_a_name(
    meeting: Meeting, kari: Actor
) -> None:
    meeting.does(kari, "define_term", term=TERM, text="Den som trenger oss nå")
    mine = read(place(meeting, kari, "mine"))
    assert "vanskeligstilt" in mine
    assert "Den som trenger oss nå" in mine
    assert "Angre: hva et ord betyr" in mine
    meeting.does(kari, "withdraw_term", term=TERM)
    assert "Angre: betydning av et ord trukket tilbake" in read(place(meeting, kari, "mine"))


def test_others_meanings_come_when_they_are_shown_without_names(meeting: Meeting, kari: Actor) -> None:
    police = meeting.join("politi", "Ola")
    meeting.does(police, "define_term", term=TERM, text="Den vi møter om natten")
    assert "om natten" not in read(place(meeting, kari, "term", TERM))
    meeting.leads("reveal", terms=True)
    shown = read(place(meeting, kari, "term", TERM))
    assert "Den vi møter om natten" in shown
    assert "Etat " in shown
    assert "Politi" not in shown
    assert "Ola" not in shown


def test_a_word_that_is_not_there_says_so(meeting: Meeting, kari: Actor) -> None:
    assert "ikke i ordlisten" in read(place(meeting, kari, "term", "nope"))
