"""What each kind of change does to a workshop, and when it cannot be done.

One function per kind. It gets the state and the event and returns the rows to
write, or raises `Refused`; it never changes anything itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from . import changes as c
from .changes import Refused
from .formats.native import map_from_json
from .importing import import_writes
from .model import Agency, Annotation, Conclusion, Factor, Framing, Link, Meaning, Rating, Sign, Stance
from .rows import START_SETTINGS, Event, Merged, Parked, Person, Proposal, State
from .text import Texts, same_label

Writes: TypeAlias = list[tuple[str, str, Any]]
Rule: TypeAlias = Callable[[State, Event, Any], Writes]

RULES: dict[type[c.Change], Rule] = {}


def _rule(kind: type[c.Change]) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        RULES[kind] = rule
        return rule

    return register


def new_id(prefix: str, op_id: str) -> str:
    """Return the id of what a change makes: always the same for the same change."""
    return prefix + hashlib.blake2s(op_id.encode(), digest_size=6).hexdigest()


def consequences(state: State, event: Event) -> Writes:
    """Return the rows that `event` writes; raises `Refused` when it cannot be made."""
    return RULES[type(event.change)](state, event, event.change)


# --- looking things up -----------------------------------------------------


def _factor(state: State, factor: str, field: str = "factor") -> Factor:
    row: Factor | None = state.row("factors", factor)
    if row is None:
        raise Refused("unknown_factor", field)
    return row


def _link(state: State, link: str, field: str = "link") -> Link:
    row: Link | None = state.row("links", link)
    if row is None:
        raise Refused("unknown_link", field)
    return row


def _agencies(state: State, agencies: list[str]) -> tuple[str, ...]:
    for agency in agencies:
        if state.row("agencies", agency) is None:
            raise Refused("unknown_agency", "agencies")
    return tuple(dict.fromkeys(agencies))


def _new_label(state: State, label: str, but: str = "") -> None:
    wanted = same_label(label)
    drafts = [row.factor for row in state.tables["proposals"].values() if row.factor and row.status == "open"]
    for factor in [*state.tables["factors"].values(), *drafts]:
        if factor.id != but and any(same_label(other) == wanted for other in factor.labels.values()):
            raise Refused("duplicate_label", "label", label=factor.label, details={"factor": factor.id})


def _new_link(state: State, link: Link) -> None:
    if link.source == link.target:
        raise Refused("self_link", "target")
    for other in state.tables["links"].values():
        if (
            other.id != link.id
            and (other.source, other.target) == (link.source, link.target)
            and (other.sign, other.both_signs, other.delay) == (link.sign, link.both_signs, link.delay)
        ):
            raise Refused("same_link", "target", details={"link": other.id})


def _fresh(state: State, table: str, key: str, base_seq: int | None, yours: Any, theirs: Any) -> None:
    mark = state.mark(table, key)
    if base_seq is not None and mark is not None and mark.seq > base_seq:
        raise Refused("stale", details={"yours": yours, "theirs": theirs, "seq": mark.seq})


def signs(mark: str) -> tuple[Sign | None, bool]:
    """Return sign and `both_signs` for the mark that people use."""
    return ({"+": 1, "-": -1}.get(mark), mark == "±")  # type: ignore[return-value]


# --- beginning and coming in -----------------------------------------------


@_rule(c.OpenWorkshop)
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


@_rule(c.Join)
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


@_rule(c.EndAttendance)
def _end_attendance(state: State, event: Event, change: c.EndAttendance) -> Writes:
    row: Person | None = state.row("people", change.person)
    if row is None or row.role == "facilitator":
        raise Refused("bad_value", "person", name="person")
    return [("people", row.id, replace(row, ended=True))]


# --- the shared map --------------------------------------------------------


def _made_factor(state: State, event: Event, change: c.AddFactor, status: str) -> Factor:
    _new_label(state, change.label)
    if len(state.tables["factors"]) >= c.MAX_FACTORS:
        raise Refused("too_many", limit=c.MAX_FACTORS)
    return Factor(
        id=new_id("f", change.op_id),
        labels=Texts({change.language: change.label}),
        definitions=Texts({change.language: change.definition}),
        domain=change.domain,
        valence=change.valence,
        agencies=_agencies(state, change.agencies),
        status=status,
        provenance=f"workshop, change {event.seq}",
    )


@_rule(c.AddFactor)
def _add_factor(state: State, event: Event, change: c.AddFactor) -> Writes:
    return _on_the_map(_made_factor(state, event, change, "own"), change)


def _on_the_map(factor: Factor, change: c.AddFactor | c.AdoptSuggestion | c.AcceptProposal) -> Writes:
    writes: Writes = [("factors", factor.id, factor)]
    if change.x is not None and change.y is not None:
        writes.append(("positions", factor.id, (change.x, change.y)))
    return writes


@_rule(c.EditFactor)
def _edit_factor(state: State, event: Event, change: c.EditFactor) -> Writes:
    factor = _factor(state, change.factor)
    language = change.language
    yours = {"label": change.label, "definition": change.definition}
    theirs = {
        "label": factor.labels.in_language(language),
        "definition": factor.definitions.in_language(language),
    }
    _fresh(state, "factors", factor.id, change.base_seq, yours, theirs)
    edited = factor
    if change.label is not None:
        _new_label(state, change.label, but=factor.id)
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
        edited = replace(edited, domain=change.domain)
    if change.valence is not None:
        edited = replace(edited, valence=change.valence)
    if change.agencies is not None:
        edited = replace(edited, agencies=_agencies(state, change.agencies))
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


@_rule(c.RemoveFactor)
def _remove_factor(state: State, event: Event, change: c.RemoveFactor) -> Writes:
    return _removal_of(state, _factor(state, change.factor))


@_rule(c.MoveFactors)
def _move_factors(state: State, event: Event, change: c.MoveFactors) -> Writes:
    writes: Writes = []
    for factor, (x, y) in change.positions.items():
        _factor(state, factor, "positions")
        writes.append(("positions", factor, (float(x), float(y))))
    return writes


def _made_link(state: State, event: Event, change: c.AddLink, status: str) -> Link:
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
    _new_link(state, link)
    return link


@_rule(c.AddLink)
def _add_link(state: State, event: Event, change: c.AddLink) -> Writes:
    _factor(state, change.source, "source")
    _factor(state, change.target, "target")
    link = _made_link(state, event, change, "own")
    return [("links", link.id, link)]


@_rule(c.EditLink)
def _edit_link(state: State, event: Event, change: c.EditLink) -> Writes:
    link = _link(state, change.link)
    language = change.language
    yours = {"sign": change.sign, "rationale": change.rationale}
    theirs = {"sign": link.mark, "rationale": link.rationale.in_language(language)}
    _fresh(state, "links", link.id, change.base_seq, yours, theirs)
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
    _new_link(state, edited)
    return [("links", link.id, edited)]


@_rule(c.RemoveLink)
def _remove_link(state: State, event: Event, change: c.RemoveLink) -> Writes:
    link = _link(state, change.link)
    return [("links", link.id, None), ("removed", link.id, link)]


@_rule(c.AdoptSuggestion)
def _adopt(state: State, event: Event, change: c.AdoptSuggestion) -> Writes:
    found = next((factor for factor in state.base.suggested if factor.id == change.factor), None)
    if found is None:
        raise Refused("unknown_factor", "factor")
    _new_label(state, found.label)
    return _on_the_map(replace(found, status="own", reveal_stage=1), change)


@_rule(c.ImportMap)
def _import_map(state: State, event: Event, change: c.ImportMap) -> Writes:
    return import_writes(state, event.seq, change)


@_rule(c.MergeFactors)
def _merge(state: State, event: Event, change: c.MergeFactors) -> Writes:
    keep = _factor(state, change.keep, "keep")
    others = list(dict.fromkeys(change.others))
    if keep.id in others or state.base.focal in others:
        raise Refused("bad_value", "others", name="others")
    links: dict[str, Link] = dict(state.tables["links"].items())
    writes: Writes = []
    for other in others:
        factor = _factor(state, other, "others")
        at_it = sorted(
            (one for one in links.values() if other in (one.source, one.target)), key=lambda one: one.id
        )
        for link in at_it:
            moved = replace(
                link,
                source=keep.id if link.source == other else link.source,
                target=keep.id if link.target == other else link.target,
            )
            if moved.source == moved.target:
                # A link inside what is one factor now says nothing; it comes back with an unmerge.
                del links[link.id]
                writes += [("links", link.id, None), ("removed", link.id, link)]
            else:
                links[link.id] = moved
                writes.append(("links", link.id, moved))
        added = tuple(agency for agency in factor.agencies if agency not in keep.agencies)
        wordings = (*factor.labels.values(), *factor.aliases)
        keep = replace(
            keep,
            agencies=(*keep.agencies, *added),
            aliases=tuple(dict.fromkeys((*keep.aliases, *wordings))),
        )
        position = state.row("positions", other)
        writes += [
            ("factors", other, None),
            ("removed", other, factor),
            ("merged", other, Merged(factor, keep.id, tuple(at_it), position, added)),
        ]
        if state.setting("centre") == other:
            writes.append(("settings", "centre", keep.id))
    return [*_last_of_each(writes), ("factors", keep.id, keep)]


def _last_of_each(writes: Writes) -> Writes:
    return [(table, key, row) for (table, key), row in {(t, k): row for t, k, row in writes}.items()]


@_rule(c.UnmergeFactor)
def _unmerge(state: State, event: Event, change: c.UnmergeFactor) -> Writes:
    row: Merged | None = state.row("merged", change.factor)
    if row is None or state.row("factors", row.keep) is None:
        raise Refused("cannot_undo", "factor")
    other = row.factor
    _new_label(state, other.label, but=row.keep)
    keep = _factor(state, row.keep)
    wordings = {*other.labels.values(), *other.aliases}
    keep = replace(
        keep,
        agencies=tuple(one for one in keep.agencies if one not in row.owners_added),
        aliases=tuple(one for one in keep.aliases if one not in wordings),
    )
    writes: Writes = [
        ("merged", other.id, None),
        ("removed", other.id, None),
        ("factors", other.id, other),
        ("factors", keep.id, keep),
    ]
    if row.position is not None:
        writes.append(("positions", other.id, row.position))
    there = {other.id, *state.tables["factors"].keys()}
    for link in row.links:
        source, target = (end if end == other.id else state.resolve(end) for end in (link.source, link.target))
        now: Link | None = state.row("links", link.id)
        if source in there and target in there and source != target:
            # What was edited since stays edited; only the ends go back.
            writes.append(("links", link.id, replace(now or link, source=source, target=target)))
            writes.append(("removed", link.id, None))
    return writes


@_rule(c.Conclude)
def _conclude(state: State, event: Event, change: c.Conclude) -> Writes:
    _link(state, change.link)
    row = Conclusion(
        new_id("c", change.op_id), change.link, change.outcome, change.text, change.language, event.at
    )
    return [("conclusions", row.id, row)]


# --- proposals -------------------------------------------------------------


@_rule(c.ProposeFactor)
def _propose_factor(state: State, event: Event, change: c.ProposeFactor) -> Writes:
    factor = _made_factor(state, event, change, "proposed")
    row = Proposal(factor.id, event.person, event.agency, factor=factor, reason=change.reason, at=event.at)
    return [("proposals", row.id, row)]


@_rule(c.ProposeLink)
def _propose_link(state: State, event: Event, change: c.ProposeLink) -> Writes:
    for end, field in ((change.source, "source"), (change.target, "target")):
        own = state.row("proposals", end)
        if not (own and own.factor and own.status == "open" and own.agency == event.agency):
            _factor(state, end, field)
    link = _made_link(state, event, change, "proposed")
    row = Proposal(link.id, event.person, event.agency, link=link, reason=change.rationale, at=event.at)
    return [("proposals", row.id, row)]


def _open_proposal(state: State, proposal: str) -> Proposal:
    row: Proposal | None = state.row("proposals", proposal)
    if row is None or row.status != "open":
        raise Refused("not_proposed", "proposal")
    return row


@_rule(c.AcceptProposal)
def _accept(state: State, event: Event, change: c.AcceptProposal) -> Writes:
    row = _open_proposal(state, change.proposal)
    writes: Writes = [("proposals", row.id, replace(row, status="accepted"))]
    if row.factor is not None:
        return [*writes, *_on_the_map(replace(row.factor, status="own"), change)]
    assert row.link is not None
    _factor(state, row.link.source, "source")
    _factor(state, row.link.target, "target")
    _new_link(state, row.link)
    # Whoever proposes a link holds it to be true: that is their stance from now on.
    stance = Stance(
        row.link.id,
        row.person,
        row.agency,
        "asserts",
        row.link.sign,
        row.link.strength,
        row.reason,
        at=event.at,
    )
    return [
        *writes,
        ("links", row.link.id, replace(row.link, status="own")),
        ("stances", f"{row.person}|{row.link.id}", stance),
    ]


@_rule(c.DeclineProposal)
def _decline(state: State, event: Event, change: c.DeclineProposal) -> Writes:
    row = _open_proposal(state, change.proposal)
    return [("proposals", row.id, replace(row, status="declined", answer=change.reason))]


@_rule(c.WithdrawProposal)
def _withdraw_proposal(state: State, event: Event, change: c.WithdrawProposal) -> Writes:
    row = _open_proposal(state, change.proposal)
    if row.person != event.person:
        raise Refused("not_allowed", "proposal")
    return [("proposals", row.id, None)]


# --- contributions ---------------------------------------------------------


@_rule(c.Annotate)
def _annotate(state: State, event: Event, change: c.Annotate) -> Writes:
    if change.target_kind == "factor":
        _factor(state, change.target, "target")
    else:
        _link(state, change.target, "target")
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


@_rule(c.EditAnnotation)
def _edit_annotation(state: State, event: Event, change: c.EditAnnotation) -> Writes:
    row = _own_annotation(state, event, change.annotation)
    _fresh(state, "annotations", row.id, change.base_seq, {"text": change.text}, {"text": row.text})
    edited = replace(row, text=change.text or row.text, kind=change.note_kind or row.kind)
    return [("annotations", row.id, edited)]


@_rule(c.RemoveAnnotation)
def _remove_annotation(state: State, event: Event, change: c.RemoveAnnotation) -> Writes:
    row = _own_annotation(state, event, change.annotation)
    return [("annotations", row.id, None)]


@_rule(c.TakeStance)
def _take_stance(state: State, event: Event, change: c.TakeStance) -> Writes:
    _link(state, change.link)
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


@_rule(c.WithdrawStance)
def _withdraw_stance(state: State, event: Event, change: c.WithdrawStance) -> Writes:
    return [("stances", f"{event.person}|{change.link}", None)]


@_rule(c.RateFactor)
def _rate(state: State, event: Event, change: c.RateFactor) -> Writes:
    _factor(state, change.factor)
    row = Rating(change.factor, event.person, event.agency, change.importance, event.at)
    return [("ratings", f"{event.person}|{change.factor}", row)]


@_rule(c.WithdrawRating)
def _withdraw_rating(state: State, event: Event, change: c.WithdrawRating) -> Writes:
    return [("ratings", f"{event.person}|{change.factor}", None)]


@_rule(c.WriteFraming)
def _write_framing(state: State, event: Event, change: c.WriteFraming) -> Writes:
    key = f"framing-{event.person}"
    old: Framing | None = state.row("framings", key)
    said = ("problem", "causes", "judgement", "remedy")
    yours = {name: getattr(change, name) for name in said}
    if not (any(yours.values()) or change.factors or change.belief or change.strategy_wanted):
        raise Refused("empty", "problem")
    for factor in change.factors:
        if state.row("removed", factor) is None:
            _factor(state, factor, "factors")
    for link in change.links:
        if state.row("removed", link) is None:
            _link(state, link, "links")
    if old is not None:
        theirs = {name: str(getattr(old, name)) for name in said}
        _fresh(state, "framings", key, change.base_seq, yours, theirs)
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


@_rule(c.WithdrawFraming)
def _withdraw_framing(state: State, event: Event, change: c.WithdrawFraming) -> Writes:
    return [("framings", f"framing-{event.person}", None)]


@_rule(c.DefineTerm)
def _define_term(state: State, event: Event, change: c.DefineTerm) -> Writes:
    if not any(term.id == change.term for term in state.base.instruments.glossary):
        raise Refused("bad_value", "term", name="term")
    row = Meaning(change.term, event.person, event.agency, change.text, change.language, event.at)
    return [("terms", f"{event.person}|{change.term}", row)]


@_rule(c.WithdrawTerm)
def _withdraw_term(state: State, event: Event, change: c.WithdrawTerm) -> Writes:
    return [("terms", f"{event.person}|{change.term}", None)]


# --- leading the room ------------------------------------------------------


@_rule(c.SetStage)
def _set_stage(state: State, event: Event, change: c.SetStage) -> Writes:
    return [
        ("settings", "stage", change.stage),
        ("settings", "wall", "map"),
        ("settings", "spotlight", None),
    ]


@_rule(c.SetCentre)
def _set_centre(state: State, event: Event, change: c.SetCentre) -> Writes:
    if change.factor is not None:
        _factor(state, change.factor)
    return [("settings", "centre", change.factor), ("settings", "wall", "map")]


@_rule(c.SetSpotlight)
def _set_spotlight(state: State, event: Event, change: c.SetSpotlight) -> Writes:
    if change.target_kind is None:
        return [("settings", "spotlight", None)]
    if change.target_kind == "loop":
        for link in change.links:
            _link(state, link, "links")
        value: dict[str, Any] = {"kind": "loop", "target": change.target or "", "links": list(change.links)}
    else:
        if change.target_kind == "factor":
            _factor(state, change.target or "", "target")
        else:
            _link(state, change.target or "", "target")
        value = {"kind": change.target_kind, "target": change.target, "links": []}
    return [("settings", "spotlight", value), ("settings", "wall", "map")]


@_rule(c.SetWall)
def _set_wall(state: State, event: Event, change: c.SetWall) -> Writes:
    return [("settings", "wall", change.view)]


_REVEALABLE = ("notes", "stances", "ratings", "framings", "proposals", "terms")


@_rule(c.Reveal)
def _reveal(state: State, event: Event, change: c.Reveal) -> Writes:
    flags = ((name, getattr(change, name)) for name in _REVEALABLE)
    return [("settings", f"{name}_revealed", value) for name, value in flags if value is not None]


@_rule(c.ShowNames)
def _show_names(state: State, event: Event, change: c.ShowNames) -> Writes:
    return [("settings", "names_shown", change.shown)]


@_rule(c.HideContribution)
def _hide(state: State, event: Event, change: c.HideContribution) -> Writes:
    if state.row(change.table, change.contribution) is None:
        raise Refused("unknown_annotation", "contribution")
    return [("hidden", f"{change.table}/{change.contribution}", True if change.hidden else None)]


@_rule(c.SetDoors)
def _doors(state: State, event: Event, change: c.SetDoors) -> Writes:
    return [("settings", "doors", change.open)]


@_rule(c.SetRoom)
def _room(state: State, event: Event, change: c.SetRoom) -> Writes:
    wanted = {
        "distance": change.distance,
        "theme": change.theme,
        "wall_language": change.language,
        "show_join": change.show_join,
    }
    return [("settings", name, value) for name, value in wanted.items() if value is not None]


@_rule(c.SetAgenda)
def _agenda(state: State, event: Event, change: c.SetAgenda) -> Writes:
    return [
        ("settings", "agenda", change.template),
        ("settings", "step", 0),
        ("settings", "step_since", event.at),
    ]


@_rule(c.SetStep)
def _step(state: State, event: Event, change: c.SetStep) -> Writes:
    return [("settings", "step", change.step), ("settings", "step_since", event.at)]


@_rule(c.Park)
def _park(state: State, event: Event, change: c.Park) -> Writes:
    item = Parked(new_id("p", change.op_id), change.text, change.language, event.at)
    return [("parked", item.id, item)]


@_rule(c.Unpark)
def _unpark(state: State, event: Event, change: c.Unpark) -> Writes:
    if state.row("parked", change.item) is None:
        raise Refused("bad_value", "item", name="item")
    return [("parked", change.item, None)]


@_rule(c.Rename)
def _rename(state: State, event: Event, change: c.Rename) -> Writes:
    return [("settings", "title", change.title), ("settings", "language", change.language)]


@_rule(c.ReleasePrivate)
def _release(state: State, event: Event, change: c.ReleasePrivate) -> Writes:
    return [("settings", "private_released", change.released)]


@_rule(c.Finish)
def _finish(state: State, event: Event, change: c.Finish) -> Writes:
    return [("settings", "finished", True), ("settings", "doors", False)]


@_rule(c.Reopen)
def _reopen(state: State, event: Event, change: c.Reopen) -> Writes:
    return [("settings", "finished", False)]
