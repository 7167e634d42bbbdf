from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from wickedmap import CausalMap, Factor, Link, Stance, Texts, formats
from wickedmap.formats import native
from wickedmap.formats.errors import MAX_BYTES, FormatError

from .maps import maps

SMALL = CausalMap.from_links([("a", "b", -1), ("b", "a", None)])


def refusal(data: bytes) -> FormatError:
    with pytest.raises(FormatError) as caught:
        native.read(data)
    return caught.value


def changed(**keys: object) -> bytes:
    return json.dumps({**native.map_to_json(SMALL), **keys}).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(maps())
def test_any_map_in_any_unicode_comes_back_equal(m):
    assert native.read(native.write(m)) == m
    assert native.map_from_json(json.loads(json.dumps(native.map_to_json(m)))) == m


def test_a_stance_is_written_with_the_names_of_the_model():
    m = SMALL.replace(stances=(Stance(link="L1", person="p1", agency="nav", stance="asserts", sign=-1),))
    assert native.map_to_json(m)["stances"] == [
        {"link": "L1", "person": "p1", "agency": "nav", "stance": "asserts", "sign": -1}
    ]


def test_the_same_map_gives_the_same_bytes_one_thing_per_line():
    text = native.write(SMALL).decode()
    assert text == native.write(native.read(text.encode())).decode()
    assert '{"id": "L1", "source": "a", "target": "b", "sign": -1},\n' in text


def test_a_byte_order_mark_and_utf_16_are_read():
    text = native.write(SMALL).decode()
    assert native.read(text.encode("utf-8-sig")) == SMALL
    assert native.read(text.encode("utf-16")) == SMALL


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"", "line 1", "not valid JSON"),
        (b'{"format": "wickedmap-map", "version": 1', "line 1", "cut off"),
        (b'{"format": "wickedmap-map",\n"version": 1,\n"version": 1}', "line 3", "'version' is given twice"),
        (
            b'{"format": "wickedmap-map",\n"factors": [{"id": "a", "labels": {"nb": "A"},\n"id": "b"}]}',
            "line 3",
            "'id' is given twice",
        ),
        (b'{"format": "wickedmap-map",\n"version": NaN}', "line 2", "NaN is not a number"),
        (b'{"format": "wickedmap-map",\n"version": -Infinity}', "line 2", "not a number"),
        (b"[" * 100_000, "", "nested too deeply"),
        (b'{"version": ' + b"9" * 5000 + b"}", "", "too many digits"),
        (b"\xff\xfe\x00", "line 1", "not UTF-16"),
        (b"{\n\xe6}", "line 2", "not UTF-8"),
        (b"3", "", "expected an object"),
        (b'{"format": "other"}', "format", "wickedmap-map"),
        (changed(version=2), "version", "newer wickedmap"),
        (changed(version=True), "version", "not a version"),
        (changed(colour="red"), "", "unknown key 'colour'"),
        (changed(factors={}), "factors", "expected a list"),
        (changed(factors=[{"id": "a"}], links=[]), "factors[0]", "'labels' is missing"),
        (changed(factors=[{"id": 1, "labels": {"nb": "A"}}], links=[]), "factors[0].id", "expected text"),
        (
            changed(factors=[{"id": "a", "labels": {"nb": ["x"]}}], links=[]),
            "factors[0].labels.nb",
            "expected text",
        ),
        (changed(factors=[{"id": "a", "labels": {}}], links=[]), "factors[0]", "label"),
        (
            changed(factors=[{"id": "a", "labels": {"nb": "A"}, "position": [1]}], links=[]),
            "factors[0].position",
            "expected 2 values",
        ),
        (
            changed(factors=[{"id": "a", "labels": {"nb": "A"}, "position": [1, 10**400]}], links=[]),
            "factors[0].position[1]",
            "too large",
        ),
        (changed(links=[{"id": "L1", "source": "a", "target": "zz"}]), "", "no factor 'zz'"),
        (
            changed(links=[{"id": "L1", "source": "a", "target": "b", "sign": True}]),
            "links[0].sign",
            "not one of",
        ),
        (changed(links=[{"id": "L1", "source": "a", "target": "b", "strength": 4}]), "links[0]", "at most 3"),
        (changed(provenance="\ud800"), "provenance", "half a character"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(data, place, words):
    error = refusal(data)
    assert (error.place, words in error.message) == (place, True), str(error)


def test_a_file_or_map_beyond_the_limits_is_refused():
    assert refusal(b" " * (MAX_BYTES + 1)).code == "limit"
    factors = [{"id": f"f{n}", "labels": {"nb": "x"}} for n in range(2001)]
    assert refusal(changed(factors=factors, links=[])).code == "limit"


def test_a_lone_surrogate_cannot_be_written():
    with pytest.raises(FormatError, match="half a character"):
        native.write(CausalMap(factors=(Factor(id="a", labels=Texts(nb="\ud800")),)))


def test_the_place_starts_where_the_caller_says():
    with pytest.raises(FormatError, match=r"change 7\.links\[0\]\.sign"):
        native.map_from_json(
            {**native.map_to_json(SMALL), "links": [{"id": "x", "source": "a", "target": "b", "sign": 5}]},
            where="change 7",
        )


def test_link_defaults_are_left_out_and_come_back():
    bare = native.map_to_json(SMALL)["links"][1]
    assert bare == {"id": "L2", "source": "b", "target": "a"}
    assert native.map_from_json(native.map_to_json(SMALL)).links[1] == Link(id="L2", source="b", target="a")


def test_a_label_that_looks_like_another_format_is_a_label():
    m = CausalMap(factors=(Factor(id="a", labels=Texts({"nb": r"\\---///"})),))
    reading = formats.read_bytes(formats.write_bytes(m, "wickedmap"), "x.json")
    assert (reading.format, reading.map.factors[0].label) == ("wickedmap", r"\\---///")
