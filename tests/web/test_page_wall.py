"""The wall's own words: what it says of a lit link and of a lit loop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Meeting
from wickedmap.text import LANGUAGES
from wickedmap.web import wall
from wickedmap.web.context import Looking
from wickedmap.web.pages.projector import _head, _panel
from wickedmap.web.shell import _needed

LINK = "L52"


class Nobody:
    """A live service that knows who is here: nobody."""

    def people(self, _workshop: str) -> dict[str, Any]:
        return {"people": 0, "agencies": {}}


def said(meeting: Meeting, language: str = "nb") -> str:
    actor = replace(meeting.facilitator, role="viewer", person="viewer", language=language)
    looking = Looking(meeting.workshops, actor, "projector", meeting.workshops.view(actor), language)
    services = {"live": Nobody(), "places": wall.Places(), "public_url": "http://kart.example"}
    panel = _panel(looking, services)
    return " ".join(words(one) for one in [*_head(looking, services), *([panel] if panel else [])])


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
