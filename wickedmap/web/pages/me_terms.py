"""Contested words on the phone: what a word means to me, beside what the map's glossary says."""

from __future__ import annotations

from ...model import Meaning, Term
from ..elements import (
    Native,
    button,
    change_form,
    disclosure,
    element,
    shown,
    text_area,
)
from .me_phone import Phone, address, back, heading, locked, panel


def own_meanings(phone: Phone) -> list[Meaning]:
    """Return what this person has said that words mean, oldest first."""
    return [row for row in phone.looking.state.rows("terms") if row.person == phone.person]


def word_of(phone: Phone, term: str) -> str:
    """Return a word in the reader's language; a plain one when the glossary has lost it."""
    found = _term(phone, term)
    return found.terms.in_language(phone.language) if found else phone.t("terms.gone_word")


def _term(phone: Phone, term: str) -> Term | None:
    return next((row for row in phone.looking.state.base.instruments.glossary if row.id == term), None)


def words(phone: Phone) -> Native | None:
    """Return the glossary as a folded list, saying which words one has written about."""
    glossary = phone.looking.state.base.instruments.glossary
    if not glossary:
        return None
    said = {row.term for row in own_meanings(phone)}
    entries = [
        element(
            "li",
            element("a", shown(word.terms.in_language(phone.language)), href=address("term", word.id)),
            [" ", element("span", phone.t("terms.written"), class_="wm-badge")] if word.id in said else None,
            data_key=word.id,
        )
        for word in glossary
    ]
    return disclosure(
        phone.t("terms.title"),
        element("p", phone.t("terms.lead"), class_="wm-quiet-text"),
        element("ul", entries, class_="wm-plain me-words"),
    )


def term_panel(phone: Phone, term: str) -> Native:
    """Return the screen for one word: its source, the form, and what one may see of others."""
    word = _term(phone, term)
    if word is None:
        return panel(
            phone,
            "term",
            term,
            back(phone, "#framing", phone.t("phone.framing.title")),
            heading(phone.t("terms.title")),
            element("p", phone.t("terms.gone")),
        )
    label = word.terms.in_language(phone.language)
    definition = word.definitions.in_language(phone.language)
    mine = next((row for row in own_meanings(phone) if row.term == term), None)
    return panel(
        phone,
        "term",
        term,
        back(phone, "#framing", phone.t("phone.framing.title")),
        heading("«", shown(label), "»"),
        locked(
            phone,
            change_form(
                "define_term",
                {"term": term, "language": phone.language},
                text_area(
                    phone.t("terms.question", word=label),
                    "text",
                    value=mine.text if mine else "",
                    hint=phone.t("terms.hint"),
                    required=True,
                ),
                element("p", phone.who_sees("terms"), class_="wm-hint"),
                button(
                    phone.t("common.save" if mine else "common.send"),
                    kind="primary",
                    type="submit",
                    disabled=phone.closed,
                ),
                draft=f"term-{term}",
                keep=True,
            ),
        ),
        None if mine is None or phone.closed else withdraw_term(phone, mine),
        disclosure(
            phone.t("terms.source"),
            element(
                "p", shown(definition), class_="wm-text", lang=word.definitions.language_for(phone.language)
            ),
        )
        if definition
        else None,
        _others(phone, term),
    )


def withdraw_term(phone: Phone, row: Meaning) -> Native:
    """Return the button that takes one's own meaning back."""
    return button(
        phone.t("phone.mine.withdraw"),
        kind="link",
        change="withdraw_term",
        fields={"term": row.term},
        aria_label=phone.t("phone.withdraw_named", text=word_of(phone, row.term)),
    )


def _others(phone: Phone, term: str) -> Native | None:
    rows = [row for row in phone.looking.state.rows("terms") if row.term == term and row.person != phone.person]
    if not rows:
        return None
    return element(
        "section",
        element("h2", phone.t("terms.others")),
        element(
            "ul",
            [
                element(
                    "li",
                    element("p", phone.chip(row.agency), class_="wm-row me-byline"),
                    element("p", shown(row.text), class_="wm-text", lang=row.language or None),
                    class_="wm-entry",
                )
                for row in rows
            ],
            class_="wm-plain",
        ),
    )
