"""Ctrl-C in the middle of a command: it ends at once, says how it stands, and leaves nothing half done."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import wickedmap
from tests.house import House
from tests.terminal import Terminal
from tests.test_cli import run, said, workshop_in

NOTHING = "wickedmap: stopped; nothing was written"


def tangle(factors: int, links: int) -> wickedmap.CausalMap:
    """A map that nobody can draw or analyse in a second."""
    dice = random.Random(5)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < links:
        pairs.add((dice.randrange(factors), dice.randrange(factors)))
    name = [f"{dice.getrandbits(40):x}" for _ in range(factors)]
    return wickedmap.CausalMap.from_links([(name[a], name[b], dice.choice((1, -1))) for a, b in sorted(pairs)])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("large") / "large.csv"
    wickedmap.save(tangle(1900, 9800), place)
    return place


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, large: Path) -> Path:
    """A data folder with one workshop that is as large as they may be."""
    folder = tmp_path_factory.mktemp("large-data") / "data"
    run("import", large, "--data", folder)
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """A folder for the target, where no half-written file is left behind."""
    folder = tmp_path / "targets"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


def ended_well(terminal: Terminal, words: str = NOTHING) -> None:
    assert words in terminal.shown
    assert "Traceback" not in terminal.shown
    assert "Aborted" not in terminal.shown


def is_at_work(terminal: Terminal, seconds: float) -> None:
    """Watch until the command has been at work so long: it has a thread beside the first then, which draws."""
    tasks = Path(f"/proc/{terminal.process.pid}/task")
    terminal.until(lambda: len(list(tasks.iterdir())) > 1)
    time.sleep(seconds)


def test_an_analysis_is_stopped_while_the_solver_does_not_listen(large: Path) -> None:
    with Terminal("analyse", large, "--time-limit", "600", "--max-length", "3") as terminal:
        terminal.until("fewest factors")
        assert terminal.stop() == 130
        ended_well(terminal)


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "stoppet; ingenting er skrevet"), ("nn", "stoppa; ingenting er skrive")],
)
def test_a_conversion_is_stopped_before_its_file_is_there(
    large: Path, empty: Path, language: str, words: str
) -> None:
    with Terminal("convert", large, empty / "kart.svg", "--language", language) as terminal:
        is_at_work(terminal, 0.6)
        assert terminal.stop() == 130
        ended_well(terminal, f"wickedmap: {words}")


def test_a_file_that_was_there_is_as_it_was(large: Path, tmp_path: Path) -> None:
    target = tmp_path / "kart.svg"
    target.write_text("what was there")
    with Terminal("convert", large, target) as terminal:
        is_at_work(terminal, 0.6)
        assert terminal.stop() == 130
        ended_well(terminal)
    assert target.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [target]


def test_an_export_is_stopped_before_its_file_is_there(data: Path, empty: Path) -> None:
    with Terminal("export", empty / "x.zip", "--data", data) as terminal:
        is_at_work(terminal, 0.6)
        assert terminal.stop() == 130
        ended_well(terminal)


def test_a_pipe_that_nobody_reads_does_not_hold_the_command(large: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with Terminal("convert", large, pipe, "--to", "csv") as terminal:
        terminal.until(lambda: _waits_in_kernel(terminal.process.pid))
        assert terminal.stop() == 130
        assert "is not whole" in terminal.shown
        assert "Traceback" not in terminal.shown


def _runs(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _waits_in_kernel(process: int) -> bool:
    """Whether a process has been asleep for a while, as one that waits for the other end of a pipe."""
    for _ in range(20):
        if Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "S":
            return False
        time.sleep(0.05)
    return True


def test_the_process_that_reads_a_workbook_ends_too(tmp_path: Path) -> None:
    book = tmp_path / "large.xlsx"
    wickedmap.save(tangle(1900, 9800), book)
    with Terminal("inspect", book) as terminal:
        process = terminal.process.pid
        children = Path(f"/proc/{process}/task/{process}/children")
        helpers: list[str] = []

        def has_one() -> bool:
            helpers[:] = children.read_text().split() if children.exists() else []
            return bool(helpers)

        terminal.until(has_one)
        # To the command alone, as `kill -INT` does: the terminal's Ctrl-C reaches both.
        os.kill(process, signal.SIGINT)
        assert terminal.end(seconds=20) == 130
        ended_well(terminal)
        deadline = time.monotonic() + 10
        while any(map(_runs, helpers)):
            assert time.monotonic() < deadline, "the reader goes on alone"
            time.sleep(0.01)


def test_reading_from_the_keyboard_is_stopped(tmp_path: Path) -> None:
    with Terminal("import", "-", "--data", tmp_path / "data", "--language", "nn") as terminal:
        terminal.until("les det som kjem i røyret")
        assert terminal.stop() == 130
        ended_well(terminal, "wickedmap: stoppa; ingenting er skrive")
    assert not (tmp_path / "data").exists()


def _until_it_waits(command: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not _waits_in_kernel(command.pid):
        assert time.monotonic() < deadline


def test_whoever_presses_again_does_not_wait_for_the_words() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b" " * 4096)
    os.set_blocking(writing, True)
    with subprocess.Popen(
        [sys.executable, "-m", "wickedmap", "inspect", "-", "--json"],
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.PIPE,
    ) as command:
        assert command.stderr is not None
        for _ in range(2):
            _until_it_waits(command)
            command.send_signal(signal.SIGINT)
        assert command.wait(20) == -signal.SIGINT
        assert command.stderr.read() == b""
    os.close(reading)
    os.close(writing)


def test_work_in_the_background_does_not_hear_the_ctrl_c_of_others(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "wickedmap", "convert", "-", tmp_path / "kart.json", "--from", "csv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        # As a shell without job control starts what stands before an "&".
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    ) as command:
        _until_it_waits(command)
        command.send_signal(signal.SIGINT)
        command.communicate(b"fra;til\nGjeld;Uro\n", timeout=60)
        assert command.returncode == 0
    assert len(wickedmap.load(tmp_path / "kart.json").links) == 1


@pytest.mark.parametrize("into", [False, True], ids=["opening", "adding"])
def test_an_import_into_a_folder_is_all_or_nothing(large: Path, tmp_path: Path, into: bool) -> None:
    folder = tmp_path / "data"
    wickedmap.save(wickedmap.default_map(), tmp_path / "default.wickedmap.json")
    run("import", tmp_path / "default.wickedmap.json", "--data", folder)
    before = said("doctor", "--data", folder)["workshops"]
    words = ("--into", before[0]["id"], "--yes") if into else ()
    other = tmp_path / "other.csv"
    wickedmap.save(tangle(1850, 9000), other)
    for moment in (0.0, 0.7, 1.6):
        with Terminal("import", other, *words, "--data", folder) as terminal:
            is_at_work(terminal, moment)
            code = terminal.stop()
            assert "Traceback" not in terminal.shown
        after = said("doctor", "--data", folder)["workshops"]
        if NOTHING in terminal.shown:
            assert (code, after) == (130, before)
            continue
        # Who comes too late is told so, and finds all of it.
        assert moment > 0
        assert (code, "stopped, but" in terminal.shown) in ((130, True), (0, False))
        if into:
            assert after == [{**before[0], "changes": before[0]["changes"] + 1}]
            break
        assert after[:-1] == before
        assert after[-1]["changes"] == 2
        assert after[-1]["id"] in terminal.shown
        before = after


def test_the_question_is_answered_with_ctrl_c_or_no(tmp_path: Path) -> None:
    wickedmap.save(wickedmap.default_map(), tmp_path / "default.wickedmap.json")
    table = tmp_path / "kart.csv"
    table.write_text("fra;til;fortegn\nGjeld;Uro;+\n")
    folder = tmp_path / "data"
    run("import", tmp_path / "default.wickedmap.json", "--data", folder)
    into = workshop_in(folder)
    before = said("doctor", "--data", folder)["workshops"]
    words = ("import", table, "--into", into, "--data", folder, "--language", "nb")
    with Terminal(*words) as terminal:
        terminal.until("[j/N]")
        assert terminal.stop() == 130
        ended_well(terminal, "stoppet; ingenting er skrevet")
    with Terminal(*words) as terminal:
        terminal.until("[j/N]")
        terminal.type("nei\n")
        assert terminal.end() == 1
        assert "ingenting er lagt til" in terminal.shown
    assert said("doctor", "--data", folder)["workshops"] == before
    with Terminal(*words) as terminal:
        terminal.until("[j/N]")
        terminal.type("ja\n")
        assert terminal.end() == 0
        assert "lagt til 1 faktor, 1 påvirkning" in terminal.shown


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house") / "data").start()
    yield house
    house.stop()


def test_a_server_that_has_not_got_the_whole_file_brings_in_nothing(house: House, tmp_path: Path) -> None:
    # More than what lies between the two can hold while the server does not read.
    m = wickedmap.CausalMap.from_links([(f"f{n}", f"f{n + 1}", 1) for n in range(900)])
    wordy = tuple(replace(one, definitions=wickedmap.Texts({"nb": "ord " * 2400})) for one in m.factors)
    large = tmp_path / "large.wickedmap.json"
    wickedmap.save(m.replace(factors=wordy), large)
    before = said("doctor", "--data", house.folder)["workshops"]
    assert house.process is not None
    house.process.send_signal(signal.SIGSTOP)
    try:
        with Terminal("import", large, "--data", house.folder) as terminal:
            terminal.until("sending to http")
            assert terminal.stop() == 130
            ended_well(terminal)
    finally:
        house.process.send_signal(signal.SIGCONT)
    house.wait()
    assert said("doctor", "--data", house.folder)["workshops"] == before


def test_whoever_stops_when_the_server_has_the_whole_file_is_told_so(house: House, tmp_path: Path) -> None:
    before = said("doctor", "--data", house.folder)["workshops"]
    table = tmp_path / "kart.csv"
    table.write_text("fra;til;fortegn\nGjeld;Uro;+\n")
    assert house.process is not None
    house.process.send_signal(signal.SIGSTOP)
    try:
        with Terminal("import", table, "--data", house.folder) as terminal:
            terminal.until("waiting for http")
            assert terminal.stop() == 130
            ended_well(terminal, "stopped; the server had the whole file")
        with Terminal("import", table, "--into", before[0]["id"], "--yes", "--data", house.folder) as terminal:
            terminal.until("connecting to http")
            assert terminal.stop() == 130
            ended_well(terminal)
    finally:
        house.process.send_signal(signal.SIGCONT)
    house.wait()
    deadline = time.monotonic() + 30
    while len(after := said("doctor", "--data", house.folder)["workshops"]) == len(before):
        assert time.monotonic() < deadline
    assert after[: len(before)] == before


def test_a_stopped_command_says_so_in_json_too(large: Path) -> None:
    with Terminal("analyse", large, "--json", "--time-limit", "600", "--max-length", "3") as terminal:
        terminal.until("fewest factors")
        assert terminal.stop() == 130
        document = terminal.shown[terminal.shown.index("{") : terminal.shown.rindex("}") + 1]
        assert json.loads(document) == {"error": {"code": "stopped", "message": "stopped; nothing was written"}}


def test_a_server_is_stopped_with_ctrl_c_and_that_is_no_error(tmp_path: Path) -> None:
    with Terminal("demo", "--no-browser", "--port", "0", "--data", tmp_path) as terminal:
        assert terminal.end() == 2
    house = House(tmp_path / "data")
    with Terminal("demo", "--no-browser", "--port", str(house.port), "--data", house.folder) as terminal:
        terminal.until("start ")
        house.wait()
        assert terminal.stop() == 0
        assert "Traceback" not in terminal.shown
        assert "stopped" not in terminal.shown
