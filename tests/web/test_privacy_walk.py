"""Every route as everybody who may knock: what is private is in no answer, however it is asked for.

Somebody from one agency contributes something of every kind, each with a word of its
own. Then everybody else asks every address, every callback of every page with forged
values, the stream and the exports, and none of the words may be in any answer. The
facilitator asks for the same, and all of them must be there: else the walk finds nothing
because it looks nowhere.
"""

from __future__ import annotations

import io
import itertools
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from tests.house import House, Room, Voice
from wickedmap.changes.room import Compared
from wickedmap.leaving import forms
from wickedmap.store import open_store
from wickedmap.web.context import SURFACES
from wickedmap.web.pages import analyse_look, compare, me
from wickedmap.web.server import build
from wickedmap.workshop import Workshops

FACTOR, LINK, TERM = "gjeld", "L60", "G01"
OTHERS = ("stranger", "other room", "police", "viewer", "researcher", "api token")

WALKED = {
    *("/", "/health", "/_dash-layout", "/_dash-dependencies", "/_dash-update-component"),
    *("/start/{key}", "/open/{workshop}/{role}/{key}", "/api/openapi.json", "/api/{rest:path}"),
    *("/api/v1/workshops/{workshop}/" + one for one in ("state", "changes", "stream", "canvas", "qr.svg")),
    *("/api/v1/workshops/{workshop}/" + one for one in ("export/{form}", "import", "renew")),
}
"""What the walk asks."""
NO_CONTENT = {
    *("/_reload-hash", "/_favicon.ico", "/_dash-component-suites/{package_name}/{fingerprinted_path:path}"),
    *("/api/v1/join", "/api/v1/join/look", "/api/v1/import", "/api/v1/workshops", "/api/v1/language"),
    "/api/v1/workshops/{workshop}/leave",
    # A file that somebody looks through before a workshop is opened from it, under a name nobody can guess.
    "/api/v1/import/picture/{name}.svg",
    # Drawn for whoever has sent the file; test_importing_routes.py asks for it as the others.
    "/api/v1/workshops/{workshop}/import/picture/{name}.svg",
}
"""What holds nothing of a workshop but its title and its agencies, for those who have the code."""


@dataclass
class Filled:
    """A room in which somebody has said something of every kind."""

    room: Room
    author: Voice
    voices: dict[str, Voice]
    now: dict[str, str] = field(default_factory=dict)
    never: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


def word(name: str) -> str:
    return f"Kanarifugl{name.replace('_', '').title()}"


@pytest.fixture(scope="module")
def filled(house: House) -> Iterator[Filled]:
    room = house.open_room()
    room.facilitator.does("set_stage", stage=4)
    nav = room.join("nav_kommune", alias=word("alias"))
    made = Filled(room, nav, {"author": nav, "facilitator": room.facilitator})
    _speak(made)
    other = house.open_room()
    stranger_elsewhere = other.facilitator
    stranger_elsewhere.workshop = room.id
    made.voices |= {
        "stranger": room.stranger(),
        "other room": stranger_elsewhere,
        "police": room.join("politi"),
        "viewer": room.enter("viewer"),
        "researcher": room.enter("researcher"),
        "api token": Voice(house.client(), room.id, "export"),
    }
    key = room.link("researcher").rpartition("/")[2]
    made.voices["api token"].client.headers["Authorization"] = f"Bearer {room.id}.researcher.{key}"
    yield made
    house.close_clients()


