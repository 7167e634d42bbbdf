"""How fast a full room is compared, and whether others notice: 12 agencies, 120 people, 200 factors, 600 links.

    python -m benchmarks.compare_page

20,000 stances, with changes of mind, ratings, notes, problem definitions and meanings of
words are written through the store; then a real server answers over HTTP. Printed: every
view the first time after the server started, after a change, and again; the first paint
of the page in Chromium, and when the view is drawn; and how long a change by one of
thirty people takes to come down another's stream, with nobody comparing, with all views
being asked for one after the other, and while eight people have one view open each and
it is drawn anew as changes come in. Server, people and browser share this machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from benchmarks.analyse_page import enter, web
from tests.house import House, Room, Voice
from wickedmap import Agency, CausalMap, Texts
from wickedmap.access import Actor
from wickedmap.store import open_store
from wickedmap.web.pages.compare import VIEWS
from wickedmap.workshop import Workshops

AGENCIES, PEOPLE, FACTORS, LINKS, STANCES = 12, 120, 200, 600, 20_000
WRITERS = 30
SECONDS = 15.0
_OUTPUTS = (
    *(("compare-tabs", "tree"), ("compare-choice", "tree"), ("compare-view", "tree")),
    *(("compare-map", "attributes"), ("wm-canvas-box", "attributes")),
)


def built(folder: Path, seed: int = 4) -> str:
    """Write the workshop, change by change."""
    numbers = random.Random(seed)
    rows = [(f"f{u}", f"f{v}", 1 if (u + v) % 3 else -1, 2) for u, v in web(FACTORS, LINKS)]
    drawn = CausalMap.from_links(rows, factors=[f"f{n}" for n in range(FACTORS)])
    agencies = tuple(Agency(f"a{n}", Texts(nb=f"Etat {n}"), initials=f"E{n}") for n in range(AGENCIES))
    store = open_store(folder)
    workshops = Workshops(store)
    workshop = workshops.open_workshop(drawn.replace(agencies=agencies), title="Full sal")
    ids = [link.id for link in drawn.links]
    count = itertools.count(1)

    def does(actor: Actor, kind: str, **fields: Any) -> None:
        workshops.submit(actor, {"kind": kind, "op_id": f"bench-{next(count):07d}", **fields})

    lead = Actor(workshop, "facilitator", "facilitator")
    does(lead, "set_stage", stage=4)
    does(lead, "reveal", notes=True, stances=True, ratings=True, framings=True, terms=True)
    people = []
    for number in range(PEOPLE):
        person = workshops.join(workshop, op_id=f"join-{number:05d}", agency=f"a{number % AGENCIES}", alias="")
        people.append(Actor(workshop, person.id, "representative", person.agency))
    for number, person in enumerate(people):
        does(
            person,
            "write_framing",
            problem=f"Problemet sett fra etat {number % AGENCIES}: bolig, gjeld og overganger.",
            causes="Ingen eier overgangen.",
            factors=[f"f{numbers.randrange(FACTORS)}" for _ in range(3)],
            links=numbers.sample(ids, 3),
            belief=numbers.randrange(1, 6),
        )
        for factor in numbers.sample(range(FACTORS), 20):
            does(person, "rate_factor", factor=f"f{factor}", importance=numbers.randrange(1, 6))
    # Each agency has its own part of the map and its own leaning, as agencies do.
    share = -(-STANCES // PEOPLE)
    done = 0
    for number, person in enumerate(people):
        own = random.Random(number % AGENCIES)
        near = own.sample(ids, min(len(ids), share * 2))
        for link in numbers.sample(near, share):
            if done == STANCES:
                break
            done += 1
            kind = numbers.choices(("asserts", "rejects", "unsure"), (7, 2, 1))[0]
            reason = "Vi ser det hver uke." if numbers.random() < 0.1 else ""
            sign = numbers.choices(("+", "-", None), (2, 1, 7))[0] if kind == "asserts" else None
            does(person, "take_stance", link=link, stance=kind, sign=sign, reason=reason)
            if numbers.random() < 0.1:
                does(person, "take_stance", link=link, stance="unsure")
    does(lead, "set_step", step=3)
    store.close()
    return workshop


def ask(voice: Voice, place: str) -> float:
    """Ask the page's own callback, as the browser does; return the seconds it took."""
    body = {
        "output": ".." + "...".join(f"{one}.{name}" for one, name in _OUTPUTS) + "..",
        "outputs": [{"id": one, "property": name} for one, name in _OUTPUTS],
        "inputs": [
            {"id": "compare-place", "property": "data", "value": place},
            {"id": "version-compare", "property": "data", "value": 1},
        ],
        "changedPropIds": ["compare-place.data"],
        "state": [{"id": "wm-url", "property": "pathname", "value": f"/w/{voice.workshop}/compare"}],
    }
    began = time.perf_counter()
    answer = voice.client.post(
        "/_dash-update-component",
        json=body,
        headers={"Origin": str(voice.client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"},
    )
    took = time.perf_counter() - began
    answer.raise_for_status()
    assert '"compare-view"' in answer.text, answer.text[:300]
    return took


def picture(voice: Voice) -> float:
    began = time.perf_counter()
    voice.get("canvas", surface="compare", view="overlay").raise_for_status()
    return time.perf_counter() - began


_letters: Iterator[int] = itertools.count(1)


def change(room: Room) -> None:
    room.facilitator.does("annotate", target_kind="factor", target="f1", text=f"Merknad {next(_letters)}")


def places(chosen: str = "") -> list[str]:
    query = f"?agencies={chosen}" if chosen else ""
    return [f"{query}#{view}" for view in VIEWS]


def cpu_seconds(house: House) -> float:
    """Return the processor time of the server and its processes so far; 0 where there is no /proc."""
    assert house.process is not None
    ours, total = {house.process.pid}, 0
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) in ours or int(fields[1]) in ours:
            ours.add(int(stat.parent.name))
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def views(room: Room, rows: list[tuple[str, Voice, str]]) -> None:
    print(f"{'view':<30}{'first':>9}{'changed':>9}{'CPU':>9}{'again':>9}   ms")
    for title, voice, chosen in rows:
        for place in places(chosen):
            first = ask(voice, place)
            after, used = [], []
            for _ in range(5):
                change(room)
                before = cpu_seconds(room.house)
                after.append(ask(voice, place))
                used.append(cpu_seconds(room.house) - before)
            again = min(ask(voice, place) for _ in range(3))
            name = f"{place.rpartition('#')[2]}, {title}"
            middle, cpu = statistics.median(after), statistics.median(used)
            print(
                f"{name:<30}{first * 1e3:9.0f}{middle * 1e3:9.0f}{cpu * 1e3:9.0f}{again * 1e3:9.0f}",
                flush=True,
            )
        first = picture(voice)
        change(room)
        after_change = picture(voice)
        again = picture(voice)
        print(f"{'map, ' + title:<30}{first * 1e3:9.0f}{after_change * 1e3:9.0f}{'':>9}{again * 1e3:9.0f}")


def painted(room: Room, rounds: int = 3) -> None:
    """Open the page in Chromium, and wait for its views."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS

    with sync_playwright() as playwright:
        path = os.environ.get("WICKEDMAP_CHROMIUM", "/usr/bin/chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for place in places():
            paints, drawn = [], []
            for _ in range(rounds):
                context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="nb")
                page = context.new_page()
                page.goto(room.link("facilitator"))
                change(room)
                began = time.perf_counter()
                page.goto(f"{room.house.url}/w/{room.id}/compare{place}", wait_until="commit")
                page.locator("#compare-view h2").wait_for(timeout=60_000)
                drawn.append(time.perf_counter() - began)
                entry = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
                page.wait_for_function(f"{entry} > 0")
                paints.append(page.evaluate(entry))
                context.close()
            print(
                f"{place:<12} first contentful paint {statistics.median(paints):5.0f} ms"
                f" (largest {max(paints):.0f})"
                f"   view drawn {statistics.median(drawn) * 1e3:5.0f} ms (largest {max(drawn) * 1e3:.0f})",
                flush=True,
            )
        chromium.close()


# --- others' screens -----------------------------------------------------------


async def participant(
    room: Room, number: int, sent: dict[str, float], delays: list[float], until: float
) -> None:
    async with httpx.AsyncClient(base_url=room.house.url, timeout=60) as client:
        body = {"code": room.code, "agency": f"a{number % AGENCIES}"}
        person = (await client.post("/api/v1/join", json=body)).json()["person"]
        listening = asyncio.create_task(listen(client, room, person, sent, delays))
        await asyncio.sleep(random.random() * 2)
        count = 0
        while time.perf_counter() < until:
            count += 1
            op_id = f"live-{number:03d}-{person}-{count:05d}"
            link = f"L{random.randrange(LINKS) + 1}"
            stance = {"op_id": op_id, "kind": "take_stance", "link": link, "stance": "asserts"}
            began = time.perf_counter()
            answer = await client.post(
                f"/api/v1/workshops/{room.id}/changes", json=stance, headers={"X-Wickedmap-Surface": "me"}
            )
            answer.raise_for_status()
            sent[str(answer.json()["seq"])] = began
            await asyncio.sleep(1.5 + random.random())
        await asyncio.sleep(2)
        listening.cancel()


async def listen(
    client: httpx.AsyncClient, room: Room, person: str, sent: dict[str, float], delays: list[float]
) -> None:
    address = f"/api/v1/workshops/{room.id}/stream?since=-1&surface=me"
    arrivals: list[tuple[int, float]] = []
    try:
        async with client.stream("GET", address, timeout=None) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data: {"):
                    heard = json.loads(line[6:])
                    if "kind" in heard and heard["by"].get("person") != person:
                        arrivals.append((heard["seq"], time.perf_counter()))
    finally:
        delays += [(at - sent[str(seq)]) * 1000 for seq, at in arrivals if str(seq) in sent]


def live(room: Room, title: str, comparing: list[tuple[Voice, list[str], float]]) -> None:
    """Thirty write; each of `comparing` asks for its views in turn, with a pause between."""
    delays: list[float] = []
    over = threading.Event()
    took: list[float] = []

    def compares(voice: Voice, asked: list[str], pause: float) -> None:
        for place in itertools.cycle(asked):
            if over.is_set():
                return
            took.append(ask(voice, place))
            over.wait(pause)

    async def everybody() -> None:
        until = time.perf_counter() + SECONDS
        sent: dict[str, float] = {}
        await asyncio.gather(*(participant(room, n, sent, delays, until) for n in range(WRITERS)))

    threads = [threading.Thread(target=compares, args=one) for one in comparing]
    for thread in threads:
        thread.start()
    asyncio.run(everybody())
    over.set()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(delays, n=100)
    views_took = f"   {len(took)} views, median {statistics.median(took) * 1e3:.0f} ms" if took else ""
    print(
        f"{title:<44} median {cuts[49]:5.0f} ms   95 % {cuts[94]:5.0f} ms   99 % {cuts[98]:5.0f} ms"
        f"   n {len(delays)}{views_took}",
        flush=True,
    )


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--parts", default="views,paint,live")
    asked.add_argument("--keep", type=Path, help="a folder to keep the workshop in, and to use again")
    options = asked.parse_args()
    parts = options.parts.split(",")
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(options.keep or folder) / "data")
        named = house.folder.with_name("workshop")
        if not named.exists():
            began = time.perf_counter()
            workshop = built(house.folder)
            named.write_text(workshop)
            print(f"built in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        house.start()
        try:
            print(f"server up after {time.perf_counter() - began:.1f} s", flush=True)
            room = enter(house, named.read_text())
            lead = Voice(room.facilitator.client, room.id, "compare")
            guest = Voice(room.join("a1").client, room.id, "compare")
            # What is asked for while the process beside the server comes up, the server makes itself.
            print(f"first view of all {ask(lead, places()[0]) * 1e3:.0f} ms", flush=True)
            time.sleep(8)
            ask(guest, places()[0])
            if "views" in parts:
                views(
                    room,
                    [
                        ("facilitator", lead, ""),
                        ("hidden names", guest, ""),
                        ("four chosen", lead, "a0,a1,a2,a3"),
                    ],
                )
            if "paint" in parts:
                painted(room)
            if "live" in parts:
                live(room, "nobody compares", [])
                live(room, "one asks for all views in turn", [(lead, places(), 0.2)])
                eight = [(lead if n % 2 else guest, [places()[n]], 1.5) for n in range(len(VIEWS))]
                live(room, "eight views open, drawn anew with changes", eight)
        finally:
            house.stop()


if __name__ == "__main__":
    main()
