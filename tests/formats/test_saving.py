"""Where a file is written: whole or not at all, and nothing around it disturbed."""

import io
import os
import stat
import threading
from pathlib import Path

import pytest

import wickedmap
from wickedmap import CausalMap, FormatError
from wickedmap.formats import FORMATS, read_bytes, write_bytes

M = CausalMap.from_links([("Gjeld", "Utkastelse", 1), ("Utkastelse", "Gjeld", 1)])


def test_a_file_that_is_there_already_keeps_its_permissions(tmp_path):
    place = tmp_path / "private.graphml"
    place.write_text("old")
    place.chmod(0o600)
    wickedmap.save(M, place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert wickedmap.load(place).links[0].source == "Gjeld"


def test_a_symbolic_link_goes_on_pointing_where_it_did(tmp_path):
    there, link = tmp_path / "there.graphml", tmp_path / "link.graphml"
    link.symlink_to(there)
    wickedmap.save(M, link)
    assert link.is_symlink()
    assert len(wickedmap.load(there).links) == 2


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    listener = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    listener.start()
    wickedmap.save(M, pipe)
    listener.join()
    assert heard == [write_bytes(M, "csv")]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_map_that_cannot_be_written_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    place = tmp_path / "map.graphml"
    place.write_text("old")
    large = CausalMap.from_links([("a", f"f{number}", 1) for number in range(2001)])
    with pytest.raises(FormatError, match=r"map\.graphml: more than 2000 factors"):
        wickedmap.save(large, place)
    assert place.read_text() == "old"
    assert os.listdir(tmp_path) == ["map.graphml"]


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(FormatError, match="cannot be written"):
        wickedmap.save(M, tmp_path, format="csv")


@pytest.mark.parametrize("name", ["GraphML", ".graphml", "graphml"])
def test_a_format_goes_by_its_name_or_its_suffix_in_any_case(tmp_path, name):
    place = tmp_path / "map.txt"
    wickedmap.save(M, place, format=name)
    assert b"<graphml" in place.read_bytes()


def test_every_suffix_is_a_name():
    for one in FORMATS.values():
        for suffix in one.suffixes:
            if one.read is None:
                with pytest.raises(FormatError, match="written but not read"):
                    read_bytes(b"x", format=suffix)


@pytest.mark.parametrize("what", [None, 5, b"map.json", io.BytesIO()])
def test_what_is_not_the_name_of_a_file_is_refused_by_the_arguments_name(what):
    with pytest.raises(TypeError, match=r"path: expected the name of a file .* got .*read_bytes"):
        wickedmap.load(what)
    with pytest.raises(TypeError, match=r"path: expected the name of a file .* got .*write_bytes"):
        wickedmap.save(M, what)


def test_what_is_not_a_map_is_refused_by_the_arguments_name(tmp_path):
    with pytest.raises(TypeError, match=r"m: expected a CausalMap, got MultiDiGraph; CausalMap\.from_networkx"):
        wickedmap.save(M.to_networkx(), tmp_path / "map.csv")
    with pytest.raises(TypeError, match="format: expected the name of a format"):
        wickedmap.save(M, Path(tmp_path, "map.csv"), format=5)
