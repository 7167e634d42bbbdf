"""The loops of a map: a list of names and chains, and one loop told, stepped through and sent to the wall."""

from __future__ import annotations

from ...analysis_words import KINDS, loops_found
from ...graphs import Loop
from ...graphs.loop_results import Polarity
from ...model import Link
from ...sentences import loop_sentence
from ..analysis_questions import LISTED, LoopsAnswer, LoopsQuestion, NamedLoop
from ..elements import Child, Native, button, element, empty_state, notice, shown, whole
from .analyse_look import LENGTHS, View, sign, steps_of


def question(view: View) -> LoopsQuestion:
    """Return what is asked; a factor that is gone is no filter."""
    asked = view.asked
    return LoopsQuestion(
        None if asked.length == "all" else int(asked.length),
        asked.polarity,
        asked.factor if view.m.has_factor(asked.factor) else "",
    )


def panel(view: View, found: LoopsAnswer) -> list[Child]:
    """Return the loop that is open, how complete the list is, and the list."""
    t = view.t
    if not found.has_loops:
        return [
            element("h2", t("analyse.loops.title"), tabindex=-1, data_focus=True),
            empty_state(t("analyse.loops.none" if view.m.links else "analyse.no_links")),
        ]
    rows = found.loops[: view.asked.shown]
    more = min(found.matching, len(found.loops)) - len(rows)
    return [
        _opened(view, found),
        element("h2", t("analyse.loops.title"), tabindex=-1, data_focus=not view.asked.loop),
        element("p", t("analyse.loops.lead"), class_="wm-quiet-text"),
        _filters(view),
        element("p", completeness(view, found), class_="wm-analyse-count", role="status"),
        _all_reinforcing(view, found),
        _list(view, rows) if rows else None,
        _more(view, more, found) if more > 0 or found.matching > len(found.loops) else None,
    ]


def _all_reinforcing(view: View, found: LoopsAnswer) -> Native | None:
    one_sided = found.total > 1 and found.polarities["R"] == found.total and found.completeness != "at_least"
    if not one_sided or view.asked.polarity or view.asked.factor:
        return None
    return notice(
        view.t("analyse.loops.all_reinforcing"),
        " ",
        element("a", view.t("analyse.tab.held"), href=view.asked.address(view="held", loop=())),
        kind="attention",
    )


def _filters(view: View) -> Native:
    t = view.t
    lengths = [
        (one, t("analyse.loops.any_length") if one == "all" else t("analyse.loops.to_length", length=one))
        for one in LENGTHS
    ]
    kinds = [(one, t(f"analyse.polarity.{name}")) for one, name in KINDS.items()]
    return element(
        "div",
        view.chooser("length", t("analyse.loops.length"), lengths, view.asked.length),
        view.chooser(
            "polarity", t("analyse.loops.kind"), kinds, view.asked.polarity, t("analyse.loops.any_kind")
        ),
        view.chooser(
            "factor",
            t("analyse.loops.through"),
            view.factor_options(),
            view.asked.factor if view.m.has_factor(view.asked.factor) else "",
            t("analyse.loops.any_factor"),
        ),
        class_="wm-analyse-filters",
    )


def completeness(view: View, found: LoopsAnswer) -> str:
    """Return in words how many loops there are, and how sure that is."""
    t = view.t
    said = loops_found(
        view.looking.language,
        found.total,
        found.completeness,
        found.complete_to,
        found.stopped_by,
        found.polarities,
    )
    if found.searched_through:
        said = t("analyse.loops.only_through", factor=view.label(found.searched_through)) + " " + said
    if (view.asked.polarity or view.asked.factor) and not found.searched_through:
        said += " " + t("analyse.loops.fits", count=found.matching, number=view.number(found.matching))
    return said


def _list(view: View, rows: tuple[NamedLoop, ...]) -> Native:
    return whole(
        element("ol", [_row(view, one) for one in rows], class_="wm-list wm-analyse-loops"),
    )


def _row(view: View, named: NamedLoop) -> Native:
    opened = named.loop.links == view.asked.loop
    return element(
        "li",
        element(
            "a",
            badge(view, named),
            element("span", chain(view, named.loop), class_="wm-analyse-chain"),
            element("span", facts(view, named.loop), class_="wm-analyse-facts"),
            href=view.asked.address(loop=named.loop.links),
            aria_current="true" if opened else None,
        ),
    )


def badge(view: View, named: NamedLoop) -> Native:
    """Return a loop's name; its kind is said in words to those who cannot see the letter."""
    kind = KINDS[named.loop.polarity]
    return element(
        "span",
        element("span", named.name, aria_hidden=True),
        element("span", f"{named.name}, {view.t(f'analyse.polarity.{kind}')}: ", class_="wm-visually-hidden"),
        class_="wm-analyse-name",
        data_kind=kind,
    )


