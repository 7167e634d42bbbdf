"""The map with its times: when things stood, how many held what, and never a number that tells on somebody."""

from __future__ import annotations

import io
from typing import Any

import networkx as nx
import pytest

from tests.conftest import Meeting
from wickedmap import CausalMap, leaving
from wickedmap.changes import Refused
from wickedmap.formats import gexf
from wickedmap.formats.gexf_dynamic import MapOverTime, Span, Timed, write
from wickedmap.looking_back import steps
from wickedmap.map_over_time import map_over_time
from wickedmap.rows import State
from wickedmap.store import log
from wickedmap.store.tables import EVENT

LINK = "L52"


def a_minute_apart(meeting: Meeting) -> None:
    """Put the changes of a workshop a minute from each other, as in a real one."""
    with meeting.workshops.store.writing() as connection:
        for event in log.events(meeting.workshops.store, meeting.id):
            here = (EVENT.c.workshop == meeting.id) & (EVENT.c.seq == event.seq)
            connection.execute(EVENT.update().where(here).values(at=at(event.seq, "30.123")))


def at(seq: int, second: str = "00") -> str:
    return f"2026-11-23T{8 + seq // 60:02d}:{seq % 60:02d}:{second}Z"


def told(meeting: Meeting, role: str = "researcher") -> MapOverTime:
    a_minute_apart(meeting)
    actor = meeting.facilitator if role == "facilitator" else meeting.as_role(role)
    return map_over_time(meeting.workshops, actor)


def assert_link(meeting: Meeting, actor: Any, stance: str = "asserts") -> int:
    return meeting.does(actor, "take_stance", link=LINK, stance=stance).seq


def counted(told: MapOverTime, column: str = "asserting") -> list[tuple[str, str, str]]:
    return [(one.value, one.span.start, one.span.end) for one in told.values[column].get(LINK, [])]


def test_a_factor_that_was_removed_and_brought_back_stood_twice(meeting: Meeting) -> None:
    made = meeting.leads("add_factor", label="Ny faktor")
    factor = next(one.id for one in meeting.state.rows("factors") if one.label == "Ny faktor")
    linked = meeting.leads("add_link", source=factor, target="kriminalitet", sign="+").seq
    removed = meeting.leads("remove_factor", factor=factor).seq
    undone = meeting.leads("undo", of=removed).seq
    found = told(meeting)
    assert found.factors[factor] == [Span(at(made.seq), at(removed)), Span(at(undone))]
    link = next(one.id for one in found.map.links if one.source == factor)
    assert found.links[link] == [Span(at(linked), at(removed)), Span(at(undone))]
    assert found.factors["kriminalitet"] == [Span(at(1))]


def test_what_is_gone_is_still_in_the_file_with_its_end_and_its_place(meeting: Meeting) -> None:
    place = dict(meeting.state.tables["positions"].items())["gjeld"]
    removed = meeting.leads("remove_factor", factor="gjeld").seq
    found = told(meeting)
    assert found.factors["gjeld"] == [Span(at(1), at(removed))]
    assert found.map.factor("gjeld").position == place
    file = write(found)
    graph = nx.read_gexf(io.BytesIO(file))
    assert graph.nodes["gjeld"]["removed"] is True
    assert graph.nodes["gjeld"]["end"] == at(removed)
    assert "removed" not in graph.nodes["kriminalitet"]
    assert {"r", "g", "b"} <= graph.nodes["gjeld"]["viz"]["color"].keys()


def test_a_sign_that_was_changed_is_told_with_its_times(meeting: Meeting) -> None:
    sign = next(link.sign for link in meeting.state.rows("links") if link.id == LINK)
    changed = meeting.leads(
        "edit_link", link=LINK, sign="-" if sign == 1 else "+", base_seq=meeting.state.seq
    ).seq
    found = told(meeting)
    assert found.values["sign_over_time"][LINK] == [
        Timed(str(sign), Span(at(1), at(changed))),
        Timed(str(-sign), Span(at(changed))),
    ]


