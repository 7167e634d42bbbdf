"""The page of analyses in a real browser: by keyboard, on the map, on a phone, while the room goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import PHONE
from tests.browser.house import House, open_house

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
CANVAS = "document.getElementById('wm-canvas')?._cyreg?.cy?"
HASHES = (
    "loops?loop=L57~L58",
    "leverage",
    "reach?factor=gjeld&target=utkastelse&way=down",
    "held",
    "what_if?done=housing_first&target=gjeld",
)


@pytest.fixture
def house(tmp_path: Path, new_page: Callable[..., Page]) -> Iterator[House]:
    with open_house(tmp_path / "data", new_page) as opened:
        yield opened


def enter(house: House, role: str = "facilitator", **options: Any) -> Page:
    """Open the page of analyses as somebody with a role's link."""
    meeting = house.meeting
    page = house.new_page(**{"viewport": DESK, **options})
    key = meeting.workshops.key(meeting.id, role)  # type: ignore[arg-type]
    page.goto(f"{house.serving.address}/open/{meeting.id}/{role}/{key}")
    return page


def show(page: Page, house: House, hash_: str = "loops") -> None:
    page.goto(f"{house.serving.address}/w/{house.meeting.id}/analyse#{hash_}")
    answered(page)


def answered(page: Page) -> None:
    page.locator("#analyse-panel [data-answer]:not([data-pending=true]) h2").first.wait_for()
    page.wait_for_function("() => " + CANVAS + ".nodes('.factor').length > 0")


def lit(page: Page, selector: str) -> list[str]:
    """Return the ids of what is lit on the map."""
    found: list[str] = page.evaluate(
        "(selector) => " + CANVAS + ".elements(selector).map((one) => one.data('ref'))", selector
    )
    return sorted(found)


def told(page: Page) -> str:
    """Return the link that is told now, as its sentence."""
    return page.locator("[data-step][aria-current=step]").inner_text().split("\n")[-1]


def test_a_loop_is_stepped_through_link_by_link_with_the_keyboard_alone(house: House) -> None:
    page = enter(house)
    show(page, house)
    page.locator("#analyse-panel ol a", has_text="Gjeld → Kriminalitet → Gjeld").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".wm-analyse-card h2")).to_be_focused()
    page.wait_for_function("() => document.querySelector('[data-step][aria-current=step]')")
    assert lit(page, "edge.loop") == ["L57", "L58"]
    assert told(page) == "Mer gjeld gir mer kriminalitet."
    page.keyboard.press("Tab")
    for _ in range(5):
        if page.evaluate("document.activeElement.dataset.traceAct") == "next":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert told(page) == "Mer kriminalitet gir mer gjeld."
    assert lit(page, "edge.trace") == ["L58"]
    page.keyboard.press("ArrowLeft")
    assert lit(page, "edge.trace") == ["L57"]
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.hash.includes('loop=')")
    page.wait_for_function("() => !document.querySelector('[data-trace]')")
    page.wait_for_function("() => " + CANVAS + ".edges('.loop').length === 0")


def test_the_loop_that_the_facilitator_sends_comes_up_on_the_wall(house: House) -> None:
    house.meeting.leads("set_stage", stage=4)
    wall = enter(house, "viewer", viewport={"width": 1920, "height": 1080})
    wall.wait_for_function("() => " + CANVAS + ".nodes('.factor').length === 21")
    page = enter(house)
    show(page, house, "loops?loop=L57~L58")
    page.get_by_role("button", name="Vis på veggen").click()
    expect(page.get_by_text("Sløyfen står på veggen nå.")).to_be_visible()
    wall.wait_for_function("() => " + CANVAS + ".edges('.loop').length === 2")
    page.get_by_role("button", name="Ta bort fra veggen").click()
    wall.wait_for_function("() => " + CANVAS + ".edges('.loop').length === 0")


