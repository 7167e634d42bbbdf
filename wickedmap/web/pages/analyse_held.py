"""What holds the problem back: whether the signs say more than that bad makes bad worse."""

from __future__ import annotations

from ..analysis_questions import HeldAnswer, HeldQuestion
from ..elements import Child, Native, disclosure, element, empty_state, notice, whole
from .analyse_look import View
from .analyse_loops import badge, chain, facts

_PARTS = ("differs", "unknown_sign", "no_valence", "follows")


def question(_view: View) -> HeldQuestion:
    """Return what is asked."""
    return HeldQuestion()


def panel(view: View, found: HeldAnswer) -> list[Child]:
    """Return the question to the room, the balancing loops, and every link with its verdict."""
    t = view.t
    title = element("h2", t("analyse.held.title"), tabindex=-1, data_focus=True)
    if not view.m.links:
        return [title, empty_state(t("analyse.no_links"))]
    check = found.check
    return [
        title,
        element("p", t("analyse.held.lead"), class_="wm-quiet-text"),
        _answer(view, found),
        element("p", t("analyse.reason.nothing_to_judge"))
        if check.share is None
        else element(
            "p",
            t(
                "analyse.held.share",
                share=view.percent(check.share),
                follows=len(check.follows),
                judged=len(check.follows) + len(check.differs),
            ),
        ),
        view.cut_short(found.stopped_by),
        _balancing(view, found),
        *(_part(view, found, part) for part in _PARTS),
    ]


def _answer(view: View, found: HeldAnswer) -> Native:
    t = view.t
    check = found.check
    if check.question:
        key = "by_valence" if check.by_valence else "all_reinforcing"
        return notice(
            element("p", t(f"analyse.held.{key}")),
            element("p", t("analyse.reason.what_holds_it_back"), class_="wm-lead"),
            kind="attention",
            title=t("analyse.held.ask"),
        )
    if not check.links_on_loops:
        return notice(t("analyse.held.no_loops"))
    if check.all_reinforcing is None:
        return notice(t("analyse.held.open"))
    return notice(t("analyse.held.has_balancing"), kind="good")


def _balancing(view: View, found: HeldAnswer) -> Native | None:
    if not found.balancing:
        return None
    rows = [
        element(
            "li",
            element(
                "a",
                badge(view, one),
                element("span", chain(view, one.loop), class_="wm-analyse-chain"),
                element("span", facts(view, one.loop), class_="wm-analyse-facts"),
                href=view.asked.address(view="loops", loop=one.loop.links, polarity="B", length="8"),
            ),
        )
        for one in found.balancing
    ]
    everything = view.asked.address(view="loops", polarity="B", length="8", loop=())
    return element(
        "section",
        element("h3", view.t("analyse.held.balancing")),
        whole(element("ol", rows, class_="wm-list wm-analyse-loops")),
        element("p", element("a", view.t("analyse.held.all_balancing"), href=everything)),
        class_="wm-section",
    )


def _part(view: View, found: HeldAnswer, part: str) -> Native | None:
    ids = getattr(found.check, part)
    if not ids:
        return None
    return disclosure(
        view.t(f"analyse.verdict.{part}", count=len(ids)),
        element("p", view.t(f"analyse.explained.{part}"), class_="wm-quiet-text"),
        view.link_list(view.m.link(str(one)) for one in ids),
    )
