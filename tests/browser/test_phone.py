"""The phone in a real browser: by keyboard, without a net, and while the room goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import NARROW
from tests.browser.house import House, open_house

pytestmark = pytest.mark.browser


@pytest.fixture
def house(tmp_path: Path, new_page: Callable[..., Page]) -> Iterator[House]:
    with open_house(tmp_path / "data", new_page) as opened:
        yield opened


def name_of_focus(page: Page) -> str:
    """What a screen reader would call the control that has the focus."""
    said: str = page.evaluate(
        """() => {
          const one = document.activeElement;
          if (!one || one === document.body) return "";
          const labels = one.labels ? Array.from(one.labels, (label) => label.textContent) : [];
          const read = one.cloneNode(true);
          read.querySelectorAll("[aria-hidden=true]").forEach((silent) => silent.remove());
          return (one.getAttribute("aria-label") || labels.join(" ") || read.textContent || "").trim();
        }"""
    )
    return said


def tab_to(page: Page, name: str, backwards: bool = False) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if name_of_focus(page).startswith(name):
            return
    raise AssertionError(f"Tab never came to {name!r}; it ended at {name_of_focus(page)!r}")


def heading(page: Page) -> Any:
    return page.locator("h1:visible")


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until the server has it."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it never came to be")


def no_sideways_scrolling(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def expect_no_sideways_scrolling(page: Page) -> None:
    page.wait_for_function(
        "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth", timeout=5_000
    )


# --- by keyboard alone ---


def test_the_whole_journey_works_by_keyboard_alone(house: House, new_page: Callable[..., Page]) -> None:
    house.meeting.leads("set_stage", stage=4)
    page = new_page()
    page.goto(house.join_address)
    page.locator("select[name=agency]").wait_for()

    tab_to(page, "Hvem kommer du fra?")
    page.keyboard.type("NAV kommune")
    tab_to(page, "Kallenavn")
    page.keyboard.type("Kari")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me")
    expect(heading(page)).to_have_text("Kartet")

    tab_to(page, "Søk i kartet")
    page.keyboard.type("gjel")
    expect(page.locator("#me-found")).to_have_text("Ett treff")
    tab_to(page, "Gjeld")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Gjeld")
    expect(heading(page)).to_be_focused()

    tab_to(page, "Viktighet 4 av 5")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("aria-pressed", "true")

    tab_to(page, "Merknad")
    page.keyboard.type("Gamle krav stopper ny kontrakt.")
    tab_to(page, "Legg til merknad")
    page.keyboard.press("Enter")
    expect(page.locator("[data-entry]")).to_contain_text("Gamle krav stopper ny kontrakt.")
    expect(page.locator("textarea[name=text]:visible")).to_have_value("")

    tab_to(page, "Mer gjeld gir flere utkastelser.", backwards=True)
    page.keyboard.press("Enter")
    expect(heading(page)).to_contain_text("Mer gjeld gir flere utkastelser.")
    tab_to(page, "Stemmer ikke")
    page.keyboard.press("Enter")
    tab_to(page, "Hvorfor?")
    page.keyboard.type("Vi stopper de fleste i tide.")
    page.keyboard.press("Enter")
    page.locator("form[data-draft='stance-L52'] input[name=reason]").and_(
        page.locator("[value='Vi stopper de fleste i tide.']")
    ).wait_for(state="attached")

    tab_to(page, "Min problembeskrivelse")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Min problembeskrivelse")
    tab_to(page, "Hva er problemet?")
    page.keyboard.type("Ingen har ansvar for de første ukene.")
    tab_to(page, "Hvilke faktorer")
    page.keyboard.press("Enter")
    tab_to(page, "Søk")
    page.keyboard.type("løsla")
    tab_to(page, "Uforberedt løslatelse")
    page.keyboard.press("Space")
    tab_to(page, "1 – nei")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Send inn")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Lagre ny versjon")).to_be_visible()

    state = house.meeting.state
    (framing,) = state.rows("framings")
    assert framing.problem.in_language("nb") == "Ingen har ansvar for de første ukene."
    assert (framing.factors, framing.belief) == (("loslatelse",), 2)
    assert [(row.stance, row.reason) for row in state.rows("stances")] == [
        ("rejects", "Vi stopper de fleste i tide.")
    ]
    assert [row.importance for row in state.rows("ratings")] == [4]

    tab_to(page, "Mine bidrag")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Mine bidrag")
    tab_to(page, "Angre: problembeskrivelse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Gjør om igjen: problembeskrivelse")).to_be_visible()
    assert house.meeting.state.rows("framings") == []


def test_the_way_back_leads_to_where_one_was(house: House) -> None:
    house.meeting.leads("set_stage", stage=4)
    page = house.phone()
    page.get_by_role("link", name="Kriminalitet").click()
    expect(heading(page)).to_have_text("Kriminalitet")
    page.get_by_role("link", name="Mer gjeld gir mer kriminalitet.").click()
    expect(heading(page)).to_contain_text("Mer gjeld gir mer kriminalitet.")
    page.go_back()
    expect(heading(page)).to_have_text("Kriminalitet")
    assert name_of_focus(page).startswith("Mer gjeld gir mer kriminalitet.") or name_of_focus(page).startswith(
        "+"
    )
    page.get_by_role("link", name="Tilbake").click()
    expect(heading(page)).to_have_text("Kartet")
    assert name_of_focus(page).startswith("Kriminalitet")
    page.reload()
    page.goto(page.url.split("#")[0] + "#link/L52")
    expect(heading(page)).to_contain_text("Mer gjeld gir flere utkastelser.")
    page.reload()
    expect(heading(page)).to_contain_text("Mer gjeld gir flere utkastelser.")


def test_the_skip_link_leads_into_what_is_open(house: House) -> None:
    page = house.phone()
    page.get_by_role("link", name="Bolig").click()
    expect(heading(page)).to_be_focused()
    page.locator(".wm-skip").focus()
    page.keyboard.press("Enter")
    expect(heading(page)).to_be_focused()
    expect(heading(page)).to_have_text("Bolig")


# --- without a net ---


def test_what_is_sent_without_a_net_survives_a_reload_and_arrives_exactly_once(house: House) -> None:
    page = house.phone()
    page.get_by_role("link", name="Bolig").click()
    page.get_by_label("Merknad", exact=True).fill("Skrevet i heisen")
    page.context.set_offline(True)
    page.get_by_role("button", name="Legg til merknad").click()
    page.get_by_role("button", name="Viktighet 5 av 5").click()
    expect(page.get_by_role("button", name="Viktighet 5 av 5")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Mine bidrag").click()
    expect(page.locator("#me-unsent")).to_contain_text("Skrevet i heisen")
    expect(page.locator("#me-unsent")).to_contain_text("Venter på nett")
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto(f"{house.serving.address}/w/{house.meeting.id}/me#mine")
    expect(page.locator("#me-mine")).to_contain_text("Skrevet i heisen")
    expect(page.locator("#me-mine")).to_contain_text("Viktighet for meg: 5")
    expect(page.locator("#me-unsent")).to_be_empty()
    assert [row.text for row in house.meeting.state.rows("annotations")] == ["Skrevet i heisen"]


def test_what_is_typed_and_not_sent_is_there_after_a_reload(house: House) -> None:
    page = house.phone()
    page.get_by_role("link", name="Min problembeskrivelse").click()
    page.get_by_label("Hva er problemet?").fill("Halvferdig tanke")
    page.reload()
    expect(page.get_by_label("Hva er problemet?")).to_have_value("Halvferdig tanke")
    assert house.meeting.state.rows("framings") == []


def test_what_is_opened_without_a_net_opens_by_itself_when_the_net_is_back(house: House) -> None:
    page = house.phone()
    page.context.set_offline(True)
    page.get_by_role("link", name="Bolig").click()
    expect(page.locator("#me-loading")).to_contain_text("Uten nett akkurat nå")
    page.context.set_offline(False)
    expect(heading(page)).to_have_text("Bolig")


# --- while the room goes on ---


def test_the_reveal_is_not_spoiled_by_anything_that_is_sent_to_the_phone(
    house: House, new_page: Callable[..., Page]
) -> None:
    heard: list[str] = []
    page = new_page()
    page.on(
        "response", lambda response: heard.append(response.text()) if "_dash-update" in response.url else None
    )
    page.goto(house.join_address)
    page.locator("select[name=agency]").select_option("namsmannen")
    page.get_by_role("button", name="Bli med").click()
    expect(heading(page)).to_have_text("Kartet")
    page.get_by_role("link", name="Bolig").click()
    expect(heading(page)).to_have_text("Bolig")
    page.get_by_role("link", name="Min problembeskrivelse").click()
    page.get_by_role("link", name="Mine bidrag").click()
    page.goto(page.url.split("#")[0] + "#factor/gjeld")
    expect(heading(page)).to_have_text("Ikke på kartet nå")
    assert heard
    for answer in heard:
        assert "utkastelse" not in answer.lower()
        assert "kriminalitet" not in answer.lower()
    house.meeting.leads("set_stage", stage=4)
    expect(heading(page)).to_have_text("Gjeld")
    page.get_by_role("link", name="Kartet").click()
    expect(page.locator("#me-list")).to_contain_text("Kriminalitet")


def test_a_note_of_somebody_else_arrives_and_leaves_what_i_type_alone(house: House) -> None:
    house.meeting.leads("reveal", notes=True)
    page = house.phone()
    page.get_by_role("link", name="Bolig").click()
    text = page.get_by_label("Merknad", exact=True)
    text.click()
    page.keyboard.type("Jeg skriver ennå")
    page.keyboard.press("ArrowLeft")
    other = house.meeting.join("politi")
    house.meeting.does(other, "annotate", target_kind="factor", target="bolig", text="Naboene klager")
    expect(page.locator("[data-entry]")).to_contain_text("Naboene klager")
    expect(text).to_have_value("Jeg skriver ennå")
    expect(text).to_be_focused()
    assert text.evaluate("one => one.selectionStart") == len("Jeg skriver enn")
    expect(page.locator("#wm-live")).to_have_text("Én ny endring fra de andre.")


def test_an_undone_answer_is_no_longer_pressed(house: House) -> None:
    page = house.phone()
    page.get_by_role("link", name="Bolig").click()
    step = page.get_by_role("button", name="Viktighet 3 av 5")
    step.click()
    expect(step).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Angre").click()
    expect(step).to_have_attribute("aria-pressed", "false")
    step.click()
    page.get_by_role("button", name="Viktighet 1 av 5").click()
    expect(page.get_by_role("button", name="Viktighet 1 av 5")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Trekk tilbake svaret").click()
    expect(page.locator(".me-steps [aria-pressed=true]")).to_have_count(0)
    assert house.meeting.state.rows("ratings") == []


def test_an_answer_the_server_refuses_goes_back_to_what_it_was(house: House) -> None:
    page = house.phone()
    page.get_by_role("link", name="Bolig").click()
    step = page.get_by_role("button", name="Viktighet 3 av 5")
    expect(step).to_be_visible()
    # The facilitator removes the factor just as the finger comes down.
    page.evaluate("window.wickedmap.live.seq")
    page.route("**/_dash-update-component", lambda route: route.abort())
    house.meeting.leads("remove_factor", factor="bolig")
    step.click()
    expect(page.locator(".wm-toast")).to_contain_text("finnes ikke lenger")
    expect(step).to_have_attribute("aria-pressed", "false")


def test_two_devices_of_one_person_do_not_overwrite_each_other_silently(house: House) -> None:
    first = house.phone()
    first.get_by_role("link", name="Min problembeskrivelse").click()
    first.get_by_label("Hva er problemet?").fill("Fra telefonen")
    first.get_by_role("button", name="Send inn").click()
    expect(first.get_by_role("button", name="Lagre ny versjon")).to_be_visible()
    first.get_by_label("Hva er problemet?").fill("Fra telefonen, bedre")
    house.meeting.does(house.actor_of(first), "write_framing", problem="Fra nettbrettet")
    first.wait_for_timeout(500)
    first.get_by_role("button", name="Lagre ny versjon").click()
    box = first.get_by_role("dialog")
    expect(box).to_contain_text("Fra nettbrettet")
    box.get_by_role("button", name="Bruk min tekst").click()
    expect(box).to_have_count(0)
    expect(first.locator("#wm-outbox")).to_be_hidden()
    (framing,) = house.meeting.state.rows("framings")
    assert framing.problem.in_language("nb") == "Fra telefonen, bedre"


def test_my_description_can_be_saved_again_and_again(house: House) -> None:
    page = house.phone()
    page.get_by_role("link", name="Min problembeskrivelse").click()
    page.get_by_label("Hva er problemet?").fill("Første")
    page.get_by_role("button", name="Send inn").click()
    again = page.get_by_role("button", name="Lagre ny versjon")
    expect(again).to_be_visible()
    for text in ("Andre", "Tredje"):
        page.get_by_label("Hva er problemet?").fill(text)
        again.click()
        until(page, lambda text=text: house.meeting.state.rows("framings")[0].problem.in_language("nb") == text)
        page.wait_for_timeout(800)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Angre").last.click()
    expect(page.get_by_label("Hva er problemet?")).to_have_value("Andre")


def test_a_proposed_link_is_said_with_the_names_of_its_ends(house: House) -> None:
    page = house.phone()
    page.get_by_role("link", name="Bolig").click()
    page.get_by_text("Foreslå en ny påvirkning").click()
    page.get_by_label("Hva blir påvirket?").select_option("motivasjon")
    expect(page.get_by_text("En mer stabil bolig gir mindre motivasjon for endring")).to_be_visible()
    page.get_by_text("En mer stabil bolig gir mer motivasjon for endring").click()
    page.get_by_role("button", name="Send forslaget").first.click()
    page.get_by_role("link", name="Mine bidrag").click()
    expect(page.locator("#me-mine")).to_contain_text("En mer stabil bolig gir mer motivasjon for endring.")
    expect(page.locator("#me-mine")).to_contain_text("Venter på svar fra møtelederen")
    (proposal,) = house.meeting.state.rows("proposals")
    house.meeting.leads("decline_proposal", proposal=proposal.id, reason="Den kommer i neste trinn")
    expect(page.locator("#me-mine")).to_contain_text("Svar fra møtelederen: Den kommer i neste trinn")


def test_a_note_is_changed_and_deleted_and_the_deletion_undone(house: House) -> None:
    page = house.phone()
    house.meeting.does(
        house.actor_of(page), "annotate", target_kind="factor", target="bolig", text="Skrivefiel"
    )
    page.get_by_role("link", name="Mine bidrag").click()
    page.get_by_role("link", name="Endre: Skrivefiel").click()
    page.get_by_label("Merknad", exact=True).fill("Skrivefeil")
    page.get_by_role("button", name="Lagre").click()
    page.get_by_role("link", name="Mine bidrag").first.click()
    expect(page.locator("#me-mine")).to_contain_text("Skrivefeil")
    page.get_by_role("button", name="Slett: Skrivefeil").click()
    expect(page.locator("#me-mine")).to_contain_text("Her samles alt")
    page.get_by_role("button", name="Angre: slettet merknad").click()
    expect(page.locator("#me-mine")).to_contain_text("Skrivefeil")


def test_a_text_that_was_not_sent_when_the_workshop_finished_can_still_be_read(house: House) -> None:
    page = house.phone()
    page.get_by_role("link", name="Bolig").click()
    page.get_by_label("Merknad", exact=True).fill("Rakk ikke å sende")
    house.meeting.leads("finish")
    expect(page.get_by_text("Arbeidsmøtet er avsluttet.")).to_be_visible()
    expect(page.get_by_label("Merknad", exact=True)).to_have_value("Rakk ikke å sende")
    expect(page.get_by_label("Merknad", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Legg til merknad")).to_be_disabled()
    page.get_by_role("link", name="Min problembeskrivelse").click()
    expect(page.get_by_label("Hva er problemet?")).to_be_hidden()


# --- for everybody ---


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state(house: House, theme: Any) -> None:
    house.meeting.leads("set_stage", stage=4)
    house.meeting.leads("reveal", notes=True, stances=True)
    other = house.meeting.join("politi")
    house.meeting.does(other, "annotate", target_kind="factor", target="gjeld", text="Naboene klager")
    house.meeting.does(other, "take_stance", link="L52", stance="rejects", reason="Sjelden")
    # So tall that nothing stands behind the three places at the lower edge.
    page = house.phone(color_scheme=theme, viewport={"width": 390, "height": 9000})
    actor = house.actor_of(page)
    house.meeting.does(actor, "annotate", target_kind="factor", target="gjeld", text="Purringer")
    house.meeting.does(actor, "take_stance", link="L52", stance="asserts", sign="-")
    house.meeting.does(actor, "rate_factor", factor="gjeld", importance=4)
    house.meeting.does(actor, "write_framing", problem="Ingen plan", factors=["gjeld"], links=["L52"])
    house.meeting.does(actor, "propose_factor", label="Ventetid på bolig")
    note = house.meeting.state.rows("annotations")[-1].id
    start = page.url.split("#")[0]
    for where in (
        "#map",
        "#factor/gjeld",
        "#link/L52",
        f"#note/{note}",
        "#framing",
        "#mine",
        "#propose",
        "#factor/x",
    ):
        page.goto(start + where)
        expect(heading(page)).to_have_count(1)
        unfold(page)
        assert axe.violations(page, serious_only=True) == [], where
    house.meeting.leads("finish")
    expect(page.get_by_text("Arbeidsmøtet er avsluttet.")).to_be_visible()
    assert axe.violations(page, serious_only=True) == []


@pytest.mark.parametrize(("size", "text"), [(NARROW, "100%"), ({"width": 390, "height": 844}, "200%")])
def test_nothing_scrolls_sideways_on_a_narrow_phone_or_with_large_text(
    house: House, size: dict[str, int], text: str
) -> None:
    house.meeting.leads("set_stage", stage=4)
    page = house.phone(viewport=size)
    start = page.url.split("#")[0]
    for where in ("#map", "#factor/gjeld", "#link/L52", "#framing", "#mine", "#propose"):
        page.goto(start + where)
        expect(heading(page)).to_have_count(1)
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
        unfold(page)
        # The three places cover no more than a fifth of what is read; with larger text they scroll away.
        page.wait_for_function(
            """() => {
              const bar = document.querySelector(".wm-bottom");
              return getComputedStyle(bar).position === "static" || bar.offsetHeight <= innerHeight / 5;
            }"""
        )
        expect_no_sideways_scrolling(page)


@pytest.mark.parametrize(
    ("language", "title"), [("nb-NO", "Kartet"), ("nn-NO", "Kartet"), ("en-GB", "The map")]
)
def test_the_page_is_in_the_language_it_says(house: House, language: str, title: str) -> None:
    page = house.phone(locale=language)
    expect(heading(page)).to_have_text(title)
    assert page.locator("html").get_attribute("lang") == language[:2]