def _speak(made: Filled) -> None:
    nav, now = made.author, made.now

    def said(name: str) -> str:
        now[name] = word(name)
        return now[name]

    made.never["alias"] = word("alias")
    for name in ("stance_draft", "note_gone", "term_draft", "note_hidden"):
        made.never[name] = word(name)
    nav.does("annotate", target_kind="factor", target=FACTOR, text=said("note"))
    made.ids["note"] = nav.state()["map"]["annotations"][-1]["id"]
    nav.does("annotate", target_kind="link", target=LINK, text=said("link_note"))
    nav.does("take_stance", link=LINK, stance="asserts", reason=word("stance_draft"))
    made.ids["stance_seq"] = str(
        nav.does("take_stance", link=LINK, stance="rejects", reason=said("stance"))["seq"]
    )
    nav.does("rate_factor", factor=FACTOR, importance=5)
    nav.does(
        "write_framing",
        problem=said("problem"),
        causes=said("causes"),
        judgement=said("judgement"),
        remedy=said("remedy"),
        factors=[FACTOR],
        links=[LINK],
        belief=2,
    )
    nav.does("propose_factor", label=said("factor"), definition=said("definition"), reason=said("reason"))
    made.ids["factor"] = next(row["id"] for row in nav.state()["proposals"] if row["factor"])
    nav.does("propose_link", source=FACTOR, target=made.ids["factor"], sign="+", rationale=said("rationale"))
    made.ids["link"] = next(row["id"] for row in nav.state()["proposals"] if row["link"])
    nav.does("define_term", term=TERM, text=word("term_draft"))
    nav.does("define_term", term=TERM, text=said("term"))
    nav.does("annotate", target_kind="factor", target="bolig", text=word("note_gone"))
    nav.does("remove_annotation", annotation=nav.state()["map"]["annotations"][-1]["id"])
    nav.does("annotate", target_kind="factor", target="bolig", text=word("note_hidden"))
    hidden = nav.state()["map"]["annotations"][-1]["id"]
    made.room.facilitator.does("hide_contribution", table="annotations", contribution=hidden)


# --- everything that can be asked ----------------------------------------------------


def readable(answer: httpx.Response) -> str:
    """What an answer holds, also inside a zip or a workbook."""
    content = answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return content.decode("utf-8", "replace")


def answers(made: Filled, voice: Voice) -> Iterator[tuple[str, str]]:
    """Everything that one browser can ask for, with what it was told."""
    for path in _addresses(made):
        for claim in ("", voice.surface) if path.startswith("/api") else ("",):
            headers = {"X-Wickedmap-Surface": claim} if claim else {}
            answer = voice.client.get(path, headers=headers, follow_redirects=False)
            assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text)
            yield f"GET {path} as {claim or 'nothing'}", readable(answer)
    for surface in SURFACES:
        yield f"stream on {surface}", _streamed(made, voice, surface)
    for body in _callbacks(made, voice):
        answer = voice.client.post("/_dash-update-component", json=body)
        assert answer.status_code < 500, (body, answer.text)
        yield f"callback {json.dumps(body)[:300]}", readable(answer)


def _addresses(made: Filled) -> Iterator[str]:
    room = made.room.id
    yield from ("/", "/health", "/join", f"/j/{made.room.code}", "/_dash-layout", "/_dash-dependencies")
    yield from (
        "/api/openapi.json",
        "/api/v1/nope",
        f"/start/{'A' * 32}",
        f"/open/{room}/facilitator/{'A' * 32}",
    )
    for surface in SURFACES:
        yield f"/w/{room}/{surface}"
    base = f"/api/v1/workshops/{room}"
    for surface in (*SURFACES, "nowhere"):
        yield f"{base}/state?surface={surface}"
        yield f"{base}/changes?since=0&surface={surface}"
        for view in ("map", "overlay", "web"):
            yield f"{base}/canvas?surface={surface}&view={view}&language=en&theme=dark"
    yield f"{base}/qr.svg?surface=console"
    for form, private in itertools.product(forms(), ("", "&private=true")):
        if form != "png":
            yield f"{base}/export/{form}?surface=export{private}"


def _streamed(made: Filled, voice: Voice, surface: str) -> str:
    """What the stream says from the beginning, until it has nothing more to say."""
    path = f"/api/v1/workshops/{made.room.id}/stream?since=0&surface={surface}"
    told = []
    deadline = time.monotonic() + 5
    with voice.client.stream("GET", path, timeout=httpx.Timeout(10, read=0.6)) as answer:
        try:
            for part in answer.iter_text():
                told.append(part)
                if time.monotonic() > deadline:
                    break
        except httpx.ReadTimeout:
            pass
    return "".join(told)