def test_what_others_write_leaves_the_open_loop_and_its_step_alone(house: House) -> None:
    kari = house.meeting.join("nav_kommune")
    page = enter(house)
    show(page, house, "loops?loop=L57~L58")
    page.get_by_role("button", name="Neste").click()
    assert lit(page, "edge.trace") == ["L58"]
    house.meeting.does(kari, "annotate", target_kind="factor", target="gjeld", text="Renter", language="nb")
    page.wait_for_function("(seq) => window.wickedmap.live.seq() >= seq", arg=house.meeting.state.seq)
    page.wait_for_timeout(600)
    assert lit(page, "edge.trace") == ["L58"]
    assert len(lit(page, "node.dim")) == 19
    assert told(page) == "Mer kriminalitet gir mer gjeld."


def test_a_link_that_is_turned_changes_what_the_page_says(house: House) -> None:
    page = enter(house)
    show(page, house, "loops?loop=L57~L58")
    expect(page.locator(".wm-analyse-card h2")).to_contain_text("Forsterkende")
    house.meeting.leads("edit_link", link="L57", sign="-", base_seq=house.meeting.state.seq)
    expect(page.locator(".wm-analyse-card h2")).to_contain_text("Balanserende")


def test_choosing_a_factor_on_the_map_filters_and_the_back_button_undoes_it(house: House) -> None:
    page = enter(house)
    show(page, house)
    page.evaluate(CANVAS + ".getElementById('f:gjeld').emit('tap')")
    page.wait_for_function("() => location.hash.includes('factor=gjeld')")
    expect(page.locator(".wm-analyse-count")).to_contain_text("passer til valgene dine")
    assert page.locator("select[data-ask=factor]").input_value() == "gjeld"
    page.go_back()
    expect(page.locator(".wm-analyse-count")).not_to_contain_text("passer til valgene dine")
    assert page.locator("select[data-ask=factor]").input_value() == ""


def test_the_factors_that_break_all_loops_are_lit_together(house: House) -> None:
    page = enter(house)
    show(page, house, "leverage")
    page.wait_for_function("() => " + CANVAS + ".nodes('.spot').length === 5")
    page.locator("#analyse-panel [data-light=rus]").click()
    page.wait_for_function("() => " + CANVAS + ".nodes('.spot').length === 1")
    assert lit(page, "node.spot") == ["rus"]


def test_a_filter_keeps_the_keyboard_where_it_was(house: House) -> None:
    page = enter(house)
    show(page, house)
    page.locator("select[data-ask=polarity]").focus()
    page.locator("select[data-ask=polarity]").select_option("B")
    expect(page.locator(".wm-analyse-count")).to_contain_text("182")
    expect(page.locator(".wm-analyse-loops .wm-analyse-name").first).to_contain_text("B1")
    expect(page.locator("select[data-ask=polarity]")).to_be_focused()


def test_a_reload_finds_the_same_view_again(house: House) -> None:
    page = enter(house)
    show(page, house, "what_if?done=housing_first&target=gjeld")
    page.reload()
    answered(page)
    expect(page.locator("h2", has_text="Hva retningen for Gjeld bygger på")).to_be_visible()
    expect(page.locator(".wm-nav a[aria-current]")).to_have_text("Hva om")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_view_is_accessible_and_fits(house: House, scheme: str, size: dict[str, int]) -> None:
    page = enter(house, viewport=size, color_scheme=scheme)
    for hash_ in HASHES:
        show(page, house, hash_)
        view = hash_.split("?")[0]
        page.wait_for_function(
            "(view) => document.querySelector('.wm-nav a[aria-current]')?.hash === '#' + view", arg=view
        )
        answered(page)
        page.wait_for_timeout(200)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert axe.violations(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, hash_


@pytest.mark.parametrize(("locale", "title"), [("nn-NO", "Kvar gripe inn"), ("en-GB", "Where to step in")])
def test_the_page_speaks_the_language_of_the_reader(house: House, locale: str, title: str) -> None:
    page = enter(house, locale=locale)
    show(page, house, "leverage")
    expect(page.locator("#analyse-panel h2")).to_have_text(title)
