"""What if: an intervention or a push on one factor, and in how many draws each factor rises or falls."""

from __future__ import annotations

from ...model import Intervention
from ..analysis_questions import BehindAnswer, BehindQuestion, Change, Push, WhatIfAnswer, WhatIfQuestion
from ..elements import Child, Native, element, empty_state, notice, shown
from .analyse_look import View

_PUSH = "push:"


def interventions(view: View) -> list[Intervention]:
    """Return the interventions that move at least one factor of the map."""
    known = view.m.instruments.interventions
    return [one for one in known if any(view.m.has_factor(effect.factor) for effect in one.effects)]


def chosen(view: View) -> str:
    """Return what is tried: an intervention's id, or ``push:`` and a factor's; empty without factors."""
    asked = view.asked.done
    if asked.startswith(_PUSH) and view.m.has_factor(asked.removeprefix(_PUSH)):
        return asked
    ways = [one.id for one in interventions(view)]
    if asked in ways:
        return asked
    if ways:
        return ways[0]
    return _PUSH + view.m.factors[0].id if view.m.factors else ""


def pushes(view: View) -> tuple[Push, ...]:
    """Return which factors are pushed, and which way."""
    done = chosen(view)
    if done.startswith(_PUSH):
        return ((done.removeprefix(_PUSH), 1 if view.asked.way == "up" else -1),)
    for one in interventions(view):
        if one.id == done:
            return tuple((e.factor, int(e.sign)) for e in one.effects if view.m.has_factor(e.factor))
    return ()


def question(view: View) -> WhatIfQuestion | None:
    """Return what is asked; None for a map without factors."""
    pushed = pushes(view)
    return WhatIfQuestion(pushed) if pushed else None


def behind_question(view: View) -> BehindQuestion | None:
    """Return what is asked of the links behind one number, when one is open."""
    pushed = pushes(view)
    if not pushed or not view.m.has_factor(view.asked.target):
        return None
    return BehindQuestion(pushed, view.asked.target)


def panel(view: View, found: WhatIfAnswer | None, behind: BehindAnswer | None) -> list[Child]:
    """Return the choice, what it pushes, the links behind an open number, and what changes."""
    t = view.t
    title = element("h2", t("analyse.what_if.title"), tabindex=-1, data_focus=not view.asked.target)
    if found is None:
        return [title, empty_state(t("analyse.no_factors"))]
    parts: list[Child] = [
        _behind(view, found, behind) if behind is not None and not found.reason else None,
        title,
        element("p", t("analyse.what_if.lead"), class_="wm-quiet-text"),
        _choice(view),
        _pushed(view),
        view.cut_short(found.stopped_by),
    ]
    if found.reason:
        return [*parts, notice(t(f"analyse.reason.{found.reason}"), kind="attention")]
    return [
        *parts,
        _changes(view, found),
        element("p", t("analyse.what_if.how", draws=view.number(found.draws)), class_="wm-quiet-text"),
        element("p", t("analyse.what_if.unsettled", count=found.unsettled)) if found.unsettled else None,
    ]


def _choice(view: View) -> Native:
    t = view.t
    done = chosen(view)
    ways = [(one.id, one.labels.in_language(view.looking.language)) for one in interventions(view)]
    factors = [(_PUSH + one, label) for one, label in view.factor_options()]

    def options(rows: list[tuple[str, str]]) -> list[Native]:
        return [element("option", shown(label), value=one) for one, label in rows]

    groups = [element("optgroup", options(factors), label=t("analyse.what_if.factors"))]
    if ways:
        groups.insert(0, element("optgroup", options(ways), label=t("analyse.what_if.interventions")))
    what = element(
        "label",
        element("span", t("analyse.what_if.what"), class_="wm-label"),
        element("select", groups, value=done, data_ask="done", class_="wm-input"),
        class_="wm-analyse-choice",
    )
    way = None
    if done.startswith(_PUSH):
        ways_ = [("up", t("analyse.what_if.up")), ("down", t("analyse.what_if.down"))]
        way = view.chooser("way", t("analyse.what_if.way"), ways_, view.asked.way)
    return element("div", what, way, class_="wm-analyse-filters")


def _pushed(view: View) -> Native:
    t = view.t
    done = chosen(view)
    rows = []
    for wanted, key in ((1, "up"), (-1, "down")):
        names = [element("li", view.light(factor)) for factor, sign in pushes(view) if sign == wanted]
        if names:
            rows.append(element("p", t(f"analyse.what_if.pushed_{key}"), class_="wm-label"))
            rows.append(element("ul", names, class_="wm-plain wm-analyse-pushes"))
    missing: list[str] = []
    for one in interventions(view):
        if one.id == done:
            missing = [e.factor for e in one.effects if not view.m.has_factor(e.factor)]
    return element(
        "div",
        *rows,
        element("p", t("analyse.what_if.missing", count=len(missing)), class_="wm-hint") if missing else None,
    )


