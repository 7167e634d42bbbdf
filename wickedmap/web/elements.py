"""The pieces that all pages are made of: controls, forms, tables, chips, messages.

Everything here is accessible as it stands: each control has its label, its hint and a
place for its error; each table its caption and headers. Pages give the words, already
in the reader's language. What is written goes from the forms through the outbox in
``assets/20-outbox.js``; see `change_form` and `button`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from dash.development.base_component import Component

from .native import Child, Native, element, shown, whole

__all__ = [
    "Child",
    "Native",
    "Options",
    "button",
    "change_form",
    "checks",
    "chip",
    "choice",
    "data_table",
    "dialog",
    "disclosure",
    "element",
    "empty_state",
    "field",
    "language_switch",
    "live_region",
    "nav",
    "notice",
    "select",
    "shown",
    "status_bar",
    "text_area",
    "text_input",
    "theme_switch",
    "whole",
]

Options: TypeAlias = Sequence[tuple[str, str]]


def field(label: Child, control: Native, hint: Child = None, error: str = "") -> Native:
    """Return a control with its label, its hint and the place for its error.

    An error that the server gives later is put in the same place by
    ``assets/25-forms.js``.
    """
    described = "~hint ~error" if hint is not None else "~error"
    attributes = {**control.attributes, "id": "~control", "aria-describedby": described}
    if error:
        attributes["aria-invalid"] = "true"
    control = Native(tag=control.tag, attributes=attributes, **_children_of(control))
    counted = "data-limit" in attributes
    return element(
        "div",
        element("label", label, for_="~control", class_="wm-label"),
        element("p", hint, id="~hint", class_="wm-hint") if hint is not None else None,
        control,
        element("p", class_="wm-count", aria_hidden=True) if counted else None,
        _error(attributes.get("name", ""), error),
        class_="wm-field",
        own_ids=True,
    )


def _children_of(component: Component) -> dict[str, Any]:
    return {"children": component.children} if getattr(component, "children", None) is not None else {}


def _error(name: str, error: str) -> Native:
    return element("p", error or None, id="~error", class_="wm-error", data_error_for=name)


def text_input(
    label: Child, name: str, *, value: str = "", hint: Child = None, limit: int = 120, **attributes: object
) -> Native:
    """Return a one-line text field; `limit` is counted aloud, never enforced by cutting."""
    given: dict[str, object] = {"type": "text", "autocomplete": "off", "class_": "wm-input", **attributes}
    return field(label, element("input", name=name, value=value, data_limit=limit, **given), hint)


def text_area(
    label: Child,
    name: str,
    *,
    value: str = "",
    hint: Child = None,
    limit: int = 2000,
    rows: int = 3,
    **attributes: object,
) -> Native:
    """Return a text field of several lines that grows with what is written."""
    control = element(
        "textarea", name=name, value=value, rows=rows, data_limit=limit, class_="wm-input wm-area", **attributes
    )
    return field(label, control, hint)


def select(
    label: Child,
    name: str,
    options: Options | Mapping[str, Options],
    *,
    value: str = "",
    hint: Child = None,
    empty: str | None = None,
    **attributes: object,
) -> Native:
    """Return a native drop-down; a mapping of `options` makes groups, `empty` a first "none"."""
    if isinstance(options, Mapping):
        inside = [element("optgroup", _options(some), label=group) for group, some in options.items()]
    else:
        inside = _options(options)
    first = element("option", empty, value="") if empty is not None else None
    return field(
        label, element("select", first, inside, name=name, value=value, class_="wm-input", **attributes), hint
    )


def _options(options: Options) -> list[Native]:
    return [element("option", shown(text), value=shown(value)) for value, text in options]


def choice(
    legend: Child,
    name: str,
    options: Sequence[tuple[str, Child]],
    *,
    value: str | None = None,
    hint: Child = None,
    row: bool = False,
    required: bool = False,
    data_type: str | None = None,
) -> Native:
    """Return radio buttons with large targets; `row` sets them side by side where there is room."""
    boxes = [
        _box("radio", name, one, label, checked=one == value, required=required, data_type=data_type)
        for one, label in options
    ]
    return _group(legend, name, boxes, hint, row)


def checks(
    legend: Child,
    name: str,
    options: Sequence[tuple[str, Child]],
    *,
    values: Iterable[str] = (),
    hint: Child = None,
    row: bool = False,
) -> Native:
    """Return checkboxes that together send a list of the chosen values, empty when none is."""
    chosen = frozenset(values)
    boxes = [
        _box("checkbox", name, one, label, checked=one in chosen, data_type="list") for one, label in options
    ]
    return _group(legend, name, boxes, hint, row)


def _box(kind: str, name: str, value: str, label: Child, **attributes: object) -> Native:
    return element(
        "label",
        element("input", type=kind, name=name, value=value, **attributes),
        element("span", label),
        class_="wm-option",
    )


def _group(legend: Child, name: str, boxes: list[Native], hint: Child, row: bool) -> Native:
    return element(
        "fieldset",
        element("legend", legend, class_="wm-label"),
        element("p", hint, id="~hint", class_="wm-hint") if hint is not None else None,
        element("div", boxes, class_="wm-options wm-options-row" if row else "wm-options"),
        _error(name, ""),
        class_="wm-field",
        own_ids=True,
        aria_describedby="~hint ~error" if hint is not None else "~error",
    )


# --- writing ---------------------------------------------------------------


def button(
    text: Child,
    *,
    kind: str = "quiet",
    change: str | None = None,
    fields: Mapping[str, object] | None = None,
    confirm: str | None = None,
    **attributes: object,
) -> Native:
    """Return a button; with `change` one click sends that change with `fields`.

    Parameters
    ----------
    kind : str
        ``"primary"`` (at most one on a screen), ``"quiet"``, ``"danger"`` or
        ``"link"``.
    confirm : str, optional
        A question that must be answered first; for what cannot be undone.
    """
    if kind not in ("primary", "quiet", "danger", "link"):
        raise ValueError(f"no kind of button {kind!r}")
    own = str(attributes.pop("class_", "") or "")
    given: dict[str, object] = {"type": "button", **attributes}
    return element(
        "button",
        text,
        class_=" ".join(("wm-button", f"wm-{kind}", own)).strip(),
        data_change=change,
        data_fields=_json(fields) if fields is not None else None,
        data_confirm=confirm,
        **given,
    )


def change_form(
    kind: str,
    fields: Mapping[str, object] | None,
    *children: Child,
    draft: str | None = None,
    keep: bool = False,
    **attributes: object,
) -> Native:
    """Return a form that becomes a change of `kind` through the browser's outbox.

    Parameters
    ----------
    fields : mapping
        Fields of the change that are not asked for in the form.
    draft : str, optional
        Key under which what is typed is kept on the device until it is saved.
    keep : bool
        Whether the form shows what was sent, instead of being empty, once it is
        saved: for forms that edit something.
    """
    return element(
        "form",
        *children,
        element("p", class_="wm-form-state", role="status"),
        class_=" ".join(("wm-form", str(attributes.pop("class_", "") or ""))).strip(),
        data_change=kind,
        data_fields=_json(fields or {}),
        data_draft=draft,
        data_after="keep" if keep else None,
        novalidate=True,
        own_ids=True,
        **attributes,
    )


def _json(fields: Mapping[str, object]) -> str:
    return json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":"))


# --- pieces ----------------------------------------------------------------


def chip(
    initials: str, name: str, *, colour: str = "", ink: str = "", pattern: str = "", named: bool = False
) -> Native:
    """Return an agency's mark: initials on its colour and pattern, its name in words.

    The name is read aloud and shown on hover, and beside the initials when `named`.
    """
    style = {key: value for key, value in (("--agency", colour), ("--agency-ink", ink)) if value}
    mark = element(
        "span",
        shown(initials),
        class_="wm-chip",
        style=style or None,
        data_pattern=pattern or None,
        aria_hidden=True,
        title=None if named else name,
    )
    words = element("span", shown(name), class_="wm-chip-name" if named else "wm-visually-hidden")
    return element("span", mark, words, class_="wm-agency")


def notice(*children: Child, kind: str = "info", title: Child = None) -> Native:
    """Return a message that stands on the page: ``info``, ``good``, ``attention`` or ``problem``."""
    if kind not in ("info", "good", "attention", "problem"):
        raise ValueError(f"no kind of notice {kind!r}")
    heading = element("p", title, class_="wm-notice-title") if title is not None else None
    return element("div", heading, element("div", *children), class_=f"wm-notice wm-notice-{kind}")


def empty_state(text: Child, *actions: Child) -> Native:
    """Return what stands where nothing is yet: what to do, and perhaps the way to do it."""
    return element("div", element("p", text), *actions, class_="wm-empty")


def data_table(
    caption: Child,
    head: Sequence[Child],
    rows: Iterable[Sequence[Child]],
    *,
    row_heads: bool = True,
    numbers: Iterable[int] = (),
    caption_hidden: bool = False,
) -> Native:
    """Return a table with headers, drawn in one go; it scrolls sideways within itself.

    Parameters
    ----------
    head : sequence
        One header for each column.
    rows : iterable of sequence
        Cells: text, numbers or elements (no Dash ids inside).
    row_heads : bool
        Whether the first cell of each row is its header.
    numbers : iterable of int
        Columns of figures, set with tabular figures to the right.

    Raises
    ------
    ValueError
        When a row has more or fewer cells than the head.
    """
    figures = frozenset(numbers)

    def cell(row: int, column: int, content: Child) -> Native:
        style = "wm-figure" if column in figures else None
        if row < 0:
            return element("th", content, scope="col", class_=style)
        if column == 0 and row_heads:
            return element("th", content, scope="row", class_=style)
        return element("td", content, class_=style)

    body = []
    for number, row in enumerate(rows):
        if len(row) != len(head):
            raise ValueError(f"row {number + 1} has {len(row)} cells, the head {len(head)}")
        body.append(element("tr", [cell(number, column, content) for column, content in enumerate(row)]))
    return whole(
        element(
            "table",
            element("caption", caption, id="~caption", class_="wm-visually-hidden" if caption_hidden else None),
            element("thead", element("tr", [cell(-1, column, content) for column, content in enumerate(head)])),
            element("tbody", body),
            class_="wm-table",
        ),
        class_="wm-table-box",
        role="region",
        aria_labelledby="~caption",
        tabindex=0,
        own_ids=True,
    )


def disclosure(summary: Child, *children: Child, open_: bool = False, **attributes: object) -> Native:
    """Return a part that is folded until somebody asks for it."""
    own = str(attributes.pop("class_", "") or "")
    return element(
        "details",
        element("summary", summary),
        element("div", *children, class_="wm-disclosed"),
        class_=f"wm-disclosure {own}".strip(),
        open=open_,
        **attributes,
    )


def nav(label: str, links: Iterable[tuple[Child, str]], current: str = "") -> Native:
    """Return the links between pages of one subject; `current` is the address we are at."""
    return element(
        "nav",
        element(
            "ul",
            [
                element("li", element("a", text, href=href, aria_current="page" if href == current else None))
                for text, href in links
            ],
        ),
        class_="wm-nav",
        aria_label=label,
    )


def dialog(id_: str, title: Child, *children: Child) -> Native:
    """Return a dialog; any button with ``data_opens=id_`` opens it, Escape closes it."""
    return element(
        "dialog",
        element(
            "div",
            element("h2", title, id="~title"),
            button("×", kind="quiet", class_="wm-close", data_closes=True, label_key="browser.close"),
            class_="wm-dialog-head",
        ),
        *children,
        id=id_,
        class_="wm-dialog",
        aria_labelledby="~title",
        own_ids=True,
    )


def language_switch(language: str) -> Native:
    """Return the choice of language, each named in itself; the page comes back in the one chosen."""
    names = (("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English"))
    return element(
        "div",
        [
            element(
                "button",
                name,
                type="button",
                lang=code,
                class_="wm-button wm-link",
                data_language=code,
                aria_pressed=code == language,
            )
            for code, name in names
        ],
        class_="wm-language",
        role="group",
        label_key="browser.language",
    )


def theme_switch() -> Native:
    """Return the button that goes through the themes: as the device, light, dark, high contrast."""
    return element("button", type="button", class_="wm-button wm-link", data_theme_switch=True)


def status_bar() -> Native:
    """Return the line that says whether we are connected and what is waiting to be sent.

    The scripts fill it; each page has one.
    """
    return element(
        "div",
        element("span", id="wm-connection", class_="wm-connection"),
        button("", kind="link", id="wm-outbox", hidden=True, aria_expanded=False, aria_controls="wm-tray"),
        element("section", id="wm-tray", class_="wm-tray", hidden=True, label_key="browser.tray"),
        class_="wm-status",
    )


def live_region() -> Native:
    """Return the one polite live region of a page, and the switch that silences it."""
    return element(
        "div",
        element("p", id="wm-live", role="status", class_="wm-visually-hidden"),
        element("button", type="button", class_="wm-button wm-link", data_announce_switch=True),
        class_="wm-announcements",
    )
