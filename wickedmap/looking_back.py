"""What people held at an earlier moment of the workshop, as somebody may see it now.

The log of changes is kept with each state, with what every change did, so an earlier
version of a stance is found without folding the log again. The map itself, the
agencies and what may be seen are those of now: it is what people held that is looked
back at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from .access import FLAG_OF, Actor, visible_to
from .changes import HideContribution, Reveal, SetAgenda, SetStep
from .rows import Event, State
from .store import log
from .workshop import Workshops

LOOKED_BACK_AT: Final = ("stances", "framings")
"""The tables that make a person's own map."""

_FIELD_OF: Final = {table: flag.removesuffix("_revealed") for table, flag in FLAG_OF.items()}
_LEADING: Final = ("reveal", "hide_contribution", "set_step", "set_agenda")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that one can look back to.

    Attributes
    ----------
    seq : int
        Its place in the log.
    at : str
        When it was, UTC.
    kind : str
        ``"step"``: a step of the agenda began; ``"shown"``: stances were shown to the
        room.
    agenda : str
        The agenda's name, for a step.
    step : int
        The step's number, counted from 0.
    """

    seq: int
    at: str
    kind: str
    agenda: str = ""
    step: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """One row as it stood from the change `since` until the change `until`, None when it still does."""

    row: Any
    since: int
    until: int | None = None


def moments(workshops: Workshops, workshop: str) -> tuple[Moment, ...]:
    """Return the moments of a workshop that one can look back to, oldest first.

    Each step of the agenda counts from when it first began; stances from when they
    were first shown to the room.
    """
    found: dict[tuple[str, str, int], Moment] = {}
    agenda = str(State(workshop).setting("agenda"))
    for event in log.events(workshops.store, workshop, kinds=_LEADING):
        change = event.change
        if isinstance(change, SetAgenda):
            agenda = change.template
            found.setdefault(("step", agenda, 0), Moment(event.seq, event.at, "step", agenda, 0))
        elif isinstance(change, SetStep):
            moment = Moment(event.seq, event.at, "step", agenda, change.step)
            found.setdefault(("step", agenda, change.step), moment)
        elif isinstance(change, Reveal) and change.stances:
            found.setdefault(("shown", "", 0), Moment(event.seq, event.at, "shown"))
    return tuple(sorted(found.values(), key=lambda moment: moment.seq))


def as_it_was(workshops: Workshops, actor: Actor, seq: int | None) -> State:
    """Return the workshop with what people held right after change `seq`, as the actor may see it.

    Parameters
    ----------
    seq : int or None
        None for what each person said first.

    Notes
    -----
    What has been withdrawn since is left out. For others than the facilitator and
    one's own agency, a version that was replaced before it was ever shown counts as
    what it was replaced by: a mind changed in private has not moved in the room.

    O(rows + changes); only rows that were written more than once are looked up in what
    the changes did.
    """
    state = workshops.state(actor.workshop)
    seen = visible_to(state, actor)
    tables = seen.tables
    for table in LOOKED_BACK_AT:
        rows = now = seen.tables[table]
        again = set()
        for key in now:
            mark = state.mark(table, key)
            if mark is None or mark.seq != mark.created:
                again.add(key)
            elif seq is not None and mark.created > seq:
                rows = rows.discard(key)
        for key, versions in seen_versions(workshops, actor, state, table, again).items():
            row = _at(versions, seq)
            if row is None:
                rows = rows.discard(key)
            elif row != state.row(table, key):
                # Under the letter that its agency has now, where names are hidden.
                rows = rows.insert(key, replace(row, agency=now[key].agency))
        tables = tables.insert(table, rows)
    return replace(seen, tables=tables)


def seen_versions(
    workshops: Workshops, actor: Actor, state: State, table: str, keys: Collection[str] | None = None
) -> dict[str, tuple[Version, ...]]:
    """Return of each row that stands now the versions that an actor may know of, if they may see it at all.

    With `keys`, only of those rows. Whether they may see the row is for `access.visible_to` to say.
    """
    leading = log.events(workshops.store, actor.workshop, kinds=_LEADING)
    shown = _Shown(table, leading)
    everything = actor.role == "facilitator" or (
        actor.role == "researcher" and bool(state.setting("private_released"))
    )
    found = {}
    for key, versions in history(state, table, keys).items():
        own = actor.role == "representative" and versions[-1].row.agency == actor.agency
        # A row that was said once and still stands is as visible as it is now.
        if len(versions) > 1 and not (everything or own):
            versions = _as_shown(versions, shown, key)
        found[key] = versions
    return found


def history(state: State, table: str, keys: Collection[str] | None = None) -> dict[str, tuple[Version, ...]]:
    """Return every version of each row that stands now, or of those with these `keys`, oldest first.

    An undo and a redo are changes like any other here: what stood between them is a
    version.
    """
    all_made = steps(state, table, keys)
    found: dict[str, tuple[Version, ...]] = {}
    now = state.tables[table]
    for key in now if keys is None else keys:
        row, made = now[key], all_made.get(key, [])
        if len(made) == 1 and made[0][1] is None:
            found[key] = (Version(row, made[0][0]),)
            continue
        # What was there before the first change came with the map that was opened.
        rows = [(1, made[0][1]), *((seq, after) for seq, _, after in made)] if made else []
        rows = rows or [(1, row)]
        ends: list[int | None] = [*(seq for seq, _ in rows[1:]), None]
        found[key] = tuple(
            Version(row, since, until)
            for (since, row), until in zip(rows, ends, strict=True)
            if row is not None
        )
    return found


def steps(
    state: State, table: str, keys: Collection[str] | None = None
) -> dict[str, list[tuple[int, Any, Any]]]:
    """Return of each row that was ever changed the changes in order: their place in the log, before, after."""
    made: dict[str, list[tuple[int, Any, Any]]] = {}
    if keys is not None and not keys:
        return made
    for seq, done in state.done.items():
        for effect in done.effects:
            if effect.table != table or (keys is not None and effect.key not in keys):
                continue
            made.setdefault(effect.key, []).append((seq, effect.before, effect.after))
            if done.kind == "undo" and done.undone_by is not None:
                # A redo has no entry of its own: it is the undo's effects the other way round.
                made[effect.key].append((done.undone_by, effect.after, effect.before))
    for one in made.values():
        one.sort(key=lambda step: step[0])
    return made


def _at(versions: Iterable[Version], seq: int | None) -> Any:
    for version in versions:
        if seq is None or version.since <= seq < (version.until or seq + 1):
            return version.row
    return None


def _as_shown(versions: tuple[Version, ...], shown: _Shown, key: str) -> tuple[Version, ...]:
    """Return the versions that the room has seen, each from when what it replaced in private was said."""
    kept: list[Version] = []
    since: int | None = None
    until: int | None = None
    for version in versions:
        if since is None or until != version.since:
            since = version.since
        if shown.during(key, version):
            kept.append(replace(version, since=since))
            since = None
        until = version.until
    return tuple(kept)


class _Shown:
    """When the rows of a table were shown to the room."""

    def __init__(self, table: str, leading: Iterable[Event]) -> None:
        self._flag: list[tuple[int, bool]] = []
        self._hidden: dict[str, list[tuple[int, bool]]] = {}
        for event in leading:
            change = event.change
            if isinstance(change, Reveal):
                on = getattr(change, _FIELD_OF[table])
                if on is not None:
                    self._flag.append((event.seq, on))
            elif isinstance(change, HideContribution) and change.table == table:
                self._hidden.setdefault(change.contribution, []).append((event.seq, change.hidden))

    def during(self, key: str, version: Version) -> bool:
        """Whether the room could see the row at any time while this version stood."""
        turns = [(seq, "shown", on) for seq, on in self._flag]
        turns += [(seq, "hidden", on) for seq, on in self._hidden.get(key, ())]
        now = {"shown": False, "hidden": False}
        for seq, what, on in sorted(turns):
            if version.until is not None and seq >= version.until:
                break
            if seq > version.since and now["shown"] and not now["hidden"]:
                return True
            now[what] = on
        return now["shown"] and not now["hidden"]
