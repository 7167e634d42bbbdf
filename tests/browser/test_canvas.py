"""The canvas follows pictures from the server, and can be walked, drawn on and shown without a mouse."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import dash_cytoscape as cyto
import pytest
from dash import Dash, Input, Output, dcc, html
from fastapi import FastAPI
from playwright.sync_api import Page, expect

import wickedmap
from wickedmap.graphs.label_boxes import LABEL_PX
from wickedmap.graphs.layout import layout
from wickedmap.graphs.stage_layout import arrangement
from wickedmap.resources import resource_dir
from wickedmap.texts import browser_texts
from wickedmap.web.canvas import canvas_elements
from wickedmap.web.canvas_style import stylesheet

from .axe import violations
from .conftest import WALL
from .serving import Serving

pytestmark = pytest.mark.browser

CY = "document.getElementById('wm-canvas')._cyreg.cy"
MAP = wickedmap.default_map()
PLACES = layout(MAP)


def picture(stage: int, seq: int, **more: Any) -> dict[str, Any]:
    shown = arrangement(MAP, stage, positions=PLACES)
    return {
        "seq": seq,
        "elements": canvas_elements(MAP, shown.positions, stage=stage, font_px=shown.font_px),
        "style": stylesheet("light", shown.font_px / LABEL_PX),
        **more,
    }


def make_app() -> FastAPI:
    server = FastAPI()
    dash = Dash(
        "canvas_app",
        server=server,
        assets_folder=str(resource_dir("assets")),
        assets_ignore=r"^(?!40-canvas).*\.(js|css)$",
        update_title=None,
        suppress_callback_exceptions=True,
    )
    texts = json.dumps(browser_texts("nb", "canvas"))
    dash.index_string = (
        '<!DOCTYPE html><html lang="nb"><head>{%metas%}<title>Kart</title>{%css%}</head><body>'
        f'<script type="application/json" id="wm-texts">{texts}</script>'
        "<main>{%app_entry%}</main><footer>{%config%}{%scripts%}{%renderer%}</footer></body></html>"
    )
    dash.layout = html.Div(
        [
            html.H1("Kart"),
            html.Button("Tegn kartet på nytt", id="again"),
            html.Label(["Søk", dcc.Input(id="search", type="search")]),
            html.Div(id="place"),
        ]
    )

    @dash.callback(Output("place", "children"), Input("again", "n_clicks"))
    async def show(times: int | None) -> Any:
        canvas = cyto.Cytoscape(
            id="wm-canvas",
            elements=[],
            layout={"name": "preset"},
            autoRefreshLayout=False,
            style={"width": "1800px", "height": "900px"},
        )
        return html.Div(canvas, key=str(times))

    return server


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with Serving(make_app()) as serving:
        yield serving.address


@pytest.fixture
def page(new_page: Callable[..., Page], address: str) -> Page:
    page = new_page(viewport=WALL)
    page.goto(address)
    page.wait_for_function("document.getElementById('wm-canvas')?._cyreg && window.wickedmapCanvas")
    return page


def apply(page: Page, stage: int, seq: int, **more: Any) -> None:
    page.evaluate("picture => wickedmapCanvas.apply(picture)", picture(stage, seq, **more))


def count(page: Page, selector: str) -> int:
    return int(page.evaluate(f"selector => {CY}.elements(selector).length", selector))


def at(page: Page, factor: str) -> tuple[float, float]:
    """Where a factor is on the screen."""
    x, y = page.evaluate(
        f"""id => {{ const p = {CY}.getElementById('f:' + id).renderedPosition();
        const box = document.getElementById('wm-canvas').getBoundingClientRect();
        return [p.x + box.x, p.y + box.y]; }}""",
        factor,
    )
    return x, y


def here(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.ref"))


def enter_map(page: Page) -> None:
    page.locator("#search").focus()
    page.keyboard.press("Tab")


def test_each_picture_replaces_the_one_before_and_an_older_one_is_ignored(page: Page) -> None:
    for seq, (stage, factors, links) in enumerate([(1, 8, 0), (2, 9, 8), (4, 21, 72), (3, 9, 28)], start=1):
        apply(page, stage, seq)
        assert (count(page, ".factor"), count(page, ".link")) == (factors, links)
    apply(page, 4, 2)
    assert count(page, ".factor") == 9


def test_only_what_differs_is_touched(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate(
        f"""() => {{ window.touched = [];
        {CY}.on('add remove data position', event => touched.push(event.type + ' ' + event.target.id())); }}"""
    )
    changed = picture(4, 2)
    next(one for one in changed["elements"] if one["data"]["id"] == "f:gjeld")["data"]["notes"] = 7
    changed["elements"] = [one for one in changed["elements"] if one["data"]["id"] != "l:L20"]
    page.evaluate("picture => wickedmapCanvas.apply(picture)", changed)
    assert sorted(page.evaluate("touched")) == ["data f:gjeld", "remove l:L20"]


def test_new_arrivals_get_a_ring_and_what_was_there_does_not(page: Page) -> None:
    apply(page, 2, 1, arrived=["bolig"])
    assert count(page, ".arrived") == 0
    apply(page, 4, 2, arrived=["gjeld", "L20"])
    assert count(page, ".arrived") == 2


def test_the_map_comes_back_after_a_remount(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate(f"window.before = {CY}")
    page.get_by_role("button", name="Tegn kartet på nytt").click()
    page.wait_for_function(
        f"document.getElementById('wm-canvas')?._cyreg && {CY} !== before && {CY}.nodes().length"
    )
    assert count(page, ".factor") == 21


def test_a_picture_that_comes_before_the_canvas_waits_for_it(page: Page) -> None:
    # Taken out of sight and not out of the page: React does not get over nodes that others remove.
    page.evaluate(
        "document.getElementById('wm-canvas').id = 'elsewhere';"
        "document.body.append(document.createElement('i'))"
    )
    page.wait_for_function("!document.getElementById('wm-canvas')")
    apply(page, 2, 1)
    page.get_by_role("button", name="Tegn kartet på nytt").click()
    page.wait_for_function(f"document.getElementById('wm-canvas')?._cyreg && {CY}.nodes().length === 9")


def test_the_whole_map_is_in_view(page: Page) -> None:
    apply(page, 4, 1)
    inside = page.evaluate(
        f"""() => {{ const b = {CY}.nodes().renderedBoundingBox();
        return b.x1 >= 0 && b.y1 >= 0 && b.x2 <= {CY}.width() && b.y2 <= {CY}.height(); }}"""
    )
    assert inside


def test_the_spotlight_in_the_browser_is_the_one_of_the_server(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate("wickedmapCanvas.spotlight('rus')")
    server = canvas_elements(MAP, PLACES, spotlight="rus")
    lit = {one["data"]["id"]: sorted(one["classes"].split()) for one in server}
    browser = page.evaluate(f"Object.fromEntries({CY}.elements().map(one => [one.id(), one.classes().sort()]))")
    assert browser == lit
    page.evaluate("wickedmapCanvas.spotlight(null)")
    assert count(page, ".dim") == 0


def test_a_loop_is_followed_link_by_link_and_waits_when_motion_is_unwanted(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate(
        """() => { window.steps = [];
        window.loop = wickedmapCanvas.traceLoop(['L10', 'L13', 'L11'],
            {onStep: (index, link) => steps.push(link)}); }"""
    )
    assert page.evaluate("loop.paused")
    page.evaluate("() => { loop.step(); loop.step(); loop.step(); loop.back(); }")
    assert page.evaluate("steps") == ["L10", "L13", "L11", "L10", "L11"]
    assert (count(page, "edge.loop"), count(page, "edge.trace")) == (3, 1)
    page.evaluate("loop.stop()")
    assert count(page, ".loop, .trace, .dim") == 0


def test_the_map_is_one_tab_stop_and_arrows_walk_along_the_links(page: Page) -> None:
    apply(page, 4, 1)
    enter_map(page)
    page.keyboard.press("Home")
    start = here(page)
    part = MAP.at_stage(4)
    page.keyboard.press("ArrowRight")
    effect = here(page)
    effects = {link.target for link in part.effects_of(start)}
    assert effect in effects
    page.keyboard.press("ArrowDown")
    assert here(page) in effects - {effect} or len(effects) == 1
    page.keyboard.press("Backspace")
    assert here(page) == start
    page.keyboard.press("ArrowLeft")
    assert here(page) in {link.source for link in part.causes_of(start)}
    assert count(page, ".focus") == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.wm-canvas-keys')") is None


def test_what_a_screen_reader_hears_has_causes_effects_agencies_and_notes(page: Page) -> None:
    shown = picture(4, 1)
    next(one for one in shown["elements"] if one["data"]["id"] == "f:gjeld")["data"]["notes"] = 2
    page.evaluate("picture => wickedmapCanvas.apply(picture)", shown)
    page.evaluate(f"{CY}.getElementById('f:gjeld').emit('tap')")
    page.evaluate("wickedmapCanvas.focus()")
    expect(page.locator("#wm-canvas-line")).to_have_text(
        "Gjeld. 4 årsaker, 5 virkninger. Namsmannen, NAV kommune. 2 merknader."
    )
    expect(page.locator("#wm-canvas-line")).to_have_attribute("aria-live", "polite")


def test_enter_opens_escape_closes_and_slash_searches(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate(
        "() => { window.chosen = []; wickedmapCanvas.onSelect((kind, id) => chosen.push([kind, id])); }"
    )
    enter_map(page)
    first = here(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("chosen") == [["factor", first], [None, None]]
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


def test_the_keys_are_listed_and_the_list_gives_the_focus_back(page: Page) -> None:
    apply(page, 4, 1)
    enter_map(page)
    first = here(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Taster i kartet")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert here(page) == first


def test_a_factor_in_somebodys_hand_is_not_moved_by_a_picture(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate("() => { window.moved = []; wickedmapCanvas.enableDragging((...one) => moved.push(one)); }")
    x, y = at(page, "gjeld")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 70, y + 40, steps=4)
    held = at(page, "gjeld")
    apply(page, 4, 2)
    assert at(page, "gjeld") == held
    page.mouse.up()
    page.wait_for_function("moved.length === 1")
    assert page.evaluate("moved[0][0]") == "gjeld"


def test_factors_do_not_move_until_dragging_is_allowed(page: Page) -> None:
    apply(page, 4, 1)
    before = page.evaluate(f"{CY}.getElementById('f:gjeld').position()")
    x, y = at(page, "gjeld")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 70, y, steps=4)
    page.mouse.up()
    assert page.evaluate(f"{CY}.getElementById('f:gjeld').position()") == before


def test_a_factor_can_be_moved_by_keyboard(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate("() => { window.moved = []; wickedmapCanvas.enableDragging((...one) => moved.push(one)); }")
    enter_map(page)
    factor = here(page)
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_function("moved.length === 1")
    assert page.evaluate("moved[0]") == [factor, round(PLACES[factor][0] + 40), round(PLACES[factor][1])]


def test_a_link_is_drawn_from_factor_to_factor_and_leaves_no_trace(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate("() => { window.drawn = []; wickedmapCanvas.enableDrawing((...one) => drawn.push(one)); }")
    pan = page.evaluate(f"{CY}.pan()")
    page.mouse.move(*at(page, "gjeld"))
    page.mouse.down()
    page.mouse.move(*at(page, "motivasjon"), steps=5)
    page.mouse.up()
    assert page.evaluate("drawn") == [["gjeld", "motivasjon"]]
    assert count(page, ".draft, .chosen, .focus") == 0
    assert page.evaluate(f"{CY}.pan()") == pan


def test_a_link_that_ends_nowhere_is_not_drawn(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate("() => { window.drawn = []; wickedmapCanvas.enableDrawing((...one) => drawn.push(one)); }")
    x, y = at(page, "gjeld")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 25, y + 3, steps=3)
    page.mouse.up()
    assert page.evaluate("drawn") == []
    assert count(page, ".draft") == 0


def test_a_link_is_drawn_by_two_choices_on_the_keyboard(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate("() => { window.drawn = []; wickedmapCanvas.enableDrawing((...one) => drawn.push(one)); }")
    enter_map(page)
    first = here(page)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    second = here(page)
    page.keyboard.press("Enter")
    assert page.evaluate("drawn") == [[first, second]]


def test_a_click_on_a_factor_or_link_says_which(page: Page) -> None:
    apply(page, 4, 1)
    page.evaluate(
        "() => { window.chosen = []; wickedmapCanvas.onSelect((kind, id) => chosen.push([kind, id])); }"
    )
    page.mouse.click(*at(page, "gjeld"))
    page.wait_for_function("chosen.length === 1")
    page.evaluate(f"{CY}.getElementById('l:L20').emit('tap')")
    assert page.evaluate("chosen") == [["factor", "gjeld"], ["link", "L20"]]


def test_the_picture_of_the_map_is_large_and_not_empty(page: Page) -> None:
    apply(page, 4, 1)
    address = page.evaluate("wickedmapCanvas.exportPng()")
    png = base64.b64decode(address.partition(",")[2])
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") > 3000
    # A blank picture of this size packs into a twentieth of this.
    assert len(png) > 400_000


def test_axe_finds_nothing_on_the_page(page: Page) -> None:
    apply(page, 4, 1)
    assert violations(page) == []
