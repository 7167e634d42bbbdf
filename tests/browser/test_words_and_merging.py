"""Words, merging, and before and after in real browsers: done by hand, live for others, and accessible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.house import House, open_house

from .conftest import NARROW

pytestmark = pytest.mark.browser

LINK = "L52"
DESK = {"width": 1440, "height": 1000}


@pytest.fixture
def house(tmp_path: Path, new_page: Callable[..., Page]) -> Iterator[House]:
    with open_house(tmp_path / "house", new_page) as opened:
        yield opened


def leader(house: House, surface: str, place: str, **options: object) -> Page:
    page = house.new_page(**{"viewport": DESK, **options})
    key = house.meeting.workshops.key(house.meeting.id, "facilitator")
    page.goto(f"{house.serving.address}/open/{house.meeting.id}/facilitator/{key}")
    page.goto(f"{house.serving.address}/w/{house.meeting.id}/{surface}{place}")
    expect(page.locator("#wm-connection")).to_have_attribute("data-state", "online")
    return page


def test_two_factors_are_looked_at_merged_and_taken_apart_by_keyboard(house: House) -> None:
    house.meeting.leads("add_factor", label="Gjelda")
    page = leader(house, "console", "#tab=add")
    look = page.locator("#console-merging button[data-merge]").first
    look.focus()
    page.keyboard.press("Enter")
    title = page.locator("[data-merge-title]")
    expect(title).to_be_focused()
    expect(title).to_contain_text("blir en del av «Gjeld»")
    assert violations(page, ".wm-console-side") == []
    page.locator("button[data-change=merge_factors]").focus()
    page.keyboard.press("Enter")
    back = page.locator("button[data-change=unmerge_factor]")
    expect(back).to_be_visible()
    expect(page.locator(".wm-merge-preview")).to_have_count(0)
    assert len(house.meeting.state.rows("merged")) == 1
    assert violations(page, ".wm-console-side") == []
    back.focus()
    page.keyboard.press("Enter")
    expect(back).to_have_count(0)
    assert house.meeting.state.rows("merged") == []


def test_choosing_the_same_factor_twice_says_what_to_do(house: House) -> None:
    page = leader(house, "console", "#tab=add")
    form = page.locator("form[data-merge-form]")
    page.locator("summary", has_text="Velg to faktorer selv").click()
    for name in ("keep", "other"):
        form.locator(f"select[name={name}]").select_option("gjeld")
    form.locator("button[type=submit]").click()
    expect(form.locator("[data-same]")).to_have_text("Velg to forskjellige faktorer.")
    form.locator("select[name=other]").select_option("fattigdom")
    form.locator("button[type=submit]").click()
    expect(page.locator("[data-merge-title]")).to_be_focused()


@pytest.mark.parametrize("size", [NARROW, {"width": 390, "height": 844}])
def test_a_word_is_written_on_the_phone_and_found_again(house: House, size: dict[str, int]) -> None:
    page = house.phone(viewport=size)
    page.locator(".wm-bottom a[href='#framing']").click()
    page.locator("summary", has_text="Hva legger du i ordene?").click()
    page.locator("a[href='#term/G16']").click()
    expect(page.locator("[data-panel='term/G16'] .me-heading")).to_be_focused()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[data-panel='term/G16'] textarea").fill("Et vanlig liv")
    page.locator("[data-panel='term/G16'] button[type=submit]").click()
    expect(page.locator("button[data-change=withdraw_term]")).to_be_visible()
    assert [row.text for row in house.meeting.state.rows("terms")] == ["Et vanlig liv"]
    page.reload()
    expect(page.locator("[data-panel='term/G16'] textarea")).to_have_value("Et vanlig liv")
    page.locator(".wm-bottom a[href='#mine']").click()
    expect(page.locator("[data-view=mine]")).to_contain_text("Et vanlig liv")
    assert violations(page) == []


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_moved_is_shown_and_another_moment_can_be_chosen(
    house: House, language: str, scheme: str
) -> None:
    meeting = house.meeting
    nav = [meeting.join("nav_kommune") for _ in range(3)]
    for actor in nav:
        meeting.does(actor, "take_stance", link=LINK, stance="asserts")
    shown = meeting.leads("reveal", stances=True).seq
    meeting.does(nav[0], "take_stance", link=LINK, stance="unsure")
    page = leader(house, "compare", "#movement", color_scheme=scheme, locale=language)
    expect(page.locator(".wm-moved > li")).to_have_count(1)
    assert violations(page, serious_only=True) == []
    page.locator("select[name=from]").select_option(str(shown))
    expect(page).to_have_url(re.compile(rf"#movement/{shown}/now$"))
    expect(page.locator(".wm-moved > li")).to_have_count(1)
    meeting.does(nav[1], "take_stance", link="L01", stance="rejects")
    expect(page.locator(".wm-moved > li")).to_have_count(2)
