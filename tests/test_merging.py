"""Two names for one thing: merged with provenance, and taken apart again without loss."""

from __future__ import annotations

import pytest

from tests.conftest import Meeting
from wickedmap.access import Actor
from wickedmap.changes import Refused
from wickedmap.formats import read_bytes, write_bytes
from wickedmap.leaving import export_map


def test_merging_and_unmerging_gives_back_the_same_map(meeting: Meeting) -> None:
    before = meeting.state.to_map()
    meeting.leads("merge_factors", keep="gjeld", others=["fattigdom", "utkastelse"])
    merged = meeting.state.to_map()
    assert not merged.has_factor("fattigdom")
    assert "Fattigdom" in merged.factor("gjeld").aliases
    assert all(link.source != link.target for link in merged.links)
    meeting.leads("unmerge_factor", factor="utkastelse")
    meeting.leads("unmerge_factor", factor="fattigdom")
    assert {factor.id: factor for factor in meeting.state.to_map().factors} == {
        factor.id: factor for factor in before.factors
    }
    assert {link.id: link for link in meeting.state.to_map().links} == {link.id: link for link in before.links}


def test_undoing_a_merge_gives_back_the_same_map(meeting: Meeting) -> None:
    before = meeting.state.to_map()
    receipt = meeting.leads("merge_factors", keep="gjeld", others=["fattigdom"])
    meeting.leads("undo", of=receipt.seq)
    assert meeting.state.to_map() == before


def test_what_was_said_of_both_counts_for_the_one(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    meeting.does(nav, "annotate", target_kind="factor", target="fattigdom", text="For lite å leve av")
    meeting.does(nav, "rate_factor", factor="gjeld", importance=2)
    meeting.does(nav, "rate_factor", factor="fattigdom", importance=5)
    meeting.does(police, "rate_factor", factor="fattigdom", importance=3)
    meeting.does(nav, "write_framing", problem="x", factors=["fattigdom", "gjeld", "bolig"])
    meeting.leads("merge_factors", keep="gjeld", others=["fattigdom"])
    m = meeting.state.to_map()
    assert [note.target for note in m.annotations] == ["gjeld"]
    assert {(row.person, row.importance) for row in m.ratings} == {(nav.person, 5), (police.person, 3)}
    assert m.framings[-1].factors == ("gjeld", "bolig")
    assert meeting.workshops.view(meeting.facilitator).totals["notes/factor/gjeld"] == 1
    meeting.leads("unmerge_factor", factor="fattigdom")
    assert [note.target for note in meeting.state.to_map().annotations] == ["fattigdom"]
    assert len(meeting.state.to_map().ratings) == 3


def test_what_was_edited_after_a_merge_stays_edited_when_it_is_taken_apart(meeting: Meeting) -> None:
    effects = meeting.state.to_map().effects_of("fattigdom")
    link = next(link for link in effects if link.target != "gjeld")
    meeting.leads("merge_factors", keep="gjeld", others=["fattigdom"])
    meeting.leads("edit_link", link=link.id, base_seq=meeting.state.seq, strength=3, rationale="Nytt")
    meeting.leads("unmerge_factor", factor="fattigdom")
    now = meeting.state.to_map().link(link.id)
    assert (now.source, now.strength, str(now.rationale)) == ("fattigdom", 3.0, "Nytt")


def test_merging_in_a_chain_resolves_to_the_last(meeting: Meeting) -> None:
    meeting.leads("merge_factors", keep="fattigdom", others=["arbeidsloshet"])
    meeting.leads("merge_factors", keep="gjeld", others=["fattigdom"])
    assert meeting.state.resolve("arbeidsloshet") == "gjeld"
    with pytest.raises(Refused):
        meeting.leads("unmerge_factor", factor="arbeidsloshet")
    meeting.leads("unmerge_factor", factor="fattigdom")
    meeting.leads("unmerge_factor", factor="arbeidsloshet")
    assert len(meeting.state.to_map().factors) == 22


@pytest.mark.parametrize(
    ("keep", "others", "field"),
    [
        ("gjeld", ["gjeld"], "others"),
        ("gjeld", ["nope"], "others"),
        ("nope", ["gjeld"], "keep"),
        ("gjeld", ["boligsituasjon_loslatte"], "others"),
    ],
)
def test_what_cannot_be_merged_is_refused(meeting: Meeting, keep: str, others: list[str], field: str) -> None:
    before = meeting.state
    with pytest.raises(Refused) as caught:
        meeting.leads("merge_factors", keep=keep, others=others)
    assert caught.value.field == field
    assert meeting.state == before


def test_conclusions_are_kept_side_by_side(meeting: Meeting) -> None:
    meeting.leads("conclude", link="L60", outcome="needs_evidence", text="Spør namsmannen")
    meeting.leads("conclude", link="L60", outcome="agreed_to_differ")
    assert [row.outcome for row in meeting.state.rows("conclusions")] == ["needs_evidence", "agreed_to_differ"]


def test_meanings_of_a_word_are_private_until_revealed(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    meeting.does(nav, "define_term", term="G01", text="Noe ingen eier alene")
    assert not meeting.workshops.view(police).rows("terms")
    meeting.leads("reveal", terms=True)
    assert [row.text for row in meeting.workshops.view(police).rows("terms")] == ["Noe ingen eier alene"]
    with pytest.raises(Refused):
        meeting.does(nav, "define_term", term="nope", text="x")


def test_meanings_and_conclusions_leave_with_the_data_and_come_back_in_a_new_workshop(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune", alias="Kari")
    meeting.does(nav, "define_term", term="G01", text="Noe ingen eier alene")
    meeting.leads("conclude", link="L60", outcome="needs_evidence", text="Spør namsmannen")
    revealed_only = export_map(meeting.workshops, meeting.facilitator)
    assert revealed_only.meanings == ()
    assert [row.text for row in revealed_only.conclusions] == ["Spør namsmannen"]
    taken = export_map(meeting.workshops, meeting.facilitator, private=True)
    assert [(row.term, row.person, row.agency) for row in taken.meanings] == [
        ("G01", "nav_kommune-1", "nav_kommune")
    ]
    again = meeting.workshops.open_workshop(read_bytes(write_bytes(taken, "wickedmap"), "a.json").map)
    opened = meeting.workshops.state(again)
    assert opened.base.meanings == ()
    assert opened.base.conclusions == ()
    assert opened.to_map().meanings == taken.meanings
    assert opened.to_map().conclusions == taken.conclusions
    stranger = Actor(again, "viewer", "viewer")
    assert meeting.workshops.view(stranger).to_map().meanings == ()


def test_an_agencys_own_map_has_its_own_meanings_and_no_conclusion_of_the_room(meeting: Meeting) -> None:
    for agency in ("nav_kommune", "politi"):
        meeting.does(meeting.join(agency), "define_term", term="G01", text=f"Sagt av {agency}")
    meeting.leads("conclude", link="L60", outcome="agreed")
    m = meeting.state.to_map()
    assert [row.text for row in m.perspective("politi").meanings] == ["Sagt av politi"]
    assert m.perspective("politi").conclusions == ()
    assert m.perspective().conclusions == m.conclusions != ()
