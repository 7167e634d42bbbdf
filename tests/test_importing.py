"""A file brought into a workshop that goes on: what is shown is what happens, and one undo takes it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Meeting
from tests.formats.maps import maps
from wickedmap.causal_map import CausalMap
from wickedmap.changes import Refused, read_change
from wickedmap.formats import Reading, read_bytes, write_bytes
from wickedmap.formats.native import map_to_json
from wickedmap.graphs.free_places import overlaps
from wickedmap.import_plan import plan_import
from wickedmap.importing import afterwards, prepared, preview, to_open
from wickedmap.model import Agency, Annotation, Factor, Link, Stance
from wickedmap.rows import Event, State
from wickedmap.state import apply, snapshot_from, snapshot_of
from wickedmap.text import Texts

CSV = "fra;til;fortegn\nGjeld;Søvnløshet;+\nSøvnløshet;Husleie;-\n gjeld ;Kaffe;?\n".encode()
MAP_TABLES = ("factors", "links", "positions", "agencies", "settings", "annotations", "stances", "people")


def imported(meeting: Meeting, m: CausalMap, **fields: Any) -> Any:
    ready = prepared(meeting.state, m)
    return meeting.leads("import_map", map=map_to_json(ready), **fields)


def rows(state: State) -> dict[str, dict[str, Any]]:
    return {table: dict(state.tables[table].items()) for table in MAP_TABLES}


def labelled(*labels: str, links: tuple[Link, ...] = (), **fields: Any) -> CausalMap:
    return CausalMap(factors=tuple(Factor(one, Texts(nb=one)) for one in labels), links=links, **fields)


def test_a_preview_tells_what_is_new_and_what_is_here_already(meeting: Meeting) -> None:
    before = meeting.state
    shown = preview(before, read_bytes(CSV, "kart.csv"))
    assert meeting.state is before
    assert [one.label for one in shown.plan.factors] == ["Søvnløshet", "Husleie", "Kaffe"]
    assert {(one.label, one.factor) for one in shown.plan.recognised} == {
        ("Gjeld", "gjeld"),
        ("gjeld", "gjeld"),
    }
    assert len(shown.plan.links) == 3
    assert shown.possible
    said = shown.to_json("nb")
    assert said["read"]["factors"] == 5
    assert said["adds"] == {"factors": 3, "links": 3, "agencies": 0, "aliases": 0}
    assert {"source": "Gjeld", "target": "Søvnløshet", "mark": "+"}.items() <= said["links"][0].items()


def test_what_was_shown_is_what_happens(meeting: Meeting) -> None:
    m = read_bytes(CSV, "kart.csv").map
    before = meeting.state
    plan = preview(before, Reading(m, "csv")).plan
    imported(meeting, m, file="kart.csv")
    after = meeting.state
    assert len(after.rows("factors")) == len(before.rows("factors")) + len(plan.factors)
    assert len(after.rows("links")) == len(before.rows("links")) + len(plan.links)
    kaffe = next(one for one in after.rows("factors") if one.label == "Kaffe")
    assert kaffe.provenance == f"kart.csv, change {after.seq}"
    assert kaffe.status == "imported"
    sleep = next(one for one in after.rows("factors") if one.label == "Søvnløshet")
    assert [(link.source, link.mark) for link in after.to_map().causes_of(sleep.id)] == [("gjeld", "+")]


def test_one_undo_restores_the_map_and_a_redo_brings_it_back(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    meeting.does(nav, "annotate", target_kind="factor", target="gjeld", text="Bøter")
    before = rows(meeting.state)
    m = labelled(
        "Gjeld", "Kaffe", links=(Link("x", "Gjeld", "Kaffe", 1),), agencies=(Agency("kafe", Texts(nb="Kafé")),)
    )
    m = m.replace(factors=(m.factors[0], Factor("Kaffe", Texts(nb="Kaffe"), agencies=("kafe",))))
    receipt = imported(meeting, m, aliases=True)
    after = rows(meeting.state)
    assert after != before
    undone = meeting.leads("undo", of=receipt.seq)
    assert rows(meeting.state) == before
    meeting.leads("undo", of=undone.seq)
    assert rows(meeting.state) == after


def test_undo_takes_links_that_others_drew_and_leaves_an_agency_that_somebody_joined(meeting: Meeting) -> None:
    m = CausalMap(
        factors=(Factor("kaffe", Texts(nb="Kaffe"), agencies=("kafe",)),),
        agencies=(Agency("kafe", Texts(nb="Kafeen")),),
    )
    receipt = imported(meeting, m)
    meeting.leads("add_link", source="kaffe", target="gjeld", sign="+")
    meeting.join("kafe")
    meeting.leads("undo", of=receipt.seq)
    state = meeting.state
    assert state.row("factors", "kaffe") is None
    assert all("kaffe" not in (link.source, link.target) for link in state.rows("links"))
    assert state.agency_label("kafe", "nb") == "Kafeen"


def test_importing_what_is_there_already_is_refused_and_changes_nothing(meeting: Meeting) -> None:
    before = meeting.state
    assert not preview(before, Reading(before.to_map(), "wickedmap")).possible
    with pytest.raises(Refused) as caught:
        imported(meeting, before.to_map())
    assert caught.value.code == "nothing_new"
    assert meeting.state is before


def test_the_same_file_twice_adds_nothing_the_second_time(meeting: Meeting) -> None:
    m = read_bytes(CSV, "kart.csv").map
    imported(meeting, m)
    assert plan_import(meeting.state, m).adds_nothing


def test_another_wording_is_kept_as_an_alias_only_on_request(meeting: Meeting) -> None:
    m = CausalMap(factors=(Factor("x", Texts(nb="GJELD", en="Money owed")),))
    assert plan_import(meeting.state, m).adds_nothing
    imported(meeting, m, aliases=True)
    assert meeting.state.row("factors", "gjeld").aliases[-2:] == ("Money owed", "GJELD")
    # From now on the other wording is known too.
    other = CausalMap(factors=(Factor("y", Texts(nb="money owed")),))
    assert plan_import(meeting.state, other).recognised[0].factor == "gjeld"


def test_a_factor_that_is_said_to_be_here_is_not_added_and_its_wording_becomes_an_alias(
    meeting: Meeting,
) -> None:
    debt, unrest = Factor("old", Texts(nb="Gammel gjeld")), Factor("unrest", Texts(nb="Uro"))
    m = CausalMap(factors=(debt, unrest), links=(Link("a", "old", "unrest", 1),))
    shown = preview(meeting.state, Reading(m, "csv"), same={"old": "gjeld", "unrest": "gone"})
    assert [one.label for one in shown.plan.factors] == ["Uro"]
    assert shown.plan.links[0].source == "gjeld"
    before = rows(meeting.state)
    receipt = imported(meeting, m, same={"old": "gjeld"})
    assert "Gammel gjeld" in meeting.state.row("factors", "gjeld").aliases
    assert preview(meeting.state, Reading(m, "csv")).plan.adds_nothing
    meeting.leads("undo", of=receipt.seq)
    assert rows(meeting.state)["factors"] == before["factors"]
    assert rows(meeting.state)["links"] == before["links"]


def test_the_map_afterwards_is_the_one_that_the_import_makes(meeting: Meeting) -> None:
    m = read_bytes(CSV, "kart.csv").map
    wanted = afterwards(meeting.state, preview(meeting.state, Reading(m, "csv")).plan)
    imported(meeting, m)
    made = meeting.state.to_map()
    assert {one.label: one.position for one in wanted.factors} == {
        one.label: one.position for one in made.factors
    }
    assert len(wanted.links) == len(made.links)


def test_a_picture_of_a_file_with_some_places_shows_where_the_others_will_stand(meeting: Meeting) -> None:
    m = labelled("Kaffe", "Te")
    m = m.replace(factors=(replace(m.factors[0], position=(5.0, 5.0)), m.factors[1]))
    wanted = afterwards(meeting.state, preview(meeting.state, Reading(m, "csv")).plan)
    imported(meeting, m)
    assert {one.label: one.position for one in wanted.factors} == {
        one.label: one.position for one in meeting.state.to_map().factors
    }


def test_a_factor_with_a_foreign_id_can_be_said_to_be_here(meeting: Meeting) -> None:
    m = CausalMap(factors=(Factor("n::0 «å»", Texts(nb="Gammel gjeld")), Factor("te", Texts(nb="Te"))))
    imported(meeting, m, same={"n::0 «å»": "gjeld"})
    assert "Gammel gjeld" in meeting.state.row("factors", "gjeld").aliases
    assert [one.label for one in meeting.state.rows("factors")].count("Gammel gjeld") == 0


def test_two_factors_of_the_file_with_one_label_become_one(meeting: Meeting) -> None:
    m = CausalMap(
        factors=(Factor("a", Texts(nb="Kaffe")), Factor("b", Texts(nb="kaffe ")), Factor("c", Texts(nb="Te"))),
        links=(Link("1", "a", "c", 1), Link("2", "b", "c", 1), Link("3", "a", "b", 1)),
    )
    plan = plan_import(meeting.state, m)
    assert [one.label for one in plan.factors] == ["Kaffe", "Te"]
    assert [(one.label, one.factor) for one in plan.recognised] == [("kaffe ", "a")]
    assert (len(plan.links), plan.known_links) == (1, ("2",))
    assert [notice.code for notice in plan.notices] == ["self-link"]


def test_a_foreign_id_that_is_taken_never_becomes_another_factor(meeting: Meeting) -> None:
    meeting.leads("add_factor", label="Ventetid")
    removed = meeting.state.rows("factors")[-1].id
    meeting.leads("remove_factor", factor=removed)
    ids = ["gjeld", removed, "stigma", "__proto__", "a b", "x" * 80]
    m = CausalMap(factors=tuple(Factor(one, Texts(nb=f"Noe nytt {place}")) for place, one in enumerate(ids)))
    plan = plan_import(meeting.state, m, op_id="operation-x")
    made = {one.id for one in plan.factors}
    assert len(made) == len(ids)
    assert not made & set(ids)
    for one in made:
        read_change({"kind": "remove_factor", "op_id": "operation-1", "factor": one})
    assert [notice.code for notice in plan.notices] == ["same-id"]


def test_a_sign_that_the_file_does_not_know_makes_no_second_link(meeting: Meeting) -> None:
    link = meeting.state.row("links", "L60")
    ends = [meeting.state.row("factors", one).label for one in (link.source, link.target)]
    m = CausalMap.from_links([(*ends, None), (*ends, -link.sign)])
    plan = plan_import(meeting.state, m)
    assert plan.known_links == ("L1",)
    assert [(one.source, one.target, one.sign) for one in plan.links] == [
        (link.source, link.target, -link.sign)
    ]
    assert [notice.code for notice in plan.notices] == ["contested"]


def test_what_people_said_elsewhere_stays_behind_and_is_counted(meeting: Meeting) -> None:
    m = labelled(
        "Kaffe",
        "Te",
        links=(Link("x", "Kaffe", "Te", 1),),
        stances=(Stance("x", "p", "politi", "asserts"),),
        annotations=(Annotation("n", "factor", "Te", "p", "politi", "experience", "HEMMELIG"),),
    )
    shown = preview(meeting.state, Reading(m, "wickedmap"))
    assert [(one.code, one.place) for one in shown.plan.notices] == [
        ("said-elsewhere", "stances"),
        ("said-elsewhere", "annotations"),
    ]
    imported(meeting, m)
    assert not meeting.state.rows("annotations")
    assert "HEMMELIG" not in str(map_to_json(prepared(meeting.state, m)))


def test_near_duplicates_are_pointed_out_and_never_merged(meeting: Meeting) -> None:
    shown = preview(meeting.state, Reading(labelled("Stabil og egna bolig"), "csv"))
    assert [one.label for one in shown.plan.factors] == ["Stabil og egna bolig"]
    assert "Stabil og egnet bolig" in {one.first_label for one in shown.alike}


@pytest.mark.parametrize(
    ("m", "code", "place"),
    [
        (labelled("Kari 010190 12345"), "national_number", "Kari"),
        (labelled("snudd \u202e tekst"), "bad_file", "snudd"),
        (labelled("null\x00tegn"), "bad_file", "null"),
        (labelled(*(f"faktor {number}" for number in range(1990))), "too_many", "factors"),
    ],
)
def test_a_bad_file_changes_nothing_and_names_the_place(
    meeting: Meeting, m: CausalMap, code: str, place: str
) -> None:
    before = meeting.state
    shown = preview(before, Reading(m, "csv"))
    assert not shown.possible
    assert place in shown.plan.problems[0].place
    with pytest.raises(Refused) as caught:
        meeting.leads("import_map", map=map_to_json(m))
    assert (caught.value.code, caught.value.field) == (code, "map")
    assert meeting.state is before


@pytest.mark.parametrize("data", [{}, {"format": "wickedmap-map", "version": 2}, {"format": "x", "version": 1}])
def test_a_map_that_is_none_is_refused(meeting: Meeting, data: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        meeting.leads("import_map", map=data)
    assert (caught.value.code, caught.value.field) == ("bad_file", "map")


def test_only_the_facilitator_imports(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    for actor in (nav, meeting.as_role("viewer"), meeting.as_role("researcher")):
        with pytest.raises(Refused) as caught:
            meeting.does(actor, "import_map", map=map_to_json(labelled("Kaffe")))
        assert caught.value.code == "not_allowed"


def test_agencies_and_domains_are_matched_by_name(meeting: Meeting) -> None:
    base = meeting.state.base
    domain, agency = base.domains[0], base.agencies[0]
    m = CausalMap(
        factors=(
            Factor("a", Texts(nb="Kaffe"), domain="d9", agencies=("x", "Kafeen")),
            Factor("b", Texts(nb="Te"), domain=str(domain.labels), agencies=(agency.label.upper(),)),
        ),
        agencies=(Agency("x", agency.labels),),
        domains=(type(domain)("d9", domain.labels),),
    )
    plan = plan_import(meeting.state, m)
    assert [one.domain for one in plan.factors] == [domain.id, domain.id]
    assert [one.label for one in plan.agencies] == ["Kafeen"]
    assert plan.factors[0].agencies == (agency.id, plan.agencies[0].id)
    assert plan.factors[1].agencies == (agency.id,)


def test_what_comes_in_stands_clear_of_what_is_there(meeting: Meeting) -> None:
    imported(meeting, read_bytes(CSV, "kart.csv").map)
    at = {factor.id: factor.position for factor in meeting.state.to_map().factors}
    assert None not in at.values()
    assert overlaps(meeting.state.to_map(), {one: xy for one, xy in at.items() if xy}, gap=0) == []
    placed = CausalMap(
        factors=(
            Factor("p", Texts(nb="Kakao"), position=(10.0, 10.0)),
            Factor("q", Texts(nb="Melk"), position=(400.0, 60.0)),
        )
    )
    right = max(x for _, (x, _y) in meeting.state.items("positions"))
    imported(meeting, placed)
    p, q = (meeting.state.row("positions", one) for one in "pq")
    assert p[0] > right
    assert (q[0] - p[0], q[1] - p[1]) == (390.0, 50.0)


def crowded() -> CausalMap:
    m = labelled(*(f"Faktor {number}" for number in range(12)))
    places = [(number / 12, number % 3 / 3) for number in range(12)]
    return m.replace(
        factors=tuple(replace(one, position=at) for one, at in zip(m.factors, places, strict=True))
    )


def test_places_in_another_unit_are_drawn_apart_when_they_are_added(meeting: Meeting) -> None:
    imported(meeting, crowded())
    m = meeting.state.to_map()
    assert overlaps(m, {one.id: one.position for one in m.factors if one.position}) == []


def test_a_workshop_begins_with_places_that_can_be_read_and_keeps_those_of_its_own_files() -> None:
    m = crowded()
    begun = to_open(Reading(m, "gexf"))
    places = {one.id: one.position for one in begun.factors if one.position}
    assert overlaps(begun, places) == []
    assert min(min(at) for at in places.values()) > 0
    for name in ("wickedmap", "wickedmap-yaml"):
        own = read_bytes(write_bytes(m, name), "kart")
        assert to_open(own) is own.map
    far = m.replace(factors=(replace(m.factors[0], position=(1e9, 0.0)), *m.factors[1:]))
    reached = to_open(read_bytes(write_bytes(far, "wickedmap"), "kart")).factors
    assert max(abs(value) for one in reached for value in one.position or ()) < 100_000
    bare = labelled("a", "b")
    assert to_open(Reading(bare, "csv")) is bare


def test_a_map_sent_without_places_gets_places_all_the_same(meeting: Meeting) -> None:
    meeting.leads("import_map", map=map_to_json(labelled("Kaffe", "Te", "Kakao")))
    places = [meeting.state.row("positions", one) for one in ("Kaffe", "Te", "Kakao")]
    assert len(set(places)) == 3


words = st.sampled_from(["Gjeld", "gjeld", "GJELD ", "Kaffe", "Te", "数", "a|b", "=1+1"])
small_maps = maps(words, words, st.sampled_from(["a", "b", "c", "x.1", "L1", "gjeld"]))


@settings(max_examples=60, deadline=None)
@given(small_maps, small_maps, st.booleans())
def test_any_map_into_any_map_keeps_all_that_was_there(
    first: CausalMap, second: CausalMap, aliases: bool
) -> None:
    # An agency that somebody belongs to stays with an undo; here nobody does.
    first = CausalMap(first.factors, first.links, agencies=first.agencies, suggested=first.suggested)
    opened = read_change({"kind": "open_workshop", "op_id": "operation-1", "map": map_to_json(first)})
    state = apply(State("w"), Event("w", 1, "", "", "system", "", opened))
    data = {"kind": "import_map", "op_id": "operation-2", "map": map_to_json(second), "aliases": aliases}
    shown = preview(state, Reading(second, "wickedmap"), aliases=aliases)
    try:
        after = apply(state, Event("w", 2, "", "facilitator", "facilitator", "", read_change(data)))
    except Refused:
        assert not shown.possible
        return
    assert shown.possible
    for table in ("factors", "links"):
        assert state.tables[table].keys() <= after.tables[table].keys()
    assert {**dict(after.tables["links"].items()), **dict(state.tables["links"].items())} == dict(
        after.tables["links"].items()
    )
    assert after.to_map().factors
    assert snapshot_from(snapshot_of(after)) == after
    undo = read_change({"kind": "undo", "op_id": "operation-3", "of": 2})
    undone = apply(after, Event("w", 3, "", "facilitator", "facilitator", "", undo))
    assert rows(undone) == rows(state)
    assert plan_import(after, second, aliases=aliases).adds_nothing


@settings(max_examples=150, deadline=None)
@given(small_maps, small_maps, st.booleans())
def test_the_same_file_a_second_time_adds_nothing(first: CausalMap, second: CausalMap, aliases: bool) -> None:
    first = CausalMap(first.factors, first.links, agencies=first.agencies, suggested=first.suggested)
    opened = read_change({"kind": "open_workshop", "op_id": "operation-1", "map": map_to_json(first)})
    state = apply(State("w"), Event("w", 1, "", "", "system", "", opened))
    data = {"kind": "import_map", "op_id": "operation-2", "map": map_to_json(second), "aliases": aliases}
    before = plan_import(state, second, aliases=aliases, op_id="operation-2")
    if before.problems or before.adds_nothing:
        return
    after = apply(state, Event("w", 2, "", "facilitator", "facilitator", "", read_change(data)))
    again = plan_import(after, second, aliases=aliases)
    assert (again.factors, again.links, again.agencies, again.reworded) == ((), (), (), ())
    assert again.ids == before.ids


def test_a_wording_that_means_one_factor_does_not_become_an_alias_of_another(meeting: Meeting) -> None:
    # The file knows the second by two names, of which one is a third factor's.
    file = CausalMap(
        factors=(
            Factor("x", Texts(nb="Gjeld"), aliases=("Fattigdom", "Gamle lån")),
            Factor("y", Texts(nb="Kaffe"), aliases=("gjeld", "Te")),
        )
    )
    plan = plan_import(meeting.state, file, aliases=True)
    assert [one.aliases[-1] for one in plan.reworded] == ["Gamle lån"]
    assert [one.aliases for one in plan.factors] == [("Te",)]
    assert [(one.code, one.place) for one in plan.notices] == [("alias-taken", "Kaffe")]


def test_in_a_large_map_near_duplicates_are_not_searched_and_the_preview_says_so(meeting: Meeting) -> None:
    m = labelled(*(f"faktor {number}" for number in range(300)))
    shown = preview(meeting.state, Reading(m, "csv"))
    assert len(shown.plan.factors) == 300
    assert shown.alike == ()
    assert [one.code for one in shown.report] == ["alike-not-searched"]


def test_undoing_a_large_import_needs_one_pass_over_the_links(meeting: Meeting) -> None:
    links = tuple(Link(f"x{one}", str(one), str((one * 7 + 1) % 1500), 1) for one in range(1500))
    m = labelled(*(str(one) for one in range(1500)), links=links)
    before = rows(meeting.state)
    receipt = imported(meeting, m)
    assert len(meeting.state.tables["factors"]) == 1522
    meeting.leads("undo", of=receipt.seq)
    assert rows(meeting.state) == before
