"""What representatives propose for the map, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

from .. import changes as c
from ..changes import Refused
from ..model import Stance
from ..rows import Event, Proposal, State
from .checks import (
    check_new_link,
    known_factor,
)
from .rules import Writes, rule
from .shared_map import made_factor, made_link, on_the_map


@rule(c.ProposeFactor)
def _propose_factor(state: State, event: Event, change: c.ProposeFactor) -> Writes:
    factor = made_factor(state, event, change, "proposed")
    row = Proposal(factor.id, event.person, event.agency, factor=factor, reason=change.reason, at=event.at)
    return [("proposals", row.id, row)]


@rule(c.ProposeLink)
def _propose_link(state: State, event: Event, change: c.ProposeLink) -> Writes:
    for end, field in ((change.source, "source"), (change.target, "target")):
        own = state.row("proposals", end)
        if not (own and own.factor and own.status == "open" and own.agency == event.agency):
            known_factor(state, end, field)
    link = made_link(state, event, change, "proposed")
    row = Proposal(link.id, event.person, event.agency, link=link, reason=change.rationale, at=event.at)
    return [("proposals", row.id, row)]


def _open_proposal(state: State, proposal: str) -> Proposal:
    row: Proposal | None = state.row("proposals", proposal)
    if row is None or row.status != "open":
        raise Refused("not_proposed", "proposal")
    return row


@rule(c.AcceptProposal)
def _accept(state: State, event: Event, change: c.AcceptProposal) -> Writes:
    row = _open_proposal(state, change.proposal)
    writes: Writes = [("proposals", row.id, replace(row, status="accepted"))]
    if row.factor is not None:
        return [*writes, *on_the_map(replace(row.factor, status="own"), change)]
    assert row.link is not None
    known_factor(state, row.link.source, "source")
    known_factor(state, row.link.target, "target")
    check_new_link(state, row.link)
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


@rule(c.DeclineProposal)
def _decline(state: State, event: Event, change: c.DeclineProposal) -> Writes:
    row = _open_proposal(state, change.proposal)
    return [("proposals", row.id, replace(row, status="declined", answer=change.reason))]


@rule(c.WithdrawProposal)
def _withdraw_proposal(state: State, event: Event, change: c.WithdrawProposal) -> Writes:
    row = _open_proposal(state, change.proposal)
    if row.person != event.person:
        raise Refused("not_allowed", "proposal")
    return [("proposals", row.id, None)]
