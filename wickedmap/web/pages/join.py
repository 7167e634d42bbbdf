"""Joining: the code, then one screen with language, agency and perhaps an alias."""

from __future__ import annotations

from typing import Any

from ... import access
from ...changes import Refused
from ...rows import State
from ...store import log
from ..context import Desk, translator
from ..elements import button, element, language_switch, notice, select, text_input


def top_bar(language: str) -> Any:
    """Return the name of the product and the choice of language."""
    brand = element("p", "wickedmap", class_="wm-brand")
    return element("div", brand, language_switch(language), class_="wm-top")


def layout(desk: Desk, _services: dict[str, Any], language: str, typed: str, _query: str) -> Any:
    """Return the code's screen, or the one that a right code leads to."""
    t = translator(language)
    if typed in ("", "/join"):
        return _frame(language, t("join.title"), code_form(language))
    code = access.normalise_code(typed)
    row = log.workshop_by_code(desk.workshops.store, code) if code else None
    if row is None or code is None:
        raise Refused("wrong_code", "code")
    state = desk.workshops.state(row.id)
    title = state.titles().in_language(language)
    if state.setting("finished") or not state.setting("doors"):
        why = "errors.finished" if state.setting("finished") else "errors.doors_closed"
        return _frame(language, title, notice(t(why), kind="attention"))
    return _frame(language, title, _form(state, code, language))


def code_form(language: str) -> Any:
    """Return the form for a code that was read off the wall."""
    t = translator(language)
    return element(
        "form",
        text_input(
            t("join.code"),
            "code",
            hint=t("join.code_hint"),
            limit=16,
            autocapitalize="characters",
            spellcheck="false",
            inputmode="text",
            autocomplete="one-time-code",
            class_="wm-input wm-code-input",
        ),
        button(t("join.next"), kind="primary", type="submit"),
        data_post="/api/v1/join/look",
        data_then="/j/{code}",
        class_="wm-stack",
    )


def _form(state: State, code: str, language: str) -> Any:
    t = translator(language)
    agencies = [(agency.id, agency.labels.in_language(language)) for agency in state.rows("agencies")]
    agencies.sort(key=lambda entry: entry[1].casefold())
    return element(
        "form",
        element("input", type="hidden", name="code", value=code),
        element("input", type="hidden", name="language", value=language),
        select(t("join.agency"), "agency", agencies, empty=t("join.choose"), hint=t("join.agency_hint")),
        text_input(t("join.other_agency"), "agency_name", limit=80),
        text_input(t("join.alias"), "alias", hint=t("join.alias_hint"), limit=80),
        notice(t("join.private"), element("br"), t("join.no_clients")),
        button(t("join.enter"), kind="primary", type="submit"),
        data_post="/api/v1/join",
        class_="wm-stack",
    )


def _frame(language: str, title: str, *parts: Any) -> Any:
    t = translator(language)
    return element(
        "main",
        top_bar(language),
        element("p", t("join.welcome"), class_="wm-kicker"),
        element("h1", title),
        *parts,
        id="wm-main",
        class_="wm-page wm-narrow wm-stack",
    )


def register(_app: Any, _desk: Desk, _services: dict[str, Any]) -> None:
    """Nothing changes by itself on this page."""
