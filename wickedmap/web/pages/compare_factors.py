"""Factor by agency: what each finds important and has written about, and where nobody has said anything."""

from __future__ import annotations

from statistics import median

from ...access import FEWEST
from ...graphs import FactorOpinions
from ...graphs.opinions import FactorCell
from ..elements import Child, Native, data_table, disclosure, element, empty_state
from .compare_material import Material

_KINDS = ("ratings", "annotations", "stances", "framings")


def view(material: Material) -> list[Child]:
    """Return the table of factors, blind spots and responsibilities."""
    t = material.t
    head = material.room(_KINDS, wall="matrix")
    rows = [row for row in material.overlay.factors if row.factor != material.m.focal]
    if not rows:
        return [head, empty_state(t("compare.factors.no_factors"))]
    if not material.agencies:
        return [head, empty_state(t("compare.factors.empty")), *_responsibility(material, rows)]
    heads: list[Child] = [
        t("compare.factors.factor"),
        *[material.chip(agency) for agency in material.agencies],
        t("compare.factors.all"),
        t("compare.factors.silence"),
        t("compare.factors.owners"),
    ]
    return [
        head,
        _blind(material, rows),
        data_table(
            material.caption(t("compare.factors.caption")),
            heads,
            [_row(material, row) for row in rows],
        ),
        element("p", t("compare.factors.legend"), class_="wm-hint"),
        element("p", t("compare.factors.withheld", count=FEWEST), class_="wm-hint")
        if material.names_hidden
        else None,
        *_responsibility(material, rows),
        element("p", t("compare.factors.owners_all"), class_="wm-hint") if material.partial else None,
    ]


def _blind(material: Material, rows: list[FactorOpinions]) -> Native:
    blind = [row for row in rows if row.blind_spot]
    t = material.t
    if not blind:
        none = "no_blind_chosen" if material.partial else "no_blind"
        return element("p", t(f"compare.factors.{none}"), class_="wm-lead")
    some = "blind_chosen" if material.partial else "blind"
    names = material.list_in_words([material.factor(row.factor) for row in blind])
    return element(
        "p",
        element("strong", t(f"compare.factors.{some}", count=len(blind))),
        " ",
        names,
        ".",
        class_="wm-lead wm-text",
    )


def _row(material: Material, row: FactorOpinions) -> list[Child]:
    t = material.t
    silent = len(row.silent)
    if row.blind_spot:
        silence: Child = element("strong", t("compare.factors.blind_spot"))
    else:
        silence = t("compare.factors.silent", count=silent) if silent else "–"
    return [
        material.factor(row.factor),
        *[_cell(material, cell) for cell in row.cells],
        _everyone(material, row),
        silence,
        _owners(material, row),
    ]


def _cell(material: Material, cell: FactorCell) -> Child:
    t = material.t
    if cell.silent:
        return element(
            "span", element("span", "·", aria_hidden=True), _hidden(t("compare.factors.nothing_said"))
        )
    made: list[Child] = []
    if cell.importance is not None:
        if material.withheld(cell.agency, cell.rated):
            made.append(
                element(
                    "span",
                    "✓",
                    _hidden(t("compare.factors.rated_hidden")),
                    title=t("compare.factors.rated_hidden"),
                )
            )
        else:
            made.append(element("b", material.number(cell.importance, 1)))
            made.append(element("small", f"n={cell.rated}"))
    elif cell.undecided:
        made.append(element("span", t("compare.factors.undecided")))
    if cell.notes:
        made.append(element("small", material.looking.t("common.notes", count=cell.notes)))
    if not made:
        made.append(
            element(
                "small",
                t("compare.factors.links", count=cell.considered_links)
                if cell.considered_links
                else t("compare.factors.chosen"),
            )
        )
    return element("span", made, class_="wm-cell")


def _hidden(text: str) -> Native:
    return element("span", text, class_="wm-visually-hidden")


def _everyone(material: Material, row: FactorOpinions) -> Child:
    given = [
        rating.importance
        for rating in material.m.ratings
        if rating.factor == row.factor and rating.importance is not None
    ]
    everyone = material.whole.overlay.factor(row.factor)
    if not given or not material.may_count({cell.agency: cell.rated for cell in everyone.cells}):
        return "–"
    middle = material.number(float(median(given)), 1)
    return element("span", element("b", middle), element("small", f"n={len(given)}"), class_="wm-cell")


def _owners(material: Material, row: FactorOpinions) -> Child:
    t = material.t
    if not row.can_be_owned:
        return "–"
    if row.gap:
        return element("strong", t("compare.factors.gap"))
    names = [material.initials(agency) for agency in row.owners]
    made: list[Child] = [element("span", ", ".join(names))]
    if row.overlap:
        made.append(element("small", t("compare.factors.overlap")))
    return element("span", made, class_="wm-cell")


def _responsibility(material: Material, rows: list[FactorOpinions]) -> list[Child]:
    t = material.t
    gaps = [material.factor(row.factor) for row in rows if row.gap]
    overlaps = [(row, material.factor(row.factor)) for row in rows if row.overlap]
    if not gaps and not overlaps:
        return [element("p", t("compare.factors.clear"), class_="wm-hint")]
    return [
        element(
            "section",
            element("h3", t("compare.factors.responsibility")),
            element(
                "p",
                element("strong", t("compare.factors.gaps", count=len(gaps))),
                " ",
                material.list_in_words(gaps),
                ".",
                class_="wm-text",
            )
            if gaps
            else None,
            disclosure(
                t("compare.factors.overlaps", count=len(overlaps)),
                element(
                    "ul", [element("li", f"{name}: {material.names(row.owners)}") for row, name in overlaps]
                ),
            )
            if overlaps
            else None,
            element("p", t("compare.factors.talk"), class_="wm-hint"),
        )
    ]
