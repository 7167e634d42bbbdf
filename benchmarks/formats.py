"""Reading, writing and importing 2,000 factors and 10,000 links, beside networkx and pandas, in one run.

Run with ``python benchmarks/formats.py``; ``--write`` puts the tables into benchmarks/formats.md.
Import is what a workshop does with what was read: the preview, and the change itself. Seconds are those
of the processor, the workbook reader's own process included, so that other work on the machine does not
count. The other tools read the same links with fewer checks: no report, no limits, no refused bombs, so a
ratio near 1 is the aim, not below.
"""

from __future__ import annotations

import csv
import io
import json
import platform
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import pandas as pd

from wickedmap import CausalMap, Factor, Link, Texts, formats
from wickedmap.access import Actor
from wickedmap.formats.native import map_to_json
from wickedmap.importing import prepared, preview
from wickedmap.store import open_store
from wickedmap.workshop import Workshops

TARGET = Path(__file__).with_suffix(".md")
PICTURES = ("svg", "png", "pdf")


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
    """Return the shortest of some runs, in seconds of the processor."""
    taken = []
    for _ in range(times):
        start = worked()
        run()
        taken.append(worked() - start)
    return min(taken)


def worked() -> float:
    """Return the seconds that this process and those it started have worked."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def into_a_workshop(folder: Path, m: CausalMap) -> dict[str, float]:
    """Return how long it takes to show what a file would add, to add it, and to open a new workshop."""
    store = open_store(folder)
    try:
        workshops = Workshops(store)
        opened = workshops.open_workshop(CausalMap())
        actor = Actor(opened, "facilitator", "facilitator")
        reading = formats.read_bytes(formats.write_bytes(m, "graphml"), "map.graphml")
        # Where factors stand is left out, so that places have to be found for all of them.
        bare = m.replace(factors=tuple(replace(one, position=None) for one in reading.map.factors))
        taken = {"preview": best(lambda: preview(workshops.view(actor), reading))}
        start = worked()
        change = {"kind": "import_map", "op_id": "benchmark-1", "file": "map.graphml", "aliases": False}
        carried = map_to_json(prepared(workshops.view(actor), reading.map))
        workshops.submit(actor, {**change, "map": carried})
        taken["add to a workshop"] = worked() - start
        start = worked()
        workshops.open_workshop(bare)
        taken["open as a new workshop, no places in the file"] = worked() - start
    finally:
        store.close()
    return taken


def measured(m: CausalMap) -> tuple[list[str], dict[str, float], dict[str, float], dict[str, bytes]]:
    """Return the table of all formats, and what they took."""
    read: dict[str, float] = {}
    write: dict[str, float] = {}
    files: dict[str, bytes] = {}
    lines = ["| format | write s | read s | MB |", "|---|---|---|---|"]
    for name, one in formats.FORMATS.items():
        if one.write is None:
            continue
        times = 1 if name in PICTURES else 3
        files[name] = formats.write_bytes(m, name)
        write[name] = best(lambda name=name: formats.write_bytes(m, name), times)
        shown = "-"
        if one.read is not None:
            try:
                read[name] = best(lambda name=name: formats.read_bytes(files[name], "", name))
                shown = f"{read[name]:.2f}"
            except formats.FormatError as error:
                shown = error.message
        lines.append(f"| `{name}` | {write[name]:.2f} | {shown} | {len(files[name]) / 1e6:.1f} |")
    return lines, read, write, files


def beside_others(
    m: CausalMap, read: dict[str, float], write: dict[str, float], files: dict[str, bytes]
) -> list[str]:
    """Return the ratios against what a user would pick instead."""
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
        "read xlsx / pandas.read_excel by openpyxl": (
            read["xlsx"],
            lambda: pd.read_excel(io.BytesIO(files["xlsx"]), sheet_name=None, dtype=str, engine="openpyxl"),
        ),
    }
    lines = ["| ours / theirs | ratio |", "|---|---|"]
    for label, (ours, theirs) in others.items():
        lines.append(f"| {label} | {ours / best(theirs, 1):.1f} |")
    return lines


def main() -> None:
    """Print the tables, and write them to the page beside this file when asked to."""
    m = large_map()
    lines, read, write, files = measured(m)
    with TemporaryDirectory() as folder:
        taken = into_a_workshop(Path(folder) / "data", m)
    lines += [
        "",
        "| in a workshop | s |",
        "|---|---|",
        *(f"| {name} | {took:.2f} |" for name, took in taken.items()),
    ]
    lines += ["", *beside_others(m, read, write, files)]
    text = "\n".join(lines) + "\n"
    print(text)
    if "--write" in sys.argv:
        head = (
            "# 2,000 factors and 10,000 links\n\n"
            f"`python benchmarks/formats.py --write`, Python {platform.python_version()}, one core.\n"
            "Seconds of the processor, the shortest of three runs; of pictures one run. The aim is below 3 s.\n"
            "`matrix` holds 4 million cells.\n\n"
        )
        TARGET.write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
