"""The one door for writing: roles, order, repeats, and clear refusals."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.conftest import Meeting
from wickedmap import changes
from wickedmap.access import Actor
from wickedmap.changes import Change, Refused
from wickedmap.store import log, sessions
from wickedmap.store.sessions import Grant

SAMPLES: dict[str, dict[str, Any]] = {
    "add_factor": {"label": "Ventetid"},
    "edit_factor": {"factor": "gjeld", "base_seq": 99},
    "move_factors": {"positions": {"gjeld": [1, 2]}},
    "add_link": {"source": "gjeld", "target": "skilsmisse"},
    "edit_link": {"link": "L60", "base_seq": 99},
    "adopt_suggestion": {"factor": "stigma"},
    "import_map": {
        "map": {
            "format": "wickedmap-map",
            "version": 1,
            "factors": [{"id": "kaffe", "labels": {"nb": "Kaffe"}}],
        }
    },
    "propose_factor": {"label": "Ventetid"},
    "propose_link": {"source": "gjeld", "target": "skilsmisse"},
    "annotate": {"target_kind": "factor", "target": "gjeld", "text": "Bøter"},
    "take_stance": {"link": "L60", "stance": "unsure"},
    "withdraw_stance": {"link": "L60"},
    "rate_factor": {"factor": "gjeld", "importance": 3},
    "withdraw_rating": {"factor": "gjeld"},
    "write_framing": {"problem": "For få boliger"},
    "define_term": {"term": "G01", "text": "Det vi ikke får til alene"},
    "withdraw_term": {"term": "G01"},
    "merge_factors": {"keep": "gjeld", "others": ["fattigdom"]},
    "unmerge_factor": {"factor": "fattigdom"},
    "conclude": {"link": "L60", "outcome": "agreed_to_differ"},
    "withdraw_framing": {},
    "set_stage": {"stage": 2},
    "set_centre": {"factor": "gjeld"},
    "set_spotlight": {"target_kind": "factor", "target": "gjeld"},
    "set_wall": {"view": "map"},
    "reveal": {"stances": True},
    "show_names": {"shown": True},
    "set_doors": {"open": False},
    "set_room": {"distance": 8},
    "set_agenda": {"template": "45"},
    "set_step": {"step": 1},
    "park": {"text": "Ta opp senere"},
    "rename": {"title": "Bolig i Sandnes"},
    "release_private": {"released": True},
    "remove_link": {"link": "L60"},
    "remove_factor": {"factor": "gjeld"},
    "reopen": {},
    "finish": {},
}
NEEDS_MORE = {
    *("open_workshop", "join", "end_attendance", "accept_proposal", "decline_proposal", "withdraw_proposal"),
    *("edit_annotation", "remove_annotation", "hide_contribution", "unpark", "undo"),
}
ROLES = {
    model.model_fields["kind"].default: model.roles
    for model in vars(changes).values()
    if isinstance(model, type) and issubclass(model, Change) and model is not Change
}


def test_every_kind_of_change_is_in_the_role_matrix() -> None:
    assert set(SAMPLES) | NEEDS_MORE == set(ROLES)


@pytest.mark.parametrize("role", ["facilitator", "representative", "viewer", "researcher"])
def test_each_role_can_do_what_it_may_and_nothing_else(meeting: Meeting, role: str) -> None:
    actor = meeting.join("politi") if role == "representative" else meeting.as_role(role)
    for kind, fields in SAMPLES.items():
        if role in ROLES[kind]:
            meeting.does(actor, kind, **fields)
            continue
        with pytest.raises(Refused) as caught:
            meeting.does(actor, kind, **fields)
        assert caught.value.code == "not_allowed", kind


@pytest.mark.parametrize("role", ["facilitator", "representative", "viewer", "researcher"])
def test_nobody_can_send_what_only_the_server_writes(meeting: Meeting, role: str) -> None:
    actor = meeting.join("politi") if role == "representative" else meeting.as_role(role)
    for kind, fields in {"join": {"person": "me", "role": "facilitator"}, "open_workshop": {"map": {}}}.items():
        with pytest.raises(Refused) as caught:
            meeting.does(actor, kind, **fields)
        assert caught.value.code == "not_allowed"


def test_the_same_change_sent_three_times_is_one(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    note = {
        "kind": "annotate",
        "op_id": "same-operation",
        "target_kind": "factor",
        "target": "gjeld",
        "text": "Bøter",
    }
    receipts = [meeting.workshops.submit(nav, note) for _ in range(3)]
    assert [receipt.repeated for receipt in receipts] == [False, True, True]
    assert len({receipt.seq for receipt in receipts}) == 1
    assert len(meeting.state.rows("annotations")) == 1


def test_somebody_elses_operation_id_answers_nothing(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    note = {
        "kind": "annotate",
        "op_id": "same-operation",
        "target_kind": "factor",
        "target": "gjeld",
        "text": "x",
    }
    meeting.workshops.submit(nav, note)
    with pytest.raises(Refused) as caught:
        meeting.workshops.submit(police, note)
    assert caught.value.field == "op_id"


def test_a_stale_edit_is_answered_with_both_texts_and_changes_nothing(meeting: Meeting) -> None:
    seen = meeting.state.seq
    meeting.leads("edit_factor", factor="gjeld", base_seq=seen, label="Gjeld og bøter")
    with pytest.raises(Refused) as caught:
        meeting.leads("edit_factor", factor="gjeld", base_seq=seen, label="Uhåndterlig gjeld")
    assert caught.value.code == "stale"
    assert caught.value.details["yours"]["label"] == "Uhåndterlig gjeld"
    assert caught.value.details["theirs"]["label"] == "Gjeld og bøter"
    assert meeting.state.row("factors", "gjeld").label == "Gjeld og bøter"


def test_fifty_people_editing_one_factor_at_once_overwrite_nothing(meeting: Meeting) -> None:
    seen = meeting.state.seq
    answers: list[str] = []

    def edit(number: int) -> None:
        change = {
            "kind": "edit_factor",
            "op_id": f"race-{number:06d}",
            "factor": "gjeld",
            "base_seq": seen,
            "label": f"Gjeld {number}",
        }
        try:
            meeting.workshops.submit(meeting.facilitator, change)
            answers.append("done")
        except Refused as refused:
            answers.append(refused.code)

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) == ["done", "stale"]
    assert answers.count("done") == 1


@pytest.mark.parametrize(
    ("kind", "fields", "code", "field"),
    [
        ("annotate", {"target_kind": "factor", "target": "nope", "text": "x"}, "unknown_factor", "target"),
        ("annotate", {"target_kind": "link", "target": "nope", "text": "x"}, "unknown_link", "target"),
        ("take_stance", {"link": "nope", "stance": "asserts"}, "unknown_link", "link"),
        ("rate_factor", {"factor": "nope"}, "unknown_factor", "factor"),
        ("propose_factor", {"label": "  GJÉLD "}, "duplicate_label", "label"),
        ("propose_factor", {"label": "debt"}, "duplicate_label", "label"),
        ("propose_link", {"source": "gjeld", "target": "gjeld"}, "self_link", "target"),
        ("propose_link", {"source": "nope", "target": "gjeld"}, "unknown_factor", "source"),
        (
            "edit_annotation",
            {"annotation": "nope", "base_seq": 1, "text": "x"},
            "unknown_annotation",
            "annotation",
        ),
        ("write_framing", {}, "empty", "problem"),
        ("write_framing", {"problem": "x", "factors": ["nope"]}, "unknown_factor", "factors"),
        ("undo", {"of": 9999}, "cannot_undo", "of"),
    ],
)
def test_what_does_not_fit_the_workshop_is_refused_by_field(
    meeting: Meeting, kind: str, fields: dict[str, Any], code: str, field: str
) -> None:
    nav = meeting.join("nav_kommune")
    before = meeting.state
    with pytest.raises(Refused) as caught:
        meeting.does(nav, kind, **fields)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert meeting.state == before


def test_the_very_same_link_is_refused_and_another_sign_is_not(meeting: Meeting) -> None:
    link = meeting.state.row("links", "L60")
    mark = "+" if link.sign == 1 else "-"
    with pytest.raises(Refused) as caught:
        meeting.leads("add_link", source=link.source, target=link.target, sign=mark, delay=link.delay)
    assert caught.value.code == "same_link"
    meeting.leads("add_link", source=link.source, target=link.target, sign="±", delay=link.delay)


def test_a_person_undoes_own_changes_only_and_the_facilitator_any(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    receipt = meeting.does(nav, "rate_factor", factor="gjeld", importance=5)
    with pytest.raises(Refused) as caught:
        meeting.does(police, "undo", of=receipt.seq)
    assert caught.value.code == "not_allowed"
    meeting.leads("undo", of=receipt.seq)
    assert not meeting.state.rows("ratings")
    with pytest.raises(Refused) as caught:
        meeting.leads("undo", of=receipt.seq)
    assert caught.value.code == "already_undone"


def test_closed_doors_let_nobody_new_in_and_keep_nobody_out(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    meeting.leads("set_doors", open=False)
    with pytest.raises(Refused) as caught:
        meeting.join("politi")
    assert caught.value.code == "doors_closed"
    meeting.does(nav, "rate_factor", factor="gjeld", importance=5)


def test_a_finished_workshop_is_read_only_until_it_is_reopened(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    meeting.leads("finish")
    for actor, kind, fields in (
        (nav, "rate_factor", {"factor": "gjeld", "importance": 5}),
        (meeting.facilitator, "add_factor", {"label": "Ventetid"}),
    ):
        with pytest.raises(Refused) as caught:
            meeting.does(actor, kind, **fields)
        assert caught.value.code == "finished"
    meeting.leads("reveal", stances=True)
    meeting.leads("reopen")
    meeting.does(nav, "rate_factor", factor="gjeld", importance=5)


def test_a_new_agency_with_a_known_name_is_the_known_one(meeting: Meeting) -> None:
    person = meeting.workshops.join(meeting.id, op_id=meeting.op(), agency_name=" namsmannen ")
    assert person.agency == "namsmannen"
    other = meeting.workshops.join(meeting.id, op_id=meeting.op(), agency_name="Kirkens Bymisjon")
    third = meeting.workshops.join(meeting.id, op_id=meeting.op(), agency_name="kirkens bymisjon")
    assert other.agency == third.agency
    assert meeting.state.agency_label(other.agency, "nb") == "Kirkens Bymisjon"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "missing_field"),
        ({"agency": "nope"}, "unknown_agency"),
        ({"agency": "politi", "alias": "x" * 81}, "too_long"),
        ({"agency": "politi", "alias": "01019012345"}, "national_number"),
        ({"agency": ["politi"]}, "not_text"),
    ],
)
def test_joining_says_what_is_missing_or_wrong(meeting: Meeting, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        meeting.workshops.join(meeting.id, op_id=meeting.op(), **fields)
    assert caught.value.code in (code, "bad_value")


def test_whoever_was_let_go_can_neither_write_nor_come_back_with_the_old_session(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    store = meeting.workshops.store
    token = sessions.give(store, None, Grant(meeting.id, "representative", nav.person))
    meeting.workshops.end_attendance(meeting.facilitator, nav.person, meeting.op())
    assert sessions.grants_of(store, token) == []
    assert meeting.workshops.actor(Grant(meeting.id, "representative", nav.person)) is None
    with pytest.raises(Refused) as caught:
        meeting.does(nav, "rate_factor", factor="gjeld", importance=5)
    assert caught.value.code == "not_joined"


def test_an_accepted_link_carries_its_proposers_stance(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    meeting.does(
        nav, "propose_link", source="gjeld", target="skilsmisse", sign="+", rationale="Krangler om penger"
    )
    proposal = meeting.state.rows("proposals")[0]
    assert not meeting.state.to_map().has_link(proposal.id)
    meeting.leads("accept_proposal", proposal=proposal.id)
    link = meeting.state.to_map().link(proposal.id)
    assert (link.mark, link.status) == ("+", "own")
    stance = meeting.state.rows("stances")[0]
    assert (stance.person, stance.stance, stance.sign) == (nav.person, "asserts", 1)
    with pytest.raises(Refused) as caught:
        meeting.leads("decline_proposal", proposal=proposal.id)
    assert caught.value.code == "not_proposed"


def test_listeners_hear_every_change_once_and_in_order(meeting: Meeting) -> None:
    heard: list[int] = []
    stop = meeting.workshops.listen(lambda event: heard.append(event.seq))
    start = meeting.state.seq
    for importance in (1, 2, 3):
        meeting.leads("set_step", step=importance)
    stop()
    meeting.leads("set_step", step=4)
    assert heard == [start + 1, start + 2, start + 3]


def test_a_workshop_nobody_knows_is_refused(meeting: Meeting) -> None:
    stranger = Actor("nowhere", "facilitator", "facilitator")
    with pytest.raises(Refused) as caught:
        meeting.workshops.submit(stranger, {"kind": "set_step", "op_id": meeting.op(), "step": 1})
    assert caught.value.code == "unknown_workshop"


def test_what_was_written_is_there_after_a_restart(meeting: Meeting) -> None:
    from wickedmap.workshop import Workshops

    nav = meeting.join("nav_kommune")
    meeting.does(nav, "rate_factor", factor="gjeld", importance=5)
    again = Workshops(meeting.workshops.store)
    assert again.state(meeting.id) == meeting.state
    assert log.count(meeting.workshops.store, meeting.id) == meeting.state.seq
