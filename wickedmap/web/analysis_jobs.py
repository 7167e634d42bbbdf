"""Analyses for many who ask at once: each answered once, in the background, and never in anybody's way.

Small maps are answered in a thread within `FAST_LIMIT` seconds; what takes longer goes
to one process of its own (`analysis_worker`). So at most one short slice of the
server's time and one low-priority process are spent on analyses, however many ask.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .analysis_answers import answer
from .analysis_questions import Answer, Question, Skeleton
from .analysis_worker import Worker, WorkerLost

FAST_LIMIT: Final = 0.8
"""Seconds that an analysis may hold the server's own interpreter."""
SLOW_LIMIT: Final = 10.0
"""Seconds after which any analysis says how far it came."""
SMALL: Final = 150
"""Links up to which a map is tried in the server itself."""
_KEPT: Final = 64

Key: TypeAlias = tuple[str, Skeleton, Question]


@dataclass(eq=False)
class Job:
    """One question under way or answered.

    Attributes
    ----------
    result : concurrent.futures.Future
        Of the answer; `ValueError` when the map does not allow the question,
        `WorkerLost` when the work was lost or cancelled.
    loops, length : int
        How far a search for loops has come.
    """

    key: Key
    result: Future[Answer] = field(default_factory=Future)
    began: float = field(default_factory=time.monotonic)
    loops: int = 0
    length: int = 0
    askers: set[str] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)


class Analyses:
    """The analyses of one server.

    Answers are kept by workshop, map and question. What a person may see decides
    which map they ask about, so people who see the same share an answer, and what
    others write about the map, which changes none of it, makes no answer stale.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Job] = OrderedDict()
        self._asked: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._fast = ThreadPoolExecutor(1, thread_name_prefix="analysis")
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="analysis-process")
        self._worker = Worker()

    def ask(self, workshop: str, asker: str, skeleton: Skeleton, question: Question) -> Job:
        """Return the job that answers a question; the same one for all who ask the same.

        A person has one question under way: asking another gives up the one before.
        """
        key = (workshop, skeleton, question)
        with self._lock:
            job = self._kept.get(key)
            if job is None or job.stop.is_set():
                job = self._kept[key] = Job(key)
                self._fast.submit(self._run_fast, job)
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                _, oldest = self._kept.popitem(last=False)
                oldest.stop.set()
            before = self._asked.get(asker)
            if before is not job:
                self._leave(asker)
                self._asked[asker] = job
                job.askers.add(asker)
            return job

    def cancel(self, asker: str) -> None:
        """Give up what a person asked; the work ends when nobody else waits for it."""
        with self._lock:
            self._leave(asker)

    def _leave(self, asker: str) -> None:
        job = self._asked.pop(asker, None)
        if job is None:
            return
        job.askers.discard(asker)
        if not job.askers and not job.result.done():
            job.stop.set()
            self._kept.pop(job.key, None)

    def warm(self, skeleton: Skeleton) -> None:
        """Start the process beforehand when a map is likely to need it."""
        if len(skeleton.links) > SMALL:
            self._slow.submit(self._worker.start)

    def close(self) -> None:
        """End all work and the process."""
        with self._lock:
            for job in self._kept.values():
                job.stop.set()
        self._fast.shutdown(cancel_futures=True)
        self._slow.shutdown(cancel_futures=True)
        self._worker.stop()

    def _run_fast(self, job: Job) -> None:
        _, skeleton, question = job.key
        if job.stop.is_set():
            self._lost(job, WorkerLost("cancelled"))
        elif len(skeleton.links) > SMALL:
            self._slow.submit(self._run_slow, job)
        else:
            try:
                found = answer(question, skeleton, FAST_LIMIT, job.stop.is_set)
            except ValueError as error:
                self._lost(job, error)
                return
            if found.stopped_by == "time":
                self._slow.submit(self._run_slow, job)
            elif found.stopped_by == "cancelled":
                self._lost(job, WorkerLost("cancelled"))
            else:
                job.result.set_result(found)

    def _run_slow(self, job: Job) -> None:
        _, skeleton, question = job.key

        def progress(loops: int, length: int) -> None:
            job.loops, job.length = loops, length

        if job.stop.is_set():
            self._lost(job, WorkerLost("cancelled"))
            return
        try:
            found = self._worker.answer(question, skeleton, SLOW_LIMIT, job.stop.is_set, progress)
        except Exception as error:
            self._lost(job, error)
            return
        if found.stopped_by == "cancelled":
            self._lost(job, WorkerLost("cancelled"))
        else:
            job.result.set_result(found)

    def _lost(self, job: Job, error: Exception) -> None:
        with self._lock:
            if self._kept.get(job.key) is job:
                del self._kept[job.key]
        job.result.set_exception(error)
