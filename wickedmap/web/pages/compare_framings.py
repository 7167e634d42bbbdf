"""Problem definitions side by side: Entman's four fields, and what each rests on."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ...access import FEWEST
from ...model import Framing
from ...text import Texts
from ..elements import Child, Native, disclosure, element, empty_state, shown, whole
from .compare_material import Material, framings_shown
from .compare_words import parts, shared_stems

FIELDS: Final = ("problem", "causes", "judgement", "remedy")


def view(material: Material) -> list[Child]:
    """Return the view of all problem definitions that this person may see."""
    t = material.t
    rows = framings_shown(material)
    head = material.room(("framings",), wall="framings")
    if not rows:
        return [head, empty_state(t("compare.framings.empty"))]
    written = [row for row in rows if not row.example]
    examples = [row for row in rows if row.example]
    own = len({row.agency for row in written})
    return [
        head,
        element(
            "p",
            t("compare.framings.count", count=len(written)),
            " ",
            t("compare.framings.from", count=own),
            class_="wm-lead",
        )
        if written
        else None,
        _part(material, written, material.caption(t("compare.framings.caption"))) if written else None,
        _beliefs(material, written),
        disclosure(
            t("compare.framings.examples", count=len(examples)),
            element("p", t("compare.framings.example_note"), class_="wm-hint"),
            _part(material, examples, t("compare.framings.caption_examples")),
            open_=not written,
            class_="wm-more",
        )
        if examples
        else None,
    ]


def _part(material: Material, rows: list[Framing], caption: str) -> Native:
    """Return problem definitions side by side, with what several of them use marked."""
    t = material.t
    by_agency: dict[str, list[str]] = {}
    for row in rows:
        by_agency.setdefault(row.agency, []).extend(_text(material, getattr(row, field)) for field in FIELDS)
    chosen = Counter(factor for factor, _ in {(factor, row.agency) for row in rows for factor in row.factors})
    several = len(by_agency) > 1
    legend: list[Child] = [t("compare.framings.single")]
    if several:
        mark = element("mark", t("compare.framings.marked.word"), class_="wm-shared")
        legend = [t("compare.framings.marked.before"), " ", mark, " ", t("compare.framings.marked.after")]
    return element(
        "div",
        element("p", *legend, class_="wm-hint"),
        _table(material, rows, shared_stems(by_agency), chosen, caption),
        class_="wm-section",
    )


def _text(material: Material, texts: Texts) -> str:
    return shown(texts.in_language(material.looking.language))


def _table(
    material: Material, rows: list[Framing], shared: frozenset[str], chosen: Counter[str], caption: str
) -> Native:
    t = material.t
    heads = [
        t("compare.framings.who"),
        *(t(f"compare.framings.field.{field}") for field in FIELDS),
        t("compare.framings.rests_on"),
    ]
    body = []
    for row in rows:
        cells: list[Child] = [_who(material, row)]
        cells += [_prose(material, getattr(row, field), shared) for field in FIELDS]
        cells.append(_rests_on(material, row, chosen))
        body.append(
            element(
                "tr",
                element("th", cells[0], scope="row", role="rowheader"),
                [
                    element(
                        "td",
                        element("span", heads[place], class_="wm-cell-label", aria_hidden=True),
                        cell,
                        role="cell",
                    )
                    for place, cell in enumerate(cells[1:], start=1)
                ],
                role="row",
                data_key=row.person or row.id,
            )
        )
    # The roles are said aloud, because a table that is shown as cards would lose them.
    return whole(
        element(
            "table",
            element("caption", caption, class_="wm-visually-hidden"),
            element(
                "thead",
                element(
                    "tr", [element("th", one, scope="col", role="columnheader") for one in heads], role="row"
                ),
                role="rowgroup",
            ),
            element("tbody", body, role="rowgroup"),
            role="table",
            class_="wm-framings",
        )
    )


def _who(material: Material, row: Framing) -> list[Child]:
    made: list[Child] = [material.chip(row.agency, named=True)]
    if row.example:
        made.append(element("small", material.looking.t("common.example")))
    elif row.agency == material.own:
        made.append(element("small", material.t("compare.own_agency")))
    return made


def _prose(material: Material, texts: Texts, shared: frozenset[str]) -> Native:
    text = _text(material, texts)
    if not text:
        return element("p", material.t("compare.framings.blank"), class_="wm-quiet-text")
    language = texts.language_for(material.looking.language)
    return element(
        "p",
        [
            element("mark", shown(piece), class_="wm-shared") if common else shown(piece)
            for piece, common in parts(text, shared)
        ],
        lang=language if language != material.looking.language else None,
        class_="wm-prose",
    )


def _rests_on(material: Material, row: Framing, chosen: Counter[str]) -> list[Child]:
    t, m = material.t, material.m
    made: list[Child] = []
    factors = [factor for factor in row.factors if m.has_factor(factor)]
    if factors:
        made.append(
            element(
                "ul",
                [element("li", _factor(material, one, chosen[one])) for one in factors],
                class_="wm-rests-on",
            )
        )
    if row.belief is not None and (row.example or not material.withheld(row.agency, 1)):
        made.append(_fact(t("compare.framings.belief"), t("compare.framings.of_five", value=row.belief)))
    for field in ("now", "wanted"):
        strategy = getattr(row, f"strategy_{field}")
        if strategy:
            name = material.looking.t(f"common.strategy.{strategy}").lower()
            made.append(_fact(t(f"compare.framings.strategy_{field}"), name))
    return made or [element("p", t("compare.framings.blank"), class_="wm-quiet-text")]


def _fact(name: str, value: str) -> Native:
    return element("p", element("span", f"{name}: "), value, class_="wm-fact")


def _factor(material: Material, factor: str, chosen: int) -> list[Child]:
    if chosen < 2:
        return [material.factor(factor)]
    said = material.t("compare.framings.chosen_by", count=chosen)
    return [
        element("mark", material.factor(factor), class_="wm-shared"),
        element("span", f" ({chosen})", aria_hidden=True),
        element("span", f" {said}", class_="wm-visually-hidden"),
    ]


def _beliefs(material: Material, rows: list[Framing]) -> Native | None:
    """Return how many chose each answer to whether it can be solved, once enough have answered."""
    t = material.t
    given = Counter(row.belief for row in rows if row.belief is not None)
    total = given.total()
    if not total:
        return None
    answered = Counter(
        row.agency for row in material.whole.m.framings if row.belief is not None and not row.example
    )
    if not material.may_count(answered):
        return element("p", t("compare.framings.belief_few", count=FEWEST), class_="wm-hint")
    return element(
        "section",
        element("h3", t("compare.framings.belief_title")),
        element("p", material.caption(t("compare.answered", count=total)), class_="wm-hint"),
        element(
            "ol",
            [
                element(
                    "li",
                    element("span", t(f"compare.framings.belief_words.{value}")),
                    element("span", class_="wm-bar", style={"--share": round(given[value] / total, 3)}),
                    element("span", given[value], class_="wm-figure"),
                )
                for value in range(1, 6)
            ],
            class_="wm-bars",
        ),
    )
