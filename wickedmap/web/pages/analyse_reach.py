"""How far a factor's influence goes, and which factors drive, depend, or lie in between."""

from __future__ import annotations

from ...graphs import Centralities, Reached
from ..analysis_questions import ReachAnswer, ReachQuestion
from ..elements import Child, Native, data_table, disclosure, element, empty_state, notice
from .analyse_look import View
from .analyse_quadrants import quadrants_part

_SIGNS = {"+": "plus", "-": "minus", "mixed": "mixed", "?": "unknown"}
_COLUMNS = ("in_degree", "out_degree", "strength", "betweenness", "closeness_out", "closeness_in", "katz")
_WHOLE = ("in_degree", "out_degree")


def chosen_factor(view: View) -> str:
    """Return the factor that is looked at: the one asked for, else the one with most links."""
    if view.m.has_factor(view.asked.factor):
        return view.asked.factor
    m = view.m
    if not m.factors:
        return ""
    return max(m.factors, key=lambda one: len(m.causes_of(one.id)) + len(m.effects_of(one.id))).id


def question(view: View) -> ReachQuestion | None:
    """Return what is asked; None for a map without factors."""
    factor, other = chosen_factor(view), view.asked.target
    if not factor:
        return None
    if not view.m.has_factor(other):
        return ReachQuestion(factor, view.asked.method)
    start, end = (other, factor) if view.asked.way == "up" else (factor, other)
    return ReachQuestion(factor, view.asked.method, start, end)


def panel(view: View, found: ReachAnswer | None) -> list[Child]:
    """Return causes and effects of a factor step by step, measures of all factors, and the quadrants."""
    t = view.t
    title = element("h2", t("analyse.reach.title"), tabindex=-1, data_focus=not view.asked.target)
    if found is None:
        return [title, empty_state(t("analyse.no_factors"))]
    factor = str(found.reach.factor)
    return [
        title,
        view.chooser("factor", t("analyse.reach.factor"), view.factor_options(), factor),
        element("p", t("analyse.reach.pick"), class_="wm-hint"),
        view.cut_short(found.stopped_by),
        element("p", _in_short(view, found), class_="wm-lead", data_spotlight=factor),
        _chains(view, found),
        _direction(view, found.reach.downstream, factor, "down"),
        _direction(view, found.reach.upstream, factor, "up"),
        element("p", t("analyse.reach.chains"), class_="wm-quiet-text"),
        _central(view, found.centralities),
        quadrants_part(view, found.quadrants),
    ]


def _in_short(view: View, found: ReachAnswer) -> str:
    t = view.t
    factor = found.reach.factor
    effects = sum(one.factor != factor for one in found.reach.downstream)
    causes = sum(one.factor != factor for one in found.reach.upstream)
    others = len(view.m.factors) - 1
    said = t("analyse.reach.short", factor=view.label(factor), effects=effects, causes=causes, others=others)
    return f"{said} {t('analyse.reach.on_loop' if found.reach.on_loop else 'analyse.reach.off_loop')}"


def _direction(view: View, reached: tuple[Reached, ...], factor: str, way: str) -> Native:
    t = view.t
    title = t(f"analyse.reach.{way}")
    if not reached:
        return element(
            "section", element("h3", title), element("p", t(f"analyse.reach.none_{way}")), class_="wm-section"
        )
    rows: list[list[Child]] = []
    for one in reached:
        if one.factor == factor:
            where = view.asked.address(view="loops", factor=factor, target="", loop=())
        else:
            where = view.asked.address(factor=factor, target=str(one.factor), way=way)
        rows.append(
            [
                view.light(one.factor),
                element(
                    "a",
                    t("analyse.reach.steps", count=one.steps),
                    href=where,
                    aria_label=t("analyse.reach.open_chain", factor=view.label(one.factor), count=one.steps),
                ),
                t(f"analyse.reach.sign.{_SIGNS[one.polarity]}"),
                t(f"analyse.reach.all.{_all_signs(one)}"),
            ]
        )
    head = [
        t("analyse.factor"),
        t("analyse.reach.nearest"),
        t("analyse.reach.nearest_sign"),
        t("analyse.reach.all_signs"),
    ]
    return element(
        "section",
        element("h3", title),
        data_table(title, head, rows, caption_hidden=True),
        class_="wm-section",
    )


def _all_signs(one: Reached) -> str:
    if len(one.signs) == 2:
        return "mixed"
    return "plus" if 1 in one.signs else "minus"


def _chains(view: View, found: ReachAnswer) -> Native | None:
    paths = found.paths
    if paths is None:
        return None
    t = view.t
    title = t("analyse.reach.behind", source=view.label(paths.source), target=view.label(paths.target))
    close = element(
        "a", t("common.close"), href=view.asked.address(target="", way="up"), class_="wm-button wm-link"
    )
    parts: list[Child] = []
    for path in paths.paths[:5]:
        links = [view.m.link(str(one)) for one in path.links]
        parts.append(view.link_list(links))
    left = len(paths.paths) - 5
    return element(
        "section",
        element(
            "div",
            element("h3", title, tabindex=-1, data_focus=True),
            close,
            class_="wm-row wm-spread",
        ),
        element("p", t("analyse.reach.shortest", count=len(paths.paths)), class_="wm-quiet-text"),
        *parts,
        element("p", t("analyse.reach.more_chains", count=left), class_="wm-hint") if left > 0 else None,
        class_="wm-analyse-card",
        data_path="~".join(str(one) for one in paths.paths[0].links) if paths.paths else None,
    )


def _central(view: View, central: Centralities) -> Native:
    t = view.t
    ordered = sorted(central.factors, key=lambda one: (-one.strength, view.label(one.factor)))
    rows: list[list[Child]] = [
        [
            view.light(one.factor),
            *(_measure(view, getattr(one, name), name) for name in _COLUMNS),
            element("span", t(f"analyse.role.{one.role}"), class_="wm-analyse-nowrap"),
        ]
        for one in ordered
    ]
    head = [t("analyse.factor"), *(t(f"analyse.central.{name}") for name in _COLUMNS), t("analyse.role.title")]
    notes = [
        element(
            "div", element("dt", t(f"analyse.central.{name}")), element("dd", t(f"analyse.explained.{name}"))
        )
        for name in _COLUMNS
    ]
    reasons = [
        notice(t(f"analyse.central.{name}"), ": ", t(f"analyse.reason.{central.reasons[name]}"))
        for name in _COLUMNS
        if name in central.reasons
    ]
    return disclosure(
        t("analyse.central.title"),
        element("p", t("analyse.central.lead"), class_="wm-quiet-text"),
        data_table(
            t("analyse.central.title"), head, rows, numbers=range(1, len(_COLUMNS) + 1), caption_hidden=True
        ),
        *reasons,
        element("dl", notes, class_="wm-analyse-terms"),
    )


def _measure(view: View, value: float | None, name: str) -> str:
    if value is None:
        return "–"
    return view.number(value, 0 if name in _WHOLE else 1 if name == "strength" else 2)
