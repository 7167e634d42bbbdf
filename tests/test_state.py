"""The invariants of the log: fold, snapshot and undo, over any course of a workshop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.conftest import Meeting
from wickedmap.causal_map import CausalMap
from wickedmap.changes import Refused, read_change
from wickedmap.formats.native import map_from_json, map_to_json
from wickedmap.rows import TABLES, Event, State
from wickedmap.state import apply, fold, last_redoable, last_undoable, snapshot_from, snapshot_of
from wickedmap.store import log

SMALL = CausalMap.from_links([("a", "b", 1), ("b", "c", -1), ("c", "a", None)], factors=["d"])
PEOPLE = {"r1": "agency1", "r2": "agency1", "r3": "agency2"}


def rows_of(state: State) -> dict[str, dict[str, Any]]:
    return {table: dict(state.tables[table].items()) for table in TABLES}


class Workshop(RuleBasedStateMachine):
    """Anybody does anything in any order; what the log promises holds after every step."""

    @initialize()
    def open(self) -> None:
        self.events: list[Event] = []
        self.state = State("w")
        self.number = 0
        self.say("", "system", {"kind": "open_workshop", "map": map_to_json(SMALL)})
        for person, agency in PEOPLE.items():
            self.say(person, "system", {"kind": "join", "person": person, "agency_name": agency})

    def say(self, person: str, role: str, data: dict[str, Any]) -> bool:
        self.number += 1
        change = read_change({"op_id": f"operation-{self.number}", **data})
        row = self.state.person_row(person)
        agency = row.agency if row else ""
        at = f"2026-11-22T10:00:{self.number % 60:02d}.000Z"
        event = Event("w", self.state.seq + 1, at, person, role, agency, change)
        before = rows_of(self.state)
        try:
            after = apply(self.state, event)
        except Refused:
            assert rows_of(self.state) == before
            return False
        assert rows_of(self.state) == before, "apply must not change the state it was given"
        self.state = after
        self.events.append(event)
        return True

    def a(self, table: str, data: st.DataObject) -> str:
        return data.draw(st.sampled_from([*sorted(self.state.tables[table].keys()), "missing"]))

    @rule(
        data=st.data(), person=st.sampled_from(sorted(PEOPLE)), stance=st.sampled_from(["asserts", "rejects"])
    )
    def take_stance(self, data: st.DataObject, person: str, stance: str) -> None:
        self.say(
            person, "representative", {"kind": "take_stance", "link": self.a("links", data), "stance": stance}
        )

    @rule(data=st.data(), person=st.sampled_from(sorted(PEOPLE)))
    def annotate(self, data: st.DataObject, person: str) -> None:
        target = self.a("factors", data)
        note = {"kind": "annotate", "target_kind": "factor", "target": target, "text": "tekst"}
        self.say(person, "representative", note)

    @rule(data=st.data(), person=st.sampled_from(sorted(PEOPLE)))
    def remove_annotation(self, data: st.DataObject, person: str) -> None:
        note = {"kind": "remove_annotation", "annotation": self.a("annotations", data)}
        self.say(person, "representative", note)

    @rule(data=st.data(), person=st.sampled_from(sorted(PEOPLE)), label=st.sampled_from("EFGH"))
    def propose(self, data: st.DataObject, person: str, label: str) -> None:
        self.say(person, "representative", {"kind": "propose_factor", "label": f"Forslag {label}"})

    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(["accept_proposal", "decline_proposal"]))
        self.say("facilitator", "facilitator", {"kind": kind, "proposal": self.a("proposals", data)})

    @rule(label=st.sampled_from("abcdefg"))
    def add_factor(self, label: str) -> None:
        self.say("facilitator", "facilitator", {"kind": "add_factor", "label": label})

    @rule(data=st.data())
    def remove_factor(self, data: st.DataObject) -> None:
        self.say("facilitator", "facilitator", {"kind": "remove_factor", "factor": self.a("factors", data)})

    @rule(data=st.data(), sign=st.sampled_from(["+", "-", "?", "±"]))
    def add_link(self, data: st.DataObject, sign: str) -> None:
        ends = {"source": self.a("factors", data), "target": self.a("factors", data)}
        self.say("facilitator", "facilitator", {"kind": "add_link", "sign": sign, **ends})

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        keep, other = self.a("factors", data), self.a("factors", data)
        self.say("facilitator", "facilitator", {"kind": "merge_factors", "keep": keep, "others": [other]})

    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        self.say("facilitator", "facilitator", {"kind": "unmerge_factor", "factor": self.a("merged", data)})

    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        positions = {self.a("factors", data): [float(self.number), 1.0]}
        self.say("facilitator", "facilitator", {"kind": "move_factors", "positions": positions})

    @rule(stage=st.integers(1, 4))
    def set_stage(self, stage: int) -> None:
        self.say("facilitator", "facilitator", {"kind": "set_stage", "stage": stage})

    @rule(data=st.data(), person=st.sampled_from([*sorted(PEOPLE), "facilitator"]))
    def undo(self, data: st.DataObject, person: str) -> None:
        role = "facilitator" if person == "facilitator" else "representative"
        of = data.draw(st.sampled_from(sorted(self.state.done.keys()) or [0]))
        done = self.state.done.get(of)
        allowed = self.say(person, role, {"kind": "undo", "of": of})
        if allowed and role != "facilitator":
            assert done is not None
            assert done.person == person

    @rule(person=st.sampled_from([*sorted(PEOPLE), "facilitator"]))
    def undo_then_redo_is_identity(self, person: str) -> None:
        role = "facilitator" if person == "facilitator" else "representative"
        of = last_undoable(self.state, person)
        before = rows_of(self.state)
        if of is None or not self.say(person, role, {"kind": "undo", "of": of}):
            return
        redo = last_redoable(self.state, person)
        assert redo == self.state.seq
        assert self.say(person, role, {"kind": "undo", "of": redo})
        assert rows_of(self.state) == before

    @invariant()
    def fold_of_the_log_is_the_state(self) -> None:
        if self.events:
            assert fold(State("w"), self.events) == self.state

    @invariant()
    def a_snapshot_and_the_tail_are_the_state(self) -> None:
        if not self.events:
            return
        half = len(self.events) // 2
        early = fold(State("w"), self.events[:half])
        kept = snapshot_from(snapshot_of(early))
        assert kept == early
        assert fold(kept, self.events[half:]) == self.state

    @invariant()
    def export_and_import_give_the_same_map(self) -> None:
        whole = self.state.to_map()
        assert map_from_json(map_to_json(whole)) == whole

    @invariant()
    def no_link_hangs_in_the_air(self) -> None:
        for link in self.state.tables["links"].values():
            assert self.state.row("factors", link.source) is not None
            assert self.state.row("factors", link.target) is not None


TestWorkshop = Workshop.TestCase
TestWorkshop.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_undo_of_a_removed_factor_brings_back_its_links(meeting: Meeting) -> None:
    before = meeting.state.to_map()
    receipt = meeting.leads("remove_factor", factor="bolig")
    assert not meeting.state.to_map().has_factor("bolig")
    assert len(meeting.state.to_map().links) == len(before.links) - 20
    meeting.leads("undo", of=receipt.seq)
    assert meeting.state.to_map() == before


def test_a_change_that_somebody_has_built_on_cannot_be_undone(meeting: Meeting) -> None:
    first = meeting.leads("edit_factor", factor="gjeld", base_seq=meeting.state.seq, label="Gjeld og bøter")
    meeting.leads("edit_factor", factor="gjeld", base_seq=meeting.state.seq, label="Gjeld, bøter og regress")
    with pytest.raises(Refused) as caught:
        meeting.leads("undo", of=first.seq)
    assert caught.value.code == "cannot_undo"


def test_undoing_an_added_factor_takes_along_the_links_drawn_to_it_since(meeting: Meeting) -> None:
    added = meeting.leads("add_factor", label="Ventetid")
    factor = meeting.state.rows("factors")[-1].id
    meeting.leads("add_link", source=factor, target="gjeld", sign="+")
    before = meeting.state.to_map()
    undone = meeting.leads("undo", of=added.seq)
    assert not meeting.state.to_map().has_factor(factor)
    meeting.leads("undo", of=undone.seq)
    assert meeting.state.to_map() == before


def test_a_long_log_folds_to_what_was_kept_as_a_snapshot(meeting: Meeting) -> None:
    person = meeting.join("namsmannen")
    for number in range(log.SNAPSHOT_EVERY + 20):
        meeting.does(person, "rate_factor", factor="gjeld", importance=number % 5 + 1)
    store = meeting.workshops.store
    # Written beside the room's work; whoever closes the store waits for it.
    store.close()
    assert log.snapshot_seq(store, meeting.id) == log.SNAPSHOT_EVERY
    assert log.load_state(store, meeting.id) == meeting.state
    assert fold(State(meeting.id), log.events(store, meeting.id)) == meeting.state


def test_what_people_said_elsewhere_lives_in_tables_that_can_be_hidden(meeting: Meeting) -> None:
    base = meeting.state.base
    assert (base.framings, base.stances, base.annotations, base.ratings) == ((), (), (), ())
    assert len(meeting.state.rows("framings")) == 10


def test_a_state_does_not_change_when_the_workshop_goes_on(meeting: Meeting) -> None:
    kept = meeting.state
    copy = replace(kept)
    meeting.leads("add_factor", label="Ventetid")
    assert kept == copy