def in_words(view: View, change: Change) -> str:
    """Return "goes up in 93 % of the draws", or that nothing can be said."""
    t = view.t
    if change.up is None or change.down is None:
        return t("analyse.verdict.cannot_say")
    if change.verdict in ("up", "leaning_up"):
        return t(f"analyse.share.{change.verdict}", share=view.percent(change.up))
    if change.verdict in ("down", "leaning_down"):
        return t(f"analyse.share.{change.verdict}", share=view.percent(change.down))
    if change.verdict == "cannot_say":
        return t("analyse.share.cannot_say", up=view.percent(change.up), down=view.percent(change.down))
    return t(f"analyse.verdict.{change.verdict}")


def _changes(view: View, found: WhatIfAnswer) -> Native:
    t = view.t
    pushed = {factor for factor, _ in pushes(view)}
    rows = []
    for one in found.changes:
        said = in_words(view, one)
        if one.robust is False:
            said = f"{said} {t('analyse.what_if.not_robust')}"
        mark = element("span", t("analyse.what_if.is_pushed"), class_="wm-analyse-facts")
        rows.append(
            element(
                "tr",
                element("th", view.light(one.factor), mark if one.factor in pushed else None, scope="row"),
                element("td", _bar(one), aria_hidden=True),
                element(
                    "td",
                    element("a", said, href=view.asked.address(target=one.factor))
                    if one.verdict != "unreached"
                    else said,
                ),
            )
        )
    return element(
        "section",
        element("h3", t("analyse.what_if.changes")),
        element(
            "div",
            element(
                "table",
                element("caption", t("analyse.what_if.caption"), id="~caption", class_="wm-visually-hidden"),
                element(
                    "thead",
                    element(
                        "tr",
                        element("th", t("analyse.factor"), scope="col"),
                        element("td", aria_hidden=True),
                        element("th", t("analyse.what_if.change"), scope="col"),
                    ),
                ),
                element("tbody", rows),
                class_="wm-table wm-analyse-changes",
            ),
            class_="wm-table-box",
            role="region",
            tabindex=0,
            aria_labelledby="~caption",
            own_ids=True,
        ),
        class_="wm-section",
    )


def _bar(change: Change) -> Native:
    """Return the shares as a bar: down to the left, up to the right, the middle is neither."""
    up, down = change.up or 0.0, change.down or 0.0
    return element(
        "svg",
        element("rect", x=0, y=7, width=120, height=6, class_="bar-ground"),
        element(
            "rect", x=round(60 - 60 * down, 1), y=3, width=round(60 * down, 1), height=14, class_="bar-down"
        ),
        element("rect", x=60, y=3, width=round(60 * up, 1), height=14, class_="bar-up"),
        element("line", x1=60, y1=0, x2=60, y2=20, class_="bar-middle"),
        view_box="0 0 120 20",
        class_="wm-analyse-bar",
    )


def _behind(view: View, found: WhatIfAnswer, behind: BehindAnswer) -> Native:
    t = view.t
    target = view.asked.target
    change = next((one for one in found.changes if one.factor == target), None)
    links = [view.m.link(one.link) for one in behind.links if view.m.has_link(one.link)]
    largest = max((one.change for one in behind.links), default=1.0)
    words: dict[str, Child] = {}
    for one in behind.links:
        share = one.change / largest
        key = "decides" if one.decides else "much" if share > 0.5 else "some" if share > 0.15 else "little"
        words[one.link] = t(f"analyse.behind.{key}")
    title = t("analyse.behind.title", factor=view.label(target))
    close = element("a", t("common.close"), href=view.asked.address(target=""), class_="wm-button wm-link")
    return element(
        "section",
        element("div", element("h2", title, tabindex=-1, data_focus=True), close, class_="wm-row wm-spread"),
        element("p", shown(f"{view.label(target)}: {in_words(view, change)}") if change else None),
        element("p", t("analyse.behind.lead" if links else "analyse.behind.none"), class_="wm-quiet-text"),
        view.link_list(links, words) if links else None,
        element("p", t("analyse.behind.more", count=behind.more), class_="wm-hint") if behind.more else None,
        class_="wm-analyse-card",
        data_spotlight=target,
    )
