"""A file that is looked through before it is used: on the front page and on the console, in real browsers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import violations
from tests.browser.house import House, open_house
from wickedmap import default_map, save
from wickedmap.texts import text
from wickedmap.web.doors import host_key

from .conftest import PHONE

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 1000}
LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
CSV = (
    "fra;til;fortegn\nGjeld;Søvnløshet;+\nSøvnløshet;Husleie;negatve\nGjelda;Uro;+\n"
    "Uro;;+\n;Uro;+\nUro;;-\n;Gjeld;-\nUro;;?\n;Husleie;?\n"
)


@pytest.fixture
def house(tmp_path: Path, new_page: Callable[..., Page]) -> Iterator[House]:
    with open_house(tmp_path / "house", new_page) as opened:
        yield opened


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "kart.csv"
    place.write_text(CSV, encoding="utf-8")
    return place


def front(house: House, **options: object) -> Page:
    page = house.new_page(**{"viewport": DESK, **options})
    page.goto(f"{house.serving.address}/start/{host_key(house.meeting.workshops.store.secret)}")
    page.locator("input[name=source][value=file]").check()
    return page


def console(house: House, **options: object) -> Page:
    page = house.new_page(**{"viewport": DESK, **options})
    key = house.meeting.workshops.key(house.meeting.id, "facilitator")
    page.goto(f"{house.serving.address}/open/{house.meeting.id}/facilitator/{key}")
    page.goto(f"{house.serving.address}/w/{house.meeting.id}/console#tab=add")
    expect(page.locator("#wm-connection")).to_have_attribute("data-state", "online")
    page.locator("button[data-opens=console-import]").click()
    return page


def look(page: Page, file: Path) -> None:
    form = page.locator("form[data-import]")
    form.locator("input[type=file]").set_input_files(file)
    form.locator("button[type=submit]").click()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_file_is_looked_through_and_then_opened(
    house: House, table: Path, language: str, size: dict[str, int]
) -> None:
    page = front(house, viewport=size, locale=LOCALES[language])
    assert violations(page) == []
    look(page, table)
    title = page.locator("[data-import-title]")
    expect(title).to_be_focused()
    expect(title).to_have_text(text(language, "import.before.title"))
    expect(page.locator("form[data-import]")).to_be_hidden()
    picture = page.locator(".wm-import-picture")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    view = page.locator("#import-view")
    expect(view).to_contain_text(text(language, "common.factors", count=5))
    expect(view).to_contain_text(text(language, "files.notice.row_without_link"))
    expect(view.locator("summary", has_text=text(language, "import.show_all", count=1))).to_be_visible()
    expect(view).to_contain_text(text(language, "import.alike.title"))
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert len(house.meeting.workshops.all()) == 1
    page.locator("[data-import-go]").click()
    page.wait_for_url("**/console")
    assert len(house.meeting.workshops.all()) == 2


def test_the_whole_way_on_the_front_page_by_keyboard(house: House, table: Path) -> None:
    page = front(house)
    # Asked for well before the key is pressed: no answer says when the browser hands the dialog over.
    page.on("filechooser", lambda _: None)
    page.locator("input[name=source][value=file]").focus()
    page.keyboard.press("Tab")
    expect(page.locator("input[type=file]")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(table)
    expect(page.locator("[data-import-name]")).to_have_text("kart.csv")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-import-title]")).to_be_focused()
    page.locator("[data-import-again]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[type=file]")).to_be_focused()
    expect(page.locator("[data-import-title]")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("kart.graphml", b"<graphml>\n<graph>\n", "kart.graphml, linje 3"),
        ("kart.csv", b'fra;til\nGjeld;"Husleie\n', "linje 2"),
        ("tom.json", b"", "filen er tom"),
        ("stor.json", b" " * 10_000_001, "Filen er større enn"),
        ("stor.csv", b"a;b;+\n" * 900_000, "høyst 5 MB kan leses"),
        ("kart.pdf", b"%PDF-1.7", "ikke i et format som leses her"),
    ],
)
def test_a_bad_file_is_told_beside_the_input_and_opens_nothing(
    house: House, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    page = front(house, viewport=PHONE)
    bad = tmp_path / name
    bad.write_bytes(content)
    look(page, bad)
    error = page.locator("[data-import-error]")
    expect(error).to_contain_text(told)
    expect(page.locator("input[type=file]")).to_be_focused()
    expect(page.locator("input[type=file]")).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
    assert len(house.meeting.workshops.all()) == 1


def test_no_file_chosen_is_told(house: House) -> None:
    page = front(house)
    page.locator("form[data-import] button[type=submit]").click()
    expect(page.locator("[data-import-error]")).to_have_text(text("nb", "import.missing"))


def test_a_slow_sending_shows_that_it_goes_on_and_can_be_stopped(house: House, table: Path) -> None:
    page = front(house)
    held: list[Route] = []
    page.route("**/api/v1/import", lambda route: held.append(route))
    look(page, table)
    stop = page.locator("[data-import-stop]")
    expect(stop).to_be_visible()
    expect(page.locator("[data-import-progress]")).to_be_visible()
    assert violations(page) == []
    stop.click()
    expect(page.locator("[data-import-error]")).to_have_text(text("nb", "import.stopped"))
    expect(stop).to_be_hidden()
    page.unroute("**/api/v1/import")
    page.locator("form[data-import] button[type=submit]").click()
    expect(page.locator("[data-import-title]")).to_be_focused()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_file_is_added_on_the_console_and_taken_back_in_one_undo(
    house: House, table: Path, language: str
) -> None:
    page = console(house, locale=LOCALES[language])
    before = house.meeting.state.to_map()
    look(page, table)
    view = page.locator("#import-view")
    expect(view.locator("[data-import-title]")).to_be_focused()
    expect(view).to_contain_text(text(language, "import.adds.factors", count=4))
    expect(view).to_contain_text(text(language, "import.known.factors", count=1))
    assert house.meeting.state.to_map() == before
    assert violations(page, "#console-import") == []
    view.locator("[data-import-go]").click()
    undo = view.locator("[data-import-undo]")
    expect(undo).to_have_text(text(language, "import.done.back"))
    assert {"Søvnløshet", "Husleie"} <= {factor.label for factor in house.meeting.state.to_map().factors}
    assert violations(page, "#console-import") == []
    undo.click()
    expect(page.locator("#console-import")).to_be_hidden()
    expect(page.locator("#console-undo button").nth(1)).to_be_enabled()
    assert house.meeting.state.to_map() == before


def test_the_same_file_again_has_nothing_to_add(house: House, table: Path) -> None:
    page = console(house, viewport=PHONE)
    look(page, table)
    page.locator("[data-import-go]").click()
    page.locator("#import-view [data-closes]").click()
    page.locator("button[data-opens=console-import]").click()
    expect(page.locator("[data-import-name]")).to_have_text(text("nb", "import.none_chosen"))
    look(page, table)
    expect(page.locator("#import-view")).to_contain_text(text("nb", "import.adding.nothing"))
    expect(page.locator("[data-import-go]")).to_have_count(0)
    assert violations(page, "#console-import") == []


def test_other_names_are_kept_when_asked_for(house: House, tmp_path: Path) -> None:
    m = default_map()
    debt = next(factor for factor in m.factors if factor.label == "Gjeld")
    file = tmp_path / "kart.wickedmap.json"
    save(m, file)
    whole = json.loads(file.read_text(encoding="utf-8"))
    for factor in whole["factors"]:
        if factor["id"] == debt.id:
            factor["aliases"] = ["Gamle lån"]
    file.write_text(json.dumps(whole), encoding="utf-8")
    page = console(house)
    look(page, file)
    expect(page.locator("[data-import-go]")).to_have_count(0)
    page.locator("[data-import-aliases]").check()
    expect(page.locator("[data-import-go]")).to_be_visible()
    expect(page.locator("[data-import-aliases]")).to_be_checked()
    page.locator("[data-import-go]").click()
    expect(page.locator("[data-import-undo]")).to_be_visible()
    assert "Gamle lån" in house.meeting.state.row("factors", debt.id).aliases


def test_what_means_the_same_is_ticked_and_what_is_new_stands_out_on_the_picture(
    house: House, tmp_path: Path
) -> None:
    file = tmp_path / "kart.csv"
    file.write_text("fra;til;fortegn\nStabil og egna bolig;Uro;-\n", encoding="utf-8")
    page = console(house)
    look(page, file)
    view = page.locator("#import-view")
    picture = view.locator(".wm-import-picture")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    expect(view).to_contain_text(text("nb", "import.adds.factors", count=2))
    box = view.get_by_role("checkbox", name="Stabil og egnet bolig")
    box.focus()
    page.keyboard.press("Space")
    expect(view).to_contain_text(text("nb", "import.adds.factors", count=1))
    box = view.get_by_role("checkbox", name="Stabil og egnet bolig")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    assert violations(page, "#console-import") == []
    page.locator("[data-import-go]").click()
    expect(page.locator("[data-import-undo]")).to_be_visible()
    labels = [factor.label for factor in house.meeting.state.to_map().factors]
    assert "Uro" in labels
    assert "Stabil og egna bolig" not in labels


LETTING_GO = """content => {
    const files = new DataTransfer();
    files.items.add(new File([content], 'sluppet.csv'));
    const how = { dataTransfer: files, bubbles: true, cancelable: true };
    for (const kind of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(kind, how));
}"""
PASTING = """content => {
    const rows = new DataTransfer();
    rows.setData('text/plain', content);
    document.activeElement.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: rows, bubbles: true, cancelable: true }));
}"""


def test_a_file_can_be_dropped_and_rows_can_be_pasted(house: House) -> None:
    page = front(house)
    page.locator("input[name=source]").first.check()
    page.evaluate(LETTING_GO, CSV)
    expect(page.locator("[data-import-name]")).to_have_text("sluppet.csv")
    expect(page.locator("input[name=source][value=file]")).to_be_checked()
    expect(page.locator(".wm-import-field")).not_to_have_attribute("data-over", "")
    page.evaluate(PASTING, "Gjeld\tUro\t+\nUro\tHusleie\t-\n")
    expect(page.locator("[data-import-name]")).to_have_text(text("nb", "import.pasted"))
    page.locator("form[data-import] button[type=submit]").click()
    expect(page.locator("#import-view")).to_contain_text(text("nb", "common.factors", count=3))


def test_what_is_pasted_into_a_field_stays_there(house: House) -> None:
    page = front(house)
    page.locator("input[name=title]").focus()
    page.evaluate(PASTING, "Gjeld i Bergen")
    expect(page.locator("[data-import-name]")).to_have_text(text("nb", "import.none_chosen"))


def test_a_national_number_stops_the_import_and_names_the_factor(house: House, tmp_path: Path) -> None:
    file = tmp_path / "kart.csv"
    file.write_text("fra;til\nKari 01019012345;Husleie\n", encoding="utf-8")
    page = console(house)
    look(page, file)
    expect(page.locator("#import-view .wm-notice-problem")).to_contain_text(
        re.compile("Kari .*ligner et fødsels")
    )
    expect(page.locator("[data-import-go]")).to_have_count(0)
    page.locator("[data-import-again]").click()
    expect(page.locator("#console-import input[type=file]")).to_be_focused()
