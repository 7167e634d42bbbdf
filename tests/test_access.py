"""What is private stays private: walked over every role, table and change."""

from __future__ import annotations

import itertools
import json

import pytest

from tests.conftest import Meeting
from wickedmap.access import (
    countable,
    key_fits,
    key_for,
    masked_agencies,
    new_code,
    normalise_code,
    show_code,
    visible_to,
)
from wickedmap.rows import CONTRIBUTIONS
from wickedmap.state import snapshot_of

SECRET = "KANARIFUGL"


def fill(meeting: Meeting) -> dict[str, object]:
    """Have one NAV person contribute something of every kind, each with a canary in it."""
    nav = meeting.join("nav_kommune", alias=f"{SECRET}-alias")
    meeting.does(nav, "annotate", target_kind="factor", target="gjeld", text=f"{SECRET} note")
    meeting.does(nav, "take_stance", link="L60", stance="rejects", reason=f"{SECRET} stance")
    meeting.does(nav, "rate_factor", factor="gjeld", importance=5)
    meeting.does(nav, "write_framing", problem=f"{SECRET} framing")
    meeting.does(nav, "propose_factor", label=f"{SECRET} proposal")
    return {"nav": nav}


def everything_seen(meeting: Meeting, actor: object) -> str:
    seen = meeting.workshops.view(actor)  # type: ignore[arg-type]
    events = meeting.workshops.changes_since(actor, 0)  # type: ignore[arg-type]
    return snapshot_of(seen) + json.dumps(events, ensure_ascii=False)


def test_nobody_outside_the_agency_sees_a_private_contribution(meeting: Meeting) -> None:
    fill(meeting)
    police = meeting.join("politi")
    for actor in (police, meeting.as_role("viewer"), meeting.as_role("researcher")):
        assert SECRET not in everything_seen(meeting, actor)
        seen = meeting.workshops.view(actor)
        assert all(row.agency != "nav_kommune" for table in CONTRIBUTIONS for row in seen.rows(table))


def test_the_own_agency_and_the_facilitator_see_it(meeting: Meeting) -> None:
    fill(meeting)
    colleague = meeting.join("nav_kommune")
    for actor in (colleague, meeting.facilitator):
        text = everything_seen(meeting, actor)
        for what in ("note", "stance", "framing", "proposal"):
            assert f"{SECRET} {what}" in text


@pytest.mark.parametrize(
    ("flag", "what"),
    [("notes", "note"), ("stances", "stance"), ("framings", "framing"), ("proposals", "proposal")],
)
def test_revealing_one_kind_reveals_that_kind_only(meeting: Meeting, flag: str, what: str) -> None:
    fill(meeting)
    meeting.leads("reveal", **{flag: True})
    police = meeting.join("politi")
    for actor in (police, meeting.as_role("viewer"), meeting.as_role("researcher")):
        text = everything_seen(meeting, actor)
        assert f"{SECRET} {what}" in text
        for other in {"note", "stance", "framing", "proposal", "alias"} - {what}:
            assert f"{SECRET} {other}" not in text
            assert f"{SECRET}-{other}" not in text
    meeting.leads("reveal", **{flag: False})
    assert SECRET not in everything_seen(meeting, police)


def test_agencies_are_letters_until_their_names_are_shown(meeting: Meeting) -> None:
    fill(meeting)
    meeting.leads("reveal", notes=True, stances=True, ratings=True, framings=True, proposals=True)
    viewer = meeting.as_role("viewer")
    seen = meeting.workshops.view(viewer)
    for table in CONTRIBUTIONS:
        assert all(row.agency.startswith("letter-") for row in seen.rows(table) if row.person)
    # Examples are nobody's, and their words would tell which agency a letter stands for.
    assert not any(row.agency.startswith("letter-") for row in seen.rows("framings") if row.example)
    assert "nav_kommune-" not in json.dumps(meeting.workshops.changes_since(viewer, 1))
    assert all("agency" not in event["by"] for event in meeting.workshops.changes_since(viewer, 1))
    meeting.leads("show_names", shown=True)
    assert {row.agency for row in meeting.workshops.view(viewer).rows("stances")} == {"nav_kommune"}


