"""The server is killed in the middle of a workshop; nobody loses or doubles a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.house import House, Room

pytestmark = pytest.mark.browser


def come_in(new_page: Callable[..., Page], room: Room, agency: str) -> Page:
    page = new_page()
    page.goto(f"{room.house.url}/j/{room.code}")
    page.locator("select[name=agency]").select_option(agency)
    page.locator("form[data-post] button[type=submit]").click()
    page.wait_for_url("**/me*")
    page.goto(f"{room.house.url}/w/{room.id}/me#factor/bolig")
    expect(page.locator("form[data-change=annotate] textarea[name=text]")).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    form = page.locator("form[data-change=annotate]")
    form.locator("textarea[name=text]").fill(text)
    form.locator("button[type=submit]").click()


def test_a_killed_server_comes_back_and_every_word_arrives_once(
    new_page: Callable[..., Page], tmp_path: Path
) -> None:
    house = House(tmp_path / "data").start()
    try:
        room = house.open_room()
        one, other = come_in(new_page, room, "nav_kommune"), come_in(new_page, room, "nav_kommune")
        write(one, "Før strømbruddet")
        expect(other.get_by_text("Før strømbruddet")).to_be_visible()

        house.kill()
        write(one, "Skrevet uten server")
        write(other, "Også skrevet uten server")
        expect(one.locator("#wm-outbox")).not_to_be_empty()
        house.start()

        for page in (one, other):
            for text in ("Før strømbruddet", "Skrevet uten server", "Også skrevet uten server"):
                expect(page.get_by_text(text, exact=True)).to_have_count(1, timeout=20_000)
        room.facilitator.does("set_stage", stage=2)
        for page in (one, other):
            expect(page.get_by_text("Trinn 2 av 4")).to_be_visible()
        notes = [note["text"] for note in room.facilitator.state()["map"]["annotations"]]
        assert sorted(notes) == ["Før strømbruddet", "Også skrevet uten server", "Skrevet uten server"]
    finally:
        house.close_clients()
        house.stop()
