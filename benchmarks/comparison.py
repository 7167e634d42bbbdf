"""Compare views of a large workshop: 12 agencies, 120 people, 200 factors, 600 links, 20,000 stances.

Each view is timed against recomputing everything with pandas group-bys, the way a
notebook would do it. Run: ``python benchmarks/comparison.py``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import pandas as pd

from wickedmap import Agency, Annotation, CausalMap, Rating, Stance, Texts
from wickedmap.graphs import compare, joint_loops, overlay, pairwise, perspective_maps


def large_workshop(seed: int = 1) -> CausalMap:
    """Return a random map with everyone's stances at the size named above."""
    draw = random.Random(seed)
    factors = [f"f{number}" for number in range(200)]
    pairs = draw.sample([(a, b) for a in factors for b in factors if a != b], 600)
    m = CausalMap.from_links([(a, b, draw.choice([1, -1]), draw.randint(1, 3)) for a, b in pairs], factors)
    agencies = [f"agency{number}" for number in range(12)]
    people = [(f"p{number}", agencies[number % 12]) for number in range(120)]
    taken = draw.sample([(link.id, *who) for link in m.links for who in people], 20_000)
    kinds = ["asserts", "asserts", "asserts", "rejects", "unsure"]
    stances = tuple(
        Stance(link, person, agency, draw.choice(kinds), draw.choice([1, 1, 1, -1]), draw.randint(1, 3))  # type: ignore[arg-type]
        for link, person, agency in taken
    )
    ratings = tuple(
        Rating(factor, person, agency, draw.randint(1, 5))
        for factor, (person, agency) in draw.sample([(f, who) for f in factors for who in people], 6_000)
    )
    notes = tuple(
        Annotation(f"n{number}", "factor", draw.choice(factors), *draw.choice(people), "question", "why?")
        for number in range(2_000)
    )
    return m.replace(
        agencies=tuple(Agency(agency, Texts(nb=agency)) for agency in agencies),
        stances=stances,
        ratings=ratings,
        annotations=notes,
    )


def overlay_by_pandas(m: CausalMap) -> pd.DataFrame:
    """Count stances per link, agency and kind with a group-by: less than `overlay` gives."""
    rows = [(s.link, s.agency, s.stance, s.sign, s.person) for s in m.stances]
    frame = pd.DataFrame(rows, columns=["link", "agency", "stance", "sign", "person"])
    counts = (
        frame.groupby(["link", "agency", "stance", "sign"], dropna=False).size().unstack(["stance", "sign"])
    )
    return counts.fillna(0)


def best_of(runs: int, job: Callable[[], Any]) -> float:
    """Return the shortest time of several runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print one line per view."""
    m = large_workshop()
    maps = perspective_maps(m)
    first, second = list(maps.values())[:2]
    plain = best_of(5, lambda: overlay_by_pandas(m))
    jobs: dict[str, Callable[[], Any]] = {
        "overlay, all agencies": lambda: overlay(m),
        "contested links, ranked": lambda: overlay(m).contested,
        "every agency's own map": lambda: perspective_maps(m),
        "loops no one sees alone, to 8 links": lambda: joint_loops(m),
        "compare two agencies": lambda: compare(first, second),
        "distance matrix, 12 agencies": lambda: pairwise(maps),
        "path agreement matrix, 12 agencies": lambda: pairwise(maps, "path_agreement"),
    }
    print(f"{'pandas group-by of the stances alone':40} {plain * 1e3:8.0f} ms")
    for name, job in jobs.items():
        seconds = best_of(5, job)
        print(f"{name:40} {seconds * 1e3:8.0f} ms   {seconds / plain:5.1f} x")


if __name__ == "__main__":
    main()
