"""Notes on the phone: those one may see, writing one, and changing one's own."""

from __future__ import annotations

from ...model import Annotation
from ..elements import Native, button, change_form, element, select, shown, text_area
from .me_phone import Phone, address, back, heading, locked, panel

NOTE_KINDS = ("experience", "evidence", "question", "disagreement", "term")


def notes_section(phone: Phone, target_kind: str, target: str) -> Native:
    """Return the notes on a factor or link that the person may see, and the form for one more."""
    rows = [
        row
        for row in phone.looking.state.rows("annotations")
        if row.target_kind == target_kind and row.target == target
    ]
    hidden = phone.looking.state.totals.get(f"notes/{target_kind}/{target}", 0) - len(rows)
    listed = element("ul", [_entry(phone, row) for row in rows], class_="wm-plain") if rows else None
    return element(
        "section",
        element(
            "div",
            element("h2", phone.t("phone.notes.title")),
            listed or element("p", phone.t("phone.notes.none"), class_="wm-quiet-text"),
            element("p", phone.t("phone.notes.hidden", count=hidden), class_="wm-quiet-text")
            if hidden > 0
            else None,
            class_="wm-stack wm-stack-tight",
            # The script marks what is new since the list was last seen.
            data_arrivals=True,
        ),
        locked(
            phone,
            change_form(
                "annotate",
                {"target_kind": target_kind, "target": target, "language": phone.language},
                element("h3", phone.t("phone.notes.add")),
                _kind(phone, "experience"),
                _text(phone, ""),
                element("p", phone.who_sees("annotations"), class_="wm-hint"),
                button(phone.t("phone.notes.send"), kind="primary", type="submit", disabled=phone.closed),
                draft=f"note-{target_kind}-{target}",
            ),
        ),
        class_="wm-section",
    )


def _kind(phone: Phone, value: str) -> Native:
    options = [(kind, phone.t(f"phone.note_kind.{kind}.explained")) for kind in NOTE_KINDS]
    return select(phone.t("phone.notes.kind"), "note_kind", options, value=value)


def _text(phone: Phone, value: str) -> Native:
    return text_area(
        phone.t("phone.notes.text"), "text", value=value, hint=phone.t("phone.no_clients"), required=True
    )


def _entry(phone: Phone, row: Annotation) -> Native:
    mine = row.person == phone.person
    alias = "" if mine else phone.alias_of(row.person)
    return element(
        "li",
        element(
            "p",
            element("strong", phone.t(f"phone.note_kind.{row.kind}.name")),
            " · ",
            element("span", phone.t("phone.you")) if mine else phone.chip(row.agency),
            f" · {alias}" if alias else None,
            class_="wm-row me-byline",
        ),
        element("p", shown(row.text), class_="wm-text", lang=row.language or None),
        _edit(phone, row) if mine and not phone.closed else None,
        class_="wm-entry",
        data_entry=row.id,
        data_key=row.id,
    )


def _edit(phone: Phone, row: Annotation) -> Native:
    about = phone.t("phone.edit_named", text=row.text[:60])
    to = address("note", row.id)
    link = element("a", phone.t("common.edit"), href=to, aria_label=about, class_="wm-button wm-link")
    return element("p", link, class_="wm-actions")


def note_panel(phone: Phone, note: str) -> Native:
    """Return the screen for changing or deleting one's own note."""
    row = next((row for row in phone.notes if row.id == note), None)
    if row is None:
        return panel(
            phone,
            "note",
            note,
            back(phone, "#mine", phone.t("phone.mine.title")),
            heading(phone.t("phone.notes.edit")),
            element("p", phone.t("phone.notes.gone")),
        )
    mark = phone.looking.state.mark("annotations", row.id)
    return panel(
        phone,
        "note",
        note,
        back(phone, "#mine", phone.t("phone.mine.title")),
        heading(phone.t("phone.notes.edit")),
        element("p", place_of(phone, row), class_="wm-quiet-text"),
        locked(
            phone,
            change_form(
                "edit_annotation",
                {"annotation": row.id, "base_seq": mark.seq if mark else phone.seq},
                _kind(phone, row.kind),
                _text(phone, row.text),
                element("p", phone.who_sees("annotations"), class_="wm-hint"),
                button(phone.t("common.save"), kind="primary", type="submit", disabled=phone.closed),
                draft=f"edit-{row.id}",
                keep=True,
            ),
        ),
        None if phone.closed else delete_note(phone, row),
    )


def delete_note(phone: Phone, row: Annotation) -> Native:
    """Return the button that takes one's own note back."""
    return button(
        phone.t("common.delete"),
        kind="link",
        change="remove_annotation",
        fields={"annotation": row.id},
        aria_label=phone.t("phone.delete_named", text=row.text[:60]),
    )


def place_of(phone: Phone, row: Annotation) -> str:
    """Return what a note is about, said in words; also when it is no longer on the map."""
    if row.target_kind == "factor":
        return phone.label(row.target)
    link = phone.link_row(row.target)
    return phone.sentence(link) if link else phone.t("phone.gone_link")
