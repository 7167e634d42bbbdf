"""Several names for one thing made one, taken apart again, and what the room concluded."""

from __future__ import annotations

from dataclasses import replace

from .. import changes as c
from ..changes import Refused
from ..model import Conclusion, Link
from ..rows import Event, Merged, State
from .checks import (
    check_new_label,
    known_factor,
    known_link,
)
from .rules import Writes, new_id, rule


@rule(c.MergeFactors)
def _merge(state: State, event: Event, change: c.MergeFactors) -> Writes:
    keep = known_factor(state, change.keep, "keep")
    others = list(dict.fromkeys(change.others))
    if keep.id in others or state.base.focal in others:
        raise Refused("bad_value", "others", name="others")
    links: dict[str, Link] = dict(state.tables["links"].items())
    writes: Writes = []
    for other in others:
        factor = known_factor(state, other, "others")
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


@rule(c.UnmergeFactor)
def _unmerge(state: State, event: Event, change: c.UnmergeFactor) -> Writes:
    row: Merged | None = state.row("merged", change.factor)
    if row is None or state.row("factors", row.keep) is None:
        raise Refused("cannot_undo", "factor")
    other = row.factor
    check_new_label(state, other.label, but=row.keep)
    keep = known_factor(state, row.keep)
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


@rule(c.Conclude)
def _conclude(state: State, event: Event, change: c.Conclude) -> Writes:
    known_link(state, change.link)
    row = Conclusion(
        new_id("c", change.op_id), change.link, change.outcome, change.text, change.language, event.at
    )
    return [("conclusions", row.id, row)]
