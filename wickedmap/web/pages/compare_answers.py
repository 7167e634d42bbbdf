"""Who makes the views of a comparison: a thread of the server, or a process beside it in a full room.

With many thousand stances a view takes some tenths of a second of plain Python, and
there is a new one after every change. In the server they would stand in the way of
everybody who writes. So a process beside it reads the same log, keeps the workshop as
it stands, and makes the views there, one at a time, at low priority.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, TypeAlias

from ...access import Actor
from ...store import open_store
from ...workshop import Workshops
from ..context import Looking
from ..steadiness import steady
from ..wall import Places
from .compare_material import Kept

Answers: TypeAlias = "Mapping[str, Callable[[Looking, Kept, Places, Any], Any]]"
"""What can be asked, and who makes it: from who looks, what is kept, where factors stand, and the question."""

FULL: Final = 2_000
"""From so many stances on, views are made in the process."""
_LATEST: Final = 60.0
_NOT_AGAIN_FOR: Final = 30.0
_LOOKS_UP_EVERY: Final = 0.1
"""Seconds after which one who awaits the process looks whether the server is closing."""


class Comparisons:
    """The views of one server's comparisons, each made once for all who ask the same at a time."""

    def __init__(self, workshops: Workshops, places: Places, answers: Answers) -> None:
        self._workshops = workshops
        self._places = places
        self._answers = answers
        self._kept = Kept()
        self._waiting: dict[Hashable, Future[Any]] = {}
        self._wanted: dict[Hashable, int] = {}
        self._lock = threading.Lock()
        self._making = ThreadPoolExecutor(1, thread_name_prefix="compare")
        self._closing = threading.Event()
        self._beside = _Beside(workshops.store.folder, self._closing)

    def ask(self, actor: Actor, kind: str, question: Hashable) -> Future[Any]:
        """Return the answer to come; the same one for all who ask the same before it is begun.

        It is of the workshop as it stands now or later.
        """
        key = (actor.workshop, actor.role, actor.agency, actor.language, kind, question)
        seq = self._workshops.state(actor.workshop).seq
        with self._lock:
            self._wanted[key] = seq
            waiting = self._waiting.get(key)
            if waiting is None:
                waiting = self._waiting[key] = self._making.submit(self._made, key, actor, kind, question)
            return waiting

    async def answer(self, actor: Actor, kind: str, question: Hashable) -> Any:
        """Return the answer; one who leaves does not take it from the others who wait for it."""
        return await asyncio.shield(asyncio.wrap_future(self.ask(actor, kind, question)))

    def close(self) -> None:
        """End the process; what waits is given up, also an answer that the process has begun on."""
        self._closing.set()
        self._making.shutdown(cancel_futures=True)
        self._beside.stop()

    def _made(self, key: Hashable, actor: Actor, kind: str, question: Any) -> Any:
        with self._lock:
            del self._waiting[key]
            seq = self._wanted.pop(key)
        if len(self._workshops.state(actor.workshop).tables["stances"]) >= FULL:
            with contextlib.suppress(_Lost):
                return self._beside.answer(actor, seq, kind, question)
        if self._closing.is_set():
            raise CancelledError
        return self._answers[kind](_looking(self._workshops, actor), self._kept, self._places, question)


def _looking(workshops: Workshops, actor: Actor) -> Looking:
    # What a comparison shows depends on the agency, not on the person.
    actor = replace(actor, person="")
    return Looking(workshops, actor, "compare", workshops.view(actor), actor.language)


class _Lost(RuntimeError):
    """The process is not there, or did not answer."""


class _Beside:
    """The process; started when it is first needed, and asked once it is up."""

    def __init__(self, folder: Path, closing: threading.Event) -> None:
        self._folder = folder
        self._closing = closing
        self._process: Any = None
        self._pipe: Connection | None = None
        self._up = False
        self._not_before = 0.0

    def answer(self, actor: Actor, seq: int, kind: str, question: Any) -> Any:
        """Return the process' answer of the workshop at `seq` or later; `_Lost` while it comes up or fails."""
        if self._process is None:
            self._start()
        assert self._pipe is not None
        try:
            if not self._up:
                if not self._pipe.poll(0):
                    raise _Lost("it is not up yet")
                self._up = self._pipe.recv() == "up"
            self._pipe.send((actor, seq, kind, question))
            latest = time.monotonic() + _LATEST
            while not self._pipe.poll(_LOOKS_UP_EVERY):
                if self._closing.is_set() or time.monotonic() > latest:
                    raise EOFError
            said, content = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.stop()
            self._not_before = time.monotonic() + _NOT_AGAIN_FOR
            raise _Lost("the process of the comparisons ended") from error
        if said == "error":
            raise _Lost(content)
        return content

    def _start(self) -> None:
        if time.monotonic() < self._not_before:
            raise _Lost("it ended a short while ago")
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, str(self._folder)), daemon=True, name="wickedmap-compare"
        )
        self._process.start()
        theirs.close()
        self._pipe = ours

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process, self._pipe, self._up = None, None, False


def _serve(pipe: Connection, folder: str) -> None:
    """Answer until the pipe closes."""
    from .compare import ANSWERS

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then ends us
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)
    store = open_store(folder, read_only=True)
    workshops, places, kept = Workshops(store), Places(), Kept()
    with contextlib.suppress(EOFError, OSError), contextlib.closing(store), steady():
        pipe.send("up")
        while True:
            actor, seq, kind, question = pipe.recv()
            try:
                # Those who asked while another view was made share what that moment's views are made from.
                if workshops.state(actor.workshop).seq < seq:
                    workshops.catch_up(actor.workshop)
                made = ANSWERS[kind](_looking(workshops, actor), kept, places, question)
            except Exception as error:
                pipe.send(("error", f"{type(error).__name__}: {error}"))
            else:
                pipe.send(("answer", made))
