"""Contested words: what each agency means by them, beside what the map's glossary says."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...model import Meaning
from ..elements import Child, Native, element, empty_state, shown, whole
from .compare_material import Material
from .send_to_wall import wall_button, wall_fields


def view(material: Material) -> list[Child]:
    """Return every word that somebody has given a meaning, then those that nobody has."""
    t = material.t
    head = material.room(("terms",))
    words = material.m.instruments.glossary
    if not words:
        return [head, empty_state(t("compare.terms.no_words"))]
    said = meanings_by_word(material)
    defined = [word for word in words if word.id in said]
    others = [shown(word.terms.in_language(material.looking.language)) for word in words if word.id not in said]
    return [
        head,
        whole(element("ul", [_word(material, word, said[word.id]) for word in defined], class_="wm-words"))
        if defined
        else empty_state(t("compare.terms.empty")),
        element("p", t("compare.terms.others", words=", ".join(others)), class_="wm-hint") if others else None,
    ]


def meanings_by_word(material: Material) -> dict[str, list[Meaning]]:
    """Return what people mean by each word, by the word's id."""
    said: dict[str, list[Meaning]] = {}
    for row in material.m.meanings:
        said.setdefault(row.term, []).append(row)
    return said


def _word(material: Material, word: Any, meanings: list[Meaning]) -> Native:
    t, language = material.t, material.looking.language
    source = shown(word.definitions.in_language(language))
    agencies = material.own_first(dict.fromkeys(row.agency for row in meanings))
    silent = [agency for agency in material.agencies if agency not in agencies]
    return element(
        "li",
        element("h3", "«", shown(word.terms.in_language(language)), "»"),
        wall_button(
            material.looking,
            wall_fields("terms", material.agencies if material.partial else (), term=word.id),
        )
        if material.leads
        else None,
        element(
            "p",
            t("compare.terms.count", count=len(meanings)),
            " ",
            t("compare.terms.from", count=len(agencies)),
            class_="wm-hint",
        )
        if material.may_count(Counter(row.agency for row in material.whole.m.meanings if row.term == word.id))
        else None,
        element(
            "div",
            [
                element(
                    "section",
                    material.chip(agency, named=True),
                    [
                        element("blockquote", shown(row.text), lang=row.language or None)
                        for row in meanings
                        if row.agency == agency
                    ],
                    data_key=agency,
                )
                for agency in agencies
            ],
            class_="wm-two-sides",
        ),
        element("p", t("compare.terms.silent", names=material.names(silent)), class_="wm-hint")
        if silent
        else None,
        element(
            "p",
            element("small", t("compare.terms.source"), " "),
            source,
            lang=word.definitions.language_for(language),
            class_="wm-text",
        )
        if source
        else None,
        data_key=word.id,
    )
