"""The shared map: factors and links put on it, changed, moved and taken off."""

from __future__ import annotations

from dataclasses import replace

from .. import changes as c
from ..changes import Refused
from ..model import Factor, Link
from ..rows import Event, State
from ..text import Texts
from .checks import (
    check_fresh,
    check_new_label,
    check_new_link,
    known_agencies,
    known_domain,
    known_factor,
    known_link,
    signs,
)
from .rules import Writes, new_id, rule


def made_factor(state: State, event: Event, change: c.AddFactor, status: str) -> Factor:
    """Return the factor a change makes, checked to be new."""
    check_new_label(state, change.label)
    if len(state.tables["factors"]) >= c.MAX_FACTORS:
        raise Refused("too_many", limit=c.MAX_FACTORS)
    return Factor(
        id=new_id("f", change.op_id),
        labels=Texts({change.language: change.label}),
        definitions=Texts({change.language: change.definition}),
        domain=known_domain(state, change.domain),
        valence=change.valence,
        agencies=known_agencies(state, change.agencies),
        status=status,
        provenance=f"workshop, change {event.seq}",
    )


@rule(c.AddFactor)
def _add_factor(state: State, event: Event, change: c.AddFactor) -> Writes:
    return on_the_map(made_factor(state, event, change, "own"), change)


def on_the_map(factor: Factor, change: c.AddFactor | c.AdoptSuggestion | c.AcceptProposal) -> Writes:
    """Return what putting a factor on the map writes: it, and its place when it has one."""
    writes: Writes = [("factors", factor.id, factor)]
    if change.x is not None and change.y is not None:
        writes.append(("positions", factor.id, (change.x, change.y)))
    return writes


@rule(c.EditFactor)
def _edit_factor(state: State, event: Event, change: c.EditFactor) -> Writes:
    factor = known_factor(state, change.factor)
    language = change.language
    yours = {"label": change.label, "definition": change.definition}
    theirs = {
        "label": factor.labels.in_language(language),
        "definition": factor.definitions.in_language(language),
    }
    check_fresh(state, "factors", factor.id, change.base_seq, yours, theirs)
    edited = factor
    if change.label is not None:
        check_new_label(state, change.label, but=factor.id)
        # The phrases were made for the old wording; sentences fall back to the new label.
        same = factor.labels.in_language(language) == change.label
        edited = replace(
            edited,
            labels=edited.labels.with_text(language, change.label),
            phrases=edited.phrases if same else {},
        )
    if change.definition is not None:
        edited = replace(edited, definitions=edited.definitions.with_text(language, change.definition))
    if change.domain is not None:
        edited = replace(edited, domain=known_domain(state, change.domain, edited.domain))
    if change.valence is not None:
        edited = replace(edited, valence=change.valence)
    if change.agencies is not None:
        edited = replace(edited, agencies=known_agencies(state, change.agencies))
    return [("factors", factor.id, edited)]


def _removal_of(state: State, *factors: Factor) -> Writes:
    """Return what taking factors off the map writes: they and the links at them."""
    writes: Writes = []
    gone = {factor.id for factor in factors}
    # In a fixed order: the same log must always give the same effects.
    for link in sorted(state.tables["links"].values(), key=lambda link: link.id):
        if link.source in gone or link.target in gone:
            writes += [("links", link.id, None), ("removed", link.id, link)]
    for factor in factors:
        writes += [("factors", factor.id, None), ("removed", factor.id, factor)]
    if state.setting("centre") in gone:
        writes.append(("settings", "centre", None))
    return writes


@rule(c.RemoveFactor)
def _remove_factor(state: State, event: Event, change: c.RemoveFactor) -> Writes:
    return _removal_of(state, known_factor(state, change.factor))


@rule(c.MoveFactors)
def _move_factors(state: State, event: Event, change: c.MoveFactors) -> Writes:
    writes: Writes = []
    for factor, (x, y) in change.positions.items():
        known_factor(state, factor, "positions")
        writes.append(("positions", factor, (float(x), float(y))))
    return writes


def made_link(state: State, event: Event, change: c.AddLink, status: str) -> Link:
    """Return the link a change makes, checked to be new."""
    sign, both = signs(change.sign)
    if len(state.tables["links"]) >= c.MAX_LINKS:
        raise Refused("too_many", limit=c.MAX_LINKS)
    link = Link(
        id=new_id("k", change.op_id),
        source=change.source,
        target=change.target,
        sign=sign,
        both_signs=both,
        strength=float(change.strength),
        delay=change.delay,
        rationale=Texts({change.language: change.rationale}),
        status=status,
        contested=both,
        provenance=f"workshop, change {event.seq}",
    )
    check_new_link(state, link)
    return link


@rule(c.AddLink)
def _add_link(state: State, event: Event, change: c.AddLink) -> Writes:
    known_factor(state, change.source, "source")
    known_factor(state, change.target, "target")
    link = made_link(state, event, change, "own")
    return [("links", link.id, link)]


@rule(c.EditLink)
def _edit_link(state: State, event: Event, change: c.EditLink) -> Writes:
    link = known_link(state, change.link)
    language = change.language
    yours = {"sign": change.sign, "rationale": change.rationale}
    theirs = {"sign": link.mark, "rationale": link.rationale.in_language(language)}
    check_fresh(state, "links", link.id, change.base_seq, yours, theirs)
    edited = link
    if change.sign is not None:
        sign, both = signs(change.sign)
        edited = replace(edited, sign=sign, both_signs=both, contested=both or link.contested)
    if change.strength is not None:
        edited = replace(edited, strength=float(change.strength))
    if change.delay is not None:
        edited = replace(edited, delay=change.delay)
    if change.rationale is not None:
        edited = replace(edited, rationale=edited.rationale.with_text(language, change.rationale))
    check_new_link(state, edited)
    return [("links", link.id, edited)]


@rule(c.RemoveLink)
def _remove_link(state: State, event: Event, change: c.RemoveLink) -> Writes:
    link = known_link(state, change.link)
    return [("links", link.id, None), ("removed", link.id, link)]


@rule(c.AdoptSuggestion)
def _adopt(state: State, event: Event, change: c.AdoptSuggestion) -> Writes:
    found = next((factor for factor in state.base.suggested if factor.id == change.factor), None)
    if found is None:
        raise Refused("unknown_factor", "factor")
    check_new_label(state, found.label)
    return on_the_map(replace(found, status="own", reveal_stage=1), change)
