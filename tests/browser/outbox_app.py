"""A small server that speaks the protocol of changes, for the tests of the browser's scripts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from dash import Dash, Input, Output, dcc, html
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from wickedmap.resources import resource_dir
from wickedmap.texts import browser_texts
from wickedmap.web.elements import (
    button,
    change_form,
    chip,
    choice,
    data_table,
    disclosure,
    element,
    language_switch,
    live_region,
    notice,
    status_bar,
    text_area,
    text_input,
    theme_switch,
)

LIMIT = 200


class Book:
    """What the server has got, and how it behaves just now."""

    def __init__(self) -> None:
        self.changes: list[dict[str, Any]] = []
        self.by_op: dict[str, int] = {}
        self.posts = 0
        self.at_once = 0
        self.most_at_once = 0
        self.trouble = ""
        self.pause = 0.0
        self.page = "one"
        self.streams = True
        self.overlap = 0

    def texts(self) -> list[str]:
        return [change["text"] for change in self.changes if "text" in change]

    def add(self, change: dict[str, Any]) -> int:
        if change["op_id"] not in self.by_op:
            self.changes.append(change)
            self.by_op[change["op_id"]] = len(self.changes)
        return self.by_op[change["op_id"]]

    def seen(self, since: int) -> list[dict[str, Any]]:
        return [
            {"seq": seq, "kind": change["kind"], "by": {}, "fields": {}}
            for seq, change in enumerate(self.changes, 1)
            if seq > since
        ]


def _error(status: int, code: str, message: str, field: str | None = None, **more: object) -> Response:
    return JSONResponse({"code": code, "message": message, "field": field, **more}, status)


def make_app(book: Book) -> FastAPI:
    """Return the server."""
    server = FastAPI()

    @server.post("/api/v1/workshops/w1/changes")
    async def write(request: Request) -> Response:
        book.posts += 1
        change = await request.json()
        assert request.headers["x-wickedmap-surface"] == "me"
        book.at_once += 1
        book.most_at_once = max(book.most_at_once, book.at_once)
        await asyncio.sleep(book.pause)
        book.at_once -= 1
        if book.trouble == "not joined":
            return _error(401, "not_joined", "Du er ikke med lenger.")
        if book.trouble == "log-in page":
            return Response("<html>Logg inn på gjestenettet</html>", media_type="text/html")
        if len(change.get("text", "")) > LIMIT:
            return _error(422, "too_long", f"Teksten er lengre enn {LIMIT} tegn.", "text")
        if change["kind"] == "edit_annotation" and change["base_seq"] < 5:
            return _error(409, "stale", "Endret av andre.", yours=change["text"], theirs="Deres tekst", seq=9)
        seq = book.add(change)
        if book.trouble == "answer lost":
            return Response("bad gateway", 502)
        return JSONResponse({"seq": seq, "op_id": change["op_id"], "kind": change["kind"], "undoable": True})

    @server.get("/api/v1/workshops/w1/changes")
    async def read(since: int) -> Response:
        return JSONResponse({"seq": len(book.changes), "changes": book.seen(since), "more": False})

    @server.get("/api/v1/workshops/w1/stream")
    async def stream(since: int) -> Response:
        if not book.streams:
            return Response("no streams through here", 502)

        async def events() -> AsyncIterator[str]:
            hello = {"seq": len(book.changes), "since": since}
            yield f"event: hello\ndata: {json.dumps(hello)}\n\n"
            sent = since - book.overlap
            while True:
                for change in book.seen(sent):
                    sent = change["seq"]
                    yield f"id: {sent}\ndata: {json.dumps(change)}\n\n"
                await asyncio.sleep(0.02)

        return StreamingResponse(events(), media_type="text/event-stream")

    dash = _Page(
        "outbox_app",
        server=server,
        assets_folder=str(resource_dir("assets")),
        assets_ignore=r"^(16|17|18|[4-9]\d)-.*",
        update_title=None,
        suppress_callback_exceptions=True,
    )
    dash.layout = html.Div(
        [
            dcc.Store(id="version-me"),
            dcc.Store(id="presence-me"),
            html.Div(id="page"),
            html.Footer(id="version"),
        ]
    )

    @dash.callback(Output("page", "children"), Input("version-me", "data"))
    async def show(_: object) -> Any:
        return _layout(book)

    @dash.callback(Output("version", "children"), Input("version-me", "data"))
    async def version(data: object) -> str:
        return f"versjon {data}"

    return server


class _Page(Dash):
    def interpolate_index(self, **parts: Any) -> str:
        texts = json.dumps(browser_texts("nb", "browser"))
        return f"""<!DOCTYPE html><html lang="nb"><head>{parts["metas"]}
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>Prøve</title>
            {parts["css"]}</head>
            <body><a class="wm-skip" href="#wm-main">Til innholdet</a>{parts["app_entry"]}
            <script type="application/json" id="wm-texts">{texts}</script>
            <footer hidden>{parts["config"]}{parts["scripts"]}{parts["renderer"]}</footer></body></html>"""


def _layout(book: Book) -> Any:
    # Dash draws this anew after every change; `page` says how, so that a redraw can be a new form altogether.
    frame = "div" if book.page == "one" else "section"
    return element(
        "div",
        element(
            "main",
            element(
                "div", element("p", "wickedmap", class_="wm-brand"), language_switch("nb"), class_="wm-top"
            ),
            status_bar(),
            element("h1", "Gjeld"),
            element(frame, *_forms()),
            notice("Bare din etat ser dette.", title="Privat"),
            data_table("Viktighet", ["Faktor", "NAV"], [["Gjeld", 4]], numbers=[1]),
            disclosure("Om faktoren", element("p", "Penger man skylder.")),
            chip(
                "NAV", "Arbeids- og velferdsetaten", colour="var(--wm-domain-bolig)", pattern="dots", named=True
            ),
            theme_switch(),
            live_region(),
            id="wm-main",
            class_="wm-page wm-narrow wm-stack",
        ),
        id="wm-root",
        data_workshop="w1",
        data_seq=0,
        data_surface="me",
        data_person="p1",
    )


def _forms() -> list[Any]:
    return [
        change_form(
            "annotate",
            {"target_kind": "factor", "target": "gjeld"},
            choice(
                "Hva slags merknad?",
                "note_kind",
                [("experience", "Erfaring"), ("question", "Spørsmål")],
                value="experience",
                row=True,
            ),
            text_area("Merknaden din", "text", hint="Ikke skriv om personer.", limit=LIMIT, required=True),
            button("Send", kind="primary", type="submit"),
            draft="annotate:factor:gjeld",
        ),
        change_form(
            "edit_annotation",
            {"annotation": "a1", "base_seq": 1},
            text_area("Rett merknaden", "text", value="Gammel tekst"),
            button("Lagre", type="submit"),
            draft="edit:a1",
            keep=True,
        ),
        change_form(
            "rate_factor",
            {"factor": "gjeld"},
            text_input("Viktighet", "importance", data_type="int", data_empty="null"),
            button("Sett", type="submit"),
        ),
        button("Neste trinn", change="set_step", fields={"step": 2}),
        button(
            "Slett kartet", kind="danger", change="remove", fields={"all": True}, confirm="Vil du slette alt?"
        ),
    ]
