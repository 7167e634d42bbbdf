"""What ``wickedmap analyse FILE`` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wickedmap import CausalMap, default_map, save
from wickedmap.analyse_report import analyse, as_json
from wickedmap.analyse_text import as_text, table
from wickedmap.analysis_words import loops_found, percent, written
from wickedmap.cli import app
from wickedmap.graphs import find_loops
from wickedmap.text import LANGUAGES


def run(tmp_path: Path, m: CausalMap, *options: str) -> Any:
    file = tmp_path / "map.json"
    save(m, file)
    return CliRunner().invoke(app, ["analyse", str(file), *options])


def complete(size: int) -> CausalMap:
    ids = [f"f{n:02}" for n in range(size)]
    return CausalMap.from_links([(u, v, 1) for u in ids for v in ids if u != v])


def test_the_default_map_is_told_in_words_with_its_loops_and_the_factors_that_cut_them(tmp_path: Path) -> None:
    said = run(tmp_path, default_map())
    assert said.exit_code == 0, said.output
    assert "Alle sløyfer med inntil 8 ledd: 1\u202f664." in said.output
    assert "bryter alle sløyfene" in said.output
    assert "ikke noe som er bevist" in said.output
    assert "De første 20 av 1\u202f664 er vist." in said.output


def test_without_a_limit_on_length_all_loops_of_the_default_map_are_counted(tmp_path: Path) -> None:
    said = json.loads(run(tmp_path, default_map(), "--json", "--max-length", "0").output)
    assert said["loops"]["completeness"] == "all"
    assert said["loops"]["polarities"] == {"R": 2154, "B": 1096, "?": 0}
    assert said["loops"]["found"] == said["loops"]["listed"] == 3250
    assert said["map"]["without_focal"] == default_map().focal


def test_json_says_the_same_as_the_functions(tmp_path: Path) -> None:
    m = default_map().without_focal()
    said = json.loads(run(tmp_path, default_map(), "--json", "--max-length", "5").output)
    found = find_loops(m, 5)
    assert [tuple(one["links"]) for one in said["loops"]["loops"]] == [loop.links for loop in found.loops]
    listed = said["loops"]["loops"]
    assert [one["polarity"] for one in listed] == [one["name"][0] for one in listed]
    assert len(said["loop_basis"]["loops"]) == said["loop_basis"]["rank"]
    assert {one["factor"] for one in said["centralities"]["factors"]} == {factor.id for factor in m.factors}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "m",
    [
        CausalMap(),
        CausalMap.from_links([], factors=["a"]),
        CausalMap.from_links([("a", "b", 1), ("b", "c", None)]),
        CausalMap.from_links([("a", "a", -1)]),
        CausalMap.from_links([("a", "b", 1), ("b", "a", None), ("a", "b", -1)]),
    ],
    ids=["empty", "one factor", "acyclic", "self-link", "unknown sign"],
)
def test_small_and_odd_maps_are_answered_in_words(m: CausalMap, language: str) -> None:
    found = analyse(m)
    said = as_text(found, language)
    assert "None" not in said.replace("None of them", "")
    assert "{" not in said
    json.dumps(as_json(found))


def test_a_map_without_loops_is_said_to_have_none_for_certain(tmp_path: Path) -> None:
    said = run(tmp_path, CausalMap.from_links([("a", "b", 1)]), "--language", "en")
    assert "The map has no loops. That is certain" in said.output


def test_a_search_that_is_stopped_says_at_least(tmp_path: Path) -> None:
    said = run(tmp_path, complete(12), "--max-length", "0", "--time-limit", "2", "--language", "en")
    assert said.exit_code == 0, said.output
    assert "At least 200,000 loops." in said.output
    assert "All of up to 6 links are among them." in said.output


def test_a_map_where_every_loop_reinforces_itself_is_asked_what_holds_it_back() -> None:
    m = CausalMap.from_links([("a", "b", 1), ("b", "a", 1)])
    assert "Hva er det som holder igjen?" in as_text(analyse(m))


def test_whether_the_map_settles_is_said_with_its_proof() -> None:
    assert "fordi" in as_text(analyse(CausalMap.from_links([("a", "b", 1)])))
    said = as_json(analyse(default_map()))["settling"]
    assert (said["kind"], said["unique"]) == ("fixed_point", said["proof"] is not None)


def test_a_file_that_cannot_be_read_is_named_and_nothing_is_traced(tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_text("{")
    said = CliRunner().invoke(app, ["analyse", str(file)])
    assert said.exit_code == 1
    assert "map.json" in said.output


def test_an_unknown_language_is_refused_by_name(tmp_path: Path) -> None:
    said = run(tmp_path, CausalMap(), "--language", "sv")
    assert said.exit_code == 2
    assert "'sv' is not one of nb, nn, en" in said.output


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan")])
def test_a_time_limit_that_is_none_is_refused_by_name(bad: float) -> None:
    with pytest.raises(ValueError, match="time_limit"):
        analyse(CausalMap.from_links([("a", "b", 1)]), time_limit=bad)


def test_a_table_without_rows_is_its_heads() -> None:
    assert table(["Factor", "No."], []) == "Factor  No.\n------  ---"


def test_numbers_are_written_as_the_language_has_them() -> None:
    assert [written(1234.5, language, 1) for language in LANGUAGES] == [
        "1\u202f234,5",
        "1\u202f234,5",
        "1,234.5",
    ]
    assert percent(0.0004, "en") == "1%"


@pytest.mark.parametrize(("completeness", "stopped_by"), [("at_least", "time"), ("at_least", "cancelled")])
def test_a_stopped_search_never_claims_to_be_whole(completeness: str, stopped_by: str) -> None:
    said = loops_found("nb", 7, completeness, 0, stopped_by, {"R": 7, "B": 0, "?": 0})
    assert said.startswith("Minst 7 sløyfer.")
    assert "Alle med" not in said
