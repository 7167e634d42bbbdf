"""How long until the others see it: a room of simulated participants, and a real wall in Chromium.

    python benchmarks/live.py                  30 participants, 20 s
    python benchmarks/live.py --people 120     a full room

Each participant has a stream open and makes a change every other second, as people do
at the busiest. Measured from the moment a change is sent until it has come down another
participant's stream, and, with Chromium, until the wall's own page has drawn it. Server
and participants share this machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.house import House, Room

AGENCIES = ["nav_kommune", "politi", "namsmannen", "barnevern", "husbanken", "kriminalomsorgen"]


def quantiles(values: list[float]) -> str:
    if len(values) < 20:
        return f"median {statistics.median(values):6.0f} ms   n {len(values)}" if values else "none measured"
    cuts = statistics.quantiles(values, n=100)
    return f"median {cuts[49]:6.0f} ms   p95 {cuts[94]:6.0f} ms   p99 {cuts[98]:6.0f} ms   n {len(values)}"


async def participant(
    room: Room, number: int, sent: dict[str, float], delays: list[float], until: float
) -> None:
    async with httpx.AsyncClient(base_url=room.house.url, timeout=30) as client:
        body = {"code": room.code, "agency": AGENCIES[number % len(AGENCIES)]}
        person = (await client.post("/api/v1/join", json=body)).json()["person"]
        listening = asyncio.create_task(listen(client, room, person, sent, delays))
        await asyncio.sleep(random.random() * 2)
        count = 0
        while time.perf_counter() < until:
            count += 1
            op_id = f"bench-{number:03d}-{count:05d}"
            change: dict[str, Any] = {"op_id": op_id}
            if count % 3:
                change |= {"kind": "rate_factor", "factor": "gjeld", "importance": count % 5 + 1}
            else:
                change |= {
                    "kind": "annotate",
                    "target_kind": "factor",
                    "target": "bolig",
                    "text": f"nr {count}",
                }
            sent[op_id] = time.perf_counter()
            answer = await client.post(
                f"/api/v1/workshops/{room.id}/changes", json=change, headers={"X-Wickedmap-Surface": "me"}
            )
            sent[str(answer.json().get("seq"))] = sent[op_id]
            await asyncio.sleep(1.5 + random.random())
        await asyncio.sleep(1)
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
                    change = json.loads(line[6:])
                    if "kind" in change and change["by"].get("person") != person:
                        arrivals.append((change["seq"], time.perf_counter()))
    finally:
        delays += [(at - sent[str(seq)]) * 1000 for seq, at in arrivals if str(seq) in sent]


async def on_the_wall(room: Room, delays: dict[str, list[float]], until: float) -> None:
    from playwright.async_api import async_playwright

    from tests.browser.conftest import ARGUMENTS

    path = os.environ.get("WICKEDMAP_CHROMIUM", "/usr/bin/chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = await chromium.new_page(viewport={"width": 1920, "height": 1080})
        await page.goto(room.link("viewer"))
        drawn = "(document.getElementById('wm-canvas')?._cyreg?.cy?.nodes().length || 0) > 0"
        while not await page.evaluate(drawn):
            await asyncio.sleep(0.1)
        number = 0
        while time.perf_counter() < until:
            number += 1
            # Mostly notes, whose badge is drawn; every fourth time a new factor: its arrows are routed.
            kind = "factor" if number % 4 == 0 else "note"
            label = f"Målt {number}"
            look = (
                f"cy.nodes().some((n) => n.data('name') === '{label}')"
                if kind == "factor"
                else f"cy.getElementById('f:rus').data('notes') >= {number - number // 4}"
            )
            seen = page.evaluate(
                f"""() => new Promise((done) => {{
                    const cy = document.getElementById('wm-canvas')._cyreg.cy;
                    const look = () => {{ if ({look}) {{ cy.off('add data', later); done(); }} }};
                    const later = () => setTimeout(look, 0);
                    cy.on('add data', later); look();
                }})"""
            )
            waiting = asyncio.ensure_future(seen)
            await asyncio.sleep(0.05)
            began = time.perf_counter()
            if kind == "factor":
                await asyncio.to_thread(room.facilitator.does, "add_factor", label=label)
            else:
                note = {"target_kind": "factor", "target": "rus", "text": label}
                await asyncio.to_thread(room.facilitator.does, "annotate", **note)
            await asyncio.wait_for(waiting, 10)
            delays[kind].append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.2)
        await chromium.close()


async def run(people: int, seconds: float, browser: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "data")
        began = time.perf_counter()
        house.start()
        print(f"first answer after start    {time.perf_counter() - began:6.2f} s")
        room = house.open_room()
        room.facilitator.does("reveal", notes=True, ratings=True, stances=True)
        room.facilitator.does("set_stage", stage=4)
        delays: list[float] = []
        wall: dict[str, list[float]] = {"note": [], "factor": []}
        sent: dict[str, float] = {}
        until = time.perf_counter() + seconds
        tasks = [participant(room, number, sent, delays, until) for number in range(people)]
        if browser:
            tasks.append(on_the_wall(room, wall, until))
        await asyncio.gather(*tasks)
        assert house.process is not None
        house.stop()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        house.close_clients()
    print(f"{people} participants, {len(sent) // 2} changes in {seconds:.0f} s")
    print(f"to another's stream         {quantiles(delays)}")
    if browser:
        print(f"a note's badge on the wall  {quantiles(wall['note'])}")
        if wall["factor"]:
            print(f"a new factor on the wall    median {statistics.median(wall['factor']):6.0f} ms")
    print(f"largest process (server or browser) {used.ru_maxrss / 1024:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--no-browser", action="store_true")
    given = parser.parse_args()
    asyncio.run(run(given.people, given.seconds, not given.no_browser))


if __name__ == "__main__":
    main()
