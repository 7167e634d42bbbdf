"""Who is here and how they come in; the room's settings, the links, and the end."""

from __future__ import annotations

from typing import Any

from ... import access
from ...rows import Person
from ..context import Looking
from ..elements import (
    Native,
    button,
    change_form,
    disclosure,
    element,
    empty_state,
    language_switch,
    shown,
    text_input,
    theme_switch,
)
from ..files import join_address
from .console_pieces import lead, switch

DISTANCES = (4, 6, 8)
THEMES = ("light", "dark", "contrast")


def people(looking: Looking, services: dict[str, Any]) -> list[Native | None]:
    """Return the way in, and who has come in by agency."""
    return [
        element("h2", looking.t("console.people.title")),
        *_way_in(looking, services),
        element("hr"),
        *_by_agency(looking, services),
    ]


def _way_in(looking: Looking, services: dict[str, Any]) -> list[Native]:
    state, t = looking.state, looking.t
    code = looking.workshops.find(state.workshop).join_code
    address = join_address(services["public_url"], code)
    open_ = bool(state.setting("doors"))
    return [
        switch(
            t("console.people.doors"),
            "set_doors",
            {"open": not open_},
            on=open_,
            hint=t("console.people.doors_open" if open_ else "console.people.doors_closed"),
        ),
        element(
            "div",
            element(
                "img",
                src=f"/api/v1/workshops/{state.workshop}/qr.svg?surface=console",
                alt=t("console.people.qr"),
                class_="wm-console-qr",
            ),
            element(
                "div",
                element("p", access.show_code(code), class_="wm-code wm-console-code"),
                element("p", address, class_="wm-hint"),
                button(t("console.people.copy_join"), data_copy=address),
                class_="wm-stack wm-stack-tight",
            ),
            class_="wm-row wm-console-way-in",
        ),
    ]


def _by_agency(looking: Looking, services: dict[str, Any]) -> list[Native]:
    state, t = looking.state, looking.t
    here: dict[str, int] = services["live"].people(state.workshop)["agencies"]
    rows: list[Person] = [row for row in state.rows("people") if row.role == "representative" and not row.ended]
    if not rows:
        return [empty_state(t("console.people.none"))]
    groups: dict[str, list[Person]] = {}
    for row in rows:
        groups.setdefault(row.agency, []).append(row)
    parts = []
    for agency in sorted(groups, key=lambda one: state.agency_label(one, looking.language).casefold()):
        name = state.agency_label(agency, looking.language)
        parts.append(
            disclosure(
                [
                    element("span", shown(name)),
                    " ",
                    element(
                        "small",
                        t("console.people.here", count=here.get(agency, 0), total=len(groups[agency])),
                    ),
                ],
                element(
                    "ul",
                    [_person(looking, row, place, name) for place, row in enumerate(groups[agency], 1)],
                    class_="wm-plain",
                ),
            )
        )
    return parts


def _person(looking: Looking, row: Person, place: int, agency: str) -> Native:
    t = looking.t
    name = row.alias or t("console.people.without_alias", number=place)
    return element(
        "li",
        element("span", shown(name)),
        " ",
        button(
            t("console.people.end"),
            kind="link",
            change="end_attendance",
            fields={"person": row.id},
            confirm=t("console.people.end_question", name=name, agency=agency),
            aria_label=t("console.people.end_of", name=name, agency=agency),
        ),
        data_key=row.id,
    )


def room(looking: Looking, services: dict[str, Any]) -> list[Native | None]:
    """Return how the wall fits the room, the addresses, and how the workshop ends."""
    state, t = looking.state, looking.t
    show_join = bool(state.setting("show_join"))
    return [
        element("h2", t("console.room.title")),
        _options(
            looking, "distance", [(one, t(f"console.room.distance_{one}")) for one in DISTANCES], "distance"
        ),
        _options(looking, "theme", [(one, t(f"console.room.theme_{one}")) for one in THEMES], "theme"),
        _options(
            looking,
            "language",
            [(one, t(f"common.languages.{one}")) for one in ("nb", "nn", "en")],
            "wall_language",
        ),
        switch(
            t("console.room.show_join"),
            "set_room",
            {"show_join": not show_join},
            on=show_join,
        ),
        element("hr"),
        _links(looking, services),
        element("hr"),
        _ending(looking),
        element("hr"),
        element("h3", t("console.room.own_screen")),
        element("div", language_switch(looking.language), theme_switch(), class_="wm-row"),
    ]


def _options(looking: Looking, field: str, options: list[tuple[Any, str]], setting: str) -> Native:
    now = looking.state.setting(setting)
    label = looking.t(f"console.room.{field}")
    return element(
        "div",
        element("p", label, class_="wm-label"),
        element(
            "div",
            [lead(text, "set_room", {field: value}, pressed=value == now) for value, text in options],
            class_="wm-console-choice",
            role="group",
            aria_label=label,
        ),
    )


def _links(looking: Looking, services: dict[str, Any]) -> Native:
    t, workshop = looking.t, looking.state.workshop
    url = services["public_url"]

    def keyed(role: str) -> str:
        return f"{url}/open/{workshop}/{role}/{looking.workshops.key(workshop, role)}"

    copied = [
        (t("console.links.projector"), keyed("viewer")),
        (t("console.links.researcher"), keyed("researcher")),
        (t("console.links.facilitator"), keyed("facilitator")),
    ]
    pages = [
        (t("console.links.compare"), f"/w/{workshop}/compare"),
        (t("console.links.analyse"), f"/w/{workshop}/analyse"),
        (t("console.links.export"), f"/w/{workshop}/export"),
    ]
    return element(
        "section",
        element("h3", t("console.links.title")),
        element(
            "ul",
            [element("li", element("a", text, href=href, target="_blank")) for text, href in pages],
            class_="wm-plain wm-row",
        ),
        element("p", t("console.links.keyed_hint"), class_="wm-hint"),
        element(
            "ul",
            [
                element(
                    "li",
                    element("span", text),
                    " ",
                    button(t("common.copy"), data_copy=address, aria_label=f"{t('common.copy')}: {text}"),
                )
                for text, address in copied
            ],
            class_="wm-plain wm-console-rows",
        ),
        button(
            t("console.links.renew"),
            kind="link",
            data_post=f"/api/v1/workshops/{workshop}/renew",
            confirm=t("console.links.renew_question"),
        ),
        class_="wm-stack wm-stack-tight",
    )


def rename_form(looking: Looking) -> Native:
    """Return the form that gives the workshop another title."""
    t = looking.t
    return change_form(
        "rename",
        {"language": looking.language},
        text_input(
            t("console.room.rename"),
            "title",
            value=looking.state.titles().in_language(looking.language),
            required=True,
        ),
        button(t("common.save"), type="submit"),
        draft="console-rename",
        keep=True,
        class_="wm-console-form",
    )


def _ending(looking: Looking) -> Native:
    t = looking.t
    if looking.state.setting("finished"):
        return element(
            "section",
            element("p", t("console.finish.is_finished")),
            button(t("console.finish.reopen"), change="reopen", fields={}),
            class_="wm-stack wm-stack-tight",
        )
    return element(
        "section",
        element("p", t("console.finish.hint"), class_="wm-hint"),
        button(
            t("console.finish.finish"),
            kind="danger",
            change="finish",
            fields={},
            confirm=t("console.finish.question"),
        ),
        class_="wm-stack wm-stack-tight",
    )