def _values(made: Filled) -> dict[str, list[Any]]:
    """For each thing a callback is told by the browser, what a forger would say."""
    room = made.room.id
    around = [made.ids["note"], made.ids["factor"], made.ids["link"], FACTOR, LINK, TERM]
    places = [f"{view}/{LINK}" for view in compare.VIEWS]
    places += [
        "pair/nav_kommune/politi",
        "links//all",
        "movement/first/now",
        "movement/2/now",
        "movement/30/now",
    ]
    return {
        "wm-url.pathname": [f"/w/{room}/{surface}" for surface in SURFACES],
        "wm-url.search": [""],
        "compare-place.data": [f"#{place}" for place in places],
        "me-ask.data": [{"view": view, "id": "", "count": 1} for view in ("map", "framing", "mine", "propose")]
        + [{"view": view, "id": one, "count": 1} for view in me.PANELS for one in around],
        "console-chosen.data": [f"factor:{FACTOR}", f"link:{LINK}", f"factor:{made.ids['factor']}"],
        "console-merge.data": [f"{FACTOR}/fattigdom", f"{FACTOR}/{made.ids['factor']}"],
        "console-before.data": ["", "99"],
        "analyse-ask.data": [
            {"view": view, "factor": FACTOR, "n": 1, "tab": "t", "cancel": True} for view in analyse_look.VIEWS
        ],
    }


def _callbacks(made: Filled, voice: Voice) -> Iterator[dict[str, Any]]:
    values = _values(made)
    room = made.room.id
    pages = values["wm-url.pathname"]
    for one in voice.client.get("/_dash-dependencies").json():
        asked = one["inputs"]
        names = [f"{each['id']}.{each['property']}" for each in asked]
        for name in names:
            known = name in values or name.split("-")[0] in ("version", "presence")
            assert known, f"the walk does not know what to say for {name}: add it to _values"
        choices = [values.get(name, [1]) for name in names]
        at = pages if "wm-url.pathname" not in names else [""]
        own = [
            page for page in pages if any(name.endswith(f"-{page.rpartition('/')[2]}.data") for name in names)
        ]
        for said in itertools.product(*choices):
            # Every page's callback from its own address, and a few from another's.
            for address in own or at:
                yield _body(one, asked, said, {"wm-url.pathname": address, "wm-url.search": ""}, names[0])
        yield _body(one, asked, [row[0] for row in choices], {"wm-url.pathname": f"/w/{room}/me"}, names[0])


def _body(one: Any, asked: Any, said: Any, state: dict[str, str], changed: str) -> dict[str, Any]:
    output = one["output"]
    parts = output.strip(".").split("...") if output.startswith("..") else [output]
    outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in parts]
    return {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [{**row, "value": value} for row, value in zip(asked, said, strict=True)],
        "state": [
            {**row, "value": state.get(f"{row['id']}.{row['property']}", "")} for row in one.get("state", [])
        ],
        "changedPropIds": [changed],
    }


def found(made: Filled, who: str, secrets: dict[str, str]) -> dict[str, list[str]]:
    """Which secrets somebody was told, and where."""
    told: dict[str, list[str]] = {}
    for place, text in answers(made, made.voices[who]):
        for name, secret in secrets.items():
            if secret in text:
                told.setdefault(name, []).append(place)
    return told


# --- the walk --------------------------------------------------------------------------


def routes_of(app: Any) -> Iterator[str]:
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner)
        elif getattr(route, "path", ""):
            yield route.path


