"""Elements: only harmless tags and attributes, only real text, every control labelled."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from wickedmap.resources import resource_dir
from wickedmap.web import elements, native
from wickedmap.web.elements import (
    button,
    change_form,
    checks,
    chip,
    choice,
    data_table,
    element,
    select,
    shown,
    text_area,
    whole,
)
from wickedmap.web.native import ATTRIBUTES, TAGS, Native
from wickedmap.web.palette import THEMES, css_variables

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=8,
)
FORGED = {"type": "Iframe", "namespace": "dash_html_components", "props": {"srcDoc": "<script>1</script>"}}


def asset(name: str) -> str:
    return (resource_dir("assets") / name).read_text(encoding="utf-8")


def pieces(component: Any) -> list[Native]:
    """Every element in a component, itself included."""
    return [component, *component._traverse()] if isinstance(component, Native) else []


def by_tag(component: Any, tag: str) -> list[Native]:
    return [one for one in pieces(component) if isinstance(one, Native) and one.tag == tag]


@given(ANY_JSON)
def test_only_real_text_is_shown(value: object) -> None:
    if type(value) is str:
        assert shown(value) == value
    else:
        with pytest.raises(TypeError, match="expected text"):
            shown(value)


@pytest.mark.parametrize(
    "build",
    [
        lambda value: element("p", value),
        lambda value: whole(value),
        lambda value: text_area("Notat", "text", value=value),
        lambda value: select("Etat", "agency", [("nav", value)]),
        lambda value: chip(value, "NAV"),
        lambda value: data_table("Tabell", ["A"], [[value]]),
    ],
)
def test_a_forged_component_is_never_taken_for_text(build: Any) -> None:
    with pytest.raises(TypeError):
        build(FORGED)


@pytest.mark.parametrize(
    "tag", ["script", "iframe", "object", "embed", "style", "link", "foreignObject", "base"]
)
def test_a_dangerous_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="no element"):
        element(tag)


@pytest.mark.parametrize(
    "name", ["onclick", "dangerouslySetInnerHTML", "srcDoc", "formaction", "ping", "data_"]
)
def test_a_dangerous_attribute_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no attribute"):
        element("div", **{name: "x"})


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil",
        "https://evil.example",
        "data:text/html,x",
        "",
    ],
)
def test_an_address_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="path on this server"):
        element("a", "x", href=address)


def test_pictures_may_be_data_but_links_may_not() -> None:
    picture = "data:image/svg+xml;utf8,%3Csvg%3E"
    assert element("img", src=picture, alt="").attributes["src"] == picture
    with pytest.raises(ValueError, match="path on this server"):
        element("a", href=picture)


def test_a_style_may_not_fetch_anything() -> None:
    with pytest.raises(ValueError, match="url"):
        element("div", style={"background": "url(https://evil.example/x.png)"})


def test_controls_are_uncontrolled_but_ticks_keep_their_value() -> None:
    assert element("textarea", name="t", value="Gjeld").attributes == {"name": "t", "defaultValue": "Gjeld"}
    ticked = element("input", type="checkbox", name="f", value="gjeld", checked=True).attributes
    assert (ticked["value"], ticked["defaultChecked"]) == ("gjeld", True)
    assert element("input", type="hidden", name="h", value="1").attributes["value"] == "1"


def test_false_is_written_out_only_for_aria() -> None:
    assert element("button", disabled=False, hidden=None, aria_expanded=False).attributes == {
        "aria-expanded": "false"
    }


def test_the_browser_has_the_same_two_lists() -> None:
    script = asset("05-elements.js")
    for name, expected in (("TAGS", TAGS), ("ATTRIBUTES", ATTRIBUTES)):
        source = re.search(rf"var {name} = new Set\(\((.*?)\)\.split", script, re.S)
        assert source is not None
        assert frozenset("".join(re.findall(r'"([^"]*)"', source[1])).split()) == expected


def test_a_whole_holds_everything_that_its_parts_hold() -> None:
    page = whole(element("b", "Gjeld", id="x"), html.Div(["øker", html.Span("mer")], className="c"), 3)
    assert page.tree == [
        "div",
        {},
        ["b", {"id": "x"}, "Gjeld"],
        ["div", {"className": "c"}, "øker", ["span", {}, "mer"]],
        "3",
    ]


def test_a_whole_refuses_what_has_a_state_of_its_own() -> None:
    with pytest.raises(TypeError, match="Store"):
        whole(dcc.Store(id="s"))


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    field = text_area("Merknad", "text", hint="Skriv kort")
    (label,), (control,) = by_tag(field, "label"), by_tag(field, "textarea")
    assert label.attributes["htmlFor"] == control.attributes["id"]
    ids = {one.attributes["id"] for one in by_tag(field, "p") if "id" in one.attributes}
    assert set(control.attributes["aria-describedby"].split()) <= ids
    assert field.attributes["ownIds"] is True


def test_a_select_keeps_its_options_and_its_choice() -> None:
    field = select("Etat", "agency", [("nav", "NAV"), ("politi", "Politi")], value="politi", empty="Velg")
    (control,) = by_tag(field, "select")
    assert control.attributes["defaultValue"] == "politi"
    assert [one.attributes["value"] for one in by_tag(field, "option")] == ["", "nav", "politi"]


@pytest.mark.parametrize("build", [choice, checks])
def test_groups_have_a_legend_and_every_box_a_label(build: Any) -> None:
    group = build("Hva mener du?", "stance", [("asserts", "Stemmer"), ("unsure", "Uavklart")])
    assert len(by_tag(group, "legend")) == 1
    assert len(by_tag(group, "label")) == len(by_tag(group, "input")) == 2


def test_a_form_says_which_change_it_is() -> None:
    form = change_form(
        "annotate", {"target": "gjeld"}, button("Send", type="submit"), draft="note:gjeld", keep=True
    )
    assert form.attributes["data-change"] == "annotate"
    assert json.loads(form.attributes["data-fields"]) == {"target": "gjeld"}
    assert (form.attributes["data-draft"], form.attributes["data-after"]) == ("note:gjeld", "keep")


def test_a_button_is_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match="kind of button"):
        button("Slett", kind="red")


def test_a_table_has_caption_and_scopes_and_refuses_ragged_rows() -> None:
    table = data_table("Viktighet", ["Faktor", "NAV"], [["Gjeld", 4]], numbers=[1])
    assert table.tree[2] == [
        "table",
        {"className": "wm-table"},
        ["caption", {"id": "~caption"}, "Viktighet"],
        [
            "thead",
            {},
            [
                "tr",
                {},
                ["th", {"scope": "col"}, "Faktor"],
                ["th", {"scope": "col", "className": "wm-figure"}, "NAV"],
            ],
        ],
        [
            "tbody",
            {},
            ["tr", {}, ["th", {"scope": "row"}, "Gjeld"], ["td", {"className": "wm-figure"}, "4"]],
        ],
    ]
    with pytest.raises(ValueError, match="row 1 has 1 cells"):
        data_table("Viktighet", ["Faktor", "NAV"], [["Gjeld"]])


def test_the_name_of_an_agency_is_there_for_those_who_cannot_see_the_chip() -> None:
    mark = chip("NAV", "Arbeids- og velferdsetaten", colour="var(--wm-domain-bolig)", pattern="dots")
    hidden, name = by_tag(mark, "span")[1:]
    assert hidden.attributes["aria-hidden"] == "true"
    assert name.children == "Arbeids- og velferdsetaten"


def test_everything_a_page_needs_is_offered_in_one_module() -> None:
    assert elements.element is native.element
    assert all(hasattr(elements, name) for name in elements.__all__)


@pytest.mark.parametrize("theme", THEMES)
def test_the_style_sheet_has_the_colours_of_the_palette(theme: str) -> None:
    blocks = re.findall(rf'\[data-theme="{theme}"\] \{{(.*?)\}}', asset("10-tokens.css"), re.S)
    assert len(blocks) == 1
    given_colours = dict(re.findall(r"(--wm-[a-z-]+): (#[0-9A-Fa-f]{6});", blocks[0]))
    assert css_variables(theme).items() <= given_colours.items()  # type: ignore[arg-type]


def test_the_dark_theme_by_choice_and_by_device_are_one() -> None:
    sheet = asset("10-tokens.css")
    chosen = re.search(r'\[data-theme="dark"\] \{(.*?)\}', sheet, re.S)
    device = re.search(r":root:not\(\[data-theme\]\) \{(.*?)\}", sheet, re.S)
    assert chosen is not None
    assert device is not None
    assert chosen[1].split() == device[1].split()


def test_style_sheets_fetch_nothing_from_elsewhere() -> None:
    for sheet in resource_dir("assets").glob("*.css"):
        for address in re.findall(r"url\(\"?([^)\"]*)", sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).is_file()
