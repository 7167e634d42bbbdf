"""The one door for writing: check role, validate, append, wake listeners.

`Workshops` holds the open database and, for every workshop in use, its state in
memory. It is safe to call from several threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError, OperationalError

from . import access
from .access import Actor
from .causal_map import CausalMap
from .changes import (
    AcceptProposal,
    AddFactor,
    AdoptSuggestion,
    AnyChange,
    Change,
    Join,
    OpenWorkshop,
    ProposeFactor,
    Refused,
    Undo,
    read_change,
)
from .formats.native import map_to_json
from .formats.safe_ids import with_safe_ids
from .graphs.free_places import place_new
from .graphs.layout import layout
from .rows import Event, Person, State
from .state import apply, fold
from .store import Store, StoredWorkshop, log, sessions
from .store.log import now
from .store.sessions import Grant

Listener = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a change: its place in the log, and whether it was there already."""

    seq: int
    op_id: str
    kind: str
    undoable: bool
    repeated: bool = False


class Workshops:
    """All workshops of one database.

    Parameters
    ----------
    store : Store
        The open database.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._states: dict[str, State] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._kept: dict[str, int] = {}
        self._guard = threading.Lock()
        self._listeners: list[Listener] = []

    # --- opening and finding ---

    def open_workshop(self, opened: CausalMap, *, title: str = "", language: str = "nb") -> str:
        """Begin a workshop from a map and return its id.

        Ids that no change could name are replaced; factors and links keep the old ones
        as the attribute ``foreign_id``.

        Raises
        ------
        Refused
            Naming `title` or `language`, when it cannot be used.
        """
        workshop = access.new_code().lower()
        opened = placed(with_safe_ids(opened))
        change = read_change(
            {
                "kind": "open_workshop",
                "op_id": f"open-{workshop}",
                "map": map_to_json(opened),
                "title": title,
                "language": language,
            }
        )
        assert isinstance(change, OpenWorkshop)
        lead = Join(op_id=f"lead-{workshop}", person="facilitator", role="facilitator")
        # Folding them once shows whether the map can be a workshop before anything is written.
        events = [
            Event(workshop, 1, now(), "", "system", "", change),
            Event(workshop, 2, now(), "facilitator", "system", "", lead),
        ]
        state = State(workshop)
        for event in events:
            state = apply(state, event)
        with self._lock(workshop):
            log.add_workshop(self.store, workshop, access.new_code(), events)
            self._states[workshop] = state
        return workshop

    def all(self) -> list[StoredWorkshop]:
        """Return every workshop of this database, oldest first."""
        return log.workshops(self.store)

    def find(self, workshop: str) -> StoredWorkshop:
        """Return what is kept of a workshop; `Refused` when there is none."""
        row = log.workshop(self.store, workshop) if isinstance(workshop, str) else None
        if row is None:
            raise Refused("unknown_workshop")
        return row

    def state(self, workshop: str) -> State:
        """Return a workshop as it stands; `Refused` when there is none."""
        state = self._states.get(workshop)
        if state is not None:
            return state
        self.find(workshop)
        with self._lock(workshop):
            return self._current(workshop)

    def _current(self, workshop: str) -> State:
        state = self._states.get(workshop)
        if state is None:
            state = self._states[workshop] = log.load_state(self.store, workshop)
        return state

    def catch_up(self, workshop: str) -> State:
        """Return a workshop with what another process has written to it, for one that only reads."""
        with self._lock(workshop):
            state = self._current(workshop)
            state = self._states[workshop] = fold(state, log.events(self.store, workshop, state.seq))
            return state

    def _lock(self, workshop: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(workshop, threading.Lock())

    # --- the door ---

    def submit(self, actor: Actor, data: Mapping[str, Any] | Change) -> Receipt:
        """Make a change in an actor's name.

        The role, the person and the agency are the actor's, whatever `data` says;
        the same ``op_id`` twice is one change.

        Raises
        ------
        Refused
            Naming what is wrong; nothing was written.
        """
        change = data if isinstance(data, Change) else read_change(data)
        if not access.may(actor, type(change)):
            raise Refused("not_allowed", "kind")
        return self._write(actor, change)  # type: ignore[arg-type]

    def admit_system(self, workshop: str, change: AnyChange) -> Receipt:
        """Write one of the changes that nobody may send: opening and joining."""
        return self._write(Actor(workshop, getattr(change, "person", ""), "system"), change)

    def _write(self, actor: Actor, change: AnyChange) -> Receipt:
        workshop = actor.workshop
        if workshop not in self._states:
            self.find(workshop)
        with self._lock(workshop):
            state = self._current(workshop)
            known = log.event_with_op(self.store, workshop, change.op_id)
            if known is not None:
                return _receipt(known, actor, repeated=True)
            if state.setting("finished") and change.open_only:
                raise Refused("finished")
            person = state.person_row(actor.person)
            if actor.role == "representative" and (person is None or person.ended):
                raise Refused("not_joined")
            if isinstance(change, Undo):
                _may_undo(state, actor, change)
            event = Event(workshop, state.seq + 1, now(), actor.person, actor.role, actor.agency, change)
            after = apply(state, event)
            settled = _settled(change, after)
            if settled is not change:
                event = replace(event, change=settled)
                after = apply(state, event)
            try:
                log.append(self.store, event)
            except IntegrityError:
                # Another process wrote in between: fold its events before answering.
                self._states.pop(workshop, None)
                raise Refused("database_busy") from None
            except OperationalError as error:
                raise Refused("database_busy") from error
            self._states[workshop] = after
            self._keep(after)
        for listener in list(self._listeners):
            listener(event)
        return _receipt(event, actor)

    def _keep(self, state: State) -> None:
        """Save a snapshot now and then, beside the room's work and not before it."""
        workshop = state.workshop
        if workshop not in self._kept:
            self._kept[workshop] = log.snapshot_seq(self.store, workshop)
        if log.wants_snapshot(state.seq, self._kept[workshop]) and self.store.in_background(
            lambda: log.save_snapshot(self.store, state)
        ):
            self._kept[workshop] = state.seq

    # --- coming in ---

    def join(
        self,
        workshop: str,
        *,
        op_id: str,
        agency: str = "",
        agency_name: str = "",
        alias: str = "",
        language: str = "nb",
    ) -> Person:
        """Let a representative in; the doors must be open.

        Raises
        ------
        Refused
            ``doors_closed``, ``finished``, ``missing_field`` or what is wrong with
            the names.
        """
        state = self.state(workshop)
        if state.setting("finished"):
            raise Refused("finished")
        if not state.setting("doors"):
            raise Refused("doors_closed")
        read = read_change(
            {
                "kind": "join",
                "op_id": op_id,
                "person": "r" + access.new_code().lower() + access.new_code().lower(),
                "alias": alias,
                "agency_name": agency_name,
                "language": language,
                **({"agency": agency} if agency else {}),
            }
        )
        assert isinstance(read, Join)
        receipt = self.admit_system(workshop, read)
        if receipt.repeated:
            event = log.event_with_op(self.store, workshop, op_id)
            assert event is not None
            person = self.state(workshop).person_row(event.person)
        else:
            person = self.state(workshop).person_row(read.person)
        assert person is not None
        return person

    def grant_for_key(self, workshop: str, role: str, key: str) -> Grant:
        """Return what a key link gives; ``Refused("wrong_key")`` when it does not fit."""
        row = log.workshop(self.store, workshop)
        generation = row.key_generation if row else 0
        fits = access.key_fits(self.store.secret, workshop, role, generation, key)
        if row is None or not fits or role not in ("facilitator", "viewer", "researcher"):
            raise Refused("wrong_key")
        return Grant(workshop, role, role)

    def key(self, workshop: str, role: str) -> str:
        """Return the secret part of a role's link."""
        return access.key_for(self.store.secret, workshop, role, self.find(workshop).key_generation)

    def actor(self, grant: Grant, language: str = "nb") -> Actor | None:
        """Return the actor a grant stands for; None when their access has ended."""
        if grant.role != "representative":
            return Actor(grant.workshop, grant.person, grant.role, "", language)  # type: ignore[arg-type]
        person = self.state(grant.workshop).person_row(grant.person)
        if person is None or person.ended:
            return None
        return Actor(grant.workshop, person.id, "representative", person.agency, language)

    def end_attendance(self, actor: Actor, person: str, op_id: str) -> Receipt:
        """Let a person's access end, here and in every browser that holds it."""
        receipt = self.submit(actor, {"kind": "end_attendance", "op_id": op_id, "person": person})
        sessions.end_person(self.store, actor.workshop, person)
        return receipt

    # --- reading and listening ---

    def view(self, actor: Actor) -> State:
        """Return the workshop as this actor may see it."""
        return access.visible_to(self.state(actor.workshop), actor)

    def changes_since(self, actor: Actor, since: int, limit: int | None = None) -> list[dict[str, Any]]:
        """Return what the actor may know of the events after `since`, in order."""
        state = self.state(actor.workshop)
        shown = (
            access.visible_event(event, state, actor)
            for event in log.events(self.store, actor.workshop, since, limit)
        )
        return [one for one in shown if one is not None]

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every change, in the writing thread; returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def placed(m: CausalMap) -> CausalMap:
    """Return the map with a place for every factor, so that nothing moves between sessions."""
    if all(factor.position for factor in m.factors):
        return m
    fixed = {factor.id: factor.position for factor in m.factors if factor.position}
    positions = layout(m, fixed=fixed)
    return m.replace(factors=tuple(replace(one, position=positions[one.id]) for one in m.factors))


def _settled(change: AnyChange, after: State) -> AnyChange:
    """Return the change with a place for the factor it brings, so that the log keeps it for good."""
    if not isinstance(change, AddFactor | AdoptSuggestion | AcceptProposal) or isinstance(
        change, ProposeFactor
    ):
        return change
    m = after.to_map()
    lacking = [factor for factor in m.factors if factor.position is None]
    if change.x is not None or len(lacking) != 1:
        return change
    known = {factor.id: factor.position for factor in m.factors if factor.position}
    x, y = place_new(known, m, lacking[0].id)
    return change.model_copy(update={"x": x, "y": y})


def _may_undo(state: State, actor: Actor, change: Undo) -> None:
    done = state.done.get(change.of)
    if done is not None and actor.role != "facilitator" and done.person != actor.person:
        raise Refused("not_allowed", "of")


def _receipt(event: Event, actor: Actor, *, repeated: bool = False) -> Receipt:
    if repeated and event.person != actor.person and actor.role != "system":
        # An op_id is a secret of who made it; a guessed one answers nothing.
        raise Refused("bad_value", "op_id", name="op_id")
    undoable = type(event.change).undoable and event.change.kind != "undo"
    return Receipt(event.seq, event.change.op_id, event.change.kind, undoable, repeated)