def test_the_walk_knows_every_route_of_the_server(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    served = build(Workshops(store), public_url="http://127.0.0.1:1")
    known = set(routes_of(served.app))
    store.close()
    assert len(known) > 20, "the routes were not found"
    assert known - WALKED - NO_CONTENT - {"/assets"} == set()


def test_the_facilitator_is_told_all_of_it_so_the_walk_looks_where_it_is(filled: Filled) -> None:
    secrets = {**filled.now, **filled.never}
    told = found(filled, "facilitator", secrets)
    assert secrets.keys() - told.keys() == set()
    everywhere = {place.split(" ")[0] for places in told.values() for place in places}
    assert everywhere == {"GET", "stream", "callback"}


def test_ones_own_page_tells_what_one_has_said(filled: Filled) -> None:
    assert filled.now.keys() - found(filled, "author", filled.now).keys() == set()


@pytest.mark.parametrize("who", OTHERS)
def test_nothing_private_is_told_to_anybody_else(filled: Filled, who: str) -> None:
    secrets = {**filled.now, **filled.never, "person": filled.author.person}
    assert found(filled, who, secrets) == {}


@pytest.mark.parametrize("who", OTHERS)
def test_a_change_that_is_refused_tells_nothing_of_what_it_was_about(filled: Filled, who: str) -> None:
    ids, voice = filled.ids, filled.voices[who]
    tries: list[dict[str, Any]] = [
        {"kind": "edit_annotation", "annotation": ids["note"], "base_seq": 0, "text": "x"},
        {"kind": "remove_annotation", "annotation": ids["note"]},
        {"kind": "withdraw_proposal", "proposal": ids["factor"]},
        {"kind": "accept_proposal", "proposal": ids["factor"]},
        {"kind": "propose_link", "source": FACTOR, "target": ids["factor"]},
        {"kind": "propose_link", "source": FACTOR, "target": ids["link"]},
        {"kind": "annotate", "target_kind": "link", "target": ids["link"], "text": "x"},
        {"kind": "annotate", "target_kind": "factor", "target": ids["factor"], "text": "x"},
        {"kind": "take_stance", "link": ids["link"], "stance": "asserts"},
        {"kind": "undo", "of": int(ids["stance_seq"])},
        {"kind": "hide_contribution", "table": "annotations", "contribution": ids["note"], "hidden": False},
        {"kind": "reveal", "notes": True},
        {"kind": "release_private", "released": True},
        {"kind": "end_attendance", "person": filled.author.person},
    ]
    for number, change in enumerate(tries):
        for surface in ("me", "console", "nowhere"):
            op = f"forged-{who.replace(' ', '-')}-{number:03d}-{surface}"
            answer = voice.client.post(
                f"/api/v1/workshops/{filled.room.id}/changes",
                json={**change, "op_id": op},
                headers={"X-Wickedmap-Surface": surface},
            )
            assert answer.status_code in (400, 401, 403, 404, 409, 422, 429), (change, answer.text)
            for secret in (*filled.now.values(), *filled.never.values()):
                assert secret not in answer.text
    for path in ("import", "renew"):
        answer = voice.client.post(f"/api/v1/workshops/{filled.room.id}/{path}", json={})
        assert answer.status_code in (401, 403)


@pytest.mark.parametrize("who", OTHERS)
def test_when_all_is_shown_the_room_is_told_what_stands_now_and_no_more(filled: Filled, who: str) -> None:
    everything = dict.fromkeys(("notes", "stances", "ratings", "framings", "proposals", "terms"), True)
    filled.room.facilitator.does("reveal", **everything)
    try:
        assert found(filled, who, filled.never) == {}
        told = found(filled, who, filled.now)
    finally:
        filled.room.facilitator.does("reveal", **dict.fromkeys(everything, False))
    if who in ("stranger", "other room"):
        assert told == {}
    else:
        assert filled.now.keys() - told.keys() == set()
        ways = {place.split(" ")[0] for places in told.values() for place in places}
        expected = {"GET", "stream"} if who == "api token" else {"GET", "stream", "callback"}
        assert ways == expected, "the walk did not find it in every way there is"


@pytest.mark.parametrize("who", ["police", "viewer"])
def test_what_is_hidden_again_is_told_to_nobody_again(filled: Filled, who: str) -> None:
    filled.room.facilitator.does("reveal", framings=True)
    filled.room.facilitator.does("reveal", framings=False)
    fields = {name: filled.now[name] for name in ("problem", "causes", "judgement", "remedy")}
    assert found(filled, who, fields) == {}


# --- what is sent to the wall ------------------------------------------------------------

WALLS: dict[str, dict[str, Any]] = {
    **{view: {} for view in ("overlay", "framings", "matrix", "distance", "loops", "movement")},
    "pair": {"agencies": ["nav_kommune", "politi"]},
    "terms": {"term": TERM},
}


def on_the_wall(made: Filled, voice: Voice) -> Iterator[tuple[str, str]]:
    """What the wall's page, its canvas, its state and its part of the stream tell somebody."""
    room = made.room.id
    base = f"/api/v1/workshops/{room}"
    for path in (
        f"/w/{room}/projector",
        f"{base}/state?surface=projector",
        f"{base}/changes?since=0&surface=projector",
        f"{base}/canvas?surface=projector&view=overlay",
        f"{base}/canvas?surface=projector&view=overlay&agencies=nav_kommune",
    ):
        yield path, readable(voice.client.get(path, follow_redirects=False))
    yield "stream", _streamed(made, voice, "projector")
    for one in voice.client.get("/_dash-dependencies").json():
        names = [f"{each['id']}.{each['property']}" for each in one["inputs"]]
        if any(name.endswith("-projector.data") for name in names):
            address = {"wm-url.pathname": f"/w/{room}/projector", "wm-url.search": ""}
            body = _body(one, one["inputs"], [1] * len(names), address, names[0])
            yield "callback", readable(voice.client.post("/_dash-update-component", json=body))


@pytest.mark.parametrize("view", WALLS)
def test_nothing_private_is_on_the_wall_whatever_is_sent_there(filled: Filled, view: str) -> None:
    assert set(WALLS) == set(get_args(Compared))
    secrets = {**filled.now, **filled.never, "person": filled.author.person}
    filled.room.facilitator.does("set_wall", view=view, **WALLS[view])
    asked = 0
    for who in ("viewer", "police", "researcher", "stranger", "other room"):
        for place, told in on_the_wall(filled, filled.voices[who]):
            asked += 1
            assert not [name for name, secret in secrets.items() if secret in told], (who, place)
    assert asked > 25


@pytest.mark.parametrize("view", WALLS)
def test_whose_views_are_on_the_wall_is_told_in_letters_until_names_are_shown(
    filled: Filled, view: str
) -> None:
    lead, viewer = filled.room.facilitator, filled.voices["viewer"]
    everything = dict.fromkeys(("notes", "stances", "ratings", "framings", "proposals", "terms"), True)
    lead.does("set_wall", view=view, **{**WALLS[view], "agencies": ["nav_kommune", "politi"]})
    lead.does("reveal", **everything)
    try:
        told = viewer.state()["settings"]["wall_of"]["agencies"]
        assert len(told) == 2
        assert all(one.startswith("letter-") for one in told)
        changes = viewer.get("changes", since=0).json()["changes"]
        named = [one["fields"].get("agencies", []) for one in changes if one["kind"] == "set_wall"]
        assert named[-1] == told
        assert all(one.startswith("letter-") for agencies in named for one in agencies)
        wall = list(on_the_wall(filled, viewer))
        shown = {"framings": "problem", "terms": "term"}.get(view)
        if shown:
            found = any(filled.now[shown] in text for place, text in wall if place == "callback")
            assert found, "what is shown is on the wall, so the walk looks where it is"
        for place, text in wall:
            if place in ("stream", "callback"):
                assert '"nav_kommune"' not in text, place
                assert "agencies=nav_kommune" not in text, place
        lead.does("show_names", shown=True)
        assert set(viewer.state()["settings"]["wall_of"]["agencies"]) == {"nav_kommune", "politi"}
    finally:
        lead.does("show_names", shown=False)
        lead.does("reveal", **dict.fromkeys(everything, False))
        lead.does("set_wall", view="map")
