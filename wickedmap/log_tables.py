"""The data package's tables that the map does not hold: what happened, and what was proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .access import Actor, visible_event
from .causal_map import CausalMap
from .formats.columns import SIGN_WORDS, joined
from .pseudonyms import coarse, seconds
from .rows import Event, State

_TARGETS: Final = ("factor", "link", "annotation", "proposal", "term")
_CHOSEN: Final = ("stage", "view", "step", "template", "shown", "released", "outcome")
_REVEALED: Final = ("notes", "stances", "ratings", "framings", "proposals", "terms")
_MADE: Final = {"factors": "factor", "links": "link", "annotations": "annotation", "proposals": "proposal"}


def event_rows(
    events: Iterable[Event], state: State, names: Mapping[str, str], m: CausalMap, *, coarsely: bool
) -> list[dict[str, str]]:
    """Return the rows of the table ``events``: what a researcher may know of each, without any text.

    Parameters
    ----------
    events : iterable of Event
        The log, in order.
    state : State
        The workshop as it stands, with everything in it.
    names : mapping of person to pseudonym
    m : CausalMap
        The map that goes out, with the people's own ids: what they are grouped under.
    coarsely : bool
        Whether times are cut to whole minutes.
    """
    researcher = Actor(state.workshop, "researcher", "researcher")
    agency_of = _agencies(m)
    rows = []
    for event in events:
        shown = visible_event(event, state, researcher)
        if shown is None:
            continue
        at = coarse(event.at) if coarsely else seconds(event.at)
        row = {"seq": str(event.seq), "at": at, "kind": str(shown["kind"])}
        if shown["kind"] != "activity":
            row["role"] = event.role
            if event.role == "representative" and event.person in names:
                row |= {"person": names[event.person], "agency": agency_of[event.person]}
            row |= _target(event, state, shown["fields"])
        rows.append(row)
    return rows


def _target(event: Event, state: State, fields: Mapping[str, Any]) -> dict[str, str]:
    chosen = [str(fields[name]).lower() for name in _CHOSEN if name in fields]
    chosen += [
        f"{name} {str(fields[name]).lower()}" for name in _REVEALED if isinstance(fields.get(name), bool)
    ]
    row = {"value": joined(chosen)} if chosen else {}
    if fields.get("target_kind"):
        return row | {"target_kind": str(fields["target_kind"]), "target": str(fields.get("target") or "")}
    for name in _TARGETS:
        if isinstance(fields.get(name), str):
            return row | {"target_kind": name, "target": fields[name]}
    if "of" in fields:
        return row | {"target_kind": "event", "target": str(fields["of"])}
    done = state.done.get(event.seq)
    for effect in done.effects if done else ():
        if effect.table in _MADE:
            return row | {"target_kind": _MADE[effect.table], "target": effect.key}
    return row


def proposal_rows(
    seen: State, names: Mapping[str, str], m: CausalMap, *, coarsely: bool
) -> list[dict[str, str]]:
    """Return the rows of the table ``proposals``: what was proposed, and what became of it.

    Parameters
    ----------
    seen : State
        The workshop as those who take the data out may see it.
    names : mapping of person to pseudonym
        Whoever is not in it said nothing else, and stays unnamed.
    m : CausalMap
        The map that goes out, with the people's own ids: what they are grouped under.
    coarsely : bool
        Whether times are cut to whole minutes.
    """
    agency_of = _agencies(m)
    rows = []
    for proposal in sorted(seen.rows("proposals"), key=lambda one: (one.at, one.id)):
        row = {
            "id": proposal.id,
            "status": proposal.status,
            "reason": proposal.reason,
            "answer": proposal.answer,
            "at": coarse(proposal.at) if coarsely else seconds(proposal.at),
        }
        if proposal.person in names:
            row |= {"person": names[proposal.person], "agency": agency_of[proposal.person]}
        if (factor := proposal.factor) is not None:
            row |= {
                "kind": "factor",
                "label": factor.labels.in_language(m.language),
                "definition": factor.definitions.in_language(m.language),
            }
        elif (link := proposal.link) is not None:
            row |= {
                "kind": "link",
                "source": link.source,
                "target": link.target,
                "sign": SIGN_WORDS[link.mark],
                "strength": f"{link.strength:g}",
                "delay": link.delay,
                "rationale": link.rationale.in_language(m.language),
            }
        rows.append(row)
    return rows


def _agencies(m: CausalMap) -> dict[str, str]:
    said: list[Any] = [*m.stances, *m.ratings, *m.annotations, *m.framings, *m.meanings]
    return {row.person: row.agency for row in said}
