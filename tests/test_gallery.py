"""The gallery runs as it stands, against a real server where it reads a live workshop."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.house import Room

PAGE = Path(__file__).parents[1] / "docs" / "gallery.md"


def test_every_example_of_the_gallery_runs_and_answers_what_it_says(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = room.link("researcher").rsplit("/", 1)[-1]
    monkeypatch.setenv("WICKEDMAP_URL", room.house.url)
    monkeypatch.setenv("WICKEDMAP_TOKEN", f"{room.id}.researcher.{key}")
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 45
    assert outcome.failed == 0
    assert {path.name for path in tmp_path.iterdir()} >= {"links.csv", "map.net", "map.svg", "workshop.zip"}
