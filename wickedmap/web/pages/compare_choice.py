"""Which agencies the views are about: all of them, two, or any others; the choice is in the address.

``?agencies=nav,politi#links`` is the table of influences as two agencies see it. The
choice stands before the ``#``, so going from view to view keeps it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from ..elements import Child, button, disclosure, element
from .compare_material import Material

LONGEST: Final = 4000


def read_chosen(address: object) -> tuple[str, ...] | None:
    """Return the agencies that an address asks for; None when it asks for all.

    Examples
    --------
    >>> read_chosen("?agencies=nav,politi#pair"), read_chosen("#pair"), read_chosen("?agencies=")
    (('nav', 'politi'), None, ())
    """
    text = address[:LONGEST] if type(address) is str else ""
    query = text.split("#", 1)[0]
    found = parse_qs(query.removeprefix("?"), keep_blank_values=True).get("agencies")
    return None if found is None else tuple(dict.fromkeys(one for one in found[0].split(",") if one))


def chooser(material: Material, address: object = "") -> list[Child]:
    """Return where agencies are chosen, folded; nothing as long as there are not two to choose from.

    `address` is the one this answers, so that the page can tell when it is the latest.
    """
    t, everyone = material.t, material.everyone
    if len(everyone) < 2:
        return []
    chosen = set(material.agencies)
    names = material.names(material.agencies) or t("compare.choice.nobody")
    asked = address[:LONGEST].split("#", 1)[0] if type(address) is str else ""
    boxes = [
        element(
            "label",
            element("input", type="checkbox", name="agency", value=agency, checked=agency in chosen),
            element("span", material.chip(agency), element("span", material.name(agency))),
            class_="wm-option",
            data_key=agency,
        )
        for agency in everyone
    ]
    return [
        disclosure(
            element("span", t("compare.choice.title", what=material.in_words())),
            element(
                "form",
                element(
                    "fieldset",
                    element("legend", t("compare.choice.legend"), class_="wm-label"),
                    element("p", t("compare.choice.hint"), class_="wm-hint"),
                    element("div", boxes, class_="wm-options wm-options-row"),
                    class_="wm-field",
                ),
                element(
                    "div",
                    button(t("compare.choice.take_all"), data_chooses="all"),
                    button(t("compare.choice.take_none"), data_chooses="none"),
                    class_="wm-actions",
                ),
                class_="wm-choice-form",
                data_chosen=" ".join(material.agencies),
                data_asked=asked,
                data_says=f"{t('compare.choice.shows', what=material.in_words())} {names}.",
            ),
            class_="wm-choice",
            data_key="choice",
        )
    ]
