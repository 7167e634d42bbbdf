"""Leaving with the data: every format with what it is for and what it cannot hold, and how to cite it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Final

import dash
from dash import Input, Output, State

from ... import __version__, leaving
from ...access import FLAG_OF
from ...changes import Refused
from ...formats import FORMATS, Loss, losses
from ...formats.words import loss_text
from ..context import Desk, Looking
from ..elements import (
    Child,
    Native,
    button,
    disclosure,
    element,
    language_switch,
    live_region,
    notice,
    shown,
    status_bar,
    theme_switch,
    whole,
)
from .address import workshop_at

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "whole": ("wickedmap", "wickedmap-yaml"),
    "research": ("package",),
    "tables": ("xlsx", "csv-zip", "csv", "matrix"),
    "pictures": ("svg", "png", "pdf"),
    "networks": ("graphml", "gexf", "gexf-dynamic", "pajek", "gml", "dot", "graph-json"),
    "tools": ("kumu", "kumu-xlsx", "prsm", "loopy", "mental-modeler", "vensim"),
    "references": ("ris", "csl"),
}
"""Formats by what they are for; a format that is not here comes under "other"."""

_SUFFIXES: Final = {leaving.PACKAGE: ".zip", leaving.TIMELINE: ".dynamic.gexf"}
_LOST: Final[dict[str, tuple[str, ...]]] = {
    "said": ("stances", "ratings", "annotations", "framings", "meanings", "conclusions"),
    "agencies": ("agencies", "owners"),
    "reasons": ("rationales", "evidence", "counter_evidence", "instruments", "suggested"),
    "signs": ("unknown_signs", "both_signs", "both_signs_links", "contested", "parallel_links"),
    "strengths": ("strengths", "delays", "delay_lengths"),
    "kinds": ("domains", "domains_of_factors", "valences", "kinds", "members", "statuses"),
    "places": ("positions",),
    "stages": ("stages", "factor_stages", "link_stages", "focal"),
    "words": ("languages", "definitions", "seed_labels", "aliases", "phrases", "factor_notes"),
    "letters": ("rare_letters",),
}
_KINDS: Final = ("stances", "framings", "ratings", "annotations", "terms", "proposals")


def layout(looking: Looking, _services: dict[str, Any]) -> Any:
    """Return the page."""
    state, t = looking.state, looking.t
    here = f"/w/{state.workshop}"
    ways = [element("a", t("export.to_compare"), href=f"{here}/compare")]
    if looking.actor.role == "facilitator":
        ways.insert(0, element("a", t("compare.back.console"), href=f"{here}/console"))
    return element(
        "div",
        element(
            "header",
            element("p", "wickedmap", class_="wm-brand"),
            element("div", *ways, theme_switch(), language_switch(looking.language), class_="wm-row"),
            class_="wm-top",
        ),
        element(
            "main",
            element("p", shown(state.titles().in_language(looking.language)), class_="wm-kicker"),
            element("h1", t("export.title")),
            element("p", t("export.lead"), class_="wm-lead"),
            _drawn(looking),
            id="wm-main",
            tabindex=-1,
            class_="wm-stack",
        ),
        element("footer", status_bar(), live_region(), class_="wm-compare-foot"),
        id="wm-root",
        class_="wm-page wm-export",
        data_workshop=state.workshop,
        data_seq=state.seq,
        data_surface="export",
        data_person=looking.actor.person,
    )


def _drawn(looking: Looking) -> Native:
    made = whole(*view(looking), id="export-view", class_="wm-stack")
    made.id = "export-view"
    return made


def view(looking: Looking) -> list[Child]:
    """Return what changes with the workshop: what the files hold, and the files."""
    leads = looking.actor.role == "facilitator"
    # What a file loses depends on what it would hold: what the researcher may take.
    taken = leaving.export_map(
        looking.workshops, replace(looking.actor, role="researcher", person="researcher")
    )
    lost = {form: _lost(taken, form) for form in leaving.forms()}
    return [
        _holds(looking),
        *[_group(looking, name, forms, lost) for name, forms in _grouped(leaving.forms()).items()],
        _private(looking) if leads else None,
        _cite(looking),
        _api(looking),
    ]


def _lost(taken: Any, form: str) -> list[Loss]:
    """Return what a format cannot hold of this map."""
    return losses(taken, form) if form in FORMATS else []


def _in_short(lost: list[Loss]) -> list[str]:
    """Return the same in a few large groups."""
    found = {loss.aspect for loss in lost}
    return [group for group, aspects in _LOST.items() if found.intersection(aspects)]


def _grouped(forms: list[str]) -> dict[str, list[str]]:
    groups = {name: [form for form in members if form in forms] for name, members in GROUPS.items()}
    placed = {form for members in GROUPS.values() for form in members}
    groups["other"] = [form for form in forms if form not in placed]
    return {name: members for name, members in groups.items() if members}


def _holds(looking: Looking) -> Native:
    """Return what the files hold now: only what was shown to the room, or all of it."""
    t, state = looking.t, looking.state
    hidden = [kind for kind in _KINDS if not state.setting(FLAG_OF[kind])]
    released = bool(state.setting("private_released"))
    if released:
        said = t("export.holds.released")
    elif hidden:
        names = [t(f"export.kinds.{kind}") for kind in hidden]
        joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {t('compare.and')} {names[-1]}"
        said = t("export.holds.some", what=joined)
    else:
        said = t("export.holds.all")
    names_shown = t("export.holds.named" if state.setting("names_shown") else "export.holds.letters")
    return notice(
        element("p", said),
        element("p", names_shown),
        element("p", t("export.holds.people")),
        kind="attention" if released else "info",
        title=t("export.holds.title"),
    )


def _group(looking: Looking, name: str, forms: list[str], lost: dict[str, list[Loss]]) -> Native:
    t = looking.t
    return element(
        "section",
        element("h2", t(f"export.group.{name}.title")),
        element("p", t(f"export.group.{name}.about"), class_="wm-quiet-text"),
        whole(
            element("ul", [_form(looking, form, lost[form]) for form in forms], class_="wm-forms"),
        ),
    )


def _key(form: str) -> str:
    return form.replace("-", "_")


def _form(looking: Looking, form: str, lost: list[Loss]) -> Native:
    t = looking.t
    known = any(form in members for members in GROUPS.values())
    written = FORMATS.get(form)
    title = t(f"export.form.{_key(form)}.title") if known else written.title if written else form
    suffix = written.suffixes[0] if written else _SUFFIXES.get(form, "")
    without = [t(f"export.lost.{one}") for one in _in_short(lost)]
    return element(
        "li",
        element(
            "div",
            element("h3", title, " ", element("small", suffix)),
            element("p", t(f"export.form.{_key(form)}.about")) if known else None,
            element("p", t("export.without", what=", ".join(without)), class_="wm-hint") if without else None,
            element("p", t("export.carries_all"), class_="wm-hint") if not lost else _all_lost(looking, lost),
        ),
        element(
            "a",
            t("common.download"),
            element("span", f" {title}", class_="wm-visually-hidden"),
            href=_address(looking, form),
            download=True,
            class_="wm-button",
        ),
    )


def _all_lost(looking: Looking, lost: list[Loss]) -> Native:
    lines = [loss_text(loss, looking.language) for loss in lost]
    return disclosure(
        looking.t("export.all_lost", count=len(lines)),
        element("ul", [element("li", line) for line in lines], class_="wm-hint"),
    )


def _address(looking: Looking, form: str, *, private: bool = False) -> str:
    address = f"/api/v1/workshops/{looking.state.workshop}/export/{form}?surface=export"
    return f"{address}&private=true" if private else address


def _private(looking: Looking) -> Native:
    """Return the facilitator's way to what was never shown: an explicit choice, after a plain warning."""
    t = looking.t
    released = bool(looking.state.setting("private_released"))
    forms = [form for form in ("wickedmap", "package", "xlsx", "csv-zip", "graphml") if form in leaving.forms()]
    links = [
        element(
            "a",
            t("export.private.download", form=t(f"export.form.{_key(form)}.title")),
            href=_address(looking, form, private=True),
            download=True,
            class_="wm-button",
        )
        for form in forms
    ]
    return element(
        "section",
        element("h2", t("export.private.title")),
        disclosure(
            t("export.private.open"),
            notice(t("export.private.warning"), kind="attention"),
            element("div", *links, class_="wm-actions wm-private-files"),
        ),
        element("h3", t("export.release.title")),
        element("p", t("export.release.on" if released else "export.release.off"), class_="wm-text"),
        element(
            "div",
            button(
                t("export.release.stop" if released else "export.release.start"),
                change="release_private",
                fields={"released": not released},
                confirm=None if released else t("export.release.confirm"),
            ),
            class_="wm-actions",
        ),
    )


