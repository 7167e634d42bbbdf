"""The Dash application: one index page, and a router from addresses to pages."""

from __future__ import annotations

import asyncio
import contextlib
import html as escaping
import json
import re
from types import ModuleType
from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from fastapi import FastAPI

from ..changes import Refused
from ..resources import resource_dir
from ..texts import browser_texts
from .context import Desk, current_request, language_of, translator
from .pages import analyse, compare, console, export, home, join, me, problem, projector
from .pages.address import surface_at

_ON_SURFACE: dict[str, ModuleType] = {
    "projector": projector,
    "console": console,
    "me": me,
    "compare": compare,
    "analyse": analyse,
    "export": export,
}
_WITH_CANVAS = frozenset({"projector", "console", "compare", "analyse"})
_ONLY_ON = {
    "canvas": _WITH_CANVAS,
    "canvas-feed": _WITH_CANVAS,
    "phone": {"me"},
    "console": {"console"},
    "merging": {"console"},
    "compare": {"compare", "projector", "console", "export"},
    "movement": {"compare"},
    "analyse": {"analyse"},
    "wall": {"projector", "console"},
    "wall-page": {"projector", "console"},
    "doors": {""},
    "import": {"", "console"},
}
"""Scripts and styles, by their file's name, that only some surfaces need; others go everywhere."""
_TAG = re.compile(r"\s*<(?:script|link)[^>]*?(?:src|href)=\"([^\"]+)\"[^>]*>(?:</script>)?")
_OWN = re.compile(r"/assets/\d+-([a-z-]+)\.(?:js|css)")

_INDEX = """<!DOCTYPE html>
<html lang="{language}" data-surface="{surface}">
  <head>
    {metas}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{title}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
    {css}
  </head>
  <body>
    {skip}
    {app_entry}
    <script type="application/json" id="wm-texts">{texts}</script>
    <footer hidden>{config}{scripts}{renderer}</footer>
  </body>
</html>"""


def _needed(tags: str, surface: str) -> str:
    """Return the tags that a surface needs; phones need no canvas, the map is a list there."""

    def kept(tag: re.Match[str]) -> str:
        address = tag[1]
        own = _OWN.search(address)
        if own is not None:
            return tag[0] if surface in _ONLY_ON.get(own[1], {surface}) else ""
        unused = "dash_table" in address or ("dash_cytoscape" in address and surface not in _WITH_CANVAS)
        return "" if unused else tag[0]

    return _TAG.sub(kept, tags)


class _Shell(Dash):
    """Dash with an index page in the person's language, as light as the page allows."""

    desk: Desk

    def _language(self, workshop: str, surface: str) -> str:
        if surface == "projector":
            with contextlib.suppress(Refused):
                return str(self.desk.workshops.state(workshop).setting("wall_language"))
        return language_of(current_request())

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        workshop, surface = surface_at(current_request().url.path)
        language = self._language(workshop, surface)
        t = translator(language)
        scripts, css = (_needed(parts[kind], surface) for kind in ("scripts", "css"))
        loading = escaping.escape(t("shell.loading"))
        entry = '<div id="react-entry-point"><p class="wm-loading" role="status">' + loading + "</p></div>"
        texts = browser_texts(language, "browser", "canvas")
        safe = json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")
        skip = escaping.escape(t("shell.skip"))
        title = t(f"shell.title.{surface}") if surface else t("shell.title.start")
        return _INDEX.format(
            language=language,
            surface=surface,
            metas=parts["metas"],
            title=escaping.escape(title),
            css=css,
            # The wall has nothing to skip.
            skip="" if surface == "projector" else f'<a class="wm-skip" href="#wm-main">{skip}</a>',
            app_entry=entry,
            texts=safe,
            config=parts["config"],
            scripts=scripts,
            renderer=parts["renderer"],
        )


def make_dash(server: FastAPI, desk: Desk, services: dict[str, Any]) -> Dash:
    """Build the Dash application on our own server and register every page's callbacks."""
    # The private path is imported here only: each browser would open a websocket otherwise.
    from dash.backends._fastapi import FastAPIDashServer

    FastAPIDashServer.websocket_capability = False
    app = _Shell(
        "wickedmap",
        server=server,  # type: ignore[arg-type]
        assets_folder=str(resource_dir("assets").resolve()),
        assets_ignore=r".*\.(md|txt)$",
        compress=True,
        update_title=None,  # type: ignore[arg-type]
        title="wickedmap",
        suppress_callback_exceptions=True,
        # The language and the page are decided per request, never by the browser's data.
        include_assets_files=True,
    )
    app.desk = desk
    app.layout = html.Div(
        [
            dcc.Location(id="wm-url", refresh=False),
            html.Div(id="wm-page"),
        ]
    )

    @app.callback(
        Output("wm-page", "children"),
        Input("wm-url", "pathname"),
        State("wm-url", "search"),
    )
    async def show_page(pathname: Any, search: Any) -> Any:
        return await asyncio.to_thread(_page, desk, services, pathname, search)

    for page in (home, join, *_ON_SURFACE.values()):
        page.register(app, desk, services)
    # Dash would do this after the first page went out, which then lacked our scripts.
    app._setup_server()  # type: ignore[no-untyped-call]
    return app


def _page(desk: Desk, services: dict[str, Any], pathname: Any, search: Any) -> Any:
    path = pathname if type(pathname) is str else "/"
    query = search if type(search) is str else ""
    language = language_of(current_request())
    workshop, surface = surface_at(path)
    try:
        if surface:
            # A store per page: a callback whose trigger is not on the page does not run.
            stores = [dcc.Store(id=f"{name}-{surface}") for name in ("version", "presence")]
            return [*stores, _ON_SURFACE[surface].layout(desk.looking(workshop, surface), services)]
        if path == "/":
            return home.layout(desk, services, language)
        if path == "/join" or path.startswith("/j/"):
            return join.layout(desk, services, language, path.removeprefix("/j/"), query)
        raise Refused("wrong_key" if path == "/link-not-valid" else "not_found")
    except Refused as refused:
        return problem.layout(refused, language)
