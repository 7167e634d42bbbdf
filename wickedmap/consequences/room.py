"""Leading the room: what the wall shows, what is revealed, and when it is over."""

from __future__ import annotations

from typing import Any, Final

from .. import changes as c
from ..changes import Refused
from ..rows import Event, Parked, State
from .checks import known_agencies, known_factor, known_link
from .rules import Writes, new_id, rule

_THE_MAP: Final[Writes] = [("settings", "wall", "map"), ("settings", "wall_of", None)]


@rule(c.SetStage)
def _set_stage(state: State, event: Event, change: c.SetStage) -> Writes:
    return [
        ("settings", "stage", change.stage),
        *_THE_MAP,
        ("settings", "spotlight", None),
    ]


@rule(c.SetCentre)
def _set_centre(state: State, event: Event, change: c.SetCentre) -> Writes:
    if change.factor is not None:
        known_factor(state, change.factor)
    return [("settings", "centre", change.factor), *_THE_MAP]


@rule(c.SetSpotlight)
def _set_spotlight(state: State, event: Event, change: c.SetSpotlight) -> Writes:
    if change.target_kind is None:
        return [("settings", "spotlight", None)]
    if change.target_kind == "loop":
        for link in change.links:
            known_link(state, link, "links")
        value: dict[str, Any] = {"kind": "loop", "target": change.target or "", "links": list(change.links)}
    else:
        if change.target_kind == "factor":
            known_factor(state, change.target or "", "target")
        else:
            known_link(state, change.target or "", "target")
        value = {"kind": change.target_kind, "target": change.target, "links": []}
    return [("settings", "spotlight", value), *_THE_MAP]


@rule(c.SetWall)
def _set_wall(state: State, event: Event, change: c.SetWall) -> Writes:
    return [("settings", "wall", change.view), ("settings", "wall_of", _of(state, change))]


_NOT_COMPARING = ("map", "join", "quote")
_FIELDS_OF = {"terms": ("term",), "movement": ("since", "until")}


def _of(state: State, change: c.SetWall) -> dict[str, Any] | None:
    """Return of whom and of what a view is, checked; None when it needs no more than its name."""
    agencies = known_agencies(state, change.agencies)
    if agencies and change.view in _NOT_COMPARING:
        raise Refused("bad_value", "agencies", name="agencies")
    if change.view == "pair" and len(agencies) != 2:
        raise Refused("two_agencies", "agencies")
    for name in ("term", "since", "until"):
        if getattr(change, name) is not None and name not in _FIELDS_OF.get(change.view, ()):
            raise Refused("bad_value", name, name=name)
    if change.view == "terms":
        if change.term is None:
            raise Refused("missing_field", "term", name="term")
        if change.term not in {word.id for word in state.base.instruments.glossary}:
            raise Refused("bad_value", "term", name="term")
    for name in ("since", "until"):
        if (getattr(change, name) or 0) > state.seq:
            raise Refused("bad_value", name, name=name)
    of: dict[str, Any] = {name: getattr(change, name) for name in ("term", "since", "until")}
    of["agencies"] = list(agencies)
    return {name: value for name, value in of.items() if value not in (None, [])} or None


_REVEALABLE = ("notes", "stances", "ratings", "framings", "proposals", "terms")


@rule(c.Reveal)
def _reveal(state: State, event: Event, change: c.Reveal) -> Writes:
    flags = ((name, getattr(change, name)) for name in _REVEALABLE)
    return [("settings", f"{name}_revealed", value) for name, value in flags if value is not None]


@rule(c.ShowNames)
def _show_names(state: State, event: Event, change: c.ShowNames) -> Writes:
    return [("settings", "names_shown", change.shown)]


@rule(c.HideContribution)
def _hide(state: State, event: Event, change: c.HideContribution) -> Writes:
    if state.row(change.table, change.contribution) is None:
        raise Refused("unknown_annotation", "contribution")
    return [("hidden", f"{change.table}/{change.contribution}", True if change.hidden else None)]


@rule(c.SetDoors)
def _doors(state: State, event: Event, change: c.SetDoors) -> Writes:
    return [("settings", "doors", change.open)]


@rule(c.SetRoom)
def _room(state: State, event: Event, change: c.SetRoom) -> Writes:
    wanted = {
        "distance": change.distance,
        "theme": change.theme,
        "wall_language": change.language,
        "show_join": change.show_join,
    }
    return [("settings", name, value) for name, value in wanted.items() if value is not None]


@rule(c.SetAgenda)
def _agenda(state: State, event: Event, change: c.SetAgenda) -> Writes:
    return [
        ("settings", "agenda", change.template),
        ("settings", "step", 0),
        ("settings", "step_since", event.at),
    ]


@rule(c.SetStep)
def _step(state: State, event: Event, change: c.SetStep) -> Writes:
    return [("settings", "step", change.step), ("settings", "step_since", event.at)]


@rule(c.Park)
def _park(state: State, event: Event, change: c.Park) -> Writes:
    item = Parked(new_id("p", change.op_id), change.text, change.language, event.at)
    return [("parked", item.id, item)]


@rule(c.Unpark)
def _unpark(state: State, event: Event, change: c.Unpark) -> Writes:
    if state.row("parked", change.item) is None:
        raise Refused("bad_value", "item", name="item")
    return [("parked", change.item, None)]


@rule(c.Rename)
def _rename(state: State, event: Event, change: c.Rename) -> Writes:
    return [("settings", "title", change.title), ("settings", "language", change.language)]


@rule(c.ReleasePrivate)
def _release(state: State, event: Event, change: c.ReleasePrivate) -> Writes:
    return [("settings", "private_released", change.released)]


@rule(c.Finish)
def _finish(state: State, event: Event, change: c.Finish) -> Writes:
    return [("settings", "finished", True), ("settings", "doors", False)]


@rule(c.Reopen)
def _reopen(state: State, event: Event, change: c.Reopen) -> Writes:
    return [("settings", "finished", False)]
