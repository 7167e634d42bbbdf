"""Reading and writing 2,000 factors and 10,000 links, beside networkx and pandas, in one run.

Run with ``python benchmarks/formats.py``. The other tools read the same links with fewer
checks: no report, no limits, no refused bombs, so a ratio near 1 is the aim, not below.
"""

from __future__ import annotations

import csv
import io
import json
import random
import time
from collections.abc import Callable

import networkx as nx
import pandas as pd

from wickedmap import CausalMap, Factor, Link, Texts, formats

PICTURES = ("svg", "png")


def large_map(factors: int = 2000, links: int = 10_000, seed: int = 1) -> CausalMap:
    """Return a random map with texts of the usual length."""
    chance = random.Random(seed)
    return CausalMap(
        factors=tuple(
            Factor(
                id=f"f{number}",
                labels=Texts(nb=f"Faktor nummer {number}", en=f"Factor {number}"),
                position=(number % 50 * 300.0, number // 50 * 150.0),
                note="En merknad på ett vanlig linjemål.",
            )
            for number in range(factors)
        ),
        links=tuple(
            Link(
                id=f"l{number}",
                source=f"f{chance.randrange(factors)}",
                target=f"f{chance.randrange(factors)}",
                sign=chance.choice([1, -1, 1]),
                rationale=Texts(nb="fordi det ene fører til det andre"),
            )
            for number in range(links)
        ),
    )


def best(run: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of some runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Print one line per format, then the ratios against what a user would pick instead."""
    m = large_map()
    read: dict[str, float] = {}
    write: dict[str, float] = {}
    files: dict[str, bytes] = {}
    print(f"{'format':16}{'write s':>9}{'read s':>9}{'MB':>7}")
    for name, one in formats.FORMATS.items():
        if one.write is None or name in PICTURES:
            continue
        files[name] = formats.write_bytes(m, name)
        write[name] = best(lambda name=name: formats.write_bytes(m, name))
        shown = "-"
        if one.read is not None:
            read[name] = best(lambda name=name: formats.read_bytes(files[name], "", name))
            shown = f"{read[name]:.2f}"
        print(f"{name:16}{write[name]:9.2f}{shown:>9}{len(files[name]) / 1e6:7.1f}")
    graph = m.to_networkx()
    for *_, data in graph.edges(data=True):
        data["sign"] = data["sign"] or 0
    text = files["graphml"].decode()
    table = files["csv"].decode("utf-8-sig")
    others = {
        "read graphml / networkx.parse_graphml": (read["graphml"], lambda: nx.parse_graphml(text)),
        "write graphml / networkx.generate_graphml": (
            write["graphml"],
            lambda: "".join(nx.generate_graphml(graph)),
        ),
        "read csv / pandas.read_csv + from_pandas": (
            read["csv"],
            lambda: nx.from_pandas_edgelist(
                pd.read_csv(io.StringIO(table), dtype=str, keep_default_na=False),
                edge_attr=True,
                create_using=nx.MultiDiGraph,
            ),
        ),
        "read csv / csv.DictReader": (read["csv"], lambda: list(csv.DictReader(io.StringIO(table)))),
        "read wickedmap / json.loads": (read["wickedmap"], lambda: json.loads(files["wickedmap"])),
    }
    print("\nratio (ours / theirs)")
    for label, (ours, theirs) in others.items():
        print(f"{label:45}{ours / best(theirs):7.1f}")


if __name__ == "__main__":
    main()
