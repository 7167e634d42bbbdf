"""The page of analyses: the map beside what can be asked of it.

What is asked stands in the address after ``#``, so that a reload, the back button and
a link sent to a colleague find it again. ``assets/49-analyse.js`` puts it in the store
``analyse-ask``, and one callback draws the panel. Long work is done elsewhere
(`analysis_jobs`); meanwhile the panel says how far it has come.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import CancelledError
from typing import Any, Final

from dash import Input, Output, State, dcc, no_update

from ...changes import Refused
from ..analysis_jobs import SLOW_LIMIT, Analyses, Job
from ..analysis_questions import Answer, Question, Skeleton
from ..analysis_worker import WorkerLost
from ..context import Desk, Looking
from ..elements import (
    Child,
    Native,
    button,
    element,
    language_switch,
    live_region,
    nav,
    notice,
    status_bar,
    theme_switch,
)
from ..map_canvas import map_canvas
from . import analyse_held, analyse_leverage, analyse_loops, analyse_reach, analyse_what_if
from .address import workshop_at
from .analyse_look import VIEWS, Asked, View, map_looked_at

PATIENCE: Final = 0.25
"""Seconds an answer is waited for before the page says that it is being worked on."""
_LONGEST_TAB: Final = 40


def layout(looking: Looking, services: dict[str, Any]) -> Native:
    """Return the page; its panel is drawn when the browser says what is asked."""
    t = looking.t
    _analyses(services).warm(Skeleton.of(map_looked_at(looking)))
    return element(
        "div",
        dcc.Store(id="analyse-ask"),
        element(
            "header",
            element(
                "div",
                element("p", looking.state.titles().in_language(looking.language), class_="wm-quiet-text"),
                element("h1", t("analyse.title")),
            ),
            status_bar(),
            nav(
                t("analyse.nav"),
                [(t(f"analyse.tab.{view}"), f"#{view}") for view in VIEWS],
                current="#loops",
            ),
            class_="wm-analyse-bar-top",
        ),
        element(
            "main",
            element(
                "section",
                element("div", map_canvas(), id="wm-canvas-box", data_canvas_url=_canvas_address(looking)),
                aria_label=t("analyse.map"),
                class_="wm-analyse-map",
            ),
            element(
                "div",
                element("p", t("analyse.caution"), class_="wm-analyse-caution"),
                element(
                    "div",
                    element("p", t("common.loading"), class_="wm-loading"),
                    id="analyse-panel",
                    class_="wm-analyse-panel",
                ),
                element(
                    "footer",
                    element("div", language_switch(looking.language), theme_switch(), class_="wm-row"),
                    live_region(),
                    class_="wm-analyse-foot",
                ),
                class_="wm-analyse-side",
            ),
            id="wm-main",
            tabindex=-1,
            class_="wm-analyse-body",
        ),
        id="wm-root",
        class_="wm-analyse",
        data_workshop=looking.state.workshop,
        data_seq=looking.state.seq,
        data_surface="analyse",
        data_person=looking.actor.person,
    )


def _canvas_address(looking: Looking) -> str:
    view = "map" if looking.actor.role == "representative" else "web"
    return f"/api/v1/workshops/{looking.state.workshop}/canvas?surface=analyse&view={view}&theme=light"


def _analyses(services: dict[str, Any]) -> Analyses:
    if "analyses" not in services:
        services["analyses"] = Analyses()
    found: Analyses = services["analyses"]
    return found


_PAGES: Final = {
    "loops": analyse_loops,
    "leverage": analyse_leverage,
    "reach": analyse_reach,
    "held": analyse_held,
}


def register(app: Any, desk: Desk, services: dict[str, Any]) -> None:
    """Draw what a browser asks for, or how far the answer has come."""
    analyses = _analyses(services)

    def look(claim: Any, pathname: Any) -> tuple[View, str] | None:
        # Both are the browser's claims; who asks is the session's, and what they see the state's.
        workshop = workshop_at(pathname, "analyse")
        if not workshop or not isinstance(claim, dict):
            return None
        try:
            looking = desk.looking(workshop, "analyse")
        except Refused:
            return None
        tab = claim.get("tab")
        tab = tab[:_LONGEST_TAB] if type(tab) is str else ""
        return View(looking, Asked.read(claim)), f"{workshop}/{looking.actor.role}/{looking.actor.person}/{tab}"

    async def answer(view: View, asker: str, question: Question) -> Answer | Job | Exception:
        skeleton = await asyncio.to_thread(lambda: view.skeleton)
        job = analyses.ask(view.looking.state.workshop, asker, skeleton, question)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(job.result)), PATIENCE)
        except TimeoutError:
            return job
        except (ValueError, WorkerLost, CancelledError) as error:
            return error

    @app.callback(
        Output("analyse-panel", "children"),
        Input("analyse-ask", "data"),
        State("wm-url", "pathname"),
        prevent_initial_call=True,
    )
    async def draw(asked: Any, pathname: Any) -> Any:
        found = await asyncio.to_thread(look, asked, pathname)
        if found is None:
            return no_update
        view, asker = found
        if asked.get("cancel") is True:
            analyses.cancel(asker)
            return _stamped(asked, [cancelled(view)])
        page = _PAGES.get(view.asked.view, analyse_what_if)
        question = await asyncio.to_thread(page.question, view)
        got = await answer(view, asker, question) if question is not None else None
        behind: Any = None
        if page is analyse_what_if and not isinstance(got, Job | Exception):
            wanted = await asyncio.to_thread(analyse_what_if.behind_question, view)
            behind = await answer(view, asker, wanted) if wanted is not None else None
        for one in (got, behind):
            if isinstance(one, Job):
                return _stamped(asked, [working(view, one)], pending=True)
            if isinstance(one, Exception):
                return _stamped(asked, [failed(view, one)])
        parts = await asyncio.to_thread(_drawn, view, page, got, behind)
        return _stamped(asked, parts)


def _drawn(view: View, page: Any, got: Any, behind: Any) -> list[Child]:
    if page is analyse_what_if:
        return analyse_what_if.panel(view, got, behind)
    drawn: list[Child] = page.panel(view, got)
    return drawn


def _stamped(asked: Any, parts: list[Child], *, pending: bool = False) -> Native:
    # React keeps what is alike between two views; a key of its own makes each view a new page.
    number = asked.get("n")
    return element(
        "div",
        *parts,
        class_="wm-analyse-answer",
        data_answer=number if type(number) is int else 0,
        data_pending=pending,
    )


def working(view: View, job: Job) -> Native:
    """Return what stands there while an answer is being worked on: how far, and the way to stop it."""
    t = view.t
    seconds = time.monotonic() - job.began
    far = None
    if job.loops:
        far = t("analyse.working.loops", number=view.number(job.loops), length=job.length)
    return element(
        "section",
        element("h2", t(f"analyse.tab.{view.asked.view}"), tabindex=-1),
        element("p", t("analyse.working.now"), role="status"),
        element(
            "progress",
            value=round(min(seconds, SLOW_LIMIT), 1),
            max=SLOW_LIMIT,
            aria_label=t("analyse.working.time"),
        ),
        element("p", far or t("analyse.working.at_most", seconds=int(SLOW_LIMIT)), class_="wm-quiet-text"),
        element("p", button(t("analyse.working.stop"), data_ask_cancel=True)),
        class_="wm-stack wm-stack-tight",
    )


def cancelled(view: View) -> Native:
    """Return what stands there when the work was stopped."""
    t = view.t
    return element(
        "section",
        element("h2", t("analyse.working.stopped"), tabindex=-1, data_focus=True),
        element("p", t("analyse.working.nothing_lost")),
        element("p", button(t("analyse.working.again"), data_ask_again=True)),
        class_="wm-stack wm-stack-tight",
    )


def failed(view: View, error: Exception) -> Native:
    """Return what stands there when a question cannot be answered for this map."""
    t = view.t
    key = "impossible" if isinstance(error, ValueError) else "lost"
    return element(
        "section",
        element("h2", t(f"analyse.working.{key}"), tabindex=-1, data_focus=True),
        notice(t(f"analyse.working.{key}_explained"), kind="attention"),
        element("p", button(t("analyse.working.again"), data_ask_again=True)),
        class_="wm-stack wm-stack-tight",
    )
