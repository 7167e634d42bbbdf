"""The facilitator's console: the map, what the room sees now, and everything that leads the room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import dash
from dash import Input, Output, State, dcc

from ...changes import Refused
from ..context import Desk, Looking
from ..elements import Child, Native, button, dialog, element, live_region, status_bar, whole
from ..map_canvas import map_canvas
from . import console_contributions as contributions
from . import console_forms as forms
from . import console_import as importing
from . import console_merging as merging
from .address import workshop_at
from .console_agenda import agenda, all_steps, clear_row, undo_row
from .console_chosen import chosen
from .console_history import history
from .console_outline import outline
from .console_room import people, rename_form, room
from .console_views import wall_row
from .console_wall import miniature, shown_now

TABS = ("chosen", "add", "proposals", "parked", "reveal", "people", "room", "history")

Render = Callable[[Looking, dict[str, Any]], Child]


@dataclass(frozen=True)
class Part:
    """A part of the page that follows the workshop.

    It is drawn in one go and redrawn in place: what has the focus keeps it, and what is
    being typed stays.
    """

    render: Render
    tag: str = "div"
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def tree(self, id_: str, looking: Looking, services: dict[str, Any]) -> Any:
        """Return what stands under the id now."""
        return whole(self.render(looking, services), tag=self.tag, id=id_, **self.attributes).tree


def _just(render: Callable[[Looking], Child]) -> Render:
    return lambda looking, _services: render(looking)


def _here(looking: Looking, services: dict[str, Any]) -> Child:
    return _count(services["live"].people(looking.state.workshop)["people"])


LEADING = {
    "console-title": Part(_just(lambda looking: looking.state.titles().in_language(looking.language)), "span"),
    "console-undo": Part(_just(undo_row), attributes={"class_": "wm-console-undos wm-actions"}),
    "console-notice": Part(_just(lambda looking: _notice(looking)), attributes={"class_": "wm-console-notice"}),
    "console-agenda": Part(_just(agenda), attributes={"class_": "wm-console-agenda"}),
    "console-steps-list": Part(_just(all_steps), attributes={"class_": "wm-stack"}),
    "console-wall-row": Part(_just(wall_row), attributes={"class_": "wm-console-wall-row"}),
    "console-clear": Part(_just(clear_row), attributes={"class_": "wm-console-clear wm-actions"}),
    "console-now": Part(_just(shown_now), attributes={"class_": "wm-console-now"}),
}
"""What leads the room: answered first."""

PICTURE = {"console-mini": Part(miniature)}
"""The wall in small; a stage that was never shown before has to be worked out."""

CONTENT = {
    "console-outline": Part(_just(outline)),
    "console-add-factor": Part(_just(forms.add_factor_form)),
    "console-add-link": Part(_just(forms.add_link_form)),
    "console-suggestions": Part(_just(forms.suggestions)),
    "console-merging": Part(_just(merging.merging), attributes={"class_": "wm-stack wm-stack-tight"}),
    "console-merged": Part(_just(merging.merged)),
    "console-proposals": Part(_just(contributions.proposals)),
    "console-proposals-count": Part(
        _just(lambda looking: _count(len(contributions.open_proposals(looking)))), "span"
    ),
    "console-parked": Part(_just(contributions.parked)),
    "console-parked-count": Part(_just(lambda looking: _count(len(looking.state.rows("parked")))), "span"),
    "console-reveals": Part(_just(contributions.reveals), attributes={"class_": "wm-stack wm-stack-tight"}),
    "console-people": Part(people, attributes={"class_": "wm-stack wm-stack-tight"}),
    "console-people-count": Part(_here, "span"),
    "console-room": Part(room, attributes={"class_": "wm-stack wm-stack-tight"}),
}
"""The map as a list, and what stands under the tabs."""

PARTS = {**LEADING, **PICTURE, **CONTENT}
"""Every part of the page that follows the workshop, by the id it stands under."""

_WITH_PRESENCE = ("console-people", "console-people-count", "console-mini")


def layout(looking: Looking, services: dict[str, Any]) -> Native:
    """Return the console as it is now."""
    t = looking.t

    def part(id_: str) -> Native:
        return Native(id=id_, tree=PARTS[id_].tree(id_, looking, services))

    return element(
        "div",
        dcc.Store(id="console-chosen"),
        dcc.Store(id="console-before"),
        dcc.Store(id="console-merge"),
        element(
            "header",
            element("h1", part("console-title"), class_="wm-console-title"),
            part("console-undo"),
            status_bar(),
            element(
                "a", t("console.open_wall"), href=f"/w/{looking.state.workshop}/projector", target="_blank"
            ),
            class_="wm-console-head",
        ),
        part("console-notice"),
        element(
            "div",
            element(
                "section",
                part("console-agenda"),
                part("console-wall-row"),
                class_="wm-console-lead",
                aria_label=t("console.lead"),
            ),
            element(
                "section",
                part("console-mini"),
                part("console-now"),
                class_="wm-console-shown",
                aria_label=t("console.now.title"),
            ),
            class_="wm-console-top",
        ),
        element(
            "main", _map(looking, part), id="wm-main", class_="wm-console-map", aria_label=t("console.map")
        ),
        element("aside", *_side(looking, part), class_="wm-console-side", aria_label=t("console.side")),
        dialog("console-steps", t("console.agenda.all"), part("console-steps-list")),
        importing.import_dialog(looking),
        live_region(),
        id="wm-root",
        class_="wm-console",
        data_workshop=looking.state.workshop,
        data_seq=looking.state.seq,
        data_surface="console",
        data_person=looking.actor.person,
    )


def _count(number: int) -> Child:
    return element("span", number, class_="wm-badge") if number else None


def _notice(looking: Looking) -> Child:
    if not looking.state.setting("finished"):
        return None
    return element(
        "p",
        looking.t("console.finish.is_finished"),
        " ",
        button(looking.t("console.finish.reopen"), kind="link", change="reopen", fields={}),
        class_="wm-notice",
    )


def _map(looking: Looking, part: Callable[..., Native]) -> list[Native]:
    t = looking.t
    mode = [
        button(t(f"console.mode.{name}"), data_mode=name, aria_pressed=name == "choose")
        for name in ("choose", "move", "draw")
    ]
    whole = [
        button(t(f"console.extent.{name}"), data_extent=name, aria_pressed=name == "map")
        for name in ("map", "web")
    ]
    views = [
        button(t(f"console.as.{name}"), data_as=name, aria_pressed=name == "map") for name in ("map", "list")
    ]
    return [
        element(
            "div",
            element("div", views, class_="wm-console-choice", role="group", aria_label=t("console.as.legend")),
            element(
                "div",
                whole,
                class_="wm-console-choice",
                role="group",
                aria_label=t("console.extent.legend"),
                data_only="map",
            ),
            element(
                "div",
                mode,
                class_="wm-console-choice",
                role="group",
                aria_label=t("console.mode.legend"),
                data_only="map",
            ),
            element(
                "input",
                type="search",
                class_="wm-input wm-console-search",
                placeholder=t("common.search"),
                aria_label=t("console.outline.search"),
                data_search_target="#console-outline-list",
                data_only="list",
                data_canvas_search=True,
            ),
            element("span", id="wm-search-count", role="status", class_="wm-hint", data_only="list"),
            element(
                "p",
                role="status",
                class_="wm-hint wm-console-mode-hint",
                data_hint_move=t("console.mode.move_hint"),
                data_hint_draw=t("console.mode.draw_hint"),
                data_hint_fixed=t("console.mode.fixed_hint"),
                data_only="map",
            ),
            part("console-clear"),
            button(t("console.fit"), kind="link", data_fit=True, data_only="map"),
            class_="wm-console-tools",
        ),
        element(
            "div",
            map_canvas(),
            id="wm-canvas-box",
            data_canvas_url=f"/api/v1/workshops/{looking.state.workshop}/canvas?surface=console&view=map&theme=light",
            data_only="map",
        ),
        element("div", part("console-outline"), class_="wm-console-outline", data_only="list", hidden=True),
    ]


def _side(looking: Looking, part: Callable[..., Native]) -> list[Native]:
    t = looking.t
    counted = {"proposals", "parked", "people"}
    tabs = [
        element(
            "button",
            t(f"console.tab.{name}"),
            [" ", part(f"console-{name}-count")] if name in counted else None,
            type="button",
            role="tab",
            class_="wm-console-tab",
            data_tab=name,
            aria_selected=name == "chosen",
            aria_controls=f"console-panel-{name}",
            tabindex=0 if name == "chosen" else -1,
        )
        for name in TABS
    ]
    inside: dict[str, list[Child]] = {
        "chosen": [
            element("div", chosen(looking, None), id="console-chosen-panel", class_="wm-console-chosen")
        ],
        "add": [
            element("h2", t("console.add.factor_title")),
            part("console-add-factor"),
            element("h2", t("console.add.link_title")),
            part("console-add-link"),
            part("console-suggestions"),
            whole(importing.way_in(looking)),
            part("console-merging"),
            element("div", id="console-merge-preview"),
            part("console-merged"),
        ],
        "proposals": [part("console-proposals")],
        "parked": [
            element("h2", t("console.parked.title")),
            whole(contributions.park_form(looking)),
            part("console-parked"),
        ],
        "reveal": [part("console-reveals")],
        "people": [part("console-people")],
        "room": [part("console-room"), whole(rename_form(looking))],
        "history": [
            element("h2", t("console.history.title")),
            Native(id="console-history", tree=_history(looking, 0)),
        ],
    }
    panels = [
        element(
            "div",
            inside[name],
            id=f"console-panel-{name}",
            role="tabpanel",
            class_="wm-console-panel wm-stack",
            data_panel=name,
            hidden=name != "chosen",
            tabindex=0,
            aria_label=t(f"console.tab.{name}"),
        )
        for name in TABS
    ]
    return [
        element("div", tabs, role="tablist", class_="wm-console-tabs", aria_label=t("console.side")),
        *panels,
    ]


def register(app: Any, desk: Desk, services: dict[str, Any]) -> None:
    """Keep the console current."""

    def follow(trigger: str, names: tuple[str, ...]) -> None:
        @app.callback(
            [Output(id_, "tree", allow_duplicate=trigger.startswith("presence")) for id_ in names],
            Input(trigger, "data"),
            State("wm-url", "pathname"),
            prevent_initial_call=True,
        )
        async def redraw(_data: Any, pathname: Any) -> Any:
            return await asyncio.to_thread(_parts, desk, services, pathname, names)

    for parts in (LEADING, PICTURE, CONTENT):
        follow("version-console", tuple(parts))
    follow("presence-console", _WITH_PRESENCE)

    @app.callback(
        Output("console-chosen-panel", "tree"),
        Input("console-chosen", "data"),
        Input("version-console", "data"),
        State("wm-url", "pathname"),
        prevent_initial_call=True,
    )
    async def choose(choice: Any, _version: Any, pathname: Any) -> Any:
        looking = await asyncio.to_thread(_looking, desk, pathname)
        return dash.no_update if looking is None else await asyncio.to_thread(_chosen, looking, choice)

    @app.callback(
        Output("console-merge-preview", "tree"),
        Input("console-merge", "data"),
        Input("version-console", "data"),
        State("wm-url", "pathname"),
        prevent_initial_call=True,
    )
    async def preview_merge(choice: Any, _version: Any, pathname: Any) -> Any:
        looking = await asyncio.to_thread(_looking, desk, pathname)
        return dash.no_update if looking is None else await asyncio.to_thread(_merge_preview, looking, choice)

    @app.callback(
        Output("console-history", "tree"),
        Input("console-before", "data"),
        Input("version-console", "data"),
        State("wm-url", "pathname"),
        prevent_initial_call=True,
    )
    async def page_of_history(before: Any, _version: Any, pathname: Any) -> Any:
        looking = await asyncio.to_thread(_looking, desk, pathname)
        if looking is None:
            return dash.no_update
        number = int(before) if type(before) is str and before.isascii() and before.isdigit() else 0
        return await asyncio.to_thread(_history, looking, number)


def _chosen(looking: Looking, choice: object) -> Any:
    return whole(chosen(looking, choice), id="console-chosen-panel", class_="wm-console-chosen").tree


def _merge_preview(looking: Looking, choice: object) -> Any:
    return whole(merging.preview(looking, choice), id="console-merge-preview").tree


def _history(looking: Looking, before: int) -> Any:
    return whole(history(looking, before), id="console-history").tree


def _looking(desk: Desk, pathname: Any) -> Looking | None:
    workshop = workshop_at(pathname, "console")
    try:
        return desk.looking(workshop, "console") if workshop else None
    except Refused:
        return None


def _parts(desk: Desk, services: dict[str, Any], pathname: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    looking = _looking(desk, pathname)
    if looking is None:
        return (dash.no_update,) * len(names)
    return tuple(PARTS[name].tree(name, looking, services) for name in names)
