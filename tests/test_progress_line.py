"""What somebody sees who waits for a command, and what nobody sees in a file."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import wickedmap
from tests.terminal import Terminal
from wickedmap import data_package, graphs
from wickedmap.access import Actor
from wickedmap.analyse_report import analyse
from wickedmap.leaving import export_file
from wickedmap.progress_line import fitted
from wickedmap.store import open_store
from wickedmap.texts import catalogue, text
from wickedmap.workshop import Workshops


def tangle(size: int, share: float) -> wickedmap.CausalMap:
    """A map in which chance has drawn a share of all links: its loops keep any machine busy for seconds."""
    chance = random.Random(1)
    ids = [f"f{n:03}" for n in range(size)]
    drawn = [(u, v, 1) for u in ids for v in ids if u != v and chance.random() < share]
    return wickedmap.CausalMap.from_links(drawn)


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    place = tmp_path / "hard.csv"
    wickedmap.save(tangle(300, 0.05), place)
    return place


WORK = ("--max-length", "0", "--time-limit", "6", "--language", "nb")
PARTS = {words for key, words in catalogue("nb").items() if key.startswith("commands.doing.analysis.")} | {
    text("nb", "commands.doing.loading")
}


def test_one_line_is_written_over_with_what_how_far_and_how_long(hard: Path) -> None:
    with Terminal("analyse", hard, *WORK) as terminal:
        assert terminal.end() == 0
    drawn, _, report = terminal.shown.rpartition("\r" + " " * 79 + "\r")
    lines = drawn.split("\r")[1:]
    assert all(len(line) == 79 and "\n" not in line for line in lines)
    # Which parts last long enough to be told depends on the machine.
    assert any(line.startswith(tuple(f"{part} …  " for part in PARTS)) for line in lines)
    assert [line for line in lines if line.rstrip().endswith(" s") and "%" in line]
    # Nothing of it is left, and nothing but going back to the start is asked of the terminal.
    assert report.startswith("300 faktorer og 4470 påvirkninger\r\n")
    assert "\x1b" not in drawn


def test_a_terminal_that_cannot_go_back_is_told_each_thing_once(hard: Path) -> None:
    with Terminal("analyse", hard, *WORK, TERM="dumb") as terminal:
        assert terminal.end() == 0
    told = terminal.shown.partition("300 faktorer")[0].replace("\r\n", "\n")
    assert "\r" not in told
    lines = told.splitlines()
    assert len(lines) == len(set(lines)) > 0
    assert {line.removesuffix(" …") for line in lines} <= PARTS


def test_in_a_file_or_a_pipe_there_is_none_of_it(hard: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wickedmap", "analyse", str(hard), *WORK],
        capture_output=True,
        timeout=120,
        env={**os.environ, "FORCE_COLOR": "1"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"300 faktorer")


def test_what_is_told_fits_the_line_and_cannot_move_the_cursor() -> None:
    assert fitted("\x1b[2J\r\nkart", 6) == "[2Jka…"
    assert len(fitted("x" * 500, 79)) == 79
    assert fitted("e\u0301", 3) == "e\u0301  "
    assert fitted("読読読", 4) == "読… "


def test_an_analysis_tells_each_of_its_parts_and_goes_forward() -> None:
    told: list[tuple[str, float]] = []
    found = analyse(wickedmap.default_map(), progress=lambda part, share: told.append((part, share)))
    parts = list(dict.fromkeys(part for part, _ in told))
    assert parts == ["loops", "leverage", "basis", "measures", "held", "settling", "alike"]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] < 1
    assert len([part for part, _ in told if part == "loops"]) > 3
    assert len(found.loops) == len(graphs.find_loops(wickedmap.default_map().without_focal()))


def test_a_data_package_tells_each_of_its_parts_and_goes_forward(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    try:
        workshops = Workshops(store)
        workshop = workshops.open_workshop(wickedmap.default_map())
        told: list[tuple[str, float]] = []
        made = export_file(
            workshops,
            Actor(workshop, "facilitator", "facilitator"),
            "package",
            progress=lambda part, share: told.append((part, share)),
        )
    finally:
        store.close()
    assert list(dict.fromkeys(part for part, _ in told)) == ["log", "timeline", "tables", "files", "packing"]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    (tmp_path / "x.zip").write_bytes(made.content)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        # One step for each table, and one for each file that is packed.
        assert len([part for part, _ in told if part == "tables"]) == 1 + len(data_package.TABLES)
        assert len([part for part, _ in told if part == "packing"]) == len(archive.namelist())
