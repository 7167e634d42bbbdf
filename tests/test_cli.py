"""The command line as people run it: real processes, real files, and errors that say what to do."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import wickedmap
from tests.house import House, free_port
from wickedmap.cli import app

CSV = "fra;til;fortegn\nGjeld;Søvnløshet;+\nSøvnløshet;Husleie;-\n"


def process(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wickedmap", *map(str, words)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
    )


def run(*words: str | Path, code: int = 0) -> str:
    """Run the command and return what it printed: the output, or with a code the errors."""
    done = process(*words)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if code else done.stdout


def said(*words: str | Path) -> Any:
    return json.loads(run(*words, "--json"))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "kart.csv"
    place.write_text(CSV, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one workshop on the default map."""
    folder = tmp_path_factory.mktemp("cli")
    opened = folder / "map.wickedmap.json"
    wickedmap.save(wickedmap.default_map(), opened)
    run("import", opened, "--title", "Bolig i Sandnes", "--data", folder / "data")
    return folder / "data"


def workshop_in(data: Path) -> str:
    return str(said("doctor", "--data", data)["workshops"][-1]["id"])


# --- convert and inspect ---


def test_every_command_explains_itself() -> None:
    for command in (
        *("demo", "serve", "export", "import", "convert", "inspect"),
        *("analyse", "backup", "restore", "purge", "doctor"),
    ):
        words = CliRunner().invoke(app, [command, "--help"]).output
        assert "Usage" in words
        assert len(words) > 300
    assert "Exit codes: 0 done, 1 not done (the error says why), 2 wrong use, 130 stopped" in run("--help")
    assert run("--version").strip() == wickedmap.__version__


def test_convert_writes_the_other_format_and_says_what_it_cannot_carry(table: Path, tmp_path: Path) -> None:
    target = tmp_path / "kart.graphml"
    assert "3 factors, 2 links" in run("convert", table, target)
    assert wickedmap.load(target).links == wickedmap.load(table).links
    opened = tmp_path / "default.wickedmap.json"
    wickedmap.save(wickedmap.default_map(), opened)
    lost = run("convert", opened, tmp_path / "default.net")
    assert "not carried: " in lost
    made = said("convert", opened, tmp_path / "weights.csv", "--to", "matrix")
    assert (made["read_as"], made["factors"], made["links"]) == ("wickedmap", 22, 80)
    assert made["not_carried"]


def piped(content: bytes, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "wickedmap", *map(str, words)],
        capture_output=True,
        input=content,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1", **environment},
    )


def test_a_map_is_piped_in_and_out(tmp_path: Path) -> None:
    done = piped(CSV.encode(), "convert", "-", "-", "--from", "csv", "--to", "graphml")
    assert done.returncode == 0, done.stderr
    assert len(wickedmap.formats.read_bytes(done.stdout).map.links) == 2
    assert "2 links" in done.stderr.decode()
    again = piped(done.stdout, "inspect", "-", "--json")
    assert json.loads(again.stdout)["format"] == "graphml"
    assert "3 faktorer" in piped(done.stdout, "analyse", "-").stdout.decode()
    assert not Path("-").exists()


def test_what_is_piped_out_needs_a_format_and_what_is_piped_in_may(table: Path) -> None:
    assert "--to" in run("convert", table, "-", code=2)
    done = piped(CSV.encode(), "inspect", "-")
    assert done.returncode == 1
    assert b"not in a format that is read here" in done.stderr


def test_a_piped_map_is_imported_as_a_file_is(tmp_path: Path) -> None:
    place = ("--from", "csv", "--data", tmp_path / "data")
    shown = piped(CSV.encode(), "import", "-", "--preview", "--json", *place)
    assert json.loads(shown.stdout)["links"] == 2
    assert not (tmp_path / "data").exists()
    opened = json.loads(piped(CSV.encode(), "import", "-", "--json", *place).stdout)
    assert (opened["factors"], opened["links"]) == (3, 2)
    more = b"fra;til;fortegn\nHusleie;Uro;+\n"
    # The pipe cannot answer as well.
    asked = piped(more, "import", "-", "--into", opened["workshop"], *place)
    assert (asked.returncode, b"say --yes" in asked.stderr) == (1, True)
    added = piped(more, "import", "-", "--into", opened["workshop"], "--yes", *place)
    assert b"added 1 factor, 1 link" in added.stdout
    house = House(tmp_path / "data").start()
    try:
        more = b"fra;til;fortegn\nUro;Gjeld;+\n"
        sent = piped(more, "import", "-", "--into", opened["workshop"], "--yes", *place)
        assert b"added 1 link" in sent.stdout, sent.stderr
        assert json.loads(piped(more, "import", "-", "--json", *place).stdout)["factors"] == 2
    finally:
        house.stop()


