"""Loops, bases and feedback factors: ratios against what a user would pick instead, in one run.

Run with ``python benchmarks/loops.py``; rustworkx is reported when it is installed.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import yaml

from wickedmap.graphs import count_loops, feedback_factors, find_loops, loop_basis, shortest_loops
from wickedmap.resources import resource_dir

MEBIBYTE = 1 << 10  # ru_maxrss counts in KiB


def uniform(n: int, links: int, seed: int = 1) -> nx.DiGraph[Any]:
    """Random links, 15 % of them answered in the other direction."""
    return _grown(n, links, seed, hubs=False)


def hubs(n: int, links: int, seed: int = 1) -> nx.DiGraph[Any]:
    """Random links that go where links already are."""
    return _grown(n, links, seed, hubs=True)


def _grown(n: int, links: int, seed: int, hubs: bool) -> nx.DiGraph[Any]:
    chance = random.Random(seed)
    found: set[tuple[int, int]] = set()
    bag = list(range(n))
    while len(found) < links:
        u, v = chance.choice(bag), chance.choice(bag)
        if u == v or (u, v) in found:
            continue
        found.add((u, v))
        if hubs:
            bag += [u, v]
        if chance.random() < 0.15 and len(found) < links:
            found.add((v, u))
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from(range(n))
    for u, v in sorted(found):
        graph.add_edge(u, v, sign=chance.choice([1, -1]), strength=chance.choice([1, 2, 3]))
    return graph


def default_map() -> nx.MultiDiGraph[Any]:
    """Read the default map, focal problem removed."""
    content = yaml.safe_load((resource_dir("data") / "factors.yaml").read_text("utf-8"))
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for link in content["links"]:
        if content["focal"]["id"] not in (link["source"], link["target"]):
            graph.add_edge(
                link["source"], link["target"], key=link["id"], sign=link["sign"], strength=link["strength"]
            )
    return graph


def seconds(call: Callable[[], Any], repeats: int = 5) -> float:
    """Return the shortest of several runs, one when a run takes long."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
        if best > 0.5:
            break
    return best


def bounded() -> None:
    """Report loops to a length against networkx with the same bound."""
    print("Loops to a length; found = signed, sorted, held; written = each also turned into a Loop object")
    print("| map | to | loops | networkx | found | ratio | written | ratio | counted | loops/s found |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, graph in (("uniform 108/304", uniform(108, 304)), ("hubs 108/304", hubs(108, 304))):
        for length in (6, 8, 10):
            call = (graph, length, None)
            loops = len(find_loops(graph, length, None))
            peer = seconds(lambda g=graph, k=length: sum(1 for _ in nx.simple_cycles(g, length_bound=k)))
            found = seconds(lambda c=call: find_loops(*c))
            written = seconds(lambda c=call: sum(1 for _ in find_loops(*c).loops))
            counted = seconds(lambda c=call: count_loops(*c))
            print(
                f"| {name} | {length} | {loops:,} | {peer * 1e3:.0f} ms | {found * 1e3:.1f} ms | "
                f"{peer / found:.1f} | {written * 1e3:.1f} ms | {peer / written:.1f} | "
                f"{counted * 1e3:.1f} ms | {loops / found:,.0f} |"
            )


def unbounded() -> None:
    """Report all loops against rustworkx, which has no bound, and networkx."""
    try:
        import rustworkx
    except ImportError:
        rustworkx = None
    print("\nAll loops, no bound")
    print("| map | loops | networkx | rustworkx | found | ratio to networkx | to rustworkx |")
    print("|---|---|---|---|---|---|---|")
    for name, graph in (
        ("default map", nx.DiGraph(default_map())),
        ("uniform 21/75", uniform(21, 75)),
        ("hubs 21/90", hubs(21, 90)),
        ("complete 9", nx.complete_graph(9, nx.DiGraph)),
    ):
        loops = len(find_loops(graph, None, None))
        peer = seconds(lambda g=graph: sum(1 for _ in nx.simple_cycles(g)))
        found = seconds(lambda g=graph: find_loops(g, None, None))
        rust, ratio = "not installed", "-"
        if rustworkx is not None:
            other = rustworkx.networkx_converter(graph)
            took = seconds(lambda g=other: sum(1 for _ in rustworkx.simple_cycles(g)))
            rust, ratio = f"{took * 1e3:.1f} ms", f"{took / found:.1f}"
        print(
            f"| {name} | {loops:,} | {peer * 1e3:.1f} ms | {rust} | {found * 1e3:.1f} ms | "
            f"{peer / found:.1f} | {ratio} |"
        )


def summaries() -> None:
    """Report what the analyse page always shows."""
    print("\nSummaries")
    print("| map | loops to 8 | basis | shortest per link | feedback factors |")
    print("|---|---|---|---|---|")
    for name, graph in (
        ("default map", default_map()),
        ("uniform 108/304", uniform(108, 304)),
        ("hubs 108/304", hubs(108, 304)),
    ):
        times = [
            seconds(lambda f=function, g=graph: f(g), 3)
            for function in (find_loops, loop_basis, shortest_loops, feedback_factors)
        ]
        print(f"| {name} | " + " | ".join(f"{took * 1e3:.1f} ms" for took in times) + " |")


EXTREMES: dict[str, Callable[[], nx.DiGraph[Any]]] = {
    "K12": lambda: nx.complete_graph(12, nx.DiGraph),
    "K50": lambda: nx.complete_graph(50, nx.DiGraph),
    "uniform 1000/5000": lambda: uniform(1000, 5000),
    "hubs 1000/5000": lambda: hubs(1000, 5000),
}


def extremes() -> None:
    """Report deadline and memory, each map in a process of its own."""
    print("\nDeadline of 2 s, any length; memory of the whole process")
    print("| map | find_loops | loops | complete to | stopped by | feedback_factors | memory |")
    print("|---|---|---|---|---|---|---|")
    for name in EXTREMES:
        done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True)
        print(done.stdout.strip())


def extreme(name: str) -> None:
    """Report one line of `extremes`."""
    graph = EXTREMES[name]()
    start = time.perf_counter()
    found = find_loops(graph, max_length=None, time_limit=2.0)
    took = time.perf_counter() - start
    held = len(found.loops)
    str(found.loops[0]), str(found.loops[-1])
    line = f"| {name} | {took:.3f} s | {held:,} | {found.complete_to} | {found.stopped_by} |"
    del found
    start = time.perf_counter()
    answer = feedback_factors(graph, time_limit=2.0)
    took = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE
    print(f"{line} {took:.3f} s ({answer.lower_bound}-{len(answer)}) | {memory} MiB |")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        extreme(sys.argv[1])
    else:
        bounded()
        unbounded()
        summaries()
        extremes()
