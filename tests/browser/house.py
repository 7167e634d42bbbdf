"""The whole product behind a real socket: a workshop, a facilitator, and people who come in by phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.serving import Serving
from tests.conftest import Meeting
from wickedmap.access import Actor
from wickedmap.default_map import default_map
from wickedmap.store import open_store
from wickedmap.web.server import build
from wickedmap.workshop import Workshops


@dataclass
class House:
    """A running server and its one workshop."""

    serving: Serving
    meeting: Meeting
    new_page: Callable[..., Page]

    @property
    def join_address(self) -> str:
        """The address that the QR code carries."""
        code = self.meeting.workshops.find(self.meeting.id).join_code
        return f"{self.serving.address}/j/{code}"

    def phone(self, agency: str = "nav_kommune", alias: str = "", **options: Any) -> Page:
        """Open a browser as somebody new and join as they would."""
        page = self.new_page(**options)
        page.goto(self.join_address)
        page.locator("select[name=agency]").select_option(agency)
        page.locator("input[name=alias]").fill(alias)
        page.locator("form[data-post='/api/v1/join'] button[type=submit]").click()
        page.wait_for_url("**/me")
        page.locator("#wm-connection[data-state=online]").wait_for()
        return page

    def actor_of(self, page: Page) -> Actor:
        """Return who a phone belongs to."""
        person = page.locator("#wm-root").get_attribute("data-person")
        row = self.meeting.state.person_row(person or "")
        assert row is not None
        return Actor(self.meeting.id, row.id, "representative", row.agency)


@contextmanager
def open_house(folder: Path, new_page: Callable[..., Page]) -> Iterator[House]:
    """Serve a workshop with the default map for as long as the block lasts."""
    store = open_store(folder)
    workshops = Workshops(store)
    workshop = workshops.open_workshop(default_map().replace(framings=()))
    serving = Serving(None)
    served = build(workshops, public_url=serving.address)
    serving.app = served.app
    with serving:
        yield House(
            serving, Meeting(workshops, workshop, Actor(workshop, "facilitator", "facilitator")), new_page
        )
        served.live.stop()
    store.close()
