"""What representatives say: notes, stances, ratings, problem definitions and meanings of words."""

from __future__ import annotations

from dataclasses import replace

from .. import changes as c
from ..changes import Refused
from ..model import Annotation, Framing, Meaning, Rating, Stance
from ..rows import Event, State
from ..text import Texts
from .checks import (
    check_fresh,
    known_factor,
    known_link,
    signs,
)
from .rules import Writes, new_id, rule


@rule(c.Annotate)
def _annotate(state: State, event: Event, change: c.Annotate) -> Writes:
    if change.target_kind == "factor":
        known_factor(state, change.target, "target")
    else:
        known_link(state, change.target, "target")
    row = Annotation(
        id=new_id("n", change.op_id),
        target_kind=change.target_kind,
        target=change.target,
        person=event.person,
        agency=event.agency,
        kind=change.note_kind,
        text=change.text,
        language=change.language,
        at=event.at,
    )
    return [("annotations", row.id, row)]


def _own_annotation(state: State, event: Event, annotation: str) -> Annotation:
    row: Annotation | None = state.row("annotations", annotation)
    if row is None:
        raise Refused("unknown_annotation", "annotation")
    if row.person != event.person:
        raise Refused("not_allowed", "annotation")
    return row


@rule(c.EditAnnotation)
def _edit_annotation(state: State, event: Event, change: c.EditAnnotation) -> Writes:
    row = _own_annotation(state, event, change.annotation)
    check_fresh(state, "annotations", row.id, change.base_seq, {"text": change.text}, {"text": row.text})
    edited = replace(row, text=change.text or row.text, kind=change.note_kind or row.kind)
    return [("annotations", row.id, edited)]


@rule(c.RemoveAnnotation)
def _remove_annotation(state: State, event: Event, change: c.RemoveAnnotation) -> Writes:
    row = _own_annotation(state, event, change.annotation)
    return [("annotations", row.id, None)]


@rule(c.TakeStance)
def _take_stance(state: State, event: Event, change: c.TakeStance) -> Writes:
    known_link(state, change.link)
    asserts = change.stance == "asserts"
    row = Stance(
        link=change.link,
        person=event.person,
        agency=event.agency,
        stance=change.stance,
        sign=signs(change.sign)[0] if asserts and change.sign else None,
        strength=float(change.strength) if asserts and change.strength else None,
        reason=change.reason,
        language=change.language,
        at=event.at,
    )
    return [("stances", f"{event.person}|{change.link}", row)]


@rule(c.WithdrawStance)
def _withdraw_stance(state: State, event: Event, change: c.WithdrawStance) -> Writes:
    return [("stances", f"{event.person}|{change.link}", None)]


@rule(c.RateFactor)
def _rate(state: State, event: Event, change: c.RateFactor) -> Writes:
    known_factor(state, change.factor)
    row = Rating(change.factor, event.person, event.agency, change.importance, event.at)
    return [("ratings", f"{event.person}|{change.factor}", row)]


@rule(c.WithdrawRating)
def _withdraw_rating(state: State, event: Event, change: c.WithdrawRating) -> Writes:
    return [("ratings", f"{event.person}|{change.factor}", None)]


@rule(c.WriteFraming)
def _write_framing(state: State, event: Event, change: c.WriteFraming) -> Writes:
    key = f"framing-{event.person}"
    old: Framing | None = state.row("framings", key)
    said = ("problem", "causes", "judgement", "remedy")
    yours = {name: getattr(change, name) for name in said}
    if not (any(yours.values()) or change.factors or change.belief or change.strategy_wanted):
        raise Refused("empty", "problem")
    for factor in change.factors:
        if state.row("removed", factor) is None:
            known_factor(state, factor, "factors")
    for link in change.links:
        if state.row("removed", link) is None:
            known_link(state, link, "links")
    if old is not None:
        theirs = {name: str(getattr(old, name)) for name in said}
        check_fresh(state, "framings", key, change.base_seq, yours, theirs)
    row = Framing(
        id=key,
        agency=event.agency,
        person=event.person,
        problem=Texts({change.language: change.problem}),
        causes=Texts({change.language: change.causes}),
        judgement=Texts({change.language: change.judgement}),
        remedy=Texts({change.language: change.remedy}),
        factors=tuple(dict.fromkeys(change.factors)),
        links=tuple(dict.fromkeys(change.links)),
        belief=change.belief,
        strategy_now=change.strategy_now,
        strategy_wanted=change.strategy_wanted,
        at=event.at,
    )
    return [("framings", key, row)]


@rule(c.WithdrawFraming)
def _withdraw_framing(state: State, event: Event, change: c.WithdrawFraming) -> Writes:
    return [("framings", f"framing-{event.person}", None)]


@rule(c.DefineTerm)
def _define_term(state: State, event: Event, change: c.DefineTerm) -> Writes:
    if not any(term.id == change.term for term in state.base.instruments.glossary):
        raise Refused("bad_value", "term", name="term")
    row = Meaning(change.term, event.person, event.agency, change.text, change.language, event.at)
    return [("terms", f"{event.person}|{change.term}", row)]


@rule(c.WithdrawTerm)
def _withdraw_term(state: State, event: Event, change: c.WithdrawTerm) -> Writes:
    return [("terms", f"{event.person}|{change.term}", None)]
