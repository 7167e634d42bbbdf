"""Merging on the console: what would happen is shown before it is done, and everything has a way back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Meeting
from wickedmap.access import Actor
from wickedmap.text import LANGUAGES
from wickedmap.web.context import Looking
from wickedmap.web.elements import whole
from wickedmap.web.pages import console_merging


def looking(meeting: Meeting, language: str = "nb") -> Looking:
    actor = Actor(meeting.id, "facilitator", "facilitator", "", language)
    return Looking(meeting.workshops, actor, "console", meeting.workshops.view(actor), language)


def preview(meeting: Meeting, choice: object, language: str = "nb") -> Any:
    return whole(console_merging.preview(looking(meeting, language), choice)).tree


def read(tree: Any) -> str:
    return tree if isinstance(tree, str) else " ".join(" ".join(read(child) for child in tree[2:]).split())


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        yield tree[1]
        for child in tree[2:]:
            yield from nodes(child)


def sent(tree: Any, kind: str) -> list[dict[str, Any]]:
    return [json.loads(one["data-fields"]) for one in nodes(tree) if one.get("data-change") == kind]


@pytest.mark.parametrize("language", LANGUAGES)
def test_factors_with_like_names_are_suggested(meeting: Meeting, language: str) -> None:
    assert not [
        one for one in nodes(whole(console_merging.merging(looking(meeting))).tree) if "data-merge" in one
    ]
    meeting.leads("add_factor", label="Gjelda")
    meeting.leads("add_factor", label="gjelden ")
    tree = whole(console_merging.merging(looking(meeting, language))).tree
    offered = [one["data-merge"] for one in nodes(tree) if "data-merge" in one]
    assert {pair.partition("/")[0] for pair in offered if "gjeld/" in f"{pair}/"} == {"gjeld"}
    assert all(len(set(pair.split("/"))) == 2 for pair in offered)


def test_the_preview_tells_what_happens_to_links_and_loops_and_does_nothing(meeting: Meeting) -> None:
    before = meeting.state
    tree = preview(meeting, "gjeld/fattigdom")
    words = read(tree)
    assert "Hvis «Fattigdom" in words
    assert "blir en del av «Gjeld" in words
    assert "får en ny ende" in words
    assert "Sløyfer:" in words
    assert sent(tree, "merge_factors") == [{"keep": "gjeld", "others": ["fattigdom"]}]
    assert meeting.state is before


def test_what_the_preview_offers_is_what_is_done_and_can_be_taken_apart(meeting: Meeting) -> None:
    (fields,) = sent(preview(meeting, "gjeld/fattigdom"), "merge_factors")
    meeting.leads("merge_factors", **fields)
    assert preview(meeting, "gjeld/fattigdom")[2:] == []
    tree = whole(console_merging.merged(looking(meeting))).tree
    assert "er en del av «" in read(tree)
    (back,) = sent(tree, "unmerge_factor")
    meeting.leads("unmerge_factor", **back)
    assert console_merging.merged(looking(meeting)) is None


def test_the_problem_in_the_middle_is_never_the_one_that_goes(meeting: Meeting) -> None:
    focal = meeting.state.base.focal
    tree = preview(meeting, f"gjeld/{focal}")
    assert sent(tree, "merge_factors") == [{"keep": focal, "others": ["gjeld"]}]
    assert not [one for one in nodes(tree) if one.get("data-merge")]


@pytest.mark.parametrize(
    "choice", [None, "", "gjeld", "gjeld/gjeld", "gjeld/nope", 7, {"keep": "gjeld"}, "/" * 9]
)
def test_anything_else_is_no_choice(meeting: Meeting, choice: object) -> None:
    assert preview(meeting, choice)[2:] == []


def test_a_merged_factor_whose_home_is_gone_says_what_to_do(meeting: Meeting) -> None:
    meeting.leads("merge_factors", keep="gjeld", others=["fattigdom"])
    meeting.leads("remove_factor", factor="gjeld")
    tree = whole(console_merging.merged(looking(meeting))).tree
    assert sent(tree, "unmerge_factor") == []
    assert "er ikke på kartet nå" in read(tree)