def test_a_workshop_begins_with_labels_apart_whatever_unit_the_file_has(tmp_path: Path) -> None:
    unit = tmp_path / "spring.gml"
    unit.write_text(
        'graph [ directed 1 node [ id 0 label "Gjeld" graphics [ x 0.1 y 0.2 ] ]'
        ' node [ id 1 label "Uro" graphics [ x 0.3 y 0.2 ] ] edge [ source 0 target 1 ] ]'
    )
    run("import", unit, "--data", tmp_path / "data")
    run("export", tmp_path / "map.wickedmap.json", "--data", tmp_path / "data")
    debt, unrest = (factor.position for factor in wickedmap.load(tmp_path / "map.wickedmap.json").factors)
    assert debt is not None
    assert unrest is not None
    assert 200 < unrest[0] - debt[0] < 2000
    assert debt[0] > 0


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii"])
def test_arrows_and_letters_reach_a_file_whatever_the_system_speaks(table: Path, encoding: str) -> None:
    done = piped(b"", "analyse", table, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert "Søvnløshet" in done.stdout.decode("utf-8")
    assert json.loads(piped(b"", "analyse", table, "--json", PYTHONIOENCODING=encoding).stdout)["map"]


def test_an_unknown_language_is_wrong_use_everywhere(table: Path) -> None:
    for command in ("analyse", "inspect"):
        assert "is not one of nb, nn, en" in run(command, table, "--language", "xx", code=2)


def test_converting_onto_a_pipe_does_not_replace_it(table: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    run("convert", table, pipe, "--to", "csv")
    assert reader.communicate(timeout=30)[0].startswith(b"\xef\xbb\xbf")
    assert pipe.is_fifo()


def test_inspect_tells_what_a_file_is_and_what_was_repaired(tmp_path: Path) -> None:
    doubtful = tmp_path / "tvil.csv"
    doubtful.write_text("fra;til;fortegn\na;b;negatve\nb;c;+\n", encoding="utf-8")
    words = run("inspect", doubtful)
    assert "tvil.csv: csv" in words
    assert "3 factors, 2 links (1 +, 1 ?)" in words
    assert "note: " in words
    found = said("inspect", doubtful)
    assert found["signs"] == {"+": 1, "?": 1}
    assert "sign-near-miss" in {one["code"] for one in found["notices"]}
    assert {one["name"] for one in said("inspect") if one["read"]} >= {"wickedmap", "csv", "graphml", "kumu"}
    assert "GraphML" in run("inspect")


def test_what_cannot_be_read_or_written_is_said_with_the_place(table: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.graphml"
    broken.write_bytes(b"<graphml><node></graphml>")
    for command in (("inspect", broken), ("convert", broken, tmp_path / "x.csv"), ("import", broken)):
        assert "wickedmap: broken.graphml" in run(*command, code=1)
    assert "no format is known by this suffix" in run("convert", table, tmp_path / "kart.docx", code=1)
    nowhere = tmp_path / "nowhere" / "kart.graphml"
    words = run("convert", table, nowhere, code=1)
    assert words == f"wickedmap: cannot write {nowhere}: there is no folder {nowhere.parent}\n"
    assert "there is no format 'nope'" in run("inspect", table, "--from", "nope", code=1)
    assert not (tmp_path / "x.csv").exists()


def refused(*words: str | Path) -> dict[str, str]:
    """Return the one document that --json gives of an error; whoever watches is told it in words."""
    done = process(*words, "--json")
    assert done.returncode == 1
    error: dict[str, str] = json.loads(done.stdout)["error"]
    assert f"wickedmap: {error['message']}\n" == done.stderr
    return error


def test_with_json_an_error_is_a_document_too(table: Path, data: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.graphml"
    broken.write_bytes(b"<graphml>\n<node></graphml>")
    error = refused("inspect", broken, "--language", "nb")
    assert (error["code"], error["file"], error["place"]) == ("syntax", "broken.graphml", "line 2")
    assert "en slutt-tagg passer ikke" in error["message"]
    assert refused("analyse", broken)["code"] == "syntax"
    assert refused("convert", table, tmp_path / "no" / "x.csv")["code"] == "no_folder"
    assert refused("export", tmp_path / "x.docx", "--data", data)["code"] == "unknown_format"
    assert refused("export", tmp_path / "x.zip", "--data", tmp_path / "none")["code"] == "missing"
    assert refused("import", table, "--into", "nope", "--data", data)["code"] == "unknown_workshop"
    nowhere = f"http://127.0.0.1:{free_port()}/open/abc/facilitator/{'k' * 32}"
    error = refused("import", table, "--url", nowhere, "--language", "nn")
    assert (error["code"], "ingen svarar der" in error["message"]) == ("unreachable", True)
    assert refused("backup", tmp_path / "b.sqlite", "--data", tmp_path / "none")["code"] == "missing"
    assert refused("restore", tmp_path / "none.sqlite", "--data", tmp_path / "new")["code"] == "missing"
    assert refused("purge", "nope", "--yes", "--data", data)["code"] == "unknown_workshop"
    assert refused("purge", "nope", "--people", "--data", data)["code"] == "unknown_workshop"
    # What is piped out is the map, or nothing: the error is on the other stream.
    done = piped(b"nonsense", "convert", "-", "-", "--to", "csv", "--json")
    assert (done.returncode, done.stdout) == (1, b"")
    assert json.loads(done.stderr)["error"]["code"] == "unknown-format"


def test_each_command_gives_one_document(table: Path, data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    made = said("backup", copy, "--data", data)
    assert made == {"file": str(copy), "bytes": copy.stat().st_size}
    back = said("restore", copy, "--data", tmp_path / "new")
    assert (back["file"], back["set_aside"]) == (str(copy), None)
    assert workshop_in(tmp_path / "new") == workshop_in(data)
    assert said("analyse", table)["map"]["factors"] == 3
    assert said("purge", workshop_in(data), "--yes", "--data", tmp_path / "new")["changes"] == 2
    assert "with --json nobody is asked" in run("purge", "x", "--json", "--data", data, code=2)


def test_a_full_disk_and_a_reader_who_leaves_are_no_crash(table: Path, tmp_path: Path) -> None:
    assert "No space left on device" in run("convert", table, "/dev/full", "--to", "csv", code=1)
    assert "disken er full" in run("convert", table, "/dev/full", "--to", "csv", "--language", "nb", code=1)
    for words in (("inspect", table), ("inspect", table, "--json"), ("convert", table, "-", "--to", "csv")):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "wickedmap", *map(str, words)],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=120,
            )
        assert (done.returncode, done.stderr) == (1, "wickedmap: the output: No space left on device\n")
    reader, writer = os.pipe()
    os.close(reader)
    gone = subprocess.run(
        [sys.executable, "-m", "wickedmap", "inspect", "--json"],
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=120,
    )
    os.close(writer)
    assert (gone.returncode, gone.stderr) == (1, b"")


def test_a_folder_is_no_file_and_what_is_there_is_replaced(table: Path, data: Path, tmp_path: Path) -> None:
    assert "is a directory" in run("convert", table, tmp_path, code=2)
    assert "is a directory" in run("export", tmp_path, "--data", data, code=2)
    target = tmp_path / "kart.json"
    target.write_text("what was there")
    run("convert", table, target)
    assert len(wickedmap.load(target).links) == 2
    assert "A file that is there is replaced." in " ".join(run("convert", "--help").replace("│", " ").split())


def test_the_doctor_tells_of_a_folder_without_a_database(data: Path, tmp_path: Path) -> None:
    assert "database     none yet" in run("doctor", "--data", tmp_path / "none")
    words = run("doctor", "--data", data)
    assert f"workshops    {workshop_in(data)}  " in words
    assert "{" not in words


def test_wrong_use_exits_with_two(table: Path, tmp_path: Path) -> None:
    for command in ("inspect", "convert", "import", "analyse"):
        words: list[str | Path] = [command, tmp_path / "missing.csv"]
        if command == "convert":
            words.append(tmp_path / "x.json")
        assert "does not exist" in run(*words, code=2)
    assert "'xx' is not one of nb, nn, en" in run("import", table, "--language", "xx", code=2)
    assert "No such command" in run("fly", code=2)


# --- export and import ---


def test_export_writes_the_data_package_and_every_other_form(data: Path, tmp_path: Path) -> None:
    package = tmp_path / "x.zip"
    run("export", package, "--data", data, "--licence", "CC-BY-4.0")
    with zipfile.ZipFile(package) as archive:
        assert "CC-BY-4.0" in archive.read("datapackage.json").decode()
        assert "data/stances.csv" in archive.namelist()
    made = said("export", tmp_path / "x.csv", "--data", data)
    assert made["workshop"] == workshop_in(data)
    assert made["bytes"] == (tmp_path / "x.csv").stat().st_size
    assert made["not_carried"]
    run("export", tmp_path / "x.wickedmap.json", "--data", data)
    assert wickedmap.load(tmp_path / "x.wickedmap.json").links == wickedmap.default_map().links


def test_inspect_counts_what_else_a_file_holds(tmp_path: Path) -> None:
    m = wickedmap.CausalMap.from_links([("a", "b", 1)])
    place = tmp_path / "map.wickedmap.json"
    wickedmap.save(m.replace(stages=wickedmap.default_map().stages), place)
    stages = len(wickedmap.default_map().stages)
    assert said("inspect", place)["stages"] == stages > 1
    assert f"\n{stages} stages\n" in run("inspect", place)


def test_export_errors_name_what_to_do(data: Path, tmp_path: Path) -> None:
    assert "There is no such file format" in run("export", tmp_path / "x.docx", "--data", data, code=1)
    assert "there is no database" in run("export", tmp_path / "x.zip", "--data", tmp_path / "none", code=1)
    assert "cannot write" in run("export", tmp_path / "none" / "x.csv", "--data", data, code=1)
    wrong = run("export", tmp_path / "x.csv", "--workshop", "nope", "--data", data, code=1)
    assert wrong == "wickedmap: there is no workshop nope here; wickedmap doctor lists them\n"
    assert "CC-BY-4.0" in run("export", tmp_path / "x.zip", "--licence", "all mine!", "--data", data, code=2)
    assert list(tmp_path.iterdir()) == []


def test_import_into_a_workshop_shows_first_and_then_does_the_same(
    data: Path, table: Path, tmp_path: Path
) -> None:
    into = workshop_in(data)
    before = said("doctor", "--data", data)["workshops"]
    words = run("import", table, "--into", into, "--preview", "--data", data)
    assert "would add 2 factors, 2 links" in words
    assert "here already: Gjeld = Gjeld" in words
    shown = said("import", table, "--into", into, "--preview", "--data", data)
    assert shown["possible"]
    assert said("doctor", "--data", data)["workshops"] == before
    made = said("import", table, "--into", into, "--data", data)
    assert made["preview"]["adds"] == shown["adds"]
    run("export", tmp_path / "after.wickedmap.json", "--data", data)
    labels = {factor.label for factor in wickedmap.load(tmp_path / "after.wickedmap.json").factors}
    assert {"Søvnløshet", "Husleie"} <= labels
    assert "is on the map already" in run("import", table, "--into", into, "--data", data, code=1)
    assert "would add nothing" in _output(
        run_code(1, "import", table, "--into", into, "--preview", "--data", data)
    )


def run_code(code: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "wickedmap", *map(str, words)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def _output(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout


def test_a_bad_file_changes_nothing_and_its_problems_are_listed(data: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("fra;til\nKari 01019012345;Husleie\n", encoding="utf-8")
    into = workshop_in(data)
    before = said("doctor", "--data", data)["workshops"]
    done = process("import", bad, "--into", into, "--data", data)
    assert done.returncode == 1
    assert "11 digits" in done.stderr
    assert "problem: factor 'Kari 01019012345'" in done.stdout
    assert "there is no workshop nope here" in run("import", bad, "--into", "nope", "--data", data, code=1)
    assert said("doctor", "--data", data)["workshops"] == before
    assert "title" in run("import", bad, "--title", "x" * 100, "--data", data, code=2)
    assert "keeps its title" in run("import", bad, "--title", "x", "--into", into, "--data", data, code=2)


# --- the server and the data folder ---


def test_a_port_in_use_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("demo", "serve"):
            words = run(command, "--port", port, "--no-browser", "--data", tmp_path / "data", code=1)
            assert words == f"wickedmap: port {port} is in use; choose another with --port\n"
    assert not (tmp_path / "data").exists()


def test_an_address_that_is_not_ours_is_said(tmp_path: Path) -> None:
    port = str(free_port())
    words = run("serve", "--host", "203.0.113.7", "--port", port, "--data", tmp_path / "data", code=1)
    assert "cannot listen on 203.0.113.7" in words
    assert "--host" in words
    words = run("serve", "--public-url", "kart.no", "--port", port, "--data", tmp_path / "data", code=2)
    assert "--public-url" in words


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    inside = tmp_path / "file" / "data"
    for command in (("demo", "--no-browser", "--port", str(free_port())), ("import", tmp_path / "map.json")):
        wickedmap.save(wickedmap.CausalMap.from_links([("a", "b", 1)]), tmp_path / "map.json")
        assert "choose another folder with --data" in run(*command, "--data", inside, code=1)


def test_a_database_that_is_none_or_newer_is_left_as_it_is(tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "wickedmap.sqlite").write_bytes(b"not a database at all" * 100)
    newer = tmp_path / "newer"
    newer.mkdir()
    with sqlite3.connect(newer / "wickedmap.sqlite") as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES ('r9999_tomorrow')")
    database.close()
    port = str(free_port())
    for folder, words in ((strange, "is not a wickedmap database"), (newer, "written by a newer wickedmap")):
        before = (folder / "wickedmap.sqlite").read_bytes()
        for command in (
            ("serve", "--port", port),
            ("doctor",),
            ("export", tmp_path / "x.zip"),
            ("backup", tmp_path / "b.sqlite"),
        ):
            assert words in run(*command, "--data", folder, code=1), command
        assert (folder / "wickedmap.sqlite").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"x"])
def test_a_database_that_nobody_has_begun_holds_nothing_to_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wickedmap.sqlite").write_bytes(content)
    for command in (("doctor",), ("export", tmp_path / "x.zip"), ("backup", tmp_path / "b.sqlite")):
        assert run(*command, "--data", tmp_path, code=1) == f"wickedmap: there is no database in {tmp_path}\n"


def test_a_folder_that_is_served_can_be_read_and_copied_but_not_changed(table: Path, tmp_path: Path) -> None:
    house = House(tmp_path / "data").start()
    try:
        words = run("demo", "--no-browser", "--port", str(free_port()), "--data", house.folder, code=1)
        assert "another wickedmap is running on" in words
        into = workshop_in(house.folder)
        assert "would add 2 factors" in run(
            "import", table, "--into", into, "--preview", "--data", house.folder
        )
        run("export", tmp_path / "x.zip", "--data", house.folder)
        copy = tmp_path / "copy" / "wickedmap.sqlite"
        copy.parent.mkdir()
        run("backup", copy, "--data", house.folder)
        assert workshop_in(copy.parent) == into
        found = said("doctor", "--data", house.folder)
        assert (found["integrity"], found["problems"]) == ("ok", [])
    finally:
        house.stop()


def test_a_file_is_handed_to_the_server_that_has_the_folder(table: Path, tmp_path: Path) -> None:
    house = House(tmp_path / "data").start()
    try:
        into = workshop_in(house.folder)
        place = ("--into", into, "--data", house.folder)
        # Nobody is here to answer: nothing is added.
        assert "say --yes" in run("import", table, *place, code=1)
        words = run("import", table, *place, "--yes")
        assert "would add 2 factors, 2 links" in words
        assert words.rstrip().endswith("added 2 factors, 2 links")
        assert "is on the map already" in run("import", table, *place, "--yes", code=1)
        assert "there is no workshop nope here" in run("import", table, "--into", "nope", *place[2:], code=1)
        opened = said("import", table, "--title", "Fra en fil", "--data", house.folder)
        assert (opened["factors"], opened["workshop"] == into) == (3, False)
        assert workshop_in(house.folder) == opened["workshop"]
        # From another machine: with the link that the facilitator has, or a token.
        link = house.addresses["facilitator"]
        assert "would add nothing" in process("import", table, "--url", link, "--preview").stdout
        key = link.rsplit("/", 1)[-1]
        other = tmp_path / "other.csv"
        other.write_text("a,b,c\nGjeld,Uro,+\nUro,Gjeld,+\n", encoding="utf-8")
        made = said(
            *("import", other, "--from", "csv", "--url", house.url, "--token", f"{into}.facilitator.{key}")
        )
        assert made["workshop"] == into
        assert made["preview"]["adds"]["factors"] == 1
        wrong = f"{house.url}/open/{into}/facilitator/{'x' * 32}"
        assert "the key opens nothing" in run("import", table, "--url", wrong, code=1)
        assert "facilitator's link" in run("import", table, "--url", house.url, code=1)
        assert "cannot be reached" in run(
            "import", table, "--url", f"http://127.0.0.1:{free_port()}/open/{into}/facilitator/{key}", code=1
        )
    finally:
        house.stop()
    # The server is gone, and with it the word it left.
    assert "is on the map already" in run("import", table, *place, "--yes", code=1)


def test_messages_are_in_the_language_that_is_asked_for(table: Path, tmp_path: Path) -> None:
    assert "note: line 1: columns read as: source = 'fra'" in run("inspect", table)
    assert "merknad: linje 1: kolonner lest som: årsak = 'fra'" in run("inspect", table, "--language", "nb")
    lost = run("convert", table, tmp_path / "x.net", "--language", "nn")
    assert "går tapt" in lost
    broken = tmp_path / "x.graphml"
    broken.write_text("<graphml>\n")
    assert "linje 2: dette er ikke gyldig XML" in run("inspect", broken, "--language", "nb", code=1)


def test_a_backup_that_cannot_be_written_is_said_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    missing = tmp_path / "none"
    words = run("backup", missing / "b.sqlite", "--data", data, code=1)
    assert words == f"wickedmap: cannot write {missing / 'b.sqlite'}: there is no folder {missing}\n"
    words = run("backup", tmp_path, "--data", data, code=1)
    assert words == f"wickedmap: cannot write {tmp_path}: Is a directory\n"
    assert list(tmp_path.iterdir()) == []


def test_serve_starts_without_examples_and_stops_when_told(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "wickedmap",
            "serve",
            "--port",
            str(free_port()),
            "--data",
            str(tmp_path / "data"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    names = [process.stdout.readline().split()[0] for _ in range(5)]
    assert names == ["facilitator", "projector", "join", "researcher", "start"]
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors
    run("export", tmp_path / "x.wickedmap.json", "--data", tmp_path / "data")
    assert wickedmap.load(tmp_path / "x.wickedmap.json").framings == ()


# --- the shell ---


def completed(line: str, instruction: str = "complete_bash") -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("wickedmap")],
        capture_output=True,
        text=True,
        timeout=120,
        env={
            **os.environ,
            "_WICKEDMAP_COMPLETE": instruction,
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
        },
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_shell_completes_commands_options_and_formats() -> None:
    assert "_WICKEDMAP_COMPLETE=complete_bash" in completed("", "source_bash")
    assert {"import", "inspect"} <= set(completed("wickedmap i").split())
    assert "--preview" in completed("wickedmap import --pre")
    assert completed("wickedmap convert a b --to graphm").split() == ["graphml"]


def test_bash_itself_completes_workshops_formats_and_languages(data: Path, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("wickedmap")
    installed = subprocess.run(
        ["bash", "-c", f"{program} --install-completion; true"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    script = tmp_path / ".bash_completions" / "wickedmap.sh"
    assert script.is_file(), installed.stdout + installed.stderr
    into = workshop_in(data)

    def offered(*words: str) -> list[str]:
        typed = " ".join(f"'{word}'" for word in words)
        done = subprocess.run(
            [
                "bash",
                "-c",
                f"source {script}; COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; "
                f'_wickedmap_completion {program}; printf "%s\\n" "${{COMPREPLY[@]}}"',
            ],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "WICKEDMAP_DATA": str(data)},
        )
        assert done.stderr == ""
        return done.stdout.split()

    assert offered("wickedmap", "conv") == ["convert"]
    assert offered("wickedmap", "export", "x.zip", "--workshop", into[:3]) == [into]
    assert offered("wickedmap", "import", "x.csv", "--into", into[:3]) == [into]
    assert offered("wickedmap", "purge", into[:3]) == [into]
    assert offered("wickedmap", "inspect", "x", "--from", "kum") == ["kumu", "kumu-xlsx"]
    assert offered("wickedmap", "analyse", "x", "--language", "n") == ["nb", "nn"]
    # Files are bash's own business.
    assert offered("wickedmap", "inspect", "x") == []
    assert offered("wickedmap", "export", "x.zip", "--data", str(tmp_path / "none"), "--workshop", "") == []
