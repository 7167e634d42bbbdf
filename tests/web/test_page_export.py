"""What the export page offers: every format, with what it holds now and what it cannot hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Meeting
from tests.web.test_page_compare import nodes, sent, words
from wickedmap import leaving
from wickedmap.access import Actor
from wickedmap.formats import FORMATS, losses
from wickedmap.formats.words import loss_text
from wickedmap.text import LANGUAGES
from wickedmap.texts import catalogue
from wickedmap.web.context import Looking
from wickedmap.web.pages import export


def view(meeting: Meeting, role: str = "facilitator", language: str = "nb") -> list[Any]:
    actor: Actor = meeting.facilitator if role == "facilitator" else meeting.as_role(role)
    return export.view(Looking(meeting.workshops, actor, "export", meeting.workshops.view(actor), language))


def downloads(component: Any) -> list[str]:
    return [attributes["href"] for tag, attributes in nodes(component) if "download" in attributes]


def test_the_token_for_scripts_is_the_researchers_whoever_looks(meeting: Meeting) -> None:
    token = leaving.api_token(meeting.workshops, meeting.id)
    for role in ("facilitator", "researcher"):
        found = [
            attributes["data-copy"] for _, attributes in nodes(view(meeting, role)) if "data-copy" in attributes
        ]
        assert token in found
        assert f"{meeting.id}.facilitator." not in words(view(meeting, role))


def test_every_format_that_can_be_written_can_be_downloaded_once(meeting: Meeting) -> None:
    start = f"/api/v1/workshops/{meeting.id}/export/"
    plain = downloads(view(meeting, "researcher"))
    assert sorted(plain) == sorted(f"{start}{form}?surface=export" for form in leaving.forms())


def test_every_format_with_a_place_has_its_words_in_every_language() -> None:
    for language in LANGUAGES:
        for form in (form for forms in export.GROUPS.values() for form in forms):
            assert f"export.form.{form.replace('-', '_')}.about" in catalogue(language)


def test_a_format_nobody_has_described_is_offered_under_its_own_name(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(export.GROUPS, "networks", ("graphml",))
    assert FORMATS["gexf"].title in words(view(meeting))
    assert "Andre formater" in words(view(meeting))


def test_what_a_format_cannot_hold_is_said_for_the_map_at_hand(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    meeting.does(nav, "take_stance", link="L52", stance="asserts")
    meeting.leads("reveal", stances=True)
    shown = words(view(meeting))
    assert "Får ikke plass til: det deltakerne har sagt" in shown
    assert "Tar med alt i dette kartet" in shown


def test_it_says_what_is_not_shown_yet_and_so_left_out(meeting: Meeting) -> None:
    assert "derfor ikke med: ståstedene, problembeskrivelsene" in words(view(meeting, "researcher"))
    meeting.leads("reveal", notes=True, stances=True, ratings=True, framings=True, proposals=True, terms=True)
    assert "Alt er vist for rommet." in words(view(meeting, "researcher"))
    assert "Etatene står med bokstaver" in words(view(meeting, "researcher"))
    meeting.leads("show_names", shown=True)
    assert "Etatene står med navn." in words(view(meeting, "researcher"))


def test_only_the_facilitator_can_take_what_is_private_or_release_it(meeting: Meeting) -> None:
    private = [href for href in downloads(view(meeting)) if "private=true" in href]
    assert private
    assert sent(view(meeting), "release_private") == [{"released": True}]
    researcher = view(meeting, "researcher")
    assert not any("private" in href for href in downloads(researcher))
    assert sent(researcher, "release_private") == []
    meeting.leads("release_private", released=True)
    assert sent(view(meeting), "release_private") == [{"released": False}]
    assert "også det som ikke er vist for rommet" in words(view(meeting, "researcher"))


@pytest.mark.parametrize("role", ["facilitator", "researcher"])
def test_the_page_can_be_shown_in_every_language(meeting: Meeting, role: str) -> None:
    for language in LANGUAGES:
        assert len(words(view(meeting, role, language))) > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_format_loses_is_told_in_the_readers_language(meeting: Meeting, language: str) -> None:
    taken = leaving.export_map(meeting.workshops, meeting.as_role("researcher"))
    said = words(view(meeting, language=language))
    told = [loss_text(loss, language) for loss in losses(taken, "pajek")]
    assert len(told) > 10
    assert [one for one in told if one not in said] == []
    if language != "en":
        assert not set(told) & set(losses(taken, "pajek"))