def _cite(looking: Looking) -> Native:
    t = looking.t
    citation = (
        f"The wickedmap contributors. wickedmap: map a wicked problem together. {__version__}. Apache-2.0."
    )
    return element(
        "section",
        element("h2", t("export.cite.title")),
        element("p", t("export.cite.about"), class_="wm-quiet-text"),
        element("blockquote", citation, lang="en"),
        element("div", button(t("common.copy"), data_copy=citation), class_="wm-actions"),
    )


def _api(looking: Looking) -> Native:
    t = looking.t
    base = f"/api/v1/workshops/{looking.state.workshop}"
    addresses = {
        "state": f"{base}/state?surface=export",
        "changes": f"{base}/changes?since=0&surface=export",
        "openapi": "/api/openapi.json",
    }
    token = leaving.api_token(looking.workshops, looking.state.workshop)
    return element(
        "section",
        element("h2", t("export.api.title")),
        element("p", t("export.api.about"), class_="wm-quiet-text"),
        element(
            "dl",
            [
                [element("dt", t(f"export.api.{name}")), element("dd", element("a", address, href=address))]
                for name, address in addresses.items()
            ],
            class_="wm-facts",
        ),
        element("h3", t("export.api.token")),
        element("p", t("export.api.token_about"), class_="wm-text"),
        disclosure(
            t("export.api.token_open"),
            element("p", element("code", token)),
            element("div", button(t("common.copy"), data_copy=token), class_="wm-actions"),
        ),
    )


def register(app: Any, desk: Desk, _services: dict[str, Any]) -> None:
    """Keep what the files hold current."""

    @app.callback(
        Output("export-view", "tree"),
        Input("version-export", "data"),
        State("wm-url", "pathname"),
        prevent_initial_call=True,
    )
    async def refresh(_version: Any, pathname: Any) -> Any:
        return await asyncio.to_thread(_refreshed, desk, pathname)


def _refreshed(desk: Desk, pathname: Any) -> Any:
    workshop = workshop_at(pathname, "export")
    if not workshop:
        return dash.no_update
    try:
        return _drawn(desk.looking(workshop, "export")).tree
    except Refused:
        return dash.no_update
