"""The phone: the map as a list, my problem description, and all that I have contributed.

One thing is shown at a time; which one is in the address after ``#``, so that the back
button and a reload find it again. ``assets/45-phone.js`` says in the store ``me-ask``
what is to be drawn, and one callback draws only that.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from dash import Input, Output, State, dcc, no_update

from ...changes import Refused
from ..context import Desk, Looking
from ..elements import (
    Native,
    element,
    language_switch,
    live_region,
    nav,
    notice,
    status_bar,
    theme_switch,
)
from .address import workshop_at
from .me_factor import factor_panel
from .me_framing import framing_view
from .me_link import link_panel
from .me_map import outline
from .me_mine import contributions
from .me_notes import note_panel
from .me_phone import Phone, redrawn
from .me_proposals import propose_panel
from .me_terms import term_panel

PANELS = {
    "factor": factor_panel,
    "link": link_panel,
    "note": note_panel,
    "propose": propose_panel,
    "term": term_panel,
}


def layout(looking: Looking, _services: dict[str, Any]) -> Native:
    """Return the page; the list is in it, everything else is drawn when it is opened."""
    phone = Phone(looking)
    return element(
        "div",
        dcc.Store(id="me-ask"),
        _head(phone),
        element(
            "main",
            redrawn("me-where", where_we_are(phone)),
            _map_view(phone),
            element(
                "section",
                redrawn("me-detail"),
                data_view="detail",
                hidden=True,
            ),
            element(
                "section",
                element("h1", phone.t("phone.framing.title"), tabindex=-1, class_="me-heading"),
                element("p", phone.t("phone.framing.lead"), class_="wm-quiet-text"),
                redrawn("me-framing", framing_view(phone)),
                class_="wm-stack",
                data_view="framing",
                hidden=True,
            ),
            element(
                "section",
                element("h1", phone.t("phone.mine.title"), tabindex=-1, class_="me-heading"),
                element("div", id="me-unsent", data_title=phone.t("phone.mine.unsent")),
                redrawn("me-mine", contributions(phone)),
                class_="wm-stack",
                data_view="mine",
                hidden=True,
            ),
            element(
                "p",
                looking.t("common.loading"),
                id="me-loading",
                class_="wm-loading",
                role="status",
                hidden=True,
                data_offline=phone.t("phone.offline"),
                data_loading=looking.t("common.loading"),
            ),
            id="wm-main",
            tabindex=-1,
            class_="me-main",
        ),
        element(
            "footer",
            element("div", language_switch(looking.language), theme_switch(), class_="wm-row"),
            live_region(),
            class_="me-foot",
        ),
        element(
            "div",
            nav(
                phone.t("phone.nav"),
                [
                    (phone.t("phone.map.title"), "#map"),
                    (phone.t("phone.framing.title"), "#framing"),
                    (phone.t("phone.mine.title"), "#mine"),
                ],
                current="#map",
            ),
            class_="wm-bottom",
        ),
        id="wm-root",
        class_="wm-page wm-narrow me-page",
        data_workshop=looking.state.workshop,
        data_seq=looking.state.seq,
        data_surface="me",
        data_person=looking.actor.person,
    )


def _head(phone: Phone) -> Native:
    person = phone.looking.state.person_row(phone.person)
    alias = person.alias if person else ""
    return element(
        "header",
        element("p", phone.looking.state.titles().in_language(phone.language), class_="me-title"),
        element(
            "p",
            phone.chip(phone.agency),
            element("span", f"· {alias}") if alias else None,
            class_="wm-row me-me",
        ),
        status_bar(),
        class_="me-head",
    )


def where_we_are(phone: Phone) -> Native:
    """Return the one line that says which step the room is at, or that it is finished."""
    if phone.closed:
        return notice(phone.t("phone.closed"), kind="attention")
    stage = phone.t("phone.stage.count", stage=phone.stage)
    return element("p", element("strong", stage), " ", phone.t(f"phone.stage.{phone.stage}"))


def _map_view(phone: Phone) -> Native:
    return element(
        "section",
        element("h1", phone.t("phone.map.title"), tabindex=-1, class_="me-heading"),
        element(
            "div",
            element("label", phone.t("phone.map.search"), for_="me-search", class_="wm-label"),
            element(
                "input",
                type="search",
                id="me-search",
                class_="wm-input",
                autocomplete="off",
                enterkeyhint="search",
                data_search_target="#me-list",
                data_search_count="#me-found",
            ),
            element("p", id="me-found", role="status", class_="wm-hint"),
            class_="wm-field",
        ),
        redrawn("me-outline", outline(phone)),
        class_="wm-stack",
        data_view="map",
    )


PLACES = ("me-where", "me-outline", "me-detail", "me-framing", "me-mine")


def drawn(phone: Phone, view: str, target: str) -> dict[str, Native]:
    """Return the places of the page that somebody is looking at, by their ids."""
    parts = {"me-where": where_we_are(phone)}
    if view in PANELS:
        parts["me-detail"] = PANELS[view](phone, target)
    elif view == "framing":
        parts["me-framing"] = framing_view(phone)
    elif view == "mine":
        parts["me-mine"] = contributions(phone)
    else:
        parts["me-outline"] = outline(phone)
    return {place: redrawn(place, part) for place, part in parts.items()}


def register(app: Any, desk: Desk, _services: dict[str, Any]) -> None:
    """Draw what a phone asks for: when it opens something, and when something has changed."""

    def answer(asked: Any, pathname: Any) -> list[Any]:
        # Both are the browser's claims; who asks is the session's, and what they see the state's.
        workshop = workshop_at(pathname, "me")
        view, target = (asked.get("view"), asked.get("id")) if isinstance(asked, dict) else (None, None)
        parts: dict[str, Native] = {}
        if workshop and type(view) is str and type(target) is str and len(target) <= 64:
            with contextlib.suppress(Refused):
                parts = drawn(Phone(desk.looking(workshop, "me")), view, target)
        return [parts[place].tree if place in parts else no_update for place in PLACES]

    @app.callback(
        [Output(place, "tree") for place in PLACES],
        Input("me-ask", "data"),
        State("wm-url", "pathname"),
        prevent_initial_call=True,
    )
    async def draw(asked: Any, pathname: Any) -> list[Any]:
        return await asyncio.to_thread(answer, asked, pathname)
