"""The comparisons as the wall shows them: few words, large, without names until they are shown."""

from __future__ import annotations

from typing import Any

from ...model import Agency, Framing
from ..canvas import initials_of
from ..context import Looking
from ..elements import element, shown

_MOST = 6


def framings(looking: Looking) -> Any:
    """Return the revealed problem definitions side by side; their first field, in large print."""
    state, t, language = looking.state, looking.t, looking.language
    rows: list[Framing] = [row for row in state.rows("framings") if row.problem]
    if not rows:
        return element("div", element("p", t("wall.no_framings")), class_="wm-wall-centre")
    # What people wrote here comes before the examples that the map brought along.
    rows.sort(key=lambda row: row.example)
    cards = [
        element(
            "li",
            element("strong", shown(state.agency_label(row.agency, language))),
            element("small", " ", t("wall.example")) if row.example else None,
            element(
                "p",
                shown(row.problem.in_language(looking.language)),
                lang=row.problem.language_for(looking.language),
            ),
        )
        for row in rows[:_MOST]
    ]
    more = len(rows) - len(cards)
    return element(
        "div",
        element("ul", cards, class_="wm-wall-cards"),
        element("p", t("wall.more", count=more), class_="wm-wall-small") if more > 0 else None,
        class_="wm-wall-full",
    )


def matrix(looking: Looking) -> Any:
    """Return which agencies have spoken of which factors: a blind spot has no mark."""
    state, t = looking.state, looking.t
    m = state.to_map()
    spoken = {(one.factor, one.agency) for one in m.ratings}
    spoken |= {(one.target, one.agency) for one in m.annotations if one.target_kind == "factor"}
    agencies = [row for row in m.agencies if any(agency == row.id for _, agency in spoken)]
    if not agencies:
        return element("div", element("p", t("wall.no_matrix")), class_="wm-wall-centre")
    head = element(
        "tr",
        element("td"),
        [
            element(
                "th",
                element("abbr", initials_of(one), title=one.labels.in_language(looking.language)),
                scope="col",
            )
            for one in agencies
        ],
    )
    body = []
    for factor in m.factors:
        if factor.id == m.focal:
            continue
        silent = not any((factor.id, one.id) in spoken for one in agencies)
        cells = [element("td", "●" if (factor.id, one.id) in spoken else "·") for one in agencies]
        label = factor.labels.in_language(looking.language)
        name = element(
            "th", shown(label), element("em", " ", t("wall.blind_spot")) if silent else None, scope="row"
        )
        body.append(element("tr", name, cells, class_="wm-silent" if silent else None))
    half = (len(body) + 1) // 2
    tables = [
        element("table", element("thead", head), element("tbody", part), class_="wm-wall-matrix")
        for part in (body[:half], body[half:])
        if part
    ]
    return element("div", tables, class_="wm-wall-full wm-wall-columns")


def _initials(agency: Agency, language: str) -> Any:
    return element("abbr", initials_of(agency), title=agency.labels.in_language(language))
