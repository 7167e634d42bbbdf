"""The wall in a real browser: what the facilitator sends comes up, large enough, whole, and accessible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.house import House, open_house

from .conftest import WALL

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}

SAID: dict[str, list[tuple[str, str, str | None]]] = {
    "nav_kommune": [("L52", "asserts", "+"), ("L60", "asserts", "+"), ("L57", "rejects", None)],
    "kommune_bolig": [("L52", "asserts", "-"), ("L10", "asserts", "-"), ("L69", "asserts", "-")],
    "politi": [("L57", "asserts", "+"), ("L74", "asserts", "+"), ("L52", "rejects", None)],
    "brukerorg": [("L58", "asserts", "+"), ("L10", "asserts", "-"), ("L12", "asserts", "-")],
    "kriminalomsorgen": [("L69", "asserts", "-"), ("L60", "asserts", "+"), ("L68", "asserts", "+")],
    "spesialisthelse": [("L12", "asserts", "-"), ("L09", "asserts", "-"), ("L10", "unsure", None)],
}

MEASURE = """() => {
  const found = [];
  document.querySelectorAll('.wm-wall *').forEach(node => {
    const style = getComputedStyle(node);
    if (style.visibility === 'hidden' || node.closest('#wm-canvas, .wm-visually-hidden')) return;
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height) return;
    if (node.clientHeight && node.scrollHeight > node.clientHeight + 1 && style.overflow !== 'visible') {
      found.push('does not fit: ' + node.className);
    }
    if (![...node.childNodes].some(one => one.nodeType === 3 && one.textContent.trim())) return;
    const drawn = node.closest('svg') && node.getScreenCTM ? node.getScreenCTM().a : 1;
    const size = parseFloat(style.fontSize) * drawn;
    const words = node.textContent.slice(0, 60);
    if (size < 27.5) found.push('too small, ' + size.toFixed(1) + ': ' + words);
    const inside = box.bottom < innerHeight + 1 && box.right < innerWidth + 1 && box.left > -1;
    if (!inside) found.push('cut: ' + words);
  });
  return found;
}"""
"""What is smaller than 28 of 1080 pixels (half a pixel for rounding), cut, or does not fit."""


@pytest.fixture
def house(tmp_path: Path, new_page: Callable[..., Page]) -> Iterator[House]:
    with open_house(tmp_path / "house", new_page) as opened:
        yield opened


@pytest.fixture
def talking(house: House) -> House:
    """A room in which six agencies have said something of every kind, and somebody has changed their mind."""
    meeting = house.meeting
    people = {agency: meeting.join(agency) for agency in SAID}
    for agency, stances in SAID.items():
        for link, stance, sign in stances:
            own = {"sign": sign} if sign else {}
            meeting.does(people[agency], "take_stance", link=link, stance=stance, reason="Vi ser det.", **own)
        meeting.does(people[agency], "rate_factor", factor="gjeld", importance=4)
        meeting.does(people[agency], "write_framing", problem=f"Sett fra {agency} mangler det en plan.")
        meeting.does(people[agency], "define_term", term="G05", text=f"For {agency}: å få bo i ro.")
    meeting.leads("reveal", notes=True, stances=True, ratings=True, framings=True, proposals=True, terms=True)
    meeting.does(people["politi"], "take_stance", link="L52", stance="asserts", sign="+", reason="")
    meeting.leads("set_stage", stage=4)
    return house


def enter(house: House, role: str, surface: str, **options: Any) -> Page:
    page = house.new_page(**options)
    key = house.meeting.workshops.key(house.meeting.id, role)
    page.goto(f"{house.serving.address}/open/{house.meeting.id}/{role}/{key}")
    page.goto(f"{house.serving.address}/w/{house.meeting.id}/{surface}")
    page.wait_for_function("() => window.wickedmap?.live?.state() === 'online'")
    return page


def amiss(wall: Page) -> list[str]:
    """Return what is wrong with the wall, once its head and its panel have both been drawn anew."""
    found: list[str] = []
    for _ in range(50):
        found = wall.evaluate(MEASURE)
        if not found:
            break
        wall.wait_for_timeout(100)
    return found


def shows(wall: Page, view: str) -> None:
    expect(wall.locator("#wm-root")).to_have_class(f"wm-wall wm-wall-shows-{view}")


def test_every_view_sent_from_the_console_comes_up_large_whole_and_accessible(talking: House) -> None:
    lead = enter(talking, "facilitator", "console", viewport=DESK)
    wall = enter(talking, "viewer", "projector", viewport=WALL)
    views = lead.get_by_role("group", name="Hva viser veggen?")
    looked_for = {
        "Hvem mener hva": ("overlay", "Hvem mener hva om påvirkningene?"),
        "Problembeskrivelser": ("framings", "mangler det en plan."),
        "Blindsoner": ("matrix", "blindsone"),
        "Avstand": ("distance", "kartene ligner"),
        "Sløyfer sammen": ("loops", "Nærmest: Etat"),
        "Før og etter": ("movement", "Mer gjeld gir flere utkastelser."),
        "Sitat": ("quote", "L. J. Peter"),
    }
    for name, (view, words) in looked_for.items():
        button = views.get_by_role("button", name=name, exact=True)
        button.click()
        shows(wall, view)
        expect(wall.locator("#wm-root")).to_contain_text(words)
        expect(button).to_have_attribute("aria-pressed", "true")
        assert amiss(wall) == [], view
        assert violations(wall) == [], view
    expect(wall.locator("#wm-root")).not_to_contain_text("NAV")

    views.get_by_label("Den ene etaten").select_option("politi")
    views.get_by_label("Den andre etaten").select_option("kommune_bolig")
    views.get_by_role("button", name="Vis to etater").click()
    shows(wall, "pair")
    expect(wall.get_by_role("img", name="Kart over forskjellene")).to_be_visible()
    expect(views.get_by_role("button", name="Vis to etater")).to_have_attribute("aria-pressed", "true")
    assert amiss(wall) == []
    assert violations(wall) == []
    views.get_by_role("button", name="Vis begrepet").click()
    shows(wall, "terms")
    expect(wall.locator("#wm-root")).to_contain_text("å få bo i ro")
    assert amiss(wall) == []
    assert violations(wall) == []
    assert violations(lead, within=".wm-console-views", serious_only=True) == []
    assert set(talking.meeting.state.setting("wall_of")) == {"term"}


def test_the_same_agency_twice_is_answered_at_the_field(talking: House) -> None:
    lead = enter(talking, "facilitator", "console", viewport=DESK)
    views = lead.get_by_role("group", name="Hva viser veggen?")
    views.get_by_label("Den ene etaten").select_option("politi")
    views.get_by_label("Den andre etaten").select_option("politi")
    views.get_by_role("button", name="Vis to etater").click()
    expect(views).to_contain_text("Velg to ulike etater.")
    assert talking.meeting.state.setting("wall") == "map"


def test_a_view_of_the_compare_page_is_sent_with_its_choice_and_taken_back(talking: House) -> None:
    lead = enter(
        talking, "facilitator", "compare?agencies=politi,brukerorg,nav_kommune#distance", viewport=DESK
    )
    wall = enter(talking, "viewer", "projector", viewport=WALL)
    lead.get_by_role("button", name="Vis på veggen").click()
    shows(wall, "distance")
    expect(wall.locator(".wm-wall-bars > li")).to_have_count(3)
    expect(wall.locator("#wm-root")).to_contain_text("3 av 6 etater")
    lead.get_by_role("button", name="Vises på veggen nå").click()
    shows(wall, "map")
    expect(lead.get_by_role("button", name="Vis på veggen")).to_be_visible()


def test_a_representative_has_no_button_to_the_wall(talking: House) -> None:
    page = talking.phone("husbanken", viewport=DESK)
    for view in ("pair", "distance", "terms"):
        page.goto(f"{talking.serving.address}/w/{talking.meeting.id}/compare#{view}")
        expect(page.locator("#compare-view")).not_to_contain_text("Henter")
        expect(page.get_by_role("button", name="Vis på veggen")).to_have_count(0)


@pytest.mark.parametrize(("theme", "distance", "language"), [("dark", 8, "nn"), ("contrast", 4, "en")])
def test_other_themes_distances_and_languages_are_as_large_and_whole(
    talking: House, theme: str, distance: int, language: str
) -> None:
    meeting = talking.meeting
    meeting.leads("set_room", theme=theme, distance=distance, language=language)
    meeting.leads("show_names", shown=True)
    wall = enter(talking, "viewer", "projector", viewport=WALL)
    asked: list[dict[str, Any]] = [
        {"view": one} for one in ("framings", "matrix", "distance", "loops", "movement")
    ]
    asked += [{"view": "pair", "agencies": ["politi", "brukerorg"]}, {"view": "terms", "term": "G05"}]
    for fields in asked:
        meeting.leads("set_wall", **fields)
        shows(wall, fields["view"])
        expect(wall.locator("#wall-panel .wm-wall-full")).to_be_visible()
        assert amiss(wall) == [], fields
        assert violations(wall) == [], fields
    meeting.leads("set_spotlight", target_kind="link", target="L52")
    expect(wall.locator(".wm-wall-aside")).to_be_visible()
    assert amiss(wall) == []