def test_the_log_is_read_once_for_each_table_however_many_links_there_are(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def reading(state: State, table: str) -> Any:
        read.append(table)
        return steps(state, table)

    monkeypatch.setattr("wickedmap.map_over_time.steps", reading)
    assert len(told(meeting).links) > 3
    assert sorted(read) == ["factors", "links", "positions"]


def test_stances_are_counted_from_when_they_were_said_once_they_are_shown(meeting: Meeting) -> None:
    people = [meeting.join(agency) for agency in ("nav_kommune", "politi", "husbanken", "politi")]
    said = [assert_link(meeting, one) for one in people]
    assert counted(told(meeting)) == []
    meeting.leads("reveal", stances=True)
    meeting.leads("show_names", shown=True)
    changed = assert_link(meeting, people[0], "rejects")
    meeting.does(people[3], "withdraw_stance", link=LINK)
    found = told(meeting)
    expected = [("1", at(said[0], "30"), at(said[1], "30")), ("2", at(said[1], "30"), at(said[2], "30"))]
    expected += [("3", at(said[2], "30"), at(changed, "30")), ("2", at(changed, "30"), "")]
    assert counted(found) == expected, "who has withdrawn is not counted"
    assert counted(found, "rejecting")[-1] == ("1", at(changed, "30"), "")


def test_no_number_of_one_or_two_people_leaves_while_names_are_hidden(meeting: Meeting) -> None:
    people = [meeting.join(agency) for agency in ("nav_kommune", "politi", "husbanken", "politi")]
    meeting.leads("reveal", stances=True)
    for one in people:
        assert_link(meeting, one)
    assert_link(meeting, people[0], "rejects")
    found = told(meeting)
    for column in ("asserting", "rejecting", "unsure"):
        assert {value for value, _, _ in counted(found, column)} <= {"0", "3", "4"}
    assert all(start.endswith(":00Z") for _, start, _ in counted(found))
    # That holds for what the facilitator takes out as private, too.
    assert {value for value, _, _ in counted(told(meeting, "facilitator"))} <= {"0", "3", "4"}


def test_only_what_the_role_may_take_is_in_the_file(meeting: Meeting) -> None:
    for agency in ("nav_kommune", "politi", "husbanken"):
        assert_link(meeting, meeting.join(agency, alias="Kari Hansen"))
    meeting.leads("show_names", shown=True)
    a_minute_apart(meeting)
    plain = leaving.export_file(meeting.workshops, meeting.facilitator, leaving.TIMELINE)
    private = leaving.export_file(meeting.workshops, meeting.facilitator, leaving.TIMELINE, private=True)
    assert plain.name.endswith(".dynamic.gexf")
    counts = [
        values
        for file in (plain, private)
        for *_, data in nx.read_gexf(io.BytesIO(file.content)).edges(data=True)
        if (values := data.get("asserting"))
    ]
    assert [[value for value, _, _ in values] for values in counts] == [[1, 2, 3]], "only in the private one"
    assert b"Kari" not in private.content
    assert "stance on a link: 3 lost" not in plain.losses
    with pytest.raises(Refused):
        leaving.export_file(meeting.workshops, meeting.as_role("viewer"), leaving.TIMELINE)


def test_our_own_reader_reads_the_map_without_its_times(meeting: Meeting) -> None:
    meeting.leads("remove_factor", factor="gjeld")
    found = told(meeting)
    reading = gexf.read(write(found))
    assert len(reading.map.factors) == len(found.map.factors)
    assert [link.sign for link in reading.map.links] == [link.sign for link in found.map.links]
    assert "times" in {notice.code for notice in reading.report}


def test_networkx_reads_numbers_with_their_times() -> None:
    workshop = MapOverTime(
        map=CausalMap.from_links([("a", "b", 1)]),
        span=Span(at(1), at(9)),
        factors={"a": [Span(at(1))], "b": [Span(at(1), at(2)), Span(at(3))]},
        links={"L1": [Span(at(1))]},
        values={"asserting": {"L1": [Timed("3", Span(at(1), at(2))), Timed("4", Span(at(2)))]}},
    )
    graph = nx.read_gexf(io.BytesIO(write(workshop)))
    assert graph.graph["mode"] == "dynamic"
    assert graph.edges["a", "b"]["asserting"] == [(3, at(1), at(2)), (4, at(2), "None")]
    assert graph.nodes["b"]["spells"] == [(at(1), at(2)), (at(3), "None")]


def test_a_file_name_asks_for_it() -> None:
    assert leaving.form_of("Kart.dynamic.gexf") == leaving.TIMELINE
    assert leaving.form_of("kart.gexf") == "gexf"