def chain(view: View, loop: Loop) -> str:
    """Return a loop's factors in order, back to the first."""
    return " → ".join(shown(view.label(one)) for one in (*loop.factors, loop.factors[0]))


def facts(view: View, loop: Loop) -> str:
    """Return a loop's length, and whether it is slow."""
    said = view.t("analyse.loops.links", count=len(loop))
    return f"{said} · {view.t('analyse.loops.slow')}" if loop.delays else said


def _more(view: View, more: int, found: LoopsAnswer) -> Native:
    if more <= 0:
        return element(
            "p",
            view.t("analyse.loops.narrow", shown=view.number(LISTED), number=view.number(found.matching)),
            class_="wm-quiet-text",
        )
    return element(
        "p",
        element(
            "a",
            view.t("analyse.loops.more", count=min(50, more)),
            href=view.asked.address(shown=view.asked.shown + 50),
            class_="wm-button",
            data_stay=True,
        ),
    )


# --- one loop ---------------------------------------------------------------


def named_as(found: LoopsAnswer, links: tuple[str, ...]) -> str:
    """Return the name a loop has in an answer; empty when it is not among those written out."""
    return next((one.name for one in found.loops if one.loop.links == links), "")


def _opened(view: View, found: LoopsAnswer) -> Native | None:
    if not view.asked.loop:
        return None
    steps = steps_of(view.m, view.asked.loop)
    close = element("a", view.t("common.close"), href=view.asked.address(loop=()), class_="wm-button wm-link")
    if steps is None:
        return element(
            "section",
            element("h2", view.t("analyse.loops.gone"), tabindex=-1, data_focus=True),
            element("p", view.t("analyse.loops.gone_explained")),
            close,
            class_="wm-analyse-card",
        )
    polarity = _polarity(steps)
    name = named_as(found, view.asked.loop) or polarity
    title = view.t(f"analyse.polarity.{KINDS[polarity]}")
    title = title[0].upper() + title[1:]
    return element(
        "section",
        element(
            "div",
            element(
                "h2",
                element("span", shown(name), class_="wm-analyse-name", data_kind=KINDS[polarity]),
                " ",
                title,
                tabindex=-1,
                data_focus=True,
            ),
            close,
            class_="wm-row wm-spread",
        ),
        element("p", loop_sentence(view.m, steps, view.looking.language), class_="wm-analyse-told"),
        _player(view, steps),
        _to_wall(view, name, steps),
        class_="wm-analyse-card",
        data_trace="~".join(one.id for one in steps),
    )


def _polarity(steps: list[Link]) -> Polarity:
    product = 1
    for link in steps:
        product *= link.sign or 0
    return "R" if product == 1 else "B" if product == -1 else "?"


def _player(view: View, steps: list[Link]) -> Native:
    t = view.t
    rows = [
        element(
            "li",
            sign(link),
            element("span", shown(view.sentence(link))),
            class_="wm-sentence",
            data_step=place,
        )
        for place, link in enumerate(steps)
    ]
    return element(
        "div",
        element(
            "div",
            button(t("common.previous"), data_trace_act="back"),
            button(
                t("analyse.loops.play"),
                data_trace_act="play",
                data_pause=t("analyse.loops.pause"),
                data_play=t("analyse.loops.play"),
            ),
            button(t("common.next"), data_trace_act="next"),
            role="group",
            aria_label=t("analyse.loops.steps"),
            class_="wm-actions",
        ),
        element("ol", rows, class_="wm-list wm-analyse-steps", aria_label=t("analyse.loops.behind")),
        element("p", role="status", class_="wm-visually-hidden", data_trace_said=True),
        class_="wm-stack wm-stack-tight",
    )


def _to_wall(view: View, name: str, steps: list[Link]) -> Native | None:
    if not view.leads:
        return None
    lit = view.looking.state.setting("spotlight") or {}
    links = [one.id for one in steps]
    on_wall = lit.get("kind") == "loop" and list(lit.get("links", ())) == links
    fields = {"target_kind": "loop", "target": name.replace("?", "U"), "links": links}
    return element(
        "div",
        button(view.t("analyse.loops.to_wall"), kind="primary", change="set_spotlight", fields=fields)
        if not on_wall
        else button(view.t("analyse.loops.off_wall"), change="set_spotlight", fields={}),
        element("p", view.t("analyse.loops.on_wall"), class_="wm-hint") if on_wall else None,
        class_="wm-stack wm-stack-tight",
    )
