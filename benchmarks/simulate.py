"""Simulation: 10,000 weightings of one map against what a user would pick instead.

    python benchmarks/simulate.py

Every row is measured in this one run, best of three. The alternatives are written
here: FCMpy itself does not install on Python 3.11 (it needs TensorFlow), so its
published way of working is rebuilt, one run at a time, with a data frame that grows
by a row per step. Slow alternatives run fewer weightings and are scaled up; the
column "measured" says how many.
"""

from __future__ import annotations

import math
import resource
import sys
import time
from collections.abc import Callable

import networkx as nx
import numpy as np
import pandas as pd

import wickedmap
from wickedmap.graphs import Scenario, press, scenarios, simulate, simulate_batch
from wickedmap.graphs.weighted import read_weighted, weight_source

DRAWS, STEPS = 10_000, 50


def best_of_three(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def plain_python(weights: list[list[float]], state: list[float]) -> list[float]:
    for _ in range(STEPS):
        state = [
            1.0 / (1.0 + math.exp(-sum(weights[j][i] * state[j] for j in range(len(state)))))
            for i in range(len(state))
        ]
    return state


def plain_python_links(links: list[tuple[int, int, float]], state: list[float]) -> list[float]:
    for _ in range(STEPS):
        total = [0.0] * len(state)
        for source, target, weight in links:
            total[target] += weight * state[source]
        state = [1.0 / (1.0 + math.exp(-one)) for one in total]
    return state


def one_run_in_numpy(weights: np.ndarray, state: np.ndarray) -> np.ndarray:
    for _ in range(STEPS):
        state = 1.0 / (1.0 + np.exp(-(weights.T @ state)))
    return state


def growing_data_frame(weights: np.ndarray, state: np.ndarray) -> np.ndarray:
    frame = pd.DataFrame([state])
    for _ in range(STEPS):
        state = 1.0 / (1.0 + np.exp(-weights.T.dot(state)))
        frame.loc[len(frame)] = state
        float(np.max(np.abs(frame.loc[len(frame) - 1] - frame.loc[len(frame) - 2])))
    return frame.loc[len(frame) - 1].to_numpy()


def main() -> int:
    m = wickedmap.default_map().without_focal()
    links = read_weighted(m)
    size = links.size
    drawn = weight_source(links, seed=0, spread=1 / 6)(DRAWS)
    matrices = [links.matrix(drawn[:, draw]) for draw in range(200)]
    lists = [matrix.tolist() for matrix in matrices]
    rows = [
        list(zip(links.sources.tolist(), links.targets.tolist(), drawn[:, draw].tolist(), strict=True))
        for draw in range(200)
    ]
    ones = np.ones(size)

    # All of them must come to the same states, or the times mean nothing.
    ours = simulate_batch(m, DRAWS, STEPS, tolerance=0.0).final
    for draw in range(5):
        for other in (
            plain_python(lists[draw], [1.0] * size),
            plain_python_links(rows[draw], [1.0] * size),
            one_run_in_numpy(matrices[draw], ones),
            growing_data_frame(matrices[draw], ones),
        ):
            np.testing.assert_allclose(ours[draw], other, atol=1e-12)

    print(
        f"{DRAWS} runs x {STEPS} steps, default map ({size} factors, {len(links.sizes)} links), Kosko, sigmoid"
    )
    fixed = best_of_three(lambda: simulate_batch(m, DRAWS, STEPS, tolerance=0.0))
    settled = best_of_three(lambda: simulate_batch(m, DRAWS))
    report("simulate_batch, all 50 steps", fixed, fixed, DRAWS)
    report("simulate_batch, until settled (default)", settled, fixed, DRAWS)
    for name, count, work in (
        ("NumPy, one run at a time", 200, lambda k: [one_run_in_numpy(matrices[d], ones) for d in range(k)]),
        ("plain Python, by link", 100, lambda k: [plain_python_links(rows[d], [1.0] * size) for d in range(k)]),
        ("plain Python, by matrix", 30, lambda k: [plain_python(lists[d], [1.0] * size) for d in range(k)]),
        ("FCMpy's way: a row per step", 5, lambda k: [growing_data_frame(matrices[d], ones) for d in range(k)]),
    ):
        taken = best_of_three(lambda work=work, count=count: work(count)) * DRAWS / count
        report(name, taken, fixed, count)

    print("\nother work on the default map")
    for name, work in (
        ("simulate with certificate", lambda: simulate(m)),
        ("press, 1,000 draws at four dampings", lambda: press(m, "bolig")),
        ("one scenario, 1,000 draws", lambda: scenarios(m, Scenario("x", pushes={"bolig": 0.5}))),
        ("all interventions, 1,000 draws", lambda: scenarios(m, m.instruments.interventions)),
    ):
        print(f"  {name:42s} {best_of_three(work) * 1000:9.1f} ms")

    print("\na random map of 1,000 factors and 5,000 links, time limit 1 s")
    large = nx.gnm_random_graph(1000, 5000, seed=1, directed=True)
    for number, edge in enumerate(large.edges):
        large.edges[edge].update(sign=1 if number % 3 else -1, strength=1 + number % 3)
    for name, work in (
        ("simulate", lambda: simulate(large, time_limit=1)),
        ("simulate_batch", lambda: simulate_batch(large, time_limit=1)),
        ("press", lambda: press(large, 0, time_limit=1)),
        ("scenario", lambda: scenarios(large, Scenario("x", pushes={0: 1.0}), time_limit=1)),
    ):
        print(f"  {name:42s} {best_of_three(work) * 1000:9.1f} ms")
    print(
        f"  largest memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    return 0


def report(name: str, seconds: float, ours: float, measured: int) -> None:
    print(f"  {name:42s} {seconds * 1000:11.1f} ms  {seconds / ours:8.1f} x  ({measured} measured)")


if __name__ == "__main__":
    sys.exit(main())
