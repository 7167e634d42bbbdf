"""Where to get hold of a map: factors on every loop, loops the others are made of, the shortest per link."""

from __future__ import annotations

from ...analysis_words import all_minimal, cut_loops
from ...graphs import FeedbackFactors
from ..analysis_questions import LeverageAnswer, LeverageQuestion, NamedLoop
from ..elements import Child, Native, data_table, disclosure, element, empty_state, shown, whole
from .analyse_look import View
from .analyse_loops import badge, chain, facts

_SHOWN = 60


def question(_view: View) -> LeverageQuestion:
    """Return what is asked."""
    return LeverageQuestion()


def panel(view: View, found: LeverageAnswer) -> list[Child]:
    """Return the smallest set of factors on every loop, the basis, and the shortest loop through each link."""
    t, language, feedback = view.t, view.looking.language, found.feedback
    title = element("h2", t("analyse.leverage.title"), tabindex=-1, data_focus=True)
    if not feedback.factors:
        return [title, empty_state(t("analyse.leverage.none" if view.m.links else "analyse.no_links"))]
    bound = all_minimal(language, len(feedback), feedback.lower_bound, optimal=feedback.optimal)
    return [
        title,
        element("p", t("analyse.leverage.lead"), class_="wm-quiet-text"),
        element("p", cut_loops(language, len(feedback)), class_="wm-lead wm-analyse-cut"),
        _chosen(view, feedback),
        element("p", bound, class_="wm-quiet-text"),
        _alternatives(view, feedback),
        view.cut_short(found.stopped_by),
        _basis(view, found),
        _shortest(view, found),
    ]


def _chosen(view: View, feedback: FeedbackFactors) -> Native:
    needed = set(feedback.indispensable)
    rows = [
        element(
            "li",
            view.light(one),
            element("span", view.t("analyse.leverage.indispensable"), class_="wm-analyse-facts")
            if one in needed
            else None,
        )
        for one in feedback.factors
    ]
    return element("ul", rows, class_="wm-list wm-analyse-factors", data_light_all="~".join(feedback.factors))


def _alternatives(view: View, feedback: FeedbackFactors) -> Native | None:
    t = view.t
    if not feedback.alternatives:
        return element("p", t("analyse.leverage.only_one")) if feedback.all_alternatives else None
    return element(
        "section",
        element("h3", t("analyse.leverage.others")),
        element("ul", [element("li", shown(view.names(one))) for one in feedback.alternatives]),
        element("p", t("analyse.leverage.all_others"), class_="wm-hint") if feedback.all_alternatives else None,
        class_="wm-stack wm-stack-tight",
    )


def _basis(view: View, found: LeverageAnswer) -> Native:
    t = view.t
    rows = [
        element(
            "li",
            element(
                "a",
                badge(view, NamedLoop(loop.polarity, loop)),
                element("span", chain(view, loop), class_="wm-analyse-chain"),
                element("span", facts(view, loop), class_="wm-analyse-facts"),
                href=view.asked.address(view="loops", loop=loop.links),
            ),
        )
        for loop in found.basis.loops[:_SHOWN]
    ]
    return disclosure(
        t("analyse.leverage.basis", count=len(found.basis)),
        element("p", t("analyse.leverage.basis_lead"), class_="wm-quiet-text"),
        element("p", t("analyse.leverage.basis_incomplete", rank=found.basis.rank))
        if not found.basis.complete
        else None,
        whole(element("ol", rows, class_="wm-list wm-analyse-loops")),
        element("p", t("analyse.first_only", shown=_SHOWN, number=len(found.basis)), class_="wm-hint")
        if len(found.basis) > _SHOWN
        else None,
    )


def _shortest(view: View, found: LeverageAnswer) -> Native:
    t = view.t
    with_loop = [one for one in view.m.links if found.shortest.get(one.id)]
    without = [one for one in view.m.links if found.shortest.get(one.id) is None]
    rows: list[list[Child]] = []
    for link in with_loop[:_SHOWN]:
        loop = found.shortest[link.id]
        assert loop is not None
        rows.append(
            [
                shown(view.sentence(link)),
                element("a", chain(view, loop), href=view.asked.address(view="loops", loop=loop.links)),
                len(loop),
            ]
        )
    head = [t("analyse.link"), t("analyse.leverage.shortest_head"), t("analyse.links")]
    return disclosure(
        t("analyse.leverage.shortest"),
        element("p", t("analyse.leverage.shortest_lead"), class_="wm-quiet-text"),
        data_table(t("analyse.leverage.shortest"), head, rows, numbers=(2,), caption_hidden=True),
        element("p", t("analyse.first_only", shown=_SHOWN, number=len(with_loop)), class_="wm-hint")
        if len(with_loop) > _SHOWN
        else None,
        element("h3", t("analyse.leverage.no_loop")) if without else None,
        element("p", t("analyse.leverage.no_loop_lead")) if without else None,
        view.link_list(without[:_SHOWN]) if without else None,
    )
