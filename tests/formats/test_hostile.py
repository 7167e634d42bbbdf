"""Whatever the bytes, a reader answers with a map or a FormatError that names the file."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from wickedmap import CausalMap, Factor, Texts, formats
from wickedmap.formats.errors import FormatError
from wickedmap.formats.lessened import is_safe_id

SAMPLE = CausalMap.from_links([("a", "b", 1), ("b", "c", -1, 2), ("c", "a", None), ("a", "c", 1)])
BOTH_WAYS = [one.name for one in formats.FORMATS.values() if one.read and one.write and one.name != "xlsx"]


def answered(data: bytes, filename: str, name: str | None = None) -> None:
    """Fail for any error but a `FormatError` that names the file."""
    refusal = None
    try:
        formats.read_bytes(data, filename, name)
    except FormatError as error:
        refusal = error
    assert refusal is None or (str(refusal).startswith(filename) and refusal.message)


@pytest.mark.parametrize("name", BOTH_WAYS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), min_size=1, max_size=4
    )
)
def test_a_damaged_file_is_read_or_refused_but_never_crashes(name, edits):
    data = formats.write_bytes(SAMPLE, name)
    for where, new, cut in edits:
        at = int(where * len(data))
        data = data[:at] + new + data[at + cut :]
    answered(data, f"x{formats.FORMATS[name].suffixes[0]}", name)


@settings(max_examples=300, deadline=None)
@given(
    data=st.binary(max_size=60), filename=st.sampled_from(["x.csv", "x.json", "x.prsm", "x.mdl", "x.zip", "x"])
)
def test_any_bytes_are_read_or_refused(data, filename):
    answered(data, filename)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["nodes", "edges", "elements", "connections", "concepts", "styles", "maps", "loops", "wickedmap", "name"]


@settings(max_examples=300, deadline=None)
@given(whole=st.dictionaries(st.sampled_from(KEYS), JSON_VALUES) | st.lists(JSON_VALUES, max_size=4))
def test_any_json_of_the_wrong_shape_is_read_or_refused(whole):
    answered(json.dumps(whole).encode(), "x.json")


@pytest.mark.parametrize("name", [one for one in BOTH_WAYS if "wickedmap" not in one])
def test_no_reader_lets_an_unsafe_id_through(name):
    m = CausalMap.from_links([("__proto__", "constructor", 1), ("<b>", "x" * 80, -1)])
    back = formats.read_bytes(formats.write_bytes(m, name), f"x{formats.FORMATS[name].suffixes[0]}").map
    assert len(back.factors) == 4
    assert all(is_safe_id(one.id) for one in (*back.factors, *back.links))


@pytest.mark.parametrize("name", [one.name for one in formats.FORMATS.values() if one.write])
def test_a_map_beyond_the_limits_is_not_written(name):
    m = CausalMap.from_links([], factors=[f"f{n}" for n in range(2001)])
    with pytest.raises(FormatError, match="2000 factors"):
        formats.write_bytes(m, name)


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"%PDF-1.7", "x.pdf", "not in a format that is read"),
        (b"<html><body>", "x.html", "not valid XML"),
        (b"<html/>", "x.html", "not in a format that is read"),
        (b'{"a": 1}', "x.json", "no kind that is read"),
        (b"", "x.csv", "empty"),
        (b"GIF89a", "noname", "not in a format that is read"),
    ],
)
def test_what_is_no_map_is_refused_by_saying_what_can_be_read(data, filename, words):
    with pytest.raises(FormatError) as caught:
        formats.read_bytes(data, filename)
    assert words in str(caught.value)


def test_saving_is_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "map.graphml"
    formats.save(SAMPLE, path)
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(FormatError, match="cannot be written"):
        formats.save(SAMPLE.replace(provenance="new"), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["map.graphml"]


def test_missing_files_and_unknown_suffixes_are_named(tmp_path):
    with pytest.raises(FormatError, match=r"gone\.csv: the file cannot be opened"):
        formats.load(tmp_path / "gone.csv")
    with pytest.raises(FormatError, match="no format is known by this suffix"):
        formats.save(SAMPLE, tmp_path / "map.xyz")
    with pytest.raises(FormatError, match="there is no format 'word'"):
        formats.save(SAMPLE, tmp_path / "map.json", format="word")


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (b"/**/" * 900 + b"x", "x.dot"),
        (b"digraph {" + b"{" * 50_000, "x.dot"),
        (b"digraph { a [label=<" + b"<" * 50_000, "x.dot"),
        (b"graph [ " + b"a [ " * 50_000, "x.gml"),
        (b'{"nodes":' + b"[" * 50_000, "x.prsm"),
        (b"<a>" * 50_000, "x.graphml"),
        (b"format: wickedmap-map\n" + b"- " * 50_000, "x.yaml"),
        (
            json.dumps(
                {"nodes": [{"id": "a", "label": " " * 200_000 + "[Being edited by x"}], "edges": []}
            ).encode(),
            "",
        ),
        (b"*Vertices 2\n*Arcs\n" + b'"' * 50_000, "x.net"),
        (b"digraph {" + b"".join(b"n%d;" % n for n in range(13_000)) + b"}", "x.dot"),
        (b"digraph {" + b"{a b}->" * 11_000 + b"c}", "x.dot"),
        (b"graph [ " + b"node [ id 1 ] " * 20_001 + b"]", "x.gml"),
        (b"https://ncase.me/loopy/?data=%5B" + b"%25" * 500_001, "x.loopy"),
        (b"format: wickedmap-map\na:\n" + b"- 1\n" * 400_001, "x.yaml"),
    ],
)
def test_a_file_made_to_keep_a_reader_busy_is_refused(data, filename):
    with pytest.raises(FormatError):
        formats.read_bytes(data, filename)


def test_labels_of_digits_alone_are_compared_quickly_and_kept():
    text = "source,target\n" + "1" * 99_000 + "x," + "2" * 99_000 + "y\n"
    assert len(formats.read_bytes(text.encode(), "x.csv").map.factors) == 2


def test_a_workbook_that_unpacks_to_more_than_a_reader_may_hold_is_refused(tmp_path):
    # One text of 30 kB that 90,000 cells point to: 100 kB on disk, and as text 2.7 GB.
    path = tmp_path / "bomb.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet("A")
        text = "".join(map(str, range(6_000)))
        for row in range(90_000):
            sheet.write_string(row, 0, text)
    with pytest.raises(FormatError) as caught:
        formats.read_bytes(path.read_bytes(), "bomb.xlsx")
    assert caught.value.code == "limit"


@pytest.mark.parametrize(
    "text", ["12", "-0", "007", "1.5e3", "NO", "null", "true", "12:30", "~", "", " a", "<<", "0x1F"]
)
def test_a_text_that_looks_like_something_else_stays_text_in_yaml(text):
    m = CausalMap(
        factors=(Factor(id="a", labels=Texts(nb="a"), note=text, attributes={"x": text, text or "y": "z"}),)
    )
    assert formats.read_bytes(formats.write_bytes(m, "wickedmap-yaml"), "x.yaml").map == m


def test_more_tags_than_any_map_needs_are_refused_before_they_are_built():
    with pytest.raises(FormatError, match="more than 800000 tags"):
        formats.read_bytes(b"<graphml>" + b"<a/>" * 800_000 + b"</graphml>", "x.graphml")


def test_a_workbook_with_more_filled_cells_than_any_map_is_refused(tmp_path):
    place = tmp_path / "x.xlsx"
    with Workbook(str(place), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(30_100):
            sheet.write_row(row, 0, [1] * 20)
    with pytest.raises(FormatError, match="too large to read safely; save the table as CSV"):
        formats.read(place)
