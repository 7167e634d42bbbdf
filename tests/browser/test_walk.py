"""A whole workshop in real browsers: facilitator, wall, three agencies on phones, researcher."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.house import Room
from wickedmap.formats import read_bytes

pytestmark = pytest.mark.browser

AGENCIES = {
    "nav_kommune": ("NAV kommune", "Den løslatte mangler inntekt når hen kommer til oss."),
    "politi": ("Politiet", "Det mangler trygghet der folk bor."),
    "brukerorg": ("Brukerorganisasjonene", "Systemet krever at jeg er frisk før jeg får et hjem."),
}


def join(new_page: Callable[..., Page], room: Room, agency: str) -> Page:
    page = new_page()
    page.goto(f"{room.house.url}/join")
    page.get_by_label("Kode").fill(room.code.lower())
    page.get_by_role("button", name="Videre").click()
    page.get_by_label("Hvem kommer du fra?").select_option(agency)
    page.get_by_role("button", name="Bli med").click()
    page.wait_for_url("**/me*")
    return page


def press(page: Page, change: str, fields: dict[str, object]) -> None:
    wanted = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    page.locator(f"button[data-change={change}][data-fields='{wanted}']").first.click()


def answer(page: Page, stance: str) -> None:
    page.locator(f'button[data-change=take_stance][data-fields*=\'"stance":"{stance}"\']').click()
    expect(page.locator(f'button[data-fields*=\'"stance":"{stance}"\']')).to_have_attribute(
        "aria-pressed", "true"
    )


def badge(wall: Page, factor: str) -> int:
    script = (
        "(id) => document.getElementById('wm-canvas')._cyreg.cy.getElementById('f:' + id).data('notes') || 0"
    )
    return int(wall.evaluate(script, factor))


def eventually(page: Page, question: Callable[[], bool]) -> None:
    for _ in range(200):
        if question():
            return
        page.wait_for_timeout(50)
    assert question()


def test_a_workshop_from_the_first_screen_to_the_researchers_file(
    new_page: Callable[..., Page], room: Room, tmp_path: Path
) -> None:
    # The facilitator opens the console, and the wall in a window beside it.
    console = new_page(viewport={"width": 1440, "height": 900})
    console.goto(room.link("facilitator"))
    console.wait_for_url("**/console")
    wall = new_page(viewport={"width": 1920, "height": 1080})
    wall.goto(room.link("viewer"))
    expect(wall.locator(".wm-wall-code")).to_have_text(f"{room.code[:4]}-{room.code[4:]}")

    # Three agencies come in by the code; the wall counts them.
    phones = {agency: join(new_page, room, agency) for agency in AGENCIES}
    expect(wall.get_by_text("3 er med")).to_be_visible()

    # Stage by stage, without a reload, the wall goes from a list to the whole web.
    marker = wall.evaluate("window.notReloaded = Math.random()")
    console.get_by_role("button", name="4 Hele kartet").click()
    expect(wall.locator("h1")).to_contain_text("Wicked")
    count = "document.getElementById('wm-canvas')._cyreg.cy.nodes('.factor').length"
    eventually(wall, lambda: wall.evaluate(count) == 21)

    # They disagree on one link, write notes, and say what the problem is.
    for agency, phone in phones.items():
        phone.goto(phone.url.split("#")[0] + "#link/L60")
        answer(phone, "rejects" if agency == "brukerorg" else "asserts")
        phone.goto(phone.url.split("#")[0] + "#factor/gjeld")
        form = phone.locator("form[data-change=annotate]")
        form.locator("textarea[name=text]").fill(f"Gjeld sett fra {AGENCIES[agency][0]} <b>ikke fet</b>")
        form.locator("button[type=submit]").click()
        expect(phone.get_by_text(f"Gjeld sett fra {AGENCIES[agency][0]}").first).to_be_visible()
        phone.get_by_role("link", name="Min problembeskrivelse").click()
        framing = phone.locator("form[data-change=write_framing]")
        framing.locator("textarea[name=problem]").fill(AGENCIES[agency][1])
        framing.locator("button[type=submit]").first.click()
    eventually(wall, lambda: badge(wall, "gjeld") == 3)

    # Nobody sees the others' words yet, on the phone, on the wall or in the comparison.
    viewer = new_page(beside=phones["politi"], viewport={"width": 1440, "height": 900})
    viewer.goto(f"{room.house.url}/w/{room.id}/compare")
    expect(viewer.get_by_text(AGENCIES["politi"][1]).first).to_be_visible()
    assert viewer.get_by_text(AGENCIES["nav_kommune"][1]).count() == 0

    # The facilitator reveals; the comparison fills in by itself.
    console.get_by_text("Vis fram", exact=True).click()
    for kind in ("framings", "stances", "notes"):
        console.locator(f"button[data-change=reveal][data-fields*='{kind}']").click()
        eventually(console, lambda kind=kind: bool(room.facilitator.state()["settings"][f"{kind}_revealed"]))
    expect(viewer.get_by_text(AGENCIES["nav_kommune"][1]).first).to_be_visible()
    said = viewer.locator("tr", has_text=AGENCIES["nav_kommune"][1])
    expect(said).to_contain_text("Etat")
    expect(said).not_to_contain_text("NAV kommune")
    console.locator("button[data-change=show_names]").click()
    expect(said).to_contain_text("NAV kommune")
    viewer.get_by_role("link", name="Påvirkninger").click()
    expect(viewer.get_by_text("Mer arbeidsløshet gir mer fattigdom").first).to_be_visible()
    print(viewer.locator("main").inner_text())

    # On the wall, one click shows who says what about the arrow.
    room.facilitator.does("set_spotlight", target_kind="link", target="L60")
    expect(wall.locator(".wm-wall-aside")).to_contain_text("2 mener at det stemmer")
    expect(wall.locator(".wm-wall-aside")).to_contain_text("1 mener at det ikke stemmer")
    assert wall.evaluate("window.notReloaded") == marker
    assert wall.evaluate("document.querySelectorAll('b').length") == 0, "what people write is shown as it is"

    # A changed mind is undone on the phone, and the comparison follows.
    phones["brukerorg"].goto(phones["brukerorg"].url.split("#")[0] + "#link/L60")
    answer(phones["brukerorg"], "asserts")
    expect(wall.locator(".wm-wall-aside")).to_contain_text("3 mener at det stemmer")
    phones["brukerorg"].locator(".wm-toast button", has_text="Angre").last.click()
    expect(wall.locator(".wm-wall-aside")).to_contain_text("1 mener at det ikke stemmer")

    # The researcher leaves with a file that is the same map again.
    desk = new_page(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    desk.goto(room.link("researcher"))
    with desk.expect_download() as download:
        desk.locator("a[href*='/export/wickedmap']").first.click()
    file = tmp_path / "kart.wickedmap.json"
    download.value.save_as(file)
    taken = read_bytes(file.read_bytes(), file.name).map
    assert sorted(stance.stance for stance in taken.stances) == ["asserts", "asserts", "rejects"]
    assert {framing.problem["nb"] for framing in taken.framings if not framing.example} == {
        problem for _, problem in AGENCIES.values()
    }
    again = room.house.open_room(source="empty")
    import base64

    body = {
        "source": "file",
        "name": file.name,
        "content_base64": base64.b64encode(file.read_bytes()).decode(),
        "key": room.house.host_key,
    }
    opened = again.facilitator.client.post("/api/v1/import", json=body).json()["workshop"]
    again.facilitator.workshop = opened
    repeated = read_bytes(again.facilitator.get("export/wickedmap", private="true").content, "again.json").map
    assert repeated == taken
