"""Do analyses delay other people's screens? Thirty write while one analyses; and how fast is the page itself.

    python -m benchmarks.analyse_page

Prints, for a complete map of 12 factors and a web of 60, the time that a change takes
to be accepted (median and 95 %) while nobody analyses, while somebody asks one hard
question after another, and, for comparison, with every analysis forced into a thread of
the server instead of a process of its own. Then the time of every view of the default map.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.house import House, Room, Voice
from wickedmap import CausalMap, default_map
from wickedmap.store import open_store
from wickedmap.workshop import Workshops

WRITERS = 30
SECONDS = 12.0
PAUSE = 0.8
IN_A_THREAD = (
    "import wickedmap.web.analysis_jobs as jobs; jobs.SMALL = 10**9; jobs.FAST_LIMIT = jobs.SLOW_LIMIT; "
    "from wickedmap.cli import main; main()"
)
Links = list[tuple[int, int]]


class HouseWithThread(House):
    """The same server, with every analysis in a thread of its own process."""

    def start(self) -> House:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-c", IN_A_THREAD, "demo", "--no-browser"),
                    *("--data", str(self.folder), "--port", str(self.port)),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        for _ in range(5):
            name, _, address = self.process.stdout.readline().strip().partition(" ")
            self.addresses[name] = address.strip()
        self.wait()
        return self


def complete(size: int) -> Links:
    return [(u, v) for u in range(size) for v in range(size) if u != v]


def web(size: int, links: int, seed: int = 1) -> Links:
    """Few factors with very many links, many with few, as workshop maps have it."""
    numbers = random.Random(seed)
    found: set[tuple[int, int]] = set()
    while len(found) < links:
        u, v = (int(size * numbers.random() ** 1.7) for _ in range(2))
        if u != v:
            found.add((u, v))
    return sorted(found)


def opened(folder: Path, size: int, links: Links) -> str:
    """Open a workshop on such a map, before the server starts."""
    rows = [(f"f{u}", f"f{v}", 1 if (u + v) % 3 else -1, 2) for u, v in links]
    store = open_store(folder)
    drawn = CausalMap.from_links(rows, factors=[f"f{n}" for n in range(size)])
    made = Workshops(store).open_workshop(drawn.replace(agencies=default_map().agencies), title="Kart")
    store.close()
    return made


def enter(house: House, workshop: str) -> Room:
    room = Room(house, workshop, Voice(house.client(), workshop, "console"))
    room.facilitator.client.get(room.link("facilitator"))
    return room


def ask(voice: Voice, number: int, **asked: Any) -> dict[str, Any]:
    """Ask the page's own callback, as its script does."""
    body = {
        "output": "analyse-panel.children",
        "outputs": {"id": "analyse-panel", "property": "children"},
        "inputs": [{"id": "analyse-ask", "property": "data", "value": {"n": number, "tab": "bench", **asked}}],
        "changedPropIds": ["analyse-ask.data"],
        "state": [{"id": "wm-url", "property": "pathname", "value": f"/w/{voice.workshop}/analyse"}],
    }
    answer = voice.client.post(
        "/_dash-update-component",
        json=body,
        headers={"Origin": str(voice.client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"},
    )
    answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    return said


def pending(said: dict[str, Any]) -> bool:
    return '"data-pending": "true"' in json.dumps(said)


def until_answered(voice: Voice, number: int, **asked: Any) -> float:
    began = time.perf_counter()
    while pending(ask(voice, number, **asked)):
        time.sleep(0.1)
    return time.perf_counter() - began


def analyse(voice: Voice, ids: list[str], over: threading.Event, done: list[float]) -> None:
    number = 0
    while not over.is_set():
        number += 1
        questions = (
            {"view": "loops", "length": "all", "factor": ids[number % len(ids)]},
            {"view": "leverage"},
            {"view": "loops", "length": "10", "polarity": "B", "factor": ids[number % len(ids)]},
            {"view": "what_if", "done": f"push:{ids[number % len(ids)]}"},
        )
        done.append(until_answered(voice, number, **questions[number % 4]))


def write(voice: Voice, ids: list[str], until: float, seed: int, took: list[float]) -> None:
    numbers = random.Random(seed)
    time.sleep(numbers.random() * PAUSE)
    while time.perf_counter() < until:
        began = time.perf_counter()
        voice.does(
            "annotate",
            target_kind="factor",
            target=numbers.choice(ids),
            note_kind="experience",
            text=f"Merknad {numbers.random():.6f}",
            language="nb",
        )
        took.append(time.perf_counter() - began)
        time.sleep(max(0.0, PAUSE * (0.5 + numbers.random()) - took[-1]))


def room_full(room: Room, ids: list[str], voices: list[Voice], *, analysing: bool) -> tuple[list[float], int]:
    took: list[float] = []
    done: list[float] = []
    over = threading.Event()
    until = time.perf_counter() + SECONDS
    writers = [
        threading.Thread(target=write, args=(voice, ids, until, seed, took))
        for seed, voice in enumerate(voices)
    ]
    lead = Voice(room.facilitator.client, room.id, "analyse")
    analyst = threading.Thread(target=analyse, args=(lead, ids, over, done))
    for writer in writers:
        writer.start()
    if analysing:
        analyst.start()
    for writer in writers:
        writer.join()
    over.set()
    if analysing:
        analyst.join()
    return took, len(done)


def line(name: str, took: list[float], answered: int) -> None:
    ordered = sorted(took)
    p95 = ordered[int(0.95 * len(ordered))]
    print(
        f"{name:<46} {len(took):>5} changes  median {statistics.median(took) * 1e3:6.1f} ms  "
        f"95 % {p95 * 1e3:6.1f} ms  largest {ordered[-1] * 1e3:6.1f} ms  {answered:>4} answers",
        flush=True,
    )


def live(kind: type[House], name: str, cases: list[tuple[str, int, Links]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = kind(Path(folder) / "data")
        made = [opened(house.folder, size, links) for _, size, links in cases]
        house.start()
        try:
            for (title, size, _), workshop in zip(cases, made, strict=True):
                room = enter(house, workshop)
                ids = [f"f{n}" for n in range(size)]
                voices = [room.join("nav_kommune") for _ in range(WRITERS)]
                if kind is House:
                    line(f"{title}, nobody analyses", *room_full(room, ids, voices, analysing=False))
                line(f"{title}, {name}", *room_full(room, ids, voices, analysing=True))
        finally:
            house.stop()


def views() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "data")
        house.start()
        try:
            room = house.open_room()
            room.facilitator.does("set_stage", stage=4)
            lead = Voice(room.facilitator.client, room.id, "analyse")
            total = 0.0
            for number, view in enumerate(("loops", "leverage", "reach", "held", "what_if"), start=1):
                first = until_answered(lead, number, view=view)
                again = min(until_answered(lead, number, view=view) for _ in range(3))
                total += first
                print(f"default map, {view:<10} first {first * 1e3:6.1f} ms   kept {again * 1e3:6.1f} ms")
            print(f"default map, all five views, first time: {total * 1e3:.0f} ms")
        finally:
            house.stop()


def main() -> None:
    views()
    cases = [("K12", 12, complete(12)), ("web 60/240", 60, web(60, 240))]
    live(House, "analysing", cases)
    live(HouseWithThread, "analysing in a thread", cases)


if __name__ == "__main__":
    main()
