"""Looking things up and checking what is new: the refusals that several rules share."""

from __future__ import annotations

from typing import Any

from ..changes import Refused
from ..model import Factor, Link, Sign
from ..rows import State
from ..text import same_label


def known_factor(state: State, factor: str, field: str = "factor") -> Factor:
    """Return a factor of the map; `Refused` names `field` when there is none."""
    row: Factor | None = state.row("factors", factor)
    if row is None:
        raise Refused("unknown_factor", field)
    return row


def known_link(state: State, link: str, field: str = "link") -> Link:
    """Return a link of the map; `Refused` names `field` when there is none."""
    row: Link | None = state.row("links", link)
    if row is None:
        raise Refused("unknown_link", field)
    return row


def known_agencies(state: State, agencies: list[str]) -> tuple[str, ...]:
    """Return agencies without repeats; `Refused` when one is unknown."""
    for agency in agencies:
        if state.row("agencies", agency) is None:
            raise Refused("unknown_agency", "agencies")
    return tuple(dict.fromkeys(agencies))


def known_domain(state: State, domain: str, now: str = "") -> str:
    """Return a domain of the map, none, or the one the factor has; `Refused` for any other."""
    if domain and domain != now and all(one.id != domain for one in state.base.domains):
        raise Refused("bad_value", "domain", name="domain")
    return domain


def check_new_label(state: State, label: str, but: str = "") -> None:
    """Refuse a label that another factor, or an open proposal, has already."""
    wanted = same_label(label)
    drafts = [row.factor for row in state.tables["proposals"].values() if row.factor and row.status == "open"]
    for factor in [*state.tables["factors"].values(), *drafts]:
        if factor.id != but and any(same_label(other) == wanted for other in factor.labels.values()):
            raise Refused("duplicate_label", "label", label=factor.label, details={"factor": factor.id})


def check_new_link(state: State, link: Link) -> None:
    """Refuse a link to itself, and one that is there already with the same sign and delay."""
    if link.source == link.target:
        raise Refused("self_link", "target")
    for other in state.tables["links"].values():
        if (
            other.id != link.id
            and (other.source, other.target) == (link.source, link.target)
            and (other.sign, other.both_signs, other.delay) == (link.sign, link.both_signs, link.delay)
        ):
            raise Refused("same_link", "target", details={"link": other.id})


def check_fresh(state: State, table: str, key: str, base_seq: int | None, yours: Any, theirs: Any) -> None:
    """Refuse an edit of a text that somebody has changed since it was read, with both texts."""
    mark = state.mark(table, key)
    if base_seq is not None and mark is not None and mark.seq > base_seq:
        raise Refused("stale", details={"yours": yours, "theirs": theirs, "seq": mark.seq})


def signs(mark: str) -> tuple[Sign | None, bool]:
    """Return sign and `both_signs` for the mark that people use."""
    return ({"+": 1, "-": -1}.get(mark), mark == "±")  # type: ignore[return-value]
