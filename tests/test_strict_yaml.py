"""The strict part of YAML: text stays text, and every surprise is refused with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap.strict_yaml import (
    MAX_BYTES,
    MAX_DEPTH,
    ListNode,
    MappingNode,
    Node,
    StrictYamlError,
    TextNode,
    plain_data,
    read_strict_yaml,
)


@pytest.mark.parametrize(
    "written", ["NO", "yes", "null", "~", "007", "1.10", "1_000", "2026-11-22", "0x1F", ".inf"]
)
def test_every_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert plain_data(read_strict_yaml(f"value: {written}")) == {"value": written}


def test_quotes_and_blocks_are_read_as_yaml_reads_them() -> None:
    source = "a: 'it''s'\nb: \"x\\ty\"\nc: |\n  one\n  two\nd: [1, [2]]\ne:\n"
    assert plain_data(read_strict_yaml(source)) == {
        "a": "it's",
        "b": "x\ty",
        "c": "one\ntwo\n",
        "d": ["1", ["2"]],
        "e": "",
    }


def test_every_node_knows_its_line() -> None:
    root = read_strict_yaml("# comment\nfactors:\n  - id: rus\n    agencies: [a,\n      b]\n")
    assert isinstance(root, MappingNode)
    assert root.key_lines == {"factors": 2}
    factors = root.entries["factors"]
    assert isinstance(factors, ListNode)
    factor = factors.items[0]
    assert isinstance(factor, MappingNode)
    assert (factor.line, factor.key_lines) == (3, {"id": 3, "agencies": 4})
    agencies = factor.entries["agencies"]
    assert isinstance(agencies, ListNode)
    assert agencies.items == (TextNode("a", 4, 16), TextNode("b", 5, 7))


@pytest.mark.parametrize(
    ("source", "line", "column", "reason"),
    [
        ("a: 1\nb: *a", 2, 4, "alias"),
        ("a: &x 1", 1, 4, "anchor"),
        ("a: &x [1]", 1, 4, "anchor"),
        ("a: !!python/object:os.system x", 1, 4, "tags"),
        ("a: !!str 1", 1, 4, "tags"),
        ("a: ! 1", 1, 4, "tags"),
        ("a: !!map {b: 1}", 1, 4, "tags"),
        ("a: 1\n<<: {b: 2}", 2, 1, "merge keys"),
        ("a: 1\nb: 2\na: 3", 3, 1, "'a' is already used on line 1"),
        ("a:\n  'b': 1\n  b: 2", 3, 3, "'b' is already used on line 2"),
        ("? [a]\n: 1", 1, 3, "a key must be text"),
        ("a: 1\n---\nb: 2", 3, 1, "second document"),
        ("%YAML 1.2\n---\na: 1", 1, 1, "directives"),
        ("%TAG ! tag:x,2000:\n---\na: 1", 1, 1, "directives"),
        ("", 1, 1, "empty"),
        ("# only a comment\n", 1, 1, "empty"),
        ("a: [1\n", 2, 1, "did not find expected"),
        ("a: b: c", 1, 5, "mapping values are not allowed"),
        ("a: 1\nb: x\u0007y", 2, 5, "U+0007"),
        ("a: \ud800", 1, 4, "U+D800"),
    ],
)
def test_what_could_surprise_is_refused_with_line_and_column(
    source: str, line: int, column: int, reason: str
) -> None:
    with pytest.raises(StrictYamlError) as caught:
        read_strict_yaml(source, "own.yaml")
    error = caught.value
    assert (error.name, error.line, error.column) == ("own.yaml", line, column)
    assert reason in error.reason
    assert str(error).startswith(f"own.yaml, line {line}, column {column}: ")


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    assert plain_data(read_strict_yaml("'<<': x")) == {"<<": "x"}


def test_nesting_is_read_to_the_limit_and_refused_beyond_it() -> None:
    deepest = read_strict_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert isinstance(deepest, ListNode)
    with pytest.raises(StrictYamlError, match="20 levels") as caught:
        read_strict_yaml("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert caught.value.column == MAX_DEPTH + 1
    with pytest.raises(StrictYamlError, match="20 levels"):
        read_strict_yaml("[" * 500_000)


def test_a_file_over_a_megabyte_is_refused_whether_text_or_bytes() -> None:
    allowed = b"a: " + b"x" * (MAX_BYTES - 3)
    assert plain_data(read_strict_yaml(allowed))["a"] == "x" * (MAX_BYTES - 3)
    for source in (allowed + b"x", (allowed + b"x").decode(), "a: " + "å" * (MAX_BYTES // 2)):
        with pytest.raises(StrictYamlError, match="1,000,000 bytes"):
            read_strict_yaml(source)


def test_bytes_must_be_utf8_and_the_place_is_named() -> None:
    assert plain_data(read_strict_yaml("å: ø".encode())) == {"å": "ø"}
    assert plain_data(read_strict_yaml("\ufeffa: 1".encode())) == {"a": "1"}
    assert plain_data(read_strict_yaml("\ufeffa: 1")) == {"a": "1"}
    with pytest.raises(StrictYamlError, match="UTF-8") as caught:
        read_strict_yaml("a: 1\nåå: ".encode() + "ø".encode("latin-1"))
    assert (caught.value.line, caught.value.column) == (2, 5)
    with pytest.raises(StrictYamlError, match="UTF-8"):
        read_strict_yaml("a: 1".encode("utf-16"))


@given(st.text(alphabet="ab:-?[]{}#&*!|>%@'\"\\\n \t\x00å", max_size=60))
def test_any_text_is_read_or_refused_but_never_breaks(source: str) -> None:
    root: Node | None = None
    place = (1, 1)
    try:
        root = read_strict_yaml(source)
    except StrictYamlError as error:
        place = (error.line, error.column)
    assert root is None or isinstance(root, TextNode | ListNode | MappingNode)
    assert 1 <= place[0] <= source.count("\n") + 2
    assert place[1] >= 1
