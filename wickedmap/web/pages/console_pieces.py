"""What the parts of the console share: buttons that lead the room, and who somebody is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...access import Actor
from ...rows import State
from ..context import Looking
from ..elements import Child, Native, button, element, shown


def lead(
    text: Child,
    change: str,
    fields: Mapping[str, object] | None = None,
    *,
    pressed: bool | None = None,
    kind: str = "quiet",
    **attributes: Any,
) -> Native:
    """Return a button that leads the room: one click, shown at once, nothing to confirm.

    Its effect is seen on the console itself, so no message comes up.
    """
    return button(
        text, kind=kind, change=change, fields=fields or {}, data_quiet=True, aria_pressed=pressed, **attributes
    )


def switch(label: Child, change: str, fields: Mapping[str, object], *, on: bool, hint: Child = None) -> Native:
    """Return a switch that says what it is now; `fields` is what a click makes of it."""
    return element(
        "div",
        element(
            "button",
            element("span", class_="wm-switch-knob", aria_hidden=True),
            element("span", label, class_="wm-switch-label"),
            type="button",
            role="switch",
            aria_checked=on,
            aria_describedby="~hint" if hint is not None else None,
            class_="wm-switch",
            data_change=change,
            data_fields=_json(fields),
            data_quiet=True,
        ),
        element("p", hint, id="~hint", class_="wm-hint") if hint is not None else None,
        class_="wm-switch-row",
        own_ids=True,
    )


def _json(fields: Mapping[str, object]) -> str:
    return json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":"))


def who(looking: Looking, person: str, agency: str) -> str:
    """Return who somebody is: their agency, and their alias when they gave one.

    Examples: "NAV", "NAV (Kari)", "Møteleder".
    """
    if not agency:
        return looking.t("common.role.facilitator")
    name = looking.state.agency_label(agency, looking.language)
    row = looking.state.person_row(person)
    return f"{name} ({row.alias})" if row is not None and row.alias else name


def factor_name(looking: Looking, factor: str) -> str:
    """Return a factor's name, also when it has been taken off the map."""
    state = looking.state
    row = state.row("factors", factor) or state.row("removed", factor)
    if row is None:
        proposal = state.row("proposals", factor)
        row = proposal.factor if proposal is not None else None
    return row.labels.in_language(looking.language) if row is not None else looking.t("console.something")


def link_name(looking: Looking, link: str) -> str:
    """Return a link as its two ends with the sign between them, also when it is gone."""
    state = looking.state
    row = state.row("links", link) or state.row("removed", link)
    if row is None:
        proposal = state.row("proposals", link)
        row = proposal.link if proposal is not None else None
    if row is None:
        return looking.t("console.something")
    source, target = factor_name(looking, row.source), factor_name(looking, row.target)
    return f"{source} → {target} ({row.mark})"


def view_name(looking: Looking, shows: Mapping[str, Any]) -> str:
    """Return what a view is called, with the agencies or the word that it is of.

    `shows` has the fields of the change that shows it.
    """
    name = looking.t(f"console.view.{shows['view']}")
    labels = [looking.state.agency_label(one, looking.language) for one in shows.get("agencies", ())]
    words = [
        f"«{one.terms.in_language(looking.language)}»"
        for one in looking.state.base.instruments.glossary
        if one.id == shows.get("term")
    ]
    what = ", ".join([*words, *labels])
    return looking.t("console.view.of", view=name, what=what) if what else name


def written(text: str, language: str, tag: str = "p") -> Native:
    """Return what somebody wrote, marked with its language."""
    return element(tag, shown(text), class_="wm-text", lang=language or None)


def the_wall(looking: Looking) -> Looking:
    """Return the same workshop as the wall sees it: what the room may see, in the wall's language."""
    state: State = looking.workshops.state(looking.state.workshop)
    language = state.setting("wall_language")
    actor = Actor(state.workshop, "viewer", "viewer", "", language)
    return Looking(looking.workshops, actor, "projector", looking.workshops.view(actor), language)
