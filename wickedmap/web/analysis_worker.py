"""A process of its own for long analyses: Python's lock stays the server's, and work can be ended at once."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

from .analysis_answers import answer
from .analysis_questions import Answer, Progress, Question, Skeleton

_ASKED_EVERY: Final = 0.05
_GRACE: Final = 1.0
_TOLD_EVERY: Final = 0.1


class WorkerLost(RuntimeError):
    """The process ended, or had to be ended, before it answered."""


class Worker:
    """One process that answers one question at a time; started when it is first needed.

    It runs at low priority. It ends with the server: its end of the pipe closes.
    """

    def __init__(self) -> None:
        self._process: Any = None
        self._pipe: Connection | None = None

    def start(self) -> None:
        """Start the process; nothing when it runs."""
        if self._process is not None and self._process.is_alive():
            return
        self.stop()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True, name="wickedmap-analysis")
        self._process.start()
        theirs.close()
        self._pipe = ours

    def answer(
        self,
        question: Question,
        skeleton: Skeleton,
        time_limit: float,
        cancelled: Callable[[], bool],
        progress: Progress,
    ) -> Answer:
        """Answer in the process; waits until it is done, cancelled, or too late.

        Raises
        ------
        WorkerLost
            When the process ended by itself, or did not stop when it was told to.
        Exception
            What the question itself raised, such as `ValueError`.
        """
        self.start()
        assert self._pipe is not None
        told = False
        latest = time.monotonic() + time_limit + _GRACE + 10.0  # a new process takes seconds to come up
        try:
            self._pipe.send((question, skeleton, time_limit))
            while True:
                if self._pipe.poll(_ASKED_EVERY):
                    kind, content = self._pipe.recv()
                    if kind == "progress":
                        progress(*content)
                        continue
                    if kind == "error":
                        raise content
                    return content  # type: ignore[no-any-return]
                if not told and cancelled():
                    told = True
                    self._pipe.send("cancel")
                    latest = time.monotonic() + _GRACE
                if time.monotonic() > latest:
                    self.stop()
                    raise WorkerLost("the analysis did not end in time")
        except (EOFError, OSError) as error:
            self.stop()
            raise WorkerLost("the process of the analysis ended") from error

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(pipe: Connection) -> None:
    """Answer questions until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then ends us
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)
    asked: Any = None
    with contextlib.suppress(EOFError, OSError):
        while True:
            asked = pipe.recv()
            if asked != "cancel":  # one that came too late
                pipe.send(_answered(pipe, *asked))


def _answered(pipe: Connection, question: Question, skeleton: Skeleton, time_limit: float) -> tuple[str, Any]:
    told = 0.0

    def cancelled() -> bool:
        return pipe.poll()

    def progress(loops: int, length: int) -> None:
        nonlocal told
        if time.monotonic() - told > _TOLD_EVERY:
            told = time.monotonic()
            pipe.send(("progress", (loops, length)))

    try:
        return "answer", answer(question, skeleton, time_limit, cancelled, progress)
    except (ValueError, MemoryError) as error:
        return "error", error
