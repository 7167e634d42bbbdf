"""Comparing in real browsers: what is revealed appears by itself, and nobody loses their place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.house import House, open_house
from wickedmap import leaving
from wickedmap.access import Actor
from wickedmap.formats import read_bytes
from wickedmap.web.pages.compare import VIEWS

from .conftest import NARROW, WALL

pytestmark = pytest.mark.browser

LINK = "L52"
SENTENCE = "Mer gjeld gir flere utkastelser."
DESK = {"width": 1440, "height": 900}
AGENCIES = ("nav_kommune", "kriminalomsorgen", "husbanken")


@pytest.fixture
def house(tmp_path: Path, new_page: Callable[..., Page]) -> Iterator[House]:
    with open_house(tmp_path / "house", new_page) as opened:
        yield opened


def leader(house: House, surface: str = "compare", **options: object) -> Page:
    page = house.new_page(**{"viewport": DESK, **options})
    key = house.meeting.workshops.key(house.meeting.id, "facilitator")
    page.goto(f"{house.serving.address}/open/{house.meeting.id}/facilitator/{key}")
    go(house, page, surface)
    return page


def go(house: House, page: Page, surface: str, place: str = "") -> None:
    page.goto(f"{house.serving.address}/w/{house.meeting.id}/{surface}{place}")
    expect(page.locator("#wm-connection")).to_have_attribute("data-state", "online")


def disagree(house: House) -> list[Actor]:
    """Three agencies: one holds that a link is right, one that it is the other way, one that it is not."""
    meeting = house.meeting
    actors = [meeting.join(agency) for agency in AGENCIES]
    meeting.does(actors[0], "take_stance", link=LINK, stance="asserts", sign="+", reason="Vi ser det hver uke.")
    meeting.does(
        actors[1], "take_stance", link=LINK, stance="asserts", sign="-", reason="Da flytter folk selv."
    )
    meeting.does(actors[2], "take_stance", link=LINK, stance="rejects", reason="Ikke hos oss.")
    return actors


def see_on_map(page: Page, link: str, kind: str) -> None:
    """Wait until the canvas draws a link as agreed or disputed."""
    find = "cy?.getElementById('l:' + link).hasClass(kind)"
    page.wait_for_function(
        f"([link, kind]) => {{ const cy = document.getElementById('wm-canvas')._cyreg?.cy; return {find}; }}",
        arg=[link, kind],
    )


def test_a_disagreement_appears_in_table_and_picture_when_it_is_revealed(house: House) -> None:
    disagree(house)
    page = house.phone("nav_kommune", viewport=DESK)
    go(house, page, "compare", "#links")
    expect(page.locator("#compare-view")).to_contain_text("Du ser bare din egen etats.")
    expect(page.locator(".wm-opinion")).to_have_count(1)
    see_on_map(page, LINK, "agreed")
    marker = page.evaluate("window.notReloaded = Math.random()")

    lead = leader(house)
    lead.get_by_role("link", name="Påvirkninger", exact=True).click()
    lead.get_by_role("button", name="Vis for alle").click()

    expect(page.locator("#compare-view")).to_contain_text("Én vektlegges ulikt.")
    expect(page.locator(".wm-opinion .wm-sign").first).to_have_text("+≠−")
    see_on_map(page, LINK, "disputed")
    page.get_by_role("button", name=SENTENCE).click()
    behind = page.locator(".wm-behind")
    for reason in ("Vi ser det hver uke.", "Da flytter folk selv.", "Ikke hos oss."):
        expect(behind).to_contain_text(reason)
    expect(behind).not_to_contain_text("Husbanken")
    lead.get_by_role("button", name="Vis etatsnavn").click()
    expect(behind).to_contain_text("Husbanken")
    assert page.evaluate("window.notReloaded") == marker


def test_the_place_survives_a_reload_and_can_be_gone_back_from(house: House) -> None:
    disagree(house)
    page = leader(house)
    page.get_by_role("link", name="Påvirkninger", exact=True).click()
    page.get_by_role("button", name=SENTENCE).click()
    expect(page.locator(".wm-behind")).to_be_visible()
    assert page.url.endswith(f"#links/{LINK}")
    page.reload()
    expect(page.locator(".wm-behind")).to_contain_text("Ikke hos oss.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#wm-main")).to_be_focused()
    expect(page.locator(".wm-behind")).to_be_visible()
    page.go_back()
    expect(page.locator(".wm-behind")).to_have_count(0)
    expect(page.get_by_role("link", name="Påvirkninger", exact=True)).to_have_attribute("aria-current", "page")


def test_a_line_on_the_map_opens_the_stances_behind_it(house: House) -> None:
    disagree(house)
    page = leader(house)
    page.get_by_role("link", name="Påvirkninger", exact=True).click()
    see_on_map(page, LINK, "disputed")
    tap = "id => document.getElementById('wm-canvas')._cyreg.cy.getElementById('l:' + id).emit('tap')"
    page.evaluate(tap, LINK)
    expect(page.locator(".wm-behind")).to_contain_text("Ikke hos oss.")
    assert page.url.endswith(f"#links/{LINK}")


def test_two_agencies_are_chosen_and_kept_in_the_address(house: House) -> None:
    disagree(house)
    page = leader(house)
    page.get_by_role("link", name="To etater").click()
    page.get_by_label("Den ene etaten").select_option("kriminalomsorgen")
    page.get_by_label("Den andre etaten").select_option("nav_kommune")
    expect(page.locator(".wm-pair-legend")).to_contain_text("Motsatt retning (1)")
    page.wait_for_url("**#pair/kriminalomsorgen/nav_kommune")
    page.reload()
    expect(page.get_by_label("Den ene etaten")).to_have_value("kriminalomsorgen")
    expect(page.locator(".wm-difference-picture")).to_be_visible()


def test_agencies_are_chosen_by_keyboard_and_the_choice_follows_from_view_to_view(house: House) -> None:
    disagree(house)
    page = leader(house)
    chooser = page.locator(".wm-choice")
    page.get_by_role("link", name="Påvirkninger", exact=True).click()
    see_on_map(page, LINK, "disputed")
    chooser.locator("summary").focus()
    page.keyboard.press("Enter")
    for key in ("Tab", "Tab", "Tab", "Space"):
        page.keyboard.press(key)
    expect(page.locator("#wm-live")).to_contain_text("Viser 2 av 3 etater:")
    page.wait_for_url("**/compare?agencies=*#links")
    expect(chooser).to_have_attribute("open", "")
    expect(chooser.locator("input").nth(2)).to_be_focused()
    expect(chooser.locator("summary")).to_have_text("Hvem: 2 av 3 etater")
    address = page.url
    # A new agency joins in, and what is chosen stays chosen.
    barnevern = house.meeting.join("barnevern")
    house.meeting.does(barnevern, "take_stance", link="L10", stance="asserts")
    expect(chooser.locator("summary")).to_have_text("Hvem: 2 av 4 etater")
    assert [box.is_checked() for box in chooser.locator("input").all()].count(True) == 2
    page.get_by_role("link", name="Faktorer", exact=True).click()
    expect(page.locator(".wm-scope")).to_contain_text("Viser 2 av 4 etater:")
    expect(page.locator("#compare-view thead th .wm-chip")).to_have_count(2)
    page.reload()
    expect(page.locator(".wm-scope")).to_contain_text("Viser 2 av 4 etater:")
    assert page.url.split("?")[1].split("#")[0] == address.split("?")[1].split("#")[0]
    other = leader(house)
    other.goto(address)
    expect(other.locator(".wm-scope")).to_contain_text("Viser 2 av 4 etater:")

    chooser.locator("summary").click()
    page.get_by_role("button", name="Velg ingen").click()
    expect(page.locator("#compare-view")).to_contain_text("Ingen etater er valgt.")
    assert violations(page) == []
    page.get_by_role("button", name="Velg alle").click()
    expect(page.locator(".wm-scope")).to_have_count(0)
    assert "agencies" not in page.url


def test_many_changes_draw_the_page_anew_now_and_then_and_the_last_is_shown(house: House) -> None:
    person = house.meeting.join("nav_kommune")
    links = [row.id for row in house.meeting.state.rows("links")][:40]
    house.meeting.does(person, "take_stance", link=links[0], stance="asserts")
    page = leader(house)
    page.get_by_role("link", name="Påvirkninger", exact=True).click()
    expect(page.locator("#compare-view")).to_contain_text("Noen har tatt stilling til én påvirkning.")
    summary = page.locator(".wm-choice summary, #compare-view summary").last
    summary.focus()
    asked: list[float] = []
    page.on(
        "request",
        lambda one: asked.append(time.monotonic()) if "compare-view" in (one.post_data or "") else None,
    )
    for link in links[1:]:
        house.meeting.does(person, "take_stance", link=link, stance="asserts")
        page.wait_for_timeout(50)
    expect(page.locator("#compare-view")).to_contain_text("Noen har tatt stilling til 40 påvirkninger.")
    # The first at once, then one for every pause of 1.5 s at the most, with room for a clock that is rough.
    assert len(asked) <= 2 + (asked[-1] - asked[0]) / 1.4
    expect(summary).to_be_focused()


def test_what_the_facilitator_types_stays_while_the_room_goes_on(house: House) -> None:
    actors = disagree(house)
    page = leader(house)
    page.evaluate("link => { location.hash = 'links/' + link; }", LINK)
    page.get_by_text("Skriv hva rommet kom fram til").click()
    page.get_by_label("Med rommets egne ord").fill("Vi måler det til våren.")
    for link in ("L10", "L57", "L58"):
        house.meeting.does(actors[0], "take_stance", link=link, stance="asserts")
        house.meeting.does(actors[1], "take_stance", link=link, stance="rejects")
    expect(page.locator("#compare-view")).to_contain_text("4 vektlegges ulikt.")
    expect(page.get_by_label("Med rommets egne ord")).to_have_value("Vi måler det til våren.")
    page.get_by_label("Trenger mer kunnskap").check()
    page.get_by_role("button", name="Ta vare på det").click()
    expect(page.locator(".wm-talk").last).to_contain_text("Trenger mer kunnskap")
    expect(page.locator(".wm-behind blockquote", has_text="Vi måler det til våren.")).to_be_visible()
    row = house.meeting.state.rows("conclusions")[0]
    assert (row.link, row.outcome, row.text) == (LINK, "needs_evidence", "Vi måler det til våren.")
    assert len([one for one in house.meeting.state.rows("stances") if one.link == LINK]) == 3


def test_a_view_is_sent_to_the_wall(house: House) -> None:
    disagree(house)
    house.meeting.leads("reveal", stances=True, ratings=True, notes=True, framings=True)
    wall = house.new_page(viewport=WALL)
    key = house.meeting.workshops.key(house.meeting.id, "viewer")
    wall.goto(f"{house.serving.address}/open/{house.meeting.id}/viewer/{key}")
    page = leader(house)
    page.get_by_role("link", name="Faktorer", exact=True).click()
    page.get_by_role("button", name="Vis på veggen").click()
    expect(wall.locator(".wm-wall-grid").first).to_be_visible()
    expect(page.get_by_role("button", name="Vises på veggen nå")).to_have_attribute("aria-pressed", "true")
    fits = "node => node.scrollHeight <= node.clientHeight && node.scrollWidth <= node.clientWidth"
    assert wall.locator(".wm-wall-full").evaluate(fits)
    assert "Husbanken" not in wall.locator("#wall-panel").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible_and_fits_the_screen(house: House, scheme: str) -> None:
    actors = disagree(house)
    house.meeting.does(actors[0], "rate_factor", factor="gjeld", importance=5)
    house.meeting.does(actors[0], "write_framing", problem="Gjeld og utkastelse.", factors=["gjeld"])
    page = leader(house, color_scheme=scheme)
    for view in VIEWS:
        place = f"links/{LINK}" if view == "links" else view
        page.evaluate("place => { location.hash = place; }", place)
        expect(page.locator(f"nav a[href='#{view}']")).to_have_attribute("aria-current", "page")
        for size in (DESK, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert violations(page) == [], (view, size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (view, size)


def test_the_export_page_downloads_files_and_the_json_comes_back_equal(house: House) -> None:
    disagree(house)
    house.meeting.leads("reveal", stances=True)
    page = leader(house, "export")
    assert violations(page) == []
    for size in (NARROW, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Last ned wickedmap (JSON)").click()
    back = read_bytes(Path(waiting.value.path()).read_bytes(), waiting.value.suggested_filename).map
    assert back == leaving.export_map(house.meeting.workshops, house.meeting.facilitator)
    assert len(back.stances) == 3
    assert {one.agency for one in back.stances} & set(AGENCIES) == set()


def test_what_is_private_takes_an_explicit_choice_after_a_warning(house: House) -> None:
    disagree(house)
    page = leader(house, "export")
    private = page.get_by_role("link", name="wickedmap (JSON) med alt")
    expect(private).to_be_hidden()
    page.get_by_text("Last ned også det som ikke er vist for rommet").click()
    expect(page.locator(".wm-disclosed", has_text="Spør dem som skrev det")).to_be_visible()
    with page.expect_download() as waiting:
        private.click()
    back = read_bytes(Path(waiting.value.path()).read_bytes(), waiting.value.suggested_filename).map
    assert {one.agency for one in back.stances} == set(AGENCIES)
    page.get_by_role("button", name="Slipp alt fri til forskeren").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Har de som skrev det, sagt ja?")
    dialog.get_by_role("button", name="Slipp alt fri").click()
    expect(page.locator("#export-view")).to_contain_text("Møtelederen har sluppet det fri.")
    assert house.meeting.state.setting("private_released") is True
