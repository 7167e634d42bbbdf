"""How a workshop begins: from a map, with people, and with another map taken in."""

from __future__ import annotations

from dataclasses import replace

from .. import changes as c
from ..changes import Refused
from ..formats.native import map_from_json
from ..importing import import_writes
from ..model import Agency, Annotation, Framing, Meaning, Rating, Stance
from ..rows import START_SETTINGS, Event, Person, State
from ..text import Texts, same_label
from .rules import Writes, new_id, rule


@rule(c.OpenWorkshop)
def _open(state: State, event: Event, change: c.OpenWorkshop) -> Writes:
    opened = map_from_json(change.map)
    writes: Writes = [("factors", factor.id, replace(factor, position=None)) for factor in opened.factors]
    writes += [("positions", factor.id, factor.position) for factor in opened.factors if factor.position]
    writes += [("links", link.id, link) for link in opened.links]
    writes += [("agencies", agency.id, agency) for agency in opened.agencies]
    writes += [("annotations", row.id, row) for row in opened.annotations]
    writes += [("stances", f"{row.person}|{row.link}", row) for row in opened.stances]
    writes += [("ratings", f"{row.person}|{row.factor}", row) for row in opened.ratings]
    writes += [("framings", row.id, row) for row in opened.framings]
    writes += [("terms", f"{row.person}|{row.term}", row) for row in opened.meanings]
    writes += [("conclusions", row.id, row) for row in opened.conclusions]
    said: list[Annotation | Stance | Rating | Framing | Meaning] = [*opened.annotations, *opened.stances]
    said += [*opened.ratings, *opened.framings, *opened.meanings]
    for person, agency in sorted({(row.person, row.agency) for row in said if row.person}):
        writes.append(("people", person, Person(person, "representative", agency, ended=True)))
    writes += [("settings", name, value) for name, value in START_SETTINGS.items()]
    writes += [
        ("settings", "title", change.title),
        ("settings", "language", change.language),
        ("settings", "wall_language", change.language),
    ]
    return writes


@rule(c.Join)
def _join(state: State, event: Event, change: c.Join) -> Writes:
    if state.row("people", change.person) is not None:
        raise Refused("bad_value", "person", name="person")
    writes: Writes = []
    agency = change.agency or ""
    if agency and state.row("agencies", agency) is None:
        raise Refused("unknown_agency", "agency")
    if not agency and change.agency_name:
        wanted = same_label(change.agency_name)
        for row in state.tables["agencies"].values():
            if any(same_label(name) == wanted for name in row.labels.values()):
                agency = row.id
        if not agency:
            agency = new_id("g", change.op_id)
            name = Texts({change.language: change.agency_name})
            writes.append(("agencies", agency, Agency(agency, name, provenance="workshop")))
    if change.role == "representative" and not agency:
        raise Refused("missing_field", "agency", name="agency")
    person = Person(change.person, change.role, agency, change.alias, change.language, event.at)
    return [*writes, ("people", change.person, person)]


@rule(c.EndAttendance)
def _end_attendance(state: State, event: Event, change: c.EndAttendance) -> Writes:
    row: Person | None = state.row("people", change.person)
    if row is None or row.role == "facilitator":
        raise Refused("bad_value", "person", name="person")
    return [("people", row.id, replace(row, ended=True))]


@rule(c.ImportMap)
def _import_map(state: State, event: Event, change: c.ImportMap) -> Writes:
    return import_writes(state, event.seq, change)
