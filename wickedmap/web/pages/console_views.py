"""What the wall can show, as buttons of which the present one is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..context import Looking
from ..elements import Native, Options, button, change_form, element, select, shown
from .console_agenda import step_of
from .console_pieces import lead

STAGES: Final = (1, 2, 3, 4)
VIEWS: Final = ("overlay", "framings", "matrix", "distance", "loops", "movement", "quote")
"""The views that need no more than their name; two agencies and a word are chosen first."""

_OF_AGENCIES: Final = ("stances", "ratings", "framings", "annotations")


def wall_row(looking: Looking) -> list[Native | None]:
    """Return the buttons that choose what the wall shows; exactly one is pressed."""
    state, t = looking.state, looking.t
    wall, stage = state.setting("wall"), int(state.setting("stage"))
    _, step, _ = step_of(looking)
    fitting = {(one.wall, one.stage) for one in step.shows}
    if (wall, stage if wall == "map" else None) in fitting:
        # One that suits the step is there already: the others are no suggestion.
        fitting = set()

    def fits(view: str, number: int | None = None) -> dict[str, Any]:
        if (view, number) not in fitting:
            return {}
        return {"data_fits": True, "title": t("console.view.fits")}

    stages = []
    for number in STAGES:
        # Going back to the map as it was keeps what is lit on it.
        back = wall != "map" and stage == number
        stages.append(
            lead(
                t(f"console.stage.{number}"),
                "set_wall" if back else "set_stage",
                {"view": "map"} if back else {"stage": number},
                pressed=wall == "map" and stage == number,
                data_stage=number,
                **fits("map", number),
            )
        )
    join, *views = [
        lead(t(f"console.view.{view}"), "set_wall", {"view": view}, pressed=wall == view, **fits(view))
        for view in ("join", *VIEWS)
    ]
    row = element(
        "div",
        element("div", join, stages, class_="wm-console-views-line"),
        element("div", views, class_="wm-console-views-line"),
        element("div", _pair(looking), _term(looking), class_="wm-console-views-line"),
        class_="wm-console-views",
        role="group",
        aria_label=t("console.view.legend"),
        aria_keyshortcuts="PageDown PageUp",
        data_places="own" if stage > 1 and not state.setting("centre") else "made",
    )
    return [row]


def _shown_of(looking: Looking, view: str) -> Mapping[str, Any]:
    """Return of what a view is shown; empty when another one is."""
    state = looking.state
    return (state.setting("wall_of") or {}) if state.setting("wall") == view else {}


def _pair(looking: Looking) -> Native | None:
    """Return where two of the agencies that have said something are chosen."""
    state, t = looking.state, looking.t
    said = (row for table in _OF_AGENCIES for row in state.rows(table))
    speaking = {row.agency for row in said if not getattr(row, "example", False)}
    options: Options = [
        (row.id, shown(row.labels.in_language(looking.language)))
        for row in state.rows("agencies")
        if row.id in speaking
    ]
    if len(options) < 2:
        return None
    known = [one for one, _ in options]
    now = [one for one in _shown_of(looking, "pair").get("agencies", ()) if one in known]
    chosen = list(dict.fromkeys([*now, *known]))
    return _form(
        looking,
        "pair",
        select(t("compare.pair.first"), "agencies", options, value=chosen[0], data_type="list"),
        select(t("compare.pair.second"), "agencies", options, value=chosen[1], data_type="list"),
        button(t("console.view.show_pair"), type="submit", aria_pressed=state.setting("wall") == "pair"),
    )


def _term(looking: Looking) -> Native | None:
    """Return where one of the words that somebody has explained is chosen."""
    state, t = looking.state, looking.t
    explained = {row.term for row in state.rows("terms")}
    options: Options = [
        (one.id, shown(one.terms.in_language(looking.language)))
        for one in state.base.instruments.glossary
        if one.id in explained
    ]
    if not options:
        return None
    now = str(_shown_of(looking, "terms").get("term", ""))
    return _form(
        looking,
        "terms",
        select(t("console.view.word"), "term", options, value=now if now in dict(options) else options[0][0]),
        button(t("console.view.show_term"), type="submit", aria_pressed=state.setting("wall") == "terms"),
    )


def _form(looking: Looking, view: str, *inside: Native) -> Native:
    return change_form(
        "set_wall",
        {"view": view},
        *inside,
        keep=True,
        class_="wm-console-view-of",
        data_quiet=True,
        aria_label=looking.t(f"console.view.{view}"),
    )
