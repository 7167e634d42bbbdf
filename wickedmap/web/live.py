"""Live changes: one stream of server-sent events per open page, with replay.

Every browser says the last change it has; the stream sends what came after, in
order, each as the person may see it. Presence is a count, never a list of people.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from ..access import Actor, visible_event
from ..rows import Event
from ..store import log
from ..workshop import Workshops

KEPT = 2000
"""Events kept in memory for a workshop, so that a burst reads no disk."""
PING_AFTER = 15.0
PRESENCE_PAUSE = 1.0


@dataclass(eq=False)
class _Listener:
    actor: Actor
    surface: str
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    presence: bool = True


@dataclass
class _Room:
    listeners: set[_Listener] = field(default_factory=set)
    recent: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))
    presence_task: asyncio.Task[None] | None = None


class Live:
    """The streams of one server process."""

    def __init__(self, workshops: Workshops) -> None:
        self.workshops = workshops
        self._rooms: dict[str, _Room] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False
        workshops.listen(self._heard)

    def start(self) -> None:
        """Remember the loop that streams run on; called when the server starts."""
        self._loop = asyncio.get_running_loop()
        self._closing = False

    def stop(self) -> None:
        """End all streams, so that the server can stop at once."""
        self._closing = True
        for room in self._rooms.values():
            for listener in room.listeners:
                listener.bell.set()

    def _heard(self, event: Event) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring, event)

    def _ring(self, event: Event) -> None:
        room = self._rooms.get(event.workshop)
        if room is None:
            return
        room.recent.append(event)
        for listener in room.listeners:
            listener.bell.set()

    async def since(self, workshop: str, seq: int) -> list[Event]:
        """Return the events after `seq`, from memory when they are there."""
        room = self._rooms.get(workshop)
        recent = list(room.recent) if room else []
        if recent and recent[0].seq <= seq + 1:
            return [event for event in recent if event.seq > seq]
        return await asyncio.to_thread(log.events, self.workshops.store, workshop, seq)

    def people(self, workshop: str) -> dict[str, Any]:
        """Return how many are here, and from which agencies."""
        room = self._rooms.get(workshop)
        here = {
            listener.actor.person: listener.actor.agency
            for listener in (room.listeners if room else ())
            if listener.actor.role == "representative"
        }
        return {"people": len(here), "agencies": dict(Counter(here.values()))}

    async def stream(self, actor: Actor, surface: str, since: int) -> AsyncIterator[str]:
        """Yield the stream's text: hello, then changes, presence and pings."""
        room = self._rooms.setdefault(actor.workshop, _Room())
        listener = _Listener(actor, surface)
        room.listeners.add(listener)
        self._presence_changed(room)
        try:
            state = self.workshops.state(actor.workshop)
            seq = since if since >= 0 else state.seq
            hello = {"seq": state.seq, "since": seq}
            if seq > state.seq:
                # The browser knows more than we do: another database, or one restored.
                seq = state.seq
                hello["resync"] = True
            yield f"retry: 1000\nid: {seq}\nevent: hello\ndata: {json.dumps(hello)}\n\n"
            while not self._closing:
                listener.bell.clear()
                events = await self.since(actor.workshop, seq)
                parts = []
                state = self.workshops.state(actor.workshop)
                for event in events:
                    seq = event.seq
                    shown = visible_event(event, state, actor)
                    if shown is not None:
                        parts.append(f"id: {seq}\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n")
                if listener.presence:
                    listener.presence = False
                    parts.append(f"event: presence\ndata: {json.dumps(self._presence_for(actor))}\n\n")
                if parts:
                    yield "".join(parts)
                try:
                    await asyncio.wait_for(listener.bell.wait(), PING_AFTER)
                except TimeoutError:
                    yield f"id: {seq}\nevent: ping\ndata: {seq}\n\n"
        finally:
            room.listeners.discard(listener)
            self._presence_changed(room)

    def _presence_for(self, actor: Actor) -> dict[str, Any]:
        here = self.people(actor.workshop)
        return here if actor.role == "facilitator" else {"people": here["people"]}

    def _presence_changed(self, room: _Room) -> None:
        # At most one message a second: 120 phones coming in must not be 120 x 120 messages.
        if self._closing or (room.presence_task is not None and not room.presence_task.done()):
            return
        room.presence_task = asyncio.get_running_loop().create_task(self._tell_presence(room))

    async def _tell_presence(self, room: _Room) -> None:
        await asyncio.sleep(PRESENCE_PAUSE)
        for listener in room.listeners:
            if listener.actor.role in ("facilitator", "viewer"):
                listener.presence = True
                listener.bell.set()
