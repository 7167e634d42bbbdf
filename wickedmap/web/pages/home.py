"""The front door: join with a code, or open a workshop."""

from __future__ import annotations

from typing import Any

from ...store import log
from ..context import Desk, current_request, translator
from ..doors import is_host
from ..elements import button, choice, disclosure, element, text_input
from ..import_form import file_field, waiting, words
from .join import code_form, top_bar


def layout(desk: Desk, _services: dict[str, Any], language: str) -> Any:
    """Return the front page; opening a workshop takes the server's start link."""
    t = translator(language)
    host = is_host(current_request(), desk.workshops.store.secret)
    parts = [_open_form(language), _join_part(language, folded=True)] if host else [_join_part(language)]
    return element(
        "main",
        top_bar(language),
        element("h1", t("home.title")),
        element("p", t("home.lead"), class_="wm-lead"),
        *parts,
        _known(desk, language) if host else None,
        id="wm-main",
        class_="wm-page wm-narrow wm-stack",
    )


def _join_part(language: str, *, folded: bool = False) -> Any:
    t = translator(language)
    if folded:
        return disclosure(t("home.join"), code_form(language))
    return element("section", element("h2", t("home.join")), code_form(language))


def _open_form(language: str) -> Any:
    t = translator(language)
    sources = [(name, t(f"home.source.{name}")) for name in ("default", "empty", "file")]
    return element(
        "section",
        element("h2", t("home.open")),
        element(
            "form",
            choice(t("home.source.legend"), "source", sources, value="default"),
            file_field(language),
            text_input(t("home.name"), "title", hint=t("home.name_hint"), limit=80),
            element("input", type="hidden", name="language", value=language),
            button(
                [
                    element("span", t("home.start"), class_="wm-import-direct"),
                    element("span", t("import.look"), class_="wm-import-first"),
                ],
                kind="primary",
                type="submit",
            ),
            data_post="/api/v1/workshops",
            data_import="/api/v1/import",
            **words(language),
            class_="wm-stack",
        ),
        waiting(language),
        element("div", id="import-view"),
        class_="wm-import",
    )


def _known(desk: Desk, language: str) -> Any:
    t = translator(language)
    rows = log.workshops(desk.workshops.store)
    if not rows:
        return None
    items = []
    for row in reversed(rows[-20:]):
        title = desk.workshops.state(row.id).titles().in_language(language) or row.id
        address = f"/open/{row.id}/facilitator/{desk.workshops.key(row.id, 'facilitator')}"
        items.append(
            element("li", element("a", title, href=address), " ", element("small", row.created[:10])),
        )
    return element("section", element("h2", t("home.known")), element("ul", items, class_="wm-plain"))


def register(_app: Any, _desk: Desk, _services: dict[str, Any]) -> None:
    """Nothing changes by itself on this page."""
