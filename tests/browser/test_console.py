"""The console in a real browser: leading the wall, editing the map by hand, by form and by key, undoing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import WALL
from tests.browser.house import House, open_house

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
TABS = ("chosen", "add", "proposals", "parked", "reveal", "people", "room", "history")


@pytest.fixture
def house(tmp_path: Path, new_page: Callable[..., Page]) -> Iterator[House]:
    with open_house(tmp_path / "data", new_page) as opened:
        yield opened


def opened(house: House, role: str, **options: Any) -> Page:
    """Open a key link as somebody new."""
    key = house.meeting.workshops.key(house.meeting.id, role)
    page = house.new_page(**options)
    page.goto(f"{house.serving.address}/open/{house.meeting.id}/{role}/{key}")
    page.wait_for_function("() => window.wickedmap?.live?.state() === 'online'")
    return page


def console(house: House, **options: Any) -> Page:
    return opened(house, "facilitator", **{"viewport": DESK, **options})


def drawn(page: Page, *factors: str) -> None:
    """Wait until the canvas shows these factors."""
    page.wait_for_function(
        """(ids) => { const node = document.getElementById('wm-canvas');
          const cy = node && node._cyreg && node._cyreg.cy;
          return cy && ids.every((id) => cy.getElementById('f:' + id).nonempty()); }""",
        arg=list(factors),
    )


def place(page: Page, factor: str) -> tuple[float, float]:
    """Where a factor stands on the screen."""
    x, y = page.evaluate(
        """(id) => { const node = document.getElementById('wm-canvas');
          const at = node._cyreg.cy.getElementById('f:' + id).renderedPosition();
          const box = node.getBoundingClientRect(); return [box.left + at.x, box.top + at.y]; }""",
        factor,
    )
    return x, y


def tab(page: Page, name: str) -> Locator:
    page.locator(f"[data-tab={name}]").click()
    return page.locator(f"[data-panel={name}]")


def choose(page: Page, name: str) -> Locator:
    """Choose a factor in the list; returns the panel that says what it is."""
    page.locator("[data-as=list]").click()
    page.locator("#console-outline-list button.wm-console-name", has_text=name).click()
    panel = page.locator("#console-chosen-panel")
    expect(panel.locator("h2")).to_contain_text(name)
    return panel


# --- leading the room ---


def test_a_stage_changes_the_wall_in_another_window_without_a_reload(house: House) -> None:
    wall = opened(house, "viewer", viewport=WALL)
    wall.evaluate("window.notReloaded = true")
    page = console(house)
    page.get_by_role("button", name="2 Stjerne").click()
    expect(wall.locator("#wm-root")).to_have_class("wm-wall wm-wall-shows-map")
    drawn(wall, "boligsituasjon_loslatte")
    expect(page.locator("#console-now")).to_contain_text("trinn 2, stjerne")
    page.get_by_role("button", name="Problembeskrivelser", exact=True).click()
    expect(wall.locator("h1")).to_have_text("Hva er problemet? Sett fra hvert ståsted")
    assert wall.evaluate("window.notReloaded")


def test_the_keys_of_a_clicker_walk_through_the_stages(house: House) -> None:
    page = console(house)
    for stage in ("1 Liste", "2 Stjerne", "3 Koblet"):
        page.keyboard.press("PageDown")
        expect(page.get_by_role("button", name=stage)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("PageUp")
    expect(page.get_by_role("button", name="2 Stjerne")).to_have_attribute("aria-pressed", "true")


def test_the_focus_stays_where_it_was_when_the_page_has_changed(house: House) -> None:
    page = console(house)
    stage = page.get_by_role("button", name="3 Koblet")
    stage.focus()
    page.keyboard.press("Enter")
    expect(stage).to_have_attribute("aria-pressed", "true")
    expect(stage).to_be_focused()
    page.get_by_role("button", name="Begynn").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#console-agenda")).to_contain_text("0 av 5 min")
    expect(page.get_by_role("button", name="Neste steg")).to_be_focused()


def test_the_agenda_is_led_step_by_step_and_its_time_can_be_longer(house: House) -> None:
    page = console(house)
    page.get_by_role("button", name="Alle stegene").click()
    page.get_by_role("button", name="45 minutter").click()
    expect(page.locator("#console-steps-list li")).to_have_count(5)
    page.get_by_role("button", name="3. Fra stjerne til kobling").click()
    expect(page.locator("#console-steps")).not_to_be_visible()
    expect(page.locator("#console-agenda h2")).to_contain_text("Fra stjerne til kobling")
    expect(page.locator(".wm-console-clock")).to_have_text("0 av 10 min")
    page.get_by_role("button", name="+5 min").click()
    expect(page.locator(".wm-console-clock")).to_have_text("0 av 15 min")
    page.reload()
    expect(page.locator(".wm-console-clock")).to_have_text("0 av 15 min")


def test_the_small_wall_follows_the_wall(house: House) -> None:
    page = console(house)
    expect(page.locator(".wm-mini .wm-wall-code")).to_be_attached()
    page.get_by_role("button", name="4 Hele kartet").click()
    expect(page.locator(".wm-mini rect").first).to_be_attached()
    house.meeting.leads("set_spotlight", target_kind="factor", target="gjeld")
    expect(page.locator(".wm-mini .spot")).to_have_count(1)
    expect(page.locator("#console-now")).to_contain_text("I lyset: Gjeld.")
    page.get_by_role("button", name="Slukk lyset").click()
    expect(page.locator(".wm-mini .spot")).to_have_count(0)


# --- the map ---


def test_a_factor_added_by_form_stands_on_the_wall_and_can_be_undone_and_redone(house: House) -> None:
    house.meeting.leads("set_stage", stage=4)
    wall = opened(house, "viewer", viewport=WALL)
    page = console(house)
    panel = tab(page, "add")
    panel.get_by_label("Navn på faktoren").fill("Ventetid på bolig")
    panel.get_by_role("button", name="Legg til faktoren").click()
    undo = page.get_by_role("button", name="Angre: la til faktoren «Ventetid på bolig»")
    expect(undo).to_be_visible()
    expect(panel.get_by_label("Navn på faktoren")).to_have_value("")
    made = next(row for row in house.meeting.state.rows("factors") if row.label == "Ventetid på bolig")
    drawn(wall, made.id)

    undo.click()
    redo = page.get_by_role("button", name="Gjør om igjen: la til faktoren «Ventetid på bolig»")
    expect(redo).to_be_visible()
    wall.wait_for_function(
        "(id) => document.getElementById('wm-canvas')._cyreg.cy.getElementById('f:' + id).empty()", arg=made.id
    )
    redo.click()
    drawn(wall, made.id)


def test_a_label_that_is_there_already_is_refused_at_its_field(house: House) -> None:
    page = console(house)
    panel = tab(page, "add")
    panel.get_by_label("Navn på faktoren").fill("  gjeld ")
    panel.get_by_role("button", name="Legg til faktoren").click()
    expect(panel.locator(".wm-error", has_text="Det finnes allerede en faktor")).to_be_visible()
    expect(panel.get_by_label("Navn på faktoren")).to_be_focused()


def test_a_link_is_drawn_by_hand_from_cause_to_effect(house: House) -> None:
    house.meeting.leads("set_stage", stage=4)
    before = len(house.meeting.state.rows("links"))
    page = console(house)
    drawn(page, "laerevansker", "gjeld")
    page.get_by_role("button", name="Tegn").click()
    page.mouse.move(*place(page, "laerevansker"))
    page.mouse.down()
    page.mouse.move(*place(page, "gjeld"), steps=8)
    page.mouse.up()
    form = page.locator("form[data-form=add-link]")
    expect(form.locator("select[name=source]")).to_have_value("laerevansker")
    expect(form.locator("select[name=target]")).to_have_value("gjeld")
    form.get_by_text("Mer gir mer").click()
    form.get_by_role("button", name="Legg til påvirkningen").click()
    expect(page.get_by_role("button", name="Angre: la til en påvirkning")).to_be_visible()
    assert len(house.meeting.state.rows("links")) == before + 1


def test_a_link_is_drawn_by_keyboard_alone(house: House) -> None:
    house.meeting.leads("set_stage", stage=4)
    before = {row.id for row in house.meeting.state.rows("links")}
    page = console(house)
    drawn(page, "laerevansker", "gjeld")
    page.get_by_role("button", name="Tegn").focus()
    page.keyboard.press("Enter")
    for factor in ("laerevansker", "gjeld"):
        page.locator(f".wm-canvas-keys button[data-ref={factor}]").focus()
        page.keyboard.press("Enter")
    form = page.locator("form[data-form=add-link]")
    expect(form.locator("input[name=sign]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    form.get_by_role("button", name="Legg til påvirkningen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Angre: la til en påvirkning")).to_be_visible()
    (made,) = [row for row in house.meeting.state.rows("links") if row.id not in before]
    assert (made.source, made.target, made.mark) == ("laerevansker", "gjeld", "−")


def test_a_factor_is_moved_by_hand_and_the_move_can_be_undone(house: House) -> None:
    house.meeting.leads("set_stage", stage=4)
    page = console(house)
    drawn(page, "gjeld")
    page.get_by_role("button", name="Flytt").click()
    before = house.meeting.state.row("positions", "gjeld")
    x, y = place(page, "gjeld")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=6)
    page.mouse.up()
    expect(page.get_by_role("button", name="Angre: flyttet «Gjeld»")).to_be_visible()
    after = house.meeting.state.row("positions", "gjeld")
    assert after[0] > before[0]
    assert after[1] > before[1]
    page.get_by_role("button", name="Angre: flyttet «Gjeld»").click()
    expect(page.get_by_role("button", name="Gjør om igjen: flyttet «Gjeld»")).to_be_visible()
    assert house.meeting.state.row("positions", "gjeld") == before


def test_a_text_that_somebody_changed_meanwhile_is_answered_with_both(house: House) -> None:
    page = console(house)
    panel = choose(page, "Gjeld")
    panel.locator("summary", has_text="Endre eller ta bort").click()
    panel.get_by_label("Navn på faktoren").fill("Gjeld og lån")
    house.meeting.leads(
        "edit_factor", factor="gjeld", base_seq=house.meeting.state.seq, label="All slags gjeld"
    )
    expect(panel.locator("h2")).to_have_text("All slags gjeld")
    expect(panel.get_by_label("Navn på faktoren")).to_have_value("Gjeld og lån")
    panel.get_by_role("button", name="Lagre").click()
    ask = page.locator("dialog[open]")
    expect(ask).to_contain_text("All slags gjeld")
    expect(ask).to_contain_text("Gjeld og lån")
    ask.get_by_role("button", name="Bruk min tekst").click()
    expect(panel.locator("h2")).to_have_text("Gjeld og lån")
    # And once it is saved, the next edit is no longer behind.
    panel.get_by_label("Navn på faktoren").fill("Gjeld")
    panel.get_by_role("button", name="Lagre").click()
    expect(panel.locator("h2")).to_have_text("Gjeld")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_what_is_half_written_stays_while_the_room_goes_on(house: House) -> None:
    page = console(house)
    panel = tab(page, "add")
    panel.get_by_label("Navn på faktoren").fill("Halvferdig")
    panel.get_by_label("Årsak").select_option("rus")
    house.meeting.leads("add_factor", label="Aller først")
    expect(panel.get_by_label("Årsak").locator("option", has_text="Aller først")).to_be_attached()
    expect(panel.get_by_label("Årsak")).to_have_value("rus")
    expect(panel.get_by_label("Navn på faktoren")).to_have_value("Halvferdig")
    page.reload()
    expect(page.locator("[data-panel=add]").get_by_label("Navn på faktoren")).to_have_value("Halvferdig")


def test_a_reload_keeps_what_is_chosen_and_how_the_map_is_seen(house: House) -> None:
    page = console(house)
    choose(page, "Gjeld")
    page.reload()
    expect(page.locator("#console-chosen-panel h2")).to_have_text("Gjeld")
    expect(page.locator("#console-outline")).to_be_visible()
    expect(page.locator("#wm-canvas-box")).not_to_be_visible()


def test_a_factor_chosen_on_the_canvas_by_keyboard_opens_and_is_read(house: House) -> None:
    house.meeting.leads("set_stage", stage=4)
    page = console(house)
    drawn(page, "gjeld")
    page.locator(".wm-canvas-keys button[data-ref=gjeld]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#console-chosen-title")).to_be_focused()
    expect(page.locator("#console-chosen-title")).to_have_text("Gjeld")


def test_a_removed_factor_is_asked_about_first_and_can_come_back(house: House) -> None:
    page = console(house)
    panel = choose(page, "Gjeld")
    panel.locator("summary", has_text="Endre eller ta bort").click()
    panel.get_by_role("button", name="Ta bort faktoren").click()
    expect(page.locator("dialog[open]")).to_contain_text("Vil du ta bort «Gjeld» og 9 påvirkninger")
    page.locator("dialog[open]").get_by_role("button", name="Ta bort faktoren").click()
    expect(panel).to_contain_text("Det du valgte, er ikke lenger på kartet.")
    page.get_by_role("button", name="Angre: tok bort faktoren «Gjeld»").click()
    expect(panel.locator("h2")).to_have_text("Gjeld")


def test_two_factors_that_mean_the_same_become_one(house: House) -> None:
    page = console(house)
    panel = choose(page, "Gjeld")
    panel.locator("summary", has_text="Slå sammen").click()
    panel.get_by_label("Hvilken faktor betyr det samme?").select_option(label="Fattigdom")
    panel.get_by_role("button", name="Slå sammen", exact=True).click()
    expect(panel).to_contain_text("Slått sammen med denne")
    expect(page.get_by_role("button", name="Angre: slo sammen «Fattigdom» med «Gjeld»")).to_be_visible()
    assert house.meeting.state.row("factors", "fattigdom") is None


# --- what the room contributes ---


def test_a_proposal_from_a_phone_is_accepted_onto_the_map(house: House) -> None:
    page = console(house)
    nav = house.meeting.join("nav_kommune", "Kari")
    house.meeting.does(nav, "propose_factor", label="Ventetid på bolig", reason="Den mangler")
    expect(page.locator("[data-tab=proposals]")).to_contain_text("1")
    inbox = tab(page, "proposals")
    expect(inbox).to_contain_text("(Kari)")
    inbox.get_by_role("button", name="Godta").click()
    expect(inbox).to_contain_text("Ingen forslag venter på svar.")
    assert any(row.label == "Ventetid på bolig" for row in house.meeting.state.rows("factors"))


def test_a_half_written_answer_stays_with_its_own_proposal(house: House) -> None:
    nav = house.meeting.join("nav_kommune")
    house.meeting.does(nav, "propose_factor", label="Det første")
    house.meeting.does(nav, "propose_factor", label="Det andre")
    page = console(house)
    inbox = tab(page, "proposals")
    second = inbox.locator("li", has_text="Det andre")
    second.locator("summary", has_text="Avslå").click()
    second.get_by_label("Hvorfor ikke?").fill("Den er der allerede")
    inbox.locator("li", has_text="Det første").get_by_role("button", name="Godta").click()
    expect(inbox.locator("> div > ul > li")).to_have_count(1)
    expect(second.get_by_label("Hvorfor ikke?")).to_have_value("Den er der allerede")
    second.get_by_role("button", name="Avslå forslaget").click()
    expect(inbox).to_contain_text("Ingen forslag venter på svar.")
    answers = {row.factor.label: row.answer for row in house.meeting.state.rows("proposals")}
    assert answers == {"Det første": "", "Det andre": "Den er der allerede"}


def test_a_hidden_note_leaves_the_other_agencies_screens_and_comes_back(house: House) -> None:
    nav, police = house.meeting.join("nav_kommune", "Kari"), house.meeting.join("politi")
    house.meeting.does(nav, "annotate", target_kind="factor", target="gjeld", text="Noe som ikke er for alle")

    def seen_by_police() -> int:
        return len(house.meeting.workshops.view(police).rows("annotations"))

    page = console(house)
    reveal = tab(page, "reveal")
    expect(reveal).to_contain_text("1 merknad fra 1 etat.")
    reveal.get_by_role("switch", name="Merknader").click()
    expect(reveal.get_by_role("switch", name="Merknader")).to_have_attribute("aria-checked", "true")
    assert seen_by_police() == 1
    panel = choose(page, "Gjeld")
    expect(panel).to_contain_text("Noe som ikke er for alle")
    panel.get_by_role("button", name="Skjul for rommet").click()
    expect(panel).to_contain_text("skjult for rommet")
    assert seen_by_police() == 0
    # A second click at once counts as a double click, which is one.
    page.wait_for_timeout(400)
    panel.get_by_role("button", name="Vis igjen").click()
    expect(panel.get_by_role("button", name="Skjul for rommet")).to_be_visible()
    assert seen_by_police() == 1


def test_the_people_are_seen_as_they_come_and_the_doors_can_be_closed(house: House) -> None:
    page = console(house)
    people = tab(page, "people")
    house.phone("nav_kommune", "Kari")
    expect(people).to_contain_text("1 av 1 er tilkoblet nå")
    people.get_by_role("switch", name="Dørene er åpne").click()
    expect(people).to_contain_text("Ingen nye kan bli med.")
    assert house.meeting.state.setting("doors") is False


def test_something_is_parked_and_the_history_can_take_it_back(house: House) -> None:
    page = console(house)
    panel = tab(page, "parked")
    panel.get_by_label("Hva vil dere komme tilbake til?").fill("Hvem eier boligkøen?")
    panel.get_by_role("button", name="Parker det").click()
    expect(panel.locator("li")).to_contain_text("Hvem eier boligkøen?")
    past = tab(page, "history")
    row = past.locator("li", has_text="parkerte «Hvem eier boligkøen?»")
    row.get_by_role("button", name="Angre").click()
    expect(past.locator("li").first).to_contain_text("angret: parkerte «Hvem eier boligkøen?»")
    expect(tab(page, "parked")).to_contain_text("Ingenting er parkert.")


def test_a_workshop_is_finished_and_opened_again(house: House) -> None:
    page = console(house)
    tab(page, "room").get_by_role("button", name="Avslutt arbeidsmøtet").click()
    page.locator("dialog[open]").get_by_role("button", name="Avslutt arbeidsmøtet").click()
    expect(page.locator("#console-notice")).to_contain_text("Arbeidsmøtet er avsluttet.")
    page.locator("#console-notice").get_by_role("button", name="Åpne det igjen").click()
    expect(page.locator("#console-notice")).to_be_empty()


# --- for everybody, on any screen ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_inaccessible_in_any_state(house: House, scheme: str) -> None:
    nav = house.meeting.join("nav_kommune", "Kari")
    house.meeting.does(nav, "annotate", target_kind="factor", target="gjeld", text="En merknad")
    house.meeting.does(nav, "take_stance", link="L52", stance="rejects", reason="Nei")
    house.meeting.does(nav, "propose_factor", label="Ventetid på bolig")
    house.meeting.leads("set_stage", stage=4)
    house.meeting.leads("set_spotlight", target_kind="link", target="L52")
    house.meeting.leads("set_step", step=2)
    house.meeting.leads("park", text="Til senere")
    page = console(house, color_scheme=scheme)
    choose(page, "Gjeld")
    for name in TABS:
        panel = tab(page, name)
        panel.evaluate("node => node.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert axe.violations(page) == [], name
    page.locator("[data-as=map]").click()
    drawn(page, "gjeld")
    assert axe.violations(page) == []
    page.get_by_role("button", name="Alle stegene").click()
    assert axe.violations(page) == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (1280, 800)])
def test_all_of_it_fits_one_screen(house: House, width: int, height: int) -> None:
    house.meeting.leads("set_stage", stage=4)
    page = console(house, viewport={"width": width, "height": height})
    drawn(page, "gjeld")
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    assert page.locator("#wm-canvas-box").evaluate("node => node.clientHeight") > height * 0.4


@pytest.mark.parametrize("width", [820, 390, 320])
def test_on_a_smaller_screen_nothing_is_wider_than_it(house: House, width: int) -> None:
    page = console(house, viewport={"width": width, "height": 800})
    for name in TABS:
        tab(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
