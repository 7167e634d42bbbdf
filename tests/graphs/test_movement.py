"""Movement between two moments: who changed, who came to speak, and whether they came closer."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from wickedmap import CausalMap, Stance
from wickedmap.graphs import convergence, movement

M = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "crime", 1), ("crime", "debt", 1)])


def with_stances(*said: tuple[str, str, str], m: CausalMap = M) -> CausalMap:
    """A map with stances as (person, link, word); the agency is the person's first letter."""
    made = {
        "more": Stance("", "", "", "asserts", sign=1),
        "less": Stance("", "", "", "asserts", sign=-1),
        "rejects": Stance("", "", "", "rejects"),
        "unsure": Stance("", "", "", "unsure"),
    }
    stances = (replace(made[word], link=link, person=person, agency=person[0]) for person, link, word in said)
    return m.replace(stances=tuple(stances))


def test_a_change_of_sign_is_a_change_of_position() -> None:
    moved = movement(with_stances(("a1", "L1", "more")), with_stances(("a1", "L1", "less")))
    assert [(move.before, move.after) for move in moved.links[0].changed] == [("more", "less")]
    assert moved.links[0].asserting == (1, 1)
    assert dict(moved.changed) == {"a": 1}


def test_whoever_comes_to_speak_has_not_changed_their_mind() -> None:
    moved = movement(M, with_stances(("a1", "L1", "more"), ("b1", "L1", "rejects")))
    assert [move.before for move in moved.links[0].moves] == ["", ""]
    assert moved.links[0].changed == ()
    assert dict(moved.both) == {}
    assert moved.convergence.before.value is None


def test_nothing_moves_between_a_moment_and_itself() -> None:
    m = with_stances(("a1", "L1", "more"), ("b1", "L2", "rejects"))
    moved = movement(m, m)
    assert moved.links == ()
    assert moved.still == 2
    assert dict(moved.both) == {"a": 1, "b": 1}


def test_what_was_said_of_a_link_that_is_gone_is_left_out() -> None:
    before = with_stances(("a1", "L1", "more"), ("a1", "L3", "more"))
    after = with_stances(("a1", "L1", "more")).replace(links=M.links[:2])
    assert movement(before, after).links == ()


def test_the_distance_is_taken_over_those_who_spoke_both_times_only() -> None:
    before = with_stances(("a1", "L1", "more"), ("b1", "L1", "less"), ("c1", "L1", "less"))
    after = with_stances(("a1", "L1", "more"), ("b1", "L1", "more"), ("d1", "L1", "less"), ("d2", "L1", "less"))
    moved = movement(before, after)
    alone = convergence(
        with_stances(("a1", "L1", "more"), ("b1", "L1", "less")),
        with_stances(("a1", "L1", "more"), ("b1", "L1", "more")),
    )
    assert moved.convergence == alone
    assert float(moved.convergence.after) < float(moved.convergence.before)


@pytest.mark.parametrize("seed", range(20))
def test_counts_of_every_link_add_up(seed: int) -> None:
    chance = random.Random(seed)
    people = ["a1", "a2", "b1", "c1"]

    def some() -> CausalMap:
        said = [
            (person, link.id, chance.choice(("more", "less", "rejects", "unsure")))
            for person in people
            for link in M.links
            if chance.random() < 0.6
        ]
        return with_stances(*said)

    before, after = some(), some()
    moved = movement(before, after)
    spoken = {stance.link for stance in (*before.stances, *after.stances)}
    assert len(moved.links) + moved.still == len(spoken)
    for row in moved.links:
        came = sum(not move.before for move in row.moves)
        left = sum(not move.after for move in row.moves)
        assert sum(row.after.values()) - sum(row.before.values()) == came - left
        assert sum(row.people.values()) >= max(sum(row.before.values()), sum(row.after.values()))
        for move in row.changed:
            assert move.before != move.after
    assert len(moved.to_pandas()) == sum(len(row.moves) for row in moved.links)
