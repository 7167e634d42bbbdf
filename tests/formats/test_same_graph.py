"""The same graph in the files of many tools: the same signs, columns and notices."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from wickedmap import formats

LABELS = ("Gjeld", "Uro", "Arbeid", "Bolig")
ENDS = ((0, 1), (1, 2), (2, 3), (3, 0))
GRAPHS = ("graphml", "gexf", "gml", "dot", "json")
TABLES = ("csv", "records.json")


def written(kind: str, column: str, words: Sequence[str], *, directed: bool = True) -> formats.Reading:
    """Return four factors and four links, with a column of words, as read from a file of a kind."""
    way = "directed" if directed else "undirected"
    edges = list(zip(ENDS, words, strict=True))
    nodes = list(enumerate(LABELS))
    if kind == "graphml":
        text = (
            '<graphml><key id="l" for="node" attr.name="label"/>'
            f'<key id="s" for="edge" attr.name="{column}"/><graph edgedefault="{way}">'
            + "".join(f'<node id="n{at}"><data key="l">{label}</data></node>' for at, label in nodes)
            + "".join(
                f'<edge source="n{a}" target="n{b}"><data key="s">{word}</data></edge>'
                for (a, b), word in edges
            )
            + "</graph></graphml>"
        )
    elif kind == "gexf":
        text = (
            f'<gexf><graph defaultedgetype="{way}"><attributes class="edge">'
            f'<attribute id="0" title="{column}" type="string"/></attributes><nodes>'
            + "".join(f'<node id="n{at}" label="{label}"/>' for at, label in nodes)
            + "</nodes><edges>"
            + "".join(
                f'<edge source="n{a}" target="n{b}"><attvalues>'
                f'<attvalue for="0" value="{word}"/></attvalues></edge>'
                for (a, b), word in edges
            )
            + "</edges></graph></gexf>"
        )
    elif kind == "gml":
        text = (
            f"graph [\ndirected {int(directed)}\n"
            + "".join(f'node [ id {at} label "{label}" ]\n' for at, label in nodes)
            + "".join(f'edge [ source {a} target {b} {column} "{word}" ]\n' for (a, b), word in edges)
            + "]\n"
        )
    elif kind == "dot":
        arrow = "->" if directed else "--"
        text = (
            ("digraph {\n" if directed else "graph {\n")
            + "".join(f'n{at} [label="{label}"]\n' for at, label in nodes)
            + "".join(f'n{a} {arrow} n{b} ["{column}"="{word}"]\n' for (a, b), word in edges)
            + "}\n"
        )
    elif kind == "json":
        listed = [{"id": f"n{at}", "label": label} for at, label in nodes]
        links = [{"source": f"n{a}", "target": f"n{b}", column: word} for (a, b), word in edges]
        text = json.dumps({"directed": directed, "graph": {}, "nodes": listed, "links": links})
    elif kind == "records.json":
        text = json.dumps([{"source": LABELS[a], "target": LABELS[b], column: word} for (a, b), word in edges])
    elif kind == "csv":
        text = f"source,target,{column}\n" + "".join(
            f"{LABELS[a]},{LABELS[b]},{word}\n" for (a, b), word in edges
        )
    elif kind == "sif":
        text = "".join(f"{LABELS[a]}\t{word}\t{LABELS[b]}\n" for (a, b), word in edges)
    else:
        text = (
            "*Vertices 4\n"
            + "".join(f'{at + 1} "{label}"\n' for at, label in nodes)
            + "*Arcs\n"
            + "".join(f'{a + 1} {b + 1} 1 l "{word}"\n' for (a, b), word in edges)
        )
    return formats.read_bytes(text.encode(), f"x.{kind}")


def signs(reading: formats.Reading) -> str:
    return "".join(link.mark for link in reading.map.links)


PHRASES = ("Strong positive", "Strong negative", "Weak positive", "negative (weak)")


@pytest.mark.parametrize(
    "column", ["sign", "polarity", "type", "interaction", "relation", "influence", "label"]
)
@pytest.mark.parametrize("kind", [*GRAPHS, *TABLES])
def test_phrases_are_signs_and_kept_in_every_file_and_column(kind, column):
    reading = written(kind, column, PHRASES)
    assert signs(reading) == "+−+−"
    assert "sign-unknown-word" not in reading.counts()
    assert [next(iter(link.attributes.values())) for link in reading.map.links] == list(PHRASES)


@pytest.mark.parametrize("kind", ["sif", "net"])
def test_phrases_are_signs_and_kept_where_there_are_no_columns(kind):
    reading = written(kind, "", PHRASES)
    assert signs(reading) == "+−+−"
    assert [next(iter(link.attributes.values())) for link in reading.map.links] == list(PHRASES)


@pytest.mark.parametrize("kind", [*GRAPHS, *TABLES, "net"])
def test_marks_among_other_texts_on_lines_are_signs_and_the_texts_are_kept(kind):
    reading = written(kind, "label", ["rent", "+", "(-)", "slow"])
    assert signs(reading) == "?+−?"
    kept = [next(iter(link.attributes.values()), "") for link in reading.map.links]
    assert (kept[0], kept[3]) == ("rent", "slow")


@pytest.mark.parametrize("kind", [*GRAPHS, "net"])
def test_a_mark_for_delay_stands_beside_the_sign(kind):
    reading = written(kind, "label", ["+ ||", "-", "+", "-"])
    assert signs(reading) == "+−+−"
    assert [link.delay for link in reading.map.links] == ["long", "", "", ""]


@pytest.mark.parametrize("column", ["sign", "polarity"])
@pytest.mark.parametrize("kind", [*GRAPHS, *TABLES])
def test_a_word_that_is_no_sign_is_reported_and_kept(kind, column):
    reading = written(kind, column, ["+", "negatve", "banan", ""])
    assert signs(reading) == "+???"
    counts = reading.counts()
    assert (counts["sign-near-miss"], counts["sign-unknown-word"]) == (1, 1)
    assert [list(link.attributes.values()) for link in reading.map.links] == [[], ["negatve"], ["banan"], []]


@pytest.mark.parametrize("name", ["color", "colour"])
@pytest.mark.parametrize("kind", GRAPHS)
def test_colours_of_lines_without_signs_are_pointed_out_in_every_graph_file(kind, name):
    reading = written(kind, name, ["red", "green", "red", "green"])
    assert signs(reading) == "????"
    assert any("drawn in 2 colours or styles" in str(notice) for notice in reading.report)
    kept = [next(iter(link.attributes.values())) for link in reading.map.links]
    assert kept == ["red", "green", "red", "green"]


@pytest.mark.parametrize("kind", GRAPHS)
def test_lines_without_direction_become_two_links_in_every_graph_file(kind):
    reading = written(kind, "sign", ["+", "-", "?", "+/-"], directed=False)
    assert signs(reading) == "++−−??±±"
    assert reading.counts()["two-arrows"] == 4


@pytest.mark.parametrize("name", ["", "x"])
def test_a_column_without_a_name_is_no_place(name):
    text = (
        f'<gexf><graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="{name}"/>'
    )
    text += (
        '</attributes><nodes><node id="a"><attvalues><attvalue for="0" value="3"/></attvalues></node></nodes>'
    )
    factor = formats.read_bytes((text + "</graph></gexf>").encode(), "x.gexf").map.factors[0]
    assert (factor.id, factor.position) == ("a", None)
    pair = json.dumps({"nodes": [{"id": "a", name: "1 2"}], "links": []})
    assert formats.read_bytes(pair.encode(), "x.json").map.factors[0].position is None


@pytest.mark.parametrize("kind", [*GRAPHS[1:], *TABLES[1:], "sif"])
def test_the_dash_of_an_arrow_is_no_minus(kind):
    assert signs(written(kind, "interaction", ["->", "-->", "->", "->"])) == "????"
