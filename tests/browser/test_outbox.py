"""What a person writes arrives exactly once, whatever happens to the network, the page or the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from .axe import violations
from .conftest import NARROW
from .outbox_app import LIMIT, Book, make_app
from .serving import Serving

pytestmark = pytest.mark.browser


@dataclass
class Room:
    book: Book
    serving: Serving
    new_page: Callable[..., Page]

    def enter(self, **options: object) -> Page:
        page = self.new_page(**options)
        page.goto(self.serving.address)
        expect(page.locator("#wm-connection")).to_have_attribute("data-state", "online")
        return page

    def has(self, page: Page, *texts: str) -> None:
        """Wait until nothing is left to send, and compare what the server got."""
        page.wait_for_function("wickedmap.root() && wickedmap.outbox.entries().length === 0")
        assert self.book.texts() == list(texts)


@pytest.fixture
def room(new_page: Callable[..., Page]) -> Iterator[Room]:
    book = Book()
    with Serving(make_app(book)) as serving:
        yield Room(book, serving, new_page)


def write(page: Page, text: str) -> None:
    page.get_by_label("Merknaden din").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def waiting(page: Page, count: int) -> None:
    page.wait_for_function(
        """count => wickedmap.outbox.entries()
        .filter(one => one.state === 'queued' && one.tries > 0).length === count""",
        arg=count,
    )


def test_a_note_is_sent_with_its_fields_and_the_form_is_ready_for_the_next(room: Room) -> None:
    page = room.enter()
    page.get_by_label("Spørsmål").check()
    write(page, "Hvem ringer først?")
    room.has(page, "Hvem ringer først?")
    sent = {name: value for name, value in room.book.changes[0].items() if name != "op_id"}
    assert sent == {
        "kind": "annotate",
        "target_kind": "factor",
        "target": "gjeld",
        "note_kind": "question",
        "text": "Hvem ringer først?",
    }
    expect(page.get_by_label("Merknaden din")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('wm-draft:'))") == []


def test_undo_is_offered_after_a_change(room: Room) -> None:
    page = room.enter()
    write(page, "En erfaring")
    page.get_by_role("button", name="Angre").click()
    expect(page.locator(".wm-toast")).to_contain_text("Angret")
    assert [(change["kind"], change.get("of")) for change in room.book.changes] == [
        ("annotate", None),
        ("undo", 1),
    ]


def test_a_double_click_is_one_change(room: Room) -> None:
    page = room.enter()
    note_field = page.get_by_label("Merknaden din")
    note_field.fill("Bare én gang")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    page.get_by_role("button", name="Neste trinn").dblclick()
    room.has(page, "Bare én gang")
    assert [change["kind"] for change in room.book.changes] == ["annotate", "set_step"]
    expect(page.locator(".wm-error:visible")).to_have_count(0)


def test_quick_fingers_that_write_two_things_send_two(room: Room) -> None:
    page = room.enter()
    write(page, "det ene")
    room.has(page, "det ene")
    write(page, "det andre")
    room.has(page, "det ene", "det andre")


def test_a_double_click_on_a_slow_line_is_one_change(room: Room) -> None:
    room.book.pause = 1.0
    page = room.enter()
    page.get_by_label("Merknaden din").fill("Sendt én gang")
    send = page.get_by_role("button", name="Send", exact=True)
    send.click()
    expect(page.locator("form").first.locator(".wm-form-state")).to_have_text("Sender …")
    page.wait_for_timeout(750)
    send.click()
    room.has(page, "Sendt én gang")


def test_text_written_without_a_network_arrives_when_it_is_back(room: Room) -> None:
    page = room.enter()
    page.context.set_offline(True)
    write(page, "Skrevet i heisen")
    expect(page.locator("#wm-outbox")).to_have_text("Én venter på å bli sendt")
    expect(page.get_by_label("Merknaden din")).to_have_value("Skrevet i heisen")
    page.context.set_offline(False)
    room.has(page, "Skrevet i heisen")
    expect(page.locator("#wm-outbox")).to_be_hidden()


def test_what_is_typed_and_what_waits_survive_a_reload_without_a_server(room: Room) -> None:
    page = room.enter()
    room.serving.kill()
    write(page, "Sendt mens tjeneren var nede")
    waiting(page, 1)
    page.get_by_label("Merknaden din").fill("Neste tanke, ikke sendt")
    room.serving.start()
    page.reload()
    room.has(page, "Sendt mens tjeneren var nede")
    expect(page.get_by_label("Merknaden din")).to_have_value("Neste tanke, ikke sendt")


def test_a_draft_survives_a_closed_tab_and_says_that_it_is_one(room: Room) -> None:
    page = room.enter()
    page.get_by_label("Merknaden din").fill("Halvferdig tanke")
    page.get_by_label("Spørsmål").check()
    page.close()
    again = room.new_page(beside=page)
    again.goto(room.serving.address)
    expect(again.get_by_label("Merknaden din")).to_have_value("Halvferdig tanke")
    expect(again.get_by_label("Spørsmål")).to_be_checked()
    expect(again.locator("form").first.locator(".wm-form-state")).to_contain_text(
        "Utkastet ditt er hentet fram"
    )
    assert room.book.changes == []


def test_a_server_that_dies_and_comes_back_gets_everything_in_order(room: Room) -> None:
    page = room.enter()
    write(page, "første")
    room.has(page, "første")
    room.serving.kill()
    for text in ("andre", "tredje", "fjerde"):
        page.evaluate("text => { wickedmap.submit('annotate', {text: text}); }", text)
    waiting(page, 1)
    room.serving.start()
    room.has(page, "første", "andre", "tredje", "fjerde")
    expect(page.locator("#wm-connection")).to_have_attribute("data-state", "online")


def test_an_answer_that_is_lost_does_not_make_two_changes(room: Room) -> None:
    page = room.enter()
    room.book.trouble = "answer lost"
    write(page, "Kom fram, men svaret ble borte")
    waiting(page, 1)
    assert len(room.book.changes) == 1
    room.book.trouble = ""
    room.has(page, "Kom fram, men svaret ble borte")
    assert room.book.posts > 1


def test_the_log_in_page_of_a_guest_network_is_no_answer(room: Room) -> None:
    page = room.enter()
    room.book.trouble = "log-in page"
    write(page, "Bak gjestenettet")
    waiting(page, 1)
    room.book.trouble = ""
    room.has(page, "Bak gjestenettet")


def test_two_tabs_of_one_person_take_turns(room: Room) -> None:
    page = room.enter()
    other = room.new_page(beside=page)
    other.goto(room.serving.address)
    expect(other.locator("#wm-connection")).to_have_attribute("data-state", "online")
    room.book.pause = 0.3
    page.evaluate("() => { for (const n of [1, 2, 3]) wickedmap.submit('annotate', {text: 'tanke ' + n}); }")
    other.wait_for_function("wickedmap.outbox.entries().length > 1")
    other.evaluate("wickedmap.outbox.wake()")
    room.has(page, "tanke 1", "tanke 2", "tanke 3")
    assert room.book.most_at_once == 1


def test_a_refused_text_stays_and_the_reason_stands_at_its_field(room: Room) -> None:
    page = room.enter()
    long = "a" * (LIMIT + 1)
    write(page, long)
    field = page.get_by_label("Merknaden din")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Ikke skriv om personer. Teksten er lengre enn 200 tegn.")
    expect(field).to_be_focused()
    expect(field).to_have_value(long)
    expect(page.locator("#wm-outbox")).to_have_text("Én må du se på")
    page.reload()
    expect(page.get_by_label("Merknaden din")).to_have_value(long)
    expect(page.locator("form").first.locator(".wm-error").last).to_have_text("Teksten er lengre enn 200 tegn.")
    write(page, "kortere")
    room.has(page, "kortere")
    expect(page.get_by_label("Merknaden din")).not_to_have_attribute("aria-invalid", "true")


def test_a_refused_change_can_be_given_up_after_a_question(room: Room) -> None:
    page = room.enter()
    write(page, "b" * (LIMIT + 1))
    page.locator("#wm-outbox").click()
    page.get_by_role("button", name="Forkast").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Vil du forkaste dette?")
    dialog.get_by_role("button", name="Forkast").click()
    expect(page.locator("#wm-outbox")).to_be_hidden()
    expect(page.get_by_label("Merknaden din")).to_have_value("")


def test_a_required_text_is_asked_for_before_anything_is_sent(room: Room) -> None:
    page = room.enter()
    write(page, "   ")
    expect(page.get_by_label("Merknaden din")).to_have_accessible_description(
        "Ikke skriv om personer. Skriv noe her først."
    )
    assert room.book.posts == 0


def test_somebody_else_was_first_and_both_texts_are_there_to_choose_from(room: Room) -> None:
    page = room.enter()
    page.get_by_label("Rett merknaden").fill("Min nye tekst")
    page.get_by_role("button", name="Lagre").click()
    dialog = page.get_by_role("dialog", name="Hvilken tekst skal gjelde?")
    expect(dialog).to_contain_text("Deres tekst")
    mine = dialog.get_by_label("Din tekst")
    expect(mine).to_have_value("Min nye tekst")
    assert violations(page) == []
    mine.fill("Min tekst, rettet")
    dialog.get_by_role("button", name="Bruk min tekst").click()
    room.has(page, "Min tekst, rettet")
    assert room.book.changes[0]["base_seq"] == 9


def test_a_stale_text_waits_for_a_choice_over_a_reload_and_may_give_way(room: Room) -> None:
    page = room.enter()
    page.get_by_label("Rett merknaden").fill("Min nye tekst")
    page.get_by_role("button", name="Lagre").click()
    page.get_by_role("dialog").press("Escape")
    page.reload()
    page.locator("#wm-outbox").click()
    page.get_by_role("button", name="Velg", exact=True).click()
    page.get_by_role("button", name="Behold den andre").click()
    room.has(page)
    expect(page.get_by_label("Rett merknaden")).to_have_value("Gammel tekst")


def test_who_is_no_longer_joined_keeps_the_text_and_is_shown_the_way_in(room: Room) -> None:
    page = room.enter()
    room.book.trouble = "not joined"
    write(page, "Skrevet etter at økten gikk ut")
    waiting(page, 1)
    page.locator("#wm-outbox").click()
    expect(page.get_by_role("link", name="Bli med på nytt")).to_have_attribute("href", "/join")
    room.book.trouble = ""
    page.reload()
    room.has(page, "Skrevet etter at økten gikk ut")


def test_what_another_person_wrote_in_the_same_browser_is_not_sent_in_my_name(room: Room) -> None:
    page = room.enter()
    room.book.trouble = "not joined"
    write(page, "Skrevet av den forrige")
    waiting(page, 1)
    room.book.trouble = ""
    page.evaluate("document.getElementById('wm-root').dataset.person = 'p2'")
    page.locator("#wm-outbox").click()
    expect(page.locator("#wm-tray")).to_contain_text("Skrevet før du ble med på nytt")
    assert room.book.texts() == []
    page.get_by_role("button", name="Send fra meg").click()
    room.has(page, "Skrevet av den forrige")


def test_values_have_their_types_and_empty_ones_are_null_where_that_is_asked(room: Room) -> None:
    page = room.enter()
    field = page.get_by_role("textbox", name="Viktighet")
    press = page.get_by_role("button", name="Sett")
    field.fill("mye")
    press.click()
    expect(field).to_have_accessible_description("Skriv et helt tall.")
    field.fill("4")
    press.click()
    page.wait_for_function("wickedmap.outbox.entries().length === 0 && wickedmap.live.seq() === 1")
    expect(field).to_have_value("")
    page.wait_for_timeout(750)
    press.click()
    page.wait_for_function("wickedmap.live.seq() === 2")
    assert [change["importance"] for change in room.book.changes] == [4, None]


def test_what_cannot_be_undone_is_asked_about_first(room: Room) -> None:
    page = room.enter()
    page.get_by_role("button", name="Slett kartet").click()
    page.get_by_role("dialog").get_by_role("button", name="Avbryt").click()
    page.get_by_role("button", name="Slett kartet").click()
    page.get_by_role("dialog", name="Vil du slette alt?").get_by_role("button", name="Slett kartet").click()
    page.wait_for_function("wickedmap.live.seq() === 1")
    assert [change["kind"] for change in room.book.changes] == ["remove"]


def test_a_redraw_under_the_fingers_takes_neither_text_nor_place(room: Room) -> None:
    page = room.enter()
    field = page.get_by_label("Merknaden din")
    field.fill("Jeg skriver fortsatt")
    field.evaluate("node => node.setSelectionRange(4, 4)")
    field.press("Shift")
    room.book.page = "two"
    room.book.add({"op_id": "somebody-else", "kind": "annotate"})
    expect(page.locator("#version")).to_have_text("versjon 1")
    page.locator("section form").first.wait_for()
    expect(field).to_have_value("Jeg skriver fortsatt")
    expect(field).to_be_focused()
    assert field.evaluate("node => node.selectionStart") == 4


def test_a_burst_of_changes_is_replayed_without_gap_or_double(room: Room) -> None:
    page = room.enter()
    room.book.add({"op_id": "operation-first", "kind": "annotate"})
    expect(page.locator("#version")).to_have_text("versjon 1")
    room.book.overlap = 1
    page.evaluate(
        """window.seen = [];
        document.addEventListener('wm:changes', e => seen.push(...e.detail.changes.map(c => c.seq)))"""
    )
    room.serving.kill()
    for number in range(21):
        room.book.add({"op_id": f"operation-{number}", "kind": "annotate"})
    room.serving.start()
    expect(page.locator("#version")).to_have_text("versjon 22")
    assert page.evaluate("seen") == list(range(2, 23))


def test_a_store_that_is_not_on_the_page_is_left_alone(room: Room) -> None:
    page = room.enter()
    assert page.evaluate("[wickedmap.setStore('no-such-store', 1), wickedmap.setStore('presence-me', 1)]") == [
        False,
        True,
    ]


def test_without_a_stream_the_page_asks_and_misses_nothing(room: Room) -> None:
    page = room.enter()
    room.book.streams = False
    room.serving.kill()
    room.serving.start()
    room.book.add({"op_id": "operation-1", "kind": "annotate"})
    expect(page.locator("#version")).to_have_text("versjon 1")
    room.book.add({"op_id": "operation-2", "kind": "annotate"})
    expect(page.locator("#version")).to_have_text("versjon 2")


def test_a_server_that_knows_less_than_the_page_makes_it_start_over(room: Room) -> None:
    page = room.enter()
    for number in range(3):
        room.book.add({"op_id": f"operation-{number}", "kind": "annotate"})
    expect(page.locator("#version")).to_have_text("versjon 3")
    page.evaluate("document.addEventListener('wm:resync', e => { window.resynced = e.detail.seq; })")
    room.serving.kill()
    del room.book.changes[1:]
    room.serving.start()
    page.wait_for_function("window.resynced === 1")
    expect(page.locator("#version")).to_have_text("versjon 1")


def test_announcements_come_together_and_can_be_silenced(room: Room) -> None:
    page = room.enter()
    page.evaluate("wickedmap.announce('En.'); wickedmap.announce('To.'); wickedmap.announce('En.')")
    expect(page.locator("#wm-live")).to_have_text("En. To.")
    page.get_by_role("button", name="Opplesing av endringer er på").click()
    page.evaluate("wickedmap.announce('Tre.')")
    page.reload()
    expect(page.get_by_role("button", name="Opplesing av endringer er av")).to_be_visible()
    assert page.locator("#wm-live").text_content() == ""


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_piece_is_accessible_in_every_theme_on_a_narrow_phone(room: Room, theme: str) -> None:
    page = room.enter(viewport=NARROW)
    page.evaluate("theme => { localStorage.setItem('wm-theme', theme); }", theme)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    write(page, "c" * (LIMIT + 1))
    page.locator("#wm-outbox").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """[...document.querySelectorAll('main button, main select, main summary, .wm-option, main .wm-input')]
        .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 44)
        .map(one => one.outerHTML)"""
    )
    assert small == []


def test_the_browser_refuses_a_forged_element(room: Room) -> None:
    page = room.enter()
    drawn = page.evaluate(
        """() => {
        const holder = document.createElement('div');
        document.body.append(holder);
        const root = ReactDOM.createRoot(holder);
        const forged = [
          {tag: 'iframe', attributes: {srcdoc: '<script>top.xss = 1</script>'}},
          {tag: 'div', attributes: {dangerouslySetInnerHTML: {__html: '<img src=x onerror=top.xss=1>'}}},
          {tag: 'a', attributes: {href: 'javascript:top.xss=1'}, children: 'a'},
          {tag: 'a', attributes: {href: '//evil.example'}, children: 'b'},
          {tree: ['script', {}, 'top.xss = 1']},
          {tree: ['p', {onClick: 'top.xss = 1', style: {background: 'url(//evil.example)'}}, {type: 'Iframe'}]},
        ];
        ReactDOM.flushSync(() => root.render(forged.map((props, key) =>
          React.createElement(wickedmap_elements.Native, {...props, key}))));
        return holder.innerHTML;
        }"""
    )
    assert drawn == "<div></div><a>a</a><a>b</a><p></p>"
    assert page.evaluate("window.xss") is None
