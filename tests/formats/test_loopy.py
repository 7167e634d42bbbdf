from __future__ import annotations

import json

import pytest

from wickedmap import formats
from wickedmap.formats import loopy
from wickedmap.formats.errors import FormatError


def read(whole):
    return formats.read_bytes(json.dumps(whole).encode(), "kart.loopy")


def test_loopy_2_leaves_out_ids_and_adds_columns():
    nodes = [[None, 10, 20, 0.5, "K%C3%B8", 0, 1, 0], [None, 30, 40, 0.5, "Klager", 1, 1, 0]]
    edges = [[0, 1, 60, -1, 0, 1, -1, -1, "over%20tid"], [1, 0, 60, None, 0, 0], [1, 7, 60, 1]]
    reading = read([nodes, edges, [], [2, 0, 0, 1]])
    m = reading.map
    assert [(factor.label, factor.position) for factor in m.factors] == [("Kø", (10, 20)), ("Klager", (30, 40))]
    assert [(link.source, link.target, link.sign) for link in m.links] == [
        ("ko", "klager", -1),
        ("klager", "ko", 1),
    ]
    assert dict(m.links[0].attributes) == {"label": "over tid"}
    assert [notice.code for notice in reading.report] == ["dangling"]


def test_the_readable_form_of_loopy_2_is_told_apart_from_prsm():
    reading = read(
        {
            "globals": {"embed": 0},
            "nodes": [{"id": 0, "x": 1, "y": 2, "label": "A"}, {"id": 1, "x": 3, "y": 4}],
            "edges": [{"from": 0, "to": 1, "arc": 10, "strength": -1}],
            "labels": [{"x": 0, "y": 0, "text": "hei"}],
        }
    )
    assert (reading.format, reading.map.links[0].sign, reading.map.factors[0].position) == ("loopy", -1, (1, 2))
    assert {notice.code for notice in reading.report} == {"labels", "no-label"}


# As "export as link" writes it, and what is left of it when it is copied from an address bar or a page.
LINK = (
    "https://ncase.me/loopy/v1.1/?data=[[[1,549,438,0.66,%22rabbits%22,0],[2,985,439,0.66,%22red%2520foxes%22,1]],"
    "[[2,1,153,-1,0],[1,2,160,1,0]],[[764,244,%22it%27s%2520a%2520positive%2520(%252B)%2520relationship%22]],2%5D"
)


@pytest.mark.parametrize(
    "text",
    [
        LINK,
        LINK.replace("https://ncase.me/loopy/v1.1/", "http://127.0.0.1:8000/"),
        LINK.partition("?")[2],
        "?" + LINK.partition("?")[2],
        LINK.partition("data=")[2].replace("[", "%5B").replace(",", "%2C").replace("]", "%5D"),
    ],
    ids=["link", "another host", "query", "query with ?", "encoded list"],
)
def test_an_exported_link_is_read_whole_or_in_part(text):
    m = formats.read_bytes(text.encode(), "lenke.txt").map
    assert [(factor.label, factor.position) for factor in m.factors] == [
        ("rabbits", (549, 438)),
        ("red foxes", (985, 439)),
    ]
    assert [(link.source, link.target, link.sign) for link in m.links] == [
        ("red-foxes", "rabbits", -1),
        ("rabbits", "red-foxes", 1),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[[1,2]],[]]", "node 1: expected"),
        ("[[],[[1]]]", "edge 1: expected"),
        ('[[["a",0,0,0,"A",0]],[]]', "node 1: expected"),
        ('[[[1,0,0,0,"A",0]],[["a","b",0,1]]]', "edge 1: expected"),
        ("[1]", "expected a list of nodes"),
    ],
)
def test_lists_of_another_shape_are_refused_with_the_place(text, words):
    with pytest.raises(FormatError) as caught:
        loopy.read(text.encode())
    assert words in str(caught.value)