def test_the_agencies_that_the_wall_compares_are_letters_too(meeting: Meeting) -> None:
    fill(meeting)
    chosen = ["politi", "nav_kommune"]
    meeting.leads("set_wall", view="pair", agencies=chosen)
    viewer, police = meeting.as_role("viewer"), meeting.join("politi")
    letters = {agency: mask.id for agency, mask in masked_agencies(meeting.state).items()}
    for actor in (viewer, meeting.as_role("researcher")):
        seen = meeting.workshops.view(actor).setting("wall_of")
        # In the order of the letters: that of the choice would tell whose they are.
        assert seen == {"agencies": sorted(letters[one] for one in chosen)}
        told = meeting.workshops.changes_since(actor, 1)[-1]
        assert (told["kind"], told["fields"]["agencies"]) == ("set_wall", seen["agencies"])
    own = meeting.workshops.view(police).setting("wall_of")
    assert set(own["agencies"]) == {"politi", letters["nav_kommune"]}
    assert meeting.workshops.view(meeting.facilitator).setting("wall_of") == {"agencies": chosen}
    meeting.leads("show_names", shown=True)
    assert meeting.workshops.view(viewer).setting("wall_of") == {"agencies": chosen}


def test_the_own_agency_keeps_its_name_among_letters(meeting: Meeting) -> None:
    fill(meeting)
    police = meeting.join("politi")
    meeting.does(police, "rate_factor", factor="gjeld", importance=1)
    meeting.leads("reveal", ratings=True)
    agencies = {row.agency for row in meeting.workshops.view(police).rows("ratings")}
    assert "politi" in agencies
    assert "nav_kommune" not in agencies


def test_letters_keep_to_their_agencies_when_a_new_one_comes_in(meeting: Meeting) -> None:
    before = {agency: row.id for agency, row in masked_agencies(meeting.state).items()}
    meeting.workshops.join(meeting.id, op_id=meeting.op(), agency_name="Kirkens Bymisjon")
    after = {agency: row.id for agency, row in masked_agencies(meeting.state).items()}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1 == len(set(after.values()))


def test_a_hidden_contribution_stays_its_authors_own(meeting: Meeting) -> None:
    nav = fill(meeting)["nav"]
    meeting.leads("reveal", notes=True)
    note = meeting.state.rows("annotations")[0].id
    meeting.leads("hide_contribution", table="annotations", contribution=note)
    assert SECRET not in everything_seen(meeting, meeting.as_role("viewer"))
    assert f"{SECRET} note" in everything_seen(meeting, nav)


def test_the_wall_counts_notes_that_it_may_not_show(meeting: Meeting) -> None:
    fill(meeting)
    seen = meeting.workshops.view(meeting.as_role("viewer"))
    assert seen.totals["notes/factor/gjeld"] == 1
    kinds = [event["kind"] for event in meeting.workshops.changes_since(meeting.as_role("viewer"), 2)]
    assert kinds == ["activity"]


def test_a_researcher_gets_what_is_private_only_when_it_is_released(meeting: Meeting) -> None:
    fill(meeting)
    researcher = meeting.as_role("researcher")
    assert SECRET not in everything_seen(meeting, researcher)
    meeting.leads("release_private", released=True)
    text = everything_seen(meeting, researcher)
    assert f"{SECRET} stance" in text
    assert f"{SECRET}-alias" not in text


def test_nothing_of_others_can_be_read_from_the_undo_list(meeting: Meeting) -> None:
    fill(meeting)
    police = meeting.join("politi")
    receipt = meeting.does(police, "rate_factor", factor="rus", importance=2)
    assert list(visible_to(meeting.state, police).done.keys()) == [receipt.seq]
    assert not visible_to(meeting.state, meeting.as_role("viewer")).done


@pytest.mark.parametrize(
    "typed", ["abcd-efg0", "ABCDEFG0", " abcd efg0 ", "ABCD–EFGO", "ａｂｃｄｅｆｇ０", "abcdefgo"]
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert normalise_code(typed) == "ABCDEFG0"


@pytest.mark.parametrize(
    "typed", [None, [], {}, "", "ABCDEFG", "ABCDEFGHJ", "ABCDEFGU", "x" * 1_000_000, 12345678]
)
def test_what_cannot_be_a_code_is_none(typed: object) -> None:
    assert normalise_code(typed) is None


def test_codes_are_random_and_read_back() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(normalise_code(show_code(code).lower()) == code for code in codes)


def test_a_key_fits_its_own_workshop_role_and_generation_only() -> None:
    secret = b"s" * 32
    key = key_for(secret, "w", "viewer", 1)
    assert len(key) == 32
    assert key_fits(secret, "w", "viewer", 1, key)
    for other in (("v", "viewer", 1), ("w", "facilitator", 1), ("w", "viewer", 2)):
        assert not key_fits(secret, *other, key)
    for wrong in (None, "", key[:-1], key + "A", "ø" * 32, 5):
        assert not key_fits(secret, "w", "viewer", 1, wrong)


@pytest.mark.parametrize("own", ["", "a", "b"])
def test_with_hidden_names_no_number_of_one_or_two_people_is_shown_or_can_be_worked_out(own: str) -> None:
    for counts in itertools.product(range(5), repeat=4):
        people = dict(zip("abcd", counts, strict=True))
        found = countable(people, own)
        for agency, count in people.items():
            if agency in found.groups and agency != own:
                assert count not in (1, 2)
        if found.total:
            hidden = sum(people.values()) - sum(people[agency] for agency in found.groups)
            assert hidden not in (1, 2)
            assert sum(people.values()) not in (1, 2)


def test_numbers_of_three_and_more_are_shown() -> None:
    found = countable({"a": 3, "b": 5, "c": 0})
    assert found.groups == {"a", "b", "c"}
    assert found.total


def test_words_that_were_changed_or_taken_back_in_private_are_not_in_what_others_get_of_the_log(
    meeting: Meeting,
) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    meeting.does(nav, "take_stance", link="L60", stance="asserts", reason=f"{SECRET} draft")
    meeting.does(nav, "take_stance", link="L60", stance="rejects", reason="slik")
    meeting.does(nav, "annotate", target_kind="factor", target="gjeld", text=f"{SECRET} note")
    note = meeting.state.rows("annotations")[-1].id
    meeting.does(nav, "remove_annotation", annotation=note)
    meeting.does(nav, "define_term", term="G01", text=f"{SECRET} term")
    meeting.does(nav, "define_term", term="G01", text="ordet")
    meeting.does(nav, "write_framing", problem=f"{SECRET} framing")
    meeting.does(nav, "withdraw_framing")
    meeting.leads("reveal", notes=True, stances=True, terms=True, framings=True)
    for actor in (police, meeting.as_role("viewer"), meeting.as_role("researcher")):
        told = json.dumps(meeting.workshops.changes_since(actor, 0), ensure_ascii=False)
        assert SECRET not in told
        assert "slik" in told
        assert "ordet" in told
    meeting.leads("release_private", released=True)
    told = json.dumps(meeting.workshops.changes_since(meeting.as_role("researcher"), 0))
    assert SECRET not in told
    assert SECRET in json.dumps(meeting.workshops.changes_since(nav, 0))


def test_others_learn_that_something_they_saw_is_gone(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    meeting.leads("reveal", stances=True)
    meeting.does(nav, "take_stance", link="L60", stance="asserts")
    gone = meeting.does(nav, "withdraw_stance", link="L60").seq
    (told,) = meeting.workshops.changes_since(police, gone - 1)
    assert (told["seq"], told["kind"], told["fields"]) == (gone, "activity", {})


def test_what_is_parked_is_not_told_to_the_wall_nor_that_it_was_taken_off(meeting: Meeting) -> None:
    parked = meeting.leads("park", text=f"{SECRET} parkert")
    (item,) = meeting.state.tables["parked"]
    meeting.leads("unpark", item=item)
    meeting.leads("undo", of=parked.seq + 1)
    viewer = meeting.as_role("viewer")
    assert SECRET not in everything_seen(meeting, viewer)
    told = meeting.workshops.changes_since(viewer, parked.seq - 1)  # type: ignore[arg-type]
    assert [(one["kind"], one["fields"]) for one in told] == [("activity", {})] * 3
    assert SECRET in everything_seen(meeting, meeting.as_role("researcher"))
